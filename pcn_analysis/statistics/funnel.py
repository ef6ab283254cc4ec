"""Funnel plots: how far a practice or network may lie from a baseline by chance alone, by its size.

Limits at 95% and 99.8% stand for two and three standard errors: tails of 0.025 and 0.001. For more spread than chance
explains see :mod:`pcn_analysis.statistics.overdispersion`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.statistics.columns import LIMITS, check_not_negative, column, floats, limit_names, normal_quantile
from pcn_analysis.statistics.events import exact_poisson
from pcn_analysis.statistics.rates import wilson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WITHIN = "within the limits"
"""What is said of a value that lies within all limits."""


def proportion_funnel(population: pd.Series, baseline: float, *, confidence: Sequence[float] = LIMITS) -> pd.DataFrame:
    """Proportions that would just differ from the baseline, by population.

    Parameters
    ----------
    population
        Denominators along the funnel; 0 and null give null.
    baseline
        Proportion from 0 to 1, such as all events over all people.
    confidence
        Two-sided confidences.

    Returns
    -------
    DataFrame
        A row for each of ``population``: two columns of limits for each confidence, from 0 to 1. A proportion beyond
        a limit is one whose Wilson interval leaves the baseline out; near 0 and 1, and with few people, chance is not
        even and the limits are rough.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Stat Med 2005;24:1185-202.
    doi:10.1002/sim.1970

    Examples
    --------
    >>> print(proportion_funnel(pd.Series([100]), 0.2).round(3).iloc[0].to_list())
    [0.122, 0.278, 0.076, 0.324]
    """
    n = np.where(floats(population) > 0, floats(population), np.nan)
    found = {}
    for level in confidence:
        half = normal_quantile(level) * np.sqrt(baseline * (1 - baseline) / n)
        for name, side in zip(limit_names(level), (-1, 1), strict=True):
            found[name] = column(np.clip(baseline + side * half, 0, 1), population.index)
    return pd.DataFrame(found)


def ratio_funnel(events: pd.Series, *, multiplier: float = 1, confidence: Sequence[float] = LIMITS) -> pd.DataFrame:
    """Ratios of observed to expected events that would just differ from 1, by the events observed.

    The funnel is walked along by observed events, because for each the exact limits give the expected ones at which
    it would just be too few or too many. Draw ``lower_95`` over ``expected_lower_95``.

    Parameters
    ----------
    events
        Observed events along the funnel, not negative.
    multiplier
        What a ratio of 1 is shown as, often 100.
    confidence
        Two-sided confidences.

    Returns
    -------
    DataFrame
        A row for each of ``events``, with four columns for each confidence: ``expected_lower_95`` and
        ``expected_upper_95``, expected events at which so many observed ones are on the lower or upper limit, and
        ``lower_95`` and ``upper_95``, the ratio there. Of 0 events the lower limit is 0 and the upper one null.

    Examples
    --------
    >>> funnel = ratio_funnel(pd.Series([10]), confidence=[0.95])
    >>> print(funnel.round(3).iloc[0].to_dict())
    {'expected_lower_95': 18.39, 'lower_95': 0.544, 'expected_upper_95': 4.795, 'upper_95': 2.085}
    """
    x, found = floats(events), {}
    for level in confidence:
        few, many = (floats(limit) for limit in exact_poisson(events, level))
        for name, expected in zip(limit_names(level), (many, few), strict=True):
            found[f"expected_{name}"] = column(expected, events.index)
            found[name] = column(multiplier * x / np.where(expected > 0, expected, np.nan), events.index)
    return pd.DataFrame(found)


def rate_funnel(
    events: pd.Series,
    baseline: float,
    *,
    multiplier: float = 100_000,
    years: float = 1,
    confidence: Sequence[float] = LIMITS,
) -> pd.DataFrame:
    """Rates that would just differ from a baseline rate, by the events observed.

    Parameters
    ----------
    events
        Observed events along the funnel, of all years together; not negative.
    baseline
        Rate for ``multiplier`` people and one year.
    multiplier
        The rates are for so many people.
    years
        How many years the events are of.
    confidence
        Two-sided confidences.

    Returns
    -------
    DataFrame
        As :func:`ratio_funnel`: ``population_lower_95``, people of one year, and ``lower_95``, the rate; and so on.

    Examples
    --------
    >>> funnel = rate_funnel(pd.Series([10]), 100.0, confidence=[0.95])
    >>> print(funnel.round(1).iloc[0].to_list())
    [18390.4, 54.4, 4795.4, 208.5]
    """
    funnel = ratio_funnel(events, multiplier=baseline, confidence=confidence)
    people = [name for name in funnel if name.startswith("expected_")]
    funnel[people] = funnel[people] * (multiplier / baseline / years)
    return funnel.rename(columns={name: name.replace("expected_", "population_") for name in people})


def proportion_position(
    numerator: pd.Series, denominator: pd.Series, baseline: float, *, confidence: Sequence[float] = LIMITS
) -> pd.Series:
    """Where each proportion lies in the funnel around a baseline, in words, by its Wilson interval.

    Examples
    --------
    >>> proportion_position(pd.Series([20, 29, 40]), pd.Series([100] * 3), 0.2).to_list()
    ['within the limits', 'above the 95% limit', 'above the 99.8% limit']
    """
    check_not_negative(numerator=numerator, denominator=denominator)
    reference = pd.Series(baseline, index=numerator.index)
    return _position(lambda level: wilson(numerator, denominator, level), reference, confidence)


def ratio_position(observed: pd.Series, expected: pd.Series, *, confidence: Sequence[float] = LIMITS) -> pd.Series:
    """Where each ratio of observed to expected events lies in the funnel around 1, in words, by exact limits.

    For a rate give as expected the population times the baseline rate.

    Examples
    --------
    >>> ratio_position(pd.Series([12, 1, 0]), pd.Series([10.0, 6.0, None])).to_list()
    ['within the limits', 'below the 95% limit', <NA>]
    """
    check_not_negative(observed=observed, expected=expected)
    return _position(lambda level: exact_poisson(observed, level), expected, confidence)


def _position(
    limits: Callable[[float], tuple[pd.Series, pd.Series]], reference: pd.Series, confidence: Sequence[float]
) -> pd.Series:
    """The outermost limit that the reference lies beyond, seen from the value."""
    known = reference.notna()
    words = pd.Series(WITHIN, index=reference.index, dtype="string")
    for level in sorted(confidence):
        lower, upper = limits(level)
        known &= lower.notna() & upper.notna()
        percent = f"the {100 * level:.6g}% limit"
        words = words.mask((lower > reference).fillna(False).astype(bool), f"above {percent}")
        words = words.mask((upper < reference).fillna(False).astype(bool), f"below {percent}")
    return words.where(known)
