"""What a plan of a team is made from, checked, and put into whole pence and parts of a post.

Money is in pence and posts are in ten-thousandths of a whole-time equivalent, both whole numbers, so that "never above
the sum" holds exactly. Money is rounded to the safe side: what a post costs up, the sum down. Who is there and who can
be had are both rounded to the nearest ten-thousandth, so that all who are there can always be had. Roles and tasks are
put in the order of their names, so that the order of rows never matters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.words import listed
from pcn_analysis.workforce.team_checks import (
    ROLES,
    UNIT,
    WORK,
    column_problems,
    given,
    group_of,
    named,
    number_problems,
    role_problems,
    scaled,
    smallest_units,
    work_problems,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from pcn_analysis.exceptions import Problem

PENCE = 100


@dataclass(frozen=True)
class Role:
    """A role that a team can hold.

    Parameters
    ----------
    slug, name
        Short and full name.
    whole_cost, part_cost
        Pence a year of one whole-time equivalent, exact; and of one part, rounded up.
    now, base, base_cost
        Units already there; those that the plan keeps, and their pence a year.
    available
        Units at most; None where no limit is known.
    hours
        Contact hours of one whole-time equivalent in a month.
    group
        Its peer group.
    """

    slug: str
    name: str
    whole_cost: Fraction
    part_cost: int
    now: int
    base: int
    base_cost: int
    available: int | None
    hours: float
    group: str


@dataclass(frozen=True)
class Work:
    """A task with the hours of a month, and the positions of the roles that can do it, the usual one first."""

    task: str
    hours: float
    weight: float
    roles: tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """A plan that is asked for, in whole numbers.

    Parameters
    ----------
    roles, work
        In the order of their names; work of hours that are known.
    budget
        Pence a year; None for no limit.
    part
        Units of one part of a post.
    smallest
        Units that a peer group has at least if it has any.
    not_shown
        Tasks of which the hours are not known.
    left_out
        What is not planned, and why: sentences.
    """

    roles: tuple[Role, ...]
    work: tuple[Work, ...]
    budget: int | None
    part: int
    smallest: Mapping[str, int]
    not_shown: tuple[str, ...]
    left_out: tuple[str, ...]

    def members(self, group: str) -> list[int]:
        """Positions of the roles of a peer group."""
        return [at for at, role in enumerate(self.roles) if role.group == group]

    @property
    def base_cost(self) -> int:
        """Pence a year of the staff that the plan keeps."""
        return sum(role.base_cost for role in self.roles)

    def most(self, at: int) -> int:
        """Parts that a role can be given at most, beside the staff that the plan keeps; below 0 where too many stay.

        More than could do all its work, or fill its peer group, are never of use.
        """
        role = self.roles[at]
        needed = sum(one.hours for one in self.work if at in one.roles)
        useful = math.ceil(needed / (role.hours * self.part / UNIT)) if role.hours else 0
        found = max(useful, -(-self.smallest.get(role.group, 0) // self.part))
        if role.available is not None:
            found = min(found, (role.available - role.base) // self.part)
        if self.budget is not None and role.part_cost:
            found = min(found, max(0, self.budget - self.base_cost) // role.part_cost)
        return found


def case_of(
    work: pd.DataFrame,
    roles: pd.DataFrame,
    budget: float | None,
    *,
    staff: Mapping[str, float | None] | None = None,
    keep: bool = True,
    part: float = 0.1,
    smallest_team: float | Mapping[str, float] | None = None,
    available: Mapping[str, float | None] | None = None,
    time_limit: float = 10.0,
    gap: float = 0.0,
    also: Sequence[Problem] = (),
) -> Case:
    """Check what a plan is made from; see :func:`pcn_analysis.workforce.planner.plan_team`.

    Parameters
    ----------
    work, roles, budget, staff, keep, part, smallest_team, available, time_limit, gap
        As there; a time limit and a gap are checked and no part of the case.
    also
        What else is wrong with what a caller was given, to be told with the rest.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong.
    """
    lacking = column_problems("work", work, WORK) + column_problems("roles", roles, ROLES)
    problems = [*lacking, *number_problems(budget, part, time_limit, gap), *also]
    if lacking:
        raise PcnAnalysisError(*problems)
    roles = given(roles, "now", staff, problems)
    roles = given(roles, "available", available, problems)
    problems += role_problems(roles) + work_problems(work, roles)
    smallest = smallest_units(roles, smallest_team, problems)
    if problems:
        raise PcnAnalysisError(*problems)
    known = roles[["cost", "hours"]].notna().all(axis=1)
    units = int(scaled(part, UNIT))
    kept = [_role(row, keep, units) for row in roles[known].sort_values("role").to_dict("records")]
    at = {role.slug: place for place, role in enumerate(kept)}
    rows = work.sort_values("task").to_dict("records")
    return Case(
        roles=tuple(kept),
        work=tuple(_work(row, at) for row in rows if pd.notna(row["hours"])),
        budget=None if budget is None else math.floor(scaled(budget, PENCE)),
        part=units,
        smallest=smallest,
        not_shown=tuple(row["task"] for row in rows if pd.isna(row["hours"])),
        left_out=tuple(_left_out(row) for row in roles[~known].sort_values("role").to_dict("records")),
    )


def _role(row: Mapping[Any, Any], keep: bool, part: int) -> Role:
    cost = scaled(row["cost"], PENCE)
    now = 0 if pd.isna(row["now"]) else round(scaled(row["now"], UNIT))
    base = now if keep else 0
    available = None if pd.isna(row["available"]) else round(scaled(row["available"], UNIT))
    return Role(
        row["role"], str(row["name"]), cost, math.ceil(cost * part / UNIT), now, base, math.ceil(cost * base / UNIT),
        available, float(row["hours"]), group_of(row),
    )  # fmt: skip


def _work(row: Mapping[Any, Any], at: Mapping[str, int]) -> Work:
    can = tuple(dict.fromkeys(at[one] for one in named(row["roles"]) if one in at))
    return Work(str(row["task"]), float(row["hours"]), float(row.get("weight", 1.0)), can)


def _left_out(row: Mapping[Any, Any]) -> str:
    lacks = listed([what for column, what in (("cost", "cost"), ("hours", "hours")) if pd.isna(row[column])])
    now = 0.0 if pd.isna(row["now"]) else float(row["now"])
    there = f" The {now:.2f} WTE who are there are not in the plan." if now else ""
    return f"{row['name']}: not planned, as its {lacks} are not known.".replace("cost are", "cost is") + there


def pounds(pence: int) -> float:
    """Pounds of pence."""
    return pence / PENCE
