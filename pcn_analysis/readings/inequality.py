"""Sentences on inequality: whom to reach, for whom measures are worse, ethnicity and how it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.released import may_name_practices, of_released, who
from pcn_analysis.words import NOT_KNOWN, count, listed, number, percent, within_sentence

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

NAMED = 4
"""How many measures a sentence names; the table has all."""
NOT_STATED = "not stated"
NO_FIFTHS = "Not shown: the records do not say where people live, or no measure could be assessed."
CHANCE = 20
"""Of as many measures without any difference about one has limits that leave out none, by chance."""


@of_released
def core20plus(table: ReleasedTable) -> str:
    """Read how many adults are in Core20 or a PLUS group, and which groups could not be assessed."""
    frame, about = table.frame, table.about
    everyone = frame["of"].dropna()
    if everyone.empty:
        return f"How many people {who(about)} are in Core20 or a PLUS group is not known or not shown."
    text = f"{number(everyone.iloc[0], 'adult')} {who(about)} on {about.day()} are in Core20 or a PLUS group: "
    known = frame.dropna(subset=["people"])
    text += listed([f"{within(row.reason)} {count(row.people)}" for row in known.itertuples()]) + ". "
    text += "One person can be in several. Which PLUS groups count is a local choice. "
    lacking = frame.loc[frame["status"] != "assessed", ["reason", "missing"]]
    told = [f"{within(row.reason)} ({_some(row.missing)})" for row in lacking.itertuples() if row.missing]
    return f"{text}Not assessed in full: {listed(told)}." if told else text.rstrip()


def _some(missing: str) -> str:
    """The first of what is missing; the table has all."""
    each = missing.split("; ")
    return missing if len(each) <= NAMED + 1 else f"{'; '.join(each[:NAMED])} and {len(each) - NAMED} more"


def within(reason: str) -> str:
    """A group's name inside a sentence: Core20 and PLUS keep their letters."""
    return reason if reason.startswith(("Core20", "PLUS")) else within_sentence(reason)


@of_released
def measures_by_fifth(table: ReleasedTable) -> str:
    """Read how many measures are told by fifth of deprivation, and of how many a fifth is not."""
    frame = table.frame
    if frame.empty:
        return NO_FIFTHS
    measures = frame.groupby(["service", "measure"], sort=False)["share"]
    hidden = int(measures.apply(lambda shares: shares.isna().any()).sum())
    said = (
        f"{number(measures.ngroups, 'measure')} of {number(frame['service'].nunique(), 'service')}, by national fifth "
        "of deprivation of the areas where people live."
    )
    return f"{said} Of {count(hidden)} of them a fifth has nobody or too few people to show." if hidden else said


@of_released
def inequality(table: ReleasedTable) -> str:
    """Read for how many measures limits tell a difference by deprivation, for whom it is worse, and what is hidden."""
    frame = table.frame
    told = frame[frame["sii_lower"].notna()]
    if frame.empty:
        return NO_FIFTHS
    if told.empty:
        return "For no measure are enough people shown in every fifth of deprivation to tell whether they differ."
    worse = told[told["worse_for"] == "the most deprived"]
    better = told[told["worse_for"] == "the least deprived"]
    parts = [f"{row.measure} ({_points(row.sii)})" for row in worse.reindex(_largest(worse)).itertuples()]
    text = f"Of {number(len(told), 'measure')} with limits, {len(worse)} are worse for the most deprived"
    text += f": {listed(parts[:NAMED])}" if parts else ""
    text += f"; {len(better)} for the least deprived"
    text += f": {listed(better['measure'].to_list()[:NAMED])}. " if len(better) else ". "
    text += f"Of {len(told) - len(worse) - len(better)} no such difference can be told. "
    if len(told) >= CHANCE:
        text += f"By chance alone about one in {CHANCE} would seem to differ. "
    hidden = len(frame) - len(told)
    text += f"For {number(hidden, 'measure')} a fifth or its limits are not shown. " if hidden else ""
    return f"{text}Ages differ between areas, and shares are not standardised."


def _largest(rows: pd.DataFrame) -> pd.Index:
    return rows["sii"].astype(float).abs().sort_values(ascending=False, kind="stable").index


def _points(value: float) -> str:
    return f"{abs(value):.0f} percentage points from one end to the other"


@of_released
def ethnicity_recording(table: ReleasedTable) -> str:
    """Read of how many people the ethnic group is not known and how many did not state it, and the practices' range."""
    frame = table.frame
    if not len(frame):
        return "The records hold no ethnic groups: how they are recorded is not known."
    parts = []
    for how in (NOT_KNOWN, NOT_STATED):
        rows = frame[(frame["ethnicity_recorded"] == how) & (frame["practice_name"] != NOT_KNOWN)]
        known = rows.dropna(subset=["share"]).sort_values("share", kind="stable")
        if known.empty:
            parts.append(f"how often it is {how} is not shown")
            continue
        low, high = known.iloc[0], known.iloc[-1]
        names = may_name_practices(table)
        ends = [f"{percent(row['share'])}{' (' + row['practice_name'] + ')' if names else ''}" for row in (low, high)]
        parts.append(
            f"the ethnic group is {how} of {ends[0]}" if len(known) == 1
            else f"the share of whom it is {how} runs from {ends[0]} to {ends[1]} between practices"
        )  # fmt: skip
    text = "; ".join(parts)
    return (
        f"{text[0].upper()}{text[1:]}. Not stated is an answer that somebody gave; not known is a question that is "
        "still to be asked."
    )


@of_released
def measures_by_ethnicity(table: ReleasedTable) -> str:
    """Read the groups with the lowest and highest share of each measure, and what cannot be compared."""
    frame = table.frame[~table.frame["ethnic_group"].isin([NOT_KNOWN, NOT_STATED])]
    if frame.empty:
        return (
            "How measures differ between ethnic groups is not known: no group is recorded, or no measure was assessed."
        )
    parts, few = [], []
    for _, rows in frame.groupby(["service", "measure"], sort=False):
        known = rows.dropna(subset=["share"]).sort_values("share", kind="stable")
        if len(known) < 2:  # noqa: PLR2004 - nothing to compare
            few.append(rows["measure"].iloc[0])
            continue
        low, high = known.iloc[0], known.iloc[-1]
        apart = bool(low["share_upper"] < high["share_lower"])
        parts.append(
            f"{rows['measure'].iloc[0]}, from {percent(low['share'])} ({low['ethnic_group']}) to "
            f"{percent(high['share'])} ({high['ethnic_group']}{'' if apart else '; intervals overlap'})"
        )
    text = f"By ethnic group: {'; '.join(parts)}. " if parts else ""
    text += f"Too few people are shown to compare groups: {listed(few)}. " if few else ""
    return f"{text}Ages differ between groups; who did not state a group, or of whom it is not known, is apart."
