"""How far two groupings agree, by hand and against scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.concordance import adjusted_rand, concordance, normalised_mutual_information

pytestmark = pytest.mark.unit

ONE = pd.Series({"A1": "U1", "A2": "U1", "B1": "U2", "B2": "U2", "C1": "U3", "C2": "U3"})
OTHER = pd.Series({"A1": "X", "A2": "X", "B1": "Y", "B2": "X", "C1": "Y", "C2": "Z"})
LISTS = pd.Series({"A1": 10, "A2": 20, "B1": 5, "B2": 7, "C1": 30, "C2": 1})


def test_groups_are_matched_so_that_most_patients_stay():
    """Y goes with U3, where C1 has 30 patients; U2 keeps none, and Z is left over."""
    found = concordance(ONE, OTHER, LISTS)
    kept = {(row.group, row.other): row.patients for row in found.matching.itertuples()}
    assert kept == {("U1", "X"): 30, ("U3", "Y"): 30}
    assert (found.moved_patients, found.moved_practices) == (5 + 7 + 1, 3)
    assert found.moved_share == pytest.approx(13 / 73)


def test_of_matchings_that_keep_as_many_patients_the_one_that_keeps_more_practices_is_taken():
    one = pd.Series({"A": "U1", "B": "U1", "C": "U1"})
    other = pd.Series({"A": "X", "B": "Y", "C": "Y"})
    found = concordance(one, other, pd.Series({"A": 10, "B": 4, "C": 6}))
    assert found.matching["other"].to_list() == ["Y"]
    assert found.moved_practices == 1


def test_indices_of_practices_are_those_of_scikit_learn():
    found = concordance(ONE, OTHER, LISTS)
    assert found.adjusted_rand == pytest.approx(metrics.adjusted_rand_score(ONE, OTHER))
    assert found.adjusted_mutual_information == pytest.approx(metrics.adjusted_mutual_info_score(ONE, OTHER))


def test_indices_of_patients_are_those_of_everyone_written_out():
    everyone = [(ONE[code], OTHER[code]) for code, size in LISTS.items() for _ in range(size)]
    one, other = zip(*everyone, strict=True)
    found = concordance(ONE, OTHER, LISTS)
    assert found.adjusted_rand_patients == pytest.approx(metrics.adjusted_rand_score(one, other))
    assert found.mutual_information_patients == pytest.approx(metrics.normalized_mutual_info_score(one, other))


def test_the_same_grouping_under_other_names_agrees_wholly():
    found = concordance(ONE, ONE.map({"U1": "Z", "U2": "X", "U3": "Y"}), LISTS)
    assert found.adjusted_rand == found.adjusted_rand_patients == 1
    assert found.adjusted_mutual_information == pytest.approx(1)
    assert found.mutual_information_patients == pytest.approx(1)
    assert (found.moved_patients, found.moved_practices, found.moved_share) == (0, 0, 0)


def test_practices_in_a_group_of_one_only_are_left_out_and_counted():
    one, other = ONE.copy(), OTHER.drop("A1")
    one["B1"] = None
    found = concordance(one, other, LISTS)
    assert (found.practices, found.left_out, found.left_out_patients) == (4, 2, 15)
    assert found.patients + found.left_out_patients == LISTS.sum()


def test_a_practice_in_no_group_of_either_is_none_of_its_business():
    one, other = ONE.copy(), OTHER.copy()
    one["A1"] = other["A1"] = None
    assert concordance(one, other, LISTS).left_out == 0


def test_a_practice_without_a_list_counts_as_a_practice_and_no_patients():
    found = concordance(ONE, OTHER, LISTS.drop("C2"))
    assert (found.practices, found.patients) == (6, 72)


def test_more_groups_on_one_side_leave_some_over():
    found = concordance(ONE, pd.Series("all", ONE.index), LISTS)
    assert found.groups == (3, 1)
    assert found.matching["group"].to_list() == ["U3"]
    assert found.moved_patients == LISTS.sum() - 31


def test_what_cannot_be_compared_is_not_a_number():
    found = concordance(ONE, pd.Series({"Z": "X"}), LISTS)
    assert found.practices == 0
    assert np.isnan([found.adjusted_rand, found.adjusted_mutual_information, found.moved_share]).all()
    assert np.isnan(adjusted_rand(np.array([[1.0]])))
    assert np.isnan(normalised_mutual_information(np.zeros((2, 2))))


def test_two_groupings_that_part_nobody_agree():
    assert adjusted_rand(np.array([[5.0]])) == 1
    assert normalised_mutual_information(np.array([[5.0]])) == 1


def test_a_practice_named_twice_is_refused():
    with pytest.raises(PcnAnalysisError, match="the other grouping: 1 practice"):
        concordance(ONE, pd.concat([OTHER, OTHER.head(1)]), LISTS)
