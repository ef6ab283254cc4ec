"""What was found wrong with records on the way in: in counts, and never of whom."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pcn_analysis import tables

LEFT_OUT = "left out"
ACTIONS = (LEFT_OUT, "set to missing", "changed", "noted")
"""What became of the rows or values: rows left out; values set to missing, or changed; or kept as they were."""


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Parameters
    ----------
    where
        The file, or the table of ``tables/``, and the column where there is one: ``conditions.code``.
    what
        What was found, in words without any value of a record.
    rows
        In how many rows, or people where the words say so.
    action
        One of ``ACTIONS``.
    prominent
        Whether it is said on the command line, beside what is left out, and not in the report alone: who is counted,
        or how often, would otherwise be misread.
    """

    where: str
    what: str
    rows: int
    action: str
    prominent: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.rows:,} ({self.action})"


class Findings:
    """Everything found while an extract comes in, in the order of finding.

    Examples
    --------
    >>> found = Findings()
    >>> found.add("conditions", "date after the extract was taken", 2, "left out")
    >>> found.add("conditions", "no date", 0, "left out")
    >>> found.left_out("conditions")
    2
    >>> found.rows[0].prominent
    True
    """

    def __init__(self) -> None:
        self.rows: list[Finding] = []

    def add(self, where: str, what: str, rows: int, action: str, *, prominent: bool = False) -> None:
        """Note something; nothing is noted of no rows, and what is left out is always prominent."""
        if action not in ACTIONS:
            message = f"no such action: {action}"
            raise ValueError(message)
        if rows:
            self.rows.append(Finding(where, what, int(rows), action, prominent or action == LEFT_OUT))

    def left_out(self, table: str) -> int:
        """How many rows of a table were left out; lines of its file that are no rows are not among them."""
        places = {table, *(f"{table}.{column}" for column in tables.NAMED[table].column_names())}
        return sum(one.rows for one in self.rows if one.action == LEFT_OUT and one.where in places)

    def to_list(self) -> list[dict[str, Any]]:
        """Plain values for a JSON file."""
        return [asdict(one) for one in self.rows]
