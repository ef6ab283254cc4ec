"""What a mapping file says of a column, as SQL: the words of the source become ours, and nothing is guessed.

Every expression gives text, for :mod:`pcn_analysis.extracts.typed` to read and count. What is there and has no
meaning becomes ``NOT_UNDERSTOOD``, which no kind of column can be read from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis import tables
from pcn_analysis.extracts import values
from pcn_analysis.extracts.mapping import OPT_OUTS, WITHHELD
from pcn_analysis.extracts.workspace import name, text

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.extracts.mapping import TableMap
    from pcn_analysis.extracts.mapping_sources import Source, Sources

NOT_UNDERSTOOD = "?"
EMPTY = ("null", "none", "nan", "n/a", "na", "nat", "<na>")
"""How programs write a cell that is empty."""
MIDDLE_OF_YEAR = (7, 1)
"""Month and day that stand for a year, of which one day lies in every year of age."""
_MONTH_ONLY = ("^[0-9]{4}-[0-9]{2}$", "^[0-9]{1,2}/[0-9]{4}$")
_YEAR_ONLY = "^[0-9]{4}$"


def column(source: Source, kind: str, *, on: dt.date | None = None) -> str:
    """SQL of one of our columns.

    Parameters
    ----------
    source
        Where it comes from.
    kind
        Kind of our column, or ``decile`` or ``birth``.
    on
        The date that ages are as at.
    """
    if source.value:
        return text(source.value)
    if source.year or source.age:
        return of_parts(source, on)
    quoted = name(source.column)
    if kind == "boolean":
        return flag(source)
    if kind == "decile":
        return decile(source)
    if kind == "birth":
        return birth(source)
    if source.blank:
        return f"CASE WHEN {quoted} IS NULL OR {values.among(quoted, EMPTY)} THEN '0' ELSE {quoted} END"
    if source.values:
        cases = " ".join(f"WHEN {text(theirs)} THEN {text(ours)}" for theirs, ours in source.values.items())
        return f"CASE {_plain(quoted)} {cases} ELSE {quoted} END"
    return quoted


def flag(source: Source) -> str:
    """Yes or no; what is neither is not understood."""
    plain = _plain(name(source.column))
    blank = text("false") if source.blank else "NULL"
    return (
        f"CASE WHEN {name(source.column)} IS NULL THEN {blank} "
        f"WHEN {values.among(plain, source.words_for_yes())} THEN 'true' "
        f"WHEN {values.among(plain, source.words_for_no())} THEN 'false' "
        f"WHEN {values.among(plain, EMPTY)} THEN {blank} "
        f"WHEN {values.among(plain, values.NULL_WORDS)} THEN NULL ELSE {text(NOT_UNDERSTOOD)} END"
    )


def dated_flag(source: Source) -> str:
    """Yes where there is a date; a date that stands for none is a blank."""
    quoted = name(source.column)
    blank = text("false") if source.blank else "NULL"
    return (
        f"CASE WHEN {is_date(quoted)} THEN 'true' WHEN {values.stands_for_no_date(quoted)} THEN {blank} "
        f"ELSE {flag(source)} END"
    )


def is_date(quoted: str) -> str:
    """Whether a text is a date, in either order of day and month, and stands for one."""
    return f"({values.date(quoted, 'either')} IS NOT NULL AND NOT {values.stands_for_no_date(quoted)})"


def mark(source: Source, words: str) -> str:
    """Why a row may not be used: its mark says so, or cannot be read, which is taken for yes."""
    answer = flag(source)
    unread = text(f"{words} or not, as the mark cannot be read")
    return f"CASE {answer} WHEN 'true' THEN {text(words)} WHEN {text(NOT_UNDERSTOOD)} THEN {unread} END"


def first_mark(sources: Sources, words: dict[str, str], other: str = "NULL") -> str:
    """The first of some marks that a row has, or else another reason."""
    return f"coalesce({', '.join([*(mark(source, words[key]) for key, source in sources.items()), other])})"


def decile(source: Source) -> str:
    """A decile of which 1 is the most deprived."""
    quoted = name(source.column)
    if source.one_is == "most deprived":
        return quoted
    whole = values.whole(quoted)
    return f"CASE WHEN ({whole}) BETWEEN 1 AND 10 THEN CAST(11 - ({whole}) AS VARCHAR) ELSE {quoted} END"


def of_parts(source: Source, on: dt.date | None) -> str:
    """A date from its year, month and day, or from completed years of age; the middle of what is not known."""
    month, day = MIDDLE_OF_YEAR
    if source.age:
        if on is None:
            message = "ages need the date that they are as at"
            raise ValueError(message)
        latest = on.year - ((on.month, on.day) < MIDDLE_OF_YEAR)
        age = f"({values.whole(name(source.age))})"
        return f"CASE WHEN {age} BETWEEN 0 AND 125 THEN format('{{:04d}}-{month:02d}-{day:02d}', {latest} - {age}) END"
    cases = f"format('{{:04d}}-{month:02d}-{day:02d}', {_part(source.year)})"
    if source.month:
        known = f"{_part(source.month)} BETWEEN 1 AND 12"
        middle = f"WHEN {known} THEN format('{{:04d}}-{{:02d}}-15', {_part(source.year)}, {_part(source.month)})"
        if source.day:
            parts = ", ".join(_part(part) for part in (source.year, source.month, source.day))
            whole = f"format('{{:04d}}-{{:02d}}-{{:02d}}', {parts})"
            middle = f"WHEN {known} AND {_part(source.day)} BETWEEN 1 AND 31 THEN {whole} {middle}"
        cases = f"CASE {middle} ELSE {cases} END"
    return f"CASE WHEN {_part(source.year)} BETWEEN 1850 AND 2200 THEN {cases} END"


def birth(source: Source) -> str:
    """A date of birth: the 15th of a month, 1 July of a year, where no more is known."""
    quoted = name(source.column)
    month, day = MIDDLE_OF_YEAR
    if source.precision:
        middle = "%Y-%m-15" if source.precision == "month" else f"%Y-{month:02d}-{day:02d}"
        full = f"strftime({values.date(quoted)}, {text(middle)})"
    else:
        full = quoted
    iso, slashed = _MONTH_ONLY
    return (
        f"CASE WHEN regexp_matches({quoted}, '{_YEAR_ONLY}') THEN {quoted} || '-{month:02d}-{day:02d}' "
        f"WHEN regexp_matches({quoted}, '{iso}') THEN {quoted} || '-15' "
        f"WHEN regexp_matches({quoted}, '{slashed}') "
        f"THEN split_part({quoted}, '/', 2) || '-' || lpad(split_part({quoted}, '/', 1), 2, '0') || '-15' "
        f"ELSE {full} END"
    )


def birth_precision(source: Source, said: str = "NULL") -> str:
    """How much of a date of birth is known: what the date shows, and no more than what is said of it.

    Parameters
    ----------
    source
        Where the date comes from.
    said
        SQL of what the file says. A word that is none of ours is left as it is where the date shows no less.
    """
    shown = _shown_precision(source)
    said = f"lower({said})"
    return (
        f"CASE WHEN {shown} = 'year' OR {said} = 'year' THEN 'year' "
        f"WHEN {shown} = 'month' OR {said} = 'month' THEN 'month' ELSE coalesce({said}, 'day') END"
    )


def _shown_precision(source: Source) -> str:
    if source.age or (source.year and not source.month):
        return "'year'"
    if source.year:
        known = f"{_part(source.month)} BETWEEN 1 AND 12"
        day = f"WHEN {known} AND {_part(source.day)} BETWEEN 1 AND 31 THEN 'day' " if source.day else ""
        return f"CASE {day}WHEN {known} THEN 'month' ELSE 'year' END"
    quoted = name(source.column)
    months = " OR ".join(f"regexp_matches({quoted}, '{pattern}')" for pattern in _MONTH_ONLY)
    return (
        f"CASE WHEN regexp_matches({quoted}, '{_YEAR_ONLY}') THEN 'year' WHEN {months} THEN 'month' "
        f"ELSE {text(source.precision or 'day')} END"
    )


def select(table: TableMap, relation: str, *, on: dt.date | None = None, withheld: str = "NULL") -> str:
    """SQL of the rows of a table: the columns that are mapped, and the marks.

    Parameters
    ----------
    table
        What is mapped; a source whose column may be missing, and is, has been taken out.
    relation
        Rows whose columns have the names that the mapping uses.
    on
        The date that ages are as at.
    withheld
        SQL of one more reason why a row may not be used.
    """
    cells = {
        key: column(source, _kind(table.table, key), on=on) for key, source in table.columns.items()
    }  # fmt: skip
    if table.table == "persons":
        cells["birth_precision"] = birth_precision(table.columns["birth_date"], cells.get("birth_precision", "NULL"))
    number = table.columns.get("value_as_number")
    if number and number.column and "operator" not in cells:
        cells["operator"] = values.operator(name(number.column))
    cells["_withheld"] = first_mark(table.withheld, WITHHELD, withheld)
    if table.opted_out:
        cells["_opted_out"] = first_mark(table.opted_out, OPT_OUTS)
    if table.row:
        cells["_row"] = name(table.row)
    made = ", ".join(f"{sql} AS {name(key)}" for key, sql in cells.items())
    distinct = "DISTINCT " if table.distinct else ""
    return f"SELECT {distinct}{made} FROM {relation}{where(table)}"


def where(table: TableMap) -> str:
    """Which rows of the source are of the table."""
    tests = [values.among(_plain(name(one)), words) for one, words in table.only.items()]
    tests += [f"({values.given(name(one))}) IS NOT NULL" for one in table.filled]
    tests += [f"({values.given(name(one))}) IS NULL" for one in table.not_filled]
    return f" WHERE {' AND '.join(tests)}" if tests else ""


def _kind(table: str, key: str) -> str:
    special = {"birth_date": "birth", "imd_decile": "decile"}
    return special.get(key) or next(one.kind for one in tables.NAMED[table].columns if one.name == key)


def _part(column_name: str) -> str:
    return f"({values.whole(name(column_name))})"


def _plain(quoted: str) -> str:
    """A text in lower case, with single spaces; ``1.0`` is ``1``."""
    return f"regexp_replace(regexp_replace(lower({quoted}), '\\s+', ' ', 'g'), '^([0-9]+)\\.0+$', '\\1')"
