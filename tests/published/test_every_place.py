"""Every local authority of England, in both vintages: nobody is lost and every map is sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from geopandas import GeoDataFrame

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.footprint import area_footprint, footprint_map, network_footprints, shared_networks
from pcn_analysis.place import Place, network_of
from pcn_analysis.plots import alt_text
from pcn_analysis.readings import areas, footprint
from pcn_analysis.release import release
from pcn_analysis.sources.england import READERS, England
from pcn_analysis.sources.geography import read_boundaries
from pcn_analysis.sources.local_authority import take_out
from pcn_analysis.sources.open_data import FILES
from pcn_analysis.sources.published_files import find_files
from pcn_analysis.validation import check_tables

pytestmark = [pytest.mark.published, pytest.mark.slow]


def every_place(folder: Path, vintage: str) -> Iterator[Place]:
    files = find_files(folder, FILES[vintage])
    england, boundaries = READERS[vintage](files), read_boundaries(files["boundaries"])
    names = england.areas.loc[england.areas["area_code"].str.startswith("E"), "local_authority_name"]
    for name in sorted(names.dropna().unique()):
        yield take_out(name, england, boundaries, files, vintage, allow_unmapped=True)


@pytest.mark.parametrize(("vintage", "patients"), [("2023-07", 62_581_556), ("2026-07", 63_436_508 - 5_658)])
def test_every_place_can_be_prepared_and_together_they_are_england(
    open_data: Path, vintage: str, patients: int
) -> None:
    """In July 2026, 5,658 patients are with practices that are new since July 2023: nobody knows their areas."""
    found, empty = 0, []
    for place in every_place(open_data, vintage):
        check_tables({name: table.frame for name, table in place.tables.items()})
        practices = place.tables["practices"].frame
        own = practices[practices["in_place"]]
        found += int(own["list_size"].sum())
        counted = place.tables["registrations_by_area"].frame.groupby("practice_code")["patients"].sum()
        assert np.allclose(counted[own["practice_code"]].astype(float), own["list_size"].astype(float), atol=1e-6)
        if place.networks().empty:
            empty.append(place.name)
            continue
        tables = release(network_footprints(place), profile="open_data")
        assert (tables.frame["localisation"] <= 1).all()
        network = network_of(place, str(place.networks()["pcn_code"].iloc[0]))
        assert footprint(tables, network.name)
        assert areas(release(area_footprint(network), profile="open_data"))
        assert alt_text.footprint(release(footprint_map(network), profile="open_data"))
        assert np.isclose(shared_networks(network).frame["share"].astype(float).sum(), 1)
    assert found == patients
    assert empty == []


def test_places_that_need_the_option_say_so(open_data: Path) -> None:
    """In July 2023 some practices have counts and no row in the membership file: the file and the option are named."""
    files = find_files(open_data, FILES["2023-07"])
    england, boundaries = READERS["2023-07"](files), read_boundaries(files["boundaries"])
    known = set(england.membership.practices["practice_code"])
    absent = set(england.list_sizes.index) - known
    assert england.list_sizes[sorted(absent)].sum() == 39_097
    names = sorted(england.areas.loc[england.areas["area_code"].str.startswith("E"), "local_authority_name"].unique())
    said = [text for name in names if (text := _refusal(name, england, boundaries, files))]
    assert 0 < len(said) < 40
    assert all("qof_structures" in text and "--allow-unmapped" in text for text in said)


def _refusal(name: str, england: England, boundaries: GeoDataFrame, files: dict[str, Path]) -> str:
    try:
        take_out(name, england, boundaries, files, "2023-07")
    except PcnAnalysisError as error:
        return str(error)
    return ""
