"""Small released tables of segments compared, in time and found, shared by the tests of sentences and figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from handmade import PUBLISHED, released

from pcn_analysis.provenance import Provenance, Rate
from pcn_analysis.release import ReleasedTable

SHARE = Rate("share", "patients", "segment_patients")
OUTCOMES = ("stayed", "moved to one of higher priority", "moved to one of lower priority", "left", "died")


def words_only(rows: list[tuple], columns: list[str], provenance: Provenance = PUBLISHED) -> ReleasedTable:
    return released(pd.DataFrame(rows, columns=columns, dtype="str"), provenance)


def _pairs(rows: list[tuple], columns: list[str], provenance: Provenance) -> ReleasedTable:
    frame = pd.DataFrame(rows, columns=columns)
    return released(frame, provenance, counts=("patients", "segment_patients"), rates=(SHARE,))


def crossed(provenance: Provenance = PUBLISHED, last: int = 900) -> ReleasedTable:
    """Two segments of one model and three of another."""
    rows = [
        ("Frailty", "Old", 150, 200), ("Frailty", "Ill", 50, 200), ("Frailty", "Well", 0, 200),
        ("Healthy", "Old", 20, 1000), ("Healthy", "Ill", 80, 1000), ("Healthy", "Well", last, 1000),
    ]  # fmt: skip
    return _pairs(rows, ["segment", "other_segment", "patients", "segment_patients"], provenance)


def first_segments(provenance: Provenance = PUBLISHED, last: int = 40) -> ReleasedTable:
    frame = pd.DataFrame(
        {
            "of": ["both", "Model A only", "Model B only"],
            "segments": ["End and Frailty; Old and Ill", "End and Frailty", "Old and Ill"],
            "patients": [150, 60, last],
            "registered": 1000,
        }
    )
    counts = ("patients", "registered")
    return released(frame, provenance, counts=counts, rates=(Rate("share", *counts),))


def compared(provenance: Provenance = PUBLISHED, left_out: int = 0, who: str = "") -> ReleasedTable:
    frame = pd.DataFrame({"patients": [1200], "left_out": [left_out], "who": [who]})
    return released(frame, provenance, counts=("patients", "left_out"))


def agreement(provenance: Provenance = PUBLISHED, index: float | None = 0.32, versions: str = "no") -> ReleasedTable:
    row = {"model": "Model A", "other_model": "Model B", "versions": versions, "patients": 1000, "adjusted_rand": index}
    frame = pd.DataFrame([row])
    frame["adjusted_rand"] = frame["adjusted_rand"].astype("Float64")
    return released(frame, provenance, counts=("patients",), numbers=("adjusted_rand",))


def outcomes(provenance: Provenance = PUBLISHED, last: int = 10, left: int = 100, died: int = 40) -> ReleasedTable:
    """What became of 200 frail and 1,000 healthy people."""
    counts = {"Frailty": (120, 0, 30, 10, died), "Healthy": (780, 110, 0, left, last)}
    people = {"Frailty": 200, "Healthy": 1000}
    rows = [
        (name, outcome, n, people[name])
        for name, some in counts.items()
        for outcome, n in zip(OUTCOMES, some, strict=True)
    ]
    return _pairs(rows, ["segment", "outcome", "patients", "segment_patients"], provenance)


def everyone(provenance: Provenance = PUBLISHED, **changed: Any) -> ReleasedTable:
    """What became of 1,200 people."""
    row = {
        "crossing": "", "before": 1200, "stayed": 900, "moved": 140, "crossed": 0, "left": 110, "died": 50,
        "joined": 270, "after": 1310, "since": "1 July 2025",
    } | changed  # fmt: skip
    counts = ("before", "stayed", "moved", "crossed", "left", "died", "joined", "after")
    return released(pd.DataFrame([row]), provenance, counts=counts, rates=(Rate("stayed_share", "stayed", "before"),))


def moves(provenance: Provenance = PUBLISHED, last: int = 250, small: int = 0) -> ReleasedTable:
    """Where they went; with some, too, in a segment of few."""
    rows = [
        ("Frailty", "Frailty", 120, 200), ("Frailty", "Healthy", 30, 200), ("Frailty", "left", 10, 200),
        ("Frailty", "died", 40, 200), ("Healthy", "Frailty", 110, 1000), ("Healthy", "Healthy", 780, 1000),
        ("Healthy", "left", 100, 1000), ("Healthy", "died", 10, 1000), ("joined", "Healthy", last, last),
    ]  # fmt: skip
    rows += [("Dementia", "Dementia", None, small), ("Dementia", "died", None, small)] if small else []
    table = _pairs(rows, ["segment", "next_segment", "patients", "segment_patients"], provenance)
    frame = table.frame
    stayed = frame["segment"].eq(frame["next_segment"])
    how = frame["next_segment"].where(frame["next_segment"].isin(["left", "died"]), "moved").mask(stayed, "stayed")
    frame.insert(2, "how", how.mask(frame["segment"] == "joined", "joined").astype("str"))
    return released(frame, provenance, counts=("patients", "segment_patients"), rates=(SHARE,))


def flows(provenance: Provenance = PUBLISHED, last: int = 1060, crossing: str = "", died: int = 10) -> ReleasedTable:
    columns = ["segment", "kind", "before", "stayed", "moved_out", "left", "died", "moved_in", "joined", "crossed",
               "after"]  # fmt: skip
    rows = [
        ("Frailty", "segment", 200, 120, 30, 10, 40, 110, 20, 0, 250),
        ("Healthy", "remainder", 1000, 780, 110, 100, died, 30, 250, 0, last),
    ]
    if crossing:
        rows[1] = ("Healthy", "remainder", 1000, 780, 110, 100, died, 30, 230, 20, last)
        rows.append(("Under 18", "others", 500, 460, 0, 20, 0, 0, 900, 20, 1360))
    frame = pd.DataFrame(rows, columns=columns)
    frame.insert(2, "crossing", crossing)
    return released(frame.astype({"crossing": "str"}), provenance, counts=tuple(columns[2:]))


def projection(
    provenance: Provenance = PUBLISHED, last: int = 900, not_placed: int | None = None, others: str = ""
) -> ReleasedTable:
    """Two segments in 2026 and in 2031, and those whom the model is not for where they have a name."""
    rows = [
        ("2026", "Frailty", "segment", 250.0, 250.0, 250.0), ("2026", "Healthy", "remainder", 1060.0, 1060.0, 1060.0),
        ("2031", "Frailty", "segment", 400.0, 350.0, 450.0),
        ("2031", "Healthy", "remainder", float(last), last * 0.9, last * 1.1),
    ]  # fmt: skip
    rows += [(year, others, "others", n, n, n) for year, n in (("2026", 500.0), ("2031", 5000.0)) if others]
    limits = ["patients", "patients_lower", "patients_upper"]
    frame = pd.DataFrame(rows, columns=["year", "segment", "kind", *limits])
    frame = frame.sort_values("year", kind="stable", ignore_index=True)
    if not_placed is not None:
        frame, limits = frame.assign(not_placed=not_placed), [*limits, "not_placed"]
    return released(frame, provenance, counts=tuple(limits), numbers=("year",))


def both_projections(provenance: Provenance = PUBLISHED) -> ReleasedTable:
    """Of two core segments in 2031."""
    columns = ["now", "own", "own_lower", "own_upper", "published", "published_lower", "published_upper"]
    rows = [
        ("Core segment 5", "2031", 1455, 2380, 2160, 2585, 1780, 1695, 1865),
        ("Core segment 4", "2031", 3355, 4605, 4305, 4920, 4295, 4165, 4420),
    ]
    frame = pd.DataFrame(rows, columns=["segment", "year", *columns])
    return released(frame, provenance, counts=tuple(columns), numbers=("year",))


def all_shown(provenance: Provenance = PUBLISHED) -> ReleasedTable:
    return words_only([], ["what", "why"], provenance)


def found_outcome(provenance: Provenance = PUBLISHED, why: str = "2 segments have the lowest BIC.") -> ReleasedTable:
    row = (why, "latent class analysis", "yes", 2, 3, 5000, 25, "Dementia; Epilepsy, treated")
    columns = ["why", "method", "stable", "n_segments", "networks", "adults", "conditions", "left_out"]
    frame = pd.DataFrame([row], columns=columns)
    return released(frame, provenance, counts=("adults",), numbers=("n_segments", "networks", "conditions"))


def found_sizes(provenance: Provenance = PUBLISHED, last: int = 100) -> ReleasedTable:
    frame = pd.DataFrame({"segment": ["Few long-term conditions", "Gout; Asthma"], "patients": [900, last]})
    counts = ("patients", "adults")
    return released(
        frame.assign(adults=1000), provenance, counts=counts, rates=(Rate("share", *counts, interval=True),)
    )


def found_conditions(provenance: Provenance = PUBLISHED, last: int = 50) -> ReleasedTable:
    rows = [
        ("Few long-term conditions", "Asthma", 45, 900, 95, 1000, False),
        ("Few long-term conditions", "Gout", 18, 900, 88, 1000, False),
        ("Gout; Asthma", "Gout", 70, 100, 88, 1000, True), ("Gout; Asthma", "Asthma", last, 100, 95, 1000, True),
    ]  # fmt: skip
    counts = ["patients", "segment_patients", "patients_of_adults", "adults"]
    frame = pd.DataFrame(rows, columns=["segment", "condition", *counts, "stands_out"])
    rates = (SHARE, Rate("share_of_adults", "patients_of_adults", "adults"))
    return released(frame, provenance, counts=tuple(counts), rates=rates)


def found_across(provenance: Provenance = PUBLISHED, last: int = 20) -> ReleasedTable:
    rows = [
        ("Few long-term conditions", "Frailty", 90, 900), ("Few long-term conditions", "Healthy", 810, 900),
        ("Gout; Asthma", "Frailty", 80, 100), ("Gout; Asthma", "Healthy", last, 100),
    ]  # fmt: skip
    return _pairs(rows, ["found_segment", "segment", "patients", "segment_patients"], provenance)


def none_of(table: ReleasedTable) -> ReleasedTable:
    """The same without rows and columns, as what cannot be shown is."""
    return released(pd.DataFrame(), replace(table.provenance))
