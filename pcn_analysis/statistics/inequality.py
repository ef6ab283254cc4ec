"""Slope and relative index of inequality: how far a measure falls or rises from the most to the least deprived.

The line is a regression of the groups' values on where each stands in the population, ordered by deprivation: with
*a* a group's share of the population and *b* the middle of its stretch from 0 to 1, the values are weighted with *a*.
The slope index is the line at 1 less the line at 0; the relative index is the line at 1 over the line at 0.

Both are weighted sums of the groups' values, or ratios of two, so that their limits follow from the standard errors of
the values without a simulation: the same input gives the same limits, to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from pcn_analysis.statistics.columns import check_not_negative, column, floats, limit_names, normal_quantile
from pcn_analysis.statistics.rates import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

FEWEST, MOST = 5, 100
"""How many groups a line may be drawn through, as in OHID's method; more than 10 is unusual."""


@dataclass(frozen=True)
class Scale:
    """A scale on which values vary normally, and its inverse with its slope.

    Parameters
    ----------
    to, back
        From values to the scale and back.
    slope
        How fast ``back`` rises, at a point of the scale.
    """

    to: Callable[[NDArray], NDArray]
    back: Callable[[NDArray], NDArray]
    slope: Callable[[NDArray], NDArray]


SCALES = {
    "level": Scale(np.array, np.array, np.ones_like),
    "rate": Scale(np.log, np.exp, np.exp),
    "proportion": Scale(logit, expit, lambda x: expit(x) * expit(-x)),
}
"""Of each kind of value: identity, log, logit."""


def error_on_scale(lower: pd.Series, upper: pd.Series, kind: str, *, confidence: float = CONFIDENCE) -> pd.Series:
    """Standard error of values on the scale of their kind, from their limits.

    Parameters
    ----------
    lower, upper
        Limits of the values.
    kind
        ``level`` (life expectancy, a mean), ``rate`` (log) or ``proportion`` (from 0 to 1; logit).
    confidence
        That of the limits.

    Examples
    --------
    >>> error_on_scale(pd.Series([8.04]), pd.Series([11.96]), "level").round(3).to_list()
    [1.0]
    """
    to = SCALES[kind].to
    with np.errstate(divide="ignore", invalid="ignore"):
        width = to(floats(upper)) - to(floats(lower))
    return column(width / (2 * normal_quantile(confidence)), lower.index)


def slope_index(
    value: pd.Series,
    population: pd.Series,
    order: pd.Series,
    places: pd.Series,
    *,
    standard_error: pd.Series,
    kind: str = "level",
    transform: bool = False,
    negative: bool = False,
    multiplier: float = 1,
    confidence: Sequence[float] = (CONFIDENCE,),
) -> pd.DataFrame:
    """Slope and relative index of inequality of each place.

    Parameters
    ----------
    value
        Of each group of each place.
    population
        People of the group.
    order
        Where the group stands, 1 being the most deprived (or the first of any other order).
    places
        The place of each group: each has a line of its own.
    standard_error
        Of the value, on the scale of its kind: see :func:`error_on_scale`. Null gives indices without limits.
    kind
        ``level``, ``rate`` or ``proportion``: on which scale the value varies normally.
    transform
        Whether the line is drawn on that scale (log, logit) and read off on the scale of the values: for measures
        that fall so steeply that a straight line would pass below 0.
    negative
        Whether more of the measure is worse and inequality shall be told as the excess of the most deprived: turns
        the sign of the slope index and inverts the relative one (a negative multiplier in PHEindicatormethods).
    multiplier
        Of the slope index: 100 for percentage points.
    confidence
        Two-sided confidences.

    Returns
    -------
    DataFrame
        A row for each place, in sorted order, indexed by it: groups; sii, rii; at_most_deprived, the line at 0; and
        ``sii_lower_95``, ``sii_upper_95``, ``rii_lower_95``, ``rii_upper_95`` for each confidence. Null where a group
        lacks a value or population, or where a value cannot stand on the scale (a rate of 0).

    Raises
    ------
    ValueError
        If a number is negative that cannot be, if a place has fewer than 5 or more than 100 groups, or two groups with
        the same order.

    Notes
    -----
    Limits of the slope index: normal, from its standard error; exact on the scale of a level, else by the delta method.
    Limits of the relative index: Fieller's, and null where the line at 0 may be 0; with ``transform`` normal on the
    log of the ratio, and null where that is below 0. OHID's tool draws the values 100,000 times instead; how near the
    two come is in docs/statistics.md. The line is weighted by population only: groups with wide limits count as much
    as others.

    References
    ----------
    Low A, Low A. Measuring the gap: quantifying and comparing local health inequalities. J Public Health
    2004;26:388-95. Fieller EC. Some problems in interval estimation. J R Stat Soc B 1954;16:175-85.

    Examples
    --------
    >>> fifths = pd.DataFrame({"fifth": range(1, 6), "years": [76.0, 77, 78, 79, 80], "people": 1_000, "se": 0.5})
    >>> found = slope_index(fifths["years"], fifths["people"], fifths["fifth"], pd.Series(["A"] * 5),
    ...                     standard_error=fifths["se"])
    >>> print(found[["sii", "sii_lower_95", "sii_upper_95"]].round(2).iloc[0].to_list())
    [5.0, 3.45, 6.55]
    """
    check_not_negative(population=population, standard_error=standard_error)
    scale = SCALES[kind]
    rows = pd.DataFrame({"place": places.to_numpy(), "order": floats(order), "a": floats(population)})
    with np.errstate(divide="ignore", invalid="ignore"):
        on_scale = scale.to(floats(value))
    error = floats(standard_error)
    rows["y"] = on_scale if transform else floats(value)
    rows["error"] = error if transform else error * scale.slope(on_scale)
    found = _line(rows)
    _read_off(found, scale if transform else SCALES["level"])
    table = pd.DataFrame({"groups": found["groups"].astype("Int64")}, index=found.index)
    sign = -multiplier if negative else multiplier
    table["sii"] = column((found["gap"] * sign).to_numpy(), found.index)
    ratio = found["ratio"] ** (-1 if negative else 1)
    table["rii"] = column(ratio.to_numpy(), found.index)
    table["at_most_deprived"] = column(found["start"].to_numpy(), found.index)
    for level in confidence:
        z = normal_quantile(level)
        limits = {"sii": _of_gap(found, z, sign), "rii": _of_ratio(found, z, transform=transform, negative=negative)}
        for of, pair in limits.items():
            for name, limit in zip(limit_names(level, of), pair, strict=True):
                table[name] = column(limit, found.index)
    table.index.name = places.name
    return table


