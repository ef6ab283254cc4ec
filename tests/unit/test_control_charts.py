"""XmR charts: stretches, trial limits, gaps, and what is said of a point."""

import pandas as pd
import pytest

from pcn_analysis.statistics.control_charts import COMMON, FEWEST_POINTS, SHIFT, verdicts, xmr_chart

pytestmark = pytest.mark.unit

STEADY = [9.0, 11.0] * 6


def chart(values, **options) -> pd.DataFrame:
    values = pd.Series(values, dtype="Float64")
    return xmr_chart(values, pd.Series(pd.date_range("2024-01-01", periods=len(values), freq="MS")), **options)


def test_limits_are_trial_limits_below_twelve_points():
    assert chart(STEADY[: FEWEST_POINTS - 1])["trial"].all()
    assert not chart(STEADY)["trial"].any()
    assert chart(STEADY, fix_after=6)["trial"].all()


def test_limits_begin_anew_at_a_rebase_and_so_do_runs():
    high = [value + 20 for value in STEADY]
    plain = chart(STEADY + high)
    rebased = chart(STEADY + high, rebase=[pd.Timestamp("2024-12-15")])
    assert COMMON not in plain["signal"].to_list()
    assert rebased["signal"].to_list() == [COMMON] * 24
    assert rebased["stretch"].to_list() == [1] * 12 + [2] * 12
    assert rebased["mean"].unique().tolist() == [10, 30]


def test_a_rebase_before_the_first_point_changes_nothing():
    assert chart(STEADY, rebase=[pd.Timestamp("2020-01-01")]).equals(chart(STEADY))


def test_fixed_limits_rest_on_the_first_points_only():
    found = chart([*STEADY, 30, 30], fix_after=12)
    assert found["mean"].unique().tolist() == [10]
    assert found["points"].unique().tolist() == [12]
    assert found["signal"].to_list()[-2:] == ["outside the limits"] * 2


def test_a_gap_has_no_signal_and_ends_a_run():
    found = chart([*STEADY, 11, 10.5, 11, None, 11, 10.5, 11], fix_after=12)
    assert pd.isna(found["signal"][15])
    assert found["signal"].drop(15).to_list() == [COMMON] * 18
    assert found["points"][0] == 12


def test_one_point_has_no_limits_and_no_signal():
    found = chart([5])
    assert found[["lower", "upper", "signal"]].isna().all(axis=None)


@pytest.mark.parametrize("profile", ["mdc_r", "abspc"])
def test_values_that_are_all_the_same_are_steady(profile):
    found = chart([0.1] * 18, profile=profile)
    assert found["signal"].to_list() == [COMMON] * 18
    assert (found["side"] == "on").all()


def test_rows_may_come_in_any_order():
    values, dates = pd.Series([*STEADY, 40.0]), pd.Series(pd.date_range("2024-01-01", periods=13, freq="MS"))
    mixed = values.sample(frac=1, random_state=3)
    assert xmr_chart(mixed, dates[mixed.index]).equals(xmr_chart(values, dates))


def test_a_date_that_stands_twice_is_refused():
    with pytest.raises(ValueError, match="1 are missing or stand twice"):
        xmr_chart(pd.Series([1.0, 2.0]), pd.Series(pd.to_datetime(["2024-01-01", "2024-01-01"])))


def test_what_is_better_turns_a_change_into_improvement_or_concern():
    signal, side = pd.Series([SHIFT, SHIFT, COMMON, None]), pd.Series(["above", "below", "above", "on"])
    assert verdicts(signal, side, better="higher").to_list() == ["improvement", "concern", "common cause", pd.NA]
    assert verdicts(signal, side, better="lower").to_list() == ["concern", "improvement", "common cause", pd.NA]
    assert verdicts(signal, side, better=None).to_list() == ["high", "low", "common cause", pd.NA]
