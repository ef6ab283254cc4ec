"""What each sum of money buys: teams of which none covers as much for less.

The ε-constraint method (Haimes, Lasdon and Wismer 1971): the best team within a sum, then the best within a penny less
than that team costs, and so on down to the cheapest team that is possible. As the second question of each plan is the
least cost, no team that is found is dominated, and with every step none is missed.

References
----------
- Haimes YY, Lasdon LS, Wismer DA. On a bicriterion formulation of the problems of integrated system identification and
  system optimization. IEEE Transactions on Systems, Man, and Cybernetics 1971;1:296-297.
"""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.exceptions import Problem
from pcn_analysis.workforce.infeasible import least_cost
from pcn_analysis.workforce.planner import OPTIMAL, SOLVED, plan_team
from pcn_analysis.workforce.team_inputs import PENCE, case_of

if TYPE_CHECKING:
    from pcn_analysis.workforce.planner import TeamPlan

COLUMNS = ("cost", "coverage", "hours", "posts", "status", "step")
PENNY = 1 / PENCE
MORE = 1e-7
"""Coverage by which a dearer team has to be better; less is the precision of the solver."""


def trade_off(
    work: pd.DataFrame, roles: pd.DataFrame, budget: float, *, points: int | None = 12, **asked: Any
) -> pd.DataFrame:  # fmt: skip
    """Find the teams of which none covers as much for less.

    Parameters
    ----------
    work, roles, **asked
        As :func:`pcn_analysis.workforce.planner.plan_team` takes them; a time limit is for each team.
    budget
        GBP a year: the largest sum.
    points
        About how many sums to try, evenly from the cheapest team that is possible to ``budget``; None for every team
        of the frontier, which can be thousands.

    Returns
    -------
    DataFrame
        One row a team, cheapest first, each dearer and better than the one before: cost (GBP a year), coverage
        (share of weighted hours), hours (a month, covered), posts (in words), status (of its search), step
        (further coverage for each further GBP 10,000, from the team before; null of the first). No rows where no
        team is possible, or no role can be planned.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with what is given.

    Examples
    --------
    >>> work = pd.DataFrame({"task": ["Review"], "hours": [80.0], "roles": ["clinical_pharmacist"]})
    >>> roles = pd.DataFrame({"role": ["clinical_pharmacist"], "name": ["Clinical pharmacist"], "cost": [60_000],
    ...     "hours": [80.0], "available": [None], "now": [0.0], "peer_group": [None]})
    >>> trade_off(work, roles, 50_000, points=None, part=0.5)[["cost", "coverage", "posts"]]
          cost  coverage                         posts
    0      0.0       0.0                        nobody
    1  30000.0       0.5  0.50 WTE Clinical pharmacist
    """
    case = case_of(work, roles, budget, **asked, also=_problems(budget, points))
    cheapest = least_cost(case)
    if not case.roles or cheapest is None or cheapest / PENCE > budget:
        return _table([])
    step = 0.0 if points is None else (budget - cheapest / PENCE) / (points - 1)
    found, limit = [], float(budget)
    while limit >= cheapest / PENCE:
        plan = plan_team(work, roles, round(limit, 2), **asked)
        if plan.status in SOLVED and plan.cost is not None:
            found.append(plan)
        cost = limit if plan.cost is None else plan.cost
        lower = round(min(cost - PENNY, limit - step), 2)
        at_last = step and lower < cheapest / PENCE < cost
        limit = cheapest / PENCE if at_last else lower
        if plan.status != OPTIMAL and not step:
            break
    return _table(found)


def _problems(budget: float | None, points: int | None) -> list[Problem]:
    """What a trade-off needs beyond what a plan does: a largest sum, and two sums at least."""
    found = []
    if budget is None:
        found.append(Problem("budget", "a trade-off has a largest sum", "Give pounds a year."))
    if points is not None and not (isinstance(points, Integral) and points >= 2):  # noqa: PLR2004
        found.append(Problem("points", f"{points} sums are no trade-off", "Give 2 or more, or None for every team."))
    return found


def _table(plans: list[TeamPlan]) -> pd.DataFrame:
    """Those that are not dominated, with what each adds."""
    rows: list[dict[str, Any]] = []
    for plan in sorted(plans, key=lambda one: (one.cost or 0.0, -(one.coverage or 0.0))):
        coverage = plan.coverage or 0.0
        if rows and coverage <= rows[-1]["coverage"] + MORE:
            continue
        more = (coverage - rows[-1]["coverage"]) / (plan.cost - rows[-1]["cost"]) * 1e4 if rows and plan.cost else pd.NA
        rows.append(
            {"cost": plan.cost, "coverage": coverage, "hours": float(plan.cover["covered"].sum()),
             "posts": in_words(plan.posts), "status": plan.status, "step": more}
        )  # fmt: skip
    numbers = dict.fromkeys(("cost", "coverage", "hours", "step"), "Float64")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({**numbers, "posts": "str", "status": "str"})


def in_words(posts: pd.DataFrame, column: str = "planned") -> str:
    """Posts of a plan in one line, in the order of the table.

    Examples
    --------
    >>> in_words(pd.DataFrame({"name": ["Dietitian", "Podiatrist"], "planned": [0.5, 0.0]}))
    '0.50 WTE Dietitian'
    """
    held = posts[posts[column].ne(0)]
    named = [f"{row[column]:.2f} WTE {row['name']}" for row in held.to_dict("records")]
    return ", ".join(named) or "nobody"
