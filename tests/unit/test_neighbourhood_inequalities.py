"""Tackling neighbourhood health inequalities, one patient at a time. The index date is 1 July 2026."""

from __future__ import annotations

import datetime as dt

import pytest
from kept_people import kept
from vignettes import ON, care_event, condition, person, population_of, reading, resolved

from pcn_analysis.contract.years import YEARS
from pcn_analysis.rules import PARTLY
from pcn_analysis.segmentation.models import find_model
from pcn_analysis.services.catalogue import find_service
from pcn_analysis.services.neighbourhood_inequalities import EVENTS, seasons
from pcn_analysis.services.service_table import GAP, MEASURE, service_table

pytestmark = pytest.mark.unit

NAME, YEAR = "neighbourhood_inequalities", "2026/27"
CHECK, PLAN, SMI, FLU, PNEUMO, STOP = EVENTS
LD_CHECK = "Learning disability: annual health check in 12 months"
HI_03 = "Learning disability: health check, action plan and ethnicity (HI-03)"
SMI_CHECK = "Severe mental illness: physical health check in 12 months"
FLU_GIVEN = "COPD: influenza vaccination in the latest season"
PNEUMO_GIVEN = "COPD: pneumococcal vaccination at any time"
SUPPORTED = "Smokers: support to stop in 12 months"
HI_02 = "Ethnic group recorded, or recorded as not stated (HI-02)"
NO_CHECK = "Learning disability, and no annual health check in 12 months"
NO_PLAN = "Learning disability, and a health check without an action plan after it"
NO_GROUP = "Learning disability, and ethnic group not known"
NO_SMI = "Severe mental illness, and no physical health check in 12 months"
NO_FLU = "COPD, and no influenza vaccination in the latest season"
NO_PNEUMO = "COPD, and no pneumococcal vaccination at any time"
NO_STOP = "Smokes, in Core20 or a PLUS group, and no support to stop in 12 months"
ELSEWHERE = "someone else"


def on_day(day, patients):
    """The service table of some patients, beside somebody of whom every kind of event is recorded."""
    rows = {"conditions": [], "care_events": [], "measurements": []}
    people = [person(ELSEWHERE, born="2015-01-01")]
    for who, row in patients.items():
        told = dict(row)
        rows["conditions"] += [condition(who, *one) for one in told.pop("conditions", ())]
        rows["conditions"] += [condition(who, *one, source="apc") for one in told.pop("admitted_with", ())]
        rows["conditions"] += [resolved(who, *one) for one in told.pop("resolved", ())]
        rows["care_events"] += [care_event(who, *one) for one in told.pop("events", ())]
        smoked = told.pop("smoked", {}).items()
        rows["measurements"] += [reading(who, "cigarettes", date, n, unit="{cigarettes}/d") for date, n in smoked]
        people.append(person(who, **{"born": "1970-05-20"} | told))
    rows["care_events"] += [care_event(ELSEWHERE, event, "2020-01-01", outcome)
                            for event in EVENTS for outcome in ("done", "declined")]  # fmt: skip
    rows["measurements"].append(reading(ELSEWHERE, "cigarettes", "2020-01-01", 0, unit="{cigarettes}/d"))
    told_of = population_of(people, index_date=day, encounters=[], medications=[], **rows)
    return service_table(kept(told_of), NAME, YEAR)


def until_yesterday(what):
    """A condition that was resolved the day before the index date."""
    return {"conditions": [(what, "2024-01-01")], "resolved": [(what, "2026-06-30")]}


