"""Published files are read as their publishers lay them out, and give what the converted copies give."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal, assert_series_equal

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.sources import open_data, published_files
from pcn_analysis.sources.england import COUNTED_ON
from pcn_analysis.sources.geography import read_boundaries
from pcn_analysis.sources.local_authority import prepare_place
from pcn_analysis.sources.open_data import FILES
from pcn_analysis.sources.published_files import find_files, read_table
from tests import miniature as mini

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.unit

DECILE = "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"
SCORE = "Index of Multiple Deprivation (IMD) Score"
RANK = "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)"
WALES = "W01000001"
SCORES = {"areas": "imd_score", "country_networks": "deprivation_score"}
"""Columns of tables that hold a score."""

IOD_2025 = "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv"
IOD_2019 = "File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv"
LINKS = "LSOA11_LSOA21_LAD22_EW_LU_v5.csv"
WARDS = "LSOA21_WD24_LAD24_EW_LU.csv"
CENSUS = "census2021-ts021.zip"
QOF_2025 = "QOF2425.zip"
QOF_2023 = "QOF 2022-23 Raw data .csv files.zip"
BOUNDARIES_2011 = "LSOA_2011_Boundaries_Super_Generalised_Clipped_BSC_EW_V4.geojson"
BOUNDARIES_2021 = "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BSC_V4.geojson"


# -- the publishers' files in miniature --------------------------------------------------------------------


def write_csv(path: Path, frame: pd.DataFrame) -> Path:
    """As a spreadsheet program writes it, with a byte order mark."""
    frame.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def write_zip(path: Path, members: dict[str, pd.DataFrame]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in members.items():
            archive.writestr(name, frame.to_csv(index=False))
    return path


def iod_2025(folder: Path) -> Path:
    codes = list(mini.DECILES_2021)
    frame = pd.DataFrame(
        {
            "LSOA code (2021)": codes,
            "LSOA name (2021)": [mini.AREAS_2021[code] for code in codes],
            "Local Authority District code (2024)": "E06000901",
            SCORE: list(mini.SCORES_2021.values()),
            RANK: range(1, 13),
            DECILE: list(mini.DECILES_2021.values()),
            "Income Score (rate)": 0.1,
            "Income Decile (where 1 is most deprived 10% of LSOAs)": 5,
        }
    )
    return write_csv(folder / IOD_2025, frame)


def iod_2019(folder: Path) -> Path:
    frame = pd.DataFrame(
        {
            "LSOA code (2011)": list(mini.DECILES_2011),
            "Local Authority District code (2019)": "E06000901",
            SCORE: [40.5 - row for row in range(12)],
            RANK: range(1, 13),
            DECILE: list(mini.DECILES_2011.values()),
        }
    )
    return write_csv(folder / IOD_2019, frame)


def links(folder: Path, first: str = "LSOA11CD") -> Path:
    renamed = {
        "lsoa11_code": first,
        "lsoa11_name": "LSOA11NM",
        "lsoa21_code": "LSOA21CD",
        "lsoa21_name": "LSOA21NM",
        "change_code": "CHGIND",
        "ltla22_code": "LAD22CD",
        "ltla22_name": "LAD22NM",
    }
    frame = mini.links().rename(columns=renamed)[list(renamed.values())]
    return write_csv(folder / LINKS, frame.assign(LAD22NMW="", ObjectId=range(len(frame))))


def wards(folder: Path) -> Path:
    renamed = {
        "lsoa21_code": "LSOA21CD",
        "lsoa21_name": "LSOA21NM",
        "ward24_code": "WD24CD",
        "ward24_name": "WD24NM",
        "ltla24_code": "LAD24CD",
        "ltla24_name": "LAD24NM",
    }
    frame = mini.wards().rename(columns=renamed)[list(renamed.values())]
    return write_csv(folder / WARDS, frame.assign(ObjectId=range(len(frame))))


def counts(folder: Path) -> Path:
    half = mini.counts().assign(NUMBER_OF_PATIENTS=1)
    members = {
        "gp-reg-pat-prac-lsoa-female.csv": half.assign(SEX="FEMALE"),
        "gp-reg-pat-prac-lsoa-all.csv": mini.counts(),
        "gp-reg-pat-prac-lsoa-male.csv": half.assign(SEX="MALE"),
    }
    return write_zip(folder / mini.COUNTS, members)


def qof_2025(folder: Path) -> Path:
    achievement = pd.DataFrame({"PRACTICE_CODE": ["A90001"], "MEASURE": ["REGISTER"], "VALUE": [7]})
    members = {
        "ACHIEVEMENT_LONDON_2425.csv": achievement,
        "ACHIEVEMENT_NORTH_WEST_2425.csv": achievement,
        "MAPPING_INDICATORS_2425.csv": pd.DataFrame({"INDICATOR_CODE": ["AF001"]}),
        "PREVALENCE_2425.csv": mini.prevalence(),
        "MAPPING_NHS_GEOGRAPHIES_2425.csv": mini.membership_2023(),
    }
    return write_zip(folder / QOF_2025, members)


def qof_2023(folder: Path) -> Path:
    mapping = mini.membership_2023().rename(columns={"SUB_ICB_ODS_CODE": "SUB_ICB_LOC_ODS_CODE"})
    members = {
        "QOF 2022-23/MAPPING_INDICATORS_2223.csv": pd.DataFrame({"INDICATOR_CODE": ["AF001"]}),
        "QOF 2022-23/MAPPING_NHS_GEOGRAPHIES_2223.csv": mapping,
    }
    return write_zip(folder / QOF_2023, members)


def census(folder: Path) -> Path:
    larger = mini.census().assign(**{"geography code": [f"E0200000{n:02}" for n in range(12)]})
    members = {f"census2021-ts021-{kind}.csv": larger for kind in ("ctry", "ltla", "msoa")}
    return write_zip(folder / CENSUS, {**members, "census2021-ts021-lsoa.csv": mini.census()})


def boundaries(path: Path, year: str) -> Path:
    """England and Wales; the publisher's names of columns, and some that are not read."""
    frame = {"11": mini.boundaries_2011, "21": mini.boundaries_2021}[year]()
    frame = frame.rename(columns={f"lsoa{year}_code": f"LSOA{year}CD", f"lsoa{year}_name": f"LSOA{year}NM"})
    west, south, _, north = frame.total_bounds
    wales = gpd.GeoDataFrame(
        {f"LSOA{year}CD": [WALES]}, geometry=[shapely.box(west - 0.02, south, west, north)], crs=frame.crs
    )
    pd.concat([frame, wales]).assign(Shape__Area=1.5).to_file(path)
    return path


