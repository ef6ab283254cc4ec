"""When a person leaves a segment by time alone: the windows that end if nothing new is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.dates import months_before
from pcn_analysis.person_table import incomplete_columns
from pcn_analysis.rules import FirstRecordedWithin, InHospitalWithin, RecordedWithin, needed_columns
from pcn_analysis.rules.criteria import leaves
from pcn_analysis.segmentation.asking import asked_people
from pcn_analysis.segmentation.people import named

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.population import Population
    from pcn_analysis.rules import Criterion, Model
    from pcn_analysis.segmentation.known import Known

COLUMNS = {"person_id": "str", "segment": "str", "date": "datetime64[us]", "to_segment": "str"}


def lapses(population: Population, model: str | Path | Model, person_ids: Collection[str]) -> pd.DataFrame:
    """Say from which day people are no longer in their segment because windows of its rule have ended.

    Nothing new is recorded until then, and nothing else changes: ages, counts of contacts and of medicines, and what is
    counted from them, stay as they are on the index date.

    Parameters
    ----------
    population, model, person_ids
        As for :func:`pcn_analysis.segmentation.moves.moves`.

    Returns
    -------
    DataFrame
        One row a person whom the end of a window takes out of their segment, in the order asked for: person_id,
        segment, date (the first day out of it), to_segment (where they are that day). People whom no window takes out
        have no row.

    Raises
    ------
    PcnAnalysisError
        If too many people are asked for, or any who are not registered on the index date; in counts.
    """
    chosen = named(model)
    few = asked_people(population, chosen, person_ids)
    own, remainder = few.placed["segment"], chosen.remainder_name(few.people.columns, incomplete_columns(population))
    rules = {one.name: one.criterion() for one in chosen.ordered()}
    rows = []
    for who, known in few.known.items():
        if rule := rules.get(own[who]):
            rows += [(who, own[who], day, to) for day, to in _out(rule, known, rules, remainder)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _out(rule: Criterion, known: Known, rules: dict[str, Criterion], remainder: str) -> list[tuple[dt.date, str]]:
    """The first day on which a rule is not met any more, and where the person is then; empty where there is none."""
    ends = _ends([leaf for one in rules.values() for leaf in leaves(one)], known)
    for day in sorted(set(ends.values())):
        ended = {leaf: False for leaf, end in ends.items() if end <= day}
        then = replace(known, met={**known.met, **ended})
        if not then.meets(rule):
            return [(day, next((name for name, one in rules.items() if then.meets(one)), remainder))]
    return []


def _ends(asked: list[Criterion], known: Known) -> dict[Criterion, dt.date]:
    """For each window that is met, the first day on which it is met no more."""
    found: dict[Criterion, dt.date] = {}
    for leaf in asked:
        if isinstance(leaf, RecordedWithin | FirstRecordedWithin | InHospitalWithin) and known.met.get(leaf):
            found[leaf] = _first_day_after(known.row[needed_columns(leaf)[0]].date(), leaf.months)
    return found


def _first_day_after(recorded: dt.date, months: int) -> dt.date:
    """First index date whose window of so many months does not hold a day.

    Examples
    --------
    >>> _first_day_after(dt.date(2024, 7, 1), 24), _first_day_after(dt.date(2023, 2, 28), 12)
    (datetime.date(2026, 7, 2), datetime.date(2024, 3, 1))
    """
    day = (pd.Timestamp(recorded) + pd.DateOffset(months=months)).date()
    while months_before(day, months) <= recorded:
        day += dt.timedelta(days=1)
    return day
