"""The admission model of a place stored with its people, without pickle, and loaded again if nothing has changed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.anticipatory.admission.fitted import AdmissionModel, made_from
from pcn_analysis.anticipatory.admission.models import RiskModel
from pcn_analysis.anticipatory.evaluation import Evaluation
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.population import PEOPLE_KINDS
from pcn_analysis.provenance import About, Provenance, file_sha256
from pcn_analysis.stored import recover, replacing, seal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDER, MODEL, FACTS, CARD = "admission_model", "model.skops", "facts.json", "card.md"
REMEDY = "Run `pcn-analysis fit --of admission` again."
TRUSTED = (
    "numpy.dtype",
    "scipy._lib.array_api_compat.numpy._aliases.asarray",
    "scipy.interpolate._bsplines.BSpline",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)
"""Kinds of object that a model file may hold beside those that skops trusts itself."""
_PLAIN = ("place", "people", "months", "chosen", "survivors_only", "made_from", "versions", "seed")


def admission_folder(processed: Path, place: str, people: str) -> Path:
    """Folder of the admission model of a place, beside its people.

    Examples
    --------
    >>> from pathlib import Path
    >>> admission_folder(Path("processed"), "wirral", "records").as_posix()
    'processed/people/wirral/records/admission_model'
    """
    if people not in PEOPLE_KINDS:
        raise problem("people", f"there is no kind {people!r}", nearest(people, PEOPLE_KINDS))
    return processed / "people" / place / people / FOLDER


def store_admission(fitted: AdmissionModel, processed: Path, *, card: Callable[[str], str] | None = None) -> Path:
    """Store a model, whole or not at all, for its owner alone, and return its folder.

    Parameters
    ----------
    fitted
        The model.
    processed
        The folder of prepared things.
    card
        Writes its card in Markdown, given the SHA-256 of the model file
        (:func:`pcn_analysis.anticipatory.admission.card.model_card`); none is stored without.
    """
    from skops.io import dump

    folder = admission_folder(processed, fitted.place, fitted.people)
    with replacing(folder, close="Close what reads this model.", private=processed / "people") as aside:
        parts = {
            name: {"columns": list(one.columns), "estimator": one.estimator, "calibration": one.calibration}
            for name, one in fitted.models.items()
        }
        dump(parts, aside / MODEL)
        facts = _facts(fitted) | {"model_sha256": file_sha256(aside / MODEL)}
        facts["seal"] = seal(facts)
        (aside / FACTS).write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")
        if card:
            (aside / CARD).write_text(card(facts["model_sha256"]), encoding="utf-8")
    return folder


def load_admission(processed: Path, place: str, people: str) -> AdmissionModel:
    """Load the model of a place.

    Raises
    ------
    PcnAnalysisError
        If there is none, if it is damaged or holds what a model does not, if the people or the code have changed
        since, or if it was made with another version of scikit-learn.
    """
    folder = admission_folder(processed, place, people)
    recover(folder)
    if not folder.exists():
        raise problem(place, "no admission model has been fitted", "Run `pcn-analysis fit --of admission`.")
    damaged = problem(MODEL, "the stored admission model is damaged", REMEDY)
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        intact = facts["seal"] == seal(facts) and facts["model_sha256"] == file_sha256(folder / MODEL)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged from error
    if not intact:
        raise damaged
    if facts["made_from"] and facts["made_from"] != made_from(processed, place, people, facts["networks"]):
        raise problem(place, "its people, or the code, have changed since its admission model was fitted", REMEDY)
    if (held := version("scikit-learn")) != (made := facts["versions"]["scikit-learn"]):
        raise problem(MODEL, f"it was made with scikit-learn {made}, and {held} is installed", REMEDY)
    try:
        return _fitted(facts, read_models(folder / MODEL))
    except (KeyError, TypeError, ValueError) as error:
        raise damaged from error


def read_models(path: Path) -> dict[str, RiskModel]:
    """Read a model file, unless it holds any kind of object that is not in ``TRUSTED``.

    Raises
    ------
    PcnAnalysisError
        If it does, or is no model file.
    """
    from zipfile import BadZipFile

    from skops.io import get_untrusted_types, load

    try:
        strange = set(get_untrusted_types(file=path)) - set(TRUSTED)
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise problem(path.name, "it is no model file", REMEDY) from error
    if strange:
        raise problem(path.name, f"it holds {len(strange)} kinds of object that no model of ours has", REMEDY)
    parts = load(path, trusted=list(TRUSTED))
    return {
        name: RiskModel(name, tuple(one["columns"]), one["estimator"], one["calibration"])
        for name, one in parts.items()
    }


def _facts(fitted: AdmissionModel) -> dict[str, Any]:
    return {name: getattr(fitted, name) for name in _PLAIN} | {
        "networks": list(fitted.networks),
        "index_date": fitted.index_date.isoformat(),
        "columns": list(fitted.columns),
        "not_assessed": list(fitted.not_assessed),
        "flow": fitted.flow.to_dict("list"),
        "temporal": fitted.temporal.to_dict(),
        "left_out": fitted.left_out.to_dict() if fitted.left_out else None,
        "about": asdict(fitted.about) | {"date": fitted.about.date.isoformat()},
        "provenance": fitted.provenance.to_dict(),
    }


def _fitted(facts: dict[str, Any], models: dict[str, RiskModel]) -> AdmissionModel:
    about = facts["about"]
    return AdmissionModel(
        **{name: facts[name] for name in _PLAIN},
        networks=tuple(facts["networks"]),
        index_date=dt.date.fromisoformat(facts["index_date"]),
        models=models,
        not_assessed=tuple(facts["not_assessed"]),
        flow=pd.DataFrame(facts["flow"]),
        temporal=Evaluation.from_dict(facts["temporal"]),
        left_out=Evaluation.from_dict(facts["left_out"]) if facts["left_out"] else None,
        about=About(**about | {"date": dt.date.fromisoformat(about["date"])}),
        provenance=Provenance.from_dict(facts["provenance"]),
    )
