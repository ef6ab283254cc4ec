"""Sentences on structured medication reviews: groups, who was reviewed, overlap, and hours of pharmacists."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.released import of_released, who
from pcn_analysis.thresholds import SMALLEST_SHOWN
from pcn_analysis.words import NOT_ASSESSED, count, listed, number, percent, within_sentence

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

ONE, PAIR = "1 group", "pair"
ALL_YEAR = 52
"""Weeks of a year."""


@of_released
def medication_review_groups(groups: ReleasedTable, overlap: ReleasedTable) -> str:
    """Read the largest group, where fewest were reviewed, how many are in several groups, and what is not known."""
    frame, about = groups.frame, groups.about
    everyone = overlap.frame["of"].dropna()
    if everyone.empty:
        return f"It is not known who {who(about)} is in a priority group of structured medication reviews."
    text = f"{_people(everyone.iloc[0])} {who(about)} are in a priority group on {about.day()}. "
    known = frame.dropna(subset=["people"])
    known = known[known["people"] > 0]
    if len(known):
        most = known.loc[known["people"].astype(float).idxmax()]
        text += f"Most are in “{most['group']}” ({count(most['people'])}). "
    text += _fewest(known) + _several(overlap.frame)
    lacking = frame.loc[frame["status"] == NOT_ASSESSED, "group"].to_list()
    text += f"Not known who is in: {listed([within_sentence(name) for name in lacking])}. " if lacking else ""
    return text.rstrip()


def _fewest(known: pd.DataFrame) -> str:
    shared = known.dropna(subset=["share"])
    if shared.empty:
        return "How many of a group were reviewed in 12 months is not shown. "
    least = shared.loc[shared["share"].astype(float).idxmin()]
    most = shared.loc[shared["share"].astype(float).idxmax()]
    if least["group"] == most["group"]:
        return f"Reviewed in 12 months: {percent(least['share'])} of “{least['group']}”. "
    return (
        f"Reviewed in 12 months: from {percent(least['share'])} of “{least['group']}” to {percent(most['share'])} of "
        f"“{most['group']}”. "
    )


def _several(frame: pd.DataFrame) -> str:
    one = frame[frame["groups"] == ONE].dropna(subset=["share"])
    text = f"{percent(one['share'].iloc[0])} are in one group alone. " if len(one) else ""
    pairs = frame[(frame["kind"] == PAIR) & (frame["people"] > 0).fillna(False)]
    if len(pairs):
        first = pairs.loc[pairs["people"].astype(float).idxmax()]
        text += f"Most often together: {within_sentence(first['groups'])} ({count(first['people'])}). "
    return text


def _people(value: Any) -> str:
    return f"Fewer than {SMALLEST_SHOWN} people" if pd.isna(value) else number(value, "person", "people")


@of_released
def medication_review_hours(work: ReleasedTable, weekly_hours: int) -> str:
    """Read how many hours the reviews that are due take, and how many weeks that is with the hours that there are.

    Parameters
    ----------
    work
        What is released of the work of this service, with hours.
    weekly_hours
        Hours a week that clinical pharmacists have for reviews.
    """
    row = work.frame.iloc[0]
    if row["status"] == NOT_ASSESSED:
        return "How many reviews are due is not known: no review is in these records, or no group could be assessed."
    if pd.isna(row["people"]):
        return f"Fewer than {SMALLEST_SHOWN} people wait for a review; hours are not shown."
    if row["people"] == 0:
        return "Nobody in a priority group waits for a review."
    if pd.isna(row["hours"]):
        return f"{number(row['people'], 'person', 'people')} wait for a review; how long one takes is not known."
    text = (
        f"{number(row['people'], 'person', 'people')} wait for a review. At {row['minutes']:g} minutes each "
        f"({row['standing']}; the least that one should take) that is {row['hours']:,.0f} hours. "
    )
    if weekly_hours <= 0:
        return f"{text}No hours of pharmacists are given, so that nobody is seen."
    weeks = float(row["hours"]) / weekly_hours
    fits = "within" if weeks <= ALL_YEAR else "not within"
    return (
        f"{text}With {number(weekly_hours, 'hour')} a week, which the settings of this page say, it takes "
        f"{number(math.ceil(weeks), 'week')}: {fits} the year after which each is due again."
    )
