"""Sentences on two models of the same people: where the first puts those of the other, and how far they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

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
def models_crossed(table: ReleasedTable, other: str) -> str:
    """Read where another model puts the people of the first segments of one."""
    frame = table.frame
    if frame.empty:
        return "Not shown: no segment of one of the models could be assessed."
    parts = []
    for name in list(dict.fromkeys(frame["segment"]))[:NAMED]:
        rows = frame[(frame["segment"] == name) & (frame["patients"] > 0).fillna(False)]
        most = rows.sort_values("share", ascending=False, kind="stable").head(MOST_PLACES)
        places = [f"{percent(row.share)} in {row.other_segment}" for row in most.itertuples()]
        people = frame.loc[frame["segment"] == name, "segment_patients"].iloc[0]
        parts += [f"of {count(people)} people in {name}, {listed(places)}"] if places else []
    if not parts:
        return "Too few people are in the first segments to be shown."
    return f"Held against {other}: {'; '.join(parts)}."


@of_released
def agreement(table: ReleasedTable) -> str:
    """Read how far two models divide the same people alike."""
    frame = table.frame.dropna(subset=["adjusted_rand"])
    if frame.empty:
        return "How far the two models agree cannot be said: there are too few people whom both are for."
    row = frame.iloc[0]
    value = float(row["adjusted_rand"])
    called = next(name for least, name in AGREEMENT if value >= least)
    return (
        f"Taking everyone whom both models are for ({count(row['patients'])} people {who(table.about)}), they divide "
        f"people alike with an adjusted Rand index of {value:.2f}, where 0 is what chance gives and 1 the same groups: "
        f"that counts as {called} agreement. The models were made to answer different questions, so that neither is "
        f"wrong for it."
    )


@of_released
def first_segments(table: ReleasedTable) -> str:
    """Read how many people are in the first segments of both models, and how many of one alone."""
    frame = table.frame
    if frame.empty:
        return "Who is in the first segments of both cannot be said: they could not be assessed in one of the models."
    both, one, other = (row for _, row in frame.iterrows())
    if pd.isna(both["patients"]) and pd.isna(one["patients"]) and pd.isna(other["patients"]):
        return "Too few people are in the first segments of the models to be shown."
    return (
        f"Each model has segments that go first: {one['segments']} in the one, {other['segments']} in the other. "
        f"{_people(both)} are in these in both, of {count(both['registered'])} whom both are for; {_people(one)} in "
        f"the one alone, and {_people(other)} in the other alone. Which model is chosen decides whether they come "
        f"first."
    )


def _people(row: pd.Series) -> str:
    return f"{count(row['patients'])} people" if pd.notna(row["patients"]) else "too few people to show"
