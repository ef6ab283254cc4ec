"""What was released: every number that left, whom it counts and between which values it lies, one line a table.

The register is what a new release is held against. It is only ever added to, and holds nothing that is not out: of each
number what everybody learns who reads it. A page that is made again and says the same adds nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Any

from pcn_analysis.exceptions import problem
from pcn_analysis.release.audit import Cell, Seen, cells_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pcn_analysis.release.disclosure import ReleasedTable

FOLDER = "released"
"""Folder of the register under ``data/``; a folder of each place in it."""


@dataclass(frozen=True)
class Told:
    """What one released table tells.

    Parameters
    ----------
    table
        What the table is called: its report, its number there, and the dimensions that it is broken down by.
    profile
        The profile under which it was released.
    seen
        What its numbers tell.
    run, released
        The run in which it was released, and when, in UTC; empty until it is.
    """

    table: str
    profile: str
    seen: tuple[Seen, ...]
    run: str = ""
    released: str = ""

    @property
    def sha256(self) -> str:
        """Hash of what it tells, by which the same table is known again."""
        facts = {name: value for name, value in _plain(self).items() if name not in ("run", "released")}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def told(table: ReleasedTable, name: str) -> Told:
    """What a released table tells, under a name."""
    return Told(name, table.profile, tuple(cells_of(table, name)))


def record(path: Path, tables: Iterable[Told], *, run: str, released: str) -> int:
    """Add tables to a register, but for those that it already has; returns how many were added."""
    there = {one.sha256 for one in read(path)}
    new = [replace(one, run=run, released=released) for one in tables if one.sha256 not in there]
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="ascii", newline="\n") as file:
            file.writelines(line(one) for one in new)
    return len(new)


def read(path: Path) -> list[Told]:
    """Read a register; none is an empty one.

    Raises
    ------
    PcnAnalysisError
        If a line is damaged: without it, what a new release tells together with it would not be known.
    """
    if not path.exists():
        return []
    lines = path.read_text(encoding="ascii").splitlines()
    tables, damaged = [], 0
    for one in lines:
        try:
            tables.append(_told(json.loads(one)))
        except (ValueError, KeyError, TypeError):
            damaged += 1
    if damaged:
        raise problem(
            path.name,
            f"{damaged} of {len(lines)} lines of the release register are damaged",
            "Restore it from a copy: what was released has to be known before anything more is.",
        )
    return tables


def line(told_: Told) -> str:
    """A table as a line of the register."""
    return json.dumps(_plain(told_)) + "\n"


def _plain(one: Told) -> dict[str, Any]:
    columns = {each.column: [each.by, each.never] for each in one.seen}
    numbers = [
        [[*astuple(each.cell)], each.low, each.high, each.kind, each.row, each.column] for each in one.seen
    ]  # fmt: skip
    facts = {"table": one.table, "profile": one.profile, "run": one.run, "released": one.released}
    return {**facts, "columns": columns, "numbers": numbers}


def _told(facts: Mapping[str, Any]) -> Told:
    table, columns = str(facts["table"]), {name: tuples(both) for name, both in facts["columns"].items()}
    seen = tuple(
        Seen(Cell(*tuples(cell)), low, high, kind, table, row, column, *columns[column])
        for cell, low, high, kind, row, column in facts["numbers"]
    )
    return Told(table, str(facts["profile"]), seen, str(facts["run"]), str(facts["released"]))


def tuples(value: Any) -> Any:
    """A list as a tuple, with those that are in it."""
    return tuple(map(tuples, value)) if isinstance(value, list) else value