LD, SMI_ILL, COPD = (
    (("learning_disability", "2010-01-01"),),
    (("schizophrenia", "2001-01-01"),),
    (("copd", "2015-01-01"),),
)
IRISH, BRITISH = "White: Irish", "White: English, Welsh, Scottish, Northern Irish or British"
TRAVELLER, ROMA = "White: Gypsy or Irish Traveller", "White: Roma"
MET = [(CHECK, "2026-02-10"), (PLAN, "2026-02-10")]
SMOKES = {"smoked": {"2026-01-01": 10}, "imd_decile": 2}
PATIENTS = {
    # whom to reach
    "decile 1": {"imd_decile": 1},
    "decile 2": {"imd_decile": 2},
    "decile 3": {"imd_decile": 3},
    "no decile": {"imd_decile": None},
    "Irish": {"ethnicity": IRISH},
    "Chinese": {"ethnicity": "Asian or Asian British: Chinese"},
    "no group": {"ethnicity": None},
    "not stated": {"ethnicity": "Not stated"},
    "learning disability": {"conditions": LD},
    "homeless": {"conditions": [("homelessness", "2024-01-01")]},
    "no longer homeless": until_yesterday("homelessness"),
    "misuses substances": {"conditions": [("substance_misuse", "2024-01-01")]},
    "misused substances": until_yesterday("substance_misuse"),
    "misuses alcohol": {"conditions": [("alcohol_misuse", "2024-01-01")]},
    "misused alcohol": until_yesterday("alcohol_misuse"),
    "admitted from prison": {"admitted_with": [("imprisonment", "2026-06-30")]},
    "admitted from prison today": {"admitted_with": [("imprisonment", "2026-07-01")]},
    "Gypsy or Irish Traveller": {"ethnicity": TRAVELLER},
    "Roma": {"ethnicity": ROMA},
    "Any other White": {"ethnicity": "White: Any other White background"},
    "British": {"ethnicity": BRITISH},
    "Roma, 18 tomorrow": {"ethnicity": ROMA, "born": "2008-07-02"},
    "homeless, 18 tomorrow": {"conditions": [("homelessness", "2024-01-01")], "born": "2008-07-02"},
    "one condition": {"conditions": [("stroke", "2024-01-01")]},
    "two conditions": {"conditions": [("stroke", "2024-01-01"), ("copd", "2024-01-01")]},
    "18 today, decile 1": {"born": "2008-07-01", "imd_decile": 1},
    "18 tomorrow, decile 1": {"born": "2008-07-02", "imd_decile": 1},
    "decile 1 and learning disability": {"imd_decile": 1, "conditions": LD},
    "decile 1 and Irish": {"imd_decile": 1, "ethnicity": IRISH},
    "decile 1 and two conditions": {
        "imd_decile": 1, "conditions": [("stroke", "2024-01-01"), ("copd", "2024-01-01")]},
    "decile 1 and misuses alcohol": {"imd_decile": 1, "conditions": [("alcohol_misuse", "2024-01-01")]},
    # learning disability
    "check a year and a day ago": {"conditions": LD, "events": [(CHECK, "2025-06-30")]},
    "check a year ago": {"conditions": LD, "events": [(CHECK, "2025-07-01")]},
    "check yesterday": {"conditions": LD, "events": [(CHECK, "2026-06-30")]},
    "check today": {"conditions": LD, "events": [(CHECK, "2026-07-01")]},
    "14 today": {"conditions": LD, "born": "2012-07-01"},
    "14 tomorrow": {"conditions": LD, "born": "2012-07-02"},
    "plan a day before the check": {"conditions": LD, "events": [(CHECK, "2026-02-10"), (PLAN, "2026-02-09")]},
    "plan on the day": {"conditions": LD, "events": MET},
    "plan a month later": {"conditions": LD, "events": [(CHECK, "2026-02-10"), (PLAN, "2026-03-10")]},
    "plan after the check before": {
        "conditions": LD, "events": [(CHECK, "2025-09-01"), (PLAN, "2025-09-08"), (CHECK, "2026-06-20")]},
    "checked, Irish": {"conditions": LD, "events": MET, "ethnicity": IRISH},
    "checked, not stated": {"conditions": LD, "events": MET, "ethnicity": "Not stated"},
    "checked, not known": {"conditions": LD, "events": MET, "ethnicity": None},
    "declined": {"conditions": LD, "events": [(CHECK, "2026-02-10", "declined")]},
    "declined, then done": {"conditions": LD, "events": [(CHECK, "2026-02-10", "declined"), (CHECK, "2026-05-01")]},
    "declined long ago": {"conditions": LD, "events": [(CHECK, "2025-06-30", "declined")]},
    "checked, plan declined": {"conditions": LD, "events": [(CHECK, "2026-02-10"), (PLAN, "2026-02-10", "declined")]},
    "checked, plan declined long ago": {
        "conditions": LD, "events": [(CHECK, "2026-02-10"), (PLAN, "2025-06-30", "declined")]},
    "plan declined, then made": {"conditions": LD, "events": [(PLAN, "2026-01-10", "declined"), *MET]},
    # severe mental illness, COPD, smoking
    "ill, check a year ago": {"conditions": SMI_ILL, "events": [(SMI, "2025-07-01")]},
    "ill, check a year and a day ago": {"conditions": SMI_ILL, "events": [(SMI, "2025-06-30")]},
    "ill, declined": {"conditions": SMI_ILL, "events": [(SMI, "2025-07-01", "declined")]},
    "ill, declined long ago": {"conditions": SMI_ILL, "events": [(SMI, "2025-06-30", "declined")]},
    "ill, declined, then checked": {
        "conditions": SMI_ILL, "events": [(SMI, "2026-02-10", "declined"), (SMI, "2026-05-01")]},
    "COPD, influenza declined this season": {"conditions": COPD, "events": [(FLU, "2025-09-01", "declined")]},
    "COPD, influenza declined last season": {"conditions": COPD, "events": [(FLU, "2025-08-31", "declined")]},
    "COPD, influenza declined, then given": {
        "conditions": COPD, "events": [(FLU, "2025-09-01", "declined"), (FLU, "2025-12-01")]},
    "COPD, pneumococcal declined, then given": {
        "conditions": COPD, "events": [(PNEUMO, "2018-01-01", "declined"), (PNEUMO, "2019-01-01")]},
    "COPD, vaccinated on 31 August": {"conditions": COPD, "events": [(FLU, "2025-08-31")]},
    "COPD, vaccinated on 1 September": {"conditions": COPD, "events": [(FLU, "2025-09-01")]},
    "COPD, pneumococcal in 1999": {"conditions": COPD, "events": [(PNEUMO, "1999-01-01")]},
    "COPD, pneumococcal unsuitable": {"conditions": COPD, "events": [(PNEUMO, "2019-01-01", "unsuitable")]},
    "COPD": {"conditions": COPD},
    "smokes, supported a year ago": {"smoked": {"2026-01-01": 10}, "events": [(STOP, "2025-07-01")]},
    "stopped": {"smoked": {"2026-01-01": 10, "2026-03-01": 0}},
    "smokes, declined": SMOKES | {"events": [(STOP, "2025-07-01", "declined")]},
    "smokes, declined long ago": SMOKES | {"events": [(STOP, "2025-06-30", "declined")]},
    "smokes, declined, then supported": SMOKES | {"events": [(STOP, "2026-01-01", "declined"), (STOP, "2026-02-01")]},
    "smokes, supported a year and a day ago": SMOKES | {"events": [(STOP, "2025-06-30")]},
    "smokes, misuses alcohol": {
        "smoked": {"2026-01-01": 10}, "conditions": [("alcohol_misuse", "2024-01-01")]},
    "smokes, decile 2": SMOKES,
    "smokes, decile 3": {"smoked": {"2026-01-01": 10}, "imd_decile": 3},
}  # fmt: skip


