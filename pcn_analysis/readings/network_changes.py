"""Sentences on networks of a place as they were and as they could be: what changed, and what plans cost and gain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.names import first_of
from pcn_analysis.readings.released import of_released
from pcn_analysis.thresholds import NETWORK_SIZE
from pcn_analysis.words import count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

TODAY = "today"
KINDS = {
    "moved network": "moved to another network",
    "joined a network": "joined a network",
    "left every network": "left every network",
    "merged": "merged into another",
    "closed": "closed",
    "opened": "opened",
}
"""Changes of practices, as they stand after “3 practices”."""


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
    said = [f"{first_of(new)} {'is' if len(new) == 1 else 'are'} new"] if new else []
    said += [f"{first_of(ended)} {'has' if len(ended) == 1 else 'have'} ended"] if ended else []
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
