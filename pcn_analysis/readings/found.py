"""Sentences on segments found in the data: whether there are any, what stands out, and where rules put their people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.readings.released import of_released
from pcn_analysis.words import NOT_KNOWN, count, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

DRAWN_WITH = (
    " Synthetic people have only the associations that they were drawn with: these segments say nothing of the place."
)


@of_released
def found_segments(outcome: ReleasedTable, sizes: ReleasedTable) -> str:
    """Read whether segments were found and how sure they are, or why there are none."""
    row, about = outcome.frame.iloc[0], sizes.about
    if sizes.frame.empty:
        return str(row["why"])
    text = (
        f"{row['why']} They were found by {row['method']} from {number(row['conditions'], 'condition')} of "
        f"{count(row['adults'])} adults of {number(row['networks'], 'network')} of {about.place}. "
    )
    known = sizes.frame[sizes.frame["segment"] != NOT_KNOWN].dropna(subset=["share"])
    if len(known):
        largest = known.loc[known["share"].astype(float).idxmax()]
        text += f"Of {count(largest['adults'])} adults of {about.network or about.place}, {percent(largest['share'])} "
        text += f"are in the largest here, “{largest['segment']}”."
    left_out = f" Left out: {row['left_out']}." if row["left_out"] else ""
    return f"{text}{left_out}{DRAWN_WITH if outcome.provenance.synthetic else ''}"


@of_released
def found_conditions(table: ReleasedTable) -> str:
    """Read the condition that stands out most in each found segment."""
    frame = table.frame
    if frame.empty:
        return "So there are none to describe here, or to hold against the rules."
    standing = frame[frame["stands_out"].astype(bool)].dropna(subset=["share", "share_of_adults"])
    standing = standing[standing["share_of_adults"] > 0]
    if standing.empty:
        return "In no segment does a condition stand out."
    ratio = (standing["share"] / standing["share_of_adults"]).astype(float)
    most = standing.loc[ratio.groupby(standing["segment"], sort=False).idxmax()]
    parts = [
        f"{row.condition} in “{row.segment}” ({percent(row.share)}, against {percent(row.share_of_adults)} of "
        f"all adults)"
        for row in most.itertuples()
    ]
    return f"What stands out most: {'; '.join(parts)}. Conditions of old age go together because people are old."


@of_released
def found_across(table: ReleasedTable) -> str:
    """Read where the rules put most adults of each found segment."""
    frame = table.frame
    placed = (frame["patients"] > 0).fillna(False) & (frame["found_segment"] != NOT_KNOWN)
    known = frame[placed].dropna(subset=["share"])
    if known.empty:
        return ""
    most = known.loc[known.groupby("found_segment", sort=False)["share"].idxmax()]
    parts = [f"of “{row.found_segment}”, {percent(row.share)} are in {row.segment}" for row in most.itertuples()]
    return f"Where the rules put most of each: {'; '.join(parts)}."
