"""Which conditions are current: the latest diagnosis has to be later than the latest resolution."""

import datetime as dt

import pytest
from vignettes import ON, by_person, condition, people, resolved, rows_of, table

from pcn_analysis import tables
from pcn_analysis.engine import to_pandas
from pcn_analysis.person.conditions import LATER_DAY, condition_columns, recorded_conditions

pytestmark = pytest.mark.unit

ASTHMA = "asthma"


def found(*records, on=ON):
    """The first date, latest date and currency of p1's one condition; None without a row."""
    return by_person(
        recorded_conditions(table("conditions", list(records)), on=on), "first_date", "date", "current"
    ).get("p1")


def current(*records, on=ON):
    return found(*records, on=on)[2]


# -- what is recorded --------------------------------------------------------------------------------------


def test_a_diagnosis_once_recorded_stays_current():
    assert found(condition("p1", ASTHMA, "1985-02-01")) == ("1985-02-01", "1985-02-01", True)


def test_the_first_and_the_latest_diagnosis_are_kept():
    records = [condition("p1", ASTHMA, date) for date in ("2012-03-01", "2024-05-06", "1999-12-31")]
    assert found(*records) == ("1999-12-31", "2024-05-06", True)


def test_a_status_that_is_not_known_counts_as_a_diagnosis():
    assert current(condition("p1", ASTHMA, "2012-03-01", status="unknown"))


def test_a_record_on_the_index_date_is_not_seen_and_one_of_the_day_before_is():
    assert found(condition("p1", ASTHMA, "2026-07-01")) is None
    assert found(condition("p1", ASTHMA, "2026-06-30")) == ("2026-06-30", "2026-06-30", True)


def test_a_code_that_stands_for_no_condition_is_passed_over():
    assert found(condition("p1", None, "2012-03-01")) is None


def test_a_person_with_nothing_but_a_resolution_has_no_row():
    assert found(resolved("p1", ASTHMA, "2012-03-01")) is None


# -- what is resolved --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resolution", "is_current"),
    [
        pytest.param("2020-02-29", True, id="the day before the latest diagnosis"),
        pytest.param("2020-03-01", False, id="the same day: not strictly later"),
        pytest.param("2020-03-02", False, id="the day after"),
        pytest.param("2026-06-30", False, id="the day before the index date"),
        pytest.param("2026-07-01", True, id="on the index date: not seen"),
    ],
)
def test_the_latest_diagnosis_has_to_be_strictly_later_than_the_resolution(resolution, is_current):
    records = [condition("p1", ASTHMA, "2012-03-01"), condition("p1", ASTHMA, "2020-03-01")]
    assert current(*records, resolved("p1", ASTHMA, resolution)) is is_current


@pytest.mark.parametrize("what", LATER_DAY)
@pytest.mark.parametrize(
    ("resolution", "is_current"), [("2020-02-29", True), ("2020-03-01", True), ("2020-03-02", False)]
)
def test_some_conditions_stay_current_if_diagnosed_and_resolved_on_one_day(what, resolution, is_current):
    assert current(condition("p1", what, "2020-03-01"), resolved("p1", what, resolution)) is is_current


def test_an_end_date_on_the_day_of_the_diagnosis_ends_those_as_well():
    assert not current(condition("p1", "depression", "2020-03-01", ended="2020-03-01"))


def test_a_diagnosis_after_a_resolution_makes_it_current_again_and_keeps_the_first_date():
    records = [
        condition("p1", ASTHMA, "2001-01-01"),
        resolved("p1", ASTHMA, "2010-01-01"),
        condition("p1", ASTHMA, "2015-01-01"),
    ]
    assert found(*records) == ("2001-01-01", "2015-01-01", True)


def test_one_condition_resolved_leaves_another_current():
    records = [condition("p1", ASTHMA, "2012-01-01"), condition("p1", "copd", "2012-01-01")]
    answer = recorded_conditions(table("conditions", [*records, resolved("p1", ASTHMA, "2020-01-01")]), on=ON)
    assert rows_of(answer.select("condition", "current")) == [("asthma", False), ("copd", True)]


# -- dates of resolution within a record -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ended", "is_current"),
    [
        pytest.param("2020-03-01", False, id="ended on the day that it began"),
        pytest.param("2026-06-30", False, id="ended the day before the index date"),
        pytest.param("2026-07-01", True, id="ended on the index date: not seen"),
        pytest.param("2030-01-01", True, id="ends after the index date"),
        pytest.param("2019-12-31", True, id="ended before it began: earlier than the diagnosis"),
    ],
)
def test_a_record_with_an_end_date_is_resolved_from_then(ended, is_current):
    assert current(condition("p1", ASTHMA, "2020-03-01", ended=ended)) is is_current


def test_an_end_date_is_overtaken_by_a_later_diagnosis():
    first = condition("p1", ASTHMA, "2012-03-01", ended="2024-01-01")
    assert current(first, condition("p1", ASTHMA, "2020-03-01"))


