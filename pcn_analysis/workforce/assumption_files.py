"""Tables of assumptions in files: those of this package, and those that somebody wrote, with all that is wrong."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.contract.clauses import STANDINGS
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.network.grouping_files import parsed
from pcn_analysis.words import folded, number
from pcn_analysis.workforce.role_words import NAMES
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
    example = f"Begin it with {','.join(table.columns)}."
    _, header, cells = parsed(path, example)
    names = [folded(one) for one in header]
    missing = [one for one in table.columns if one not in names]
    remedies = {one: f"{nearest(one, names)} {example}" for one in missing}
    problems = [Problem(path.name, f"the column {one} is missing", remedies[one]) for one in missing]
    if sorted(set(names)) != sorted(names):
        problems.append(Problem(path.name, "a column is there twice", "Keep one of them."))
    odd = sum(len(row) != len(names) for row in cells)
    if odd or not cells:
        what = f"{number(odd, 'row')} with more or fewer cells than the header" if odd else "there is no row"
        problems.append(Problem(path.name, what, "Put quotes around a cell that holds a comma."))
    if problems:
        raise PcnAnalysisError(*problems)
    return pd.DataFrame(cells, columns=pd.Index(names), dtype="str")[list(table.columns)]


def _problems(table: Table, rows: pd.DataFrame, name: str) -> list[Problem]:
    """Everything that is wrong with rows that somebody wrote."""
    found = []
    twice = rows.duplicated(list(table.key), keep="first")
    for place, row in enumerate(rows.to_dict("records"), start=2):
        faults = [*_words(table, row), *_values(table, row)]
        if twice.iloc[place - 2]:
            faults.append((f"{' and '.join(table.key)} as in a row before", "Keep one of them."))
        found += [Problem(f"{name}, row {place}", what, remedy) for what, remedy in faults]
    return found


def _words(table: Table, row: dict[str, str]) -> list[tuple[str, str]]:
    found = [(f"no {one}", "Fill it in.") for one in table.key if not row[one] and one != "applies_to"]
    if row["standing"] not in STANDINGS:
        found.append((f"standing {row['standing']} is none", f"It is one of {', '.join(STANDINGS)}."))
    if not row["source"]:
        found.append(("nothing says where it comes from", "Fill in source."))
    if "roles" in table.columns:
        found += [(f"{one} is no role", nearest(one, NAMES)) for one in named(row["roles"]) if one not in NAMES]
        found += [] if named(row["roles"]) else [("nobody can do it", "Name a role.")]
    if table is ASSUMPTIONS:
        known = set(_ours(TASK_ROLES)["task"]) if row["assumption"] in OF_TASKS else set(NAMES)
        if row["assumption"] not in RANGES:
            found.append((f"there is no assumption {row['assumption']}", nearest(row["assumption"], RANGES)))
        elif row["applies_to"] and row["applies_to"] not in known:
            found.append((f"it applies to {row['applies_to']}, which is not known", nearest(row["applies_to"], known)))
    return found


def _values(table: Table, row: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    for column in table.numbers:
        low, high = RANGES.get(row["assumption"], (-1.0, MOST)) if table is ASSUMPTIONS else (-1.0, MOST)
        try:
            value = float(row[column])
        except ValueError:
            value = math.nan
        if not (low < value <= high and (low >= 0 or value >= 0)):
            least = "0 or more" if low < 0 else f"more than {low:g}"
            found.append((f"{column} is no number that can be", f"Give {least}, and at most {high:g}."))
    return found
