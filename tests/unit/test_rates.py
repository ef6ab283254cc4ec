"""Proportions and their differences with intervals, against scipy, statsmodels, a published table and by hand."""

import pandas as pd
import pytest
from scipy.stats import binomtest
from statsmodels.stats.proportion import confint_proportions_2indep

from pcn_analysis.provenance import Rate
from pcn_analysis.statistics.rates import newcombe, wilson, with_rates

pytestmark = pytest.mark.unit

PAIRS = [
    (x, n)
    for n in (1, 2, 5, 10, 37, 212, 1_000, 58_640, 1_000_000)
    for x in sorted({0, 1, 3, n // 3, n // 2, n - 1, n})
    if 0 <= x <= n
]


@pytest.mark.parametrize("confidence", [0.95, 0.998])
def test_wilson_limits_are_those_of_scipy(confidence):
    x, n = (pd.Series(column) for column in zip(*PAIRS, strict=True))
    low, high = wilson(x, n, confidence)
    for i, (successes, trials) in enumerate(PAIRS):
        expected = binomtest(successes, trials).proportion_ci(confidence, method="wilson")
        assert low[i] == pytest.approx(expected.low, abs=1e-12), (successes, trials)
        assert high[i] == pytest.approx(expected.high, abs=1e-12), (successes, trials)


def test_none_of_n_starts_at_zero_and_all_of_n_ends_at_one():
    low, high = wilson(pd.Series([0, 10]), pd.Series([10, 10]))
    assert low[0] == 0
    assert high[1] == 1
    assert 0 < high[0] < 0.5 < low[1] < 1


@pytest.mark.parametrize(("x", "n"), [(0, 0), (None, 10), (5, None), (None, None)])
def test_limits_without_counts_are_null(x, n):
    low, high = wilson(pd.Series([x], dtype="Int64"), pd.Series([n], dtype="Int64"))
    assert low.isna().all()
    assert high.isna().all()


def test_limits_keep_the_index():
    low, _ = wilson(pd.Series([1, 2], index=[7, 9]), pd.Series([10, 10], index=[7, 9]))
    assert low.index.to_list() == [7, 9]


TABLE_II = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]
"""Newcombe 1998, Stat Med 17:873-90, table II: two proportions and the limits of their difference by method 10."""


def columns(rows, kind="Int64"):
    return [pd.Series(column, dtype=kind) for column in zip(*rows, strict=True)]


def test_limits_of_a_difference_are_those_of_newcombes_paper():
    difference, low, high = newcombe(*columns(row[:4] for row in TABLE_II))
    for i, (x, n, other_x, other_n, lower, upper) in enumerate(TABLE_II):
        assert difference[i] == pytest.approx(x / n - other_x / other_n)
        assert (low[i], high[i]) == pytest.approx((lower, upper), abs=0.00005), (x, n, other_x, other_n)


@pytest.mark.parametrize("confidence", [0.95, 0.998])
def test_limits_of_a_difference_are_those_of_statsmodels(confidence):
    rows = [(*pair, *other) for pair in PAIRS[::3] for other in PAIRS[1::4]]
    _, low, high = newcombe(*columns(rows), confidence)
    for i, row in enumerate(rows):
        expected = confint_proportions_2indep(*row, method="newcomb", compare="diff", alpha=1 - confidence)
        assert (low[i], high[i]) == pytest.approx(expected, abs=1e-9), row


def test_a_difference_has_its_sign_turned_when_the_groups_change_places():
    [difference], [low], [high] = newcombe(*columns([(56, 70, 48, 80)]))
    turned = [one[0] for one in newcombe(*columns([(48, 80, 56, 70)]))]
    assert turned == pytest.approx([-difference, -high, -low])


@pytest.mark.parametrize("missing", range(4))
def test_a_difference_with_a_count_that_is_not_known_is_null(missing):
    counts = columns([(56, 70, 48, 80)])
    counts[missing] = pd.Series([None], dtype="Int64")
    assert all(one.isna().all() for one in newcombe(*counts))


@pytest.mark.parametrize("row", [(0, 0, 48, 80), (56, 70, 0, 0)])
def test_a_difference_from_nobody_is_null(row):
    assert all(one.isna().all() for one in newcombe(*columns([row])))


def test_a_difference_keeps_the_index():
    counts = [column.set_axis([7, 9]) for column in columns([(1, 10, 2, 10), (3, 10, 2, 10)])]
    assert [one.index.to_list() for one in newcombe(*counts)] == [[7, 9]] * 3


def test_a_rate_without_people_or_counts_is_null_not_zero_or_infinite():
    counts = pd.DataFrame({"x": pd.array([0, 5, None, 5], dtype="Int64"), "n": pd.array([0, 10, 10, None], "Int64")})
    shares = with_rates(counts, [Rate("share", "x", "n")])["share"]
    assert shares.isna().to_list() == [True, False, True, True]
    assert shares[1] == 0.5


def test_filling_rates_leaves_the_counts_as_they_were():
    counts = pd.DataFrame({"x": [1], "n": [2]})
    with_rates(counts, [Rate("share", "x", "n")])
    assert counts.columns.to_list() == ["x", "n"]


@pytest.mark.parametrize(
    ("x", "n", "reference", "compared"),
    [
        (200, 1000, (10, 100), "higher"),
        (50, 1000, (10, 100), "lower"),
        (105, 1000, (10, 100), "similar"),
        (2, 10, (10, 100), "similar"),
        (0, 1000, (0, 100), "similar"),
    ],
)
def test_a_rate_differs_from_its_reference_when_its_whole_interval_does(x, n, reference, compared):
    frame = pd.DataFrame({"x": [x], "n": [n], "all_x": [reference[0]], "all_n": [reference[1]]})
    rates = [Rate("overall", "all_x", "all_n"), Rate("share", "x", "n", interval=True, against="overall")]
    assert with_rates(frame, rates)["share_compared"].to_list() == [compared]


@pytest.mark.parametrize(("n", "all_n"), [(0, 100), (1000, 0)])
def test_a_comparison_with_nothing_is_null(n, all_n):
    frame = pd.DataFrame({"x": [0], "n": [n], "all_x": [0], "all_n": [all_n]})
    rates = [Rate("overall", "all_x", "all_n"), Rate("share", "x", "n", interval=True, against="overall")]
    assert with_rates(frame, rates)["share_compared"].isna().all()
