"""Early cancer diagnosis: for which reasons somebody is in the cohort, and who goes first. The day is 1 July 2026."""

from dataclasses import replace

import pytest
from vignettes import care_event, person, person_rows, plain, population_of, table

from pcn_analysis.services.service_table import service_table

pytestmark = pytest.mark.unit

SMEAR, SMEAR_FROM_50 = "Of the age of cervical screening under 50", "Of the age of cervical screening from 50"
BREAST, BOWEL = "Of the age of breast screening", "Of the age of bowel screening"
REFERRED, FOUND = "Urgently referred with suspected cancer in 12 months", "First found with a cancer in 12 months"
URGENT, LOWER_GI = "urgent_suspected_cancer_referral", "lower_gi_urgent_referral"
COVERED, OVERDUE = (
    "Cervical screening, women of 50 to 64, within 5.5 years",
    "Cervical screening overdue, women of 50 to 64",
)
SCREENED = ("cervical_screening", "breast_screening", "bowel_screening", "fit_test")


def patient(who, age, sex="male", *, cancer=None, events=()):
    """What is known of somebody: the day on which a cancer was first recorded, and events of care."""
    row = {"person_id": who, "age": age, "sex": sex, "imd_decile": 5, "ethnicity": None, "practice_code": "A00001",
           "has_cancer": cancer is not None, "cancer_date": cancer, "cancer_first_date": cancer}  # fmt: skip
    return row, [care_event(who, *one) for one in events]


def woman(age, what="", **more):
    return patient(f"woman of {age}{what}", age, "female", **more)


PATIENTS = [
    *((woman(age), why) for age, why in [
        (24, set()), (25, {SMEAR}), (49, {SMEAR}), (50, {SMEAR_FROM_50, BREAST, BOWEL}),
        (64, {SMEAR_FROM_50, BREAST, BOWEL}), (65, {BREAST, BOWEL}), (70, {BREAST, BOWEL}), (71, {BOWEL}),
        (74, {BOWEL}), (75, set()),
    ]),
    *((patient(f"man of {age}", age), why) for age, why in [(49, set()), (50, {BOWEL}), (74, {BOWEL}), (75, set())]),
    (patient("sex not known, 60", 60, "unknown"), {BOWEL}),
    (patient("referred a year ago", 80, events=[(URGENT, "2025-07-01")]), {REFERRED}),
    (patient("referred a year and a day ago", 80, events=[(URGENT, "2025-06-30")]), set()),
    (patient("referred today", 80, events=[(URGENT, "2026-07-01")]), set()),
    (patient("child, referred", 9, events=[(LOWER_GI, "2026-06-30")]), {REFERRED}),
    (patient("cancer a year ago", 80, cancer="2025-07-01"), {FOUND}),
    (patient("cancer a year and a day ago", 80, cancer="2025-06-30"), set()),
    (woman(60, ", referred, and found with a cancer", cancer="2026-06-01", events=[(URGENT, "2026-05-01")]),
     {SMEAR_FROM_50, BREAST, BOWEL, REFERRED, FOUND}),
    (patient("no FIT", 80, events=[(LOWER_GI, "2026-06-01")]), {REFERRED}),
    (patient("no FIT, 3 months ago", 80, events=[(LOWER_GI, "2026-04-01")]), {REFERRED}),
    (patient("no FIT, more than 3 months ago", 80, events=[(LOWER_GI, "2026-03-31")]), {REFERRED}),
    (patient("FIT declined", 80, events=[(LOWER_GI, "2026-06-01"), ("fit_test", "2026-06-01", "declined")]),
     {REFERRED}),
    (patient("FIT, man of 60", 60, events=[(LOWER_GI, "2026-06-01"), ("fit_test", "2026-06-01")]), {BOWEL, REFERRED}),
    (woman(60, ", declined", events=[("cervical_screening", "2021-01-01", "declined")]),
     {SMEAR_FROM_50, BREAST, BOWEL}),
    (woman(60, ", declined long ago", events=[("cervical_screening", "2020-12-31", "declined")]),
     {SMEAR_FROM_50, BREAST, BOWEL}),
]  # fmt: skip
"""Patients, each with why they are in the cohort; who has no reason is not in it."""
NAMES = [row["person_id"] for (row, _), _ in PATIENTS]


@pytest.fixture(scope="module")
def people():
    rows = [row for (row, _), _ in PATIENTS]
    events = [one for (_, events), _ in PATIENTS for one in events]
    events += [
        care_event("somebody else", what, "2010-01-01", how) for what in SCREENED for how in ("done", "declined")
    ]
    bare = population_of([person(name) for name in NAMES], conditions=[], medications=[])
    held = {"person_table": person_rows(*rows), "care_events": table("care_events", events)}
    return replace(bare, tables=bare.tables | held)


@pytest.fixture(scope="module")
def found(people):
    return service_table(people, "early_cancer_diagnosis", "2026/27")


def of(found, who, values):
    return plain(values[found.people["person_id"] == who].iloc[0])


@pytest.mark.parametrize(("who", "why"), [(name, why) for name, (_, why) in zip(NAMES, PATIENTS, strict=True)])
def test_each_patient_is_in_the_cohort_for_the_reasons_that_the_records_show(found, who, why):
    assert {name for name in found.reasons if of(found, who, found.reasons[name])} == why
    assert of(found, who, found.cohort) == bool(why)


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("no FIT", 1),
        ("no FIT, 3 months ago", 1),
        ("no FIT, more than 3 months ago", 6),
        ("FIT declined", 6),
        ("FIT, man of 60", 2),
        ("woman of 50", 2),
        ("woman of 25", 3),
        ("woman of 71", 2),
        ("referred a year ago", 6),
        ("cancer a year ago", 6),
    ],
)
def test_a_referral_without_a_fit_goes_first_then_bowel_and_cervical_screening(found, who, place):
    assert of(found, who, found.people["priority"]) == place


def test_before_bowel_screening_was_for_all_from_50_a_woman_of_50_went_after_those_under_50(people):
    then = service_table(people, "early_cancer_diagnosis", "2019/20")
    assert [of(then, who, then.people["priority"]) for who in ("woman of 49", "woman of 50")] == [3, 4]


@pytest.mark.parametrize(
    ("who", "chased"), [("woman of 60, declined", False), ("woman of 60, declined long ago", True)]
)
def test_a_woman_from_50_who_declined_a_smear_within_its_interval_is_not_chased(found, who, chased):
    assert of(found, who, found.measures[COVERED]) is False
    assert of(found, who, found.gaps[OVERDUE]) is chased
