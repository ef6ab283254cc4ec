"""A tiny country whose every number can be reckoned by hand, and tables of many networks."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from handmade import PUBLISHED, sourced

from pcn_analysis import tables
from pcn_analysis.network.england import COUNTS, NUMBERS, RATES
from pcn_analysis.place import Network, Place, network_of
from pcn_analysis.provenance import Provenance, SourcedTable
from pcn_analysis.thresholds import size_band

WEST, EAST, FAR = "U00001", "U00002", "U00003"
ENDED = "U00009"
AREAS = [f"E0100000{number}" for number in range(1, 7)]
COUNTED = {
    "A00001": {1: 80, 2: 60, 4: 20, "unknown": 5},
    "A00002": {3: 40, 6: 40},
    "B00001": {1: 20, 2: 30, 3: 50, 4: 70, 5: 45},
    "C00001": {2: 10, 4: 10, 6: 30},
    "D00001": {3: 10, 5: 55, 6: 30, "outside_england": 5},
}
"""Patients by practice and area: six squares in a row, the first three in Westshire, the others in a London borough.

West wins areas 1, 2 and 6, which lies apart; East wins 3 and 4, Far wins 5. One practice is in no network.
"""
OF = {"A00001": (WEST, "West PCN"), "A00002": (WEST, "West PCN"), "B00001": (EAST, "East PCN"),
      "C00001": (None, None), "D00001": (FAR, "Far PCN")}  # fmt: skip
THEN = {"A00001": (WEST, "West PCN", None), "A00002": (ENDED, "Old PCN", None), "B00001": (EAST, "Eastern PCN", None),
        "D00001": (EAST, "Eastern PCN", None), "Z00001": (WEST, "West PCN", "A00001")}  # fmt: skip


def country(name: str = "England", provenance: Provenance = PUBLISHED, *, earlier: bool = True) -> Network:
    """All networks of the tiny country."""
    rows = {"practices": _practices(), "areas": _areas(), "registrations_by_area": _registrations()}
    rows |= {"earlier_memberships": _earlier()} if earlier else {}
    made = {key: SourcedTable(tables.NAMED[key].conform(frame), provenance) for key, frame in rows.items()}
    squares = [shapely.box(1000 * west, 0, 1000 * west + 1000, 1000) for west in range(6)]
    shapes = gpd.GeoDataFrame({"area_code": AREAS}, geometry=squares, crs=27700)
    place = Place("tiny-country", name, "2026-07", dt.date(2026, 7, 1), name, made, shapes)
    return network_of(place, "ALL")


def _practices() -> pd.DataFrame:
    rows = [
        {"practice_code": code, "practice_name": f"Surgery {code}", "pcn_code": OF[code][0], "pcn_name": OF[code][1],
         "list_size": sum(where.values()), "local_authority_name": "Westshire", "in_place": True}
        for code, where in COUNTED.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _areas() -> pd.DataFrame:
    west = [True] * 3 + [False] * 3
    return pd.DataFrame(
        {
            "area_code": AREAS,
            "area_name": [f"Area {number}" for number in range(1, 7)],
            "local_authority_code": np.where(west, "E07000001", "E09000001"),
            "local_authority_name": np.where(west, "Westshire", "Eastham"),
            "imd_decile": [10, 8, 6, 4, 2, 1],
            "imd_score": [10.0, 20.0, 30.0, 40.0, 50.0, 60.0],
            "rural_urban": ["RLN1", *["UN1"] * 5],
            "icb_code": ["QAA"] * 5 + [None],
            "in_place": True,
        }
    )


def _registrations() -> pd.DataFrame:
    rows = [
        (code, AREAS[area - 1] if isinstance(area, int) else area, patients)
        for code, where in COUNTED.items() for area, patients in where.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["practice_code", "area_code", "patients"])


def _earlier() -> pd.DataFrame:
    rows = [
        {"as_at": pd.Timestamp(2024, 10, 1), "practice_code": code, "practice_name": code, "pcn_code": network,
         "pcn_name": name, "earlier_list_size": 90, "survivor": survivor}
        for code, (network, name, survivor) in THEN.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def many(number: int = 30, marked: int = 2, provenance: Provenance = PUBLISHED) -> SourcedTable:
    """A table of many networks, the second the largest; the more patients, the lower localisation, and rank."""
    patients = 20_000 + 2_000 * np.arange(number)
    inside = patients * (0.9 - 0.8 * np.arange(number) / number)
    home = np.where(np.arange(number) < marked, "Westshire", "Eastham")
    frame = pd.DataFrame(dict.fromkeys(COUNTS, patients) | dict.fromkeys(NUMBERS, 1)).assign(
        pcn_code=[f"U{code:05d}" for code in range(number)],
        pcn_name=[f"Number {code} PCN" for code in range(number)],
        home=home,
        marked=home == "Westshire",
        size_band=[size_band(size) for size in patients],
        rural_waiver=pd.array([False] * number, dtype="boolean"),
        single_practice=pd.array([False] * number, dtype="boolean"),
        inside=inside,
        main_part=inside,
        unmixed=patients / 2,
        rural=patients / 10,
        away_local_authority=patients / 20,
        effective_networks=1 + np.arange(number) / 10,
        score_registered=20.0,
        score_resident=20.0 + np.arange(number) - number // 2,
        score_difference=np.arange(number) - float(number // 2),
        rank=np.arange(1, number + 1),
        percentile=100 - 100 * (np.arange(number) + 0.5) / number,
        similar_percentile=50.0,
    )
    return sourced(frame, provenance, counts=COUNTS, rates=RATES, numbers=NUMBERS)
