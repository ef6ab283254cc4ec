"""What must not be found out: cells that are not shown, and small numbers that nobody meant to tell."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.release.audit.model import Model


class Target(NamedTuple):
    """Number of a cell, less that of another where one is named; cells by number."""

    cell: int
    less: int | None = None


class Targets:
    """Targets of a model, and the values that each was seen to be able to have.

    Parameters
    ----------
    model
        What is known.
    promise
        Values that each must be able to have.
    small
        Largest number of people that is small.

    Attributes
    ----------
    all
        Cells that are hidden, cells that no table shows, and differences of cells that lie in each other.
    derived
        Which of them no table has a place for: they are served as well by a value that is not small.
    of_cells, of_atoms
        Targets × cells, and targets × atoms: what each adds up and takes off.
    """

    def __init__(self, model: Model, promise: int, small: int):
        self.promise, self.small = promise, small
        hidden = [Target(i) for i, one in enumerate(model.known) if one.hidden and one.high != 0]
        derived = [Target(i) for i, one in enumerate(model.known) if not one.tables]
        self.all = hidden + derived + sorted(_differences(model, small))
        size = len(self.all)
        self.derived = np.arange(size) >= len(hidden)
        self.low = np.where(self.derived, 1, [model.low[target.cell] for target in self.all]).astype(int)
        self.high = np.where(self.derived, small, [model.high[target.cell] for target in self.all]).astype(int)
        rows = [i for i, target in enumerate(self.all) for cell in target if cell is not None]
        columns = [cell for target in self.all for cell in target if cell is not None]
        signs = [sign for target in self.all for sign in ([1] if target.less is None else [1, -1])]
        self.of_cells = sparse.coo_array((signs, (rows, columns)), (size, len(model.known)), dtype=int).tocsr()
        self.of_atoms = (self.of_cells @ model.cells).tocsr()
        self.seen, self.count = np.zeros((size, promise), int), np.zeros(size, int)
        self.free = np.zeros(size, bool)

    def learn(self, atoms: np.ndarray) -> bool:
        """Take note of the values that numbers give; returns whether any was new.

        What is derived is free once it was seen not to be a small number.
        """
        values = self.of_atoms @ atoms
        freed = self.derived & ((values < 1) | (values > self.small)) & ~self.free
        self.free |= freed
        known = (self.seen == values[:, None]) & (np.arange(self.promise) < self.count[:, None])
        new = np.flatnonzero(~known.any(axis=1) & (self.count < self.promise) & ~self.free)
        self.seen[new, self.count[new]] = values[new]
        self.count[new] += 1
        return bool(len(new) or freed.any())

    @property
    def open(self) -> np.ndarray:
        """Targets that were not yet seen to have as many values as promised."""
        return ~self.free & (self.count < self.promise)

    def values(self, target: int) -> list[int]:
        """Values that a target was seen to have."""
        return sorted(self.seen[target, : self.count[target]].tolist())


def _differences(model: Model, small: int) -> Iterator[Target]:
    """Cells that lie in each other, of which the one may have just a few people more than the other."""
    outer: defaultdict[frozenset[str], list[int]] = defaultdict(list)
    for i, one in enumerate(model.known):
        if one.tables:
            outer[frozenset(model.boxes[i])].append(i)
    those = {dimensions: np.array(cells) for dimensions, cells in outer.items()}
    for i, one in enumerate(model.known):
        if model.high[i] == 0 or not one.tables:
            continue
        met = model.implied[i]
        for cells in [cells for dimensions, cells in those.items() if dimensions <= met.keys()]:
            near = (model.low[cells] - model.high[i] <= small) & (model.high[cells] - model.low[i] >= 1)
            for j in cells[near].tolist():
                within = all(met[dimension] <= set(classes) for dimension, classes in model.boxes[j].items())
                if within and j != i and model.keys[i] <= model.keys[j]:
                    yield Target(j, i)
