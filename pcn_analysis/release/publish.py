"""Release tables together: withhold counts until no small one follows from them, nor from what is out already.

Each table is first protected by itself (:mod:`pcn_analysis.release.disclosure`). The audit then looks at all of them
as an attacker does, beside everything that was released before. Where a small count could be worked out, counts that
force it are withheld, as few as it takes (:mod:`pcn_analysis.release.secondary`), in every table that shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import DisclosureError, Problem
from pcn_analysis.release.audit import cells_of
from pcn_analysis.release.audit.attack import Auditor
from pcn_analysis.release.audit.findings import CONTRADICTION
from pcn_analysis.release.disclosure import for_audit
from pcn_analysis.release.profiles import SUPPRESSED, ZERO
from pcn_analysis.release.secondary import Choice, can_be_withheld, least, reason, without

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.release.audit import Attacker, Audit, Cell, Finding, Seen, Structure
    from pcn_analysis.release.disclosure import ReleasedTable
    from pcn_analysis.release.secondary import Reason

MOST_AUDITS = 16
"""Of a set of tables, before cells once withheld stay so."""

CELLS_AUDITED = 20_000
"""In all those audits together; tables with many cells are audited fewer times."""


@dataclass(frozen=True)
class Coarsened:
    """What it takes that nothing small follows.

    Parameters
    ----------
    withheld
        Cells that are withheld, wherever they would be shown.
    audit
        The audit of what is left, and of what was out before.
    already
        What followed from earlier tables alone, and cannot be taken back.
    least
        Whether it is proven that withholding fewer would not do.
    """

    withheld: frozenset[Cell]
    audit: Audit
    already: tuple[Finding, ...] = ()
    least: bool = True


@dataclass(frozen=True)
class Published:
    """Tables that were released together.

    Parameters
    ----------
    tables
        The released tables, by name.
    coarsened
        What was withheld so that nothing small follows from them, and the audit that says so.
    """

    tables: Mapping[str, ReleasedTable]
    coarsened: Coarsened


def publish(
    tables: Mapping[str, SourcedTable],
    *,
    profile: str = "hes",
    earlier: Iterable[Seen] = (),
    attacker: Attacker | None = None,
    structure: Structure | None = None,
) -> Published:
    """Release tables together, with as much withheld as it takes that nothing small follows from them.

    Parameters
    ----------
    tables
        What to release, by name; every count column says whom it counts.
    profile
        By which each count is protected first.
    earlier
        What was released before.
    attacker, structure
        As for :func:`pcn_analysis.release.audit.audit`.

    Raises
    ------
    DisclosureError
        If a table may not leave under the profile, if numbers contradict each other, or if something small follows
        whatever is withheld. Nothing is released then.

    Examples
    --------
    >>> import pandas as pd
    >>> from pcn_analysis.provenance import Counted, Provenance, SourcedTable
    >>> frame = pd.DataFrame({"sex": ["everyone", "female", "male"], "patients": [40, 37, 3]})
    >>> counted = {"patients": Counted(by=("sex",))}
    >>> people = SourcedTable(frame, Provenance((), people=True), counts=("patients",), counted=counted)
    >>> publish({"sexes": people}, profile="exact_with_secondary").tables["sexes"].frame["patients"].to_list()
    [40, <NA>, <NA>]
    """
    whole = {name: for_audit(table, profile=profile) for name, table in tables.items()}
    seen = {name: cells_of(table, name) for name, table in whole.items()}
    everything = [one for those in seen.values() for one in those]
    found = coarsened(everything, earlier, auditor=Auditor(attacker, structure))
    released = {
        name: for_audit(table, profile=profile, withheld=positions(whole[name], seen[name], found.withheld))
        for name, table in tables.items()
    }
    return Published(released, found)


def positions(table: ReleasedTable, seen: Iterable[Seen], withheld: Collection[Cell]) -> set[tuple[int, str]]:
    """Where cells stand in the table that a released one was made from: row and column."""
    return {(table.rows[one.row], one.column) for one in seen if one.cell in withheld and one.kind != ZERO}


def coarsened(seen: Iterable[Seen], earlier: Iterable[Seen] = (), *, auditor: Auditor | None = None) -> Coarsened:
    """Find the fewest cells to withhold so that nothing small follows from what is left.

    What the audit finds is a reason to withhold one of the cells that force it; the fewest cells that meet all reasons
    so far are withheld, and all is audited again. Of tables with so many cells that this would take too long, cells
    once withheld stay so until nothing follows, and then those that are not needed are shown again, the largest first.

    Parameters
    ----------
    seen
        What is to be released.
    earlier
        What was released before. Of it, only what has anything to do with ``seen`` is weighed.
    auditor
        Audits; one that has weighed nearly the same before is quicker.

    Raises
    ------
    DisclosureError
        As :func:`publish`.
    """
    trials = _Trials(list(seen), list(earlier), auditor or Auditor())
    rounds = min(MOST_AUDITS, CELLS_AUDITED // max(len(trials.told), 1))
    choice = Choice(frozenset(), least=True)
    kept: frozenset[Cell] = frozenset()
    while found := trials.breaches(choice.withheld):
        trials.learn(found, choice.withheld)
        if len(trials.tried) > rounds:
            kept = choice.withheld
        better = least(trials.reasons, trials.told, kept) or least(trials.reasons, trials.told)
        if better is None or len(trials.tried) > rounds + MOST_AUDITS + len(trials.told):
            raise NotMended(found)
        choice = Choice(better.withheld, better.least and not kept)
    if not choice.least:
        choice = Choice(_needed(trials, choice.withheld, rounds), least=False)
    audited = trials.audit(choice.withheld)
    return Coarsened(choice.withheld, audited, audited.breaches, choice.least)


class _Trials:
    """Audits of what would be told where some cells were withheld, and the reasons to withhold others."""

    def __init__(self, seen: list[Seen], earlier: list[Seen], auditor: Auditor):
        self.seen, self.earlier, self.auditor = seen, earlier, auditor
        self._cells = frozenset(one.cell for one in seen)
        self.told = can_be_withheld(seen, earlier)
        self.tried: dict[frozenset[Cell], Audit] = {}
        self.reasons: list[Reason] = []

    def audit(self, withheld: frozenset[Cell]) -> Audit:
        """What an attacker finds where some cells are withheld."""
        if withheld not in self.tried:
            self.tried[withheld] = self.auditor.audit([*self.earlier, *without(self.seen, withheld)], about=self._cells)
        return self.tried[withheld]

    def breaches(self, withheld: frozenset[Cell]) -> list[Finding]:
        """What an attacker finds, but for what followed from earlier tables alone, and cannot be taken back."""
        found = self.audit(withheld).breaches
        _check(found)
        return [one for one in found if _key(one) not in self._followed] if found else []

    def learn(self, found: Iterable[Finding], withheld: frozenset[Cell]) -> None:
        """Add the reasons to withhold other cells, or to show again one of these."""
        self.reasons += dict.fromkeys(reason(one, self.told, withheld) for one in found)

    @cached_property
    def _followed(self) -> frozenset[tuple]:
        found = self.auditor.audit(self.earlier).breaches if self.earlier else ()
        return frozenset(map(_key, found))


def _needed(trials: _Trials, withheld: frozenset[Cell], audits: int) -> frozenset[Cell]:
    """Cells without which something follows; the largest are tried first, and the last not at all."""
    largest = sorted(withheld, key=lambda cell: (trials.told[cell].kind == SUPPRESSED, -trials.told[cell].low, cell))
    for cell in largest[:audits]:
        if not trials.breaches(withheld - {cell}):
            withheld -= {cell}
    return withheld


def _key(finding: Finding) -> tuple:
    return finding.cell, finding.less, finding.values


def _check(breaches: Iterable[Finding]) -> None:
    """Raise where numbers cannot all be true."""
    wrong = [one for one in breaches if one.status == CONTRADICTION]
    if wrong:
        raise NotTrue(
            *(Problem(" and ".join(one.tables), "released numbers contradict each other", one.remedy) for one in wrong)
        )


class NotTrue(DisclosureError):  # noqa: N818 - says what is the matter
    """Released numbers contradict each other."""


class NotMended(DisclosureError):  # noqa: N818 - says what is the matter
    """Something small follows from tables, whatever is withheld.

    Parameters
    ----------
    found
        What follows.

    Attributes
    ----------
    tables
        Names of the tables that it follows from. Which numbers they are is in the notes of the error.
    """

    def __init__(self, found: Iterable[Finding]):
        found = list(found)
        super().__init__(*dict.fromkeys(map(_unmended, found)))
        self.tables = frozenset(table for one in found for table in one.tables)
        for one in found:
            self.add_note(str(one))


def _unmended(finding: Finding) -> Problem:
    """What is wrong, without saying which number is small: that is in the notes, which go into no page."""
    what = "a small count could be worked out, and nothing more can be withheld"
    return Problem(" and ".join(finding.tables), what, finding.remedy)
