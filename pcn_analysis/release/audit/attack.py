"""The attacker's view of everything that was released: what he can find out, and from what."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pcn_analysis.release.audit.causes import contradicting, forcing, remedy
from pcn_analysis.release.audit.cells import known as known_of
from pcn_analysis.release.audit.dates import links
from pcn_analysis.release.audit.dimensions import Dimensions, Structure
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

CLEAN, DISCLOSED, NARROW = "clean", "disclosed", "too narrow"
NOT_PROVEN, CONTRADICTION = "not proven", "contradiction"
"""What is found of a number: nothing, itself, too much, perhaps too much; or that the tables cannot all be true."""

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
            f"He wants a number from 1 to {self.small} that is not shown, or by which one shown number is larger than "
            f"another within it. He fails where {self.promise} or more values remain.",
        )


@dataclass(frozen=True)
class Finding:
    """What can be found out of one number.

    Parameters
    ----------
    cell
        The number.
    low, high
        Smallest and largest value that is left, where ``status`` is not clean; of what is clean, of those looked at.
    values
        How many values are left; of what is clean, at least.
    status
        ``clean``, ``disclosed``, ``too narrow``, ``not proven`` or ``contradiction``.
    tables
        Tables that show it, and those that force it.
    remedy
        What to do; empty for what is clean.
    less
        A cell within ``cell`` whose number is taken off; None for a number that is itself not shown.
    forced_by
        The cells that force it.
    """

    cell: Cell
    low: int
    high: int | None
    values: int
    status: str
    tables: tuple[str, ...]
    remedy: str = ""
    less: Cell | None = None
    forced_by: tuple[Cell, ...] = ()

    def __str__(self) -> str:
        number = str(self.cell) if self.less is None else f"{self.cell}, less {self.less}"
        return f"{number}: {self.status}"


@dataclass(frozen=True)
class Audit:
    """What an attacker finds out from everything that was released.

    Parameters
    ----------
    findings
        One for each number that is not shown; of what no table shows, for what is not clean; in order.
    cells
        How many cells were weighed together.
    suppressed
        How many of them are not shown.
    assumptions
        What is assumed of the attacker, in words.
    seconds
        Time that it took.
    """

    findings: tuple[Finding, ...]
    cells: int
    suppressed: int
    assumptions: tuple[str, ...]
    seconds: float = field(compare=False, default=0.0)

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.breaches

    @property
    def breaches(self) -> tuple[Finding, ...]:
        """All findings that are not clean."""
        return tuple(one for one in self.findings if one.status != CLEAN)


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
    started = time.perf_counter()
    seen, attacker, structure = list(seen), attacker or Attacker(), structure or Structure()
    never = {*structure.impossible, *(box for one in seen for box in one.never)}
    structure = replace(structure, impossible=tuple(sorted(never)))
    known, complete = known_of(seen), frozenset(dimension for one in seen for dimension in one.by)
    linked, left = links(known, structure, attacker.known_changes, attacker.near_days)
    shown = {one.cell for one in known}
    weighed = known + [one for one in left if one.cell not in shown]
    findings: list[Finding] = []
    for group in groups(weighed, linked, Populations([one.cell for one in weighed], structure)):
        findings += _of_group(group, linked, complete, attacker, structure)
    return Audit(
        tuple(sorted(findings, key=lambda one: (one.cell, one.less is not None, one.less or one.cell))),
        len(known),
        sum(one.hidden for one in known),
        attacker.knows,
        time.perf_counter() - started,
    )


def _of_group(
    known: Sequence[Known],
    linked: Sequence[Linked],
    complete: frozenset[str],
    attacker: Attacker,
    structure: Structure,
) -> list[Finding]:
    """Findings of cells of populations that nothing links with any other."""
    impossible = [one for one in known if not one.possible]
    if impossible:
        return [_contradiction([one]) for one in impossible]
    populations = {name for one in known for name in one.cell.populations}
    linked = [link for link in linked if set(link.one.populations) <= populations]
    boxes = [one.cell.box for one in known] + [cell.box for link in linked for cell in (link.one, link.other)]
    for those in (complete, frozenset[str]()):
        model = Model(known, Dimensions(boxes, those, structure), linked)
        targets = Targets(model, attacker.promise, attacker.small)
        witnesses = Witnesses(model, targets, attacker.time_limit)
        if witnesses.status == FOUND:
            witnesses.collect()
            return list(_findings(model, witnesses, targets))
        if witnesses.status != NONE:
            return list(_unproven(model, targets))
    return [_contradiction([known[i] for i in contradicting(model)] or known)]


def _findings(model: Model, witnesses: Witnesses, targets: Targets) -> Iterator[Finding]:
    for i, target in enumerate(targets.all):
        left = witnesses.settle(i) if targets.open[i] else None
        if left is not None and targets.open[i]:
            yield _breach(model, target, left, forcing(model, targets.of_atoms[[i]]))
        elif not targets.derived[i]:
            values, one = targets.values(i), model.known[target.cell]
            yield Finding(one.cell, min(values), max(values), len(values), CLEAN, one.tables)


def _unproven(model: Model, targets: Targets) -> Iterator[Finding]:
    """Findings where no way of filling in was found in time."""
    for target, low, high in zip(targets.all, targets.low.tolist(), targets.high.tolist(), strict=True):
        yield _breach(model, target, Range(low, high, 0, proven=False), [])


def _breach(model: Model, target: Target, left: Range, cells: list[int]) -> Finding:
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
        tuple(sorted({*shown, *(table for cell in cells for table in model.known[cell].tables)})),
        remedy(model, cells, shown),
        None if less is None else less.cell,
        tuple(model.known[cell].cell for cell in cells),
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
