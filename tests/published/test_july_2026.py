"""July 2026: what is published matches exactly; what is estimated is held against outside figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pcn_analysis import profile
from pcn_analysis.network.footprint import network_footprints
from pcn_analysis.place import Place, network_of
from pcn_analysis.sources.england import England, nowcast_of_2026
from pcn_analysis.sources.local_authority import prepare_place
from pcn_analysis.sources.open_data import FILES
from pcn_analysis.sources.published_files import find_files

pytestmark = pytest.mark.published
EXPECTED = pd.read_csv(Path(__file__).parent / "networks_july_2026.csv")


@pytest.fixture(scope="module")
def england(open_data: Path) -> England:
    return nowcast_of_2026(find_files(open_data, FILES["2026-07"]))


@pytest.fixture(scope="module", params=["Wirral", "Warrington"])
def place(request: pytest.FixtureRequest, open_data: Path) -> Place:
    return prepare_place(request.param, open_data, "2026-07")


def test_published_columns_of_every_network(place: Place) -> None:
    expected = EXPECTED[EXPECTED["place"] == place.name].set_index("pcn_code").sort_index()
    found = network_footprints(place).frame.set_index("pcn_code").sort_index()
    assert found["practices"].to_dict() == expected["practices"].to_dict()
    assert found["patients"].to_dict() == expected["patients"].to_dict()
    diabetes = {
        code: round(
            profile.prevalence(network_of(place, code)).frame.set_index("register").loc["DM", "prevalence"] * 100, 1
        )
        for code in expected.index
    }
    assert diabetes == expected["diabetes_percent"].to_dict()


@pytest.mark.parametrize(
    ("place", "practices", "patients"), [("Wirral", 43, 346_146), ("Warrington", 26, 229_762)], indirect=["place"]
)
def test_place_totals(place: Place, practices: int, patients: int) -> None:
    frame = place.tables["practices"].frame
    own = frame[frame["in_place"]]
    assert (len(own), own["list_size"].sum()) == (practices, patients)


def test_every_page_of_it_says_part_modelled(place: Place) -> None:
    network = network_of(place, place.networks()["pcn_code"][0])
    assert "part modelled" in profile.deprivation(network).provenance.modelled
    assert profile.practice_lists(network).provenance.modelled == ""


def test_mergers_of_wirral_are_found(england: England) -> None:
    heirs = dict(zip(england.mergers["closed_practice"], england.mergers["survivor"], strict=True))
    assert {code: heirs.get(code) for code in ("N85009", "N85003", "N85014")} == {
        "N85009": "N85007",
        "N85003": "N85051",
        "N85014": "N85044",
    }


def test_estimate_keeps_every_published_list(england: England) -> None:
    estimated = england.counts.groupby("practice_code")["patients"].sum()
    published = england.list_sizes.astype(float)
    assert np.allclose(estimated[published.index], published, rtol=0, atol=1e-6)
    assert round(england.counts["patients"].sum()) == 63_436_508


def test_deprivation_of_practices_agrees_with_fingertips(england: England, open_data: Path) -> None:
    """OHID publishes each practice's IMD 2025 score, worked out from its patients' areas by other means."""
    fingertips = pd.read_csv(open_data / "fingertips-imd-2025-gp-practice.csv").set_index("PRACTICE_CODE")["IMD_SCORE"]
    score = england.counts["area_code"].map(england.areas.set_index("area_code")["imd_score"].astype(float))
    located = england.counts.assign(weighted=score * england.counts["patients"]).dropna(subset=["weighted"])
    sums = located.groupby("practice_code")[["weighted", "patients"]].sum()
    both = pd.concat([sums["weighted"] / sums["patients"], fingertips], axis=1, join="inner")
    gap = (both[0] - both["IMD_SCORE"]).abs()
    assert len(both) > 6_000
    assert both.corr().iloc[0, 1] > 0.999
    assert gap.median() < 0.15
    for survivor in ("N85007", "N85051", "N85044"):
        assert gap[survivor] < 0.5, survivor