def write_publishers_files(folder: Path) -> Path:
    """Every file of both vintages as its publisher lays it out and calls it."""
    folder.mkdir()
    for write in (iod_2025, iod_2019, links, wards, counts, qof_2025, qof_2023, census):
        write(folder)
    mini.write_zip(folder / mini.MAP, "gp-reg-pat-prac-map.csv", mini.membership_2026())
    mini.write_zip(folder / mini.AGES, "gp-reg-pat-prac-quin-age.csv", mini.ages())
    boundaries(folder / BOUNDARIES_2011, "11")
    boundaries(folder / BOUNDARIES_2021, "21")
    return folder


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mini.write_open_data(tmp_path_factory.mktemp("converted"))


# -- the same in either layout -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("publishers", "copy", "read"),
    [
        (iod_2025, mini.IMD_2025, lambda path: open_data.read_deprivation(path, 2021)),
        (links, mini.LINKS, open_data.read_lsoa_links),
        (links, mini.LINKS, lambda path: open_data.read_area_lookup(path, 2011)),
        (wards, mini.WARDS, lambda path: open_data.read_area_lookup(path, 2021)),
        (counts, mini.COUNTS, lambda path: open_data.read_counts(path, COUNTED_ON)),
        (qof_2025, mini.PREVALENCE, open_data.read_registers),
        (qof_2023, mini.STRUCTURES, lambda path: open_data.read_membership(path).practices),
        (census, mini.CENSUS, lambda path: open_data.read_residents(path).to_frame()),
    ],
)
def test_the_publishers_layout_gives_the_same_table_as_the_converted_copy(
    tmp_path: Path, converted: Path, publishers: Callable, copy: str, read: Callable
):
    assert_frame_equal(read(publishers(tmp_path)), read(converted / copy))


def test_one_edition_of_the_lookup_calls_the_old_code_otherwise(tmp_path: Path, converted: Path):
    found = open_data.read_lsoa_links(links(tmp_path, "F_LSOA11CD"))
    assert_frame_equal(found, open_data.read_lsoa_links(converted / mini.LINKS))


