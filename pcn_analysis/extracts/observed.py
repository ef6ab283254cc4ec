"""From when to when each person was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.extracts.exclusions import EVENT_DATES, People, count_reasons, first_reason
from pcn_analysis.extracts.workspace import name, text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace

_NONE = "SELECT NULL::VARCHAR AS person_id, NULL::DATE AS given_start, NULL::DATE AS given_end"


def observed(
    space: Workspace,
    people: People,
    given: str | None,
    records: Mapping[str, str],
    *,
    extract_date: dt.date,
    findings: Findings,
) -> str:
    """Say of everyone who stays from when to when they were observed.

    Parameters
    ----------
    space
        The workspace.
    people
        Everyone who stays.
    given
        How to read ``tables.OBSERVATION_PERIOD`` with marks, as the source gives it; None where it gives none. Of
        several periods of a person the time from the first to the last is taken; one without an end lasts.
    records
        How to read the tables of records that stay, by name.
    extract_date
        Nobody is observed later.
    findings
        Counts rows that are left out, with their reasons, and those of whom no period is left. Theirs begins with
        their registration, else with their first record, else on the last day; it ends with death, the day before
        their registration ended, or the extract.

    Returns
    -------
    str
        How to read ``tables.OBSERVATION_PERIOD``: one row for everyone who stays.
    """
    days = [
        f"SELECT person_id, {name(EVENT_DATES[table])} AS day FROM {relation}"
        for table, relation in records.items()
        if table != "attributes"
    ] or ["SELECT NULL::VARCHAR AS person_id, NULL::DATE AS day"]
    first = f"SELECT person_id, min(day) AS first_day FROM ({' UNION ALL '.join(days)}) GROUP BY person_id"
    period = _given(space, people, given, extract_date, findings) if given else _NONE
    day = f"DATE '{extract_date}'"
    relation = space.write(
        "SELECT person_id, given_start IS NULL AS is_derived, "
        "coalesce(given_start, registration_start_date, first_day) AS began, "
        f"least(coalesce(given_end, {day}), coalesce(death_date, {day}), "
        f"coalesce(registration_end_date - 1, {day}), {day}) AS end_date "
        f"FROM {people.relation} LEFT JOIN ({period}) USING (person_id) LEFT JOIN ({first}) USING (person_id)",
        "observed",
    )
    derived = space.row(f"SELECT count(*) FILTER (is_derived) FROM {relation}")[0]
    what = "none given that can be used, and worked out from registration or records"
    findings.add("observation_period", what, derived, "noted")
    return (
        "(SELECT person_id, CAST(least(coalesce(began, end_date), end_date) AS DATE) AS start_date, "
        f"CAST(end_date AS DATE) AS end_date FROM {relation})"
    )


def _given(space: Workspace, people: People, given: str, extract_date: dt.date, findings: Findings) -> str:
    """The time from the first to the last day given of each person: person_id, given_start, given_end."""
    reasons = (
        ("person_id IS NULL", text("no person_id")),
        ("_withheld IS NOT NULL", "_withheld"),
        ("stays IS NULL", text("of people who are not among the persons")),
        ("NOT stays", text("of people who are left out")),
        ("start_date IS NULL", text("no start, or one that cannot be read")),
        ("end_date < start_date", text("ends before it starts")),
        (f"start_date > DATE '{extract_date}'", text("starts after the extract was taken")),
        ("start_date > died", text("starts after death")),
    )
    judged = space.write(
        f"SELECT given.*, {first_reason(reasons)} AS _reason FROM {given} AS given "
        f"LEFT JOIN {people.known} USING (person_id)",
        "observation_period_judged",
    )
    count_reasons(space, judged, "observation_period", findings)
    used = f"{judged} WHERE _reason IS NULL"
    endless, more = space.row(
        f"SELECT count(*) FILTER (end_date IS NULL), count(*) - count(DISTINCT person_id) FROM {used}"
    )
    without = "no end, or one that cannot be read: it lasts until the extract"
    findings.add("observation_period.end_date", without, endless, "changed")
    findings.add("observation_period", "further periods of the same person, taken as one", more, "noted")
    day = f"coalesce(end_date, DATE '{extract_date}')"
    return f"SELECT person_id, min(start_date) AS given_start, max({day}) AS given_end FROM {used} GROUP BY person_id"
