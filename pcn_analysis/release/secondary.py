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
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from pcn_analysis.release.audit import Attacker, Structure
from pcn_analysis.release.audit.cells import known as known_of
from pcn_analysis.release.audit.dates import links
from pcn_analysis.release.audit.dimensions import Dimensions
from pcn_analysis.release.audit.model import MANY, Model
from pcn_analysis.release.audit.populations import Populations, groups
from pcn_analysis.release.audit.solver import NONE, Wish, search
from pcn_analysis.release.profiles import SUPPRESSED, ZERO
from pcn_analysis.words import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from pcn_analysis.release.audit import Cell, Finding, Seen

_NOUGHT = 1e-7
_WHOLE = 1e-6
"""How near a number that a linear programme gives is to a whole one."""

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


class Proofs:
    """Finds the shown counts that prove what can be worked out.

    Parameters
    ----------
    seen
        What is to be released.
    earlier, attacker, structure
        As for :func:`pcn_analysis.release.publish.publish`.
    """

    def __init__(self, seen: Sequence[Seen], earlier: Sequence[Seen], attacker: Attacker, structure: Structure):
        self.told, self.attacker = can_be_withheld(seen, earlier), attacker
        self._models = list(_models([*earlier, *seen], attacker, structure))
        self._where = {one.cell: (model, i) for model in self._models for i, one in enumerate(model.known)}

    def reason(self, finding: Finding, withheld: Collection[Cell]) -> Reason:
        """What has to be done about something that is found out where some cells are withheld.

        Where the proof rests on people being whole, the cells that it would rest on otherwise are a guess.
        """
        model, i = self._where[finding.cell]
        less = None if finding.less is None else self._where[finding.less][1]
        held = np.array([one.cell in withheld for one in model.known])
        free = {one.cell for one in model.known if one.cell in self.told and one.cell not in withheld}
        forcing, proven = _forcing(model, i, less, held, self.attacker)
        conditional = less is None and finding.cell in withheld and self.told[finding.cell].kind != SUPPRESSED
        some = free.intersection(forcing) if proven else free.intersection(forcing) or free
        return Reason(frozenset(some), finding.cell if conditional else None, proven)


def _models(seen: Sequence[Seen], attacker: Attacker, structure: Structure) -> Iterator[Model]:
    """What is known of each set of populations that nothing links, as the audit sees it."""
    never = {*structure.impossible, *(box for one in seen for box in one.never)}
    structure = replace(structure, impossible=tuple(sorted(never)))
    known, complete = known_of(seen), frozenset(dimension for one in seen for dimension in one.by)
    linked, left = links(known, structure, attacker.known_changes, attacker.near_days)
    shown = {one.cell for one in known}
    weighed = known + [one for one in left if one.cell not in shown]
    for group in groups(weighed, linked, Populations([one.cell for one in weighed], structure)):
        populations = {name for one in group for name in one.cell.populations}
        mine = [link for link in linked if set(link.one.populations) <= populations]
        for those in (complete, frozenset[str]()):
            model = Model(group, Dimensions([one.cell.box for one in group], those, structure), mine)
            if search(model, Wish(), time_limit=attacker.time_limit).status != NONE:
                break
        yield model


def _forcing(model: Model, i: int, less: int | None, held: np.ndarray, attacker: Attacker) -> tuple[set[Cell], bool]:
    """Cells whose ranges force a number, and whether that is proof that it can be worked out."""
    row = (model.cells[[i]] if less is None else model.cells[[i]] - model.cells[[less]]).toarray()[0].astype(float)
    low, high = np.where(held, 1, model.low), np.where(held, MANY, model.high)
    ends, priced, solved = [], np.zeros(len(model.known), bool), True
    for sign in (1, -1):
        found = _programme(model, sign * row, low, high)
        if found.status != 0:
            solved = False
            continue
        above, below, *_ = np.split(found.ineqlin.marginals, [len(low), 2 * len(low)])
        priced |= (np.abs(above) > _NOUGHT) | ((np.abs(below) > _NOUGHT) & (low > 1))
        ends.append(sign * int(np.ceil(found.fun - _WHOLE)))
    narrow = solved and ends[1] - ends[0] + 1 < attacker.promise
    if less is not None:
        narrow = narrow and ends[0] >= 1 and ends[1] <= attacker.small
    return {model.known[j].cell for j in np.flatnonzero(priced & ~held)}, narrow


def _programme(model: Model, weights: np.ndarray, low: np.ndarray, high: np.ndarray):
    """Least value of a sum of atoms, with fractions of people allowed."""
    cells, agreements, near = (one[:, model.possible] for one in (model.cells, model.agreements, model.links))
    return linprog(
        weights[model.possible],
        A_ub=sparse.vstack([cells, -cells, near, -near]),
        b_ub=np.concatenate([high, -low, model.within, model.within]),
        A_eq=agreements if agreements.shape[0] else None,
        b_eq=np.zeros(agreements.shape[0]) if agreements.shape[0] else None,
        method="highs",
    )
