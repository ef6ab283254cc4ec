"""Two plans of a team side by side: each made once, in one long table from which all others follow.

The functions take frames of :mod:`pcn_analysis.workforce.scenarios`, as they were released. What a plan says is one row
a fact: ``kind`` says of what. Views of it (:func:`outcomes`, :func:`posts`, :func:`cover`, :func:`remarks`) solve
nothing again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.workforce.need import for_plan
from pcn_analysis.workforce.planner import SOLVED, plan_team
from pcn_analysis.workforce.scenario_costs import sum_of
from pcn_analysis.workforce.scenarios import FIRST, OTHER, asked, of_scenario
from pcn_analysis.workforce.team_checks import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.workforce.scenarios import Asked

PLAN, POST, COVER = "plan", "post", "cover"
BINDING, REASON = "what keeps more from being covered", "why no team is possible"
"""Kinds of sentences."""
NO_SUM, NO_COSTS, NO_WORK = "no sum is known", "no cost is known", "no work is known"
"""Statuses of a scenario of which no plan is made, beside those of the planner."""
OUTSIDE, HIDDEN, WITHIN = "no role that is planned can do it", "hours not shown", "can be done"
"""Whether a task can be covered at all."""
OF_CONTRACT, OF_READER = "additional roles of the contract year", "given for this page"
NUMBERS = ("budget", "cost", "coverage", "bound", "gap", "hours", "covered", "outside", "contact", "now", "planned",
           "used", "share")  # fmt: skip
WORDS = ("kind", "scenario", "asked", "status", "budget_of", "role", "name", "task", "by", "sentence")


def plans(
    work: pd.DataFrame,
    costs: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    first: Mapping[str, Any],
    other: Mapping[str, Any],
) -> pd.DataFrame:
    """Plan a team in both scenarios.

    Parameters
    ----------
    work
        Released, as :func:`pcn_analysis.workforce.scenarios.work`.
    costs
        Released, as :func:`pcn_analysis.workforce.scenarios.costs`.
    lines
        Released, as :func:`pcn_analysis.budget.entitlement.entitlement`.
    first, other
        What the scenarios ask for.

    Returns
    -------
    DataFrame
        One row a fact: kind (``plan``, ``post``, ``cover``, or that of a sentence), scenario, and what the kind needs.
        Of a plan: asked (in words), status (that of the planner, or why none was made: no sum, no cost of any role,
        or no work is known), budget, budget_of, cost, coverage, bound, gap, hours (a month that are known), covered,
        outside (hours that no planned role can do), contact and used (hours of its team, and those that are used). Of
        a post: role, name, by (where its cost is known from), now, planned, cost, hours, used; planned is null where
        the role is not planned. Of cover: task, hours, covered, share, by (whom), status (whether it can be covered at
        all). Of a sentence: sentence.
    """
    rows: list[dict[str, Any]] = []
    for one in asked(first, other):
        budget = _budget(one, lines)
        case = for_plan(of_scenario(work, one.name))
        plan = _plan(one, case, costs, budget)
        head = {
            "kind": PLAN, "asked": one.words(), "budget": budget, "hours": case["hours"].sum(min_count=1),
            "budget_of": OF_READER if one.budget else OF_CONTRACT,
        }  # fmt: skip
        if isinstance(plan, str):
            found = [head | {"status": plan}, *_rows(POST, _posts(costs, None))]
        else:
            covered = plan.cover["covered"].sum() if plan.status in SOLVED else None
            figures = {name: getattr(plan, name) for name in ("status", "cost", "coverage", "bound", "gap", "outside")}
            figures |= {"contact": plan.posts["hours"].sum(), "used": plan.posts["used"].sum()}
            found = [head | figures | {"covered": covered}, *_rows(POST, _posts(costs, plan.posts))]
            found += _rows(COVER, plan.cover.assign(status=_can(plan.cover, case, costs)))
            for kind, sentences in ((REASON, plan.reasons), (BINDING, plan.binding)):
                found += [{"kind": kind, "sentence": sentence} for sentence in sentences]
        rows += [{"scenario": one.name, **row} for row in found]
    frame = pd.DataFrame(rows, columns=[*WORDS, *NUMBERS])
    return frame.astype({name: "Float64" if name in NUMBERS else "string" for name in frame})


def outcomes(plans: pd.DataFrame) -> pd.DataFrame:
    """One row a scenario: what it asks for, and what its plan comes to.

    Returns
    -------
    DataFrame
        scenario, asked, status, budget, budget_of, cost, coverage, bound, gap, hours, covered, outside,
        contact, used.
    """
    columns = ["scenario", "asked", "status", "budget", "budget_of", "cost", "coverage", "bound", "gap", "hours",
               "covered", "outside", "contact", "used"]  # fmt: skip
    return plans.loc[plans["kind"].eq(PLAN), columns].reset_index(drop=True)


def posts(plans: pd.DataFrame) -> pd.DataFrame:
    """One row a role that is there or planned: posts now and in both scenarios.

    Returns
    -------
    DataFrame
        role, name, now (WTE; null where not known), planned and cost (of scenario A; null where the role is not
        planned, or there is no plan), other_planned and other_cost (of scenario B), cost_of (where what it costs is
        known from, or that it is not known).
    """
    a, b = _side_by_side(plans, POST, "role")
    found = a[["role", "name", "now", "planned", "cost"]].assign(other_planned=b["planned"], other_cost=b["cost"])
    found["cost_of"] = a["by"]
    held = found[["now", "planned", "other_planned"]].gt(0).fillna(False).any(axis=1)
    return found[held].reset_index(drop=True)


def cover(plans: pd.DataFrame) -> pd.DataFrame:
    """One row a task of either scenario: how much of it is covered, and by whom.

    Returns
    -------
    DataFrame
        task, hours, covered, share, by and status (of scenario A), with other_ before them those of scenario B; most
        hours first. Of a task whose hours are not shown, numbers are null. Tasks that nobody needs are left out.
    """
    columns = ["task", "hours", "covered", "share", "by", "status"]
    a, b = (one[columns].set_index("task") for one in _of_both(plans, COVER))
    found = a.join(b.add_prefix("other_"), how="outer").reset_index()
    found = found[~found[["hours", "other_hours"]].max(axis=1).eq(0).fillna(False)]
    most = found[["hours", "other_hours"]].max(axis=1)
    order = most.sort_values(ascending=False, kind="stable", na_position="last").index
    return found.loc[order].reset_index(drop=True)


def remarks(plans: pd.DataFrame) -> pd.DataFrame:
    """One row a sentence of either plan: scenario (both where both say it), kind, sentence."""
    said = plans[plans["sentence"].notna()]
    said = said.assign(sentence=said["sentence"].str[:1].str.upper() + said["sentence"].str[1:])
    which = said.groupby(["kind", "sentence"], sort=False)["scenario"].agg(" and ".join)
    return which.reset_index()[["scenario", "kind", "sentence"]]


def _budget(one: Asked, lines: pd.DataFrame) -> float | None:
    return float(one.budget) if one.budget else sum_of(lines)


def _plan(one: Asked, case: pd.DataFrame, costs: pd.DataFrame, budget: float | None) -> Any:
    """A plan, or why none is made."""
    if budget is None:
        return NO_SUM
    if costs["cost"].isna().all():
        return NO_COSTS
    if not case["hours"].gt(0).fillna(False).any():
        return NO_WORK
    return plan_team(case, costs, budget, **one.rules())


def _posts(costs: pd.DataFrame, planned: pd.DataFrame | None) -> pd.DataFrame:
    """Every role with who is there, those that are planned with their posts."""
    there = costs[["role", "name", "now"]].assign(by=costs["cost_of"])
    if planned is None:
        return there
    return there.merge(planned[["role", "planned", "cost", "hours", "used"]], on="role", how="left")


def _rows(kind: str, frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{"kind": kind, **{str(name): value for name, value in row.items()}} for row in frame.to_dict("records")]


def _can(cover: pd.DataFrame, case: pd.DataFrame, costs: pd.DataFrame) -> list[str]:
    """Whether any role that is planned can do a task."""
    planned = set(costs.loc[costs["cost"].notna(), "role"])
    can = {row["task"]: bool(planned & set(named(row["roles"]))) for row in case.to_dict("records")}
    return [
        HIDDEN if pd.isna(row["hours"]) else WITHIN if can[row["task"]] else OUTSIDE for row in cover.to_dict("records")
    ]


def _of_both(plans: pd.DataFrame, kind: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = plans[plans["kind"].eq(kind)]
    return rows[rows["scenario"].eq(FIRST)], rows[rows["scenario"].eq(OTHER)]


def _side_by_side(plans: pd.DataFrame, kind: str, key: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    a, b = _of_both(plans, kind)
    return a.reset_index(drop=True), b.set_index(key).reindex(a[key]).reset_index()
