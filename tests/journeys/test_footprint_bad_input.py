"""Bad input for footprints, as a user meets it: refused with the file, the number and what to do, or counted on a page.

Mixed vintages, invalid and overlapping polygons, missing LSOAs, islands, a practice without patients, a network that
wins no LSOA, rows that occur twice, degrees where metres are expected: never a wrong map. What is wrong with files in
other ways is in ``test_bad_input``.
"""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from test_bad_input import new_project, prepare, read, refuses, run, with_row_twice, without, write

from pcn_analysis import readings
from pcn_analysis.network import footprint
from pcn_analysis.network.own_ground import grounds
from pcn_analysis.place import Place, network_of
from pcn_analysis.release import release
from pcn_analysis.sources.geography import check_coverage
from pcn_analysis.sources.local_authority import prepare_place
from tests import miniature as mini

pytestmark = pytest.mark.journey

CENTRAL, COAST, SCATTERED = "U90001", "U90002", "U90004"
SPLIT_ONE, SPLIT_TWO = "E01000301", "E01000302"
BOUNDARIES = mini.BOUNDARIES_2021


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good files, those of area facts among them; never changed."""
    return mini.write_area_facts(mini.write_open_data(tmp_path_factory.mktemp("published") / "open"))


@pytest.fixture
def open_folder(tmp_path: Path, published: Path) -> Path:
    """A copy of the good files for one test to spoil."""
    return Path(shutil.copytree(published, tmp_path / "open"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which nothing has been prepared."""
    return new_project(tmp_path / "project")


def refused(project: Path, folder: Path, says: str, vintage: str = "2026-07") -> None:
    """Northfield cannot be prepared; one line says why, and nothing is kept of it."""
    refuses(project, *prepare(folder, vintage), says=(says,))


def reshaped(folder: Path, **shapes: shapely.Geometry) -> None:
    """Give areas other shapes, in degrees."""
    frame = read(folder / BOUNDARIES)
    for code, shape in shapes.items():
        frame.loc[frame["lsoa21_code"] == code, "geometry"] = gpd.GeoSeries([shape], crs=4326).to_numpy()
    write(folder / BOUNDARIES, frame)


def shape_of(code: str) -> shapely.Geometry:
    frame = mini.boundaries_2021()
    return frame.set_index("lsoa21_code").geometry[code]


def released(table):
    return release(table, profile="open_data")


def said_at_a_glance(place: Place, code: str) -> pd.Series:
    return footprint.at_a_glance(network_of(place, code)).frame.set_index("column")["value"]


# -- mixed vintages ----------------------------------------------------------------------------------------


def test_counts_of_two_vintages_of_lsoas_are_refused_with_how_many_codes_are_of_each(project, open_folder):
    frame = mini.counts()
    frame.loc[frame["LSOA_CODE"] == "E01000205", "LSOA_CODE"] = "E01000303"
    write(open_folder / mini.COUNTS, frame)
    refused(
        project, open_folder, rf"{mini.COUNTS}: mixed LSOA vintages: \d codes? of 2011 only, 1 of 2021 only.*\. Use"
    )


def test_boundaries_of_the_other_vintage_are_refused_with_how_many_areas_they_lack(project, open_folder):
    shutil.copy(open_folder / mini.BOUNDARIES_2011, open_folder / BOUNDARIES)
    refused(
        project, open_folder, rf"{BOUNDARIES}: \d areas? of the place have no boundary\. Use boundaries of the same"
    )


def test_boundaries_of_the_other_vintage_beside_the_place_are_refused_too(project, open_folder):
    """All areas of the place have a boundary; one of 2011 lies beside them, where the counts are of two of 2021."""
    new = read(open_folder / BOUNDARIES)
    old = mini.boundaries_2011().rename(columns={"lsoa11_name": "lsoa21_name", "lsoa11_code": "lsoa21_code"})
    other = old.iloc[[2]].assign(lsoa21_code="E01000999", geometry=[shapely.box(-1.86, 53.98, -1.84, 54.0)])
    write(open_folder / BOUNDARIES, gpd.GeoDataFrame(pd.concat([new, other], ignore_index=True), crs=new.crs))
    refused(
        project, open_folder, rf"{BOUNDARIES}: 1 area around the place that no lookup of areas names\. Use boundaries"
    )


# -- polygons that are invalid or overlap ------------------------------------------------------------------


def test_an_invalid_polygon_is_mended_counted_and_told_on_every_page(open_folder, published):
    """The first area is drawn so that a whisker of its edge crosses itself."""
    west, south, east, north = shape_of("E01000101").bounds
    whisker = [(west, south), (east, south), (east, north), (west, north), (west, south + 0.001), (west + 1e-7, south)]
    reshaped(open_folder, E01000101=shapely.Polygon([*whisker, (west - 1e-7, south + 0.002), (west, south)]))
    place = prepare_place("Northfield", open_folder, "2026-07")
    check_coverage(place.boundaries)
    assert (
        "The boundary of 1 area crosses itself as published; it was mended, and may differ a little from the true one "
        "on maps."
    ) in place.notes
    assert not any("mended" in note for note in prepare_place("Northfield", published, "2026-07").notes)


