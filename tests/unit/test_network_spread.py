"""How far people live from each other and from practices."""

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.points import practice_points
from pcn_analysis.network.registered import Registered, registered
from pcn_analysis.network.spread import distances, spread

pytestmark = pytest.mark.unit

EAST, NORTH = 330_000, 390_000
"""Everything lies on one line from here eastwards, in kilometres."""


def at(**kilometres: float | None) -> pd.DataFrame:
    east = pd.Series(kilometres, dtype=float)
    return pd.DataFrame({"easting": EAST + 1000 * east, "northing": NORTH + 0 * east})


def counted(*rows: tuple[str, int, float]) -> Registered:
    """Patients of a practice in numbered areas."""
    named = [(practice, f"E0100000{area}", patients) for practice, area, patients in rows]
    return registered(pd.DataFrame(named, columns=["practice_code", "area_code", "patients"]))


AREAS = at(E01000000=0, E01000001=1, E01000002=2, E01000009=9)
ONE_EACH = pd.Series({"P1": "U1", "P2": "U2"})


def test_centre_gyration_and_far_distance_are_weighted_by_patients():
    patients = counted(("P1", 0, 90), ("P1", 9, 10)).grouped(ONE_EACH)
    row = spread(patients, AREAS).loc["U1"]
    assert row["easting"] - EAST == pytest.approx(900)
    assert row["gyration_m"] == pytest.approx((0.9 * 900**2 + 0.1 * 8100**2) ** 0.5)
    assert row["far_m"] == pytest.approx(900)


def test_the_far_distance_is_that_of_the_area_in_which_the_share_is_reached():
    patients = counted(("P1", 0, 89), ("P1", 9, 11)).grouped(ONE_EACH)
    row = spread(patients, AREAS).loc["U1"]
    assert row["far_m"] == pytest.approx(9000 - (row["easting"] - EAST))


def test_each_network_has_a_far_distance_of_its_own():
    patients = counted(("P1", 0, 900), ("P2", 0, 50), ("P2", 2, 50)).grouped(ONE_EACH)
    assert spread(patients, AREAS)["far_m"].to_list() == [0, 1000]
    uneven = counted(("P1", 0, 900), ("P2", 0, 80), ("P2", 2, 20)).grouped(ONE_EACH)
    assert spread(uneven, AREAS).loc["U2", "far_m"] == pytest.approx(1600)


def test_patients_whose_area_has_no_point_are_counted_and_left_out():
    patients = counted(("P1", 0, 40), ("P1", 5, 60), ("P2", 5, 7)).grouped(ONE_EACH)
    found = spread(patients, AREAS)
    assert found[["patients_placed", "patients_without_point"]].to_numpy().tolist() == [[40, 60], [0, 7]]
    assert found.loc["U1", "easting"] == EAST
    assert found.loc["U2", ["easting", "northing", "gyration_m", "far_m"]].isna().all()


def test_areas_of_a_vintage_without_points_give_null_everywhere():
    none = AREAS.assign(easting=pd.NA, northing=pd.NA).astype("Float64")
    found = spread(counted(("P1", 0, 40)).grouped(ONE_EACH), none)
    assert found[["easting", "gyration_m", "far_m"]].isna().all(axis=None)
    assert found["patients_without_point"].to_list() == [40, 0]


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (pd.DataFrame({"easting": [-3.0], "northing": [53.4]}, index=["E01000000"]), "look like degrees"),
        (
            pd.DataFrame({"easting": [9e6, 3e5], "northing": [4e5, 4e5]}, index=["E01000000", "B"]),
            "1 point not in Great",
        ),
        (pd.concat([AREAS, AREAS.head(1)]), "1 row repeat"),
    ],
    ids=["degrees", "astray", "twice"],
)
def test_points_that_cannot_be_are_refused(points, said):
    with pytest.raises(PcnAnalysisError, match=said):
        spread(counted(("P1", 0, 40)).grouped(ONE_EACH), points)


