"""What a user asks of a design: how many networks, how large, and what must or must not be together.

Every wish is a hard constraint: no plan that is shown breaks one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.exceptions import Problem, nearest
from pcn_analysis.thresholds import NETWORK_SIZE
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_NAMED = 5
"""Practices that one message names."""


@dataclass(frozen=True)
class Wanted:
    """What is asked of a design.

    Parameters
    ----------
    networks
        How many networks.
    band
        Fewest and most registered patients of a network, both allowed.
    keep
        Groups of practices that stay together, each of two or more codes.
    separate
        Groups of practices of which no two may be in one network.
    max_moves
        Most practices that may leave the network that they are in today; None for any number.
    within
        Label by practice code, such as its local authority: no network crosses from one label into another.
    time_limit
        Seconds for the exact assignment, and again for all searches together.
    seed
        Where random numbers start; the same seed gives the same plans.

    Examples
    --------
    >>> Wanted(8, keep=[("N85001", "N85002")]).band
    (30000, 50000)
    """

    networks: int
    band: tuple[int, int] = NETWORK_SIZE
    keep: Iterable[Iterable[str]] = ()
    separate: Iterable[Iterable[str]] = ()
    max_moves: int | None = None
    within: pd.Series | None = None
    time_limit: float = 60.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("keep", "separate"):
            object.__setattr__(self, name, tuple(tuple(group) for group in getattr(self, name)))


def problems_of(wanted: Wanted, lists: pd.Series, today: pd.Series) -> list[Problem]:
    """Find everything wrong with what is asked, before anything is worked out.

    Parameters
    ----------
    wanted
        What is asked.
    lists
        Registered patients by practice code: the practices to be designed.
    today
        Network of today by practice code.
    """
    found = [*_of_lists(lists, today), *_of_numbers(wanted, len(lists))]
    known = {str(code) for code in lists.index}
    found += [*_of_names("--keep", wanted.keep, known), *_of_names("--separate", wanted.separate, known)]
    if wanted.within is not None:
        found += _of_labels(wanted.within, lists)
    return found or _contradictions(wanted, lists)


def joined(groups: Iterable[Iterable[str]], practices: Iterable[str]) -> dict[str, str]:
    """Name the set that each practice is in when groups that share a practice become one set.

    Examples
    --------
    >>> joined([("A", "B"), ("B", "C")], "ABCD")
    {'A': 'A', 'B': 'A', 'C': 'A', 'D': 'D'}
    """
    head = {code: code for code in practices}
    for group in groups:
        heads = {head[code] for code in group}
        head = {code: min(heads) if own in heads else own for code, own in head.items()}
    return head


# -- one kind of fault each --------------------------------------------------------------------------------


def _of_lists(lists: pd.Series, today: pd.Series) -> list[Problem]:
    found = []
    for where, series in (("list sizes", lists), ("networks of today", today)):
        if twice := int(series.index.duplicated().sum()):
            found.append(
                Problem(where, f"{number(twice, 'practice')} named more than once", "Keep one row a practice.")
            )
    sizes = lists.to_numpy(dtype=float, na_value=np.nan)
    without = [str(code) for code in lists.index[~(sizes > 0)]]
    if without:
        what = f"{number(len(without), 'practice')} without patients ({_some(without)})"
        found.append(Problem("list sizes", what, "Leave out what has no patients; complete the others."))
    elif (sizes != np.round(sizes)).any():
        found.append(Problem("list sizes", "they are not whole numbers", "Use the published lists, not estimates."))
    if not len(lists):
        found.append(Problem("list sizes", "there is no practice", "Name a place that has practices."))
    return found


def _of_numbers(wanted: Wanted, practices: int) -> list[Problem]:
    found = []
    if not 1 <= wanted.networks <= max(practices, 1):
        what = f"{number(wanted.networks, 'network')} of {number(practices, 'practice')}"
        found.append(Problem("--networks", what, f"Give a number from 1 to {practices}."))
    floor, ceiling = wanted.band
    if not 0 <= floor <= ceiling or ceiling <= 0:
        what = f"{floor:,} to {ceiling:,} is no band of sizes"
        found.append(Problem("--band", what, "Give the smallest size first, such as 30000 50000."))
    if wanted.max_moves is not None and wanted.max_moves < 0:
        found.append(Problem("--max-moves", "it is negative", "Give 0 or more practices."))
    if not wanted.time_limit > 0:
        found.append(Problem("--time-limit", "it is not above 0", "Give a number of seconds."))
    return found


def _of_names(where: str, groups: Iterable[Iterable[str]], known: set[str]) -> list[Problem]:
    found = []
    for group in groups:
        codes = list(group)
        found += [
            Problem(where, f"{code!r} is no practice of this design", nearest(code, known))
            for code in codes
            if code not in known
        ]
        if repeated := [code for code, times in Counter(codes).items() if times > 1]:
            found.append(Problem(where, f"{_some(repeated)} is named twice in one group", "Name each practice once."))
        elif len(codes) == 1:
            found.append(Problem(where, f"{codes[0]!r} is named alone", "Name two practices or more in each group."))
    return found


def _of_labels(within: pd.Series, lists: pd.Series) -> list[Problem]:
    if twice := int(within.index.duplicated().sum()):
        what = f"{number(twice, 'practice')} named more than once"
        return [Problem("border labels", what, "Keep one row a practice.")]
    label = within.reindex(lists.index)
    without = [str(code) for code in label.index[label.isna()]]
    if not without:
        return []
    what = f"{number(len(without), 'practice')} without a label ({_some(without)})"
    return [Problem("border labels", what, "Say on which side of the border each practice is.")]


def _contradictions(wanted: Wanted, lists: pd.Series) -> list[Problem]:
    head = joined(wanted.keep, [str(code) for code in lists.index])
    found = [
        Problem("--separate", f"{one} and {other} are also to be kept together", "Drop one of the two wishes.")
        for group in wanted.separate
        for one, other in combinations(group, 2)
        if head[one] == head[other]
    ]
    if wanted.within is not None:
        label = wanted.within.reindex(lists.index)
        sides = label.groupby([head[str(code)] for code in lists.index]).nunique()
        found += [
            Problem(
                "--keep", f"the practices kept with {code} are on two sides of a border", "Drop one of the two wishes."
            )
            for code in sides.index[sides > 1]
        ]
    return found


def _some(codes: list[str]) -> str:
    return ", ".join(codes[:MOST_NAMED]) + (" …" if len(codes) > MOST_NAMED else "")
