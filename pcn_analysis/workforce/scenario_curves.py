"""What each sum buys in two scenarios, and which assumption matters: plans made again with one number changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.workforce.need import for_plan
from pcn_analysis.workforce.planner import SOLVED
from pcn_analysis.workforce.scenario_plans import outcomes
from pcn_analysis.workforce.scenarios import asked, of_scenario
from pcn_analysis.workforce.sensitivity import sensitivity
from pcn_analysis.workforce.trade_off import trade_off

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.workforce.scenarios import Asked


def trade_offs(
    work: pd.DataFrame,
    costs: pd.DataFrame,
    plans: pd.DataFrame,
    *,
    first: Mapping[str, Any],
    other: Mapping[str, Any],
    points: int = 12,
) -> pd.DataFrame:
    """What each sum up to what the plan of a scenario costs buys.

    Parameters
    ----------
    work, costs, first, other
        As :func:`pcn_analysis.workforce.scenario_plans.plans` takes them.
    plans
        Released, as that function makes them: their sums, and whether there is a plan at all.
    points
        About how many sums to try.

    Returns
    -------
    DataFrame
        One row a team, cheapest first in each scenario, with the columns of
        :func:`pcn_analysis.workforce.trade_off.trade_off` after scenario, and chosen (whether it is
        the scenario's plan). No rows of a scenario without a plan.
    """
    found = []
    for one, cost in _planned(plans, first, other, "cost"):
        rows = trade_off(for_plan(of_scenario(work, one.name)), costs, cost, points=points, **one.rules())
        last = rows.index == len(rows) - 1
        found.append(rows.assign(scenario=one.name, chosen=last))
    columns = ["scenario", "cost", "coverage", "hours", "posts", "status", "step", "chosen"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def sensitivities(
    work: pd.DataFrame,
    costs: pd.DataFrame,
    plans: pd.DataFrame,
    *,
    first: Mapping[str, Any],
    other: Mapping[str, Any],
    by: float = 0.2,
) -> pd.DataFrame:
    """How both plans change if one assumption is wrong.

    Parameters
    ----------
    work, costs, plans, first, other
        As :func:`trade_offs` takes them.
    by
        By which share an assumption is changed, down and up.

    Returns
    -------
    DataFrame
        One row a scenario, assumption and direction, with the columns of
        :func:`pcn_analysis.workforce.sensitivity.sensitivity` after scenario. No rows of a scenario without a plan.
    """
    found = [
        sensitivity(for_plan(of_scenario(work, one.name)), costs, budget, by=by, **one.rules()).assign(
            scenario=one.name
        )
        for one, budget in _planned(plans, first, other, "budget")
    ]
    columns = ["scenario", "assumption", "of", "change", "coverage", "difference", "cost", "posts", "status"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _planned(
    plans: pd.DataFrame, first: Mapping[str, Any], other: Mapping[str, Any], what: str
) -> list[tuple[Asked, float]]:
    """Scenarios of which there is a plan, with their sums or costs."""
    known = outcomes(plans).set_index("scenario")
    return [
        (one, float(known.loc[one.name, what]))
        for one in asked(first, other)
        if known.loc[one.name, "status"] in SOLVED
    ]
