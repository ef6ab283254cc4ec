"""Early cancer diagnosis: the columns that its specification asks for.

What they rest on of referrals is in ``pathways.py``; counts by practice, funnels and rates are in ``by_practice.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

from pcn_analysis.contract.clauses import clause
from pcn_analysis.engine import distinct, like, to_pandas
from pcn_analysis.schema import Column
from pcn_analysis.services.columns import events_on_record, of_events, of_values, with_events, with_values
from pcn_analysis.services.early_cancer_diagnosis.pathways import (
    CONVERTED,
    DETECTED,
    FIT,
    FOLLOWED,
    LOWER_GI,
    URGENT,
    WITH_FIT,
    converted_referrals,
    referrals_with_fit,
)
from pcn_analysis.tables import MEASUREMENTS

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules={"by_practice"})

SCREENING = ("cervical_screening", "breast_screening", "bowel_screening")
EVENTS = (*SCREENING, *URGENT, FIT)
STAGE = {"cancer_stage": ("Stage of cancer at diagnosis", "{stage}")}
WINDOW, BEFORE, AFTER = "cancer_window_months", "cancer_fit_days_before", "cancer_fit_days_after"
"""Clauses that the columns rest on."""
COLUMNS = (
    *of_events(*EVENTS),
    *of_values(STAGE),
    Column(FOLLOWED, "boolean", "Was referred, long enough ago, and had no cancer before.", nullable=True),
    Column(CONVERTED, "boolean", "A first cancer followed such a referral.", nullable=True),
    Column(DETECTED, "boolean", "The first cancer followed an urgent referral.", nullable=True),
    Column(WITH_FIT, "boolean", "A lower gastrointestinal referral of 12 months came with a FIT.", nullable=True),
)
READ = ("cancer_first_date",)
"""Columns of the person table that these are made from, beside person_id."""
"""Columns that this service adds to the person table."""


def with_columns(people: Lazy, population: Population, year: str) -> Lazy:
    """Add screening, referrals and stage of each person, and what came of referrals.

    Parameters
    ----------
    people
        Rows of the person table, lazy.
    population
        The people of a network, with their records.
    year
        The contract year, for the days within which a FIT goes with a referral.
    """
    found = with_values(with_events(people, population, *EVENTS), population, STAGE)
    events, on = population.tables.get("care_events"), population.index_date
    if events is None:
        return found
    known = events_on_record(population)
    if {f"{event}_date" for event in URGENT} & known and "cancer_first_date" in found.collect_schema().names():
        came = converted_referrals(events, people, on=on, within=int(clause(WINDOW, year).number))
        found = found.join(came, on="person_id", how="left")
    if f"{LOWER_GI}_date" not in known or not _has_fits(population, known):
        return found
    days = {"before": int(clause(BEFORE, year).number), "after": int(clause(AFTER, year).number)}
    with_fit = referrals_with_fit(events, _measurements(population), people, on=on, **days)
    return found.join(with_fit, on="person_id", how="left")


def _measurements(population: Population) -> Lazy:
    """Measurements of a network; none where there is no such table."""
    held = population.tables.get("measurements")
    return like(MEASUREMENTS.empty(), population.tables["persons"]) if held is None else held


def _has_fits(population: Population, known: set[str]) -> bool:
    """Whether anybody's records hold a FIT, as an event or as a result."""
    if f"{FIT}_date" in known:
        return True
    results = distinct(_measurements(population).select("measurement"))
    return "fit" in set(to_pandas(results)["measurement"])
