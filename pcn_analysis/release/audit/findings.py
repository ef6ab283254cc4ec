"""What an audit finds of each number, and of all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pcn_analysis.release.audit.cells import Cell

CLEAN, DISCLOSED, NARROW = "clean", "disclosed", "too narrow"
NOT_PROVEN, CONTRADICTION = "not proven", "contradiction"
"""What is found of a number: nothing, itself, too much, perhaps too much; or that the tables cannot all be true."""


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
        The cells whose ranges force it.
    by_sums
        Whether they would if there were fractions of people too.
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
    by_sums: bool = False

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
