"""Where a way of filling in is looked for that gives a sum a value: near by and in one population first."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.release.audit.moves import Move, Moves
from pcn_analysis.release.audit.solver import FOUND, NONE, UNKNOWN, Wish, search

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scipy import sparse

    from pcn_analysis.release.audit.model import Model

PIVOTS = 1_000
"""Steps of a search that is to be quick; many values are found when others are looked for."""

ELSEWHERE = 8
"""Ways from which a value is looked for that was not found from the first, before all whole numbers are searched."""


class Searches:
    """Searches for ways of filling in what is not shown.

    Parameters
    ----------
    model
        What is known.
    time_limit
        Seconds of one search, of whatever kind.
    ways
        Ways that agree; those that are found are for the caller to add.
    """

    def __init__(self, model: Model, time_limit: float, ways: list[np.ndarray]):
        self.model, self.time_limit, self.ways = model, time_limit, ways
        self._moves: dict[tuple[int | None, bool], Moves] = {}
        self._near: dict[bytes, Moves] = {}

    def first(self, *wishes: Wish) -> Move:
        """Look for any way, such as is wished for: near one of fractions of people, then among all whole numbers.

        Wishes are tried in turn, the last of them among whole numbers too.
        """
        for wish in wishes:
            rounded = search(self.model, wish, time_limit=self.time_limit, whole=False)
            if rounded.status in (FOUND, NONE):
                return Move(rounded.status, rounded.atoms)
            if rounded.atoms is not None:
                mended = Moves(self.model, rounded.atoms, time_limit=self.time_limit).mended()
                if mended.status == FOUND:
                    return mended
        found = search(self.model, wishes[-1], time_limit=self.time_limit)
        return Move(found.status, found.atoms if found.status == FOUND else None)

    def quick(self, row: sparse.csr_array, value: int) -> Move:
        """Look near the first way, in the tables about a sum and in its population, and not for long.

        What is not found is not known.
        """
        found = self._about(row).to(row, value, PIVOTS)
        if found.status == FOUND:
            return found
        return self._from_first(self._block(row), alone=False).to(row, value, PIVOTS)

    def thorough(self, row: sparse.csr_array, value: int) -> Move:
        """Look in the population of a sum, in all, and from other ways; what is left unknown may yet be possible."""
        block = self._block(row)
        free = None if block is None else self._blocks[block]
        others = self.ways[1 :: max(1, len(self.ways) // ELSEWHERE)]
        near = [] if block is None else [lambda: self._from_first(block, alone=True)]
        near += [] if block is None else [lambda: self._from_first(block, alone=False)]
        near += [lambda: self._from_first(None, alone=False)]
        near += [partial(Moves, self.model, way, free, time_limit=self.time_limit) for way in others]
        return _decided(moves().to(row, value) for moves in near)

    def exhaustive(self, row: sparse.csr_array, value: int) -> Move:
        """Look among all whole numbers, of the population of a sum and of all; what is left unknown took too long."""
        block, wish = self._block(row), Wish(exactly=(row, np.array([value])))
        among = [None] if block is None else [self._blocks[block], None]
        answers = (
            search(self.model, wish, time_limit=self.time_limit, free=free, around=self.ways[0]) for free in among
        )
        return _decided(Move(one.status, one.atoms if one.status == FOUND else None) for one in answers)

    def _about(self, row: sparse.csr_array) -> Moves:
        """Changes to the first way in the tables that the atoms of a sum are of, and those next to them."""
        free = self.model.around(row.indices)
        key = free.tobytes()
        if key not in self._near:
            self._near[key] = Moves(self.model, self.ways[0], free, time_limit=self.time_limit)
        return self._near[key]

    def _from_first(self, block: int | None, *, alone: bool) -> Moves:
        if (block, alone) not in self._moves:
            free = None if block is None else self._blocks[block]
            self._moves[block, alone] = Moves(self.model, self.ways[0], free, alone=alone, time_limit=self.time_limit)
        return self._moves[block, alone]

    def _block(self, row: sparse.csr_array) -> int | None:
        """The population that all atoms of a sum are of; None if they are of several, or there is but one."""
        touched = [i for i, block in enumerate(self._blocks) if block[row.indices].any()]
        return touched[0] if len(touched) == 1 and len(self._blocks) > 1 else None

    @cached_property
    def _blocks(self) -> list[np.ndarray]:
        return self.model.blocks


def _decided(moves: Iterable[Move]) -> Move:
    """The first of some searches that found a way, or that there is none."""
    found = Move(UNKNOWN)
    for found in moves:
        if found.status in (FOUND, NONE):
            break
    return found
