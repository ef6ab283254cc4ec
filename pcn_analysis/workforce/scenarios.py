"""What two plans of a team are made from: hours of work, roles with what they cost, the sum, and what differs.

Every function takes released tables and gives a frame, for :meth:`pcn_analysis.release.ReleasedTable.followed_by`. A
scenario is what a reader asks for, four numbers by name: ``budget`` (GBP a year; 0: what the contract pays for
additional roles in the year), ``backlog_months`` (over which open gaps are closed), ``staff_stay`` (whether staff who
are there stay: 1 or 0) and ``smallest_team`` (WTE that a peer group has at least if it has anybody; 0: no least size).
:mod:`pcn_analysis.workforce.scenario_plans` makes the plans.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.provenance import Provenance, SourcedTable, derive
from pcn_analysis.services.assumptions import CLAUSES
from pcn_analysis.words import NOT_KNOWN, number
from pcn_analysis.workforce import assumed as tables
from pcn_analysis.workforce.assumption_files import RANGES
from pcn_analysis.workforce.need import OPEN_GAPS, hours_by_role, hours_by_segment, hours_by_task, wte_by_role
from pcn_analysis.workforce.role_words import NAMES
from pcn_analysis.workforce.supply import fte_by_role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.place import Network

FIRST, OTHER = "A", "B"
"""Names of the two scenarios."""
OF_SCHEME, OF_GPS = "additional_roles", "additional_roles_gp"
"""Lines of the contract that pay for roles."""
CEILING, GIVEN, OWN_SUM = "ceiling of the scheme", "given for this page", "paid from a sum of its own"
GP = "gp"
BACKLOG = "backlog_months"


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

    def assumptions(self) -> pd.DataFrame:
        """Assumptions of this package, with its months of backlog in place of theirs."""
        table = tables.assumptions()
        usual = table["assumption"].eq(BACKLOG) & table["applies_to"].eq("")
        return table.assign(value=table["value"].mask(usual, float(self.backlog_months)))


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


def staff_there(network: Network) -> SourcedTable:
    """Give a network's staff by role, as :func:`pcn_analysis.workforce.supply.fte_by_role`; of no network, no rows.

    Staff are published of single networks: of a whole place, and of people in no network, there are no rows.
    """
    if network.pcn_code not in (codes.WHOLE_PLACE, codes.UNALLOCATED):
        return fte_by_role(network)
    columns = ["role", "name", "status", "fte", "counted_on"]
    return derive(pd.DataFrame(columns=columns), network.table("practices"), numbers=("fte",), about=network.about)


def work(
    worked: pd.DataFrame,
    sizes: pd.DataFrame,
    *,
    first: Mapping[str, Any],
    other: Mapping[str, Any],
    add_segments: float = False,
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

    Returns
    -------
    DataFrame
        The rows of :func:`pcn_analysis.workforce.need.hours_by_task` and ``hours_by_segment``, of each scenario:
        scenario, months (of backlog), planned (whether a plan is made of it), and their columns.
    """
    rows = []
    for one in asked(first, other):
        tasks = hours_by_task(worked, one.assumptions())
        both = pd.concat([tasks, hours_by_segment(sizes)], ignore_index=True)
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


def by_role(work: pd.DataFrame) -> pd.DataFrame:
    """Hours a month and posts of each role in both scenarios, if every task is done by its usual role.

    Returns
    -------
    DataFrame
        One row a role, those of the scheme first, then by hours in scenario A: the columns of
        :func:`pcn_analysis.workforce.need.wte_by_role`, with paid (yes or no: by the scheme) in place of of_scheme, and
        other_hours and other_wte (of scenario B).
    """
    a, b = (wte_by_role(hours_by_role(of_scenario(work, name))).set_index("role") for name in (FIRST, OTHER))
    paid = a.pop("of_scheme").map({True: "yes", False: "no"}).astype("str")
    found = a.assign(paid=paid, other_hours=b["hours"], other_wte=b["wte"])
    return found.reset_index()


