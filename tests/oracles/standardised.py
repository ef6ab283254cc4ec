"""Readers of workbooks of directly and indirectly standardised rates."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from pcn_analysis.statistics.standardised import (
    directly_standardised_rate,
    european_standard_population,
    expected_events,
    indirectly_standardised_rate,
    indirectly_standardised_ratio,
)
from tests.oracles.comparison import Comparison, gathered

LIMITS = {
    "lower95_0cl": "lower_95",
    "upper95_0cl": "upper_95",
    "lower99_8cl": "lower_99.8",
    "upper99_8cl": "upper_99.8",
}
BOTH = (0.95, 0.998)
WRONG_UPSTREAM = {"testdata_1976": ("lower99_8cl", "upper99_8cl")}
"""Columns not compared: the 99.8% limits there are ten times too large, and no test of theirs reads them."""
EXACT = 1e-9


def direct(sheets: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Directly standardised rates: a sheet of results with their inputs by area in others."""
    found = []
    for results in sheets.values():
        if {"area", "total_count", "total_pop", "value", "statistic"} <= set(results.columns):
            found += gathered([triple for _, row in results.iterrows() for triple in _of_area(row, sheets)], EXACT)
    return found


def _of_area(row: pd.Series, sheets: dict[str, pd.DataFrame]) -> list[tuple[str, float, float]]:
    """Our value and theirs for every number of a row of results."""
    strata = _strata(row["area"], sheets)
    if strata is None:
        return []
    squares = None
    people = [name for name in strata if re.fullmatch(r"f\d+", str(name))]
    if people:
        squares = sum(int(name[1:]) ** 2 * strata[name].fillna(0) for name in people)
    weight = [name for name in ("stdpop", "esp1976") if name in strata]
    standard = strata[weight[0]] if weight else pd.Series(european_standard_population().to_numpy(), index=strata.index)
    per = re.search(r"per ([\d,]+)", row["statistic"])
    ours = directly_standardised_rate(
        strata["count"],
        strata["pop"],
        standard,
        pd.Series(row["area"], index=strata.index),
        squares=squares,
        multiplier=float(per[1].replace(",", "")) if per else 1,
        confidence=BOTH,
    ).iloc[0]
    kind = "directly standardised rate" + (", events not independent" if people else "")
    pairs = [(f"{kind}: value", ours["rate"], row["value"])]
    pairs += [
        (f"{kind}: limits", ours[name], row[column])
        for column, name in LIMITS.items()
        if column not in WRONG_UPSTREAM.get(row["area"], ())
    ]
    return [(name, np.nan if pd.isna(ours_) else float(ours_), float(theirs)) for name, ours_, theirs in pairs]


def indirect(sheets: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Indirectly standardised ratios and rates: a sheet of results with their inputs by area in others."""
    found = []
    for results in sheets.values():
        if {"area", "observed", "expected", "ref_rate", "value", "statistic"} <= set(results.columns):
            found += gathered([triple for _, row in results.iterrows() for triple in _indirect_of(row, sheets)], EXACT)
    return found


def _indirect_of(row: pd.Series, sheets: dict[str, pd.DataFrame]) -> list[tuple[str, float, float]]:
    strata = _strata(row["area"], sheets, with_reference=True)
    if strata is None:
        return []
    numbers = strata[["count", "pop", "refcount", "refpop"]].fillna(0)  # upstream takes a null stratum for none
    area = pd.Series(row["area"], index=strata.index)
    expected = expected_events(numbers["pop"], numbers["refcount"], numbers["refpop"], area)
    observed = pd.Series([numbers["count"].sum()], index=expected.index)
    by = float(re.search(r"(?:per|x) ([\d,]+)", row["statistic"])[1].replace(",", ""))
    reference = by * numbers["refcount"].sum() / numbers["refpop"].sum()
    if "ratio" in row["statistic"]:
        kind, ours = "ratio", indirectly_standardised_ratio(observed, expected, multiplier=by, confidence=BOTH).iloc[0]
    else:
        ours = indirectly_standardised_rate(observed, expected, reference_rate=reference, confidence=BOTH).iloc[0]
        kind = "rate"
    name = f"indirectly standardised {kind}"
    pairs = [
        ("events expected", float(expected.iloc[0]), float(row["expected"])),
        (f"{name}: value", float(ours[kind]), float(row["value"])),
    ]
    pairs += [(f"{name}: limits", float(ours[own]), float(row[c])) for c, own in LIMITS.items() if pd.notna(row[c])]
    return pairs


def _strata(area: str, sheets: dict[str, pd.DataFrame], *, with_reference: bool = False) -> pd.DataFrame | None:
    """Strata of an area: of a sheet that names it, or the sheet of its name; with the reference beside, if asked."""
    candidates = []
    for name, sheet in sheets.items():
        if {"count", "pop"} <= set(sheet.columns):
            if "area" in sheet and (sheet["area"] == area).any():
                candidates.append(sheet[sheet["area"] == area].reset_index(drop=True))
            elif name == area:
                candidates.append(sheet)
    if not with_reference:
        return next((one for one in candidates if "refcount" not in one), None)
    for one in candidates:
        if "refcount" in one:
            return one
        for sheet in sheets.values():
            if {"refcount", "refpop"} <= set(sheet.columns) and "count" not in sheet and len(sheet) == len(one):
                return one.assign(refcount=sheet["refcount"], refpop=sheet["refpop"])
    return None
