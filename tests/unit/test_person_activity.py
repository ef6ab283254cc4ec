"""How often a person was seen."""

import datetime as dt

import pytest
from vignettes import ON, by_person, contact, people, table

from pcn_analysis import tables
from pcn_analysis.engine import lazy
from pcn_analysis.person.activity import activity_columns, recorded_activity

pytestmark = pytest.mark.unit

AE = ("ae_12m", "ae_24m")


def seen(*contacts, who=("p1",), columns=AE, on=ON):
    return by_person(activity_columns(table("encounters", list(contacts)), people(*who), on=on), *columns)


@pytest.mark.parametrize(
    ("date", "counts"),
    [
        pytest.param("2026-07-01", (0, 0), id="on the index date: not seen"),
        pytest.param("2026-06-30", (1, 1), id="the day before"),
        pytest.param("2025-07-01", (1, 1), id="12 months before"),
        pytest.param("2025-06-30", (0, 1), id="a day more than 12 months before"),
        pytest.param("2024-07-01", (0, 1), id="24 months before"),
        pytest.param("2024-06-30", (0, 0), id="a day more than 24 months before"),
    ],
)
def test_the_windows_hold_their_first_day_and_not_the_index_date(date, counts):
    assert seen(contact("p1", "ed", date))["p1"] == counts


def test_the_year_before_29_february_begins_on_28_february():
    contacts = [contact("p1", "ed", date) for date in ("2023-02-27", "2023-02-28", "2024-02-28", "2024-02-29")]
    assert seen(*contacts, on=dt.date(2024, 2, 29))["p1"] == (2, 3)


def test_contacts_on_one_day_are_each_counted():
    assert seen(*[contact("p1", "ed", "2026-01-15")] * 3)["p1"] == (3, 3)


def test_a_missed_appointment_is_not_counted():
    contacts = [contact("p1", "outpatient", "2026-01-15", attended=came) for came in (True, False)]
    assert seen(*contacts, columns=("op_12m",)) == {"p1": 1}


def test_a_person_without_contacts_has_none_rather_than_nothing_known():
    assert seen(contact("p1", "ed", "2026-01-15"), who=("p1", "p2"))["p2"] == (0, 0)


def test_with_no_contacts_at_all_everyone_has_none():
    assert seen(columns=tuple(tables.ACTIVITY)) == {"p1": (0,) * len(tables.ACTIVITY)}


def test_each_kind_of_contact_is_counted_by_itself():
    kinds = ["gp_contact"] * 4 + ["ed"] * 3 + ["emergency_admission"] * 2 + ["elective_admission"] + ["community"]
    contacts = [contact("p1", kind, "2026-01-15") for kind in kinds]
    assert seen(*contacts, columns=("gp_12m", "ae_12m", "nel_12m", "el_12m", "op_12m")) == {"p1": (4, 3, 2, 1, 0)}


def test_a_stay_counts_by_its_first_day():
    stay = contact("p1", "emergency_admission", "2025-06-20", visit_end_date="2025-08-01", length_of_stay_days=42)
    assert seen(stay, columns=("nel_12m",)) == {"p1": 0}


def test_a_kind_of_contact_that_nobody_had_in_the_window_is_not_known():
    days = {"ed": "2024-07-01", "outpatient": "2024-06-30", "gp_contact": "2025-07-01"}
    contacts = lazy(table("encounters", [contact("p1", kind, day) for kind, day in days.items()]))
    assert recorded_activity(contacts, on=ON) == ["gp_12m", "ae_24m"]
