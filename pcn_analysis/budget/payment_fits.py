"""Whether something that is known gives a payment: rates, months and lists put to payments of many networks at once.

Nothing is fitted: each asks whether an amount is given within a tolerance that is named here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.contract.clauses import clause

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
GROWN = 0.03
"""How much smaller an earlier list may be than that of the file; our choice. Where two lines of a network agree on a
list, the median is 0.8 per cent smaller, 2022/23."""
ADJUSTED_BETWEEN = (0.8, 1.25)
"""Patients of the adjusted population for each registered one; our choice. Weighted patients for each registered one
are between them in all but about one network in a hundred, 2022/23."""
OTHER_CLAUSES = {"extended_access": "enhanced_access_half"}
"""What may stand in a column beside what it was taken for: enhanced access followed extended hours in October 2022."""
HALF_A_PENNY = 0.005
YEAR = 12


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


def near(amounts: np.ndarray, given: np.ndarray, tolerance: float = TOLERANCE) -> np.ndarray:
    """Whether an amount is within the tolerance of what is given; nothing is near what is not known, or 0.

    Examples
    --------
    >>> near(np.array([100.0, 102.0, np.nan, 0.0]), np.array([100.9, 100.0, 1.0, 0.0])).tolist()
    [True, False, False, False]
    """
    return (given > 0) & (np.abs(amounts - given) <= tolerance * given)


def of_another_date(held: Held) -> np.ndarray:
    """Whether the list that a payment implies is near that of the file, and another line implies the same one.

    Examples
    --------
    >>> from pcn_analysis.budget.published_lines import by_line
    >>> def held(amount, other):
    ...     fixed = np.array([7500.0]), np.array([10_000.0]), np.array([[other]]), np.array([[1.0]])
    ...     return Held(np.array([amount]), *fixed, by_line("2022/23")["support"])
    >>> [bool(of_another_date(one)[0]) for one in [held(7200.0, 9600.0), held(7200.0, 9700.0), held(6000.0, 8000.0)]]
    [True, False, False]
    """
    return near(held.amounts / held.parts[0].rate, held.lists, LIST_MOVED) & agreeing(held)


def agreeing(held: Held) -> np.ndarray:
    """Whether another line of the network implies the very list, or part of it, that a payment implies."""
    own = (held.amounts / held.parts[0].rate)[:, None]
    return np.any(np.abs(held.implied - own) <= SAME_LIST * np.abs(own), axis=1)


def grown(amounts: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Whether a list up to :data:`GROWN` smaller than that of the file gives an amount.

    Examples
    --------
    >>> grown(np.array([96.9, 97.0, 101.0, 101.1]), np.full(4, 100.0)).tolist()
    [False, True, True, False]
    """
    return (given > 0) & (given * (1 - GROWN) <= amounts) & (amounts <= given * (1 + TOLERANCE))


def times(number: float) -> Callable[[Held], np.ndarray]:
    """Whether a number times what was computed gives a payment."""
    return lambda held: near(held.amounts, held.computed * number)


def of_other_months(held: Held) -> np.ndarray:
    """Whether another whole number of months of the same list gives a payment."""
    return _any_of(held, _months(held))


def of_other_months_together(held: Held) -> np.ndarray:
    """Whether another whole number of months gives a payment, and another line was paid for as many on the same list.

    Examples
    --------
    >>> from pcn_analysis.budget.published_lines import by_line
    >>> def held(amount, other):
    ...     fixed = np.array([7500.0]), np.array([10_000.0]), np.array([[other]]), np.array([[1.0]])
    ...     return Held(np.array([amount]), *fixed, by_line("2022/23")["support"])
    >>> [bool(of_other_months_together(one)[0]) for one in [held(6150.0, 8200.0), held(6150.0, 9000.0)]]
    [True, False]
    """
    return np.any([grown(held.amounts, one) for one in _months(held)], axis=0) & agreeing(held)


def _months(held: Held) -> list[np.ndarray]:
    others = [n for n in range(1, YEAR + 1) if n != held.parts[0].months]
    return [held.computed * n / held.parts[0].months for n in others]


def other_clause(held: Held) -> np.ndarray:
    """Whether a rate that is not that of the column gives a payment."""
    one = held.parts[0]
    rate = clause(OTHER_CLAUSES[one.line], one.contract_year).number
    return grown(held.amounts, held.lists * rate)


def director_alone(held: Held) -> np.ndarray:
    """Whether the first part of a line alone gives a payment."""
    return _any_of(held, [one * held.parts[0].rate for one in _lists(held)])


def adjusted_population(held: Held) -> np.ndarray:
    """Whether the rest of a payment is that of an adjusted population that may be."""
    return np.any([_may_be(held, one) for one in _lists(held)], axis=0)


def adjusted_other_months(held: Held) -> np.ndarray:
    """The same, for as many months as two other lines of the network, which agree on them."""
    first = held.implied[:, 0]
    agree = [np.abs(one - first) <= SAME_LIST * first for one in held.implied.T[1:]]
    return (
        np.any([same & _may_be(held, first) for same in agree], axis=0) if agree else np.zeros(len(first), dtype=bool)
    )


def _may_be(held: Held, lists: np.ndarray) -> np.ndarray:
    rate, other = held.parts[0].rate, held.parts[1].rate
    low, high = ADJUSTED_BETWEEN
    rest = held.amounts - rate * lists
    return (lists > 0) & (low * other * lists <= rest) & (rest <= high * other * lists)


def _lists(held: Held) -> Iterator[np.ndarray]:
    """The list of the file, and those that other lines imply, where they are near it."""
    yield held.lists
    for one in held.implied.T:
        yield np.where(near(one, held.lists, LIST_MOVED), one, np.nan)


def _any_of(held: Held, given: list[np.ndarray]) -> np.ndarray:
    return np.any([near(held.amounts, one) for one in given], axis=0)


def one_practice(held: Held) -> np.ndarray:
    """Whether the list of one practice of several gives a payment."""
    return _of_shares(held, held.shares)


def without_one(held: Held) -> np.ndarray:
    """Whether the lists of all practices but one give a payment."""
    return _of_shares(held, 1 - held.shares)


def _of_shares(held: Held, shares: np.ndarray) -> np.ndarray:
    several = (np.sum(held.shares > 0, axis=1) > 1)[:, None]
    return np.any(near(held.amounts[:, None], np.where(several, shares, np.nan) * held.computed[:, None]), axis=1)


def multiple(amounts: np.ndarray, unit: float) -> np.ndarray:
    """Whether an amount is a whole number of units, to the penny.

    Examples
    --------
    >>> multiple(np.array([120.0, 130.0, 120.01, -60.0]), 60).tolist()
    [True, False, False, False]
    """
    return (amounts > 0) & (np.abs(amounts / unit - np.round(amounts / unit)) * unit < HALF_A_PENNY)


def month(held: Held) -> float:
    """GBP a unit and month."""
    return held.parts[0].rate / held.parts[0].months
