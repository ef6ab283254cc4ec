"""What a page says of found segments: by which method, and which conditions were left out because of what."""

from dataclasses import replace

import pytest
from vignettes import condition, person, population_of

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import stages
from pcn_analysis.readings import found_segments
from pcn_analysis.release import release
from pcn_analysis.segmentation import found

pytestmark = pytest.mark.unit

QUICK = {"starts": 2, "bootstraps": 4, "numbers": (2, 3)}
HEART, LUNGS = ("atrial_fibrillation", "heart_failure", "hypertension"), ("copd", "bronchiectasis")
LATENT, NEAREST = "latent class analysis", "k-means on correspondence analysis"


@pytest.fixture(scope="module")
def harbour():
    """Adults with nothing, with conditions of the heart and of the lungs; coded for dementia, which nobody has."""
    kinds = [()] * 100 + [("diabetes",)] * 20 + [HEART] * 60 + [LUNGS] * 40
    persons = [person(f"p{number}", born="1950-01-01") for number in range(len(kinds))]
    records = [condition(f"p{number}", what, "2015-03-01") for number, kind in enumerate(kinds) for what in kind]
    people = population_of(persons, covered={*HEART, *LUNGS, "dementia", "diabetes"}, conditions=records)
    return replace(people, tables=people.tables | stages(people))


def sentence(population, fitted):
    return found_segments(release(found.outcome(population, fitted)), release(found.sizes(population, fitted)))


def fit(population, method, folder, **changed):
    found.store_found(found.fit_place([population], method=method, **QUICK, **changed), folder)


# -- left out -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fitted(harbour):
    return found.fit_place([harbour], **QUICK)


def test_what_was_not_recorded_is_told_apart_from_what_is_rare_and_how_rare(harbour, fitted):
    left_out = found.outcome(harbour, fitted).frame["left_out"].iloc[0]
    unknown, rare = left_out.split(". And ")
    assert unknown.startswith("unknown (not recorded in full in every network that was read): ")
    assert "; Asthma, treated; " in unknown
    assert "Dementia" not in unknown
    assert rare == "rare (fewer than 1.0% of the adults of whom it is known): Dementia"
    assert f"{left_out}." in sentence(harbour, fitted)


def test_the_threshold_is_the_one_that_was_used(harbour):
    made = found.fit_place([harbour], **QUICK | {"numbers": (2,)}, rarest=0.15)
    rare = found.outcome(harbour, made).frame["left_out"].iloc[0].split(". And ")[1]
    assert rare == "rare (fewer than 15.0% of the adults of whom it is known): Dementia; Diabetes"


def test_of_what_was_left_out_for_one_reason_alone_nothing_is_said_of_the_other(harbour, fitted):
    nothing_rare = replace(fitted, found=_with(fitted.found, rare_=[]))
    all_known = replace(fitted, found=_with(fitted.found, not_assessed_=[]))
    none = replace(fitted, found=_with(fitted.found, not_assessed_=[], rare_=[]))
    said = [found.outcome(harbour, one).frame["left_out"].iloc[0] for one in (nothing_rare, all_known, none)]
    assert said[0].startswith("unknown (")
    assert "rare (" not in said[0]
    assert said[1] == "rare (fewer than 1.0% of the adults of whom it is known): Dementia"
    assert said[2] == ""


def _with(estimator, **changed):
    """The same estimator with other conditions left out."""
    made = type(estimator)()
    vars(made).update(vars(estimator) | changed)
    return made


# -- by which method -------------------------------------------------------------------------------------------


def test_segments_found_by_the_other_method_alone_are_shown_and_it_is_said_by_which(harbour, tmp_path):
    fit(harbour, "correspondence", tmp_path)
    shown = found.of_place(harbour, processed=tmp_path)
    assert shown.found.method == "correspondence"
    assert f"They were found by {NEAREST} from" in sentence(harbour, shown)
    assert release(found.sizes(harbour, shown)).frame["patients"].sum() == 220
    assert release(found.tried(harbour, shown)).frame["chosen"].to_list().count("yes") == 1


def test_of_two_methods_latent_classes_are_shown_and_the_other_is_said_to_be_there(harbour, tmp_path):
    for method in ("correspondence", "latent_classes"):
        fit(harbour, method, tmp_path)
    text = sentence(harbour, found.of_place(harbour, processed=tmp_path))
    assert f"They were found by {LATENT} from" in text
    assert f"Segments found by {NEAREST} are stored as well, and not shown." in text
    other = sentence(harbour, found.of_place(harbour, "correspondence", processed=tmp_path))
    assert f"They were found by {NEAREST} from" in other
    assert "stored as well" not in other, "of a method that was asked for"


def test_segments_that_cannot_be_used_give_way_to_the_other_method_and_it_is_said_why(harbour, tmp_path):
    fit(harbour, "latent_classes", tmp_path, made_from="people of before")
    fit(harbour, "correspondence", tmp_path)
    text = sentence(harbour, found.of_place(harbour, processed=tmp_path))
    assert f"They were found by {NEAREST} from" in text
    assert (
        f"Segments found by {LATENT} are stored as well, and not shown: its people, or the code, have changed since "
        "segments were found in it."
    ) in text


def test_where_none_can_be_used_it_is_said_why_of_each_and_how_to_find_them_again(harbour, tmp_path):
    for method in ("latent_classes", "correspondence"):
        fit(harbour, method, tmp_path, made_from="people of before")
    with pytest.raises(PcnAnalysisError):
        found.load_found(tmp_path, harbour.place.slug, harbour.people)
    changed = "its people, or the code, have changed since segments were found in it"
    again = "An analyst can look again, with the command under “Method and sources”"
    assert found.of_place(harbour, processed=tmp_path).found.why_ == f"Not shown: {changed}. {again}."
    one = found.of_place(harbour, "correspondence", processed=tmp_path)
    assert one.found.why_ == f"Not shown: {changed}. {again} (method: correspondence)."
