"""Boundaries fit together, or are refused."""

import geopandas as gpd
import pytest
import shapely

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.sources.geography import around, check_coverage, clean_coverage, read_boundaries

pytestmark = pytest.mark.unit

LEFT = shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10)])
RIGHT = shapely.Polygon([(10, 0), (20, 0), (20, 10), (10, 10)])
RIGHT_WITH_A_POINT_MORE = shapely.Polygon([(10, 0), (20, 0), (20, 10), (10, 10), (10, 5)])
OVERLAPPING = shapely.Polygon([(9.9, 0), (20, 0), (20, 10), (9.9, 10)])
BOW_TIE = shapely.Polygon([(10, 0), (20, 10), (20, 0), (10, 10)])


def areas(*shapes: shapely.Polygon, index: list[int] | None = None) -> gpd.GeoDataFrame:
    codes = [f"E0100000{i}" for i in range(len(shapes))]
    return gpd.GeoDataFrame({"area_code": codes}, geometry=list(shapes), crs=27700, index=index)


@pytest.mark.parametrize("right", [RIGHT_WITH_A_POINT_MORE, OVERLAPPING], ids=["a point more", "overlapping"])
def test_neighbours_whose_edges_differ_are_cleaned_to_share_them(right):
    before = areas(LEFT, right)
    with pytest.raises(PcnAnalysisError, match="neighbours do not share their edges"):
        check_coverage(before)
    after = clean_coverage(before)
    check_coverage(after)
    assert after["area_code"].to_list() == before["area_code"].to_list()
    assert after.geometry.area.sum() == pytest.approx(200, abs=1e-6)
    assert shapely.coverage_union_all(after.geometry.to_numpy()).equals(shapely.box(0, 0, 20, 10))


def test_areas_that_overlap_by_more_than_generalised_boundaries_do_are_refused():
    """Half of each neighbour lies on the other: whoever got it, the other would be drawn at half its size."""
    half = shapely.box(5, 0, 15, 10)
    with pytest.raises(PcnAnalysisError, match=r"areas\.parquet: [12] areas? overlap others by more than 5% of their"):
        clean_coverage(areas(LEFT, half), "areas.parquet")


def test_a_valid_coverage_is_left_as_it_is():
    before = areas(LEFT, RIGHT)
    assert clean_coverage(before).geom_equals_exact(before, tolerance=0).all()


def test_an_invalid_shape_is_made_valid():
    after = clean_coverage(areas(LEFT, BOW_TIE))
    assert after.is_valid.all()
    assert after.geometry.area.sum() == pytest.approx(150)


def test_cleaning_keeps_each_shape_with_its_code_whatever_the_index():
    after = clean_coverage(areas(LEFT, RIGHT_WITH_A_POINT_MORE, index=[1, 0]))
    assert [shape.centroid.x for shape in after.geometry] == pytest.approx([5, 15])


@pytest.mark.parametrize(
    ("shapes", "faults"),
    [
        ((LEFT, shapely.Polygon()), 1),
        ((LEFT, BOW_TIE), 1),
        ((LEFT, OVERLAPPING), 0),
    ],
    ids=["empty", "invalid", "overlapping"],
)
def test_what_is_no_coverage_is_refused(shapes, faults):
    with pytest.raises(PcnAnalysisError, match=f"boundaries: {faults} areas are invalid or empty"):
        check_coverage(areas(*shapes))


def test_an_empty_shape_cannot_be_cleaned():
    with pytest.raises(PcnAnalysisError, match="1 areas are invalid or empty"):
        clean_coverage(areas(LEFT, shapely.Polygon()))


def test_surroundings_reach_two_kilometres():
    near, far = shapely.box(1500, 0, 1600, 10), shapely.box(2500, 0, 2600, 10)
    found = around(areas(far, LEFT, near), ["E01000001"])
    assert found["area_code"].to_list() == ["E01000001", "E01000002"]
    assert found.index.to_list() == [0, 1]


def test_boundaries_are_read_in_metres_of_the_national_grid(tmp_path):
    path = tmp_path / "boundaries.parquet"
    square = areas(shapely.box(400_000, 300_000, 400_010, 300_010)).rename(columns={"area_code": "LSOA21_code"})
    square.assign(more=1).to_crs(4326).to_parquet(path)
    found = read_boundaries(path)
    assert found.columns.to_list() == ["area_code", "geometry"]
    assert found.crs.to_epsg() == 27700
    assert found.geometry.area.sum() == pytest.approx(100, rel=1e-3)


@pytest.mark.parametrize("column", ["lsoa_code", None])
def test_a_file_that_holds_no_lsoa_boundaries_is_refused(tmp_path, column):
    path = tmp_path / "boundaries.parquet"
    if column:
        areas(LEFT).rename(columns={"area_code": column}).to_parquet(path)
    else:
        path.write_bytes(b"no parquet")
    with pytest.raises(PcnAnalysisError, match=r"boundaries\.parquet: is no .*of LSOA boundaries"):
        read_boundaries(path)
