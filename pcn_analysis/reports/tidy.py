"""All tables of a page in one CSV file: a row for each value, with the same columns for every page of every network.

Files of many networks can be put below each other and read as one table (`docs/conventions.md`).
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pcn_analysis.display.table_facts import NUMBER, WORD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcn_analysis.reports.shown_tables import ShownPage, ShownTable

COLUMNS = (
    "place",
    "network",
    "pcn_code",
    "index_date",
    "vintage",
    "part_modelled",
    "synthetic",
    "report",
    "table",
    "row",
    "measure",
    "value",
    "status",
)
"""What each row says; part_modelled and synthetic are those of its table, status why there is no value."""
STATUS = "status"
"""A column of many tables that says something of a row, and never which row it is."""


def observations(page: ShownPage) -> str:
    """Write every value of the tables of a page.

    Parameters
    ----------
    page
        What the page shows.

    Returns
    -------
    str
        CSV with the columns of ``COLUMNS``, in the order of tables, rows and columns of the page's downloads. A table
        has its caption, and a number if it is not the first with that caption.
    """
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\n")
    out.writerow(COLUMNS)
    head = page.head
    seen: dict[str, int] = {}
    for table in page.tables:
        facts = table.facts
        about = [facts["place"], head.get("network", facts["network"]), head.get("pcn_code", ""), facts["index_date"]]
        labels = [facts["vintage"], facts["part_modelled"], facts["synthetic"], page.stem]
        name = _numbered(facts["caption"], seen)
        out.writerows([*about, *labels, name, *one] for one in _values(table))
    return written.getvalue()


def _values(table: ShownTable) -> Iterator[tuple[str, str, str, str]]:
    """Row, measure, value and status of every value that is not among the words of its row."""
    keys = row_words(table)
    measures = [(at, column.name) for at, column in enumerate(table.columns) if at not in keys]
    seen: dict[str, int] = {}
    for row, gaps in zip(table.rows, table.gaps, strict=True):
        words = "; ".join(f"{table.columns[at].name}: {row[at] or '–'}" for at in keys)
        words = _numbered(words or "row", seen)
        for at, name in measures:
            yield words, name, row[at], gaps[at]


def row_words(table: ShownTable) -> list[int]:
    """Positions of the columns that say which row it is.

    They are as many words, from the left, as it takes until no two rows are the same; before them a plain number, if
    the table begins with one, and after them other plain numbers where words do not do. Counts, rates, flags and the
    status of a row are never among them, and one column is always left.
    """
    columns = table.columns
    words = [at for at, column in enumerate(columns) if column.kind == WORD and column.name != STATUS]
    numbers = [at for at, column in enumerate(columns) if column.kind == NUMBER]
    keys: list[int] = []
    for at in [*(one for one in numbers if one == 0), *words, *(one for one in numbers if one)]:
        if len(keys) == len(columns) - 1 or _tell_apart(table.rows, keys):
            break
        keys.append(at)
    return keys


def _tell_apart(rows: Sequence[Sequence[str]], keys: Sequence[int]) -> bool:
    return bool(keys) and len({tuple(row[at] for at in keys) for row in rows}) == len(rows)


def _numbered(words: str, seen: dict[str, int]) -> str:
    """Words with a number if they were there before."""
    seen[words] = seen.get(words, 0) + 1
    return words if seen[words] == 1 else f"{words} ({seen[words]})"