def test_deprivation_of_2019_has_scores_where_the_file_has_them(tmp_path: Path, converted: Path):
    found, copy = (open_data.read_deprivation(path, 2011) for path in (iod_2019(tmp_path), converted / mini.IMD_2019))
    assert_frame_equal(found.drop(columns="imd_score"), copy.drop(columns="imd_score"))
    assert found["imd_score"].to_list() == [40.5 - row for row in range(12)]
    assert copy["imd_score"].isna().all()


@pytest.mark.parametrize("ending", ["geojson", "gpkg"])
@pytest.mark.parametrize(("year", "copy"), [("11", mini.BOUNDARIES_2011), ("21", mini.BOUNDARIES_2021)])
def test_boundaries_of_england_and_wales_give_those_of_england(
    tmp_path: Path, converted: Path, ending: str, year: str, copy: str
):
    found, expected = read_boundaries(boundaries(tmp_path / f"areas.{ending}", year)), read_boundaries(converted / copy)
    assert found.columns.to_list() == ["area_code", "geometry"]
    assert found["area_code"].to_list() == expected["area_code"].to_list()
    assert found.crs == expected.crs
    assert found.geom_equals_exact(expected, tolerance=0.01).all()


@pytest.mark.parametrize("vintage", list(FILES))
def test_a_place_is_the_same_from_a_folder_of_publishers_files(tmp_path: Path, converted: Path, vintage: str):
    theirs = prepare_place("Northfield", write_publishers_files(tmp_path / "raw"), vintage)
    ours = prepare_place("Northfield", converted, vintage)
    for name, table in ours.tables.items():
        left, right = theirs.tables[name].frame, table.frame
        score = SCORES.get(name) if vintage == "2023-07" else None
        if score:
            assert left[score].notna().all(), "the converted copy of 2019 has no scores"
            left, right = left.drop(columns=score), right.drop(columns=score)
        assert_frame_equal(left, right)
    assert_series_equal(theirs.boundaries["area_code"], ours.boundaries["area_code"])
    assert theirs.boundaries.geom_equals_exact(ours.boundaries, tolerance=0.01).all()


@pytest.mark.parametrize("header", ["LSOA CODE  (2021)", " lsoa code (2021) ", "lsoa_code_(2021)", "LSOA21cd"])
def test_case_and_white_space_of_a_column_name_are_ignored(tmp_path: Path, header: str):
    path = tmp_path / "areas.csv"
    path.write_text(f"{header},imd score,IMD Decile\nE01000001,1.5,9\n", encoding="utf-8")
    found = open_data.read_deprivation(path, 2021)
    assert found.to_dict("records") == [{"area_code": "E01000001", "imd_decile": 9.0, "imd_score": 1.5}]


def test_our_own_name_for_a_column_goes_before_a_publishers(tmp_path: Path):
    path = tmp_path / "areas.csv"
    path.write_text("LSOA21CD,lsoa21_code\nE01000002,E01000001\n", encoding="utf-8")
    found = read_table(path, {"area_code": open_data.AREA_CODE[2021]})
    assert found["area_code"].to_list() == ["E01000001"]


def test_columns_come_in_the_order_that_is_asked_for_and_an_optional_one_is_null(tmp_path: Path):
    path = tmp_path / "areas.csv"
    path.write_text("b,a\n2,1\n", encoding="utf-8")
    found = read_table(path, ["a", "c", "b"], optional=["c"])
    assert found.columns.to_list() == ["a", "c", "b"]
    assert found["c"].isna().all()


def test_what_a_mac_adds_to_a_zip_is_passed_over(tmp_path: Path, converted: Path):
    path = write_zip(tmp_path / "lookup.zip", {"a.csv": mini.links(), "__MACOSX/._a.csv": mini.wards()})
    assert_frame_equal(open_data.read_lsoa_links(path), open_data.read_lsoa_links(converted / mini.LINKS))


# -- finding them ------------------------------------------------------------------------------------------


def test_a_note_beside_a_file_is_not_taken_for_it(tmp_path: Path):
    folder = write_publishers_files(tmp_path / "raw")
    for path in list(folder.iterdir()):
        path.with_name(f"{path.name}.source.json").write_text("{}", encoding="utf-8")
    for vintage, wanted in FILES.items():
        found = find_files(folder, wanted)
        assert not any(path.name.endswith(".json") for path in found.values()), vintage


