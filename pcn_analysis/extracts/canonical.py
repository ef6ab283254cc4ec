"""Our own tables, brought as CSV or Parquet: one file a table, columns by the names of the data dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis import tables
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.extracts.feeds import Extract, Feed
from pcn_analysis.extracts.workspace import name, texts

if TYPE_CHECKING:
    from pcn_analysis.extracts.delivery import Delivery
    from pcn_analysis.extracts.text_files import Raw

TABLES = {table.name: table for table in tables.PEOPLE if table.name not in ("person_table", "reasons")}
"""Tables that may be brought; the person table and its reasons are made from them."""
_GIVEN = {"birth_precision": "'day'", "operator": "'='"}
"""What is meant where such a column is not there at all."""


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
        missing in every row. Without ``birth_precision`` dates of birth are taken as whole, without ``operator``
        measured values as exact. Conditions that the rows or flags name themselves are covered.

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
    return Extract("tables", delivery.name, "Tables", feeds, True, True, _covered(delivery, raws))


def _missing(table: str, raw: Raw) -> list[Problem]:
    needed = [
        column.name
        for column in TABLES[table].columns
        if not column.nullable and "unknown" not in column.allowed and column.name not in _GIVEN
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
        absent = [one for one in TABLES[table].column_names() if one not in (*raw.columns, *_GIVEN)]
        if absent and table != "attributes":
            delivery.findings.add(raw.name, f"no column {', '.join(absent)}: missing in every row", raw.rows, "noted")


def _select(table: str, raw: Raw) -> str:
    known = [name(column.name) for column in TABLES[table].columns if column.name in raw.columns]
    there = TABLES[table].column_names()
    known += [f"{word} AS {name(one)}" for one, word in _GIVEN.items() if one in there and one not in raw.columns]
    return f"SELECT {', '.join(known)} FROM {raw.relation}"


def _covered(delivery: Delivery, raws: dict[str, Raw]) -> frozenset[str]:
    """Conditions that the rows or the flags name."""
    found: set[str] = set()
    conditions = raws.get("conditions")
    if conditions and "condition" in conditions.columns:
        known = texts(tables.CONDITION_NAMES)
        query = f"SELECT DISTINCT condition FROM {conditions.relation} WHERE condition IN {known}"
        found |= {str(slug) for (slug,) in delivery.space.rows(query)}
    if attributes := raws.get("attributes"):
        found |= {slug for slug in tables.CONDITION_NAMES if f"has_{slug}" in attributes.columns}
    return frozenset(found)
