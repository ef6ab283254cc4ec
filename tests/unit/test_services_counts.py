"""What is counted of a service: cohort, measures, gaps and work, of a few people at home. The day is 1 July 2026."""

from dataclasses import replace

import pandas as pd
import pytest
from vignettes import ON, care_event, person, person_rows, population_of, table

from pcn_analysis.release import release
from pcn_analysis.services import counts, work
from pcn_analysis.services.service_table import service_table

pytestmark = pytest.mark.unit

SERVICE = "proactive_care"
PLAN, TEAM = "Personalised care and support plan in 12 months", "Reviewed by a multidisciplinary team in 12 months"
NO_PLAN, NO_TEAM = (
    "No personalised care and support plan in 12 months",
    "Severe frailty, and no multidisciplinary review in 12 months",
)
FRAIL = {"age": 80, "sex": "female", "efi_category": "moderate", "care_home": False, "palliative_care_date": None,
         "imd_decile": 1, "ethnicity": None, "practice_code": "A00001"}  # fmt: skip


def patient(who, **differs):
    return {"person_id": who, **FRAIL, **differs}


PATIENTS = [
    patient("planned"),
    patient("planned long ago", imd_decile=10),
    patient("declined", efi_category="severe"),
    patient("seen", efi_category="severe"),
    patient("young", age=64),
    patient("in a home", care_home=True),
    patient("well", efi_category="fit"),
]
EVENTS = [
    care_event("planned", "care_and_support_plan", "2025-07-01"),
    care_event("planned long ago", "care_and_support_plan", "2025-06-30"),
    care_event("declined", "care_and_support_plan", "2026-01-01", "declined"),
    care_event("seen", "mdt_review", "2026-06-30"),
    care_event("seen", "care_and_support_plan", "2026-07-01"),
    care_event("well", "care_and_support_plan", "2026-01-01"),
]


def network(patients=PATIENTS, events=EVENTS):
    population = population_of([person("somebody")], conditions=[], medications=[], measurements=[])
    tables = population.tables | {"person_table": person_rows(*patients), "care_events": table("care_events", events)}
    if events is None:
        del tables["care_events"]
    return replace(population, tables=tables)


@pytest.fixture
def seven():
    return network()


def rows(sourced, *columns):
    return list(sourced.frame[list(columns)].itertuples(index=False, name=None))


def named(found, mask):
    return sorted(found.people["person_id"][mask.fillna(False).astype(bool)])


def test_the_cohort_is_that_of_proactive_care(seven):
    found = service_table(seven, SERVICE, "2026/27")
    assert named(found, found.cohort) == ["declined", "planned", "planned long ago", "seen"]


def test_a_plan_of_the_first_day_of_the_window_counts_and_one_of_the_day_before_does_not(seven):
    found = service_table(seven, SERVICE, "2026/27")
    assert named(found, found.measures[PLAN]) == ["planned"]


def test_nothing_recorded_on_the_index_date_counts(seven):
    found = service_table(seven, SERVICE, "2026/27")
    assert "seen" in named(found, found.gaps[NO_PLAN]), f"their plan is of {ON}, which is not over"


def test_a_measure_says_nothing_of_those_whom_it_does_not_concern(seven):
    found = service_table(seven, SERVICE, "2026/27")
    outside = found.people["person_id"].isin(["young", "in a home", "well"])
    assert found.measures[PLAN][outside].isna().all()
    assert found.measures[PLAN][~outside].notna().all()


def test_a_plan_that_was_declined_is_no_plan(seven):
    found = service_table(seven, SERVICE, "2026/27")
    assert "declined" in named(found, found.gaps[NO_PLAN])


@pytest.mark.parametrize(
    ("frailty", "event", "met", "open_gaps"),
    [
        ("severe", ("mdt_review", "2025-07-01"), {TEAM}, {NO_PLAN}),
        ("severe", ("mdt_review", "2025-06-30"), set(), {NO_PLAN, NO_TEAM}),
        ("severe", ("mdt_review", "2026-07-01"), set(), {NO_PLAN, NO_TEAM}),
        ("severe", ("care_and_support_plan", "2025-07-01"), {PLAN}, {NO_TEAM}),
        ("moderate", ("mdt_review", "2025-06-30"), set(), {NO_PLAN}),
        ("moderate", ("care_and_support_plan", "2025-06-30"), set(), {NO_PLAN}),
    ],
)
def test_who_has_a_plan_and_a_review_of_12_months_and_what_is_open(frailty, event, met, open_gaps):
    known = [care_event("well", what, "2020-01-01") for what in ("mdt_review", "care_and_support_plan")]
    one = network([patient("p", efi_category=frailty), patient("well", efi_category="fit")],
                  [care_event("p", *event), *known])  # fmt: skip
    found = service_table(one, SERVICE, "2026/27")
    assert {name for name in (PLAN, TEAM) if "p" in named(found, found.measures[name])} == met
    assert {name for name in (NO_PLAN, NO_TEAM) if "p" in named(found, found.gaps[name])} == open_gaps


@pytest.mark.parametrize(
    ("differs", "why"),
    [
        ({"efi_category": "severe"}, {"Severe frailty"}),
        ({}, {"Moderate frailty"}),
        ({"efi_category": "mild"}, set()),
        ({"age": 65}, {"Moderate frailty"}),
    ],
)
def test_frailty_is_the_reason_for_proactive_care(differs, why):
    found = service_table(network([patient("p", **differs)]), SERVICE, "2026/27")
    assert {name for name in found.reasons if found.reasons[name].iloc[0]} == why


