"""Readers of funnel limits and of labels of points in funnels."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from pcn_analysis.statistics.funnel import (
    proportion_funnel,
    proportion_position,
    rate_funnel,
    ratio_funnel,
    ratio_position,
)
from tests.oracles.comparison import WORDS, Comparison, numbers

ITERATED, ROUNDED = 1e-4, 2e-6
"""Theirs are found by iteration that stops early; or are written with six decimals, in percent."""
SIGMAS = {"2": "95", "3": "99.8"}
LABELS = {
    "Not significant": "within the limits",
    "High (0.025)": "above the 95% limit",
    "High (0.001)": "above the 99.8% limit",
    "Low (0.025)": "below the 95% limit",
    "Low (0.001)": "below the 99.8% limit",
}


def _tidy(sheet: pd.DataFrame) -> pd.DataFrame:
    return sheet.rename(columns=lambda name: str(name).strip().lower())


def ratios(sheets: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Limits by observed events: expected events there and the ratio."""
    found = []
    for sheet in map(_tidy, sheets.values()):
        if "lower_2s_exp_events" not in sheet:
            continue
        ours = ratio_funnel(sheet.iloc[:, 0], multiplier=100)
        columns = {
            f"{side}_{s}s_exp_events": f"expected_{side}_{p}" for s, p in SIGMAS.items() for side in ("lower", "upper")
        }
        columns |= {f"{side}_{s}s_isr": f"{side}_{p}" for s, p in SIGMAS.items() for side in ("lower", "upper")}
        found.append(_side_by_side("funnel of ratios: limits", ours, sheet, columns, ITERATED))
    return found


def rates(sheets: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Limits by observed events: people of one year there and the rate."""
    found = []
    for sheet in map(_tidy, sheets.values()):
        if not {"events", "baseline", "statistic", "lower_2s_population_1_year"} <= set(sheet.columns):
            continue
        some = sheet[sheet["events"] > 0].reset_index(drop=True)
        by = float(re.search(r"per ([\d,]+)", some["statistic"][0])[1].replace(",", ""))
        people = some["lower_2s_population_1_year"] * some["lower_2s_limit"] / by
        years = round(float((some["events"] / people).median()))
        ours = rate_funnel(some["events"], float(some["baseline"][0]), multiplier=by, years=years)
        columns = {f"{side}_{s}s_limit": f"{side}_{p}" for s, p in SIGMAS.items() for side in ("lower", "upper")}
        columns |= {
            f"{side}_{s}s_population_1_year": f"population_{side}_{p}"
            for s, p in SIGMAS.items()
            for side in ("lower", "upper")
        }
        found.append(_side_by_side("funnel of rates: limits", ours, some, columns, ITERATED))
    return found


def proportions(sheets: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Limits by population around a baseline, in percent."""
    found = []
    for sheet in map(_tidy, sheets.values()):
        columns = {}
        for name in sheet.columns:
            told = re.fullmatch(r"(lower|upper)_?([23])s(?:0\d+)?_?limit", name)
            if told:
                columns[name] = f"{told[1]}_{SIGMAS[told[2]]}"
        if not columns or not {"population", "baseline"} <= set(sheet.columns):
            continue
        ours = proportion_funnel(sheet["population"], float(sheet["baseline"][0]) / 100) * 100
        found.append(_side_by_side("funnel of proportions: limits", ours, sheet, columns, ROUNDED))
    return found


def _side_by_side(
    method: str, ours: pd.DataFrame, theirs: pd.DataFrame, columns: dict[str, str], tolerance: float
) -> Comparison:
    sides = [[numbers(frame[name]) for name in names] for frame, names in ((ours, columns.values()), (theirs, columns))]
    return Comparison(method, *(np.concatenate(side) for side in sides), tolerance)


def labels(sheets: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Labels of points: of proportions around their pooled one, of observed and expected events."""
    found = []
    for sheet in map(_tidy, sheets.values()):
        if "significance" not in sheet:
            continue
        told = sheet["significance"].isin(LABELS).to_numpy()
        if {"numerator", "denominator"} <= set(sheet.columns):
            x, n = sheet["numerator"], sheet["denominator"]
            said, kind = proportion_position(x, n, x.sum() / n.sum()), "proportions"
        elif {"obs", "expected"} <= set(sheet.columns):
            said, kind = ratio_position(sheet["obs"], sheet["expected"]), "ratios"
        else:
            continue
        codes = {words: float(code) for code, words in enumerate(LABELS.values())}
        theirs = sheet["significance"].map(LABELS).map(codes)[told]
        method = f"points in funnels of {kind}: labels"
        ours = numbers(said.map(codes)[told])
        found.append(Comparison(method, ours, numbers(theirs), 0, WORDS, labels=tuple(LABELS.values())))
    return found
