"""Whom counts by the segments of two models count, in the words of :class:`pcn_analysis.counted.Counted`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pcn_analysis.person_table import incomplete_columns, table_of
from pcn_analysis.provenance import Counted
from pcn_analysis.segmentation import whom
from pcn_analysis.segmentation.counting import NO, YES, by_segment, dimension, for_model, never

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model


def of_both(one: Model, other: Model) -> Counted:
    """People whom two models are for."""
    where = dict.fromkeys([*for_model(one), *for_model(other)])
    return Counted(where=tuple(where), never=_never(one, other))


def left_out(one: Model, other: Model) -> Counted:
    """People whom one of two models is not for; where each leaves out others, these are people of no one kind."""
    those = {for_model(model, are=False) for model in (one, other) if model.whom}
    if len(those) != 1:
        return Counted(of=f"people left out of {one.name} or {other.name}")
    return Counted(where=those.pop(), never=_never(one, other))


def by_both(population: Population, one: Model, other: Model, column: str = "other_segment") -> Counted:
    """People of a segment of each of two models in each row."""
    first, second = (by_segment(population, model, column=name) for name, model in (("segment", one), (column, other)))
    means = {**first.means, **second.means}
    return Counted(by=(*first.by, *second.by), means=means, never=_never(one, other))


def of_moving(population: Population, one: Model, other: Model) -> Counted:
    """People who are in another segment under another version of a model.

    It follows from both segments; that is not said of versions that are not for the same people.
    """
    moves = f"moves from {dimension(one)} to {dimension(other)}"
    if for_model(one) != for_model(other):
        return Counted(where=((moves, YES),))
    names, rest = whom.names(population, other), [remainder(population, model) for model in (one, other)]
    found: list[Conditions] = [((moves, YES), *for_model(one, are=False))] if one.whom else []
    for name in whom.names(population, one):
        stays = tuple(to for to in names if to == name or [name, to] == rest)
        goes = tuple(to for to in names if to not in stays)
        for way, to in ((YES, stays), (NO, goes)):
            both = ((dimension(one), (name,)), (dimension(other), to), *for_model(one))
            found += [((moves, way), *both)] if to else []
    return Counted(where=((moves, YES),), never=tuple(found))


def of_movers(population: Population, one: Model, other: Model, behind: pd.DataFrame) -> dict[str, Counted]:
    """Whom the numbers of movers count; an element is behind a move as one of a segment, and met now or no longer."""
    movers = by_both(population, one, other, "next_segment")
    means = {tuple(row): ((f"behind a move: {' / '.join(row)}", YES),) for row in behind.to_numpy()}
    return {"movers": movers, "patients": replace(movers, means={**movers.means, tuple(behind.columns): means})}


def remainder(population: Population, model: Model) -> str:
    """What those in no segment are called."""
    return model.remainder_name(table_of(population).collect_schema().names(), incomplete_columns(population))


def _never(one: Model, other: Model) -> tuple[Conditions, ...]:
    return tuple(dict.fromkeys([*never(one), *never(other)]))
