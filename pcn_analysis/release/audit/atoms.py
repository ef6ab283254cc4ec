"""The people of one population, parted by all that released cells say of them: the unknowns of an attacker."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.exceptions import problem
from pcn_analysis.release.audit.junction_tree import cliques, separators

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pcn_analysis.counted import Conditions

MOST_ATOMS = 400_000
"""Unknowns of one population that are still written down."""


class Atoms:
    """Unknown numbers of people of one population: the cells of the tables of a junction tree.

    Classes that no box tells apart are one class, and a dimension of one class is none.

    Parameters
    ----------
    boxes
        Boxes that are counted of the population, in the smallest classes.
    classes
        The smallest classes of each dimension.

    Raises
    ------
    PcnAnalysisError
        If the unknowns are more than can be written down.
    """

    def __init__(self, boxes: Iterable[Conditions], classes: Mapping[str, tuple[str, ...]]):
        boxes = sorted(set(boxes))
        self.merged = _merged(boxes, classes)
        conditions = [self._conditions(box) for box in boxes]
        self._beside = _beside_the_point(conditions)
        together = {frozenset(one) for one in conditions}
        self.bags = cliques(together, {dimension: max(of.values()) + 1 for dimension, of in self.merged.items()})
        self.shapes = [tuple(max(self.merged[one].values()) + 1 for one in bag) for bag in self.bags]
        sizes = [prod(shape) for shape in self.shapes]
        if sum(sizes) > MOST_ATOMS:
            raise problem(
                "the audit",
                f"the tables are linked in so many ways that {sum(sizes):,} unknown numbers would have to be weighed",
                "Show fewer breakdowns by several things at once.",
            )
        self.starts = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
        self._ids = [
            np.arange(a, b).reshape(shape) for (a, b), shape in zip(pairwise(self.starts), self.shapes, strict=True)
        ]

    def __len__(self) -> int:
        return int(self.starts[-1])

    def of(self, box: Conditions) -> np.ndarray:
        """Numbers of the atoms that add up to those in a box: all of one table."""
        conditions = self._conditions(box)
        holding = [i for i, bag in enumerate(self.bags) if conditions.keys() <= set(bag)]
        return self._inside(min(holding, key=lambda i: len(self._ids[i].ravel())), conditions)

    def everywhere(self, box: Conditions) -> np.ndarray:
        """Numbers of the atoms within a box, of all tables that can tell."""
        conditions = self._conditions(box)
        holding = [i for i, bag in enumerate(self.bags) if conditions.keys() <= set(bag)]
        return np.concatenate([np.empty(0, int), *(self._inside(i, conditions) for i in holding)])

    def idle(self) -> np.ndarray:
        """Numbers of the atoms that can be left out, as others stand for them.

        Where every box that tells classes of a dimension apart lies in a part of another dimension, outside of that
        part one class stands for all.
        """
        found = [np.empty(0, int)]
        for dimension, other, part in self._beside:
            outside = frozenset(self.merged[other].values()) - part
            others = frozenset(self.merged[dimension].values()) - {0}
            both = [i for i, bag in enumerate(self.bags) if {dimension, other} <= set(bag)]
            found += [self._inside(i, {dimension: others, other: outside}) for i in both]
        return np.concatenate(found)

    def agreements(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Pairs of sets of atoms that hold equally many people: what two neighbouring tables say of the same."""
        pairs = []
        for one, other, shared in separators(self.bags):
            left, right = (self._by(bag, shared) for bag in (one, other))
            pairs += list(zip(left, right, strict=True))
        return pairs

    def _by(self, bag: int, shared: tuple[str, ...]) -> np.ndarray:
        """Atoms of a table, a row for every combination of some of its dimensions."""
        ids, dimensions = self._ids[bag], self.bags[bag]
        first = [dimensions.index(one) for one in shared]
        rest = [axis for axis in range(ids.ndim) if axis not in first]
        return ids.transpose(*first, *rest).reshape(prod(ids.shape[axis] for axis in first), -1)

    def _inside(self, bag: int, conditions: Mapping[str, frozenset[int]]) -> np.ndarray:
        shape = self.shapes[bag]
        axes = [
            sorted(conditions.get(dimension, range(size)))
            for dimension, size in zip(self.bags[bag], shape, strict=True)
        ]
        return self._ids[bag][np.ix_(*axes)].ravel() if axes else self._ids[bag].ravel()

    def _conditions(self, box: Conditions) -> dict[str, frozenset[int]]:
        """Merged classes of a box, of the dimensions in which it does not hold everybody."""
        conditions = {}
        for dimension, classes in box:
            of = self.merged.get(dimension)
            if of is None:
                continue
            within = frozenset(of[one] for one in classes)
            if len(within) <= max(of.values()):
                conditions[dimension] = within
        return conditions


def _merged(boxes: list[Conditions], classes: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, int]]:
    """Number of each class of each dimension; the same for classes that are in the same boxes."""
    conditions: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for box in boxes:
        for dimension, within in box:
            conditions[dimension].add(within)
    merged = {}
    for dimension in sorted(conditions):
        member = {one: tuple(one in within for within in sorted(conditions[dimension])) for one in classes[dimension]}
        numbers = {those: i for i, those in enumerate(sorted(set(member.values())))}
        merged[dimension] = {one: numbers[those] for one, those in member.items()}
    return {dimension: of for dimension, of in merged.items() if max(of.values()) > 0 or not all(conditions[dimension])}


def _beside_the_point(boxes: list[dict[str, frozenset[int]]]) -> list[tuple[str, str, frozenset[int]]]:
    """Pairs of dimensions of which the first is told apart within some classes of the other alone, and these."""
    found = []
    for dimension in sorted({one for box in boxes for one in box}):
        telling = [box for box in boxes if dimension in box]
        for other in sorted(frozenset.intersection(*(frozenset(box) for box in telling)) - {dimension}):
            found.append((dimension, other, frozenset[int]().union(*(box[other] for box in telling))))
    return found
