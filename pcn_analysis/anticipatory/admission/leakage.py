"""Whether anything of what a model reads was recorded on or after the day from which it predicts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis.anticipatory.admission.features import CHARLSON, FEATURES, PREDICTORS, of_records, people_at
from pcn_analysis.exceptions import PcnAnalysisError, Problem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from pcn_analysis.population import Population

BEGINS = {
    "conditions": "condition_start_date",
    "medications": "drug_exposure_start_date",
    "measurements": "measurement_date",
    "encounters": "visit_start_date",
}
"""The day that a record is of, by table."""
ENDS = {
    "persons": ("death_date", "registration_end_date"),
    "conditions": ("condition_end_date",),
    "medications": ("drug_exposure_end_date",),
    "encounters": ("visit_end_date",),
}
"""Days that may lie later than the record itself."""
_BESIDE = ("person_id", "practice_code", "sex", "ethnicity")


def check_leakage(population: Population, people: pd.DataFrame, *, origin: dt.date) -> None:
    """Raise if a column says anything that was not yet recorded at the origin.

    All columns are made once more from the records as they stood then: without any of the origin or later, and
    without ends, deaths and departures that were yet to come. Every value has to be the same.

    Parameters
    ----------
    population
        The people with all their records.
    people
        One row a person with person_id and the columns that a model is to read.
    origin
        The day from which it predicts.

    Raises
    ------
    PcnAnalysisError
        Naming every column that differs, with of how many people, or that is not declared in
        ``codelists/admission_features.csv`` as one that is read.
    """
    problems = list(_undeclared(people))
    then = people_at(as_it_stood(population, origin), on=origin)
    both = people[["person_id"]].merge(then, on="person_id", how="left")
    if missing := len(people) - int(people["person_id"].isin(then["person_id"]).sum()):
        what = f"{missing:,} of {len(people):,} people could not have been known on {origin}"
        problems.append(Problem("people", what, "Take those who were registered then."))
    for name in people.columns.intersection([*PREDICTORS, CHARLSON]):
        differ = len(people) if name not in both else _differ(people[name], both[name])
        if differ:
            what = f"it differs for {differ:,} of {len(people):,} people from what was recorded before {origin}"
            problems.append(Problem(name, what, "Make it from records of before that day alone."))
    if problems:
        raise PcnAnalysisError(*problems)


def as_it_stood(population: Population, origin: dt.date) -> Population:
    """The population as its records stood at the start of a day."""
    dated = of_records(population)
    kept: dict[str, Any] = {}
    for name in ("persons", *BEGINS):
        if name not in dated.tables:
            continue
        table = dated.tables[name]
        if name in BEGINS:
            table = table.filter(nw.col(BEGINS[name]).cast(nw.Date) < origin)
        present = table.collect_schema().names()
        days = {one: nw.col(one).cast(nw.Date) for one in ENDS.get(name, ()) if one in present}
        blanked = {one: nw.when(day < origin).then(day) for one, day in days.items()}
        kept[name] = table.with_columns(**blanked) if blanked else table
    return replace(dated, tables=kept)


def _undeclared(people: pd.DataFrame) -> Iterator[Problem]:
    for name in people.columns:
        if name in _BESIDE or name in PREDICTORS or name == CHARLSON:
            continue
        declared = FEATURES.get(str(name))
        what = f"it is declared not to be used: {declared.why.lower()}" if declared else "it is not declared"
        yield Problem(f"column {name}", what, "Leave it out, or declare it in codelists/admission_features.csv.")


def _differ(one: pd.Series, other: pd.Series) -> int:
    """Of how many people two columns of one order say different things; both missing is the same."""
    first, second = (
        values.astype("object").where(values.notna(), None).reset_index(drop=True) for values in (one, other)
    )
    return int(((first != second) & ~(first.isna() & second.isna())).sum())
