"""The score of each person, the reasons for it, and what of it could not be assessed."""

from __future__ import annotations

from functools import reduce
from operator import add, and_, or_
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis import rules, tables
from pcn_analysis.engine import like, on_frames
from pcn_analysis.person.attributes import unknown
from pcn_analysis.rules import ASSESSED, assessment, needed_columns
from pcn_analysis.scores.cambridge.variants import VARIANTS, Variant, find_variant

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from pcn_analysis.engine import Lazy
    from pcn_analysis.rules import Criterion, Element

_SAID = {column.name for column in tables.ATTRIBUTES.columns} - {
    name for slug in tables.MEASURED for name in (slug, f"{slug}_date")
}
"""Columns in which a missing value says that nothing is known; who was not measured has no value."""


def score_column(variant: str) -> str:
    """Column of the score of a variant.

    Examples
    --------
    >>> score_column("payne2020_general_20")
    'cms_payne2020_general_20'
    """
    return f"cms_{variant}"


def assessed_column(variant: str) -> str:
    """Column that says how many conditions of a variant could be assessed of a person.

    Examples
    --------
    >>> assessed_column("payne2020_general_20")
    'cms_payne2020_general_20_assessed'
    """
    return f"{score_column(variant)}_assessed"


@on_frames
def cambridge_scores(people: Lazy, *, on: dt.date, variants: Collection[str] = tuple(VARIANTS)) -> Lazy:
    """Add the score of some variants to each person.

    The score was made for adults; it is computed here for everyone, and who reads it says for which ages.

    Parameters
    ----------
    people
        The person table. A condition whose columns it lacks counts towards nothing and is not assessed. Most weights
        are above 0: a score of fewer conditions is too low; where some are negative it can be too high.
    on
        The index date.
    variants
        Names of variants; by default all.

    Returns
    -------
    LazyFrame
        The rows of ``people`` with two columns a variant: ``cms_<variant>``, the weights of the conditions met, and
        ``cms_<variant>_assessed``, of how many of its conditions everything is known that they ask for. The score is
        null where no condition can be assessed, and of a person of whom nothing is known that any condition asks for.

    Raises
    ------
    PcnAnalysisError
        If there is no such variant.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["a", "b"], "has_dementia": [True, False], "has_copd": [True, None]})
    >>> scored = cambridge_scores(people, on=dt.date(2026, 7, 1), variants=["payne2020_general_20"])
    >>> scored.sort_values("person_id").iloc[:, -2:].to_numpy().tolist()
    [[3.96, 2], [0.0, 1]]
    """
    chosen = [find_variant(name) for name in variants]
    columns = people.collect_schema().names()
    elements = list(dict.fromkeys(element for variant in chosen for element in variant.elements.values()))
    met = {element: f"_met_{number}" for number, element in enumerate(elements)}
    flagged = rules.flags(people, {name: element.when for element, name in met.items()}, on=on)
    there = set(flagged.collect_schema().names())
    met = {element: name for element, name in met.items() if name in there}
    known = {
        f"{name}_known": _known(element.when, name, columns)
        for element, name in met.items()
        if _is_full(element.when, columns)
    }
    made: dict[str, Any] = {}
    for variant in chosen:
        made |= _of_variant(variant, met, columns)
    stage = flagged.with_columns(**known) if known else flagged
    return stage.with_columns(**made).select(*columns, *made) if made else people


@on_frames
def cambridge_reasons(people: Lazy, *, on: dt.date, variant: str) -> Lazy:
    """List the conditions that make up each person's score.

    Parameters
    ----------
    people
        The person table.
    on
        The index date.
    variant
        Name of a variant.

    Returns
    -------
    LazyFrame
        One row a person and condition met: the columns of ``tables.REASONS`` (element is the name of the condition,
        date that of the latest record behind it), then variant and weight. The weights of a person add up to the
        score.

    Raises
    ------
    PcnAnalysisError
        If there is no such variant.
    """
    found = find_variant(variant)
    weights = pd.DataFrame(
        {
            "element": pd.Series([element.name for element in found.elements.values()], dtype="str"),
            "weight": [float(found.weights[condition]) for condition in found.elements],
        }
    )
    reasons = rules.reasons(people, list(found.elements.values()), on=on)
    weighed = reasons.join(like(weights, reasons), on="element", how="inner")
    return weighed.select(*tables.REASONS.column_names(), variant=nw.lit(variant), weight=nw.col("weight"))


def unassessable(variant: str, columns: Collection[str]) -> list[str]:
    """Name the conditions of a variant that a person table could not show in full.

    Parameters
    ----------
    variant
        Name of a variant.
    columns
        Columns that the person table has.

    Examples
    --------
    >>> from pcn_analysis.tables import PERSON_TABLE
    >>> columns = {*PERSON_TABLE.column_names(), "egfr_best_of_2"} - {"has_tia"}
    >>> unassessable("payne2020_general_20", columns)
    ['Stroke or transient ischaemic attack']
    """
    found = find_variant(variant).elements.values()
    return [element.name for element in found if not _is_full(element.when, columns)]


def _is_full(criterion: Criterion, columns: Collection[str]) -> bool:
    return assessment(criterion, columns)[0] == ASSESSED


def _of_variant(variant: Variant, met: Mapping[Element, str], columns: Collection[str]) -> dict[str, Any]:
    """Expressions of the two columns of a variant, over the flags of its conditions."""
    points = variant.points()
    there = {condition: element for condition, element in variant.elements.items() if element in met}
    total = _sum(_as(points[condition], nw.col(met[element])) for condition, element in there.items())
    full = [met[element] for element in there.values() if _is_full(element.when, columns)]
    read = {name for element in there.values() for name in needed_columns(element.when)} & set(columns) - {"age"}
    nothing = reduce(and_, [nw.col(name).is_null() for name in sorted(read)]) if read else nw.lit(True)
    score = nw.when(nothing).then(None).otherwise(_divided(total, variant.scale()))
    return {
        score_column(variant.name): score.cast(nw.Float64),
        assessed_column(variant.name): _sum(nw.col(f"{name}_known") for name in full).cast(nw.Int64),
    }


def _known(criterion: Criterion, met: str, columns: Collection[str]) -> Any:
    """1 for a person of whom it is known whether a condition is met; a condition that is met is known."""
    asked = [name for name in needed_columns(criterion) if name in _SAID]
    if not asked:
        return nw.lit(1)
    doubtful = reduce(or_, unknown(asked, columns)) & ~nw.col(met)
    return nw.when(doubtful).then(nw.lit(0)).otherwise(nw.lit(1))


def _as(points: int, met: Any) -> Any:
    return nw.when(met).then(nw.lit(points)).otherwise(nw.lit(0))


def _sum(numbers: Any) -> Any:
    return reduce(add, numbers, nw.lit(0))


def _divided(total: Any, scale: int) -> Any:
    """A whole number divided by a constant, to the nearest fraction there is; Polars multiplies by the inverse."""
    return total / (total * 0 + scale)
