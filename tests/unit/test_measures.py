"""Footprint measures on three areas and three networks, worked by hand.

========= === === === ==========
area       A   B   C  registered
========= === === === ==========
E01000001  60  30  10        100
E01000002  40  40  20        100
E01000003   4   0  96        100
========= === === === ==========
"""

import pandas as pd
import pytest

from pcn_analysis.network.measures import coherence, footprints, overlap, patients_by_network

pytestmark = pytest.mark.unit

AREAS = ["E01000001", "E01000002", "E01000003"]
PRACTICES = pd.DataFrame(
    {
        "practice_code": ["A1", "A2", "B1", "C1", "N1"],
        "pcn_code": ["U0000A", "U0000A", "U0000B", "U0000C", None],
    }
)
COUNTS = pd.DataFrame(
    [
        ("A1", "E01000001", 50),
        ("A2", "E01000001", 10),
        ("B1", "E01000001", 30),
        ("C1", "E01000001", 10),
        ("A1", "E01000002", 40),
        ("B1", "E01000002", 40),
        ("C1", "E01000002", 20),
        ("A2", "E01000003", 4),
        ("B1", "E01000003", 0),
        ("C1", "E01000003", 96),
        ("A1", "unknown", 7),
        ("B1", "outside_england", 5),
    ],
    columns=["practice_code", "area_code", "patients"],
)


@pytest.fixture
def patients():
    return patients_by_network(COUNTS, PRACTICES)


def one_area(**networks: int) -> pd.Series:
    """Return the footprint row of one area with these patients by network."""
    counts = pd.DataFrame(
        {"practice_code": list(networks), "area_code": "E01000001", "patients": list(networks.values())}
    )
    practices = pd.DataFrame({"practice_code": list(networks), "pcn_code": list(networks)})
    return footprints(patients_by_network(counts, practices)).iloc[0]


def test_practices_add_up_to_networks_and_residuals_have_no_row(patients):
    assert patients.areas.to_list() == AREAS
    assert patients.networks.to_list() == ["U0000A", "U0000B", "U0000C"]
    assert patients.matrix.toarray().tolist() == [[60, 30, 10], [40, 40, 20], [4, 0, 96]]
    assert patients.by_area().tolist() == [100, 100, 100]


def test_an_area_belongs_to_the_network_with_most_of_its_patients(patients):
    table = footprints(patients)
    assert table["winner"].to_list() == ["U0000A", "U0000A", "U0000C"]
    assert table["winner_patients"].to_list() == [60, 40, 96]
    assert table["registered"].to_list() == [100, 100, 100]
    assert table["share"].to_list() == [0.6, 0.4, 0.96]


def test_the_runner_up_and_the_margin(patients):
    table = footprints(patients)
    assert table["runner_up"].to_list() == ["U0000B", "U0000B", "U0000A"]
    assert table["margin"].to_list() == pytest.approx([0.3, 0, 0.92])


def test_a_tie_goes_to_the_first_code_and_is_marked(patients):
    table = footprints(patients)
    assert table["tied"].to_list() == [False, True, False]
    assert one_area(U3=40, U2=40, U1=20)["winner"] == "U2"


def test_an_area_of_one_network_has_no_runner_up():
    row = one_area(U1=12)
    assert (row["winner"], row["share"], row["margin"], row["tied"]) == ("U1", 1, 1, False)
    assert pd.isna(row["runner_up"])


def test_a_network_without_patients_in_an_area_is_no_runner_up_there():
    counts = pd.DataFrame(
        [("A1", "E01000001", 9), ("B1", "E01000002", 9)], columns=["practice_code", "area_code", "patients"]
    )
    assert footprints(patients_by_network(counts, PRACTICES))["runner_up"].isna().all()


@pytest.mark.parametrize(
    ("first", "second", "third", "uncertain"),
    [
        (60, 30, 10, False),
        (50, 45, 5, False),  # half, and by 5 points: both limits are on the certain side
        (52, 48, 0, True),  # by 4 points
        (49, 30, 21, True),  # less than half
    ],
)
def test_an_area_is_uncertain_below_half_or_below_five_points(first, second, third, uncertain):
    assert one_area(U1=first, U2=second, U3=third)["uncertain"] == uncertain


def test_practices_outside_every_network_compete_as_one_group():
    counts = pd.DataFrame(
        [("A1", "E01000001", 40), ("N1", "E01000001", 35), ("N2", "E01000001", 25)],
        columns=["practice_code", "area_code", "patients"],
    )
    row = footprints(patients_by_network(counts, PRACTICES)).iloc[0]
    assert (row["winner"], row["winner_patients"], row["runner_up"]) == ("no network", 60, "U0000A")


def test_coherence_of_each_network(patients):
    table = coherence(patients)
    assert table.loc["U0000A"].to_dict() == {
        "areas_any": 3,
        "areas_served": 2,  # 4 of 100 is below 5%
        "areas_footprint": 2,
        "inside": 100,
        "footprint_registered": 200,
    }
    assert table.loc["U0000C"].to_dict() == {
        "areas_any": 3,
        "areas_served": 3,
        "areas_footprint": 1,
        "inside": 96,
        "footprint_registered": 100,
    }


def test_a_network_that_wins_no_area_is_kept_with_zeros(patients):
    assert coherence(patients).loc["U0000B"].to_dict() == {
        "areas_any": 2,
        "areas_served": 2,
        "areas_footprint": 0,
        "inside": 0,
        "footprint_registered": 0,
    }


@pytest.mark.parametrize("few", [1, 5, 7, 11, 14, 19, 22, 49])
def test_exactly_five_percent_counts_as_served(few):
    counts = pd.DataFrame(
        {"practice_code": ["A1", "B1"], "area_code": "E01000001", "patients": [few, 19 * few]},
    )
    table = coherence(patients_by_network(counts, PRACTICES))
    assert table["areas_served"].to_dict() == {"U0000A": 1, "U0000B": 1}


def test_neighbours_of_a_networks_patients(patients):
    """A has 60, 40 and 4 patients in areas where 60, 40 and 4% (and so on) are registered with A."""
    expected = {
        "U0000A": 60 * 0.6 + 40 * 0.4 + 4 * 0.04,
        "U0000B": 60 * 0.3 + 40 * 0.4,
        "U0000C": 60 * 0.1 + 40 * 0.2 + 4 * 0.96,
    }
    assert overlap(patients, "U0000A").to_dict() == pytest.approx(expected)
    assert sum(expected.values()) == pytest.approx(104)
