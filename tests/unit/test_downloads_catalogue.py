"""The catalogue fits what the readers look for, and a project can put right what has moved."""

from fnmatch import fnmatch

import pytest

from pcn_analysis.downloads.catalogue import ENDINGS, SIDECAR, load_catalogue
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.sources import published_files
from pcn_analysis.sources.open_data import FILES

pytestmark = pytest.mark.unit

CATALOGUE = load_catalogue()


@pytest.fixture
def overrides(tmp_path):
    """Write config/downloads.toml of a project."""

    def write(text):
        path = tmp_path / "downloads.toml"
        path.write_text(text)
        return path

    return write


def named(catalogue, name):
    return catalogue.named([name])[0]


# -- it fits the readers -----------------------------------------------------------------------------------


def test_there_is_a_catalogue_for_each_vintage_that_can_be_prepared():
    assert {one for download in CATALOGUE.downloads for one in download.vintages} == set(FILES)


@pytest.mark.parametrize("vintage", FILES)
def test_every_file_that_a_vintage_needs_can_be_downloaded_and_no_other_but_those_it_can_use(vintage):
    offered = {download.patterns: download.optional for download in CATALOGUE.of_vintage(vintage)}
    known = {file.patterns: file.optional for file in FILES[vintage].values()}
    assert offered == {patterns: known[patterns] for patterns in offered}
    assert all(optional for patterns, optional in known.items() if patterns not in offered)


@pytest.mark.parametrize("download", CATALOGUE.downloads, ids=lambda one: one.name)
def test_a_file_is_saved_under_a_name_that_the_readers_find(download):
    assert any(fnmatch(download.saved_as, pattern) for pattern in download.patterns)


@pytest.mark.parametrize("download", CATALOGUE.downloads, ids=lambda one: one.name)
def test_a_file_is_described_as_on_the_pages(download):
    read = {file.patterns: file for files in FILES.values() for file in files.values()}[download.patterns]
    for name in ("title", "publisher", "period", "licence", "attribution"):
        assert getattr(download, name) == getattr(read, name)


def test_readers_and_catalogue_pass_over_the_same_files():
    assert ENDINGS == published_files.ENDINGS


@pytest.mark.parametrize("download", CATALOGUE.downloads, ids=lambda one: one.name)
def test_every_address_is_secure_and_every_file_can_be_looked_into(download):
    assert all(one.startswith("https://") for one in (download.page, download.url) if one)
    assert bool(download.link) == (download.kind == "page")
    assert bool(download.url) == (download.kind in ("direct", "layer"))
    assert bool(download.member) == download.saved_as.endswith(".zip")
    assert download.columns


def test_notes_are_no_files_of_a_vintage(tmp_path):
    download = named(CATALOGUE, "practice-map-2026-07")
    for name in (download.saved_as, download.saved_as + SIDECAR, f".{download.saved_as}.part"):
        (tmp_path / name).touch()
    assert [path.name for path in download.found(tmp_path)] == [download.saved_as]


# -- names and vintages ------------------------------------------------------------------------------------


def test_a_file_is_known_by_its_name_and_by_what_it_is_saved_as():
    both = CATALOGUE.named(["qof-2024-25", "PREVALENCE_2425.zip"])
    assert [one.name for one in both] == ["qof-2024-25"]


def test_all_unknown_names_are_told_together():
    with pytest.raises(PcnAnalysisError) as told:
        CATALOGUE.named(["qof-2024-26", "lsoa-look"])
    assert [one.where for one in told.value.problems] == ["qof-2024-26", "lsoa-look"]
    assert "Did you mean lsoa-lookup?" in str(told.value)


def test_an_unknown_vintage_is_told():
    with pytest.raises(PcnAnalysisError, match=r"there is no vintage '2026-06'. Did you mean 2026-07"):
        CATALOGUE.of_vintage("2026-06")


# -- what a project puts right -----------------------------------------------------------------------------


def test_a_project_needs_to_say_nothing(tmp_path):
    assert load_catalogue(tmp_path / "downloads.toml") == CATALOGUE


def test_a_project_can_give_an_address_in_the_place_of_a_page(overrides):
    moved = load_catalogue(overrides('[files.practice-map-2026-07]\nurl = "https://a.example/map.zip"'))
    download = named(moved, "practice-map-2026-07")
    assert (download.kind, download.url) == ("direct", "https://a.example/map.zip")
    assert named(moved, "qof-2024-25") == named(CATALOGUE, "qof-2024-25")


def test_a_layer_with_another_address_stays_a_layer(overrides):
    moved = load_catalogue(overrides('[files.lsoa-lookup]\nurl = "https://a.example/services/B/FeatureServer/0"'))
    assert named(moved, "lsoa-lookup").kind == "layer"


def test_a_project_can_be_more_patient(overrides):
    limits = load_catalogue(overrides("[transfer]\nread_seconds = 300\nlargest_gigabytes = 0.5")).limits
    assert (limits.read_seconds, limits.connect_seconds, limits.largest) == (300, 10, 500_000_000)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[files.practice-map]\nurl = 'a'", "there is no file 'practice-map' in the catalogue. Did you mean practice"),
        ("[files.lsoa-lookup]\nadress = 'a'", "lsoa-lookup: unknown entry 'adress'"),
        ("[files.lsoa-lookup]\nurl = 1", "lsoa-lookup: url has the wrong type"),
        ("[transfer]\ntries = 0", "transfer: tries is not above 0"),
        ("[transfer]\ntries = true", "transfer: tries has the wrong type"),
        ("transfer = 1", "transfer: unknown entry 'transfer'"),
        ("files = 1", "files holds something else than a table each"),
        ("[elsewhere]\n", "unknown entry 'elsewhere'"),
        ("[files", "downloads.toml: not valid TOML"),
    ],
)
def test_what_a_project_says_wrongly_is_told(overrides, text, told):
    with pytest.raises(PcnAnalysisError) as error:
        load_catalogue(overrides(text))
    assert told in str(error.value)
