"""Risks held against what came, along the scale of risk: by tenths of people, and as a smooth curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from pcn_analysis.anticipatory.evaluation.figures import NEAREST
from pcn_analysis.statistics.rates import wilson

if TYPE_CHECKING:
    from pcn_analysis.anticipatory.evaluation.figures import Array
    from pcn_analysis.anticipatory.evaluation.predictions import People

TENTHS = 10
KNOTS = (0.05, 0.35, 0.65, 0.95)
"""Where the smooth curve may bend, as shares of people (Harrell, Regression Modeling Strategies, 2nd ed, 2.4.6)."""
POINTS = 50
"""Risks that the smooth curve is given at, evenly on the logit scale between the outermost hundredths of people."""
_ITERATIONS, _CLOSE = 50, 1e-6


def tenths(people: People, model: int) -> pd.DataFrame:
    """People of known outcome by tenth of risk, the lowest first: what was expected of each tenth, and what came.

    Those of the same risk are in the same tenth, so that a model with few different risks has fewer.

    Returns
    -------
    DataFrame
        tenth, known, events (counts), mean_risk, observed (both weighted), observed_lower and observed_upper (95%
        Wilson limits for as many people as the weights are worth, Kish's effective number).
    """
    counted = people.weight > 0
    risk, weight, outcome = people.risks[counted, model], people.weight[counted], people.outcome[counted]
    tenth = (pd.Series(risk).rank(method="average").to_numpy() - 0.5) / len(risk) * TENTHS
    rows = pd.DataFrame({"known": 1, "events": outcome * 1, "w": weight, "ww": weight**2})
    rows = rows.assign(wp=weight * risk, wy=weight * outcome, tenth=tenth.astype(int) + 1)
    sums = rows.groupby("tenth").sum().reset_index()
    worth = sums["w"] ** 2 / sums["ww"]
    observed = sums["wy"] / sums["w"]
    lower, upper = wilson(observed * worth, worth)
    found = sums[["tenth", "known", "events"]].assign(mean_risk=sums["wp"] / sums["w"], observed=observed)
    return found.assign(observed_lower=lower.astype(float), observed_upper=upper.astype(float))


def smooth(people: People, model: int) -> pd.DataFrame:
    """What came along the scale of risk: a logistic regression of it on a natural cubic spline of the logit of risk.

    Returns
    -------
    DataFrame
        risk, observed; no rows where there are fewer than four different knots to bend at, or no curve is found.
    """
    counted = people.weight > 0
    x = logit(np.clip(people.risks[counted, model], NEAREST, 1 - NEAREST))
    weight, outcome = people.weight[counted], people.outcome[counted].astype(float)
    knots = np.quantile(x, KNOTS)
    low, high = np.quantile(x, [0.01, 0.99])
    at = np.linspace(low, high, POINTS)
    found = None if len(np.unique(knots)) < len(KNOTS) else _fitted(_spline(x, knots), outcome, weight)
    if found is None:
        return pd.DataFrame({"risk": pd.Series(dtype=float), "observed": pd.Series(dtype=float)})
    return pd.DataFrame({"risk": expit(at), "observed": expit(_spline(at, knots) @ found)})


def _spline(x: Array, knots: Array) -> Array:
    """Columns of a natural cubic spline: straight outside the outermost knots."""
    *inner, before, last = knots
    span = (last - knots[0]) ** 2

    def cubed(knot: float) -> Array:
        return np.maximum(x - knot, 0) ** 3 / span

    bends = [
        cubed(knot) - cubed(before) * (last - knot) / (last - before) + cubed(last) * (before - knot) / (last - before)
        for knot in inner
    ]
    return np.column_stack([np.ones_like(x), x, *bends])


def _fitted(columns: Array, outcome: Array, weight: Array) -> Array | None:
    """Coefficients of a weighted logistic regression, by Newton's method; None where it does not settle."""
    found = np.zeros(columns.shape[1])
    found[0] = logit(weight @ outcome / weight.sum())
    for _ in range(_ITERATIONS):
        expected = expit(columns @ found)
        spread = (columns * (weight * expected * (1 - expected))[:, None]).T @ columns
        step = np.linalg.lstsq(spread, columns.T @ (weight * (outcome - expected)))[0]
        found = found + step
        if np.abs(columns @ step).max() < _CLOSE:
            return found
    return None
