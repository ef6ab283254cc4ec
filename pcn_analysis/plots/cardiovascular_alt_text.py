"""Descriptions of charts of cardiovascular disease prevention: built from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.plots.described import described
from pcn_analysis.words import NOT_ASSESSED, count, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def follow_up_routes(table: ReleasedTable) -> str:
    """Describe the bars of ways of following a raised reading up."""
    if table.frame["status"].eq(NOT_ASSESSED).all():
        return ""
    each = "; ".join(f"{row.route} {count(row.people)} ({percent(row.share)})" for row in table.frame.itertuples())
    return (
        f"Bar chart of people with a raised blood pressure who are not on the hypertension register, by how it was "
        f"followed up first, {table.about.title()}: {each}."
    )


@described
def stroke_risk(table: ReleasedTable) -> str:
    """Describe the bars of people with atrial fibrillation by risk of stroke."""
    if table.frame["status"].eq(NOT_ASSESSED).all():
        return ""
    each = "; ".join(
        f"{row.band}: {count(row.people)} people, {count(row.treated)} with an anticoagulant, {count(row.declined)} "
        f"declined or not suitable, {count(row.neither)} neither"
        for row in table.frame.itertuples()
    )
    return f"Stacked bar chart of adults with atrial fibrillation by CHA2DS2-VASc, {table.about.title()}: {each}."


@described
def statin_by_risk(table: ReleasedTable) -> str:
    """Describe the bars of people with a high QRISK3 and no statin."""
    if table.frame["status"].eq(NOT_ASSESSED).all():
        return ""
    each = "; ".join(
        f"{row.band}: {count(row.people)} people, {count(row.declined)} declined or not suitable, "
        f"{count(row.neither)} neither"
        for row in table.frame.itertuples()
    )
    return f"Stacked bar chart of adults without a statin by QRISK3, {table.about.title()}: {each}."
