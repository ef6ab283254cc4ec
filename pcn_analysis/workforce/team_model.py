"""The mixed-integer model of a team, and its solutions.

With ``k[r]`` parts of role ``r`` beside the staff who stay, ``x[t, r]`` hours of task ``t`` done by role ``r`` (only
of roles that can do it), and ``y[g]`` = 1 where there is anybody of peer group ``g``::

    maximise    Σ weight[t] · x[t, r]
    subject to  Σ_r x[t, r] ≤ hours[t]                                   no task beyond its hours
                Σ_t x[t, r] ≤ hours a WTE[r] · (staff[r] + part · k[r])   nobody beyond contact hours
                Σ_r cost of a part[r] · k[r] ≤ sum - cost of the staff    never above the sum
                k[r] ≤ most[r] · y[g],  Σ_r in g (staff[r] + part · k[r]) ≥ smallest[g] · y[g]

Four questions are put one after the other, each without giving up what the one before has found: the most weighted
hours; of those teams the one that costs least; for that team, exactly, the most hours; and of the ways to share them
out the one that leaves most to the usual role of each task.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from pcn_analysis.workforce.team_split import capacity_of, pairs_of, shared_out

if TYPE_CHECKING:
    from pcn_analysis.workforce.team_inputs import Case

SLACK = 1e-7
"""Share of the hours found that a later question may give up: the precision of the solver."""
INFEASIBLE = 2
"""What SciPy calls a problem without a solution."""


@dataclass(frozen=True)
class Team:
    """What was found.

    Parameters
    ----------
    parts
        Parts of each role, beside the staff who stay.
    split
        Tasks × roles: hours a month.
    covered, bound
        Weighted hours covered, and how many no team can exceed.
    in_time, least_cost
        Whether the search for the most hours came to its end, and that for the least cost.
    """

    parts: tuple[int, ...]
    split: np.ndarray
    covered: float
    bound: float
    in_time: bool
    least_cost: bool


def solve(case: Case, time_limit: float, gap: float) -> Team | None:
    """Find the best team; None where none was found in time.

    Parameters
    ----------
    case
        A case that is feasible (:func:`pcn_analysis.workforce.infeasible.conflicts` finds nothing).
    time_limit
        Seconds for the two searches together.
    gap
        Relative gap at which the first search may stop.
    """
    model = _Model(case)
    started = time.perf_counter()
    first = model.most_hours(time_limit, gap)
    if first.x is None:
        return None
    parts = model.parts(first.x)
    best, split = shared_out(case, parts)
    bound = best if first.mip_dual_bound is None else max(best, -float(first.mip_dual_bound))
    left = time_limit - (time.perf_counter() - started)
    cheapest = False
    if first.status == 0 and left > 0:
        second = model.least_cost(best * (1 - SLACK), left)
        cheapest = second.status == 0
        if second.x is not None:
            parts, best, split = _better(case, (parts, best, split), model.parts(second.x))
    return Team(parts, split, best, max(bound, best), first.status == 0, cheapest)


def cost_of(case: Case, parts: tuple[int, ...]) -> int:
    """Pence a year of a team, exactly."""
    return case.base_cost + sum(role.part_cost * count for role, count in zip(case.roles, parts, strict=True))


def _better(
    case: Case, found: tuple[tuple[int, ...], float, np.ndarray], parts: tuple[int, ...]
) -> tuple[tuple[int, ...], float, np.ndarray]:
    """The cheaper team, if it covers as much and is no dearer in whole pence."""
    covered, split = shared_out(case, parts)
    as_much = covered >= found[1] * (1 - 2 * SLACK)
    return (parts, covered, split) if as_much and cost_of(case, parts) <= cost_of(case, found[0]) else found


class _Model:
    """Variables (k, then y, then x) and rows of the model."""

    def __init__(self, case: Case):
        self.case, self.count = case, len(case.roles)
        self.most = np.array([case.most(at) for at in range(self.count)], dtype=float)
        bases = {group: sum(case.roles[at].base for at in case.members(group)) for group in case.smallest}
        self.groups = [(group, bases[group]) for group in sorted(case.smallest)]
        self.task, self.role = pairs_of(case)
        self.first_pair = self.count + len(self.groups)
        self.size = self.first_pair + len(self.task)
        self.weights = np.array([one.weight for one in case.work])[self.task]
        self.money = np.array([one.part_cost for one in case.roles], dtype=float)
        self.spare = None if case.budget is None else case.budget - case.base_cost
        self.rows = [self._tasks(), self._capacity(), *self._teams()]

    def parts(self, values: np.ndarray) -> tuple[int, ...]:
        """Parts of each role, in whole numbers."""
        return tuple(int(one) for one in np.rint(values[: self.count]))

    def most_hours(self, time_limit: float, gap: float) -> Any:
        """Solve for the most weighted hours."""
        return self._within(self._costs(self.first_pair, -self.weights), self.rows, time_limit, gap)

    def least_cost(self, covered: float, time_limit: float) -> Any:
        """Solve for the least cost of at least so many weighted hours."""
        row = sparse.csr_array(self._costs(self.first_pair, self.weights)[None, :])
        scale = max(float(self.money.max(initial=0)), 1.0)
        rows = [*self.rows, LinearConstraint(row, covered, np.inf)]
        return self._within(self._costs(0, self.money / scale), rows, time_limit, 0.0)

    def _costs(self, start: int, values: np.ndarray) -> np.ndarray:
        found = np.zeros(self.size)
        found[start : start + len(values)] = values
        return found

    def _within(self, costs: np.ndarray, rows: list[LinearConstraint], time_limit: float, gap: float) -> Any:
        """Solve within the sum: where rounding to whole parts breaks it, by so much less, until it holds."""
        upper = np.concatenate([self.most, np.ones(len(self.groups)), np.full(len(self.task), np.inf)])
        lower = np.zeros(self.size)
        for at, (_, base) in enumerate(self.groups):
            lower[self.count + at] = float(base > 0)
        spare, started = self.spare, time.perf_counter()
        while True:
            found = milp(
                costs,
                integrality=(np.arange(self.size) < self.first_pair).astype(int),
                bounds=Bounds(lower, upper),
                constraints=[*rows, *self._sum(spare)],
                options={
                    "time_limit": max(time_limit - (time.perf_counter() - started), 0.0),
                    "mip_rel_gap": gap,
                },
            )
            if found.x is None or self.spare is None or spare is None:
                return found
            over = int(self.money.astype(np.int64) @ np.array(self.parts(found.x))) - self.spare
            if over <= 0:
                return found
            spare -= over

    def _sum(self, spare: int | None) -> list[LinearConstraint]:
        if spare is None or not self.money.any():
            return []
        scale = float(self.money.max())
        return [LinearConstraint(self._costs(0, self.money / scale)[None, :], -np.inf, spare / scale)]

    def _row(self, rows: Any, columns: Any, values: Any, count: int) -> sparse.csr_array:
        return sparse.csr_array((values, (rows, columns)), shape=(count, self.size))

    def _tasks(self) -> LinearConstraint:
        pair = self.first_pair + np.arange(len(self.task))
        hours = np.array([one.hours for one in self.case.work])
        return LinearConstraint(
            self._row(self.task, pair, np.ones(len(pair)), len(hours)), np.full(len(hours), -np.inf), hours
        )

    def _capacity(self) -> LinearConstraint:
        pair, roles = self.first_pair + np.arange(len(self.task)), np.arange(self.count)
        each, base = capacity_of(self.case)
        used = self._row(self.role, pair, np.ones(len(pair)), self.count)
        return LinearConstraint(used - self._row(roles, roles, each, self.count), np.full(self.count, -np.inf), base)

    def _teams(self) -> list[LinearConstraint]:
        found = []
        for place, (group, base) in enumerate(self.groups):
            members, flag = self.case.members(group), self.count + place
            for at in members:
                row = self._row([0, 0], [at, flag], [1.0, -max(self.most[at], 0.0)], 1)
                found.append(LinearConstraint(row, -np.inf, 0))
            part, smallest = self.case.part, self.case.smallest[group]
            fewest = -(-max(smallest - base, 0) // part)
            row = self._row([0] * (len(members) + 1), [*members, flag], [*[1.0] * len(members), -float(fewest)], 1)
            found.append(LinearConstraint(row, 0, np.inf))
        return found
