"""Funnels by chance alone and with over-dispersion, on numbers that a reader can check."""

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.statistics.funnel import (
    proportion_funnel,
    proportion_position,
    rate_funnel,
    ratio_funnel,
    ratio_position,
)
from pcn_analysis.statistics.overdispersion import METHODS, dispersion, funnel_limits, z_scores
from pcn_analysis.statistics.rates import wilson

pytestmark = pytest.mark.unit

TEN = pd.Series(range(10))
OBSERVED = pd.Series([70, 85, 90, 95, 100, 105, 110, 115, 130, 400])
EXPECTED = pd.Series([100.0] * 10)


def test_a_proportion_on_the_limit_is_one_whose_wilson_interval_touches_the_baseline():
    people = pd.Series([200])
    limits = proportion_funnel(people, 0.3, confidence=[0.95])
    lower, upper = (wilson(limits[name] * 200, people)[side][0] for side, name in ((1, "lower_95"), (0, "upper_95")))
    assert lower == pytest.approx(0.3)
    assert upper == pytest.approx(0.3)


def test_limits_of_few_people_stay_within_0_and_1():
    limits = proportion_funnel(pd.Series([1, 0, None], dtype="Int64"), 0.9)
    assert limits.loc[0, "upper_99.8"] == 1
    assert limits.loc[0, "lower_99.8"] == 0
    assert limits.loc[1:].isna().all(axis=None)


def test_a_ratio_on_the_limit_is_just_not_beyond_it():
    funnel = ratio_funnel(pd.Series([12]), confidence=[0.95])
    on, beyond = funnel["expected_lower_95"], funnel["expected_lower_95"] * 1.001
    assert ratio_position(pd.Series([12]), on / 1.001).item() == "within the limits"
    assert ratio_position(pd.Series([12]), beyond).item() == "below the 95% limit"


def test_of_no_events_the_lower_limit_is_0_and_the_upper_one_null():
    funnel = ratio_funnel(pd.Series([0]), confidence=[0.95]).iloc[0]
    assert funnel["lower_95"] == 0
    assert pd.isna(funnel["upper_95"])


def test_a_rate_funnel_over_three_years_needs_a_third_of_the_people():
    one, three = (rate_funnel(pd.Series([30]), 116.0, years=years, confidence=[0.95]).iloc[0] for years in (1, 3))
    assert three["population_lower_95"] == pytest.approx(one["population_lower_95"] / 3)
    assert three["lower_95"] == one["lower_95"]


def test_the_outermost_limit_is_the_one_that_is_told_and_null_says_nothing():
    observed = pd.Series([100, 125, 140, 78, 60, None], dtype="Int64")
    assert ratio_position(observed, pd.Series([100.0] * 6)).to_list() == [
        "within the limits",
        "above the 95% limit",
        "above the 99.8% limit",
        "below the 95% limit",
        "below the 99.8% limit",
        pd.NA,
    ]
    assert proportion_position(pd.Series([5]), pd.Series([0]), 0.1).isna().item()


def test_z_scores_are_distances_from_the_baseline_in_standard_errors():
    assert z_scores(pd.Series([121]), pd.Series([100.0]), "cqc")[0] == pytest.approx(2)
    assert z_scores(pd.Series([121]), pd.Series([100.0]), "shmi")[0] == pytest.approx(10 * np.log(1.21))
    both = z_scores(pd.Series([10, 30]), pd.Series([100, 100]), "proportion")
    start = np.arcsin(np.sqrt(0.2))
    assert both.to_list() == pytest.approx([20 * (np.arcsin(np.sqrt(p)) - start) for p in (0.1, 0.3)])
    ratio = z_scores(pd.Series([30, 30]), pd.Series([60, 60]), "ratio_of_counts")[0]
    assert ratio == pytest.approx((np.log(30.5 / 60.5) - np.log(0.5)) / np.sqrt(30 / 30.5**2 + 60 / 60.5**2))


def test_shmi_leaves_out_the_extremes_and_cqc_sets_them_to_the_edge():
    shmi, cqc = (dispersion(OBSERVED, EXPECTED, method) for method in ("shmi", "cqc"))
    kept = z_scores(OBSERVED, EXPECTED, "shmi")[1:9].astype(float)
    assert (shmi.units, cqc.units) == (8, 10)
    assert shmi.phi == pytest.approx((kept**2).mean())
    z = z_scores(OBSERVED, EXPECTED, "cqc").astype(float)
    assert cqc.phi == pytest.approx((z.clip(*z.quantile([0.1, 0.9])) ** 2).mean())


def test_tau_squared_is_what_is_left_over_chance():
    found = dispersion(OBSERVED, EXPECTED, "shmi")
    precision = np.full(8, 100.0)
    room = precision.sum() - (precision**2).sum() / precision.sum()
    assert found.tau2 == pytest.approx((8 * found.phi - 7) / room)


def test_units_that_are_more_alike_than_by_chance_have_no_tau():
    found = dispersion(pd.Series([100, 101, 99, 100, 100]), pd.Series([100.0] * 5), "cqc")
    assert found.phi < 1
    assert found.tau2 == 0


@pytest.mark.parametrize("method", METHODS)
def test_over_dispersion_widens_limits_and_none_leaves_them_as_by_chance(method):
    people = EXPECTED * 10 if method == "proportion" else EXPECTED
    chance, wide = (funnel_limits(OBSERVED, people, method, tau2=tau2) for tau2 in (0, 0.05))
    assert (wide["lower_95"] < chance["lower_95"]).all()
    assert (wide["upper_95"] > chance["upper_95"]).all()
    assert (chance["lower_99.8"] < chance["lower_95"]).all()
    assert chance["baseline"].between(chance["lower_95"], chance["upper_95"]).all()


def test_limits_by_chance_are_those_of_the_transformed_normal():
    ratio = funnel_limits(OBSERVED, EXPECTED, "shmi", confidence=[0.95]).iloc[0]
    assert ratio[["lower_95", "upper_95"]].to_list() == pytest.approx(np.exp([-0.1959964, 0.1959964]), rel=1e-6)
    root = funnel_limits(OBSERVED, EXPECTED, "cqc", tau2=0.01, confidence=[0.95]).iloc[0]
    half = 1.959964 * np.sqrt(0.0025 + 0.01)
    assert root[["lower_95", "upper_95"]].to_list() == pytest.approx([(1 - half) ** 2, (1 + half) ** 2], rel=1e-6)


def test_a_unit_without_events_has_no_place_on_the_log_scale_and_units_without_counts_say_nothing():
    z = z_scores(pd.Series([0, 5, None], dtype="Int64"), pd.Series([10.0, 0.0, 10.0]), "shmi")
    assert z.isna().all()
    nothing = dispersion(pd.Series([0]), pd.Series([10.0]), "shmi")
    assert (nothing.units, nothing.tau2) == (0, 0)
