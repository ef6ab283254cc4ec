"""Personalised care and social prescribing: the columns that its specification asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

from pcn_analysis.services.columns import of_events, with_events

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules={"referrals", "wellbeing"})

REFERRAL = "social_prescribing_referral"
EVENTS = (REFERRAL, "care_and_support_plan")
COLUMNS = of_events(*EVENTS)
READ: tuple[str, ...] = ()
"""Columns of the person table that these are made from, beside person_id."""
"""Columns that this service adds to the person table."""


def with_columns(people: Lazy, population: Population, year: str) -> Lazy:  # noqa: ARG001 - the same in every year
    """Add the latest referral to social prescribing, offer and refusal of one, and plan of each person.

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
