"""The exact assignment is the best of all assignments, found here by trying every one."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.network.design import Wanted
from pcn_analysis.network.design.exact import INFEASIBLE, NONE_FOUND, OPTIMAL, TIME_LIMIT, assign, closer
from pcn_analysis.network.design.ground import Units
from pcn_analysis.network.design.score import dissimilarity
from pcn_analysis.network.design.state import broken
from tests.unit.small_places import in_a_row, of_today, on_a_grid, practice, prepared

pytestmark = pytest.mark.unit


def every_plan(units: Units, wanted: Wanted):
    """Every plan that keeps every wish, each once."""
    for rest in product(range(wanted.networks), repeat=len(units) - 1):
        plan = np.array([0, *rest])
        first_seen = [int(np.argmax(plan == network)) for network in range(wanted.networks)]
        if first_seen == sorted(first_seen) and not broken(units, wanted, plan):
            yield plan


def cost_by_hand(units: Units, plan: np.ndarray, cost: np.ndarray, *, chains: bool = True) -> float:
    """Sum of the cheapest centres; with chains, only centres to which ever closer neighbours lead."""
    paths, total = closer(units, cost), 0.0
    for network in range(plan.max() + 1):
        inside = np.flatnonzero(plan == network)
        costs = [
            sum(units.lists[unit] * cost[unit, centre] for unit in inside)
            for centre in inside
            if not chains or all(_led(units, paths[:, centre], inside, unit) for unit in inside if unit != centre)
        ]
        total += min(costs, default=np.inf)
    return total


def _led(units: Units, path: np.ndarray, inside: np.ndarray, unit: int) -> bool:
    return any(units.touch[unit, near] and path[near] < path[unit] for near in inside)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("networks", [2, 3])
def test_it_is_the_best_of_all_plans_of_a_small_grid(seed: int, networks: int) -> None:
    sizes = np.random.default_rng(seed).integers(5_000, 15_000, 8).tolist()
    wanted = Wanted(networks, (int(sum(sizes) / networks * 0.7), int(sum(sizes) / networks * 1.3)))
    _, units = prepared(on_a_grid(sizes, 4, seed), wanted)
    cost = dissimilarity(units)
    found = assign(units, wanted, cost)
    best = min((cost_by_hand(units, plan, cost) for plan in every_plan(units, wanted)), default=np.inf)
    assert found.status == (OPTIMAL if np.isfinite(best) else INFEASIBLE)
    if found.plan is not None:
        assert found.cost == pytest.approx(best)
        assert found.gap == 0
        assert found.bound == pytest.approx(best)
        assert cost_by_hand(units, found.plan, cost) == pytest.approx(best)


def test_in_a_row_the_condition_for_contiguity_is_contiguity() -> None:
    wanted = Wanted(3, (10_000, 26_000))
    _, units = prepared(in_a_row([6_000, 9_000, 12_000, 4_000, 8_000, 7_000, 9_000]), wanted)
    cost = dissimilarity(units)
    best = min(cost_by_hand(units, plan, cost, chains=False) for plan in every_plan(units, wanted))
    assert assign(units, wanted, cost).cost == pytest.approx(best)


@pytest.mark.parametrize(
    "wish",
    [
        {"keep": [(practice(0), practice(5))]},
        {"separate": [(practice(0), practice(1)), (practice(2), practice(3))]},
        {"within": pd.Series(["N", "N", "N", "N", "S", "S", "S", "S"], [practice(number) for number in range(8)])},
        {"max_moves": 1},
        {"max_moves": 0},
    ],
    ids=["keep", "separate", "within", "one move", "no move"],
)
def test_every_wish_is_kept_at_the_least_cost(wish: dict) -> None:
    wanted = Wanted(2, (20_000, 60_000), **wish)
    place = on_a_grid([10_000] * 8, 4, seed=3)
    _, units = prepared(place, wanted, of_today(place[1], 4, 4))
    cost = dissimilarity(units)
    found = assign(units, wanted, cost)
    best = min((cost_by_hand(units, plan, cost) for plan in every_plan(units, wanted)), default=np.inf)
    assert np.isfinite(best)
    assert broken(units, wanted, found.plan) == []
    assert found.cost == pytest.approx(best)


def test_a_network_reaches_past_practices_that_must_not_be_in_it() -> None:
    """Paths to a centre lead around practices that are apart from it."""
    wanted = Wanted(2, (1, 80_000), separate=[(practice(0), practice(1))])
    _, units = prepared(on_a_grid([10_000] * 8, 4), wanted)
    paths = closer(units, dissimilarity(units))
    assert np.isinf(paths[1, 0])
    assert np.isfinite(np.delete(paths[:, 0], 1)).all()


def test_what_cannot_be_is_proven() -> None:
    wanted = Wanted(2, (20_000, 20_000))
    _, units = prepared(in_a_row([15_000, 10_000, 15_000]), wanted)
    found = assign(units, wanted, dissimilarity(units))
    assert (found.plan, found.status, found.gap) == (None, INFEASIBLE, np.inf)


def test_a_time_limit_is_kept_and_said() -> None:
    wanted = Wanted(7, (40_000, 60_000), time_limit=0.02)
    _, units = prepared(on_a_grid(np.random.default_rng(0).integers(4_000, 12_000, 42).tolist(), 7), wanted)
    found = assign(units, wanted, dissimilarity(units))
    assert found.status in {TIME_LIMIT, NONE_FOUND}
    assert found.gap > 0
    assert found.seconds < 5
