"""Models of the chance of an admission: what they learn, and what they must not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from pcn_analysis.anticipatory.admission.models import BASELINES, BOOSTING, FULL, LOGISTIC, fit_model, present
from pcn_analysis.exceptions import PcnAnalysisError

pytestmark = pytest.mark.unit

COLUMNS = ["age", "sex", "has_copd", "has_dementia", "nel_12m", "efi_deficits"]
PEOPLE = 4000


@pytest.fixture(scope="module")
def learnt():
    """People whose chance bends with age, rises with COPD and with deficits, and of whom sex is not always known."""
    rng = np.random.default_rng(4)
    age = rng.uniform(18, 95, PEOPLE)
    copd = rng.random(PEOPLE) < 0.1
    deficits = rng.poisson(age / 20)
    sex = np.where(rng.random(PEOPLE) < 0.05, np.nan, rng.integers(0, 2, PEOPLE))
    true = -2.5 + ((age - 45) / 25) ** 2 * 0.5 + 1.2 * copd + 0.1 * deficits
    values = pd.DataFrame(
        {
            "age": age,
            "sex": sex,
            "has_copd": copd * 1.0,
            "has_dementia": 0.0,
            "nel_12m": np.log1p(rng.poisson(0.1, PEOPLE)),
            "efi_deficits": deficits * 1.0,
        }
    )
    admitted = pd.Series(rng.random(PEOPLE) < 1 / (1 + np.exp(-true)))
    practices = pd.Series([f"A{i % 6}" for i in range(PEOPLE)])
    return values, admitted, pd.Series(1.0, index=values.index), practices


def half(learnt, first):
    return [part.iloc[: PEOPLE // 2] if first else part.iloc[PEOPLE // 2 :].reset_index(drop=True) for part in learnt]


@pytest.mark.parametrize("name", FULL)
def test_a_model_tells_other_people_apart_and_its_risks_are_about_right(name, learnt):
    values, admitted, _, _ = half(learnt, first=False)
    risk = fit_model(name, *half(learnt, first=True)).risk(values)
    assert roc_auc_score(admitted, risk) > 0.65
    assert risk.mean() == pytest.approx(admitted.mean(), rel=0.2)
    assert ((risk > 0) & (risk < 1)).all()


@pytest.mark.parametrize("name", FULL)
def test_with_shuffled_labels_a_model_learns_nothing(name, learnt):
    """Twenty shuffles: the mean area under the curve is 0.5 within three standard errors of the mean."""
    values, admitted, weight, practices = half(learnt, first=True)
    other, outcome, _, _ = half(learnt, first=False)
    found = []
    for seed in range(4 if name == BOOSTING else 20):
        shuffled = admitted.sample(frac=1, random_state=seed).reset_index(drop=True)
        truth = outcome.sample(frac=1, random_state=seed + 100).reset_index(drop=True)
        found.append(roc_auc_score(truth, fit_model(name, values, shuffled, weight, practices).risk(other)))
    events = int(outcome.sum())
    error = np.sqrt((1 / events + 1 / (PEOPLE / 2 - events)) / 12 / len(found))
    assert abs(np.mean(found) - 0.5) < 3 * error


@pytest.mark.parametrize("name", [*FULL, "Age alone"])
def test_the_same_people_give_the_same_risks_to_the_last_bit(name, learnt):
    one, other = (fit_model(name, *learnt).risk(learnt[0]) for _ in range(2))
    assert (one == other).all()


def test_a_bend_that_a_straight_line_cannot_follow_is_learnt(learnt):
    risk = fit_model("Age alone", *learnt).risk(pd.DataFrame({"age": [20.0, 45.0, 90.0]}))
    assert risk[0] > risk[1] < risk[2]


def test_beyond_the_ages_that_were_seen_the_risk_stays_level(learnt):
    risk = fit_model("Age alone", *learnt).risk(pd.DataFrame({"age": [95.0, 110.0]}))
    assert risk[1] == pytest.approx(risk[0], rel=0.01)


def test_people_of_weight_0_are_not_read(learnt):
    values, admitted, weight, practices = learnt
    left = pd.Series(np.arange(PEOPLE) % 10 == 0)
    weight = weight.mask(left, 0.0)
    turned = admitted.mask(left, ~admitted)
    first = fit_model(LOGISTIC, values, admitted, weight, practices).risk(values)
    assert (first == fit_model(LOGISTIC, values, turned, weight, practices).risk(values)).all()


def test_admissions_of_weight_0_are_none(learnt):
    values, admitted, weight, practices = learnt
    with pytest.raises(PcnAnalysisError, match="0 of"):
        fit_model(LOGISTIC, values, admitted, weight.mask(admitted, 0.0), practices)


def test_calibration_draws_in_the_risks_of_trees_that_learnt_their_own_people_by_heart(learnt):
    values, admitted, weight, practices = half(learnt, first=True)
    noise = pd.Series(np.random.default_rng(1).permutation(admitted))
    model = fit_model(BOOSTING, values, noise, weight, practices)
    uncalibrated = replace(model, calibration=None)
    assert model.risk(values).std() < uncalibrated.risk(values).std() / 2
    assert uncalibrated.risk(values).mean() == pytest.approx(model.risk(values).mean(), rel=0.1)


def test_a_person_of_weight_2_counts_as_two(learnt):
    values, admitted, weight, practices = (part.iloc[:500] for part in learnt)
    double = [pd.concat([part, part.iloc[:100]], ignore_index=True) for part in (values, admitted, weight, practices)]
    heavy = weight.mask(pd.Series(range(500)) < 100, 2.0)
    one = fit_model("Age alone", values, admitted, heavy, practices).risk(values)
    assert one == pytest.approx(fit_model("Age alone", *double).risk(values), abs=1e-6)


@pytest.mark.parametrize("name", FULL)
def test_a_missing_value_is_no_error_and_not_zero(name, learnt):
    row = learnt[0].iloc[[0]].assign(age=80.0)
    risk = fit_model(name, *learnt).risk(pd.concat([row, row.assign(efi_deficits=np.nan), row.assign(age=np.nan)]))
    assert np.isfinite(risk).all()


@pytest.mark.parametrize(("admitted", "said"), [(False, "0 of"), (True, "4,000 of")])
def test_one_kind_of_outcome_is_an_error_that_says_so(admitted, said, learnt):
    values, outcome, weight, practices = learnt
    with pytest.raises(PcnAnalysisError, match=f"cannot be fitted: {said} 4,000 people"):
        fit_model(LOGISTIC, values, outcome.where(outcome == admitted, admitted), weight, practices)


def test_one_practice_or_practices_with_one_kind_of_outcome_can_still_be_calibrated(learnt):
    values, admitted, weight, practices = learnt
    alone = fit_model(BOOSTING, values, admitted, weight, practices.mask(practices != "", "A1"))
    apart = fit_model(BOOSTING, values, admitted, weight, pd.Series(np.where(admitted, "A1", "A2")))
    for model in (alone, apart):
        assert model.risk(values).mean() == pytest.approx(admitted.mean(), rel=0.1)


def test_a_baseline_reads_one_column_and_is_there_only_with_it(learnt):
    assert fit_model("Age alone", *learnt).columns == ("age",)
    assert present([*FULL, *BASELINES], ["age", "nel_12m"]) == [
        *FULL,
        "Age alone",
        "Earlier emergency admissions alone",
    ]
