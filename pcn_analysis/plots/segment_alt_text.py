"""Descriptions of charts of segments: built from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.plots.cells import drawn_groups, peopled
from pcn_analysis.plots.described import described, in_words
from pcn_analysis.plots.segments import against, drawn_contact
from pcn_analysis.words import NOT_SHOWN, count, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def segment_pyramids(table: ReleasedTable) -> str:
    """Describe the small pyramids by the share of the old and of women in each."""
    frame = table.frame
    everyone, oldest = frame["sex"].iloc[0], frame["age_group"].iloc[-1]
    old = frame[(frame["sex"] == everyone) & (frame["age_group"] == oldest)]
    old = peopled(old, "segment_patients")
    each = "; ".join(f"{row.segment} {percent(row.share)}" for row in old.itertuples())
    return f"A small pyramid of age and sex for each segment, {in_words(table)}. Share aged {oldest}: {each}."


@described
def segments_by_ethnicity(table: ReleasedTable) -> str:
    """Describe where each segment is commonest."""
    frame = drawn_groups(table.frame, "ethnic_group").dropna(subset=["share"])
    highest = frame.loc[frame.groupby("segment", sort=False)["share"].idxmax()]
    where = "; ".join(f"{row.segment} {row.ethnic_group} ({percent(row.share)})" for row in highest.itertuples())
    return (
        f"Table of cells with the share of each segment among people by ethnic group, {in_words(table)}, coloured "
        f"where it differs from everyone's. Where each segment has its highest share: {where or 'none is shown'}."
    )


@described
def segment_conditions(table: ReleasedTable) -> str:
    """Describe the commonest condition of each segment."""
    frame = table.frame.dropna(subset=["share"])
    frame = frame[frame["patients"] > 0]
    highest = frame.loc[frame.groupby("segment", sort=False)["share"].idxmax()]
    where = "; ".join(f"{row.segment} {row.condition} ({percent(row.share)})" for row in highest.itertuples())
    return (
        f"Table of cells with the share of each segment that has each of {table.frame['condition'].nunique()} "
        f"recorded conditions, {in_words(table)}. The commonest of each: {where or 'none is shown'}."
    )


@described
def segment_admissions(table: ReleasedTable) -> str:
    """Describe each segment's share of people and of contacts."""
    contact = drawn_contact(table.frame)
    rows = peopled(table.frame[table.frame["contact"] == contact].iloc[1:], "people")
    each = "; ".join(
        f"{row.segment} {percent(row.people_share)} and {percent(row.contacts_share)}" for row in rows.itertuples()
    )
    return f"Dot plot of each segment's share of people and of contacts ({contact}), {in_words(table)}: {each}."


@described
def segment_contacts(table: ReleasedTable) -> str:
    """Describe where each kind of contact is most frequent, against everyone."""
    parts = []
    for contact, rows in table.frame.groupby("contact", sort=False):
        known = rows.iloc[1:].dropna(subset=["contacts_each"])
        if known.empty:
            parts.append(f"{contact} {NOT_SHOWN}")
            continue
        most = known.loc[known["contacts_each"].astype(float).idxmax()]
        parts.append(
            f"{contact} {_thousand(rows.iloc[0]['contacts_each'])}, highest {most['segment']} "
            f"({_thousand(most['contacts_each'])})"
        )
    return (
        f"Dot plot of contacts for each 1,000 people in 12 months by segment, with 95% intervals, {in_words(table)}. "
        f"Everyone and the highest segment: {'; '.join(parts)}."
    )


def _thousand(value: object) -> str:
    return NOT_SHOWN if pd.isna(value) else count(float(value) * 1000)  # type: ignore[arg-type]


@described
def segments_against_place(table: ReleasedTable) -> str:
    """Describe each segment's people and those expected."""
    each = "; ".join(
        f"{row.segment} {count(row.patients)} and {count(row.expected)}" for row in against(table.frame).itertuples()
    )
    return (
        f"Dot plot of people in each segment as a percentage of those expected for their ages and sexes at the rates "
        f"of {table.about.place}, with 95% intervals, {in_words(table)}. People, and expected: {each}."
    )
