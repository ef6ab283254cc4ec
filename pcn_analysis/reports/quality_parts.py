"""What the sections of a check are made of: words, tables and bars, with every number written out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pcn_analysis.words import NOT_KNOWN, count, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pcn_analysis.extracts.quality.timing import Period

NO_TABLE = "no table"
FOLDED = 15
"""A table with more rows is folded."""
MOST = 300
"""A table with more rows is cut; the file beside the page holds all of them."""


@dataclass(frozen=True)
class Words:
    """A paragraph, a list or a heading."""

    words: tuple[str, ...]
    kind: str = "paragraph"


@dataclass(frozen=True)
class Table:
    """A table of words: headings, which columns hold numbers, and rows."""

    caption: str
    headings: tuple[str, ...]
    numbers: frozenset[int]
    rows: Sequence[Sequence[str]]
    folded: bool
    kind: str = "table"


@dataclass(frozen=True)
class Bars:
    """Rows of one table over time, to be drawn."""

    title: str
    periods: tuple[Period, ...]
    kind: str = "bars"


Part = Words | Table | Bars


def said(*paragraphs: str) -> Words:
    """Paragraphs."""
    return Words(paragraphs)


def table(
    caption: str, items: Iterable[Any], columns: Mapping[str, Callable[[Any], str]], *, folded: bool | None = None
) -> Table:
    """Make a table with a row for each item.

    Parameters
    ----------
    caption
        Its caption.
    items
        What the rows are of.
    columns
        What each column says of an item, by its heading; one that ends in ``#`` holds numbers.
    folded
        Whether it is folded; by default if it is long.

    Examples
    --------
    >>> made = table("Practices", ["A00001"], {"Practice": str, "Letters #": lambda one: count(len(one))})
    >>> made.headings, made.rows, made.numbers
    (('Practice', 'Letters'), [['A00001', '6']], frozenset({1}))
    """
    rows = [[write(one) for write in columns.values()] for one in items]
    fold = len(rows) > FOLDED if folded is None else folded
    if len(rows) > MOST:
        caption, rows = f"{caption}: the first {count(MOST)} of {count(len(rows))}; all are in check.json", rows[:MOST]
    numbers = frozenset(at for at, heading in enumerate(columns) if heading.endswith("#"))
    return Table(caption, tuple(heading.removesuffix(" #") for heading in columns), numbers, rows, fold)


def share(part: int | None, of: int) -> str:
    """Write a share; of no table, or of nothing, that."""
    if part is None:
        return NO_TABLE
    return percent(part / of) if of else NOT_KNOWN


def each(total: int | None, of: int) -> str:
    """Write how many there are for each person; of no table, or of nobody, that."""
    if total is None:
        return NO_TABLE
    return f"{total / of:,.1f}" if of else NOT_KNOWN


def month(period: str) -> str:
    """Write a month.

    Examples
    --------
    >>> month("2026-06")
    'June 2026'
    """
    return f"{dt.date.fromisoformat(f'{period}-01'):%B %Y}"


def day(date: dt.date | None) -> str:
    """Write a day."""
    return f"{date.day} {date:%B %Y}" if date else NOT_KNOWN


def upper(words: str) -> str:
    """Begin with a capital, and leave the rest."""
    return words[:1].upper() + words[1:]
