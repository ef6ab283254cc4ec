"""Released tables of a network's staff, a few rows each, written by hand."""

from __future__ import annotations

import pandas as pd
from handmade import PUBLISHED, released

from pcn_analysis.provenance import Rate

DAY = "30 June 2026"
OWN = "U00001"


def every(
    own=(0.8, 0.0), status=("published", "none recorded"), codes=("U00001", "U00002", "U00003", "U00004", "U00005")
):
    """Two roles of five networks, three in the place: others have 0.2 to 0.6 pharmacists and 0 to 0.3 paramedics."""
    others = {"clinical_pharmacist": (0.2, 0.4, 0.4, 0.6), "paramedic": (0.0, 0.1, 0.2, 0.3)}
    names = {"clinical_pharmacist": "Clinical pharmacist", "paramedic": "Paramedic"}
    rows = []
    for (role, values), mine, mark in zip(others.items(), own, status, strict=True):
        for at, (code, value) in enumerate(zip(codes, (mine, *values), strict=False)):
            rows.append((code, role, names[role], code == OWN, at < 3, mark if code == OWN else "published", value))
    frame = pd.DataFrame(rows, columns=["pcn_code", "role", "name", "marked", "in_place", "status", "per_10_000"])
    return released(frame.assign(counted_on=DAY).astype({"per_10_000": "Float64"}), PUBLISHED)


def staff(rows=None, **changed):
    """A role with much, one with little, one with none as in most networks, and one that the file does not tell."""
    frame = pd.DataFrame(
        [
            ("Clinical pharmacist", "published", 6.0, 1.2, 0.3, 0.5, 0.9, 95.0, 1271),
            ("Care co-ordinator", "published", 1.0, 0.2, 0.3, 0.6, 1.1, 20.0, 1271),
            ("Dietitian", "none recorded", 0.0, 0.0, 0.0, 0.0, 0.0, 45.0, 1271),
            ("Consultant nurse in primary care", "not known", None, None, None, None, None, None, 0),
        ],
        columns=["name", "status", "fte", "per_10_000", "country_lower_quartile", "country_median",
                 "country_upper_quartile", "percentile", "country_networks"],
    ).assign(counted_on=DAY, **changed)  # fmt: skip
    numbers = [*frame.columns[2:8]]
    frame = frame.astype(dict.fromkeys(numbers, "Float64") | {"country_networks": "Int64"})
    return released(frame if rows is None else frame.iloc[rows], PUBLISHED)


def absent():
    """The network is not in the file."""
    gone = dict.fromkeys(("fte", "per_10_000", "percentile"))
    return staff(status="not in the file", **gone)


def rests(rows=None):
    """One person alone, one with more than half, one beside a service, a service, several, none, and not known."""
    frame = pd.DataFrame(
        [
            ("Paramedic", "published", "one person alone", 1, 1.0, 1.0, 0.0, 1.0, 400, 100),
            ("Pharmacy technician", "published", "one person for more than half", 2, 1.4, 1.4, 0.0, 1.0, 900, 90),
            ("Care co-ordinator", "published", "one person beside a contracted service", 1, 2.0, 1.0, 1.0, 1.0, 1000,
             50),
            ("Physician associate", "published", "contracted service", None, 3.0, 0.0, 3.0, None, 400, 40),
            ("Clinical pharmacist", "published", "several people", 8, 6.0, 6.0, 0.0, 1.0, 1200, 20),
            ("Dietitian", "none recorded", "none recorded", 0, 0.0, 0.0, 0.0, None, 100, 60),
            ("Consultant nurse in primary care", "not known", "not known", None, None, None, None, None, 0, 0),
        ],
        columns=["name", "status", "rests_on", "people", "fte", "staff_fte", "contracted_fte", "largest_fte",
                 "country_networks", "country_lone"],
    ).assign(counted_on=DAY)  # fmt: skip
    kinds = dict.fromkeys(("fte", "staff_fte", "contracted_fte", "largest_fte"), "Float64")
    frame = frame.astype(kinds | dict.fromkeys(("people", "country_networks", "country_lone"), "Int64"))
    rates = (Rate("country_lone_share", "country_lone", "country_networks"),)
    return released(frame if rows is None else frame.iloc[rows], PUBLISHED, rates=rates)