def test_polygons_that_overlap_as_generalised_ones_do_are_fitted_together(open_folder):
    west, south, east, north = shape_of("E01000104").bounds
    reshaped(open_folder, E01000104=shapely.box(west, south, east + 0.0001, north))
    place = prepare_place("Northfield", open_folder, "2026-07")
    check_coverage(place.boundaries)
    shapes = place.boundaries.geometry
    assert shapes.area.sum() == pytest.approx(shapely.area(shapely.coverage_union_all(shapes.to_numpy())))


@pytest.mark.parametrize("cover", [0.5, 1.0])
def test_polygons_that_lie_on_one_another_are_refused_and_no_area_is_drawn_too_small(project, open_folder, cover):
    west, south, east, north = shape_of("E01000104").bounds
    reshaped(open_folder, E01000104=shapely.box(west, south, east + cover * (east - west), north))
    says = rf"{BOUNDARIES}: [12] areas? overlap others by more than 5% of their size\. Download the boundaries again"
    refused(project, open_folder, says)


# -- LSOAs that are missing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "column", "says"),
    [
        (BOUNDARIES, "lsoa21_code", r"1 areas? of the place have no boundary\. Use boundaries"),
        (mini.IMD_2025, "lsoa21_code", r"0 LSOAs of the counts have no local authority and 1 no decile\. Use lookup"),
    ],
)
def test_a_file_that_lacks_an_lsoa_of_the_place_is_refused(project, open_folder, file, column, says):
    without(open_folder / file, column, "E01000104")
    refused(project, open_folder, rf"{re.escape(file)}: {says}")


def test_an_lsoa_that_the_centroids_lack_is_out_of_distances_and_nothing_else(open_folder, published):
    without(open_folder / mini.CENTROIDS, "LSOA21CD", "E01000102")
    whole, part = (prepare_place("Northfield", folder, "2026-07") for folder in (published, open_folder))
    kept = ["localisation", "commitment", "areas_core", "parts", "score_registered"]
    assert said_at_a_glance(whole, CENTRAL)[kept].to_list() == said_at_a_glance(part, CENTRAL)[kept].to_list()
    assert "not known" not in said_at_a_glance(part, CENTRAL)[["far_m", "own_m"]].to_list()


def test_an_lsoa_where_nobody_is_registered_is_on_the_map_without_a_share_and_counted(open_folder):
    frame = mini.counts()
    write(open_folder / mini.COUNTS, frame[frame["LSOA_CODE"] != "E01000106"])
    place = prepare_place("Northfield", open_folder, "2026-07")
    network = network_of(place, CENTRAL)
    shown = footprint.footprint_map(network).frame.set_index("area_code")
    assert pd.isna(shown.loc["E01000106", "share"])
    assert not shown.loc["E01000106", "in_footprint"]
    said = readings.coverage(released(footprint.uncovered(network)), released(footprint.outside_networks(network)))
    assert said.startswith(
        "In 1 area of Northfield, with 0 people registered, no network has 5% of registered patients."
    )


# -- islands -----------------------------------------------------------------------------------------------


def test_an_island_is_a_part_of_its_own_and_the_page_counts_it(open_folder):
    """The first area of the network lies off the coast: its ground is in two parts, and neither is a hole."""
    west, south, east, north = shape_of("E01000101").bounds
    reshaped(open_folder, E01000101=shapely.box(west - 0.02, south, east - 0.02, north))
    place = prepare_place("Northfield", open_folder, "2026-07")
    row = grounds(place).loc[CENTRAL]
    assert row[["parts", "holes", "enclaves", "areas_without_shape"]].to_list() == [2, 0, 0, 0]
    won = footprint.area_footprint(network_of(place, CENTRAL)).frame.set_index("area_code")
    inside = won.loc[won["in_footprint"], "patients"]
    assert row["main_part_share"] == pytest.approx(1 - inside["E01000101"] / inside.sum())
    said = readings.at_a_glance(released(footprint.at_a_glance(network_of(place, CENTRAL))))
    share = f"{row['main_part_share']:.1%}"
    assert f"Northfield Central PCN is in 2 parts; of its patients there {share} live in the main one." in said


# -- practices and networks without anybody ----------------------------------------------------------------


