"""Two scenarios of a team: what a reader asks for, and the hours of work of each.

Every function takes released tables and gives a frame, for :meth:`pcn_analysis.release.ReleasedTable.followed_by`. A
scenario is what a reader asks for, four numbers by name: ``budget`` (GBP a year; 0: what the contract pays for
additional roles in the year), ``backlog_months`` (over which open gaps are closed), ``staff_stay`` (whether staff who
are there stay: 1 or 0) and ``smallest_team`` (WTE that a peer group has at least if it has anybody; 0: no least size).
:mod:`pcn_analysis.workforce.scenario_costs` has the sum and what posts cost, and
:mod:`pcn_analysis.workforce.scenario_plans` makes the plans.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.words import number
from pcn_analysis.workforce import assumed as tables
from pcn_analysis.workforce.assumption_files import RANGES
from pcn_analysis.workforce.need import OPEN_GAPS, hours_by_role, hours_by_segment, hours_by_task, wte_by_role

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST, OTHER = "A", "B"
"""Names of the two scenarios."""
BACKLOG = "backlog_months"
SECONDS = 5.0
"""Seconds that each search for a team may take."""


@dataclass(frozen=True)
class Asked:
    """What a scenario asks for.

    Parameters
    ----------
    name
        A or B.
    budget
        GBP a year; 0: what the contract pays for additional roles.
    backlog_months
        Over how many months open gaps are closed.
    staff_stay
        Whether staff who are there stay.
    smallest_team
        WTE that a peer group has at least if it has anybody; 0: no least size.
    """

    name: str
    budget: float
    backlog_months: float
    staff_stay: float
    smallest_team: float

    def words(self) -> str:
        """What it asks for, but for the sum."""
        stay = "staff stay" if self.staff_stay else "staff need not stay"
        least = f", teams of {self.smallest_team:g} WTE or more" if self.smallest_team else ""
        return f"open gaps closed in {number(self.backlog_months, 'month')}, {stay}{least}"

    def assumptions(self, table: pd.DataFrame) -> pd.DataFrame:
        """Assumptions with its months of backlog in place of theirs."""
        usual = table["assumption"].eq(BACKLOG) & table["applies_to"].eq("")
        return table.assign(value=table["value"].mask(usual, float(self.backlog_months)))

    def rules(self) -> dict[str, Any]:
        """What it asks of a planner, but for the sum."""
        return {"keep": bool(self.staff_stay), "smallest_team": self.smallest_team or None, "time_limit": SECONDS}


def asked(first: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[Asked, Asked]:
    """Read what two scenarios ask for.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with either.

    Examples
    --------
    >>> plain = {"budget": 0, "backlog_months": 12, "staff_stay": True, "smallest_team": 0}
    >>> [one.words() for one in asked(plain, plain | {"backlog_months": 1, "staff_stay": False, "smallest_team": 2})][1]
    'open gaps closed in 1 month, staff need not stay, teams of 2 WTE or more'
    """
    problems = [
        Problem(f"{name} of scenario {scenario}", f"{given[name]} cannot be", f"Give {remedy}.")
        for scenario, given in ((FIRST, first), (OTHER, other))
        for name, remedy, fits in (
            ("budget", "GBP a year, 0 or more", lambda value: value >= 0),
            (BACKLOG, f"more than 0 and at most {RANGES[BACKLOG][1]:g}", lambda value: 0 < value <= RANGES[BACKLOG][1]),
            ("staff_stay", "True or False", lambda value: value in (0, 1)),
            ("smallest_team", "WTE, 0 or more", lambda value: value >= 0),
        )
        if not (math.isfinite(given[name]) and fits(given[name]))
    ]
    if problems:
        raise PcnAnalysisError(*problems)
    return Asked(FIRST, **first), Asked(OTHER, **other)


def work(
    worked: pd.DataFrame,
    sizes: pd.DataFrame,
    *,
    first: Mapping[str, Any],
    other: Mapping[str, Any],
    add_segments: float = False,
    own: str = "",
) -> pd.DataFrame:
    """Hours a month of each task in both scenarios.

    Parameters
    ----------
    worked
        Released table of :func:`pcn_analysis.services.work.work`.
    sizes
        Released table of :func:`pcn_analysis.segmentation.segments.sizes`.
    first, other
        What the scenarios ask for.
    add_segments
        Whether contacts of segments are planned beside open gaps. They may hold work that is an open gap as well.
    own
        A folder of ``data/raw/`` with assumptions of one's own (:func:`pcn_analysis.workforce.assumed.of_folder`).

    Returns
    -------
    DataFrame
        The rows of :func:`pcn_analysis.workforce.need.hours_by_task` and ``hours_by_segment``, of each scenario:
        scenario, months (of backlog), planned (whether a plan is made of it), and their columns.
    """
    rows, given = [], tables.of_folder(own)
    for one in asked(first, other):
        tasks = hours_by_task(worked, one.assumptions(given.assumptions), given.task_roles)
        both = pd.concat([tasks, hours_by_segment(sizes, given.segment_work)], ignore_index=True)
        both.insert(0, "scenario", one.name)
        both.insert(1, "months", float(one.backlog_months))
        rows.append(both.assign(planned=both["basis"].eq(OPEN_GAPS).fillna(False) | bool(add_segments)))
    return pd.concat(rows, ignore_index=True)


def of_scenario(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Rows of :func:`work` that a scenario plans."""
    return rows[rows["scenario"].eq(name) & rows["planned"]].reset_index(drop=True)


def by_task(work: pd.DataFrame) -> pd.DataFrame:
    """Hours a month of each task, both scenarios side by side.

    Returns
    -------
    DataFrame
        One row a task or contact of a segment, most hours first, those that are not planned last: the columns of
        :func:`work` for scenario A but scenario, with other_months and other_hours (of scenario B).
    """
    a, b = (work[work["scenario"].eq(name)].reset_index(drop=True) for name in (FIRST, OTHER))
    both = a.drop(columns="scenario").assign(other_months=b["months"], other_hours=b["hours"])
    order = {"by": ["planned", "hours"], "ascending": [False, False]}
    return both.sort_values(**order, kind="stable", na_position="last", ignore_index=True)


def by_role(work: pd.DataFrame, *, own: str = "") -> pd.DataFrame:
    """Hours a month and posts of each role in both scenarios, if every task is done by its usual role.

    Parameters
    ----------
    work
        Rows of :func:`work`.
    own
        As there.

    Returns
    -------
    DataFrame
        One row a role, those of the scheme first, then by hours in scenario A: the columns of
        :func:`pcn_analysis.workforce.need.wte_by_role`, with paid (yes or no: by the scheme) in place of of_scheme, and
        other_hours and other_wte (of scenario B).
    """
    given = tables.of_folder(own).assumptions
    a, b = (wte_by_role(hours_by_role(of_scenario(work, name)), given).set_index("role") for name in (FIRST, OTHER))
    paid = a.pop("of_scheme").map({True: "yes", False: "no"}).astype("str")
    found = a.assign(paid=paid, other_hours=b["hours"], other_wte=b["wte"])
    return found.reset_index()
