"""Who absorbed whom, told from counts and lists alone."""

import pandas as pd
import pytest

from pcn_analysis.sources.mergers import find_mergers
from pcn_analysis.sources.nowcast import add_predecessors

pytestmark = pytest.mark.unit

HERE, THERE = "E01000001", "E01000002"


def counted(**practices: tuple[str, int]) -> pd.DataFrame:
    rows = [(code, area, patients) for code, (area, patients) in practices.items()]
    return pd.DataFrame(rows, columns=["practice_code", "area_code", "patients"])


def pairs(counts: pd.DataFrame, **lists: int) -> list[tuple[str, str]]:
    found = find_mergers(counts, pd.Series(lists))
    return list(zip(found["closed_practice"], found["survivor"], strict=True))


def test_a_practice_that_grew_by_the_list_of_a_closed_neighbour_absorbed_it():
    counts = counted(A1=(HERE, 4000), A2=(HERE, 3000), A3=(THERE, 5000))
    assert pairs(counts, A1=7000, A3=5000) == [("A2", "A1")]


def test_what_is_said_of_a_merger():
    counts = counted(A1=(HERE, 4000), A2=(HERE, 3000))
    (row,) = find_mergers(counts, pd.Series({"A1": 7200})).to_dict("records")
    assert row == {"closed_practice": "A2", "survivor": "A1", "closed_list": 3000, "growth": 3200, "similarity": 1}


def test_two_closures_in_one_survivor():
    counts = counted(A1=(HERE, 4000), A2=(HERE, 3000), A3=(HERE, 2500))
    assert pairs(counts, A1=9000) == [("A2", "A1"), ("A3", "A1")]


def test_the_survivor_with_the_most_similar_areas_is_chosen():
    counts = pd.concat([counted(A1=(HERE, 4000), A2=(HERE, 3000), A3=(THERE, 4000)), counted(A3=(HERE, 1000))])
    assert pairs(counts, A1=7000, A3=8000) == [("A2", "A1")]


def test_a_closure_whose_patients_went_to_several_practices_is_dispersed():
    counts = counted(A1=(HERE, 10000), A2=(HERE, 3000), A3=(HERE, 10000))
    assert pairs(counts, A1=11500, A3=11500) == []


def test_a_survivor_that_grew_too_little_for_the_closed_list_did_not_absorb_it():
    counts = counted(A1=(HERE, 4000), A2=(HERE, 3000))
    assert pairs(counts, A1=4000 + 2250) == [("A2", "A1")]  # three quarters arrived
    assert pairs(counts, A1=4000 + 2249) == []


def test_a_second_closure_has_to_fit_in_what_the_first_left_of_the_growth():
    counts = counted(A1=(HERE, 4000), A2=(HERE, 3000), A3=(HERE, 2500))
    assert pairs(counts, A1=4000 + 3500) == [("A2", "A1")]


def test_growth_that_the_closed_list_does_not_explain_is_no_merger():
    counts = counted(A1=(HERE, 20000), A2=(HERE, 3000))
    assert pairs(counts, A1=20000 + 6000) == [("A2", "A1")]  # half explained
    assert pairs(counts, A1=20000 + 6002) == []


@pytest.mark.parametrize(("list_size", "found"), [(1999, []), (2000, [("A2", "A1")])])
def test_small_closures_are_passed_over(list_size, found):
    assert pairs(counted(A1=(HERE, 4000), A2=(HERE, list_size)), A1=6000) == found


@pytest.mark.parametrize(("now", "found"), [(12000, []), (12001, [("A2", "A1")])])
def test_a_survivor_grew_by_more_than_a_fifth(now, found):
    assert pairs(counted(A1=(HERE, 10000), A2=(HERE, 2000)), A1=now) == found


def test_practices_without_common_ground_did_not_merge():
    assert pairs(counted(A1=(HERE, 4000), A2=(THERE, 3000)), A1=7000) == []


@pytest.mark.parametrize("residual", ["unknown", "outside_england"])
def test_a_residual_is_no_common_ground(residual):
    assert pairs(counted(A1=(residual, 4000), A2=(residual, 3000)), A1=7000) == []


def test_without_closures_there_is_nothing_to_add():
    counts = counted(A1=(HERE, 4000), A3=(THERE, 5000))
    found = find_mergers(counts, pd.Series({"A1": 9000, "A3": 5000}))
    assert len(found) == 0
    pd.testing.assert_frame_equal(add_predecessors(counts, found), counts)
