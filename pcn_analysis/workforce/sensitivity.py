"""How a plan changes if one assumption is wrong: minutes, contact hours, cost, what can be recruited, the sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.exceptions import Problem
from pcn_analysis.workforce.planner import TeamPlan, plan_team
from pcn_analysis.workforce.team_checks import ROLES, WORK, given, is_number
from pcn_analysis.workforce.team_inputs import case_of

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERYTHING = "all"
MINUTES, HOURS, COST, RECRUITED, BUDGET = (
    "minutes of a task", "contact hours of a WTE", "cost of a WTE", "what can be recruited", "the sum",
)  # fmt: skip
COLUMNS = ("assumption", "of", "change", "coverage", "difference", "cost", "posts", "status")
NO_CHANGE = "no change"
Asked = tuple[pd.DataFrame, pd.DataFrame, "float | None"]


def sensitivity(
    work: pd.DataFrame, roles: pd.DataFrame, budget: float | None, *, by: float = 0.2, each: bool = False, **asked: Any
) -> pd.DataFrame:
    """Plan again with one assumption lower and higher at a time.

    Parameters
    ----------
    work, roles, budget, **asked
        As :func:`pcn_analysis.workforce.planner.plan_team` takes them; a time limit is for each plan.
    by
        By which share an assumption is changed, down and up.
    each
        Whether minutes are also changed of one task at a time, and contact hours, cost and what can be recruited of one
        role at a time: two plans for each.

    Returns
    -------
    DataFrame
        One row an assumption and direction, after a first row for the plan itself: assumption, of (what it is changed
        of: ``all``, a task or the name of a role), change (share; 0 in the first row), coverage, difference (from the
        plan, in shares of weighted hours), cost (GBP a year), posts (those that change, in words), status. Of a plan
        that was not found, coverage is null. What can be recruited is what is available beyond who is there.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with what is given.

    Examples
    --------
    >>> work = pd.DataFrame({"task": ["Review"], "hours": [100.0], "roles": ["clinical_pharmacist"]})
    >>> roles = pd.DataFrame({"role": ["clinical_pharmacist"], "name": ["Clinical pharmacist"], "cost": [60_000],
    ...     "hours": [80.0], "available": [None], "now": [0.0], "peer_group": [None]})
    >>> found = sensitivity(work, roles, 60_000)
    >>> found.query("assumption == 'the sum'")[["change", "coverage", "posts"]]
       change  coverage                          posts
    7    -0.2      0.64  Clinical pharmacist -0.20 WTE
    8     0.2      0.96  Clinical pharmacist +0.20 WTE
    """
    wrong = not (is_number(by) and 0 < by < 1)
    also = (
        [Problem("by", "it is no share to change an assumption by", "Give more than 0 and less than 1.")]
        if wrong
        else []
    )
    case_of(work, roles, budget, **asked, also=also)
    for column, name in (("now", "staff"), ("available", "available")):
        roles = given(roles, column, asked.get(name), [])
        roles = roles.assign(**{column: pd.to_numeric(roles[column]).astype("Float64")})
    kept = {name: value for name, value in asked.items() if name not in {"staff", "available"}}
    plan = plan_team(work, roles, budget, **kept)
    rows = [_row("as planned", EVERYTHING, 0.0, plan, plan)]
    for assumption, of in _assumptions(work, roles, budget, each):
        for change in (-by, by):
            changed = _changed((work, roles, budget), assumption, of, 1 + change)
            rows.append(_row(assumption, _name(roles, of), change, plan_team(*changed, **kept), plan))
    numbers = dict.fromkeys(("change", "coverage", "difference", "cost"), "Float64")
    words = dict.fromkeys(("assumption", "of", "posts", "status"), "str")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({**numbers, **words})


def _assumptions(
    work: pd.DataFrame, roles: pd.DataFrame, budget: float | None, each: bool
) -> Iterator[tuple[str, str]]:  # fmt: skip
    yield MINUTES, EVERYTHING
    yield HOURS, EVERYTHING
    yield COST, EVERYTHING
    if budget is not None:
        yield BUDGET, EVERYTHING
    limited = roles[roles["available"].notna()].sort_values("role")
    if len(limited):
        yield RECRUITED, EVERYTHING
    if each:
        yield from ((MINUTES, task) for task in sorted(work["task"]))
        yield from ((what, role) for what in (HOURS, COST) for role in sorted(roles["role"]))
        yield from ((RECRUITED, role) for role in limited["role"])


def _changed(asked: Asked, assumption: str, of: str, factor: float) -> Asked:
    work, roles, budget = asked[0][list(asked[0])], asked[1][list(asked[1])], asked[2]
    tasks = work[WORK[0]].eq(of) | (of == EVERYTHING)
    some = roles[ROLES[0]].eq(of) | (of == EVERYTHING)
    if assumption == MINUTES:
        work = work.assign(hours=_times(work["hours"], tasks, factor))
    elif assumption in {HOURS, COST}:
        column = "hours" if assumption == HOURS else "cost"
        roles = roles.assign(**{column: _times(roles[column], some, factor)})
    elif assumption == RECRUITED:
        now = roles["now"].fillna(0.0)
        more = _times((roles["available"] - now).clip(lower=0), some, factor)
        roles = roles.assign(available=(now + more).round(6).where(roles["available"].gt(now), roles["available"]))
    else:
        budget = round((budget or 0.0) * factor, 2)
    return work, roles, budget


def _times(values: pd.Series, which: pd.Series, factor: float) -> pd.Series:
    numbers = pd.to_numeric(values).astype("Float64")
    return numbers.where(~which, (numbers * factor).round(6))


def _name(roles: pd.DataFrame, of: str) -> str:
    names = dict(zip(roles["role"], roles["name"], strict=True))
    return names.get(of, of)


def _row(assumption: str, of: str, change: float, plan: TeamPlan, before: TeamPlan) -> dict[str, Any]:
    known = plan.coverage is not None and before.coverage is not None
    return {
        "assumption": assumption, "of": of, "change": change,
        "coverage": pd.NA if plan.coverage is None else plan.coverage,
        "difference": round((plan.coverage or 0.0) - (before.coverage or 0.0), 9) if known else pd.NA,
        "cost": pd.NA if plan.cost is None else plan.cost, "posts": _moved(plan, before), "status": plan.status,
    }  # fmt: skip


def _moved(plan: TeamPlan, before: TeamPlan) -> str:
    """Posts that are not as in the plan, in words."""
    if plan.posts.empty or before.posts.empty:
        return "" if plan.posts.empty else NO_CHANGE
    both = plan.posts.merge(before.posts, on="role", suffixes=("", "_before"))
    more = (both["planned"] - both["planned_before"]).round(4)
    said = [f"{name} {wte:+.2f} WTE" for name, wte in zip(both["name"], more, strict=True) if wte]
    return ", ".join(said) or NO_CHANGE
