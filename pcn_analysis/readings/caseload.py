"""Sentences on the caseload of a month: who has a slot, what is open, whether it is fair, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.released import of_released, who
from pcn_analysis.words import NOT_ASSESSED, NOT_KNOWN, count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

AS_RANKED = "as ranked"
"""The list of those who were not put on it for the sake of a floor."""
PRISMATIC = (
    "Risk is no part of the order: in PRISMATIC, a trial in 32 Welsh practices, showing practices the risks of their "
    "patients led to more emergency admissions, not fewer."
)


@of_released
def slots_of_month(steps: ReleasedTable, by_professional: ReleasedTable) -> str:
    """Read how many of a cohort have an open care gap, and how many of them a slot with whom."""
    row, about, frame = steps.frame.iloc[0], steps.about, by_professional.frame
    if row["status"] == NOT_ASSESSED:
        return (
            f"Of {number(row['in_cohort'], 'person', 'people')} {who(about)} who are in the cohort “{row['cohort']}” "
            f"on {about.day()} it is not known who has an open care gap: none could be assessed. {PRISMATIC}"
        )
    text = (
        f"Of {number(row['in_cohort'], 'person', 'people')} {who(about)} who are in the cohort “{row['cohort']}” on "
        f"{about.day()}, {count(row['in_line'])} have an open care gap; {count(row['reached'])} of them "
        f"({percent(row['reach'])}) would have one of the {number(row['slots'], 'slot')} of the month. {row['said']} "
    )
    none = frame.loc[frame["patients"].eq(0).fillna(False), "professional"].to_list()
    text += f"Nobody would see: {listed(none)}. " if none else ""
    return f"{text}{PRISMATIC}"


@of_released
def care_gaps(table: ReleasedTable) -> str:
    """Read the commonest open care gaps, how many of those with each have a slot, and what was not assessed."""
    frame = table.frame
    known = frame.dropna(subset=["in_line"])
    first = known[known["in_line"] > 0].sort_values("in_line", ascending=False, kind="stable").head(3)
    parts = [f"“{row.gap}” ({count(row.in_line)}, with a slot: {percent(row.reach)})" for row in first.itertuples()]
    text = f"The commonest open care gaps are {listed(parts)}. " if parts else "Of no care gap is a number shown. "
    lacking = [f"“{name}”" for name in frame.loc[frame["status"] == NOT_ASSESSED, "gap"]]
    return f"{text}{f'Not assessed: {listed(lacking)}.' if lacking else ''}".rstrip()


@of_released
def rests_on(table: ReleasedTable) -> str:
    """Read how many stay on the list when one number of the objective is changed, and which matters most."""
    known = table.frame.dropna(subset=["share"])
    if known.empty:
        return "How much the list rests on each number of ours is not shown: too few."
    least = known.loc[known["share"].astype(float).idxmin()]
    if least["share"] == 1:
        return "Whichever number of ours is halved or doubled, the same number of people stay on the list."
    return (
        f"Each number of ours halved or doubled alone, {percent(least['share'])} to {percent(known['share'].max())} of "
        f"those with a slot keep it. Most rests on: {least['number']}, “{least['name']}” ({least['change']})."
    )


@of_released
def reached_fairly(reach: ReleasedTable, price: ReleasedTable) -> str:
    """Read reach ÷ need in the most and the least deprived fifth as ranked, and what floors would change."""
    frame, row = reach.frame, price.frame.iloc[0]
    shown = frame[(frame["list"] == AS_RANKED) & (frame["deprivation_fifth"] != NOT_KNOWN)].dropna(subset=["reach"])
    shown = shown[(shown["overall"] > 0).fillna(False)]
    if shown.empty:
        return "Whether fifths of deprivation are reached alike is not shown: too few, or no slot is used."
    ends = [shown.iloc[place] for place in ([0] if len(shown) == 1 else [0, -1])]
    parts = [f"the {one['deprivation_fifth']} fifth {_times(one)}" for one in ends]
    apart = [f"the {one.deprivation_fifth} ({one.reach_compared})" for one in shown.itertuples()
             if one.reach_compared in ("higher", "lower")]  # fmt: skip
    text = f"Reach ÷ need as ranked (1 is as often as everyone in line): {' and '.join(parts)}. "
    text += f"Clearly apart from everyone: {listed(apart)}. " if apart else "No fifth is clearly apart from everyone. "
    return text + _exchanged(row)


def _times(row: pd.Series) -> str:
    value, low, high = (float(row[f"reach{end}"] / row["overall"]) for end in ("", "_lower", "_upper"))
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def _exchanged(row: pd.Series) -> str:
    whom, kept = "fewer than 8 people", ""
    if pd.notna(row["exchanged"]):
        if row["exchanged"] == 0:
            return "Floors, which give each fifth its share of the slots, would exchange nobody."
        whom = number(row["exchanged"], "person", "people")
    if pd.notna(row["objective_kept"]):
        kept = f"; {row['objective_kept']:.0%} of the scores on the list would stay"
    of = count(row["on_list"])
    return f"Floors, which give each fifth its share of the slots, would exchange {whom} of {of}{kept}."
