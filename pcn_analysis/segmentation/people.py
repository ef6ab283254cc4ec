"""Each person's answer: their segment, the next one down, why, and what could not be assessed.

Everything here has a row for a person, or says something of one. It is lazy, and never leaves but as a list in
``data/restricted/`` (:mod:`pcn_analysis.release.lists`). What would move a person is in
:mod:`pcn_analysis.segmentation.moves`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis import rules
from pcn_analysis.engine import like
from pcn_analysis.person_table import incomplete_columns, table_of
from pcn_analysis.rules import ASSESSED, Model
from pcn_analysis.segmentation.models import find_model

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population


def segment(population: Population, model: str | Path | Model = "system_p") -> Lazy:
    """Put everyone in one segment of a model, and say in which they would be next.

    Parameters
    ----------
    population
        People with their records; everyone alive and registered on the index date is in.
    model
        The name of a published model, the path of a file of one's own, or a model.

    Returns
    -------
    LazyFrame
        One row a person, in no order: person_id, segment, next_segment (of lower priority; null in the remainder, and
        for those whom the model is not for). Missing values count as not met; where anything could not be assessed
        in full, the remainder is "None of those assessed".

    Raises
    ------
    PcnAnalysisError
        If there is no such model, or with everything that is wrong in its file.
    """
    incomplete = incomplete_columns(population)
    return rules.label(table_of(population), named(model), on=population.index_date, incomplete=incomplete)


def reasons(population: Population, model: str | Path | Model = "system_p") -> Lazy:
    """List the elements that each person meets, of every segment.

    Returns
    -------
    LazyFrame
        One row a person and element met, in no order: person_id, segment (that of the element), element, date (the
        latest record behind it; null for a count or a state), source, own (whether it is of the segment in which the
        person is; the others are of lower priority, or not enough by themselves).
    """
    chosen = named(model)
    people = table_of(population)
    met = rules.reasons(people, [element for _, element in chosen.elements()], on=population.index_date)
    homes = [(element.name, one.name) for one, element in chosen.elements()]
    home = like(pd.DataFrame(homes, columns=["element", "segment"], dtype="str"), met)
    own = segment(population, chosen).select("person_id", _own=nw.col("segment"))
    placed = met.join(home, on="element", how="inner").join(own, on="person_id", how="inner")
    return placed.select("person_id", "segment", "element", "date", "source", own=nw.col("segment") == nw.col("_own"))


def not_assessed(population: Population, model: str | Path | Model = "system_p") -> pd.DataFrame:
    """Say what could have put a person of each segment higher, or there, had it been assessed.

    It depends on the records that are held and not on the person, so that there is a row for a segment.

    Returns
    -------
    DataFrame
        One row a segment in which people can be, and element of it or of a segment before it that was not assessed in
        full: segment, of_segment (that of the element), element, status, missing (columns and sources, and what is
        missing behind columns that are there).
    """
    chosen = named(model)
    columns, incomplete = table_of(population).collect_schema().names(), incomplete_columns(population)
    elements = [element for _, element in chosen.elements()]
    covered = rules.coverage(elements, columns, incomplete)
    covered.insert(0, "of_segment", [one.name for one, _ in chosen.elements()])
    lacking = covered[covered["status"] != ASSESSED]
    order = [one.name for one in chosen.ordered()]
    places = [*order, chosen.remainder_name(columns, incomplete)]
    parts = [
        lacking[lacking["of_segment"].isin(order[: number + 1])].assign(segment=place)
        for number, place in enumerate(places)
    ]
    return pd.concat(parts, ignore_index=True)[["segment", "of_segment", "element", "status", "missing"]]


def named(model: str | Path | Model) -> Model:
    """The model that is asked for by its name, by the path of its file, or itself.

    Examples
    --------
    >>> named("snee").title
    'Suffolk and North East Essex, adults'
    """
    return model if isinstance(model, Model) else find_model(str(model))
