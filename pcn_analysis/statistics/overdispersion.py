"""Funnel limits for units that differ more than chance explains: additive over-dispersion.

Each value is put on a scale on which chance is about normal and even (``METHODS``), the most extreme z-scores are
curbed, and what spread is left over chance, tau squared, is added to the variance of every unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from pcn_analysis.statistics.columns import LIMITS, check_not_negative, column, floats, limit_names, normal_quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

CURBED = 0.1
"""Share of z-scores that are curbed at each end."""


@dataclass(frozen=True)
class Method:
    """A scale for values, and how extreme z-scores are curbed.

    Parameters
    ----------
    what
        Of which values, in words.
    to, back
        From values to the scale and back.
    error
        Standard error on the scale by chance alone, times the square root of the denominator; None where it depends on
        both counts.
    pooled
        Whether the baseline is all numerators over all denominators; else it is 1, as many as expected.
    added
        What is added to both counts, so that 0 has a logarithm.
    truncated
        Whether extreme z-scores are left out; else they are set to the value at the edge (winsorised).
    """

    what: str
    to: Callable[[NDArray], NDArray]
    back: Callable[[NDArray], NDArray]
    error: float | None
    pooled: bool = False
    added: float = 0
    truncated: bool = False

    def baseline(self, numerator: NDArray, denominator: NDArray) -> float:
        """What units are held against."""
        known = ~np.isnan(numerator + denominator)
        return float(numerator[known].sum() / denominator[known].sum()) if self.pooled else 1.0

    def errors(self, numerator: NDArray, denominator: NDArray) -> NDArray:
        """Standard error of each unit on the scale, by chance alone."""
        if self.error is not None:
            return self.error / np.sqrt(denominator)
        return np.sqrt(sum(count / (count + self.added) ** 2 for count in (numerator, denominator)))


def _from_root(scaled: NDArray) -> NDArray:
    return np.maximum(scaled, 0) ** 2


def _to_arcsine(value: NDArray) -> NDArray:
    return np.arcsin(np.sqrt(value))


def _from_arcsine(scaled: NDArray) -> NDArray:
    return np.sin(np.clip(scaled, 0, np.pi / 2)) ** 2


METHODS = {
    "shmi": Method("observed over expected events, log", np.log, np.exp, 1, truncated=True),
    "cqc": Method("observed over expected events, square root", np.sqrt, _from_root, 0.5),
    "proportion": Method("proportions, arcsine of the square root", _to_arcsine, _from_arcsine, 0.5, pooled=True),
    "ratio_of_counts": Method("one count over another, log", np.log, np.exp, None, pooled=True, added=0.5),
}
"""As in FunnelPlotR (SR by SHMI and by CQC, PR, RC)."""


@dataclass(frozen=True)
class Dispersion:
    """How much more units differ than by chance.

    Parameters
    ----------
    units
        How many z-scores it rests on.
    phi
        Mean of the squared z-scores; about 1 where there is only chance.
    tau2
        Variance between units on the scale of the method; 0 where there is only chance.
    """

    units: int
    phi: float
    tau2: float


def z_scores(numerator: pd.Series, denominator: pd.Series, method: str) -> pd.Series:
    """Distance of each unit from the baseline in standard errors by chance alone.

    Null where a count is null, the denominator is 0, or the value has no place on the scale (no events on the log
    scale).

    Examples
    --------
    >>> z_scores(pd.Series([120, 90]), pd.Series([100.0, 100.0]), "cqc").round(3).to_list()
    [1.909, -1.026]
    """
    check_not_negative(numerator=numerator, denominator=denominator)
    it, x = METHODS[method], floats(numerator)
    n = np.where(floats(denominator) > 0, floats(denominator), np.nan)
    start = it.to(np.array(it.baseline(x, n)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return column((it.to((x + it.added) / (n + it.added)) - start) / it.errors(x, n), numerator.index)


def dispersion(numerator: pd.Series, denominator: pd.Series, method: str, *, curbed: float = CURBED) -> Dispersion:
    """Over-dispersion of units.

    Parameters
    ----------
    numerator, denominator
        Observed and expected events, or counts, of each unit.
    method
        One of ``METHODS``.
    curbed
        Share of z-scores to curb at each end.

    Returns
    -------
    Dispersion
        Units without a z-score are left out. Of no unit, phi is NaN and tau2 is 0.

    References
    ----------
    Spiegelhalter DJ. Handling over-dispersion of performance indicators. Qual Saf Health Care 2005;14:347-51.
    doi:10.1136/qshc.2005.013755

    Examples
    --------
    >>> seen, expected = pd.Series([60, 150, 90, 130, 70]), pd.Series([100.0] * 5)
    >>> found = dispersion(seen, expected, "cqc")
    >>> print(found.units, round(found.phi, 2), round(found.tau2, 4))
    5 10.05 0.0289
    """
    z = floats(z_scores(numerator, denominator, method))
    known = ~np.isnan(z)
    z, s = z[known], METHODS[method].errors(floats(numerator)[known], floats(denominator)[known])
    if METHODS[method].truncated:
        kept = _not_extreme(z, curbed)
        z, s = z[kept], s[kept]
    elif len(z):
        z = np.clip(z, *np.quantile(z, [curbed, 1 - curbed]))
    if not len(z):
        return Dispersion(0, float("nan"), 0.0)
    units, phi, precision = len(z), float(np.mean(z**2)), 1 / s**2
    over = units * phi - (units - 1)
    room = precision.sum() - (precision**2).sum() / precision.sum()
    return Dispersion(units, phi, float(max(0.0, over / room)) if units > 1 else 0.0)


def _not_extreme(z: NDArray, curbed: float) -> NDArray:
    """Which z-scores stay when the first and the last of so many equal parts go."""
    parts = round(1 / curbed)
    part = np.floor(rankdata(z) * parts / (len(z) + 1))
    return (part > 0) & (part < parts - 1)


def funnel_limits(
    numerator: pd.Series,
    denominator: pd.Series,
    method: str,
    *,
    tau2: float = 0,
    confidence: Sequence[float] = LIMITS,
) -> pd.DataFrame:
    """Limits around the baseline at each unit's denominator.

    Parameters
    ----------
    numerator, denominator
        As for :func:`dispersion`; the numerators give the baseline only.
    method
        One of ``METHODS``.
    tau2
        From :func:`dispersion`; 0 for limits by chance alone.
    confidence
        Two-sided confidences.

    Returns
    -------
    DataFrame
        A row for each unit: baseline and two columns of limits for each confidence, as values (ratios of 1 are as
        expected). The error of ``ratio_of_counts`` is that of a unit on the baseline.

    Examples
    --------
    >>> seen, expected = pd.Series([60, 150]), pd.Series([100.0, 100.0])
    >>> print(funnel_limits(seen, expected, "shmi", tau2=0.03, confidence=[0.95]).round(3).iloc[0].to_list())
    [1.0, 0.676, 1.48]
    """
    it = METHODS[method]
    n = np.where(floats(denominator) > 0, floats(denominator), np.nan)
    baseline = it.baseline(floats(numerator), n)
    start, error = it.to(np.array(baseline)), np.sqrt(it.errors(baseline * n, n) ** 2 + tau2)
    found = {"baseline": column(np.where(np.isnan(n), np.nan, baseline), numerator.index)}
    for level in confidence:
        for name, side in zip(limit_names(level), (-1, 1), strict=True):
            found[name] = column(it.back(start + side * normal_quantile(level) * error), numerator.index)
    return pd.DataFrame(found)