def costs(
    roles: pd.DataFrame, staff: pd.DataFrame, lines: pd.DataFrame, *, salaries: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Roles of the scheme as a plan takes them: what a WTE costs the sum, and who is there.

    Parameters
    ----------
    roles
        Released table of :func:`pcn_analysis.budget.additional_roles.roles`.
    staff
        Released table of :func:`staff_there`.
    lines
        Released table of :func:`pcn_analysis.budget.entitlement.entitlement`. In a year in which GPs are paid from a
        line of their own they are not planned.
    salaries
        GBP a year that a WTE costs the sum, by short name of the role; in place of its ceiling.

    Returns
    -------
    DataFrame
        One row a role, in the order of the scheme: role, name, peer_group, cost (GBP a year of one WTE; null where
        neither a ceiling nor a salary is known), cost_of (``ceiling of the scheme``, ``given for this page``, ``paid
        from a sum of its own`` or ``not known``), standing (of what the scheme says), hours (contact hours a month of
        one WTE), available (WTE that the scheme pays for at most; null: no limit is known), now (WTE there; null where
        not known), staff_status.

    Raises
    ------
    PcnAnalysisError
        If a salary is of no role of the scheme, or no number above 0.
    """
    own = dict(salaries or {})
    known = set(roles["role"])
    problems = [
        Problem(f"salaries: {one}", "it is no role of the scheme in this year", nearest(one, known))
        for one in own
        if one not in known
    ]
    problems += [
        Problem(f"salaries: {one}", "it is no sum of money above 0", "Give GBP a year of one WTE.")
        for one, value in own.items()
        if not (math.isfinite(value) and value > 0)
    ]
    if problems:
        raise PcnAnalysisError(*problems)
    given = roles["role"].map(own).astype("Float64")
    there = staff.set_index("role")
    assumptions = tables.assumptions()
    apart = roles["role"].eq(GP) & bool(lines["line"].eq(OF_GPS).any())
    cost = given.fillna(roles["ceiling"].astype("Float64")).mask(apart)
    cost_of = pd.Series(CEILING, roles.index).mask(given.notna(), GIVEN).mask(cost.isna(), NOT_KNOWN)
    return pd.DataFrame(
        {
            "role": roles["role"],
            "name": roles["role"].map(NAMES).fillna(roles["name"]).astype("str"),
            "peer_group": roles["peer_group"],
            "cost": cost,
            "cost_of": cost_of.mask(apart, OWN_SUM),
            "standing": roles["standing"],
            "hours": roles["role"].map(lambda role: tables.contact_hours(assumptions, role)).astype("Float64"),
            "available": pd.to_numeric(roles["limit"], errors="coerce").astype("Float64"),
            "now": roles["role"].map(there["fte"]).astype("Float64"),
            "staff_status": roles["role"].map(there["status"]).fillna(NOT_KNOWN).astype("str"),
        }
    )


def sum_of(lines: pd.DataFrame) -> float | None:
    """What the contract pays for additional roles in a year, of :func:`pcn_analysis.budget.entitlement.entitlement`."""
    amounts = lines.loc[lines["line"].eq(OF_SCHEME), "amount"].dropna()
    return math.floor(float(amounts.sum()) * 100) / 100 if len(amounts) else None


def assumptions_made(network: Network) -> SourcedTable:
    """List every number that stands between people and posts, with how far it is to be relied on.

    Returns
    -------
    SourcedTable
        One row an assumption: of (assumptions, who can do a task, or contacts of a segment), name, applies_to, value
        (in words), standing, source, note. It concerns no person, and can be released under ``open_data``.
    """
    general, who, contacts = tables.assumptions(), tables.task_roles(), tables.segment_work()
    names = [
        *(("Hours and posts", row["assumption"].replace("_", " "), row["applies_to"] or "all others",
           f"{row['value']:g} {row['unit']}", row) for row in general.to_dict("records")),
        *(("Who can do a task", "roles", row["task"], row["roles"].replace("_", " "), row)
          for row in who.to_dict("records")),
        *(("Contacts of a segment", row["task"], row["segment"],
           f"{row['contacts_a_year']:g} a year of {row['minutes']:g} minutes, {row['roles'].replace('_', ' ')}", row)
          for row in contacts.to_dict("records")),
    ]  # fmt: skip
    rows = [
        {"of": of, "name": name, "applies_to": to, "value": value,
         **{column: row[column] for column in ("standing", "source", "note")}}
        for of, name, to, value, row in names
    ]  # fmt: skip
    parents = [network.table("practices")] if network.place.is_published else []
    clauses = SourcedTable(pd.DataFrame(), Provenance((CLAUSES,), people=False))
    return derive(pd.DataFrame(rows).astype("str"), clauses, *parents, about=network.about)
