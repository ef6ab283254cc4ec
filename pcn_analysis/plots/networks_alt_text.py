"""Descriptions of figures of all networks of a place: built from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.plots.described import described
from pcn_analysis.plots.networks import drawn_sharing
from pcn_analysis.words import count, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def place_networks(table: ReleasedTable) -> str:
    """Describe the panels, network by network."""
    each = "; ".join(
        f"{row.pcn_name} {count(row.patients)}, {percent(row.localisation)} and {percent(row.commitment)}, "
        f"{percent(row.away_share)}, {number(row.parts, 'part')}"
        for row in table.frame.itertuples()
    )
    return (
        f"Three panels with a row a network, {table.about.title()}. Registered patients, localisation and commitment, "
        f"share who live outside its local authority, and parts of its ground: {each}."
    )


@described
def place_against_random(table: ReleasedTable) -> str:
    """Describe each row by today's value, the range of nine in ten random ones, and the share that has less."""
    each = "; ".join(
        f"{row.name} {percent(row.today)}, random {percent(row.low)} to {percent(row.high)}, {percent(row.percentile)} "
        "with less"
        for row in table.frame.itertuples(index=False)
    )
    return (
        f"Ranges of localisation of random plans, and of random networks of the size of each of today's, "
        f"{table.about.title()}, with today's marked: {each}."
    )


@described
def place_areas(table: ReleasedTable) -> str:
    """Describe the map by the number of areas that each network wins."""
    own = table.frame[table.frame["own"]]
    areas = own["pcn_name"].value_counts(sort=False).sort_index()
    each = "; ".join(f"{name} {size}" for name, size in areas.items())
    weak = int(own["uncertain"].sum())
    return (
        f"Map of areas around {table.about.title()}, each in the colour of the network that most registered people "
        f"are with. Areas by network: {each}. Hatched, where the lead is weak: {number(weak, 'area')}."
    )


@described
def place_sharing(table: ReleasedTable) -> str:
    """Describe each network's unmixed share and the other with which it shares most."""
    shares, networks = drawn_sharing(table.frame)
    each = []
    for name in shares.index:
        others = shares.loc[name].drop(name).dropna()
        most = f", most of the others with {others.idxmax()} ({percent(others.max())})" if len(others) else ""
        each.append(f"{name} {percent(shares.loc[name, name])}{most}")
    which = f"the {len(shares)} of {networks} networks that share most" if networks > len(shares) else "each network"
    return (
        f"Table of cells of where neighbours of the patients of {which} are registered, {table.about.title()}. Share "
        f"with the same network: {'; '.join(each)}."
    )


@described
def place_changes(table: ReleasedTable) -> str:
    """Describe which practices went from which network to which."""
    frame = table.frame
    crossed = frame[~frame["stayed"]]
    each = "; ".join(
        f"{row.before} to {row.after}, {row.from_network} to {row.to_network}: {number(row.practices, 'practice')}"
        for row in crossed.itertuples()
    )
    dates = number(frame["step"].nunique() + 1, "date")
    return f"Bars of practices by network on {dates}, {table.about.title()}, joined by bands. {each or 'None changed'}."


@described
def place_plans(table: ReleasedTable) -> str:
    """Describe each plan by localisation and worst-off network, and the range of random plans."""
    frame = table.frame
    each = "; ".join(
        f"{row.plan}{'' if row.design == row.plan else f' of {row.design}'} {percent(row.localisation)} and "
        f"{percent(row.worst)}"
        for row in frame.itertuples()
    )
    random = "; ".join(
        f"{design} {percent(rows['random_low'].iloc[0])} to {percent(rows['random_high'].iloc[0])}"
        for design, rows in frame.dropna(subset=["random_low"]).groupby("design", sort=False)
    )
    said = f" Random contiguous plans have a localisation of: {random}." if random else ""
    return (
        f"Dots of plans for other networks, {table.about.title()}, by localisation of all networks together and "
        f"smallest localisation or commitment of any: {each}.{said}"
    )


@described
def plan_maps(table: ReleasedTable) -> str:
    """Describe the small maps by how many areas each network has in each."""
    frame = table.frame
    each = "; ".join(
        f"{plan}: {number(rows['pcn_code'].nunique(), 'network')} in {number(rows['pcn_code'].notna().sum(), 'area')}, "
        f"{number(rows['moves'].iloc[0], 'practice')} would move"
        for plan, rows in frame.groupby("plan", sort=False)
    )
    return (
        f"Small maps of {table.about.title()}, each area in the colour of the network that most registered people "
        f"would be with, today and in plans for {frame['design'].iloc[0]}. {each}."
    )
