"""Descriptions of figures of all networks of a place: built from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.plots.described import described
from pcn_analysis.plots.sharing import drawn_sharing
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
    return areas_won(table, "network", "pcn_name")


def areas_won(table: ReleasedTable, noun: str, each: str) -> str:
    """Count the areas of each network or group, whose names are in the column ``each``, and those won by little."""
    own = table.frame[table.frame["own"]]
    areas = own[each].value_counts(sort=False).sort_index()
    said = "; ".join(f"{name} {size}" for name, size in areas.items())
    weak = int(own["uncertain"].sum())
    return (
        f"Map of areas around {table.about.title()}, each in the colour of the {noun} that most registered people are "
        f"with. Areas by {noun}: {said}. Hatched, where the lead is weak: {number(weak, 'area')}."
    )


@described
def place_sharing(table: ReleasedTable) -> str:
    """Describe each network's unmixed share and the other with which it shares most."""
    return people_shared(table, "network", "pcn_name")


def people_shared(table: ReleasedTable, noun: str, each: str) -> str:
    """Tell of each drawn network or group its share with itself, and with which other it shares most."""
    shares, known = drawn_sharing(table.frame, each)
    said = []
    for name in shares.index:
        others = shares.loc[name].drop(name).dropna()
        most = f", most of the others with {others.idxmax()} ({percent(others.max())})" if len(others) else ""
        said.append(f"{name} {percent(shares.loc[name, name])}{most}")
    which = f"the {len(shares)} of {known} {noun}s that share most" if known > len(shares) else f"each {noun}"
    return (
        f"Table of cells of where neighbours of the patients of {which} are registered, {table.about.title()}. Share "
        f"with the same {noun}: {'; '.join(said)}."
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
