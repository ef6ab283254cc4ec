"""Lists of a caseload, and lists as spreadsheets that a screen reader can follow."""

import datetime as dt
import io
import json
import os
import stat
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from caseload_people import many, people_of, two_fifths

from pcn_analysis.anticipatory.caseload import caseload
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.release.list_kinds import CASELOAD
from pcn_analysis.release.lists import write_lists
from pcn_analysis.release.spreadsheets import FOOTER, LANGUAGE, spreadsheet
from pcn_analysis.reports.caseload_lists import FLOORS, caseload_rows, plan_of

pytestmark = pytest.mark.unit

DAY = dt.date(2026, 7, 1)
NOW = dt.datetime(2026, 7, 2, 9, 30, tzinfo=dt.UTC)


def written(folder, population, **changed):
    made = caseload(population, capacity={"practice nurse": 2})
    options = {"kind": CASELOAD, "restricted": folder / "restricted", "published": [folder / "reports"]}
    return write_lists(population, *made.to_list(), **options, written_at=NOW, by="sam", **changed)


def opened(content, **options):
    return openpyxl.load_workbook(io.BytesIO(content), **options)


def test_a_caseload_list_says_whom_when_by_whom_for_what_and_why(tmp_path):
    [path] = written(tmp_path, people_of(*many(1, 3, 0, 1))).paths
    assert path.parent == tmp_path / "restricted" / "lists" / "tiny" / "caseload" / "U00001"
    rows = pd.read_csv(path, dtype="str")
    assert list(rows) == [*CASELOAD.columns, "note"]
    first = rows.iloc[0].to_dict()
    assert (first["person_id"], first["place"], first["month"]) == ("p001", "1", "1")
    assert first["suggested_professional"] == "practice nurse"
    assert first["open_gaps"].startswith("Blood pressure above target")
    assert first["reasons"] == "Moderate frailty"
    assert first["last_contact"] == "none recorded"
    assert len(rows) == 2, "two slots"
    readme = (path.parent / "README.txt").read_text("utf-8")
    for said in ("For review by a clinician who knows the patient", "not a diagnosis", "PRISMATIC"):
        assert said in readme


def test_beside_each_list_is_the_same_as_a_spreadsheet_for_its_owner_alone(tmp_path):
    population = people_of(*many(1, 3))
    [path] = written(tmp_path, population).paths
    beside = path.with_suffix(".xlsx")
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    read = pd.read_excel(beside, dtype="str", keep_default_na=False)
    pd.testing.assert_frame_equal(read, rows, check_dtype=False)
    if os.name == "posix":
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    audit = json.loads((tmp_path / "restricted" / "lists" / "audit.jsonl").read_text("utf-8"))
    assert {"sha256", "spreadsheet_sha256"} <= set(audit["files"][path.name])
    later = replace(population, index_date=dt.date(2026, 8, 1))
    now = written(tmp_path, later)
    assert now.earlier == 1
    assert {one.suffix for one in (path.parent / "earlier").iterdir()} == {".csv", ".xlsx"}
    assert not beside.exists()


def test_a_folder_that_may_be_published_gets_no_list(tmp_path):
    population = people_of(*many(1))
    made = caseload(population, capacity={"practice nurse": 2})
    where = {"restricted": tmp_path / "reports" / "x", "published": [tmp_path / "reports"]}
    with pytest.raises(PcnAnalysisError, match="may be published"):
        write_lists(population, *made.to_list(), kind=CASELOAD, **where, written_at=NOW, by="sam")
    assert not list(tmp_path.rglob("*.xlsx"))


@pytest.mark.parametrize(("fair", "most_deprived"), [(False, 0), (True, 4)])
def test_with_floors_each_fifth_has_four_fifths_of_its_share_and_the_readme_says_so(fair, most_deprived):
    """Ten slots; the twenty of the most deprived fifth have less open, and half of the ten would be their share."""
    plan = plan_of({"practice nurse": 10}, cohort="proactive_care", objective="default", fair=fair)
    rows = caseload_rows(two_fifths([1] * 20, [2] * 20), plan)
    assert (~rows.people["person_id"].str.startswith("q")).sum() == most_deprived
    assert len(rows.people) == 10
    assert (FLOORS in rows.about) == fair


def test_slots_are_of_each_month():
    plan = plan_of({"practice nurse": 2}, cohort="proactive_care", objective="default", months=3)
    assert caseload_rows(people_of(*many(*[2] * 9)), plan).people["month"].to_list() == [1, 1, 2, 2, 3, 3]


# -- what a screen reader needs ----------------------------------------------------------------------------


ROWS = pd.DataFrame({"person_id": ["p1", "p2"], "place": [1, 2], "reasons": ["Falls; " * 30, None]})


@pytest.fixture(scope="module")
def book():
    return opened(spreadsheet(ROWS, title="A list", readme="Why\nand how", day=DAY))


def test_the_first_sheet_is_one_table_with_a_frozen_marked_header_and_no_merged_cells(book):
    assert book.sheetnames == ["List", "Read me"]
    assert book.active.title == "List"
    sheet = book["List"]
    [table] = sheet.tables.values()
    assert (table.ref, table.headerRowCount) == ("A1:C3", 1)
    assert [column.name for column in table.tableColumns] == list(ROWS)
    assert [cell.value for cell in sheet[1]] == list(ROWS)
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    for one in book:
        assert not one.merged_cells.ranges
        assert not one.conditional_formatting
        assert FOOTER in one.oddFooter.left.text
    assert len(book["Read me"].tables) == 0


def test_title_and_language_are_in_the_properties_and_read_me_begins_with_what_the_list_is_not(book):
    assert (book.properties.title, book.properties.language) == ("A list", LANGUAGE)
    assert book.properties.created == dt.datetime(2026, 7, 1)
    told = [row[0].value for row in book["Read me"].iter_rows()]
    assert told[0] == FOOTER
    assert "not a diagnosis" in told[0]
    assert [one for one in told[1:] if one] == ["Why", "and how"]


def test_long_texts_are_wrapped_in_columns_of_some_width(book):
    sheet = book["List"]
    assert sheet.column_dimensions["A"].width >= 10
    assert 55 <= sheet.column_dimensions["C"].width <= 65
    assert sheet["C2"].alignment.wrap_text or sheet.column_dimensions["C"].alignment.wrap_text


def test_numbers_are_numbers_texts_are_texts_and_what_is_missing_is_empty(book):
    sheet = book["List"]
    assert [cell.value for cell in sheet[2]][:2] == ["p1", 1]
    assert sheet["C3"].value is None


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-1", "@SUM(A1)", "{=A1}", "http://example.org", "007", "=cmd|' /C'!A0"]
)
def test_no_text_becomes_a_formula_a_link_or_a_number(text):
    sheet = opened(spreadsheet(pd.DataFrame({"reasons": [text]}), title="t", readme=text, day=DAY))["List"]
    cell = sheet["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_the_same_rows_give_the_same_bytes_and_no_rows_give_an_empty_table():
    one, other = (spreadsheet(ROWS, title="A list", readme="Why", day=DAY) for _ in range(2))
    assert one == other
    empty = opened(spreadsheet(ROWS.head(0), title="A list", readme="Why", day=DAY))["List"]
    assert [cell.value for cell in empty[1]] == list(ROWS)
    assert [cell.value for cell in empty[2]] == [None] * 3
    with zipfile.ZipFile(io.BytesIO(one)) as file:
        assert file.testzip() is None
