"""Small released tables written out by hand, shared by the tests of sentences, figures and shown tables.

Each function takes ``last``: the number of people in its last row, so that a test can make one too small to show.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
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


SHARE = Rate("share", "patients", "registered", interval=True)
SEGMENTS = ("Frailty/Dementia", "LTCs", "None of those assessed")


def _shares(frame: pd.DataFrame, provenance: Provenance) -> ReleasedTable:
    return released(frame, provenance, counts=("patients", "registered"), rates=(SHARE,))


def segment_sizes(
    provenance: Provenance = PUBLISHED, last: int = 5000, first: int | None = 1000, why: str = "not assessed"
) -> ReleasedTable:
    """Two segments and those in none; the first says why where it has no number."""
    frame = pd.DataFrame(
        {
            "segment": SEGMENTS,
            "kind": ["segment", "segment", "remainder"],
            "patients": pd.array([first, 4000, last], dtype="Int64"),
            "registered": 10000,
            "status": [why if first is None else "assessed", "partly assessed", "assessed"],
            "whom": "",
        }
    )
    return _shares(frame, provenance)


def _segments_by(column: str, groups: tuple[str, ...], provenance: Provenance, last: int) -> ReleasedTable:
    """Three groups of 1,000: the first has few in the first segment, the last has most."""
    counts = [[100, 300, 600], [200, 400, 400], [300, 500, last]]
    rows = [(group, segment, n) for group, row in zip(groups, counts, strict=True)
            for segment, n in zip(SEGMENTS, row, strict=True)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=[column, "segment", "patients"]).assign(registered=1000)
    return of_groups(frame.assign(whom="", by_definition=False, kind="segment"), provenance)


def of_groups(frame: pd.DataFrame, provenance: Provenance = PUBLISHED) -> ReleasedTable:
    """Segments by group, with everyone's beside them."""
    everyone = frame.groupby("segment")["patients"].transform("sum")
    frame = frame.assign(everyone_patients=everyone, everyone_registered=frame["patients"].sum())
    counts = ("patients", "registered", "everyone_patients", "everyone_registered")
    of_everyone = Rate("everyone_share", "everyone_patients", "everyone_registered")
    rates = (of_everyone, replace(SHARE, against="everyone_share"))
    return released(frame, provenance, counts=counts, rates=rates)


def segments_by_age(provenance: Provenance = PUBLISHED, last: int = 200) -> ReleasedTable:
    """Three segments of three age groups."""
    return _segments_by("age_group", ("65-74", "75-84", "85+"), provenance, last)


def segments_by_deprivation(provenance: Provenance = PUBLISHED, last: int = 200) -> ReleasedTable:
    """Three segments of two fifths and of those whose area is not known."""
    return _segments_by("deprivation_fifth", ("most deprived", "least deprived", "not known"), provenance, last)


def segments_by_practice(provenance: Provenance = PUBLISHED, last: int = 200) -> ReleasedTable:
    """Three segments of three practices."""
    names = ("Quayside Surgery", "Rope Walk Practice", "Tide Row Surgery")
    return _segments_by("practice_name", names, provenance, last)


def elements_met(provenance: Provenance = PUBLISHED, last: int = 100) -> ReleasedTable:
    """Why people are in two segments."""
    frame = pd.DataFrame(
        {
            "segment": ["Frailty/Dementia", "Frailty/Dementia", "LTCs", "LTCs"],
            "element": ["Moderate or severe frailty", "Dementia", "Asthma", "COPD"],
            "patients": [900, 400, 2000, last],
            "segment_patients": [1000, 1000, 4000, 4000],
            "elements": [2, 2, 43, 43],
        }
    )
    counts = ("patients", "segment_patients")
    return released(frame, provenance, counts=counts, numbers=("elements",), rates=(Rate("share", *counts),))


def not_assessed(provenance: Provenance = PUBLISHED, elements: int = 1, partly: int = 0) -> ReleasedTable:
    """Elements that could not be assessed, and those that could in part only."""
    columns = ["segment", "element", "status", "missing"]
    rows = [("Complex Lives", "Offender", "not assessed", "prison records")] * elements
    rows += [("LTCs", "Asthma", "partly assessed", "medicines")] * partly
    return released(pd.DataFrame(rows, columns=columns, dtype="str"), provenance)