def alike(left_out="", rows=None):
    """The network and two others, half a step more deprived and a step smaller."""
    frame = pd.DataFrame(
        {
            "nearness": [0, 1, 2],
            "pcn_name": ["Harbour PCN", "Lighthouse PCN", "Marl Valley PCN"],
            "deprivation_score_apart": [0.0, 0.5, -0.2],
            "aged_75_share_apart": [0.0, 0.1, 0.3],
            "patients_apart": [0.0, -1.0, 0.4],
            "rural_share_apart": [0.0, 0.0, 0.1] if not left_out else [None] * 3,
            "compared_by": "deprivation, age and size" if left_out else "deprivation, age, size and rurality",
            "left_out": left_out,
            "compared": 1297,
        }
    )
    apart = [name for name in frame if name.endswith("_apart")]
    frame = frame.astype(dict.fromkeys(apart, "Float64"))
    return released(frame if rows is None else frame.iloc[rows], PUBLISHED)


def beside(status="published"):
    """More pharmacists than networks alike, fewer co-ordinators, and a role of which neither has any."""
    frame = pd.DataFrame(
        [
            ("Clinical pharmacist", 1.2, 0.1, 0.3, 0.5, 0.8, 1.0),
            ("Care co-ordinator", 0.2, 0.0, 0.4, 0.9, 1.4, 2.0),
            ("Dietitian", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        ],
        columns=["name", "per_10_000", "peers_lowest", "peers_lower_quartile", "peers_median", "peers_upper_quartile",
                 "peers_highest"],
    ).assign(status=status)  # fmt: skip
    frame = frame.astype(dict.fromkeys([one for one in frame if one not in ("name", "status")], "Float64"))
    frame = frame if status == "published" else frame.assign(per_10_000=pd.array([pd.NA] * 3, dtype="Float64"))
    return released(frame.assign(from_median=frame["per_10_000"] - frame["peers_median"]), PUBLISHED)


def wanted(own=(0.5, 2.0, 0.0, 0.0), rows=None):
    """What four roles are short of in an area, paramedics first; nobody looks for dietitians."""
    frame = pd.DataFrame(
        {
            "role": ["paramedic", "clinical_pharmacist", "care_coordinator", "dietitian"],
            "name": ["Paramedic", "Clinical pharmacist", "Care co-ordinator", "Dietitian"],
            "area": "Invented Integrated Care Board",
            "target_of": "median of the country's networks",
            "networks_not_known": 2,
            "networks_short": [4, 10, 12, 0],
            "fte": [20.0, 80.0, 90.0, 4.0],
            "shortfall": [1.5, 9.0, 12.0, 0.0],
            "own_fte": [0.5, 1.0, 3.0, 0.0] if own else None,
            "own_shortfall": own,
            "place_shortfall": [0.7, 4.0, 1.0, 0.0],
        }
    )
    numbers = ("fte", "shortfall", "own_fte", "own_shortfall", "place_shortfall")
    frame = frame.astype(dict.fromkeys(numbers, "Float64"))
    return released(frame if rows is None else frame.iloc[rows], PUBLISHED)


def joint(rows=None):
    """A post with one neighbour, or with two others instead."""
    frame = pd.DataFrame(
        {
            "role": "paramedic",
            "name": "Paramedic",
            "pcn_names": ["Lighthouse PCN", "Marl Valley PCN, Old Priory PCN"],
            "parts": ["0.40 + 0.60", "0.40 + 0.30 + 0.35"],
            "together": [1.0, 1.05],
        }
    )
    return released(frame if rows is None else frame.iloc[rows], PUBLISHED)
