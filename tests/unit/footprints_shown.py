"""Released tables of one network's ground, made by hand: what it is at a glance, its catchments, who is not covered."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from handmade import PUBLISHED, released

from pcn_analysis.provenance import Provenance, Rate
from pcn_analysis.release import ReleasedTable

VALUES = {
    "areas_footprint": ("Areas that it wins", "17"),
    "parts": ("Parts", "3"),
    "main_part_share": ("Main part", "54.6%"),
    "away_share_local_authority": ("Patients outside its local authority, Marlhaven", "2.3%"),
    "own_m": ("Own", "2.0 km"),
    "nearest_m": ("Nearest", "1.0 km"),
    "score_registered": ("Score", "17.1"),
    "score_resident": ("Score there", "11.2"),
}


def at_a_glance(provenance: Provenance = PUBLISHED, **values: str) -> ReleasedTable:
    """A network in three parts, whose patients are more deprived than its ground."""
    rows = [(column, words, values.get(column, value)) for column, (words, value) in VALUES.items()]
    frame = pd.DataFrame(rows, columns=["column", "measure", "value"]).assign(networks=5)
    return released(frame, provenance, numbers=("networks",))


def catchments(provenance: Provenance = PUBLISHED, *, nobody: bool = False) -> ReleasedTable:
    """Areas in a row: two core, one main that another wins, one wide, a wide one off the map, and one beyond."""
    patients = [0.0] * 6 if nobody else [30.0, 25.0, 30.0, 10.0, 4.0, 1.0]
    frame = gpd.GeoDataFrame(
        {
            "area_code": [f"E0199900{number}" for number in range(6)],
            "area_name": [f"Marlhaven 00{number}A" for number in range(6)],
            "local_authority_name": "Marlhaven",
            "patients": patients,
            "so_far": pd.Series(patients).cumsum(),
            "located": sum(patients),
            "catchment": pd.Series(
                [None] * 6 if nobody else ["core", "core", "main", "wide", "wide", None], dtype="str"
            ),
            "in_footprint": [not nobody, not nobody, False, not nobody, False, False],
            "largest_network": [
                "Harbour PCN",
                "Harbour PCN",
                "North Sands PCN",
                "Harbour PCN",
                "North Sands PCN",
                None,
            ],
            "mapped": [True, True, True, True, False, True],
        },
        geometry=[None if west == 4 else shapely.box(2_000 * west, 0, 2_000 * (west + 1), 2_000) for west in range(6)],
        crs=27700,
    )
    rates = (Rate("share", "patients", "located"), Rate("reached", "so_far", "located"))
    return released(frame, provenance, counts=("patients", "located", "so_far"), rates=rates)


def uncovered(provenance: Provenance = PUBLISHED, areas: int = 0) -> ReleasedTable:
    """Areas where nobody has 5%."""
    frame = pd.DataFrame({"area_code": [f"E0199900{number}" for number in range(areas)]})
    frame = frame.assign(area_name="Marlhaven 001A", registered=1_200.0, largest=36.0)
    rates = (Rate("share", "largest", "registered"),)
    return released(frame, provenance, counts=("largest", "registered"), rates=rates)


def outside_networks(provenance: Provenance = PUBLISHED, practices: int = 0) -> ReleasedTable:
    """Practices in no network, the one with most patients there first."""
    names = ["Cutter Lane Practice", "Lamp House Surgery"][:practices]
    frame = pd.DataFrame({"practice_name": names, "patients": [3_000.0, 100.0][:practices], "registered": 8_000.0})
    rates = (Rate("share", "patients", "registered"),)
    return released(frame, provenance, counts=("patients", "registered"), rates=rates)
