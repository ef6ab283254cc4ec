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
    COMPLETE,
    NOT_ASSESSED,
    AtLeast,
    Criterion,
    Holds,
    Not,
    OneOf,
    RecordedWithin,
    assessment,
    flags,
    needed_columns,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pcn_analysis.engine import Lazy

GUIDANCE = "NHS England, Proactive care (December 2023)"
FRAIL_ENOUGH = ("severe", "moderate")
"""Bands of frailty that are offered proactive care, first priority first."""
MONTHS = 24
"""How long a record of end-of-life care counts: the QOF register holds people since 2008, some of whom got better."""


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
    Step(
        "Lives at home",
        Not(Holds("care_home")),
        f"{GUIDANCE}; not known counts as at home; not assessed where it is known of nobody",
    ),
    Step(
        f"No end-of-life care recorded in the last {MONTHS} months",
        Not(RecordedWithin("palliative_care", MONTHS)),
        f"Our choice: end of life has its own care; {MONTHS} months before the index date, as in System P",
    ),
)
"""Proactive care, in order."""


def steps(
    people: Lazy, cohort: Sequence[Step], *, on: dt.date, incomplete: Mapping[str, Collection[str]] = COMPLETE
) -> pd.DataFrame:
    """Count how many each step of a cohort leaves.

    Parameters
    ----------
    people
        The person table, lazy.
    cohort
        The steps, in order. One whose columns the table lacks, or are null for everyone, takes nobody out, and its
        status says so.
    on
        The index date.
    incomplete
        What is missing behind columns that are there, in words; a step that reads one is partly assessed.

    Returns
    -------
    DataFrame
        One row a step, in order: step, status (assessed, partly assessed, not assessed), remaining, taken_out and
        not_known (people reaching the step of whom what it asks is not recorded; who has no date has no record, and is
        known not to); the last two null where the step is not assessed.

    Examples
    --------
    >>> from pcn_analysis.engine import lazy
    >>> people = lazy(pd.DataFrame({"person_id": ["a", "b"], "age": [64, 65]}))
    >>> steps(people, PROACTIVE_CARE[:2], on=dt.date(2026, 7, 1))["remaining"].to_list()
    [2, 1]
    """
    held = _held(people, cohort)
    flagged, assessed = _flagged(people, cohort, on, held)
    here: Any = nw.lit(True)
    columns = {"everyone": here}
    for number, step in enumerate(cohort):
        columns[f"unknown_{number}"] = here & _not_known(step, held) if number in assessed else nw.lit(False)
        here = here & nw.col(_flag(number)) if number in assessed else here
        columns[f"left_{number}"] = here
    ones = {name: nw.when(met).then(nw.lit(1)).otherwise(nw.lit(0)) for name, met in columns.items()}
    sums = to_pandas(flagged.select(**ones).select(nw.all().sum())).fillna(0).iloc[0]
    left = [int(sums[f"left_{number}"]) for number in range(len(cohort))]
    rows = []
    for number, (step, before) in enumerate(zip(cohort, [int(sums["everyone"]), *left], strict=False)):
        status = ASSESSED if step.criterion is None else assessment(step.criterion, held, incomplete)[0]
        known = status != NOT_ASSESSED
        counts = (before - left[number], int(sums[f"unknown_{number}"])) if known else (pd.NA, pd.NA)
        rows.append((step.name, status, left[number], *counts))
    kinds = {"step": "str", "status": "str", "remaining": "Int64", "taken_out": "Int64", "not_known": "Int64"}
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def eligible(people: Lazy, cohort: Sequence[Step], *, on: dt.date) -> Lazy:
    """Rows of the person table that remain after every step, with their priority.

    Parameters
    ----------
    people
        The person table, lazy; it is looked at once to see which columns are null for everyone.
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
    held = _held(people, cohort)
    if "efi_category" not in held:
        raise problem(
            "person table", "frailty could not be assessed", "Bring codelists for the deficits of the frailty index."
        )
    flagged, assessed = _flagged(people, cohort, on, held)
    remain = reduce(and_, [nw.col(_flag(number)) for number in assessed], nw.lit(True))
    priority: Any = nw.lit(None).cast(nw.Int64)
    for rank, band in enumerate(FRAIL_ENOUGH, start=1):
        priority = nw.when(nw.col("efi_category") == band).then(nw.lit(rank)).otherwise(priority)
    return flagged.filter(remain).drop(*(_flag(number) for number in assessed)).with_columns(priority=priority)


def _flag(number: int) -> str:
    return f"_step_{number}"


def _held(people: Lazy, cohort: Sequence[Step]) -> list[str]:
    """Columns of the person table, without those that steps ask a value of and that are null for everyone."""
    columns = people.collect_schema().names()
    asked = sorted({name for step in cohort for name in _values(step)} & set(columns))
    if not asked:
        return columns
    counts = to_pandas(people.select("person_id", *asked).select(nw.all().count())).iloc[0]
    return [name for name in columns if name not in asked or counts[name] or not counts["person_id"]]


def _flagged(people: Lazy, cohort: Sequence[Step], on: dt.date, held: Collection[str]) -> tuple[Lazy, list[int]]:
    """The person table with a flag for each step that can be assessed, and the numbers of those."""
    rules = {_flag(number): step.criterion for number, step in enumerate(cohort) if step.criterion is not None}
    empty = [name for name in people.collect_schema().names() if name not in held]
    flagged = flags(people, rules, on=on, without=empty)
    columns = flagged.collect_schema().names()
    return flagged, [number for number in range(len(cohort)) if _flag(number) in columns]


def _values(step: Step) -> list[str]:
    """The columns that a step reads and that are null where something is not known; a null date is no record."""
    columns = needed_columns(step.criterion) if step.criterion else ()
    return [name for name in columns if not name.endswith("_date")]


def _not_known(step: Step, held: Collection[str]) -> Any:
    """Whether a value that a step asks is not known of a person."""
    return reduce(or_, [nw.col(name).is_null() for name in _values(step) if name in held], nw.lit(False))
