"""Segments are found where they are, are said not to be where they are not, and are the same every time."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.segmentation.found import FoundSegments
from pcn_analysis.segmentation.found.choosing import adjusted_rand, jaccard
from pcn_analysis.segmentation.found.models import Solution, correspondence, latent_classes
from pcn_analysis.segmentation.found.naming import over_represented, segment_names

pytestmark = pytest.mark.unit

CONDITIONS = ["asthma", "atrial fibrillation", "copd", "dementia", "depression", "diabetes", "gout", "heart failure"]
KINDS = {
    "few": (0.70, [0.03, 0.01, 0.01, 0.01, 0.04, 0.03, 0.02, 0.01]),
    "heart": (0.20, [0.05, 0.80, 0.10, 0.10, 0.10, 0.70, 0.60, 0.85]),
    "lungs": (0.10, [0.90, 0.05, 0.85, 0.05, 0.75, 0.05, 0.05, 0.05]),
}
"""Three kinds of people: their share, and how common each condition is among them."""
QUICK = {"starts": 4, "bootstraps": 8, "numbers": (2, 3, 4)}
METHODS = ["latent_classes", "correspondence"]


def people_of(kinds, number=2500, seed=1):
    """People drawn from known kinds, and the kind of each."""
    draws = np.random.default_rng(seed)
    kind = draws.choice(len(kinds), size=number, p=[share for share, _ in kinds.values()])
    common = np.array([shares for _, shares in kinds.values()])
    return pd.DataFrame(draws.random((number, common.shape[1])) < common[kind], columns=CONDITIONS), kind


def agreement(first, second):
    return adjusted_rand(np.asarray(first), np.asarray(second), np.ones(len(first)))


@pytest.fixture(scope="module")
def three():
    return people_of(KINDS)


@pytest.fixture(scope="module", params=METHODS)
def found(request, three):
    return FoundSegments(request.param, **QUICK).fit(three[0])


@pytest.fixture(scope="module")
def noise():
    """People whose conditions go together by chance alone, and that nothing was found among them."""
    people = people_of(NOISE)[0]
    return people, FoundSegments(**QUICK).fit(people)


@pytest.fixture(scope="module")
def latent(three):
    return FoundSegments(**QUICK).fit(three[0])


NOISE = {"everyone": (1.0, [0.30, 0.20, 0.15, 0.10, 0.10, 0.05, 0.05, 0.05])}


# -- what is there is found ----------------------------------------------------------------------------------


def test_known_kinds_of_people_are_found_again(found, three):
    assert (found.n_segments_, found.stable_) == (3, True)
    assert agreement(found.predict(three[0]), three[1]) > 0.85


def test_new_people_go_where_people_like_them_are(found):
    new, kind = people_of(KINDS, seed=2)
    assert agreement(found.predict(new), kind) > 0.85
    assert np.array_equal(found.predict(new), found.predict_proba(new).argmax(axis=1))
    assert np.allclose(found.predict_proba(new).sum(axis=1), 1)


def test_the_largest_segment_comes_first_and_is_named_by_what_stands_out(found):
    few, heart, lungs = found.segment_names_
    assert few == "Few long-term conditions"
    assert heart == "heart failure; atrial fibrillation; diabetes; and 1 more"
    assert lungs == "asthma; copd; depression"
    assert (np.diff(found.solution_.weights) < 0).all()


def test_the_reason_for_the_number_is_said(latent):
    assert latent.why_.startswith("3 segments have the lowest BIC, and each is found again in bootstrap samples")
    assert latent.criteria_["n_segments"].to_list() == [1, 2, 3, 4]
    assert (latent.stability_["jaccard"] >= 0.75).all()


def test_latent_classes_are_those_of_stepmix(three):
    from stepmix.stepmix import StepMix

    patterns, people = three[0].to_numpy(dtype=float), np.ones(len(three[0]))
    ours = latent_classes(patterns, people, n_segments=3, seed=0, starts=1)
    theirs = StepMix(n_components=3, measurement="binary", random_state=0, abs_tol=1e-6, progress_bar=0).fit(patterns)
    assert np.allclose(ours.memberships(patterns), theirs.predict_proba(patterns))
    assert ours.log_likelihood(patterns, people) == pytest.approx(theirs.score(patterns) * len(patterns))
    assert ours.parameters == theirs.n_parameters


def test_correspondence_of_yes_and_no_is_that_of_the_indicator_matrix(three):
    """By the definition of correspondence analysis: singular vectors of the residuals of all yes and no columns."""
    values = three[0].to_numpy(dtype=float)
    both = np.hstack([values, 1 - values]) / values.size
    rows, columns = both.sum(axis=1, keepdims=True), both.sum(axis=0, keepdims=True)
    left, inertia, _ = np.linalg.svd((both - rows @ columns) / np.sqrt(rows @ columns), full_matrices=False)
    kept = inertia**2 > 1 / values.shape[1]
    expected = (left / np.sqrt(rows) * inertia)[:, kept]
    solution = correspondence(values, np.ones(len(values)), n_segments=3, seed=0, starts=2)
    placed = (values - solution.means) @ solution.axes
    scale = np.sqrt((expected**2).sum() / (placed**2).sum())
    assert placed.shape == expected.shape
    assert np.allclose(placed @ placed[:50].T * scale**2, expected @ expected[:50].T)


# -- what is not there is not --------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_conditions_that_go_together_by_chance_make_no_segments(method, noise):
    found = noise[1] if method == "latent_classes" else FoundSegments(method, **QUICK).fit(noise[0])
    assert (found.n_segments_, found.stable_, found.segment_names_) == (None, False, [])
    assert found.why_.startswith("No segments were found: conditions occur together no more than by chance")


def test_segments_that_bootstrap_samples_do_not_find_again_are_not_chosen():
    """People along a line from well to ill: better described by several classes than by one, and never cut alike."""
    draws = np.random.default_rng(3)
    burden = draws.normal(size=(1000, 1))
    people = pd.DataFrame(draws.random((1000, 8)) < 1 / (1 + np.exp(1 - burden)), columns=CONDITIONS)
    found = FoundSegments(starts=2, bootstraps=8, numbers=(3,)).fit(people)
    assert found.criteria_["bic"][1] < found.criteria_["bic"][0]
    assert (found.stable_, found.n_segments_) == (False, None)
    assert found.why_.startswith("No stable solution was found: with 3 segments, at least one is not found again")
    assert found.stability_["jaccard"].min() < 0.75
    assert found.stability_["bootstraps"].max() < 8  # no further draw could have changed that


def test_without_segments_nobody_is_put_into_one(noise):
    people, found = noise
    with pytest.raises(PcnAnalysisError, match="conditions occur together no more than by chance"):
        found.predict(people)


def test_a_number_that_was_asked_for_is_kept_and_said_not_to_be_stable(noise):
    people = noise[0]
    found = FoundSegments(n_segments=3, starts=1, bootstraps=2).fit(people)
    assert (found.n_segments_, found.stable_) == (3, False)
    assert len(found.stability_) == 3, "how stable each is can be read"
    assert found.why_.startswith("3 segments were asked for. No segments were found")
    assert set(found.predict(people)) <= {0, 1, 2}


# -- the same every time -------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_segments(found, three):
    again = clone(found).set_params(numbers=(3, 4)).fit(three[0])
    assert np.array_equal(again.solution_.shares, found.solution_.shares)
    assert again.segment_names_ == found.segment_names_
    assert again.stability_.equals(found.stability_)


def test_where_nothing_is_to_be_found_what_comes_out_follows_from_the_seed(noise):
    made = [FoundSegments(n_segments=3, starts=1, bootstraps=1, random_state=seed).fit(noise[0]) for seed in (1, 2)]
    assert not np.array_equal(made[0].solution_.shares, made[1].solution_.shares)


def test_the_criterion_counts_people_and_free_numbers(latent, three):
    table = latent.criteria_.set_index("n_segments")
    assert table["parameters"].to_dict() == {1: 8, 2: 17, 3: 26, 4: 35}
    expected = table["parameters"] * np.log(len(three[0])) - 2 * table["log_likelihood"]
    assert table["bic"].to_list() == pytest.approx(expected.to_list())


def test_another_seed_gives_the_same_names(found, three):
    other = clone(found).set_params(random_state=11, numbers=(3,)).fit(three[0])
    assert other.segment_names_ == found.segment_names_


def test_people_counted_by_pattern_give_what_they_give_one_by_one(latent, three):
    counted = three[0].groupby(CONDITIONS).size().rename("people").reset_index()
    again = FoundSegments(**QUICK).fit(counted[CONDITIONS], sample_weight=counted["people"])
    assert np.array_equal(again.solution_.shares, latent.solution_.shares)


# -- what is missing -----------------------------------------------------------------------------------------


def test_what_is_not_assessed_or_rare_is_left_out_and_named(three):
    people = three[0].assign(epilepsy=pd.NA, sinusitis=np.arange(len(three[0])) < 8)
    found = FoundSegments(**QUICK).fit(people)
    assert (found.not_assessed_, found.rare_) == (["epilepsy"], ["sinusitis"])
    assert found.feature_names_ == CONDITIONS


def test_a_condition_of_just_the_least_share_is_used():
    people = pd.DataFrame({"asthma": [1, 1, 0, 0], "copd": [1, 0, 1, 0], "gout": [0, 0, 0, 1]})
    found = FoundSegments(n_segments=2, starts=1, bootstraps=1, rarest=0.25).fit(people, sample_weight=[9, 1, 20, 10])
    assert (found.rare_, found.feature_names_) == ([], ["asthma", "copd", "gout"])


@pytest.mark.parametrize("method", METHODS)
def test_a_value_that_is_missing_of_some_is_not_taken_for_no(method, three):
    values, kind = three[0].astype("boolean"), three[1]
    unknown = np.random.default_rng(4).random(values.shape) < 0.1
    found = FoundSegments(method, n_segments=3, starts=4, bootstraps=2).fit(values.mask(unknown))
    assert agreement(found.predict(values.mask(unknown)), kind) > 0.7
    assert np.abs(found.overall_ - values.astype(float).mean().to_numpy()).max() < 0.02


def test_someone_of_whom_nothing_is_known_is_put_into_no_segment(found, three):
    nothing = pd.DataFrame({name: [pd.NA] for name in CONDITIONS})
    some = pd.concat([nothing, three[0].head(2)], ignore_index=True)
    assert found.predict(some).tolist() == [-1, *found.predict(three[0].head(2))]
    assert np.isnan(found.predict_proba(some)).all(axis=1).tolist() == [True, False, False]


def test_people_of_whom_nothing_is_known_change_nothing_that_is_found(three):
    nothing = pd.DataFrame({name: [pd.NA] * 900 for name in CONDITIONS})
    settings = {"n_segments": 3, "starts": 2, "bootstraps": 2}
    plain = FoundSegments(**settings).fit(three[0])
    more = FoundSegments(**settings).fit(pd.concat([three[0], nothing], ignore_index=True))
    assert more.criteria_.equals(plain.criteria_)
    assert np.array_equal(more.solution_.weights, plain.solution_.weights)
    assert more.stability_.equals(plain.stability_)


def test_people_without_a_column_are_refused_by_its_name(latent, three):
    with pytest.raises(PcnAnalysisError, match="no column copd, gout"):
        latent.predict(three[0].drop(columns=["copd", "gout"]))


# -- what is asked wrongly -----------------------------------------------------------------------------------


def test_everything_that_is_asked_wrongly_is_said_at_once(three):
    with pytest.raises(PcnAnalysisError) as caught:
        FoundSegments("latent_class", n_segments=1, starts=0).fit(three[0])
    assert [one.where for one in caught.value.problems] == ["method", "number of segments", "starts"]
    assert "Did you mean latent_classes?" in str(caught.value)


def test_values_that_are_neither_yes_nor_no_are_refused_without_being_shown(three):
    with pytest.raises(PcnAnalysisError, match="copd: values are neither yes nor no") as caught:
        FoundSegments().fit(three[0].assign(copd=73))
    assert "73" not in str(caught.value)


def test_too_few_conditions_or_patterns_are_refused(three):
    with pytest.raises(PcnAnalysisError, match="1 conditions are assessed and common enough"):
        FoundSegments().fit(three[0][["copd"]])
    with pytest.raises(PcnAnalysisError, match="4 patterns of conditions, too few for 4 segments"):
        FoundSegments(n_segments=4).fit(three[0][["copd", "gout"]])
    with pytest.raises(PcnAnalysisError, match="4 patterns of conditions, too few for 8 segments"):
        FoundSegments().fit(three[0][["copd", "gout"]])


def test_nothing_is_predicted_before_anything_is_found(three):
    with pytest.raises(PcnAnalysisError, match="Call fit first"):
        FoundSegments().predict(three[0])


# -- measures, by hand ---------------------------------------------------------------------------------------


def test_jaccard_counts_people_not_patterns():
    first, second = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert jaccard(first, second, np.array([90.0, 10.0, 60.0, 40.0])).tolist() == [90 / 100, 100 / 110]


def test_the_adjusted_rand_index_is_that_of_scikit_learn():
    from sklearn.metrics import adjusted_rand_score

    first, second = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 0, 1, 2, 2, 2])
    people = np.array([3, 1, 4, 1, 5, 9])
    expected = adjusted_rand_score(np.repeat(first, people), np.repeat(second, people))
    assert adjusted_rand(first, second, people.astype(float)) == pytest.approx(expected)


def test_a_condition_stands_out_from_twice_as_common_and_a_fifth_of_the_segment():
    solution = Solution(np.array([0.5, 0.5]), np.array([[0.20, 0.19, 0.9], [0.0, 0.0, 0.3]]))
    table = over_represented(solution, ["a", "b", "c"], np.array([0.10, 0.095, 0.6]))
    standing = table[table["stands_out"]]
    assert standing[["segment", "condition"]].to_numpy().tolist() == [[0, "a"]]
    assert standing["exclusivity"].to_list() == [1.0]


def test_names_are_never_given_twice():
    alike = Solution(np.array([0.6, 0.3, 0.1]), np.array([[0.0, 0.0], [0.9, 0.0], [0.8, 0.0]]))
    assert segment_names(alike, ["a", "b"], np.array([0.35, 0.01])) == ["Few long-term conditions", "a (1)", "a (2)"]
