"""Where a network stands among all, and among those of about its size."""

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.network import standing

pytestmark = pytest.mark.unit
SIZES = pd.Series([50, 10, 40, 20, 30])


def test_the_middle_of_an_odd_number_is_the_fiftieth_percentile():
    assert standing.percentile(SIZES).to_list() == [90, 10, 70, 30, 50]


def test_equal_values_have_the_same_percentile_and_missing_ones_none():
    found = standing.percentile(pd.Series([1, 2, 2, None]))
    assert found.iloc[1] == found.iloc[2]
    assert found.isna().to_list() == [False, False, False, True]


def test_the_window_has_as_many_smaller_as_larger_but_at_the_ends():
    by_network = [set(SIZES.iloc[row]) for row in standing.similar(SIZES, most=2)]
    assert by_network == [{30, 40, 50}, {10, 20, 30}, {30, 40, 50}, {10, 20, 30}, {20, 30, 40}]


def test_where_there_are_few_networks_the_window_is_all_of_them():
    assert {frozenset(row) for row in standing.similar(SIZES).tolist()} == {frozenset(range(5))}


def test_a_value_is_held_against_its_own_window_only():
    values = pd.Series([0.9, 0.1, 0.2, 0.3, 0.8])
    near = standing.among_similar(values, SIZES, most=2)
    assert near.iloc[3] == pytest.approx(50), "0.3 between 0.1 and 0.8, its neighbours by size"
    assert near.iloc[2] == pytest.approx(100 / 6), "0.2 is the lowest of 0.2, 0.8 and 0.9"


def test_without_a_limit_it_is_the_percentile_of_all():
    values = pd.Series([0.9, 0.1, 0.1, 0.3, None])
    pd.testing.assert_series_equal(standing.among_similar(values, SIZES), standing.percentile(values))


def test_the_order_of_networks_changes_nothing():
    draw = np.random.default_rng(7)
    values, sizes = pd.Series(draw.random(40)), pd.Series(draw.permutation(40))
    shuffled = values.sample(frac=1, random_state=1).index
    again = standing.among_similar(values[shuffled], sizes[shuffled], most=8)
    pd.testing.assert_series_equal(again.sort_index(), standing.among_similar(values, sizes, most=8))
