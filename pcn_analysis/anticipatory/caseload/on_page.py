"""The caseload of a month as a page shows it: counts, and nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pcn_analysis.anticipatory.caseload.counted import from_cohort_to_slots
from pcn_analysis.anticipatory.caseload.plan import PLAN, Caseload, caseload
from pcn_analysis.anticipatory.whom import NULL
from pcn_analysis.rules import ASSESSED, NOT_ASSESSED
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.thresholds import SMALLEST_SHOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.anticipatory.cohorts import Cohort
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable


def of_month(population: Population, slots: Mapping[str, int], cohort: Cohort | str) -> Caseload:
    """The caseload of one month, by the objective of the package.

    Parameters
    ----------
    population
        The people of a network.
    slots
        Slots of the month by professional.
    cohort
        A cohort, its name or its file.

    Raises
    ------
    PcnAnalysisError
        As :func:`pcn_analysis.anticipatory.caseload.caseload` does.
    """
    return caseload(population, capacity=slots, cohort=cohort)


def slots_of_month(ranked: Caseload) -> SourcedTable:
    """From the cohort to the slots, with the words that a sentence needs.

    Returns
    -------
    SourcedTable
        The row of :func:`pcn_analysis.anticipatory.caseload.counted.from_cohort_to_slots`, with cohort (its title),
        said (of the capacity), slots (which concern no person) and status (assessed, or not assessed where no care gap
        could be: of nobody is it then known whether they have one, and only in_cohort is there).
    """
    table = from_cohort_to_slots(ranked)
    frame, slots = table.frame, int(ranked.slots["capacity"].sum())
    if ranked.line.gaps.columns.empty:
        unknown = [name for name in table.counts if name != "in_cohort"]
        frame[unknown] = frame[unknown].mask(frame[unknown].notna())
    status = NOT_ASSESSED if ranked.line.gaps.columns.empty else ASSESSED
    frame = frame.assign(cohort=ranked.cohort.title, said=_said(ranked), slots=slots, status=status)
    counted = {name: one if name == "in_cohort" else replace(one, means=NULL) for name, one in table.counted.items()}
    return replace(table, frame=with_rates(frame, table.rates), numbers=("slots",), counted=counted)


def _said(ranked: Caseload) -> str:
    """What is said of the capacity; where few slots of a professional are all used, so many people have one."""
    capacity = ranked.slots.groupby(PLAN)["capacity"].sum()
    if capacity.between(1, SMALLEST_SHOWN - 1).any():
        return (
            f"Some professionals have fewer than {SMALLEST_SHOWN} slots; whether every slot is used is not said here."
        )
    return ranked.said
