"""Who is evaluated, groups, limits from samples of people, and what is said of bad predictions."""

import json

import numpy as np
import pandas as pd
import pytest
from predicted import beside, drawn, predictions, same

from pcn_analysis.anticipatory.evaluation import Evaluation, evaluate
from pcn_analysis.exceptions import PcnAnalysisError

pytestmark = pytest.mark.unit

GROUPS = ("sex", "practice_name")


def with_groups(frame, seed=3):
    rng = np.random.default_rng(seed)
    return frame.assign(
        sex=rng.choice(["female", "male"], len(frame)),
        practice_name=rng.choice(["North", "South", None], len(frame), p=[0.6, 0.39, 0.01]),
    )


@pytest.fixture(scope="module")
def two_models():
    one = with_groups(drawn(3_000, seed=1))
    other = one.assign(model="worse", risk=np.random.default_rng(2).permutation(one["risk"]))
    return beside(one, other)


@pytest.fixture(scope="module")
def found(two_models):
    return evaluate(two_models, groups=GROUPS, bootstraps=100)


def problems(frame, **options):
    with pytest.raises(PcnAnalysisError) as caught:
        evaluate(frame, **({"bootstraps": 0} | options))
    return str(caught.value)


# -- groups and limits --------------------------------------------------------------------------------------


def test_every_value_of_every_group_has_a_row_for_each_model_and_those_without_one_are_not_known(found):
    rows = found.by_group[["model", "group", "value"]].to_numpy().tolist()
    values = [["sex", "female"], ["sex", "male"], *(["practice_name", one] for one in ("North", "South", "not known"))]
    assert rows == [[model, *pair] for model in ("model", "worse") for pair in values]
    sums = found.by_group.groupby(["model", "group"])[["people", "events", "flagged"]].sum()
    assert (sums == [3_000, found.overall["events"][0], 150]).all(axis=None)


def test_figures_of_a_group_are_those_of_its_people_alone(found, two_models):
    women = two_models[two_models["sex"] == "female"]
    alone = evaluate(women, bootstraps=0).overall.set_index("model")
    group = found.by_group[found.by_group["value"] == "female"].set_index("model")
    for name in ("people", "events", "auc", "observed_to_expected", "intercept", "slope", "observed", "mean_risk"):
        assert group[name].to_list() == pytest.approx(alone[name].to_list()), name


def test_groups_are_of_the_top_of_the_list_of_everyone(found, two_models):
    one = two_models[two_models["model"] == "model"]
    top = one.nlargest(150, "risk")
    men = found.by_group.query("model == 'model' and value == 'male'").iloc[0]
    flagged = top[top["sex"] == "male"]
    assert (men["flagged"], men["flagged_events"]) == (len(flagged), flagged["outcome"].sum())
    assert men["ppv"] == pytest.approx(flagged["outcome"].mean())
    assert men["sensitivity"] == pytest.approx(flagged["outcome"].sum() / men["events"])


def test_a_group_with_too_few_has_no_figures_and_says_why():
    outcomes = [1, 0] * 20 + [1] * 7 + [0] * 20 + [1] * 20 + [0] * 7 + [1, 0, 1]
    group = ["enough"] * 40 + ["few admitted"] * 27 + ["few others"] * 27 + ["few"] * 3
    kinds = pd.CategoricalDtype(["enough", "few admitted", "few others", "few", "nobody"])
    frame = predictions(np.linspace(0.9, 0.1, 97), outcomes, kind=pd.Series(group, dtype=kinds))
    rows = evaluate(frame, groups=["kind"], bootstraps=20).by_group.set_index("value")
    assert rows["reason"].to_dict() == {
        "enough": "",
        "few admitted": "fewer than 8 admitted",
        "few others": "fewer than 8 not admitted",
        "few": "fewer than 8 people whose outcome is known",
        "nobody": "fewer than 8 people whose outcome is known",
    }
    figures = rows[[name for name in rows if rows[name].dtype == "Float64"]]
    assert figures.loc["enough"].notna().all()
    assert figures.drop("enough").isna().all(axis=None)
    assert rows["people"].to_list() == [40, 27, 27, 3, 0]