@pytest.fixture(scope="module")
def table():
    return on_day(ON, PATIENTS)


def of_patient(frame, table, who):
    """What holds of a patient, by name; what is not asked of them is left out."""
    row = frame[table.people["person_id"] == who].iloc[0].dropna()
    return {name: bool(value) for name, value in row.items()}


def measured(table, who):
    return of_patient(table.measures, table, who)


def gaps(table, who):
    return {name for name, open_ in of_patient(table.gaps, table, who).items() if open_}


def reasons(table, who):
    return {name for name, met in of_patient(table.reasons, table, who).items() if met}


# -- whom to reach -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("decile 1", {"Core20"}),
        ("decile 2", {"Core20"}),
        ("decile 3", set()),
        ("no decile", set()),
        ("Irish", {"PLUS: ethnic minority"}),
        ("Chinese", {"PLUS: ethnic minority"}),
        ("no group", set()),
        ("not stated", set()),
        ("learning disability", {"PLUS: learning disability or autism"}),
        ("homeless", {"PLUS: inclusion health"}),
        ("no longer homeless", set()),
        ("misuses substances", {"PLUS: inclusion health"}),
        ("misused substances", set()),
        ("misuses alcohol", {"PLUS: inclusion health"}),
        ("misused alcohol", set()),
        ("admitted from prison", {"PLUS: inclusion health"}),
        ("admitted from prison today", set()),
        ("Gypsy or Irish Traveller", {"PLUS: ethnic minority", "PLUS: inclusion health"}),
        ("Roma", {"PLUS: ethnic minority", "PLUS: inclusion health"}),
        ("Any other White", {"PLUS: ethnic minority"}),
        ("British", set()),
        ("Roma, 18 tomorrow", set()),
        ("homeless, 18 tomorrow", set()),
        ("one condition", set()),
        ("two conditions", {"PLUS: multimorbidity"}),
        ("18 today, decile 1", {"Core20"}),
        ("18 tomorrow, decile 1", set()),
    ],
)
def test_adults_are_in_core20_or_a_plus_group_as_far_as_records_show(table, who, why):
    assert reasons(table, who) == why
    assert table.cohort[table.people["person_id"] == who].all() == bool(why)


