"""Descriptions of the charts of structured medication reviews and of early cancer diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.plots.cancer_services import panels, pathways_of, screening_of, side
from pcn_analysis.plots.described import described
from pcn_analysis.plots.medication_reviews import drawn_overlap, of_group
from pcn_analysis.words import NOT_SHOWN, count, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.release import ReleasedTable


@described
def medication_review_groups(table: ReleasedTable) -> str:
    """Describe the people of each priority group and how many were reviewed."""
    each = "; ".join(f"{row.group} {of_group(row)}" for row in table.frame.itertuples())
    return (
        f"Bar chart of people by priority group of structured medication reviews, and of those reviewed in 12 months, "
        f"{table.about.title()}: {each}."
    )


@described
def medication_review_overlap(table: ReleasedTable) -> str:
    """Describe people by the number of groups that they are in, and the commonest two groups."""
    each = "; ".join(f"{row.groups} {count(row.people)}" for row in drawn_overlap(table.frame).itertuples())
    return (
        f"Bar chart of people by the number of priority groups that they are in, and by the two groups that most are "
        f"in at once, {table.about.title()}: {each or 'none is shown'}."
    )


def cancer_screening(table: ReleasedTable) -> str:
    """Describe the network's uptake of each screening programme, its range, and practices beyond their limits."""
    return _funnels(screening_of(table))


def cancer_pathway_funnels(table: ReleasedTable) -> str:
    """Describe conversion, detection and FIT of the network, their range, and practices beyond their limits."""
    return _funnels(pathways_of(table))


DRAWN = {"screening": "uptake of screening", "urgent referrals": "what came of urgent referrals"}
"""What a figure is of, by the part of the table of funnels that it draws."""


@described
def _funnels(table: ReleasedTable) -> str:
    frame = table.frame
    each = "; ".join(_of_measure(name, frame[frame["measure"] == name]) for name in panels(frame))
    return (
        f"Dot plots of {DRAWN[frame['part'].iloc[0]]} by practice, a panel for each measure, on funnel limits around "
        f"the network, {table.about.title()}: {each}."
    )


def _of_measure(name: str, rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["share"])
    if known.empty:
        return f"{name} {NOT_SHOWN}"
    sides = [side(position) for position in known["position"]]
    beyond = f"{sides.count('above')} above and {sides.count('below')} below their limits"
    ends = f"{percent(known['share'].min())} to {percent(known['share'].max())}"
    few = int(rows["percentage"].eq(NOT_SHOWN).sum())
    hidden = f", {number(few, 'practice')} {NOT_SHOWN}" if few else ""
    return f"{name} {percent(rows['baseline'].iloc[0])}, practices {ends}, {beyond}{hidden}"


@described
def cancer_referrals(table: ReleasedTable) -> str:
    """Describe the rate of the network and of each practice."""
    each = "; ".join(f"{row.practice_name} {count(row.rate)}" for row in table.frame.itertuples())
    return (
        f"Dot plot of people referred urgently with suspected cancer for each 100,000 registered, by practice, with "
        f"95% limits, {table.about.title()}: {each}."
    )
