"""Every step of every cohort, for people a clinician would know: one who stays, one who goes.

The index date is 1 July 2026. A row says how somebody differs from a person who is in the cohort.
"""

import re
from pathlib import Path

import pytest
from vignettes import ON, by_person, condition, contact, person, person_rows, population_of, rows_of

from pcn_analysis.anticipatory.cohorts import COHORTS, PROACTIVE_CARE, START, find_cohort
from pcn_analysis.anticipatory.cohorts.document import overview, sign_off
from pcn_analysis.anticipatory.cohorts.faults import faults
from pcn_analysis.anticipatory.eligibility import eligible, reasons, steps
from pcn_analysis.person_table import person_table

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parents[2] / "docs" / "rules" / "cohorts"
USUAL = {
    "age": 80, "sex": "female", "efi_category": "fit", "n_ltc": 0, "care_home": False, "housebound": False,
    "carer": False, "nel_12m": 0, "ae_12m": 0, "fall_date": None, "has_housebound": False, "housebound_date": None,
    "has_palliative_care": False, "palliative_care_date": None,
}  # fmt: skip
"""Somebody in no cohort."""
CARE_HOME = ("Lives at home", {"care_home": None}, {"care_home": True})
END_OF_LIFE = (
    "No end-of-life care recorded in the last 24 months",
    {"has_palliative_care": True, "palliative_care_date": "2024-06-30"},
    {"has_palliative_care": True, "palliative_care_date": "2024-07-01"},
)
IN = {
    "proactive_care": {"efi_category": "moderate"},
    "rising_risk": {"age": 50, "n_ltc": 2, "nel_12m": 1},
    "high_intensity_use": {"age": 30, "ae_12m": 6},
    "end_of_life": {"has_palliative_care": True, "palliative_care_date": "2026-05-01"},
    "housebound": {"age": 30, "housebound": True},
    "carers": {"age": 15, "carer": True},
}
"""How somebody in each cohort differs from somebody in none."""
LTC = "Several long-term conditions, or mild or moderate frailty"
STEPS = {
    "proactive_care": [
        ("Aged 65 or over", {"age": 65}, {"age": 64}),
        ("Moderate or severe frailty", {"efi_category": "severe"}, {"efi_category": "mild"}),
        ("Moderate or severe frailty", {"efi_category": "moderate"}, {"efi_category": None}),
        CARE_HOME,
        END_OF_LIFE,
    ],
    "rising_risk": [
        ("Aged 18 or over", {"age": 18}, {"age": 17}),
        (LTC, {"n_ltc": 2}, {"n_ltc": 1}),
        (LTC, {"n_ltc": 0, "efi_category": "mild"}, {"n_ltc": 0, "efi_category": "fit"}),
        (LTC, {"n_ltc": None, "efi_category": "moderate"}, {"n_ltc": None, "efi_category": None}),
        (LTC, {"n_ltc": 3}, {"n_ltc": 0, "efi_category": "severe"}),
        ("Lately got worse", {"nel_12m": 2}, {"nel_12m": 0}),
        ("Lately got worse", {"nel_12m": 0, "ae_12m": 2}, {"nel_12m": 0, "ae_12m": 1}),
        ("Lately got worse", {"nel_12m": 0, "fall_date": "2025-07-01"}, {"nel_12m": 0, "fall_date": "2025-06-30"}),
        ("No severe frailty", {"efi_category": "moderate"}, {"efi_category": "severe"}),
        ("No severe frailty", {"efi_category": None}, {"efi_category": "severe"}),
        ("Fewer than 5 A&E attendances in the last 12 months", {"ae_12m": 4}, {"ae_12m": 5}),
        CARE_HOME,
        END_OF_LIFE,
    ],
    "high_intensity_use": [
        ("Aged 18 or over", {"age": 18}, {"age": 17}),
        ("5 or more A&E attendances in the last 12 months", {"ae_12m": 5}, {"ae_12m": 4}),
        CARE_HOME,
        END_OF_LIFE,
    ],
    "end_of_life": [
        (
            "On the palliative care register",
            {"palliative_care_date": "2009-05-01", "care_home": True},
            {"has_palliative_care": False, "palliative_care_date": None},
        ),
    ],
    "housebound": [
        ("Housebound", {"housebound": True}, {"housebound": False}),
        (
            "Housebound",
            {"housebound": None, "has_housebound": True, "housebound_date": "2019-01-01"},
            {"housebound": None},
        ),
        CARE_HOME,
        END_OF_LIFE,
    ],
    "carers": [("Unpaid carer", {"age": 90}, {"carer": None}), CARE_HOME, END_OF_LIFE],
}
"""Of each cohort: a step, somebody who stays at it, and somebody whom it takes out."""
NOBODY = "Has not declined the offer"
"""The step that no table can answer."""


