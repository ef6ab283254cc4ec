"""Of several deliveries: which one is heard on who there is, until when, and what is counted."""

import datetime as dt

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts.feeds import Extract, Feed
from pcn_analysis.extracts.precedence import (
    HOSPITAL_KINDS,
    MIXED,
    extract_day,
    leading_people,
    note_silence,
    of_one_delivery,
)
from pcn_analysis.extracts.typed import typed
from pcn_analysis.tables import ENCOUNTERS
from tests.unit.extract_rooms import DAY, condition, contact, room

pytestmark = pytest.mark.unit


@pytest.fixture
def here(tmp_path):
    with room(tmp_path) as opened:
        yield opened


def delivered(*kinds, on=None):
    return [Extract(kind, kind, kind, (), True, True, extract_date=on) for kind in kinds]


def together(here, table, *deliveries):
    """Rows of several deliveries, typed and with the position of theirs."""
    parts = [
        typed(here.space, Feed(table, f"SELECT * FROM {here.recorded(*rows)}", "x.csv"), here.findings, number).relation
        for number, rows in enumerate(deliveries)
        if rows
    ]
    return f"({' UNION ALL '.join(f'SELECT * FROM {one}' for one in parts)})"


def visit(number, kind):
    return contact("a", str(number), "2026-01-01", visit_type=kind)


def kept(here, kinds, *deliveries):
    """Which visits are kept of some deliveries, each given as kinds of visit by their number."""
    rows = together(here, "encounters", *([visit(*one) for one in visits.items()] for visits in deliveries))
    relation = of_one_delivery(here.space, "encounters", rows, delivered(*kinds), here.findings)
    return [int(one) for (one,) in here.space.rows(f"SELECT visit_id FROM {relation} ORDER BY visit_id")]


# -- what is counted -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", HOSPITAL_KINDS)
def test_hospital_kinds_are_of_the_hospital_if_it_holds_any(here, kind):
    assert kept(here, ("gp_extract", "hospital"), {1: kind, 2: kind}, {3: kind}) == [3]
    assert here.found() == {f"{kind} in gp_extract, taken from hospital instead": 2}
    assert here.findings.left_out("encounters") == 2


@pytest.mark.parametrize("kind", HOSPITAL_KINDS)
def test_a_kind_that_the_hospital_does_not_hold_stays_where_it_is(here, kind):
    other = next(one for one in HOSPITAL_KINDS if one != kind)
    assert kept(here, ("gp_extract", "hospital"), {1: kind}, {2: other}) == [1, 2]
    assert here.found() == {}


def test_other_kinds_are_of_the_first_delivery_that_holds_any(here):
    found = kept(here, ("tables", "omop", "hospital"), {1: "ed"}, {2: "gp_contact", 3: "ed"}, {4: "gp_contact"})
    assert found == [1, 2]
    assert here.found() == {
        "ed in omop, taken from tables instead": 1, "gp_contact in hospital, taken from omop instead": 1
    }  # fmt: skip


def test_contacts_of_no_kind_stay_from_every_delivery(here):
    assert kept(here, ("tables", "hospital"), {1: MIXED}, {2: MIXED}) == [1, 2]


def test_one_delivery_keeps_every_contact(here):
    assert kept(here, ("hospital",), {1: "ed", 2: "gp_contact"}) == [1, 2]


def test_which_delivery_has_a_kind_does_not_depend_on_the_order_of_rows_or_their_number(here):
    many = dict.fromkeys(range(10, 30), "nhs111")
    assert kept(here, ("gp_extract", "omop"), {1: "nhs111"}, many) == [1]


def test_kinds_of_the_hospital_are_kinds_of_contact():
    allowed = next(one.allowed for one in ENCOUNTERS.columns if one.name == "visit_type")
    assert {*HOSPITAL_KINDS, MIXED} < set(allowed)


def test_issues_of_medicines_are_of_one_delivery_whatever_they_are_of(here):
    issue = {"person_id": "a", "drug_exposure_start_date": "2026-01-01", "code_system": "dmd", "drug_name": "x"}
    rows = together(here, "medications", [issue | {"code": "1"}], [issue | {"code": "2"}, issue | {"code": "3"}])
    relation = of_one_delivery(here.space, "medications", rows, delivered("gp_extract", "omop"), here.findings)
    assert [row["code"] for row in here.dictionaries(relation)] == ["1"]
    assert here.found() == {"issues in omop, taken from gp_extract instead": 2}


