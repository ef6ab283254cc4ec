"""The people who are kept and their records, narrowed once to what the figures of a check are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis import tables
from pcn_analysis.extracts.exclusions import EVENT_DATES
from pcn_analysis.extracts.workspace import name, text

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.extracts.incoming import Incoming
    from pcn_analysis.extracts.workspace import Workspace

DATED = {
    "conditions": ("code_system", "code", "condition", "status"),
    "medications": ("bnf_code",),
    "measurements": ("measurement", "unit", "value_as_number"),
    "encounters": ("visit_type",),
    "care_events": ("event", "outcome"),
    "care_home_stays": ("care_home_code",),
}
"""Tables whose rows have days of their own, each with the columns that figures are made of."""
TITLES = {
    "persons": "People",
    "conditions": "Conditions",
    "medications": "Medicines issued",
    "measurements": "Measurements",
    "encounters": "Contacts and spells",
    "care_events": "Events of care",
    "care_home_stays": "Stays in care homes",
    "attributes": "Statements about a person as at one date",
}
"""What the tables are called."""


@dataclass(frozen=True)
class Kept:
    """Everyone who is kept, and their records.

    Parameters
    ----------
    space
        The workspace.
    extract_date
        The last day that is known of.
    people
        How to read them, one row a person: columns of ``tables.PERSONS``, ``person`` (a number, quicker
        to count than a pseudonym) and ``present`` (alive and registered on
        the day of the extract; a registration date that is not known excludes nobody).
    rows
        How many they are.
    dated
        How to read each table of ``DATED`` that there is: person, ``day`` and the columns named there. Records of
        people who left with their practice are not in it.
    flagged
        How to read person and condition of what a source says as at one date; None where none does.
    """

    space: Workspace
    extract_date: dt.date
    people: str
    rows: int
    dated: dict[str, str]
    flagged: str | None


def find_kept(incoming: Incoming) -> Kept:
    """Narrow records that have come in to those of people who are kept."""
    space, day = incoming.space, f"DATE '{incoming.extract_date}'"
    people = space.write(
        f"SELECT *, row_number() OVER () AS person, coalesce(death_date > {day}, true) "
        f"AND coalesce(registration_start_date <= {day}, true) AND coalesce(registration_end_date > {day}, true) "
        f"AS present FROM {incoming.persons}",
        "people_kept",
    )
    dated = {
        table: space.write(
            f"SELECT person, {name(EVENT_DATES[table])} AS day, {', '.join(map(name, columns))} "
            f"FROM {incoming.records[table]} JOIN (SELECT person_id, person FROM {people}) USING (person_id)",
            f"{table}_kept",
        )
        for table, columns in DATED.items()
        if table in incoming.records
    }
    rows = int(space.row(f"SELECT count(*) FROM {people}")[0])
    return Kept(space, incoming.extract_date, people, rows, dated, _flagged(incoming, people))


def _flagged(incoming: Incoming, people: str) -> str | None:
    """Conditions that a source says a person has, without a dated record."""
    relation = incoming.records.get("attributes")
    slugs = [slug for slug in tables.CONDITION_NAMES if slug in incoming.covered]
    if not relation or not slugs:
        return None
    chosen = ", ".join(f"CASE WHEN {name(f'has_{slug}')} THEN {text(slug)} END" for slug in slugs)
    flags = (
        f"SELECT person, unnest([{chosen}]) AS condition FROM {relation} "
        f"JOIN (SELECT person_id, person FROM {people}) USING (person_id)"
    )
    return incoming.space.write(f"SELECT * FROM ({flags}) WHERE condition IS NOT NULL", "conditions_flagged")
