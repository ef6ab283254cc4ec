"""Our own tables, brought as CSV or Parquet: one file a table, columns by the names of the data dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis import tables
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.extracts import mapping_sql
from pcn_analysis.extracts.feeds import Extract, Feed
from pcn_analysis.extracts.mapping_sources import Source
from pcn_analysis.extracts.workspace import name

if TYPE_CHECKING:
    from pcn_analysis.extracts.delivery import Delivery
    from pcn_analysis.extracts.text_files import Raw

TABLES = {table.name: table for table in tables.PEOPLE if table.name not in ("person_table", "reasons")}
"""Tables that may be brought; the person table and its reasons are made from them."""
_DERIVED = ("birth_precision", "operator")
"""Columns that follow from others, where they are not there."""
_BIRTH = Source("persons.birth_date", column="birth_date")


def read(delivery: Delivery) -> Extract:
    """Read tables that are named and laid out as ours.

    Parameters
    ----------
    delivery
        Files named ``persons``, ``conditions`` and so on. ``persons`` must be there.

    Returns
    -------
    Extract
        A feed for each table. A column that is not known is noted and not read; one that may be missing, and is, is
        missing in every row. A date of birth may be a month (``1950-03``) or a year; ``birth_precision`` follows from
        it where the file does not say that less of it is true. Without ``operator`` measured values are exact, but for
        those with the sign of a bound. Conditions that the rows or flags name themselves are covered.

    Raises
    ------
    PcnAnalysisError
        If there is a file of another name, no persons, or a column without which no row can be used is missing.
    """
    problems = [
        Problem(f"{delivery.name}, {one}", "there is no table of this name", nearest(one, TABLES))
        for one in delivery.files
        if one not in TABLES
    ]
    if "persons" not in delivery.files:
        problems.append(Problem(delivery.name, "holds no persons", "Add persons.csv, one row a person."))
    if problems:
        raise PcnAnalysisError(*problems)
    raws = {one: delivery.read(one, TABLES[one].column_names()) for one in delivery.files}
    problems = [one for table, raw in raws.items() for one in _missing(table, raw)]
    if problems:
        raise PcnAnalysisError(*problems)
    for table, raw in raws.items():
        if unknown := [column for column in raw.header if column not in TABLES[table].column_names()]:
            what = f"columns of no name that is known, not read: {', '.join(unknown[:8])}"
            delivery.findings.add(raw.name, what, raw.rows, "noted")
    _note_what_is_not_there(delivery, raws)
    feeds = tuple(Feed(table, _select(table, raw), raw.name) for table, raw in raws.items())
    return Extract("tables", delivery.name, "Tables", feeds, True, True, _flagged(raws))


def _missing(table: str, raw: Raw) -> list[Problem]:
    needed = [
        column.name
        for column in TABLES[table].columns
        if not column.nullable and not column.unsaid and column.name not in _DERIVED
    ]
    return [
        Problem(f"{raw.name}, {column}", "the column is not there, and no row can be used without it",
                nearest(column, raw.header))
        for column in needed if column not in raw.header
    ]  # fmt: skip


def _note_what_is_not_there(delivery: Delivery, raws: dict[str, Raw]) -> None:
    people = raws["persons"].rows
    for table in TABLES:
        if table not in raws and table not in ("attributes", "observation_period"):
            delivery.findings.add(table, f"people: no table {table}, so that nothing is known of it", people, "noted")
    for table, raw in raws.items():
        absent = [one for one in TABLES[table].column_names() if one not in (*raw.columns, *_DERIVED)]
        if absent and table != "attributes":
            delivery.findings.add(raw.name, f"no column {', '.join(absent)}: missing in every row", raw.rows, "noted")


def _select(table: str, raw: Raw) -> str:
    cells = {one: name(one) for one in TABLES[table].column_names() if one in raw.columns}
    if table == "persons":
        cells["birth_date"] = mapping_sql.birth(_BIRTH)
        cells["birth_precision"] = mapping_sql.birth_precision(_BIRTH, cells.get("birth_precision", "NULL"))
    return f"SELECT {', '.join(f'{sql} AS {name(one)}' for one, sql in cells.items())} FROM {raw.relation}"


def _flagged(raws: dict[str, Raw]) -> frozenset[str]:
    """Conditions of which a column says who has them; those that rows name are found once it is known which stay."""
    attributes = raws.get("attributes")
    return frozenset(slug for slug in tables.CONDITION_NAMES if attributes and f"has_{slug}" in attributes.columns)
