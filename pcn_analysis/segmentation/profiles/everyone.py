"""Sums over the people of each segment, and over everyone to hold them against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis import engine
from pcn_analysis.segmentation import whom
from pcn_analysis.segmentation.labels import labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model


def with_everyone(people: pd.DataFrame, model: Model) -> pd.DataFrame:
    """People in their segment, after those whom a model is for, as everyone."""
    everyone = whom.only(people, model).assign(segment=whom.everyone(model))
    return pd.concat([everyone, people], ignore_index=True)


def sums(population: Population, model: Model, made: Mapping[str, nw.Expr]) -> pd.DataFrame:
    """Sums of numbers made of the person table, by segment and over everyone; what is missing adds nothing.

    Those whom the model is not for have a row of their own, and are not in everyone's.

    Returns
    -------
    DataFrame
        Indexed by segment, everyone (:func:`pcn_analysis.segmentation.whom.everyone`) first, a column for each of
        ``made``; no rows where there are no people.
    """
    people = population.tables["person_table"]
    marks = engine.like(labels(population, model), people)
    numbers = people.select("person_id", **{name: one.cast(nw.Int64) for name, one in made.items()})
    joined = numbers.join(marks, on="person_id", how="inner")
    found = engine.to_pandas(joined.group_by("segment").agg(*(nw.col(name).sum() for name in made)))
    found = found.set_index("segment").fillna(0).astype("Int64")
    these = found.drop(index=model.others, errors="ignore") if model.whom else found
    everyone = these.sum().to_frame(whom.everyone(model)).T.astype("Int64")
    return pd.concat([everyone, found]) if len(found) else found
