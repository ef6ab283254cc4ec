"""People drawn again with replacement, the same for every model, and what their risks are gathered in.

A sample is how often each person was drawn; no row is ever copied. The figures of a model rest on nothing but the
weight of those admitted and not admitted at each risk, so that samples times people become samples times risks by one
sparse product. For the people themselves these are all the risks that occur; for samples of them, 1,000 narrow ranges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from pcn_analysis.statistics.rates import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.anticipatory.evaluation.figures import Array
    from pcn_analysis.anticipatory.evaluation.predictions import People

RANGES = 1_000
"""Ranges of about equally many people that different risks are gathered in, where there are more."""
AT_ONCE = 25
"""Samples that are held in memory at once."""
DEFINED = 0.9
"""Limits are given where at least this share of samples has the figure."""


def samples(people: int, bootstraps: int, seed: int) -> Iterator[Array]:
    """Draw how often each person is in each of some samples as large as all of them, a few samples at a time."""
    rng = np.random.default_rng([seed, 1])
    for first in range(0, bootstraps, AT_ONCE):
        drawn = min(AT_ONCE, bootstraps - first)
        counts = [np.bincount(rng.integers(people, size=people), minlength=people) for _ in range(drawn)]
        yield np.stack(counts).astype(np.float64)


def limits(replicates: Array) -> tuple[Array, Array]:
    """Percentile interval over samples, the first axis; NaN where too few of them have the figure.

    Examples
    --------
    >>> low, high = limits(np.arange(101.0))
    >>> print(low.round(1), high.round(1))
    2.5 97.5
    """
    with np.errstate(invalid="ignore"):
        defined = np.isfinite(replicates).mean(axis=0) >= DEFINED if len(replicates) else False
    held = np.where(defined & np.isfinite(replicates), replicates, np.where(defined, np.nan, 0.0))
    if not len(held):
        return (np.full(replicates.shape[1:], np.nan),) * 2
    tail = (1 - CONFIDENCE) / 2
    lower, upper = np.nanquantile(held, [tail, 1 - tail], axis=0)
    return np.where(defined, lower, np.nan)[()], np.where(defined, upper, np.nan)[()]


@dataclass(frozen=True)
class Cells:
    """Where on the scale of risk each person is.

    Parameters
    ----------
    risk
        The risk of each cell, ascending: the mean of its people.
    index
        The cell of each person.
    """

    risk: Array
    index: np.ndarray

    def weights(self, people: People, counts: Array, of: np.ndarray, groups: int) -> tuple[Array, Array]:
        """Weight of those admitted and not, by sample, group and cell.

        Parameters
        ----------
        people
            The people.
        counts
            How often each is in each sample.
        of
            The group of each person, 0 to ``groups`` - 1.
        groups
            How many groups there are.
        """
        known, cells = np.flatnonzero(people.weight), len(self.risk)
        column = (of * 2 + people.outcome) * cells + self.index
        weight = sparse.csr_array(
            (people.weight[known], (known, column[known])), shape=(len(people), groups * 2 * cells)
        )
        sums = (counts @ weight).reshape(len(counts), groups, 2, cells)
        return sums[:, :, 1], sums[:, :, 0]


def every_risk(risk: Array) -> Cells:
    """A cell for each risk that occurs.

    Examples
    --------
    >>> print(every_risk(np.array([0.3, 0.1, 0.3])).index)
    [1 0 1]
    """
    found, index = np.unique(risk, return_inverse=True)
    return Cells(found, index)


def ranges(risk: Array, thresholds: Array, most: int = RANGES) -> Cells:
    """Cells of about equally many people, none of which holds risks on both sides of a threshold.

    Examples
    --------
    >>> print(ranges(np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.4]), most=2).risk.round(2))
    [0.15 0.3  0.4 ]
    """
    found, index, counts = np.unique(risk, return_inverse=True, return_counts=True)
    if len(found) <= most:
        return Cells(found, index)
    before = np.cumsum(counts) - counts
    range_of = before * most // len(risk) * (len(thresholds) + 1) + np.searchsorted(thresholds, found, side="right")
    _, first, cell = np.unique(range_of, return_index=True, return_inverse=True)
    last = np.append(first[1:], len(found)) - 1
    mean = np.bincount(cell, found * counts) / np.bincount(cell, counts)
    return Cells(np.clip(mean, found[first], found[last]), cell[index])
