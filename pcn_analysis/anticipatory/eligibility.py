"""Who would be in a cohort, step by step, why, and who goes first.

What is counted and who is listed follow from one file (:mod:`pcn_analysis.anticipatory.cohorts`). The list is for a
clinician to look through, never a decision about anyone.
"""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis import rules
from pcn_analysis.anticipatory.cohorts import PROACTIVE_CARE, Cohort, Step, find_cohort
from pcn_analysis.engine import to_pandas
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.rules import ASSESSED, COMPLETE, NOT_ASSESSED, Not, Several, assessment, flags, needed_columns
from pcn_analysis.rules.criteria import leaves
from pcn_analysis.rules.evaluation import joined, leaf_met
from pcn_analysis.words import listed, within_sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pcn_analysis.engine import Lazy
    from pcn_analysis.rules import Criterion
    from pcn_analysis.rules.criteria import Leaf

__all__ = ["PROACTIVE_CARE", "eligible", "not_known", "reasons", "steps"]


def steps(
    people: Lazy, cohort: Cohort | str, *, on: dt.date, incomplete: Mapping[str, Collection[str]] = COMPLETE
) -> pd.DataFrame:
    """Count how many each step of a cohort leaves.

    Parameters
    ----------
    people
        The person table, lazy.
    cohort
        The cohort, or its name or file. A step whose columns the table lacks, or are null for everyone, takes nobody
        out, and its status says so.
    on
        The index date.
    incomplete
        What is missing behind columns that are there, in words; a step that reads one is partly assessed.

    Returns
    -------
    DataFrame
        One row a step, in order: step, status (assessed, partly assessed, not assessed), remaining, taken_out,
        not_known (people reaching the step of whom too little is recorded to know whether they meet it; who has no
        date has no record, and is known not to) and goes_to (what those taken out are offered; empty where there is
        nothing). taken_out and not_known are null where the step is not assessed.

    Raises
    ------
    PcnAnalysisError
        If there is no such cohort, or with everything that is wrong in its file.

    Examples
    --------
    >>> from pcn_analysis.engine import lazy
    >>> people = lazy(pd.DataFrame({"person_id": ["a", "b"], "age": [64, 65]}))
    >>> steps(people, "proactive_care", on=dt.date(2026, 7, 1))["remaining"].to_list()
    [2, 1, 1, 1, 1, 1]
    """
    asked = find_cohort(cohort).steps
    held = held_columns(people, asked)
    flagged, assessed = _flagged(people, asked, on, held)
    here: Any = nw.lit(True)
    columns = {"everyone": here}
    for number, step in enumerate(asked):
        columns[f"unknown_{number}"] = here & _not_known(step, held, on) if number in assessed else nw.lit(False)
        here = here & nw.col(_flag(number)) if number in assessed else here
        columns[f"left_{number}"] = here
    ones = {name: nw.when(met).then(nw.lit(1)).otherwise(nw.lit(0)) for name, met in columns.items()}
    sums = to_pandas(flagged.select(**ones).select(nw.all().sum())).fillna(0).iloc[0]
    left = [int(sums[f"left_{number}"]) for number in range(len(asked))]
    rows = []
    for number, (step, before) in enumerate(zip(asked, [int(sums["everyone"]), *left], strict=False)):
        status = ASSESSED if step.criterion is None else assessment(step.criterion, held, incomplete)[0]
        known = status != NOT_ASSESSED
        counts = (before - left[number], int(sums[f"unknown_{number}"])) if known else (pd.NA, pd.NA)
        rows.append((step.name, status, left[number], *counts, step.goes_to))
    kinds = {"step": "str", "status": "str", "remaining": "Int64", "taken_out": "Int64", "not_known": "Int64"}
    return pd.DataFrame(rows, columns=[*kinds, "goes_to"]).astype(kinds | {"goes_to": "str"})


def eligible(people: Lazy, cohort: Cohort | str, *, on: dt.date) -> Lazy:
    """Rows of the person table that remain after every step, with their priority.

    Parameters
    ----------
    people
        The person table, lazy; it is looked at once to see which columns are null for everyone.
    cohort
        The cohort, or its name or file; a step that cannot be assessed takes nobody out (:func:`steps` names it).
    on
        The index date.

    Returns
    -------
    LazyFrame
        The remaining rows of ``people`` with priority: from 1, the place in the cohort's order of the first that a
        person meets; who meets none comes after all of them. What cannot be assessed puts nobody first.

    Raises
    ------
    PcnAnalysisError
        If a step that the cohort rests on could not be assessed; all of them are named.
    """
    found = find_cohort(cohort)
    held = held_columns(people, found.steps)
    if problems := _not_rested(found, held):
        raise PcnAnalysisError(*problems)
    flagged, assessed = _flagged(people, found.steps, on, held)
    met = [_flag(number) for number in assessed]
    chosen = flagged.filter(*(nw.col(name) for name in met)).drop(*met) if met else flagged
    places = {f"_first_{rank}": one.when for rank, one in enumerate(found.first, start=1)}
    ranked = flags(chosen, places, on=on)
    known = [name for name in places if name in ranked.collect_schema().names()]
    priority: Any = nw.lit(len(places) + 1)
    for name in reversed(known):
        priority = nw.when(nw.col(name)).then(nw.lit(int(name.removeprefix("_first_")))).otherwise(priority)
    return ranked.with_columns(priority=priority.cast(nw.Int64)).drop(*known)


