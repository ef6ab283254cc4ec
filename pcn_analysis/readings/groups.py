"""Groups of people held against each other in a sentence: fifths of deprivation, and practices."""

from __future__ import annotations

import pandas as pd

from pcn_analysis.words import NOT_KNOWN, number, percent


def ends(rows: pd.DataFrame, who: str, what: str) -> str:
    """The first and the last fifth that are shown, and whether their intervals overlap."""
    if rows.empty:
        return "Not shown: the records do not say where people live."
    known = rows.drop(index="not known", errors="ignore").dropna(subset=["share"])
    if len(known) < 2:  # noqa: PLR2004 - nothing to compare
        return "Too few people are shown to compare areas."
    first, last = known.iloc[0], known.iloc[-1]
    return (
        f"Of {who} in areas of the {known.index[0]} fifth, {percent(first['share'])} {what}, against "
        f"{percent(last['share'])} in the {known.index[-1]} fifth; {_overlap(first, last)}. Ages differ between areas."
    )


def practices(frame: pd.DataFrame, who: str) -> str:
    """The practices with the lowest and the highest share that is shown."""
    if frame.empty:
        return "Not shown: the records do not say where people are registered."
    named = frame[frame["practice_name"] != NOT_KNOWN]
    known = named.dropna(subset=["share"]).sort_values("share", ignore_index=True)
    if len(known) < 2:  # noqa: PLR2004 - nothing to compare
        return "Too few people are shown to compare practices."
    low, high = known.iloc[0], known.iloc[-1]
    return (
        f"Over {number(len(known), 'practice')}, the share of people {who} runs from {percent(low['share'])} at "
        f"{low['practice_name']} to {percent(high['share'])} at {high['practice_name']}. Some of that is chance, and "
        f"some of it age, for which it is not adjusted."
    )


def _overlap(one: pd.Series, other: pd.Series) -> str:
    apart = one["share_lower"] > other["share_upper"] or one["share_upper"] < other["share_lower"]
    return "the intervals do not overlap" if apart else "the intervals overlap"
