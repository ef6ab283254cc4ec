"""Populations: whom a cell adds up, and which cells can have anything to do with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from pcn_analysis.release.audit.cells import WHOLE, Population

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcn_analysis.release.audit.cells import Cell, Known
    from pcn_analysis.release.audit.dimensions import Structure


class Key(NamedTuple):
    """People, or events, of a network on a date: nobody is in two of these."""

    of: str
    population: str


class Linked(NamedTuple):
    """Two cells whose numbers differ by at most so many, as an attacker knows."""

    one: Cell
    other: Cell
    within: int


class Populations:
    """What populations are made of: that of a whole place of those of its networks.

    Parameters
    ----------
    cells
        All cells.
    structure
        Names the networks of places, where they are known.

    Examples
    --------
    >>> from pcn_analysis.release.audit import Cell, Structure
    >>> cells = [Cell(("Marlhaven|Harbour PCN|d",)), Cell(("Marlhaven|*|d",))]
    >>> [key.population for key in Populations(cells, Structure()).keys(cells[1])]
    ['Marlhaven|Harbour PCN|d', 'Marlhaven|*|d|rest']
    """

    def __init__(self, cells: Iterable[Cell], structure: Structure):
        names = sorted({name for cell in cells for name in cell.populations})
        self._parts = {name: structure.networks.get(name) or _networks(name, names, structure) for name in names}

    def keys(self, cell: Cell) -> list[Key]:
        """Those that a cell adds up."""
        parts = [part for name in cell.populations for part in self._parts.get(name, (name,))]
        return [Key(of, part) for of in (cell.of, *cell.also) for part in parts]


def _networks(name: str, names: Sequence[str], structure: Structure) -> tuple[str, ...]:
    """The networks of a whole place and everybody else; of any other population, itself.

    The networks are of the edition of the whole: whether another still holds, nobody can tell.
    """
    whole = Population.parse(name)
    known = structure.networks.get(str(whole._replace(edition=1)))
    if known is None and whole.network != WHOLE:
        return (name,)
    if known is not None:
        return tuple(str(Population.parse(part)._replace(edition=whole.edition)) for part in known)
    alike = [one for one in map(Population.parse, names) if one._replace(network=WHOLE) == whole and one != whole]
    return (*map(str, sorted(alike)), f"{name}|rest")


def groups(known: Sequence[Known], linked: Sequence[Linked], populations: Populations) -> list[list[Known]]:
    """Cells that have to be weighed together, in their order.

    Populations are linked by a cell of several, and by what is known of two dates. What no chain of links joins says
    nothing of each other.
    """
    keys = [populations.keys(one.cell) for one in known]
    number = {key: i for i, key in enumerate(sorted({key for those in keys for key in those}))}
    pairs = [(those[0], other) for those in keys for other in those]
    pairs += [(populations.keys(link.one)[0], populations.keys(link.other)[0]) for link in linked]
    ends = np.array([[number[one], number[other]] for one, other in pairs], int).reshape(-1, 2)
    graph = sparse.coo_array((np.ones(len(ends)), ends.T), (len(number), len(number)))
    count, label = connected_components(graph, directed=False)
    return [[one for one, those in zip(known, keys, strict=True) if label[number[those[0]]] == i] for i in range(count)]
