"""Lists of people for proactive care, network by network, for the clinicians of each practice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis.reports.listing import Listing, Rows, write_listing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pcn_analysis.population import Population
    from pcn_analysis.reports.listing import Written
    from pcn_analysis.settings import Settings

TITLE = "Anticipatory care"
"""What is said to be absent where there are no lists."""


def write_care_lists(
    settings: Settings,
    place: str | None,
    pcns: Sequence[str],
    *,
    synthetic_people: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Written:
    """List who would be offered proactive care, and why; see :func:`pcn_analysis.reports.listing.write_listing`."""
    listing = Listing(TITLE, "lists", _rows, needs_frailty=True)
    return write_listing(listing, settings, place, pcns, synthetic_people=synthetic_people, say=say)


def _rows(population: Population) -> Rows:
    from pcn_analysis.anticipatory.eligibility import PROACTIVE_CARE, eligible
    from pcn_analysis.release import list_kinds
    from pcn_analysis.scores.frailty import REASONS_NOT_KNOWN

    listed = eligible(population.tables["person_table"], PROACTIVE_CARE, on=population.index_date)
    reasons = population.tables.get("frailty_reasons")
    if reasons is None:
        why = listed.select("person_id", element=nw.lit(REASONS_NOT_KNOWN))
    else:
        why = reasons.join(listed.select("person_id"), on="person_id", how="semi")
    return Rows(list_kinds.PROACTIVE_CARE, listed.with_columns(frailty=nw.col("efi_category")), why)
