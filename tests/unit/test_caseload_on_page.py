"""The caseload of a month as a page shows it: counts of the cohort, and the words that a sentence needs."""

import pytest
from caseload_people import USUAL, many, people_of

from pcn_analysis import readings
from pcn_analysis.anticipatory import caseload
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.release import release

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def ranked():
    """Thirty people at home with moderate frailty, ten of them with nothing open; ten slots."""
    return caseload.of_month(people_of(*many(*[2] * 20, *[0] * 10)), {"practice nurse": 10}, "proactive_care")


def test_the_row_has_the_cohort_by_its_title_the_slots_and_what_is_said_of_them(ranked):
    [row] = release(caseload.slots_of_month(ranked)).frame.to_dict("records")
    assert (row["in_cohort"], row["without_gap"], row["in_line"], row["reached"]) == (30, 10, 20, 10)
    assert (row["slots"], row["cohort"]) == (10, "Proactive care")
    assert row["said"] == "Every slot is used, and people with open care gaps wait."


def test_where_a_professional_has_few_slots_it_is_not_said_that_all_are_used():
    few = caseload.of_month(people_of(*many(*[2] * 20)), {"practice nurse": 3}, "proactive_care")
    assert few.said.startswith("Every slot is used")
    [row] = release(caseload.slots_of_month(few)).frame.to_dict("records")
    assert row["said"] == "Some professionals have fewer than 8 slots; whether every slot is used is not said here."


def test_the_sentence_on_the_caseload_says_what_prismatic_found(ranked):
    made = (release(of(ranked)) for of in (caseload.slots_of_month, caseload.by_professional))
    assert readings.slots_of_month(*made).endswith(
        "Risk is no part of the order: in PRISMATIC, a trial in 32 Welsh practices, showing practices the risks of "
        "their patients led to more emergency admissions, not fewer."
    )


def test_where_no_care_gap_could_be_assessed_nobody_is_said_to_have_none():
    known = ("practice_code", "age", "sex", "imd_decile", "care_home", "palliative_care_date", "efi_category")
    few = people_of(*many(*[2] * 20), medications=None, without=tuple(set(USUAL) - set(known)))
    ranked = caseload.of_month(few, {"practice nurse": 10}, "proactive_care")
    steps, professionals = (release(of(ranked)) for of in (caseload.slots_of_month, caseload.by_professional))
    assert steps.frame[["in_line", "without_gap", "reached", "reach"]].isna().all(axis=None)
    assert "it is not known who has an open care gap: none could be assessed." in (
        readings.slots_of_month(steps, professionals)
    )


def test_an_unknown_cohort_or_professional_is_refused(ranked):
    with pytest.raises(PcnAnalysisError, match="pharmacy"):
        caseload.of_month(ranked.population, {"pharmacy": 10}, "proactive_care")
    with pytest.raises(PcnAnalysisError):
        caseload.of_month(ranked.population, {"GP": 10}, "nobody")
