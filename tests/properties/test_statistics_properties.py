"""What holds of every rate, index, funnel and chart, whatever the numbers are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_analysis.statistics.columns import LIMITS
from pcn_analysis.statistics.concentration import concentration_index
from pcn_analysis.statistics.control_charts import COMMON, profiles, xmr_chart
from pcn_analysis.statistics.events import byar, crude_rate, exact_poisson, poisson_limits
from pcn_analysis.statistics.funnel import proportion_funnel, ratio_funnel
from pcn_analysis.statistics.inequality import slope_index
from pcn_analysis.statistics.overdispersion import METHODS, dispersion, funnel_limits
from pcn_analysis.statistics.standardised import directly_standardised_rate, indirectly_standardised_ratio

pytestmark = pytest.mark.properties

COUNTS = st.integers(0, 3_000)
QUICK = settings(max_examples=15, deadline=None)


@st.composite
def strata(draw, least=0):
    """Events and people of one group in a few strata, with weights."""
    size = draw(st.integers(1, 6))
    rows = st.tuples(st.integers(least, 500), st.integers(500, 50_000), st.integers(1, 9_000))
    return pd.DataFrame(draw(st.lists(rows, min_size=size, max_size=size)), columns=["events", "people", "weight"])


@st.composite
def groups(draw):
    """Groups of a place by deprivation, with values above 0."""
    size = draw(st.integers(5, 12))
    rows = st.tuples(st.floats(0.05, 0.9), st.integers(1, 50_000), st.floats(0.001, 0.2))
    frame = pd.DataFrame(draw(st.lists(rows, min_size=size, max_size=size)), columns=["value", "people", "error"])
    return frame.assign(order=range(1, size + 1), place="A")


def direct(frame, **options):
    group = pd.Series("A", index=frame.index)
    return directly_standardised_rate(frame["events"], frame["people"], frame["weight"], group, **options).iloc[0]


def slope(frame, **options):
    columns = (frame[name] for name in ("value", "people", "order", "place"))
    return slope_index(*columns, standard_error=frame["error"], **options).iloc[0]


def inside(value, lower, upper) -> bool:
    """Whether a value lies within its limits, as far as there are any."""
    known = [limit for limit in (lower, upper) if pd.notna(limit)]
    slack = 1e-9 * max(1, abs(value))
    return all((limit <= value + slack) if limit is lower else (limit >= value - slack) for limit in known)


@QUICK
@given(st.lists(COUNTS, min_size=1, max_size=20), st.sampled_from([0.8, 0.95, 0.998]))
def test_limits_of_a_count_hold_it_and_widen_with_confidence(counts, confidence):
    events = pd.Series(counts)
    for limits in (byar, exact_poisson, poisson_limits):
        lower, upper = limits(events, confidence)
        wider = limits(events, 0.999)
        assert (lower.fillna(0) <= events).all()
        assert (upper >= events).all()
        assert (wider[1] >= upper).all()
        assert (wider[0].fillna(0) <= lower.fillna(np.inf)).all()


@QUICK
@given(COUNTS, st.integers(1, 10**6), st.sampled_from([1, 1_000, 100_000]))
def test_a_crude_rate_scales_with_its_multiplier(events, people, multiplier):
    one, other = (crude_rate(pd.Series([events]), pd.Series([people]), multiplier=by) for by in (1, multiplier))
    assert (other.astype(float) / multiplier).to_numpy() == pytest.approx(one.astype(float).to_numpy(), rel=1e-12)


@QUICK
@given(strata(least=2), st.integers(2, 50))
def test_more_people_with_as_many_more_events_leave_a_standardised_rate_as_it_is(frame, times):
    grown = frame.assign(events=frame["events"] * times, people=frame["people"] * times)
    if frame["events"].sum() < 10:
        assert pd.isna(direct(frame)["rate"])
        return
    one, other = direct(frame), direct(grown)
    assert other["rate"] == pytest.approx(one["rate"], rel=1e-12)
    assert other["upper_95"] - other["lower_95"] < one["upper_95"] - one["lower_95"]


@QUICK
@given(strata(least=5), st.integers(2, 9), st.randoms(use_true_random=False))
def test_the_size_of_the_standard_and_the_order_of_rows_do_not_matter(frame, times, random):
    mixed = frame.assign(weight=frame["weight"] * times).sample(frac=1, random_state=random.randint(0, 99))
    one, other = (direct(it, confidence=LIMITS).astype(float) for it in (frame, mixed))
    assert other.to_numpy() == pytest.approx(one.to_numpy(), rel=1e-9, nan_ok=True)


@QUICK
@given(strata(least=2))
def test_a_standardised_rate_lies_within_its_limits_and_between_the_rates_of_its_strata(frame):
    found = direct(frame, multiplier=1, confidence=LIMITS)
    if pd.isna(found["rate"]):
        return
    rates = frame["events"] / frame["people"]
    assert rates.min() - 1e-12 <= found["rate"] <= rates.max() + 1e-12
    for percent in ("95", "99.8"):
        assert inside(found["rate"], found[f"lower_{percent}"], found[f"upper_{percent}"])


@QUICK
@given(st.integers(0, 2_000), st.floats(0.1, 5_000))
def test_a_ratio_of_what_is_expected_lies_within_its_limits(observed, expected):
    found = indirectly_standardised_ratio(pd.Series([observed]), pd.Series([expected]), confidence=LIMITS).iloc[0]
    for percent in ("95", "99.8"):
        assert inside(found["ratio"], found[f"lower_{percent}"], found[f"upper_{percent}"])


@QUICK
@given(groups(), st.sampled_from(["level", "rate", "proportion"]), st.booleans())
def test_in_the_reversed_order_the_slope_changes_its_sign_and_the_ratio_is_inverted(frame, kind, transform):
    one = slope(frame, kind=kind, transform=transform)
    other = slope(frame.assign(order=-frame["order"]), kind=kind, transform=transform)
    assert other["sii"] == pytest.approx(-one["sii"], abs=1e-9)
    assert other["sii_lower_95"] == pytest.approx(-one["sii_upper_95"], abs=1e-9)
    assert other["rii"] * one["rii"] == pytest.approx(1, rel=1e-6)


def test_a_relative_index_below_0_has_no_limits_on_a_logarithmic_scale():
    frame = pd.DataFrame({"order": range(5), "value": [0.5] * 4 + [0.125], "people": [1, 1, 1, 1, 4]})
    frame = frame.assign(error=0.125, place="A")
    one = slope(frame, kind="level", transform=True, confidence=LIMITS)
    assert one["rii"] < 0
    assert pd.isna(one[["rii_lower_95", "rii_upper_95"]]).all()


@QUICK
@given(groups(), st.sampled_from(["level", "rate", "proportion"]), st.booleans(), st.randoms(use_true_random=False))
def test_indices_lie_within_their_limits_and_do_not_depend_on_the_order_of_rows(frame, kind, transform, random):
    one = slope(frame, kind=kind, transform=transform, confidence=LIMITS)
    for index in ("sii", "rii"):
        for percent in ("95", "99.8"):
            assert inside(one[index], one[f"{index}_lower_{percent}"], one[f"{index}_upper_{percent}"])
    mixed = frame.sample(frac=1, random_state=random.randint(0, 99))
    other = slope(mixed, kind=kind, transform=transform, confidence=LIMITS)
    numbers = [it.astype("Float64").to_numpy(dtype=float, na_value=np.nan) for it in (one, other)]
    assert numbers[1] == pytest.approx(numbers[0], rel=1e-9, abs=1e-9, nan_ok=True)


@QUICK
@given(groups(), st.floats(0.1, 50))
def test_in_other_units_the_slope_is_as_many_times_larger_and_the_ratio_the_same(frame, times):
    one = slope(frame)
    other = slope(frame.assign(value=frame["value"] * times, error=frame["error"] * times))
    assert other["sii"] == pytest.approx(times * one["sii"], rel=1e-6, abs=1e-9)
    assert other["rii"] == pytest.approx(one["rii"], rel=1e-6)


@QUICK
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.integers(1, 1_000)), min_size=1, max_size=30),
    st.sampled_from(["standard", "erreygers", "wagstaff"]),
    st.randoms(use_true_random=False),
)
def test_a_concentration_index_is_from_minus_1_to_1_and_changes_its_sign_with_the_order(rows, variant, random):
    frame = pd.DataFrame(rows, columns=["health", "order", "people"])
    frame.loc[frame["health"] < 1e-6, "health"] = 0

    def index(it):
        return concentration_index(it["health"], it["order"], weight=it["people"], variant=variant)

    found = index(frame)
    if found is None or frame["health"].mean() > 1 - 1e-6:
        return
    assert -1 - 1e-9 <= found <= 1 + 1e-9
    assert index(frame.assign(order=-frame["order"])) == pytest.approx(-found, abs=1e-6)
    assert index(frame.sample(frac=1, random_state=random.randint(0, 99))) == pytest.approx(found, abs=1e-9)


@QUICK
@given(st.floats(0.01, 0.99), st.integers(1, 10**6), st.integers(1, 5_000))
def test_funnels_hold_their_baseline_and_narrow_with_size(baseline, people, events):
    shares = proportion_funnel(pd.Series([people, people * 2]), baseline).astype(float)
    ratios = ratio_funnel(pd.Series([events, events * 2])).astype(float)
    for funnel, middle in ((shares, baseline), (ratios, 1)):
        for percent in ("95", "99.8"):
            lower, upper = funnel[f"lower_{percent}"], funnel[f"upper_{percent}"]
            assert (lower <= middle).all()
            assert (upper >= middle).all()
            assert lower[0] <= lower[1] + 1e-12
            assert upper[0] >= upper[1] - 1e-12


@QUICK
@given(
    st.lists(st.tuples(st.integers(1, 500), st.integers(500, 5_000)), min_size=3, max_size=25),
    st.sampled_from(sorted(METHODS)),
    st.randoms(use_true_random=False),
)
def test_over_dispersion_is_never_negative_and_limits_hold_the_baseline(pairs, method, random):
    units = pd.DataFrame(pairs, columns=["x", "n"])
    found = dispersion(units["x"], units["n"], method)
    mixed = units.sample(frac=1, random_state=random.randint(0, 99))
    assert dispersion(mixed["x"], mixed["n"], method).tau2 == pytest.approx(found.tau2, abs=1e-9)
    assert found.tau2 >= 0
    limits = funnel_limits(units["x"], units["n"], method, tau2=found.tau2)
    assert (limits["lower_99.8"] <= limits["baseline"]).all()
    assert (limits["upper_99.8"] >= limits["baseline"]).all()


@QUICK
@given(
    st.lists(st.integers(0, 50), min_size=2, max_size=40),
    st.sampled_from(sorted(profiles())),
    st.integers(1, 5),
    st.integers(-100, 100),
)
def test_a_chart_says_the_same_in_other_units_and_marks_every_point_beyond_its_limits(values, profile, times, more):
    dates = pd.Series(pd.date_range("2020-01-01", periods=len(values), freq="MS"))
    one = xmr_chart(pd.Series(values), dates, profile=profile)
    other = xmr_chart(pd.Series(values) * times + more, dates, profile=profile)
    assert other["upper"].astype(float).to_numpy() == pytest.approx(one["upper"].astype(float) * times + more)
    clear = ((one["value"] - one["upper"]).abs() > 1e-6) & ((one["value"] - one["lower"]).abs() > 1e-6)
    beyond = (one["value"] > one["upper"]) | (one["value"] < one["lower"])
    assert ((one["signal"] == "outside the limits") == beyond)[clear].all()
    assert one["signal"].notna().all()
    assert one.loc[one["side"] == "on", "signal"].isin([COMMON, "trend", "outside the limits"]).all()
