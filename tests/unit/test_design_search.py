"""Local search improves plans, keeps every wish on the way, and is the same whenever it is run."""

import random
from dataclasses import replace

import numpy as np
import pytest

from pcn_analysis.network.design import Wanted
from pcn_analysis.network.design.random_plans import first_plan
from pcn_analysis.network.design.score import WORST_WEIGHT, added_up, dissimilarity, score_of, score_sums
from pcn_analysis.network.design.search import BALANCED, FEWER_MOVES, Aim, _proposed, search, searched
from pcn_analysis.network.design.state import State, broken, moves_of
from tests.unit.small_places import of_today, on_a_grid, practice, prepared
from tests.unit.test_design_exact import every_plan

pytestmark = pytest.mark.unit
SIZES = np.random.default_rng(5).integers(5_000, 15_000, 24).tolist()
WANTED = Wanted(5, (35_000, 65_000), separate=[(practice(0), practice(8))])


@pytest.fixture(scope="module")
def units():
    place = on_a_grid(SIZES, 6, seed=5)
    return prepared(place, WANTED, of_today(place[1], 6, 6, 6, 6))[1]


@pytest.fixture(scope="module")
def start(units) -> np.ndarray:
    found = first_plan(units, WANTED)
    assert found is not None
    return found


def test_a_score_by_hand() -> None:
    sums = np.array([[60.0, 0.0, 10.0], [20.0, 50.0, 10.0]])
    score = score_sums(sums, np.array([100.0, 80.0]), np.array([100.0, 60.0, 50.0]), np.array([10.0, 10.0, 30.0]))
    assert score.localisation == pytest.approx(110 / 180)
    assert score.each_localisation.tolist() == pytest.approx([0.6, 50 / 80])
    assert score.each_commitment.tolist() == pytest.approx([0.6, 50 / 60])
    assert score.value == pytest.approx(110 / 180 + WORST_WEIGHT * 0.6)


def test_an_area_tied_with_a_network_elsewhere_is_not_won() -> None:
    sums = np.array([[30.0]])
    assert score_sums(sums, np.array([30.0]), np.array([60.0]), np.array([30.0])).worst == 0
    assert score_sums(sums, np.array([30.0]), np.array([59.0]), np.array([29.0])).worst == pytest.approx(30 / 59)


def test_a_plan_that_is_changed_keeps_its_score_and_breaks_nothing(units, start) -> None:
    state, chance = State(units, WANTED, start), random.Random(1)
    made = 0
    for _ in range(3_000):
        change = _proposed(state, chance)
        if change is not None and state.allows(change):
            before = state.score
            state.make(change)
            if chance.random() < 0.3:
                state.undo(change, before)
            made += 1
            assert broken(units, WANTED, state.plan) == []
    fresh = score_of(units, state.plan, WANTED.networks)
    assert made > 50
    assert state.score.localisation == pytest.approx(fresh.localisation, abs=1e-12)
    assert state.score.worst == pytest.approx(fresh.worst, abs=1e-12)


def test_an_area_that_only_several_practices_win_together_is_scored(units, start) -> None:
    rival = units.patients.max(axis=0) * 1.05
    rivalled = replace(units, rival=rival, everyone=units.everyone + rival)
    fresh = score_of(rivalled, start, WANTED.networks)
    assert fresh.localisation > 0
    assert State(rivalled, WANTED, start).score.localisation == pytest.approx(fresh.localisation)


def test_what_a_state_refuses_would_break_something(units, start) -> None:
    state, chance = State(units, WANTED, start), random.Random(2)
    refused = 0
    for _ in range(2_000):
        change = _proposed(state, chance)
        if change is None:
            continue
        plan = state.plan.copy()
        for unit, _, target in change:
            plan[unit] = target
        assert state.allows(change) == (broken(units, WANTED, plan) == [])
        refused += not state.allows(change)
    assert refused > 100


def test_search_makes_its_aim_larger(units, start) -> None:
    found = search(units, WANTED, start, steps=4_000)
    assert score_of(units, found, WANTED.networks).value > score_of(units, start, WANTED.networks).value
    assert broken(units, WANTED, found) == []


def test_search_finds_the_best_plan_of_a_small_place() -> None:
    wanted = Wanted(2, (30_000, 50_000))
    _, units = prepared(on_a_grid([10_000] * 8, 4, seed=3), wanted)
    plans = list(every_plan(units, wanted))
    best = max(score_of(units, plan, 2).value for plan in plans)
    assert score_of(units, search(units, wanted, plans[0], steps=3_000), 2).value == pytest.approx(best)


def test_the_same_seed_finds_the_same_plan(units, start) -> None:
    one, again = (search(units, WANTED, start, steps=1_500) for _ in range(2))
    np.testing.assert_array_equal(one, again)


def test_each_aim_is_best_at_what_it_is_for(units, start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(search.__kwdefaults__, "steps", 2_000)
    found = searched(units, WANTED, start)
    scores = {name: score_of(units, plan, WANTED.networks) for name, plan in found.items()}
    moves = {name: moves_of(units.today, plan, WANTED.networks) for name, plan in found.items()}
    assert scores["most local"].localisation == max(score.localisation for score in scores.values())
    assert scores["balanced"].value == max(score.value for score in scores.values())
    assert moves["fewer moves"] == min(moves.values())


def test_no_more_practices_move_than_are_allowed(units, start) -> None:
    fewest = search(units, WANTED, start, aim=FEWER_MOVES, steps=6_000)
    most = moves_of(units.today, fewest, WANTED.networks)
    limited = Wanted(WANTED.networks, WANTED.band, separate=WANTED.separate, max_moves=most)
    found = search(units, limited, fewest, aim=BALANCED, steps=2_000)
    assert moves_of(units.today, found, WANTED.networks) <= most


def test_search_stops_at_its_deadline_with_a_plan(units, start) -> None:
    np.testing.assert_array_equal(search(units, WANTED, start, aim=Aim("late"), deadline=0.0), start)


def test_moves_are_counted_under_the_best_matching() -> None:
    today = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    assert moves_of(today, np.array([1, 1, 0, 0]), 2) == 0
    assert moves_of(today, np.array([0, 1, 1, 0]), 2) == 1
    assert moves_of(today, np.array([0, 1, 2, 2]), 3) == 1


def test_practices_without_an_area_in_common_are_wholly_unlike(units) -> None:
    unlike = dissimilarity(units)
    assert (np.diag(unlike) == 0).all()
    np.testing.assert_allclose(unlike, unlike.T)
    sums = added_up(units.patients, np.arange(len(units)), len(units))
    one, other = sums[0], sums[7]
    assert unlike[0, 7] == pytest.approx(1 - one @ other / np.sqrt(one @ one * (other @ other)))
