"""Sentences on early cancer diagnosis: uptake of screening, urgent referrals, what came of them, FIT and stage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.released import may_name_practices, of_released, who
from pcn_analysis.words import NOT_ASSESSED, NOT_SHOWN, count, listed, number, percent, within_sentence

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

REFERRED = "Urgently referred with suspected cancer in 12 months"
PATHWAY = ("Conversion", "Detection", "Lower gastrointestinal", "Stage")
"""How the names of measures begin that tell what came of a referral."""


@of_released
def cancer_screening(table: ReleasedTable) -> str:
    """Read the network's uptake of each programme, and which practices lie beyond their limits."""
    frame, about = table.frame[table.frame["part"] == "screening"], table.about
    if frame.empty:
        return f"Whether people {who(about)} were screened in time is not known: no record says so of anybody."
    first = frame.drop_duplicates("measure")
    each = [f"{row.measure[:1].lower()}{row.measure[1:]} {percent(row.baseline)}" for row in first.itertuples()]
    text = f"Of people {who(about)} on {about.day()} and of the age, screened in time: {listed(each)}. "
    return (
        f"{text}{_beyond(table, frame)}{_chance(frame)}Whoever declined counts as not screened. Women of whom another "
        f"sex, or none, is recorded are not counted for cervical and breast screening; who has no cervix is not known."
    )


def _chance(frame: pd.DataFrame) -> str:
    """Whether limits are those of chance alone."""
    if frame["tau2"].notna().any():
        return "The table has wider limits as well, which allow for practices differing more than by chance. "
    return (
        f"Whether practices differ more than by chance is not estimated from "
        f"{number(int(frame['practices'].max()), 'practice')}, so that limits are those of chance alone. "
    )


def _beyond(table: ReleasedTable, frame: pd.DataFrame) -> str:
    """Practices beyond the wider limits, by name where they may be named."""
    apart = frame[frame["position"].fillna("").str.contains("99.8", regex=False)]
    if apart.empty:
        return "No practice lies beyond its 99.8% limits. "
    if not may_name_practices(table):
        return f"Beyond 99.8% limits: {number(len(apart), 'value')} of {len(frame)}. "
    told = [f"{row.practice_name} ({_short(row.measure)}, {str(row.position).split(maxsplit=1)[0]})"
            for row in apart.itertuples()]  # fmt: skip
    return f"Beyond 99.8% limits: {listed(told)}. "


def _short(measure: str) -> str:
    """What a measure is called before anything follows, within a sentence."""
    return within_sentence(re.split("[:,]", measure)[0])


@of_released
def cancer_pathway_funnels(table: ReleasedTable) -> str:
    """Read which practices lie beyond their limits in what came of referrals, how many are not shown, and what it says.

    A practice whose number is not shown is not in the share that the others are held against.
    """
    frame = table.frame[table.frame["part"] == "urgent referrals"]
    if frame.empty:
        return f"What came of urgent referrals of people {who(table.about)} is not known by practice."
    known, hidden = frame[frame["share"].notna()], int(frame["percentage"].eq(NOT_SHOWN).sum())
    if known.empty:
        return f"What came of urgent referrals of people {who(table.about)} is {NOT_SHOWN} by practice: too few."
    names = [_short(name) for name in dict.fromkeys(known["measure"])]
    near = int(known["position"].str.contains("the 95%", regex=False).sum())
    text = (
        f"Among people {who(table.about)}, each practice is held against all together in {listed(names)}. "
        f"{_beyond(table, known)}Between 95% and 99.8% limits: {number(near, 'value')} of {len(known)}; by chance "
        f"about 1 in 20 lies beyond 95%. "
    )
    if hidden:
        text += (
            f"{number(hidden, 'value')} of {len(frame)} {'is' if hidden == 1 else 'are'} {NOT_SHOWN} and left out "
            f"of the share of all practices, which may thus lie too high. "
        )
    return (
        f"{text}{_chance(frame)}Counts are rounded, so that a small practice close to a limit may lie on its other "
        f"side. A conversion rate has no good direction: a low one may come of referring widely, a high one of "
        f"referring seldom or late, and both ask for a look."
    )


@of_released
def cancer_referrals(table: ReleasedTable) -> str:
    """Read the crude rate of urgent referrals, how many practices differ, and why it is not standardised."""
    about, frame = table.about, table.frame
    if frame.empty:
        return f"How many people {who(about)} were referred urgently with suspected cancer is not known."
    row = frame.iloc[0]
    if pd.isna(row["rate"]):
        return f"How many people {who(about)} were referred urgently with suspected cancer is {NOT_SHOWN}: too few."
    apart = frame["position"].fillna("").str.startswith(("above", "below"))
    text = (
        f"{number(row['people'], 'person', 'people')} {who(about)} were referred urgently with suspected cancer in 12 "
        f"months: {count(row['rate'])} for each 100,000 (95% limits {count(row['lower_95'])} to "
        f"{count(row['upper_95'])}). {number(int(apart.sum()), 'practice')} of {len(frame) - 1} "
        f"{'lies' if apart.sum() == 1 else 'lie'} beyond the limits of chance at 95%. "
    )
    return (
        f"{text}The rate is crude: what would be expected of people of these ages is not known, as national rates by "
        f"age and sex are not held, so that an older practice refers more of most."
    )


@of_released
def cancer_pathways(table: ReleasedTable) -> str:
    """Read conversion, detection, FIT and stage, each with its limits and what is asked for, where that is known."""
    rows = table.frame[table.frame["measure"].str.startswith(PATHWAY)]
    known, lacking = rows[rows["status"] != NOT_ASSESSED], rows[rows["status"] == NOT_ASSESSED]
    told = []
    for row in known.itertuples():
        if pd.isna(row.share):
            told.append(f"{row.measure}: {NOT_SHOWN}")
            continue
        asked = f"; asked for: {percent(row.target)}, {row.target_standing}" if pd.notna(row.target) else ""
        limits = f"{percent(row.share_lower)} to {percent(row.share_upper)}"
        told.append(f"{row.measure}: {percent(row.share)} of {count(row.of)} ({limits}{asked})")
    text = f"{'. '.join(told)}. " if told else ""
    if len(lacking):
        text += f"Not known from these records: {listed(lacking['measure'].to_list())}. "
    return f"{text}A cancer follows a referral here by dates alone; 75% at stage 1 or 2 is an ambition for 2028."
