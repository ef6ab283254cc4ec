"""Sentences on segments: how many people each holds, who they are, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.groups import ends, practices
from pcn_analysis.readings.released import of_released, who
from pcn_analysis.words import NOT_ASSESSED, NOT_KNOWN, NOT_SHOWN, count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@of_released
def segments(sizes: ReleasedTable, coverage: ReleasedTable) -> str:
    """Read how many people the largest and the first segments hold, who is in none, and whom the model is not for."""
    frame, about = sizes.frame, sizes.about
    if frame.empty and len(coverage):
        return (
            f"No segment could be assessed for the people {who(about)} on {about.day()}: nothing that the model asks "
            f"for is coded in their records. Nobody is called healthy for want of data."
        )
    if frame["registered"].eq(0).fillna(False).all():
        return f"Nobody is {who(about)} on {about.day()}."
    named, rest = frame[frame["kind"] == "segment"], frame[frame["kind"] == "remainder"].iloc[0]
    everyone = "the" if pd.isna(rest["registered"]) else count(rest["registered"])
    text = f"Of {everyone} people {who(about)} on {about.day()}, "
    shown = named[named["patients"].fillna(0) > 0].sort_values("patients", ascending=False)
    if shown.empty:
        text += "no segment holds enough to be shown"
    else:
        largest = shown.iloc[0]
        text += (
            f"the largest segment is {largest['segment']} ({count(largest['patients'])}, {percent(largest['share'])})"
        )
    text = f"{text}; {listed([_held(row) for row in named.head(2).itertuples()])}. "
    others = frame[frame["kind"] == "others"]
    end = "".join(
        f" The model is not for {count(row.patients)} ({percent(row.share)}): {row.segment}."
        for row in others.itertuples()
    )
    if not len(coverage):
        return f"{text}{percent(rest['share'])} are in none: {rest['segment']}.{end}"
    by_status = coverage.frame["status"].value_counts()
    parts = [f"{number(int(n), 'element')} {'was' if n == 1 else 'were'} {status}" for status, n in by_status.items()]
    return (
        f"{text}{percent(rest['share'])} are in none of the segments that could be assessed. They are not called "
        f"healthy, because {listed(parts)}.{end}"
    )


def _held(row: Any) -> str:
    """What one segment holds, or why that cannot be said."""
    if row.status == NOT_ASSESSED:
        return f"{row.segment} was {NOT_ASSESSED}"
    return f"{row.segment} is {NOT_SHOWN}" if pd.isna(row.patients) else f"{row.segment} has {count(row.patients)}"


@of_released
def assumptions(table: ReleasedTable) -> str:
    """Read which reading of its publication a model is, and how much it takes for granted."""
    frame = table.frame
    if frame.empty:
        return "The model declares no assumptions."
    what = VARIANTS.get(frame["variant"].iloc[0], "a model of one's own")
    return f"{frame['model'].iloc[0]}: {what}. It rests on {number(len(frame), 'assumption')}, listed below."


VARIANTS = {
    "published": "the rules as they were published, with their faults",
    "corrected": "the published rules with faults mended",
    "reconstructed": "reconstructed, as public sources do not give every rule; what they leave open is ours",
}
"""What the variants of a model are, in words."""


@of_released
def largest(sizes: ReleasedTable) -> str:
    """Name the largest segment that is shown, for the sentences below; empty where none is."""
    frame = sizes.frame
    known = frame[(frame["kind"] == "segment") & (frame["patients"].fillna(0) > 0)]
    return str(known.sort_values("patients", ascending=False, kind="stable")["segment"].iloc[0]) if len(known) else ""


@of_released
def at_older_ages(by_age: ReleasedTable, segment: str) -> str:
    """Read the share of one segment in the three oldest age groups that are shown."""
    frame = by_age.frame
    if why := _unread(by_age, segment):
        return why
    rows = frame[frame["segment"] == segment].dropna(subset=["share"]).tail(3)
    if rows.empty:
        return f"{segment}: not shown at any age."
    parts = [f"{percent(row.share)} of those aged {row.age_group}" for row in rows.itertuples()]
    return f"{segment} holds {listed(parts)}."


@of_released
def by_deprivation(table: ReleasedTable, segment: str) -> str:
    """Read the most against the least deprived fifth for one segment, with whether their intervals are apart."""
    if why := _unread(table, segment, ", and records that say where people live"):
        return why
    rows = table.frame[table.frame["segment"] == segment].set_index("deprivation_fifth")
    return ends(rows, "people", f"are in {segment}")


@of_released
def by_ethnicity(table: ReleasedTable, segment: str) -> str:
    """Read the ethnic groups with the highest and the lowest share of one segment, and of how many it is not known."""
    if why := _unread(table, segment, ", and records that hold ethnicity"):
        return why
    rows = table.frame[table.frame["segment"] == segment]
    unknown = rows[rows["ethnic_group"] == NOT_KNOWN]
    known = rows.drop(index=unknown.index).dropna(subset=["share"]).sort_values("share", ignore_index=True)
    if len(known) < 2:  # noqa: PLR2004 - nothing to compare
        return "Too few people are shown to compare ethnic groups."
    low, high = known.iloc[0], known.iloc[-1]
    text = (
        f"The share of people in {segment} runs from {percent(low['share'])} ({low['ethnic_group']}) to "
        f"{percent(high['share'])} ({high['ethnic_group']}). Ages differ between groups"
    )
    missing = [f"; ethnicity is not known of {number(n, 'person', 'people')}" for n in unknown["registered"]]
    return f"{text}{''.join(missing)}."


@of_released
def by_practice(table: ReleasedTable, segment: str) -> str:
    """Read the practices with the highest and the lowest share of one segment."""
    if why := _unread(table, segment, ", and records that say where people are registered"):
        return why
    return practices(table.frame[table.frame["segment"] == segment], f"in {segment}")


def _unread(table: ReleasedTable, segment: str, more: str = "") -> str:
    """Say why nothing can be read of a segment; empty where something can."""
    if not len(table):
        return f"Not shown: this takes segments that could be assessed{more}."
    if not segment:
        return "No segment holds enough people to compare."
    return "" if segment in set(table.frame["segment"]) else f"{segment} was {NOT_ASSESSED}."


@of_released
def elements(met: ReleasedTable) -> str:
    """Read the elements that most people meet, one for a segment, of the three segments where they are commonest."""
    frame = met.frame.dropna(subset=["patients"])
    first = frame.drop_duplicates("segment").nlargest(3, "patients")
    parts = [f"{row.element} in {row.segment} ({percent(row.share)} of its people)" for row in first.itertuples()]
    if not len(met):
        return "No reasons: no segment that could be assessed holds anyone."
    return f"The commonest reasons: {listed(parts)}." if parts else "No reason is shown."
