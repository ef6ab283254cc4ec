"""Whom the counts of a programme's evaluation count: people of its two groups, their contacts and their time.

The groups can share people: who gets a programme later may be compared with those who have it. Each has steps of its
own, and what is counted of it is of those who are left by the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.anticipatory.whom import YES
from pcn_analysis.counted import Counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.anticipatory.programme.evaluation import ProgrammeEvaluation
    from pcn_analysis.counted import Conditions


def by_step(evaluation: ProgrammeEvaluation) -> dict[str, Counted]:
    """People of each group by step."""
    flow = evaluation.found.flow
    found = {}
    for group in flow.columns.drop("step"):
        left = {step: None if pd.isna(number) else _left(evaluation, group, place)
                for place, (step, number) in enumerate(zip(flow["step"], flow[group], strict=True))}  # fmt: skip
        found[group] = Counted(of=_people(evaluation), means={"step": left})
    return found


def by_group(evaluation: ProgrammeEvaluation, frame: pd.DataFrame) -> dict[str, Counted]:
    """Counts by group and period; what is null is held against nothing."""
    rows = list(frame[["group", "period"]].itertuples(index=False, name=None))
    series = not evaluation.found.months.empty
    left: dict[Any, Conditions] = {row: _left(evaluation, row[0]) for row in rows}
    there = {row: (*left[row], (f"registered in the months {row[1]}", YES)) if series else left[row] for row in rows}
    found = {"people": Counted(of=_people(evaluation), means={("group", "period"): there})}
    for end in ("died", "left"):
        known = frame[end].notna()
        ended = {row: (*left[row], (f"{end} in the months {row[1]}", YES)) if is_known else None
                 for row, is_known in zip(rows, known, strict=True)}  # fmt: skip
        found[end] = Counted(of=_people(evaluation), means={("group", "period"): ended})
    of_group: dict[str, Any] = {"by": ("group", "period")}
    return found | {name: Counted(of=f"{name} of {_people(evaluation)}", **of_group) for name in ("contacts", "years")}


def by_month(evaluation: ProgrammeEvaluation, months: Mapping[str, str]) -> dict[str, Counted]:
    """Counts by group and month; months are named with their period. Years are rounded, and add up to no other."""
    groups = {group: _left(evaluation, group) for group in evaluation.found.groups["group"].unique()}
    registered = {month: ((f"registered in {month}", YES),) for month in months}
    never = tuple(
        (("month", (month,)), ("period", tuple({"before", "after"} - {period}))) for month, period in months.items()
    )
    people, by = _people(evaluation), ("group", "period", "month")
    return {
        "people": Counted(of=people, means={"group": groups, "month": registered}),
        "contacts": Counted(of=f"contacts of {people}", by=by, never=never),
        "years": Counted(of=f"years by month of {people}", by=by, never=never),
    }


def _left(evaluation: ProgrammeEvaluation, group: str, place: int | None = None) -> Conditions:
    """Those of a group who are left after a step; by default, after the last."""
    steps = evaluation.found.flow["step"].to_list()
    return ((f"step of the {group}", tuple(steps[place if place is not None else -1 :])),)


def _people(evaluation: ProgrammeEvaluation) -> str:
    hashes = f"{evaluation.design_sha256[:8]}, {evaluation.treated_sha256[:8]}"
    return f"people of the programme {evaluation.design.name} ({hashes})"