def test_limits_are_percentiles_of_figures_of_samples_of_people():
    frame = drawn(300)
    rng, risk, outcome = np.random.default_rng(9), frame["risk"].to_numpy(), frame["outcome"].to_numpy()
    means = []
    for _ in range(2_000):
        sample = rng.integers(300, size=300)
        means.append(outcome[sample].mean() / risk[sample].mean())
    overall = evaluate(frame, bootstraps=1_000).overall.iloc[0]
    limits = overall[["observed_to_expected_lower", "observed_to_expected_upper"]].to_list()
    assert limits == pytest.approx(np.quantile(means, [0.025, 0.975]).tolist(), rel=0.03)


def test_limits_of_the_top_are_those_of_samples_ranked_anew():
    frame = drawn(400, spread=1.5)
    rng, risk, outcome = np.random.default_rng(9), frame["risk"].to_numpy(), frame["outcome"].to_numpy()
    shares = []
    for _ in range(2_000):
        sample = rng.integers(400, size=400)
        shares.append(outcome[sample][np.argsort(-risk[sample], kind="stable")[:40]].mean())
    top = evaluate(frame, tops=(0.1,), bootstraps=1_000).at_top.iloc[0]
    assert top[["ppv_lower", "ppv_upper"]].to_list() == pytest.approx(
        np.quantile(shares, [0.025, 0.975]).tolist(), abs=0.03
    )


def test_differences_are_of_the_same_samples_so_that_models_that_say_the_same_differ_by_nothing(found):
    frame = drawn(500)
    twins = evaluate(beside(frame, frame.assign(model="twin")), bootstraps=50).differences
    assert (twins[["auc", "auc_lower", "auc_upper", "brier_lower"]] == 0).all(axis=None)
    pair = found.differences.set_index(["model", "other_model"])
    assert pair.loc[("model", "worse"), "auc"] == pytest.approx(found.overall["auc"][0] - found.overall["auc"][1])
    assert pair.loc[("model", "worse"), "auc_lower"] > 0
    assert pair.loc[("worse", "model"), "auc_upper"] == pytest.approx(-pair.loc[("model", "worse"), "auc_lower"])


def test_without_samples_there_are_no_limits(two_models):
    found = evaluate(two_models, groups=GROUPS, bootstraps=0)
    assert found.overall.filter(regex="_(lower|upper)$").isna().all(axis=None)
    assert found.overall["auc"].notna().all()


def test_the_same_seed_gives_the_same_limits_and_another_gives_others(two_models, found):
    assert same(found, evaluate(two_models, groups=GROUPS, bootstraps=100))
    other = evaluate(two_models, groups=GROUPS, bootstraps=100, seed=1)
    assert (other.overall["auc"] == found.overall["auc"]).all()
    assert (other.overall["auc_lower"] != found.overall["auc_lower"]).all()


def test_people_whose_outcome_is_not_known_are_on_the_list_and_in_no_figure():
    frame = drawn(400)
    lost = predictions(np.full(10, 0.999), [None] * 10, known=False, weight=np.nan)
    lost["person_id"] = [f"lost{n}" for n in range(10)]
    one, other = (evaluate(rows, tops=(0.05,), bootstraps=0) for rows in (frame, beside(frame, lost)))
    assert one.overall["auc"].item() == other.overall["auc"].item()
    assert other.at_top[["flagged", "known"]].to_numpy().tolist() == [[21, 11]]
    assert other.overall[["people", "known", "not_known"]].to_numpy().tolist() == [[410, 400, 10]]


def test_rows_of_a_person_are_found_whatever_their_order(two_models, found):
    assert same(found, evaluate(two_models.sample(frac=1, random_state=1), groups=GROUPS, bootstraps=100))


