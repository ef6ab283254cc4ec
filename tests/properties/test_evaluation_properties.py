"""What holds of an evaluation whatever the people are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from pcn_analysis.anticipatory.evaluation import evaluate
from tests.unit.predicted import beside, drawn, predictions, same

pytestmark = pytest.mark.properties

SEEDS = st.integers(0, 10_000)
FIGURES = [
    "auc", "brier", "scaled_brier", "observed", "mean_risk", "observed_to_expected", "observed_minus_expected",
    "intercept", "slope",
]  # fmt: skip


@st.composite
def people(draw):
    """A few people with risks on a grid, so that ties are common, both classes, and weights."""
    size = draw(st.integers(4, 60))
    risks = draw(st.lists(st.integers(1, 19), min_size=size, max_size=size))
    outcomes = [1, 0, *draw(st.lists(st.integers(0, 1), min_size=size - 2, max_size=size - 2))]
    weights = draw(st.lists(st.integers(1, 4), min_size=size, max_size=size))
    return predictions([risk / 20 for risk in risks], outcomes, weight=[weight / 2 for weight in weights])


def value(found, name):
    """A figure of the only model; NaN where it is null."""
    return found.overall[name].astype(float).item()


@settings(max_examples=12, deadline=None)
@given(people(), st.sampled_from([lambda p: p**3, np.sqrt, lambda p: expit(3 * logit(p) - 1)]))
def test_auc_and_the_top_of_the_list_do_not_change_with_a_monotone_transformation(frame, transformed):
    one, other = (
        evaluate(rows, bootstraps=0) for rows in (frame, frame.assign(risk=transformed(frame["risk"].to_numpy())))
    )
    assert one.overall["auc"].item() == pytest.approx(other.overall["auc"].item(), abs=1e-12)
    pd.testing.assert_frame_equal(one.at_top, other.at_top)


@settings(max_examples=10, deadline=None)
@given(people(), SEEDS)
def test_the_order_of_rows_does_not_matter(frame, seed):
    both = beside(frame, frame.assign(model="other", risk=1 - frame["risk"]))
    both["sex"] = np.where(both["person_id"].str[-1].isin(list("02468")), "even", "odd")
    one, other = (
        evaluate(rows, groups=["sex"], bootstraps=10) for rows in (both, both.sample(frac=1, random_state=seed))
    )
    assert same(one, other)


@settings(max_examples=12, deadline=None)
@given(people())
def test_everyone_twice_leaves_every_figure(frame):
    twice = beside(frame, frame.assign(person_id=frame["person_id"] + " again"))
    one, other = (evaluate(rows, bootstraps=0) for rows in (frame, twice))
    for name in FIGURES:
        assert value(one, name) == pytest.approx(value(other, name), abs=1e-6, nan_ok=True), name
    assert one.net_benefit["net_benefit"].to_list() == pytest.approx(other.net_benefit["net_benefit"].to_list())


@settings(max_examples=12, deadline=None)
@given(people())
def test_a_weight_of_two_is_the_same_person_twice(frame):
    whole = frame.assign(weight=frame["weight"] * 2)
    rows = whole.loc[whole.index.repeat(whole["weight"].astype(int))].assign(weight=1.0)
    rows = rows.assign(person_id=[f"r{number}" for number in range(len(rows))])
    one, other = (evaluate(each, bootstraps=0) for each in (whole, rows))
    for name in FIGURES:
        assert value(one, name) == pytest.approx(value(other, name), abs=1e-6, nan_ok=True), name


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_risks_that_are_right_have_a_slope_of_1_and_are_right_in_the_large(seed):
    found = evaluate(drawn(20_000, seed=seed), bootstraps=0).overall.iloc[0]
    assert found["slope"] == pytest.approx(1, abs=0.12)
    assert found["intercept"] == pytest.approx(0, abs=0.12)
    assert found["observed_to_expected"] == pytest.approx(1, abs=0.1)


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_risks_too_far_apart_by_half_have_a_slope_of_two_thirds(seed):
    found = evaluate(drawn(20_000, seed=seed, told=lambda x: 1.5 * x), bootstraps=0).overall.iloc[0]
    assert found["slope"] == pytest.approx(2 / 3, abs=0.08)


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_shuffled_outcomes_have_an_auc_of_a_half_but_for_noise(seed):
    frame = drawn(5_000, seed=seed)
    shuffled = frame.assign(outcome=np.random.default_rng(seed + 1).permutation(frame["outcome"]))
    found = evaluate(shuffled, bootstraps=0).overall.iloc[0]
    noise = np.sqrt((found["people"] + 1) / (12.0 * found["events"] * found["non_events"]))
    assert abs(found["auc"] - 0.5) < 5 * noise


@settings(max_examples=5, deadline=None)
@given(SEEDS)
def test_two_groups_of_different_calibration_show_in_the_table_of_groups(seed):
    right = drawn(6_000, seed=seed, sex="female")
    high = drawn(6_000, seed=seed + 1, told=lambda x: x + 0.7, sex="male")
    both = beside(right, high.assign(person_id=high["person_id"] + "m"))
    rows = evaluate(both, groups=["sex"], bootstraps=40).by_group.set_index("value")
    assert rows.loc["male", "observed_to_expected_upper"] < rows.loc["female", "observed_to_expected_lower"]
    assert rows.loc["male", "intercept"] == pytest.approx(-0.7, abs=0.2)
    assert rows.loc["female", "intercept"] == pytest.approx(0, abs=0.2)


@settings(max_examples=12, deadline=None)
@given(people())
def test_a_point_is_near_its_limits_and_limits_are_in_order(frame):
    found = evaluate(frame, bootstraps=30)
    for name in ("auc", "brier", "observed_to_expected"):
        low, high = (found.overall[f"{name}_{limit}"].item() for limit in ("lower", "upper"))
        if not (pd.isna(low) or pd.isna(high)):
            assert low <= high
