"""Anticipatory, now proactive, care: the columns that its specification asks for.

The cohort is that of :mod:`pcn_analysis.anticipatory.cohorts`; whom a team can see this month is its caseload
(:mod:`pcn_analysis.anticipatory.caseload`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.services.columns import of_events, with_events

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

EVENTS = ("care_and_support_plan", "mdt_review")
COLUMNS = of_events(*EVENTS)
READ: tuple[str, ...] = ()
"""Columns of the person table that these are made from, beside person_id."""
"""Columns that this service adds to the person table."""


def with_columns(people: Lazy, population: Population, year: str) -> Lazy:  # noqa: ARG001 - the same in every year
    """Add the latest personalised care and support plan and review by a multidisciplinary team of each person.

    Parameters
    ----------
    people
        Rows of the person table, lazy.
    population
        The people of a network, with their records.
    year
        The contract year.
    """
    return with_events(people, population, *EVENTS)
