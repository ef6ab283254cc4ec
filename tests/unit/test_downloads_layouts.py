"""Publication pages, layers and files as publishers make them, and as they should not be."""

import csv
import json
from dataclasses import replace

import pytest

from pcn_analysis.downloads.catalogue import load_catalogue
from pcn_analysis.downloads.contents import check_contents
from pcn_analysis.downloads.layers import LayerPages
from pcn_analysis.downloads.links import find_link
from pcn_analysis.downloads.web import Limits, Web
from pcn_analysis.exceptions import PcnAnalysisError
from tests import publishers as layout
from tests.publishers import Answer, serving

pytestmark = pytest.mark.unit

CATALOGUE = {one.name: one for one in load_catalogue().downloads}
QUICK = Web(Limits(connect_seconds=1, read_seconds=0.5, tries=2, wait_seconds=0.01))
JULY = "/publications/july-2026"
SERVICES = "/arcgis/rest/services"
AREAS = [{"FID": place, "LSOA21CD": f"E0100000{place}"} for place in range(1, 6)]


@pytest.fixture
def publishers():
    with serving() as running:
        yield running


# -- publication pages -------------------------------------------------------------------------------------


def find(publishers, name="practice-map-2026-07", page=JULY):
    return find_link(QUICK, replace(CATALOGUE[name], page=publishers.url + page))


MONTH = [
    "https://files.digital.nhs.uk/98/8142DB/gp-reg-pat-prac-map.zip",
    "https://files.digital.nhs.uk/BB/362F1A/gp-reg-pat-prac-quin-age.zip",
    "https://files.digital.nhs.uk/5E/95A783/gp-reg-pat-prac-lsoa-male-female-Jul-26.zip",
    "https://files.digital.nhs.uk/1F/825710/gp-reg-pat-prac-sing-age-female.zip",
]


@pytest.mark.parametrize(
    ("name", "linked"),
    [
        ("practice-map-2026-07", MONTH[0]),
        ("patients-by-age-2026-07", MONTH[1]),
        ("patients-by-area-2023-07", MONTH[2]),
        ("patients-by-area-2023-07", "https://files.digital.nhs.uk/AA/B3CF39/gp-reg-pat-prac-lsoa-oct-22..zip"),
        ("qof-2024-25", "https://files.digital.nhs.uk/95/4708D7/QOF2425.zip"),
        ("qof-2022-23", "https://files.digital.nhs.uk/32/40B931/QOF%202022-23%20Raw%20data%20.csv%20files.zip"),
        (
            "deprivation-2025",
            "https://assets.publishing.service.gov.uk/media/691ded56d140bbbaa59a2a7d/"
            "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv",
        ),
        (
            "deprivation-2019",
            "https://assets.publishing.service.gov.uk/media/5dc407b440f0b6379a7acc8d/"
            "File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv",
        ),
    ],
)
def test_the_link_of_this_release_is_found_whatever_its_hash(publishers, name, linked):
    others = [one for one in MONTH if one.split("prac-")[1][:4] != linked.rpartition("prac-")[2][:4]]
    publishers.answers[JULY] = layout.page(*others, linked)
    assert find(publishers, name) == linked


def test_a_link_relative_to_the_page_is_completed_and_may_stand_twice(publishers):
    publishers.answers[JULY] = layout.page(
        "files/gp-reg-pat-prac-map.zip", "/publications/files/gp-reg-pat-prac-map.zip"
    )
    assert find(publishers) == f"{publishers.url}/publications/files/gp-reg-pat-prac-map.zip"


def test_a_page_that_shows_the_file_is_not_taken_for_it(publishers):
    publishers.answers["/iod"] = layout.page(
        "/media/691d/File_7_IoD2025_All.csv", "/csv-preview/691d/File_7_IoD2025_All.csv"
    )
    assert find(publishers, "deprivation-2025", "/iod") == f"{publishers.url}/media/691d/File_7_IoD2025_All.csv"


def test_a_page_that_has_moved_on_is_told_with_what_it_links_to_instead(publishers):
    publishers.answers[JULY] = layout.page("/a/gp-reg-pat-prac-sing-age.zip", "/a/gp-reg-pat-prac-mapping.xlsx", "/b")
    with pytest.raises(PcnAnalysisError) as told:
        find(publishers)
    assert str(told.value) == (
        f"gp-reg-pat-prac-map_2026-07.zip: {publishers.url}{JULY} has moved on: no link there is named like "
        "gp-reg-pat-prac-map.zip. Nearest: gp-reg-pat-prac-sing-age.zip, gp-reg-pat-prac-mapping.xlsx. "
        "Open the page, find the file, and put its address into config/downloads.toml, as url under "
        "[files.practice-map-2026-07]."
    )


