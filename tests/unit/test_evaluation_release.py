"""An evaluation at the gate: what is shown, what is null, and that no figure gives a small count back."""

import numpy as np
import pandas as pd
import pytest
from predicted import beside, drawn, predictions

from pcn_analysis import thresholds
from pcn_analysis.anticipatory.evaluation import evaluate, for_release
from pcn_analysis.anticipatory.evaluation.for_release import _steps
from pcn_analysis.anticipatory.evaluation.frames import SMALLEST_SHOWN
from pcn_analysis.provenance import Provenance
from pcn_analysis.release import release

pytestmark = pytest.mark.unit

PEOPLE = Provenance((), people=True)
TABLES = ("overall", "differences", "curve", "smooth", "at_top", "net_benefit", "by_group")
ON_HAND = ("auc", "observed_to_expected", "intercept", "slope")


def released(found, name):
    return release(getattr(for_release, name)(found, PEOPLE)).frame


@pytest.fixture(scope="module")
def found():
    one = drawn(4_000, seed=1, spread=1.4)
    one["sex"] = np.where(np.arange(4_000) % 2 == 0, "female", "male")
    one.loc[one.index[:60], "sex"] = "other"
    admitted = one.index[:60][one["outcome"].iloc[:60] == 1]
    one.loc[admitted[3:], "sex"] = "female"
    return evaluate(beside(one, one.assign(model="half", risk=one["risk"] / 2)), groups=["sex"], bootstraps=50)


def test_the_numbers_here_are_those_of_the_gate():
    assert (SMALLEST_SHOWN, for_release.ROUNDED_TO) == (thresholds.SMALLEST_SHOWN, thresholds.ROUNDED_TO)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_passes_the_gate_with_all_its_rows(found, name):
    assert len(released(found, name)) == len(getattr(found, name)) > 0


@pytest.mark.parametrize("name", TABLES)
def test_an_evaluation_without_groups_or_limits_passes_as_well(name):
    released(evaluate(drawn(300), bootstraps=0), name)


def test_shares_are_of_released_counts(found):
    rows = released(found, "at_top")
    assert (rows["flagged"] % 5 == 0).all()
    shown = rows[rows["ppv"].notna()]
    assert shown["ppv"].to_list() == pytest.approx((shown["admitted"] / shown["known"]).to_list())
    assert shown["sensitivity"].to_list() == pytest.approx((shown["admitted"] / shown["admitted_of_all"]).to_list())
    assert {"ppv_lower", "sensitivity_upper", "lift", "lift_lower"} <= set(rows)


def test_figures_of_a_group_whose_admitted_may_not_be_shown_are_null(found):
    true = found.by_group.set_index(["model", "value"]).loc[("model", "other")]
    assert true["events"] == 3
    row = released(found, "by_group").set_index(["model", "value"]).loc[("model", "other")]
    assert row["people"] == round(true["people"] / 5) * 5
    hidden = [f"{name}{part}" for name in (*ON_HAND, "ppv", "sensitivity") for part in ("", "_lower", "_upper")]
    assert row[["events", "observed", "mean_risk", *hidden]].isna().all()
    assert row["reason"] == "fewer than 8 admitted"
    women = released(found, "by_group").set_index(["model", "value"]).loc[("model", "female")]
    assert women[[*ON_HAND, "ppv", "observed"]].notna().all()
    assert women["reason"] == ""


@pytest.mark.parametrize("admitted", [5, 195])
def test_no_figure_of_people_of_whom_few_were_admitted_or_few_were_not(admitted):
    rng = np.random.default_rng(0)
    few = evaluate(predictions(rng.random(200), rng.permutation(np.arange(200) < admitted) * 1), bootstraps=20)
    row = released(few, "overall").iloc[0]
    counted = ["model", "people", "known", "not_known", "events", "observed", "observed_lower", "observed_upper"]
    assert row.drop(counted).isna().all()
    assert released(few, "differences").empty
    assert released(few, "smooth").empty
    assert released(few, "net_benefit")[["treat_all"]].isna().all(axis=None)


def test_net_benefit_is_null_where_few_are_above_the_threshold_and_0_where_nobody_is():
    risks = np.r_[np.linspace(0.01, 0.3, 196), [0.45] * 4]
    outcomes = np.r_[[1, 0] * 98, [1, 1, 0, 0]]
    rows = released(evaluate(predictions(risks, outcomes), bootstraps=20), "net_benefit").set_index("threshold")
    assert rows.loc[0.1, "net_benefit"] > 0
    assert pd.isna(rows.loc[0.4, "net_benefit"])
    assert pd.isna(rows.loc[0.4, "net_benefit_upper"])
    assert rows.loc[0.5, "net_benefit"] == 0


@pytest.mark.parametrize("admitted", [3, 17], ids=["few admitted", "few not"])
def test_net_benefit_is_null_where_few_above_the_threshold_were_admitted_or_few_were_not(admitted):
    risks = np.r_[[0.1] * 180, [0.45] * 20]
    outcomes = np.r_[[1, 0] * 90, np.arange(20) < admitted]
    rows = released(evaluate(predictions(risks, outcomes), bootstraps=0), "net_benefit").set_index("threshold")
    assert rows["net_benefit"].isna().to_dict() == {at: 0.1 < at <= 0.45 for at in rows.index}


def test_a_ratio_or_a_difference_gives_the_number_admitted_back_no_better_than_to_five():
    """Of 100 people expected with certainty, one more or fewer admitted changes nothing that is shown."""
    shown = set()
    for admitted in (49, 50, 51):
        outcomes = np.arange(100) < admitted
        rows = released(evaluate(predictions(np.linspace(0.9, 0.1, 100), outcomes * 1), bootstraps=0), "overall")
        columns = ["observed_to_expected", "observed_minus_expected", "intercept"]
        shown.add(tuple(rows.loc[0, columns].round(6)))
    assert len(shown) == 1


def test_steps_are_a_twentieth_of_the_interval_or_what_five_people_make():
    width, five = np.array([0.2, 0.21, 0.5, 0.0, 0.1, 0.0]), np.array([0, 0, 0, 0.011, 0.3, 0])
    assert _steps(width, five).tolist() == pytest.approx([0.01, 0.02, 0.05, 0.02, 0.5, 0.0001])


def test_a_released_figure_is_within_half_a_step_of_the_true_one(found):
    true, rows = found.overall, released(found, "overall")
    for name in ("auc", "slope", "brier"):
        width = (true[f"{name}_upper"] - true[f"{name}_lower"]).astype(float)
        assert ((rows[name] - true[name]).abs() <= np.maximum(width / 20 * 2.5, 0.005) / 2 + 1e-9).all()
    assert rows["auc_lower"][0] < rows["auc"][0] < rows["auc_upper"][0]
