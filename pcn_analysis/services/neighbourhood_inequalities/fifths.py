"""Measures of services by national fifth of deprivation, but for those that concern too few people of one network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pcn_analysis.scores.qrisk3 import DISCLAIMER
from pcn_analysis.services.counts import in_fifths, tables_of

if TYPE_CHECKING:
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.services.service_table import ServiceTable

FEW: dict[str, tuple[str, ...]] = {
    "structured_medication_reviews": ("Reviewed, of the severely frail",),
    "care_homes": ("",),
    "personalised_care": (
        "Personalised care and support plan",
        "Referred to social prescribing in 12 months, of those",
    ),
    "early_cancer_diagnosis": ("Conversion", "Detection", "Lower gastrointestinal", "Stage"),
    "neighbourhood_inequalities": ("Learning disability", "Severe mental illness"),
}
"""How the names of measures begin that concern too few people of one network to be told by fifth: most of their numbers
would not be shown, and those that are make the others easier to work out. They stand as a whole with their service."""


def by_fifth(population: Population, year: str = "") -> SourcedTable:
    """What services measure by national fifth of deprivation, but for the measures of :data:`FEW`.

    Parameters
    ----------
    population
        The people of a network.
    year
        The contract year; that of the index date if none is given.

    Returns
    -------
    SourcedTable
        As :func:`pcn_analysis.services.counts.by_deprivation`, and disclaimer, of QRISK3.
    """
    tables = [_without_few(table) for table in tables_of(population, year)]
    told = in_fifths(population, [table for table in tables if table.service.measures])
    return replace(told, frame=told.frame.assign(disclaimer=DISCLAIMER))


def _without_few(table: ServiceTable) -> ServiceTable:
    """A service without those of its measures that concern too few people."""
    few = FEW.get(table.service.name, ())
    kept = tuple(one for one in table.service.measures if not one.name.startswith(few))
    return replace(table, service=replace(table.service, measures=kept))
