"""The tables that a page shows, taken out of its executed notebook, and the files made of them beside the page.

Nothing is read but outputs of ``show_header``, ``show_table`` and ``show_method``: what a file holds stands on the
page, or in a download that the page offers.
"""

from __future__ import annotations

import base64
import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pcn_analysis.display import method, table_facts
from pcn_analysis.display.header import MIME
from pcn_analysis.display.output import MARK
from pcn_analysis.display.tables import NOT_APPLICABLE as BLANK
from pcn_analysis.display.tables import WHY_MISSING
from pcn_analysis.words import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

NOT_APPLICABLE = "not applicable"
"""Of a rate among nobody, and of a word where there is none."""
_DOWNLOAD = re.compile(r'href="data:text/csv;base64,([^"]*)"')


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Its name in the download.
    kind
        What it holds: a constant of :mod:`pcn_analysis.display.table_facts`.
    heading
        Its heading on the page; empty where the page does not show it.
    """

    name: str
    kind: str
    heading: str = ""


@dataclass(frozen=True)
class ShownTable:
    """One table of a page, with all rows of its download.

    Parameters
    ----------
    facts
        What it is: see :func:`pcn_analysis.display.table_facts.table_facts`.
    columns
        Its columns in the order of the download, without the labels that each row of it has.
    rows
        Its values as the download has them; an empty text where there is none.
    gaps
        Of each value, why there is none; an empty text where there is one.
    """

    facts: dict[str, Any]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    gaps: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ShownPage:
    """What of a page goes into the files beside it.

    Parameters
    ----------
    title, stem
        Title of the page, and name of its files.
    head
        What the head of the page is about, says of itself, and warns of.
    method
        How it was made, its files and attributions.
    tables
        Its tables, in their order.
    """

    title: str
    stem: str
    head: dict[str, Any]
    method: dict[str, Any]
    tables: tuple[ShownTable, ...]


def table_files(notebook: Any, title: str, stem: str, folder: Path) -> list[Path]:
    """Write the spreadsheet and the CSV file of the tables of a page.

    Parameters
    ----------
    notebook
        The executed notebook.
    title
        Title of the page.
    stem
        Name of the files of the page, without an ending.
    folder
        Where to write them.

    Returns
    -------
    list of Path
        The spreadsheet and the CSV file; none if the page shows no table. The same notebook gives the same bytes.
    """
    from pcn_analysis.reports.spreadsheets import workbook
    from pcn_analysis.reports.tidy import observations

    page = shown_page(notebook, title, stem)
    if not page.tables:
        return []
    files = {".xlsx": workbook(page), ".csv": observations(page).encode()}
    for ending, content in files.items():
        (folder / f"{stem}{ending}").write_bytes(content)
    return [folder / f"{stem}{ending}" for ending in files]


def shown_page(notebook: Any, title: str, stem: str) -> ShownPage:
    """Take head, tables and method out of an executed notebook; see :func:`table_files`."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    heads = [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]
    told = list(_facts_of(outputs, "show_method", method.FACTS))
    tables = [_table(output, facts) for output, facts in _facts_of(outputs, "show_table", table_facts.FACTS)]
    return ShownPage(title, stem, heads[0] if heads else {}, told[-1][1] if told else {}, tuple(tables))


def _facts_of(outputs: list[Any], shown_by: str, key: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    for output in outputs:
        metadata = output.get("metadata", {})
        if metadata.get(MARK) == shown_by and key in metadata:
            yield output, metadata[key]


def _table(output: Any, facts: dict[str, Any]) -> ShownTable:
    html = output["data"]["text/html"]
    found = _DOWNLOAD.search(html if isinstance(html, str) else "".join(html))
    text = base64.b64decode(found[1]).decode() if found else ""
    names, *lines = csv.reader(io.StringIO(text))
    shown = dict(facts["headings"])
    columns = tuple(Column(name, kind, shown.get(name, "")) for name, kind in facts["columns"])
    places = [names.index(column.name) for column in columns]
    rows = tuple(tuple(line[at] for at in places) for line in lines)
    withheld = names.index(WITHHELD) if WITHHELD in names and WITHHELD not in dict(facts["columns"]) else None
    held = [line[withheld].split("; ") if withheld is not None else [] for line in lines]
    return ShownTable(facts, columns, rows, tuple(_gaps(columns, *one, facts) for one in zip(rows, held, strict=True)))


def _gaps(
    columns: tuple[Column, ...], row: tuple[str, ...], held: Collection[str], facts: dict[str, Any]
) -> tuple[str, ...]:
    """Of each value of a row, why there is none, as the page says it."""
    if all(row):
        return ("",) * len(row)
    values = {column.name: value for column, value in zip(columns, row, strict=True)}
    status = values.get("status", "")
    why = status if status in WHY_MISSING else facts["missing"]
    return tuple("" if value else _gap(column, values, held, why, facts["made_from"]) for column, value in
                 zip(columns, row, strict=True))  # fmt: skip


def _gap(
    column: Column, values: dict[str, str], held: Collection[str], why: str, made_from: dict[str, list[str]]
) -> str:
    counts = made_from.get(column.name, [])
    if any(name in held for name in (column.name, *counts)):
        return WITHHELD
    if why == BLANK:
        return NOT_APPLICABLE
    of_nobody = bool(counts) and values.get(counts[1]) in ("0", "0.0")
    return NOT_APPLICABLE if of_nobody or column.kind in (table_facts.WORD, table_facts.FLAG) else why
