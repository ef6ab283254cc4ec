"""Designs of Wirral and Warrington on the lists of July 2026: proven, within the band, and held against today."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import shapely

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.design import Design, Wanted, design
from pcn_analysis.network.footprint import network_footprints
from pcn_analysis.network.registered import registered
from pcn_analysis.place import Place
from pcn_analysis.sources.local_authority import prepare_place

pytestmark = pytest.mark.published
BAND = (30_000, 50_000)
NETWORKS = {"Wirral": 8, "Warrington": 6}


@pytest.fixture(scope="module", params=["Wirral", "Warrington"])
def place(request: pytest.FixtureRequest, open_data: Path) -> Place:
    return prepare_place(request.param, open_data, "2026-07")


def neighbours_of(place: Place) -> pd.DataFrame:
    """Areas with a common border that is longer than a point."""
    shapes, codes = place.boundaries.geometry.to_numpy(), place.boundaries["area_code"].to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="touches")
    long = shapely.length(shapely.intersection(shapes[one], shapes[other])) > 0
    return pd.DataFrame({"area_code": codes[one[long]], "neighbour_code": codes[other[long]]})


def designed(place: Place, networks: int) -> Design:
    practices = place.tables["practices"].frame.set_index("practice_code")
    return design(
        registered(place.tables["registrations_by_area"].frame),
        practices.loc[practices["in_place"], "list_size"],
        neighbours_of(place),
        Wanted(networks, BAND),
        today=practices["pcn_code"],
    )


@pytest.fixture(scope="module")
def plans(place: Place) -> Design:
    return designed(place, NETWORKS[place.name])


def test_the_assignment_is_proven(place: Place, plans: Design) -> None:
    assert (plans.status, plans.gap) == ("optimal", 0.0)
    assert round(plans.cost) == {"Wirral": 101_240, "Warrington": 69_975}[place.name]


def test_today_is_measured_as_on_its_own_page(place: Place, plans: Design) -> None:
    today, page = plans.table.iloc[0], network_footprints(place).frame
    assert today["networks"] == len(page)
    assert today["localisation"] == pytest.approx(page["inside"].sum() / page["patients"].sum())
    assert today["worst_localisation"] == pytest.approx(page["localisation"].min())
    assert today["worst_commitment"] == pytest.approx(page["commitment"].min())
    assert (today["smallest"], today["largest"]) == (page["patients"].min(), page["patients"].max())


def test_every_plan_is_within_the_band_and_one_leaves_no_network_worse_off(place: Place, plans: Design) -> None:
    proposed = plans.table.iloc[1:]
    assert 3 <= len(proposed) <= 5
    assert (proposed["in_band"] == NETWORKS[place.name]).all()
    assert proposed["worst"].max() > plans.table["worst"][0]
    assert proposed.loc[proposed["plan"] == "balanced", "percentile"].item() > 0.99


@pytest.mark.parametrize(("place", "said"), [
    ("Wirral", "6 × 50,000 is less than 346,146 registered patients: 7 to 11 networks fit"),
    ("Warrington", "4 × 50,000 is less than 229,762 registered patients: 5 to 7 networks fit"),
], indirect=["place"])  # fmt: skip
def test_too_few_networks_are_refused_with_the_numbers_that_fit(place: Place, said: str) -> None:
    with pytest.raises(PcnAnalysisError) as caught:
        designed(place, {"Wirral": 6, "Warrington": 4}[place.name])
    assert said in str(caught.value)
