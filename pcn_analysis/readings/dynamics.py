"""Sentences on segments in time: who stayed, moved, came and went, and how large segments would become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.released import of_released
from pcn_analysis.thresholds import SMALLEST_SHOWN
from pcn_analysis.words import count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

MOST = 3
"""Moves, or segments, that a sentence names."""
LEAST_BASE = 100
"""Of a segment with fewer people, once released, it is not shown what became of them."""
JOINED, OTHERS = "joined", "others"
HEALTHY_PAST = (
    "These people are invented. They are healthier in the past than real ones would have been, as those who died are "
    "drawn apart from those who are here, so that segments of ill people grow far too fast: read nothing into the "
    "numbers."
)
TOO_FAST = " These people are invented and too healthy in the past, which is why segments of ill people seem to grow."


def few(people: Any) -> str:
    """A number of people, or how few they are where it is not shown.

    Examples
    --------
    >>> few(315), few(None)
    ('315', 'fewer than 8')
    """
    return f"fewer than {SMALLEST_SHOWN}" if pd.isna(people) else count(people)


@of_released
def moved(everyone: ReleasedTable, moves: ReleasedTable, not_shown: ReleasedTable) -> str:
    """Read what became of everyone, in parts that add up, and the commonest moves between segments."""
    if everyone.frame.empty:
        return _why(not_shown, "moves", "Who moved")
    row, day = everyone.frame.iloc[0], everyone.about.day()
    share = "" if pd.isna(row["stayed_share"]) else f" ({percent(row['stayed_share'])})"
    crossed = [f"{few(row['crossed'])} {_crossed(row['crossing'])}"] if row["crossing"] else []
    parts = [
        f"{few(row['stayed'])}{share} were in the same segment on {day}",
        f"{few(row['moved'])} had moved to another segment",
        *crossed,
        f"{few(row['left'])} had left the network",
        f"{few(row['died'])} had died",
    ]
    text = (
        f"Of {few(row['before'])} people registered on {row['since']}, {listed(parts)}. Another {few(row['joined'])} "
        f"were born or joined, so that {few(row['after'])} were registered on {day}. "
    )
    none = row["left"] == 0 and row["died"] == 0 if row[["left", "died"]].notna().all() else False
    gone = (
        "Nobody left or died: these records seem to hold only those still registered, so that the others are missing. "
        if none
        else ""
    )
    return f"{text}{_commonest(moves)}{gone}{_not_told(moves)}{_cautions(everyone)}".rstrip()


def _crossed(crossing: str) -> str:
    """What had become of those for whom a model began or ceased to be."""
    return f"had {crossing} (a birthday, not a move)" if crossing.startswith("turned") else f"had {crossing}"


def _commonest(moves: ReleasedTable) -> str:
    between = moves.frame[moves.frame["how"] == "moved"].dropna(subset=["patients"])
    first = between[between["patients"] > 0].sort_values("patients", ascending=False, kind="stable").head(MOST)
    parts = [f"from {row.segment} to {row.next_segment} ({count(row.patients)})" for row in first.itertuples()]
    return f"Most moved {listed(parts)}. " if parts else ""


def _not_told(moves: ReleasedTable) -> str:
    """Segments of too few people to say what became of them."""
    frame = moves.frame.drop_duplicates("segment")
    small = frame["segment_patients"].isna() | frame["segment_patients"].between(1, LEAST_BASE - 1)
    names = frame.loc[small.fillna(True) & (frame["segment"] != JOINED), "segment"].to_list()
    if not names:
        return ""
    where = "it" if len(names) == 1 else "each"
    return f"What became of the people of {listed(names)} is not shown: fewer than {LEAST_BASE} were in {where}. "


@of_released
def came_and_went(flows: ReleasedTable, not_shown: ReleasedTable) -> str:
    """Read the segments that grew and shrank most, and by what; those whom a model is not for are none of them."""
    frame = flows.frame
    if frame.empty:
        return _why(not_shown, "moves", "How segments came to their size")
    frame = frame[frame["kind"] != OTHERS]
    known = frame.dropna(subset=["before", "after"])
    known = known.assign(change=known["after"] - known["before"]).sort_values("change", kind="stable")
    grown, shrunk = known[known["change"] > 0].iloc[::-1].head(MOST), known[known["change"] < 0].head(1)
    shown = "" if len(known) == len(frame) else "that is shown "
    (crossing,) = set(flows.frame["crossing"])
    parts = [f"{row.segment}, {_from_to(row, crossing)}" for row in grown.itertuples()]
    text = f"Grew most: {'. '.join(parts)}. " if parts else f"No segment {shown}grew. "
    text += "".join(f"Shrank most: {row.segment}, {_from_to(row, crossing)}. " for row in shrunk.itertuples())
    return text.rstrip()


def _from_to(row: Any, crossing: str) -> str:
    sizes = f"from {count(row.before)} to {count(row.after)}"
    if row.before < LEAST_BASE:
        return sizes
    crossed = [f"{few(row.crossed)} {crossing}"] if crossing and (pd.isna(row.crossed) or row.crossed) else []
    came = [f"{few(row.moved_in)} moved in", f"{few(row.joined)} were born or joined", *crossed]
    went = [
        f"{few(row.moved_out)} moved to another segment",
        f"{few(row.left)} left the network",
        f"{few(row.died)} died",
    ]
    return f"{sizes}: {listed(came)}; {listed(went)}"


@of_released
def projected(table: ReleasedTable, not_shown: ReleasedTable) -> str:
    """Read the segments that would grow most in the years projected by the people's own rates."""
    if table.frame.empty:
        return _why(not_shown, "projection", "A projection")
    text = (
        f"If every year went like the last one, {_heading(table)}. The limits allow for chance, in each person's year "
        f"and in rates that were counted in one year only. They do not allow for the rates changing: this is a "
        f"projection, not a forecast."
    )
    return f"{text}{TOO_FAST}" if table.provenance.synthetic else text


