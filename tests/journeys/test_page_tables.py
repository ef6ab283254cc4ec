"""The tables of real pages as an analyst opens them: one workbook and one CSV file beside each page."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import nbformat
import openpyxl
import pandas as pd
import pytest

from pcn_analysis.display.output import MARK
from pcn_analysis.reports.shown_tables import shown_page
from pcn_analysis.reports.tidy import COLUMNS
from tests.conftest import command

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.settings import Settings

pytestmark = pytest.mark.journey

PAGES = ("01_population_profile", "02_segmentation_SYNTHETIC_PEOPLE")


def file(settings: Settings, name: str, ending: str) -> Path:
    return settings.reports / "synthetic" / "U00005" / f"{name}{ending}"


def captions(settings: Settings, name: str) -> list[str]:
    """Captions of the tables of a page, without how many rows of them it shows."""
    html = file(settings, name, ".html").read_text(encoding="utf-8")
    found = re.findall(r'<table class="released">\s*<caption>(.*?)</caption>', html)
    return [re.sub(r" \(first \d+ of \d+\)$", "", unescape(one)) for one in found]


def tidy(settings: Settings, name: str) -> pd.DataFrame:
    return pd.read_csv(file(settings, name, ".csv"), keep_default_na=False, dtype=str)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_links_to_its_tables_and_both_files_have_all_of_them(pack: Settings, name: str) -> None:
    html = file(pack, name, ".html").read_text(encoding="utf-8")
    assert [one for one in (".xlsx", ".csv") if f'href="{name}{one}"' not in html] == []
    book = openpyxl.load_workbook(file(pack, name, ".xlsx"))
    shown = captions(pack, name)
    assert [sheet["A1"].value.partition(": ")[2] for sheet in book.worksheets[3:]] == shown
    labels = r"^SYNTHETIC(?: PEOPLE)?: "
    assert list(dict.fromkeys(tidy(pack, name)["table"])) == [re.sub(labels, "", one) for one in shown]


@pytest.mark.parametrize("name", PAGES)
def test_every_number_of_a_sheet_is_in_the_csv_file(pack: Settings, name: str) -> None:
    book = openpyxl.load_workbook(file(pack, name, ".xlsx"))
    values = tidy(pack, name)
    for sheet, (_, rows) in zip(book.worksheets[3:], values.groupby("table", sort=False), strict=True):
        [table] = sheet.tables.values()
        cells = [cell.value for row in sheet[table.ref][1:] for cell in row]
        assert all(value not in (None, "") for value in cells)
        missing = [one for one in cells if one in ("[c]", "[withheld]", "[x]", "[z]")]
        assert len(missing) >= rows["status"].ne("").sum()
        numbers = {float(one) for one in cells if isinstance(one, int | float)}
        told = set(pd.to_numeric(rows["value"], errors="coerce").dropna())
        assert told <= numbers | {float(one) for one in cells if re.fullmatch(r"-?\d+(\.\d+)?", str(one))}


@pytest.mark.parametrize("name", PAGES)
def test_why_a_value_is_missing_is_said_as_the_page_says_it(pack: Settings, name: str) -> None:
    notebook = nbformat.read(file(pack, name, ".ipynb"), as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    shown = [one.data["text/html"] for one in outputs if one.metadata[MARK] == "show_table"]
    for html, table in zip(shown, shown_page(notebook, "", name).tables, strict=True):
        body = html.partition("<tbody>")[2].partition("</tbody>")[0]
        lines = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for line in re.findall(r"<tr>(.*?)</tr>", body)]
        names = [column.name for column in table.columns]
        places = [names.index(heading) for heading, _ in table.facts["headings"]]
        for cells, values, gaps in zip(lines, table.rows, table.gaps, strict=False):
            missing = {at: cell for cell, at in zip(cells, places, strict=True) if not values[at] and cell}
            assert missing == {at: gaps[at].replace("not applicable", "–") for at in missing}


def test_csv_files_of_pages_are_one_table_in_which_no_value_comes_twice(pack: Settings) -> None:
    stacked = pd.concat([tidy(pack, name) for name in PAGES])
    assert tuple(stacked) == COLUMNS
    assert not stacked.duplicated(["pcn_code", "index_date", "report", "table", "row", "measure"]).any()
    assert stacked["synthetic"].eq("True").all()
    assert stacked["value"].eq("").eq(stacked["status"].ne("")).all()
    assert {"", "not shown", "not applicable"} <= set(stacked["status"])


def test_all_of_it_is_searched_and_clean(pack: Settings) -> None:
    checked = command("release", "check", "reports/", root=pack.root)
    assert checked.returncode == 0, checked.stdout
    assert "nothing found that must not leave" in checked.stdout