def test_models_without_identifiers_are_taken_to_be_of_the_same_people_in_order(two_models, found):
    assert evaluate(two_models.drop(columns="person_id"), bootstraps=0).overall["auc"].to_list() == pytest.approx(
        found.overall["auc"].to_list()
    )


def test_an_evaluation_is_the_same_after_json(found):
    read = Evaluation.from_dict(json.loads(json.dumps(found.to_dict())))
    assert same(read, found)
    assert (read.bootstraps, read.seed) == (100, 0)
    bare = evaluate(drawn(200), bootstraps=0)
    assert same(Evaluation.from_dict(json.loads(json.dumps(bare.to_dict()))), bare)


# -- bad input ----------------------------------------------------------------------------------------------


def test_everything_that_is_wrong_is_said_at_once_with_how_many():
    frame = predictions(
        [0.1, 1.2, None, 0.4, -0.1, 0.5], [0, 1, 2, None, 0, 1], weight=[1, -1, None, 1, np.inf, 1], area=None
    )
    assert problems(frame, groups=["area"]).splitlines() == [
        "predictions.risk: 3 of 6 rows hold no number from 0 to 1. Give chances, and leave nobody out.",
        "predictions.outcome: 2 of 6 rows whose outcome is known hold neither 0 nor 1. "
        "Give 1 for admitted and 0 for not, or say that it is not known.",
        "predictions.weight: 3 of 6 rows whose outcome is known hold no number from 0 up. "
        "Give each person a weight, 1 if all are alike.",
        "predictions.area: none of 6 rows holds a value. Leave the column out of groups, or fill it.",
    ]


@pytest.mark.parametrize(("outcomes", "admitted"), [([0] * 5, 0), ([1] * 5, 5)], ids=["nobody", "everybody"])
def test_one_class_is_refused(outcomes, admitted):
    message = problems(predictions([0.1, 0.2, 0.3, 0.4, 0.5], outcomes))
    assert f"{admitted} of 5 people whose outcome is known, with a weight above 0, were admitted" in message


def test_admitted_people_without_any_weight_do_not_count():
    assert "0 of 3 people" in problems(predictions([0.1, 0.2, 0.3, 0.4], [1, 0, 0, 0], weight=[0, 1, 1, 1]))


def test_nobody_of_known_outcome_is_refused():
    assert "0 of 0 people" in problems(predictions([0.1, 0.2], [1, 0], known=False))


def test_columns_and_rows_that_are_not_there_are_named():
    frame = drawn(20)
    assert "there is no column risk and sex" in problems(frame.drop(columns="risk"), groups=["sex"])
    assert "there are no rows" in problems(frame.head(0))


def test_models_of_different_people_are_refused():
    frame = drawn(20)
    assert "5 of 20 people are not in all of 2 models" in problems(beside(frame, frame.head(15).assign(model="other")))
    assert "20 rows repeat a person" in problems(beside(frame, frame))


def test_people_of_whom_models_say_different_things_are_refused():
    frame = drawn(20)
    other = frame.assign(model="other", outcome=1 - frame["outcome"])
    assert "predictions.outcome: 20 of 20 people have another value with another model" in problems(
        beside(frame, other)
    )
    moved = beside(frame, frame.assign(model="other")).drop(columns="person_id")
    moved.loc[20:, "outcome"] = frame["outcome"].to_numpy()[::-1]
    assert "where rows have no person_id, keep them in one order" in problems(moved)


def test_shares_and_samples_that_cannot_be_are_refused():
    message = problems(drawn(20), tops=(0.0, 0.1, 5), bootstraps=-1)
    assert "tops: 2 of 3 are not above 0 and at most 1" in message
    assert "bootstraps: -1 samples cannot be drawn" in message


def test_no_message_names_a_person_or_a_value():
    frame = predictions([0.1, 7.125, 0.3], [1, 0, 0], person_id=["secret-1", "secret-2", "secret-3"])
    message = problems(frame)
    assert "secret" not in message
    assert "7.125" not in message
