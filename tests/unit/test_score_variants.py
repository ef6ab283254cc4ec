"""Where variants of a score disagree: how many people are above a threshold by one, by the other, by both."""

import pytest
from vignettes import issue, person, population_of

from pcn_analysis.anticipatory.score_variants import variants_compared
from pcn_analysis.release import release

pytestmark = pytest.mark.unit

OLD_WEIGHTS = "Charlson comorbidity index with the weights of 1987"
NEW_WEIGHTS = "Charlson comorbidity index with the weights of Quan 2011"
NOW, YEAR = "Medicines issued in 84 days", "Medicines issued in 12 months"


def diagnosis(who, code):
    return {"person_id": who, "code": code, "condition_start_date": "2026-03-01", "code_system": "icd10",
            "source": "apc", "status": "active"}  # fmt: skip


def medicines(who, date):
    return [issue(who, date, bnf=f"02{chapter:02}000A0") for chapter in range(1, 13)]


@pytest.fixture(scope="module")
def frame():
    """Twenty people with an infarct, a disease of arteries and COPD, ten with metastases, ten with nothing.

    Ten of the first take twelve medicines, ten took them half a year ago.
    """
    who = [f"p{number:02}" for number in range(40)]
    coded = [diagnosis(one, code) for one in who[:20] for code in ("I21", "I70", "J44")]
    coded += [diagnosis(one, "C78") for one in who[20:30]]
    taken = [row for one in who[:10] for row in medicines(one, "2026-06-01")]
    taken += [row for one in who[10:20] for row in medicines(one, "2025-12-01")]
    population = population_of([person(one, born="1940-01-01") for one in who], conditions=coded, medications=taken)
    return release(variants_compared(population)).frame


def pair(frame, one, other):
    [row] = frame[(frame["variant"] == one) & (frame["other_variant"] == other)].to_dict("records")
    return row


def test_weights_of_two_years_pick_different_people(frame):
    row = pair(frame, OLD_WEIGHTS, NEW_WEIGHTS)
    assert (row["score"], row["threshold"]) == ("Charlson index", "3 or more")
    assert [row[name] for name in ("people", "above", "above_other", "both", "either")] == [40, 30, 10, 10, 30]
    assert row["agreement"] == pytest.approx(1 / 3)


def test_a_longer_window_counts_medicines_that_have_ended(frame):
    row = pair(frame, NOW, YEAR)
    assert [row[name] for name in ("above", "above_other", "both", "either")] == [10, 20, 10, 20]


def test_each_two_variants_that_can_be_assessed_are_held_against_each_other_once(frame):
    assert frame.groupby("score").size().to_dict() == {
        "Charlson index": 6,
        "Hospital Frailty Risk Score": 6,
        "Polypharmacy": 6,
    }, "of the frailty scores the one of emergency admissions needs contacts, which are not there"


def test_of_records_without_codes_nothing_is_compared():
    nothing = population_of([person("a")], conditions=[], medications=[])
    assert release(variants_compared(nothing)).frame.empty
