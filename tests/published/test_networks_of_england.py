"""Every network of England measured at once: July 2023 to the printed digit, July 2026 held against outside figures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pcn_analysis import codes
from pcn_analysis.network import measured, mixing
from pcn_analysis.network.bands import covered, outside, shares_in_bands
from pcn_analysis.network.changes import changes
from pcn_analysis.network.concordance import concordance
from pcn_analysis.network.registered import registered
from pcn_analysis.sources import nowcast
from pcn_analysis.sources.england import England, nowcast_of_2026, published
from pcn_analysis.sources.open_data import FILES, read_lsoa_links, read_residents
from pcn_analysis.sources.published_files import find_files

pytestmark = pytest.mark.published
EXPECTED = pd.read_csv(Path(__file__).parent / "footprints_july_2023.csv").set_index("pcn_code")
IN_BAND_2021 = 0.561
"""Share of the 1,251 networks of April 2021 with 30,000 to 50,000 patients (Beaney 2022, BJGPO.2022.0037)."""


def networks_of(england: England) -> pd.Series:
    return england.membership.practices.set_index("practice_code")["pcn_code"]


def measure(england: England) -> pd.DataFrame:
    areas = england.areas[england.areas["area_code"].str.startswith("E")]
    return measured.footprints(england.counts, networks_of(england), areas=areas, lists=england.list_sizes)


@pytest.fixture(scope="module")
def july_2023(open_data: Path) -> England:
    return published(find_files(open_data, FILES["2023-07"]))


@pytest.fixture(scope="module")
def july_2026(open_data: Path) -> England:
    return nowcast_of_2026(find_files(open_data, FILES["2026-07"]))


@pytest.fixture(scope="module")
def measured_2023(july_2023: England) -> pd.DataFrame:
    return measure(july_2023)


@pytest.fixture(scope="module")
def measured_2026(july_2026: England) -> pd.DataFrame:
    return measure(july_2026)


def test_july_2023_matches_to_the_printed_digit(measured_2023: pd.DataFrame) -> None:
    found = measured_2023.loc[EXPECTED.index]
    found = found.assign(no_english_area=found["unknown"] + found["not_english"], patients=found["registered"])
    for column in ("practices", "patients", "no_english_area", "areas_any", "areas_served", "areas_footprint"):
        assert found[column].to_dict() == EXPECTED[column].to_dict(), column
    for column, printed in {
        "localisation": "localisation_percent",
        "commitment": "commitment_percent",
        "core20_registered": "core20_percent",
    }.items():
        assert (found[column] * 100).round(1).to_dict() == EXPECTED[printed].to_dict(), column


def test_july_2023_of_all_england(measured_2023: pd.DataFrame) -> None:
    """111, 662 and 494 of 1,267 networks by size, median 45,254; localisation and commitment 0.7419."""
    networks = measured_2023.drop(codes.NO_NETWORK)
    assert shares_in_bands(measured_2023["registered"])["networks"].to_list() == [111, 662, 494]
    assert networks["registered"].median() == 45_254
    assert round(measured_2023["inside"].sum() / measured_2023["located"].sum(), 4) == 0.7419
    assert round(measured_2023["inside"].sum() / measured_2023["footprint_registered"].sum(), 4) == 0.7419
    assert measured_2023["registered"].sum() == 62_581_556


def test_every_network_of_july_2026_is_measured(july_2026: England, measured_2026: pd.DataFrame) -> None:
    networks = measured_2026.drop(codes.NO_NETWORK)
    assert len(networks) == networks_of(july_2026).nunique() == 1_298
    assert measured_2026["registered"].sum() == pytest.approx(july_2026.list_sizes.sum()) == 63_436_508
    assert networks["localisation"].between(0, 1).all()
    assert networks["effective_networks"].ge(1).all()
    assert networks["home_local_authority"].notna().all()
    sizes = networks["registered"].round().astype(int)
    by_map = july_2026.list_sizes.groupby(networks_of(july_2026)).sum()
    assert sizes.to_dict() == by_map.to_dict()


def test_fewer_networks_are_in_the_band_than_were_in_2021(measured_2026: pd.DataFrame) -> None:
    """Networks have grown: 56.1% were in it in April 2021. It is another date, and no check of these figures."""
    table = shares_in_bands(measured_2026["registered"])
    assert table["networks"].to_list() == [119, 691, 488]
    assert round(table["share"].iloc[1], 3) == 0.532 < IN_BAND_2021


def test_practices_in_no_network_and_who_covers_their_patients(july_2026: England) -> None:
    people, groups = registered(july_2026.counts), networks_of(july_2026)
    lost = outside(people, groups)
    assert (len(lost), round(lost["registered"].sum())) == (52, 220_330)
    rows = covered(people, groups)
    assert rows["patients"].sum() == pytest.approx(lost["registered"].sum())
    assert rows.groupby("practice_code")["share"].sum().to_list() == pytest.approx([1] * len(lost))


def test_handling_mergers_brings_deprivation_nearer_to_that_of_fingertips(
    open_data: Path, july_2023: England, july_2026: England
) -> None:
    """OHID's own score of each practice, against the estimate with predecessors' patients added and without.

    The rule that finds mergers was set on these scores, so that they flatter it.
    """
    files = find_files(open_data, FILES["2026-07"])
    links, residents = read_lsoa_links(files["lsoa_lookup"]), read_residents(files["residents"])
    without = nowcast.scale_to_lists(nowcast.to_lsoa21(july_2023.counts, links, residents), july_2026.list_sizes)
    score = july_2026.areas.set_index("area_code")["imd_score"]
    fingertips = pd.read_csv(open_data / "fingertips-imd-2025-gp-practice.csv").set_index("PRACTICE_CODE")["IMD_SCORE"]
    gaps = pd.DataFrame(
        {
            name: (mixing.mean_over_patients(registered(counts), score) - fingertips).abs()
            for name, counts in (("handled", july_2026.counts), ("not", without))
        }
    ).dropna()
    survivors = gaps[gaps.index.isin(july_2026.mergers["survivor"])]
    assert (len(gaps), len(survivors)) == (6_100, 125)
    assert gaps.mean().round(2).to_dict() == {"handled": 0.25, "not": 0.27}
    assert survivors.median().round(1).to_dict() == {"handled": 0.2, "not": 1.0}
    assert (survivors["handled"] < survivors["not"]).mean() > 0.75
    others = gaps.drop(survivors.index)
    assert others["handled"].to_list() == pytest.approx(others["not"].to_list())


def test_a_network_that_was_made_from_another(july_2023: England, july_2026: England) -> None:
    """Healthier Neighbourhoods (U91030) came out of Birkenhead (U99194) between March 2023 and July 2026."""
    before, after = july_2023.membership.practices, july_2026.membership.practices
    lists = july_2026.list_sizes
    found = changes(before, after, lists, lists_before=july_2023.list_sizes, mergers=july_2026.mergers)
    table = found.networks.set_index("network")
    assert table.loc["U91030", ["change", "practices_after", "arrived"]].to_list() == ["new", 3, 30_876]
    assert table.loc["U99194", ["change", "departed"]].to_list() == ["same", 30_876]
    assert len(found.practices) == len(set(before["practice_code"]) | set(after["practice_code"]))
    assert found.counted()["practices"].sum() == len(found.practices)


def test_networks_of_two_dates_agree_but_for_a_few_patients(july_2023: England, july_2026: England) -> None:
    agreed = concordance(networks_of(july_2023), networks_of(july_2026), july_2026.list_sizes)
    both = networks_of(july_2023).dropna().index.intersection(networks_of(july_2026).dropna().index)
    assert agreed.practices == len(both)
    assert agreed.patients == july_2026.list_sizes[both].sum()
    assert round(agreed.adjusted_rand, 2) == 0.94
    assert round(agreed.moved_share, 3) == 0.041