@pytest.mark.parametrize(
    ("who", "priority"),
    [
        ("decile 1 and learning disability", 1),
        ("decile 1 and Irish", 1),
        ("decile 1 and two conditions", 1),
        ("decile 1 and misuses alcohol", 1),
        ("decile 1", 2),
        ("learning disability", 3),
        ("Irish", 3),
        ("misuses alcohol", 3),
    ],
)
def test_whoever_is_in_core20_and_a_plus_group_goes_first(table, who, priority):
    assert table.people.set_index("person_id").loc[who, "priority"] == priority


@pytest.mark.parametrize("year", YEARS)
def test_the_groups_are_those_of_the_model_core20plus5(year):
    ours = {one.name: one.when for _, one in find_service(NAME, year).cohort.elements()}
    theirs = {one.name: one.when for _, one in find_model("core20plus5_adults").elements()}
    assert {name: theirs[name] for name in ours} == ours
    assert "PLUS: protected characteristics and coastal communities" in set(theirs) - set(ours)


# -- learning disability -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "met"),
    [
        ("check a year and a day ago", False),
        ("check a year ago", True),
        ("check yesterday", True),
        ("check today", False),
        ("14 today", False),
        ("declined, then done", True),
        ("declined long ago", False),
    ],
)
def test_the_register_is_asked_for_a_check_in_the_12_months_before_the_index_date(table, who, met):
    assert measured(table, who)[LD_CHECK] is met
    assert (NO_CHECK in gaps(table, who)) is not met


@pytest.mark.parametrize("who", ["14 tomorrow", "Irish", "declined"])
def test_who_is_13_not_on_the_register_or_declined_is_not_asked_of_and_has_no_gap(table, who):
    assert LD_CHECK not in measured(table, who)
    assert NO_CHECK not in gaps(table, who)


@pytest.mark.parametrize(
    ("who", "met"),
    [
        ("plan a day before the check", False),
        ("plan on the day", True),
        ("plan a month later", True),
        ("plan after the check before", True),
    ],
)
def test_an_action_plan_counts_on_the_day_of_a_check_or_later(table, who, met):
    assert measured(table, who)[HI_03] is met
    assert (NO_PLAN in gaps(table, who)) is not met


@pytest.mark.parametrize(
    ("who", "met"), [("checked, Irish", True), ("checked, not stated", True), ("checked, not known", False)]
)
def test_a_group_that_is_not_stated_counts_and_one_that_is_not_known_is_a_gap(table, who, met):
    assert measured(table, who)[HI_03] is met
    assert measured(table, who)[HI_02] is met
    assert (NO_GROUP in gaps(table, who)) is not met


def test_the_target_of_the_indicator_is_no_more_than_carried_over():
    [measure] = [one for one in find_service(NAME, YEAR).measures if one.name == HI_03]
    assert (measure.target.number, measure.target.standing) == (0.8, "carried over from 2022/23, to verify")


# -- severe mental illness, COPD, smoking ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "measure", "gap", "met"),
    [
        ("ill, check a year ago", SMI_CHECK, NO_SMI, True),
        ("ill, check a year and a day ago", SMI_CHECK, NO_SMI, False),
        ("COPD, vaccinated on 31 August", FLU_GIVEN, NO_FLU, False),
        ("COPD, vaccinated on 1 September", FLU_GIVEN, NO_FLU, True),
        ("COPD, pneumococcal in 1999", PNEUMO_GIVEN, NO_PNEUMO, True),
        ("COPD", PNEUMO_GIVEN, NO_PNEUMO, False),
        ("smokes, supported a year ago", SUPPORTED, NO_STOP, True),
        ("smokes, supported a year and a day ago", SUPPORTED, NO_STOP, False),
        ("smokes, decile 2", SUPPORTED, NO_STOP, False),
        ("smokes, misuses alcohol", SUPPORTED, NO_STOP, False),
    ],
)
def test_what_the_clinical_areas_ask_for(table, who, measure, gap, met):
    assert measured(table, who)[measure] is met
    assert (gap in gaps(table, who)) is not met


