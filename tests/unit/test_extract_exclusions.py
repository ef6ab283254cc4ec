"""Who and what is left out: each row for one reason, the first that fits, and counted."""

import datetime as dt

import pytest

from pcn_analysis.extracts.exclusions import screened_records
from tests.unit.extract_rooms import DAY, condition, contact, room

pytestmark = pytest.mark.unit


@pytest.fixture
def here(tmp_path):
    with room(tmp_path) as opened:
        yield opened


def who_stays(here, *rows, **options) -> list[str]:
    return [row["person_id"] for row in here.dictionaries(here.people(*rows, **options).relation)]


# -- people --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("person", "reason"), [
    ({"person_id": None}, "no person_id"),
    ({"_withheld": "a dummy patient"}, "a dummy patient"),
    ({"_opted_out": "Type 1 opt-out"}, "Type 1 opt-out"),
    ({"birth_date": None}, "no date of birth, or one that cannot be read"),
    ({"birth_date": "1801-01-01"}, "no date of birth, or one that cannot be read"),
    ({"birth_date": "2026-07-02"}, "born after the extract was taken"),
    ({"birth_date": "2099-07-01", "birth_precision": "year"}, "born after the extract was taken"),
    ({"birth_date": "1901-06-30"}, "older than 125 years"),
    ({"birth_date": "1870-01-01", "death_date": "1996-01-01"}, "older than 125 years"),
    ({"birth_date": "1960-05-20", "death_date": "1960-05-19"}, "died before they were born"),
    ({"registration_start_date": "2020-01-02", "registration_end_date": "2020-01-01"},
     "registration ends before it starts"),
    ({"person_id": "1.23E+17"}, "a person_id that a spreadsheet has rounded"),
])  # fmt: skip
def test_a_person_is_left_out_for_a_reason(here, person, reason):
    assert who_stays(here, {"person_id": "b"}, {"person_id": "a", **person}) == ["b"]
    left_out = {one.what: one.rows for one in here.findings.rows if one.action == "left out"}
    assert left_out == {reason: 1}


@pytest.mark.parametrize("person", [
    {"birth_date": "2026-07-01"}, {"birth_date": "1901-07-01"},
    {"birth_date": "2026-07-15", "birth_precision": "month"}, {"birth_date": "2026-07-01", "birth_precision": "year"},
    {"birth_date": "1960-05-20", "death_date": "1960-05-20"},
    {"birth_date": "1960-05-15", "birth_precision": "month", "death_date": "1960-05-01"},
    {"birth_date": "1960-07-01", "birth_precision": "year", "death_date": "1960-01-01"},
    {"birth_date": "1870-01-01", "death_date": "1970-01-01"}, {"death_date": "2027-01-01"},
    {"registration_start_date": "2020-01-01", "registration_end_date": "2020-01-01"},
])  # fmt: skip
def test_a_person_on_the_edge_stays(here, person):
    assert who_stays(here, {"person_id": "a", **person}) == ["a"]
    assert here.found() == {}


def test_a_row_has_the_first_reason_that_fits(here):
    assert who_stays(here, {"person_id": "a", "_withheld": "deleted", "_opted_out": "Type 1 opt-out",
                            "birth_date": None}, {"person_id": "b"}) == ["b"]  # fmt: skip
    assert here.found() == {"deleted": 1}


def test_one_row_with_an_opt_out_takes_the_whole_person_out(here):
    rows = [{"person_id": "a", "registration_start_date": "2001-01-01", "_opted_out": "Type 1 opt-out"},
            {"person_id": "a", "registration_start_date": "2020-01-01"}, {"person_id": "b"}]  # fmt: skip
    assert who_stays(here, *rows) == ["b"]
    assert here.found() == {"Type 1 opt-out": 2}


def test_rows_without_a_person_do_not_share_an_opt_out(here):
    rows = [{"person_id": None, "_opted_out": "Type 1 opt-out"}, {"person_id": None}, {"person_id": "b"}]
    assert who_stays(here, *rows) == ["b"]
    assert here.found() == {"no person_id": 2}


def test_who_is_on_a_list_of_opt_outs_is_left_out(here):
    listed = here.recorded({"person_id": "a"}, {"person_id": "zz"})
    assert who_stays(here, {"person_id": "a"}, {"person_id": "b"}, opted_out=listed) == ["b"]
    assert here.found() == {"on the list of opt-outs": 1}


