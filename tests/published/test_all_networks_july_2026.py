"""The page of all networks on the published files of July 2026: everybody is on it, and nobody twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_analysis.codes import COUNTRY, WHOLE_PLACE
from pcn_analysis.network import footprint
from pcn_analysis.network.england import RATES
from pcn_analysis.place import Network, network_of
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.release import release
from pcn_analysis.sources.local_authority import prepare_place

pytestmark = pytest.mark.published
LISTED = 63_436_508
"""Registered patients in England, 1 July 2026 (NHS England)."""
IN_NO_NETWORK = 220_330


@pytest.fixture(scope="module")
def england(open_data: Path) -> Network:
    """Fifteen seconds."""
    return network_of(prepare_place(COUNTRY, open_data, "2026-07"), WHOLE_PLACE)


@pytest.fixture(scope="module")
def networks(england: Network) -> SourcedTable:
    return footprint.england_networks(england, "Wirral")


def test_all_networks_are_on_its_table_with_the_published_lists(england: Network, networks: SourcedTable) -> None:
    table = release(networks, profile="open_data").frame.set_index("pcn_code")
    practices = england.place.tables["practices"].frame
    published = practices.groupby("pcn_code")["list_size"].sum()
    assert len(table) == table.index.nunique() == 1_298
    assert table["patients"].to_dict() == published.to_dict()
    outside = release(footprint.england_outside(england), profile="open_data").frame
    assert outside["patients"].sum() == IN_NO_NETWORK
    assert table["patients"].sum() + IN_NO_NETWORK == LISTED == practices["list_size"].sum()


def test_nothing_of_a_network_is_missing_or_out_of_range(networks: SourcedTable) -> None:
    frame = networks.frame
    for rate in RATES:
        assert frame[rate.name].between(0, 1 + 1e-9).all(), rate.name
    assert frame["rank"].between(1, 1_298).all()
    assert frame[["percentile", "similar_percentile", "size_percentile"]].stack().between(0, 100).all()
    assert (frame["main_part"] <= frame["inside"] + 1e-6).all()


def test_sizes_of_july_2026(networks: SourcedTable) -> None:
    sizes = footprint.england_sizes(networks).frame
    assert sizes["networks"].to_list() == [119, 691, 488, 1_298]
    assert sizes["rural_waiver"].to_list() == [24, 0, 0, 24]
    assert sizes["single_practice"].to_list() == [25, 54, 14, 93]
    assert sizes["marked"].to_list() == [0, 2, 4, 6]


def test_larger_networks_have_more_of_their_patients_on_their_ground(networks: SourcedTable) -> None:
    local = footprint.england_coherence(networks).frame["localisation"]
    assert (local * 100).astype(float).round(1).to_list() == [64.9, 68.6, 71.6, 74.5, 79.8, 73.6]


def test_every_area_is_on_the_map_and_everyone_with_an_english_area(england: Network, networks: SourcedTable) -> None:
    areas = footprint.england_map(england, "Wirral")
    classes = footprint.england_map_classes(areas).frame
    assert classes["areas"].to_list() == [1_799, 3_350, 8_809, 9_020, 10_777]
    assert len(areas.frame) == classes["areas"].sum() == 33_755
    assert areas.frame["inset"].value_counts().to_dict() == {"London": 4_994, "Wirral": 209}
    assert areas.frame["registered"].sum() >= networks.frame["located"].sum()


def test_networks_of_wirral_among_all(networks: SourcedTable) -> None:
    own = footprint.england_marked(networks).frame.set_index("pcn_code")
    assert own["rank"].to_dict() == {
        "U25656": 300, "U12833": 468, "U79121": 469, "U99194": 755, "U46976": 817, "U91030": 1_169,
    }  # fmt: skip
    assert own["similar_percentile"].round().astype(int).to_list() == [68, 61, 54, 24, 49, 22]


def test_what_changed_since_each_earlier_map(england: Network, networks: SourcedTable) -> None:
    rows = footprint.england_changes(england).frame
    assert list(dict.fromkeys(rows["since"])) == ["January 2022", "October 2024", "October 2025"]
    moved = rows[rows["change"] == "practices that moved to another network"]
    assert moved["number"].to_list() == [465, 131, 53]
    assert rows[rows["since"] == "January 2022"]["number"].to_list()[-3:] == [85, 41, 71]
    named = footprint.england_networks_changed(england, networks).frame
    assert len(named) == 85 + 41 + 71
    assert named.loc[named["marked"], ["pcn_code", "change"]].to_numpy().tolist() == [["U91030", "new"]]
