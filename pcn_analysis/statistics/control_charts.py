"""XmR control charts: whether a measure is steady, has changed, can be relied on to meet a target.

XmR charts are of single values in time (X) and moving ranges (mR). Which pattern counts as a change differs between
tools: every chart is drawn by a named profile, and says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.codelists import rows
from pcn_analysis.statistics.columns import column, floats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

FEWEST_POINTS = 12
"""Limits of fewer points are trial limits: likely to move with the next points (NHSRplotthedots)."""
COMMON, OUTSIDE, TREND, TWO_IN_THREE, SHIFT = "common cause", "outside the limits", "trend", "two in three", "shift"
"""What is said of a point, in words; of several the first of ``PRECEDENCE``."""
PRECEDENCE = (OUTSIDE, TREND, TWO_IN_THREE, SHIFT)
_TWO, _THREE = 2, 3


@dataclass(frozen=True)
class Profile:
    """Which patterns count as a change, and how wide the limits are.

    Parameters
    ----------
    key, name
        What it is called in code and in words.
    shift
        So many points in a row on one side of the mean are a shift.
    trend
        So many points in a row that each rise, or each fall, are a trend.
    two_in_three
        Whether two of three points near a limit, all on one side of the mean, count.
    screening
        Moving ranges of so many mean ranges or more are left out of the limits, once; None leaves none out.
    width
        From the mean to a limit, in mean moving ranges.
    source
        Where it comes from.
    """

    key: str
    name: str
    shift: int
    trend: int
    two_in_three: bool
    screening: float | None
    width: float
    source: str


@cache
def profiles() -> Mapping[str, Profile]:
    """Every profile by its key, from ``codelists/control_chart_profiles.csv``.

    Examples
    --------
    >>> {key: (it.shift, it.trend, it.screening is not None) for key, it in profiles().items()}
    {'mdc_r': (7, 7, True), 'mdc_excel': (7, 7, False), 'abspc': (8, 6, False)}
    """
    return {
        row["profile"]: Profile(
            key=row["profile"],
            name=row["name"],
            shift=int(row["shift"]),
            trend=int(row["trend"]),
            two_in_three=row["two_in_three"] == "yes",
            screening=float(row["screening"]) if row["screening"] else None,
            width=float(row["width"]),
            source=row["source"],
        )
        for row in rows("control_chart_profiles")
    }


def xmr_chart(
    values: pd.Series,
    dates: pd.Series,
    *,
    profile: str = "mdc_r",
    rebase: Sequence[dt.date] = (),
    fix_after: int | None = None,
) -> pd.DataFrame:
    """Limits of single values in time, and what each point says.

    Parameters
    ----------
    values
        One for each date, evenly spaced in time. A null one has no range to its neighbours and ends a run.
    dates
        Of each value; none twice. Rows may be in any order.
    profile
        A key of :func:`profiles`.
    rebase
        Dates at which the process is known to have changed: limits and runs begin anew at the first point on or after
        each. Only for a change that is known and was meant.
    fix_after
        Limits rest on the first so many points of each stretch only; later ones are held against them.

    Returns
    -------
    DataFrame
        A row for each value, by date: date, value, stretch (from 1), mean, lower, upper, near_lower and near_upper (at
        two thirds of the way), points (on which the limits rest), trial (fewer than ``FEWEST_POINTS``), side
        (``above``, ``below`` or ``on`` the mean) and signal: the first of ``PRECEDENCE`` that holds, or
        ``common cause``; null for a null value and where there are no limits.

    Raises
    ------
    ValueError
        If a date is missing or stands twice.

    References
    ----------
    Wheeler DJ, Chambers DS. Understanding statistical process control. SPC Press, 2nd edition, 1992.

    Examples
    --------
    >>> seen = pd.Series([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
    >>> chart = xmr_chart(seen, pd.Series(pd.date_range("2025-01-01", periods=18, freq="MS")))
    >>> print(chart.loc[4, ["mean", "lower", "upper"]].astype(float).round(2).to_list(), chart.loc[4, "signal"])
    [1.94, -0.72, 4.6] outside the limits
    """
    wrong = int(dates.isna().sum() + dates.duplicated().sum())
    if wrong:
        message = f"dates: {wrong} are missing or stand twice"
        raise ValueError(message)
    rule = profiles()[profile]
    points = pd.DataFrame({"date": pd.to_datetime(dates).to_numpy(), "value": floats(values)}).sort_values(
        "date", ignore_index=True
    )
    points["stretch"] = 1 + sum(
        ((points["date"] >= date).astype(int) for date in pd.to_datetime(list(rebase))), start=0
    )
    points["stretch"] = points["stretch"].rank(method="dense").astype(int)
    _add_limits(points, rule, fix_after)
    found = pd.DataFrame({"date": points["date"], "value": column(floats(points["value"]), points.index)})
    found["stretch"] = points["stretch"].astype("Int64")
    for name in ("mean", "lower", "upper", "near_lower", "near_upper"):
        found[name] = column(floats(points[name]), points.index)
    found["points"] = points["points"].astype("Int64")
    found["trial"] = (points["points"] < FEWEST_POINTS).astype("boolean")
    found["side"] = np.sign(points["apart"]).map({1: "above", 0: "on", -1: "below"}).astype("string")
    signals, signal = _signals(points, rule), pd.Series(COMMON, index=points.index, dtype="string")
    for name in reversed(PRECEDENCE):
        signal = signal.mask(signals[name], name)
    found["signal"] = signal.where(points["apart"].notna() & points["reach"].notna())
    return found


def _add_limits(points: pd.DataFrame, rule: Profile, fix_after: int | None) -> None:
    stretch = points["stretch"]
    used = points["value"].where(points.groupby("stretch").cumcount() < (fix_after or len(points)))
    ranges = used.groupby(stretch).diff().abs()
    usual = ranges.groupby(stretch).transform("mean")
    if rule.screening is not None:  # of values that are all the same no range is large
        ranges = ranges.where((ranges < rule.screening * usual) | (usual == 0))
    mean, reach = used.groupby(stretch).transform("mean"), rule.width * ranges.groupby(stretch).transform("mean")
    points["mean"], points["lower"], points["upper"] = mean, mean - reach, mean + reach
    points["near_lower"], points["near_upper"] = mean - 2 * reach / 3, mean + 2 * reach / 3
    points["points"] = used.groupby(stretch).transform("count")
    apart = points["value"] - mean
    points["apart"] = apart.mask(np.isclose(points["value"], mean, rtol=1e-12, atol=0), 0.0)
    points["reach"] = reach


def _signals(points: pd.DataFrame, rule: Profile) -> dict[str, pd.Series]:
    """Which points each rule picks out, in their stretch."""
    stretch, far, reach = points["stretch"], points["apart"].abs(), points["reach"]
    side, step = np.sign(points["apart"]), np.sign(points["value"].groupby(stretch).diff())
    outside = far > reach
    steps = _in_runs(step, stretch, rule.trend - 1)
    twos = _two_in_three(~outside & (far > 2 * reach / 3), side, stretch)
    return {
        OUTSIDE: outside,
        TREND: steps | steps.groupby(stretch).shift(-1, fill_value=False),
        TWO_IN_THREE: twos if rule.two_in_three else twos & False,
        SHIFT: _in_runs(side, stretch, rule.shift),
    }


def _in_runs(sign: pd.Series, stretch: pd.Series, length: int) -> pd.Series:
    """Whether a row is one of so many in a row, or more, with the same sign, 0 and null being none."""
    runs = ((sign != sign.shift()) | (stretch != stretch.shift())).cumsum()
    return (sign.groupby(runs).transform("size") >= length) & sign.isin([-1, 1])


def _two_in_three(near: pd.Series, side: pd.Series, stretch: pd.Series) -> pd.Series:
    """Points near a limit that are in a row of three on one side of the mean of which two or more are near it."""
    nears, sides = near.astype(int).groupby(stretch), side.groupby(stretch)
    of_three = near.astype(int) + nears.shift(1, fill_value=0) + nears.shift(2, fill_value=0)
    one_side = (side + sides.shift(1) + sides.shift(2)).abs() == _THREE
    last = (one_side & (of_three >= _TWO)).groupby(stretch)
    any_of_row = last.shift(0) | last.shift(-1, fill_value=False) | last.shift(-2, fill_value=False)
    return any_of_row & near


def verdicts(signal: pd.Series, side: pd.Series, *, better: str | None) -> pd.Series:
    """Whether each point's change is for the better, in words.

    Parameters
    ----------
    signal, side
        From :func:`xmr_chart`.
    better
        ``higher`` or ``lower`` values are better; None where neither is.

    Returns
    -------
    Series
        ``common cause``; ``improvement`` or ``concern`` by the side of the mean on which the point lies; where neither
        is better, ``high`` or ``low``. Null where there is no signal to tell.

    Examples
    --------
    >>> signal, side = pd.Series(["shift", "common cause"]), pd.Series(["above", "below"])
    >>> verdicts(signal, side, better="lower").to_list()
    ['concern', 'common cause']
    """
    words = {"higher": ("improvement", "concern"), "lower": ("concern", "improvement"), None: ("high", "low")}
    above, below = words[better]
    changed = signal.notna() & (signal != COMMON).fillna(False).astype(bool)
    said = pd.Series(side, dtype="string").map({"above": above, "below": below}).astype("string")
    return pd.Series(signal, dtype="string").mask(changed, said)


def assurance(chart: pd.DataFrame, target: float | None, *, better: str | None) -> str | None:
    """Whether the process, as it is now, can be relied on to meet a target.

    Parameters
    ----------
    chart
        From :func:`xmr_chart`; its latest limits are used.
    target
        The target, on the scale of the values.
    better
        ``higher`` or ``lower``.

    Returns
    -------
    str or None
        ``consistently passes`` or ``consistently fails`` where the target lies beyond the limits; ``passes and fails
        by chance`` where it lies between or on them; None without target, direction or limits.

    Examples
    --------
    >>> chart = pd.DataFrame({"lower": [5.0], "upper": [7.0]})
    >>> assurance(chart, 4.0, better="higher"), assurance(chart, 6.0, better="higher")
    ('consistently passes', 'passes and fails by chance')
    """
    if target is None or better is None or chart.empty or chart["lower"].isna().iloc[-1]:
        return None
    lower, upper = float(chart["lower"].iloc[-1]), float(chart["upper"].iloc[-1])
    if lower <= target <= upper:
        return "passes and fails by chance"
    return "consistently passes" if (target < lower) == (better == "higher") else "consistently fails"
