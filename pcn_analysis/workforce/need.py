"""From need to work to roles: hours a month of each task, of each role, and the posts that they would fill.

Each function takes a released table and gives a frame, for :meth:`pcn_analysis.release.ReleasedTable.followed_by`: it
sees counts as they were released and nothing else. People who are not shown give hours that are not shown, never 0.

Hours of a task in a month are people × minutes ÷ 60 × (1 ÷ months of backlog + repeats a year ÷ 12): everyone with an
open gap once over those months, and again as often as it recurs. Hours of a segment are people × contacts a year ×
minutes ÷ 60 ÷ 12. Every number behind them is an assumption in :mod:`pcn_analysis.workforce.assumed`.
"""

from __future__ import annotations

import pandas as pd

from pcn_analysis.workforce import assumed as tables
from pcn_analysis.workforce.assumed import assumed, contact_hours
from pcn_analysis.workforce.role_words import NAMES, OF_SCHEME, role_of
from pcn_analysis.workforce.task_rows import can_do, hours_of, rows_of
from pcn_analysis.workforce.team_checks import SEPARATOR, named

OPEN_GAPS, SEGMENT = "open gaps", "segment"
"""What hours come from."""
NO_ASSUMPTION = "no work is assumed"


def hours_by_task(
    worked: pd.DataFrame, assumptions: pd.DataFrame | None = None, task_roles: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Hours a month of each task that closes open gaps.

    Parameters
    ----------
    worked
        Released table of :func:`pcn_analysis.services.work.work`: service, task, role, people, minutes, status.
    assumptions, task_roles
        As :mod:`pcn_analysis.workforce.assumed` reads them; those of this package if none are given.

    Returns
    -------
    DataFrame
        One row a service and task, in the order given: task (with its service where several have one of that name),
        group (the service), basis (``open gaps``), role (usual one), name (of it), of_scheme (whether the scheme pays
        for it), roles (all who can do it, with commas between, the usual one first), people, minutes (of one), a_month
        (how often a month for each person), hours (a month; null where people are not shown), status.

    Raises
    ------
    PcnAnalysisError
        If a role of a service is not known.

    Examples
    --------
    20 people, 30 minutes each, over 12 months: 20 × 0.5 ÷ 12 hours a month.

    >>> worked = pd.DataFrame({"service": ["Cardiovascular disease"] * 2, "task": ["Lipid review", "Vaccination"],
    ...     "role": ["clinical pharmacist", "practice nurse"], "people": pd.array([24, None], "Int64"),
    ...     "minutes": pd.array([30.0, 10.0], "Float64"), "status": ["assessed"] * 2})
    >>> hours_by_task(worked)[["task", "role", "of_scheme", "hours"]]
               task                 role  of_scheme  hours
    0  Lipid review  clinical_pharmacist       True    1.0
    1   Vaccination       practice_nurse      False   <NA>
    """
    given = tables.assumptions() if assumptions is None else assumptions
    can = can_do(tables.task_roles() if task_roles is None else task_roles)
    several = set(worked["task"][worked["task"].duplicated()])
    rows = []
    for row in worked.to_dict("records"):
        task, usual = row["task"], role_of(row["role"])
        roles = list(dict.fromkeys([usual, *can.get(task, [])]))
        a_month = 1 / assumed(given, "backlog_months", task) + assumed(given, "repeats", task) / 12
        label = f"{task} ({row['service']})" if task in several else task
        of_service = {"group": row["service"], "basis": OPEN_GAPS, "status": row["status"]}
        rows.append({"task": label, **of_service, **hours_of(roles, row["people"], row["minutes"], a_month)})
    return rows_of(rows)


def hours_by_segment(sizes: pd.DataFrame, segment_work: pd.DataFrame | None = None) -> pd.DataFrame:
    """Hours a month of the contacts that people of each segment are planned to have.

    Parameters
    ----------
    sizes
        Released table of :func:`pcn_analysis.segmentation.segments.sizes`: segment, patients, status.
    segment_work
        As :func:`pcn_analysis.workforce.assumed.segment_work` reads it; that of this package if none is given.

    Returns
    -------
    DataFrame
        One row a segment and kind of contact, segments in the order given, with the columns of :func:`hours_by_task`:
        group is the segment, basis is ``segment``. A segment without any row in ``segment_work`` has a row of its own
        without task and hours, of which the status is ``no work is assumed``. These contacts may hold work that is also
        an open gap of a service: who adds both has to make sure that nothing is counted twice.

    Examples
    --------
    90 people, 2 contacts of 20 minutes a year: 90 × 2 × 20 ÷ 60 ÷ 12 hours a month.

    >>> sizes = pd.DataFrame({"segment": ["Frailty/Dementia", "Cancer"], "patients": pd.array([90, 15], "Int64"),
    ...     "status": ["assessed"] * 2})
    >>> hours_by_segment(sizes)[["group", "role", "hours", "status"]]
                  group              role  hours              status
    0  Frailty/Dementia  care_coordinator    5.0            assessed
    1            Cancer              <NA>   <NA>  no work is assumed
    """
    given = tables.segment_work() if segment_work is None else segment_work
    given = given[given["contacts_a_year"].gt(0)]
    rows = []
    for row in sizes.to_dict("records"):
        contacts = given[given["segment"].eq(row["segment"])].to_dict("records")
        of_segment = {"group": row["segment"], "basis": SEGMENT, "status": row["status"]}
        for one in contacts:
            a_month = one["contacts_a_year"] / 12
            hours = hours_of(named(one["roles"]), row["patients"], one["minutes"], a_month)
            rows.append({"task": one["task"], **of_segment, **hours})
        if not contacts:
            rows.append({**of_segment, "people": row["patients"], "status": NO_ASSUMPTION})
    return rows_of(rows)


def hours_by_role(tasks: pd.DataFrame) -> pd.DataFrame:
    """Hours a month of each role, if every task is done by its usual role.

    Parameters
    ----------
    tasks
        Rows of :func:`hours_by_task`, :func:`hours_by_segment`, or both.

    Returns
    -------
    DataFrame
        One row a role, those of the scheme first, then by hours: role, name, of_scheme, tasks (how many), not_shown (of
        how many the hours are not known), hours (a month, of the others; null where none is known). Work that the
        scheme does not pay for is shown, and not dropped.

    Examples
    --------
    >>> tasks = pd.DataFrame({"role": ["practice_nurse", "care_coordinator", "care_coordinator"],
    ...     "hours": pd.array([4.0, 10.0, None], "Float64")})
    >>> hours_by_role(tasks)[["name", "of_scheme", "tasks", "not_shown", "hours"]]
                    name  of_scheme  tasks  not_shown  hours
    0  Care co-ordinator       True      2          1   10.0
    1     Practice nurse      False      1          0    4.0
    """
    rows = []
    for role, held in tasks[tasks["role"].notna()].groupby("role"):
        rows.append(
            {"role": role, "name": NAMES[str(role)], "of_scheme": role in OF_SCHEME, "tasks": len(held),
             "not_shown": int(held["hours"].isna().sum()), "hours": held["hours"].sum(min_count=1)}
        )  # fmt: skip
    found = pd.DataFrame(rows, columns=["role", "name", "of_scheme", "tasks", "not_shown", "hours"])
    kinds = {"role": "str", "name": "str", "of_scheme": "bool", "hours": "Float64"}
    kinds |= dict.fromkeys(("tasks", "not_shown"), "Int64")
    order = {"by": ["of_scheme", "hours", "role"], "ascending": [False, False, True]}
    return found.astype(kinds).sort_values(**order, na_position="last", ignore_index=True)


def wte_by_role(by_role: pd.DataFrame, assumptions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Add the contact hours of one whole-time equivalent, and how many of them the hours would fill.

    Parameters
    ----------
    by_role
        Rows of :func:`hours_by_role`.
    assumptions
        As :func:`pcn_analysis.workforce.assumed.assumptions` reads them; those of this package if none are given.

    Returns
    -------
    DataFrame
        The rows given, with contact_hours (a month, of one whole-time equivalent) and wte (null where hours are).

    Examples
    --------
    161.25 hours of 80.625 each:

    >>> rows = pd.DataFrame({"role": ["care_coordinator"], "hours": pd.array([161.25], "Float64")})
    >>> wte_by_role(rows)[["contact_hours", "wte"]]
       contact_hours  wte
    0         80.625  2.0
    """
    given = tables.assumptions() if assumptions is None else assumptions
    each = by_role["role"].map(lambda role: contact_hours(given, role)).astype("Float64")
    return by_role.assign(contact_hours=each, wte=by_role["hours"] / each)


def for_plan(tasks: pd.DataFrame) -> pd.DataFrame:
    """Work as :func:`pcn_analysis.workforce.planner.plan_team` takes it: one row a task, contacts of segments together.

    Parameters
    ----------
    tasks
        Rows of :func:`hours_by_task`, :func:`hours_by_segment`, or both.

    Returns
    -------
    DataFrame
        One row a task, by name: task, hours (a month; null where any of its hours is not shown), roles. A task that
        others can do in one row than in another is one task for each, with the names of its roles behind its own.

    Examples
    --------
    >>> tasks = pd.DataFrame({"task": ["Contact", "Contact", None], "hours": pd.array([4.0, None, None], "Float64"),
    ...     "roles": ["dietitian", "dietitian", None]})
    >>> for_plan(tasks)
          task  hours      roles
    0  Contact   <NA>  dietitian
    >>> for_plan(tasks.assign(roles=["dietitian", "podiatrist", None]))["task"].to_list()
    ['Contact (Dietitian)', 'Contact (Podiatrist)']
    """
    known = tasks[tasks["task"].notna()]
    known = known.assign(roles=known["roles"].map(lambda cell: f"{SEPARATOR} ".join(named(cell))))
    found = known.groupby(["task", "roles"])["hours"].agg(lambda one: one.sum(skipna=False)).reset_index()
    several = found["task"].duplicated(keep=False)
    who = found["roles"].map(lambda cell: ", ".join(NAMES.get(one, one) for one in named(cell)) or "nobody")
    found["task"] = found["task"].mask(several, found["task"] + " (" + who + ")")
    return found[["task", "hours", "roles"]].sort_values("task", ignore_index=True).astype({"hours": "Float64"})
