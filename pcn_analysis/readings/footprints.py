"""Sentences on one network's ground: how it stands at a glance, its catchments, and whom no network covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.readings.released import of_released
from pcn_analysis.thresholds import SERVED_SHARE
from pcn_analysis.words import NOT_KNOWN, count, number, percent

FEW = 100
"""So few patients of a practice in no network are counted in a sentence, and their practice is not named."""

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.release import ReleasedTable


@of_released
def at_a_glance(table: ReleasedTable) -> str:
    """Read parts, borders, distances and deprivation of one network; what is not known is left out."""
    said = table.frame.set_index("column")["value"]
    home = table.frame.set_index("column").loc["away_share_local_authority", "measure"].partition(", ")[2]
    estimated = "An estimated " if table.provenance.modelled else ""
    sentences = [_ground(said, table.about.network)]
    if NOT_KNOWN not in (said["away_share_local_authority"], home or NOT_KNOWN):
        sentences.append(f"{estimated}{said['away_share_local_authority']} of its patients live outside {home}.")
    if said["own_m"] != NOT_KNOWN:
        sentences.append(
            f"As the crow flies they live {said['own_m']} from their own practice on average, and {said['nearest_m']} "
            "from the nearest of any network."
        )
    if said["score_registered"] != NOT_KNOWN and said["areas_footprint"] != "0":
        sentences.append(
            "The mean deprivation score, higher where people are more deprived, is "
            f"{said['score_registered']} where its own patients live, and {said['score_resident']} for everyone "
            "registered on its ground."
        )
    return " ".join([*sentences, "Larger networks have more areas and higher localisation for their size alone."])


def _ground(said: pd.Series, network: str) -> str:
    if said["areas_footprint"] == "0":
        return f"{network} wins no area, so there is no ground of its own."
    ground = f"The ground of {network}"
    if said["parts"] == "1":
        return f"{ground} is of one piece."
    if said["parts"] == "0":
        return f"{ground} lies beyond the map."
    return (
        f"{ground} is in {said['parts']} parts; of its patients there {said['main_part_share']} live in the main one."
    )


@of_released
def catchments(table: ReleasedTable) -> str:
    """Read how many areas hold half, 80% and 95% of the patients, and how far these are the footprint."""
    frame, network = table.frame, table.about.network
    sizes = frame["catchment"].value_counts()
    core, main, wide = (int(sizes.get(name, 0)) for name in ("core", "main", "wide"))
    if not core:
        return f"Where patients of {network} live is not known."
    half = "by estimate, half" if table.provenance.modelled else "half"
    text = (
        f"Of the {count(frame['located'].iloc[0])} patients of {network} whose English area is known, {half} live in "
        f"{number(core, 'area')} (core), 80% in {core + main} (main) and 95% in {core + main + wide} (wide)."
    )
    within = frame["catchment"].isin(["core", "main"])
    text += f" {_held(int((within & ~frame['in_footprint']).sum()), core + main)}"
    own, apart = int(frame["in_footprint"].sum()), int((frame["in_footprint"] & ~within).sum())
    if not own:
        return f"{text}."
    if not apart:
        return f"{text}; its whole footprint lies in it."
    return (
        f"{text}; {apart} of the {number(own, 'area')} of its footprint {'lies' if apart == 1 else 'lie'} outside it."
    )


def _held(lost: int, areas: int) -> str:
    """In how many areas of the main catchment the network has most people, or others have."""
    if not lost:
        return f"It has most people in {'the one area' if areas == 1 else 'each'} of the main catchment"
    return f"Others have most people in {lost} of the {number(areas, 'area')} of the main catchment"


@of_released
def coverage(uncovered: ReleasedTable, outside: ReleasedTable) -> str:
    """Read the areas of the place that no network serves, and whose patients in no network live on this ground."""
    place, network, gaps = uncovered.about.place, uncovered.about.network, uncovered.frame
    least = f"{SERVED_SHARE:.0%} of registered patients"
    if gaps.empty:
        text = f"In every area of {place} some network has at least {least}."
    else:
        people = count(gaps["registered"].sum())
        text = f"In {number(len(gaps), 'area')} of {place}, with {people} people registered, no network has {least}."
    rows = outside.frame
    if rows.empty:
        return f"{text} No patient of a practice in no network lives on the ground of {network}."
    first = rows.iloc[0]
    live = f"{text} On the ground of {network} live {'an estimated ' if outside.provenance.modelled else ''}"
    live += f"{number(round(rows['patients'].sum()), 'patient')} of {number(len(rows), 'practice')} in no network"
    if first["patients"] < FEW:
        return f"{live}."
    most = "it is" if len(rows) == 1 else "most are with"
    return f"{live}; {most} {first['practice_name']}, {percent(first['share'])} of its list."