def test_conditions_come_from_every_delivery(here):
    rows = together(here, "conditions", [condition("a", "2020-01-01")], [condition("a", "2020-01-01")])
    assert of_one_delivery(here.space, "conditions", rows, delivered("gp_extract", "omop"), here.findings) == rows


# -- who there is --------------------------------------------------------------------------------------------


def test_people_are_those_of_the_first_delivery(here):
    persons = together(here, "persons", [{"person_id": "a", "sex": "male"}],
                       [{"person_id": "a", "sex": "female"}, {"person_id": "b"}])  # fmt: skip
    [row] = here.dictionaries(leading_people(persons, here.space, here.findings))
    assert (row["person_id"], row["sex"]) == ("a", "male")


def test_a_death_elsewhere_counts_only_where_none_is_known_and_of_several_the_first(here):
    ours = [{"person_id": "a", "death_date": "2020-05-05"}, {"person_id": "b"}, {"person_id": "c"}]
    one = [{"person_id": "a", "death_date": "2019-01-01"}, {"person_id": "b", "death_date": "2021-01-01"}]
    other = [{"person_id": "b", "death_date": "2020-01-01"}, {"person_id": "d", "death_date": "2020-01-01"}]
    persons = together(here, "persons", ours, one, other)
    rows = here.dictionaries(leading_people(persons, here.space, here.findings))
    assert {row["person_id"]: str(row.get("death_date")) for row in rows} == {
        "a": "2020-05-05", "b": "2020-01-01", "c": "None"
    }  # fmt: skip
    assert here.found() == {"death known from another delivery only": 1}


def test_an_opt_out_elsewhere_is_one_here(here):
    persons = together(here, "persons", [{"person_id": "a"}, {"person_id": "b"}],
                       [{"person_id": "a", "_opted_out": "Type 1 opt-out"}])  # fmt: skip
    rows = here.dictionaries(leading_people(persons, here.space, here.findings))
    assert [row.get("_opted_out") for row in rows] == ["Type 1 opt-out", None]


# -- until when ----------------------------------------------------------------------------------------------


def test_the_day_is_what_the_user_says_else_what_the_deliveries_say(here):
    said = delivered("omop", on=DAY)
    assert extract_day(dt.date(2026, 1, 1), said, {}, here.space) == dt.date(2026, 1, 1)
    assert extract_day(None, [*said, *delivered("hospital")], {}, here.space) == DAY


def test_deliveries_of_different_days_are_refused_with_the_days(here):
    several = [*delivered("omop", on=DAY), *delivered("wide", on=dt.date(2026, 6, 1))]
    with pytest.raises(PcnAnalysisError, match=r"of different days: 2026-06-01, 2026-07-01\. .* --extract-date"):
        extract_day(None, several, {}, here.space)
    assert extract_day(DAY, several, {}, here.space) == DAY


def test_where_nothing_says_the_day_the_last_record_is_a_hint(here):
    rows = {
        "persons": together(here, "persons", [{"person_id": "a", "death_date": "2027-01-01"}]),
        "conditions": together(here, "conditions", [condition("a", "2024-02-03"), condition("a", "2020-01-01")]),
        "encounters": together(here, "encounters", [contact("a", "v", "2021-01-01")]),
    }
    with pytest.raises(PcnAnalysisError, match=r"when the records were taken\. The last date in them is 2024-02-03\. "):
        extract_day(None, delivered("tables"), rows, here.space)
    with pytest.raises(PcnAnalysisError, match=r"when the records were taken\. Give --extract-date"):
        extract_day(None, delivered("tables"), {"persons": rows["persons"]}, here.space)


@pytest.mark.parametrize(("last", "noted"), [("2024-06-30", 2), ("2024-07-01", 0), ("2026-07-01", 0)])
def test_records_that_end_long_before_the_day_of_the_extract_are_worth_a_word(here, last, noted):
    records = {
        "conditions": here.ready("conditions", condition("a", last)),
        "encounters": here.ready("encounters", contact("a", "v", "2021-01-01")),
    }
    note_silence(here.space, records, DAY, here.findings)
    assert sum(here.found().values()) == noted
    assert not any(last in one.what for one in here.findings.rows), "the day of a record is not told"


def test_without_any_record_nothing_is_said_of_the_day(here):
    note_silence(here.space, {}, DAY, here.findings)
    assert here.found() == {}
