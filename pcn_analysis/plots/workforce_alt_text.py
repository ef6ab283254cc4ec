"""Descriptions of charts of who is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.plots.described import described
from pcn_analysis.plots.workforce import COMPONENTS, drawn_alike, drawn_reliance, drawn_wanted, spread_of
from pcn_analysis.words import NOT_KNOWN, listed

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def staff_by_role(table: ReleasedTable) -> str:
    """Describe the network's whole-time equivalents for its patients and the median of networks, role by role."""
    each = "; ".join(
        f"{row.name} {_each(row.per_10_000, row.status)} (median {row.median:.2f})"
        for row in spread_of(table).rename(columns={0.5: "median"}).itertuples()
    )
    return (
        f"Bands of whole-time equivalents for 10,000 patients over the networks of {table.about.comparator}, by role, "
        f"with {table.about.network} marked: {each or NOT_KNOWN}."
    )


def _each(value: object, status: str) -> str:
    return status if pd.isna(value) else f"{value:.2f}"


@described
def role_reliance(table: ReleasedTable) -> str:
    """Describe on whom each role rests."""
    each = "; ".join(f"{row.name} {row.fte:.1f}, {row.rests_on}" for row in drawn_reliance(table.frame).itertuples())
    return (
        f"Bar chart of whole-time equivalents by role, with the part of one person, of others and of contracted "
        f"services, {table.about.network}: {each or 'none recorded'}."
    )


@described
def networks_alike(table: ReleasedTable) -> str:
    """Describe how far networks alike are apart in each component."""
    frame = table.frame[table.frame["nearness"] > 0]
    ranges = [
        f"{title.lower()} {values.min():+.1f} to {values.max():+.1f}"
        for name, title in COMPONENTS
        if len(values := frame[f"{name}_apart"].dropna())
    ]
    return (
        f"Dot plot of how far the {len(frame)} networks most like {table.about.network} are from it on a common scale: "
        f"{listed(ranges) if ranges else NOT_KNOWN}."
    )


@described
def alike_by_role(table: ReleasedTable) -> str:
    """Describe the network's whole-time equivalents beside the median of networks alike."""
    each = "; ".join(
        f"{row.name} {_each(row.per_10_000, row.status)} (median {_each(row.peers_median, NOT_KNOWN)})"
        for row in drawn_alike(table.frame).itertuples()
    )
    return (
        f"Bands of whole-time equivalents for 10,000 patients over the networks most like {table.about.network}, with "
        f"it marked: {each or NOT_KNOWN}."
    )


@described
def role_competition(table: ReleasedTable) -> str:
    """Describe what networks of the area would look for."""
    each = "; ".join(f"{row.name} {row.shortfall:.1f}" for row in drawn_wanted(table.frame).itertuples())
    return (
        f"Bar chart of whole-time equivalents that networks of {table.frame['area'].iloc[0]} would look for: "
        f"{each or 'none'}."
    )
