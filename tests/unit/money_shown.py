"""Released tables of a network's money, a few rows each, with their arithmetic written out."""

from __future__ import annotations

import pandas as pd
from handmade import PUBLISHED, released

LACKS = "the adjusted population, which is not published: the commissioner tells it to the network"


def lines(rows=None, **changed):
    """Two lines that are known (50,000 × 2 and, at most, 50,000 × 3 = 250,000 in all), and two that are not."""
    frame = pd.DataFrame(
        [
            ("core", "Core funding", "to the network", "registered", 50_000, "list of 1 July 2026", 2.0,
             100_000, "published", ""),
            ("additional_roles", "Additional roles", "as claimed, at most", "weighted", 50_000,
             "weighted list of 2022/23", 3.0, 150_000, "to verify", ""),
            ("enhanced_access", "Enhanced access", "to the network", "adjusted", None, "", 8.0, None, "not known",
             LACKS),
            ("investment_and_impact", "Investment and Impact Fund", "to the network, by points", "", None, "", None,
             None,
             "not known", "it is paid by points that are achieved: no rate times a size gives it"),
            ("total", "Lines that are known, together", "", "", None, "", None, 250_000, "to verify",
             "2 of 4 lines are not known"),
        ],
        columns=["line", "name", "paid", "basis", "size", "size_of", "rate", "amount", "standing", "missing"],
    )  # fmt: skip
    frame = frame.assign(contract_year="2025/26", **changed) if rows is None else frame.iloc[rows].assign(
        contract_year="2025/26", **changed
    )  # fmt: skip
    return released(frame.astype({"size": "Float64", "rate": "Float64", "amount": "Float64"}), PUBLISHED)


def shares(practices=3):
    """Core funding of 100,000, and roles of 60,000, over practices: the first has half of each."""
    names = ["Quayside Surgery", "Rope Walk Practice", "Tide Row Surgery"][:practices]
    parts = [0.5, 0.3, 0.2] if practices > 1 else [1.0]
    rows = [
        (line, name, practice, part, part * whole)
        for line, name, whole in (("core", "Core funding", 100_000), ("additional_roles", "Additional roles", 60_000))
        for practice, part in zip(names, parts, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["line", "name", "practice_name", "share", "amount"])
    return released(frame.assign(basis="registered", standing="published", missing=""), PUBLISHED)


def years(rows=None):
    """Core funding from 1.5 to 2 for 50,000, a line that ended, one that began, and one that is not known later."""
    frame = pd.DataFrame(
        [
            ("core", "Core funding", "registered", 75_000, 100_000, 25_000, 25_000, 0, "changed", "to verify"),
            ("clinical_director", "Clinical director", "registered", 30_000, None, -30_000, None, None, "ended",
             "published"),
            ("support", "Support payment", "registered", None, 10_000, 10_000, None, None, "began", "published"),
            ("participation", "Network participation", "weighted", 80_000, None, None, None, None, "not known",
             "not known"),
            ("total", "Lines whose difference is known, together", "", 105_000, 110_000, 5_000, 25_000, 0,
             "changed", ""),
        ],
        columns=["line", "name", "basis", "earlier_amount", "later_amount", "difference", "of_rate", "of_size",
                 "change", "standing"],
    )  # fmt: skip
    frame = frame if rows is None else frame.iloc[rows]
    numbers = ("earlier_amount", "later_amount", "difference", "of_rate", "of_size")
    frame = frame.assign(earlier="2023/24", later="2025/26", missing="").astype(dict.fromkeys(numbers, "Float64"))
    return released(frame, PUBLISHED)


def roles(**changed):
    """A role with a ceiling, one of which a part is left to the network, and one whose ceiling is not known."""
    frame = pd.DataFrame(
        {
            "name": ["Clinical pharmacist", "Care co-ordinator", "Paramedic"],
            "ceiling": [60_000, 35_000, None],
            "cost_to_network": [0, 15_000, None],
            "standing": ["published", "ceiling to verify", "band carried over from 2024/25; ceiling not known"],
        }
    ).assign(**changed)
    return released(frame.astype({"ceiling": "Float64", "cost_to_network": "Float64"}), PUBLISHED)


def claims(whole=100_000.0, standing="published", above=0.0, skipped=0, rows=None):
    """Two roles, 9,000 a month over nine months, then 27,000 and a planned 3,000: 111,000 by 31 March."""
    under = None if whole is None else whole - 111_000
    frame = pd.DataFrame(
        [
            ("Clinical pharmacist", "role", 54_000, 18_000, 0, 72_000, None, None, None),
            ("Care co-ordinator", "role", 27_000, 9_000, 3_000, 39_000, None, None, None),
            (
                "All roles",
                "sum",
                81_000,
                27_000,
                3_000,
                111_000,
                whole,
                under,
                None if under is None else max(under, 0),
            ),
        ],
        columns=["name", "level", "claimed", "going_on", "planned", "forecast", "sum", "underspend", "lapses"],
    )
    frame = frame if rows is None else frame.iloc[rows]
    frame = frame.assign(last_claimed="December 2025", contract_year="2025/26", above_ceiling=above,
                         months_without_claims=skipped, sum_standing=standing, ceiling_standing="published",
                         above_limit="no", standing=standing)  # fmt: skip
    numbers = ("claimed", "going_on", "planned", "forecast", "sum", "underspend", "lapses", "above_ceiling")
    return released(frame.astype(dict.fromkeys(numbers, "Float64")), PUBLISHED)


def fund(rows=None):
    """An indicator with everything, one with thresholds alone, and one of which nothing is known."""
    frame = pd.DataFrame(
        {
            "name": ["ACC-08, seen in two weeks", "CAN-04, tested before referral", "HI-03, health check"],
            "value": [0.875, None, None],
            "lower": [0.85, 0.65, None],
            "upper": [0.90, 0.80, None],
            "points": [71, 22, None],
            "earned": [35.5, None, None],
            "given": [None, None, None],
            "amount": [7_029, None, None],
            "lists_of": ["lists of 1 July 2026", "", ""],
            "standing": ["list adjustment to verify", "points to verify", "points not known"],
        }
    )
    numbers = ("value", "lower", "upper", "points", "earned", "given", "amount")
    frame = frame if rows is None else frame.iloc[rows]
    return released(frame.astype(dict.fromkeys(numbers, "Float64")), PUBLISHED)