def test_measures_are_counted_of_the_people_whom_they_concern(seven):
    assert rows(counts.measures(seven, services=[SERVICE]), "measure", "people", "of", "status") == [
        (PLAN, 1, 4, "assessed"),
        (TEAM, 1, 4, "assessed"),
    ]


def test_reasons_are_counted_among_the_cohort(seven):
    assert rows(counts.reasons(seven, SERVICE), "reason", "people", "of") == [
        ("Severe frailty", 2, 4),
        ("Moderate frailty", 2, 4),
    ]


def test_a_measure_by_deprivation_adds_up_to_the_measure(seven):
    fifths = counts.by_deprivation(seven, services=[SERVICE]).frame
    plan = fifths[fifths["measure"] == PLAN]
    assert plan.set_index("deprivation_fifth")[["people", "of"]].loc["most deprived"].to_list() == [1, 3]
    assert (int(plan["people"].sum()), int(plan["of"].sum())) == (1, 4)


def test_a_measure_by_practice_names_the_practice(seven):
    assert rows(counts.by_practice(seven, SERVICE), "measure", "practice_name", "people", "of") == [
        (PLAN, "Quayside Surgery", 1, 4),
        (TEAM, "Quayside Surgery", 1, 4),
    ]


def test_the_same_work_of_two_contract_years_is_never_held_to_be_the_same_people(seven):
    """Rules differ between years: who needs a task in one need not need it in the other."""
    named = [
        str(sorted(table.counted["people"].means["service", "task"].values()))
        for table in (work.work(seven, year, services=[SERVICE]) for year in ("2025/26", "2026/27"))
    ]
    assert "2025/26" in named[0]
    assert "2026/27" in named[1]


def test_nothing_that_rules_of_a_year_decide_is_held_to_be_the_same_in_another(seven):
    """Last year's rules can be put to the same people, and both pages leave. Only the cohort knows no contract year."""
    made = {year: [*_named(counts.measures(seven, year, [SERVICE])), *_named(work.gaps(seven, year, [SERVICE]))]
            for year in ("2025/26", "2026/27")}  # fmt: skip
    shared = set(made["2025/26"]) & set(made["2026/27"])
    assert {name for name in shared if name.startswith(("measure", "gap"))} == set()
    assert "steps of Proactive care" in shared


def _named(table):
    rows = table.frame.to_dict("records")
    return [name for counted in table.counted.values() for row in rows for name, _ in counted.box(row) or ()]


def test_gaps_and_work_count_the_same_people(seven):
    assert rows(work.gaps(seven, services=[SERVICE]), "gap", "people", "of") == [(NO_PLAN, 3, 4), (NO_TEAM, 1, 4)]
    assert rows(work.work(seven, services=[SERVICE]), "task", "role", "people", "minutes", "standing") == [
        ("Holistic assessment and plan", "care coordinator", 3, 60, "our choice"),
        ("Multidisciplinary discussion", "GP", 1, 15, "our choice"),
    ]


def test_hours_follow_from_what_is_released_and_not_from_who_is_there(seven):
    hours = release(work.work(seven, services=[SERVICE])).followed_by(work.hours).frame["hours"]
    assert hours.isna().all(), "three people and one are too few to show, and so are their hours"


def test_without_a_record_of_such_events_nothing_is_said_to_be_missing():
    """Where no events of care were delivered, nobody is told to have no plan."""
    for events in (None, [], [care_event("planned", "fit_test", "2026-01-01")]):
        found = service_table(network(events=events), SERVICE, "2026/27")
        assert found.gaps.columns.to_list() == []
        assert found.status["measure", PLAN] == "not assessed"
        assert found.missing["measure", PLAN] == ("care_and_support_plan_date",)
        told = counts.measures(network(events=events), services=[SERVICE])
        assert told.frame["people"].isna().all()


def test_where_nobody_knows_who_is_in_the_cohort_nothing_is_counted_of_it():
    without = network([{name: value for name, value in row.items() if name != "efi_category"} for row in PATIENTS])
    found = service_table(without, SERVICE, "2026/27")
    assert "moderate or severe frailty could not be assessed" in found.why_not
    assert found.missing["measure", PLAN] == ("who is in the cohort", "care_and_support_plan_date")[:1]
    assert counts.reasons(without, SERVICE).frame["people"].isna().all()


def test_every_count_says_whom_it_counts(seven):
    for made in (counts.measures(seven, services=[SERVICE]), counts.by_deprivation(seven, services=[SERVICE]),
                 counts.by_practice(seven, SERVICE), counts.reasons(seven, SERVICE)):  # fmt: skip
        assert set(made.counted) == set(made.counts)
        for name, counted in made.counted.items():
            assert all(counted.of_row(row) is not None for row in made.frame.to_dict("records")), name


def test_the_people_of_a_measure_are_among_those_whom_it_concerns(seven):
    table_of = counts.measures(seven, services=[SERVICE])
    row = table_of.frame.to_dict("records")[0]
    people, of = (dict(table_of.counted[name].box(row)) for name in ("people", "of"))
    assert people[f"measure: Proactive care, 2026/27: {PLAN}"] == ("met",)
    assert of[f"measure: Proactive care, 2026/27: {PLAN}"] == ("met", "not met")
    assert {name: classes for name, classes in people.items() if "measure" not in name} == {
        name: classes for name, classes in of.items() if "measure" not in name
    }


def test_it_is_found_once_and_kept(seven):
    assert service_table(seven, SERVICE, "2026/27") is service_table(seven, SERVICE, "2026/27")
    assert isinstance(service_table(seven, SERVICE, "2026/27").people, pd.DataFrame)
