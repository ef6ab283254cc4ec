"""Rows as recorded become rows of our tables; what cannot be read is missing, and counted once."""

import datetime as dt

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pcn_analysis import tables
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts.feeds import Feed
from pcn_analysis.extracts.typed import typed
from tests.unit.extract_rooms import condition, reading, room

pytestmark = pytest.mark.unit

PARQUET = {"string": "string", "category": "string", "integer": "int64", "number": "double", "boolean": "bool",
           "date": "date32[day]"}  # fmt: skip


@pytest.fixture
def here(tmp_path):
    with room(tmp_path) as opened:
        yield opened


def column(here, name, table="persons", *rows):
    return [row.get(name) for row in here.dictionaries(here.ready(table, *rows))]


@pytest.mark.parametrize("table", ["persons", "conditions", "medications", "measurements", "encounters",
                                   "care_events", "care_home_stays", "observation_period", "attributes"])  # fmt: skip
def test_a_feed_with_one_column_becomes_a_whole_table_of_the_right_kinds(here, table):
    relation = here.ready(table, {"person_id": "001"})
    kinds = {one.name: str(one.type) for one in pq.read_schema(relation.split("'")[1])}
    assert {one.name: PARQUET[one.kind] for one in tables.NAMED[table].columns} == {
        name: kind for name, kind in kinds.items() if not name.startswith("_")
    }
    assert set(kinds) - set(tables.NAMED[table].column_names()) == {"_withheld", "_opted_out", "_row", "_feed"}
    assert here.dictionaries(relation)[0]["person_id"] == "001"


def test_a_table_without_rows_is_read(here):
    empty = here.space.write("SELECT 'x' AS person_id, '2020-01-01' AS birth_date WHERE false", "empty")
    assert typed(here.space, Feed("persons", f"SELECT * FROM {empty}", "x"), here.findings).rows == 0


def test_a_category_that_may_be_unknown_becomes_so_and_any_other_is_missing(here):
    rows = [{"person_id": "1", "sex": "F", "imd_version": "2015"}, {"person_id": "2", "sex": None}]
    assert column(here, "sex", "persons", *rows) == ["unknown", "unknown"]
    assert here.found() == {
        "values other than female, male, indeterminate, unknown": 1, "values other than 2019, 2025": 1,
    }  # fmt: skip


def test_values_that_cannot_be_read_are_missing_and_counted_by_column(here):
    recorded = [("3", "Y", "2020-01-01"), ("11", "2", "31/31/2020"), ("1,0", "n/a", "1801-01-01"), (None, None, "NULL")]
    rows = [
        {"person_id": str(row), "imd_decile": decile, "care_home": home, "death_date": died}
        for row, (decile, home, died) in enumerate(recorded)
    ]
    assert column(here, "imd_decile", "persons", *rows) == [3, None, None, None]
    assert {(one.where, one.what): one.rows for one in here.findings.rows} == {
        ("persons.imd_decile", "values that cannot be read as a whole number, 1 to 10"): 2,
        ("persons.care_home", "values that cannot be read as yes or no"): 1,
        ("persons.death_date", "values that cannot be read as a date"): 1,
        ("persons.death_date", "dates that stand for no date, such as 1801-01-01"): 1,
    }


def test_dates_are_read_in_the_order_that_fits_the_column(here):
    rows = [{"person_id": str(day), "death_date": f"03/{day}/2020"} for day in ("02", "13", "25")]
    assert column(here, "death_date", "persons", *rows)[0] == dt.date(2020, 3, 2)
    assert here.found() == {"dates with the month first, as no other order fits": 2}


def test_a_column_in_which_nothing_decides_is_read_as_the_others(here):
    rows = [{"person_id": "1", "death_date": "03/02/2020", "registration_start_date": "03/25/2001"}]
    assert column(here, "death_date", "persons", *rows) == [dt.date(2020, 3, 2)]


def test_where_nothing_decides_the_day_is_first(here):
    assert column(here, "death_date", "persons", {"person_id": "1", "death_date": "03/02/2020"}) == [
        dt.date(2020, 2, 3)
    ]


