"""Proportions, their differences, and 95% intervals of both, always from counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcn_analysis.provenance import Rate

CONFIDENCE = 0.95


def wilson(numerator: pd.Series, denominator: pd.Series, confidence: float = CONFIDENCE) -> tuple[pd.Series, pd.Series]:
    """Wilson score interval of a proportion.

    Parameters
    ----------
    numerator, denominator
        Counts. Null or a denominator of 0 gives null limits.
    confidence
        Two-sided confidence.

    Returns
    -------
    tuple of Series
        Lower and upper limits, from 0 to 1.

    References
    ----------
    Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc
    1927;22:209-12. doi:10.1080/01621459.1927.10502953

    Examples
    --------
    >>> low, high = wilson(pd.Series([81.0]), pd.Series([263.0]))
    >>> print(round(low[0], 4), round(high[0], 4))
    0.2553 0.3662
    """
    x, n = (values.astype("Float64").to_numpy(dtype=float, na_value=np.nan) for values in (numerator, denominator))
    n = np.where(n > 0, n, np.nan)
    z = norm.ppf(0.5 + confidence / 2)
    p = x / n
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    lower = np.where((x == 0) & (n > 0), 0.0, centre - half)
    upper = np.where(x == n, 1.0, centre + half)
    return (
        pd.Series(lower, index=numerator.index).astype("Float64"),
        pd.Series(upper, index=numerator.index).astype("Float64"),
    )


def newcombe(
    numerator: pd.Series,
    denominator: pd.Series,
    other_numerator: pd.Series,
    other_denominator: pd.Series,
    confidence: float = CONFIDENCE,
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Difference of two proportions of different people, with Newcombe's hybrid score interval.

    The interval puts the Wilson limits of both together (method 10 of the paper, without a correction for continuity).

    Parameters
    ----------
    numerator, denominator
        Counts of the first proportion.
    other_numerator, other_denominator
        Counts of the proportion that is taken from it. Null or a denominator of 0 on either side gives null.
    confidence
        Two-sided confidence.

    Returns
    -------
    tuple of Series
        The difference, its lower and its upper limit, from -1 to 1.

    References
    ----------
    Newcombe RG. Interval estimation for the difference between independent proportions: comparison of eleven methods.
    Stat Med 1998;17:873-90. doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I

    Examples
    --------
    >>> found = newcombe(pd.Series([56]), pd.Series([70]), pd.Series([48]), pd.Series([80]))
    >>> print(*(round(one[0], 4) for one in found))
    0.2 0.0524 0.3339
    """
    first, second = (_share(*counts) for counts in ((numerator, denominator), (other_numerator, other_denominator)))
    lower, upper = wilson(numerator, denominator, confidence)
    other_lower, other_upper = wilson(other_numerator, other_denominator, confidence)
    down = ((first - lower) ** 2 + (other_upper - second) ** 2) ** 0.5
    up = ((upper - first) ** 2 + (second - other_lower) ** 2) ** 0.5
    difference = first - second
    return difference, difference - down, difference + up


def with_rates(frame: pd.DataFrame, rates: Iterable[Rate]) -> pd.DataFrame:
    """Fill the columns of each rate from its counts.

    Parameters
    ----------
    frame
        Has the numerator and denominator columns of every rate.
    rates
        The rates to fill; a null count or a denominator of 0 gives null.

    Examples
    --------
    >>> from pcn_analysis.provenance import Rate
    >>> counts = pd.DataFrame({"inside": [30], "registered": [40]})
    >>> with_rates(counts, [Rate("localisation", "inside", "registered")])["localisation"].to_list()
    [0.75]
    """
    filled = frame.copy()
    for rate in rates:
        numerator, denominator = (frame[column].astype("Float64") for column in (rate.numerator, rate.denominator))
        filled[rate.name] = _share(numerator, denominator)
        if rate.interval:
            filled[f"{rate.name}_lower"], filled[f"{rate.name}_upper"] = wilson(numerator, denominator)
        if rate.against:
            filled[f"{rate.name}_compared"] = _compared(filled, rate)
    return filled


def _share(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Share of one count in another; null where there is nobody or a count is not known."""
    of = denominator.astype("Float64")
    return numerator.astype("Float64") / of.where(of > 0)


def _compared(frame: pd.DataFrame, rate: Rate) -> pd.Series:
    """Whether the whole interval lies above or below the value that it is held against."""
    reference = frame[rate.against]
    compared = pd.Series("similar", index=frame.index)
    compared = compared.mask((frame[f"{rate.name}_lower"] > reference).fillna(False), "higher")
    compared = compared.mask((frame[f"{rate.name}_upper"] < reference).fillna(False), "lower")
    return compared.mask(frame[f"{rate.name}_lower"].isna() | reference.isna())
