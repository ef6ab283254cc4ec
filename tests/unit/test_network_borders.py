"""Borders: every one once, with its length and the areas on its two sides."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.borders import Borders

pytestmark = pytest.mark.unit

KM = 1000


def squares(*rows: str, side: float = KM) -> gpd.GeoDataFrame:
    """Squares of a kilometre, named by letters, the northernmost row first; a dot is nothing there."""
    named = {
        letter: shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side)
        for y, row in enumerate(reversed(rows))
        for x, letter in enumerate(row)
        if letter != "."
    }
    return gpd.GeoDataFrame({"area_code": list(named)}, geometry=list(named.values()), crs=27700)


TWO_BY_TWO = squares("AB", "CD")
GROUPS = pd.Series({"A": "U1", "B": "U1", "C": "U1", "D": "U2"})


def test_neighbours_share_an_edge_and_each_pair_is_there_once():
    shared = Borders.of(TWO_BY_TWO).shared()
    assert shared.to_numpy().tolist() == [["A", "B", KM], ["A", "C", KM], ["B", "D", KM], ["C", "D", KM]]


def test_order_of_rows_changes_nothing():
    mixed = TWO_BY_TWO.iloc[[2, 0, 3, 1]]
    pd.testing.assert_frame_equal(Borders.of(mixed).shared(), Borders.of(TWO_BY_TWO).shared())
    pd.testing.assert_frame_equal(
        Borders.of(mixed).measured(GROUPS.iloc[[3, 1, 0, 2]]), Borders.of(TWO_BY_TWO).measured(GROUPS)
    )


def test_a_group_is_measured_as_the_shape_that_it_makes():
    row = Borders.of(TWO_BY_TWO).measured(GROUPS).loc["U1"]
    assert row[["areas", "area_km2", "perimeter_km", "coast_km"]].to_list() == [3, 3, 8, 6]
    assert row["polsby_popper"] == pytest.approx(4 * 3.141592653589793 * 3 / 64)


def test_the_inner_side_of_a_ring_is_border_too():
    boundaries = squares("ABC", "DXE", "FGH")
    ring = pd.Series("ring", index=list("ABCDEFGH"))
    row = Borders.of(boundaries).measured(ring).loc["ring"]
    assert row[["perimeter_km", "coast_km"]].to_list() == [16, 12]
    empty_inside = Borders.of(squares("ABC", "D.E", "FGH")).measured(ring).loc["ring"]
    assert empty_inside[["perimeter_km", "coast_km"]].to_list() == [16, 16]


def test_border_with_areas_in_no_group_is_perimeter_but_neither_coast_nor_border_with_a_group():
    borders = Borders.of(TWO_BY_TWO)
    groups = pd.Series({"A": "U1", "B": None, "C": None, "D": "U2"})
    assert borders.measured(groups)["perimeter_km"].to_list() == [4, 4]
    assert borders.measured(groups)["coast_km"].to_list() == [2, 2]
    assert borders.between(groups).empty


def test_the_border_between_two_groups_is_added_up():
    between = Borders.of(TWO_BY_TWO).between(GROUPS)
    assert between.to_numpy().tolist() == [["U1", "U2", 2.0]]


def test_touching_at_a_corner_is_no_border():
    diagonal = Borders.of(squares("A.", ".B"))
    assert diagonal.shared().empty
    assert diagonal.outer().to_dict() == {"A": 4 * KM, "B": 4 * KM}


def test_areas_without_a_shape_are_counted_and_a_group_of_them_alone_is_null():
    row = Borders.of(TWO_BY_TWO).measured(pd.Series({"A": "U1", "Z": "U1", "Y": "U2"}))
    assert row[["areas", "areas_without_shape"]].to_numpy().tolist() == [[2, 1], [1, 1]]
    assert row.loc["U1", "area_km2"] == 1
    assert row.loc["U2", ["area_km2", "perimeter_km", "coast_km", "polsby_popper"]].isna().all()


def test_borders_that_follow_another_border_are_told_from_those_that_do_not():
    borders = Borders.of(squares("ABC", "DEF"))
    groups = pd.Series({"A": "U1", "D": "U1", "B": "U1", "E": "U2", "C": "U2", "F": "U2"})
    authority = pd.Series({"A": "West", "D": "West", "B": "East", "E": "East", "C": "East", "F": None})
    found = borders.coinciding(groups, authority)
    assert found["border_km"].to_list() == [3, 3]
    assert found["on_border_km"].to_list() == [1, 1]
    assert found["crossed_km"].to_list() == [1, 0]


def test_nobody_grouped_gives_no_rows():
    borders = Borders.of(TWO_BY_TWO)
    nothing = pd.Series({"A": None}, dtype="str")
    assert borders.measured(nothing).empty
    assert borders.between(nothing).empty


@pytest.mark.parametrize(
    ("boundaries", "said"),
    [
        (TWO_BY_TWO.to_crs(4326), "coordinates are degrees, where metres are needed"),
        (squares("AB", side=0.01), "coordinates look like degrees, and are said to be metres"),
        (TWO_BY_TWO.to_crs(3857), "not of the British National Grid"),
        (TWO_BY_TWO.set_crs(None, allow_override=True), "do not say which coordinate system"),
        (TWO_BY_TWO.assign(area_code=["A", "A", "C", "C"]), "2 areas named more than once"),
        (TWO_BY_TWO.assign(area_code=["A", None, "C", "D"]), "1 row without a code"),
        (TWO_BY_TWO.set_geometry([*TWO_BY_TWO.geometry[:3], None], crs=27700), "1 area without a shape"),
        (
            TWO_BY_TWO.set_geometry([*TWO_BY_TWO.geometry[:3], shapely.box(500, 0, 2000, 1000)], crs=27700),
            "do not share",
        ),
        (
            TWO_BY_TWO.set_geometry(
                [*TWO_BY_TWO.geometry[:3], shapely.Polygon([(KM, 0), (2000, KM), (2000, 0), (KM, KM)])], crs=27700
            ),
            "1 areas are invalid",
        ),
    ],
    ids=["degrees", "called metres", "other grid", "no system", "twice", "no code", "no shape", "overlap", "invalid"],
)
def test_boundaries_that_cannot_be_measured_are_refused(boundaries, said):
    with pytest.raises(PcnAnalysisError, match=said):
        Borders.of(boundaries)


def test_everything_wrong_with_boundaries_is_said_at_once():
    bad = TWO_BY_TWO.assign(area_code=["A", "A", None, "D"]).to_crs(4326)
    with pytest.raises(PcnAnalysisError) as caught:
        Borders.of(bad)
    assert len(caught.value.problems) == 3


def test_an_area_in_two_groups_is_refused():
    twice = pd.Series(["U1", "U2"], index=["A", "A"])
    for measure in (Borders.of(TWO_BY_TWO).measured, Borders.of(TWO_BY_TWO).between):
        with pytest.raises(PcnAnalysisError, match="1 area named more than once"):
            measure(twice)
