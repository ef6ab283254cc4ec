"""A plan that is being changed, one unit at a time, without ever leaving what is allowed.

Membership of a network is one whole number whose bits are units, so that a connected network is recognised with a
few operations on numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from pcn_analysis.network.design.score import Score, added_up, score_sums

if TYPE_CHECKING:
    from pcn_analysis.network.design.constraints import Wanted
    from pcn_analysis.network.design.ground import Units

Change = tuple[tuple[int, int, int], ...]
"""Units that change network: unit, from, to."""


def bits(flags: np.ndarray) -> int:
    """Write true and false as the bits of a number.

    Examples
    --------
    >>> bits(np.array([True, False, True]))
    5
    """
    return sum(1 << int(unit) for unit in np.flatnonzero(flags))


def ones(number: int) -> list[int]:
    """Positions of the bits of a number.

    Examples
    --------
    >>> ones(5)
    [0, 2]
    """
    found = []
    while number:
        low = number & -number
        found.append(low.bit_length() - 1)
        number ^= low
    return found


def connected(members: int, touch: list[int]) -> bool:
    """Whether the units of a network hang together; no units do not.

    Examples
    --------
    >>> chain = [0b010, 0b101, 0b010]
    >>> connected(0b111, chain), connected(0b101, chain), connected(0, chain)
    (True, False, False)
    """
    reached = fresh = members & -members
    while fresh:
        low = fresh & -fresh
        new = touch[low.bit_length() - 1] & members & ~reached
        reached |= new
        fresh = (fresh ^ low) | new
    return members != 0 and reached == members


def moves_of(today: np.ndarray, plan: np.ndarray, networks: int) -> int:
    """Practices that leave their network of today, when plans and today are matched as well as they can be.

    A practice that is in no network today moves from none.

    Parameters
    ----------
    today
        Units (or practices) × networks of today: how many practices of the unit are in each.
    plan
        Position of each unit's network.
    networks
        How many the plan has.
    """
    shared = added_up(today, plan, networks)
    return round(today.sum() - shared[linear_sum_assignment(shared, maximize=True)].sum())


def broken(units: Units, wanted: Wanted, plan: np.ndarray) -> list[str]:
    """Name every hard constraint that a plan breaks; empty for a plan that may be shown."""
    touch, networks = [bits(row) for row in units.touch], wanted.networks
    members = [bits(plan == network) for network in range(networks)]
    sizes = np.bincount(plan, units.lists, networks)
    found = []
    if plan.min() < 0 or plan.max() >= networks or not all(members):
        found.append("number of networks")
    if ((sizes < wanted.band[0]) | (sizes > wanted.band[1])).any():
        found.append("band")
    if not all(connected(each, touch) for each in members):
        found.append("contiguity")
    if (units.apart & (plan[:, None] == plan)).any():
        found.append("apart")
    if wanted.max_moves is not None and moves_of(units.today, plan, networks) > wanted.max_moves:
        found.append("moves")
    return found


class State:
    """A plan that keeps every hard constraint, and its score.

    Parameters
    ----------
    units
        Practices that move as one.
    wanted
        What is asked.
    plan
        Position of each unit's network; it breaks nothing.
    """

    def __init__(self, units: Units, wanted: Wanted, plan: np.ndarray):
        self.units, self.wanted, self.plan = units, wanted, plan.copy()
        networks = wanted.networks
        self.touch = [bits(row) for row in units.touch]
        self.apart = [bits(row) for row in units.apart]
        self.members = [bits(plan == network) for network in range(networks)]
        self.lists = [float(size) for size in units.lists]
        self.sizes = [float(size) for size in np.bincount(plan, units.lists, networks)]
        winnable = units.patients.sum(axis=0) > units.rival
        self.patients = np.ascontiguousarray(units.patients[:, winnable])
        self.everyone, self.rival = units.everyone[winnable], units.rival[winnable]
        self.sums = added_up(self.patients, plan, networks)
        self.registered = added_up(units.registered, plan, networks)
        self.score = self._scored()

    def _scored(self) -> Score:
        return score_sums(self.sums, self.registered, self.everyone, self.rival)

    def targets(self, unit: int) -> list[int]:
        """Other networks that a unit touches."""
        own = self.plan[unit]
        return sorted({int(self.plan[near]) for near in ones(self.touch[unit])} - {int(own)})

    def allows(self, change: Change) -> bool:
        """Whether a change keeps band, contiguity and what must be apart; moves are looked at when it is made."""
        members: dict[int, int] = {}
        sizes: dict[int, float] = {}
        for unit, source, target in change:
            for network in (source, target):
                members.setdefault(network, self.members[network])
                sizes.setdefault(network, self.sizes[network])
            members[source] &= ~(1 << unit)
            members[target] |= 1 << unit
            sizes[source] -= self.lists[unit]
            sizes[target] += self.lists[unit]
        floor, ceiling = self.wanted.band
        if not all(floor <= size <= ceiling for size in sizes.values()):
            return False
        if any(self.apart[unit] & members[target] for unit, _, target in change):
            return False
        return all(connected(each, self.touch) for each in members.values())

    def make(self, change: Change) -> None:
        """Make a change and score the plan anew."""
        self._shift(change)
        self.score = self._scored()

    def undo(self, change: Change, score: Score) -> None:
        """Take a change back; ``score`` is that of before."""
        self._shift(tuple((unit, target, source) for unit, source, target in change))
        self.score = score

    def _shift(self, change: Change) -> None:
        for unit, source, target in change:
            self.plan[unit] = target
            self.members[source] &= ~(1 << unit)
            self.members[target] |= 1 << unit
            self.sizes[source] -= self.lists[unit]
            self.sizes[target] += self.lists[unit]
            self.sums[source] -= self.patients[unit]
            self.sums[target] += self.patients[unit]
            self.registered[source] -= self.units.registered[unit]
            self.registered[target] += self.units.registered[unit]

    def moves(self) -> int:
        """Practices that leave their network of today."""
        return moves_of(self.units.today, self.plan, self.wanted.networks)
