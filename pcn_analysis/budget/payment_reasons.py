"""Known reasons why a payment differs from what the rates give, in the order in which they are tried.

A reason explains a payment only if it gives its amount within :data:`TOLERANCE`; the first that does is kept. Whatever
is tried often enough fits something: so each reason is also put to payments that were moved to other networks, and what
fits then, fits by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.budget.published_lines import MAXIMUM, NO_SUM, SUM, WHOLE_UNITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pcn_analysis.budget.published_lines import Part

TOLERANCE = 0.01
"""A reason gives an amount if it comes within so much of it: rates are rounded by about half of that (0.061 for a
twelfth of 0.736)."""
SAME_LIST = 0.001
"""Two payments rest on one list if the lists that they imply differ by no more than this."""
LIST_MOVED = 0.10
"""A list of another date is taken to be within so much of that of the file; our choice. A month is more: 5 to 6."""
ADJUSTED_BETWEEN = (0.8, 1.25)
"""Patients of the adjusted population for each registered one; our choice. Weighted patients for each registered one
are between them in all but about one network in a hundred, 2022/23."""
YEAR = 12
MOVES = 20
"""How often payments are moved on to other networks: by one place, by two, and so on, in the order of codes."""
FEWEST = 40
"""With fewer payments left than this, how often a reason fits by chance is not told."""
BY_CHANCE = 2.0
"""A reason that fits no more than so many times as often as by chance explains nothing; our choice."""

TOLD, CANNOT, NONE = "explained", "cannot be told", "not shown"
UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Held:
    """Payments of one line, one a network, with what they are held against; arrays of the same length.

    Parameters
    ----------
    amounts, computed
        GBP; NaN where none is shown, or nothing is computed.
    lists
        The list that the line is paid on; that of its first part where it has several.
    implied
        Lists that the other lines of the network imply, a column a line; NaN where they say nothing.
    shares
        The share of each practice in the list, a column a practice; NaN beyond the last.
    parts
        What the line was taken for.
    """

    amounts: np.ndarray
    computed: np.ndarray
    lists: np.ndarray
    implied: np.ndarray
    shares: np.ndarray
    parts: Sequence[Part]

    def of(self, which: np.ndarray, amounts: np.ndarray | None = None) -> Held:
        """Some of the networks, with their payments or others."""
        own = self.amounts[which] if amounts is None else amounts
        return Held(own, self.computed[which], self.lists[which], self.implied[which], self.shares[which], self.parts)


@dataclass(frozen=True)
class Reason:
    """A reason why a payment is what it is.

    Parameters
    ----------
    reason, means
        Its short name, and what it says in words.
    kind
        Whether it explains a payment, says that it cannot be told, or that none is shown.
    fits
        Which payments it gives.
    holds
        Of which lines it can be one.
    """

    reason: str
    means: str
    kind: str
    fits: Callable[[Held], np.ndarray]
    holds: Callable[[Sequence[Part]], bool]


def near(amounts: np.ndarray, given: np.ndarray, tolerance: float = TOLERANCE) -> np.ndarray:
    """Whether an amount is within the tolerance of what is given; nothing is near what is not known, or 0.

    Examples
    --------
    >>> near(np.array([100.0, 102.0, np.nan, 0.0]), np.array([100.9, 100.0, 1.0, 0.0])).tolist()
    [True, False, False, False]
    """
    return (given > 0) & (np.abs(amounts - given) <= tolerance * given)


def _alone(parts: Sequence[Part]) -> bool:
    """Whether all of the line rests on one size that is known."""
    return len(parts) == 1 and parts[0].part_of == SUM


def _several(parts: Sequence[Part]) -> bool:
    return len(parts) > 1 and parts[0].part_of == SUM


def _of_kind(kind: str) -> Callable[[Sequence[Part]], bool]:
    return lambda parts: parts[0].part_of == kind


def _any(_: Sequence[Part]) -> bool:
    return True


def of_another_date(held: Held) -> np.ndarray:
    """Whether the list that a payment implies is near that of the file, and another line implies the same one.

    Examples
    --------
    >>> from pcn_analysis.budget.published_lines import by_line
    >>> def held(amount, other):
    ...     return Held(np.array([amount]), np.array([7500.0]), np.array([10_000.0]), np.array([[other]]),
    ...                 np.array([[1.0]]), by_line("2022/23")["support"])
    >>> [bool(of_another_date(one)[0]) for one in (held(7200.0, 9600.0), held(7200.0, 9700.0), held(6000.0, 8000.0))]
    [True, False, False]
    """
    own = held.amounts / held.parts[0].rate
    same = np.abs(held.implied - own[:, None]) <= SAME_LIST * np.abs(own)[:, None]
    return near(own, held.lists, LIST_MOVED) & same.any(axis=1)


def _times(times: float) -> Callable[[Held], np.ndarray]:
    return lambda held: near(held.amounts, held.computed * times)


def of_other_months(held: Held) -> np.ndarray:
    """Whether another whole number of months of the same list gives a payment."""
    months = [n for n in range(1, YEAR + 1) if n != held.parts[0].months]
    return _any_of(held, [held.computed * n / held.parts[0].months for n in months])


def _director_alone(held: Held) -> np.ndarray:
    return _any_of(held, [one * held.parts[0].rate for one in _lists(held)])


def _adjusted(held: Held) -> np.ndarray:
    """Whether the rest of a payment is that of an adjusted population that may be."""
    rate, other = held.parts[0].rate, held.parts[1].rate
    ratios = [(held.amounts - rate * one) / (other * one) for one in _lists(held)]
    low, high = ADJUSTED_BETWEEN
    return np.any([(low <= ratio) & (ratio <= high) for ratio in ratios], axis=0)


def _lists(held: Held) -> Iterator[np.ndarray]:
    """The list of the file, and those that other lines imply, where they are near it."""
    yield held.lists
    for one in held.implied.T:
        yield np.where(near(one, held.lists, LIST_MOVED), one, np.nan)


def _any_of(held: Held, given: list[np.ndarray]) -> np.ndarray:
    return np.any([near(held.amounts, one) for one in given], axis=0)


def _one_practice(held: Held) -> np.ndarray:
    return _of_shares(held, held.shares)


def _without_one(held: Held) -> np.ndarray:
    return _of_shares(held, 1 - held.shares)


def _of_shares(held: Held, shares: np.ndarray) -> np.ndarray:
    several = (np.sum(held.shares > 0, axis=1) > 1)[:, None]
    return np.any(near(held.amounts[:, None], np.where(several, shares, np.nan) * held.computed[:, None]), axis=1)


def _multiple(amounts: np.ndarray, unit: float) -> np.ndarray:
    return (amounts > 0) & (np.abs(amounts / unit - np.round(amounts / unit)) * unit < 0.005)


def _month(held: Held) -> float:
    return held.parts[0].rate / held.parts[0].months


REASONS = (
    Reason("none_shown", "0 or nothing stands at every practice: paid elsewhere, or not at all", NONE,
           lambda held: np.isnan(held.amounts), _any),
    Reason("taken_back", "below 0, or nothing left: money was taken back", CANNOT,
           lambda held: held.amounts <= 0, _any),
    Reason("by_points", "paid by points: no rate times a size gives it", CANNOT,
           lambda held: held.amounts > 0, _of_kind(NO_SUM)),
    Reason("whole_beds", "whole beds for the months that it was taken to be of", TOLD,
           lambda held: _multiple(held.amounts, held.parts[0].rate), _of_kind(WHOLE_UNITS)),
    Reason("bed_months", "whole beds and months, but not for as many months each", TOLD,
           lambda held: _multiple(held.amounts, _month(held)), _of_kind(WHOLE_UNITS)),
    Reason("no_list", "a practice of the network has no list in the file", CANNOT,
           lambda held: np.isnan(held.computed), lambda parts: parts[0].part_of in (SUM, MAXIMUM)),
    Reason("within_maximum", "no more than can be claimed: what was claimed is not published", CANNOT,
           lambda held: held.amounts <= held.computed * (1 + TOLERANCE), _of_kind(MAXIMUM)),
    Reason("as_computed", "what was computed", TOLD, _times(1), _alone),
    Reason("list_of_another_date", "the list of another date: another line was paid on the very same list, which is "
           "within a tenth of that of the file", TOLD, of_another_date, _alone),
    Reason("director_alone", "the clinical director alone, without leadership and management", TOLD,
           _director_alone, _several),
    Reason("adjusted_population", "what an adjusted population that may be gives; it is not published", CANNOT,
           _adjusted, _several),
    Reason("half", "half of what was computed", TOLD, _times(0.5), _alone),
    Reason("twice", "twice what was computed", TOLD, _times(2), _alone),
    Reason("other_months", "another whole number of months, up to twelve", TOLD, of_other_months, _alone),
    Reason("one_practice", "the list of one of its practices alone", TOLD, _one_practice, _alone),
    Reason("without_one", "the lists of all its practices but one", TOLD, _without_one, _alone),
)  # fmt: skip
"""In the order in which they are tried."""


def find_reasons(held: Held) -> tuple[np.ndarray, dict[str, tuple[int, float | None]]]:
    """The first reason that gives each payment, and how often it would fit by chance.

    A reason that fits no more than :data:`BY_CHANCE` times as often as by chance is left out: what it fits stays
    unexplained, unless a later reason gives it.

    Returns
    -------
    tuple of ndarray and dict
        The reason of each payment; and for each reason that was tried, how many payments it fits of those that no
        earlier one explains, and how many it would fit by chance (None where that is not told).
    """
    found = np.full(len(held.amounts), UNEXPLAINED, dtype=object)
    tried: dict[str, tuple[int, float | None]] = {}
    for reason in REASONS:
        if not reason.holds(held.parts):
            continue
        left = np.flatnonzero(found == UNEXPLAINED)
        fits = reason.fits(held.of(left))
        chance = fitting_by_chance(reason, held.of(left)) if reason.kind == TOLD else None
        tried[reason.reason] = (int(fits.sum()), chance)
        if chance is None or fits.sum() > BY_CHANCE * chance:
            found[left[fits]] = reason.reason
    return found, tried


def fitting_by_chance(reason: Reason, held: Held) -> float | None:
    """How many payments a reason would fit by chance; None where there are fewer than :data:`FEWEST`.

    Payments are moved on to the networks after them, and the number that fits is that of the mean move. Whole beds do
    not depend on whose payment it is: there, it is the number that would be a multiple if every multiple of the next
    smaller unit (a month for six, a pound for a month) were as likely.
    """
    amounts = held.amounts
    if len(amounts) < FEWEST:
        return None
    if reason.reason == "whole_beds":
        return float(_multiple(amounts, _month(held)).sum()) / held.parts[0].months
    if reason.reason == "bed_months":
        return float(_multiple(amounts, 1).sum()) / _month(held)
    everyone = np.arange(len(amounts))
    return float(np.mean([reason.fits(held.of(everyone, np.roll(amounts, by))).sum() for by in range(1, MOVES + 1)]))
