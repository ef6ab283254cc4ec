"""The figures of a risk model, each against another program or a sum that a reader can do."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from predicted import beside, drawn, predictions
from scipy.special import logit
from sklearn.metrics import brier_score_loss, roc_auc_score

from pcn_analysis.anticipatory.evaluation import evaluate
from pcn_analysis.anticipatory.evaluation.measured import lines, model_figures, top_figures
from pcn_analysis.anticipatory.evaluation.predictions import people_of
from pcn_analysis.anticipatory.evaluation.resamples import every_risk, ranges

pytestmark = pytest.mark.unit

RNG = np.random.default_rng(5)
WEIGHTED = drawn(800, told=lambda x: 0.6 * x + 0.3).assign(weight=RNG.uniform(0.5, 3, 800), known=RNG.random(800) < 0.9)
KNOWN = WEIGHTED[WEIGHTED["known"]]


@pytest.fixture(scope="module")
def whole():
    return evaluate(WEIGHTED, bootstraps=0).overall.iloc[0]


def regression(columns, **options):
    """A weighted logistic regression of the outcome by statsmodels."""
    family = sm.families.Binomial()
    return sm.GLM(KNOWN["outcome"], columns, family=family, var_weights=KNOWN["weight"], **options).fit().params


def test_auc_and_brier_score_are_those_of_scikit_learn(whole):
    by = {"sample_weight": KNOWN["weight"]}
    assert whole["auc"] == pytest.approx(roc_auc_score(KNOWN["outcome"], KNOWN["risk"], **by), abs=1e-12)
    assert whole["brier"] == pytest.approx(brier_score_loss(KNOWN["outcome"], KNOWN["risk"], **by), abs=1e-12)


def test_auc_counts_ties_half_as_scikit_learn_does():
    tied = drawn(500).assign(risk=lambda rows: rows["risk"].round(1))
    found = evaluate(tied, bootstraps=0).overall["auc"].item()
    assert found == pytest.approx(roc_auc_score(tied["outcome"], tied["risk"]), abs=1e-12)


def test_the_intercept_is_that_of_a_regression_with_the_logit_as_offset(whole):
    expected = regression(np.ones(len(KNOWN)), offset=logit(KNOWN["risk"]).to_numpy())
    assert whole["intercept"] == pytest.approx(expected.iloc[0], abs=1e-8)


def test_the_slope_is_that_of_a_regression_on_the_logit(whole):
    expected = regression(sm.add_constant(logit(KNOWN["risk"]).to_numpy()))
    assert whole["slope"] == pytest.approx(expected.iloc[1], abs=1e-8)


def test_observed_and_expected_are_weighted_and_of_those_known(whole):
    observed, expected = (np.average(KNOWN[name], weights=KNOWN["weight"]) for name in ("outcome", "risk"))
    assert whole["observed"] == pytest.approx(observed)
    assert whole["observed_to_expected"] == pytest.approx(observed / expected)
    assert whole["observed_minus_expected"] == pytest.approx(observed - expected)
    assert (whole["people"], whole["known"], whole["not_known"]) == (800, len(KNOWN), 800 - len(KNOWN))
    assert whole["events"] == KNOWN["outcome"].sum()


def test_a_model_that_says_the_mean_of_everyone_has_a_scaled_brier_score_of_0_and_no_slope():
    found = evaluate(predictions([0.25] * 8, [1, 1, 0, 0, 0, 0, 0, 0]), bootstraps=0).overall.iloc[0]
    assert (found["scaled_brier"], found["auc"]) == (pytest.approx(0), 0.5)
    assert pd.isna(found["slope"])
    assert found["intercept"] == pytest.approx(0, abs=1e-9)


def test_risks_that_part_those_admitted_from_the_others_have_no_slope():
    found = evaluate(predictions([0.9, 0.8, 0.3, 0.2], [1, 1, 0, 0]), bootstraps=0).overall.iloc[0]
    assert found["auc"] == 1
    assert pd.isna(found["slope"])


def test_risks_of_exactly_0_and_1_are_taken_to_be_near_them():
    found = evaluate(predictions([0.0, 1.0, 1.0, 0.0], [0, 1, 0, 1]), bootstraps=0).overall.iloc[0]
    assert found["slope"] == pytest.approx(0, abs=1e-9)


def test_net_benefit_is_the_published_formula_with_weights():
    found = evaluate(WEIGHTED, bootstraps=0).net_benefit.set_index("threshold")
    weight, total = KNOWN["weight"], KNOWN["weight"].sum()
    for threshold in (0.05, 0.13, 0.5):
        above = KNOWN["risk"] >= threshold
        true, false = (weight[above & (KNOWN["outcome"] == outcome)].sum() for outcome in (1, 0))
        assert found.loc[threshold, "net_benefit"] == pytest.approx(
            (true - false * threshold / (1 - threshold)) / total
        )
        share = (weight * KNOWN["outcome"]).sum() / total
        assert found.loc[threshold, "treat_all"] == pytest.approx(share - (1 - share) * threshold / (1 - threshold))
        assert found.loc[threshold, "treat_none"] == 0
    assert len(found) == 50


# -- the top of the list ------------------------------------------------------------------------------------


def test_the_top_of_a_list_counts_those_flagged_and_of_them_those_known_and_admitted():
    risks = np.linspace(0.99, 0.01, 40)
    outcomes = [1, 0, 1, 1, *[0] * 16, 1, *[0] * 19]
    known = np.arange(40) != 1
    found = evaluate(predictions(risks, outcomes, known=known), tops=(0.1, 0.5), bootstraps=0).at_top
    columns = ["flagged", "known", "admitted", "admitted_of_all"]
    assert found[columns].to_numpy().tolist() == [[4, 3, 3, 4], [20, 19, 3, 4]]
    assert found["ppv"].to_list() == [1, pytest.approx(3 / 19)]
    assert found["sensitivity"].to_list() == [0.75, 0.75]
    assert found["lift"].to_list() == [pytest.approx(39 / 4), pytest.approx(3 / 19 * 39 / 4)]


def test_a_share_of_the_list_is_the_nearest_whole_number_of_people_and_at_least_one():
    found = evaluate(drawn(130), tops=(0.005, 0.01, 0.02), bootstraps=0).at_top
    assert found["flagged"].to_list() == [1, 1, 3]


def test_people_of_the_same_risk_are_in_an_order_that_rows_and_identifiers_have_no_part_in():
    tied = predictions([0.2] * 100, [1] * 50 + [0] * 50)
    found = [evaluate(tied, tops=(0.2,), bootstraps=0, seed=seed).at_top["admitted"].item() for seed in range(20)]
    assert evaluate(tied, tops=(0.2,), bootstraps=0, seed=3).at_top["admitted"].item() == found[3]
    assert 6 < np.mean(found) < 14
    assert len(set(found)) > 3


def test_the_same_list_is_drawn_for_models_that_say_the_same():
    tied = [predictions([0.2] * 100, [1] * 50 + [0] * 50, model=name) for name in ("one", "other")]
    one, other = evaluate(beside(*tied), tops=(0.2,), bootstraps=0).at_top["admitted"]
    assert one == other


def test_someone_drawn_more_often_than_there_are_places_fills_those_that_are_left():
    people = people_of(predictions([0.9, 0.8, 0.3, 0.1], [1, 0, 1, 0]))
    drawn_often = np.array([[1.0, 3.0, 0.0, 0.0]])
    everyone = np.zeros(4, dtype=int)
    found = top_figures(people, lines(people, 0)[:, 0], drawn_often, 0.5, of=everyone, groups=1)
    assert (found["ppv"].item(), found["sensitivity"].item(), found["lift"].item()) == (0.5, 1, 2)


# -- the curve ----------------------------------------------------------------------------------------------


def test_tenths_hold_people_by_risk_and_have_wilson_limits():
    risks = np.linspace(0.005, 0.995, 100)
    outcomes = ([1] + [0] * 9) * 10
    found = evaluate(predictions(risks, outcomes), bootstraps=0).curve
    assert found["tenth"].to_list() == [*range(1, 11)]
    assert (found["known"] == 10).all()
    assert (found["events"] == 1).all()
    assert found.loc[0, "mean_risk"] == pytest.approx(risks[:10].mean())
    assert found.loc[0, ["observed_lower", "observed_upper"]].to_list() == pytest.approx([0.01788, 0.40415], abs=1e-5)


def test_people_of_the_same_risk_are_in_the_same_tenth():
    found = evaluate(predictions([0.1] * 60 + [0.2] * 40, [1, 0] * 50), bootstraps=0).curve
    assert found["known"].to_list() == [60, 40]


def test_weights_that_are_all_alike_leave_the_limits_of_a_tenth():
    one, other = (evaluate(drawn(500, weight=weight), bootstraps=0).curve for weight in (1.0, 3.0))
    pd.testing.assert_frame_equal(one, other)


def test_the_smooth_curve_is_a_weighted_regression_on_the_published_spline():
    found = evaluate(WEIGHTED, bootstraps=0).smooth
    x = logit(KNOWN["risk"]).to_numpy()
    t = np.quantile(x, [0.05, 0.35, 0.65, 0.95])

    def columns(x):
        def up(k):
            return np.maximum(x - t[k], 0) ** 3

        bends = [up(j) - up(2) * (t[3] - t[j]) / (t[3] - t[2]) + up(3) * (t[2] - t[j]) / (t[3] - t[2]) for j in (0, 1)]
        return np.column_stack([np.ones_like(x), x, *bends])

    fitted = sm.GLM(KNOWN["outcome"], columns(x), family=sm.families.Binomial(), var_weights=KNOWN["weight"]).fit()
    expected = fitted.predict(columns(logit(found["risk"].astype(float).to_numpy())))
    assert found["observed"].astype(float).to_numpy() == pytest.approx(expected, abs=1e-6)
    assert len(found) == 50


def test_a_model_with_few_different_risks_has_no_smooth_curve():
    assert evaluate(predictions([0.1] * 60 + [0.2] * 40, [1, 0] * 50), bootstraps=0).smooth.empty


# -- risks gathered for samples -----------------------------------------------------------------------------


def test_ranges_hold_about_equally_many_people_and_never_both_sides_of_a_threshold():
    risk = RNG.random(20_000)
    cells = ranges(risk, np.arange(1, 51) / 100, most=1_000)
    counts = np.bincount(cells.index)
    assert 1_000 <= len(cells.risk) <= 1_050
    assert counts.max() <= 20
    assert (np.diff(cells.risk) > 0).all()
    for threshold in (0.01, 0.29, 0.5):
        assert ((risk >= threshold) == (cells.risk[cells.index] >= threshold)).all()


def test_figures_of_gathered_risks_are_those_of_the_risks_but_for_chance_far_below_their_limits():
    people = people_of(drawn(20_000, told=lambda x: 0.8 * x))
    ones, everyone = np.ones((1, len(people))), np.zeros(len(people), dtype=int)
    risk = people.risks[:, 0]
    exact, gathered = (
        model_figures(cells.risk, *cells.weights(people, ones, everyone, 1))
        for cells in (every_risk(risk), ranges(risk, np.array([0.1])))
    )
    for name, value in exact.items():
        assert gathered[name].item() == pytest.approx(value.item(), abs=5e-4), name
