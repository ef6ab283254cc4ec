"""Rates and projections that a reader can work out on paper."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.segmentation.projection import project, project_with_limits
from pcn_analysis.segmentation.yearly_rates import AGES, YearlyRates, own_rates, published_rates

pytestmark = pytest.mark.unit

NONE = np.zeros((AGES, 2))


def rates(*, leaving=NONE, entering=NONE, joining=NONE, arriving=NONE, counted=None):
    """Of those well, a quarter fall ill and a quarter are gone in a year; of those ill, half get well."""
    moves = np.array([[[0.5, 0.25, 0.25], [0.5, 0.5, 0.0]]])
    return YearlyRates(("Well", "Ill"), (17,), moves, leaving, entering, joining, arriving, counted)


def at(age, segment, value):
    found = np.zeros((AGES, 2))
    found[age, segment] = value
    return found


def people(*rows):
    return pd.DataFrame(rows, columns=["age", "segment", "people"])


def in_year(found, year):
    rows = found[found["year"] == year]
    return {(row.age, row.segment): row.people for row in rows.itertuples()}


def moved(*rows):
    return pd.DataFrame(rows, columns=["age", "segment", "next_segment", "people"])


# -- a year ------------------------------------------------------------------------------------------------


def test_people_move_and_are_a_year_older():
    found = project(people((40, "Well", 80), (40, "Ill", 20)), rates(), 1, first_year=2026)
    assert in_year(found, 2026) == {(40, "Well"): 80, (40, "Ill"): 20}
    assert in_year(found, 2027) == {(41, "Well"): 50, (41, "Ill"): 30}


def test_who_leaves_does_so_before_anyone_moves():
    found = project(people((40, "Well", 100)), rates(leaving=at(40, 0, 0.2)), 1)
    assert in_year(found, 1) == {(41, "Well"): 40, (41, "Ill"): 20}


def test_who_joins_is_of_the_age_at_which_they_join_and_neither_moves_nor_ages_that_year():
    found = project(people((40, "Ill", 100)), rates(joining=at(40, 1, 0.1)), 1)
    assert in_year(found, 1) == {(40, "Ill"): 10, (41, "Well"): 50, (41, "Ill"): 50}


def test_as_many_enter_each_year_as_in_the_first():
    found = project(people((17, "Well", 100)), rates(entering=at(17, 0, 0.5)), 2)
    assert in_year(found, 1)[17, "Well"] == in_year(found, 2)[17, "Well"] == 50


def test_a_total_is_spread_as_the_rates_spread_it_over_who_is_there():
    start = people((40, "Well", 100), (50, "Ill", 100))
    joining = at(40, 0, 0.1) + at(50, 1, 0.3)
    found = project(start, rates(joining=joining), 1, totals={"joining": 8})
    assert in_year(found, 1)[40, "Well"] == pytest.approx(2)
    assert in_year(found, 1)[50, "Ill"] == pytest.approx(6)


def test_totals_can_differ_from_year_to_year():
    found = project(people((17, "Well", 100)), rates(entering=at(17, 0, 0.5)), 2, totals={"entering": [10, 20]})
    assert [in_year(found, year)[17, "Well"] for year in (1, 2)] == [10, 20]


def test_more_cannot_leave_than_are_there():
    start = people((40, "Well", 100), (40, "Ill", 100))
    found = project(start, rates(leaving=at(40, 0, 0.1)), 1, totals={"leaving": 150})
    assert in_year(found, 1) == {(41, "Well"): 50, (41, "Ill"): 50}


def test_who_joins_is_reckoned_from_those_there_before_anyone_left():
    found = project(people((40, "Ill", 100)), rates(leaving=at(40, 1, 0.5), joining=at(40, 1, 0.1)), 1)
    assert in_year(found, 1) == {(40, "Ill"): 10, (41, "Well"): 25, (41, "Ill"): 25}


def test_those_who_arrive_are_a_number_however_few_are_there():
    found = project(people((40, "Well", 100)), rates(arriving=at(20, 0, 7)), 2)
    assert in_year(found, 1)[20, "Well"] == in_year(found, 2)[20, "Well"] == 7


def test_those_younger_than_the_rates_are_left_out_and_the_oldest_stay():
    found = project(people((16, "Well", 50), (130, "Ill", 8)), rates(), 1)
    assert in_year(found, 0) == {(130, "Ill"): 8}
    assert in_year(found, 1) == {(130, "Well"): 4, (130, "Ill"): 4}


def test_what_cannot_be_projected_is_told_together_and_names_no_value():
    start = people((40, "Elsewhere", 1), (None, "Well", 5), (40, "Well", -3), (40, None, 4))
    with pytest.raises(PcnAnalysisError) as error:
        project(start, rates(), 1)
    assert [str(one).split(". ")[0] for one in error.value.problems] == [
        "people to project: there are no rates of the segment Elsewhere",
        "people to project, age: 1 rows hold no usable value",
        "people to project, people: 1 rows hold no usable value",
        "people to project, segment: 1 rows hold no usable value",
    ]


def test_a_total_for_the_wrong_number_of_years_is_refused():
    with pytest.raises(PcnAnalysisError, match="totals of joining: 3 numbers for 2 years"):
        project(people((40, "Well", 1)), rates(), 2, totals={"joining": [1, 2, 3]})


@pytest.mark.parametrize(("years", "totals"), [(0, None), (1, {"births": 3})])
def test_a_programmers_mistake_is_a_value_error(years, totals):
    with pytest.raises(ValueError, match=r"one year or more|not events: births"):
        project(people((40, "Well", 1)), rates(), years, totals=totals)


# -- limits ------------------------------------------------------------------------------------------------


def limits(found, year, segment):
    row = found[(found["year"] == year) & (found["segment"] == segment)].iloc[0]
    return row["people_lower"], row["people"], row["people_upper"]


def test_limits_begin_at_what_was_counted_and_then_hold_the_expectation():
    found = project_with_limits(people((40, "Well", 1000)), rates(), 2)
    assert limits(found, 0, "Well") == (1000, 1000, 1000)
    for year in (1, 2):
        lower, expected, upper = limits(found, year, "Well")
        assert lower < expected < upper


def test_limits_of_chance_are_those_of_a_binomial():
    lower, _, upper = limits(project_with_limits(people((40, "Well", 1000)), rates(), 1, draws=4000), 1, "Well")
    assert lower == pytest.approx(469, abs=3)  # 2.5% and 97.5% of a binomial of 1,000 and a half
    assert upper == pytest.approx(531, abs=3)


def test_drawn_futures_lie_about_the_expectation_when_people_leave_join_and_enter():
    changing = rates(leaving=at(40, 1, 0.5), joining=at(40, 1, 0.4), entering=at(40, 0, 0), arriving=at(20, 0, 300))
    found = project_with_limits(people((40, "Ill", 10_000)), changing, 2, draws=200)
    for year, segment in ((1, "Well"), (1, "Ill"), (2, "Well"), (2, "Ill")):
        lower, expected, upper = limits(found, year, segment)
        assert lower < expected < upper
        assert upper - lower < 0.1 * expected


def test_rates_counted_of_few_people_widen_the_limits():
    few, many = (
        limits(project_with_limits(people((40, "Well", 1000)), rates(counted=counted), 1), 1, "Well")
        for counted in (np.array([[[20, 10, 10], [20, 20, 0]]]), np.array([[[20, 10, 10], [20, 20, 0]]]) * 10_000)
    )
    assert few[2] - few[0] > 3 * (many[2] - many[0])


def test_the_same_seed_gives_the_same_limits():
    first, again, other = (project_with_limits(people((40, "Well", 999)), rates(), 2, seed=seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


# -- own rates ---------------------------------------------------------------------------------------------

YEAR = moved(
    (50, "Well", "Well", 60),
    (50, "Well", "Ill", 20),
    (50, "Well", "died", 15),
    (50, "Well", "left", 5),
    (70, "Well", "Ill", 10),
    (30, "joined", "Well", 8),
)


def test_own_rates_are_shares_of_those_who_were_there():
    found = own_rates([YEAR], ["Well", "Ill"])
    assert found.moves[2, 0].tolist() == [0.6, 0.2, 0.2]  # 40-64; dying and leaving are both no longer here
    assert found.arriving[30].tolist() == [8, 0]
    assert found.arriving.sum() == 8


def test_few_people_of_an_age_have_the_rates_of_the_segment_at_all_ages():
    found = own_rates([YEAR], ["Well", "Ill"])
    assert found.moves[3, 0].tolist() == [60 / 110, 30 / 110, 20 / 110]  # ten people of 65-74 do not count alone


def test_thirty_people_of_an_age_count_alone_and_from_65_with_those_to_74():
    for many, ill in ((30, 1.0), (29, 29 / 129)):
        found = own_rates([moved((50, "Well", "died", 100), (65, "Well", "Ill", many))], ["Well", "Ill"])
        assert found.moves[3, 0, 1] == pytest.approx(ill)


def test_those_who_left_are_enough_where_nobody_died():
    found = own_rates([moved((50, "Well", "Well", 60), (50, "Well", "left", 40))], ["Well", "Ill"])
    assert found.moves[2, 0].tolist() == [0.6, 0, 0.4]


def test_whoever_is_older_than_130_is_counted_with_those_of_130():
    found = own_rates([YEAR, moved((135, "joined", "Well", 4))], ["Well", "Ill"])
    assert found.arriving[130].tolist() == [2, 0]


def test_a_segment_in_which_nobody_was_stays_as_it_is():
    assert own_rates([YEAR], ["Well", "Ill"]).moves[:, 1].tolist() == [[0.0, 1.0, 0.0]] * 6


def test_years_are_added_up_and_those_who_came_averaged():
    found = own_rates([YEAR, YEAR], ["Well", "Ill"])
    assert found.moves[2, 0].tolist() == [0.6, 0.2, 0.2]
    assert found.counted[2, 0].tolist() == [120, 40, 40]
    assert (found.arriving[30, 0], found.years) == (8, 2)


def test_records_of_the_living_alone_give_no_rates():
    with pytest.raises(PcnAnalysisError, match="nobody who died or left in these years"):
        own_rates([moved((50, "Well", "Well", 100))], ["Well"])


def test_drawn_again_rates_are_near_what_was_counted_and_published_ones_stay():
    counted = np.array([[[600, 200, 200], [50, 50, 0]]])
    drawn = rates(counted=counted).drawn_again(2000, np.random.default_rng(1))
    assert drawn.moves.shape == (2000, 1, 2, 3)
    assert drawn.moves.mean(0)[0, 0] == pytest.approx([0.6, 0.2, 0.2], abs=0.002)
    assert drawn.moves.std(0)[0, 0, 0] == pytest.approx((0.6 * 0.4 / 1000) ** 0.5, rel=0.1)
    assert published_rates().drawn_again(10, np.random.default_rng(1)).moves.shape == (8, 5, 6)


def test_arrivals_of_more_years_are_drawn_about_the_same_number_and_closer():
    counted = np.array([[[600, 200, 200], [50, 50, 0]]])
    for years in (1, 4):
        some = replace(rates(counted=counted, arriving=at(30, 0, 100.0)), years=years)
        drawn = some.drawn_again(2000, np.random.default_rng(1)).arriving[:, 30, 0]
        assert drawn.mean() == pytest.approx(100, rel=0.01)
        assert drawn.std() == pytest.approx((100 / years) ** 0.5, rel=0.1)


def test_published_rates_sum_to_one_and_each_share_is_a_share():
    found = published_rates()
    assert found.moves.sum(-1) == pytest.approx(np.ones((8, 5)))
    assert found.group_of_age()[[16, 17, 29, 30, 89, 90, 130]].tolist() == [0, 0, 0, 1, 6, 7, 7]
    for rate in (found.leaving, found.entering, found.joining):
        assert 0 <= rate.min() <= rate.max() <= 1
    assert found.entering[18:].sum() == 0
