"""Sentences on all service specifications: whom they are for, what they measure, what is open, what is assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.released import of_released, who
from pcn_analysis.thresholds import SMALLEST_SHOWN
from pcn_analysis.words import NOT_ASSESSED, count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

PUBLISHED = "published"
MOST = 3
"""How many of the largest things are named."""


@of_released
def services(table: ReleasedTable) -> str:
    """Read which service is for most people, in which contract year, and whose cohort is not known."""
    frame, about = table.frame, table.about
    year = frame["contract_year"].iloc[0]
    known = frame.dropna(subset=["people"]).sort_values("people", ascending=False, kind="stable")
    known = known[known["people"] > 0]
    text = f"Of people {who(about)} on {about.day()}, contract year {year}: "
    if known.empty:
        text = f"Of nobody {who(about)} on {about.day()} it can be shown which service they are for. "
    else:
        each = [
            f"{row.service.lower()} is for {count(row.people)} ({percent(row.share)})" for row in known.itertuples()
        ]
        text += f"{listed(each[:MOST])}. One person can be in several. "
    lacking = frame.loc[frame["status"] == NOT_ASSESSED, "service"].to_list()
    text += f"Not known from these records: {listed(lacking)}. " if lacking else ""
    assumed = frame.loc[frame["in_force"] != PUBLISHED, "service"].to_list()
    if assumed:
        which = "every one of them" if len(assumed) == len(frame) else listed([one.lower() for one in assumed])
        text += f"That the specification held in {year} is assumed for {which}."
    return text.rstrip()


@of_released
def service_measures(table: ReleasedTable) -> str:
    """Read which measures fall clearly short of what is asked for, and how many could not be assessed."""
    frame = table.frame
    assessed = frame[frame["status"] != NOT_ASSESSED]
    asked = assessed.dropna(subset=["target", "share"])
    short = asked[asked["share_upper"].astype(float) < asked["target"].astype(float)]
    parts = [
        f"{row.measure} ({percent(row.share)} of {percent(row.target)}{_how_sure(row.target_standing)})"
        for row in short.itertuples()
    ]
    if len(asked):
        text = f"Clearly below what is asked for: {listed(parts)}. " if parts else (
            f"None of the {number(len(asked), 'measure')} with a number to reach is clearly below it. "
        )  # fmt: skip
    else:
        text = "For no measure that could be shown is a number asked for. "
    lacking = len(frame) - len(assessed)
    if lacking:
        text += f"{lacking} of {number(len(frame), 'measure')} could not be assessed; the table says what is missing."
    return text.rstrip()


def _how_sure(standing: str) -> str:
    return "" if standing == PUBLISHED else f", {standing}"


@of_released
def service_work(gaps: ReleasedTable, work: ReleasedTable) -> str:
    """Read the commonest open gaps and how many hours closing all of them takes, by role."""
    known = gaps.frame.dropna(subset=["people"])
    first = known[known["people"] > 0].sort_values("people", ascending=False, kind="stable").head(MOST)
    parts = [f"“{row.gap}” ({count(row.people)} people)" for row in first.itertuples()]
    text = f"The commonest open gaps are {listed(parts)}. " if parts else "Of no gap is a number shown. "
    hours = work.frame.dropna(subset=["hours"]).groupby("role", sort=False)["hours"].sum()
    hours = hours[hours > 0].sort_values(ascending=False, kind="stable")
    if len(hours):
        told = listed([f"{role} {_hours(taken)}" for role, taken in hours.items()])
        text += f"Closing every one of them once would take {_hours(hours.sum())}: {told}. "
    lacking = work.frame.loc[work.frame["hours"].isna() & (work.frame["status"] != NOT_ASSESSED), "task"].to_list()
    text += (
        f"Without hours (fewer than {SMALLEST_SHOWN} people, or minutes not known): {listed(lacking)}. "
        if lacking
        else ""
    )
    text += "How long a piece of work takes is our choice where the table says so. A gap is a question, not a finding. "
    return f"{text}Whose they are is written for each practice by `pcn-analysis list --of service --service NAME`."


def _hours(value: Any) -> str:
    return "not shown" if pd.isna(value) else f"{value:,.0f} hours"


@of_released
def service_assumptions(table: ReleasedTable) -> str:
    """Read how many clauses are not published for the contract year, by what they are."""
    frame = table.frame
    if frame.empty:
        return "Every clause, threshold and payment of these services is published for this contract year."
    kinds = frame["standing"].str.replace(r"^carried over from .*", "carried over from an earlier year", regex=True)
    told = listed([f"{how_many} {kind}" for kind, how_many in kinds.value_counts().items()])
    return (
        f"{number(len(frame), 'clause')} of these services {'is' if len(frame) == 1 else 'are'} an assumption for this "
        f"contract year: {told}. What rests on one is to be checked against the contract before it is relied on."
    )
