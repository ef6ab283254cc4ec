"""Events of care: those that a delivery lists, and those among the coded records of one that lists none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis import tables
from pcn_analysis.extracts.workspace import name, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.extracts.coding import Meanings
    from pcn_analysis.extracts.feeds import Extract
    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace

_SYSTEMS = next(column.allowed for column in tables.CARE_EVENTS.columns if column.name == "code_system")


def with_systems(space: Workspace, events: str, findings: Findings) -> str:
    """Set codes to missing that are of no coding system: nobody can say what they stand for.

    Parameters
    ----------
    space
        The workspace.
    events
        How to read ``tables.CARE_EVENTS``.
    findings
        Takes how many.

    Returns
    -------
    str
        How to read the same rows.
    """
    alone = "code IS NOT NULL AND code_system IS NULL"
    rows = space.row(f"SELECT count(*) FILTER ({alone}) FROM {events}")[0]
    findings.add("care_events.code", "a code without its coding system", rows, "set to missing")
    return f"(SELECT * REPLACE (CASE WHEN NOT ({alone}) THEN code END AS code) FROM {events})"


def events_among(
    space: Workspace, conditions: str | None, listed: str | None, found: Meanings, extracts: Sequence[Extract]
) -> str | None:
    """Put together the events that deliveries list and those that codelists find among their coded records.

    Records of general practice hold diagnoses, reviews and referrals alike, and all of them come in as conditions. A
    record whose code stands for an event is one of that day. Of a delivery that lists events itself nothing is added.

    Parameters
    ----------
    space
        The workspace.
    conditions
        How to read the conditions that stay, with ``_feed``; None where there are none.
    listed
        How to read ``tables.CARE_EVENTS`` as deliveries list them, with ``_feed``; None where none does.
    found
        What codes stand for.
    extracts
        What was delivered.

    Returns
    -------
    str or None
        How to read ``tables.CARE_EVENTS`` with ``_row`` and ``_feed``; None where no delivery lists events and no code
        stands for one, so that nothing is known of them.
    """
    silent = [at for at, one in enumerate(extracts) if all(feed.table != "care_events" for feed in one.feeds)]
    is_event = "\"table\" = 'conditions' AND kind = 'event'"
    if conditions is None or not silent or not space.row(f"SELECT count(*) FROM {found.relation} WHERE {is_event}")[0]:
        return listed
    columns = ", ".join(map(name, (*tables.CARE_EVENTS.column_names(), "_row", "_feed")))
    among = (
        "SELECT person_id, condition_start_date AS event_date, split_part(stands_for, ':', 1) AS event, "
        "split_part(stands_for, ':', 2) AS outcome, records.code, records.code_system, _row, _feed "
        f"FROM {conditions} AS records JOIN (SELECT * FROM {found.relation} WHERE {is_event}) AS meaning "
        "ON records.code_system = meaning.code_system AND records.code = meaning.code "
        f"WHERE _feed IN ({', '.join(map(str, silent))}) AND records.code_system IN {texts(_SYSTEMS)}"
    )
    both = f"SELECT {columns} FROM {listed} UNION ALL " if listed else ""
    return space.write(f"{both}SELECT {columns} FROM ({among})", "care_events_together")


def note_events(space: Workspace, events: str, findings: Findings) -> None:
    """Note events that nothing reads: those of a name that is not known, and those without an outcome.

    Parameters
    ----------
    space
        The workspace.
    events
        How to read ``tables.CARE_EVENTS``.
    findings
        Takes the notes.
    """
    unknown, unsaid = space.row(
        f"SELECT count(*) FILTER (event NOT IN {texts(tables.CARE_EVENT_NAMES)}), "
        f"count(*) FILTER (event IS NOT NULL AND outcome IS NULL) FROM {events}"
    )
    findings.add("care_events.event", "an event of no name that is known", unknown, "noted")
    findings.add("care_events.outcome", "what became of the event is not said, so that it counts as nothing", unsaid,
                 "noted")  # fmt: skip