def patient(who, cohort, **differs):
    return {"person_id": who, **USUAL, **IN[cohort], **differs}


@pytest.mark.parametrize(
    ("cohort", "step", "stays", "goes"), [(cohort, *case) for cohort, cases in STEPS.items() for case in cases]
)
def test_a_step_keeps_and_takes_out_whom_it_says(cohort, step, stays, goes):
    people = person_rows(patient("stays", cohort, **stays), patient("goes", cohort, **goes))
    assert set(by_person(eligible(people, cohort, on=ON), "priority")) == {"stays"}
    counts = steps(people, cohort, on=ON).set_index("step")["taken_out"].fillna(0)
    assert counts[counts > 0].to_dict() == {step: 1}, "the step that is named takes one out, and no other does"


@pytest.mark.parametrize("cohort", COHORTS)
def test_every_step_has_somebody_who_stays_and_somebody_who_goes(cohort):
    asked = [step.name for step in find_cohort(cohort).steps]
    assert asked == [START.name, *dict.fromkeys(step for step, *_ in STEPS[cohort]), NOBODY]


@pytest.mark.parametrize("cohort", COHORTS)
def test_who_declined_is_not_known_and_nobody_is_taken_out_for_it(cohort):
    last = steps(person_rows(patient("p1", cohort)), cohort, on=ON).iloc[-1]
    assert (last["step"], last["status"], last["remaining"]) == (NOBODY, "not assessed", 1)


@pytest.mark.parametrize("cohort", COHORTS)
def test_somebody_healthy_is_in_no_cohort(cohort):
    assert by_person(eligible(person_rows({"person_id": "p1", **USUAL}), cohort, on=ON), "priority") == {}


@pytest.mark.parametrize("cohort", [one for one in COHORTS if one != "end_of_life"])
def test_whom_a_cohort_leaves_to_end_of_life_care_is_in_that_cohort(cohort):
    leaves = person_rows(patient("p1", cohort, has_palliative_care=True, palliative_care_date="2024-07-01"))
    assert by_person(eligible(leaves, cohort, on=ON), "priority") == {}
    assert by_person(eligible(leaves, "end_of_life", on=ON), "priority") == {"p1": 1}


def test_whom_rising_risk_leaves_to_another_cohort_is_in_that_one():
    severe, often = patient("p1", "rising_risk", age=70, efi_category="severe"), patient("p2", "rising_risk", ae_12m=5)
    assert by_person(eligible(person_rows(severe, often), "rising_risk", on=ON), "priority") == {}
    assert by_person(eligible(person_rows(severe, often), PROACTIVE_CARE, on=ON), "priority") == {"p1": 1}
    assert by_person(eligible(person_rows(severe, often), "high_intensity_use", on=ON), "priority") == {"p2": 3}


