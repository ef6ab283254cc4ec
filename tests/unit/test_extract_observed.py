"""From when to when each person was observed, as given or worked out."""

import datetime as dt

import pytest

from pcn_analysis.extracts.observed import observed
from tests.unit.extract_rooms import DAY, condition, room

pytestmark = pytest.mark.unit


@pytest.fixture
def here(tmp_path):
    with room(tmp_path) as opened:
        yield opened


def period(here, person, *, given=(), records=()):
    people = here.people({"person_id": "a", **person})
    brought = here.ready("observation_period", *given) if given else None
    tables = {"conditions": here.ready("conditions", *records)} if records else {}
    relation = observed(here.space, people, brought, tables, extract_date=DAY, findings=here.findings)
    [row] = here.dictionaries(relation)
    return str(row["start_date"]), str(row["end_date"])


DERIVED = "none given that can be used, and worked out from registration or records"
GIVEN = {"person_id": "a", "start_date": "2010-01-01", "end_date": "2015-12-31"}


@pytest.mark.parametrize(("person", "given", "expected"), [
    ({}, [GIVEN], ("2010-01-01", "2015-12-31")),
    ({}, [GIVEN, {**GIVEN, "start_date": "2018-01-01", "end_date": "2020-01-01"}], ("2010-01-01", "2020-01-01")),
    ({}, [{**GIVEN, "end_date": "2030-01-01"}], ("2010-01-01", "2026-07-01")),
    ({}, [{**GIVEN, "end_date": None}], ("2010-01-01", "2026-07-01")),
    ({"death_date": "2012-06-01"}, [GIVEN], ("2010-01-01", "2012-06-01")),
    ({"registration_end_date": "2012-06-01"}, [GIVEN], ("2010-01-01", "2012-05-31")),
    ({"registration_start_date": "2001-01-01"}, [], ("2001-01-01", "2026-07-01")),
    ({"registration_start_date": "2001-01-01", "registration_end_date": "2005-01-01"}, [],
     ("2001-01-01", "2004-12-31")),
    ({"registration_start_date": "2030-01-01"}, [], ("2026-07-01", "2026-07-01")),
    ({"death_date": "2030-01-01"}, [], ("2026-07-01", "2026-07-01")),
    ({}, [], ("2026-07-01", "2026-07-01")),
])  # fmt: skip
def test_a_period_is_that_given_within_life_registration_and_extract(here, person, given, expected):
    assert period(here, person, given=given) == expected


def test_without_registration_it_begins_with_the_first_record(here):
    records = [condition("a", "2015-05-05"), condition("a", "2012-05-05"), condition("b", "2001-01-01")]
    assert period(here, {}, records=records) == ("2012-05-05", "2026-07-01")
    assert here.found() == {DERIVED: 1}


def test_everyone_who_stays_has_one_period_and_nobody_else(here):
    people = here.people({"person_id": "a"}, {"person_id": "b"}, {"person_id": "gone", "birth_date": "2030-01-01"})
    given = here.ready("observation_period", GIVEN, {**GIVEN, "person_id": "gone"}, {**GIVEN, "person_id": "x"})
    rows = here.dictionaries(observed(here.space, people, given, {}, extract_date=DAY, findings=here.findings))
    assert [row["person_id"] for row in rows] == ["a", "b"]
    assert all(isinstance(row["start_date"], dt.date) and row["start_date"] <= row["end_date"] for row in rows)


@pytest.mark.parametrize(("given", "reason"), [
    ({"person_id": None}, "no person_id"),
    ({"person_id": "1.23E+17"}, "a person_id that a spreadsheet has rounded"),
    ({"person_id": "x"}, "of people who are not among the persons"),
    ({"person_id": "gone"}, "of people who are left out"),
    ({"start_date": "soon"}, "no start, or one that cannot be read"),
    ({"start_date": "2016-01-01"}, "ends before it starts"),
    ({"start_date": "2026-07-02", "end_date": "2030-01-01"}, "starts after the extract was taken"),
    ({"start_date": "2020-01-02", "end_date": "2021-01-01"}, "starts after death"),
])  # fmt: skip
def test_a_period_that_cannot_be_used_is_left_out_for_a_reason_and_another_worked_out(here, given, reason):
    person = {"person_id": "a", "death_date": "2020-01-01", "registration_start_date": "2001-01-01"}
    people = here.people(person, {"person_id": "gone", "birth_date": "2030-01-01"})
    here.findings.rows.clear()
    rows = here.ready("observation_period", GIVEN | given)
    relation = observed(here.space, people, rows, {}, extract_date=DAY, findings=here.findings)
    [row] = here.dictionaries(relation)
    assert (str(row["start_date"]), str(row["end_date"])) == ("2001-01-01", "2020-01-01")
    assert here.found() == {reason: 1, DERIVED: 1}
    assert here.findings.left_out("observation_period") == 1


@pytest.mark.parametrize("edge", [
    {"start_date": "2026-07-01", "end_date": "2030-01-01"}, {"start_date": "2015-12-31"},
])  # fmt: skip
def test_a_period_on_the_edge_is_used(here, edge):
    period(here, {}, given=[GIVEN | edge])
    assert here.found() == {}


def test_a_period_without_an_end_lasts_and_further_ones_are_taken_with_it_and_both_are_told(here):
    given = [GIVEN, GIVEN | {"start_date": "2018-01-01", "end_date": "later"}]
    assert period(here, {}, given=given) == ("2010-01-01", "2026-07-01")
    assert here.found() == {
        "no end, or one that cannot be read: it lasts until the extract": 1,
        "further periods of the same person, taken as one": 1,
    }
