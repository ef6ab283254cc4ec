"""Slots of a caseload: never more than there are, nobody twice, and one more slot takes none from anybody."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis.anticipatory.caseload import caseload, fairness, find_objective
from pcn_analysis.anticipatory.caseload.assigning import NOBODY, assign, preferences
from pcn_analysis.thresholds import SMALLEST_SHOWN
from tests.unit.caseload_people import many, people_of, shuffled

pytestmark = pytest.mark.properties

PROFESSIONALS = find_objective().professionals
NUMBERS = st.integers(0, 4)
SEEN_BY = st.lists(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), min_size=3, max_size=3), max_size=25)
SLOTS = st.lists(NUMBERS, min_size=3, max_size=3)
SLOW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


def ranks_of(value):
    array = np.array(value, dtype=float).reshape(-1, 3)
    return preferences(array, array)


def one_by_one(ranks, slots):
    """The same with everyone taking their turn alone."""
    left, chosen = list(slots), []
    for row in ranks:
        able = [number for number in range(len(left)) if left[number] and np.isfinite(row[number])]
        chosen.append(min(able, key=lambda number: row[number]) if able else NOBODY)
        if able:
            left[chosen[-1]] -= 1
    return chosen


@given(SEEN_BY, SLOTS)
def test_it_is_as_if_each_took_their_turn_alone(value, slots):
    ranks = ranks_of(value)
    assert assign(ranks, np.array(slots)).tolist() == one_by_one(ranks, slots)


@given(SEEN_BY, SLOTS)
def test_no_professional_sees_more_people_than_there_are_slots_nor_anyone_whose_gaps_they_do_not_close(value, slots):
    ranks = ranks_of(value)
    chosen = assign(ranks, np.array(slots))
    for number, there in enumerate(slots):
        assert (chosen == number).sum() <= there
    reached = np.flatnonzero(chosen != NOBODY)
    assert np.isfinite(ranks[reached, chosen[reached]]).all()


@given(SEEN_BY, SLOTS, SLOTS)
def test_more_slots_never_take_one_from_anybody(value, slots, more):
    ranks = ranks_of(value)
    fewer, larger = (assign(ranks, np.array(one)) != NOBODY for one in (slots, np.add(slots, more)))
    assert (larger | ~fewer).all()


@given(SEEN_BY, SLOTS)
def test_nobody_waits_for_a_professional_who_has_a_slot_left(value, slots):
    ranks = ranks_of(value)
    chosen = assign(ranks, np.array(slots))
    left = np.array(slots) - np.bincount(chosen[chosen != NOBODY], minlength=3)
    waiting = ranks[chosen == NOBODY]
    assert not np.isfinite(waiting[:, left > 0]).any()


# -- whole caseloads ---------------------------------------------------------------------------------------


@st.composite
def populations(draw):
    gaps = st.lists(st.integers(0, 5), min_size=1, max_size=12)
    people = []
    for fifth in (1, 5, 10):
        people += [one | {"person_id": f"{fifth}{one['person_id']}"} for one in many(*draw(gaps), fifth=fifth)]
    population = people_of(*people)
    population.once("incomplete", dict)  # every column is whole; finding that out takes a second
    return population


CAPACITY = st.dictionaries(st.sampled_from(PROFESSIONALS), st.integers(1, 6), min_size=1)


@SLOW
@given(populations(), CAPACITY, st.integers(1, 2), st.integers(0, 5))
def test_nobody_stands_twice_no_month_is_overfull_and_the_order_of_rows_does_not_matter(people, capacity, months, seed):
    made = caseload(people, capacity=capacity, months=months)
    assert made.people["person_id"].is_unique
    assert (made.slots["used"] <= made.slots["capacity"]).all()
    assert len(made.people) + len(made.not_reached) + made.without_gap == len(made.line.people)
    assert set(made.people["person_id"]).isdisjoint(made.not_reached["person_id"])
    again = caseload(shuffled(people, seed), capacity=capacity, months=months)
    assert again.people.equals(made.people)


@SLOW
@given(populations(), CAPACITY, st.sampled_from(PROFESSIONALS), st.integers(1, 4))
def test_nobody_leaves_the_list_where_there_are_more_slots(people, capacity, professional, more):
    larger = capacity | {professional: capacity.get(professional, 0) + more}
    before, after = (caseload(people, capacity=one).people["person_id"] for one in (capacity, larger))
    assert set(before) <= set(after)


@SLOW
@given(populations(), st.integers(1, 20), st.sampled_from([0.5, 1.0]))
def test_the_list_with_floors_meets_them_and_uses_as_many_slots_where_one_professional_closes_all(people, slots, least):
    ranked = caseload(people, capacity={"GP": slots})
    made = fairness.fairer(ranked, least=least)
    table = fairness.reach_by_deprivation(ranked, made, least=least).frame
    floors = table[table["list"] == "with floors"]
    small = floors["reached"].between(1, SMALLEST_SHOWN - 1)
    assert (floors["floor"][~small] == "met").all()
    assert floors["floor"][small].isna().all()  # the word would tell a count that is not shown
    share = least * floors["reached_all"] * floors["in_line"] / floors["in_line_all"]
    assert (floors["reached"] > share - 1).all()
    assert len(made.people) == len(ranked.people)
    assert made.people["person_id"].is_unique


@SLOW
@given(populations(), CAPACITY)
def test_a_floor_is_missed_only_where_nobody_of_the_fifth_can_be_seen(people, capacity):
    ranked = caseload(people, capacity=capacity)
    made = fairness.fairer(ranked)
    assert (made.slots["used"] <= made.slots["capacity"]).all()
    table = fairness.reach_by_deprivation(ranked, made).frame
    missed = table[(table["list"] == "with floors") & (table["floor"] == "not met")]
    full = {name for name, rows in made.slots.groupby("professional") if (rows["used"] == rows["capacity"]).all()}
    for fifth in missed["deprivation_fifth"]:
        waiting = (fairness._fifths(made) == fifth).to_numpy() & (made.chosen == NOBODY)
        closing = {PROFESSIONALS[number] for number in np.flatnonzero((made.order.value[waiting] > 0).any(axis=0))}
        assert closing & set(capacity) <= full
