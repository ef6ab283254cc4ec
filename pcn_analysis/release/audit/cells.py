"""Cells: whom a released number counts, and what it tells of their number.

A cell is a box in the table of all people by everything that is counted of them: of each dimension some of its
classes. Who knows the rule of release knows of each released number between which values the true one lies.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from pcn_analysis.release.profiles import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcn_analysis.counted import Conditions, Counted
    from pcn_analysis.provenance import About
    from pcn_analysis.release.disclosure import ReleasedTable

HIDDEN = ("suppressed", "withheld")
"""Kinds of cells whose number is not shown."""

YES_NO = frozenset({"yes", "no"})
"""Classes of being in a group."""

WHOLE = "*"
"""Stands for the network in the population of a whole place."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


class Population(NamedTuple):
    """The people of a network, or (:data:`WHOLE`) of all networks of a place, on a date.

    Where the same people were told of again with other numbers, from another extract or under other rules, that is
    another edition of them. Cells know populations by name; the first edition has no number in it.

    Examples
    --------
    >>> first = Population("Marlhaven", "Harbour PCN", "2026-07-01")
    >>> str(first), str(first._replace(edition=2))
    ('Marlhaven|Harbour PCN|2026-07-01', 'Marlhaven|Harbour PCN|2026-07-01|2')
    >>> Population.parse("Marlhaven|Harbour PCN|2026-07-01|2") == first._replace(edition=2)
    True
    """

    place: str
    network: str
    date: str
    edition: int = 1

    @classmethod
    def parse(cls, name: str) -> Population:
        """Read a name; one that is not of a place and a date is the name of a network."""
        parts = name.split("|")
        edition = int(parts.pop()) if len(parts) in _WITH_EDITION and parts[-1].isdecimal() else 1
        place, network, date = parts if len(parts) == _OF_PLACE else ("", "|".join(parts), "")
        return cls(place, network, date, edition)

    def __str__(self) -> str:
        named = (self.place, self.network, self.date) if self.date else (self.network,)
        return "|".join((*named, *([str(self.edition)] if self.edition > 1 else [])))

    @property
    def in_words(self) -> str:
        """As written in a sentence."""
        whom = self.place if self.network == WHOLE else self.network
        if self.edition == 1:
            return whom
        which = (
            f"{_ORDINALS[self.edition - 1]} edition" if self.edition <= len(_ORDINALS) else f"edition {self.edition}"
        )
        return f"{whom} ({which} of {self.date})" if self.date else f"{whom} ({which})"


_OF_PLACE = 3
_WITH_EDITION = (2, _OF_PLACE + 1)
"""Parts of the name of a population of a place, and of names with an edition."""


@dataclass(frozen=True, order=True)
class Cell:
    """Whom a number counts.

    Parameters
    ----------
    populations
        Of whom: names of populations (:func:`population`), whose numbers are added up.
    box
        The classes of each dimension that are counted, both in order. A dimension that is not named is no condition.
    of
        What is counted: ``people``, or events by their name.
    also
        What else is counted of the same populations, under the same conditions, and added.

    Examples
    --------
    >>> everyone = Cell(("Marlhaven|Harbour PCN|2026-07-01",))
    >>> str(everyone), str(Cell(everyone.populations, (("age_group", ("75-84", "85+")), ("frail", ("yes",)))))
    ('Harbour PCN: everyone', 'Harbour PCN: age_group 75-84 or 85+, frail')
    """

    populations: tuple[str, ...]
    box: Conditions = ()
    of: str = "people"
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        conditions = [
            dimension if classes == ("yes",) else f"{dimension} {' or '.join(classes)}"
            for dimension, classes in self.box
        ]
        whom = ", ".join(conditions) or "everyone"
        of = "" if (self.of, self.also) == ("people", ()) else f" ({' and '.join((self.of, *self.also))})"
        return f"{_named(self.populations)}: {whom}{of}"


@dataclass(frozen=True)
class Seen:
    """What one released number tells.

    Parameters
    ----------
    cell
        Whom it counts.
    low, high
        Smallest and largest true number that it can stand for; None where there is no largest.
    kind
        ``exact``, ``rounded``, ``zero``, ``suppressed`` or ``withheld``.
    table, row, column
        Where it is shown.
    by
        Dimensions that its table shows all classes of.
    never
        Boxes that nobody can be in, as its table says.
    """

    cell: Cell
    low: int
    high: int | None
    kind: str
    table: str
    row: int
    column: str
    by: tuple[str, ...] = ()
    never: tuple[Conditions, ...] = ()


class Known(NamedTuple):
    """All that is known of a cell: between which values it lies, whether it is hidden, and the tables that say so."""

    cell: Cell
    low: int
    high: int | None
    hidden: bool
    tables: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Whether any number is left."""
        return self.high is None or self.low <= self.high


def population(place: str, network: str, date: object) -> str:
    """Name of the people of a network, or (:data:`WHOLE`) of all networks of a place, on a date.

    Examples
    --------
    >>> population("Marlhaven", "Harbour PCN", "2026-07-01")
    'Marlhaven|Harbour PCN|2026-07-01'
    """
    return str(Population(place, network, str(date)))


def known(seen: Iterable[Seen]) -> list[Known]:
    """All that is known of each cell, in the order of cells.

    A cell that several tables show lies within what each of them says. It is hidden if none of them shows it.
    """
    said: defaultdict[Cell, list[Seen]] = defaultdict(list)
    for one in seen:
        said[one.cell].append(one)
    return [_known(cell, said[cell]) for cell in sorted(said)]


def _known(cell: Cell, said: list[Seen]) -> Known:
    highs = [one.high for one in said if one.high is not None]
    return Known(
        cell,
        max(one.low for one in said),
        min(highs) if highs else None,
        all(one.kind in HIDDEN for one in said),
        tuple(sorted({one.table for one in said})),
    )


def cells_of(table: ReleasedTable, name: str) -> list[Seen]:
    """What a released table tells: a :class:`Seen` for every number of which it says whom it counts.

    Left out are rows of which the table says nothing, and counts that were not known before release.

    Parameters
    ----------
    table
        The released table.
    name
        What it is called in what is found.
    """
    rows = table.frame.to_dict("records")
    return [
        Seen(_cell(table.about, counted, box), low, high, kind, name, row, column, _by(counted), counted.never)
        for column, declared in table.counted.items()
        for row, (low, high, kind) in enumerate(_told(table.seen(column)))
        if kind != MISSING and (found := declared.of_row(rows[row])) is not None
        for counted, box in [found]
    ]


def _cell(about: About, counted: Counted, box: Conditions) -> Cell:
    """Whom a row counts."""
    networks = counted.networks or ((about.network,) if about.network else (WHOLE,))
    if counted.whole_place and not counted.networks:
        networks = (WHOLE,)
    people = tuple(sorted(population(about.place, network, about.date) for network in networks))
    return Cell(people, box, counted.of, tuple(sorted(counted.also)))


def _by(counted: Counted) -> tuple[str, ...]:
    return tuple(counted.dimension(one.partition("=")[0]) for one in counted.by)


def _told(seen: pd.DataFrame) -> Iterator[tuple[int, int | None, str]]:
    for low, high, kind in zip(seen["low"], seen["high"], seen["kind"], strict=True):
        yield int(low), None if pd.isna(high) else int(high), str(kind)


def _named(populations: tuple[str, ...]) -> str:
    """Networks of some populations, as written in a sentence."""
    return " and ".join(Population.parse(name).in_words for name in populations)
