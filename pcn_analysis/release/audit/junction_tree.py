"""Few small tables that say as much as one that is too large to write down.

Two dimensions are joined where a cell conditions on both. The graph is completed until every cycle of four or more
has a chord; its maximal cliques are then the dimensions of tables that, agreeing on what neighbours in a tree share,
always are the margins of one table of whole people.

References
----------
Lauritzen, Graphical Models (1996), chapters 2 and 3. Dobra and Fienberg (2000), doi:10.1073/pnas.97.22.11885.
"""

from __future__ import annotations

from itertools import combinations
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import minimum_spanning_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_TRIES, _CHANCE, _SEED = 3, 1.5, 8


def cliques(together: Iterable[frozenset[str]], classes: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Maximal cliques of a chordal graph in which every set of dimensions that occurs together is in one.

    Dimensions are taken out one after the other, and the neighbours of each joined. Which comes next is chosen by
    several rules, and with a little chance; the outcome whose tables have fewest cells is kept. It is not known to be
    the smallest there is.

    Parameters
    ----------
    together
        Sets of dimensions that a cell conditions on.
    classes
        Number of classes of each dimension.

    Examples
    --------
    >>> cliques([frozenset("ab"), frozenset("bc"), frozenset("cd"), frozenset("da")], dict.fromkeys("abcd", 2))
    [('a', 'b', 'd'), ('b', 'c', 'd')]
    """
    near: dict[str, frozenset[str]] = {dimension: frozenset() for dimension in sorted(classes)}
    for dimensions in sorted(together, key=sorted):
        for one in dimensions:
            near[one] |= dimensions - {one}
    dice = np.random.default_rng(_SEED)
    tried = [_taken_out(near, classes, rule, dice) for rule in (_cells, _joined) for _ in range(_TRIES)]
    return min(tried, key=lambda bags: sum(prod(classes[one] for one in bag) for bag in bags))


def _taken_out(
    near: Mapping[str, frozenset[str]], classes: Mapping[str, int], rule: Callable, dice: np.random.Generator
) -> list[tuple[str, ...]]:
    """Cliques that taking out dimensions by a rule leads to."""
    left, bags = {one: set(others) for one, others in near.items()}, []
    costs = {one: rule(one, left, classes) for one in left}
    while left:
        least = min(left, key=lambda one: costs[one] * dice.uniform(1, _CHANCE))
        around = left.pop(least)
        bags.append(frozenset(around | {least}))
        for other in around:
            left[other] |= around
            left[other] -= {least, other}
        for other in {further for one in around for further in left[one]} | around:
            costs[other] = rule(other, left, classes)
    largest = {bag for bag in bags if not any(bag < other for other in bags)}
    return sorted(tuple(sorted(bag)) for bag in largest) or [()]


def _cells(one: str, left: Mapping[str, set[str]], classes: Mapping[str, int]) -> float:
    """Cells of the table of a dimension and its neighbours."""
    return float(prod(classes[other] for other in left[one] | {one}))


def _joined(one: str, left: Mapping[str, set[str]], classes: Mapping[str, int]) -> float:
    """Pairs of neighbours that are not joined yet, each by the cells of its table."""
    pairs = combinations(sorted(left[one]), 2)
    return 1.0 + sum(classes[a] * classes[b] for a, b in pairs if b not in left[a])


def separators(bags: list[tuple[str, ...]]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Edges of a junction tree: two cliques by number, and the dimensions that they share, which may be none.

    Any spanning tree with as many shared dimensions as possible is one.

    Examples
    --------
    >>> separators([("a", "b", "d"), ("b", "c", "d"), ("e",)])
    [(0, 1, ('b', 'd')), (0, 2, ())]
    """
    number = len(bags)
    weights = np.zeros((number, number))
    for one, other in combinations(range(number), 2):
        weights[one, other] = -1 - len(set(bags[one]) & set(bags[other]))
    edges = minimum_spanning_tree(csr_array(weights)).tocoo()
    pairs = sorted(zip(edges.row.tolist(), edges.col.tolist(), strict=True))
    return [(one, other, tuple(sorted(set(bags[one]) & set(bags[other])))) for one, other in pairs]
