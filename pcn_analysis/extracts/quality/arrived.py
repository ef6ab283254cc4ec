"""What came, what is kept, and what became of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.extracts.exclusions import EVENT_DATES
from pcn_analysis.extracts.findings import ACTIONS

if TYPE_CHECKING:
    from pcn_analysis.extracts.findings import Finding
    from pcn_analysis.extracts.incoming import Incoming
    from pcn_analysis.extracts.quality.kept import Kept


@dataclass(frozen=True)
class Delivered:
    """One delivery.

    Parameters
    ----------
    title, name
        What pages call it, and the name of its file or folder.
    lists_everyone
        Whether its persons are everyone registered.
    lists_every_condition
        Whether a person does not have a condition that it does not hold.
    """

    title: str
    name: str
    lists_everyone: bool
    lists_every_condition: bool


@dataclass(frozen=True)
class People:
    """People with a row of their own: how many there were, are left out, and are kept."""

    read: int
    left_out: int
    kept: int


@dataclass(frozen=True)
class Rows:
    """What became of the rows of one table.

    Parameters
    ----------
    table
        Name of the table.
    read
        Rows that the deliveries gave.
    left_out
        Rows left out for a reason that is listed.
    elsewhere
        Rows of people who are left out with their practice.
    kept
        Rows that are used.
    difference
        Kept rows beyond those read and not left out: one of a code with several meanings is kept once for each.
        Below 0, rows that were not used: of persons, those of a delivery that does not say who there is.
    """

    table: str
    read: int
    left_out: int
    elsewhere: int
    kept: int

    @property
    def difference(self) -> int:
        """Kept rows beyond those read and not left out."""
        return self.kept - (self.read - self.left_out - self.elsewhere)


def deliveries(incoming: Incoming) -> tuple[Delivered, ...]:
    """Name what was delivered; the first says who there is."""
    return tuple(
        Delivered(one.title, one.name, one.lists_everyone, one.lists_every_condition) for one in incoming.extracts
    )


def people(incoming: Incoming, kept: Kept) -> People:
    """Count people; those of the delivery that says who there is."""
    read = int(incoming.space.row(f"SELECT count(*) FROM {incoming.people.known}")[0])
    return People(read, read - kept.rows, kept.rows)


def rows(incoming: Incoming, kept: Kept) -> tuple[Rows, ...]:
    """Count the rows of every table that came, in the order of tables."""
    return tuple(_rows(incoming, kept, table) for table in ("persons", *EVENT_DATES) if table in incoming.read)


def _rows(incoming: Incoming, kept: Kept, table: str) -> Rows:
    read, left_out = incoming.read[table], incoming.findings.left_out(table)
    if table == "persons":
        return Rows(table, read, left_out, 0, kept.rows)
    relation = incoming.records[table]
    its = kept.dated.get(table) or f"{relation} WHERE person_id IN (SELECT person_id FROM {kept.people})"
    total, own = (incoming.space.row(f"SELECT count(*) FROM {one}")[0] for one in (relation, its))
    return Rows(table, read, left_out, int(total) - int(own), int(own))


def found(incoming: Incoming) -> dict[str, tuple[Finding, ...]]:
    """Everything that was found, by what became of it: people before records, then most rows first."""
    everything = sorted(incoming.findings.rows, key=lambda one: (not _of_people(one), -one.rows, one.where, one.what))
    return {action: tuple(one for one in everything if one.action == action) for action in ACTIONS}


def _of_people(finding: Finding) -> bool:
    return finding.where.partition(".")[0] == "persons"