def test_of_two_records_on_one_day_the_one_still_open_decides():
    closed, still_open = (condition("p1", ASTHMA, "2020-03-01", ended=ended) for ended in ("2021-01-01", None))
    assert current(closed, still_open)
    assert current(still_open, closed)


def test_a_resolved_record_with_an_end_date_is_resolved_on_that_date():
    episode = condition("p1", ASTHMA, "2010-01-01", ended="2022-01-01", status="resolved")
    assert not current(episode, condition("p1", ASTHMA, "2015-01-01"))
    assert current(episode, condition("p1", ASTHMA, "2022-01-02"))


def test_the_answer_depends_on_the_index_date_alone():
    records = [condition("p1", ASTHMA, "2012-03-01"), resolved("p1", ASTHMA, "2020-03-01")]
    at = {year: found(*records, on=dt.date(year, 1, 1)) for year in (2012, 2020, 2021)}
    assert at == {2012: None, 2020: ("2012-03-01", "2012-03-01", True), 2021: ("2012-03-01", "2012-03-01", False)}


# -- columns -----------------------------------------------------------------------------------------------


def columns(records, *who, covered=("asthma", "cancer"), on=ON):
    return condition_columns(table("conditions", records), people(*who), on=on, covered=covered)


def test_a_person_without_a_record_does_not_have_the_condition():
    answer = columns([condition("p1", ASTHMA, "2012-03-01")], "p1", "p2")
    assert by_person(answer, "has_asthma", "asthma_date") == {"p1": (True, "2012-03-01"), "p2": (False, None)}


def test_dates_are_kept_only_where_the_condition_is_current():
    answer = columns([condition("p1", "cancer", "2012-03-01"), resolved("p1", "cancer", "2020-03-01")], "p1")
    assert by_person(answer, "has_cancer", "cancer_date", "cancer_first_date") == {"p1": (False, None, None)}


def test_a_record_that_was_resolved_since_was_ever_made():
    records = [condition("p1", "cancer", "2012-03-01"), resolved("p1", "cancer", "2020-03-01")]
    answer = columns([*records, condition("p2", "cancer", "2026-07-01")], "p1", "p2", "p3")
    assert by_person(answer, "has_cancer", "cancer_ever_date") == {
        "p1": (False, "2012-03-01"),
        "p2": (False, None),
        "p3": (False, None),
    }


def test_what_an_admission_or_an_attendance_recorded_has_a_date_of_its_own():
    records = [
        condition("p1", "fall", "2026-01-10", source="apc"),
        condition("p1", "fall", "2026-03-10", source="ecds"),
        condition("p1", "fall", "2026-05-10", source="op"),
        condition("p2", "fall", "2026-05-10", source="gp"),
    ]
    answer = condition_columns(
        table("conditions", records), people("p1", "p2"), on=ON, covered=("fall",), in_hospital=("fall",)
    )
    assert by_person(answer, "has_fall", "fall_date", "fall_hospital_date") == {
        "p1": (True, "2026-05-10", "2026-03-10"),
        "p2": (True, "2026-05-10", None),
    }


def test_the_first_date_is_that_of_the_first_diagnosis():
    answer = columns([condition("p1", "cancer", date) for date in ("2020-03-01", "2003-01-01")], "p1")
    assert by_person(answer, "cancer_date", "cancer_first_date") == {"p1": ("2020-03-01", "2003-01-01")}


def test_a_condition_that_no_codelist_covers_has_no_column_even_where_it_is_recorded():
    names = to_pandas(columns([condition("p1", "copd", "2012-03-01")], "p1")).columns
    cancer = ["has_cancer", "cancer_date", "cancer_first_date", "cancer_ever_date"]
    assert list(names) == ["person_id", "has_asthma", "asthma_date", *cancer]


def test_with_nothing_covered_only_the_people_are_left():
    assert rows_of(columns([], "p1", "p2", covered=())) == [("p1",), ("p2",)]


def test_records_of_somebody_else_add_nobody():
    assert by_person(columns([condition("p9", ASTHMA, "2012-03-01")], "p1"), "has_asthma") == {"p1": False}


def test_every_declared_column_of_a_condition_is_made():
    every = frozenset(tables.CONDITION_NAMES)
    answer = condition_columns(table("conditions", []), people("p1"), on=ON, covered=every, in_hospital=every)
    dated = {"first": tables.FIRST_DATES, "ever": tables.EVER_DATES, "hospital": tables.HOSPITAL_DATES}
    kinds = [f"has_{slug}" for slug in tables.CONDITION_NAMES]
    kinds += [f"{slug}_{which}_date" for which, slugs in dated.items() for slug in slugs]
    answer = answer.collect_schema().names()
    assert set(kinds) < set(answer) < set(tables.PERSON_TABLE.column_names())
