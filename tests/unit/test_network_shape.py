"""Groups of areas dissolved, simplified, and held against their hull and circle."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from test_network_borders import KM, squares

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.shape import dissolved, hulls, simplified

pytestmark = pytest.mark.unit

L_SHAPE = squares("A.", "BC")
ALL_ONE = pd.Series("U1", index=["A", "B", "C"])
POINTS = pd.DataFrame({"easting": [500.0, 500, 1500, 1200], "northing": [1500.0, 500, 500, 1200]}, index=list("ABCD"))
PEOPLE = pd.Series({"A": 100, "B": 100, "C": 100, "D": 60})


def test_dissolving_keeps_holes():
    joined = dissolved(squares("ABC", "DXE", "FGH"), pd.Series("U1", index=list("ABCDEFGH")))
    assert len(joined.geometry["U1"].interiors) == 1
    assert joined.area["U1"] == 8 * KM**2


def test_each_group_is_one_shape_and_areas_in_none_are_left_out():
    joined = dissolved(squares("ABC"), pd.Series({"C": "U2", "A": "U1", "B": None, "Z": "U3"}))
    assert joined["areas"].to_dict() == {"U1": 1, "U2": 1}
    assert joined.area.to_dict() == {"U1": KM**2, "U2": KM**2}
    assert joined.crs == L_SHAPE.crs


def test_nothing_grouped_is_no_shape():
    assert dissolved(L_SHAPE, pd.Series({"A": None}, dtype="str")).empty


@pytest.mark.parametrize(
    "third",
    [
        shapely.box(500, 200, 2000, 800),
        shapely.box(500, 0, 2000, 1000),
        shapely.Polygon([(KM, 0), (2 * KM, 0), (2 * KM, KM), (KM, KM), (KM, 500)]),
    ],
    ids=["overlapping", "overlapping along an edge", "a point more"],
)
def test_areas_that_do_not_fit_together_are_not_joined(third):
    unfit = L_SHAPE.set_geometry([*L_SHAPE.geometry[:2], third], crs=27700)
    unfit["area_code"] = ["B", "C", "A"]
    with pytest.raises(PcnAnalysisError, match="cannot be joined: areas overlap, or neighbours do not share"):
        dissolved(unfit, ALL_ONE)


def test_degrees_are_not_joined():
    with pytest.raises(PcnAnalysisError, match="coordinates are degrees"):
        dissolved(L_SHAPE.to_crs(4326), ALL_ONE)


def test_simplified_neighbours_still_share_their_edges():
    side = np.linspace(0, KM, 21)
    wavy = [(KM + 40 * (-1) ** step, y) for step, y in enumerate(side[1:-1])]
    edge = [(KM, 0), *wavy, (KM, KM)]
    left = shapely.Polygon([(0, 0), *edge, (0, KM)])
    right = shapely.Polygon([*edge, (2 * KM, KM), (2 * KM, 0)])
    before = gpd.GeoDataFrame({"area_code": ["A", "B"], "other": 1}, geometry=[left, right], crs=27700)
    after = simplified(before, 100)
    assert shapely.get_num_coordinates(after.geometry.to_numpy()).sum() < 20
    assert shapely.coverage_is_valid(after.geometry.to_numpy())
    assert after.columns.to_list() == before.columns.to_list()
    assert after.geometry.union_all().equals(shapely.box(0, 0, 2 * KM, KM))


@pytest.mark.parametrize("tolerance", [-1, float("nan")])
def test_a_tolerance_below_nothing_is_refused(tolerance):
    with pytest.raises(PcnAnalysisError, match="tolerance"):
        simplified(L_SHAPE, tolerance)


def test_hull_and_circle_of_an_l_and_of_a_square():
    found = hulls(squares("A.", "BC"), ALL_ONE).loc["U1"]
    assert found["hull_ratio"] == pytest.approx(3 / 3.5)
    assert found["reock"] == pytest.approx(3 / (np.pi * 2))
    square = hulls(squares("AB", "CD"), pd.Series("U1", index=list("ABCD"))).loc["U1"]
    assert square["hull_ratio"] == 1
    assert square["reock"] == pytest.approx(2 / np.pi)


def test_people_of_others_in_the_hull_count_where_their_point_lies():
    row = hulls(squares("AD", "BC"), ALL_ONE, PEOPLE, POINTS).loc["U1"]
    assert row[["people_in_group", "people_in_hull"]].to_list() == [300, 360]
    assert row["people_ratio"] == pytest.approx(300 / 360)
    outside = POINTS.assign(easting=[500, 500, 1500, 1900], northing=[1500, 500, 500, 1900])
    assert hulls(squares("AD", "BC"), ALL_ONE, PEOPLE, outside).loc["U1", "people_ratio"] == 1


def test_own_people_count_whether_or_not_their_point_is_known():
    own_unknown = POINTS.drop(index="A")
    assert hulls(squares("AD", "BC"), ALL_ONE, PEOPLE, own_unknown).loc["U1", "people_in_hull"] == 360


def test_people_in_the_hull_are_not_known_where_a_neighbour_has_no_point():
    row = hulls(squares("AD", "BC"), ALL_ONE, PEOPLE, POINTS.drop(index="D")).loc["U1"]
    assert row["people_in_group"] == 300
    assert row[["people_in_hull", "people_ratio"]].isna().all()
    assert row[["hull_ratio", "reock"]].notna().all()


def test_people_are_not_known_where_an_area_has_no_number():
    assert hulls(squares("AD", "BC"), ALL_ONE, PEOPLE.drop("A"), POINTS).loc["U1", "people_in_group":].isna().all()
    assert pd.isna(hulls(squares("AD", "BC"), ALL_ONE, PEOPLE.drop("D"), POINTS).loc["U1", "people_ratio"])


def test_without_people_only_shape_is_measured():
    row = hulls(L_SHAPE, ALL_ONE).loc["U1"]
    assert row.notna().to_dict() == {
        **dict.fromkeys(["hull_ratio", "reock"], True),
        **dict.fromkeys(["people_in_group", "people_in_hull", "people_ratio"], False),
    }


def test_a_group_without_a_shape_is_null():
    found = hulls(L_SHAPE, pd.Series({"A": "U1", "Z": "U2"}), PEOPLE, POINTS)
    assert found.loc["U2"].isna().all()
    assert found.loc["U1", "people_ratio"] == 1


def test_no_groups_give_no_rows():
    assert hulls(L_SHAPE, pd.Series({"A": None}, dtype="str"), PEOPLE, POINTS).empty
