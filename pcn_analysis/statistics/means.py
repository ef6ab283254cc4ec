"""Means of counts that vary between people, and their 95% intervals, from three sums."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from pcn_analysis.statistics.rates import CONFIDENCE


def mean_limits(
    total: pd.Series, squares: pd.Series, people: pd.Series, confidence: float = CONFIDENCE
) -> tuple[pd.Series, pd.Series]:
    """Normal interval of a mean, from the variance between people.

    A few people have many contacts, so that contacts vary more than independent events would: an interval that takes
    them for such (Poisson, Byar) is too narrow. This one asks for the variance itself. It is for many people; with few
    of them and a long tail it is too narrow as well.

    Parameters
    ----------
    total, squares
        Sum over people of each one's count, and of its square.
    people
        How many people; those with a count of 0 are among them.
    confidence
        Two-sided confidence.

    Returns
    -------
    tuple of Series
        Lower and upper limits, the lower one at least 0; null where a sum is null or of fewer than two people.

    Examples
    --------
    >>> two_of_four = (pd.Series([4]), pd.Series([8]), pd.Series([4]))
    >>> low, high = mean_limits(*two_of_four)
    >>> print(round(low[0], 3), round(high[0], 3))
    0.0 2.132
    """
    x, squared, n = (one.astype("Float64").to_numpy(dtype=float, na_value=np.nan) for one in (total, squares, people))
    n = np.where(n > 1, n, np.nan)
    mean = x / n
    variance = np.maximum(squared - n * mean**2, 0) / (n - 1)
    half = norm.ppf(0.5 + confidence / 2) * np.sqrt(variance / n)
    lower, upper = (pd.Series(one, index=total.index).astype("Float64") for one in (mean - half, mean + half))
    return lower.clip(lower=0), upper
