"""Whether a number of networks can fit at all, said before anything is searched.

Every network lies in one component of the practice graph. A component with ``n`` registered patients can hold
``k`` networks only where ``k × floor ≤ n ≤ k × ceiling``. Adding up the fewest and the most networks over
components gives the numbers that may fit. The condition is necessary, not sufficient: lists are lumps.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import connected_components

from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.words import number

if TYPE_CHECKING:
    from pcn_analysis.network.design.constraints import Wanted
    from pcn_analysis.network.design.ground import Units

TIGHT = 0.95
"""From this share of what the ceilings hold together, or of the total for what the floors need, a number is tight."""


def numbers_that_fit(total: float, band: tuple[int, int]) -> range:
    """Numbers of networks whose sizes can add up to a total; empty where none can.

    Examples
    --------
    >>> numbers_that_fit(346_146, (30_000, 50_000)), numbers_that_fit(55_000, (30_000, 50_000))
    (range(7, 12), range(2, 2))
    """
    floor, ceiling = band
    fewest = max(1, math.ceil(total / ceiling))
    most = math.floor(total / floor) if floor else math.floor(total)
    return range(fewest, max(most + 1, fewest))


def said_of_numbers(total: float, networks: int, band: tuple[int, int]) -> str:
    """Say in one line why a number of networks cannot fit, and which can; empty where it can.

    Examples
    --------
    >>> said_of_numbers(346_146, 6, (30_000, 50_000))
    '6 × 50,000 is less than 346,146 registered patients: 7 to 11 networks fit'
    >>> said_of_numbers(346_146, 12, (30_000, 50_000))
    '12 × 30,000 is more than 346,146 registered patients: 7 to 11 networks fit'
    >>> said_of_numbers(346_146, 8, (30_000, 50_000))
    ''
    """
    fit = numbers_that_fit(total, band)
    if networks in fit:
        return ""
    few = networks * band[1] < total
    limit, relation = (band[1], "less") if few else (band[0], "more")
    return f"{networks} × {limit:,} is {relation} than {total:,.0f} registered patients: {_said(fit)}"


def check_fits(units: Units, wanted: Wanted) -> None:
    """Raise with everything that keeps the number of networks from fitting.

    Raises
    ------
    PcnAnalysisError
        If the total is too small or too large, a list is above the ceiling, or a component of the practice graph
        cannot be divided.
    """
    if said := said_of_numbers(units.lists.sum(), wanted.networks, wanted.band):
        raise PcnAnalysisError(Problem("--networks", said, "Give one of these numbers, or another --band."))
    if found := _too_large(units, wanted) or _of_components(units, wanted):
        raise PcnAnalysisError(*found)


def said_of_tightness(units: Units, wanted: Wanted) -> str:
    """Say that the sizes leave little room; empty where they leave enough."""
    total, (floor, ceiling) = units.lists.sum(), wanted.band
    full, needed = total / (wanted.networks * ceiling), wanted.networks * floor / total
    if full > TIGHT:
        return f"{number(wanted.networks, 'network')} of at most {ceiling:,} would be {full:.0%} full: few plans fit."
    if needed > TIGHT:
        return f"{number(wanted.networks, 'network')} of at least {floor:,} need {needed:.0%} of all: few plans fit."
    return ""


def _too_large(units: Units, wanted: Wanted) -> list[Problem]:
    ceiling, lists = wanted.band[1], units.lists
    return [
        Problem(
            "--band",
            f"{' with '.join(units.names[unit])} has {lists[unit]:,.0f} registered patients, more than {ceiling:,}",
            "Raise the ceiling, or do not keep these practices together.",
        )
        for unit in np.flatnonzero(units.lists > ceiling)
    ]


def _of_components(units: Units, wanted: Wanted) -> list[Problem]:
    count, component = connected_components(units.touch, directed=False)
    if count == 1:
        return []
    totals = np.bincount(component, units.lists)
    fit = [numbers_that_fit(total, wanted.band) for total in totals]
    found = [
        Problem("practice graph", _said_of_part(units, component == part, totals[part]), _REMEDY)
        for part in range(count)
        if not len(fit[part])
    ]
    if found:
        return found
    together = range(sum(each.start for each in fit), sum(each.stop - 1 for each in fit) + 1)
    if wanted.networks in together:
        return []
    what = f"practices lie in {count} parts that do not touch: {_said(together)}"
    return [Problem("--networks", what, "Give one of these numbers, or another --band.")]


_REMEDY = "Name them in --keep with a practice elsewhere, or change --band."


def _said_of_part(units: Units, inside: np.ndarray, total: float) -> str:
    codes = [code for unit in np.flatnonzero(inside) for code in units.names[unit]]
    shown = ", ".join(codes[:5]) + (" …" if len(codes) > 5 else "")  # noqa: PLR2004
    verb = "touches" if len(codes) == 1 else "touch"
    return f"{shown} with {total:,.0f} registered patients {verb} no other practice, and no number of networks fits"


def _said(fit: range) -> str:
    if not len(fit):
        return "no number of networks fits"
    if len(fit) == 1:
        return f"only {fit.start} fits" if fit.start != 1 else "only 1 network fits"
    return f"{fit.start} to {fit.stop - 1} networks fit"