def test_a_converted_copy_beside_the_publishers_file_is_not_chosen_between(tmp_path: Path):
    folder = write_publishers_files(tmp_path / "raw")
    mini.deprivation_2025().to_parquet(folder / mini.IMD_2025)
    with pytest.raises(PcnAnalysisError) as caught:
        find_files(folder, FILES["2026-07"])
    assert str(caught.value) == (
        f"imd2025_england_lsoa21*: {IOD_2025} and {mini.IMD_2025} both fit. Keep the one to be used there."
    )


# -- what is refused ---------------------------------------------------------------------------------------


def refusal(read: Callable, path: Path) -> str:
    """Read a file that must be refused, and return what is said, which is one line."""
    with pytest.raises(PcnAnalysisError) as caught:
        read(path)
    said = str(caught.value)
    assert re.fullmatch(rf"{re.escape(path.name)}: [^\n]+\. [A-Z][^\n]*\.", said), said
    return said


def lacking(path: Path, *columns: str) -> Path:
    frame = pd.read_csv(path, dtype=str)
    return write_csv(path, frame.drop(columns=list(columns)))


def test_columns_that_are_lacking_are_all_named_with_what_publishers_call_them(tmp_path: Path):
    path = lacking(iod_2025(tmp_path), "LSOA code (2021)", SCORE)
    assert refusal(lambda file: open_data.read_deprivation(file, 2021), path) == (
        f"{IOD_2025}: lacks columns lsoa21_code, imd_score. Check that this is the publisher's file, with its header, "
        f"unchanged; also read are LSOA21CD or LSOA code (2021) for lsoa21_code, {SCORE} for imd_score."
    )


def test_deprivation_of_the_other_vintage_is_refused(tmp_path: Path):
    said = refusal(lambda path: open_data.read_deprivation(path, 2021), iod_2019(tmp_path))
    assert "lacks column lsoa21_code" in said


def test_a_best_fit_lookup_which_loses_split_areas_is_refused(tmp_path: Path):
    said = refusal(open_data.read_lsoa_links, lacking(links(tmp_path), "CHGIND"))
    assert "lacks column change_code" in said
    assert "CHGIND for change_code" in said


def test_a_column_that_occurs_twice_is_refused(tmp_path: Path):
    path = tmp_path / "areas.csv"
    path.write_text("LSOA21CD,LSOA21CD\nE01000001,E01000002\n", encoding="utf-8")
    said = refusal(lambda file: read_table(file, {"area_code": open_data.AREA_CODE[2021]}), path)
    assert "has column LSOA21CD more than once" in said


def test_the_census_table_by_larger_areas_is_refused(tmp_path: Path):
    larger = mini.census().assign(**{"geography code": [f"E0200000{n:02}" for n in range(12)]})
    path = write_zip(tmp_path / CENSUS, {"census2021-ts021-msoa.csv": larger})
    assert "12 rows of no LSOA" in refusal(open_data.read_residents, path)


@pytest.mark.parametrize(
    ("members", "says"),
    [
        pytest.param(["ACHIEVEMENT_LONDON_2425.csv", "ACHIEVEMENT_SOUTH_2425.csv"], "none", id="none"),
        pytest.param(["PREVALENCE_2425.csv", "v2/PREVALENCE_2425.csv", "ACHIEVEMENT.csv"], "2", id="two"),
    ],
)
def test_a_zip_in_which_not_one_file_fits_is_refused(tmp_path: Path, members: list[str], says: str):
    path = write_zip(tmp_path / QOF_2025, dict.fromkeys(members, mini.prevalence()))
    said = refusal(open_data.read_registers, path)
    assert f"holds {len(members)} CSV files, {says} of them named prevalence*.csv" in said


def test_a_table_in_a_zip_of_several_without_a_name_to_choose_by_is_refused(tmp_path: Path):
    path = write_zip(tmp_path / "lookup.zip", {"a.csv": mini.links(), "b.csv": mini.links()})
    assert "holds 2 CSV files, 2 of them named *.csv" in refusal(open_data.read_lsoa_links, path)


@pytest.mark.parametrize(
    "name", ["../census.csv", "data/../../census.csv", "/etc/census.csv", "..\\census.csv", "C:\\census.csv", "C:x.csv"]
)
@pytest.mark.parametrize("wanted", [True, False], ids=["the one that is read", "another"])
def test_a_zip_with_a_path_outside_it_is_refused(tmp_path: Path, name: str, wanted: bool):
    other = {} if wanted else {"census2021-ts021-lsoa.csv": mini.census()}
    path = write_zip(tmp_path / CENSUS, {name: mini.census(), **other})
    said = refusal(open_data.read_residents, path)
    assert "the zip holds 1 file with a path outside it" in said
    assert list(tmp_path.iterdir()) == [path]


