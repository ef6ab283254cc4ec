"""Descriptions of the charts of structured medication reviews and of early cancer diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.plots.cancer_services import panels, side
from pcn_analysis.plots.described import described
from pcn_analysis.plots.medication_reviews import drawn_overlap, of_group
from pcn_analysis.words import NOT_SHOWN, count, percent

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


@described
def cancer_screening(table: ReleasedTable) -> str:
    """Describe the network's uptake of each screening programme, its range, and practices beyond their limits."""
    frame = table.frame
    each = "; ".join(_of_programme(name, frame[frame["measure"] == name]) for name in panels(frame))
    return (
        f"Dot plots of uptake of screening by practice, a panel for each programme, on funnel limits around the "
        f"network, {table.about.title()}: {each}."
    )


def _of_programme(name: str, rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["share"])
    if known.empty:
        return f"{name} {NOT_SHOWN}"
    sides = [side(position) for position in known["position"]]
    beyond = f"{sides.count('above')} above and {sides.count('below')} below their limits"
    ends = f"{percent(known['share'].min())} to {percent(known['share'].max())}"
    return f"{name} {percent(rows['baseline'].iloc[0])}, practices {ends}, {beyond}"


@described
def cancer_referrals(table: ReleasedTable) -> str:
    """Describe the rate of the network and of each practice."""
    each = "; ".join(f"{row.practice_name} {count(row.rate)}" for row in table.frame.itertuples())
    return (
        f"Dot plot of people referred urgently with suspected cancer for each 100,000 registered, by practice, with "
        f"95% limits, {table.about.title()}: {each}."
    )
