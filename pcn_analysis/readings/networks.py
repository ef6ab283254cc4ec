"""Sentences on all networks of a place: side by side, beside random ones, on the map, and whom they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.names import first_of
from pcn_analysis.readings.released import of_released
from pcn_analysis.thresholds import SIZE_BANDS
from pcn_analysis.words import count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

LARGER = "Larger networks have more localisation for no other reason, so today's are held against random ones"


@of_released
def place_networks(table: ReleasedTable) -> str:
    """Read how many networks have the size planned for, and how far their patients live on their own ground."""
    about, frame = table.about, table.frame
    local = frame.dropna(subset=["localisation"]).sort_values("localisation", kind="stable")
    text = (
        f"Practices of {about.place} belong to {number(len(frame), 'network')}, with "
        f"{count(frame['patients'].sum())} patients on {about.day()}: {_sizes(frame)}."
    )
    if len(local):
        low, high = (f"{percent(row['localisation'])} ({row['pcn_name']})" for _, row in local.iloc[[0, -1]].iterrows())
        runs = f"is {low}" if len(local) == 1 else f"runs from {low} to {high}"
        text += (
            f" Localisation, the share of a network's patients who live on its own ground, {runs}; larger networks "
            "have more of it for no other reason."
        )
    above = list(frame.loc[frame["above_lines"], "pcn_name"])
    said = f"{first_of(above)} {'passes' if len(above) == 1 else 'pass'}" if above else "None passes"
    return (
        f"{text} {said} 75% of both localisation and commitment; that line was set for commissioning groups of "
        "200,000 people and more, and to miss it is no finding about a network."
    )


def _sizes(frame: pd.DataFrame) -> str:
    """How many networks are in each band of sizes; of those below, how many are rural."""
    bands = frame["band"].value_counts()
    said = [f"{bands[band]} {band if 'under' in band else f'with {band}'}" for band in SIZE_BANDS if band in bands]
    said = [one.replace("with over", "over") for one in said]
    rural = int(frame["rural"].fillna(False).sum())
    waived = f" ({rural} of those below mostly rural, where the floor may have been waived)" if rural else ""
    return f"{listed(said)}{waived}"


@of_released
def place_against_random(drawn: ReleasedTable, held: ReleasedTable) -> str:
    """Read where today's networks stand among random ones of their number and sizes, or why that is not known."""
    of, frame = drawn.frame.iloc[0], held.frame
    if frame.empty:
        return f"{LARGER}. For {drawn.about.place} there is no such comparison: {of['why']}."
    plans, worst = frame.iloc[0], frame.iloc[1]
    different = "all different" if of["different"] == of["plans"] else f"{count(of['different'])} different"
    return " ".join([
        f"{LARGER}: {number(of['plans'], 'plan')} ({different}) of {number(of['networks'], 'contiguous network')} with "
        f"{count(of['smallest'])} to {count(of['largest'])} patients each, the range of today's.",
        f"All networks together have a localisation of {percent(plans['today'])}; {percent(plans['percentile'])} of "
        f"random plans have less, and nine in ten have {percent(plans['low'])} to {percent(plans['high'])}.",
        f"The worst-off network, by the smaller of its localisation and commitment, has {percent(worst['today'])}; in "
        f"{percent(worst['percentile'])} of random plans it has less.",
        *_each_held(frame.iloc[2:]),
        *([of["notes"]] if of["notes"] else []),
        "This tells how today's map stands among other maps, and nothing about care.",
    ])  # fmt: skip


def _each_held(networks: pd.DataFrame) -> list[str]:
    """Which network stands highest and which lowest among random ones of its size."""
    known = networks.dropna(subset=["percentile"]).sort_values("percentile", kind="stable")
    if known.empty:
        return []
    low, high = known.iloc[0], known.iloc[-1]
    return [
        f"Held against the {count(high['of'])} random networks nearest to it in size, {high['name']} stands highest "
        f"({percent(high['percentile'])} have less), and {low['name']} lowest ({percent(low['percentile'])})."
    ]


