"""Sentences on segments in time: who stayed, moved, came and went, and how large segments would become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.released import of_released
from pcn_analysis.words import count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

MOST = 3
"""Moves, or segments, that a sentence names."""
JOINED, LEFT, DIED = "joined", "left", "died"
HEALTHY_PAST = (
    "These people are invented, and healthier in the past than any real ones would have been, as those who died are "
    "drawn apart from those who are here: segments of ill people grow far too fast. Read nothing into the numbers."
)
TOO_FAST = " These people are invented and their past is too healthy: their growth comes of that."


@of_released
def moved(outcomes: ReleasedTable, moves: ReleasedTable, not_shown: ReleasedTable) -> str:
    """Read how many people stayed where they were, died and left, and the commonest moves between segments."""
    if outcomes.frame.empty:
        return _why(not_shown, "moves", "Who moved")
    frame, about = outcomes.frame, outcomes.about
    people = frame.drop_duplicates("segment")["segment_patients"]
    total = int(people.sum())
    stayed, *_, left, died = (values for _, values in frame.groupby("outcome", sort=False)["patients"])
    among = "people in segments that are shown" if people.isna().any() else "people"
    least = "at least " if stayed[frame["segment_patients"].notna()].isna().any() else ""
    text = (
        (
            f"Of about {count(total)} {among}, {least}{percent(int(stayed.sum()) / total)} were in the same segment on "
            f"{about.day()} as before; {_shown(died, 'about ')} had died and {_shown(left)} had left. "
        )
        if total
        else ""
    )
    between = moves.frame
    between = between[~between["segment"].eq(JOINED) & ~between["next_segment"].isin([LEFT, DIED])]
    between = between[between["segment"] != between["next_segment"]].dropna(subset=["patients"])
    first = between[between["patients"] > 0].sort_values("patients", ascending=False, kind="stable").head(MOST)
    parts = [f"from {row.segment} to {row.next_segment} ({count(row.patients)})" for row in first.itertuples()]
    text += f"Most moved {listed(parts)}. " if parts else ""
    gone = "" if not (left.eq(0).fillna(False).all() and died.eq(0).fillna(False).all()) else (
        "Nobody left or died: these records seem to hold only those still registered, so that the others are missing. "
    )  # fmt: skip
    return f"{text}{gone}{_cautions(outcomes)}".rstrip()


def _shown(people: pd.Series, about: str = "") -> str:
    """A sum over segments, which is at least what is shown of it."""
    known = int(people.sum())
    if not people.isna().any():
        return f"{about}{count(known)}"
    return f"at least {count(known)}" if known else "too few of any segment to show"


@of_released
def came_and_went(flows: ReleasedTable) -> str:
    """Read the segments that grew and shrank most, and by what."""
    frame = flows.frame
    if frame.empty:
        return ""
    known = frame.dropna(subset=["before", "after"])
    known = known.assign(change=known["after"] - known["before"]).sort_values("change", kind="stable")
    grown, shrunk = known[known["change"] > 0].iloc[::-1].head(MOST), known[known["change"] < 0].head(1)
    shown = "" if len(known) == len(frame) else "that is shown "
    parts = [f"{row.segment} {_from_to(row)}" for row in grown.itertuples()]
    text = f"Grew most: {'; '.join(parts)}. " if parts else f"No segment {shown}grew. "
    text += "".join(f"Shrank most: {row.segment} {_from_to(row)}. " for row in shrunk.itertuples())
    return text.rstrip()


def _from_to(row: Any) -> str:
    came = [f"{count(n)} {how}" for n, how in ((row.moved_in, "moved in"), (row.joined, "joined")) if pd.notna(n)]
    went = [row.moved_out, row.left, row.died]
    gone = [] if any(map(pd.isna, went)) else [f"{count(sum(went))} went or died"]
    how = f" ({', '.join([*came, *gone])})" if came or gone else ""
    return f"from {count(row.before)} to {count(row.after)}{how}"


@of_released
def projected(table: ReleasedTable, not_shown: ReleasedTable) -> str:
    """Read the segments that would grow most in the years projected by the people's own rates."""
    if table.frame.empty:
        return _why(not_shown, "projection", "A projection")
    text = (
        f"If every year went like the last one: {_heading(table)}. The limits hold the chance in each person's year "
        f"and in the rates, and no change of these; a projection is no forecast."
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
        f"About {count(start['patients'].sum())} people of 17 or over by core segment, if the moves, deaths and "
        f"removals of Bristol, North Somerset and South Gloucestershire hold here: {_heading(table)}.{left_out} "
        f"The limits are of chance alone and too narrow: how sure the published rates are is not published."
    )
    return f"{text} These people are invented." if table.provenance.synthetic else text


def _some(people: Any) -> str:
    return "A few people, too few to show," if pd.isna(people) else f"{number(people, 'person', 'people')}"


def _heading(table: ReleasedTable) -> str:
    """The segments whose size would change by most people."""
    frame = table.frame
    year = frame["year"].iloc[-1]
    first, last = (frame[frame["year"] == one].set_index("segment") for one in (frame["year"].iloc[0], year))
    change = (last["patients"] - first["patients"]).abs().dropna()
    order = change[change > 0].sort_values(ascending=False, kind="stable").index[:MOST]
    parts = [
        f"{name} from {count(first['patients'][name])} to {count(last['patients'][name])} "
        f"({count(last['patients_lower'][name])} to {count(last['patients_upper'][name])})"
        for name in order
    ]
    return f"by {year:.0f}, {listed(parts)}" if parts else "no number that is shown changes"


def _cautions(table: ReleasedTable) -> str:
    """What of the records makes a table less than it seems."""
    modelled = " ".join(one for one in _sentences(table.provenance.modelled) if one.startswith("Records begin"))
    return " ".join(filter(None, [modelled, HEALTHY_PAST if table.provenance.synthetic else ""]))


def _sentences(text: str) -> list[str]:
    return [f"{one.rstrip('.')}." for one in text.split(". ") if one]


def _why(not_shown: ReleasedTable, what: str, title: str) -> str:
    reasons = not_shown.frame.loc[not_shown.frame["what"] == what, "why"]
    return f"{title} cannot be shown: {reasons.iloc[0]}." if len(reasons) else f"{title} cannot be shown."
