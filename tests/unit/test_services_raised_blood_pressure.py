"""CVD-01 as a clinician reads it: a raised reading of somebody not on the register, and what counts as follow-up.

The index date is 1 July 2026; the contract year began on 1 April 2026, and looks back to 1 April 2024. Each patient is
one sentence; all of them are put to the rule at once.
"""

from dataclasses import dataclass, field

import pytest
from vignettes import ON, by_person, care_event, condition, issue, person_rows, reading, table

from pcn_analysis.services.cardiovascular.blood_pressure_readings import last_readings
from pcn_analysis.services.cardiovascular.raised_blood_pressure import (
    AMBULATORY,
    DECLINED,
    HOME,
    NONE_RECORDED,
    NORMAL,
    NOT_ASKED,
    REFERRED,
    STARTED,
    blood_pressure_follow_up,
    rule_of,
)

pytestmark = pytest.mark.unit
RULE = rule_of("2026/27")
AMLODIPINE, STATIN = "0206020A0AAAAAA", "0212000B0"
RAISED = (("2026-04-20", 152.0, 88.0),)


@dataclass
class Patient:
    """What the records say of one patient."""

    said: str
    readings: tuple = RAISED
    events: tuple = ()
    issues: tuple = ()
    hypertension: str = ""
    on_register: bool = False
    raised: str | None = ""
    followed: str | None = ""
    more: list = field(default_factory=list)


def event(what, day, outcome="done"):
    return (what, day, outcome)


def on(day, systolic, diastolic):
    return ((day, systolic, diastolic),)


