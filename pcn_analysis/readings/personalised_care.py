"""Sentences on social prescribing: referrals against the list, who is referred, and wellbeing at a second reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.released import of_released, who
from pcn_analysis.words import count, listed, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

REFERRED, NEVER = "referred", "never referred"


@of_released
def social_prescribing_referrals(table: ReleasedTable) -> str:
    """Read the share of the list that was referred against the thresholds of PC-01, and offers and refusals apart."""
    frame, about = table.frame.set_index("outcome"), table.about
    if frame.empty:
        return "Who was referred to social prescribing is not known: the records hold no referral."
    row = frame.iloc[0]
    others = [f"{name} {count(frame.loc[name, 'people'])}" for name in frame.index[1:3]]
    if pd.isna(row["share"]):
        return f"How many were referred to social prescribing is not shown: too few. Not counted: {listed(others)}."
    text = (
        f"In the 12 months before {about.day()} {count(row['people'])} of {count(row['of'])} people {who(about)} were "
        f"referred to social prescribing: {percent(row['share'])} "
        f"({percent(row['share_lower'])} to {percent(row['share_upper'])}). "
    )
    return f"{text}{_against(row)}Not counted as referred: {listed(others)}."


def _against(row: pd.Series) -> str:
    if pd.isna(row["lower"]) or pd.isna(row["upper"]):
        return "Thresholds for that year are not known. "
    place = "below the lower" if row["share"] < row["lower"] else (
        "at or above the upper" if row["share"] >= row["upper"] else "between the lower and the upper"
    )  # fmt: skip
    standing = "" if row["standing"] == "published" else f", {row['standing']}"
    return (
        f"That is {place} threshold of indicator PC-01 ({percent(row['lower'])} and "
        f"{percent(row['upper'])}{standing}). "
    )


@of_released
def social_prescribing_equity(table: ReleasedTable) -> str:
    """Read which groups are referred clearly more or less often than everyone."""
    frame = table.frame
    if frame.empty:
        return "Who is referred cannot be told by group: the records hold no referral."
    everyone = frame["everyone_share"].iloc[0]
    if pd.isna(everyone):
        return "Who is referred is not shown by group: too few."
    apart = [
        f"{row.by} {row.group} {percent(row.share)} ({row.share_compared})"
        for row in frame.itertuples()
        if row.share_compared in ("higher", "lower")
    ]
    hidden = int(frame["share"].isna().sum())
    text = f"Of everyone {percent(everyone)} were referred. "
    text += f"Clearly apart from everyone: {listed(apart)}. " if apart else "No group is clearly apart from everyone. "
    text += f"{hidden} of {len(frame)} groups {'is' if hidden == 1 else 'are'} not shown. " if hidden else ""
    return (
        f"{text}Need differs between groups, so that equal shares need not be fair; with so many groups about one in "
        f"twenty would be apart by chance alone."
    )


@of_released
def wellbeing_changes(table: ReleasedTable) -> str:
    """Read how many are better at a second reading, beside those never referred, and what that cannot tell.

    The table is what follows by ``differences`` from the released one.
    """
    frame = table.frame
    if frame.empty:
        return "How wellbeing changed is not known: nobody has two readings in time."
    known = frame[frame["group"] == REFERRED].dropna(subset=["better_share"])
    limits = (
        "This does not tell what social prescribing did: people are referred when they feel worse than usual, and feel "
        "better later without it (regression to the mean); those with a second reading stayed in touch; and the groups "
        "were not matched, and differ in more than the referral."
    )
    if known.empty:
        return f"How many of those referred are better at a second reading is not shown: too few. {limits}"
    low, high = (known.loc[known["better_share"].astype(float).agg(end)] for end in ("idxmin", "idxmax"))
    beside = [_both(frame, row) for row in ([low] if len(known) == 1 else [low, high])]
    return f"Better at a second reading, with 95% intervals: {'; '.join(beside)}. {limits}"


def _both(frame: pd.DataFrame, row: pd.Series) -> str:
    other = frame[(frame["reading"] == row["reading"]) & (frame["group"] == NEVER)]
    beside = "of nobody who was never referred are there two readings"
    if len(other):
        beside = f"{percent(other['better_share'].iloc[0])} of those never referred"
        beside += f", a difference of {row['apart']} percentage points" if row["apart"] else ""
    return (
        f"{row['reading']} {percent(row['better_share'])} ({percent(row['better_share_lower'])} to "
        f"{percent(row['better_share_upper'])}) of {count(row['paired'])} referred, {beside}"
    )
