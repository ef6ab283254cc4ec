"""The figures of a model, each from weights of those admitted and not admitted by risk.

Every function takes ``events`` and ``others``: the weight of people who were and were not admitted at each risk, the
risks ascending along the last axis. Any axes before it are samples or groups, and are those of the answer. Where a
figure is not defined, as with nobody admitted, it is NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

NEAREST = 1e-6
"""Risks nearer to 0 or 1 than this are taken to be so near where a logit is needed, as 0 and 1 have none."""
_ITERATIONS, _CLOSE, _LONGEST_STEP = 40, 1e-9, 2.0
_FLAT = 1e-12
"""A relative determinant below this means that risks do not differ."""


def auc(events: Array, others: Array) -> Array:
    """Chance that one who was admitted has a higher risk than one who was not; ties count half.

    References
    ----------
    Hanley JA, McNeil BJ. The meaning and use of the area under a receiver operating characteristic (ROC) curve.
    Radiology 1982;143:29-36. doi:10.1148/radiology.143.1.7063747

    Examples
    --------
    >>> print(auc(np.array([0, 1, 1]), np.array([2, 1, 0])))
    0.9166666666666666
    """
    below = np.cumsum(others, axis=-1) - others / 2
    return _divided((events * below).sum(-1), events.sum(-1) * others.sum(-1))


def brier(risk: Array, events: Array, others: Array) -> Array:
    """Mean square of what came (0 or 1) less the risk.

    References
    ----------
    Brier GW. Verification of forecasts expressed in terms of probability. Mon Weather Rev 1950;78:1-3.

    Examples
    --------
    >>> round(float(brier(np.array([0.2, 0.9]), np.array([0, 1]), np.array([1, 0]))), 4)
    0.025
    """
    squares = events @ (1 - risk) ** 2 + others @ risk**2
    return _divided(squares, events.sum(-1) + others.sum(-1))


def scaled_brier(risk: Array, events: Array, others: Array) -> Array:
    """How much of the Brier score of "everyone has the mean risk" a model takes away: 1 is all, 0 none.

    References
    ----------
    Steyerberg EW, et al. Assessing the performance of prediction models. Epidemiology 2010;21:128-38.
    doi:10.1097/EDE.0b013e3181c30fb2
    """
    mean = observed(events, others)
    return 1 - _divided(brier(risk, events, others), mean * (1 - mean))


def observed(events: Array, others: Array) -> Array:
    """Share of people who were admitted."""
    return _divided(events.sum(-1), events.sum(-1) + others.sum(-1))


def mean_risk(risk: Array, events: Array, others: Array) -> Array:
    """Mean risk: the share of people who would be admitted if risks were right."""
    return _divided((events + others) @ risk, events.sum(-1) + others.sum(-1))


def intercept(risk: Array, events: Array, others: Array) -> Array:
    """Calibration in the large on the logit scale: what to add to every logit for as many admitted as came; 0 is right.

    References
    ----------
    Van Calster B, et al. Calibration: the Achilles heel of predictive analytics. BMC Med 2019;17:230.
    doi:10.1186/s12916-019-1466-7

    Examples
    --------
    >>> round(float(intercept(np.array([0.5]), np.array([3.0]), np.array([1.0]))), 4)  # the logit of 3 in 4
    1.0986
    """
    offset, total = _logit(risk), events + others
    added = logit(observed(events, others)) - logit(np.clip(mean_risk(risk, events, others), NEAREST, 1 - NEAREST))
    moved = np.full_like(added, np.inf)
    with np.errstate(invalid="ignore"):
        for _ in range(_ITERATIONS):
            expected = expit(added[..., None] + offset)
            moved = _divided((events - total * expected).sum(-1), (total * expected * (1 - expected)).sum(-1))
            moved = np.clip(moved, -_LONGEST_STEP, _LONGEST_STEP)
            added = added + moved
            if np.nanmax(np.abs(moved), initial=0) < _CLOSE:
                break
    return np.where(np.abs(moved) < _CLOSE, added, np.nan)


def slope(risk: Array, events: Array, others: Array) -> Array:
    """Calibration slope: the coefficient of the logit of the risk in a logistic regression of what came; 1 is right.

    Below 1 risks are too far apart, high ones too high and low ones too low; NaN where all risks are the same, or where
    they part those admitted from the others without exception.

    References
    ----------
    Cox DR. Two further applications of a model for binary regression. Biometrika 1958;45:562-5.
    """
    x, total = _logit(risk), events + others
    at, by = logit(observed(events, others)), np.zeros(events.shape[:-1])
    x = x - _divided(total @ x, total.sum(-1))[..., None]
    moved = np.full(by.shape, np.inf)
    with np.errstate(invalid="ignore"):
        for _ in range(_ITERATIONS):
            up, across = _newton(x, events, total, expit(at[..., None] + by[..., None] * x))
            moved = np.maximum(np.abs(up), np.abs(across))
            at, by = (one + np.clip(step, -_LONGEST_STEP, _LONGEST_STEP) for one, step in ((at, up), (by, across)))
            if np.nanmax(moved, initial=0) < _CLOSE:
                break
    return np.where(moved < _CLOSE, by, np.nan)


def _newton(x: Array, events: Array, total: Array, expected: Array) -> tuple[Array, Array]:
    """One step of Newton's method for a logistic regression on one variable: of its intercept and of its slope."""
    left, spread = events - total * expected, total * expected * (1 - expected)
    g0, g1 = left.sum(-1), (left * x).sum(-1)
    h0, h1, h2 = spread.sum(-1), (spread * x).sum(-1), (spread * x**2).sum(-1)
    determinant = h0 * h2 - h1**2
    determinant = np.where(determinant > _FLAT * h0 * h2, determinant, np.nan)
    return (h2 * g0 - h1 * g1) / determinant, (h0 * g1 - h1 * g0) / determinant


def net_benefit(thresholds: Array, risk: Array, events: Array, others: Array) -> Array:
    """Net benefit of offering something to all at or above a risk, for each of some thresholds, on a new last axis.

    True positives less false positives at the odds of the threshold, for each person.

    References
    ----------
    Vickers AJ, Elkin EB. Decision curve analysis: a novel method for evaluating prediction models. Med Decis Making
    2006;26:565-74. doi:10.1177/0272989X06295361

    Examples
    --------
    >>> print(net_benefit(np.array([0.5]), np.array([0.2, 0.7]), np.array([1, 3]), np.array([5, 1])))
    [0.2]
    """
    offered = (risk[:, None] >= thresholds).astype(float)
    gained = events @ offered - (others @ offered) * thresholds / (1 - thresholds)
    return _divided(gained, (events.sum(-1) + others.sum(-1))[..., None])


def _logit(risk: Array) -> Array:
    return logit(np.clip(risk, NEAREST, 1 - NEAREST))


def _divided(one: Array, other: Array) -> Array:
    one, other = np.broadcast_arrays(np.asarray(one, float), np.asarray(other, float))
    return np.divide(one, other, out=np.full(one.shape, np.nan), where=other > 0)[()]