@of_released
def projected_as_published(table: ReleasedTable, not_shown: ReleasedTable) -> str:
    """Read BNSSG's core segments projected by its published rates."""
    if table.frame.empty:
        return _why(not_shown, "projection with published rates", "A projection with published rates")
    frame = table.frame
    start = frame[frame["year"] == frame["year"].iloc[0]]
    not_placed = frame["not_placed"].iloc[0]
    all_placed = pd.notna(not_placed) and not_placed == 0
    left_out = "" if all_placed else f" {_some(not_placed)} whose score is not known are left out."
    text = (
        f"Core segments run from 1 (lowest need) to 5 (highest need), by a score of each person's long-term "
        f"conditions. About {count(start['patients'].sum())} people of 17 or over are in them here.{left_out} If "
        f"people arrive, leave, die and move between segments as in Bristol, North Somerset and South Gloucestershire "
        f"(BNSSG), {_heading(table)}. The limits allow for chance alone and are too narrow, as BNSSG does not publish "
        f"how sure its rates are."
    )
    return f"{text} These people are invented." if table.provenance.synthetic else text


@of_released
def own_or_published(both: ReleasedTable) -> str:
    """Read how far the two projections of the core segments are apart, and which to believe for what."""
    frame = both.frame
    frame = frame if frame.empty else frame.dropna(subset=["own", "published"])
    if frame.empty:
        return ""
    row = frame.loc[(frame["own"] - frame["published"]).abs().astype(float).idxmax()]
    text = (
        f"The two projections of the same segments differ, most for {row['segment']} in {row['year']}: "
        f"{count(row['own'])} ({count(row['own_lower'])} to {count(row['own_upper'])}) by these people's own moves, "
        f"{count(row['published'])} ({count(row['published_lower'])} to {count(row['published_upper'])}) by the rates "
        f"of BNSSG. Own moves are of this network and of one year: believe them for the next year or two, if that year "
        f"was an ordinary one. BNSSG's rates are of another area and of three years: believe them for the direction "
        f"over five years. Where the two lie apart, plan for the whole range between them."
    )
    invented = " These people are invented: only the rates of BNSSG were counted among real ones."
    return f"{text}{invented}" if both.provenance.synthetic else text


def _some(people: Any) -> str:
    return "A few people, too few to show," if pd.isna(people) else f"{number(people, 'person', 'people')}"


def _heading(table: ReleasedTable) -> str:
    """The segments whose size would change by most people; those whom a model is not for are none of them."""
    frame = table.frame[table.frame["kind"] != OTHERS]
    year = frame["year"].iloc[-1]
    first, last = (frame[frame["year"] == one].set_index("segment") for one in (frame["year"].iloc[0], year))
    change = (last["patients"] - first["patients"]).abs().dropna()
    order = change[change > 0].sort_values(ascending=False, kind="stable").index[:MOST]
    parts = [
        f"{name} would go from {count(first['patients'][name])} to {count(last['patients'][name])} "
        f"({count(last['patients_lower'][name])} to {count(last['patients_upper'][name])})"
        for name in order
    ]
    return f"by {year} {listed(parts)}" if parts else "no number that is shown would change"


def _cautions(table: ReleasedTable) -> str:
    """What of the records makes a table less than it seems."""
    row = table.frame.iloc[0]
    said = [HEALTHY_PAST] if table.provenance.synthetic else []
    if "taken_as_unchanged" in row:
        facts = row["taken_as_unchanged"]
        said = [f"The records give no date for {facts}: it is taken that people were then as they are now.", *said]
    if "records_begin" in row:
        said = [
            f"The model looks back over {row['looks_back']}, but for half of the people records begin on "
            f"{row['records_begin']} or later: some who were ill before that seem well on {row['since']}.",
            *said,
        ]
    return " ".join(said)


def _why(not_shown: ReleasedTable, what: str, title: str) -> str:
    reasons = not_shown.frame.loc[not_shown.frame["what"] == what, "why"]
    return f"{title} cannot be shown: {reasons.iloc[0]}." if len(reasons) else f"{title} cannot be shown."
