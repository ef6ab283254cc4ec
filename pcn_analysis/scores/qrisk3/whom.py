"""QRISK3 of the people of a network, with what was assumed of them and what their records could not show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import codelists
from pcn_analysis.person.attributes import recorded_outside_hospital, said_columns
from pcn_analysis.person.medicines import has_bnf_codes
from pcn_analysis.scores.qrisk3.inputs import DIABETES, INPUTS, assumable
from pcn_analysis.scores.qrisk3.measured import readable_kinds
from pcn_analysis.scores.qrisk3.records import qrisk3_inputs
from pcn_analysis.scores.qrisk3.score import qrisk3
from pcn_analysis.scores.qrisk3.unassessed import reasons

if TYPE_CHECKING:
    from collections.abc import Collection

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

BANDS: dict[str, float] = {row["name"]: int(row["from_percent"]) / 100 for row in codelists.rows("qrisk3_bands")}
"""Bands of the chance by name, each with the chance that it begins at; NICE NG238 offers statins from 10%."""
RECORDS = ("conditions", "medications", "measurements")


@dataclass(frozen=True)
class Scored:
    """Scores of people, and what they rest on.

    Parameters
    ----------
    scores
        One row a person: the columns of :func:`~pcn_analysis.scores.qrisk3.score.qrisk3`, with qrisk3_assumed, and
        qrisk3_band, a name of ``BANDS``, null where there is no score. None where nobody can have one.
    assumed
        In words, all that was assumed of anyone.
    unassessed
        Why, by the name of what QRISK3 asks, records could not show it in full.
    """

    scores: Lazy | None
    assumed: tuple[str, ...]
    unassessed: dict[str, str]


def qrisk3_of(population: Population, people: Lazy, *, assume: Collection[str] | None = None) -> Scored:
    """Score the people of a network by QRISK3 on its index date.

    Show :data:`pcn_analysis.scores.qrisk3.DISCLAIMER`, and what was assumed, wherever anything of this is shown.

    Parameters
    ----------
    population
        People with their records.
    people
        One row a person: person_id, sex, birth_date or age, and ethnicity if it is known; with any column of
        ``INPUTS`` that is known from elsewhere.
    assume
        Columns of ``INPUTS`` that are taken as "no" (smoking as non-smoker) where nothing is known. By default those
        that may be assumed and that no record of these people can show; they are named in ``assumed``.

    Raises
    ------
    PcnAnalysisError
        If something is to be assumed that may not be.
    """
    covered = _covered(population)
    why = _reasons(population, covered, people.collect_schema().names())
    taken = [column for column in why if column in assumable()] if assume is None else list(assume)
    conditions, medications, measurements = (population.tables.get(name) for name in RECORDS)
    on = population.index_date
    inputs = qrisk3_inputs(conditions, medications, measurements, people, on=on, covered=covered, assume=taken)
    unassessed = {INPUTS[column].name: reason for column, reason in why.items()}
    if any(_stops_everyone(column, taken, covered) for column in why):
        return Scored(None, (), unassessed)
    return Scored(_banded(qrisk3(inputs)), _assumptions(why, taken), unassessed)


def _covered(population: Population) -> frozenset[str]:
    """Conditions that records were coded for; what a source says in a flag alone, or a hospital alone, is none."""
    held = population.tables
    if "conditions" not in held:
        return frozenset()
    if "attributes" not in held:
        return population.covered
    said = {column.removeprefix("has_") for column in said_columns(held["attributes"])}
    return population.covered - (said - recorded_outside_hospital(held["conditions"]))


def _reasons(population: Population, covered: Collection[str], given: Collection[str]) -> dict[str, str]:
    held, on = population.tables, population.index_date
    medicines = "medications" in held and has_bnf_codes(held["medications"], on=on)
    measurements = readable_kinds(held["measurements"], on=on) if "measurements" in held else []
    return reasons(covered, medicines=medicines, measurements=measurements, given=given)


def _stops_everyone(column: str, taken: Collection[str], covered: Collection[str]) -> bool:
    """Whether nobody can have a score because an input is not known."""
    one = INPUTS[column]
    known_of_some = bool(one.for_sex) or (column in DIABETES and "diabetes" in covered)
    return not (one.by_default or column in taken or known_of_some)


def _assumptions(why: Collection[str], taken: Collection[str]) -> tuple[str, ...]:
    """In words what was assumed of anyone, in the order of ``INPUTS``."""
    made = {column: one.assumption() for column, one in INPUTS.items() if one.by_default or column in taken}
    return tuple(words if column in why else f"{words} where it is not known" for column, words in made.items())


def _banded(scored: Lazy) -> Lazy:
    """Put the band beside each score."""
    chain: Any = nw
    for name, lowest in sorted(BANDS.items(), key=lambda band: -band[1]):
        chain = chain.when(nw.col("qrisk3") >= lowest).then(nw.lit(name))
    return scored.with_columns(qrisk3_band=chain.otherwise(None).cast(nw.String))
