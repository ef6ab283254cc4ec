"""Every way of filling in what is not shown is a witness: of the values that nobody can rule out."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pcn_analysis.release.audit.solver import UNKNOWN, Answer, Wish, bound, search

if TYPE_CHECKING:
    from scipy import sparse

    from pcn_analysis.release.audit.model import Model
    from pcn_analysis.release.audit.targets import Targets

AT_ONCE = 300
"""Targets that a search wishes values for at once."""

FUTILE = 3
"""Searches in a row that serve no target, after which each target is searched for by itself."""

LARGE = 15_000
"""Unknowns from which they are searched population by population first."""

TRIED = 40
"""Values of a target that are tried one by one."""

_SEED, _WHOLE = 8, 1e-6


class Range(NamedTuple):
    """What is left of a target: smallest and largest value, how many it can have, and whether that is proven."""

    low: int
    high: int | None
    values: int
    proven: bool


class Witnesses:
    """Ways of filling in what is not shown.

    Parameters
    ----------
    model
        What is known.
    targets
        What must not be found out; takes note of the values that are seen.
    time_limit
        Seconds of one search.

    Attributes
    ----------
    status
        Whether there is any: ``found``, ``none`` (what is known contradicts itself) or ``unknown``.
    """

    def __init__(self, model: Model, targets: Targets, time_limit: float):
        self.model, self.targets, self.time_limit = model, targets, time_limit
        self._dice = np.random.default_rng(_SEED)
        self._last: np.ndarray | None = None
        self.status = self._search(self._wish(np.arange(min(len(targets.all), AT_ONCE)))).status

    def collect(self) -> None:
        """Look for ways in which many targets have values that they were not seen to have.

        Where there are many unknowns, at first among those of one population after the other.
        """
        large = self.model.possible.sum() > LARGE and len(self.model.blocks) > 1
        for free in (*(self.model.blocks if large else ()), None):
            self._collect(free)

    def settle(self, target: int) -> Range:
        """Find the values that one target can have, until they are as many as promised."""
        row, targets = self.targets.of_atoms[[target]], self.targets
        low, high = (self._end(row, sign) for sign in (1, -1))
        proven, seen = low is not None, set(targets.values(target))
        least = min(seen, default=0) if low is None else low
        most = high if high is not None else max(seen, default=0) + targets.promise
        for value in islice((one for one in range(least, most + 1) if one not in seen), TRIED):
            if not targets.open[target]:
                break
            proven &= self._search(Wish(exactly=(row, np.array([value])))).status != UNKNOWN
        values = targets.values(target)
        tried_all = high is not None and most - least <= TRIED
        return Range(min(values, default=least), max(values, default=most), len(values), bool(proven and tried_all))

    def _collect(self, free: np.ndarray | None) -> None:
        rows, futile = self.targets.of_atoms, 0
        near = np.ones(rows.shape[0], bool) if free is None else np.diff(rows[:, free].indptr) > 0
        while (self.targets.open & near).any() and futile < FUTILE:
            some, before = np.flatnonzero(self.targets.open & near), int(self.targets.open.sum())
            some = self._dice.choice(some, min(len(some), AT_ONCE), replace=False)
            self._search(self._wish(some), free)
            futile = 0 if self.targets.open.sum() < before else futile + 1

    def _wish(self, some: np.ndarray) -> Wish:
        """Values that some targets were not yet seen to have."""
        if not len(some):
            return Wish()
        return Wish(
            near=(self.targets.of_atoms[some], np.array([_unseen(self.targets, int(i), self._dice) for i in some]))
        )

    def _end(self, row: sparse.csr_array, sign: int) -> int | None:
        """A value that a target cannot be below (1) or above (-1); None where none is proven."""
        found = bound(self.model, sign * row.toarray()[0], self.time_limit)
        return None if found is None else sign * int(np.ceil(found - _WHOLE))

    def _search(self, wish: Wish, free: np.ndarray | None = None) -> Answer:
        answer = search(self.model, wish, time_limit=self.time_limit, around=self._last, free=free)
        if answer.atoms is not None:
            self._last = answer.atoms
            self.targets.learn(answer.atoms)
        return answer


def _unseen(targets: Targets, target: int, dice: np.random.Generator) -> int:
    """A value that a target was not yet seen to have, and might: of a difference, also one that is not small."""
    low, seen = int(targets.low[target]), set(targets.values(target))
    high = min(int(targets.high[target]), low + targets.promise + len(seen))
    unseen = [value for value in range(low, high + 1) if value not in seen]
    if targets.derived[target]:
        return int(dice.choice([0, targets.small + 1, *unseen[:1]]))
    return int(dice.choice(unseen or [low]))
