"""What holds for random plans of any place that are like today's: each is one that today's networks could be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from test_design_properties import places, reached

from pcn_analysis.network.design import random_plans
from pcn_analysis.network.design.ground import ground_of
from pcn_analysis.network.design.random_plans import like_today
from pcn_analysis.network.registered import registered

pytestmark = pytest.mark.properties
PLANS = 40
few = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module", autouse=True)
def short():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(random_plans.random_plans, "__defaults__", (PLANS,))
        patch.setattr(random_plans, "FIRST_TRIES", 400)
        yield


@few
@given(places())
def test_every_random_plan_is_contiguous_and_within_the_range_of_todays_sizes(drawn) -> None:
    counts, lists, neighbours, networks, _ = drawn
    mine = lists[networks.reindex(lists.index).notna()]
    assume(len(mine))
    ground = ground_of(registered(counts), mine, neighbours, networks)
    with scored_plans() as scored:
        today = like_today(ground)
    touch = pd.DataFrame(ground.touch, ground.practices, ground.practices)
    sizes = mine.groupby(networks).sum()
    assert today.wanted.band == (sizes.min(), sizes.max())
    if today.drawn is None:
        assert not today.contiguous, "today's own plan would be one to begin from"
        return
    *random, own = scored
    assert len(random) == len(today.drawn.worst) == PLANS
    assert today.contiguous == hangs_together(own, touch)
    for plan, drawn_sizes in zip(random, today.drawn.sizes, strict=True):
        assert hangs_together(plan, touch)
        lists_of_plan = np.bincount(plan, mine[ground.practices])
        assert sorted(lists_of_plan) == sorted(drawn_sizes)
        assert len(lists_of_plan) == len(sizes)
        assert ((lists_of_plan >= sizes.min()) & (lists_of_plan <= sizes.max())).all()


@contextmanager
def scored_plans() -> Iterator[list[np.ndarray]]:
    """Every plan that is scored: the random ones, then today's."""
    plans: list[np.ndarray] = []
    score_of = random_plans.score_of

    def scored(units, plan, networks):
        plans.append(plan)
        return score_of(units, plan, networks)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(random_plans, "score_of", scored)
        yield plans


def hangs_together(plan: np.ndarray, touch: pd.DataFrame) -> bool:
    groups = [set(touch.index[plan == network]) for network in np.unique(plan)]
    return all(reached(members, touch) == members for members in groups)
