"""Small released tables written out by hand, shared by the tests of sentences, figures and shown tables.

Each function takes ``last``: the number of people in its last row, so that a test can make one too small to show.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from pcn_analysis.provenance import About, Provenance, Rate, Source, SourcedTable
from pcn_analysis.release import ReleasedTable, release
from pcn_analysis.statistics.rates import with_rates

ABOUT = About("Harbour PCN", "Marlhaven", "England", dt.date(2026, 7, 1), "2026-07")
FILE = Source(
    "Patients registered",
    "NHS England",
    "1 July 2026",
    "Open Government Licence v3.0",
    "Contains information from NHS England.",
    kind="published",
)
PUBLISHED = Provenance((FILE,), people=False)
INVENTED = Provenance((FILE,), people=False, synthetic=True)
RECORDS = Provenance((FILE,), people=True)
DRAWN = Provenance(
    (FILE, Source("Synthetic people", "pcn_analysis (invented)", "2026", "MIT", "Synthetic people.", kind="invented")),
    people=True,
    synthetic=True,
)
"""Of people invented to fit published counts."""


def sourced(frame: pd.DataFrame, provenance: Provenance = PUBLISHED, **kinds: Any) -> SourcedTable:
    """Fill the rates of a frame and say where it came from."""
    return SourcedTable(with_rates(frame, kinds.get("rates", ())), provenance, about=ABOUT, **kinds)


def released(frame: pd.DataFrame, provenance: Provenance = PUBLISHED, **kinds: Any) -> ReleasedTable:
    """Release a frame: published numbers as they are, numbers of people rounded and suppressed."""
    return release(sourced(frame, provenance, **kinds), profile="hes" if provenance.people else "open_data")


def practice_lists(provenance: Provenance = PUBLISHED, last: int = 4000) -> ReleasedTable:
    """Three practices."""
    frame = pd.DataFrame(
        {
            "practice_code": ["A00001", "A00002", "A00003"],
            "practice_name": ["Quayside Surgery", "Rope Walk Practice", "Tide Row Surgery"],
            "patients": pd.array([24000, 12000, last], dtype="Int64"),
            "network_patients": 40000,
        }
    )
    rates = (Rate("share", "patients", "network_patients"),)
    return released(frame, provenance, counts=("patients", "network_patients"), rates=rates)


def network_sizes(provenance: Provenance = PUBLISHED, last: int = 900) -> ReleasedTable:
    """Three networks, one of them Harbour PCN, and practices in none."""
    frame = pd.DataFrame(
        {
            "pcn_code": ["U00001", "U00002", "U00003", None],
            "pcn_name": ["Harbour PCN", "North Sands PCN", "Old Priory PCN", "no network"],
            "practices": [3, 5, 2, 1],
            "patients": pd.array([40000, 60000, 20000, last], dtype="Int64"),
            "size_band": ["30,000 to 50,000", "over 50,000", "under 30,000", None],
        }
    )
    return released(frame, provenance, counts=("patients",), numbers=("practices",))


def age_structure(provenance: Provenance = PUBLISHED, last: int = 5000) -> ReleasedTable:
    """Two sexes and two age bands."""
    frame = pd.DataFrame(
        {
            "sex": ["female", "female", "male", "male"],
            "age_band": ["0-4", "5-9", "0-4", "5-9"],
            "patients": pd.array([10000, 15000, 10000, last], dtype="Int64"),
            "registered": 40000,
            "comparator_patients": pd.array([250, 250, 300, 200], dtype="Int64"),
            "comparator_registered": 1000,
        }
    )
    counts = ("patients", "registered", "comparator_patients", "comparator_registered")
    rates = (Rate("share", *counts[:2]), Rate("comparator_share", *counts[2:]))
    return released(frame, provenance, counts=counts, rates=rates)


def age_groups(provenance: Provenance = PUBLISHED, first: int = 8000, last: int = 1000) -> ReleasedTable:
    """Six broad age groups of the network, the place and the country."""
    frame = pd.DataFrame({"age_group": ["0-19", "20-39", "40-64", "65-74", "75-84", "85+"]}).assign(
        patients=pd.array([first, 11000, 13000, 4000, 3000, last], dtype="Int64"),
        registered=40000,
        place_patients=[25000, 27000, 28000, 11000, 7000, 2000],
        place_registered=100000,
        comparator_patients=[220, 280, 320, 90, 70, 20],
        comparator_registered=1000,
    )
    prefixes = ("", "place_", "comparator_")
    rates = tuple(Rate(f"{p}share", f"{p}patients", f"{p}registered") for p in prefixes)
    counts = tuple(name for rate in rates for name in (rate.numerator, rate.denominator))
    return released(frame, provenance, counts=counts, rates=rates)


def deprivation(provenance: Provenance = PUBLISHED, last: int = 1000) -> ReleasedTable:
    """Ten deciles of the network and the place."""
    frame = pd.DataFrame({"imd_decile": range(1, 11)}).assign(
        patients=[10000, 6000, 5000, 4000, 4000, 3000, 3000, 2000, 2000, last],
        registered=40000,
        place_patients=[8000, 12000, 10000, 10000, 10000, 10000, 10000, 10000, 10000, 10000],
        place_registered=100000,
    )
    counts = ("patients", "registered", "place_patients", "place_registered")
    rates = (Rate("share", *counts[:2]), Rate("place_share", *counts[2:]))
    return released(frame, provenance, counts=counts, rates=rates, numbers=("imd_decile",))


def core20(provenance: Provenance = PUBLISHED) -> ReleasedTable:
    """The most deprived fifth, in the network and in the place."""
    frame = pd.DataFrame(
        {
            "population": ["Harbour PCN", "Marlhaven"],
            "patients": [16000.0, 20000.0],
            "registered": [40000.0, 100000.0],
        }
    )
    counts = ("patients", "registered")
    return released(frame, provenance, counts=counts, rates=(Rate("share", *counts),))


def prevalence(provenance: Provenance = PUBLISHED, last: int = 400) -> ReleasedTable:
    """Asthma twice, dementia half and epilepsy (by default) the same as in the country."""
    frame = pd.DataFrame(
        {
            "register": ["AST", "DEM", "EP"],
            "condition": ["Asthma", "Dementia", "Epilepsy"],
            "patients": pd.array([4800, 200, last], dtype="Int64"),
            "registered": pd.array([40000, 40000, 40000], dtype="Int64"),
            "place_patients": pd.array([8000, 1000, 1100], dtype="Int64"),
            "place_registered": pd.array([100000] * 3, dtype="Int64"),
            "comparator_patients": pd.array([60000, 10000, 10000], dtype="Int64"),
            "comparator_registered": pd.array([1000000] * 3, dtype="Int64"),
        }
    )
    counts = tuple(frame.columns[2:])
    rates = (
        Rate("comparator_prevalence", "comparator_patients", "comparator_registered"),
        Rate("place_prevalence", "place_patients", "place_registered"),
        Rate("prevalence", "patients", "registered", interval=True, against="comparator_prevalence"),
    )
    return released(frame, provenance, counts=counts, rates=rates)


def network_footprints(provenance: Provenance = PUBLISHED, last: int = 20000) -> ReleasedTable:
    """Two networks, and one that wins no area."""
    frame = pd.DataFrame(
        {
            "pcn_code": ["U00001", "U00002", "U00003"],
            "pcn_name": ["Harbour PCN", "North Sands PCN", "Old Priory PCN"],
            "patients": [40000, 60000, last],
            "areas_served": [30, 41, 12],
            "areas_footprint": [20, 35, 0],
            "inside": [28000.0, 54000.0, 0.0],
            "footprint_registered": [35000.0, 75000.0, 0.0],
        }
    )
    rates = (Rate("localisation", "inside", "patients"), Rate("commitment", "inside", "footprint_registered"))
    counts = ("patients", "inside", "footprint_registered")
    return released(frame, provenance, counts=counts, rates=rates, numbers=("areas_served", "areas_footprint"))


def area_footprint(provenance: Provenance = PUBLISHED, last: int = 100) -> ReleasedTable:
    """Three areas: won clearly, won uncertainly, and only served."""
    frame = pd.DataFrame(
        {
            "area_code": ["E01000001", "E01000002", "E01000003"],
            "area_name": ["Marlhaven 001A", "Marlhaven 001B", "Marlhaven 002A"],
            "local_authority_name": "Marlhaven",
            "patients": [900.0, 480.0, float(last)],
            "registered": [1000.0, 1000.0, 1000.0],
            "in_footprint": [True, True, False],
            "largest_network": ["Harbour PCN", "Harbour PCN", "North Sands PCN"],
            "runner_up": ["North Sands PCN", "North Sands PCN", "Harbour PCN"],
            "lead": [840.0, 40.0, 300.0],
            "tied": False,
            "uncertain": [False, True, False],
        }
    )
    rates = (Rate("share", "patients", "registered"), Rate("margin", "lead", "registered"))
    return released(frame, provenance, counts=("patients", "registered", "lead"), rates=rates)


def local_authorities(provenance: Provenance = PUBLISHED) -> ReleasedTable:
    """Where patients live."""
    frame = pd.DataFrame(
        {
            "local_authority_name": ["Marlhaven", "Oldmoor", "no English area"],
            "patients": [39000.0, 800.0, 200.0],
            "registered": 40000.0,
        }
    )
    counts = ("patients", "registered")
    return released(frame, provenance, counts=counts, rates=(Rate("share", *counts),))


def shared_networks(provenance: Provenance = PUBLISHED, last: int = 2000) -> ReleasedTable:
    """The network itself, another, practices in none, and the rest."""
    frame = pd.DataFrame(
        {
            "pcn_code": ["U00001", "U00002", "no network", None],
            "pcn_name": ["Harbour PCN", "North Sands PCN", "No network", "2 other networks"],
            "neighbours": [24000.0, 9000.0, 5000.0, float(last)],
            "located": 40000.0,
        }
    )
    counts = ("neighbours", "located")
    return released(frame, provenance, counts=counts, rates=(Rate("share", *counts),))


def footprint_map(provenance: Provenance = PUBLISHED) -> ReleasedTable:
    """Four squares in a row: won clearly, won uncertainly, served, and outside the counts."""
    frame = gpd.GeoDataFrame(
        {
            "area_code": ["E01000001", "E01000002", "E01000003", "E01000004"],
            "local_authority_name": ["Marlhaven", "Marlhaven", "Oldmoor", "Oldmoor"],
            "patients": [900.0, 480.0, 100.0, None],
            "registered": [1000.0, 1000.0, 1000.0, None],
            "in_footprint": [True, True, False, False],
            "uncertain": [False, True, False, False],
            "largest_network": ["Harbour PCN", "Harbour PCN", "North Sands PCN", None],
        },
        geometry=[shapely.box(1000 * i, 0, 1000 * (i + 1), 1000) for i in range(4)],
        crs=27700,
    )
    counts = ("patients", "registered")
    return released(frame, provenance, counts=counts, rates=(Rate("share", *counts),))


def without_rows(table: ReleasedTable) -> ReleasedTable:
    """Return the same table with no rows."""
    counts = tuple(name for rate in table.rates for name in (rate.numerator, rate.denominator))
    return released(table.frame.iloc[:0], table.provenance, counts=counts, rates=table.rates)
