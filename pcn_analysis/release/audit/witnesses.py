"""Every way of filling in what is not shown is a witness: of the values that nobody can rule out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from pcn_analysis.release.audit.model import MANY
from pcn_analysis.release.audit.searches import Searches
from pcn_analysis.release.audit.solver import FOUND, NONE, UNKNOWN, Wish
from pcn_analysis.release.audit.ways import Ways

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcn_analysis.release.audit.model import Model
    from pcn_analysis.release.audit.moves import Move
    from pcn_analysis.release.audit.targets import Targets

TRIED = 40
"""Values of a target that are tried one by one, upwards and downwards."""


class Range(NamedTuple):
    """What is left of a target.

    Attributes
    ----------
    low, high
        Smallest and largest value.
    values
        How many it can have.
    proven
        Whether no others are possible.
    by_sums
        Whether that is so for fractions of people too, so that the cells that force it are proof.
    forcing
        The cells, by number, whose ranges leave no others.
    """

    low: int
    high: int | None
    values: int
    proven: bool
    by_sums: bool = False
    forcing: tuple[int, ...] = ()


class Witnesses:
    """Ways of filling in what is not shown.

    Parameters
    ----------
    model
        What is known.
    targets
        What must not be found out; takes note of the values that are seen.
    time_limit
        Seconds of one search among whole numbers.
    ways
        Ways that may agree, as of an audit of nearly the same.

    Attributes
    ----------
    status
        Whether there is any: ``found``, ``none`` (what is known contradicts itself) or ``unknown``.
    ways
        Those that showed any value.
    """

    def __init__(self, model: Model, targets: Targets, time_limit: float, ways: Iterable[np.ndarray] = ()):
        self.targets, self.ways = targets, Ways()
        for way in ways:
            if model.holds(way):
                targets.learn(way)
                self.ways.append(way)
        self._model, self._searches = model, Searches(model, time_limit, self.ways)
        self.status = FOUND if self.ways else self._first()

    def collect(self) -> None:
        """Look for ways in which targets have values that they were not seen to have, as long as that is quick."""
        for target in range(len(self.targets.all)):
            row, now = self.targets.of_atoms[[target]], self._now(target)
            if self.targets.derived[target]:
                for value in (self.targets.small + 1, 0):
                    if self.targets.open[target]:
                        self._learn(self._searches.quick(row, value))
                continue
            for sign in (1, -1):
                for value in self._unseen(target, now, sign):
                    if self._learn(self._searches.quick(row, value)).status != FOUND:
                        break

    def settle(self, target: int) -> Range:
        """Find the values that one target can have, until they are as many as promised."""
        left: list[int] = []
        below, forcing_low = self._end(target, -1, left)
        above, forcing_high = self._end(target, 1, left)
        unknown = [value for value in left if self.targets.open[target] and not self._decided(target, value)]
        values = self.targets.values(target)
        ended = below is not None and above is not None
        by_sums = below is not None and above is not None and self._narrow(target, below, above)
        return Range(
            min(values),
            max(values),
            len(values),
            proven=ended and not unknown,
            by_sums=by_sums,
            forcing=tuple(sorted({*forcing_low, *forcing_high})),
        )

    def _narrow(self, target: int, below: int, above: int) -> bool:
        """Whether too few values lie between two that a target cannot have, and of a difference small ones alone."""
        small = below >= 0 and above <= self.targets.small + 1
        return above - below - 1 < self.targets.promise and (small or not self.targets.derived[target])

    def _first(self) -> str:
        found = self._searches.first(self._wish())
        if found.status == FOUND and found.atoms is not None:
            self.ways.append(found.atoms)
            self.targets.learn(found.atoms)
        return found.status

    def _end(self, target: int, sign: int, left: list[int]) -> tuple[int | None, tuple[int, ...]]:
        """Try values of a target upwards (1) or downwards (-1).

        Returns
        -------
        tuple
            The first that it cannot have, and the cells that force it. Values before it that were neither found nor
            ruled out are added to those left.
        """
        row = self.targets.of_atoms[[target]]
        for value in self._unseen(target, self._now(target), sign):
            move = self._learn(self._searches.thorough(row, value))
            if move.status == NONE and move.forcing is not None:
                return value, move.forcing
            if move.status != FOUND:
                left.append(value)
        return None, ()

    def _decided(self, target: int, value: int) -> bool:
        """Whether a value is found among all whole numbers, or proven not to be there."""
        return self._learn(self._searches.exhaustive(self.targets.of_atoms[[target]], value)).status != UNKNOWN

    def _unseen(self, target: int, now: int, sign: int) -> Iterator[int]:
        """Values that a target was not seen to have, from one on, while it was seen to have too few."""
        for value in range(now + sign, now + sign * (TRIED + 1), sign):
            if not self.targets.open[target]:
                return
            if value not in self.targets.values(target):
                yield value

    def _now(self, target: int) -> int:
        return int((self.targets.of_atoms[[target]] @ self.ways[0])[0])

    def _wish(self) -> Wish:
        """Of all targets, and of all cells with a range, a value that is neither the smallest nor the largest.

        From the middle of the ranges few people have to change places for a number to change.
        """
        targets, model = self.targets, self._model
        middle = np.minimum((targets.low + targets.high) // 2, targets.low + targets.promise)
        ranged = np.flatnonzero((model.high > model.low + 1) & (model.high < MANY))
        rows = sparse.vstack([targets.of_atoms, model.cells[ranged]], format="csr")
        return Wish(near=(rows, np.append(middle, (model.low + model.high)[ranged] // 2)))

    def _learn(self, found: Move) -> Move:
        if found.status == FOUND and found.atoms is not None and self.targets.learn(found.atoms):
            self.ways.append(found.atoms)
        return found
