"""Tables of assumptions in files: those of this package, and those that somebody wrote, with all that is wrong.

What is said of a wrong file never holds what a cell does: it may be the wrong file, a list of people.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.contract.clauses import STANDINGS
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.network.grouping_files import parsed
from pcn_analysis.words import folded, number
from pcn_analysis.workforce.role_words import NAMES, OF_SCHEME
from pcn_analysis.workforce.team_checks import named

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER = files("pcn_analysis") / "workforce"
WORKING_DAYS = 260
"""Days of 52 weeks of five days."""
DAYS = ("leave_days", "bank_holidays", "other_days_away")
RANGES = {
    "backlog_months": (0.0, 120.0), "repeats": (-1.0, 366.0), "weekly_hours": (0.0, 60.0), "contact_share": (0.0, 1.0),
    **dict.fromkeys(DAYS, (-1.0, float(WORKING_DAYS))),
}  # fmt: skip
"""Each assumption is more than the first number, and at most the second; -1 lets 0 in."""
OF_TASKS = ("backlog_months", "repeats")
"""Assumptions that can apply to one task; the others can apply to one role."""
Fault = tuple[str, pd.Series, str]
"""What is wrong, with which rows, and what to do about it."""
MOST = 1e4
"""Contacts a year, or minutes of one, beyond which a cell is a mistake."""


@dataclass(frozen=True)
class Table:
    """A table of assumptions: its file, columns and key, and which columns hold numbers."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    numbers: tuple[str, ...]


_END = ("standing", "source", "note")
ASSUMPTIONS = Table(
    "assumptions", ("assumption", "applies_to", "value", "unit", *_END), ("assumption", "applies_to"), ("value",)
)
TASK_ROLES = Table("task_roles", ("task", "roles", *_END), ("task",), ())
SEGMENT_WORK = Table(
    "segment_work", ("segment", "task", "roles", "contacts_a_year", "minutes", *_END), ("segment", "task"),
    ("contacts_a_year", "minutes"),
)  # fmt: skip


def table_of(table: Table, own: Path | None) -> pd.DataFrame:
    """Read a table of this package, with rows of one's own in place of those with the same key.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file.
    """
    ours = _ours(table).copy()
    if own is None:
        return ours
    theirs = _read(table, own)
    problems = _problems(table, theirs, own.name)
    if problems:
        raise PcnAnalysisError(*problems)
    both = pd.concat([ours, _typed(table, theirs)]).drop_duplicates(list(table.key), keep="last")
    return both.reset_index(drop=True)


@cache
def _ours(table: Table) -> pd.DataFrame:
    text = (_FOLDER / f"{table.name}.csv").read_text(encoding="utf-8")
    return _typed(table, pd.DataFrame(list(csv.DictReader(io.StringIO(text, newline=""))), dtype="str"))


def _typed(table: Table, written: pd.DataFrame) -> pd.DataFrame:
    return written.astype("str").astype(dict.fromkeys(table.numbers, "float64"))


def _read(table: Table, path: Path) -> pd.DataFrame:
    """Cells of a file as text; a column that is not asked for is refused, and none that is found is named."""
    example = f"Begin it with {','.join(table.columns)}."
    _, header, cells = parsed(path, example)
    names = [folded(one) for one in header]
    problems = [
        Problem(path.name, f"the column {one} is missing", example) for one in table.columns if one not in names
    ]
    problems += [
        Problem(path.name, f"the column {one} is there twice", "Keep one of them.")
        for one in table.columns
        if names.count(one) > 1
    ]
    if more := sum(one not in table.columns for one in names):
        what = f"{number(more, 'column')} that no such file has"
        problems.append(Problem(path.name, what, f"Keep {', '.join(table.columns)} alone."))
    odd = sum(len(row) != len(names) for row in cells)
    if odd or not cells:
        what = f"{number(odd, 'row')} with more or fewer cells than the header" if odd else "there is no row"
        problems.append(Problem(path.name, what, "Put quotes around a cell that holds a comma."))
    if problems:
        raise PcnAnalysisError(*problems)
    return pd.DataFrame(cells, columns=pd.Index(names), dtype="str")[list(table.columns)]


def _problems(table: Table, rows: pd.DataFrame, name: str) -> list[Problem]:
    """Everything that is wrong with rows that somebody wrote: how many and the first of them, never what they hold."""
    faults = [(f"no {one}", rows[one].eq(""), "Fill it in.") for one in (*table.key, "source") if one != "applies_to"]
    faults.append(
        ("a standing that is none", ~rows["standing"].isin(STANDINGS), f"It is one of {', '.join(STANDINGS)}.")
    )
    faults += _of_roles(rows) if "roles" in table.columns else []
    faults += _of_assumptions(rows) if table is ASSUMPTIONS else []
    faults += [(f"a {one} that is no number that can be", *_out_of_range(table, rows, one)) for one in table.numbers]
    again = rows.duplicated(list(table.key), keep="first")
    faults.append((f"{' and '.join(table.key)} as in a row before", again, "Keep one of them."))
    found = []
    for what, wrong, remedy in faults:
        at = [place for place, one in enumerate(wrong, start=2) if one]
        if at:
            found.append(Problem(name, f"{number(len(at), 'row')} with {what}, the first in row {at[0]}", remedy))
    return found


def _of_roles(rows: pd.DataFrame) -> list[Fault]:
    can = rows["roles"].map(named)
    strange = can.map(lambda one: bool(set(one) - set(NAMES)))
    short = f"Write short names of codelists/additional_roles.csv, or {', '.join(sorted(set(NAMES) - OF_SCHEME))}."
    return [("nobody who can do it", can.map(len).eq(0), "Name a role."), ("a role that is none", strange, short)]


def _of_assumptions(rows: pd.DataFrame) -> list[Fault]:
    strange = ~rows["assumption"].isin(list(RANGES))
    of_task = rows["assumption"].isin(OF_TASKS)
    known = rows["applies_to"].isin(set(_ours(TASK_ROLES)["task"])).where(of_task, rows["applies_to"].isin(list(NAMES)))
    nowhere = ~strange & rows["applies_to"].ne("") & ~known
    return [
        ("an assumption that there is not", strange & rows["assumption"].ne(""), f"It is one of {', '.join(RANGES)}."),
        ("an applies_to that is not known", nowhere & of_task, "Write a task of task_roles.csv, or leave it empty."),
        ("an applies_to that is not known", nowhere & ~of_task, "Write the short name of a role, or leave it empty."),
    ]


def _out_of_range(table: Table, rows: pd.DataFrame, column: str) -> tuple[pd.Series, str]:
    """Rows whose number is none or beyond its range, and the ranges."""
    of = rows["assumption"] if table is ASSUMPTIONS else pd.Series("", rows.index)
    bounds = [RANGES.get(one, (-1.0, MOST)) for one in of]
    values = pd.to_numeric(rows[column], errors="coerce")
    wrong = [
        not (low < value <= high and (low >= 0 or value >= 0))
        for value, (low, high) in zip(values, bounds, strict=True)
    ]
    odd = pd.Series(wrong, rows.index)
    names = [one for one in RANGES if one in set(of[odd])]
    said = [f"{one}: {_range(*RANGES[one])}" for one in names] or [_range(-1.0, MOST)]
    return odd, f"Give {'; '.join(said)}."


def _range(low: float, high: float) -> str:
    return f"{'0 or more' if low < 0 else f'more than {low:g}'}, and at most {high:g}"
