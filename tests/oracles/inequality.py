"""Reader of scenarios of the slope and relative index of inequality."""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np
import pandas as pd

from pcn_analysis.statistics.inequality import error_on_scale, slope_index
from tests.oracles.comparison import OF_WIDTH, Comparison

EXACT, DRAWN, DRAWN_ON_SCALE = 1e-9, 0.02, 0.05
"""Largest difference of indices; of limits, which upstream draws at random; of those of a slope on another scale."""
NEEDED = {"TestDescription", "Area", "Quantile", "Population", "Value", "ValueType", "LowerCL", "UpperCL", "sii", "rii"}
KINDS = {0: "level", 1: "rate", 2: "proportion"}


def scenarios(sheets: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    """Rows of each scenario and area: those that stand together, with the expected values in their first row."""
    found = []
    for sheet in sheets.values():
        if set(sheet.columns) >= NEEDED:
            told = sheet[["TestDescription", "Area"]].astype(str).agg("|".join, axis=1)
            found += [rows for _, rows in sheet.groupby((told != told.shift()).cumsum())]
    return found


def levels(first: pd.Series) -> list[float]:
    """Confidences of a scenario, from its description, or else from its column."""
    said = re.findall(r"\b9\d(?:\.\d+)?\b", first["TestDescription"])
    return [float(number) / 100 for number in said or re.findall(r"[\d.]+", str(first["Confidence"]))]


def ours(rows: pd.DataFrame) -> pd.Series:
    """Our indices for a scenario."""
    first, text = rows.iloc[0], rows["TestDescription"].iloc[0]
    kind = KINDS[int(first["ValueType"])]
    by = re.search(r"x (-?\d+)", text)
    return slope_index(
        rows["Value"],
        rows["Population"],
        rows["Quantile"],
        rows["Area"],
        standard_error=error_on_scale(rows["LowerCL"], rows["UpperCL"], kind),
        kind=kind,
        transform="transform" in text,
        negative="negative mult" in text or bool(by and by[1].startswith("-")),
        multiplier=abs(float(by[1])) if by else 1,
        confidence=levels(first),
    ).iloc[0]


def slope_and_relative_index(sheets: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Every scenario that has an expected value; those of errors and warnings have none."""
    pairs: dict[str, list] = defaultdict(list)
    for rows in scenarios(sheets):
        first = rows.iloc[0]
        if pd.isna(first["sii"]):
            continue
        found = ours(rows)
        for name, own in (("sii", "sii"), ("rii", "rii"), ("Intercept", "at_most_deprived")):
            if name in first and pd.notna(first[name]):
                pairs["value"].append((found[own], first[name], 1))
        for index, of in ((index, of) for index in ("sii", "rii") for of in enumerate(levels(first), start=1)):
            at, level = of
            lower, upper = (first.get(f"{index}_{side}cl_{at}") for side in ("lower", "upper"))
            if pd.isna(lower) or pd.isna(upper):
                continue
            scale = "on another scale" if index == "sii" and "transform" in first["TestDescription"] else index
            for side, theirs in (("lower", lower), ("upper", upper)):
                pairs[scale].append((found[f"{index}_{side}_{100 * level:.6g}"], theirs, upper - lower))
    words = {
        "value": ("slope and relative index of inequality, line at the most deprived", EXACT),
        "sii": ("slope index: limits (theirs drawn at random)", DRAWN),
        "on another scale": (
            "slope index from a line on a log or logit scale: limits (theirs drawn at random)",
            DRAWN_ON_SCALE,
        ),
        "rii": ("relative index: limits (theirs drawn at random)", DRAWN),
    }
    return [_compared(key, pairs[key], *said) for key, said in words.items() if pairs[key]]


def _compared(key: str, rows: list, method: str, tolerance: float) -> Comparison:
    own, theirs, width = np.array(rows, dtype=float).T
    if key == "value":
        return Comparison(method, own, theirs, tolerance)
    return Comparison(method, own, theirs, tolerance, OF_WIDTH, width)