@pytest.mark.parametrize(
    ("cohort", "differs", "priority"),
    [
        ("proactive_care", {"efi_category": "severe"}, 1),
        ("proactive_care", {}, 2),
        ("rising_risk", {"ae_12m": 3}, 1),
        ("rising_risk", {"nel_12m": 0, "ae_12m": 2, "fall_date": "2026-06-30"}, 2),
        ("rising_risk", {"nel_12m": 0, "fall_date": "2026-06-30"}, 3),
        ("high_intensity_use", {"ae_12m": 21}, 1),
        ("high_intensity_use", {"ae_12m": 20}, 2),
        ("high_intensity_use", {"ae_12m": 9}, 3),
        ("end_of_life", {"palliative_care_date": "2024-07-01"}, 1),
        ("end_of_life", {"palliative_care_date": "2024-06-30"}, 2),
        ("housebound", {"efi_category": "severe", "nel_12m": 1}, 1),
        ("housebound", {"nel_12m": 1}, 2),
        ("housebound", {"fall_date": "2025-06-30"}, 3),
        ("carers", {"efi_category": "moderate", "n_ltc": 5}, 1),
        ("carers", {"n_ltc": 2}, 2),
        ("carers", {"n_ltc": None}, 3),
    ],
)
def test_who_goes_first(cohort, differs, priority):
    people = person_rows(patient("p1", cohort, **differs))
    assert by_person(eligible(people, cohort, on=ON), "priority") == {"p1": priority}


# -- from records ------------------------------------------------------------------------------------------


@pytest.fixture
def frail_and_worse():
    """Three people from records: admitted and fallen with two conditions, seldom ill, and in a care home."""
    people = [person("worse", born="1950-01-01"), person("well"), person("home", born="1940-01-01", care_home=True)]
    conditions = [condition(who, what, "2015-01-01") for who in ("worse", "home") for what in ("diabetes", "copd")]
    conditions += [condition("worse", "fall", "2026-02-01")]
    encounters = [contact(who, "emergency_admission", "2025-09-01") for who in ("worse", "home")]
    encounters += [contact("well", "ed", "2025-09-01")]
    population = population_of(people, conditions=conditions, encounters=encounters, medications=[], measurements=[])
    return person_table(population, on=ON)


def test_records_lead_to_rising_risk_with_reasons_and_their_dates(frail_and_worse):
    assert by_person(eligible(frail_and_worse, "rising_risk", on=ON), "priority") == {"worse": 1}
    told = {row[1]: row[2] for row in rows_of(reasons(frail_and_worse, "rising_risk", on=ON))}
    assert told == {
        "Two or more long-term conditions": None,
        "Emergency admission in the last 12 months": None,
        "A fall recorded in the last 12 months": "2026-02-01",
    }
    counts = steps(frail_and_worse, "rising_risk", on=ON).set_index("goes_to")["taken_out"]
    assert counts["Enhanced Health in Care Homes"] == 1


def test_a_reason_names_its_source(frail_and_worse):
    sources = {row[1]: row[3] for row in rows_of(reasons(frail_and_worse, "rising_risk", on=ON))}
    assert "NICE NG56" in sources["Two or more long-term conditions"]
    assert sources["A fall recorded in the last 12 months"].startswith("Our choice")


# -- what is signed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cohort", COHORTS)
def test_nothing_in_a_cohort_is_dead_and_only_who_declined_is_not_held(cohort):
    assert [(one.kind, one.segment) for one in faults(find_cohort(cohort))] == [("no codelist", NOBODY)]


@pytest.mark.parametrize("cohort", COHORTS)
def test_the_page_names_every_step_reason_and_priority_with_its_source(cohort):
    found, page = find_cohort(cohort), sign_off(find_cohort(cohort))
    for step in found.steps:
        assert f"| {step.name} |" in page
        assert step.source in page
        assert not step.goes_to or f"| {step.goes_to} |" in page
    for one in (*(element for _, element in found.elements()), *found.first):
        assert f"| {one.name} |" in page
        assert one.source in page
    for one in found.assumptions:
        assert f"- {one}" in page


def test_the_pages_are_current():
    expected = {f"{name}.md": sign_off(find_cohort(name)) for name in COHORTS}
    expected["README.md"] = overview(find_cohort(name) for name in COHORTS)
    written = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    stale = sorted(name for name in expected | written if expected.get(name) != written.get(name))
    assert stale == [], "run `make docs`"


def test_a_page_has_a_fingerprint_of_its_own():
    prints = [re.findall(r"above: `([0-9a-f]{16})`", sign_off(find_cohort(name))) for name in COHORTS]
    assert len({tuple(one) for one in prints}) == len(COHORTS)
    assert all(len(one) == 1 for one in prints)