def people(provenance: Provenance = PUBLISHED, last: int = 1300, unknown: int = 200) -> ReleasedTable:
    """Women and men of three age groups, and some of no known sex in the youngest; with their totals."""
    women, men = [2000, 2400, 600], [2100, 2000, last]
    sexes = {"female": women, "male": men} | ({"indeterminate or not known": [unknown, 0, 0]} if unknown else {})
    sexes = {"everyone": [sum(ages) for ages in zip(*sexes.values(), strict=True)]} | sexes
    named = ("all ages", "0-19", "20-39", "65-74", "65 or over")
    rows = [(sex, age, n) for sex, ages in sexes.items()
            for age, n in zip(named, (sum(ages), *ages, ages[-1]), strict=True)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["sex", "age_group", "patients"]).assign(registered=rows[0][2])
    return released(
        frame, provenance, counts=("patients", "registered"), rates=(Rate("share", "patients", "registered"),)
    )


def contacts(provenance: Provenance = PUBLISHED, last: int = 6000, not_known: int = 0) -> ReleasedTable:
    """Two kinds of contact of 10,000 people, and one that is in no record."""
    frame = pd.DataFrame(
        {
            "contact": ["A&E attendance", "Planned admission", "GP contact"],
            "patients": pd.array([2000, None, last], dtype="Int64"),
            "registered": pd.array([10000, None, 10000], dtype="Int64"),
            "contacts": pd.array([2500, None, 35000], dtype="Int64"),
            "not_known": pd.array([0, None, not_known], dtype="Int64"),
            "recorded": [True, False, True],
            "status": ["assessed", "not assessed", "assessed"],
        }
    )
    rates = (Rate("share", "patients", "registered"), Rate("contacts_each", "contacts", "registered"))
    return released(frame, provenance, counts=("patients", "registered", "contacts", "not_known"), rates=rates)


def attrition(
    provenance: Provenance = PUBLISHED, last: int = 240, middle: tuple[int, str] = (2000, "assessed")
) -> ReleasedTable:
    """Three steps to those who would be offered care, with what the second one leaves and its status."""
    frame = pd.DataFrame(
        {
            "step": ["Registered and alive", "Aged 65 or over", "Moderate or severe frailty"],
            "patients": [10000, middle[0], last],
            "before": [10000, 10000, middle[0]],
            "not_known": 0,
            "status": ["assessed", middle[1], "assessed"],
            "source": "example",
        }
    )
    counts = ("patients", "before", "not_known")
    rates = (Rate("share", "patients", "before"),)
    return released(frame, provenance, counts=counts, rates=rates)


def severity(provenance: Provenance = PUBLISHED, last: int = 180) -> ReleasedTable:
    """Those who would be offered care by severity."""
    frame = pd.DataFrame({"frailty": ["severe", "moderate"], "patients": [60, last]})
    return released(frame, provenance, counts=("patients",))


def eligible_by_practice(provenance: Provenance = PUBLISHED, last: int = 100) -> ReleasedTable:
    """Three practices of 1,000 people of 65 and over: 4%, 16% and 10%."""
    names = ["Quayside Surgery", "Rope Walk Practice", "Tide Row Surgery"]
    return _shares(pd.DataFrame({"practice_name": names, "patients": [40, 160, last], "registered": 1000}), provenance)


def eligible_by_deprivation(provenance: Provenance = PUBLISHED, last: int = 30) -> ReleasedTable:
    """Six groups of 1,000 people of 65 and over, the most deprived first."""
    fifths = ["most deprived", "second", "third", "fourth", "least deprived", "not known"]
    counts = [200, 150, 120, 110, 100, last]
    return _shares(pd.DataFrame({"deprivation_fifth": fifths, "patients": counts, "registered": 1000}), provenance)


def eligible_by_age(provenance: Provenance = PUBLISHED, last: int = 150) -> ReleasedTable:
    """Two age groups of 500 women and men."""
    frame = pd.DataFrame(
        {
            "sex": ["female", "female", "male", "male"],
            "age_group": ["75-84", "85+", "75-84", "85+"],
            "patients": [50, 200, 40, last],
            "registered": 500,
        }
    )
    return _shares(frame, provenance)


def reasons(provenance: Provenance = PUBLISHED, last: int = 60) -> ReleasedTable:
    """Three deficits of 240 people."""
    frame = pd.DataFrame(
        {"element": ["Falls", "Hypertension", "Anaemia"], "patients": [180, 120, last], "eligible": 240}
    )
    counts = ("patients", "eligible")
    return released(frame, provenance, counts=counts, rates=(Rate("share", *counts),))


def deficits_not_assessed(*names: str, provenance: Provenance = PUBLISHED) -> ReleasedTable:
    """Deficits that could never be shown."""
    return released(pd.DataFrame({"deficit": list(names)}, dtype="str"), provenance)


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
    counts = {name for rate in table.rates for name in (rate.numerator, rate.denominator)}
    counts |= {"patients"} & set(table.frame)
    numbers = tuple({"elements"} & set(table.frame))
    frame, counted = table.frame.iloc[:0], tuple(sorted(counts))
    return released(frame, table.provenance, counts=counted, rates=table.rates, numbers=numbers)