def test_own_and_nearest_practice_and_the_bypass_ratio():
    found = distances(counted(("P1", 0, 30), ("P2", 0, 10)), ONE_EACH, AREAS, at(P1=2, P2=1))
    assert found["own_m"].to_list() == [2000, 1000]
    assert found["nearest_m"].to_list() == [1000, 1000]
    assert found["bypass_ratio"].to_list() == [2, 1]


def test_patients_nearer_to_another_network_are_counted():
    counts = counted(("P1", 0, 30), ("P1", 2, 10), ("P2", 2, 5))
    found = distances(counts, ONE_EACH, AREAS, at(P1=0, P2=2))
    assert found["nearer_to_another"].to_dict() == {"U1": 10, "U2": 0}
    assert found["nearer_share"].to_dict() == {"U1": 0.25, "U2": 0}


def test_another_practice_of_the_same_network_or_in_the_same_building_is_not_nearer():
    counts = counted(("P1", 0, 30), ("P2", 0, 10), ("P3", 0, 5))
    same = pd.Series({"P1": "U1", "P2": "U1", "P3": "U2"})
    found = distances(counts, same, AREAS, at(P1=2, P2=1, P3=1))
    assert found["nearer_to_another"].to_list() == [0, 0]
    assert found.loc["U1", "nearest_m"] == 1000


def test_practices_in_no_network_are_nearest_but_nobodys_other_network():
    counts = counted(("P1", 0, 30), ("P9", 0, 10))
    found = distances(counts, pd.Series({"P1": "U1"}), AREAS, at(P1=2, P9=1))
    assert found.loc["U1", ["nearest_m", "nearer_to_another"]].to_list() == [1000, 0]
    assert pd.isna(found.loc["no network", "nearer_share"])


def test_a_practice_without_patients_is_nobodys_nearest():
    found = distances(counted(("P1", 0, 30), ("P2", 0, 0)), ONE_EACH, AREAS, at(P1=2, P2=1))
    assert found.loc["U1", "nearest_m"] == 2000
    assert found.loc["U2", ["own_m", "nearest_m", "bypass_ratio"]].isna().all()


def test_practices_and_areas_without_a_point_are_counted():
    counts = counted(("P1", 0, 30), ("P1", 5, 4), ("P2", 0, 10))
    found = distances(counts, ONE_EACH, AREAS, at(P1=2, P2=None))
    assert found["patients_measured"].to_list() == [30, 0]
    assert found["patients_not_measured"].to_list() == [4, 10]
    assert found["practices_without_point"].to_list() == [0, 1]
    assert found.loc["U2", ["own_m", "bypass_ratio", "nearer_share"]].isna().all()


def test_no_practice_with_a_point_measures_nobody():
    found = distances(counted(("P1", 0, 30)), ONE_EACH, AREAS, at(P1=None))
    assert found["patients_measured"].sum() == 0
    assert found["own_m"].isna().all()


def test_everyone_at_their_practice_has_no_bypass_ratio():
    found = distances(counted(("P1", 0, 30)), ONE_EACH, AREAS, at(P1=0))
    assert found.loc["U1", "own_m"] == 0
    assert np.isnan(found.loc["U1", "bypass_ratio"])


def test_practices_are_put_on_the_national_grid():
    points = practice_points(
        pd.DataFrame({"practice_code": ["N85001", "N85002"], "latitude": [53.4, np.nan], "longitude": [-3.1, -3.0]})
    )
    assert points.loc["N85001"].to_list() == pytest.approx([327_000, 390_000], abs=1_500)
    assert points.loc["N85002"].isna().all()


@pytest.mark.parametrize(
    "degrees", [(-3.1, 53.4), (0.0, 0.0), (91.0, 0.0)], ids=["exchanged", "null", "beyond the pole"]
)
def test_practices_outside_great_britain_are_refused(degrees):
    with pytest.raises(PcnAnalysisError, match="practices: 1 point not in Great Britain"):
        practice_points(pd.DataFrame({"practice_code": ["A"], "latitude": [degrees[0]], "longitude": [degrees[1]]}))
