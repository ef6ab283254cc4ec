"""One row a patient: columns of any names, put by a mapping file to persons and to what is said of each of them.

Flags, counts and scores describe one day and have no records behind them: they become ``tables.ATTRIBUTES``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis import codelists, tables
from pcn_analysis.exceptions import PcnAnalysisError, nearest, problem
from pcn_analysis.extracts import mapping_sql, values
from pcn_analysis.extracts.feeds import Extract, Feed
from pcn_analysis.extracts.identifiers import plain_in_sql
from pcn_analysis.extracts.mapping import absent, references
from pcn_analysis.extracts.mapping_sources import conversion
from pcn_analysis.extracts.workspace import name, text
from pcn_analysis.words import listed

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.extracts.delivery import Delivery
    from pcn_analysis.extracts.mapping import Mapping
    from pcn_analysis.extracts.mapping_sources import Source
    from pcn_analysis.extracts.text_files import Raw

MOST_REPEATED = 0.05
"""Where a larger share of patients have more than one row, the file is not of one row a patient."""
OTHER_ROWS = "other rows of the same patient"


def read(delivery: Delivery, mapping: Mapping, extract_date: dt.date | None = None) -> Extract:
    """Read a file with one row a patient.

    Parameters
    ----------
    delivery
        The file, or a folder in which one file fits the mapping's ``file``.
    mapping
        What its columns are.
    extract_date
        The day that it describes, where the mapping does not say so.

    Returns
    -------
    Extract
        Persons, and attributes as at that day. Of a patient with several rows the one with the latest start of
        registration is used, and of those one that does not depend on their order; the others are withheld from both
        tables. A flag, count or score without a value is not known. Conditions that are mapped are covered.

    Raises
    ------
    PcnAnalysisError
        If the day is not said or said twice, a mapped column is not there, or many patients have several rows.
    """
    day = _described_day(mapping, extract_date)
    table = mapping.persons
    if table is None:
        raise problem(mapping.name, "maps tables, not one row a patient", "Give a mapping file with persons.")
    attributes = [source for sources in mapping.attributes.values() for source in sources.values()]
    wanted = table.references() | references(attributes)
    raw = delivery.read(_only_file(delivery, mapping, table.files), wanted)
    if problems := absent(mapping.name, wanted, raw):
        raise PcnAnalysisError(*problems)
    rows = _rows(delivery, mapping, raw)
    feeds = [Feed("persons", mapping_sql.select(table, rows, on=day, withheld="_other_row"), raw.name)]
    if attributes:
        _count_impossible(delivery, mapping, rows)
        _count_no_dates(delivery, mapping, rows)
        feeds.append(Feed("attributes", _attributes(mapping, rows, day), raw.name))
    covered = frozenset(mapping.attributes.get("conditions", {}))
    return Extract("wide", delivery.name, mapping.title, tuple(feeds), True, True, covered, day)


def _described_day(mapping: Mapping, extract_date: dt.date | None) -> dt.date:
    day = extract_date or mapping.extract_date
    if day is None:
        raise problem(mapping.name, "does not say which day the file describes", "Add extract_date: 2026-07-01.")
    if mapping.extract_date not in (None, day):
        what = f"says that the file describes {mapping.extract_date}, and you said {day}"
        raise problem(mapping.name, what, "Find out which is right, and say it once.")
    return day


def _only_file(delivery: Delivery, mapping: Mapping, patterns: tuple[str, ...]) -> str:
    """The one file that is mapped."""
    found = delivery.matching(*(patterns or ("*",)))
    if len(found) == 1:
        return found[0]
    if found:
        what = f"{len(found)} files could be meant: {listed(sorted(found)[:5])}"
        raise problem(delivery.name, what, f"Give one file, or write file: in {mapping.name}.")
    raise problem(f"{mapping.name}, file", "no file fits", nearest(patterns[0], delivery.files))


def _rows(delivery: Delivery, mapping: Mapping, raw: Raw) -> str:
    """The rows that are mapped, with why one may not be used: another of the same patient is."""
    space, table = delivery.space, mapping.persons
    assert table is not None
    patient = name(table.columns["person_id"].column)
    if delivery.door.has_key:  # under one pseudonym, however an NHS number is written
        patient = plain_in_sql(patient)
    chosen = f"SELECT * FROM {raw.relation}{mapping_sql.where(table)}"
    each = f"SELECT count(*) AS rows FROM ({chosen}) WHERE {patient} IS NOT NULL GROUP BY {patient}"
    people, repeated, rows = space.row(f"SELECT count(*), count(*) FILTER (rows > 1), sum(rows) FROM ({each})")
    if repeated > MOST_REPEATED * people:
        what = f"{repeated:,} of {people:,} patients have several rows ({rows:,} rows in all)"
        remedy = f"Give one row a patient, or choose rows with only: in {mapping.name}, such as those of one month."
        raise problem(raw.name, what, remedy)
    if not repeated:
        return f"(SELECT *, NULL AS _other_row FROM ({chosen}))"
    cells = f"hash({', '.join(name(one) for one in raw.columns)})"
    started = table.columns.get("registration_start_date")
    order = f"{values.date(name(started.column))} DESC NULLS LAST, {cells}" if started and started.column else cells
    usable = f"({mapping_sql.first_mark(table.withheld, mapping_sql.WITHHELD)}) IS NULL DESC"
    other = f"{patient} IS NOT NULL AND row_number() OVER (PARTITION BY {patient} ORDER BY {usable}, {order}) > 1"
    return space.write(f"SELECT *, CASE WHEN {other} THEN {text(OTHER_ROWS)} END AS _other_row FROM ({chosen})", "wide")


def _attributes(mapping: Mapping, rows: str, day: dt.date) -> str:
    """SQL of the attributes: every section of the mapping in columns of ``tables.ATTRIBUTES``."""
    table = mapping.persons
    assert table is not None
    cells = {"person_id": name(table.columns["person_id"].column), "attribute_date": f"DATE '{day}'"}
    said = mapping.attributes
    for slug, source in said.get("conditions", {}).items():
        cells |= _condition(slug, source)
    for section in ("counts", "scores"):
        cells |= {key: mapping_sql.column(source, "number") for key, source in said.get(section, {}).items()}
    for slug, source in said.get("latest", {}).items():
        cells |= _latest(slug, source)
    registers = said.get("registers", {})
    cells |= {tables.register_column(code): mapping_sql.flag(source) for code, source in registers.items()}
    withheld = mapping_sql.first_mark(table.withheld, mapping_sql.WITHHELD, "_other_row")
    made = ", ".join(f"{sql} AS {name(key)}" for key, sql in cells.items())
    return f"SELECT {made}, {withheld} AS _withheld FROM {rows}"


def _condition(slug: str, source: Source) -> dict[str, str]:
    """Columns of a condition: whether, and where the source has a date, when."""
    if source.kind == "flag":
        return {f"has_{slug}": mapping_sql.flag(source)}
    quoted = name(source.column)
    date = f"CASE WHEN {mapping_sql.is_date(quoted)} THEN {quoted} END"
    cells = {f"has_{slug}": mapping_sql.dated_flag(source), f"{slug}_date": date}
    if source.kind == "date" and slug in tables.FIRST_DATES:
        cells[f"{slug}_first_date"] = date
    return cells


def _latest(slug: str, source: Source) -> dict[str, str]:
    """Columns of a measured value, in our unit, and of its date; both are missing where nobody can have the value."""
    quoted, value = name(source.column), _measured(slug, source)
    is_converted = conversion(slug, source.unit) != (1.0, 0.0)
    read = f"coalesce(CAST({value} AS VARCHAR), {quoted})" if is_converted else quoted
    possible = f"coalesce({_is_possible(slug, source)}, true)"
    cells = {slug: f"CASE WHEN {possible} THEN {read} END"}
    if source.date:
        cells[f"{slug}_date"] = f"CASE WHEN {possible} THEN {name(source.date)} END"
    return cells


def _measured(slug: str, source: Source) -> str:
    times, plus = conversion(slug, source.unit) or (1.0, 0.0)
    return f"(({values.number(name(source.column))}) * {times} + {plus})"


def _is_possible(slug: str, source: Source) -> str:
    """Whether somebody can have a value; null where there is none."""
    limits = next((row for row in codelists.rows("measurement_units") if row["measurement"] == slug), {})
    least, most = limits.get("minimum") or "-inf", limits.get("maximum") or "inf"
    return f"{_measured(slug, source)} BETWEEN '{least}'::DOUBLE AND '{most}'::DOUBLE"


def _count_no_dates(delivery: Delivery, mapping: Mapping, rows: str) -> None:
    """Count dates of conditions that stand for none: they are read as blanks."""
    dated = {
        slug: name(source.column)
        for slug, source in mapping.attributes.get("conditions", {}).items()
        if source.kind != "flag"
    }
    if not dated:
        return
    counts = ", ".join(f"count(*) FILTER ({values.stands_for_no_date(quoted)})" for quoted in dated.values())
    for slug, found in zip(dated, delivery.space.row(f"SELECT {counts} FROM {rows}"), strict=True):
        delivery.findings.add(f"attributes.has_{slug}", f"{values.NO_DATES}, read as blank", found, "changed")


def _count_impossible(delivery: Delivery, mapping: Mapping, rows: str) -> None:
    latest = mapping.attributes.get("latest", {})
    if not latest:
        return
    counted = ", ".join(f"count(*) FILTER (NOT {_is_possible(slug, source)})" for slug, source in latest.items())
    for slug, found in zip(latest, delivery.space.row(f"SELECT {counted} FROM {rows}"), strict=True):
        delivery.findings.add(f"attributes.{slug}", "a value that nobody can have", found, "set to missing")
