"""Which team covers most of the work within a sum of money: the best mix of roles, with a proof of how good it is.

It is arithmetic on what it is given: hours of work, who can do it, what a post costs. It knows nothing of skill,
supervision, training, rooms, or of who would apply. A plan is a question for a network's clinical director, not an
answer. :mod:`pcn_analysis.workforce.team_model` has the formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.workforce.infeasible import conflicts
from pcn_analysis.workforce.team_inputs import case_of, pounds
from pcn_analysis.workforce.team_model import cost_of, solve
from pcn_analysis.workforce.team_tables import (
    COVER,
    NEARLY,
    POSTS,
    SPLIT,
    binding,
    cover_of,
    outside,
    posts_of,
    split_of,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.workforce.team_inputs import Case
    from pcn_analysis.workforce.team_model import Team

OPTIMAL, WITHIN_GAP = "optimal", "within the gap asked for"
TIME_LIMIT, NONE_FOUND = "time limit: best found", "time limit: no team found"
INFEASIBLE, NO_ROLE = "infeasible", "no role can be planned"
SOLVED = (OPTIMAL, WITHIN_GAP, TIME_LIMIT)
"""Statuses of a plan that holds a team."""


@dataclass(frozen=True)
class TeamPlan:
    """A team, what it covers, and how sure it is that there is none better.

    Parameters
    ----------
    posts
        One row a role, by name of the role: role, name, now and planned and added (WTE; added is below 0 where fewer
        are planned than there are), cost (GBP a year, of those planned), hours (contact hours a month), used (of them).
    cover
        One row a task, by name: task, weight, hours (a month; null: not shown), covered, share, by (names of the roles
        that do it, most hours first; empty where none does). Work of which the hours are not known has nulls.
    split
        One row a task and role that does any of it: task, role, name, hours.
    budget, cost
        GBP a year, to the penny; the cost is never above the budget.
    coverage, bound
        Share of weighted hours that is covered, and that no team can exceed. Work that no role of the plan can do is
        among the hours, and is never covered.
    gap
        (bound - coverage) ÷ bound; 0 where the optimum is proven.
    status
        One of ``optimal``, ``within the gap asked for``, ``time limit: best found``, ``time limit: no team found``,
        ``infeasible``, ``no role can be planned`` (there is none, or none of which both cost and hours are known).
    least_cost
        Whether it is proven that no cheaper team covers as much.
    outside
        Hours a month of work that no role of the plan can do.
    binding
        What keeps more from being covered, in sentences.
    reasons
        Why no team is possible, in sentences; empty where one is.
    left_out
        Roles that could not be planned, and why.
    """

    posts: pd.DataFrame
    cover: pd.DataFrame
    split: pd.DataFrame
    budget: float | None
    cost: float | None
    coverage: float | None
    bound: float | None
    gap: float | None
    status: str
    least_cost: bool
    outside: float
    binding: tuple[str, ...]
    reasons: tuple[str, ...]
    left_out: tuple[str, ...]


def plan_team(
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
) -> TeamPlan:
    """Find the team that covers most weighted hours of work within a sum, and of those teams the cheapest.

    Parameters
    ----------
    work
        One row a task: task, hours (a month; null where not shown), roles (short names of those who can do it, with
        commas between, the usual one first) and optionally weight (1 where there is no such column).
    roles
        One row a role: role, name, cost (GBP a year of one WTE), hours (contact hours a month of one WTE), available
        (WTE at most, those there included; null: no limit is known), now (WTE there; null: nobody), peer_group (roles
        that work together as a team; null: the role alone). A role without a known cost or hours is not planned.
    budget
        GBP a year; None for no limit.
    staff, available
        WTE by role, in place of the columns now and available; None is null there: nobody, and no known limit.
    keep
        Whether staff who are there stay. If not, the team is made from nothing.
    part
        WTE of which posts are made up, beside the staff who stay.
    smallest_team
        WTE that a peer group has at least if it has anybody: one number for all, or by group.
    time_limit
        Seconds. What is best by then is given, with its gap.
    gap
        Relative gap at which the search may stop: 0 asks for a proof.

    Returns
    -------
    TeamPlan
        The same for any order of rows. Where the search ended in time it is the same each time.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with what is given.

    Examples
    --------
    >>> work = pd.DataFrame({"task": ["Medication review", "Care plan"], "hours": [120.0, 40.0],
    ...     "roles": ["clinical_pharmacist", "care_coordinator, clinical_pharmacist"]})
    >>> roles = pd.DataFrame({"role": ["clinical_pharmacist", "care_coordinator"],
    ...     "name": ["Clinical pharmacist", "Care coordinator"], "cost": [60_000, 30_000], "hours": [80.0, 80.0],
    ...     "available": [None, None], "now": [1.0, 0.0], "peer_group": [None, None]})
    >>> plan = plan_team(work, roles, 105_000)
    >>> plan.posts[["name", "now", "planned", "cost", "hours"]]
                      name  now  planned     cost  hours
    0     Care coordinator  0.0      0.5  15000.0   40.0
    1  Clinical pharmacist  1.0      1.5  90000.0  120.0
    >>> plan.cost, plan.coverage, plan.status
    (105000.0, 1.0, 'optimal')
    """
    case = case_of(
        work, roles, budget, staff=staff, keep=keep, part=part, smallest_team=smallest_team, available=available,
        time_limit=time_limit, gap=gap,
    )  # fmt: skip
    if not case.roles:
        return _without_team(case, NO_ROLE)
    reasons = tuple(one.sentence for one in conflicts(case))
    if reasons:
        return _without_team(case, INFEASIBLE, reasons)
    team = solve(case, time_limit, gap)
    return _without_team(case, NONE_FOUND) if team is None else _plan(case, team)


def _plan(case: Case, team: Team) -> TeamPlan:
    needed = sum(one.hours * one.weight for one in case.work)
    gap = (team.bound - team.covered) / team.bound if team.bound else 0.0
    gap = gap if gap > NEARLY else 0.0
    status = TIME_LIMIT if not team.in_time else OPTIMAL if not gap else WITHIN_GAP
    bound = min(team.bound, needed) if gap else team.covered
    return TeamPlan(
        posts=posts_of(case, team),
        cover=cover_of(case, team),
        split=split_of(case, team),
        budget=None if case.budget is None else pounds(case.budget),
        cost=pounds(cost_of(case, team.parts)),
        coverage=round(team.covered / needed, 9) if needed else None,
        bound=round(bound / needed, 9) if needed else None,
        gap=gap,
        status=status,
        least_cost=team.least_cost,
        outside=outside(case),
        binding=binding(case, team),
        reasons=(),
        left_out=case.left_out,
    )


def _without_team(case: Case, status: str, reasons: tuple[str, ...] = ()) -> TeamPlan:
    empty = [pd.DataFrame(columns=list(columns)) for columns in (POSTS, COVER, SPLIT)]
    budget = None if case.budget is None else pounds(case.budget)
    posts, cover, split = empty
    return TeamPlan(
        posts, cover, split, budget, None, None, None, None, status, False, outside(case), (), reasons, case.left_out
    )
