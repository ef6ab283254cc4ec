"""Which segment everyone is in: of one model, or of several in one pass over the people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis.rules.criteria import leaves
from pcn_analysis.rules.evaluation import COMPLETE, joined, leaf_met

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from pcn_analysis.engine import Lazy
    from pcn_analysis.rules.criteria import Criterion
    from pcn_analysis.rules.models import Model


def label(people: Lazy, model: Model, *, on: dt.date, incomplete: Mapping[str, Collection[str]] = COMPLETE) -> Lazy:
    """Put each person in one segment, and say in which they would be next.

    Parameters
    ----------
    people
        The person table, lazy.
    model
        The segments and the name of the remainder.
    on
        The index date.
    incomplete
        What is missing behind columns that are there, in words; it decides the name of the remainder only.

    Returns
    -------
    LazyFrame
        A row for each row of the person table: person_id, segment, next_segment. The next segment is the first of
        lower priority whose criterion is met as well, else the remainder: where a person would be if nothing put them
        in their own. It is null for those in the remainder, and for those whom the model is not for.
    """
    made = label_all(people, [model], on=on, incomplete=incomplete)
    return made.select("person_id", segment=nw.col(model.name), next_segment=nw.col(f"{model.name}_next"))


def label_all(
    people: Lazy,
    models: Collection[Model],
    *,
    on: dt.date,
    incomplete: Mapping[str, Collection[str]] = COMPLETE,
    with_elements: bool = False,
) -> Lazy:
    """Put each person in one segment of each of several models, asking each thing once.

    Parameters
    ----------
    people, on, incomplete
        As in :func:`label`.
    models
        Models, each of a name of its own.
    with_elements
        Whether to say as well which elements each person meets: the reasons, without their dates.

    Returns
    -------
    LazyFrame
        A row for each row of the person table: person_id; ``<model>`` and ``<model>_next``, as segment and
        next_segment of :func:`label`; and with elements ``<model>: <element>``, true or false, for each element that
        could be assessed.
    """
    columns = people.collect_schema().names()
    asked = [one for model in models for one in _criteria(model)]
    found: dict[Any, Any] = {leaf: leaf_met(leaf, columns, on) for criterion in asked for leaf in leaves(criterion)}
    marks = {leaf: f"_{number}" for number, leaf in enumerate(found) if found[leaf] is not None}

    def met(criterion: Criterion) -> Any | None:
        return joined(criterion, lambda leaf: nw.col(marks[leaf]) if leaf in marks else None)

    once = people.select("person_id", **{mark: found[leaf] for leaf, mark in marks.items()})
    known = [model for model in models if model.knows_whom(columns, incomplete)]
    asked_of: dict[tuple[str, str | None], Criterion] = {
        (model.name, one.name): one.criterion() for model in known for one in model.segments
    }
    asked_of |= {(model.name, None): model.whom for model in known if model.whom}
    inside = {key: it for key, criterion in asked_of.items() if (it := met(criterion)) is not None}
    names = {key: f"_in_{number}" for number, key in enumerate(inside)}  # names of models may be any words
    elements = {f"{model.name}: {one.name}": met(one.when) for model in models for _, one in model.elements()}
    shown = {name: it for name, it in elements.items() if with_elements and it is not None}
    labels: dict[str, Any] = {}
    for model in models:
        labels |= _labels(model, names, model.remainder_name(columns, incomplete))
    placed = once.select("person_id", **shown, **{names[key]: it for key, it in inside.items()})
    return placed.select("person_id", *shown, **labels)


def _criteria(model: Model) -> list[Criterion]:
    whom = [model.whom] if model.whom else []
    return [*(one.criterion() for one in model.segments), *(one.when for _, one in model.elements()), *whom]


def _labels(model: Model, names: Mapping[tuple[str, str | None], str], remainder: str) -> dict[str, Any]:
    """The segment and the next one, over columns that say of each segment whether its criterion is met."""
    nothing = nw.lit(None).cast(nw.String)
    segment, following = nw.lit(remainder), nothing
    for one in reversed(model.ordered()):
        if (model.name, one.name) in names:
            inside = nw.col(names[model.name, one.name])
            following = nw.when(inside).then(segment).otherwise(following)
            segment = nw.when(inside).then(nw.lit(one.name)).otherwise(segment)
    if (model.name, None) in names:
        whom = nw.col(names[model.name, None])
        following = nw.when(whom).then(following).otherwise(nothing)
        segment = nw.when(whom).then(segment).otherwise(nw.lit(model.others))
    return {model.name: segment, f"{model.name}_next": following}
