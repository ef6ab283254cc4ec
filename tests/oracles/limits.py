"""Readers of limits of counts, of crude rates and of proportions."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from pcn_analysis.statistics.events import byar, crude_rate
from pcn_analysis.statistics.rates import wilson
from tests.oracles.comparison import Comparison, numbers

EXACT, ROUNDED = 1e-9, 1e-6
"""Workbooks of rates and proportions come from other tools and may be rounded."""


def byar_and_wilson(sheets: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Sheets of x, n, confidence and method with lower and upper limits."""
    found = []
    for sheet in sheets.values():
        if not {"x", "n", "lowercl", "uppercl", "confidence", "method"} <= set(sheet.columns):
            continue
        for method, limits in (("Byars", lambda rows, level: byar(rows["x"], level)), ("Wilson", _wilson)):
            rows = sheet[sheet["method"] == method]
            ours, theirs = [], []
            for text, own in rows.groupby("confidence"):
                level = _level(text)
                pair = limits(own, level)
                ours += [numbers(limit) for limit in pair]
                theirs += [numbers(own[name]) for name in ("lowercl", "uppercl")]
            if ours:
                name = f"{'Byar' if method == 'Byars' else method}'s limits"
                found.append(Comparison(name, np.concatenate(ours), np.concatenate(theirs), EXACT))
    return found


def _wilson(rows: pd.DataFrame, level: float) -> tuple[pd.Series, pd.Series]:
    return wilson(rows["x"], rows["n"], level)


def _level(text: object) -> float:
    number = float(re.search(r"[\d.]+", str(text))[0])
    return number / 100 if number > 1 else number


def crude_rates_and_proportions(sheets: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Sheets of numerators and denominators with a value, limits and the method of these."""
    found = []
    for name, sheet in sheets.items():
        table = sheet.rename(columns=lambda column: str(column).strip().lower())
        pairs = _pairs(table)
        if not {"numerator", "denominator"} <= set(table.columns) or not pairs:
            continue
        methods = " ".join(table["method"].dropna().astype(str)) if "method" in table else name
        of = "proportion" if re.search("wilson|prop", methods, re.IGNORECASE) else "crude rate"
        triples = [triple for _, row in table.iterrows() for triple in _of_row(row, pairs, of)]
        if triples:
            values = np.array([pair for _, *pair in triples], dtype=float)
            found.append(Comparison(f"{of}: limits", values[:, 0], values[:, 1], ROUNDED))
    return found


def _pairs(table: pd.DataFrame) -> list[tuple[float, str, str]]:
    """Pairs of columns of limits, with the confidence that their names say; 95% where they say none."""
    names = [name for name in table.columns if re.match("lower", name)]
    return [
        (0.998 if "99" in name else 0.95, name, name.replace("lower", "upper"))
        for name in names
        if name.replace("lower", "upper") in table
    ]


def _of_row(row: pd.Series, pairs: list[tuple[float, str, str]], of: str) -> list[tuple[str, float, float]]:
    x, n = (pd.Series(numbers(row[[name]])) for name in ("numerator", "denominator"))
    value = next((row[name] for name in ("value", "rate", "proportion", "percentage") if name in row), np.nan)
    value = numbers(pd.Series([value]))[0]
    if np.isnan([x[0], n[0], value]).any():
        return []
    by = 10.0 ** round(np.log10(value * n[0] / x[0])) if value > 0 and x[0] > 0 else None
    said = re.findall(r"[\d.]+", str(row.get("confidence", "")))
    found = []
    for at, (named, *columns) in enumerate(pairs):
        level = _level(said[0]) if len(said) == 1 and at == 0 else named
        if by is None or row[columns].isna().all():
            continue
        if of == "proportion":
            ours = [float(limit[0]) * by for limit in wilson(x, n, level)]
        else:
            ours = crude_rate(x, n, multiplier=by, confidence=[level]).iloc[0, 1:].to_list()
        found += [(of, np.nan if pd.isna(a) else a, row[name]) for a, name in zip(ours, columns, strict=True)]
    return found
