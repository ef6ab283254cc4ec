"""Who would be offered proactive care, step by step.

NHS England asks for people who live at home with moderate or severe frailty to be found and offered proactive care.
It sets no age and no order; what is our choice says so in its source. The list is for a clinician to look through,
never a decision about anyone.

References
----------
NHS England 2023, Proactive care: providing care and support for people living at home with moderate or severe
frailty.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis.engine import to_pandas
from pcn_analysis.exceptions import problem
from pcn_analysis.rules import (
    ASSESSED,
    NOT_ASSESSED,
    AtLeast,
    Criterion,
    Holds,
    Not,
    OneOf,
    flags,
    needed_columns,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.engine import Lazy

GUIDANCE = "NHS England, Proactive care (December 2023)"
FRAIL_ENOUGH = ("severe", "moderate")
"""Bands of frailty that are offered proactive care, first priority first."""


@dataclass(frozen=True)
class Step:
    """One step that takes people out of a cohort.

    Parameters
    ----------
    name
        Who remains, in plain words.
    criterion
        What must be met to remain; None for where the cohort starts.
    source
        Who asks for it.
    """

    name: str
    criterion: Criterion | None
    source: str


PROACTIVE_CARE: tuple[Step, ...] = (
    Step("Registered and alive", None, "The person table holds those registered and alive on the index date"),
    Step("Aged 65 or over", AtLeast("age", 65), "Our choice: the frailty index was validated from 65 (Clegg 2016)"),
    Step("Moderate or severe frailty", OneOf("efi_category", FRAIL_ENOUGH), GUIDANCE),
    Step("Lives at home", Not(Holds("care_home")), f"{GUIDANCE}; not known counts as at home"),
    Step("Not on the end-of-life register", Not(Holds("on_pc_register")), "Our choice: end of life has its own care"),
)
"""Proactive care, in order."""


def steps(people: Lazy, cohort: Sequence[Step], *, on: dt.date) -> pd.DataFrame:
    """Count how many each step of a cohort leaves.

    Parameters
    ----------
    people
        The person table, lazy.
    cohort
        The steps, in order. One whose columns the table lacks takes nobody out, and its status says so.
    on
        The index date.

    Returns
    -------
    DataFrame
        One row a step, in order: step, status (assessed, not assessed), remaining, taken_out and not_known (people
        reaching the step of whom what it asks is not recorded); the last two null where the step is not assessed.

    Examples
    --------
    >>> from pcn_analysis.engine import lazy
    >>> people = lazy(pd.DataFrame({"person_id": ["a", "b"], "age": [64, 65]}))
    >>> steps(people, PROACTIVE_CARE[:2], on=dt.date(2026, 7, 1))["remaining"].to_list()
    [2, 1]
    """
    flagged, assessed = _flagged(people, cohort, on)
    here: Any = nw.lit(True)
    columns = {"everyone": here}
    for number, step in enumerate(cohort):
        columns[f"unknown_{number}"] = here & _not_known(step) if number in assessed else nw.lit(False)
        here = here & nw.col(_flag(number)) if number in assessed else here
        columns[f"left_{number}"] = here
    ones = {name: nw.when(met).then(nw.lit(1)).otherwise(nw.lit(0)) for name, met in columns.items()}
    sums = to_pandas(flagged.select(**ones).select(nw.all().sum())).fillna(0).iloc[0]
    left = [int(sums[f"left_{number}"]) for number in range(len(cohort))]
    rows = []
    for number, (step, before) in enumerate(zip(cohort, [int(sums["everyone"]), *left], strict=False)):
        known = step.criterion is None or number in assessed
        counts = (before - left[number], int(sums[f"unknown_{number}"])) if known else (pd.NA, pd.NA)
        rows.append((step.name, ASSESSED if known else NOT_ASSESSED, left[number], *counts))
    frame = pd.DataFrame(rows, columns=["step", "status", "remaining", "taken_out", "not_known"])
    return frame.astype(
        {"step": "str", "status": "str", "remaining": "Int64", "taken_out": "Int64", "not_known": "Int64"}
    )


def eligible(people: Lazy, cohort: Sequence[Step], *, on: dt.date) -> Lazy:
    """Rows of the person table that remain after every step, with their priority.

    Parameters
    ----------
    people
        The person table, lazy.
    cohort
        The steps; one that cannot be assessed takes nobody out (:func:`steps` names it).
    on
        The index date.

    Returns
    -------
    LazyFrame
        The remaining rows of ``people`` with priority: 1 for severe and 2 for moderate frailty.

    Raises
    ------
    PcnAnalysisError
        If frailty could not be assessed, as the whole cohort rests on it.
    """
    if "efi_category" not in people.collect_schema().names():
        raise problem(
            "person table", "frailty could not be assessed", "Bring codelists for the deficits of the frailty index."
        )
    flagged, assessed = _flagged(people, cohort, on)
    remain = reduce(and_, [nw.col(_flag(number)) for number in assessed], nw.lit(True))
    priority: Any = nw.lit(None).cast(nw.Int64)
    for rank, band in enumerate(FRAIL_ENOUGH, start=1):
        priority = nw.when(nw.col("efi_category") == band).then(nw.lit(rank)).otherwise(priority)
    return flagged.filter(remain).drop(*(_flag(number) for number in assessed)).with_columns(priority=priority)


def _flag(number: int) -> str:
    return f"_step_{number}"


def _flagged(people: Lazy, cohort: Sequence[Step], on: dt.date) -> tuple[Lazy, list[int]]:
    """The person table with a flag for each step that can be assessed, and the numbers of those."""
    rules = {_flag(number): step.criterion for number, step in enumerate(cohort) if step.criterion is not None}
    flagged = flags(people, rules, on=on)
    columns = flagged.collect_schema().names()
    return flagged, [number for number in range(len(cohort)) if _flag(number) in columns]


def _not_known(step: Step) -> Any:
    """Whether a column that a step reads is missing for a person."""
    return reduce(or_, [nw.col(name).is_null() for name in needed_columns(step.criterion)]) if step.criterion else None
