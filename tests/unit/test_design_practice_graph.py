"""Practices are neighbours where their ground touches."""

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.design import Wanted
from pcn_analysis.network.design.ground import ground_of, sites_of, units_of
from pcn_analysis.network.design.practice_graph import core, grounds, touching
from pcn_analysis.network.registered import registered
from tests.unit.small_places import area, in_a_row, of_today, practice

pytestmark = pytest.mark.unit
AREAS = pd.Index([area(number) for number in range(4)])
ROW = pd.DataFrame({"area_code": AREAS[:-1], "neighbour_code": AREAS[1:]})


def test_ground_is_where_a_practice_has_more_patients_than_any_other_of_the_design() -> None:
    patients = np.array([[9.0, 1.0], [6.0, 4.0], [0.0, 5.0], [0.0, 8.0]])
    assert grounds(patients, patients.sum(axis=1)).astype(int).tolist() == [[1, 0], [1, 0], [0, 1], [0, 1]]


def test_a_few_patients_far_away_are_no_ground() -> None:
    patients = np.array([[90.0, 0.0], [0.0, 90.0], [5.0, 0.0], [4.0, 0.0]])
    ground = grounds(patients, np.array([90.0, 90.0, 100.0, 100.0]))
    assert ground.astype(int).tolist() == [[1, 0], [0, 1], [1, 0], [0, 0]]


def test_a_practice_that_wins_no_area_stands_on_its_core() -> None:
    patients = np.array([[90.0, 40.0], [80.0, 25.0], [70.0, 5.0]])
    ground = grounds(patients, patients.sum(axis=1))
    assert ground[:, 1].tolist() == [True, False, False]
    assert core(patients[:, 1], 0.9).tolist() == [0, 1]


def test_practices_on_either_side_of_a_border_are_neighbours_and_others_are_not() -> None:
    ground = np.eye(4, dtype=bool)
    found = touching(ground, AREAS, ROW)
    assert np.argwhere(np.triu(found)).tolist() == [[0, 1], [1, 2], [2, 3]]
    assert (found == found.T).all()
    assert (touching(ground, AREAS, ROW.rename(columns=dict(zip(ROW, ROW.columns[::-1], strict=True)))) == found).all()


def test_practices_that_share_an_area_are_neighbours_without_any_border() -> None:
    ground = np.array([[True, True, False], [False, False, True]])
    assert np.argwhere(np.triu(touching(ground, AREAS[:2], ROW[:0]))).tolist() == [[0, 1]]


def test_a_practice_of_whose_patients_no_area_is_known_touches_none() -> None:
    counts = pd.DataFrame({"practice_code": ["A1", "A2"], "area_code": [area(0), "unknown"], "patients": [10, 10]})
    lists = pd.Series({"A1": 10, "A2": 10})
    ground = ground_of(registered(counts), lists, ROW, of_today(lists, 2))
    assert not ground.touch.any()
    assert ground.registered.tolist() == [10, 10]


def test_a_practice_that_is_not_in_the_counts_is_refused() -> None:
    everyone, lists, neighbours = in_a_row([10, 10])
    with pytest.raises(PcnAnalysisError, match="1 practice of the design are not in them"):
        ground_of(everyone, pd.concat([lists, pd.Series({"Z1": 5})]), neighbours, of_today(lists, 2))


def test_rivals_are_added_up_by_their_networks() -> None:
    codes = ["A1", "B1", "B2", "C1", "C2"]
    counts = pd.DataFrame({"practice_code": codes, "area_code": area(0), "patients": [10, 3, 4, 2, 1]})
    today = pd.Series({"A1": "U00001", "B1": "U00002", "B2": "U00002"})
    ground = ground_of(registered(counts), pd.Series({"A1": 10}), ROW, today)
    assert (ground.rival.tolist(), ground.everyone.tolist()) == ([7.0], [20.0])


# -- practices in one building -----------------------------------------------------------------------------


def points(*at: tuple[float, float]) -> pd.DataFrame:
    codes = [practice(number) for number in range(len(at))]
    return pd.DataFrame(at, index=codes, columns=["easting", "northing"])


def test_practices_at_one_point_stay_together() -> None:
    everyone, lists, neighbours = in_a_row([10, 10, 10])
    ground = ground_of(everyone, lists, neighbours, of_today(lists, 3))
    sites = sites_of(points((329_000, 388_000), (330_000, 388_000.2), (329_000.3, 388_000)), ground.practices)
    assert sites == [("A00000", "A00002")]
    assert units_of(ground, Wanted(1), sites).names == (("A00000", "A00002"), ("A00001",))


def test_practices_at_one_point_that_are_to_be_separated_are_not_joined() -> None:
    everyone, lists, neighbours = in_a_row([10, 10, 10])
    ground = ground_of(everyone, lists, neighbours, of_today(lists, 3))
    apart = Wanted(2, separate=[("A00000", "A00002")])
    units = units_of(ground, apart, [("A00000", "A00002")])
    assert len(units) == 3
    assert np.argwhere(np.triu(units.apart)).tolist() == [[0, 2]]


def test_degrees_are_refused() -> None:
    with pytest.raises(PcnAnalysisError, match="degrees, not metres"):
        sites_of(points((-3.07, 53.37), (-3.07, 53.37)), pd.Index(["A00000", "A00001"]))


def test_practices_without_a_point_share_no_site() -> None:
    nowhere = points((float("nan"), float("nan")), (float("nan"), float("nan")))
    assert sites_of(nowhere, pd.Index(["A00000", "A00001"])) == []
