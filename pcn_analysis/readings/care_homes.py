"""Sentences on care homes: who lives there, whether plans are in time, rounds, admissions, alignment and premium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.released import of_released, who
from pcn_analysis.words import count, listed, number, percent, within_sentence

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

AGREE = "a stay and a flag"


@of_released
def care_home_residents(recorded: ReleasedTable, alignment: ReleasedTable) -> str:
    """Read how residents are recorded, and in whose homes they live."""
    frame, about = recorded.frame, recorded.about
    if frame.empty:
        return _aligned(alignment.frame) + "Only one of stays and flags is in the records: nothing can disagree."
    total = frame["of"].iloc[0]
    text = f"{number(total, 'resident')} {who(about)} are known on {about.day()}. "
    apart = frame[frame["recorded_as"] != AGREE]
    told = [f"{row.recorded_as}: {count(row.people)}" for row in apart.itertuples()]
    agree = bool(apart["people"].eq(0).fillna(False).all())
    text += "Stays and flags agree. " if agree else f"Where the records disagree both are taken; {listed(told)}. "
    return text + _aligned(alignment.frame).strip()


def _aligned(frame: pd.DataFrame) -> str:
    if frame.empty:
        return "Which homes there are is not known. "
    each = [f"{_place(row.aligned)} {count(row.people)}" for row in frame.itertuples()]
    return f"Residents by home: {listed(each)}. "


def _place(aligned: str) -> str:
    return "home not known" if aligned == "not known" else f"aligned to {aligned}"


@of_released
def care_home_timeliness(table: ReleasedTable) -> str:
    """Read how many plans and assessments were in time, of those that came due."""
    frame = table.frame
    if frame.empty:
        return "Whether plans and assessments were in time is not known: the records have no stays, or neither of them."
    days = int(frame["working_days"].iloc[0])
    each = [_in_time(row) for _, row in frame.iterrows()]
    return (
        f"Of {number(frame['stays'].iloc[0], 'stay')} begun in the 12 months before {table.about.day()}: "
        f"{'; '.join(each)}. Each stay counts anew, a return from hospital too; what is due within {days} working days "
        f"of England is in time on the last of them. What is not recorded may have been done."
    )


def _in_time(row: pd.Series) -> str:
    thing = within_sentence(row["thing"])
    if pd.isna(row["share"]):
        return f"how many had a {thing} in time is not shown"
    limits = f"{percent(row['share_lower'])} to {percent(row['share_upper'])}"
    return (
        f"{thing} in time {percent(row['share'])} ({limits}) of {count(row['came_due'])} that came due, "
        f"{count(row['late'])} late, {count(row['overdue'])} not recorded"
    )


@of_released
def care_home_rounds(table: ReleasedTable) -> str:
    """Read how many residents and homes the rounds of the last weeks saw."""
    frame = table.frame
    if frame.empty:
        return "Whom rounds saw is not known: the records have no rounds, or no stays."
    low, high = frame["share"].min(), frame["share"].max()
    homes = frame["homes"].max()
    weeks = int((frame["homes_seen"] == homes).sum())
    seen = "is not shown" if pd.isna(low) else (
        f"was {percent(low)}" if low == high else f"was between {percent(low)} and {percent(high)}"
    )  # fmt: skip
    return (
        f"The share of residents whom a round saw {seen} in each of the last {len(frame)} weeks. In "
        f"{weeks or 'none'} of these weeks somebody was seen in every one of the {number(homes, 'home')} aligned to "
        f"this network in which they live. A round need not see every resident."
    )


@of_released
def care_home_admissions(table: ReleasedTable) -> str:
    """Read the emergency admissions from homes for each 100 resident-years."""
    row = table.frame.iloc[0]
    if row["missing"]:
        return f"Emergency admissions from care homes are not known: the records lack {row['missing']}."
    if pd.isna(row["rate"]):
        return "The rate of emergency admissions from care homes is not shown: too few."
    return (
        f"{number(row['admissions'], 'emergency admission')} from care homes in {row['months']} months, in "
        f"{count(row['resident_years'])} years that residents lived there: {row['rate']:.0f} for each 100 "
        f"resident-years ({row['lower']:.0f} to {row['upper']:.0f}). The limits take admissions for independent; "
        f"several of one resident are not, so that they are too narrow."
    )


@of_released
def care_home_premium(table: ReleasedTable) -> str:
    """Read what the premium of the year comes to, or of the last year of which the payment is known."""
    frame = table.frame
    asked = frame[frame["asked"]].iloc[0]
    if pd.isna(asked["beds"]):
        return "The care home premium is not known: no homes were delivered with the records."
    known = frame[(frame["contract_year"] <= asked["contract_year"]) & frame["payment"].notna()]
    last, text = known.iloc[-1], ""
    if last["contract_year"] != asked["contract_year"]:
        text = f"The care home premium of {asked['contract_year']} is not known. "
    sure = "" if last["standing"] == "published" else f" ({last['standing']})"
    return (
        f"{text}At £{last['payment']:,.2f} a bed, as in {last['contract_year']}{sure}, the {count(asked['beds'])} beds "
        f"of {number(asked['homes'], 'home')} aligned today come to £{last['entitlement']:,.0f} a year."
    )
