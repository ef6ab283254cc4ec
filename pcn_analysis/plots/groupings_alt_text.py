"""Descriptions of figures of any grouping of a place's practices: built from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.plots.described import described
from pcn_analysis.plots.networks_alt_text import areas_won, people_shared
from pcn_analysis.words import count, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def groups_measured(table: ReleasedTable) -> str:
    """Describe the panels, group by group."""
    each = "; ".join(
        f"{row.group_name} {count(row.patients)}, {percent(row.localisation)} and {percent(row.commitment)}, "
        f"{row.effective_groups}, {number(row.parts, 'part')}"
        for row in table.frame.itertuples()
    )
    return (
        f"Three panels with a row a group, {table.about.title()}. Registered patients, localisation and commitment, "
        f"effective groups, and parts of its ground: {each}."
    )


@described
def group_areas(table: ReleasedTable) -> str:
    """Describe the map by the number of areas that each group wins."""
    return areas_won(table, "group", "group_name")


@described
def group_sharing(table: ReleasedTable) -> str:
    """Describe each group's unmixed share and the other with which it shares most."""
    return people_shared(table, "group", "group_name")


@described
def made_of(table: ReleasedTable) -> str:
    """Describe of what each group is made."""
    each = "; ".join(
        f"{name}: " + ", ".join(f"{row.other_name} {percent(row.share)}" for row in rows.itertuples())
        for name, rows in table.frame.groupby("group_name", sort=False)
    )
    return (
        f"Table of cells of the patients of each group by their group in the other grouping, {table.about.title()}. "
        f"{each}."
    )