AMBULATORY_EVENT, HOME_EVENT = "ambulatory_blood_pressure", "home_blood_pressure"
REFERRAL, TREATMENT = "same_day_hypertension_referral", "blood_pressure_treatment"
PATIENTS = {
    # which reading is raised
    "139/89 is not raised": Patient(NOT_ASKED, on("2026-05-01", 139.0, 89.0)),
    "140/89 is raised": Patient(NONE_RECORDED, on("2026-05-01", 140.0, 89.0)),
    "139/90 is raised": Patient(NONE_RECORDED, on("2026-05-01", 139.0, 90.0)),
    "139.9/89.9 is not raised": Patient(NOT_ASKED, on("2026-05-01", 139.9, 89.9)),
    "a systolic alone is no reading": Patient(NOT_ASKED, on("2026-05-01", 170.0, None)),
    "pressures of two days are no reading": Patient(
        NOT_ASKED, (*on("2026-05-01", 170.0, None), *on("2026-05-02", None, 95.0))
    ),
    "150/86 and 138/88 on one day are 138/86": Patient(
        NOT_ASKED, (*on("2026-05-01", 150.0, 86.0), *on("2026-05-01", 138.0, 88.0))
    ),
    "a value in another unit is not read": Patient(
        NOT_ASKED, on("2026-05-01", None, 95.0), more=[("sbp", "2026-05-01", 20.0, "kPa")]
    ),
    # which days count
    "more than two years before 1 April": Patient(NOT_ASKED, on("2024-03-31", 160.0, 80.0)),
    "two years before 1 April": Patient(NONE_RECORDED, on("2024-04-01", 160.0, 80.0)),
    "31 March": Patient(NONE_RECORDED, on("2026-03-31", 160.0, 80.0)),
    "1 April": Patient(NONE_RECORDED, on("2026-04-01", 160.0, 80.0)),
    "the day before the index date": Patient(NONE_RECORDED, on("2026-06-30", 160.0, 80.0)),
    "the index date itself is not read": Patient(NOT_ASKED, on("2026-07-01", 160.0, 80.0)),
    "raised in January, normal on 31 March: not asked about": Patient(
        NOT_ASKED, (*on("2026-01-10", 160.0, 80.0), *on("2026-03-31", 130.0, 80.0))
    ),
    "raised in January, normal on 1 April: asked about, and followed up": Patient(
        NORMAL, (*on("2026-01-10", 160.0, 80.0), *on("2026-04-01", 130.0, 80.0)), raised="2026-01-10"
    ),
    "raised in 2025, normal in January and not measured since: not asked about": Patient(
        NOT_ASKED, (*on("2025-01-10", 160.0, 80.0), *on("2026-01-10", 130.0, 80.0)), raised=None
    ),
    "normal before 1 April and raised since: asked about the one since": Patient(
        NONE_RECORDED, (*on("2026-03-10", 130.0, 80.0), *RAISED), raised="2026-04-20"
    ),
    "raised before 1 April and since: asked about the last one before": Patient(
        NONE_RECORDED, (*on("2025-03-10", 150.0, 80.0), *on("2026-03-10", 150.0, 80.0), *RAISED), raised="2026-03-10"
    ),
    "raised twice since: asked about the first": Patient(
        NONE_RECORDED, (*RAISED, *on("2026-06-10", 150.0, 80.0)), raised="2026-04-20"
    ),
    # the register
    "on the register the day before": Patient(NOT_ASKED, hypertension="2026-04-19", on_register=True),
    "put on the register the same day, and no more": Patient(
        NONE_RECORDED, hypertension="2026-04-20", on_register=True
    ),
    "on the register, since when is not known": Patient(NOT_ASKED, on_register=True),
    # the routes
    "a later reading of 139/89": Patient(
        NORMAL, (*RAISED, *on("2026-05-02", 139.0, 89.0)), raised="2026-04-20", followed="2026-05-02"
    ),
    "a later reading of 140/80": Patient(NONE_RECORDED, (*RAISED, *on("2026-05-02", 140.0, 80.0)), followed=None),
    "a later reading of 130/90": Patient(NONE_RECORDED, (*RAISED, *on("2026-05-02", 130.0, 90.0))),
    "normal in May, and raised again in June, is open": Patient(
        NONE_RECORDED, (*RAISED, *on("2026-05-02", 130.0, 80.0), *on("2026-06-02", 160.0, 80.0))
    ),
    "monitored over 24 hours the day before": Patient(NONE_RECORDED, events=(event(AMBULATORY_EVENT, "2026-04-19"),)),
    "monitored over 24 hours the same day": Patient(AMBULATORY, events=(event(AMBULATORY_EVENT, "2026-04-20"),)),
    "monitored over 24 hours on the index date": Patient(
        NONE_RECORDED, events=(event(AMBULATORY_EVENT, "2026-07-01"),)
    ),
    "monitored at home the day before": Patient(NONE_RECORDED, events=(event(HOME_EVENT, "2026-04-19"),)),
    "monitored at home the same day": Patient(HOME, events=(event(HOME_EVENT, "2026-04-20"),)),
    "monitored at home until the day before the index date": Patient(HOME, events=(event(HOME_EVENT, "2026-06-30"),)),
    "monitoring offered and declined": Patient(
        NONE_RECORDED, events=(event(HOME_EVENT, "2026-05-01", "offered"), event(HOME_EVENT, "2026-05-02", "declined"))
    ),
    "referred the same day and on the register later: followed up on that later day": Patient(
        REFERRED, events=(event(REFERRAL, "2026-04-20"),), hypertension="2026-05-04", followed="2026-05-04"
    ),
    "referred, and not on the register": Patient(NONE_RECORDED, events=(event(REFERRAL, "2026-04-20"),)),
    "on the register and treatment started": Patient(
        STARTED, events=(event(TREATMENT, "2026-05-04"),), hypertension="2026-05-04"
    ),
    "treatment started, and not on the register": Patient(NONE_RECORDED, events=(event(TREATMENT, "2026-05-04"),)),
    "on the register and treatment declined": Patient(
        DECLINED, events=(event(TREATMENT, "2026-05-04", "declined"),), hypertension="2026-05-04"
    ),
    "on the register and treatment not suitable": Patient(
        DECLINED, events=(event(TREATMENT, "2026-05-04", "unsuitable"),), hypertension="2026-05-04"
    ),
    "treatment declined, and not on the register": Patient(
        NONE_RECORDED, events=(event(TREATMENT, "2026-05-04", "declined"),)
    ),
    "on the register and a first antihypertensive issued": Patient(
        STARTED, issues=((AMLODIPINE, "2026-05-10"),), hypertension="2026-05-04"
    ),
    "an antihypertensive issued, and not on the register": Patient(NONE_RECORDED, issues=((AMLODIPINE, "2026-05-10"),)),
    "an antihypertensive more than six months before as well: started": Patient(
        STARTED, issues=((AMLODIPINE, "2025-10-19"), (AMLODIPINE, "2026-05-10")), hypertension="2026-05-04"
    ),
    "an antihypertensive six months before as well: not started": Patient(
        NONE_RECORDED, issues=((AMLODIPINE, "2025-10-20"), (AMLODIPINE, "2026-05-10")), hypertension="2026-05-04"
    ),
    "on the register and a statin issued": Patient(
        NONE_RECORDED, issues=((STATIN, "2026-05-10"),), hypertension="2026-05-04"
    ),
    "monitored both ways: the first is told": Patient(
        AMBULATORY,
        events=(event(HOME_EVENT, "2026-05-20"), event(AMBULATORY_EVENT, "2026-05-10")),
        followed="2026-05-10",
    ),
    "monitored both ways on one day: over 24 hours is told": Patient(
        AMBULATORY, events=(event(HOME_EVENT, "2026-05-10"), event(AMBULATORY_EVENT, "2026-05-10"))
    ),
}


