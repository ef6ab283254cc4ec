"""From when to when each person was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.extracts.exclusions import EVENT_DATES, People
from pcn_analysis.extracts.workspace import name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace


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
        How to read ``tables.OBSERVATION_PERIOD`` as the source gives it; None where it gives none. Of several periods
        of a person the time from the first to the last is taken.
    records
        How to read the tables of records that stay, by name.
    extract_date
        Nobody is observed later.
    findings
        Counts those whose period was not given. It begins with their registration, else with their first record,
        else on the last day; it ends with death, the day before their registration ended, or the extract.

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
    period = f"SELECT person_id, min(start_date) AS given_start, max(end_date) AS given_end FROM {given} GROUP BY ALL"
    if not given:
        period = "SELECT NULL::VARCHAR AS person_id, NULL::DATE AS given_start, NULL::DATE AS given_end"
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
    findings.add("observation_period", "not given, and worked out from registration or records", derived, "noted")
    return (
        "(SELECT person_id, CAST(least(coalesce(began, end_date), end_date) AS DATE) AS start_date, "
        f"CAST(end_date AS DATE) AS end_date FROM {relation})"
    )
