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


def practices(frame: pd.DataFrame, who: str, *, named: bool) -> str:
    """The lowest and the highest share that is shown of any practice, and of which, if they may be named."""
    if frame.empty:
        return "Not shown: the records do not say where people are registered."
    of_known = frame[frame["practice_name"] != NOT_KNOWN]
    known = of_known.dropna(subset=["share"]).sort_values("share", ignore_index=True)
    if len(known) < 2:  # noqa: PLR2004 - nothing to compare
        return "Too few people are shown to compare practices."
    low, high = (
        f"{percent(row['share'])}{' at ' + row['practice_name'] if named else ''}"
        for row in (known.iloc[0], known.iloc[-1])
    )
    text = (
        f"Over {number(len(known), 'practice')}, the share of people {who} runs from {low} to {high}. Some of that is "
        f"chance, and some of it age, for which it is not adjusted."
    )
    return text if named else f"{text} Practices are not named here, as nobody counted exists."


def _overlap(one: pd.Series, other: pd.Series) -> str:
    apart = one["share_lower"] > other["share_upper"] or one["share_upper"] < other["share_lower"]
    return "the intervals do not overlap" if apart else "the intervals overlap"
