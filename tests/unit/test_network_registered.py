"""Counts as a matrix of areas by practices: nobody is lost, whatever they are grouped into."""

import numpy as np
import pandas as pd
import pytest

from pcn_analysis import codes
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.registered import registered
from tests.unit.network_people import AREAS, COUNTS, GROUPS, ONE, TWO

pytestmark = pytest.mark.unit


@pytest.fixture
def people():
    return registered(COUNTS)


def test_areas_are_english_and_the_two_residuals_are_kept_by_practice(people):
    assert people.areas.to_list() == AREAS
    assert people.practices.to_list() == ["A1", "A2", "B1", "C1", "N1"]
    assert people.elsewhere.loc["A1"].to_dict() == {"unknown": 7, "not_english": 0}
    assert people.elsewhere.loc["B1"].to_dict() == {"unknown": 0, "not_english": 5}


def test_every_practice_has_its_whole_list(people):
    assert people.totals()["registered"].to_dict() == {"A1": 97, "A2": 14, "B1": 75, "C1": 106, "N1": 20}
    assert people.totals().loc["A1"].to_dict() == {"registered": 97, "located": 90, "unknown": 7, "not_english": 0}


@pytest.mark.parametrize(
    ("area", "kind"),
    [
        ("NO2011", "unknown"),
        ("EMPTY", "unknown"),
        ("CLOSED", "unknown"),
        ("L99999999", "unknown"),
        (codes.UNKNOWN_AREA, "unknown"),
        ("W01000001", "not_english"),
        (codes.OUTSIDE_ENGLAND, "not_english"),
        (ONE, "located"),
    ],
)
def test_area_codes_are_read_as_published_or_with_the_residuals_named(area, kind):
    one = registered(pd.DataFrame({"practice_code": ["A1"], "area_code": [area], "patients": [3]}))
    found = one.totals().loc["A1"]
    assert found[kind] == found["registered"] == 3


def test_practices_add_up_to_groups_and_those_in_none_are_one(people):
    patients = people.grouped(GROUPS)
    assert patients.networks.to_list() == ["A", "B", "C", "no network"]
    assert patients.matrix.toarray().tolist() == [[60, 30, 10, 0], [40, 40, 20, 0], [4, 0, 76, 20]]
    assert patients.by_network().tolist() == [104, 70, 106, 20]


def test_a_practice_that_the_groups_do_not_know_is_in_none(people):
    patients = people.grouped(GROUPS.drop(["C1", "N1"]))
    assert patients.networks.to_list() == ["A", "B", "no network"]
    assert patients.by_network().tolist() == [104, 70, 126]


def test_a_group_without_a_patient_is_kept(people):
    groups = pd.concat([GROUPS, pd.Series({"Z9": "Z"})])
    assert people.grouped(groups).networks.to_list() == ["A", "B", "C", "Z", "no network"]
    assert people.sizes(groups).loc["Z"].to_dict() == dict.fromkeys(people.sizes(groups).columns, 0)


def test_where_every_practice_is_in_a_group_there_is_no_group_of_the_rest(people):
    assert people.grouped(GROUPS.fillna("A")).networks.to_list() == ["A", "B", "C"]


def test_sizes_of_groups_add_up_to_all_lists(people):
    sizes = people.sizes(GROUPS)
    assert sizes["registered"].to_dict() == {"A": 111, "B": 75, "C": 106, "no network": 20}
    assert sizes["practices"].to_dict() == {"A": 2, "B": 1, "C": 1, "no network": 1}
    assert sizes["registered"].sum() == COUNTS["patients"].sum()
    assert sizes.index.to_list() == people.grouped(GROUPS).networks.to_list()


def test_a_practice_without_any_patient_is_kept_and_its_area_is_not():
    counts = pd.DataFrame({"practice_code": ["A1", "B1"], "area_code": [ONE, TWO], "patients": [0, 4]})
    people = registered(counts)
    assert people.practices.to_list() == ["A1", "B1"]
    assert people.areas.to_list() == [TWO]
    assert people.totals()["registered"].to_dict() == {"A1": 0, "B1": 4}


def test_a_list_without_counts_is_added_as_patients_of_unknown_area(people):
    both = people.with_lists(pd.Series({"A1": 97, "A9": 30}))
    assert both.practices.to_list() == ["A1", "A2", "A9", "B1", "C1", "N1"]
    assert both.totals().loc["A9"].to_dict() == {"registered": 30, "located": 0, "unknown": 30, "not_english": 0}
    known = both.totals().drop("A9")
    pd.testing.assert_frame_equal(known, people.totals(), check_names=False)
    np.testing.assert_array_equal(both.grouped(GROUPS).matrix.toarray(), people.grouped(GROUPS).matrix.toarray())


def test_everything_wrong_with_the_counts_is_told_at_once():
    bad = pd.concat([COUNTS, COUNTS.head(1)], ignore_index=True).astype({"patients": float})
    bad.loc[1, "patients"] = -4
    bad.loc[2, "patients"] = np.nan
    bad.loc[3, "area_code"] = None
    with pytest.raises(PcnAnalysisError) as caught:
        registered(bad)
    assert [problem.what for problem in caught.value.problems] == [
        "1 row without a practice or an area",
        "1 row repeat a practice and an area",
        "patients are missing, negative or not finite in 2 rows",
    ]


def test_several_areas_of_one_residual_are_no_repetition():
    counts = pd.DataFrame({"practice_code": "A1", "area_code": ["W01000001", "W01000002"], "patients": [1, 2]})
    assert registered(counts).totals().loc["A1", "not_english"] == 3


def test_a_practice_in_two_groups_is_refused(people):
    with pytest.raises(PcnAnalysisError, match="1 practice named more than once"):
        people.grouped(pd.concat([GROUPS, pd.Series({"A1": "B"})]))
