"""Who and what is left out, and why: every row that is not used has one reason, and reasons are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis import tables
from pcn_analysis.extracts.workspace import name, numbered, text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace

OLDEST = 125
"""Nobody is older, in years; who seems to be has a wrong date of birth, or died unrecorded."""
EVENT_DATES = {
    "conditions": "condition_start_date",
    "medications": "drug_exposure_start_date",
    "measurements": "measurement_date",
    "encounters": "visit_start_date",
    "care_events": "event_date",
    "care_home_stays": "start_date",
    "attributes": "attribute_date",
}
"""The day that a record of each table is of."""
_FIRST_POSSIBLE_DAY = (
    "CASE birth_precision WHEN 'year' THEN date_trunc('year', birth_date) "
    "WHEN 'month' THEN date_trunc('month', birth_date) ELSE birth_date END"
)
"""The first day that a date of birth of its precision can stand for."""


@dataclass(frozen=True)
class People:
    """Everyone who stays.

    Parameters
    ----------
    relation
        ``tables.PERSONS``, one row a person.
    known
        person_id of everyone with a row, whether they stay or not, with ``stays``, ``born`` (the first day on which
        they can have been born) and ``died``.
    rows
        How many stay.
    """

    relation: str
    known: str
    rows: int


def screened_people(
    space: Workspace, persons: str, *, extract_date: dt.date, opted_out: str | None, findings: Findings
) -> People:
    """Leave out the rows of persons that cannot be used.

    Parameters
    ----------
    space
        The workspace.
    persons
        How to read ``tables.PERSONS`` with marks.
    extract_date
        Nobody is born later. A death later than it is kept: it says that the person lived on the index date.
    opted_out
        How to read a list of person_id that are to be left out; None where there is none.
    findings
        Takes the counts: one reason for each row left out, the first that fits.
    """
    columns = [name(column.name) for column in tables.PERSONS.columns]
    reasons = _reasons_against_people(extract_date, opted_out)
    everyone = space.write(
        f"SELECT *, {first_reason(reasons)} AS _fault, {_FIRST_POSSIBLE_DAY} AS born FROM (SELECT *, "
        f"max(_opted_out) OVER (PARTITION BY person_id) AS any_opt_out FROM {persons})",
        "persons_judged",
    )
    usable = "PARTITION BY person_id, _fault IS NULL"
    latest_first = "registration_start_date DESC NULLS LAST, registration_end_date DESC NULLS FIRST"
    cells = f"hash({', '.join(columns)})"
    with_reasons = space.write(
        f"SELECT *, CASE WHEN _fault IS NOT NULL THEN _fault "
        f"WHEN row_number() OVER ({usable}, {cells}) > 1 THEN {text('repeated rows')} "
        f"WHEN dense_rank() OVER ({usable} ORDER BY {latest_first}, {cells}) > 1 "
        f"THEN {text('earlier registrations, or other rows, of the same person')} END AS _reason FROM {everyone}",
        "persons_screened",
    )
    count_reasons(space, with_reasons, "persons", findings)
    stays = space.write(f"SELECT {', '.join(columns)} FROM {with_reasons} WHERE _reason IS NULL", "persons_staying")
    known = space.write(
        "SELECT person_id, bool_or(_reason IS NULL) AS stays, min(born) FILTER (_reason IS NULL) AS born, "
        f"min(death_date) FILTER (_reason IS NULL) AS died FROM {with_reasons} "
        "WHERE person_id IS NOT NULL GROUP BY person_id",
        "persons_known",
    )
    return People(stays, known, int(space.row(f"SELECT count(*) FROM {stays}")[0]))


def _reasons_against_people(extract_date: dt.date, opted_out: str | None) -> tuple[tuple[str, str], ...]:
    """Tests of a row of persons and the reason of each, in SQL, first things first."""
    day = f"DATE '{extract_date}'"
    last = f"least(coalesce(death_date, {day}), {day})"
    listed = f"person_id IN (SELECT person_id FROM {opted_out})" if opted_out else "false"
    return (
        ("person_id IS NULL", text("no person_id")),
        ("_withheld IS NOT NULL", "_withheld"),
        ("any_opt_out IS NOT NULL", "any_opt_out"),
        (listed, text("on the list of opt-outs")),
        ("birth_date IS NULL", text("no date of birth, or one that cannot be read")),
        (f"{_FIRST_POSSIBLE_DAY} > {day}", text("born after the extract was taken")),
        (f"birth_date < {last} - INTERVAL {OLDEST} YEAR", text(f"older than {OLDEST} years")),
        (f"death_date < {_FIRST_POSSIBLE_DAY}", text("died before they were born")),
        ("registration_end_date < registration_start_date", text("registration ends before it starts")),
    )


def screened_records(
    space: Workspace, table: str, records: str, people: People, *, extract_date: dt.date, findings: Findings
) -> str:
    """Leave out the rows of one table of records that cannot be used.

    Parameters
    ----------
    space
        The workspace.
    table
        Name of the table.
    records
        How to read it, with marks.
    people
        Everyone who stays.
    extract_date
        Nothing later is known; a row of a later day is left out.
    findings
        Takes the counts.

    Returns
    -------
    str
        How to read the rows that stay: the columns of the table, ``_row`` and ``_feed``. Repeated rows are in it once.
    """
    date = name(EVENT_DATES[table])
    needed = [
        column.name for column in tables.NAMED[table].columns
        if not column.nullable and column.name not in ("person_id", EVENT_DATES[table])
    ]  # fmt: skip
    reasons = (
        ("person_id IS NULL", text("no person_id")),
        ("_withheld IS NOT NULL", "_withheld"),
        ("stays IS NULL", text("of people who are not among the persons")),
        ("NOT stays", text("of people who are left out")),
        (f"{date} IS NULL", text("no date, or one that cannot be read")),
        (f"{date} > DATE '{extract_date}'", text("dated after the extract was taken")),
        (f"{date} < born", text("dated before birth")),
        (f"{date} > died", text("dated after death")),
        *((f"{name(column)} IS NULL", text(f"no {column}")) for column in needed),
    )
    with_reasons = space.write(
        f"SELECT records.*, {first_reason(reasons)} AS _reason FROM {records} AS records "
        f"LEFT JOIN {people.known} USING (person_id)",
        f"{table}_screened",
    )
    count_reasons(space, with_reasons, table, findings)
    return _once(space, table, with_reasons, _held_dates(space, table, with_reasons, findings), findings)


def screened_homes(space: Workspace, homes: str, findings: Findings) -> str:
    """Leave out the rows of care homes that cannot be used: they are of no person, and of no day.

    Parameters
    ----------
    space
        The workspace.
    homes
        How to read ``tables.CARE_HOMES``, with marks.
    findings
        Takes the counts.

    Returns
    -------
    str
        How to read the rows that stay, each home once.
    """
    needed = [column.name for column in tables.CARE_HOMES.columns if not column.nullable]
    reasons = (
        ("_withheld IS NOT NULL", "_withheld"),
        *((f"{name(column)} IS NULL", text(f"no {column}, or one that cannot be read")) for column in needed),
    )
    screened = space.write(f"SELECT *, {first_reason(reasons)} AS _reason FROM {homes}", "care_homes_screened")
    count_reasons(space, screened, "care_homes", findings)
    return _once(space, "care_homes", screened, [name(one) for one in tables.CARE_HOMES.column_names()], findings)


def _held_dates(space: Workspace, table: str, screened: str, findings: Findings) -> list[str]:
    """The columns of a table and its marks, in SQL; dates that cannot be beside the date of their row are missing."""
    date = name(EVENT_DATES[table])
    dates = [name(one.name) for one in tables.NAMED[table].columns if one.kind == "date" and name(one.name) != date]
    right, what = f">= {date}", "end before the start"
    if table == "attributes":
        right, what = f"<= {date}", "dates after the day that the source describes"
    sums = ", ".join(f"count(*) FILTER (NOT {one} {right})" for one in dates) or "count(*)"
    counts = space.row(f"SELECT {sums} FROM {screened} WHERE _reason IS NULL")
    for column, wrong in zip(dates, counts, strict=False):
        findings.add(f"{table}.{column.strip(chr(34))}", what, wrong, "set to missing")
    columns = [name(column) for column in (*tables.NAMED[table].column_names(), "_row", "_feed")]
    return [f"CASE WHEN {one} {right} THEN {one} END AS {one}" if one in dates else one for one in columns]


def _once(space: Workspace, table: str, screened: str, read: Sequence[str], findings: Findings) -> str:
    """Rows without a reason against them, repeated ones once; of rows that share the key of the table, one.

    That of the earliest delivery stays; of rows of one delivery, one that does not depend on their order. Only a hash
    of each row is sorted, beside whose it is, so that a table may have many columns.
    """
    declared = tables.NAMED[table]
    cells = f"hash({', '.join(map(name, declared.column_names()))})"
    whose = ", ".join(map(name, declared.key)) if declared.key else 'person_id, "_row"'
    ranked = (
        f"SELECT file_row_number AS _at, row_number() OVER (PARTITION BY {whose}, {cells} ORDER BY _feed) AS copy, "
        f"dense_rank() OVER (PARTITION BY {whose} ORDER BY _feed, {cells}) AS version "
        f"FROM {numbered(screened)} WHERE _reason IS NULL"
    )
    spared = f"copy > 1 OR {'version > 1' if declared.key else 'false'}"
    spare = space.write(f"SELECT _at, copy > 1 AS is_copy FROM ({ranked}) WHERE {spared}", f"{table}_spare")
    copies, others = space.row(f"SELECT count(*) FILTER (is_copy), count(*) FILTER (NOT is_copy) FROM {spare}")
    findings.add(table, "repeated rows", copies, "left out")
    findings.add(table, f"other rows of the same {' and '.join(declared.key)}", others, "left out")
    return space.write(
        f"SELECT {', '.join(read)} FROM {numbered(screened)} AS screened "
        f"ANTI JOIN {spare} AS spare ON screened.file_row_number = spare._at WHERE _reason IS NULL",
        f"{table}_once",
    )


def first_reason(reasons: Sequence[tuple[str, str]]) -> str:
    """The first reason whose test holds; tests and reasons are SQL."""
    return f"CASE {' '.join(f'WHEN {test} THEN {reason}' for test, reason in reasons)} END"


def count_reasons(space: Workspace, relation: str, table: str, findings: Findings) -> None:
    """Count the rows of a table that have a ``_reason``, by reason, most first."""
    counted = f"SELECT _reason, count(*) FROM {relation} WHERE _reason IS NOT NULL GROUP BY _reason ORDER BY 2 DESC, 1"
    for reason, rows in space.rows(counted):
        findings.add(table, str(reason), rows, "left out")
