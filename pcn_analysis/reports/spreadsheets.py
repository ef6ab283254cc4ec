"""The tables of a page as an accessible workbook: cover, contents, notes, and a sheet for each table.

Laid out by gptables after the Government Analysis Function's “Releasing statistics in spreadsheets”
(https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/): each table marked up
as one, with one row of headings, no cell empty or merged, nothing frozen, hidden or said by colour. Shorthand in cells
follows “Symbols in tables” of the same. Numbers are numbers, as in the page's downloads; every text is text.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.display.table_facts import COUNT, FLAG, RATE, WORD
from pcn_analysis.release.profiles import PROFILES
from pcn_analysis.release.spreadsheets import PLAIN, with_language
from pcn_analysis.reports.shown_tables import NOT_APPLICABLE
from pcn_analysis.words import NOT_SHOWN, WITHHELD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gptables import Cover, GPTable

    from pcn_analysis.reports.shown_tables import Column, ShownPage, ShownTable

CONFIDENTIAL, KEPT_BACK, UNAVAILABLE, NO_VALUE = "[c]", "[withheld]", "[x]", "[z]"
"""What stands in a cell that has no value."""
SHORTHAND = {
    CONFIDENTIAL: "Confidential. A number of people that is too small to show, or a number that follows from one.",
    KEPT_BACK: "Withheld. A number of any size that is kept back because, beside others, it would give away one that "
    "is too small to show.",
    UNAVAILABLE: "Not available. Not assessed, not published, not known or not in the file; a column “status” or the "
    "page says which.",
    NO_VALUE: "Not applicable. A rate among nobody, or a word where there is none.",
}
"""Shorthand in cells, and what it means."""
LABEL = "synthetic"
"""Property of a workbook that says whether anything in it is invented: it is of released tables (`release/egress`)."""
PROPORTION = "proportion from 0 to 1"
_LONGEST_HEADING = 250
_YES_NO = {"True": "yes", "False": "no"}


def workbook(page: ShownPage) -> bytes:
    """Make the workbook of a page.

    Parameters
    ----------
    page
        What the page shows; it has tables.

    Returns
    -------
    bytes
        The content of an ``.xlsx`` file. The date in its properties is the index date; nothing reads the clock.
    """
    from pcn_analysis.reports.sheets import Book

    made, created = io.BytesIO(), dt.datetime.fromisoformat(page.tables[0].facts["index_date"])
    tables = {f"Table {number}": _sheet(number, table, page) for number, table in enumerate(page.tables, start=1)}
    with Book(made, PLAIN) as book:
        book.set_properties({"title": page.title, "subject": page.title, "created": created})
        book.set_custom_property(LABEL, any(table.facts["synthetic"] for table in page.tables))
        book.add_worksheet("Cover").write_cover(_cover(page))
        contents = book.make_table_of_contents(tables, column_names=["Sheet", "Table"], title="Contents")
        for name, table in {"Contents": contents, "Notes": _notes(page), **tables}.items():
            book.add_worksheet(name).write_gptable(table, auto_width=True)
    return with_language(made.getvalue())


def _cover(page: ShownPage) -> Cover:
    from gptables import Cover

    head, method = page.head, page.method
    rules = dict.fromkeys(PROFILES[table.facts["profile"]].promise for table in page.tables if table.facts["people"])
    how = [f"How numbers of people are protected: {rule}" for rule in rules]
    files = [f"File: {title}. {publisher}. {period}. {licence}." for title, publisher, period, licence, _ in
             method.get("files", ())]  # fmt: skip
    return Cover(
        title=page.title,
        intro=[
            *head.get("banners", ()),
            *(f"{name}: {value}" for name, value in head.get("facts", ())),
            f"These are the tables of the page {page.stem}.html, with all rows of its downloads. Shorthand in cells is "
            "explained on the sheet Notes.",
        ],
        about=[*how, *method.get("notes", ()), *files, *method.get("credit", ())],
    )


def _notes(page: ShownPage) -> GPTable:
    from gptables import GPTable

    used = {_shorthand(gap, table) for table in page.tables for gaps in table.gaps for gap in gaps if gap}
    rows = [
        (sign, meaning if sign in used else f"{meaning} Not in this workbook.") for sign, meaning in SHORTHAND.items()
    ]
    rows += [
        ("Headings", "As on the page; a column that the page does not show has its name in the download."),
        ("Rates", f"A rate is a {PROPORTION}, and is worked out from the numbers that are shown."),
    ]
    return GPTable(
        pd.DataFrame(rows, columns=["Shorthand or word", "Meaning"]),
        table_name="notes",
        title="Notes",
        instructions="This worksheet contains one table.",
        index_columns={},
    )


def _sheet(number: int, table: ShownTable, page: ShownPage) -> GPTable:
    """One table: the columns that the page shows first, in their order, then the others."""
    from gptables import GPTable

    facts, head = table.facts, page.head
    shown = [name for name, _ in facts["headings"]]
    order = sorted(range(len(table.columns)), key=lambda at: _place(table.columns[at], shown))
    columns = [table.columns[at] for at in order]
    rows = [
        [_cell(columns[to], values[at], gaps[at], table) for to, at in enumerate(order)]
        for values, gaps in zip(table.rows, table.gaps, strict=True)
    ]
    label = f"{facts['label']}: " if facts["label"] else ""
    used = dict.fromkeys(_shorthand(gap, table) for gaps in table.gaps for gap in gaps if gap)
    modelled = " Part modelled: not all of it is published or recorded." if facts["part_modelled"] else ""
    where = ", ".join(filter(None, [head.get("network", facts["network"]), facts["place"], facts["index_date"]]))
    return GPTable(
        pd.DataFrame(rows, columns=_headings(columns), dtype=object),
        table_name=f"table_{number}",
        title=f"Table {number}: {label}{facts['caption']}",
        instructions="This worksheet contains one table.",
        legend=[f"{sign} {SHORTHAND[sign]}" for sign in SHORTHAND if sign in used],
        scope=f"{where}.{modelled}",
        source=f"Source: {'; '.join(facts['sources']) or 'not given'}.",
        index_columns={},
        additional_formatting=[],
    )


def _place(column: Column, shown: list[str]) -> int:
    return shown.index(column.name) if column.name in shown else len(shown)


def _headings(columns: Iterable[Column]) -> list[str]:
    """What stands above columns, each once, whatever its case: as on the page, with the unit of a rate."""
    made: list[str] = []
    for column in columns:
        unit = f" ({PROPORTION})" if column.kind == RATE else ""
        words = (column.heading or column.name)[:_LONGEST_HEADING] + unit
        if words.casefold() in map(str.casefold, made):
            words = f"{words} ({column.name})"
        made.append(words)
    return made


def _cell(column: Column, value: str, gap: str, table: ShownTable) -> Any:
    if gap:
        return _shorthand(gap, table)
    if column.kind == WORD:
        return value
    if column.kind == FLAG:
        return _YES_NO.get(value, value)
    number = float(value)
    return int(number) if column.kind == COUNT and number.is_integer() else number


def _shorthand(gap: str, table: ShownTable) -> str:
    """The shorthand for a reason; of numbers that are of no people nothing is confidential."""
    if gap == NOT_SHOWN and table.facts["people"]:
        return CONFIDENTIAL
    return {WITHHELD: KEPT_BACK, NOT_APPLICABLE: NO_VALUE}.get(gap, UNAVAILABLE)
