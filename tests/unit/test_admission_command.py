"""The admission model of synthetic people, from stored people to a stored model with its card."""

import pytest

from pcn_analysis.anticipatory import admission
from pcn_analysis.anticipatory.admission.keeping import CARD
from pcn_analysis.commands.fit_admission import fit_admission
from pcn_analysis.settings import ROOT_VARIABLE

pytestmark = [pytest.mark.unit, pytest.mark.slow]


def test_the_model_of_synthetic_people_is_shown_beside_its_ceiling(old_priory, people_project, monkeypatch, capsys):
    monkeypatch.setenv(ROOT_VARIABLE, str(people_project.root))
    place = old_priory.place
    fit_admission(people_project, place, "synthetic", ["U00005"])
    said = capsys.readouterr()
    assert "Age alone: area under the curve 0." in said.out
    assert "These people are invented" in said.out
    assert "Leaving out practice 1 of" in said.err
    folder = admission.admission_folder(people_project.processed, place.slug, "synthetic")
    assert "| The true risk (ceiling) |" in (folder / CARD).read_text()
    fitted = admission.load_admission(people_project.processed, place.slug, "synthetic")
    figures = fitted.temporal.overall.set_index("model")
    assert (figures["auc_lower"] < figures.loc[admission.CEILING, "auc_upper"]).all()
    found = admission.risks(old_priory, fitted)
    assert len(found) > 10_000
