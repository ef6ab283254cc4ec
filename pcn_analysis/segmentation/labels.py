"""Who is in which segment of a model, worked out once for a population, and what every table of a model says of it.

The day is that of the population; on another day it is another one
(:func:`pcn_analysis.segmentation.dynamics.days.as_at`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis import engine, rules
from pcn_analysis.person_table import incomplete_columns, table_of
from pcn_analysis.words import NOT_ASSESSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.rules import Model

SEGMENT, REMAINDER, OTHERS, ALL = "segment", "remainder", "others", "everyone"
"""What a row of a model is: one of its segments, those in none of them, those whom it is not for, or all of these."""


def labels(population: Population, model: Model) -> pd.DataFrame:
    """Each person's segment: person_id and segment. It is worked out once for a population and a model."""

    def find() -> pd.DataFrame:
        incomplete = incomplete_columns(population)
        lazy = rules.label(table_of(population), model, on=population.index_date, incomplete=incomplete)
        return engine.to_pandas(lazy.select("person_id", "segment"))

    return population.once(f"segments of {model!r}", find).copy(deep=False)


def labelled(population: Population, model: Model, columns: Sequence[str]) -> pd.DataFrame:
    """Columns of everyone in the person table beside their segment; a column that is not there is missing of all."""
    people = table_of(population)
    held = [name for name in columns if name in people.collect_schema().names()]
    found = engine.to_pandas(people.select("person_id", *held)).merge(labels(population, model), on="person_id")
    absent = {name: pd.Series(pd.NA, index=found.index, dtype="str") for name in columns if name not in held}
    return found.assign(**absent)


def status(population: Population, model: Model) -> dict[str, str]:
    """Whether each segment could be assessed, in order; then the remainder, and last those whom it is not for."""

    def find() -> dict[str, str]:
        return model.status(table_of(population).collect_schema().names(), incomplete_columns(population))

    return dict(population.once(f"status of {model!r}", find))


def kinds(population: Population, model: Model) -> dict[str, str]:
    """What each row of a model is, in the order of :func:`status`: a segment, the remainder, or the others."""
    names = list(status(population, model))
    segments = len(model.segments)
    return dict(zip(names, [*[SEGMENT] * segments, REMAINDER, OTHERS], strict=False))


def assessed(population: Population, model: Model) -> list[str]:
    """Names of the segments that could be assessed, in order; with the remainder and the others."""
    return [name for name, how in status(population, model).items() if how != NOT_ASSESSED]


def shown(population: Population, model: Model) -> list[str]:
    """As :func:`assessed`; none where no segment but the remainder and the others could be."""
    names, kind = assessed(population, model), kinds(population, model)
    return names if any(kind[name] == SEGMENT for name in names) else []


def named(model: Model) -> str:
    """Title of a model with the variant that it is of, where the title does not say it.

    Examples
    --------
    >>> from pcn_analysis.segmentation.models import find_model
    >>> named(find_model("core20plus5_adults")), named(find_model("reconstructed_nwl"))
    ('Core20PLUS5, adults (reconstructed)', 'North West London, reconstructed')
    """
    return model.title if model.variant in model.title else f"{model.title} ({model.variant})"


def of_model(population: Population, model: Model, frame: pd.DataFrame, **columns: Any) -> SourcedTable:
    """Wrap what was counted by a model, with where it comes from.

    Every row says of which model and variant it is (``model``); one of a segment, what that is (``kind``, as in
    :func:`kinds`, or everyone).
    """
    words = pd.Series(named(model), index=frame.index, dtype="str")
    if "segment" in frame:
        kind = frame["segment"].map(kinds(population, model)).fillna(ALL)
        frame = frame.assign(kind=kind.astype("str"))
    return population.sourced(frame.assign(model=words), **columns)
