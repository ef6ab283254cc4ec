"""Concentration index: whether a measure of health lies with those who are better or worse off."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pcn_analysis.statistics.columns import check_not_negative, column, floats

VARIANTS = ("standard", "erreygers", "wagstaff")
"""Of the index: the standard one, and two for measures that have a lowest and a highest value."""


def fractional_rank(order: pd.Series, weight: pd.Series | None = None) -> pd.Series:
    """Share of the population that stands before the middle of each row, from 0 to 1.

    Parameters
    ----------
    order
        Where people or groups stand, the worst off lowest: an income, or a deprivation decile of which 1 is the most
        deprived. Rows with the same order share the middle of their stretch. Null gives null.
    weight
        People in the row; without it each row is one.

    Examples
    --------
    >>> fractional_rank(pd.Series([1, 2, 2, 3])).to_list()
    [0.125, 0.5, 0.5, 0.875]
    """
    each = pd.Series(1.0, index=order.index) if weight is None else weight
    check_not_negative(weight=each)
    rows = pd.DataFrame({"order": floats(order), "weight": floats(each)})
    steps = rows.groupby("order")["weight"].sum(skipna=False)
    middle = (steps.cumsum() - steps / 2) / steps.sum()
    return column(rows["order"].map(middle).to_numpy(dtype=float), order.index)


def concentration_index(
    health: pd.Series,
    order: pd.Series,
    *,
    weight: pd.Series | None = None,
    variant: str = "standard",
    lowest: float = 0,
    highest: float = 1,
) -> float | None:
    """Twice the covariance of health with the fractional rank, over mean health.

    For people, and for groups with their means and sizes; of groups it leaves out what differs within them. Positive
    where more of the measure lies with the better off; for a measure of ill health that is the worse for the poor
    where it is negative.

    Parameters
    ----------
    health
        Of each person, or the mean of each group.
    order
        The worst off lowest; see :func:`fractional_rank`.
    weight
        People in each group; without it each row is one person.
    variant
        ``standard``; ``erreygers``, 4 x mean x index / (highest - lowest); ``wagstaff``, index / (1 - mean) of health
        put on 0 to 1.
    lowest, highest
        The least and the most that health can be; only for the two variants.

    Returns
    -------
    float or None
        From -1 to 1 where health is not negative. None where a row lacks a number, nobody is there, or the mean is 0
        (for ``wagstaff`` also where all have the most there can be).

    Raises
    ------
    ValueError
        If a weight is negative, the variant is not known, or health lies beyond its bounds.

    Notes
    -----
    **To verify**: the formulas of both variants come from our reading of secondary sources. They have not been held
    against the papers by Erreygers (J Health Econ 2009) and Wagstaff (Health Econ 2005). No limits are given.

    References
    ----------
    Kakwani N, Wagstaff A, van Doorslaer E. Socioeconomic inequalities in health: measurement, computation, and
    statistical inference. J Econom 1997;77:87-103.

    Examples
    --------
    >>> print(concentration_index(pd.Series([0, 0, 0, 1]), pd.Series([1, 2, 3, 4])))
    0.75
    """
    if variant not in VARIANTS:
        message = f"variant is one of {', '.join(VARIANTS)}, not {variant}"
        raise ValueError(message)
    rank = floats(fractional_rank(order, weight))
    people = np.ones(len(health)) if weight is None else floats(weight)
    values = floats(health)
    if variant != "standard":
        _check_bounds(values, lowest, highest)
        values = (values - lowest) / (highest - lowest) if variant == "wagstaff" else values
    if not people.sum() > 0:
        return None
    share = people / people.sum()
    mean = (share * values).sum()
    index = 2 * (share * (values - mean) * (rank - 0.5)).sum() / mean if mean else np.nan
    if variant == "erreygers":
        index *= 4 * mean / (highest - lowest)
    if variant == "wagstaff":
        index = index / (1 - mean) if mean < 1 else np.nan
    return float(index) if np.isfinite(index) else None


def _check_bounds(values: np.ndarray, lowest: float, highest: float) -> None:
    outside = int(((values < lowest) | (values > highest)).sum())
    if outside or not lowest < highest:
        message = f"health: {outside} values are not from {lowest:g} to {highest:g}"
        raise ValueError(message)
