"""What is wrong with the tables that a plan of a team is made from: everything at once, and nothing of a person."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from numbers import Real
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


def scaled(value: Any, by: int) -> Fraction:
    """A number in smaller units, without the noise of the computer's arithmetic.

    Examples
    --------
    >>> 0.7 + 0.6, scaled(0.7 + 0.6, 10_000)
    (1.2999999999999998, Fraction(13000, 1))
    """
    return round(exact(value) * by, 6)


def is_number(value: Any) -> bool:
    """Whether it is a number of 0 or more that ends, and no text and no truth value.

    Examples
    --------
    >>> [is_number(one) for one in (0, 0.5, "0.5", None, pd.NA, True, float("inf"), -1)]
    [True, True, False, False, False, False, False, False]
    """
    return isinstance(value, Real) and not isinstance(value, bool) and 0 <= float(value) < math.inf


def column_problems(where: str, frame: pd.DataFrame, columns: tuple[str, ...]) -> list[Problem]:
    """Columns that are missing, each with the nearest that there is."""
    if not isinstance(frame, pd.DataFrame):
        return [Problem(where, "it is no table", f"Give a DataFrame with {', '.join(columns)}.")]
    missing = [one for one in columns if one not in frame]
    return [Problem(where, f"the column {one} is missing", nearest(one, map(str, frame.columns))) for one in missing]


def number_problems(budget: float | None, part: float, time_limit: float, gap: float) -> list[Problem]:
    """What is wrong with the sum, with the part of a post, and with how long and how far is searched."""
    found = []
    if budget is not None and not is_number(budget):
        found.append(Problem("budget", "it is no sum of money", "Give pounds a year, 0 or more; None for no limit."))
    if not (is_number(part) and 0 < part <= 1) or scaled(part, UNIT).denominator != 1:
        what = "it is no part of a post"
        found.append(Problem("part", what, "Give more than 0 and at most 1, with four decimals at most."))
    if not (is_number(time_limit) and time_limit > 0):
        found.append(Problem("time_limit", "it is no time to search", "Give seconds above 0."))
    if not (is_number(gap) and gap < 1):
        found.append(Problem("gap", "it is no gap to stop at", "Give 0 or more, and less than 1."))
    return found


def given(
    roles: pd.DataFrame, column: str, own: Mapping[str, float | None] | None, problems: list[Problem]
) -> pd.DataFrame:  # fmt: skip
    """Roles with numbers of one's own in a column; None in place of a number is null there too."""
    where = "staff" if column == "now" else column
    if own is not None and not isinstance(own, Mapping):
        problems.append(Problem(where, "it is no number by role", "Give a dict of roles and numbers."))
        return roles
    own = own or {}
    known = set(roles["role"].dropna())
    problems += [
        Problem(where, f"{one} is none of the roles", nearest(str(one), map(str, known)))
        for one in own
        if one not in known
    ]
    values = roles["role"].map(own).astype("object")
    return roles.assign(**{column: roles[column].astype("object").mask(roles["role"].isin(list(own)), values)})


def role_problems(roles: pd.DataFrame) -> list[Problem]:
    """Rows of roles that stand there twice, lack a name, or hold what is no number."""
    found = _key_problems("roles", roles["role"], "Keep one of its rows.")
    for column in ("cost", "hours", "available", "now"):
        wrong = roles["role"][_no_number(roles[column])]
        found += [
            Problem(f"roles.{column}", f"{one} has no number of 0 or more", "Give one, or null.") for one in wrong
        ]
    return found


def work_problems(work: pd.DataFrame, roles: pd.DataFrame) -> list[Problem]:
    """Rows of work that stand there twice, lack a name, hold what is no number, or name roles that do not exist."""
    found = _key_problems("work", work["task"], "Add its rows up, or name them apart.")
    for column in ("hours", *(["weight"] if "weight" in work else [])):
        wrong = _no_number(work[column]) | (work[column].isna() & (column == "weight"))
        names = list(work["task"][wrong])
        found += [Problem(f"work.{column}", f"{one} has no number of 0 or more", "Give one.") for one in names]
    known = set(roles["role"].dropna()) | set(NAMES)
    unknown = sorted({one for cell in work["roles"] for one in named(cell)} - known)
    return found + [Problem("work.roles", f"{one} is no role", nearest(one, known)) for one in unknown]


def _key_problems(where: str, keys: pd.Series, remedy: str) -> list[Problem]:
    """Names that stand there twice, and rows without one."""
    twice = sorted(str(one) for one, times in Counter(keys.dropna()).items() if times > 1)
    found = [Problem(where, f"{one} stands there twice", remedy) for one in twice]
    if nameless := int(keys.isna().sum()):
        found.append(Problem(f"{where}.{keys.name}", f"{number(nameless, 'row')} without a {keys.name}", "Name it."))
    return found


def _no_number(written: pd.Series) -> pd.Series:
    """Rows that hold what is no number of 0 or more; null is none of them."""
    values = pd.to_numeric(written, errors="coerce")
    odd = values.lt(0).fillna(False) | values.eq(math.inf).fillna(False)
    return (odd | (written.notna() & values.isna()) | written.map(lambda one: isinstance(one, bool))).astype(bool)


def group_of(row: Mapping[Any, Any]) -> str:
    """Its peer group; a role without one is a group of its own."""
    return str(row["role"] if pd.isna(row["peer_group"]) else row["peer_group"])


def smallest_units(
    roles: pd.DataFrame, wanted: float | Mapping[str, float] | None, problems: list[Problem]
) -> dict[str, int]:  # fmt: skip
    """Units that each peer group has at least if it has anybody; only groups of which any are asked."""
    groups = sorted({group_of(row) for row in roles.to_dict("records")})
    if wanted is None:
        return {}
    if not isinstance(wanted, Mapping) and not is_number(wanted):
        remedy = "Give whole-time equivalents, for all peer groups or by group."
        problems.append(Problem("smallest_team", "it is no number of 0 or more", remedy))
        return {}
    each = wanted if isinstance(wanted, Mapping) else dict.fromkeys(groups, wanted)
    unknown = [str(one) for one in each if one not in groups]
    problems += [Problem("smallest_team", f"{one} is no peer group", nearest(one, groups)) for one in unknown]
    wrong = [one for one, wte in each.items() if not is_number(wte)]
    problems += [Problem("smallest_team", f"{one} has no number of 0 or more", "Give one.") for one in wrong]
    return {} if wrong else {str(one): math.ceil(scaled(wte, UNIT)) for one, wte in each.items() if wte > 0}