def test_of_several_registrations_the_latest_stays(here):
    rows = [
        {"person_id": "a", "registration_start_date": "2001-01-01", "practice_code": "A00001"},
        {"person_id": "a", "registration_start_date": "2020-01-01", "practice_code": "A00002"},
        {"person_id": "a", "registration_start_date": None, "practice_code": "A00003"},
    ]
    people = here.people(*rows)
    assert [row["practice_code"] for row in here.dictionaries(people.relation)] == ["A00002"]
    assert here.found() == {"earlier registrations, or other rows, of the same person": 2}
    assert here.rows(people.known)[0][:2] == ("a", True)


def test_of_two_registrations_from_one_day_the_open_one_stays(here):
    rows = [{"person_id": "a", "registration_start_date": "2001-01-01", "registration_end_date": end}
            for end in ("2020-01-01", None)]  # fmt: skip
    assert "registration_end_date" not in here.dictionaries(here.people(*rows).relation)[0]


def test_exact_copies_of_a_person_are_told_from_other_rows(here):
    rows = [{"person_id": "a"}, {"person_id": "a"}, {"person_id": "a", "sex": "male"}]
    assert who_stays(here, *rows) == ["a"]
    assert here.found() == {"repeated rows": 1, "earlier registrations, or other rows, of the same person": 1}


def test_a_row_that_cannot_be_used_does_not_stand_before_one_that_can(here):
    rows = [{"person_id": "a", "registration_start_date": "2020-01-01", "birth_date": "2030-01-01"},
            {"person_id": "a", "registration_start_date": "2001-01-01"}]  # fmt: skip
    assert who_stays(here, *rows) == ["a"]
    assert here.found() == {"born after the extract was taken": 1}


def test_which_row_of_a_person_stays_does_not_depend_on_their_order(here):
    rows = [{"person_id": "a", "sex": sex} for sex in ("male", "female", "indeterminate")]
    one, other = (here.dictionaries(here.people(*order).relation) for order in (rows, rows[::-1]))
    assert one == other


# -- their records -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("record", "reason"), [
    ({"person_id": None}, "no person_id"),
    ({"_withheld": "confidential"}, "confidential"),
    ({"person_id": "1.23E+17"}, "a person_id that a spreadsheet has rounded"),
    ({"person_id": "nobody"}, "of people who are not among the persons"),
    ({"person_id": "gone"}, "of people who are left out"),
    ({"condition_start_date": "1801-01-01"}, "no date, or one that cannot be read"),
    ({"condition_start_date": "2026-07-02"}, "dated after the extract was taken"),
    ({"condition_start_date": "1960-05-19"}, "dated before birth"),
    ({"condition_start_date": "2020-01-02"}, "dated after death"),
    ({"code": None}, "no code"), ({"code_system": "read3"}, "no code_system"), ({"source": None}, "no source"),
])  # fmt: skip
def test_a_record_is_left_out_for_a_reason(here, record, reason):
    people = here.people({"person_id": "a", "death_date": "2020-01-01"},
                         {"person_id": "gone", "birth_date": "2030-01-01"})  # fmt: skip
    here.findings.rows.clear()
    kept = here.screened("conditions", people, {**condition("a", "2019-01-01"), **record}, condition("a", "2018-01-01"))
    assert [row["condition_start_date"] for row in kept] == [dt.date(2018, 1, 1)]
    assert [(one.what, one.rows, one.action) for one in here.findings.rows if one.action == "left out"] == [
        (reason, 1, "left out")
    ]


def test_records_on_the_edge_stay(here):
    people = here.people({"person_id": "a", "death_date": "2020-01-01"}, {"person_id": "b"},
                         {"person_id": "c", "birth_date": "1960-05-15", "birth_precision": "month"},
                         {"person_id": "d", "birth_date": "1960-07-01", "birth_precision": "year"})  # fmt: skip
    rows = [condition("a", "1960-05-20"), condition("a", "2020-01-01"), condition("b", "2026-07-01"),
            condition("c", "1960-05-01"), condition("d", "1960-01-01")]  # fmt: skip
    assert len(here.screened("conditions", people, *rows)) == 5
    assert here.found() == {}


