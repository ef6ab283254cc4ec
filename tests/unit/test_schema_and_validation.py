"""Tables are held against their descriptions; everything wrong is said at once, and no value is quoted."""

import traceback

import pandas as pd
import pytest

from pcn_analysis import codes, tables
from pcn_analysis.engine import scan, to_pandas, write_stage
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.schema import DTYPES, Column, Table
from pcn_analysis.validation import check_tables, table_problems

pytestmark = pytest.mark.unit

POISON = "POISON-9434765919"
SNOMED = ["900000000000207008", "999999999999999999", "073211009"]

VISITS = Table(
    "visits",
    "one visit",
    ("visit_id",),
    (
        Column("visit_id", "string", "Identifier."),
        Column("kind", "category", "Kind.", allowed=("gp", "ed")),
        Column("practice_code", "string", "Practice.", pattern=codes.PRACTICE),
        Column("nights", "integer", "Nights stayed.", minimum=0, maximum=10),
        Column("seen_on", "date", "Day."),
        Column("attended", "boolean", "Whether the person came."),
        Column("cost", "number", "Cost.", nullable=True, minimum=0),
    ),
)

GOOD = pd.DataFrame(
    {
        "visit_id": ["v1", "v2", "v3", "v4"],
        "kind": ["gp", "ed", "gp", "gp"],
        "practice_code": ["A12345", "A12346", "A12345", "Y00001"],
        "nights": [0, 10, 1, 2],
        "seen_on": ["2024-02-29", "1999-12-31", "2026-07-01", "2026-07-01"],
        "attended": [True, False, True, True],
        "cost": [0.0, None, 10.5, None],
    }
)

PERSON = {
    "person_id": "p1",
    "sex": "female",
    "birth_date": "1950-12-31",
    "birth_precision": "day",
    "lsoa21": "E01000001",
    "imd_decile": 1,
    "practice_code": "N85001",
}


def faults(table: Table, frame: pd.DataFrame) -> set[str]:
    return {f"{one.where}: {one.what}" for one in table_problems(table, frame)}


# -- conform -----------------------------------------------------------------------------------------------


def test_conform_gives_the_declared_columns_in_order_with_the_declared_kinds():
    frame = VISITS.conform(GOOD[["cost", *GOOD.columns[:-1]]].assign(more=1))
    assert frame.columns.to_list() == VISITS.column_names()
    assert [str(dtype) for dtype in frame.dtypes] == [DTYPES[column.kind] for column in VISITS.columns]
    assert faults(VISITS, frame) == set()


def test_conform_adds_a_missing_optional_column_as_null_and_leaves_a_required_one_missing():
    frame = VISITS.conform(GOOD.drop(columns=["cost", "kind"]))
    assert frame["cost"].isna().all()
    assert "kind" not in frame
    assert faults(VISITS, frame) == {"visits.kind: the column is missing"}


def test_conform_leaves_what_it_cannot_convert_for_validation_to_report():
    frame = VISITS.conform(GOOD.assign(nights=["0", "ten", "1", "2"]))
    assert frame["nights"].to_list() == ["0", "ten", "1", "2"]
    assert faults(VISITS, frame) == {"visits.nights: is not a column of kind integer"}


def test_an_empty_table_of_the_right_shape_is_valid():
    assert faults(VISITS, VISITS.empty()) == set()


def test_a_column_must_be_of_a_known_kind():
    with pytest.raises(ValueError, match="column nights: kind must be one of"):
        Column("nights", "float", "Nights.")


# -- every kind of fault -----------------------------------------------------------------------------------


def test_every_kind_of_fault_is_reported_together_with_its_count():
    frame = pd.DataFrame(
        {
            "visit_id": ["v1", "v1", "v3", "v4", "v5", "v6"],
            "kind": ["gp", "nurse", "gp", "ed", "gp", "GP"],
            "practice_code": ["A12345", "A12345\n", "A１２３４５", "A12345", "A12345", None],
            "nights": pd.array([1, -1, 11, 0, 10, 12], dtype="Int64"),
            "seen_on": ["2024-01-01", "not a day", "", "2024-01-01", "2024-01-01", "2024-01-01"],
            "cost": pd.array([None, 1, 2, -0.5, -1, -2], dtype="Float64"),
            "more": 1,
        }
    )
    assert faults(VISITS, frame) == {
        "visits.attended: the column is missing",
        "visits: has a column that is not declared",
        "visits.seen_on: is not a column of kind date",
        "visits.practice_code: no value in 1 row",
        "visits.practice_code: 2 values not matching ^[A-Z][0-9]{5}$",
        "visits.kind: 2 values other than one of gp, ed",
        "visits.nights: 1 value below 0",
        "visits.nights: 2 values above 10",
        "visits.cost: 3 values below 0",
        "visits: 2 rows with a key that another has (visit_id)",
    }


