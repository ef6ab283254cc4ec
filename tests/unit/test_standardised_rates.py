"""Limits of counts, crude and standardised rates, by hand and against scipy."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import poisson

from pcn_analysis.statistics.events import EXACT_BELOW, byar, crude_rate, exact_poisson, poisson_limits
from pcn_analysis.statistics.standardised import (
    directly_standardised_rate,
    european_standard_population,
    expected_events,
    indirectly_standardised_rate,
    indirectly_standardised_ratio,
)

pytestmark = pytest.mark.unit

STRATA = pd.DataFrame(
    {
        "age": ["young", "old"] * 2,
        "network": ["Harbour", "Harbour", "Quay", "Quay"],
        "events": pd.array([5, 30, 8, 20], dtype="Int64"),
        "people": pd.array([1_000, 500, 2_000, 250], dtype="Int64"),
        "standard": [75_000, 25_000] * 2,
    }
)


def direct(strata=STRATA, **options) -> pd.DataFrame:
    columns = (strata[name] for name in ("events", "people", "standard", "network"))
    return directly_standardised_rate(*columns, **{"multiplier": 1_000, **options})


@pytest.mark.parametrize("confidence", [0.95, 0.998])
def test_exact_limits_are_the_means_that_make_the_count_unlikely(confidence):
    events = pd.Series([1, 2, 5, 9, 40])
    tail = (1 - confidence) / 2
    lower, upper = exact_poisson(events, confidence)
    assert poisson.sf(events - 1, lower.astype(float)) == pytest.approx(tail)
    assert poisson.cdf(events, upper.astype(float)) == pytest.approx(tail)


def test_limits_are_exact_below_ten_events_and_byars_from_there_on():
    events = pd.Series([EXACT_BELOW - 1, EXACT_BELOW])
    assert poisson_limits(events)[0].to_list() == [exact_poisson(events)[0][0], byar(events)[0][1]]


def test_byars_lower_limit_is_null_where_the_formula_turns_negative_and_0_of_no_events():
    lower, upper = byar(pd.Series([0, 1, None], dtype="Int64"), 0.998)
    assert lower[0] == 0
    assert lower[1:].isna().all()
    assert upper.notna().to_list() == [True, True, False]


def test_a_crude_rate_has_a_column_of_limits_for_each_confidence():
    rate = crude_rate(pd.Series([5, 5]), pd.Series([1_000, 0]), multiplier=1_000, confidence=[0.95, 0.998])
    assert rate.columns.to_list() == ["rate", "lower_95", "upper_95", "lower_99.8", "upper_99.8"]
    assert rate.loc[0, "rate"] == 5
    assert rate.loc[1].isna().all()


def test_95_is_not_a_confidence():
    with pytest.raises(ValueError, match="between 0 and 1"):
        byar(pd.Series([5]), 95)


def test_negative_counts_are_refused_with_how_many():
    with pytest.raises(ValueError, match="events: 2 values are negative"):
        crude_rate(pd.Series([-1, -2, 3]), pd.Series([1, 1, 1]))


def test_a_directly_standardised_rate_weighs_the_rates_of_the_ages():
    rate = direct()["rate"]
    assert rate["Harbour"] == pytest.approx(0.75 * 5 + 0.25 * 60)
    assert rate["Quay"] == pytest.approx(0.75 * 4 + 0.25 * 80)


def test_with_one_stratum_the_standardised_rate_is_the_crude_one_with_byars_limits():
    one = STRATA[1:2].reset_index(drop=True)
    crude = crude_rate(one["events"], one["people"], multiplier=1_000).iloc[0]
    assert direct(one).iloc[0][["rate", "lower_95", "upper_95"]].to_list() == pytest.approx(crude.to_list())


def test_events_of_the_same_people_make_the_limits_wider_and_not_the_rate_other():
    plain, repeated = direct(), direct(squares=STRATA["events"] * 4)
    assert repeated["rate"].to_list() == plain["rate"].to_list()
    width = [(one["upper_95"] - one["lower_95"]).to_numpy(float) for one in (plain, repeated)]
    assert width[1] == pytest.approx(2 * width[0])
    assert direct(squares=STRATA["events"]).equals(plain)


def test_a_rate_of_fewer_than_ten_events_is_null_and_its_counts_are_not():
    few = STRATA.assign(events=pd.array([3, 6, 3, 7], dtype="Int64"))
    found = direct(few)
    assert found["rate"].isna().to_list() == [True, False]
    assert found["lower_95"].isna().to_list() == [True, False]
    assert found["events"].to_list() == [9, 10]


@pytest.mark.parametrize("name", ["events", "people", "standard"])
def test_a_rate_is_null_where_a_stratum_lacks_a_number(name):
    gap = STRATA.copy()
    gap[name] = gap[name].astype("Float64")
    gap.loc[0, name] = pd.NA
    found = direct(gap)
    assert found["rate"].isna().to_list() == [True, False]
    assert found["upper_95"].isna().to_list() == [True, False]


def test_a_group_that_lacks_a_stratum_is_refused():
    with pytest.raises(ValueError, match="1 group"):
        direct(STRATA[1:])


def test_strata_of_a_standard_population_are_from_birth_to_ninety_and_over():
    standard = european_standard_population()
    assert len(standard) == 19
    assert standard.index[[0, 1, -1]].to_list() == ["0-4", "5-9", "90+"]


def test_expected_events_are_null_where_the_reference_has_nobody():
    area = pd.Series(["A", "A", "B", "B"])
    people, events = pd.Series([100, 50, 10, 10]), pd.Series([10, 40, 10, 40])
    assert expected_events(people, events, pd.Series([1_000, 1_000] * 2), area).to_list() == [3.0, 0.5]
    assert expected_events(people, events, pd.Series([1_000, 1_000, 1_000, 0]), area).isna().to_list() == [False, True]


def test_a_ratio_of_100_is_as_expected_and_its_rate_is_that_of_the_reference():
    observed, expected = pd.Series([50, 50]), pd.Series([50.0, 0.0])
    ratio = indirectly_standardised_ratio(observed, expected)
    assert ratio.loc[0, "ratio"] == 100
    assert ratio.loc[0, "lower_95"] < 100 < ratio.loc[0, "upper_95"]
    assert ratio.loc[1].isna().all()
    rate = indirectly_standardised_rate(observed, expected, reference_rate=420)
    assert rate.loc[0].to_numpy(float) == pytest.approx(ratio.loc[0].to_numpy(float) * 4.2)


def test_a_null_observed_count_gives_a_null_ratio():
    ratio = indirectly_standardised_ratio(pd.Series([None, 12], dtype="Int64"), pd.Series([10.0, 10.0]))
    assert ratio["ratio"].isna().to_list() == [True, False]
    assert np.isfinite(float(ratio.loc[1, "upper_95"]))
