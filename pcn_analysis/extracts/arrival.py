"""Deliveries as they arrive: each read by the adapter of its kind, its values read, and no identifier let in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pcn_analysis import tables
from pcn_analysis.exceptions import problem
from pcn_analysis.extracts import adapters
from pcn_analysis.extracts.identifiers import check_made, cut_to_month
from pcn_analysis.extracts.typed import Typed, typed
from pcn_analysis.extracts.workspace import text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pcn_analysis.extracts.feeds import Extract, Feed
    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.identifiers import Door
    from pcn_analysis.extracts.incoming import Asked
    from pcn_analysis.extracts.pseudonyms import Pseudonyms
    from pcn_analysis.extracts.workspace import Workspace

KEPT_DIGITS = "[1-9][0-9]{14}0+"
"""What a spreadsheet makes of a number of more than 15 digits."""


@dataclass(frozen=True)
class Arrived:
    """What has arrived, before anything is left out.

    Parameters
    ----------
    extracts
        What was delivered, the one that says who there is first.
    tables
        How to read the rows of each table that there is, from whichever delivery, with marks and ``_feed``: the
        position of their delivery in ``extracts``. A ``visit_id`` of any but the first has the kind of its delivery
        before it, as two deliveries may number their contacts alike.
    read
        How many rows each has.
    """

    extracts: tuple[Extract, ...]
    tables: dict[str, str]
    read: dict[str, int]


def arrive(
    asked: Asked,
    space: Workspace,
    door: Door,
    *,
    pseudonyms: Pseudonyms | None,
    findings: Findings,
    say: Callable[[str], None],
) -> Arrived:
    """Read every delivery.

    Parameters
    ----------
    asked
        What a user brings.
    space
        The workspace.
    door
        Looks at every table before anything else does; identifiers in any delivery are told together.
    pseudonyms
        What makes pseudonyms of people; None where there is no key.
    findings
        Takes what was found.
    say
        Called with a line for each step.

    Raises
    ------
    PcnAnalysisError
        If a delivery cannot be read, holds identifiers, or the first of them has no people.
    """
    extracts = []
    for kind in (one for one in adapters.ORDER if one in asked.deliveries):
        say(f"Reading {asked.deliveries[kind].name}")
        extracts.append(adapters.read(kind, asked, space, findings, door))
    door.check()
    extracts = _called_apart(extracts)
    if not any(feed.table == "persons" for feed in extracts[0].feeds):
        raise problem(extracts[0].name, "does not say who there is", "Bring a delivery with people.")
    say("Holding rows against each other")
    parts = []
    for index, extract in enumerate(extracts):
        own = [_typed(space, feed, index, pseudonyms, findings) for feed in extract.feeds]
        parts += [_apart(part, extract.kind) for part in own] if index else own
    there = [table for table in tables.NAMED if any(part.table == table for part in parts)]
    read = {table: sum(part.rows for part in parts if part.table == table) for table in there}
    return Arrived(tuple(extracts), {table: _together(table, parts) for table in there}, read)


def _typed(space: Workspace, feed: Feed, index: int, pseudonyms: Pseudonyms | None, findings: Findings) -> Typed:
    """A feed, its values read, under pseudonyms where there is a key, and without identifiers in any case."""
    part = typed(space, feed, findings, index)
    of_people, relation = tables.NAMED[part.table].people, part.relation
    if of_people:
        _check_digits(space, feed, relation)
    if pseudonyms and of_people:
        relation = pseudonyms.replaced(relation, f"{part.table}.person_id")
        if part.table == "persons":
            relation = f"({cut_to_month(relation)})"
    columns = tables.NAMED[part.table].columns
    texts = [one.name for one in columns if one.kind == "string" and not one.pattern]
    check_made(space, part.table, relation, texts, of_people=of_people)
    if part.table == "persons" and not pseudonyms:
        _check_births(space, feed, relation)
    return Typed(part.table, relation, part.rows)


def _called_apart(extracts: Sequence[Extract]) -> list[Extract]:
    """Deliveries of which no two have the same title: the kind is added where two have, as a mapping file may say."""
    titles = Counter(one.title for one in extracts)
    return [replace(one, title=f"{one.title} ({one.kind})") if titles[one.title] > 1 else one for one in extracts]


def _apart(part: Typed, kind: str) -> Typed:
    """Rows whose contacts, if they have any, are told from those of another delivery by its kind."""
    if not any(one.name == "visit_id" for one in tables.NAMED[part.table].columns):
        return part
    relation = f"(SELECT * REPLACE ({text(f'{kind}-')} || visit_id AS visit_id) FROM {part.relation})"
    return Typed(part.table, relation, part.rows)


def _check_digits(space: Workspace, feed: Feed, relation: str) -> None:
    """Refuse identifiers of people of which a spreadsheet has kept 15 digits: one stands for several people."""
    rounded, long = space.row(
        f"SELECT count(*) FILTER (regexp_full_match(person_id, '{KEPT_DIGITS}')), count(*) FROM "
        f"(SELECT DISTINCT person_id FROM {relation} WHERE regexp_full_match(person_id, '[0-9]{{16,}}'))"
    )
    if rounded > 1 and 2 * rounded > long:
        what = f"{rounded:,} of {long:,} long identifiers of people end in zeros, as a spreadsheet writes them"
        raise problem(f"{feed.where}, person_id", what, "Export it again, and do not open it in a spreadsheet.")


def _check_births(space: Workspace, feed: Feed, relation: str) -> None:
    """Refuse dates of birth with their day, whatever their column was called: there is no key to cut them by."""
    days = space.row(
        f"SELECT count(*) FROM {relation} WHERE birth_precision = 'day' AND day(birth_date) NOT IN (1, 15)"
    )[0]
    if days:
        remedy = "Give the month of birth (its 15th, with birth_precision month), or a key: --pseudonymise KEYFILE."
        raise problem(f"{feed.where}, date of birth", f"holds {days:,} dates of birth with their day", remedy)


def _together(table: str, parts: Sequence[Typed]) -> str:
    """All rows of one table, from whichever delivery."""
    return f"({' UNION ALL BY NAME '.join(f'SELECT * FROM {one.relation}' for one in parts if one.table == table)})"