def pressures(who, day, systolic, diastolic):
    both = (("sbp", systolic), ("dbp", diastolic))
    return [reading(who, what, day, value) for what, value in both if value is not None]


@pytest.fixture(scope="module")
def told():
    """What is said of every patient."""
    rows = {"measurements": [], "care_events": [], "medications": [], "conditions": []}
    for who, one in PATIENTS.items():
        rows["measurements"] += [row for each in one.readings for row in pressures(who, *each)]
        rows["measurements"] += [reading(who, what, day, value, unit=unit) for what, day, value, unit in one.more]
        rows["care_events"] += [care_event(who, *each) for each in one.events]
        rows["medications"] += [issue(who, day, bnf=bnf) for bnf, day in one.issues]
        rows["conditions"] += [condition(who, "hypertension", one.hypertension)] if one.hypertension else []
    people = person_rows(*({"person_id": who, "on_hyp_register": one.on_register} for who, one in PATIENTS.items()))
    found = blood_pressure_follow_up(*(table(name, held) for name, held in rows.items()), people, on=ON, rule=RULE)
    columns = ("blood_pressure_follow_up", "raised_blood_pressure_date", "blood_pressure_follow_up_date")
    return by_person(found, *columns)


@pytest.mark.parametrize("patient", PATIENTS)
def test_how_a_raised_reading_was_followed_up(told, patient):
    asked = PATIENTS[patient]
    route, raised, followed = told[patient]
    assert route == asked.said
    assert asked.raised in ("", raised)
    assert asked.followed in ("", followed)


def test_the_last_reading_has_both_pressures_of_one_day():
    rows = [
        *pressures("p1", "2026-05-01", 150.0, 80.0),
        *pressures("p1", "2026-06-01", 120.0, None),
        *pressures("p1", "2026-07-01", 110.0, 70.0),
    ]
    found = last_readings(table("measurements", rows), person_rows({"person_id": "p1"}, {"person_id": "p2"}), on=ON)
    columns = ("last_blood_pressure_date", "last_systolic", "last_diastolic")
    assert by_person(found, *columns) == {"p1": ("2026-05-01", 150.0, 80.0), "p2": (None, None, None)}


def test_an_earlier_contract_year_looks_back_from_its_own_1_april():
    assert (RULE.start.isoformat(), rule_of("2025/26").first_day.isoformat()) == ("2024-04-01", "2025-04-01")
