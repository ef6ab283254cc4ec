"""What holds for every plan of a team: it keeps each rule, more never covers less, and no team is better."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pcn_analysis.workforce.infeasible import why_infeasible
from pcn_analysis.workforce.planner import INFEASIBLE, OPTIMAL, plan_team
from pcn_analysis.workforce.trade_off import trade_off
from tests.unit.every_team import best_of_all, covered, every_team

pytestmark = pytest.mark.properties
some = partial(settings, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
SLUGS = ("care_coordinator", "clinical_pharmacist", "dietitian", "podiatrist", "paramedic")
HALF = 0.5
NEAR = 1e-5


@st.composite
def cases(draw: st.DrawFn, most_roles: int = 3, limit: float = 2.0, *, tight: bool = False):
    """Draw work, roles, a sum and a smallest team; of each role at most two WTE beside those who are there, in halves.

    The sum pays for those who are there and for up to three posts. If ``tight`` it may pay for a part of them alone,
    hours, costs and what can be had may be 0, and fewer may be to be had than are there.
    """
    slugs = SLUGS[: draw(st.integers(1, most_roles))]
    nothing = [0.0] if tight else []
    now = [1.0, 0.3, 2.0, 0.0, None] if tight else [0.0, 0.0, None, 0.3, 1.0]
    roles = pd.DataFrame(
        [{"role": slug, "name": slug.replace("_", " ").capitalize(),
          "cost": draw(st.sampled_from([30_000, 30_000.01, 33_333.33, 45_678.9, 60_000, *nothing])),
          "hours": draw(st.sampled_from([40.0, 75.5, 80.625, *nothing])),
          "available": draw(st.sampled_from([0.5, 1.0, 1.5, limit, *nothing])),
          "now": draw(st.sampled_from(now)),
          "peer_group": draw(st.sampled_from([None, "one", "other"]))} for slug in slugs]
    )  # fmt: skip
    there = roles["now"].fillna(0.0).astype(float)
    if not (tight and draw(st.booleans())):
        roles["available"] = roles["available"] + there
    tasks = draw(st.integers(1, 3))
    work = pd.DataFrame(
        [{"task": f"Task {at}", "hours": float(draw(st.integers(0 if tight else 20, 120))),
          "roles": ", ".join(draw(st.permutations(slugs))[: draw(st.integers(1, len(slugs)))]),
          "weight": draw(st.sampled_from([1.0, 1.0, 2.0, 0.5]))} for at in range(tasks)]
    )  # fmt: skip
    kept = float((roles["cost"] * there).sum())
    posts = draw(st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0])) * float(draw(st.sampled_from(list(roles["cost"]))))
    budget = round(draw(st.sampled_from([0.5, 0.99, 1.0, 1.5, 3.0])) * kept if tight else kept + posts, 2)
    smallest = draw(st.sampled_from([1.0, 1.5, 0.0] if tight else [0.0, 0.0, 1.0, 1.5]))
    return work, roles, budget, smallest, draw(st.booleans()) != tight


def shares(strategy, says, examples=60):
    """Share of the cases drawn of which something is said."""
    found = []

    @given(strategy)
    @some(max_examples=examples, database=None)
    def each(case):
        found.append(bool(says(*case)))

    each()
    return sum(found) / len(found)


def somebody_is_planned(work, roles, budget, smallest, keep):
    plan = plan_team(work, roles, budget, part=HALF, smallest_team=smallest, keep=keep)
    return plan.status == OPTIMAL and (plan.posts["planned"] > 0).any() and plan.coverage > 0


def some_is_left_undone(work, roles, budget, smallest, keep):
    plan = plan_team(work, roles, budget, part=HALF, smallest_team=smallest, keep=keep)
    return plan.status == OPTIMAL and 0 < plan.coverage < 1


def no_team_is_possible(work, roles, budget, smallest, keep):
    return why_infeasible(work, roles, budget, part=HALF, smallest_team=smallest, keep=keep)


def test_most_cases_plan_somebody_and_many_conflict_where_they_are_to():
    """Without these a statement of all plans would be one of plans of nobody."""
    assert shares(cases(), somebody_is_planned) > 0.7
    assert shares(cases(most_roles=5, limit=4.0), somebody_is_planned) > 0.7
    assert shares(cases(), some_is_left_undone) > 0.4
    assert 0.2 < shares(cases(tight=True), no_team_is_possible, 100) < 0.8


@given(st.one_of(cases(), cases(), cases(tight=True)))
@some(max_examples=60)
def test_no_team_is_better_and_none_as_good_is_cheaper(case):
    work, roles, budget, smallest, keep = case
    plan = plan_team(work, roles, budget, part=HALF, smallest_team=smallest, keep=keep)
    best = best_of_all(work, roles, budget, part=HALF, smallest=smallest, keep=keep)
    if best is None:
        assert plan.status == INFEASIBLE
        return
    assert plan.status == OPTIMAL
    assert plan.least_cost
    weighted = float((plan.cover["covered"] * plan.cover["weight"]).sum())
    assert weighted == pytest.approx(best[0], abs=1e-4)
    assert plan.cost == pytest.approx(best[1], abs=1e-9)


@given(cases(most_roles=5, limit=4.0), st.sampled_from([0.1, 0.25, 0.5]))
@some(max_examples=80)
def test_a_plan_keeps_every_rule(case, part):
    work, roles, budget, smallest, keep = case
    plan = plan_team(work, roles, budget, part=part, smallest_team=smallest, keep=keep)
    assume(plan.status == OPTIMAL)
    posts = plan.posts.set_index("role").join(roles.set_index("role")[["available", "peer_group"]])
    pence = [round(one * 100) for one in posts["cost"]]
    assert sum(pence) == round(plan.cost * 100), "the cost is that of its posts, to the penny"
    assert sum(pence) <= Fraction(str(budget)) * 100, "never above the sum, to the penny"
    assert (posts["planned"] <= posts["available"]).all()
    if keep:
        assert (posts["planned"] >= posts["now"]).all()
    parts = (posts["planned"] - (posts["now"] if keep else 0)) / part
    assert (abs(parts - parts.round()) < 1e-9).all(), "whole parts, beside the staff who stay"
    groups = posts.groupby(posts["peer_group"].fillna(posts.index.to_series()))["planned"].sum()
    assert (groups.eq(0) | groups.ge(smallest)).all(), "nobody works in a team below the smallest"
    assert (plan.cover["covered"] <= plan.cover["hours"] + NEAR).all()
    assert (posts["used"] <= posts["hours"] + NEAR).all()
    can = {row["task"]: {one.strip() for one in row["roles"].split(",")} for row in work.to_dict("records")}
    assert all(row["role"] in can[row["task"]] for row in plan.split.to_dict("records")), "only who can do it does it"
    by_task = plan.split.groupby("task")["hours"].sum().reindex(plan.cover["task"]).fillna(0).to_numpy()
    assert by_task == pytest.approx(plan.cover["covered"].to_numpy(float), abs=1e-4)


@given(cases(), st.integers(0, 60_000))
@some(max_examples=60)
def test_a_larger_sum_never_covers_less(case, more):
    work, roles, budget, smallest, keep = case
    less, larger = (
        plan_team(work, roles, one, part=HALF, smallest_team=smallest, keep=keep) for one in (budget, budget + more)
    )
    assume(less.status == OPTIMAL)
    assert larger.status == OPTIMAL
    assert (larger.coverage or 0) >= (less.coverage or 0) - 1e-6


@given(cases(), st.sampled_from([0.5, 1.0, 3.0, None]))
@some(max_examples=60)
def test_more_who_can_be_recruited_never_cover_less(case, more):
    work, roles, budget, smallest, keep = case
    wider = roles.assign(available=None if more is None else roles["available"] + more)
    less, larger = (
        plan_team(work, one, budget, part=HALF, smallest_team=smallest, keep=keep) for one in (roles, wider)
    )
    assume(less.status == OPTIMAL)
    assert larger.status == OPTIMAL
    assert (larger.coverage or 0) >= (less.coverage or 0) - 1e-6


@given(cases(most_roles=5), st.randoms(use_true_random=False))
@some(max_examples=60)
def test_the_order_of_rows_does_not_matter(case, random):
    work, roles, budget, smallest, keep = case
    plans = []
    for _ in range(2):
        orders = [random.sample(range(len(one)), len(one)) for one in (work, roles)]
        shuffled = [one.iloc[order] for one, order in zip((work, roles), orders, strict=True)]
        plans.append(plan_team(*shuffled, budget, part=HALF, smallest_team=smallest, keep=keep))
    for table in ("posts", "cover", "split"):
        pd.testing.assert_frame_equal(getattr(plans[0], table), getattr(plans[1], table))
    assert plans[0].binding == plans[1].binding
    assert plans[0].reasons == plans[1].reasons


@given(cases(tight=True))
@some(max_examples=100)
def test_what_is_named_cannot_hold_together_and_could_without_any_one_of_it(case):
    work, roles, budget, smallest, keep = case
    rules = {"part": HALF, "smallest": smallest, "keep": keep, "budget": budget}
    conflicts = why_infeasible(work, roles, budget, part=HALF, smallest_team=smallest, keep=keep)
    possible = partial(lambda without: any(True for _ in every_team(roles, **rules, without=without)))
    assert bool(conflicts) != possible(())
    groups = set(roles["peer_group"].fillna(roles["role"]))
    everything = {("budget", ""), *(("smallest team", one) for one in groups)}
    everything |= {(kind, one) for kind in ("staff", "available") for one in roles["role"]}
    for conflict in conflicts:
        named = set(conflict.constraints)
        assert not possible(everything - named), "they cannot hold together, whatever else is given up"
        for one in named:
            assert possible(everything - named | {one}), "and could, if any one of them were given up"


@given(cases())
@some(max_examples=25)
def test_the_frontier_is_every_team_that_none_beats(case):
    work, roles, budget, smallest, keep = case
    frontier = trade_off(work, roles, budget, points=None, part=HALF, smallest_team=smallest, keep=keep)
    needed = float((work["hours"] * work["weight"]).sum())
    assume(needed)
    tried = sorted(
        (cost / 100, covered(work, roles, wte) / needed)
        for wte, cost in every_team(roles, part=HALF, smallest=smallest, keep=keep, budget=budget)
    )
    best, expected = -1.0, []
    for cost, coverage in sorted(tried, key=lambda one: (one[0], -one[1])):
        if coverage > best + 1e-6:
            expected.append((cost, coverage))
            best = coverage
    found = list(zip(frontier["cost"], frontier["coverage"], strict=True))
    assert [cost for cost, _ in found] == pytest.approx([cost for cost, _ in expected])
    assert [coverage for _, coverage in found] == pytest.approx([coverage for _, coverage in expected], abs=1e-6)