def declare(path: Path, size: int) -> Path:
    """Let the zip's list of contents say that its first file has another size than it has."""
    data = bytearray(path.read_bytes())
    start = data.find(b"PK\1\2") + 24
    data[start : start + 4] = size.to_bytes(4, "little")
    path.write_bytes(data)
    return path


READ_ZIPS = [
    pytest.param(census, open_data.read_residents, id="table"),
    pytest.param(
        lambda folder: write_zip(folder / "boundaries_lsoa21_england.zip", {"a.csv": mini.census()}),
        read_boundaries,
        id="boundaries",
    ),
]


@pytest.mark.parametrize(("write", "read"), READ_ZIPS)
@pytest.mark.parametrize(
    ("size", "says"),
    [
        pytest.param(4_100_000_000, "the zip would unpack to 4.1 GB, over 4 GB", id="too large"),
        pytest.param(100_100_000, "the zip would unpack to over 1,000 times its size", id="too squeezed"),
    ],
)
def test_a_zip_that_would_unpack_to_an_absurd_size_is_refused(
    tmp_path: Path, write: Callable, read: Callable, size: int, says: str
):
    assert says in refusal(read, declare(write(tmp_path), size))


def test_files_that_are_too_large_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = census(tmp_path)
    with zipfile.ZipFile(path) as archive:
        sizes = [member.file_size for member in archive.infolist()]
    monkeypatch.setattr(published_files, "MOST_UNPACKED", sum(sizes))
    assert len(open_data.read_residents(path)) == 12
    monkeypatch.setattr(published_files, "MOST_UNPACKED", sum(sizes) - 1)
    refusal(open_data.read_residents, path)


def test_a_zip_that_declares_less_than_it_holds_is_refused(tmp_path: Path):
    path = write_zip(tmp_path / CENSUS, {"census2021-ts021-lsoa.csv": mini.census()})
    assert "the zip file is damaged" in refusal(open_data.read_residents, declare(path, 100))


def test_a_header_that_never_ends_is_refused(tmp_path: Path):
    path = tmp_path / IOD_2025
    path.write_text("x" * 200_000, encoding="utf-8")
    assert "cannot be read as a table" in refusal(lambda file: open_data.read_deprivation(file, 2021), path)


# -- boundaries that are refused ---------------------------------------------------------------------------


def spoilt(path: Path, *shapes: shapely.Geometry | None, crs: int = 4326) -> Path:
    codes = [f"E0100000{number}" for number in range(len(shapes))]
    gpd.GeoDataFrame({"LSOA21CD": codes}, geometry=list(shapes), crs=crs).to_file(path)
    return path


SQUARE = shapely.box(-2, 54, -1.9, 54.1)


@pytest.mark.parametrize(
    ("other", "what"),
    [
        pytest.param(None, "1 area without a shape", id="none"),
        pytest.param(shapely.Point(-2, 54), "1 area without a shape", id="a centroid"),
        pytest.param(shapely.box(10, 54, 10.1, 54.1), "not of Great Britain", id="abroad"),
        pytest.param(shapely.box(340_000, 390_000, 341_000, 391_000), "not of Great Britain", id="metres"),
    ],
)
def test_boundaries_that_are_no_areas_of_great_britain_are_refused(
    tmp_path: Path, other: shapely.Geometry | None, what: str
):
    assert what in refusal(read_boundaries, spoilt(tmp_path / "areas.geojson", SQUARE, other))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"error": {"code": 400, "message": "Invalid URL"}}', id="the service's own error"),
        pytest.param('{"type": "FeatureCollection", "features": [{"type": "Fea', id="cut short"),
        pytest.param('{"type": "FeatureCollection", "features": []}', id="no features"),
        pytest.param("<!doctype html><title>Not found</title>", id="web page"),
    ],
)
def test_what_is_no_geojson_is_refused(tmp_path: Path, text: str):
    path = tmp_path / BOUNDARIES_2021
    path.write_text(text, encoding="utf-8")
    assert "is no file of LSOA boundaries" in refusal(read_boundaries, path)


def test_boundaries_of_other_areas_are_refused(tmp_path: Path):
    path = tmp_path / "areas.geojson"
    gpd.GeoDataFrame({"MSOA21CD": ["E02000001"]}, geometry=[SQUARE], crs=4326).to_file(path)
    assert "is no file of LSOA boundaries" in refusal(read_boundaries, path)
