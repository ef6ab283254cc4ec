"""Which of several deliveries is heard where they say the same: who there is, until when, and what is counted.

The first delivery, by ``adapters.ORDER``, says who there is. What is counted must not be counted twice: each kind of
contact is taken from one delivery, and so are issues of medicines, which two deliveries seldom write alike, each kind
of care event, and stays in care homes. Conditions and measured values come from all of them: who has a condition twice
has it, and of values only the latest is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.dates import months_before
from pcn_analysis.exceptions import problem
from pcn_analysis.extracts.exclusions import EVENT_DATES
from pcn_analysis.extracts.workspace import name, text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from pcn_analysis.extracts.feeds import Extract
    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace

COUNTED = {
    "encounters": "visit_type",
    "medications": "'issues'",
    "care_events": "coalesce(event, 'other')",
    "care_home_stays": "'stays'",
}
"""Tables whose rows are counted of each person: what tells their kinds apart, in SQL; issues are all of one, and stays.

The event of a code is known only once it has been looked up: of care events it is asked then.
"""
HOSPITAL_KINDS = ("ed", "emergency_admission", "elective_admission", "maternity_admission", "outpatient")
"""Kinds of contact that hospital rows are made for."""
MIXED = "other"
"""Holds contacts or events of unlike kinds, which nothing counts: it is of nobody, and stays from every delivery."""
LONG = 24
"""So many months without any record before the day of the extract are worth a word."""


def leading_people(persons: str, space: Workspace, findings: Findings) -> str:
    """Choose the rows of the delivery that says who there is; an opt-out or a death in any delivery is one in all.

    Parameters
    ----------
    persons
        How to read the persons of every delivery.
    space
        The workspace.
    findings
        Counts deaths that only another delivery knows of; of several dates of death there the first is taken.

    Returns
    -------
    str
        How to read ``tables.PERSONS`` with marks.
    """
    others = (
        f"SELECT person_id, min(_opted_out) AS opted_out_elsewhere, min(death_date) AS died_elsewhere "
        f"FROM {persons} WHERE _feed > 0 GROUP BY person_id"
    )
    joined = f"(SELECT * FROM {persons} AS everyone LEFT JOIN ({others}) AS others USING (person_id) WHERE _feed = 0)"
    deaths = f"SELECT count(*) FROM {joined} WHERE death_date IS NULL AND died_elsewhere IS NOT NULL"
    findings.add("persons.death_date", "death known from another delivery only", space.row(deaths)[0], "changed")
    return (
        "(SELECT persons.* EXCLUDE (opted_out_elsewhere, died_elsewhere) REPLACE ("
        "coalesce(_opted_out, opted_out_elsewhere) AS _opted_out, coalesce(death_date, died_elsewhere) AS death_date) "
        f"FROM {joined} AS persons)"
    )


def of_one_delivery(space: Workspace, table: str, rows: str, extracts: Sequence[Extract], findings: Findings) -> str:
    """Keep of each kind of what is counted the rows of one delivery.

    A kind in ``HOSPITAL_KINDS`` is of the hospital rows, if they hold any of it; any other, and medicines as a whole,
    of the first delivery that holds any. Only rows that can be used say who holds what.

    Parameters
    ----------
    space
        The workspace.
    table
        Name of the table; one that is not in ``COUNTED`` is kept as it is.
    rows
        How to read its rows that stay, with ``_feed``.
    extracts
        What was delivered, in order.
    findings
        Takes how many rows of each kind and delivery are left out.

    Returns
    -------
    str
        How to read the rows that are kept.
    """
    if table not in COUNTED or len(extracts) == 1:
        return rows
    kinds: dict[str, dict[int, int]] = {}
    for kind, feed, many in space.rows(
        f"SELECT {COUNTED[table]}, _feed, count(*) FROM {rows} GROUP BY ALL ORDER BY ALL"
    ):
        kinds.setdefault(str(kind), {})[int(feed)] = int(many)
    spare = []
    for kind, holders in kinds.items():
        first = min(holders, key=lambda feed: (not _is_made_for(extracts[feed], kind), feed))
        for feed in holders.keys() - {first} if kind != MIXED else ():
            what = f"{kind} in {extracts[feed].title}, taken from {extracts[first].title} instead"
            findings.add(table, what, holders[feed], "left out")
            spare.append(f"({COUNTED[table]} = {text(kind)} AND _feed = {feed})")
    return f"(SELECT * FROM {rows} WHERE NOT ({' OR '.join(spare)}))" if spare else rows


def _is_made_for(extract: Extract, kind: str) -> bool:
    return extract.kind == "hospital" and kind in HOSPITAL_KINDS


def extract_day(
    asked: dt.date | None, extracts: Sequence[Extract], rows: Mapping[str, str], space: Workspace
) -> dt.date:
    """Find the last day that is known of: as asked, else as the deliveries say.

    Parameters
    ----------
    asked
        What the user says.
    extracts
        What was delivered.
    rows
        How to read each table.
    space
        The workspace.

    Raises
    ------
    PcnAnalysisError
        If nothing says it, with the last day of a record; or if deliveries are of different days.
    """
    stated = sorted({one.extract_date for one in extracts if one.extract_date})
    if asked:
        return asked
    if len(stated) > 1:
        remedy = "Bring deliveries of one day, or say with --extract-date up to when all of them know."
        days = ", ".join(map(str, stated))
        raise problem("--extract-date", f"the deliveries are of different days: {days}", remedy)
    if not stated:
        last, _ = _last_record(space, rows)
        hint = f"The last date in them is {last}. " if last else ""
        raise problem("--extract-date", "nothing says when the records were taken", f"{hint}Give --extract-date.")
    return stated[0]


def note_silence(space: Workspace, records: Mapping[str, str], extract_date: dt.date, findings: Findings) -> None:
    """Note records that end more than ``LONG`` months before the day of the extract: it may be mistaken.

    Parameters
    ----------
    space
        The workspace.
    records
        How to read the tables of records that stay, by name.
    extract_date
        The day that they are said to have been taken.
    findings
        Takes the note, with how many records there are.
    """
    last, rows = _last_record(space, records)
    if last and last < months_before(extract_date, LONG):
        what = f"records, the last of them more than {LONG} months before the day of the extract: is that day right?"
        findings.add("extract date", what, rows, "noted", prominent=True)


def _last_record(space: Workspace, records: Mapping[str, str]) -> tuple[dt.date | None, int]:
    """The last day of any record, and how many records there are."""
    dated = {table: relation for table, relation in records.items() if table in EVENT_DATES}
    if not dated:
        return None, 0
    days = " UNION ALL ".join(f"SELECT {name(EVENT_DATES[table])} AS day FROM {one}" for table, one in dated.items())
    last, rows = space.row(f"SELECT max(day), count(day) FROM ({days})")
    return last, int(rows)
