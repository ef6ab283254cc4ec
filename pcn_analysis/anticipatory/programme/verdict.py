"""From an estimate with its interval to one of four words: fewer, more, no difference that matters, cannot tell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.stats import t as student

from pcn_analysis.statistics.rates import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWER, MORE, NO_DIFFERENCE, CANNOT_TELL = "fewer", "more", "no difference that matters", "cannot tell"
VERDICTS = (FEWER, MORE, NO_DIFFERENCE, CANNOT_TELL)
FEWEST_EVENTS = 10
"""Contacts that each group needs in each period that is compared: below it, intervals on a log scale do not hold."""


@dataclass(frozen=True)
class Estimate:
    """A ratio of rates, or their difference, with its interval.

    Parameters
    ----------
    value
        Rate with the programme, divided by what it would have been without; or less that. NaN where it cannot be
        estimated.
    lower, upper
        95% limits.

    Examples
    --------
    >>> estimate = Estimate.of_log(math.log(0.8), 0.05)
    >>> round(estimate.lower, 3), round(estimate.upper, 3)
    (0.725, 0.882)
    """

    value: float
    lower: float
    upper: float

    @classmethod
    def of_log(cls, log_ratio: float, error: float, freedom: float = math.inf) -> Estimate:
        """Make one of a logarithm, its standard error and degrees of freedom; null without a finite error."""
        if not math.isfinite(log_ratio) or not math.isfinite(error):
            return NOT_ESTIMATED
        half = float(student.ppf(0.5 + CONFIDENCE / 2, freedom)) * error
        low, middle, high = (math.exp(min(one, 700.0)) for one in (log_ratio - half, log_ratio, log_ratio + half))
        return cls(middle, low, high)

    @property
    def is_known(self) -> bool:
        """Whether there is an estimate."""
        return math.isfinite(self.value)

    @property
    def excludes_none(self) -> bool:
        """Whether the whole interval lies on one side of no difference."""
        return self.is_known and not self.lower <= 1 <= self.upper


NOT_ESTIMATED = Estimate(math.nan, math.nan, math.nan)


def decide(estimate: Estimate, smallest_difference: float, against: Sequence[str] = ()) -> tuple[str, tuple[str, ...]]:
    """Say what an estimate shows, and why where it shows nothing.

    Parameters
    ----------
    estimate
        The ratio of rates.
    smallest_difference
        Smallest change that matters, as a proportion: the interval is held against 1 minus it, and one over that.
    against
        What speaks against believing the estimate at all; with any of it the verdict is "cannot tell".

    Returns
    -------
    tuple
        One of ``VERDICTS``, and the reasons: of "cannot tell" everything that speaks against, else one sentence.

    Examples
    --------
    >>> decide(Estimate(0.8, 0.7, 0.92), 0.1)[0], decide(Estimate(1.0, 0.94, 1.06), 0.1)[0]
    ('fewer', 'no difference that matters')
    >>> decide(Estimate(0.9, 0.7, 1.15), 0.1)
    ('cannot tell', ('the interval, 0.70 to 1.15, holds fewer as well as more',))
    >>> decide(Estimate(0.97, 0.95, 0.99), 0.1)[0]
    'no difference that matters'
    """
    if against:
        return CANNOT_TELL, tuple(against)
    if not estimate.is_known:
        return CANNOT_TELL, ("the ratio of rates cannot be estimated",)
    interval = f"the interval, {estimate.lower:.2f} to {estimate.upper:.2f},"
    least = 1 - smallest_difference
    if least <= estimate.lower and estimate.upper <= 1 / least:
        return NO_DIFFERENCE, (f"{interval} lies within {least:.2f} to {1 / least:.2f}",)
    if estimate.upper < 1:
        return FEWER, (f"{interval} lies below 1",)
    if estimate.lower > 1:
        return MORE, (f"{interval} lies above 1",)
    return CANNOT_TELL, (f"{interval} holds fewer as well as more",)


def too_few(events: dict[str, int]) -> list[str]:
    """Say which groups have too few contacts to compare; without their number, which may be one that is not shown.

    Examples
    --------
    >>> too_few({"programme": 9, "comparison": 200})
    ['fewer than 10 contacts: programme']
    """
    few = [name for name, count in events.items() if count < FEWEST_EVENTS]
    return [f"fewer than {FEWEST_EVENTS} contacts: {', '.join(few)}"] if few else []
