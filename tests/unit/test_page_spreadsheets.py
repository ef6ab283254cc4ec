"""The workbook of a page as a person and a screen reader meet it, and what is found in it before it leaves."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from shown_pages import FIRST, SECOND, STEM, TITLE, kept_outputs, notebook_of, profile, show_words

from pcn_analysis.display import show_header
from pcn_analysis.exceptions import DisclosureError
from pcn_analysis.release.egress import Known, check_files, refuse_leaks
from pcn_analysis.reports.pages import page_html
from pcn_analysis.reports.shown_tables import shown_page, table_files
from pcn_analysis.reports.spreadsheets import SHORTHAND, workbook

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from pcn_analysis.place import Network

pytestmark = pytest.mark.unit

PERSON = "SYN-U00001-00000007"
KNOWN = Known.of([PERSON])
TRICKS = (
    "=1+1",
    "@SUM(A1)",
    "+1",
    "https://example.org",
    "[here](https://example.org)",
    "$$note$$",
    "0012",
    " ",
    "<b>",
)
"""Words that a spreadsheet, or the library that writes it, would take for something else."""


def opened(notebook: Any) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(shown_page(notebook, TITLE, STEM))))


def cells(sheet: Worksheet) -> list[list[Any]]:
    """What stands in the table of a sheet, headings first."""
    [table] = sheet.tables.values()
    return [[cell.value for cell in row] for row in sheet[table.ref]]


def words(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet for cell in row if cell.value is not None)


@pytest.fixture(scope="module")
def book(harbour: Network) -> Workbook:
    return opened(profile(harbour))


def test_the_cover_comes_first_then_contents_notes_and_a_sheet_for_each_table(book: Workbook) -> None:
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Table 1", "Table 2"]
    assert cells(book["Contents"]) == [
        ["Sheet", "Table"],
        ["Table 1", f"Table 1: SYNTHETIC: {FIRST}"],
        ["Table 2", f"Table 2: SYNTHETIC PEOPLE: {SECOND}"],
    ]
    links = [cell.hyperlink.location for row in book["Contents"]["A4:A5"] for cell in row]
    assert links == ["'Table 1'!A1", "'Table 2'!A1"]


def test_the_cover_says_what_the_page_is_of_what_is_invented_its_sources_and_how_numbers_are_protected(
    book: Workbook, harbour: Network
) -> None:
    cover = words(book["Cover"])
    assert book["Cover"]["A1"].value == TITLE
    assert book["Cover"]["A3"].value.startswith("SYNTHETIC DATA. This place is invented")
    assert "Network: Harbour PCN (U00001)\nPlace: Marlhaven\nIndex date: 1 July 2026" in cover
    assert "Made with: pcn_analysis" in cover
    assert "0 is shown as 0, 1 to 7 are not shown, anything else goes to the nearest 5." in cover
    assert "Numbers are [counted](https://example.org) by $$hand$$.\n=1+1" in cover
    [source] = harbour.provenance.sources
    assert f"File: {source.title}. {source.publisher}. {source.period}. {source.licence}." in cover
    assert source.attribution in cover


def test_every_sheet_has_one_marked_table_with_one_row_of_headings_and_no_empty_cell(book: Workbook) -> None:
    for sheet in book.worksheets[1:]:
        [table] = sheet.tables.values()
        assert table.headerRowCount == 1
        headings, *rows = cells(sheet)
        assert headings == [column.name for column in table.tableColumns]
        assert len({heading.casefold() for heading in headings}) == len(headings)
        assert rows
        assert all(value not in (None, "") for row in rows for value in row)
        assert sheet.max_row == sheet[table.ref][-1][0].row, "nothing stands below a table"


def test_nothing_is_merged_frozen_filtered_hidden_or_a_formula(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert sheet.sheet_state == "visible"
        assert all(table.autoFilter is None for table in sheet.tables.values())
        assert not any(cell.data_type == "f" for row in sheet for cell in row)


def test_a_sheet_has_title_place_date_source_and_the_shorthand_that_it_uses(book: Workbook) -> None:
    above = [row[0].value for row in book["Table 2"]["A1:A8"]]
    assert above[0] == f"Table 2: SYNTHETIC PEOPLE: {SECOND}"
    assert "Harbour PCN, Marlhaven, 2026-07-01." in above
    assert "Source: Patients registered, 1 July 2026; Synthetic people, 2026." in above
    signs = {sign for sign in SHORTHAND if any(str(text).startswith(sign) for text in above)}
    assert (
        signs
        == {"[withheld]", "[x]", "[z]"}
        == {value for row in cells(book["Table 2"]) for value in row if str(value).startswith("[")}
    )
    assert "Shorthand" not in words(book["Table 1"])
    assert not any(sign in words(book["Table 1"]) for sign in SHORTHAND)


def test_shown_columns_come_first_under_their_headings_and_numbers_are_numbers(book: Workbook) -> None:
    headings, *rows = cells(book["Table 1"])
    assert headings == [
        "Practice", "Share (proportion from 0 to 1)", "practice_code", "patients", "network_patients"
    ]  # fmt: skip
    assert rows[0] == ["Quayside Surgery", 0.6, "A00001", 24000, 40000]
    people = [dict(zip(cells(book["Table 2"])[0], row, strict=True)) for row in cells(book["Table 2"])[1:]]
    assert [row["People"] for row in people] == ["[withheld]", 400, "[x]", 0]
    assert [row["Share (proportion from 0 to 1)"] for row in people] == ["[withheld]", 0.4, "[x]", "[z]"]
    assert [row["on_register"] for row in people] == ["yes", "no", "yes", "no"]


def test_a_number_that_is_too_small_is_confidential_and_one_of_no_people_is_not_available(harbour: Network) -> None:
    notebook = profile(harbour)
    for output in notebook.cells[1].outputs[1:3]:
        output.metadata["pcn_analysis_table"]["missing"] = "not shown"
    people = cells(opened(notebook)["Table 2"])
    assert people[3][people[0].index("People")] == "[c]"
    notebook.cells[1].outputs[2].metadata["pcn_analysis_table"]["people"] = False
    assert cells(opened(notebook)["Table 2"])[3][people[0].index("People")] == "[x]"


def test_words_stay_words_whatever_they_look_like() -> None:
    with kept_outputs() as outputs:
        show_words(*TRICKS)
    sheet = opened(notebook_of(outputs))["Table 1"]
    assert [row[0] for row in cells(sheet)[1:]] == list(TRICKS)
    kinds = {cell.data_type for row in sheet["A6" : f"A{sheet.max_row}"] for cell in row}
    assert kinds == {"s"}
    assert not any(cell.hyperlink for row in sheet for cell in row)


def test_headings_that_are_alike_but_for_their_case_are_told_apart() -> None:
    with kept_outputs() as outputs:
        show_words("a", heading="NUMBER")
    assert cells(opened(notebook_of(outputs))["Table 1"])[0] == ["NUMBER", "Number (number)"]


def test_properties_have_title_language_and_index_date_and_nobody_s_name(harbour: Network, book: Workbook) -> None:
    told = book.properties
    assert (told.title, told.language, told.creator, told.lastModifiedBy) == (TITLE, "en-GB", None, None)
    assert told.created == told.modified == dt.datetime(2026, 7, 1)
    assert {one.name: one.value for one in book.custom_doc_props.props} == {"synthetic": True}
    with zipfile.ZipFile(io.BytesIO(workbook(shown_page(profile(harbour), TITLE, STEM)))) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# -- the page links to its files ---------------------------------------------------------------------------


def test_a_page_links_to_the_files_of_its_tables_and_one_without_any_to_none(harbour: Network) -> None:
    html = page_html(profile(harbour), TITLE, "index.html", "x.ipynb", [f"{STEM}.xlsx", f"{STEM}.csv"])
    assert f'<a href="{STEM}.xlsx">All tables (spreadsheet)</a>' in html
    assert f'<a href="{STEM}.csv">All tables (CSV)</a>' in html
    assert "All tables" not in page_html(profile(harbour), TITLE, "index.html", "x.ipynb")


# -- what must not leave -----------------------------------------------------------------------------------


def test_the_files_of_a_page_are_clean(harbour: Network, tmp_path: Path) -> None:
    assert check_files(table_files(profile(harbour), TITLE, STEM, tmp_path), known=KNOWN) == []


@pytest.mark.parametrize(("leak", "kind"), [(PERSON, "pseudonym"), ("943 476 5919", "nhs"), ("CH41 5AL", "postcode")])
def test_an_identifier_in_a_cell_is_found_in_the_workbook_and_in_the_csv_file(
    tmp_path: Path, leak: str, kind: str
) -> None:
    with kept_outputs() as outputs:
        show_words("a", f"of {leak}", "b")
    files = table_files(notebook_of(outputs), TITLE, STEM, tmp_path)
    assert {(one.file, one.kind) for one in check_files(files, known=KNOWN)} == {(path.name, kind) for path in files}
    with pytest.raises(DisclosureError) as told:
        refuse_leaks(files, KNOWN)
    assert leak not in str(told.value)


def test_an_identifier_in_the_properties_or_the_head_is_found(harbour: Network, tmp_path: Path) -> None:
    [workbook_path, _] = table_files(profile(harbour), f"Profile of {PERSON}", STEM, tmp_path)
    assert {one.kind for one in check_files([workbook_path], known=KNOWN)} == {"pseudonym"}
    with kept_outputs() as outputs:
        show_header(harbour, "Profile")
        show_words("a")
    outputs[0].data["application/vnd.pcn-analysis.page+json"]["facts"] = [["Network", PERSON]]
    [workbook_path, _] = table_files(notebook_of(outputs), TITLE, STEM, tmp_path)
    assert {one.kind for one in check_files([workbook_path], known=KNOWN)} == {"pseudonym"}


def test_rows_of_people_in_a_sheet_below_its_title_are_found(tmp_path: Path) -> None:
    with kept_outputs() as outputs:
        show_words("a", heading="NHS number")
    files = table_files(notebook_of(outputs), TITLE, STEM, tmp_path)
    assert {one.kind for one in check_files(files[:1])} == {"rows"}


def test_a_workbook_that_does_not_say_whether_it_is_invented_is_not_released(harbour: Network, tmp_path: Path) -> None:
    [path, _] = table_files(profile(harbour), TITLE, STEM, tmp_path)
    with zipfile.ZipFile(path) as parts:
        kept = {name: parts.read(name) for name in parts.namelist() if name != "docProps/custom.xml"}
    with zipfile.ZipFile(path, "w") as parts:
        for name, held in kept.items():
            parts.writestr(name, held)
    assert {one.kind: one.times for one in check_files([path])} == {"unreleased": 4}


def test_words_hidden_in_a_comment_of_a_sheet_are_found(harbour: Network, tmp_path: Path) -> None:
    [path, _] = table_files(profile(harbour), TITLE, STEM, tmp_path)
    with zipfile.ZipFile(path) as parts:
        kept = {name: parts.read(name) for name in parts.namelist()}
    name = "xl/worksheets/sheet4.xml"
    kept[name] = re.sub(rb"</worksheet>", f"<!-- {PERSON} --></worksheet>".encode(), kept[name])
    with zipfile.ZipFile(path, "w") as parts:
        for one, held in kept.items():
            parts.writestr(one, held)
    assert {one.kind for one in check_files([path], known=KNOWN)} == {"pseudonym"}
