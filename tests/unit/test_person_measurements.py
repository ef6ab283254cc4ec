"""The latest values of a person."""

import pytest
from vignettes import ON, by_person, people, reading, table

from pcn_analysis import tables
from pcn_analysis.person.measurements import latest_measurements

pytestmark = pytest.mark.unit


def latest(*readings, who=("p1",), columns=("bmi", "bmi_date")):
    return by_person(latest_measurements(table("measurements", list(readings)), people(*who), on=ON), *columns)


def test_the_latest_value_is_taken_and_not_the_highest():
    readings = [reading("p1", "bmi", "2020-01-01", 41.0), reading("p1", "bmi", "2025-01-01", 31.5)]
    assert latest(*readings) == {"p1": (31.5, "2025-01-01")}


def test_a_person_without_a_reading_has_no_value():
    assert latest(reading("p1", "bmi", "2020-01-01", 25.0), who=("p1", "p2"))["p2"] == (None, None)


def test_a_reading_on_the_index_date_is_not_seen_and_one_of_the_day_before_is():
    readings = [reading("p1", "bmi", "2026-07-01", 40.0), reading("p1", "bmi", "2026-06-30", 30.0)]
    assert latest(*readings) == {"p1": (30.0, "2026-06-30")}


def test_of_two_values_on_a_day_the_higher_is_taken_in_any_order():
    high, low = (reading("p1", "sbp", "2025-01-01", value) for value in (162.0, 148.0))
    assert latest(high, low, columns=("sbp",)) == latest(low, high, columns=("sbp",)) == {"p1": 162.0}


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(reading("p1", "hba1c", "2026-01-01", 7.2, unit="%"), id="another unit"),
        pytest.param(reading("p1", "hba1c", "2026-01-01", 55.0, unit=None), id="no unit"),
        pytest.param(reading("p1", "hba1c", "2026-01-01", 140.0, operator=">"), id="only a bound"),
        pytest.param(reading("p1", "hba1c", "2026-01-01", None), id="no value"),
        pytest.param(reading("p1", "egfr", "2026-01-01", 55.0), id="another measurement"),
        pytest.param(reading("p2", "hba1c", "2026-01-01", 55.0), id="another person"),
    ],
)
def test_a_later_reading_that_says_something_else_leaves_the_earlier_one(later):
    assert latest(reading("p1", "hba1c", "2025-01-01", 48.0), later, columns=("hba1c", "hba1c_date")) == {
        "p1": (48.0, "2025-01-01")
    }


def test_each_measurement_has_its_own_latest_day():
    readings = [
        reading("p1", "sbp", "2025-03-01", 140.0),
        reading("p1", "dbp", "2024-03-01", 85.0),
        reading("p1", "egfr", "2023-03-01", 61.0),
    ]
    assert latest(*readings, columns=("sbp", "dbp", "egfr", "egfr_date", "hba1c")) == {
        "p1": (140.0, 85.0, 61.0, "2023-03-01", None)
    }


def test_every_measurement_is_read_in_its_own_unit():
    readings = [reading("p1", slug, "2025-01-01", 50.0) for slug in tables.LATEST_MEASUREMENTS]
    assert latest(*readings, columns=tuple(tables.LATEST_MEASUREMENTS)) == {"p1": (50.0,) * 5}


def test_a_unit_of_another_measurement_is_not_taken_for_its_own():
    assert latest(reading("p1", "bmi", "2025-01-01", 50.0, unit="mmol/mol"), columns=("bmi",)) == {"p1": None}