def test_before_the_month_or_year_of_birth_is_before_birth(here):
    people = here.people({"person_id": "c", "birth_date": "1960-05-15", "birth_precision": "month"},
                         {"person_id": "d", "birth_date": "1960-07-01", "birth_precision": "year"})  # fmt: skip
    assert here.screened("conditions", people, condition("c", "1960-04-30"), condition("d", "1959-12-31")) == []
    assert here.found() == {"dated before birth": 2}


def test_an_end_before_the_start_is_missing_and_counted_of_rows_that_stay(here):
    people = here.people({"person_id": "a"})
    ends = {"condition_end_date": "2018-12-31"}
    kept = here.screened(
        "conditions", people, condition("a", "2019-01-01", **ends), condition("x", "2019-01-01", **ends)
    )
    assert "condition_end_date" not in kept[0]
    assert here.found() == {"end before the start": 1, "of people who are not among the persons": 1}


def test_repeated_rows_are_one_unless_the_source_tells_them_apart(here):
    people = here.people({"person_id": "a"})
    same = condition("a", "2019-01-01")
    assert len(here.screened("conditions", people, same, same, same)) == 1
    assert here.found() == {"repeated rows": 2}
    apart = [{**same, "_row": row} for row in ("1", "2", "2")]
    assert len(here.screened("conditions", people, *apart)) == 2


def test_one_contact_has_one_row(here):
    people = here.people({"person_id": "a"}, {"person_id": "b"})
    rows = [contact("a", "v1", "2020-01-01"), contact("a", "v1", "2020-01-01"), contact("a", "v1", "2020-01-02"),
            contact("b", "v1", "2020-01-01"), contact("b", "v2", "2020-01-01")]  # fmt: skip
    assert len(here.screened("encounters", people, *rows)) == 2
    assert here.found() == {"repeated rows": 1, "other rows of the same visit_id": 2}


def test_a_person_has_one_row_of_attributes(here):
    people = here.people({"person_id": "a"}, {"person_id": "b"})
    rows = [{"person_id": who, "attribute_date": "2026-07-01", "has_gout": flag}
            for who, flag in (("a", "Y"), ("a", "Y"), ("a", "N"), ("b", "Y"))]  # fmt: skip
    assert len(here.screened("attributes", people, *rows)) == 2
    assert here.found() == {"repeated rows": 1, "other rows of the same person_id": 1}


@pytest.mark.parametrize("flags", [("Y", "N"), ("N", "Y")])
def test_of_rows_that_share_a_key_that_of_the_earlier_delivery_stays(here, flags):
    people = here.people({"person_id": "a"})
    rows = [{"person_id": "a", "attribute_date": "2026-07-01", "has_gout": flag} for flag in flags]
    later, earlier = (here.ready("attributes", row) for row in rows)
    both = " UNION ALL ".join(
        f"SELECT * REPLACE ({feed} AS _feed) FROM {rows}" for feed, rows in ((2, earlier), (1, later), (0, earlier))
    )
    found = screened_records(here.space, "attributes", f"({both})", people, extract_date=DAY, findings=here.findings)
    [row] = here.dictionaries(found)
    assert (row["has_gout"], row["_feed"]) == (flags[1] == "Y", 0)
    assert here.found() == {"repeated rows": 1, "other rows of the same person_id": 1}


def test_every_row_is_kept_or_has_one_reason(here):
    people = here.people({"person_id": "a", "death_date": "2020-01-01"}, {"person_id": "b"})
    rows = [condition(who, date, code=code, _withheld=why)
            for who in ("a", "b", "c", None) for date in ("2019-01-01", "2021-01-01", "2030-01-01", None)
            for code in ("1", None) for why in ("deleted", None)]  # fmt: skip
    kept = here.screened("conditions", people, *rows)
    assert len(kept) + here.findings.left_out("conditions") == len(rows)


def test_a_date_after_the_day_that_a_source_describes_is_missing(here):
    people = here.people({"person_id": "a"})
    row = {"person_id": "a", "attribute_date": "2026-07-01", "has_gout": "Y", "gout_date": "2026-07-02"}
    [kept] = here.screened("attributes", people, row | {"copd_date": "2026-07-01"})
    assert "gout_date" not in kept
    assert kept["copd_date"] == dt.date(2026, 7, 1)
    assert here.found() == {"dates after the day that the source describes": 1}