def test_who_does_not_smoke_now_is_not_asked_of_and_smokers_elsewhere_have_no_gap(table):
    assert SUPPORTED not in measured(table, "stopped")
    assert measured(table, "smokes, decile 3")[SUPPORTED] is False
    assert NO_STOP not in gaps(table, "smokes, decile 3")


@pytest.mark.parametrize(
    ("who", "measure", "gap"),
    [
        ("declined", HI_03, NO_PLAN),
        ("checked, plan declined", HI_03, NO_PLAN),
        ("ill, declined", SMI_CHECK, NO_SMI),
        ("COPD, influenza declined this season", FLU_GIVEN, NO_FLU),
        ("smokes, declined", SUPPORTED, NO_STOP),
    ],
)
def test_who_declined_is_not_asked_of_and_has_no_gap(table, who, measure, gap):
    assert measure not in measured(table, who)
    assert gap not in gaps(table, who)


@pytest.mark.parametrize(
    ("who", "measure", "gap"),
    [
        ("checked, plan declined long ago", HI_03, NO_PLAN),
        ("ill, declined long ago", SMI_CHECK, NO_SMI),
        ("COPD, influenza declined last season", FLU_GIVEN, NO_FLU),
        ("smokes, declined long ago", SUPPORTED, NO_STOP),
    ],
)
def test_who_declined_before_that_time_is_asked_again(table, who, measure, gap):
    assert measured(table, who)[measure] is False
    assert gap in gaps(table, who)


@pytest.mark.parametrize(
    ("who", "measure", "gap"),
    [
        ("plan declined, then made", HI_03, NO_PLAN),
        ("ill, declined, then checked", SMI_CHECK, NO_SMI),
        ("COPD, influenza declined, then given", FLU_GIVEN, NO_FLU),
        ("COPD, pneumococcal declined, then given", PNEUMO_GIVEN, NO_PNEUMO),
        ("smokes, declined, then supported", SUPPORTED, NO_STOP),
    ],
)
def test_what_was_done_counts_though_it_was_declined_before(table, who, measure, gap):
    assert measured(table, who)[measure] is True
    assert gap not in gaps(table, who)


def test_for_whom_a_vaccination_is_not_suitable_there_is_no_gap(table):
    assert PNEUMO_GIVEN not in measured(table, "COPD, pneumococcal unsuitable")
    assert NO_PNEUMO not in gaps(table, "COPD, pneumococcal unsuitable")


def test_from_1_september_last_seasons_vaccination_counts_no_more():
    who = {"p": {"conditions": COPD, "events": [(FLU, "2025-10-01")]}}
    assert measured(on_day(dt.date(2026, 8, 31), who), "p")[FLU_GIVEN]
    assert measured(on_day(dt.date(2026, 9, 1), who), "p")[FLU_GIVEN] is False


def test_a_missed_vaccination_is_due_when_the_next_season_begins():
    assert seasons(dt.date(2026, 4, 1), "09-01", "03-31") == (dt.date(2025, 9, 1), dt.date(2026, 9, 1))
    assert seasons(dt.date(2026, 3, 31), "09-01", "03-31") == (dt.date(2025, 9, 1), None)
    assert seasons(dt.date(2026, 9, 1), "09-01", "03-31") == (dt.date(2026, 9, 1), None)
    [gap] = [one for one in find_service(NAME, YEAR).gaps if one.name == NO_FLU]
    assert (gap.due.column, gap.due.months) == ("next_influenza_season_date", 0)


# -- what is not there -------------------------------------------------------------------------------------


def test_where_no_decline_is_ever_recorded_everything_is_assessed_in_part_and_gaps_are_still_found():
    events = [care_event("q", event, "2026-05-01") for event in EVENTS]
    ill = [condition("p", "learning_disability", "2010-01-01")]
    table = service_table(
        kept(population_of([person("p"), person("q")], conditions=ill, care_events=events)), NAME, YEAR
    )
    assert table.status[MEASURE, LD_CHECK] == table.status[GAP, NO_CHECK] == PARTLY
    assert NO_CHECK in gaps(table, "p")


def test_without_events_of_care_no_check_could_be_assessed_and_nobody_has_a_gap_for_want_of_one():
    ill = [condition("p", "learning_disability", "2010-01-01")]
    table = service_table(kept(population_of([person("p")], conditions=ill)), NAME, YEAR)
    assert set(table.measures) == {HI_02}
    assert set(table.gaps) == {NO_GROUP}
