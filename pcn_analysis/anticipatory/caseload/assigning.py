"""Who gets which slot: each person in line takes the best slot that is left for their open gaps.

Taking turns in one order has two virtues here: a clinician can follow it, and a slot more never takes one from anybody
who had one. It does not always use the most slots: somebody whom two professionals could see may take the slot of the
only one who could see the next.
"""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.words import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

NOBODY = -1
"""In place of the number of a professional, where no slot is left."""


def slots_a_month(capacity: Mapping[str, Any], professionals: Sequence[str], months: Any = 1) -> dict[str, int]:
    """Check a capacity, and give the slots a month of each professional who is named.

    Parameters
    ----------
    capacity
        Slots a month by professional; who is not named has none.
    professionals
        Who can have slots.
    months
        How many months are planned.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong: a professional whom no care gap names, slots or months that are no whole number,
        negative slots, and no slot at all.

    Examples
    --------
    >>> slots_a_month({"GP": 10}, ["GP", "clinical pharmacist"])
    {'GP': 10}
    >>> slots_a_month({"GP": -1, "pharmacist": 2.5}, ["GP", "clinical pharmacist"])
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: capacity: the slots of GP are fewer than 0. Give 0 or more.
    capacity: there is no professional pharmacist. Did you mean clinical pharmacist?
    capacity: the slots of pharmacist are no whole number. Give whole slots.
    """
    problems = []
    for name, slots in capacity.items():
        if name not in professionals:
            remedy = nearest(str(name), professionals)
            problems.append(Problem("capacity", f"there is no professional {name}", remedy))
        if not _is_whole(slots):
            problems.append(Problem("capacity", f"the slots of {name} are no whole number", "Give whole slots."))
        elif slots < 0:
            problems.append(Problem("capacity", f"the slots of {name} are fewer than 0", "Give 0 or more."))
    if not _is_whole(months) or months < 1:
        problems.append(Problem("months", "the months are no whole number from 1 on", "Give 1 or more."))
    if not problems and not any(capacity.values()):
        remedy = f"Give at least one to one of {listed(list(professionals))}."
        problems.append(Problem("capacity", "there is no slot, so nobody can be offered one", remedy))
    if problems:
        raise PcnAnalysisError(*problems)
    return {name: int(capacity[name]) for name in professionals if name in capacity}


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool | np.bool_)


def preferences(value: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Rank the professionals for each person, from 0; who closes nothing of theirs is ranked infinity.

    Parameters
    ----------
    value
        A row a person and a column a professional: how much of the person's gaps the professional closes.
    usual
        The same, of those gaps which that professional most usually closes; it decides between equals, and after it the
        order of the columns.

    Examples
    --------
    >>> preferences(np.array([[2.0, 2.0, 0.0]]), np.array([[0.0, 2.0, 0.0]])).tolist()
    [[1.0, 0.0, inf]]
    """
    columns = np.broadcast_to(np.arange(value.shape[1]), value.shape)
    order = np.lexsort((columns, -usual.round(9), -value.round(9)), axis=1)
    ranks = np.empty(value.shape)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(value.shape[1], dtype=float), value.shape), axis=1)
    return np.where(value > 0, ranks, np.inf)


def assign(ranks: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """Give out slots in the order of the rows.

    Parameters
    ----------
    ranks
        Of :func:`preferences`, the first in line in the first row.
    slots
        How many each professional has.

    Returns
    -------
    ndarray
        The number of the professional who sees each person, :data:`NOBODY` where none of theirs has a slot left.

    Examples
    --------
    >>> assign(np.array([[0.0, 1.0], [0.0, 1.0], [0.0, np.inf]]), np.array([1, 1])).tolist()
    [0, 1, -1]
    """
    left, chosen, start = slots.astype(int), np.full(len(ranks), NOBODY), 0
    while start < len(ranks) and (left > 0).any():  # each round but the last uses up a professional
        free = np.where(left > 0, ranks[start:], np.inf)
        choice, able = free.argmin(axis=1), np.isfinite(free.min(axis=1))
        choice = np.where(able, choice, NOBODY)
        end = len(choice)
        for number in np.flatnonzero(left > 0):
            takers = np.flatnonzero(choice == number)
            if len(takers) >= left[number]:
                end = min(end, takers[left[number] - 1] + 1)
        chosen[start : start + end] = choice[:end]
        left = left - np.bincount(choice[:end][able[:end]], minlength=len(left))
        start += end
    return chosen
