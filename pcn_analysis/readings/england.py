"""Sentences on all networks of a country, and where those of one place stand among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.released import of_released
from pcn_analysis.thresholds import SIZE_BANDS
from pcn_analysis.words import count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

IN_BAND_2021, NETWORKS_2021 = 0.561, 1_251
"""Share of the networks of April 2021 with 30,000 to 50,000 patients, and how many there were (Beaney T and others.
BJGP Open 2022;6(4), doi:10.3399/BJGPO.2022.0037).
"""
WHOLE_PARTS = 0.90
"""Below this share of a network's patients in its main part, a sentence says that its ground falls into parts."""
APART = 5
"""Points of the deprivation score from which ground and patients are said to differ; our choice."""


@of_released
def england_sizes(sizes: ReleasedTable, highlight: str) -> str:
    """Read how many networks are in the band, who may have a waiver, and what was published of 2021."""
    rows = sizes.frame.set_index("size_band")
    small, within, large = (rows.loc[band] for band in SIZE_BANDS)
    every = rows.iloc[-1]
    waived = small["rural_waiver"]
    rural = (
        f" {count(waived)} of the smaller ones have at least half of their patients in rural areas, where the floor "
        "may have been waived." if pd.notna(waived) and small["networks"] else ""
    )  # fmt: skip
    then = (
        "" if sizes.provenance.synthetic else
        f" In April 2021 it was {percent(IN_BAND_2021)} of {count(NETWORKS_2021)} networks (Beaney and others, 2022): "
        "another date, other networks and smaller lists."
    )  # fmt: skip
    return (
        f"{count(within['networks'])} of {number(every['networks'], 'network')} ({percent(within['share'])}) have the "
        f"{SIZE_BANDS[1]} patients that networks were planned for, {count(small['networks'])} "
        f"({percent(small['share'])}) have fewer and {count(large['networks'])} ({percent(large['share'])}) more."
        f"{rural} {number(every['single_practice'], 'network is', 'networks are')} a single practice.{then} "
        f"{_place(rows, highlight)}"
    )


def _place(rows: pd.DataFrame, highlight: str) -> str:
    """How the networks of the marked place are spread over bands."""
    marked = rows["marked"].iloc[-1]
    if not marked:
        return f"No network here has most of its patients in {highlight or 'a place that was named'}: none is marked."
    counted = {band: rows.loc[band, "marked"] for band in SIZE_BANDS if rows.loc[band, "marked"]}
    bands = [f"{count(some)} {'with ' if band == SIZE_BANDS[1] else ''}{band}" for band, some in counted.items()]
    return f"{highlight} has {number(marked, 'network')}: {listed(bands)}."


@of_released
def england_outside(table: ReleasedTable) -> str:
    """Read how many practices are in no network, and on how few networks' ground their patients live."""
    frame = table.frame
    if frame.empty:
        return "Every practice is in a network."
    patients = frame["patients"].sum()
    mostly = int((frame["share"] >= 0.5).sum())  # noqa: PLR2004 - half
    return (
        f"{number(len(frame), 'practice is', 'practices are')} in no network, with {count(patients)} patients "
        f"({percent(patients / frame['all_patients'].iloc[0])} of all registered). At {count(mostly)} of them at least "
        f"half of patients live on the ground of one network, at {count(len(frame) - mostly)} they are spread over "
        "more or have no area. Whether that network serves them is not published."
    )


@of_released
def england_coherence(table: ReleasedTable) -> str:
    """Read localisation of all networks together, and of the smallest and the largest fifth."""
    rows = table.frame
    smallest, largest, every = rows.iloc[0], rows.iloc[-2], rows.iloc[-1]
    return (
        f"{percent(every['localisation'])} of patients live on the ground of their own network: "
        f"{percent(smallest['localisation'])} in the {smallest['size_group']} of networks by list "
        f"({_range(smallest)} patients), {percent(largest['localisation'])} in the {largest['size_group']} "
        f"({_range(largest)}). A larger network has more of it for no other reason than its size; one "
        "network for everybody would have all. Compare networks of the same size only."
    )


