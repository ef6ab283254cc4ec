"""The fewest counts to withhold so that no small one follows from those that stay.

Whatever can be worked out has a proof: a few shown counts that force it, which a linear programme names by its prices
(the cuts of Fischetti and Salazar-Gonzalez, Management Science 2001;47(7):1008-27). One of them has to be withheld:
that is a :class:`Reason`. The fewest counts that meet all reasons so far are found by HiGHS, and audited, which gives
further reasons, until nothing can be worked out. As every reason holds of every solution, the first one that is clean
is the least. Fewest is meant of shown counts first, then of those that are too small to show and lose their upper
limit, then of people in them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from pcn_analysis.release.profiles import SUPPRESSED, ZERO
from pcn_analysis.words import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pcn_analysis.release.audit import Cell, Finding, Seen

_SECONDS = 60.0
"""For one choice of cells; a choice that is not proven the least in that time is made all the same."""


class Reason(NamedTuple):
    """One of some cells has to be withheld; or, if one is named, that one shown. It is proven, or a guess."""

    any_of: frozenset[Cell]
    or_shown: Cell | None = None
    proven: bool = True


class Choice(NamedTuple):
    """Cells to withhold, and whether it is proven that fewer would not do."""

    withheld: frozenset[Cell]
    least: bool


def without(seen: Iterable[Seen], withheld: Collection[Cell]) -> list[Seen]:
    """What is still told where some cells are withheld: that they are not 0."""
    return [
        replace(one, low=1, high=None, kind=WITHHELD) if one.cell in withheld and one.kind != ZERO else one
        for one in seen
    ]


def can_be_withheld(seen: Iterable[Seen], earlier: Iterable[Seen] = ()) -> dict[Cell, Seen]:
    """Cells that can be withheld, in order: those that say more than that they are not 0, and are not out already."""
    out = {one.cell for one in earlier if one.kind != WITHHELD}
    told = {one.cell: one for one in seen if one.kind not in (WITHHELD, ZERO) and one.cell not in out}
    return dict(sorted(told.items()))


def least(reasons: Sequence[Reason], told: dict[Cell, Seen], kept: Collection[Cell] = ()) -> Choice | None:
    """Choose the fewest cells that meet all reasons; None if none do.

    Of equally few shown counts those with the fewest counts that are too small to show, and of these those with the
    fewest people.

    Parameters
    ----------
    reasons
        What has to be met.
    told
        Cells that can be withheld, and what is told of each.
    kept
        Cells that are withheld in any case.

    Examples
    --------
    >>> from pcn_analysis.release.audit import Cell, Seen
    >>> a, b, c = (Cell((name,)) for name in "abc")
    >>> told = {one: Seen(one, n, n, "exact", "t", 0, "n") for one, n in ((a, 9), (b, 90), (c, 8))}
    >>> [cell.populations for cell in least([Reason(frozenset({a, b})), Reason(frozenset({b, c}))], told).withheld]
    [('b',)]
    """
    cells = [cell for cell in told if cell in kept or any(cell in {*one.any_of, one.or_shown} for one in reasons)]
    number = {cell: i for i, cell in enumerate(cells)}
    if any(not one.any_of and (one.or_shown is None or one.or_shown in kept) for one in reasons):
        return None
    if not cells:
        return Choice(frozenset(), least=True)
    rows = np.zeros((len(reasons), len(cells)), int)
    for row, reason in zip(rows, reasons, strict=True):
        row[[number[cell] for cell in reason.any_of]] = 1
        if reason.or_shown is not None:
            row[number[reason.or_shown]] -= 1
    shown = np.array([told[cell].kind != SUPPRESSED for cell in cells])
    must = [LinearConstraint(rows, [0 if one.or_shown else 1 for one in reasons], np.inf)]
    costs = np.where(shown, len(cells) + 1, 1), np.array([told[cell].high or told[cell].low for cell in cells])
    fixed = Bounds(np.array([cell in kept for cell in cells], float), 1.0)
    options = {"mip_rel_gap": 0.0, "time_limit": _SECONDS}
    found, proven = None, all(one.proven for one in reasons)
    for cost in costs:
        better = milp(cost, integrality=np.ones(len(cells)), bounds=fixed, constraints=must, options=options)
        proven &= better.status == 0
        if better.x is None:
            break
        found = np.round(better.x)
        must.append(LinearConstraint(cost, -np.inf, cost @ found))
    return None if found is None else Choice(frozenset(np.array(cells, object)[found > 0]), proven)


def reason(finding: Finding, told: dict[Cell, Seen], withheld: Collection[Cell]) -> Reason:
    """What has to be done about something that is found out where some cells are withheld.

    Where the proof rests on people being whole, the cells that it would rest on otherwise are a guess.
    """
    free = {cell for cell in told if cell not in withheld}
    some = free.intersection(finding.forced_by)
    if not some and not finding.by_sums:
        some = {cell for cell in free if set(cell.populations) & set(finding.cell.populations)}
    held = finding.less is None and finding.cell in withheld and told[finding.cell].kind != SUPPRESSED
    return Reason(frozenset(some), finding.cell if held else None, finding.by_sums)
