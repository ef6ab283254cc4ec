"""What is wrong with the tables that a plan of a team is made from: everything at once, and nothing of a person."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from pcn_analysis.exceptions import Problem, nearest
from pcn_analysis.words import number
from pcn_analysis.workforce.role_words import NAMES

UNIT = 10_000
"""Units of one whole-time equivalent."""
WORK = ("task", "hours", "roles")
ROLES = ("role", "name", "cost", "hours", "available", "now", "peer_group")
SEPARATOR = ","
"""Between the roles that can do a task, the usual one first."""


def named(written: Any) -> list[str]:
    """Roles that can do a task, from the words of one cell.

    Examples
    --------
    >>> named("clinical_pharmacist, pharmacy_technician")
    ['clinical_pharmacist', 'pharmacy_technician']
    """
    return [] if pd.isna(written) else [one.strip() for one in str(written).split(SEPARATOR) if one.strip()]


def exact(value: Any) -> Fraction:
    """The number that somebody wrote: 0.1 is a tenth."""
    return Fraction(str(value))


def column_problems(where: str, frame: pd.DataFrame, columns: tuple[str, ...]) -> list[Problem]:
    """Columns that are missing, each with the nearest that there is."""
    missing = [one for one in columns if one not in frame]
    return [Problem(where, f"the column {one} is missing", nearest(one, map(str, frame.columns))) for one in missing]


def number_problems(budget: float | None, part: float) -> list[Problem]:
    """What is wrong with the sum, and with the part of a post."""
    found = []
    if budget is not None and not (math.isfinite(budget) and budget >= 0):
        found.append(Problem("budget", "it is no sum of money", "Give pounds a year, 0 or more; None for no limit."))
    if not (math.isfinite(part) and 0 < part <= 1) or (exact(part) * UNIT).denominator != 1:
        what = f"{part} is no part of a post"
        found.append(Problem("part", what, "Give more than 0 and at most 1, with four decimals at most."))
    return found


def given(
    roles: pd.DataFrame, column: str, own: Mapping[str, float] | None, problems: list[Problem]
) -> pd.DataFrame:  # fmt: skip
    """Roles with numbers of one's own in a column."""
    known = set(roles["role"].dropna())
    problems += [
        Problem("staff" if column == "now" else column, f"{one} is none of the roles", nearest(one, known))
        for one in own or {}
        if one not in known
    ]
    values = roles["role"].map(own or {}).astype("object")
    return roles.assign(**{column: roles[column].astype("object").mask(roles["role"].isin(list(own or {})), values)})


def role_problems(roles: pd.DataFrame) -> list[Problem]:
    """Rows of roles that stand there twice, lack a name, or hold what is no number."""
    twice = [str(one) for one, times in Counter(roles["role"]).items() if times > 1]
    found = [Problem("roles", f"{one} stands there twice", "Keep one of its rows.") for one in sorted(twice)]
    if roles["role"].isna().any():
        found.append(
            Problem("roles.role", f"{number(int(roles['role'].isna().sum()), 'row')} without a role", "Name it.")
        )
    for column in ("cost", "hours", "available", "now"):
        values = pd.to_numeric(roles[column], errors="coerce")
        wrong = roles["role"][
            (roles[column].notna() & values.isna()) | values.lt(0).fillna(False) | values.eq(math.inf)
        ]
        found += [
            Problem(f"roles.{column}", f"{one} has no number of 0 or more", "Give one, or null.") for one in wrong
        ]
    return found


def _no_number(written: pd.Series, values: pd.Series) -> pd.Series:
    """Rows that hold what is no number of 0 or more."""
    odd = values.lt(0).fillna(False) | values.eq(math.inf).fillna(False)
    return ((written.notna() & values.isna()) | odd).astype(bool)


def work_problems(work: pd.DataFrame, roles: pd.DataFrame) -> list[Problem]:
    """Rows of work that stand there twice, hold what is no number, or name roles that do not exist."""
    twice = [str(one) for one, times in Counter(work["task"]).items() if times > 1]
    found = [
        Problem("work", f"{one} stands there twice", "Add its rows up, or name them apart.") for one in sorted(twice)
    ]
    for column in ("hours", *(["weight"] if "weight" in work else [])):
        values = pd.to_numeric(work[column], errors="coerce")
        wrong = _no_number(work[column], values) | (values.isna() & (column == "weight"))
        names = list(work["task"][wrong])
        found += [Problem(f"work.{column}", f"{one} has no number of 0 or more", "Give one.") for one in names]
    known = set(roles["role"].dropna()) | set(NAMES)
    unknown = sorted({one for cell in work["roles"] for one in named(cell)} - known)
    return found + [Problem("work.roles", f"{one} is no role", nearest(one, known)) for one in unknown]


def group_of(row: Mapping[Any, Any]) -> str:
    """Its peer group; a role without one is a group of its own."""
    return str(row["role"] if pd.isna(row["peer_group"]) else row["peer_group"])


def smallest_units(
    roles: pd.DataFrame, wanted: float | Mapping[str, float] | None, problems: list[Problem]
) -> dict[str, int]:  # fmt: skip
    """Units that each peer group has at least if it has anybody; only groups of which any are asked."""
    groups = sorted({group_of(row) for row in roles.to_dict("records")})
    each: dict[str, float] = {}
    if isinstance(wanted, Mapping):
        each.update(wanted)
    elif wanted is not None:
        each.update(dict.fromkeys(groups, wanted))
    unknown = [str(one) for one in each if one not in groups]
    problems += [Problem("smallest_team", f"{one} is no peer group", nearest(one, groups)) for one in unknown]
    wrong = [one for one, wte in each.items() if not (math.isfinite(wte) and wte >= 0)]
    problems += [Problem("smallest_team", f"{one} has no number of 0 or more", "Give one.") for one in wrong]
    return {} if wrong else {str(one): math.ceil(exact(wte) * UNIT) for one, wte in each.items() if wte > 0}