def _range(row: pd.Series) -> str:
    return " to ".join(dict.fromkeys(count(row[end]) for end in ("smallest", "largest")))


@of_released
def england_spread(table: ReleasedTable) -> str:
    """Read the middle half of networks by localisation and by mixing, and how many have ground in several parts."""
    frame = table.frame
    local = frame["localisation"].astype(float).quantile([0.25, 0.5, 0.75])
    mixed = frame["effective_networks"].astype(float).quantile([0.25, 0.5, 0.75])
    parted = int((frame["parts"] > 1).sum())
    scattered = int((frame["main_part_share"] < WHOLE_PARTS).sum())
    return (
        f"Half of networks have a localisation between {percent(local.iloc[0])} and {percent(local.iloc[2])}; the "
        f"median is {percent(local.iloc[1])}. Where their patients live, people are registered as if with "
        f"{mixed.iloc[0]:.1f} to {mixed.iloc[2]:.1f} networks of equal size (median {mixed.iloc[1]:.1f}). The ground "
        f"of {number(parted, 'network')} falls into several parts; of {count(scattered)} the main part holds less than "
        f"{WHOLE_PARTS:.0%} of their patients there."
    )


@of_released
def england_map(table: ReleasedTable, classes: ReleasedTable) -> str:
    """Read in how many areas one network has half of registered patients, and in how many none has."""
    frame, rows = table.frame, classes.frame
    known = frame.dropna(subset=["share"])
    half = known["share"] >= 0.5  # noqa: PLR2004 - half
    most = rows.iloc[-1]
    without = {name: 1 - half[part.index].mean() for name, part in known.groupby("inset")}
    parts = [f"{percent(share)} of areas of {name}" for name, share in without.items()]
    there = f", {listed(parts)} among them" if parts else ""
    return (
        f"In {count(half.sum())} of {number(len(known), 'area')} ({percent(half.mean())}) one network has at least "
        f"half of registered patients, and in {count(most['areas'])} ({percent(most['areas_share'])}) 90% or more. In "
        f"{count((~half).sum())} none has half{there}: there, working with “the” network of an area leaves out most of "
        f"its people. {count(rows.loc[rows.index[:2], 'registered'].sum())} registered people live in such areas."
    )


@of_released
def england_ends(table: ReleasedTable) -> str:
    """Read both ends of the ranking with the size of these networks, why ranks mislead, and where the place stands."""
    ordered = table.frame.sort_values("rank")
    first, last = ordered.iloc[0], ordered.iloc[-1]
    marked = ordered[ordered["marked"]].drop_duplicates("pcn_code")
    each = [f"{row.percentile:.0f} and {row.similar_percentile:.0f} for {row.pcn_name}" for row in marked.itertuples()]
    place = (
        f" In {marked['home'].iloc[0]}, percentiles among all networks, and among those of about the same size, are "
        f"{listed(each)}." if each else ""
    )  # fmt: skip
    return (
        f"{first['pcn_name']} has the highest localisation ({percent(first['localisation'])}, "
        f"{count(first['patients'])} patients), {last['pcn_name']} the lowest ({percent(last['localisation'])}, "
        f"{count(last['patients'])} patients). A rank is no grade: localisation rises with size and in the "
        "country, falls where several networks share a town or a practice registers people from afar, and says nothing "
        f"of care. The tick shows what networks of about the same size have together.{place}"
    )


@of_released
def england_borders(table: ReleasedTable, networks: ReleasedTable) -> str:
    """Read how many patients live beyond each border, and the network with the largest share beyond its authority."""
    frame = table.frame
    if frame.empty:
        return "Borders of areas are not known."
    parts: list[str] = []
    for border, rows in frame.groupby("border", sort=False):
        away, known = rows["away"].sum(), rows["known"].sum()
        where = f"outside its {border}" if parts else f"live outside the {border} that is their network's home"
        parts.append(f"{count(away)} ({percent(away / known)}) {where}")
    first = frame[frame["border"] == frame["border"].iloc[0]]
    most, column = first.iloc[-1], "away_local_authority_share"
    ordered = networks.frame.dropna(subset=[column]).sort_values(column, ascending=False)
    furthest, marked = ordered.iloc[0], ordered[ordered["marked"]].head(1)
    place = "".join(
        f" In {row.home}, the largest share outside it is {percent(row.away_local_authority_share)} ({row.pcn_name})."
        for row in marked.itertuples()
    )
    return (
        f"Of patients with a known area, {listed(parts)}. {number(most['networks'], 'network has', 'networks have')} a "
        f"quarter or more of their patients outside the {most['border']}, and so work with several; "
        f"{furthest['pcn_name']} has most ({percent(furthest[column])}).{place}"
    )


