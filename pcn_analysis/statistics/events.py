"""Counts of events that fall independently, their limits, and crude rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import chi2

from pcn_analysis.statistics.columns import check_not_negative, column, floats, limit_names, normal_quantile
from pcn_analysis.statistics.rates import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

EXACT_BELOW = 10
"""Counts below this have exact limits, the others Byar's, as in OHID's crude and indirectly standardised rates."""


def byar(events: pd.Series, confidence: float = CONFIDENCE) -> tuple[pd.Series, pd.Series]:
    """Byar's approximate limits of a Poisson count.

    Parameters
    ----------
    events
        Counts, not negative. Null gives null.
    confidence
        Two-sided confidence.

    Returns
    -------
    tuple of Series
        Lower and upper limits. The lower limit of 0 is 0; where the formula gives a negative lower limit (1 event at
        99.8%) it is null, for the approximation does not hold there.

    References
    ----------
    Breslow NE, Day NE. Statistical methods in cancer research, volume II: the design and analysis of cohort studies.
    IARC Scientific Publications 82, 1987, page 69.

    Examples
    --------
    >>> low, high = byar(pd.Series([65]))
    >>> print(round(low[0], 4), round(high[0], 4))
    50.1632 82.8491
    """
    check_not_negative(events=events)
    x, z = floats(events), normal_quantile(confidence)
    some = np.where(x > 0, x, np.nan)
    lower = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    upper = (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * np.sqrt(x + 1))) ** 3
    lower = np.where(x == 0, 0.0, np.where(lower < 0, np.nan, lower))
    return column(lower, events.index), column(upper, events.index)


def exact_poisson(events: pd.Series, confidence: float = CONFIDENCE) -> tuple[pd.Series, pd.Series]:
    """Exact limits of a Poisson count, from the chi-squared distribution.

    Parameters
    ----------
    events
        Counts, not negative. Null gives null.
    confidence
        Two-sided confidence.

    Returns
    -------
    tuple of Series
        Lower and upper limits; the lower limit of 0 is 0.

    References
    ----------
    Garwood F. Fiducial limits for the Poisson distribution. Biometrika 1936;28:437-42. doi:10.1093/biomet/28.3-4.437

    Examples
    --------
    >>> low, high = exact_poisson(pd.Series([0, 9]))
    >>> print(low.round(4).to_list(), high.round(4).to_list())
    [0.0, 4.1154] [3.6889, 17.0848]
    """
    check_not_negative(events=events)
    normal_quantile(confidence)
    x, tail = floats(events), (1 - confidence) / 2
    lower = np.where(x == 0, 0.0, chi2.ppf(tail, 2 * np.where(x > 0, x, np.nan)) / 2)
    return column(lower, events.index), column(chi2.ppf(1 - tail, 2 * x + 2) / 2, events.index)


def poisson_limits(events: pd.Series, confidence: float = CONFIDENCE) -> tuple[pd.Series, pd.Series]:
    """Limits of a Poisson count: exact below ``EXACT_BELOW`` events, Byar's from there on.

    Examples
    --------
    >>> low, high = poisson_limits(pd.Series([9, 91]))
    >>> print(low.round(3).to_list(), high.round(3).to_list())
    [4.115, 73.266] [17.085, 111.729]
    """
    few = (events < EXACT_BELOW).fillna(False).astype(bool)
    pairs = zip(exact_poisson(events, confidence), byar(events, confidence), strict=True)
    lower, upper = (exact.where(few, other) for exact, other in pairs)
    return lower, upper


def crude_rate(
    events: pd.Series,
    population: pd.Series,
    *,
    multiplier: float = 100_000,
    confidence: Sequence[float] = (CONFIDENCE,),
) -> pd.DataFrame:
    """Events for each so many people or person-years, with limits.

    For events that are independent of each other: deaths, first diagnoses. One person's many contacts are not; their
    limits would be too narrow (see :func:`pcn_analysis.statistics.means.mean_limits`).

    Parameters
    ----------
    events
        Counts, not negative.
    population
        People or person-years, not negative.
    multiplier
        The rate is for so many of the population.
    confidence
        Two-sided confidences.

    Returns
    -------
    DataFrame
        A row for each of ``events``: rate and two columns of limits for each confidence (``lower_95``, ``upper_95``).
        Null where a count is null or the population 0.

    Examples
    --------
    >>> print(crude_rate(pd.Series([65]), pd.Series([10_000])).round(2).iloc[0].to_list())
    [650.0, 501.63, 828.49]
    """
    check_not_negative(events=events, population=population)
    n = floats(population)
    factor = multiplier / np.where(n > 0, n, np.nan)
    found = {"rate": column(floats(events) * factor, events.index)}
    for level in confidence:
        pairs = zip(limit_names(level), poisson_limits(events, level), strict=True)
        found |= {name: column(floats(limit) * factor, events.index) for name, limit in pairs}
    return pd.DataFrame(found)
