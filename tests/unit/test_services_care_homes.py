"""Enhanced health in care homes: residents, plans within seven working days, rounds. The day is 1 July 2026."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from vignettes import NETWORK, ON, by_person, care_event, contact, person, person_rows, plain, population_of, stay

from pcn_analysis.contract.years import YEARS
from pcn_analysis.counted import Counted
from pcn_analysis.person_table import table_of
from pcn_analysis.release import release
from pcn_analysis.services.care_homes import beds, counts, with_columns
from pcn_analysis.services.care_homes.working_days import bank_holidays, due_dates
from pcn_analysis.services.catalogue import find_service
from pcn_analysis.services.counts import measures, reasons
from pcn_analysis.services.service_table import service_table
from tests.declared_counts import problems_of

pytestmark = pytest.mark.unit

OAKS, ELMS, ASHES = "1-100000001", "1-100000002", "1-100000003"
HOMES = [
    {"care_home_code": OAKS, "care_home_name": "The Oaks", "beds": 40, "nursing": True, "pcn_code": NETWORK},
    {"care_home_code": ELMS, "care_home_name": "The Elms", "beds": 20, "nursing": False, "pcn_code": "U00002"},
    {"care_home_code": ASHES, "care_home_name": "The Ashes", "beds": 10, "nursing": False, "pcn_code": None},
]
PLAN, ASSESSMENT, REVIEW = "care_and_support_plan", "care_home_assessment", "structured_medication_review"
IN_TIME, ASSESSED_IN_TIME, EACH_WEEK, REVIEWED = (
    "Plan within seven working days of coming to the home",
    "Assessment within seven working days of coming to the home",
    "Seen by a round in each of the last four weeks",
    "Structured medication review in 12 months",
)
NO_PLAN, NO_ASSESSMENT = (
    "No personalised care and support plan since coming to the home",
    "No comprehensive assessment since coming to the home",
)
STAYS, FLAGGED = "Stays in a care home", "Flagged as living in a care home"


RESIDENT = {
    "age": 86, "sex": "female", "practice_code": "A00001", "imd_decile": 5, "ethnicity": None, "care_home": True,
    "n_medications": 4,
}  # fmt: skip


def patient(who, **differs):
    return {"person_id": who, **RESIDENT, **differs}


def network(stays=(), events=(), *, people=(), homes=HOMES, encounters=(), died=(), on=ON, with_stays=True):
    """People with these stays, each 86 years old and flagged as living in a home unless given otherwise."""
    given = {one["person_id"] for one in people}
    others = dict.fromkeys(one["person_id"] for one in stays if one["person_id"] not in given)
    mine = [*people, *(patient(who) for who in others)]
    deaths = dict(died)
    records = {
        "care_home_stays": list(stays) if with_stays else None, "care_events": list(events), "care_homes": homes,
        "encounters": list(encounters), "conditions": [], "medications": [], "measurements": [],
    }  # fmt: skip
    persons = [person(one["person_id"], death_date=deaths.get(one["person_id"])) for one in mine]
    population = population_of(
        persons, index_date=on, **{name: one for name, one in records.items() if one is not None}
    )
    return replace(population, tables=population.tables | {"person_table": person_rows(*mine)})


def became_of(events, *stays, on=ON):
    """What became of the plan that was due to each person, and until when it was in time."""
    population = network(stays, [*events, care_event("nobody", PLAN, "2020-01-01")], on=on)
    rows = with_columns(table_of(population), population, "2025/26")
    return by_person(rows, "plan_in_home", "care_home_due_date")


def planned(who, date, outcome="done"):
    return care_event(who, PLAN, date, outcome)


# -- seven working days ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "due", "why"),
    [
        ("2026-06-01", "2026-06-10", "a Monday: the next working day is the first, and a weekend lies between"),
        ("2026-06-06", "2026-06-16", "a Saturday: the Monday after it is the first working day"),
        ("2026-04-02", "2026-04-15", "Thursday before Easter: Good Friday and Easter Monday do not count"),
        ("2025-12-24", "2026-01-07", "Christmas Eve: Christmas Day, Boxing Day and New Year's Day do not count"),
        ("2025-12-25", "2026-01-07", "Christmas Day is no working day itself: as if on the day before"),
        ("2022-09-16", "2022-09-28", "the day of the state funeral, 19 September 2022, does not count"),
        ("2023-05-03", "2023-05-15", "the bank holiday for the coronation, 8 May 2023, does not count"),
    ],
)
def test_the_last_day_in_time_is_the_seventh_working_day_after_the_day_of_admission(came, due, why):
    day = dt.date.fromisoformat(came)
    assert str(due_dates(day, day, 7)["due_date"][0].date()) == due, why


def test_bank_holidays_of_one_year_only_are_among_them():
    days = {str(day) for day in bank_holidays(2020, 2023)}
    assert {"2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"} <= days
    assert "2020-05-04" not in days, "the early May holiday of 2020 was moved to the Friday"
    assert "2022-05-30" not in days, "the spring holiday of 2022 was moved to June"


def test_a_plan_on_the_seventh_working_day_is_in_time_and_on_the_eighth_late():
    found = became_of(
        [planned("seventh", "2026-04-15"), planned("eighth", "2026-04-16")],
        stay("seventh", OAKS, "2026-04-02"),
        stay("eighth", OAKS, "2026-04-02"),
    )
    assert found == {"seventh": ("in time", "2026-04-15"), "eighth": ("late", "2026-04-15")}


def test_without_a_plan_the_last_day_in_time_is_not_yet_overdue():
    found = became_of([], stay("today", OAKS, "2026-06-22"), stay("yesterday", OAKS, "2026-06-19"))
    assert found == {"today": ("not yet due", "2026-07-01"), "yesterday": ("overdue", "2026-06-30")}


def test_a_plan_of_the_index_date_is_not_known_yet():
    found = became_of([planned("a", ON.isoformat())], stay("a", OAKS, "2026-06-01"))
    assert found == {"a": ("overdue", "2026-06-10")}


def test_a_plan_that_was_declined_or_offered_is_no_plan():
    events = [planned("declined", "2026-06-03", "declined"), planned("offered", "2026-06-03", "offered")]
    found = became_of(events, stay("declined", OAKS, "2026-06-01"), stay("offered", OAKS, "2026-06-01"))
    assert {state for state, _ in found.values()} == {"overdue"}


def test_a_plan_before_the_admission_is_not_one_of_the_stay_and_one_of_its_first_day_is():
    events = [planned("before", "2026-05-31"), planned("same day", "2026-06-01")]
    found = became_of(events, stay("before", OAKS, "2026-06-01"), stay("same day", OAKS, "2026-06-01"))
    assert {who: state for who, (state, _) in found.items()} == {"before": "overdue", "same day": "in time"}


def test_who_moves_to_another_home_starts_anew_even_if_nobody_recorded_the_end_of_the_first_stay():
    moved = [stay("a", OAKS, "2026-05-01"), stay("a", ELMS, "2026-06-08", arrived_from="other_care_home")]
    assert became_of([planned("a", "2026-05-05")], *moved) == {"a": ("overdue", "2026-06-17")}
    assert became_of([planned("a", "2026-06-09")], *moved) == {"a": ("in time", "2026-06-17")}


def test_a_return_from_hospital_after_two_days_is_a_readmission():
    back = [
        stay("a", OAKS, "2025-01-06", ended="2026-06-15"),
        stay("a", OAKS, "2026-06-17", arrived_from="hospital"),
    ]
    assert became_of([planned("a", "2025-01-08")], *back) == {"a": ("overdue", "2026-06-26")}
    assert became_of([planned("a", "2026-06-26")], *back) == {"a": ("in time", "2026-06-26")}


def test_a_stay_that_ended_is_no_stay_and_one_that_ends_on_the_index_date_neither():
    found = became_of(
        [],
        stay("left", OAKS, "2026-05-01", ended="2026-06-30"),
        stay("leaves", OAKS, "2026-05-01", ended=ON.isoformat()),
        stay("will leave", OAKS, "2026-05-01", ended="2026-07-02"),
    )
    assert {who for who, (state, _) in found.items() if state} == {"will leave"}


def test_the_same_stay_recorded_twice_counts_once():
    population = network([stay("a", OAKS, "2026-06-01"), stay("a", OAKS, "2026-06-01")], [planned("a", "2026-06-02")])
    assert counts.timeliness(population).frame["stays"].to_list() == [1]


# -- stays of a year ---------------------------------------------------------------------------------------


def test_stays_of_twelve_months_are_counted_by_what_became_of_the_plan():
    population = network(
        [
            stay("in time", OAKS, "2025-07-01", ended="2025-09-01"),
            stay("late", OAKS, "2026-01-05"),
            stay("overdue", OAKS, "2026-06-01"),
            stay("left without", OAKS, "2026-03-02", ended="2026-04-01"),
            stay("left before", OAKS, "2026-06-01", ended="2026-06-10"),
            stay("died", OAKS, "2026-06-01"),
            stay("new", OAKS, "2026-06-29"),
            stay("of last year", OAKS, "2025-06-30"),
        ],
        [planned("in time", "2025-07-02"), planned("late", "2026-02-02")],
        died=[("died", "2026-06-04")],
    )
    row = counts.timeliness(population).frame.iloc[0]
    assert row[["in_time", "late", "overdue", "not_yet_due", "left_before", "came_due", "stays"]].to_list() == [
        1, 1, 2, 1, 2, 4, 7,
    ]  # fmt: skip
    assert row["share"] == 0.25
    assert row["working_days"] == 7


def test_who_leaves_on_the_day_after_it_was_due_was_due_a_plan():
    population = network(
        [
            stay("on the day", OAKS, "2026-06-01", ended="2026-06-10"),
            stay("after", OAKS, "2026-06-01", ended="2026-06-11"),
        ],
        [planned("somebody", "2020-01-01")],
    )
    row = counts.timeliness(population).frame.iloc[0]
    assert row[["overdue", "left_before"]].to_list() == [1, 1]


def test_of_an_assessment_that_nobody_records_nothing_is_said():
    population = network([stay("a", OAKS, "2026-06-01")], [planned("a", "2026-06-02")])
    assert counts.timeliness(population).frame["thing"].to_list() == ["Personalised care and support plan"]
    found = service_table(population, "care_homes", "2025/26")
    unknown = [name for (kind, name), how in found.status.items() if kind == "measure" and how == "not assessed"]
    assert "Assessment within seven working days of coming to the home" in unknown


# -- the cohort --------------------------------------------------------------------------------------------


@pytest.fixture
def mixed():
    """Recorded both ways, by a stay alone, by a flag alone, a child, and somebody at home."""
    return network(
        [stay("both", OAKS, "2026-01-05"), stay("stay only", ELMS, "2026-01-05"), stay("child", OAKS, "2026-01-05")],
        [planned("both", "2026-01-06"), care_event("both", "care_home_round", "2026-06-30")],
        people=[
            patient("stay only", care_home=False),
            patient("flag only"),
            patient("child", age=17),
            patient("at home", care_home=False),
            patient("not known", care_home=None),
        ],
    )


def test_residents_are_adults_with_a_stay_or_a_flag(mixed):
    found = service_table(mixed, "care_homes", "2025/26")
    assert set(found.people["person_id"][found.cohort]) == {"both", "stay only", "flag only"}
    why = {name: set(found.people["person_id"][found.reasons[name] & found.cohort]) for name in found.reasons}
    assert why == {STAYS: {"both", "stay only"}, FLAGGED: {"both", "flag only"}}


def test_who_is_eighteen_is_an_adult():
    population = network([stay("adult", OAKS, "2026-01-05")], people=[patient("adult", age=18)])
    assert service_table(population, "care_homes", "2025/26").cohort.to_list() == [True]


def test_where_stays_and_flags_disagree_it_is_said_how_often(mixed):
    frame = counts.recorded_as(mixed).frame
    assert dict(zip(frame["recorded_as"], frame["people"], strict=True)) == {
        "a stay and a flag": 1, "a stay, no flag": 1, "a flag, no stay": 1,
    }  # fmt: skip
    found = service_table(mixed, "care_homes", "2025/26")
    gap = found.gaps["Flagged as living in a care home, and no stay is recorded"]
    assert found.people["person_id"][gap].to_list() == ["flag only"]


def test_flags_alone_are_enough_for_a_cohort_and_nothing_can_disagree():
    population = network(people=[patient("a")], with_stays=False)
    assert service_table(population, "care_homes", "2025/26").cohort.to_list() == [True]
    assert counts.recorded_as(population).frame.empty
    assert counts.timeliness(population).frame.empty
    assert counts.emergency_admissions(population).frame["status"].to_list() == ["not assessed"]


def test_how_residents_are_recorded_is_tied_to_the_reasons_for_being_in_the_cohort(mixed):
    counted = counts.recorded_as(mixed).counted["people"]
    assert isinstance(counted, Counted)
    reasons = {dimension for never in counted.never for dimension, _ in never if dimension.startswith("reason for")}
    stay_reason, flag_reason = sorted(reasons, reverse=True)
    assert (stay_reason, flag_reason) == (
        "reason for Enhanced health in care homes, 2026/27: Stays in a care home",
        "reason for Enhanced health in care homes, 2026/27: Flagged as living in a care home",
    )


# -- what was due ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def due():
    """Residents by what became of what was due to them; of whoever came on 1 June it was due by 10 June."""
    came = {"in time": "2026-06-01", "late": "2026-06-01", "overdue": "2026-06-01", "of the home before": "2026-06-01",
            "new": "2026-06-22"}  # fmt: skip
    done = {"in time": "2026-06-10", "late": "2026-06-11", "of the home before": "2026-05-31"}
    events = [care_event(who, what, day) for who, day in done.items() for what in (PLAN, ASSESSMENT)]
    population = network(
        [stay(who, OAKS, day) for who, day in came.items()], events, people=[patient("no stay is recorded")]
    )
    return service_table(population, "care_homes", "2025/26")


@pytest.mark.parametrize("asked", [(IN_TIME, NO_PLAN), (ASSESSED_IN_TIME, NO_ASSESSMENT)], ids=[PLAN, ASSESSMENT])
@pytest.mark.parametrize(
    ("who", "met", "open_"),
    [
        ("in time", True, False),
        ("late", False, False),
        ("overdue", False, True),
        ("of the home before", False, True),
        ("new", None, True),
        ("no stay is recorded", None, False),
    ],
)
def test_plan_and_assessment_are_asked_of_dated_stays_and_open_until_they_are_made(due, asked, who, met, open_):
    measure, gap = asked
    row = due.people["person_id"] == who
    assert plain(due.measures.loc[row, measure].iloc[0]) is met
    assert bool(due.gaps.loc[row, gap].iloc[0]) is open_


def test_a_plan_is_no_assessment():
    population = network(
        [stay("a", OAKS, "2026-06-01")], [planned("a", "2026-06-02"), care_event("b", ASSESSMENT, "2020-01-01")]
    )
    found = service_table(population, "care_homes", "2025/26")
    assert not found.gaps[NO_PLAN].iloc[0]
    assert found.gaps[NO_ASSESSMENT].iloc[0]


def test_a_medication_review_of_a_resident_counts_for_12_months():
    days = {"a year and a day ago": "2025-06-30", "a year ago": "2025-07-01", "yesterday": "2026-06-30",
            "today": "2026-07-01"}  # fmt: skip
    population = network(
        [stay(who, OAKS, "2024-01-08") for who in days], [care_event(who, REVIEW, day) for who, day in days.items()]
    )
    found = service_table(population, "care_homes", "2025/26")
    assert set(found.people["person_id"][found.measures[REVIEWED]]) == {"a year ago", "yesterday"}


# -- rounds ------------------------------------------------------------------------------------------------


def seen(who, *days):
    return [care_event(who, "care_home_round", day) for day in days]


WEEKLY = ("2026-06-30", "2026-06-23", "2026-06-16", "2026-06-09")


def test_seen_in_each_of_the_last_four_weeks():
    population = network(
        [stay("each", OAKS, "2026-01-05"), stay("three", OAKS, "2026-01-05"), stay("twice in one", OAKS, "2026-01-05"),
         stay("none", OAKS, "2026-01-05"), stay("new", OAKS, "2026-06-04"), stay("four weeks", OAKS, "2026-06-03")],
        [*seen("each", *WEEKLY), *seen("three", *WEEKLY[:3]), *seen("twice in one", "2026-06-30", *WEEKLY[:3]),
         *seen("none", "2026-06-02"), *seen("four weeks", "2026-07-01", "2026-06-24", "2026-06-17", "2026-06-10",
                                            "2026-06-03")],
    )  # fmt: skip
    found = service_table(population, "care_homes", "2025/26")
    met = dict(zip(found.people["person_id"], found.measures[EACH_WEEK].astype("object"), strict=True))
    assert met["each"] is True
    assert met["four weeks"] is True, "came 28 days ago; a week begins with a Wednesday, as the index date is one"
    assert (met["three"], met["twice in one"], met["none"]) == (False, False, False)
    assert pd.isna(met["new"]), "came 27 days ago: not four whole weeks"
    gap = found.gaps["Not seen by a round in the last four weeks"]
    assert found.people["person_id"][gap].to_list() == ["none"], "what is older than 28 days does not count"


def test_rounds_by_week_count_residents_and_homes():
    population = network(
        [stay("a", OAKS, "2026-01-05"), stay("b", OAKS, "2026-01-05"), stay("c", ELMS, "2026-01-05")],
        [*seen("a", "2026-06-24"), *seen("c", "2026-06-30"), *seen("b", "2026-06-23")],
    )
    frame = counts.rounds(population).frame
    assert frame[["week", "people", "of", "homes_seen", "homes"]].iloc[:2].to_numpy().tolist() == [
        ["24 June to 30 June", 2, 3, 1, 1],
        ["17 June to 23 June", 1, 3, 1, 1],
    ], "The Elms is another network's to go round"


# -- who goes first ----------------------------------------------------------------------------------------


def test_who_is_overdue_a_plan_goes_first_then_who_takes_many_medicines_without_a_review():
    who = {"overdue": 4, "many": 10, "nine": 9, "reviewed": 12}
    population = network(
        [stay(one, OAKS, "2026-01-05") for one in who],
        [
            *(planned(one, "2026-01-06") for one in who if one != "overdue"),
            care_event("reviewed", REVIEW, "2025-07-01"),
            care_event("overdue", REVIEW, "2026-01-01"),
        ],
        people=[patient(one, n_medications=number) for one, number in who.items()],
    )
    people = service_table(population, "care_homes", "2025/26").people
    assert dict(zip(people["person_id"], people["priority"], strict=True)) == {
        "overdue": 1, "many": 2, "nine": 3, "reviewed": 4,
    }  # fmt: skip


# -- emergency admissions ----------------------------------------------------------------------------------


def test_emergency_admissions_are_counted_while_people_live_in_a_home():
    population = network(
        [stay("a", OAKS, "2025-01-06", ended="2026-03-02"), stay("a", OAKS, "2026-03-04", arrived_from="hospital"),
         stay("b", ELMS, "2026-06-01")],
        encounters=[
            contact("a", "emergency_admission", "2026-03-02"),  # ends the stay
            contact("a", "emergency_admission", "2026-03-03"),  # between two stays
            contact("a", "emergency_admission", "2025-07-01"),  # the first day of the window
            contact("a", "emergency_admission", "2025-06-30"),  # the day before it
            contact("a", "emergency_admission", "2026-07-01"),  # not over
            contact("a", "elective_admission", "2026-05-01"),
            contact("b", "emergency_admission", "2026-05-31"),  # before coming to the home
        ],
    )  # fmt: skip
    row = counts.emergency_admissions(population).frame.iloc[0]
    assert row["admissions"] == 2
    assert row["resident_years"] * 365.25 == pytest.approx(365 - 2 + 30)


def test_an_admission_on_the_day_of_a_move_between_homes_counts_once():
    moved = [stay("a", OAKS, "2025-01-06", ended="2026-03-02"), stay("a", ELMS, "2026-03-02")]
    population = network(moved, encounters=[contact("a", "emergency_admission", "2026-03-02")])
    assert counts.emergency_admissions(population).frame["admissions"].to_list() == [1]


def test_the_rate_follows_from_what_is_released():
    stays = [stay(f"p{n}", OAKS, "2025-01-06") for n in range(42)]
    admitted = [contact(f"p{n}", "emergency_admission", "2026-01-10") for n in range(21)]
    released = release(counts.emergency_admissions(network(stays, encounters=admitted)))
    row = released.followed_by(counts.per_resident_years).frame.iloc[0]
    assert (row["admissions"], row["resident_years"], row["rate"]) == (20, 40, 50)
    assert row["lower"] < 50 < row["upper"]


# -- homes and premium -------------------------------------------------------------------------------------


def test_homes_are_shown_with_their_residents_and_to_whom_they_are_aligned(mixed):
    frame = beds.homes(mixed).frame
    assert frame[["home", "beds", "nursing", "aligned", "people"]].astype("object").fillna("-").to_numpy().tolist() == [
        ["The Oaks", 40, "yes", "this network", 1],
        ["The Elms", 20, "no", "another network", 1],
        ["not known", "-", "not known", "not known", 1],
    ], "The Ashes is aligned to nobody, and nobody lives there; the child is in no cohort"
    classes = beds.alignment(mixed).frame.set_index("aligned")
    assert classes["people"].to_dict() == {
        "this network": 1, "another network": 1, "no network": 0, "not known": 1,
    }  # fmt: skip
    assert classes.loc["this network", ["homes", "beds"]].to_list() == [1, 40]


def test_two_homes_of_one_name_are_told_apart():
    twins = [one | {"care_home_name": "The Oaks"} for one in HOMES[:2]]
    frame = beds.homes(network([stay("a", ELMS, "2026-01-05")], homes=twins)).frame
    assert frame["home"].to_list() == [f"The Oaks ({OAKS})", f"The Oaks ({ELMS})", "not known"]


def test_the_premium_is_beds_aligned_here_times_the_payment_of_the_year(mixed):
    frame = beds.premium(mixed, "2025/26").frame.set_index("contract_year")
    paid = frame["entitlement"].astype("object").fillna("not known").to_dict()
    assert paid == {
        "2019/20": 0, "2020/21": 2400, "2021/22": 4800, "2022/23": 4800, "2023/24": 4800,
        "2024/25": pytest.approx(40 * 127.20), "2025/26": pytest.approx(40 * 130.253), "2026/27": "not known",
    }  # fmt: skip
    assert frame.index[frame["asked"]].to_list() == ["2025/26"]
    assert "Backdated" in frame.loc["2024/25", "note"]


def test_without_a_table_of_homes_there_are_none_and_the_premium_is_not_known():
    population = network([stay("a", OAKS, "2026-01-05")], homes=None)
    assert beds.homes(population).frame.empty
    assert beds.alignment(population).frame.empty
    assert beds.premium(population).frame["entitlement"].isna().all()


# -- every year, and the gate ------------------------------------------------------------------------------


def test_it_reads_in_every_contract_year():
    for year in YEARS:
        found = find_service("care_homes", year)
        assert {"ehch_plan_working_days", "ehch_premium"} <= {one.row.clause for one in found.clauses}
        assert found.cohort.steps[1].criterion.value == 18
    assert find_service("care_homes", "2019/20").in_force.value == "no"


def test_what_the_tables_say_that_they_count_is_true_of_their_numbers(mixed):
    made = [counts.recorded_as, counts.timeliness, counts.rounds, beds.homes, beds.alignment]
    tables = {one.__name__: one(mixed) for one in made}
    tables |= {"measures": measures(mixed, services=["care_homes"]), "reasons": reasons(mixed, "care_homes")}
    assert not problems_of(tables)


def test_every_table_passes_the_gate_and_keeps_small_counts(mixed):
    for make in (counts.recorded_as, counts.timeliness, counts.rounds, counts.emergency_admissions, beds.homes,
                 beds.alignment, beds.premium):  # fmt: skip
        sourced = make(mixed)
        assert set(sourced.counts) == set(sourced.counted)
        shown = release(sourced).frame[list(sourced.counts)]
        assert not shown.isin(range(1, 8)).to_numpy().any()