@of_released
def england_deprivation(table: ReleasedTable, networks: ReleasedTable) -> str:
    """Read for how many networks ground and patients differ in deprivation, both ways, and the furthest of each."""
    difference = networks.frame["score_difference"].astype("Float64").dropna()
    more, less = int((difference >= APART).sum()), int((difference <= -APART).sum())
    if table.frame.empty:
        return "Deprivation of areas is not known."
    ordered = table.frame.sort_values("score_difference")
    last, first = ordered.iloc[0], ordered.iloc[-1]
    return (
        f"In {count(more)} of {number(len(difference), 'network')}, people who live on the network's ground, wherever "
        f"they are registered, have a mean deprivation score at least {APART} points above that of its own patients; "
        f"in {count(less)}, at least {APART} below. The furthest are "
        f"{first['pcn_name']} ({_signed(first)}) and {last['pcn_name']} ({_signed(last)}). Figures of the "
        "list make the ground of the first kind look less deprived than it is, and that of the second more."
    )


def _signed(row: pd.Series) -> str:
    return f"{row['score_registered']:.1f} on its list, {row['score_resident']:.1f} on its ground"


@of_released
def england_rurality(table: ReleasedTable) -> str:
    """Read localisation of mostly rural networks beside that of urban ones."""
    rows = table.frame
    if len(rows) < 3:  # noqa: PLR2004 - two classes and all
        return "How rural areas are is not known here, or is alike for all networks."
    urban, rural = rows.iloc[0], rows.iloc[-2]
    return (
        f"Of {number(rural['networks'], 'network')} with {rural['rural_class']} patients, "
        f"{percent(rural['localisation'])} of patients live on their network's ground; of {count(urban['networks'])} "
        f"with {urban['rural_class']}, {percent(urban['localisation'])}. In towns several networks share most streets."
    )


@of_released
def england_changes(table: ReleasedTable, named: ReleasedTable) -> str:
    """Read what changed since the earliest map and since the latest, and in the marked place."""
    frame = table.frame
    if frame.empty:
        return "There is no earlier map of these networks."
    said = [_since(since, rows.set_index("change")) for since, rows in frame.groupby("since", sort=False)]
    marked = named.frame[named.frame["marked"]]
    own = [f"{row['name_after'] if pd.notna(row['name_after']) else row['name_before']} {_became(row)}"
           for _, row in marked.iterrows()]  # fmt: skip
    place = f" In {marked['home'].iloc[0]}, {listed(own)}." if own else ""
    return (
        f"{said[0]}{' ' + said[-1] if len(said) > 1 else ''}{place} Practices that moved are all those whose network "
        "has another code, also where a whole network was given a new one."
    )


def _since(since: object, rows: pd.DataFrame) -> str:
    moved = rows.loc["practices that moved to another network"]
    networks = rows[rows["kind"] == "networks"]
    new, ended, renamed = (count(value) for value in networks["number"])
    return (
        f"Since {since}, {number(moved['number'], 'practice')} of {count(moved['of'])} moved to another network, with "
        f"{count(moved['patients'])} patients; of {count(networks['of'].iloc[0])} networks {ended} ended and {renamed} "
        f"were renamed, and {new} are new."
    )


def _became(row: pd.Series) -> str:
    if row["change"] == "new":
        return f"is new ({count(row['arrived'])} patients of practices that came from elsewhere)"
    return f"ended, with most patients now in {row['successor']}" if row["change"] == "ended" else "has another name"
