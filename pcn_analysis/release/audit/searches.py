"""Where a way of filling in is looked for that gives a sum a value: near by and in one population first."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.release.audit.moves import Move, Moves
from pcn_analysis.release.audit.solver import FOUND, NONE, UNKNOWN, Wish, search

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scipy import sparse

    from pcn_analysis.release.audit.model import Model

PIVOTS = 1_000
"""Steps of a search that is to be quick; many values are found when others are looked for."""

ELSEWHERE = 8
"""Ways from which a value is looked for that was not found from the first, before all whole numbers are searched."""

TURNS = 3
"""Times that each population is changed so that what several share is nearer, before all are at once."""

KEPT = 30
"""Sets of atoms whose changes are kept at hand for the next sum; each takes some megabytes."""


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

    def __init__(self, model: Model, time_limit: float, ways: Sequence[np.ndarray]):
        self.model, self.time_limit, self.ways = model, time_limit, ways
        self._kept = lru_cache(KEPT)(self._moves)

    def first(self, wish: Wish) -> Move:
        """Look for any way, such as is wished for: near one of fractions of people; then any, among all whole numbers.

        Each population is filled in by itself; then each in turn is changed as little as brings what several share
        nearer, as long as any is off.
        """
        filled = self._filled(wish)
        if filled is not None:
            smallest_first = sorted(self._blocks, key=np.count_nonzero)  # which is changed in the least time
            near = self._reconciled(filled, smallest_first * TURNS)
            if self.model.holds(near):
                return Move(FOUND, near)
            mended = Moves(self.model, near, time_limit=self.time_limit).mended()
            if mended.status == FOUND:
                return mended
        found = search(self.model, Wish(), time_limit=self.time_limit)
        return Move(found.status, found.atoms if found.status == FOUND else None)

    def quick(self, row: sparse.csr_array, value: int) -> Move:
        """Look near the first way, in the tables about a sum, and not for long: what is not found is not known."""
        return _decided(self._about(row, steps).to(row, value, PIVOTS) for steps in (1, 2))

    def thorough(self, row: sparse.csr_array, value: int) -> Move:
        """Look in the population of a sum, in all, and from other ways; what is left unknown may yet be possible.

        That there is none is nearly always proven by what is known of one population alone, so that comes first.
        """
        return _decided(self._nearby(row, value))

    def _nearby(self, row: sparse.csr_array, value: int) -> Iterator[Move]:
        own = self._block(row)
        if own is not None:
            yield (alone := self._from_first(own, alone=True).to(row, value))
            yield self._from_first(own).to(row, value)
            yield self._from_first(own | self.model.shared).to(row, value)
            yield self._agreed(alone, own)
        yield self._from_first().to(row, value)
        for way in self.ways[1 :: max(1, len(self.ways) // ELSEWHERE)]:
            yield Moves(self.model, way, own, time_limit=self.time_limit).to(row, value)

    def exhaustive(self, row: sparse.csr_array, value: int) -> Move:
        """Look among all whole numbers, of the population of a sum and of all; what is left unknown took too long."""
        own, wish = self._block(row), Wish(exactly=(row, np.array([value])))
        among = [None] if own is None else [own, None]
        answers = (
            (free, search(self.model, wish, time_limit=self.time_limit, free=free, around=self.ways[0]))
            for free in among
        )
        return _decided(self._agreed(Move(one.status, one.atoms), free) for free, one in answers)

    def _agreed(self, found: Move, own: np.ndarray | None) -> Move:
        """What was found of one population alone, with the others changed so that they agree, if they can be."""
        if found.status != UNKNOWN or found.atoms is None or own is None:
            return found if found.status == FOUND else Move(found.status, forcing=found.forcing)
        others = [block for block in self._blocks if not (block & own).any()]
        agreed = self._reconciled(found.atoms, others)
        return Move(FOUND, agreed) if self.model.holds(agreed) else Move(UNKNOWN)

    def _reconciled(self, atoms: np.ndarray, blocks: Iterable[np.ndarray]) -> np.ndarray:
        """Bring what several populations share nearer, by changes to one after the other, until nothing is off."""
        for block in blocks:
            if self.model.holds(atoms):
                break
            atoms = self._mended(atoms, block, nearing=True)
        return atoms

    def _filled(self, wish: Wish) -> np.ndarray | None:
        """Numbers that agree with what is known of each population by itself, as far as they are found."""
        atoms: np.ndarray | None = None
        for block in self._blocks:
            one = search(self.model, wish, time_limit=self.time_limit, free=block, around=atoms, whole=False)
            if one.atoms is None:
                return None
            atoms = self._mended(one.atoms, block, alone=True)
        return atoms

    def _mended(self, atoms: np.ndarray, block: np.ndarray, **how: bool) -> np.ndarray:
        found = Moves(self.model, atoms, block, time_limit=self.time_limit, **how).mended()
        return atoms if found.atoms is None else found.atoms

    def _about(self, row: sparse.csr_array, steps: int) -> Moves:
        """Changes to the first way in the tables that the atoms of a sum are of, and those so many steps from them."""
        free = self.model.around(row.indices)
        for _ in range(1, steps):
            free = self.model.around(np.flatnonzero(free))
        return self._from_first(free)

    def _from_first(self, free: np.ndarray | None = None, *, alone: bool = False) -> Moves:
        """Changes to some atoms of the first way; to all, if left out."""
        return self._kept(None if free is None else np.packbits(free).tobytes(), alone)

    def _moves(self, packed: bytes | None, alone: bool) -> Moves:
        free = None
        if packed is not None:
            free = np.unpackbits(np.frombuffer(packed, np.uint8), count=self.model.size).astype(bool)
        return Moves(self.model, self.ways[0], free, alone=alone, time_limit=self.time_limit)

    def _block(self, row: sparse.csr_array) -> np.ndarray | None:
        """The atoms of the population that a sum is of; None if it is of several, or there is but one."""
        touched = [block for block in self._blocks if block[row.indices].any()]
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
