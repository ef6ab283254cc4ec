"""Random plans keep the band and contiguity, and are as random as they should be."""

import random
from collections import Counter

import numpy as np
import pytest

from pcn_analysis.network.design import Wanted
from pcn_analysis.network.design.random_plans import RandomPlans, _Chain, first_plan, random_plans
from pcn_analysis.network.design.score import score_of
from pcn_analysis.network.design.state import bits, broken
from pcn_analysis.network.design.trees import tree_of
from tests.unit.small_places import in_a_row, on_a_grid, practice, prepared
from tests.unit.test_design_exact import every_plan

pytestmark = pytest.mark.unit
SIZES = np.random.default_rng(5).integers(5_000, 15_000, 24).tolist()


def test_every_step_keeps_every_wish() -> None:
    wanted = Wanted(4, (40_000, 80_000), separate=[(practice(0), practice(1))])
    _, units = prepared(on_a_grid(SIZES, 6), wanted)
    chain = _Chain(units, wanted, first_plan(units, wanted))
    seen = set()
    for _ in range(500):
        chain.step(strict=True)
        assert broken(units, wanted, chain.plan()) == []
        seen.add(frozenset(chain.members))
    assert len(seen) > 100


def test_all_plans_of_a_small_place_are_met_and_scored() -> None:
    wanted = Wanted(2, (30_000, 50_000))
    _, units = prepared(on_a_grid([10_000] * 8, 4, seed=3), wanted)
    plans = list(every_plan(units, wanted))
    drawn = random_plans(units, wanted, plans[0])
    assert drawn.distinct == len(plans)
    best = max(score_of(units, plan, 2).localisation for plan in plans)
    assert drawn.localisation.max() == pytest.approx(best)
    assert drawn.percentile(best) > 0.8


def test_spanning_trees_are_drawn_uniformly() -> None:
    """A square has four spanning trees, each without one of its sides."""
    wanted = Wanted(1, (1, 100_000))
    _, units = prepared(on_a_grid([10_000] * 4, 2), wanted)
    units.touch[[0, 3, 1, 2], [3, 0, 2, 1]] = False
    touch, chance = [bits(row) for row in units.touch], random.Random(0)
    trees = Counter()
    for _ in range(4_000):
        _, parent = tree_of(0b1111, touch, chance)
        trees[frozenset(frozenset(edge) for edge in parent.items())] += 1
    assert len(trees) == 4
    assert all(900 < times < 1_100 for times in trees.values())


def test_a_first_plan_is_found_where_there_is_one() -> None:
    wanted = Wanted(3, (20_000, 30_000))
    _, units = prepared(in_a_row([9_000, 14_000, 12_000, 12_000, 5_000, 11_000, 9_000]), wanted)
    assert broken(units, wanted, first_plan(units, wanted)) == []


def test_a_first_plan_is_none_where_there_is_none() -> None:
    wanted = Wanted(2, (20_000, 20_000))
    _, units = prepared(in_a_row([15_000, 10_000, 15_000]), wanted)
    assert first_plan(units, wanted) is None
    assert first_plan(units, wanted, deadline=0.0) is None


def test_parts_that_do_not_touch_are_never_joined() -> None:
    everyone, lists, neighbours = in_a_row([20_000] * 6, spread=0.0)
    wanted = Wanted(3, (20_000, 60_000))
    _, units = prepared((everyone, lists, neighbours.drop(index=2)), wanted)
    plan = first_plan(units, wanted)
    assert not set(plan[:3]) & set(plan[3:])
    assert 1 < random_plans(units, wanted, plan, plans=50).distinct <= 4


def test_a_percentile_counts_what_is_below_and_half_of_what_is_equal() -> None:
    drawn = RandomPlans(np.array([0.4, 0.5, 0.5, 0.6]), np.zeros(4), 3)
    assert [drawn.percentile(value) for value in (0.3, 0.4, 0.5, 0.7)] == [0.0, 0.125, 0.5, 1.0]


def test_one_plan_alone_gives_no_percentile() -> None:
    assert np.isnan(RandomPlans(np.array([0.5, 0.5]), np.zeros(2), 1).percentile(0.6))
