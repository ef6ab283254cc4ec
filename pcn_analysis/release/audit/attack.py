"""The attacker's view of everything that was released: what he can find out, and from what."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pcn_analysis.release.audit.causes import contradicting, remedy, tenable
from pcn_analysis.release.audit.cells import known as known_of
from pcn_analysis.release.audit.dates import links
from pcn_analysis.release.audit.dimensions import Dimensions, Structure
from pcn_analysis.release.audit.findings import (
    CLEAN,
    CONTRADICTION,
    DISCLOSED,
    NARROW,
    NOT_PROVEN,
    Audit,
    Finding,
)
from pcn_analysis.release.audit.model import Model
from pcn_analysis.release.audit.populations import Linked, Populations, groups
from pcn_analysis.release.audit.solver import FOUND, NONE
from pcn_analysis.release.audit.targets import Targets
from pcn_analysis.release.audit.witnesses import Range, Witnesses
from pcn_analysis.thresholds import SMALLEST_SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pcn_analysis.release.audit.cells import Cell, Known, Seen
    from pcn_analysis.release.audit.targets import Target
    from pcn_analysis.release.audit.ways import Ways

PROMISE = 4
"""Values that a number that is not shown can always have; our choice."""


@dataclass(frozen=True)
class Attacker:
    """What is assumed of whoever wants to find out a number that is not shown.

    Parameters
    ----------
    promise
        Values that each number that is not shown, and each small difference, must be able to have.
    small
        Largest number of people that is small.
    known_changes
        People by whom, as he knows, a cell changed at most between near dates.
    near_days
        Days within which dates are near. Between dates further apart he cannot know who came and went.
    time_limit
        Seconds of one search; what is not proven in time counts as found out.
    """

    promise: int = PROMISE
    small: int = SMALLEST_SHOWN - 1
    known_changes: int = 1
    near_days: int = 27
    time_limit: float = 30.0

    @property
    def knows(self) -> tuple[str, ...]:
        """What he knows, and wants, in words."""
        return (
            "He has every released table, of this run and of those before it, and knows the rule by which each was "
            "released: between which values a rounded number lies, and that a shown 0 is nobody.",
            "He knows whom every number counts, that practices make up networks and networks the place, and which "
            "bands and classes make up others. He knows no true number.",
            "He reckons with whole people, without error and as long as he likes, and weighs all tables together.",
            f"He knows that no number of the same people changed by more than {self.known_changes} between dates not "
            f"more than {self.near_days} days apart, and that a practice keeps its people when it changes networks. "
            "Between dates further apart he knows nothing of who came and went.",
            "Where a network and date were released again with other numbers, from another extract or under other "
            f"rules, he has both editions, and knows that no number changed by more than {self.known_changes} but "
            "where the released numbers themselves show it.",
            f"He wants a number from 1 to {self.small} that is not shown, or by which one shown number is larger than "
            f"another within it. He fails where {self.promise} or more values remain.",
        )


def audit(seen: Iterable[Seen], *, attacker: Attacker | None = None, structure: Structure | None = None) -> Audit:
    """Find out what follows from everything that was released.

    For every number that is not shown, and every small difference of two shown numbers, ways of filling in all tables
    are looked for in which it has different values. A way that is found, and checked in whole numbers, is proof; so
    nothing is called clean that is not. That there is no way is HiGHS's word.

    Parameters
    ----------
    seen
        What all released numbers tell; their order does not matter.
    attacker
        What is assumed of the attacker.
    structure
        What everybody knows of how people are parted.

    Examples
    --------
    >>> from pcn_analysis.release.audit.cells import Cell, Seen
    >>> def told(box, low, high, kind):
    ...     return Seen(Cell(("Harbour PCN",), box), low, high, kind, "table", 0, "patients", by=("sex",))
    >>> female, male = ((("sex", (one,)),) for one in ("female", "male"))
    >>> found = audit([told((), 10, 10, "exact"), told(female, 7, 7, "exact"), told(male, 1, 7, "suppressed")])
    >>> [(str(one.cell), one.status, one.low) for one in found.findings if one.less is None]
    [('Harbour PCN: sex male', 'disclosed', 3)]
    """
    return Auditor(attacker, structure).audit(seen)


class Auditor:
    """Audits of the same cells, of which each is quicker for what the one before has found.

    Parameters
    ----------
    attacker
        What is assumed of the attacker.
    structure
        What everybody knows of how people are parted.
    """

    def __init__(self, attacker: Attacker | None = None, structure: Structure | None = None):
        self.attacker, self.structure = attacker or Attacker(), structure or Structure()
        self._models: dict[tuple, Model] = {}
        self._ways: dict[tuple, Ways] = {}

    def audit(self, seen: Iterable[Seen], *, about: frozenset[Cell] | None = None) -> Audit:
        """Find out what follows from everything that was released; see :func:`audit`.

        Parameters
        ----------
        seen
            What all released numbers tell.
        about
            Cells; what no link joins with any of them is left out. None leaves out nothing.
        """
        started, seen = time.perf_counter(), list(seen)
        never = {*self.structure.impossible, *(box for one in seen for box in one.never)}
        structure = replace(self.structure, impossible=tuple(sorted(never)))
        known, complete = known_of(seen), frozenset(dimension for one in seen for dimension in one.by)
        linked, left = links(known, structure, self.attacker.known_changes, self.attacker.near_days)
        shown = {one.cell for one in known}
        weighed = known + [one for one in left if one.cell not in shown]
        findings: list[Finding] = []
        for group in groups(weighed, linked, Populations([one.cell for one in weighed], structure)):
            if about is not None and about.isdisjoint(one.cell for one in group):
                continue
            populations = {name for one in group for name in one.cell.populations}
            near = tuple(link for link in linked if set(link.one.populations) <= populations)
            findings += self._of_group(group, near, complete, structure)
        return Audit(
            tuple(sorted(findings, key=lambda one: (one.cell, one.less is not None, one.less or one.cell))),
            len(known),
            sum(one.hidden for one in known),
            self.attacker.knows,
            time.perf_counter() - started,
        )

    def _of_group(
        self, known: Sequence[Known], linked: tuple[Linked, ...], complete: frozenset[str], structure: Structure
    ) -> list[Finding]:
        """Findings of cells of populations that nothing links with any other."""
        impossible = [one for one in known if not one.possible]
        if impossible:
            return [_contradiction([one]) for one in impossible]
        for those in (complete, frozenset[str]()):
            near = linked
            while True:
                model, targets, witnesses = self._weighed(known, near, those, structure)
                if witnesses.status == FOUND:
                    witnesses.collect()
                    return list(_findings(model, witnesses, targets))
                if witnesses.status != NONE:
                    return list(_unproven(model, targets))
                if not near:
                    break
                near = _tenable(model, near)
        return [_contradiction([known[i] for i in contradicting(model)] or known)]

    def _weighed(
        self, known: Sequence[Known], linked: tuple[Linked, ...], complete: frozenset[str], structure: Structure
    ) -> tuple[Model, Targets, Witnesses]:
        """The unknowns of some cells, as an earlier audit of them left them."""
        key = (tuple(one.cell for one in known), linked, complete, structure.impossible)
        if key not in self._models:
            boxes = [one.cell.box for one in known] + [end.box for link in linked for end in (link.one, link.other)]
            self._models[key] = Model(known, Dimensions(boxes, complete, structure), linked)
        model = self._models[key].knowing(known)
        targets = Targets(model, self.attacker.promise, self.attacker.small)
        witnesses = Witnesses(model, targets, self.attacker.time_limit, self._ways.get(key, ()))
        self._ways[key] = witnesses.ways
        return model, targets, witnesses


def _tenable(model: Model, linked: tuple[Linked, ...]) -> tuple[Linked, ...]:
    """The links that need not be wrong for all numbers to be true; none, if those that must be are not known."""
    some = tuple(linked[i] for i in tenable(model))
    return some if len(some) < len(linked) else ()


def _findings(model: Model, witnesses: Witnesses, targets: Targets) -> Iterator[Finding]:
    for i, target in enumerate(targets.all):
        left = witnesses.settle(i) if targets.open[i] else None
        if left is not None and targets.open[i]:
            yield _breach(model, target, left)
        elif not targets.derived[i]:
            values, one = targets.values(i), model.known[target.cell]
            yield Finding(one.cell, min(values), max(values), len(values), CLEAN, one.tables)


def _unproven(model: Model, targets: Targets) -> Iterator[Finding]:
    """Findings where no way of filling in was found in time."""
    for target, low, high in zip(targets.all, targets.low.tolist(), targets.high.tolist(), strict=True):
        yield _breach(model, target, Range(low, high, 0, proven=False))


def _breach(model: Model, target: Target, left: Range) -> Finding:
    """A finding that is not clean, and the cells that force it."""
    one = model.known[target.cell]
    less = None if target.less is None else model.known[target.less]
    shown = one.tables if less is None else tuple(sorted({*one.tables, *less.tables}))
    status = NOT_PROVEN if not left.proven else DISCLOSED if left.values == 1 else NARROW
    return Finding(
        one.cell,
        left.low,
        left.high,
        left.values,
        status,
        tuple(sorted({*shown, *(table for cell in left.forcing for table in model.known[cell].tables)})),
        remedy(model, left.forcing, shown),
        None if less is None else less.cell,
        tuple(model.known[cell].cell for cell in left.forcing),
        left.by_sums,
    )


def _contradiction(cells: Sequence[Known]) -> Finding:
    one = cells[0]
    return Finding(
        one.cell,
        one.low,
        one.high,
        0,
        CONTRADICTION,
        tuple(sorted({table for cell in cells for table in cell.tables})),
        "Numbers of these tables cannot all be true: check whom their columns say they count, and their data.",
        forced_by=tuple(cell.cell for cell in cells),
    )
