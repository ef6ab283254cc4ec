"""Random contiguous plans of the same number of networks and the same band: what a plan is held against.

Localisation cannot be compared between numbers of networks, nor between sizes: larger networks have more of it for
no other reason than size. It can be compared with that of random plans which are alike in both.

Plans are drawn by recombination (ReCom; DeFord, Duchin and Solomon 2021): two networks that touch are put together,
a spanning tree is drawn through their practices, and one of its edges is cut so that both sides are within the band.
The same step, with the cut that breaks the band least, finds a first plan. Practices are lumps: where the band is
tight few cuts are possible and the chain stays near where it began, which ``distinct`` shows. The chain is not
uniform over plans: it prefers compact networks.

References
----------
- DeFord D, Duchin M, Solomon J. Recombination: a family of Markov chains for redistricting. Harvard Data Science
  Review 2021;3(1).
"""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import connected_components

from pcn_analysis.network.design.constraints import Wanted
from pcn_analysis.network.design.ground import units_of
from pcn_analysis.network.design.score import score_of
from pcn_analysis.network.design.state import bits, broken, ones
from pcn_analysis.network.design.trees import cuts_of

if TYPE_CHECKING:
    from pcn_analysis.network.design.ground import Ground, Units
    from pcn_analysis.network.design.score import Score

PLANS, STEPS_BETWEEN = 500, 8
"""Random plans that are kept, and steps of the chain from one to the next."""
FIRST_TRIES = 4_000
"""Steps in which a first plan has to be found."""


@dataclass(frozen=True)
class RandomPlans:
    """Measures of random plans.

    Parameters
    ----------
    localisation
        Over all networks, of each plan.
    worst
        Of the worst-off network of each plan.
    distinct
        How many different plans there were among them.
    sizes, each_localisation
        List and localisation of each network of each plan; plans × networks.
    """

    localisation: np.ndarray
    worst: np.ndarray
    distinct: int
    sizes: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    each_localisation: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    def percentile(self, localisation: float) -> float:
        """Share of random plans with less localisation, and half of those with as much; nan where all are one plan.

        Examples
        --------
        >>> RandomPlans(np.array([0.5, 0.6, 0.6, 0.7]), np.zeros(4), 3).percentile(0.6)
        0.5
        """
        return math.nan if self.distinct <= 1 else below(self.localisation, localisation)

    def percentile_of_worst(self, worst: float) -> float:
        """The same of the worst-off network."""
        return math.nan if self.distinct <= 1 else below(self.worst, worst)


def below(drawn: np.ndarray, value: float) -> float:
    """Share of what was drawn that is less than a value, and half of what is as much."""
    equal = np.isclose(drawn, value, rtol=0, atol=1e-9)
    return float(((drawn < value) & ~equal).mean() + equal.mean() / 2)


@dataclass(frozen=True)
class Today:
    """Today's networks, and random plans of as many within their own range of sizes.

    Parameters
    ----------
    wanted
        Number and band: from the smallest to the largest list of today, so that today's own plan is one of those that
        are possible, if it is contiguous.
    plan
        Position of each practice's network.
    contiguous
        Whether each network of today hangs together in the practice graph; random ones all do.
    score
        Of today's plan.
    drawn
        The random plans; None where no plan to begin from was found.
    """

    wanted: Wanted
    plan: np.ndarray
    contiguous: bool
    score: Score
    drawn: RandomPlans | None


def like_today(members: Ground, seed: int = 0) -> Today:
    """Draw random plans that are like today's in number and range of sizes, from today's plan where it may be one.

    Parameters
    ----------
    members
        Practices that are in a network today, at least one, and their areas. Each may go to any network: practices at
        one site are not kept together, as today they may be apart.
    seed
        Where random numbers start.
    """
    plan = members.today.argmax(axis=1)
    sizes = np.bincount(plan, members.lists)
    alike = Wanted(len(sizes), (int(sizes.min()), int(sizes.max())), seed=seed)
    units = units_of(members, alike)
    contiguous = not broken(units, alike, plan)
    start = plan if contiguous else first_plan(units, alike)
    drawn = None if start is None else random_plans(units, alike, start)
    return Today(alike, plan, contiguous, score_of(units, plan, len(sizes)), drawn)