def test_a_date_that_is_impossible_both_ways_decides_nothing(here):
    rows = [{"person_id": "1", "death_date": "31/31/2020"}, {"person_id": "2", "death_date": "45/01/2020"},
            {"person_id": "3", "death_date": "03/25/2020"}]  # fmt: skip
    assert column(here, "death_date", "persons", *rows) == [None, None, dt.date(2020, 3, 25)]


def test_both_orders_in_one_column_are_an_error(here):
    rows = [{"person_id": "1", "death_date": "25/03/2020"}, {"person_id": "2", "death_date": "03/25/2020"}]
    with pytest.raises(PcnAnalysisError, match="1 dates with the day first and 1 with the month first"):
        here.typed("persons", *rows)


def test_columns_that_have_a_kind_are_taken_as_they_are_within_their_limits(here):
    rows = [
        {"person_id": "1", "death_date": dt.date(2020, 3, 2), "imd_decile": 3, "care_home": True},
        {"person_id": "2", "death_date": dt.date(1801, 1, 1), "imd_decile": 0, "care_home": False},
    ]
    assert [(row.get("death_date"), row.get("imd_decile"), row["care_home"])
            for row in here.dictionaries(here.ready("persons", *rows))] == [
        (dt.date(2020, 3, 2), 3, True), (None, None, False)
    ]  # fmt: skip
    assert here.found() == {"dates that stand for no date, such as 1801-01-01": 1,
                            "values that cannot be read as a whole number, 1 to 10": 1}  # fmt: skip


def test_a_column_of_another_kind_is_read_as_its_text(here):
    frame = pd.DataFrame({"person_id": [7], "imd_decile": [3.0], "care_home": [2], "death_date": [20200101]})
    relation = here.space.small(frame, "kinds")
    read = typed(here.space, Feed("persons", f"SELECT * FROM {relation}", "x"), here.findings)
    row = here.dictionaries(read.relation)[0]
    assert (row["person_id"], row["imd_decile"], row.get("care_home")) == ("7", 3, None)
    assert row["death_date"] == dt.date(2020, 1, 1)


def test_numbers_that_are_none_are_missing(here):
    values = [5.5, float("inf"), float("nan")]
    rows = [reading("1", "2020-01-01", value) for value in values]
    assert column(here, "value_as_number", "measurements", *rows).count(5.5) == 1
    assert column(here, "value_as_number", "measurements", *rows).count(None) == 2


@pytest.mark.parametrize(("given", "value", "operator"), [
    ({}, "<5", "<"), ({"operator": "="}, "<5", "<"), ({"operator": None}, ">=60", ">="), ({}, "5", "="),
    ({"operator": ">"}, "5", ">"), ({"operator": "~"}, "5", None), ({}, None, "="), ({}, "< five", "="),
])  # fmt: skip
def test_the_operator_is_the_sign_before_the_value_where_no_other_is_given(here, given, value, operator):
    filler = reading("2", "2020-01-01", "7", **({"operator": "="} if given else {}))
    rows = [reading("1", "2020-01-01", value, **given), filler]
    assert column(here, "operator", "measurements", *rows) == [operator, "="]


@pytest.mark.parametrize("written", ["1.23E+17", "1.23456E17", "1E+05", "9.999e+09"])
def test_a_person_id_that_a_spreadsheet_has_rounded_is_withheld(here, written):
    row = here.dictionaries(here.ready("conditions", condition(written, "2020-01-01")))[0]
    assert row["_withheld"] == "a person_id that a spreadsheet has rounded"


@pytest.mark.parametrize("written", ["12E45", "1e5", "0123456789012345678", "E+17", "1.5"])
def test_a_person_id_that_only_looks_a_little_like_it_is_not(here, written):
    assert "_withheld" not in here.dictionaries(here.ready("conditions", condition(written, "2020-01-01")))[0]


def test_marks_are_carried_along(here):
    row = condition("1", "2020-01-01", _withheld="deleted", _row="77")
    kept = here.dictionaries(here.ready("conditions", row))[0]
    assert (kept["_withheld"], kept["_row"], kept["_feed"]) == ("deleted", "77", 0)
