"""Sentences on two models of the same people: where the first puts those of the other, and how far they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.dynamics import few
from pcn_analysis.readings.released import of_released, who
from pcn_analysis.words import count, listed, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

NAMED = 3
"""Segments that a sentence names."""
MOST_PLACES = 2
"""Segments of the other model that are named for each."""
AGREEMENT = ((0.9, "excellent"), (0.8, "good"), (0.65, "moderate"), (-1.0, "poor"))
"""What an adjusted Rand index is called from which value (Steinley 2004, doi:10.1037/1082-989X.9.3.386)."""


@of_released
def models_crossed(table: ReleasedTable, compared: ReleasedTable, other: str) -> str:
    """Read who is compared, and where another model puts the people of the first segments of one."""
    frame = table.frame
    if frame.empty:
        return "Not shown: no segment of one of the models could be assessed."
    parts = []
    for name in list(dict.fromkeys(frame["segment"]))[:NAMED]:
        rows = frame[(frame["segment"] == name) & (frame["patients"] > 0).fillna(False)]
        most = rows.sort_values("share", ascending=False, kind="stable").head(MOST_PLACES)
        places = [f"{percent(row.share)} are in {row.other_segment}" for row in most.itertuples()]
        people = frame.loc[frame["segment"] == name, "segment_patients"].iloc[0]
        parts += [f"of {count(people)} people in {name}, {listed(places)}"] if places else []
    if not parts:
        return f"{_compared(compared)}Too few people are in the first segments to be shown."
    return f"{_compared(compared)}In {other}, {'; '.join(parts)}."


def _compared(table: ReleasedTable) -> str:
    """Who is compared, where one of the models is not for everyone."""
    row = table.frame.iloc[0]
    if not row["who"]:
        return ""
    return (
        f"The {few(row['patients'])} people that both models cover are compared; the other {few(row['left_out'])} are "
        f"left out ({row['who']}). "
    )


@of_released
def agreement(table: ReleasedTable) -> str:
    """Read how far two models divide the same people alike; only versions of one model are judged by it."""
    frame = table.frame.dropna(subset=["adjusted_rand"])
    if frame.empty:
        return "How far the two models agree cannot be said: they have too few people in common."
    row = frame.iloc[0]
    value = float(row["adjusted_rand"])
    text = (
        f"Do the two models put the same people together? On a scale where 1 means the same groups and 0 means no more "
        f"than chance, they score {value:.2f} (adjusted Rand index; {count(row['patients'])} people "
        f"{who(table.about)})."
    )
    if row["versions"] == "yes":
        called = next(name for least, name in AGREEMENT if value >= least)
        return f"{text} Between two versions of one model, that counts as {called} agreement."
    return f"{text} The models ask different questions, so that a low score is no fault of either."


@of_released
def first_segments(table: ReleasedTable) -> str:
    """Read how many people are in the first segments of both models, and how many of only one."""
    frame = table.frame
    if frame.empty:
        return "Who is in the first segments of both cannot be said: they could not be assessed in one of the models."
    both, one, other = (row for _, row in frame.iterrows())
    if pd.isna(both["patients"]) and pd.isna(one["patients"]) and pd.isna(other["patients"]):
        return "Too few people are in the first segments of the models to be shown."
    first, second = (row["of"].removesuffix(" only") for row in (one, other))
    return (
        f"{first} puts {one['segments']} first; {second} puts {other['segments']} first. "
        f"Of {count(both['registered'])} people that both models cover, {few(both['patients'])} are in the first "
        f"segments of both. Another {few(one['patients'])} come first only in {first}, and {few(other['patients'])} "
        f"only in {second}: for them, the choice of model decides."
    )
