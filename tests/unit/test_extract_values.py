"""How a text is read as a date, a number or a word: what is not certain is missing."""

import duckdb
import pytest

from pcn_analysis import tables
from pcn_analysis.extracts import values
from pcn_analysis.extracts.workspace import text

pytestmark = pytest.mark.unit


def value(sql: str):
    return duckdb.sql(f"SELECT {sql}").fetchall()[0][0]


@pytest.mark.parametrize("written", [
    "2023-07-01", "2023/07/01", "20230701", "01/07/2023", "1/7/2023", "01-07-2023", "01.07.2023", "01-Jul-2023",
    "01 Jul 2023", "01Jul2023", "01JUL2023", "1 July 2023", "2023-07-01 00:00:00", "2023-07-01T13:45:00Z",
    "2023-07-01 23:59:59.999+01", "01/07/2023 00:00", "01JUL2023 9:30", "20230701 10:00",
])  # fmt: skip
def test_the_first_of_july_is_read_however_it_is_written(written):
    assert str(value(values.date(text(written)))) == "2023-07-01"


@pytest.mark.parametrize("written", [
    "01/07/23", "23-07-01", "01Jul23", "1 July 23",  # of which century?
    "43831", "45108.0", "438311", "2020101", "202307",  # a spreadsheet's number of a day, and others too short
    "29/02/2023", "31/04/2023", "2023-02-30", "00/00/0000", "2023-13-01",
    "1801-01-01", "1800-01-01", "01/01/1801", "1582-10-15", "1849-12-31",
    "2023", "July 2023", "yesterday", "2023-07-01 or so", "12:30", "",
])  # fmt: skip
def test_what_is_no_certain_day_is_no_date(written):
    assert value(values.date(text(written))) is None


def test_day_and_month_stand_in_the_order_that_is_said():
    assert str(value(values.date("'03/02/2020'"))) == "2020-02-03"
    assert str(value(values.date("'03/02/2020'", "mdy"))) == "2020-03-02"
    assert value(values.date("'25/02/2020'", "mdy")) is None


@pytest.mark.parametrize("written", ["25/02/2020", "02/25/2020", "02-25-2020", "2020-02-25", "25.02.2020"])
def test_whether_there_is_a_date_can_be_told_in_either_order(written):
    assert str(value(values.date(text(written), "either"))) == "2020-02-25"


@pytest.mark.parametrize("cell", ["lower(x)", "regexp_replace(x, 'a', 'b')", "x"])
def test_a_word_is_looked_for_without_a_join_as_hundreds_of_columns_would_fill_the_memory(cell):
    is_word = values.among(cell, values.NULL_WORDS)
    plan = duckdb.sql(f"EXPLAIN SELECT {is_word} FROM (SELECT 'a' || range AS x FROM range(9))").fetchall()
    assert "MARK" not in "".join(drawn for _, drawn in plan)


def test_a_word_is_known_in_any_case_and_nothing_is_none_of_them():
    found = duckdb.sql(f"SELECT {values.among('x', ('n/a', '-'))} FROM (VALUES ('N/A'), ('n'), ('-'), (NULL)) AS t(x)")
    assert [one for (one,) in found.fetchall()] == [True, False, True, False]


@pytest.mark.parametrize(("written", "number"), [
    ("5", 5), ("-1.5", -1.5), ("5.0*", 5), ("5 *", 5), ("1e3", 1000), ("1.5E-2", 0.015), (".5", 0.5), ("007", 7),
])  # fmt: skip
def test_numbers_are_read(written, number):
    assert value(values.number(text(written))) == number


@pytest.mark.parametrize("written", [
    "1,234", "1,5", "1 234", "NaN", "inf", "-inf", "0x10", "1e", "1e400", "5%", "5-6", "five", "", "*", "--5", "1.2.3",
    "<5", ">5", "=5",
])  # fmt: skip
def test_what_is_no_certain_number_is_none(written):
    assert value(values.number(text(written))) is None


@pytest.mark.parametrize(("written", "number", "operator"), [
    ("<5", 5, "<"), ("<= 5", 5, "<="), (">60", 60, ">"), (">=60.5*", 60.5, ">="), ("=5", 5, "="), ("5", 5, "="),
])  # fmt: skip
def test_a_value_that_may_be_bounded_has_an_operator(written, number, operator):
    assert value(values.number(text(written), bounded=True)) == number
    assert value(values.operator(text(written))) == operator


@pytest.mark.parametrize(("written", "number"), [
    ("5", 5), ("5.0", 5), ("-3", -3), ("5.5", None), ("<5", None), ("1e3", None), ("1,000", None), ("NaN", None),
    ("9" * 18, None),
])  # fmt: skip
def test_whole_numbers(written, number):
    assert value(values.whole(text(written))) == number


@pytest.mark.parametrize(("written", "truth"), [
    ("1", True), ("Y", True), ("TRUE", True), ("0", False), ("No", False), ("2", None), ("9", None), ("maybe", None),
])  # fmt: skip
def test_yes_and_no(written, truth):
    assert value(values.boolean(text(written))) is truth


def test_a_word_is_read_in_any_case_and_any_other_word_is_none():
    assert value(values.word("'Female'", ("female", "male"))) == "female"
    assert value(values.word("'F'", ("female", "male"))) is None


def test_a_code_must_match_as_a_whole_and_is_in_capitals():
    practice = next(one for one in tables.PERSONS.columns if one.name == "practice_code")
    assert value(values.read(practice, "'a12345'")) == "A12345"
    assert value(values.read(practice, "'A12345X'")) is None


@pytest.mark.parametrize("word", ["NULL", "n/a", "None", "nan", "-", "Unknown"])
def test_words_for_nothing_are_missing(word):
    assert value(values.given(text(word))) is None


@pytest.mark.parametrize(("written", "decile"), [("1", 1), ("10", 10), ("0", None), ("11", None)])
def test_limits_are_inclusive(written, decile):
    column = next(one for one in tables.PERSONS.columns if one.name == "imd_decile")
    assert value(values.read(column, text(written))) == decile
