"""The same-date join of July 2023, to the printed digit: nothing in it is modelled."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pcn_analysis import codes
from pcn_analysis.network.footprint import network_footprints
from pcn_analysis.network.measures import coherence, footprints, patients_by_network
from pcn_analysis.place import Place
from pcn_analysis.sources.england import England, published
from pcn_analysis.sources.local_authority import prepare_place
from pcn_analysis.sources.open_data import FILES
from pcn_analysis.sources.published_files import find_files

pytestmark = pytest.mark.published
EXPECTED = pd.read_csv(Path(__file__).parent / "footprints_july_2023.csv")
PERCENTAGES = {
    "localisation": "localisation_percent",
    "commitment": "commitment_percent",
    "core20_share": "core20_percent",
}


@pytest.fixture(scope="module", params=["Wirral", "Warrington"])
def place(request: pytest.FixtureRequest, open_data: Path) -> Place:
    return prepare_place(request.param, open_data, "2023-07")


@pytest.fixture(scope="module")
def england(open_data: Path) -> England:
    return published(find_files(open_data, FILES["2023-07"]))


def test_every_network_matches_to_the_printed_digit(place: Place) -> None:
    expected = EXPECTED[EXPECTED["place"] == place.name].set_index("pcn_code").sort_index()
    found = network_footprints(place).frame.set_index("pcn_code").sort_index()
    assert found.index.to_list() == expected.index.to_list()
    for column in ("practices", "patients", "no_english_area", "areas_any", "areas_served", "areas_footprint"):
        assert found[column].astype(int).to_list() == expected[column].to_list(), column
    for column, printed in PERCENTAGES.items():
        assert (found[column].astype(float) * 100).round(1).to_list() == expected[printed].to_list(), column


@pytest.mark.parametrize(
    ("place", "practices", "patients"), [("Wirral", 46, 342_127), ("Warrington", 26, 227_183)], indirect=["place"]
)
def test_practices_of_a_place_are_those_whose_patients_mostly_live_there(
    place: Place, practices: int, patients: int
) -> None:
    frame = place.tables["practices"].frame
    own = frame[frame["in_place"]]
    assert (len(own), own["list_size"].sum()) == (practices, patients)


def test_no_patient_of_a_member_practice_is_lost(place: Place) -> None:
    practices = place.tables["practices"].frame
    members = practices[practices["pcn_code"].isin(place.networks()["pcn_code"]) | practices["in_place"]]
    counted = place.tables["registrations_by_area"].frame.groupby("practice_code")["patients"].sum()
    assert counted[members["practice_code"]].to_list() == members["list_size"].astype(float).to_list()


def test_england_adds_up(england: England) -> None:
    by_area = england.counts.groupby(
        england.counts["area_code"].where(~england.counts["area_code"].str.startswith("E01"))
    )
    residual = by_area["patients"].sum()
    assert england.counts["patients"].sum() == 62_581_556
    assert residual[codes.UNKNOWN_AREA] == 23_317
    assert residual[codes.OUTSIDE_ENGLAND] == 13_769
    assert england.counts.loc[england.counts["area_code"].str.startswith("E01"), "area_code"].nunique() == 32_844


def test_england_localisation_equals_commitment(england: England) -> None:
    """Overall LI = CI = 0.7419, 14.7% of areas won with less than half, 8 ties."""
    practices = pd.DataFrame({"practice_code": england.list_sizes.index}).merge(
        england.membership.practices, on="practice_code", how="left"
    )
    patients = patients_by_network(england.counts, practices)
    assert len(patients.networks) == 1_267 + 1
    measures, won = coherence(patients), footprints(patients)
    overall = measures["inside"].sum() / patients.by_area().sum()
    assert round(overall, 4) == 0.7419
    assert round(measures["inside"].sum() / measures["footprint_registered"].sum(), 4) == 0.7419
    assert round((won["share"] < 0.5).mean() * 100, 1) == 14.7
    assert won["tied"].sum() == 8


def test_nothing_is_called_modelled_and_absent_tables_are_named(place: Place) -> None:
    assert place.provenance.modelled == ""
    assert set(place.missing) == {"registrations_by_age", "disease_registers"}