def _line(rows: pd.DataFrame) -> pd.DataFrame:
    """Intercept, end and their variances of the weighted line of each place: sums of the values, with weights."""
    ties = int(rows.dropna().duplicated(["place", "order"]).sum())
    if ties:
        message = f"order: {ties} group(s) stand where another of the same place stands"
        raise ValueError(message)
    rows = rows.sort_values(["place", "order"], kind="stable")
    rows["a"] = rows["a"].where(rows["order"].notna())
    by = rows.groupby("place")
    groups = by.size()
    wrong = int(((groups < FEWEST) | (groups > MOST)).sum())
    if wrong:
        message = f"places: {wrong} of {len(groups)} have fewer than {FEWEST} or more than {MOST} groups"
        raise ValueError(message)
    rows["a"] /= by["a"].transform("sum", skipna=False)
    rows["b"] = rows.groupby("place")["a"].cumsum() - rows["a"] / 2 - 0.5
    rows["ab"] = rows["a"] * rows["b"]
    rows["slope"] = rows["ab"] / (rows["ab"] * rows["b"]).groupby(rows["place"]).transform("sum", skipna=False)
    rows["start"], rows["end"] = rows["a"] - rows["slope"] / 2, rows["a"] + rows["slope"] / 2
    sums = {name: rows[name] * rows["y"] for name in ("start", "end")}
    pairs = {"v00": ("start", "start"), "v01": ("start", "end"), "v11": ("end", "end")}
    sums |= {name: rows[one] * rows[other] * rows["error"] ** 2 for name, (one, other) in pairs.items()}
    found = pd.DataFrame(sums).groupby(rows["place"]).sum(skipna=False)
    return found.assign(groups=groups)


def _read_off(found: pd.DataFrame, scale: Scale) -> None:
    """Ends of the line on the scale of the values, their gap and ratio, and the errors of both, in place."""
    slopes = [scale.slope(found[name].to_numpy()) for name in ("start", "end")]
    for name in ("start", "end"):
        found[name] = scale.back(found[name].to_numpy())
    found["v00"] *= slopes[0] ** 2
    found["v01"] *= slopes[0] * slopes[1]
    found["v11"] *= slopes[1] ** 2
    found["gap"], found["ratio"] = found["end"] - found["start"], found["end"] / found["start"]
    found["gap_error"] = np.sqrt(found["v00"] + found["v11"] - 2 * found["v01"])
    relative = found["v00"] / found["start"] ** 2 + found["v11"] / found["end"] ** 2
    found["log_error"] = np.sqrt(relative - 2 * found["v01"] / (found["start"] * found["end"]))


def _of_gap(found: pd.DataFrame, z: float, sign: float) -> tuple[NDArray, NDArray]:
    ends = [((found["gap"] + side * found["gap_error"]) * sign).to_numpy() for side in (-z, z)]
    return np.minimum(*ends), np.maximum(*ends)


def _of_ratio(found: pd.DataFrame, z: float, *, transform: bool, negative: bool) -> tuple[NDArray, NDArray]:
    if transform:
        ratio = found["ratio"].where(found["ratio"] > 0)
        lower, upper = (ratio * np.exp(side * found["log_error"]) for side in (-z, z))
    else:
        lower, upper = _fieller(found, z)
    if negative:
        lower, upper = 1 / upper, 1 / lower.where(lower > 0)
    return lower.to_numpy(), upper.to_numpy()


def _fieller(found: pd.DataFrame, z: float) -> tuple[pd.Series, pd.Series]:
    """Ratios at which the end of the line would not differ from so many times its start."""
    a = found["start"] ** 2 - z**2 * found["v00"]
    b = found["start"] * found["end"] - z**2 * found["v01"]
    c = found["end"] ** 2 - z**2 * found["v11"]
    bounded = a.where(a > 0)
    root = np.sqrt((b**2 - a * c).clip(lower=0))
    return (b - root) / bounded, (b + root) / bounded
