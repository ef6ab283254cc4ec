"""Who is in which delivery: several deliveries of the same pseudonyms, linked, in counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis import tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pcn_analysis.extracts.feeds import Extract
    from pcn_analysis.extracts.workspace import Workspace


@dataclass(frozen=True)
class Link:
    """How many people two deliveries share.

    Parameters
    ----------
    first, second
        Titles of the two; the first says who there is.
    both
        People in both.
    only_first, only_second
        People in one of them only; those in the second only are left out.
    """

    first: str
    second: str
    both: int
    only_first: int
    only_second: int

    def __str__(self) -> str:
        return (
            f"{self.both:,} people are in both {self.first} and {self.second}; {self.only_first:,} in the first only, "
            f"{self.only_second:,} in the second only"
        )


def links(space: Workspace, extracts: Sequence[Extract], records: Mapping[str, str]) -> list[Link]:
    """Count who of the first delivery is in each of the others, before anything is left out.

    Parameters
    ----------
    space
        The workspace.
    extracts
        What was delivered; the first says who there is.
    records
        How to read each table, with ``_feed``: the position of the delivery that a row is from.
    """
    if len(extracts) == 1:
        return []
    everyone = " UNION ".join(
        f"SELECT DISTINCT _feed, person_id FROM {relation} WHERE person_id IS NOT NULL"
        for table, relation in records.items()
        if tables.NAMED[table].people
    )
    people = space.write(everyone, "people_of_deliveries")
    return [_link(space, people, extracts[0], extracts[index], index) for index in range(1, len(extracts))]


def _link(space: Workspace, people: str, first: Extract, second: Extract, index: int) -> Link:
    one, other = (f"(SELECT person_id FROM {people} WHERE _feed = {feed})" for feed in (0, index))
    both, only_first, only_second = space.row(
        "SELECT count(*) FILTER (a AND b), count(*) FILTER (a AND b IS NULL), count(*) FILTER (a IS NULL AND b) FROM "
        f"(SELECT person_id, true AS a FROM {one}) FULL JOIN (SELECT person_id, true AS b FROM {other}) "
        "USING (person_id)"
    )
    return Link(first.title, second.title, both, only_first, only_second)
