"""Assign practices to networks by mixed-integer programming, with a proof of how good the assignment is.

The centre model of Hess et al. (1965): one unit of each network is its centre, and the cost of an assignment is
the sum over units of patients × dissimilarity from the centre. With ``x[u, c] = 1`` where unit ``u`` is in the
network of centre ``c``::

    minimise    Σ list[u] · cost[u, c] · x[u, c]
    subject to  Σ_c x[u, c] = 1                                       every unit in one network
                Σ_c x[c, c] = K                                       K networks
                floor · x[c, c] ≤ Σ_u list[u] · x[u, c] ≤ ceiling · x[c, c]
                x[u, c] ≤ x[c, c]
                x[u, c] ≤ Σ x[q, c] over neighbours q of u that are closer to c     contiguity
                x[u, c] + x[v, c] ≤ x[c, c]                           u and v apart

The contiguity rows are those of Zoltners and Sinha (1983): closeness is length of path in the practice graph, so
that a chain of ever closer units leads from each unit to its centre. That is enough for contiguity, but more than
it needs: a network whose only way to its centre leads away from it first is not considered. The optimum proven
is that of this model, and so is a proof that there is no plan. Localisation itself is no linear function of ``x``; it
is left to :mod:`pcn_analysis.network.design.search`.

At most N moves: with ``y[c, t] = 1`` where the network of centre ``c`` continues network ``t`` of today, and
``w[u, c, t] ≤ x[u, c], y[c, t]``, at least all but N practices stay: ``Σ w ≥ practices - N``.

References
----------
- Hess SW, Weaver JB, Siegfeldt HJ, Whelan JN, Zitlau PA. Nonpartisan political redistricting by computer.
  Operations Research 1965;13:998-1006.
- Zoltners AA, Sinha P. Sales territory alignment: a review and model. Management Science 1983;29:1237-1256.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from pcn_analysis.network.design.constraints import Wanted
    from pcn_analysis.network.design.ground import Units

OPTIMAL, TIME_LIMIT, NONE_FOUND, INFEASIBLE = "optimal", "time limit", "none found in time", "infeasible"
HOP = 1e-6
"""Length that every edge has at least, so that a unit is always closer than those behind it."""


@dataclass(frozen=True)
class Assigned:
    """What the solver found.

    Parameters
    ----------
    plan
        Position of each unit's network; None where nothing was found.
    status
        ``optimal`` (proven), ``time limit`` (the best found until then), ``none found in time``, or ``infeasible``
        (proven: there is none).
    cost, bound
        Cost of the plan, and a cost that no plan of the model can be below; nan where not known.
    gap
        (cost - bound) ÷ cost; 0 where the optimum is proven, infinite where nothing was found.
    seconds
        Time that it took.
    """

    plan: np.ndarray | None
    status: str
    cost: float
    bound: float
    gap: float
    seconds: float


def assign(units: Units, wanted: Wanted, cost: np.ndarray) -> Assigned:
    """Find the assignment of least cost.

    Parameters
    ----------
    units
        Practices that move as one.
    wanted
        What is asked; every wish is kept.
    cost
        Units × units: cost of a patient of one in a network around the other.
    """
    model = _Model(units, wanted, cost)
    started = time.perf_counter()
    found = milp(
        model.costs(),
        integrality=model.integrality(),
        bounds=Bounds(0, 1),
        constraints=model.constraints(),
        options={"time_limit": wanted.time_limit, "mip_rel_gap": 0.0},
    )
    seconds = time.perf_counter() - started
    bound = np.nan if found.mip_dual_bound is None else float(found.mip_dual_bound)
    if found.x is None:
        status = INFEASIBLE if found.status == 2 else NONE_FOUND  # noqa: PLR2004
        return Assigned(None, status, np.nan, bound, np.inf, seconds)
    status = OPTIMAL if found.status == 0 else TIME_LIMIT
    gap = 0.0 if status == OPTIMAL else max(0.0, (found.fun - bound) / max(found.fun, 1e-9))
    return Assigned(model.plan(found.x), status, float(found.fun), bound, float(gap), seconds)


def closer(units: Units, cost: np.ndarray) -> np.ndarray:
    """Units × centres: length of the shortest path to each centre through units that may be in its network.

    Infinite where there is none.
    """
    edges = np.where(units.touch, cost + HOP, 0.0)
    paths = np.full(cost.shape, np.inf)
    for centre in range(len(units)):
        may = np.flatnonzero(~units.apart[centre])
        at = int(np.searchsorted(may, centre))
        paths[may, centre] = dijkstra(sparse.csr_array(edges[np.ix_(may, may)]), directed=False, indices=at)
    return paths


class _Model:
    """Variables and rows of the model. Variables: x of every pair that may be, then y, then w."""

    def __init__(self, units: Units, wanted: Wanted, cost: np.ndarray):
        self.units, self.wanted, self.cost = units, wanted, cost
        self.paths = closer(units, cost)
        self.unit, self.centre = np.nonzero(np.isfinite(self.paths))
        self.pairs = len(self.unit)
        self.at = np.full(cost.shape, -1)
        self.at[self.unit, self.centre] = np.arange(self.pairs)
        self.heart = self.at[self.centre, self.centre]
        self.networks = units.today.shape[1] if wanted.max_moves is not None else 0
        self.continued = len(units) * self.networks
        self.staying, self.stayed = np.nonzero(units.today[self.unit, : self.networks])
        self.size = self.pairs + self.continued + len(self.staying)

    def costs(self) -> np.ndarray:
        """Cost of every variable."""
        own = self.units.lists[self.unit] * self.cost[self.unit, self.centre]
        return np.concatenate([own, np.zeros(self.size - self.pairs)])

    def integrality(self) -> np.ndarray:
        """X and y are 0 or 1; w need not be said to be."""
        return (np.arange(self.size) < self.pairs + self.continued).astype(int)

    def plan(self, values: np.ndarray) -> np.ndarray:
        """Position of each unit's network, numbered in order of centres."""
        chosen = values[: self.pairs] > 0.5  # noqa: PLR2004
        centre = np.empty(len(self.units), dtype=int)
        centre[self.unit[chosen]] = self.centre[chosen]
        return np.unique(centre, return_inverse=True)[1]

    def constraints(self) -> list[LinearConstraint]:
        """Every row."""
        found = [*self._sizes(), self._under_centre(), self._contiguous(), *self._apart()]
        return found + (self._moves() if self.networks else [])

    def _row(self, rows: np.ndarray, columns: np.ndarray, values: np.ndarray, count: int) -> sparse.csr_array:
        return sparse.csr_array((values, (rows, columns)), shape=(count, self.size))

    def _sizes(self) -> list[LinearConstraint]:
        each, pair, ones = len(self.units), np.arange(self.pairs), np.ones(self.pairs)
        once = self._row(self.unit, pair, ones, each)
        own = (self.unit == self.centre).astype(float)
        all_centres = self._row(np.zeros(self.pairs, dtype=int), pair, own, 1)
        floor, ceiling = self.wanted.band
        lists = self.units.lists[self.unit]
        small, large = (self._row(self.centre, pair, lists - limit * own, each) for limit in (floor, ceiling))
        return [
            LinearConstraint(once, 1, 1),
            LinearConstraint(all_centres, self.wanted.networks, self.wanted.networks),
            LinearConstraint(small, 0, np.inf),
            LinearConstraint(large, -np.inf, 0),
        ]

    def _under_centre(self) -> LinearConstraint:
        pair = np.flatnonzero(self.unit != self.centre)
        row, ones = np.arange(len(pair)), np.ones(len(pair))
        matrix = self._row(row, pair, ones, len(pair)) - self._row(row, self.heart[pair], ones, len(pair))
        return LinearConstraint(matrix, -np.inf, 0)

    def _contiguous(self) -> LinearConstraint:
        pair = np.flatnonzero(self.unit != self.centre)
        matrix = self._row(np.arange(len(pair)), pair, np.ones(len(pair)), len(pair))
        unit, centre = self.unit[pair], self.centre[pair]
        nearer = self.units.touch[unit] & (self.paths[unit, centre][:, None] > self.paths[:, centre].T)
        row, via = np.nonzero(nearer)
        matrix -= self._row(row, self.at[via, centre[row]], np.ones(len(row)), len(pair))
        return LinearConstraint(matrix, -np.inf, 0)

    def _apart(self) -> list[LinearConstraint]:
        one, other = np.nonzero(np.triu(self.units.apart, 1))
        pair, centre = np.nonzero((self.at[one] >= 0) & (self.at[other] >= 0))
        if not len(pair):
            return []
        row, ones = np.arange(len(pair)), np.ones(len(pair))
        columns = (self.at[one[pair], centre], self.at[other[pair], centre])
        matrix = sum(self._row(row, column, ones, len(row)) for column in columns)
        return [LinearConstraint(matrix - self._row(row, self.at[centre, centre], ones, len(row)), -np.inf, 0)]

    def _moves(self) -> list[LinearConstraint]:
        each, networks, stays = len(self.units), self.networks, np.arange(len(self.staying))
        w, ones = self.pairs + self.continued + stays, np.ones(len(stays))
        y = self.pairs + np.arange(self.continued)
        centre, network = np.divmod(np.arange(self.continued), networks)
        goes_on = self.pairs + self.centre[self.staying] * networks + self.stayed
        heart = self._row(np.arange(each), np.diag(self.at), np.ones(each), each)
        practices = self.units.today[self.unit[self.staying], self.stayed]
        least = self.units.today.sum() - (self.wanted.max_moves or 0)
        return [
            LinearConstraint(
                self._row(stays, w, ones, len(w)) - self._row(stays, self.staying, ones, len(w)), -np.inf, 0
            ),
            LinearConstraint(self._row(stays, w, ones, len(w)) - self._row(stays, goes_on, ones, len(w)), -np.inf, 0),
            LinearConstraint(self._row(centre, y, np.ones(len(y)), each) - heart, -np.inf, 0),
            LinearConstraint(self._row(network, y, np.ones(len(y)), networks), -np.inf, 1),
            LinearConstraint(self._row(np.zeros(len(w), dtype=int), w, practices, 1), least, np.inf),
        ]
