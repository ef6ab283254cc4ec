"""What holds for designs of any place: no wish is ever broken, and names and order do not matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.design import Design, Wanted, design
from pcn_analysis.network.design.ground import ground_of
from pcn_analysis.network.design.plans import TODAY
from pcn_analysis.network.measures import coherence
from pcn_analysis.network.registered import registered
from tests.unit.small_places import short_searches

pytestmark = pytest.mark.properties
few = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module", autouse=True)
def short():
    with pytest.MonkeyPatch.context() as patch:
        short_searches(patch)
        yield


@st.composite
def places(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame, pd.Series, Wanted]:
    """Draw practices with patients in some areas, borders at random, networks of today, rivals, and wishes."""
    count, areas = draw(st.integers(5, 11)), draw(st.integers(5, 10))
    noise = np.random.default_rng(draw(st.integers(0, 10_000)))
    codes, places_ = [f"A{number:05d}" for number in range(count)], [f"E01{number:06d}" for number in range(areas)]
    cells = noise.integers(0, 900, (count + 2, areas)) * (noise.random((count + 2, areas)) < 0.6)
    cells[np.arange(count), noise.integers(0, areas, count)] += 500
    everyone = [*codes, "Z00001", "Z00002"]
    wide = pd.DataFrame(cells, pd.Index(everyone, name="practice_code"), places_).reset_index()
    counts = wide.melt("practice_code", var_name="area_code", value_name="patients").query("patients > 0")
    lists = counts.groupby("practice_code")["patients"].sum()[codes]
    pairs = [(one, other) for at, one in enumerate(places_) for other in places_[at + 1 :]]
    kept = [(places_[at], places_[at + 1]) for at in range(areas - 1)] + [
        each for each in pairs if noise.random() < 0.2
    ]
    networks = draw(st.lists(st.sampled_from(["U00001", "U00002", "U00003", None]), min_size=count, max_size=count))
    today = pd.Series([*networks, "U00009", None], everyone, dtype="str")
    number = draw(st.sampled_from([2, 3, 3, 4, 1]))
    mean = lists.sum() / number
    band = (int(mean * draw(st.sampled_from([0.3, 0.5, 0.7]))), int(mean * draw(st.sampled_from([1.4, 1.7, 2.2]))))
    wanted = Wanted(number, band, **_wishes(draw, codes), time_limit=20.0)
    return counts, lists, pd.DataFrame(kept, columns=["area_code", "neighbour_code"]), today, wanted


def _wishes(draw: st.DrawFn, codes: list[str]) -> dict:
    shuffled = draw(st.permutations(codes))
    wishes: dict = {"max_moves": draw(st.sampled_from([None, None, None, 2, len(codes) // 2]))}
    if draw(st.booleans()):
        wishes["keep"] = [tuple(shuffled[:2])]
    if draw(st.booleans()):
        wishes["separate"] = [tuple(shuffled[1:3])]
    if draw(st.integers(0, 3)) == 0:
        wishes["within"] = pd.Series(
            [*["North"] * (len(codes) // 2), *["South"] * (len(codes) - len(codes) // 2)], codes
        )
    return wishes


def designed(drawn) -> Design:
    """Design it, or give up where it is said that it cannot be."""
    counts, lists, neighbours, today, wanted = drawn
    try:
        return design(registered(counts), lists, neighbours, wanted, today=today)
    except PcnAnalysisError:
        assume(False)
        raise


def reached(members: set[str], touch: pd.DataFrame) -> set[str]:
    """Practices that can be reached from the first one within a network."""
    found, fresh = set(), {min(members)}
    while fresh:
        found |= fresh
        fresh = {near for one in fresh for near in touch.columns[touch.loc[one]] if near in members} - found
    return found


@few
@given(places())
def test_no_plan_breaks_a_hard_constraint(drawn) -> None:
    counts, lists, neighbours, today, wanted = drawn
    found = designed(drawn)
    ground = ground_of(registered(counts), lists, neighbours, today)
    touch = pd.DataFrame(ground.touch, ground.practices, ground.practices)
    for group in wanted.keep:
        touch.loc[group[0], group[1]] = touch.loc[group[1], group[0]] = True
    for name in found.plans.columns.drop(TODAY):
        plan = found.plans[name]
        sizes = lists.groupby(plan).sum()
        assert len(sizes) == wanted.networks
        assert sizes.between(*wanted.band).all()
        assert all(len(set(plan[list(group)])) == 1 for group in wanted.keep)
        assert all(len(set(plan[list(group)])) == len(group) for group in wanted.separate)
        for network in sizes.index:
            members = set(plan.index[plan == network])
            assert reached(members, touch) == members
            assert wanted.within is None or len(set(wanted.within[sorted(members)])) == 1
        moved = today[plan.index].notna() & (today[plan.index] != plan)
        assert wanted.max_moves is None or moved.sum() <= wanted.max_moves
        assert found.table.set_index("plan").loc[name, "moves"] == moved.sum()


@few
@given(places())
def test_measures_of_plans_are_those_of_networks(drawn) -> None:
    counts, lists, _, today, _ = drawn
    found = designed(drawn)
    for row in found.table[found.table["plan"] != TODAY].itertuples():
        groups = today.drop(lists.index).combine_first(found.plans[row.plan])
        patients = registered(counts).grouped(groups)
        dense = patients.matrix.toarray()
        assume((np.sort(dense, axis=1)[:, -1] > np.sort(dense, axis=1)[:, -2]).all() if dense.shape[1] > 1 else True)
        measures = coherence(patients).loc[found.plans[row.plan].unique()]
        assert row.localisation == pytest.approx(measures["inside"].sum() / lists.sum())
        commitment = (measures["inside"] / measures["footprint_registered"]).fillna(0)
        assert row.worst_commitment == pytest.approx(commitment.min())


@few
@given(places(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(drawn, chance) -> None:
    counts, lists, neighbours, today, wanted = drawn
    one = designed(drawn)

    def turned(frame):
        return frame.iloc[chance.sample(range(len(frame)), len(frame))]

    other = designed((turned(counts), turned(lists), turned(neighbours), turned(today), wanted))
    pd.testing.assert_frame_equal(one.table, other.table)
    pd.testing.assert_frame_equal(one.plans, other.plans)


@few
@given(places())
def test_the_exact_plan_is_proven_and_its_bound_never_above_its_cost(drawn) -> None:
    found = designed(drawn)
    if found.status == "optimal":
        assert found.gap == 0
    assert found.bound <= found.cost + 1e-6 * max(found.cost, 1)


@few
@given(places())
def test_a_number_outside_what_fits_is_always_refused(drawn) -> None:
    counts, lists, neighbours, today, wanted = drawn
    total = lists.sum()
    floor, ceiling = wanted.band
    outside = [number for number in range(1, len(lists) + 1) if not floor * number <= total <= ceiling * number]
    for number in outside:
        with pytest.raises(PcnAnalysisError, match="registered patients"):
            design(registered(counts), lists, neighbours, Wanted(number, wanted.band), today=today)
