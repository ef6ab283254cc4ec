"""All that is known, as rows of whole numbers: unknown atoms, the cells that are sums of them, and ranges."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from pcn_analysis.release.audit.atoms import Atoms
from pcn_analysis.release.audit.populations import Key, Linked, Populations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcn_analysis.counted import Conditions
    from pcn_analysis.release.audit.cells import Cell, Known
    from pcn_analysis.release.audit.dimensions import Dimensions

MANY = 10**9
"""More people than there are anywhere: stands for no largest number."""


class Model:
    """Atoms of all populations, in one line, and what is known of sums of them.

    Parameters
    ----------
    known
        What is known of each cell.
    dimensions
        Dimensions and classes of the cells.
    linked
        Cells that are known to differ by little.

    Attributes
    ----------
    cells
        Cells × atoms: which atoms add up to each cell.
    low, high
        Range of each cell.
    agreements
        Rows that add up to 0: neighbouring tables say the same of what they share.
    links, within
        Differences × atoms, and the most that each may be away from 0.
    possible
        The atoms that have to be reckoned with.
    boxes, implied, keys
        Of each cell, its conditions in the smallest classes, the conditions that all who are counted meet, and the
        populations that it adds up.
    """

    def __init__(self, known: Sequence[Known], dimensions: Dimensions, linked: Sequence[Linked] = ()):
        self.dimensions = dimensions
        self._take(known)
        cells = [one.cell for one in self.known] + [cell for link in linked for cell in (link.one, link.other)]
        self.populations = Populations(cells, dimensions.structure)
        self.boxes = [dict(dimensions.expanded(one.cell.box)) for one in self.known]
        self.implied = [dimensions.implied(one.cell.box) for one in self.known]
        self.keys = [set(self.populations.keys(one.cell)) for one in self.known]
        boxes: defaultdict[Key, set[Conditions]] = defaultdict(set)
        for cell in cells:
            for key in self.populations.keys(cell):
                boxes[key].add(dimensions.expanded(cell.box))
        self._never = {key: self._within_reach(those) for key, those in boxes.items()}
        self._atoms = {key: Atoms(boxes[key].union(self._never[key]), dimensions.classes) for key in sorted(boxes)}
        starts = np.cumsum([0, *map(len, self._atoms.values())]).tolist()
        self.size = starts[-1]
        self._start = dict(zip(self._atoms, starts[:-1], strict=True))
        self.cells = self._rows([[(1, self._of(one.cell))] for one in self.known])
        self.agreements = self._rows(
            [
                [(1, self._start[key] + one), (-1, self._start[key] + other)]
                for key, atoms in self._atoms.items()
                for one, other in atoms.agreements()
            ]
        )
        self.links = self._rows([[(1, self._of(link.one)), (-1, self._of(link.other))] for link in linked])
        self.within = np.array([link.within for link in linked], int)
        self.possible = self._possible()

    def knowing(self, known: Sequence[Known]) -> Model:
        """The same cells and links, with other ranges."""
        other = copy(self)
        other._take(known)
        if not np.array_equal(self.high == 0, other.high == 0):
            other.possible = other._possible()
        return other

    def _take(self, known: Sequence[Known]) -> None:
        self.known = list(known)
        self.low = np.array([one.low for one in self.known], int)
        self.high = np.array([MANY if one.high is None else one.high for one in self.known], int)

    @property
    def blocks(self) -> list[np.ndarray]:
        """Which atoms are of one population, for each of them."""
        of = np.repeat([key.population for key in self._atoms], [len(atoms) for atoms in self._atoms.values()])
        return [of == name for name in sorted(set(of.tolist()))]

    def around(self, atoms: np.ndarray) -> np.ndarray:
        """Which atoms are of the tables of some, or of a table next to those; as True and False."""
        tables = np.isin(self._tables, self._tables[atoms])
        met = np.diff(self.agreements[:, tables].indptr) > 0
        return np.isin(self._tables, self._tables[self.agreements[met].indices]) | tables

    @cached_property
    def shared(self) -> np.ndarray:
        """Which atoms are of a table of which something is known together with another population's."""
        several = np.array([len({key.population for key in those}) > 1 for those in self.keys], bool)
        atoms = np.concatenate([self.cells[several].indices, self.links.indices])
        return np.isin(self._tables, self._tables[atoms])

    @cached_property
    def _tables(self) -> np.ndarray:
        """The number of the table that each atom is of."""
        sizes = [np.diff(atoms.starts) for atoms in self._atoms.values()]
        return np.repeat(np.arange(sum(map(len, sizes))), np.concatenate([np.empty(0, int), *sizes]))

    def holds(self, atoms: np.ndarray) -> bool:
        """Whether whole numbers agree with everything that is known; reckoned in whole numbers."""
        values = self.cells @ atoms
        return bool(
            (atoms >= 0).all()
            and not atoms[~self.possible].any()
            and (values >= self.low).all()
            and (values <= self.high).all()
            and not (self.agreements @ atoms).any()
            and (np.abs(self.links @ atoms) <= self.within).all()
        )

    def _of(self, cell: Cell) -> np.ndarray:
        """Numbers of the atoms that add up to a cell."""
        box = self.dimensions.expanded(cell.box)
        return np.concatenate([self._start[key] + self._atoms[key].of(box) for key in self.populations.keys(cell)])

    def _rows(self, rows: list[list[tuple[int, np.ndarray]]]) -> sparse.csr_array:
        """Rows of whole numbers, each of signs and the atoms that have them."""
        lengths = [sum(len(atoms) for _, atoms in row) for row in rows]
        columns = [np.empty(0, int), *(atoms for row in rows for _, atoms in row)]
        signs = [np.empty(0, int), *(np.full(len(atoms), sign) for row in rows for sign, atoms in row)]
        where = np.repeat(np.arange(len(rows)), lengths)
        made = sparse.coo_array((np.concatenate(signs), (where, np.concatenate(columns))), (len(rows), self.size))
        return made.tocsr()

    def _within_reach(self, boxes: Iterable[Conditions]) -> list[Conditions]:
        """Impossible boxes of dimensions that the boxes of cells have as well; the others say nothing of the cells."""
        dimensions = {dimension for box in boxes for dimension, _ in box}
        impossible = map(self.dimensions.expanded, self.dimensions.structure.impossible)
        return [box for box in impossible if all(dimension in dimensions for dimension, _ in box)]

    def _possible(self) -> np.ndarray:
        """All atoms but those of cells of nobody, and those of impossible boxes."""
        possible = np.ones(self.size, bool)
        nobody = [one.cell for one in self.known if one.high == 0]
        empty = [(key, self.dimensions.expanded(cell.box)) for cell in nobody for key in self.populations.keys(cell)]
        never = [(key, box) for key, boxes in self._never.items() for box in boxes]
        for key, box in empty + never:
            possible[self._start[key] + self._atoms[key].everywhere(box)] = False
        for key, atoms in self._atoms.items():
            possible[self._start[key] + atoms.idle()] = False
        return possible