def reasons(people: Lazy, cohort: Cohort | str, *, on: dt.date) -> Lazy:
    """List why each person is in a cohort.

    Parameters
    ----------
    people, cohort, on
        As in :func:`eligible`.

    Returns
    -------
    LazyFrame
        ``tables.REASONS``: one row a person who remains and element that they meet, of the steps that the cohort rests
        on: person_id, element, date (the latest record behind it; null for a count or a state), source.

    Raises
    ------
    PcnAnalysisError
        If a step that the cohort rests on could not be assessed.
    """
    found = find_cohort(cohort)
    return rules.reasons(eligible(people, found, on=on), [element for _, element in found.elements()], on=on)


def held_columns(people: Lazy, asked: Collection[Step]) -> list[str]:
    """Columns of the person table, without those that steps ask a value of and that are null for everyone.

    Parameters
    ----------
    people
        The person table, lazy. Where it has no rows, nothing is null.
    asked
        The steps of a cohort; dates are left as they are, as a missing one is no record.
    """
    columns = people.collect_schema().names()
    criteria = [step.criterion for step in asked if step.criterion is not None]
    values = sorted({name for criterion in criteria for name in _values(criterion)} & set(columns))
    if not values:
        return columns
    counts = to_pandas(people.select("person_id", *values).select(nw.all().count())).iloc[0]
    return [name for name in columns if name not in values or counts[name] or not counts["person_id"]]


def not_known(people: Lazy, cohort: Cohort | str) -> list[Problem]:
    """Why nobody knows who is in a cohort: the steps that it rests on and that could not be assessed.

    Parameters
    ----------
    people
        The person table, lazy; it is looked at once to see which columns are null for everyone.
    cohort
        The cohort, or its name or file.

    Returns
    -------
    list
        A problem for each such step; empty where the cohort can be found.

    Examples
    --------
    >>> from pcn_analysis.engine import lazy
    >>> [found] = not_known(lazy(pd.DataFrame({"person_id": ["a"], "age": [80]})), "carers")
    >>> found.what
    'unpaid carer could not be assessed, and “Carers” rests on it'
    """
    found = find_cohort(cohort)
    return _not_rested(found, held_columns(people, found.steps))


def _not_rested(cohort: Cohort, held: Collection[str]) -> list[Problem]:
    found = [(step.name, assessment(step.criterion, held)) for step in cohort.steps if step.criterion and step.defines]
    return [
        Problem(
            "person table",
            f"{within_sentence(name)} could not be assessed, and “{cohort.title}” rests on it",
            f"Bring records or codelists for {listed(missing)}.",
        )
        for name, (status, missing) in found
        if status == NOT_ASSESSED
    ]


def _flag(number: int) -> str:
    return f"_step_{number}"


def _flagged(people: Lazy, asked: Collection[Step], on: dt.date, held: Collection[str]) -> tuple[Lazy, list[int]]:
    """The person table with a flag for each step that can be assessed, and the numbers of those."""
    criteria = {_flag(number): step.criterion for number, step in enumerate(asked) if step.criterion is not None}
    empty = [name for name in people.collect_schema().names() if name not in held]
    flagged = flags(people, criteria, on=on, without=empty)
    columns = flagged.collect_schema().names()
    return flagged, [number for number in range(len(asked)) if _flag(number) in columns]


def _values(criterion: Criterion) -> list[str]:
    """The columns that a criterion reads and that are null where something is not known; a null date is no record."""
    return [name for name in needed_columns(criterion) if not name.endswith("_date")]


def _not_known(step: Step, held: Collection[str], on: dt.date) -> Any:
    """Whether what is not recorded of a person decides if they meet a step: as met, they do, and else they do not."""
    criterion = step.criterion
    if criterion is None:
        return nw.lit(False)
    denied = _denied(criterion)

    def leaf(one: Leaf, *, most: bool) -> Any | None:
        met = leaf_met(one, held, on)
        if met is None or most == (one in denied):
            return met
        return reduce(or_, [nw.col(name).is_null() for name in _values(one)], met)

    def met(*, most: bool) -> Any:
        return joined(criterion, lambda one: leaf(one, most=most))

    return met(most=True) & ~met(most=False)


def _denied(criterion: Criterion) -> list[Leaf]:
    """What must not be met, however many times that is denied again."""
    match criterion:
        case Not(inner):
            twice = _denied(inner)
            return [leaf for leaf in leaves(inner) if leaf not in twice]
        case Several(criteria):
            return [leaf for one in criteria for leaf in _denied(one)]
    return []