@pytest.mark.parametrize("code", ["A12345\n", "\nA12345", "A１２３４５", "a12345", "A1234", "A123456", ""])
def test_a_pattern_matches_the_whole_code_and_ascii_digits_only(code):
    frame = VISITS.conform(GOOD.assign(practice_code=["A12345", code, "A12345", "A12345"]))
    assert faults(VISITS, frame) == {"visits.practice_code: 1 value not matching ^[A-Z][0-9]{5}$"}


@pytest.mark.parametrize("code", ["outside_england", "unknown", "E01000001"])
def test_the_residuals_are_areas_of_the_registrations(code):
    frame = pd.DataFrame({"practice_code": ["A12345"], "area_code": [code], "patients": [12.5]})
    table = tables.REGISTRATIONS_BY_AREA
    assert faults(table, table.conform(frame)) == set()
    assert len(faults(table, table.conform(frame.assign(area_code=f"{code}x")))) == 1


def test_nulls_are_allowed_where_declared_and_never_break_a_limit_or_pattern():
    frame = VISITS.conform(GOOD.assign(cost=None))
    assert faults(VISITS, frame) == set()


def test_problems_of_several_tables_come_in_one_error():
    with pytest.raises(PcnAnalysisError) as caught:
        check_tables(
            {"persons": tables.PERSONS.empty().drop(columns="sex"), "areas": tables.AREAS.empty()[["imd_score"]]}
        )
    where = [one.where for one in caught.value.problems]
    assert "persons.sex" in where
    assert "areas.area_code" in where


# -- no value is ever quoted -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("a key that another has", {"person_id": POISON}),
        ("other than one of", {"sex": POISON}),
        ("is not a column of kind date", {"birth_date": POISON}),
        ("not matching", {"lsoa21": POISON}),
        ("not matching", {"practice_code": POISON}),
        ("is not a column of kind integer", {"imd_decile": POISON}),
        ("is not a column of kind boolean", {"care_home": POISON}),
        ("has a column that is not declared", {POISON: POISON}),
        ("above 10", {"person_id": [POISON, "p2"], "imd_decile": 11}),
        ("no value in 1 row", {"person_id": [POISON, "p2"], "birth_precision": ["day", None]}),
    ],
)
def test_no_message_quotes_a_value(fault, change):
    frame = pd.DataFrame([PERSON, {**PERSON, "person_id": "p2"}]).assign(**change)
    extra = [name for name in change if name not in tables.PERSONS.column_names()]
    with pytest.raises(PcnAnalysisError) as caught:
        check_tables({"persons": tables.PERSONS.conform(frame).join(frame[extra])})
    assert fault in str(caught.value)
    assert POISON not in str(caught.value)
    assert POISON not in "".join(traceback.format_exception(caught.value))


# -- identifiers stay strings ------------------------------------------------------------------------------


def test_long_codes_and_leading_zeros_survive_the_way_to_a_file_and_back(tmp_path):
    frame = pd.DataFrame(
        {
            "person_id": ["0001", "0002", "0003"],
            "condition_start_date": pd.to_datetime(["2024-02-29"] * 3),
            "code": SNOMED,
            "code_system": "snomed",
            "status": "active",
            "source": "gp",
        }
    )
    path = write_stage(tables.CONDITIONS.conform(frame), tmp_path / "conditions.parquet")
    read = tables.CONDITIONS.conform(to_pandas(scan(path)))
    assert read["code"].to_list() == SNOMED
    assert read["person_id"].to_list() == ["0001", "0002", "0003"]
    assert faults(tables.CONDITIONS, read) == set()


def test_codes_that_went_through_a_float_are_reported_never_turned_into_strings():
    """1.2345678901234568e+17 is no code: a spreadsheet has lost its last digits."""
    frame = pd.DataFrame({"code": [123456789012345678.0]})
    problems = faults(tables.CONDITIONS, tables.CONDITIONS.conform(frame))
    assert "conditions.code: is not a column of kind string" in problems
