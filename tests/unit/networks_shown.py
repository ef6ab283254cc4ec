"""Released tables of all networks of a place, made by hand: two networks and what happened to them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from handmade import PUBLISHED, released

from pcn_analysis.provenance import Provenance, Rate
from pcn_analysis.release import ReleasedTable

HARBOUR, SANDS = "Harbour PCN", "North Sands PCN"


def side_by_side(provenance: Provenance = PUBLISHED, **other) -> ReleasedTable:
    """A large network in two parts, and a small one that may be rural."""
    columns = {
        "pcn_code": ["U00001", "U00002"],
        "pcn_name": [HARBOUR, SANDS],
        "patients": [60_000, 20_000],
        "band": ["over 50,000", "under 30,000"],
        "rural": pd.array([False, True], dtype="boolean"),
        "inside": [48_000, 5_000],
        "footprint_registered": [60_000, 20_000],
        "above_lines": [True, False],
        "home": ["Marlhaven", "Marlhaven"],
        "away": [600, 4_000],
        "living": [60_000, 20_000],
        "parts": [2, 1],
        "main_part": [36_000, 5_000],
        "compactness": pd.array([2, 1], dtype="Int64"),
        "own_km": ["1.5", "not known"],
    }
    rates = (
        Rate("localisation", "inside", "patients"),
        Rate("commitment", "inside", "footprint_registered"),
        Rate("away_share", "away", "living"),
        Rate("main_part_share", "main_part", "inside"),
    )
    counts = ("patients", "inside", "footprint_registered", "away", "living", "main_part")
    frame = pd.DataFrame(columns | other)
    return released(frame, provenance, counts=counts, rates=rates, numbers=("parts", "compactness"))


def area_map(provenance: Provenance = PUBLISHED, networks: int = 2) -> ReleasedTable:
    """Areas in a row, one a network, the last of a network from elsewhere; the first is won by little."""
    size = networks + 1
    names = [f"Network {number:02d} PCN" for number in range(1, size)] if networks != 2 else [HARBOUR, SANDS]
    frame = gpd.GeoDataFrame(
        {
            "area_code": [f"E019990{number:02d}" for number in range(size)],
            "local_authority_name": "Marlhaven",
            "in_place": True,
            "pcn_code": [*(f"U000{number:02d}" for number in range(1, size)), "U00099"],
            "pcn_name": [*names, "Oldmoor East PCN"],
            "own": [True] * networks + [False],
            "patients": 900,
            "registered": 2_000,
            "uncertain": [True] + [False] * networks,
            "colour": pd.array([*(number % 6 for number in range(networks)), pd.NA], dtype="Int64"),
        },
        geometry=[shapely.box(1_000 * west, 0, 1_000 * (west + 1), 1_000) for west in range(size)],
        crs=27700,
    )
    rates = (Rate("share", "patients", "registered"),)
    return released(frame, provenance, counts=("patients", "registered"), rates=rates, numbers=("colour",))


def sharing(provenance: Provenance = PUBLISHED, networks: int = 2) -> ReleasedTable:
    """Each network with itself, the others and Others: the first is the most mixed, the last the least."""
    names = [HARBOUR, SANDS] if networks == 2 else [f"Network {number:02d} PCN" for number in range(networks)]
    rows = []
    for number, name in enumerate(names):
        own = 500 + 400 * number // networks
        rest = (990 - own) / (networks - 1)
        rows += [(name, other, own if other == name else rest) for other in names] + [(name, "Others", 10)]
    frame = pd.DataFrame(rows, columns=["pcn_name", "other_name", "neighbours"]).assign(located=1_000)
    rates = (Rate("share", "neighbours", "located"),)
    return released(frame, provenance, counts=("neighbours", "located"), rates=rates)


FLOWS = [
    (1, "1 January 2022", "1 October 2024", HARBOUR, HARBOUR, True, 4, 40_000),
    (1, "1 January 2022", "1 October 2024", HARBOUR, SANDS, False, 2, 9_000),
    (1, "1 January 2022", "1 October 2024", HARBOUR, "Merged or closed", False, 1, 0),
    (2, "1 October 2024", "1 July 2026", HARBOUR, HARBOUR, True, 4, 40_000),
    (2, "1 October 2024", "1 July 2026", SANDS, SANDS, True, 2, 9_000),
]


def memberships(provenance: Provenance = PUBLISHED, rows: list | None = None) -> ReleasedTable:
    """A new network, two practices that moved to it and one that closed; then nothing."""
    columns = ["step", "before", "after", "from_network", "to_network", "stayed", "practices", "patients"]
    frame = pd.DataFrame(FLOWS if rows is None else rows, columns=columns)
    return released(frame, provenance, counts=("patients",), numbers=("step", "practices"))


def changed(provenance: Provenance = PUBLISHED, kinds: tuple = ("moved network", "moved network", "closed")):
    """The practices behind it, one of them without a list."""
    frame = pd.DataFrame(
        {
            "step": 1,
            "change": list(kinds),
            "practice_name": [f"Practice {number}" for number in range(len(kinds))],
            "patients": [5_000.0 if number else float("nan") for number in range(len(kinds))],
        }
    )
    return released(frame, provenance, counts=("patients",), numbers=("step",))


def plans(provenance: Provenance = PUBLISHED, *, empty: bool = False) -> ReleasedTable:
    """Today, and two plans for three networks."""
    frame = pd.DataFrame(
        {
            "plan": ["today", "balanced", "fewer moves"],
            "design": ["today", "3 networks of 20,000 to 40,000", "3 networks of 20,000 to 40,000"],
            "networks": [2, 3, 3],
            "moves": [0, 4, 1],
            "patients_moved": [0, 20_000, 4_000],
            "registered": 80_000,
            "localisation": [0.66, 0.60, 0.58],
            "worst": [0.25, 0.50, 0.30],
            "in_band": [0, 3, 3],
            "percentile": [0.5, 1.0, float("nan")],
            "random_low": [float("nan"), 0.4, 0.4],
            "random_high": [float("nan"), 0.59, 0.59],
            "proven": [None, "proven best for its aim", "proven best for its aim"],
            "notes": [None, "A note.", "A note."],
        }
    )
    numbers = ("networks", "moves", "localisation", "worst", "in_band", "percentile", "random_low", "random_high")
    rates = (Rate("share_moved", "patients_moved", "registered"),)
    frame = frame[:0][["plan"]] if empty else frame
    kinds = {} if empty else {"counts": ("patients_moved", "registered"), "rates": rates, "numbers": numbers}
    return released(frame, provenance, **kinds)


def random_drawn(why: str = "", notes: str = "", different: int = 480) -> ReleasedTable:
    """What was drawn at random for the two networks, or why nothing was."""
    row = {"networks": 2, "smallest": 20_000, "largest": 60_000, "plans": 500, "different": different}
    frame = pd.DataFrame([row | {"why": why, "notes": notes}])
    numbers = ("networks", "plans", "different")
    return released(frame, counts=("smallest", "largest"), numbers=numbers)


def against_random(provenance: Provenance = PUBLISHED, *, empty: bool = False) -> ReleasedTable:
    """Both networks and all together beside random ones; of the small network all random ones are the same."""
    numbers = ("today", "least", "low", "middle", "high", "most", "percentile", "of")
    rows = [
        ("all networks together", None, 0.66, 0.40, 0.45, 0.50, 0.60, 0.70, 0.97, 500),
        ("worst-off network", None, 0.25, 0.00, 0.05, 0.20, 0.30, 0.40, 0.60, 500),
        (HARBOUR, 60_000, 0.80, 0.30, 0.40, 0.60, 0.75, 0.85, 0.99, 200),
        (SANDS, 20_000, 0.25, 0.10, 0.15, 0.30, 0.50, 0.60, 0.20, 200),
        ("Old Priory PCN", 17_000, 0.30, 0.30, 0.30, 0.30, 0.30, 0.30, float("nan"), 200),
    ]
    frame = pd.DataFrame(rows, columns=["name", "patients", *numbers]).astype({"patients": "Int64"})
    return released(frame[:0] if empty else frame, provenance, counts=("patients",), numbers=numbers)


def plan_areas(provenance: Provenance = PUBLISHED) -> ReleasedTable:
    """Two small maps of three areas: today, and a plan with a new network."""
    shapes = [shapely.box(1_000 * west, 0, 1_000 * (west + 1), 1_000) for west in range(3)]
    rows = [("today", 0, 0.25, code) for code in ("U00001", "U00002", None)]
    rows += [("balanced", 4, 0.5, code) for code in ("U00001", "new 1", None)]
    frame = pd.DataFrame(rows, columns=["plan", "moves", "worst", "pcn_code"])
    frame = frame.assign(
        area_code=[f"E0199900{number}" for number in (0, 1, 2)] * 2,
        colour=pd.array([0, 1, pd.NA, 0, 2, pd.NA], dtype="Int64"),
        design="3 networks of 20,000 to 40,000",
    )
    frame = gpd.GeoDataFrame(frame, geometry=shapes * 2, crs=27700)
    return released(frame, provenance, numbers=("moves", "worst", "colour"))