def test_a_page_that_leads_elsewhere_says_where(publishers):
    publishers.answers[JULY] = Answer(statuses=[301], headers={"Location": "/publications"})
    publishers.answers["/publications"] = layout.page()
    with pytest.raises(PcnAnalysisError, match=r"july-2026 \(now http://.*/publications\) .* It links to no data file"):
        find(publishers)


def test_a_page_that_is_gone_is_told(publishers):
    with pytest.raises(PcnAnalysisError, match=r"gp-reg-pat-prac-map_2026-07.zip: http.*july-2026 answered 404"):
        find(publishers)


def test_several_links_are_not_chosen_among(publishers):
    publishers.answers[JULY] = layout.page("/a/gp-reg-pat-prac-map.zip", "/b/gp-reg-pat-prac-map-v2.zip")
    with pytest.raises(PcnAnalysisError, match=r"several such files: gp-reg-pat-prac-map.zip and .*-v2.zip\. Choose"):
        find(publishers)


def ignored(come, size):
    """See nothing of how far it is."""


# -- layers ------------------------------------------------------------------------------------------------


def fetch_layer(publishers, folder, name="boundaries-2021", layer="Areas"):
    url = f"{publishers.url}{SERVICES}/{layer}/FeatureServer/0"
    path = folder / "layer"
    LayerPages(QUICK, CATALOGUE[name], ignored)(url, str(path), None)
    return path


def served(publishers, answer, layer="Areas"):
    publishers.answers[f"{SERVICES}/{layer}/FeatureServer/0/query"] = answer


def test_every_page_of_a_layer_comes_once(publishers, tmp_path):
    served(publishers, layout.layer(AREAS))
    written = json.loads(fetch_layer(publishers, tmp_path).read_text())
    assert written["type"] == "FeatureCollection"
    assert [one["properties"] for one in written["features"]] == AREAS
    assert [one.path.partition("resultOffset=")[2][:1] for one in publishers.asked] == ["", "0", "2", "4"]
    assert all("outSR=4326" in one.path for one in publishers.asked[1:])
    assert all("LSOA21CD+LIKE+%27E%25%27" in one.path for one in publishers.asked)


def test_a_table_without_shapes_becomes_csv_with_the_publishers_columns(publishers, tmp_path):
    rows = [{"LSOA21CD": "E01000001", "LAD22CD": "00123", "LAD22NM": "Bristol, City of", "LAD22NMW": None}]
    served(publishers, layout.layer(rows, areas=False))
    with fetch_layer(publishers, tmp_path, "lsoa-lookup").open(encoding="utf-8", newline="") as stream:
        read = list(csv.DictReader(stream))
    assert read == [{**rows[0], "LAD22NMW": ""}]


def broken(change):
    """Serve a layer of which each page was changed."""
    whole = layout.layer(AREAS)

    def answer(query):
        value = json.loads(whole(query).body)
        if "features" in value:
            change(value, int(query["resultOffset"]))
        return Answer(json.dumps(value).encode(), etag="")

    return answer


def lost(value, offset):
    if offset == 4:
        value["features"] = []


def repeated(value, offset):
    if offset == 2:
        value["features"] = value["features"][:1] * 2


def ends_early(value, offset):
    if offset == 2:
        value["properties"] = {}


def without_end(value, offset):
    value["properties"] = {"exceededTransferLimit": True}
    value["features"] = [{"type": "Feature", "id": offset, "properties": {"FID": offset}}]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lost, "4 of 5 rows came of the layer"),
        (repeated, "1 row of the layer came twice"),
        (ends_early, "4 of 5 rows came of the layer"),
        (without_end, "6 of 5 rows came of the layer"),
    ],
)
def test_rows_that_are_missing_or_come_twice_are_refused(publishers, tmp_path, change, told):
    served(publishers, broken(change))
    with pytest.raises(PcnAnalysisError, match=f"boundaries_lsoa21_england_bsc.geojson: {told}"):
        fetch_layer(publishers, tmp_path)


def test_the_end_is_also_understood_where_older_services_say_it(publishers, tmp_path):
    def older(value, offset):
        value["exceededTransferLimit"] = bool(value.pop("properties", None))

    served(publishers, broken(older))
    assert len(json.loads(fetch_layer(publishers, tmp_path).read_text())["features"]) == 5


def failing(code):
    return Answer(json.dumps({"error": {"code": code, "message": "private words"}}).encode(), etag="")


