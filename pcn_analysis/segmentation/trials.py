"""Changes tried on copies of people: the same records with something added, and the segment that it ends in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis import rules, tables
from pcn_analysis.engine import lazy, like, to_pandas
from pcn_analysis.person_table import person_table
from pcn_analysis.segmentation.changes import HELD_ONCE, Change, Step

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model


@dataclass(frozen=True)
class Trial:
    """A change tried on a copy of one person."""

    person_id: str
    change: Change


def outcomes(population: Population, model: Model, trials: Sequence[Trial]) -> list[str]:
    """Say in which segment each trial ends, on the index date.

    Parameters
    ----------
    population
        The people who are copied. What is remembered of it holds for the copies, so that a column is there for them if
        it is there for everyone, whatever a change adds.
    model
        The segments.
    trials
        Each is made on a copy of its own.
    """
    if not trials:
        return []
    copies = pd.DataFrame(
        {"person_id": [one.person_id for one in trials], "copy": [f"copy-{place}" for place in range(len(trials))]}
    ).astype("str")
    added = [(who, step) for who, one in zip(copies["copy"], trials, strict=True) for step in one.change.steps()]
    tried = replace(population, tables=_tables(population, copies, added))
    tried.remembered.update(population.remembered)
    labels = rules.label(person_table(tried, on=tried.index_date), model, on=tried.index_date)
    return to_pandas(labels).set_index("person_id")["segment"].reindex(copies["copy"]).tolist()


def _tables(population: Population, copies: pd.DataFrame, added: list[tuple[str, Step]]) -> dict[str, Lazy]:
    made = {}
    for name, table in population.tables.items():
        own = [(who, step) for who, step in added if step.table == name]
        copied = (
            table.join(like(copies, table), on="person_id", how="inner").drop("person_id").rename({"copy": "person_id"})
        )
        made[name] = _said_otherwise(copied, own) if name in HELD_ONCE else _with_rows(name, copied, own, population)
    return made


def _with_rows(name: str, copied: Lazy, added: list[tuple[str, Step]], population: Population) -> Lazy:
    """A table of records with the new rows below."""
    if not added:
        return copied
    rows: list[dict[str, Any]] = [
        {"person_id": who} | step.row(population.index_date) for who, step in added for _ in range(step.times)
    ]
    frame = pd.DataFrame(rows, columns=tables.NAMED[name].column_names())
    for column in tables.NAMED[name].columns:
        if column.kind == "date":
            frame[column.name] = pd.to_datetime(frame[column.name])
    kinds = copied.collect_schema()
    new = like(tables.NAMED[name].conform(frame), copied)
    return nw.concat([copied, new.select(*(nw.col(column).cast(kind) for column, kind in kinds.items()))])


def _said_otherwise(copied: Lazy, changed: list[tuple[str, Step]]) -> Lazy:
    """A table of one row a person with other values in some columns."""
    frame = to_pandas(copied).set_index("person_id")
    for who, step in changed:
        value = pd.Timestamp(step.value) if frame[step.what].dtype.kind == "M" else step.value
        frame.loc[who, step.what] = value
    return lazy(frame.reset_index())
