"""Descriptions of the figures of all networks of a country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.plots.described import described
from pcn_analysis.plots.england import MOSTLY_RURAL, PANELS
from pcn_analysis.plots.england_map import CLASSES
from pcn_analysis.plots.style import floats
from pcn_analysis.thresholds import SIZE_BANDS
from pcn_analysis.words import count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def england_sizes(table: ReleasedTable) -> str:
    """Describe the histogram of sizes."""
    frame = table.frame
    bands = ", ".join(f"{(frame['size_band'] == band).sum():,} {band}" for band in SIZE_BANDS)
    return (
        f"Histogram of registered patients of {number(len(frame), 'network')}, {table.about.title()}: {bands}. The "
        f"median is {count(frame['patients'].median())}, the smallest {_one(frame, frame['patients'].idxmin())}, the "
        f"largest {_one(frame, frame['patients'].idxmax())}.{_marked(frame, 'patients')}"
    )


@described
def england_coherence(table: ReleasedTable) -> str:
    """Describe the scatter of localisation against size."""
    frame = table.frame.dropna(subset=["localisation"]).sort_values("patients", ignore_index=True)
    first, last = frame.iloc[0]["similar_localisation"], frame.iloc[-1]["similar_localisation"]
    rural = frame[np.nan_to_num(floats(frame["rural_share"])) >= MOSTLY_RURAL]
    of_rural = (
        f" Of {number(len(rural), 'network')} with at least half of their patients in rural areas, the median is "
        f"{percent(rural['localisation'].median())}." if len(rural) else ""
    )  # fmt: skip
    return (
        f"Scatter plot of localisation against registered patients of {number(len(frame), 'network')}, "
        f"{table.about.title()}, with a line for networks of about the same size taken together: {percent(first)} "
        f"among the smallest, {percent(last)} among the largest. Single networks lie from "
        f"{percent(frame['localisation'].min())} to {percent(frame['localisation'].max())}."
        f"{of_rural}{_marked(frame, 'localisation')}"
    )


@described
def england_spread(table: ReleasedTable) -> str:
    """Describe four small histograms by their quartiles."""
    frame = table.frame
    parts = []
    for column, name, of in PANELS:
        low, middle, high = (
            f"{value:.1f}" if column.endswith("_networks") else percent(value)
            for value in frame[column].astype(float).quantile([0.25, 0.5, 0.75])
        )
        parts.append(f"{name} ({of}): median {middle}, quartiles {low} and {high}")
    marked = frame[frame["marked"]]
    place = f" The networks of {marked['home'].iloc[0]} are marked." if len(marked) else ""
    return f"Four histograms over networks, {table.about.title()}. {'. '.join(parts)}.{place}"


@described
def england_map(table: ReleasedTable) -> str:
    """Describe the map by its classes, and the parts that are drawn larger."""
    frame = pd.DataFrame(table.frame.drop(columns="geometry"))
    areas = frame["share_class"].value_counts().reindex(list(CLASSES), fill_value=0)
    classes = ", ".join(f"{name} in {number(areas[name], 'area')}" for name in CLASSES)
    larger = [f"{name} (half or more in {_half(rows)} of areas)" for name, rows in frame.groupby("inset")]
    drawn = f" Drawn larger: {listed(larger)}." if larger else ""
    return (
        f"Map of {number(len(frame), 'area')}, {table.about.title()}, coloured by the share of registered patients who "
        f"are with the area's largest network: {classes}.{drawn}"
    )


def _half(rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["share"])
    return percent((known["share"] >= 0.5).mean())  # noqa: PLR2004 - half


@described
def england_ends(table: ReleasedTable) -> str:
    """Describe both ends of the ranking and the marked place."""
    frame = table.frame
    groups = [
        f"{end[:1].upper()}{end[1:]}: " + "; ".join(
            f"{row.pcn_name} {percent(row.localisation)}, rank {count(row.rank)}, against "
            f"{percent(row.similar_localisation)} of networks of its size" for row in rows.itertuples()
        )
        for end, rows in frame.groupby("end", sort=False)
    ]  # fmt: skip
    return (
        f"Dot plot of localisation of networks at both ends of the ranking of {count(frame['ranked'].iloc[0])}, "
        f"{table.about.title()}. {'. '.join(groups)}."
    )


@described
def england_deprivation(table: ReleasedTable) -> str:
    """Describe how deprivation of ground and patients differs."""
    groups = [
        f"{side[:1].upper()}{side[1:]}: " + "; ".join(
            f"{row.pcn_name} {row.score_registered:.1f} and {row.score_resident:.1f}" for row in rows.itertuples()
        )
        for side, rows in table.frame.groupby("side", sort=False)
    ]  # fmt: skip
    return (
        f"Dot plot of the mean deprivation score of a network's patients and of everyone registered who lives on its "
        f"ground, {table.about.title()}. {'. '.join(groups)}."
    )


@described
def england_borders(table: ReleasedTable) -> str:
    """Describe the bars of borders."""
    parts = [
        f"{border}: " + ", ".join(f"{row.away_class} of patients {percent(row.share)}" for row in rows.itertuples())
        for border, rows in table.frame.groupby("border", sort=False)
    ]
    return (
        f"Bars of networks by the share of their patients who live beyond a border of their home, "
        f"{table.about.title()}. Share of networks by {'; by '.join(parts)}."
    )


@described
def england_changes(table: ReleasedTable) -> str:
    """Describe the bars of changes since the earliest map."""
    since = table.frame["since"].iloc[0]
    rows = table.frame[table.frame["since"] == since]
    each = "; ".join(f"{row.change} {count(row.number)}" for row in rows.itertuples())
    return f"Bar chart of what changed since {since}, {table.about.title()}: {each}."


def _one(frame: pd.DataFrame, row: int) -> str:
    return f"{frame.loc[row, 'pcn_name']} ({count(frame.loc[row, 'patients'])})"


def _marked(frame: pd.DataFrame, column: str) -> str:
    """The networks of the marked place with their values."""
    marked = frame[frame["marked"]]
    if marked.empty:
        return ""
    write = count if column == "patients" else percent
    each = "; ".join(f"{row['pcn_name']} {write(row[column])}" for _, row in marked.iterrows())
    return f" Marked, the networks of {marked['home'].iloc[0]}: {each}."