@of_released
def place_shapes(table: ReleasedTable) -> str:
    """Read which networks' ground is in several parts, which have none, and which is the most compact."""
    frame = table.frame
    first = frame[frame["compactness"] == 1]
    compact = (
        f" The most compact is that of {first_of(list(first['pcn_name']))}." if len(first) and len(frame) > 1 else ""
    )
    return f"{_parts(frame)}{compact}"


def _parts(frame: pd.DataFrame) -> str:
    broken, none = frame[frame["parts"] > 1], frame[frame["parts"] == 0]
    if broken.empty and none.empty:
        return "The ground of each network is of one piece."
    whole = len(frame) - len(broken) - len(none)
    each = [
        f"{row.pcn_name} ({number(row.parts, 'part')}, {percent(row.main_part_share)} of those inside in the main one)"
        for row in broken.itertuples()
    ]
    text = f"The ground of {whole} of {number(len(frame), 'network')} is of one piece"
    text += f"; in parts is that of {first_of(each)}" if each else ""
    wins = "wins" if len(none) == 1 else "win"
    return f"{text}; {first_of(list(none['pcn_name']))} {wins} no area." if len(none) else f"{text}."


@of_released
def place_areas(table: ReleasedTable) -> str:
    """Read how many areas of the place each kind of winner has, and in how many the lead is weak."""
    none = {"No network": "practices in no network"}
    return areas_won(table, "network", "pcn_name", "one of its networks than with any other", none)


def areas_won(table: ReleasedTable, noun: str, each: str, whom: str, none: dict[str, str]) -> str:
    """Read how many areas networks or groups, named in ``each``, win, in how many by little, and who wins the others.

    With ``whom`` more people are registered, and than with whom, is said in words; ``none`` holds names of practices in
    none, and how they stand in a sentence.
    """
    frame = table.frame[table.frame["in_place"]].dropna(subset=[each])
    own, weak = frame[frame["own"]], frame[frame["own"] & frame["uncertain"]]
    which = "all" if len(own) == len(frame) else f"{count(len(own))} of"
    text = f"In {which} {number(len(frame), 'area')} of {table.about.place} more people are registered with {whom}."
    if len(weak):
        text += (
            f" In {len(weak)} of them, where {count(weak['registered'].sum())} registered people live, that {noun} has "
            "less than half, or leads by less than 5 points (hatched): there the map says little."
        )
    strange = frame[~frame["own"]]
    if strange.empty:
        return text
    names = [none.get(name, name) for name in dict.fromkeys(strange[each])]
    return f"{text} {number(len(strange), 'area')} {'goes' if len(strange) == 1 else 'go'} to {first_of(names)}."


@of_released
def place_sharing(table: ReleasedTable) -> str:
    """Read the least and the most mixed network, and the pair that shares most."""
    text, pairs = least_and_most_mixed(table, "network", "pcn_name")
    if pairs.empty:
        return text
    most = pairs.loc[pairs["share"].astype(float).idxmax()]
    back = pairs[(pairs["pcn_name"] == most["other_name"]) & (pairs["other_name"] == most["pcn_name"])].iloc[0]
    return (
        f"{text} Of the neighbours of {most['pcn_name']}'s patients {percent(most['share'])} are with "
        f"{most['other_name']}, the largest share of one network in another; the other way round it is "
        f"{percent(back['share'])}."
    )


def least_and_most_mixed(table: ReleasedTable, noun: str, each: str) -> tuple[str, pd.DataFrame]:
    """Read the least and the most mixed of networks or groups, named in ``each``; return it and rows of pairs."""
    frame = table.frame
    own = frame[frame[each] == frame["other_name"]].dropna(subset=["share"]).sort_values("share", kind="stable")
    if own.empty:
        return f"Where patients of the {noun}s of {table.about.place} live is not known.", own
    low, high = own.iloc[0], own.iloc[-1]
    text = (
        f"Of the people registered in the areas where patients of {high[each]} live, {percent(high['share'])} are on "
        "average with it too"
    )
    if len(own) == 1:
        return f"{text}.", own[:0]
    pairs = frame[(frame[each] != frame["other_name"]) & frame["other_name"].isin(own[each])]
    return f"{text}, more than of any other {noun}; least are {percent(low['share'])} for {low[each]}.", pairs
