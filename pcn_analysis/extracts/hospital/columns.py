"""Which file is which, and which of its columns is what, by ``codelists/hospital_columns.csv``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from pcn_analysis import codelists, codes
from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.extracts.date_order import in_one_order
from pcn_analysis.extracts.workspace import name, text, texts
from pcn_analysis.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcn_analysis.extracts.delivery import Delivery
    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.text_files import Raw
    from pcn_analysis.extracts.workspace import Workspace

KINDS = {
    "apc": "admitted care (HES or SUS)",
    "ae": "A&E (HES)",
    "ecds": "emergency care (ECDS)",
    "op": "outpatients (HES)",
}
REQUIRED = {
    "apc": ("person_id", "date", "method"),
    "ae": ("person_id", "date"),
    "ecds": ("person_id", "date"),
    "op": ("person_id", "date", "attended"),
}
DATES = ("date", "discharged", "episode_start")
"""Fields of dates."""
NOT_MISSED = ("key", "spell", "time", "other_lsoa")
"""Fields without which nothing is less known."""
FEWEST = 4
"""A file with fewer columns of a kind is not of it."""
NOBODY = "9000219621"
"""Pseudonym that SUS gives to rows without a valid patient."""

ROUNDED = r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+"
"""A key that a spreadsheet has rounded is none: others have the same."""


@dataclass(frozen=True)
class Records:
    """Hospital records, a relation of each kind that was delivered.

    Parameters
    ----------
    space, findings
        As of the delivery.
    relations
        How to read each kind in SQL: the fields of ``hospital_columns.csv``, as text, null where a file has no such
        column; ``key``, which is there in every row.
    """

    space: Workspace
    findings: Findings
    relations: dict[str, str]


@cache
def fields(kind: str) -> dict[str, tuple[str, ...]]:
    """Fields of a kind, each with the columns that it may stand in, the best first.

    Examples
    --------
    >>> fields("op")["date"]
    ('apptdate',)
    """
    found: dict[str, list[str]] = {}
    for row in codelists.rows("hospital_columns"):
        if row["kind"] == kind:
            found.setdefault(row["field"], []).append(folded(row["source_column"]))
    return {field: tuple(dict.fromkeys(columns)) for field, columns in found.items()}


def kind_of(header: Iterable[str]) -> str | None:
    """Which kind of file has a header: the one most of whose columns it holds; None where it holds few of any.

    Examples
    --------
    >>> kind_of(["pseudo_hesid", "sex", "apptdate", "attended"])
    'op'
    """
    there = set(header)
    known = {kind: len(there & {column for columns in fields(kind).values() for column in columns}) for kind in KINDS}
    best = max(known, key=lambda kind: known[kind])
    return best if known[best] >= FEWEST else None


def open_records(delivery: Delivery) -> Records:
    """Read every file of a delivery that is of a known kind.

    Raises
    ------
    PcnAnalysisError
        If there is none, or with all columns that files must have and have not.
    """
    wanted = {column for kind in KINDS for columns in fields(kind).values() for column in columns}
    of_kind: dict[str, list[Raw]] = {}
    problems: list[Problem] = []
    for table in delivery.files:
        raw = delivery.read(table, wanted)
        if kind := kind_of(raw.columns):
            of_kind.setdefault(kind, []).append(_with_dates_in_order(delivery, raw, kind))
            problems += _missing(raw, kind)
            _note_what_is_not_there(delivery, raw, kind)
        else:
            delivery.findings.add(raw.name, "rows of a table that is no hospital record known here", raw.rows, "noted")
    for kinds in (("apc",), ("ae", "ecds"), ("op",)):
        if of_kind and not of_kind.keys() & set(kinds):
            what = f"no file of {' or '.join(KINDS[kind] for kind in kinds)}"
            delivery.findings.add(delivery.name, what, 1, "noted")
    if not of_kind:
        what = f"holds no table of {', '.join(KINDS.values())}"
        raise problem(delivery.name, what, "Give the files as delivered, with their headers.")
    if problems:
        raise PcnAnalysisError(*problems)
    relations = {kind: _together(delivery.space, kind, raws) for kind, raws in of_kind.items()}
    return Records(delivery.space, delivery.findings, relations)


def _with_dates_in_order(delivery: Delivery, raw: Raw, kind: str) -> Raw:
    dates = [column for field in DATES for column in fields(kind).get(field, ()) if column in raw.columns]
    relation = in_one_order(delivery.space, raw.relation, dates, raw.name, delivery.findings)
    return replace(raw, relation=relation)


def _note_what_is_not_there(delivery: Delivery, raw: Raw, kind: str) -> None:
    """Note fields of which a file has no column; of the many for diagnoses the first only."""
    absent = [
        columns[0]
        for field, columns in fields(kind).items()
        if field not in NOT_MISSED
        and not (field.startswith(("diagnosis_", "qualifier_")) and field != "diagnosis_01")
        and not set(columns) & set(raw.columns)
    ]
    if absent:
        delivery.findings.add(raw.name, f"no column {', '.join(absent)}: missing in every row", raw.rows, "noted")


def _missing(raw: Raw, kind: str) -> list[Problem]:
    lacking = [field for field in REQUIRED[kind] if not set(fields(kind)[field]) & set(raw.columns)]
    remedy = f"Records of {KINDS[kind]} must have it."
    names = [" or ".join(column.upper() for column in fields(kind)[field]) for field in lacking]
    return [Problem(raw.name, f"no column {one}", remedy) for one in names]


def _together(space: Workspace, kind: str, raws: list[Raw]) -> str:
    """All files of one kind as one relation, each row with a key; rows that are the same have the same key."""
    parts = [f"SELECT {', '.join(_cells(kind, raw))} FROM {raw.relation}" for raw in raws]
    rows = space.write(" UNION ALL ".join(parts), f"{kind}_rows")
    if not space.row(f"SELECT count(*) FROM {rows} WHERE key IS NULL")[0]:
        return rows
    everything = ", ".join(name(field) for field in fields(kind))
    key = f"coalesce(key, 'row' || dense_rank() OVER (ORDER BY hash({everything})))"
    return space.write(f"SELECT * REPLACE ({key} AS key) FROM {rows}", f"{kind}_keyed")


def _cells(kind: str, raw: Raw) -> list[str]:
    cells = []
    for field in dict.fromkeys((*fields(kind), "key")):
        there = [name(column) for column in fields(kind).get(field, ()) if column in raw.columns]
        value = f"coalesce({', '.join(there)})" if there else "NULL::VARCHAR"
        if field == "person_id":
            value = f"nullif({value}, {text(NOBODY)})"
        if field == "key":
            value = f"CASE WHEN NOT regexp_full_match({value}, '{ROUNDED}') THEN {value} END"
        cells.append(f"{value} AS {name(field)}")
    return cells


def practice(column: str) -> str:
    """The code of a practice, in SQL; null where a text is none, or stands for none."""
    is_one = f"regexp_matches({column}, {text(codes.PRACTICE)}) AND {column} NOT IN {texts(codes.NO_PRACTICE)}"
    return f"CASE WHEN {is_one} THEN {column} END"


def digit(column: str) -> str:
    """A code of one digit without a leading zero, in SQL."""
    return f"ltrim({column}, '0')"
