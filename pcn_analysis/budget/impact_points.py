"""Points and payments of the Investment and Impact Fund.

An indicator is paid on a line between two thresholds::

    points  = most x (value - lower) / (upper - lower), at least 0 and at most all
    payment = points x value of a point x list adjustment x prevalence adjustment
    list adjustment       = list of the network / mean list of networks
    prevalence adjustment = prevalence of the network / national prevalence

Points are not rounded here: how they are rounded for payment was not found.
"""

from __future__ import annotations

from pcn_analysis.exceptions import problem

UPWARDS, DOWNWARDS = "upwards", "downwards"
"""Whether more is better or less is."""


def points(value: float, lower: float, upper: float, most: float, direction: str = UPWARDS) -> float:
    """Points that a value earns on the line between two thresholds.

    Parameters
    ----------
    value
        What was reached, a share from 0 to 1.
    lower, upper
        Below the lower one (or above it, where less is better) nothing is earned; from the upper one on everything is.
    most
        Points of the indicator.
    direction
        ``upwards`` or ``downwards``; the upper threshold of a downwards indicator is the smaller number.

    Raises
    ------
    ValueError
        If the thresholds do not go the way that the direction says.

    Examples
    --------
    >>> points(0.875, 0.85, 0.90, 71), points(0.80, 0.85, 0.90, 71), points(0.95, 0.85, 0.90, 71)
    (35.5, 0.0, 71.0)
    >>> points(0.3, 0.4, 0.2, 10, DOWNWARDS)
    5.0
    """
    if (upper > lower) != (direction == UPWARDS) or upper == lower:
        message = f"thresholds from {lower} to {upper} do not go {direction}"
        raise ValueError(message)
    share = (value - lower) / (upper - lower)
    return float(most * min(max(round(share, 12), 0.0), 1.0))


def reached(numerator: float, denominator: float, adjustments: float = 0) -> float | None:
    """The share that is paid for: who has a personalised care adjustment leaves the denominator.

    Parameters
    ----------
    numerator, denominator
        As counted, the denominator with those who have an adjustment.
    adjustments
        Those of the denominator, and not of the numerator, who have one.

    Returns
    -------
    float or None
        None where nobody is left.

    Raises
    ------
    PcnAnalysisError
        If more are reached than there are, or more are taken out than are not reached.

    Examples
    --------
    >>> reached(600, 1_000), reached(600, 1_000, 200)
    (0.6, 0.75)
    """
    if numerator > denominator:
        raise problem("numerator", "it is above the denominator", "Look at both where they come from.")
    if not 0 <= adjustments <= denominator - numerator:
        what = "more people have an adjustment than are in the denominator and not reached"
        raise problem("adjustments", what, "Leave out whoever is reached.")
    left = denominator - adjustments
    return None if left == 0 else numerator / left


def payment(earned: float, point: float, *, list_adjustment: float = 1.0, prevalence_adjustment: float = 1.0) -> float:
    """What points are paid, in GBP.

    Examples
    --------
    >>> payment(35.5, 198), payment(35.5, 198, list_adjustment=1.2), payment(10, 200, prevalence_adjustment=0.9)
    (7029.0, 8434.8, 1800.0)
    """
    return round(earned * point * list_adjustment * prevalence_adjustment, 10)


def adjustment(own: float, average: float) -> float:
    """A network's list over the mean list of networks, or its prevalence over the national one.

    Raises
    ------
    PcnAnalysisError
        If the average is not above 0.

    Examples
    --------
    >>> adjustment(60_000, 50_000)
    1.2
    """
    if average <= 0:
        raise problem("average", "it is not above 0", "Give the mean list of networks, or the national prevalence.")
    return own / average