@pytest.fixture
def emptied(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files with a practice of no patient in one network, and a network that is nowhere the largest."""
    for code, name, network in (("A90008", "HAZEL SURGERY", SCATTERED), ("A90009", "IVY SURGERY", CENTRAL)):
        monkeypatch.setitem(mini.PRACTICES, code, name)
        monkeypatch.setitem(mini.MEMBERS, code, network)
    monkeypatch.setitem(mini.NETWORKS, SCATTERED, "SCATTERED PCN")
    monkeypatch.setitem(mini.COUNTS_2023, "A90008", dict.fromkeys([*mini.AREAS_2011][:10], 20))
    monkeypatch.setitem(mini.COUNTS_2023, "A90009", {"E01000102": 0})
    monkeypatch.setitem(mini.LISTS_2026, "A90008", 200)
    monkeypatch.setitem(mini.LISTS_2026, "A90009", 0)
    return mini.write_open_data(open_folder)


@pytest.mark.parametrize("vintage", ["2023-07", "2026-07"])
def test_a_practice_without_patients_is_counted_and_changes_no_number(emptied, published, vintage):
    place, before = (prepare_place("Northfield", folder, vintage) for folder in (emptied, published))
    row, was = (footprint.network_footprints(one).frame.set_index("pcn_code").loc[CENTRAL] for one in (place, before))
    assert row["patients"] == was["patients"]
    assert row["practices"] == was["practices"] + 1
    assert row["areas_any"] == was["areas_any"]
    note = [note for note in place.notes if "without a patient" in note]
    assert note == ["1 practice without a patient: A90009 (0 patients)."]


@pytest.mark.parametrize("vintage", ["2023-07", "2026-07"])
def test_a_network_that_wins_no_lsoa_is_said_to_have_no_ground_and_is_in_no_outline(emptied, vintage):
    place = prepare_place("Northfield", emptied, vintage)
    said = said_at_a_glance(place, SCATTERED)
    assert said[["areas_footprint", "parts"]].to_list() == ["0", "0"]
    assert said[["commitment", "main_part_share", "compactness"]].unique().tolist() == ["wins no area"]
    network = network_of(place, SCATTERED)
    assert readings.at_a_glance(released(footprint.at_a_glance(network))).startswith("Scattered PCN wins no area")
    assert not footprint.footprint_map(network).frame["in_footprint"].any()
    assert not footprint.catchment_map(network).frame["in_footprint"].any()
    said = readings.catchments(released(footprint.catchment_map(network)))
    assert re.search(r"Others have most people in (\d+) of the \1 areas of the main catchment\.$", said)


def test_the_page_of_a_network_that_wins_no_lsoa_is_made_and_says_so(project, emptied):
    assert run(project, *prepare(emptied)).code == 0
    ended = run(project, "report", "--place", "northfield-2026-07", "--notebook", "04", "--pcn", SCATTERED)
    assert ended.code == 0, ended.err
    page = unescape((project / f"reports/northfield-2026-07/{SCATTERED}/04_network_footprint.html").read_text("utf-8"))
    assert "Scattered PCN wins no area, so there is no ground of its own." in page
    assert "Scattered PCN has most patients in no area, so it has no footprint of its own." in page
    assert "1 practice without a patient: A90009" in page


# -- rows that occur twice ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (mini.COUNTS, r"1 row repeated, by practice_code and area_code\. Download it again"),
        (mini.MAP, r"1 row repeated, by practice_code\. Download it again"),
        (BOUNDARIES, r"1 row repeated, by area_code\. Download it again"),
        (mini.CENTROIDS, r"1 row repeated, by area_code\. Download it again"),
        (mini.SUB_ICBS, r"1 row repeated, by area_code\. Download it again"),
        (mini.POINTS, r"1 row repeated, by practice_code\. Download it again"),
    ],
)
def test_rows_that_occur_twice_are_refused_with_their_number_and_key(project, open_folder, file, says):
    with_row_twice(open_folder / file, 0)
    refused(project, open_folder, rf"{re.escape(file)}: {says}")


# -- degrees where metres are expected ---------------------------------------------------------------------


def test_boundaries_in_degrees_that_are_said_to_be_metres_are_refused(project, open_folder):
    frame = read(open_folder / BOUNDARIES)
    write(open_folder / BOUNDARIES, frame.set_crs(27700, allow_override=True))
    says = (
        rf"{BOUNDARIES}: coordinates of 12 areas look like degrees, and the file says that they are metres\. Download"
    )
    refused(project, open_folder, says)


def test_boundaries_in_metres_that_are_said_to_be_degrees_are_refused(project, open_folder):
    frame = read(open_folder / BOUNDARIES).to_crs(27700)
    write(open_folder / BOUNDARIES, frame.set_crs(4326, allow_override=True))
    refused(project, open_folder, rf"{BOUNDARIES}: its coordinates are not of Great Britain\. Download it again")


@pytest.mark.parametrize("rows", [slice(None), slice(0, 1)], ids=["all", "one of them"])
def test_centroids_in_degrees_are_refused(project, open_folder, rows):
    frame = mini.centroids()
    frame.loc[frame.index[rows], ["x", "y"]] = [-1.97, 53.97]
    write(open_folder / mini.CENTROIDS, frame)
    says = (
        rf"{mini.CENTROIDS}: centroids of {len(frame[rows])} areas? are not in metres of the National Grid\. Use those"
    )
    refused(project, open_folder, says)


def test_practices_in_metres_where_degrees_are_expected_have_no_point_and_are_counted(open_folder):
    frame = mini.practice_points().assign(lat=430_000.0, lon=400_000.0)
    write(open_folder / mini.POINTS, frame)
    place = prepare_place("Northfield", open_folder, "2026-07")
    assert said_at_a_glance(place, CENTRAL)[["own_m", "nearest_m"]].to_list() == ["not known", "not known"]
    assert any("no file says where in Great Britain its main site is" in note for note in place.notes)
