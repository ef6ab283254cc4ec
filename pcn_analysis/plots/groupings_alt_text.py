"""Descriptions of figures of any grouping of a place's practices: built from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.plots.described import described
from pcn_analysis.plots.groupings import sharing_of
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
    own = table.frame[table.frame["own"]]
    areas = own["group_name"].value_counts(sort=False).sort_index()
    each = "; ".join(f"{name} {size}" for name, size in areas.items())
    weak = int(own["uncertain"].sum())
    return (
        f"Map of areas around {table.about.title()}, each in the colour of the group that most registered people are "
        f"with. Areas by group: {each}. Hatched, where the lead is weak: {number(weak, 'area')}."
    )


@described
def group_sharing(table: ReleasedTable) -> str:
    """Describe each group's unmixed share and the other with which it shares most."""
    shares, groups = sharing_of(table)
    each = []
    for name in shares.index:
        others = shares.loc[name].drop(name).dropna()
        most = f", most of the others with {others.idxmax()} ({percent(others.max())})" if len(others) else ""
        each.append(f"{name} {percent(shares.loc[name, name])}{most}")
    which = f"the {len(shares)} of {groups} groups that share most" if groups > len(shares) else "each group"
    return (
        f"Table of cells of where neighbours of the patients of {which} are registered, {table.about.title()}. Share "
        f"with the same group: {'; '.join(each)}."
    )


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
