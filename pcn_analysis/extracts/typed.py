"""Read the rows of a feed as what their columns are, and count what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis import tables
from pcn_analysis.exceptions import problem
from pcn_analysis.extracts import values
from pcn_analysis.extracts.feeds import MARKS
from pcn_analysis.extracts.workspace import name

if TYPE_CHECKING:
    from pcn_analysis.extracts.feeds import Feed
    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace
    from pcn_analysis.schema import Column

SQL_KINDS = {
    "string": "VARCHAR", "category": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN",
    "date": "DATE",
}  # fmt: skip
READ_KINDS = {
    "date": ("DATE", "TIMESTAMP"),
    "number": ("DOUBLE", "FLOAT", "DECIMAL", "TINYINT", "SMALLINT", "INTEGER", "BIGINT"),
    "integer": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT"),
    "boolean": ("BOOLEAN",),
}
"""Kinds of DuckDB that need no reading, by kind of column; any other is read as its text."""
ROUNDED = r"[0-9](\.[0-9]+)?[eE]\+[0-9]+|[0-9]\.[0-9]+[eE][0-9]+"
"""How a spreadsheet writes a long number: ``1.23E+17``."""
UNSAID = {"birth_precision": "day"}
"""What is meant where a word that must be there cannot be read."""
RARE = 0.01
"""Up to this share of dates in the other order are unreadable dates; more, and nobody can say which is which."""


@dataclass(frozen=True)
class Typed:
    """Rows of one table, read.

    Parameters
    ----------
    table
        Name of the table.
    relation
        How to read them in SQL: the columns of the table, ``_withheld``, ``_row`` and ``_feed``.
    rows
        How many there are.
    """

    table: str
    relation: str
    rows: int


def typed(space: Workspace, feed: Feed, findings: Findings, number: int = 0) -> Typed:
    """Read a feed into the workspace.

    Parameters
    ----------
    space
        The workspace.
    feed
        The rows as recorded. A value that cannot be read as the kind of its column, or is none of its allowed
        values, is missing and counted; a category that may be ``unknown`` or ``not_known`` becomes that. Where a value
        must be there the row is left out later, and counted then. A column that is of its kind already is held to its
        limits only. The operator of a measurement is the sign before its value, where the feed gives no other.
    findings
        Takes the counts.
    number
        Of the feed; kept with each row.

    Returns
    -------
    Typed
        The rows. ``_withheld`` says of those whose person_id a spreadsheet has rounded that they are: under one such
        identifier several people would become one.
    """
    source = space.write(feed.select, f"{feed.table}_as_recorded")
    there = {str(one): str(kind) for one, kind, *_ in space.rows(f"DESCRIBE SELECT * FROM {source}")}
    columns = [column for column in tables.NAMED[feed.table].columns if column.name in there]
    texts = {column.name: _text(column, there) for column in columns if not _is_read(column, there)}
    dates = {column.name: texts[column.name] for column in columns if column.kind == "date" and column.name in texts}
    orders = _orders(space, source, feed, dates, findings)
    reading = {
        column.name: values.read(column, texts[column.name], orders.get(column.name, "dmy"))
        if column.name in texts
        else _held_to_limits(column)
        for column in columns
    }
    _count_unread(space, source, feed.table, {column: reading[column.name] for column in columns}, findings)
    if feed.table == "measurements":
        reading["operator"] = _operator(texts, reading)
    cells = [_cell(column, reading) for column in tables.NAMED[feed.table].columns]
    marks = [_mark(mark, there, texts) for mark in MARKS]
    select = f"SELECT {', '.join([*cells, *marks])}, {number} AS _feed FROM {source}"
    relation = space.write(select, f"{feed.table}_read")
    return Typed(feed.table, relation, int(space.row(f"SELECT count(*) FROM {source}")[0]))


def _is_read(column: Column, there: dict[str, str]) -> bool:
    """Whether a column is of its kind already."""
    return there[column.name].startswith(READ_KINDS.get(column.kind, "-"))


def _text(column: Column, there: dict[str, str]) -> str:
    quoted = name(column.name)
    return quoted if there[column.name] == "VARCHAR" else f"CAST({quoted} AS VARCHAR)"


def _held_to_limits(column: Column) -> str:
    """A column that is of its kind already, in SQL: no date that stands for none, no number beyond its limits."""
    quoted = name(column.name)
    if column.kind == "date":
        none = f"CAST({quoted} AS DATE) < DATE '{values.EARLIEST}'"
        return f"CASE WHEN isfinite({quoted}) AND NOT ({none}) THEN CAST({quoted} AS DATE) END"
    if column.kind == "number":
        quoted = f"CASE WHEN isfinite(CAST({quoted} AS DOUBLE)) THEN CAST({quoted} AS DOUBLE) END"
    return values.within(column, quoted)


def _operator(texts: dict[str, str], reading: dict[str, str]) -> str:
    """The operator as given; the sign before the value where none, or only that it is exact, is given."""
    before = "'='"
    if value := texts.get("value_as_number"):
        before = f"CASE WHEN {reading['value_as_number']} IS NOT NULL THEN {values.operator(value)} ELSE '=' END"
    given = texts.get("operator")
    return f"CASE WHEN coalesce({given}, '=') = '=' THEN {before} ELSE {reading['operator']} END" if given else before


def _cell(column: Column, reading: dict[str, str]) -> str:
    """One column of the table, in SQL."""
    value = reading.get(column.name, "NULL")
    if unsaid := column.unsaid or UNSAID.get(column.name):
        value = f"coalesce({value}, '{unsaid}')"
    return f"CAST({value} AS {SQL_KINDS[column.kind]}) AS {name(column.name)}"


def _mark(mark: str, there: dict[str, str], texts: dict[str, str]) -> str:
    value = f"CAST({mark if mark in there else 'NULL'} AS VARCHAR)"
    if mark == "_withheld" and "person_id" in texts:
        rounded = f"regexp_full_match({texts['person_id']}, '{ROUNDED}')"
        value = f"coalesce({value}, CASE WHEN {rounded} THEN 'a person_id that a spreadsheet has rounded' END)"
    return f"{value} AS {mark}"


def _count_unread(space: Workspace, source: str, table: str, reading: dict[Column, str], findings: Findings) -> None:
    """Count values that are there and could not be read; of columns that must be filled, rows are counted later."""
    counted = [column for column in reading if column.nullable or column.unsaid or column.name in UNSAID]
    if not counted:
        return
    sums = []
    for column in counted:
        text = f"CAST({name(column.name)} AS VARCHAR)"
        no_date = values.stands_for_no_date(text) if column.kind == "date" else "false"
        nothing = f"{values.among(text, values.NULL_WORDS)} OR {no_date}"
        sums.append(f"count(*) FILTER ({text} IS NOT NULL AND ({reading[column]}) IS NULL AND NOT ({nothing}))")
        sums.append(f"count(*) FILTER ({no_date})")
    counts = space.row(f"SELECT {', '.join(sums)} FROM {source}")
    for index, column in enumerate(counted):
        where, unread, no_date = f"{table}.{column.name}", counts[2 * index], counts[2 * index + 1]
        findings.add(where, _what(column), unread, "set to missing")
        findings.add(where, values.NO_DATES, no_date, "set to missing")


def _what(column: Column) -> str:
    if column.allowed:
        return f"values other than {', '.join(column.allowed)}"
    if column.pattern:
        return f"values not matching {column.pattern}"
    words = {"date": "a date", "number": "a number", "integer": "a whole number", "boolean": "yes or no"}
    limits = f", {column.constraint()}" if column.constraint() else ""
    return f"values that cannot be read as {words.get(column.kind, 'text')}{limits}"


def _orders(space: Workspace, source: str, feed: Feed, dates: dict[str, str], findings: Findings) -> dict[str, str]:
    """In which order day and month stand, column by column: what is impossible one way decides.

    A column in which nothing decides is read as the others of the feed are.
    """
    if not dates:
        return {}
    parts = []
    for text in dates.values():
        part = f"TRY_CAST(regexp_extract({text}, '{values.SLASHED}', %d) AS INTEGER)"
        first, second = part % 1, part % 2
        parts.append(f"count(*) FILTER ({first} BETWEEN 13 AND 31 AND {second} <= 12)")
        parts.append(f"count(*) FILTER ({second} BETWEEN 13 AND 31 AND {first} <= 12)")
    counts = space.row(f"SELECT {', '.join(parts)} FROM {source}")
    evidence = dict(zip(dates, zip(counts[::2], counts[1::2], strict=True), strict=True))
    for column, (british, american) in evidence.items():
        if min(british, american) > RARE * max(british, american):
            what = f"{british:,} dates with the day first and {american:,} with the month first"
            raise problem(f"{feed.where}, {feed.table}.{column}", what, "Export dates as 2026-07-01.")
        if american > british:
            what = "dates with the month first, as no other order fits"
            findings.add(f"{feed.table}.{column}", what, american, "noted")
    usual = "mdy" if sum(counts[1::2]) > sum(counts[::2]) else "dmy"
    return {
        column: usual if british == american else "mdy" if american > british else "dmy"
        for column, (british, american) in evidence.items()
    }
