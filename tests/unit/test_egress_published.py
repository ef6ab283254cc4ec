"""What is about to be published is searched: the index and the map of a place's networks stay away with a leak."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pcn_analysis.exceptions import DisclosureError, PcnAnalysisError
from pcn_analysis.prepared import save_place
from pcn_analysis.release.egress import NOBODY, check_files, known_people
from pcn_analysis.reports import ledger
from pcn_analysis.reports.network_map import library_scripts, write_network_map
from pcn_analysis.reports.site import write_index
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.place import Place
    from pcn_analysis.settings import Settings

pytestmark = pytest.mark.unit


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_reference_notebooks_are_clean(path: Path) -> None:
    assert check_files([path]) == []


def test_the_map_of_the_invented_place_is_clean_and_one_with_a_leak_is_not_written(
    marlhaven: Place, project: Settings
) -> None:
    write_network_map(project, marlhaven)
    made = sorted(path for path in project.reports.rglob("*") if path.is_file())
    assert [path.name for path in made] == [
        "network_map.html",
        "synthetic-network_map.csv",
        "synthetic-network_map.gpkg",
    ]
    assert check_files(made, libraries=library_scripts()) == []
    before = {path: path.read_bytes() for path in made}
    with pytest.raises(DisclosureError) as told:
        write_network_map(project, named(marlhaven, "PCN at CH41 5AL"))
    assert str(told.value).count("whole postcode") == 3, "the page, the CSV file and the GeoPackage"
    assert {path: path.read_bytes() for path in made} == before
    assert files(project.reports) == [path.name for path in made]


def named(place: Place, name: str) -> Place:
    """The place with another name for its first network."""
    practices = place.tables["practices"]
    frame = practices.frame.copy()
    frame.loc[frame["pcn_code"].eq("U00001"), "pcn_name"] = name
    return replace(place, tables={**place.tables, "practices": replace(practices, frame=frame)})


def test_an_index_with_a_leak_does_not_take_the_place_of_the_one_before(marlhaven: Place, project: Settings) -> None:
    save_place(marlhaven, project.processed)
    before = write_index(project, [], {"synthetic"}).read_bytes()
    failed = ledger.Entry("1", "synthetic", "U00001", "01_population_profile", ledger.FAILED, error="9434765919")
    ledger.record(project.reports, failed)
    with pytest.raises(DisclosureError, match=r"index\.html: holds 1 NHS number"):
        write_index(project, [failed], {"synthetic"})
    assert (project.reports / "index.html").read_bytes() == before
    assert "9434765919" not in (project.reports / "synthetic" / "index.html").read_text(encoding="utf-8")
    assert files(project.reports) == ["index.html", "index.html", "ledger.jsonl"]


def test_people_who_cannot_be_read_stop_a_page_and_not_the_index(marlhaven: Place, project: Settings) -> None:
    save_place(marlhaven, project.processed)
    folder = project.processed / "people" / "synthetic" / "records" / "pcn_code=U00001"
    folder.mkdir(parents=True)
    (folder / "persons.parquet").write_bytes(b"PAR1 damaged")
    with pytest.raises(PcnAnalysisError):
        known_people(project.processed, "synthetic", {"U00001"})
    assert known_people(project.processed, "synthetic", {"U00002"}) == NOBODY
    assert write_index(project, [], {"synthetic"}).exists()