def random_plans(units: Units, wanted: Wanted, start: np.ndarray, plans: int = PLANS) -> RandomPlans:
    """Draw random plans and score them.

    Parameters
    ----------
    units, wanted
        Units, and what is asked of number, band and what must be apart; moves are not limited.
    start
        A plan that breaks none of it, to begin from.
    plans
        How many to keep.
    """
    chain = _Chain(units, wanted, start)
    drawn, sizes, seen = [], [], set()
    for _ in range(plans):
        for _ in range(STEPS_BETWEEN):
            chain.step(strict=True)
        seen.add(frozenset(chain.members))
        drawn.append(score_of(units, chain.plan(), len(chain.members)))
        sizes.append(chain.sizes())
    return RandomPlans(
        localisation=np.array([each.localisation for each in drawn]),
        worst=np.array([each.worst for each in drawn]),
        distinct=len(seen),
        sizes=np.array(sizes),
        each_localisation=np.array([each.each_localisation for each in drawn]),
    )


def first_plan(units: Units, wanted: Wanted, deadline: float = math.inf) -> np.ndarray | None:
    """Find a plan within the band by recombination alone; None where none was found in time.

    Every try cuts two networks where the band is broken least, and is kept unless it breaks more. Some tries are
    made even after the deadline.
    """
    chain = _Chain(units, wanted, np.zeros(len(units), dtype=int))
    chain.divide()
    if len(chain.members) != wanted.networks:
        return None
    for tries in range(FIRST_TRIES):
        if chain.excess() == 0:
            return chain.plan()
        if tries > FIRST_TRIES // 10 and time.monotonic() > deadline:
            return None
        chain.step(strict=False)
    return None


class _Chain:
    """A plan that is recombined; each network is a number whose bits are units."""

    def __init__(self, units: Units, wanted: Wanted, plan: np.ndarray):
        self.wanted, self.size = wanted, len(units)
        self.chance = random.Random(f"{wanted.seed} random plans")
        self.lists = [float(size) for size in units.lists]
        self.touch, self.apart = [bits(row) for row in units.touch], [bits(row) for row in units.apart]
        self.graph = units.touch
        self.members = [bits(plan == network) for network in range(int(plan.max()) + 1)]

    def plan(self) -> np.ndarray:
        """Position of each unit's network."""
        plan = np.empty(self.size, dtype=int)
        for network, members in enumerate(self.members):
            plan[ones(members)] = network
        return plan

    def sizes(self) -> list[float]:
        """List of each network."""
        return [self._list(members) for members in self.members]

    def divide(self) -> None:
        """Cut the largest part in two, again and again, until there are as many as wanted."""
        part = connected_components(self.graph, directed=False)[1]
        self.members = [bits(part == each) for each in range(part.max() + 1)]
        while len(self.members) < self.wanted.networks:
            splittable = [each for each in self.members if each & (each - 1)]
            if not splittable:
                return
            largest = max(splittable, key=self._list)
            cuts = [(abs(2 * self._list(side) - self._list(largest)), side) for side in self._cuts(largest)]
            side = min(cuts)[1]
            self.members.remove(largest)
            self.members += [side, largest ^ side]

    def step(self, *, strict: bool) -> None:
        """Put two networks that touch together and cut them anew; all stays where no cut is allowed."""
        one = self.chance.randrange(len(self.members))
        around = self._around(self.members[one])
        others = [other for other, members in enumerate(self.members) if other != one and members & around]
        if not others:
            return
        other = self.chance.choice(others)
        both = self.members[one] | self.members[other]
        broken = [(self._excess(side) + self._excess(both ^ side), side) for side in self._cuts(both)]
        now = self._excess(self.members[one]) + self._excess(self.members[other])
        least = 0.0 if strict else min([now, *(excess for excess, _ in broken)])
        allowed = [side for excess, side in broken if excess <= least]
        if allowed:
            side = self.chance.choice(allowed)
            self.members[one], self.members[other] = side, both ^ side

    def excess(self) -> float:
        """Patients by which the band is broken, and a whole ceiling for each unit that must be elsewhere."""
        return sum(self._excess(each) for each in self.members)

    def _excess(self, members: int) -> float:
        size, (floor, ceiling) = self._list(members), self.wanted.band
        crossing = sum(1 for unit in ones(members) if self.apart[unit] & members)
        return max(floor - size, 0.0) + max(size - ceiling, 0.0) + crossing * float(ceiling)

    def _list(self, members: int) -> float:
        return sum(self.lists[unit] for unit in ones(members))

    def _around(self, members: int) -> int:
        found = 0
        for unit in ones(members):
            found |= self.touch[unit]
        return found & ~members

    def _cuts(self, members: int) -> list[int]:
        return cuts_of(members, self.touch, self.chance)
