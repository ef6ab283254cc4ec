"""Two models, or two versions of one, on the same people: who is where in each, how far they agree, who moves and why.

Each function takes a :class:`pcn_analysis.population.Population` and models, counts people of its stored person table,
and returns a table ready for :func:`pcn_analysis.release.release` under ``hes``. Everyone registered and alive on the
index date is in it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import engine, rules
from pcn_analysis.provenance import Counted, Rate
from pcn_analysis.segmentation import counted_pairs, counting, segments
from pcn_analysis.segmentation.labels import assessed, labels, status
from pcn_analysis.segmentation.models import find_model
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import within_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.rules import Criterion, Model

MET_NOW, NO_LONGER_MET = "met now", "no longer met"
NO_ELEMENT = "none: the rule or the order of segments, or whom the model is for"
"""What stands for an element where someone moved and meets the same ones of both segments as before."""
OF_SEGMENT = Rate("share", "patients", "segment_patients")
OF_EVERYONE = Rate("share", "patients", "registered", interval=True)
OF_MOVERS = Rate("share", "patients", "movers")
REFERENCES = ("snee", "system_p")
"""Models that others are held against, the first that is no version of them."""
FEWEST_COMPARED = 100
"""Of fewer people than this, how far models agree says much of each."""
DECIMALS = 2
"""Of the adjusted Rand index: enough to read, and too few to work a small count back from."""


def are_versions(one: Model, other: Model) -> bool:
    """Whether two models are versions of one: most of their segments have the same names.

    Only then does it mean something that a person is in another segment.
    """
    names, others = ({segment.name for segment in model.segments} for model in (one, other))
    return 2 * len(names & others) > max(len(names), len(others))


def held_against(model: Model, wanted: str = "") -> Model:
    """Which model to hold another against: never itself.

    Parameters
    ----------
    model
        The model that is looked at.
    wanted
        Name or path of another, which is taken unless its segments are those of the first; empty for that of Suffolk
        and North East Essex, or System P where the first is a version of that.

    Examples
    --------
    >>> from pcn_analysis.segmentation.models import find_model
    >>> [held_against(find_model(name)).name for name in ("system_p", "bnssg", "snee", "snee_published")]
    ['snee', 'snee', 'system_p', 'system_p']
    >>> held_against(find_model("snee"), "bnssg").name, held_against(find_model("snee"), "snee").name
    ('bnssg', 'system_p')
    """
    asked = find_model(wanted) if wanted else None
    if asked and asked.segments != model.segments:
        return asked
    return next(other for other in map(find_model, REFERENCES) if not are_versions(model, other))


def compared(population: Population, one: Model, other: Model) -> SourcedTable:
    """How many people are in both models, and how many are left out as one of them is not for them.

    Returns
    -------
    SourcedTable
        One row: patients (in both), left_out, who (in words: what each model calls those whom it is not for; empty
        where both are for everyone).
    """
    placed = _both(population, one, other)
    within = len(_within(placed, one, other))
    others = [(within_sentence(model.others), model.title) for model in (one, other) if model.whom]
    alike = len(others) > 1 and one.others == other.others
    who = [others[0][0]] if alike else [f"{name} in {title}" for name, title in others]
    rows = pd.DataFrame({"patients": [within], "left_out": [len(placed) - within], "who": ["; ".join(who)]})
    counted = {"patients": counted_pairs.of_both(one, other), "left_out": counted_pairs.left_out(one, other)}
    return population.sourced(rows, counts=tuple(counted), counted=counted)


def cross_table(population: Population, one: Model, other: Model, *, in_both: bool = False) -> SourcedTable:
    """People by the segment of one model and the segment of another.

    Parameters
    ----------
    in_both
        Whether only people are counted whom both models are for.

    Returns
    -------
    SourcedTable
        One row a pair of segments, in the order of both models: segment, other_segment, patients, segment_patients (of
        the first model's segment), share. Every pair is there, but only of segments that could be assessed, and, of
        people in both models, of those that anyone is in.
    """
    placed = _both(population, one, other)
    names = [assessed(population, model) for model in (one, other)]
    if in_both:
        placed = _within(placed, one, other)
        columns = ("segment", "other_segment")
        names = [
            [name for name in some if placed[column].eq(name).any()]
            for some, column in zip(names, columns, strict=True)
        ]
    every = pd.MultiIndex.from_product(names, names=["segment", "other_segment"])
    counts = placed.groupby(["segment", "other_segment"]).size().reindex(every, fill_value=0)
    rows = counts.rename("patients").reset_index()
    rows["segment_patients"] = rows.groupby("segment")["patients"].transform("sum")
    both = counted_pairs.by_both(population, one, other)
    of_segment = replace(both, by=both.by[:1], where=counting.for_model(other) if in_both else ())
    of_segment = replace(of_segment, means={"segment": both.means["segment"]})
    counted = {"patients": both, "segment_patients": of_segment}
    frame = with_rates(rows, (OF_SEGMENT,))
    return population.sourced(frame, counts=tuple(counted), rates=(OF_SEGMENT,), counted=counted)


def agreement(population: Population, models: Sequence[Model]) -> SourcedTable:
    """How far models divide the same people alike, whatever their segments are called.

    Returns
    -------
    SourcedTable
        One row a pair of models, in the order given: model, other_model (titles), versions (yes or no: of one model,
        which ask the same question), patients (whom both are for), adjusted_rand. That is 1 where two people who are
        together in one model are together in the other as well, and apart where they are apart there; about 0 where the
        two agree no more than by chance; null where fewer than 100 people are left. It is rounded to two decimals
        before release.

    References
    ----------
    Hubert L, Arabie P. Comparing partitions. J Classif 1985;2:193-218. doi:10.1007/BF01908075
    """
    from sklearn.metrics import adjusted_rand_score

    rows = []
    for one, other in combinations(models, 2):
        within = _within(_both(population, one, other), one, other)
        both = [within[name].astype(object) for name in ("segment", "other_segment")]
        index = round(float(adjusted_rand_score(*both)), DECIMALS) if len(within) >= FEWEST_COMPARED else None
        versions = "yes" if are_versions(one, other) else "no"
        rows.append((one.title, other.title, versions, len(within), index))
    frame = pd.DataFrame(rows, columns=["model", "other_model", "versions", "patients", "adjusted_rand"])
    frame = frame.astype({"patients": "Int64", "adjusted_rand": "Float64"})
    titles = {model.title: counting.for_model(model) for model in models}
    counted = {"patients": Counted(means={"model": titles, "other_model": titles})}
    return population.sourced(frame, counts=tuple(counted), numbers=("adjusted_rand",), counted=counted)


def moved(population: Population, one: Model, other: Model) -> SourcedTable:
    """How many people are in another segment under a second version of a model.

    Who is in the remainder of both has not moved, whatever it is called; nor has someone whom neither is for.

    Returns
    -------
    SourcedTable
        One row: patients (who moved), registered, share with 95% Wilson limits.
    """
    placed = _both(population, one, other)
    rows = pd.DataFrame({"patients": [int(_moves(population, placed, one, other).sum())], "registered": [len(placed)]})
    counted = {"patients": counted_pairs.of_moving(population, one, other), "registered": counting.EVERYBODY}
    frame = with_rates(rows, (OF_EVERYONE,))
    return population.sourced(frame, counts=tuple(counted), rates=(OF_EVERYONE,), counted=counted)


def movers(population: Population, one: Model, other: Model) -> SourcedTable:
    """Who moves between two versions of a model, and which elements put them where they go.

    An element is behind a move if it is of the segment that is left or entered and is met under one version only. One
    that went from one segment to another is met as a reason for the first, and then for the second.

    Returns
    -------
    SourcedTable
        One row a move and element behind it, in the order of both models, the commonest first within a move: segment,
        next_segment, movers (people who move so), element (:data:`NO_ELEMENT` where there is none), home (its segment),
        change (``met now``, ``no longer met``, or empty), patients (movers of whom that is so), share. A mover can be
        in several rows of one move.
    """
    placed = _both(population, one, other)
    moving = placed[_moves(population, placed, one, other)].rename(columns={"other_segment": "next_segment"})
    found = moving.merge(_changes(population, moving, one, other), on="person_id", how="left")
    behind = found[(found["home"] == found["segment"]) | (found["home"] == found["next_segment"])]
    without = moving[~moving["person_id"].isin(behind["person_id"])].assign(element=NO_ELEMENT, home="", change="")
    by, of_element = ["segment", "next_segment"], ["element", "home", "change"]
    counts = pd.concat([behind, without]).groupby([*by, *of_element]).size().rename("patients").reset_index()
    rows = counts.merge(moving.groupby(by).size().rename("movers").reset_index(), on=by)
    for name, model in zip(by, (one, other), strict=True):
        rows[f"{name}_place"] = rows[name].map(list(status(population, model)).index)
    rows = rows.sort_values(["segment_place", "next_segment_place", *of_element], ignore_index=True)
    rows = with_rates(rows[[*by, "movers", *of_element, "patients"]], (OF_MOVERS,))
    counted = counted_pairs.of_movers(population, one, other, rows[of_element])
    columns = {"counts": tuple(counted), "counted": counted, "ranked_by": (*by, "patients")}
    return population.sourced(rows, rates=(OF_MOVERS,), **columns)


def not_assessed(population: Population, one: Model, other: Model) -> SourcedTable:
    """Elements that differ between two models and that these records cannot answer in full.

    Nobody moves for want of data, so that a count of movers says nothing of these.

    Returns
    -------
    SourcedTable
        One row an element, in order: segment, element, status, missing. Words only.
    """
    homes, others = (set(_homes(model).items()) for model in (one, other))
    differing = pd.DataFrame([(home, name) for (name, _), home in homes ^ others], columns=["segment", "element"])
    found = pd.concat([segments.not_assessed(population, model).frame for model in (one, other)])
    found = found[["segment", "element", "status", "missing"]].drop_duplicates()
    return population.sourced(found.merge(differing.drop_duplicates()))


def _both(population: Population, one: Model, other: Model) -> pd.DataFrame:
    """Everyone with their segment in each of two models: person_id, segment, other_segment."""
    second = labels(population, other).rename(columns={"segment": "other_segment"})
    return labels(population, one).merge(second, on="person_id", validate="one_to_one")


def _within(placed: pd.DataFrame, one: Model, other: Model) -> pd.DataFrame:
    """Those of some people whom both models are for."""
    return placed[~_is_other(placed["segment"], one) & ~_is_other(placed["other_segment"], other)]


def _moves(population: Population, placed: pd.DataFrame, one: Model, other: Model) -> pd.Series:
    """Whether each person is somewhere else; the remainder is one place whatever it is called, and so are others."""
    remainders = [counted_pairs.remainder(population, model) for model in (one, other)]
    in_neither = (placed["segment"] == remainders[0]) & (placed["other_segment"] == remainders[1])
    for_neither = _is_other(placed["segment"], one) & _is_other(placed["other_segment"], other)
    return (placed["segment"] != placed["other_segment"]) & ~in_neither & ~for_neither


def _changes(population: Population, moving: pd.DataFrame, one: Model, other: Model) -> pd.DataFrame:
    """Elements that movers meet under one version and not the other: person_id, element, home, change."""
    people = population.tables["person_table"]
    people = people.join(engine.like(moving[["person_id"]], people), on="person_id", how="semi")
    homes, others = (_homes(model) for model in (one, other))
    before, after = (
        _met(population, people, {element: home for element, home in mine.items() if its.get(element) != home})
        for mine, its in ((homes, others), (others, homes))
    )
    met = pd.concat([before.assign(change=NO_LONGER_MET), after.assign(change=MET_NOW)])
    return met.drop_duplicates(["person_id", "element", "home"], keep=False)


def _homes(model: Model) -> dict[tuple[str, Criterion], str]:
    return {(element.name, element.when): segment.name for segment, element in model.elements()}


def _met(population: Population, people: Lazy, homes: dict[tuple[str, Criterion], str]) -> pd.DataFrame:
    """Who meets which of some elements: person_id, element, home."""
    elements = [rules.Element(name, when, "") for name, when in homes]
    met = engine.to_pandas(rules.reasons(people, elements, on=population.index_date).select("person_id", "element"))
    return met.assign(home=met["element"].map({name: home for (name, _), home in homes.items()}).astype("str"))


def _is_other(names: pd.Series, model: Model) -> pd.Series:
    """Whether each is the segment of those whom a model is not for."""
    return names == model.others if model.whom else pd.Series(False, index=names.index)
