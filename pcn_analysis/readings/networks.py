"""Sentences on all networks of a place: how they stand side by side, whom they share, what changed, what could be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.released import of_released
from pcn_analysis.thresholds import NETWORK_SIZE, SIZE_BANDS
from pcn_analysis.words import count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

TODAY = "today"
LARGER = "Larger networks have more localisation for no other reason, so today's are held against random ones"
KINDS = {
    "moved network": "moved to another network",
    "joined a network": "joined a network",
    "left every network": "left every network",
    "merged": "merged into another",
    "closed": "closed",
    "opened": "opened",
}
"""Changes of practices, as they stand after “3 practices”."""
FEW = 4
"""So many networks are named in a sentence."""


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
    said = f"{_named(above)} {'passes' if len(above) == 1 else 'pass'}" if above else "None passes"
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
        f" The most compact is that of {_named(list(first['pcn_name']))}." if len(first) and len(frame) > 1 else ""
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
    text += f"; in parts is that of {_named(each)}" if each else ""
    wins = "wins" if len(none) == 1 else "win"
    return f"{text}; {_named(list(none['pcn_name']))} {wins} no area." if len(none) else f"{text}."


def _named(names: list[str]) -> str:
    """Names in a sentence; of many the first, and how many more."""
    more = len(names) - FEW
    return listed(names) if more <= 0 else f"{', '.join(names[:FEW])} and {more} more"


@of_released
def place_areas(table: ReleasedTable) -> str:
    """Read how many areas of the place each kind of winner has, and in how many the lead is weak."""
    frame = table.frame[table.frame["in_place"]].dropna(subset=["pcn_code"])
    own, weak = frame[frame["own"]], frame[frame["own"] & frame["uncertain"]]
    which = "all" if len(own) == len(frame) else f"{count(len(own))} of"
    text = (
        f"In {which} {number(len(frame), 'area')} of {table.about.place} more people are registered with one of its "
        "networks than with any other."
    )
    if len(weak):
        text += (
            f" In {len(weak)} of them, where {count(weak['registered'].sum())} registered people live, that network "
            "has less than half, or leads by less than 5 points (hatched): there the map says little."
        )
    strange = frame[~frame["own"]]
    if strange.empty:
        return text
    names = _named(list(dict.fromkeys(strange["pcn_name"].replace("No network", "practices in no network"))))
    return f"{text} {number(len(strange), 'area')} {'goes' if len(strange) == 1 else 'go'} to {names}."


@of_released
def place_sharing(table: ReleasedTable) -> str:
    """Read the least and the most mixed network, and the pair that shares most."""
    frame = table.frame
    own = frame[frame["pcn_name"] == frame["other_name"]].dropna(subset=["share"]).sort_values("share", kind="stable")
    if own.empty:
        return f"Where patients of the networks of {table.about.place} live is not known."
    low, high = own.iloc[0], own.iloc[-1]
    text = (
        f"Of the people registered in the areas where patients of {high['pcn_name']} live, {percent(high['share'])} "
        f"are on average with it too"
    )
    if len(own) == 1:
        return f"{text}."
    pairs = frame[(frame["pcn_name"] != frame["other_name"]) & frame["other_name"].isin(own["pcn_name"])]
    most = pairs.loc[pairs["share"].astype(float).idxmax()]
    back = pairs[(pairs["pcn_name"] == most["other_name"]) & (pairs["other_name"] == most["pcn_name"])].iloc[0]
    return (
        f"{text}, more than of any other network; least are {percent(low['share'])} for {low['pcn_name']}. Of the "
        f"neighbours of {most['pcn_name']}'s patients {percent(most['share'])} are with {most['other_name']}, the "
        f"largest share of one network in another; the other way round it is {percent(back['share'])}."
    )


@of_released
def place_changes(changes: ReleasedTable, memberships: ReleasedTable) -> str:
    """Read what changed between each map and the next, and since when nothing has."""
    flows = memberships.frame
    if flows.empty:
        return f"No earlier map of networks is kept with {changes.about.place}: what has changed is not known."
    said, quiet = [], ""
    for step, rows in flows.groupby("step"):
        before, after = rows["before"].iloc[0], rows["after"].iloc[0]
        changed = changes.frame[changes.frame["step"] == step]
        if changed.empty:
            quiet = quiet or before
            continue
        said += [f"Nothing changed from {quiet} to {before}."] if quiet else []
        quiet = ""
        said.append(f"From {before} to {after} {_kinds(changed)}.{_begun(rows)}")
    last = flows["after"].iloc[-1]
    return " ".join([*said, f"Nothing has changed from {quiet} to {last}."] if quiet else said)


def _kinds(rows: pd.DataFrame) -> str:
    """How many practices changed in each way, with their patients."""
    said = []
    for kind, words in KINDS.items():
        some = rows[rows["change"] == kind]
        if some.empty:
            continue
        known = some["patients"].dropna()
        patients = f"{count(known.sum())} patients" if len(known) else "patients not known"
        without = "" if len(known) in (0, len(some)) else f", of {len(some) - len(known)} not known"
        said.append(f"{number(len(some), 'practice')} {words} ({patients}{without})")
    return listed(said)


def _begun(rows: pd.DataFrame) -> str:
    """Networks of which there is a practice on one of two maps alone."""
    ends = {"No network", "New practice", "Merged or closed"}
    before, after = set(rows["from_network"]) - ends, set(rows["to_network"]) - ends
    new, ended = sorted(after - before), sorted(before - after)
    said = [f"{_named(new)} {'is' if len(new) == 1 else 'are'} new"] if new else []
    said += [f"{_named(ended)} {'has' if len(ended) == 1 else 'have'} ended"] if ended else []
    return f" {listed(said)}." if said else ""


@of_released
def place_plans(plans: ReleasedTable, networks: ReleasedTable) -> str:
    """Read what plans of a kept design cost and gain, or by which command one is made."""
    frame, place = plans.frame, plans.about.place
    if frame.empty:
        return (
            f"No design of other networks is kept for {place}. One is made in a minute or two by: pcn-analysis network "
            f"design --place {_quoted(place)} --networks {_fitting(networks.frame)}"
        )
    now = frame[frame["plan"] == TODAY]
    text = "No practice is in a network today."
    if len(now):
        row = now.iloc[0]
        fitting = f"{count(row['in_band'])} of {number(row['networks'], 'network')}"
        text = (
            "Today the worst-off network, by the smallest localisation or commitment of any, has "
            f"{percent(row['worst'])}, and {fitting} {'has' if row['in_band'] == 1 else 'have'} the size asked for."
        )
    return " ".join(
        [text, *(_of_design(rows) for _, rows in frame[frame["plan"] != TODAY].groupby("design", sort=False))]
    )


def _of_design(rows: pd.DataFrame) -> str:
    """The plan that is best for the worst-off network of one design, and the one with fewest moves."""
    best, fewest = rows.loc[rows["worst"].astype(float).idxmax()], rows.loc[rows["moves"].astype(float).idxmin()]
    text = f"Of {number(len(rows), 'plan')} for {rows['design'].iloc[0]}, “{best['plan']}” does most for the worst-off "
    text += f"network ({_cost(best)})"
    if best["plan"] != fewest["plan"]:
        text += f"; “{fewest['plan']}” moves fewest practices ({_cost(fewest)})"
    notes = f" {rows['notes'].iloc[0]}" if rows["notes"].iloc[0] else ""
    return f"{text}. The exact assignment from which they were searched is {rows['proven'].iloc[0]}.{notes}"


def _cost(row: pd.Series) -> str:
    held = "" if pd.isna(row["percentile"]) else f", above {percent(row['percentile'])} of random plans"
    return (
        f"{percent(row['worst'])}, localisation {percent(row['localisation'])}{held}; "
        f"{number(row['moves'], 'practice')} with {count(row['patients_moved'])} patients would move, "
        f"{percent(row['share_moved'])}"
    )


@of_released
def plans_limits(plans: ReleasedTable) -> str:
    """Say what plans are and what they are not; nothing where there is none."""
    frame = plans.frame
    if frame.empty:
        return ""
    known = frame.dropna(subset=["percentile"])
    beaten = [f"“{row.plan}” {percent(row.percentile)}" for row in known[known["plan"] != TODAY].itertuples()]
    now = known.loc[known["plan"] == TODAY, "percentile"]
    held = (
        f" Share of random contiguous plans of the same number and band that have less: {listed(beaten)}"
        if beaten
        else ""
    )
    if beaten and len(now):
        held += f"; today's networks, held against plans of their own number and range of sizes, {percent(now.iloc[0])}"
    return (
        "These are options for discussion, and none is advice: nothing here says how care would be better or worse. "
        "Fewer and larger networks have higher localisation mechanically, so compare plans of one number with each "
        f"other and with random ones, and not with today's.{held}{'.' if held else ''}"
    )


def _fitting(networks: pd.DataFrame) -> int:
    """Number of networks nearest to today's for which all could have the size planned for."""
    patients, (floor, ceiling) = float(networks["patients"].sum()), NETWORK_SIZE
    return max(1, min(max(len(networks), -int(-patients // ceiling)), int(patients // floor)))


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
