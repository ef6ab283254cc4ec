"""How a text is read as a date, a number or a word: SQL that gives null where it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.extracts.workspace import texts

if TYPE_CHECKING:
    from pcn_analysis.schema import Column

NULL_DATES = ("1800-01-01", "1801-01-01", "1802-01-01", "1582-10-15", "1600-01-01")
"""Dates that stand for no date in hospital records."""
NO_DATES = "dates that stand for no date, such as 1801-01-01"
NULL_WORDS = ("null", "none", "nan", "n/a", "na", "nat", "<na>", "not known", "unknown", "-", ".")
"""Words that stand for nothing in any column but one of which they are an allowed value."""
EARLIEST = "1850-01-01"
BEFORE = "1849-12-31"
"""The day before the first that is taken for one."""
YES, NO = ("1", "y", "yes", "true", "t"), ("0", "n", "no", "false", "f")
NUMBER = r"-?([0-9]+(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]{1,2})?"
BOUNDED = "value_as_number"
"""The number that may have the sign of a bound before it; anywhere else ``<5`` is no number."""
_SIGN = r"^(<=|>=|<|>)"
WHOLE = r"-?[0-9]{1,15}(\.0+)?"
_LAYOUTS = {
    "ymd": ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"),
    "dmy": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"),
    "either": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"),
    "named": ("%d-%b-%Y", "%d %b %Y", "%d%b%Y", "%d %B %Y"),
}
_DAY = "^[0-9]{8}([T ]|$)|[^0-9T: ]"
"""Eight digits, or something between day, month and year: ``43831`` is a day of a spreadsheet, and no date."""
SLASHED = r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})\b"
"""A date whose day and month could stand in either order."""


def among(column: str, words: tuple[str, ...]) -> str:
    """Whether a text is one of some words, in any case; no text is none.

    ``IN`` and ``list_contains`` would become a join, and hundreds of columns take gigabytes then.
    """
    return f"(list_position([{texts(words)[1:-1]}], lower({column})) IS NOT NULL)"


def given(column: str) -> str:
    """A text, or null where it stands for nothing."""
    return f"CASE WHEN NOT {among(column, NULL_WORDS)} THEN {column} END"


def date(column: str, order: str = "dmy") -> str:
    """A date, without its time; null where it is none, one that stands for none, or before 1850.

    Parameters
    ----------
    column
        SQL of a text.
    order
        ``dmy`` or ``mdy``: how ``03/02/2020`` is read. With ``either`` the day is first where it can be, so that
        only whether there is a date can be told.
    """
    layouts = texts((*_LAYOUTS["ymd"], *_LAYOUTS[order], *_LAYOUTS["named"]))
    day = rf"regexp_replace({column}, '[T ][0-9]{{1,2}}:[0-9]{{2}}.*$', '')"
    any_layout = f"CASE WHEN regexp_matches({column}, '{_DAY}') THEN try_strptime({day}, [{layouts[1:-1]}]) END"
    usual = f"{column} LIKE '____-__-__'"  # by far the most, and much quicker
    parsed = f"CASE WHEN {usual} THEN try_cast({column} AS DATE) ELSE CAST({any_layout} AS DATE) END"
    return f"nullif(greatest({parsed}, DATE '{BEFORE}'), DATE '{BEFORE}')"


def stands_for_no_date(column: str) -> str:
    """Whether a text is a date that stands for none."""
    return among(f"left({column}, 10)", NULL_DATES)


def number(column: str, *, bounded: bool = False) -> str:
    """A number, without spaces or a star after it; where it may be bounded, a sign (``<5``) is read past.

    ``1,234`` is none: in it a comma may stand for a point.
    """
    before = r"^(<=|>=|<|>|=)?\s*|" if bounded else ""
    plain = rf"regexp_replace({column}, '{before}\s*\*?$', '', 'g')"
    return f"CASE WHEN regexp_full_match({plain}, '{NUMBER}') THEN try_cast({plain} AS DOUBLE) END"


def operator(column: str) -> str:
    """The sign of a bound that stands before a number; ``=`` where there is none."""
    return f"coalesce(nullif(regexp_extract({column}, '{_SIGN}', 1), ''), '=')"


def whole(column: str) -> str:
    """A whole number; ``3.0`` is one."""
    return f"CASE WHEN regexp_full_match({column}, '{WHOLE}') THEN CAST(try_cast({column} AS DOUBLE) AS BIGINT) END"


def boolean(column: str) -> str:
    """True or false, from the words for yes and no."""
    return f"CASE WHEN {among(column, YES)} THEN true WHEN {among(column, NO)} THEN false END"


def word(column: str, allowed: tuple[str, ...]) -> str:
    """One of some words, whatever its case."""
    return f"CASE WHEN {among(column, allowed)} THEN lower({column}) END"


def code(column: str, pattern: str) -> str:
    """A code of a pattern, in capitals."""
    return f"CASE WHEN regexp_full_match(upper({column}), '{pattern}') THEN upper({column}) END"


def read(column: Column, cell: str, order: str = "dmy") -> str:
    """SQL that reads a text as the kind of a column of ``tables/``; a number beyond its limits is missing."""
    if column.kind == "category":
        return word(cell, column.allowed)
    if column.kind == "string":
        return code(cell, column.pattern) if column.pattern else given(cell)
    if column.kind == "date":
        return date(cell, order)
    if column.name == BOUNDED:
        return number(cell, bounded=True)
    return within(column, {"number": number, "integer": whole, "boolean": boolean}[column.kind](cell))


def within(column: Column, value: str) -> str:
    """A number of a column, in SQL, or null where it is beyond its limits; anything else as it is."""
    limits = [
        f"({value}) {sign} {limit:g}" for sign, limit in ((">=", column.minimum), ("<=", column.maximum))
        if limit is not None
    ]  # fmt: skip
    return f"CASE WHEN {' AND '.join(limits)} THEN {value} END" if limits else value
