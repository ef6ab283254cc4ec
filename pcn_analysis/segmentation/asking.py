"""A few people who are asked for by name: their records, where they are, and what is known of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import rules
from pcn_analysis.engine import lazy, like, to_pandas
from pcn_analysis.exceptions import problem
from pcn_analysis.person_table import (
    counts_frailty,
    filled_by_source,
    frailty_reasons,
    incomplete_columns,
    person_table,
)
from pcn_analysis.population import RECORDS
from pcn_analysis.rules import needed_columns
from pcn_analysis.segmentation.known import Known, asked
from pcn_analysis.words import count

if TYPE_CHECKING:
    from pcn_analysis.population import Population
    from pcn_analysis.rules import Criterion, Model

MOST_PEOPLE = 200
"""Most people who can be asked for at once: each is tried some dozens of times."""
LAST = "people asked for"
"""Under which a population remembers those who were asked for last."""


@dataclass(frozen=True)
class Asked:
    """The people asked for.

    Parameters
    ----------
    part
        They alone, with their records.
    people
        Their rows of the person table.
    placed
        Their segment and next_segment, by person_id.
    known
        What is known of each, by person_id, in the order asked for.
    """

    part: Population
    people: pd.DataFrame
    placed: pd.DataFrame
    known: dict[str, Known]


def asked_people(population: Population, model: Model, person_ids: Collection[str]) -> Asked:
    """Find the people who are asked for, each once. Those asked for last are found once, whatever is asked of them.

    Raises
    ------
    PcnAnalysisError
        If they are more than ``MOST_PEOPLE``, or any is not registered on the index date; in counts.
    """
    wanted = list(dict.fromkeys(person_ids))
    if len(wanted) > MOST_PEOPLE:
        what = f"{count(len(wanted))} are asked for, and {MOST_PEOPLE} at most can be"
        raise problem("people", what, "Ask for fewer at once.")
    last = population.remembered.pop(LAST, None)  # so that no part of these people holds them
    if last is None or last[0] != (model, wanted):
        last = (model, wanted), _found(population, model, wanted)
    population.remembered[LAST] = last
    return last[1]


def _found(population: Population, model: Model, wanted: list[str]) -> Asked:
    """The people asked for; which columns there are is found out of everyone first, and holds for them."""
    incomplete, by_source = incomplete_columns(population), filled_by_source(population)
    part = _part(population, wanted)
    people = to_pandas(person_table(part, on=part.index_date))
    if missing := len(wanted) - len(people):
        what = f"{missing} of the {len(wanted)} asked for are not registered on the index date"
        raise problem("people", what, "Ask for people of the person table.")
    labels = rules.label(lazy(people), model, on=part.index_date, incomplete=incomplete)
    known = _known(part, people, model, by_source)
    placed = to_pandas(labels).set_index("person_id")
    return Asked(part, people, placed, {who: known[who] for who in wanted})


def _part(population: Population, wanted: list[str]) -> Population:
    """The people asked for with their records; what is held of anyone at all was found out of everyone before."""
    ids = pd.DataFrame({"person_id": pd.Series(wanted, dtype="str")})
    held = {
        name: lazy(to_pandas(table.join(like(ids, table), on="person_id", how="semi")))
        for name, table in population.tables.items()
        if name in RECORDS
    }
    part = replace(population, tables=held)
    part.remembered.update(population.remembered)
    return part


def _known(part: Population, people: pd.DataFrame, model: Model, by_source: Collection[str]) -> dict[str, Known]:
    """What is known of each person: values, what is met, deficits."""
    whole = [segment.criterion() for segment in model.segments] + [element.when for _, element in model.elements()]
    single = list(dict.fromkeys(leaf for criterion in whole for leaf in asked(criterion)))
    names = {f"_asked_{place}": leaf for place, leaf in enumerate(single)}
    flagged = to_pandas(rules.flags(lazy(people), names, on=part.index_date)).set_index("person_id")
    assessed = [name for name in names if name in flagged.columns]
    values = people.astype("object").where(people.notna(), None).to_dict("records")
    met = flagged.loc[people["person_id"], assessed].to_dict("records")
    deficits, avoided = _deficits(part), _conditions(whole)
    known = {}
    for row, answers in zip(values, met, strict=True):
        found = {names[name]: bool(answer) for name, answer in answers.items()}
        has = None if deficits is None else frozenset(deficits.get(row["person_id"], ()))
        known[row["person_id"]] = Known(row, found, has, by_source, part.index_date, avoided)
    return known


def _deficits(part: Population) -> dict[str, list[str]] | None:
    if not counts_frailty(part):
        return None
    found = to_pandas(frailty_reasons(part, on=part.index_date))
    return found.groupby("person_id")["element"].agg(list).to_dict()


def _conditions(criteria: Iterable[Criterion]) -> frozenset[str]:
    columns = {name for criterion in criteria for name in needed_columns(criterion)}
    return frozenset(name.removeprefix("has_").removesuffix("_date") for name in columns)