def test_a_layer_that_was_withdrawn_is_told_with_the_nearest_there_is(publishers, tmp_path):
    served(publishers, failing(400), "LSOA21_LU")
    listed = {"services": [{"name": "LSOA21_LU_v5", "type": "FeatureServer"}, {"name": "Wards"}]}
    publishers.answers[SERVICES] = Answer(json.dumps(listed).encode(), etag="")
    with pytest.raises(PcnAnalysisError) as told:
        fetch_layer(publishers, tmp_path, "lsoa-lookup", "LSOA21_LU")
    assert "gives no rows of the layer LSOA21_LU: renamed or withdrawn" in str(told.value)
    assert "Did you mean LSOA21_LU_v5?" in str(told.value)
    assert "private words" not in str(told.value)


def test_a_layer_is_told_as_withdrawn_even_if_nothing_else_is_known(publishers, tmp_path):
    served(publishers, failing(400))
    with pytest.raises(PcnAnalysisError, match=r"renamed or withdrawn.*\[files.boundaries-2021\]\.$"):
        fetch_layer(publishers, tmp_path)


def test_a_layer_without_rows_is_refused(publishers, tmp_path):
    served(publishers, layout.layer([]))
    with pytest.raises(PcnAnalysisError, match="says that it holds no rows"):
        fetch_layer(publishers, tmp_path)


@pytest.mark.parametrize("fault", [failing(503), Answer(b"<html>busy</html>", etag="")], ids=["overloaded", "no JSON"])
def test_a_service_that_fails_for_a_moment_is_asked_again(publishers, tmp_path, fault):
    whole, asked = layout.layer(AREAS), []

    def answer(query):
        asked.append(query)
        return fault if len(asked) == 2 else whole(query)

    served(publishers, answer)
    assert len(json.loads(fetch_layer(publishers, tmp_path).read_text())["features"]) == 5


# -- contents ----------------------------------------------------------------------------------------------

MAP = "practice-map-2026-07"


def check(folder, name, body):
    path = folder / "new"
    path.write_bytes(body)
    check_contents(path, CATALOGUE[name])


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (MAP, layout.zipped(gp__reg__pat__prac__map=layout.MAP)),
        ("qof-2024-25", layout.zipped(ACHIEVEMENT_LONDON_2425="a\n1\n", PREVALENCE_2425=layout.PREVALENCE)),
        ("qof-2022-23", layout.zipped(MAPPING_NHS_GEOGRAPHIES_2223="\ufeff" + layout.STRUCTURES)),
        (
            "census-residents-2021",
            layout.zipped(census2021__ts021__ctry="a\n1\n", census2021__ts021__lsoa=layout.CENSUS),
        ),
        ("deprivation-2025", layout.FILE_7.encode("utf-8-sig")),
        ("boundaries-2021", b'{"type": "FeatureCollection", "features": [{"properties": {"LSOA21CD": "E01000001"}}]}'),
    ],
)
def test_what_a_file_should_be_is_taken(tmp_path, name, body):
    check(tmp_path, name, body)


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        (MAP, b"\n<!DOCTYPE html><html>Sorry</html>", "is a web page, not data"),
        ("deprivation-2025", b"\xef\xbb\xbf<HTML>Sorry</HTML>", "is a web page, not data"),
        (MAP, b" ", "is empty"),
        (MAP, b"PK\x03\x04 cut short", "is no zip file, or a damaged one"),
        (MAP, layout.zipped(gp__reg__pat__prac__map=layout.MAP)[:-40], "is no zip file, or a damaged one"),
        (MAP, layout.zipped(gp__reg__pat__prac__lsoa=layout.COUNTS), "but gp-reg-pat-prac-lsoa.csv"),
        (MAP, layout.zipped(), "but nothing"),
        (MAP, layout.zipped(gp__reg__pat__prac__map=layout.PREVALENCE), "lacks columns EXTRACT_DATE, PCN_CODE"),
        ("deprivation-2025", b"LSOA code (2011)\nE01000001\n", "lacks column LSOA code (2021)"),
        ("deprivation-2025", layout.FILE_7.splitlines()[0].encode(), "has a header and no rows"),
        ("boundaries-2021", b'{"type": "FeatureCollection", "features": []}', "is not GeoJSON with LSOA21CD"),
    ],
)
def test_what_it_should_not_be_is_refused(tmp_path, name, body, told):
    with pytest.raises(PcnAnalysisError) as error:
        check(tmp_path, name, body)
    (one,) = error.value.problems
    assert one.where == CATALOGUE[name].saved_as
    assert told in one.what


def test_a_zip_that_was_altered_inside_is_refused(tmp_path):
    whole = bytearray(layout.zipped(gp__reg__pat__prac__map=layout.MAP))
    whole[60] ^= 0xFF
    with pytest.raises(PcnAnalysisError, match="is no zip file, or a damaged one"):
        check(tmp_path, MAP, bytes(whole))
