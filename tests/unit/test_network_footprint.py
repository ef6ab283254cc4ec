"""Footprint tables of a place where nobody knows the areas of one network's patients."""

from dataclasses import replace

import pytest

from pcn_analysis import codes
from pcn_analysis.network.footprint import area_footprint, footprint_map, network_footprints
from pcn_analysis.place import network_of
from pcn_analysis.provenance import SourcedTable

pytestmark = pytest.mark.unit
LOST = "U00001"


@pytest.fixture(scope="module")
def place(marlhaven):
    practices = marlhaven.tables["practices"].frame
    own = practices.loc[practices["pcn_code"] == LOST, "practice_code"]
    table = marlhaven.tables["registrations_by_area"]
    counts = table.frame.copy()
    counts.loc[counts["practice_code"].isin(own), "area_code"] = codes.UNKNOWN_AREA
    counts = counts.groupby(["practice_code", "area_code"], as_index=False)["patients"].sum()
    changed = SourcedTable(counts, table.provenance)
    return replace(marlhaven, tables={**marlhaven.tables, "registrations_by_area": changed})


def test_it_is_measured_and_wins_nothing(place):
    row = network_footprints(place).frame.set_index("pcn_code").loc[LOST]
    assert row["no_english_area"] == row["patients"] > 0
    assert row[["located", "areas_any", "areas_footprint", "inside", "localisation"]].to_list() == [0] * 5


def test_its_map_is_drawn_and_shows_none_of_it(place):
    network = network_of(place, LOST)
    shown = footprint_map(network).frame
    assert len(shown) == len(place.boundaries)
    assert not shown["in_footprint"].any()
    assert area_footprint(network).frame.empty
