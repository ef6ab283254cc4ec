"""Sentences on the caseload of a month: who has a slot, what is open, whether it is fair, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.released import of_released, who
from pcn_analysis.thresholds import SMALLEST_SHOWN
from pcn_analysis.words import NOT_ASSESSED, NOT_KNOWN, count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

FEW = 3
"""How many care gaps are named that could not be assessed; of more it is said how many, and the table names them."""
NO_SLOT = "nobody has a slot"
ALIKE = "Whether fifths of deprivation are reached alike is not shown"
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
    if row["in_cohort"] == 0:
        return f"Nobody {who(about)} was found for the cohort “{row['cohort']}” on {about.day()}: no slot is used."
    if row["status"] == NOT_ASSESSED:
        return (
            f"Of {_people(row['in_cohort'])} {who(about)} who are in the cohort “{row['cohort']}” "
            f"on {about.day()} it is not known who has an open care gap: none could be assessed. {PRISMATIC}"
        )
    text = (
        f"Of {_people(row['in_cohort'])} {who(about)} who are in the cohort “{row['cohort']}” on "
        f"{about.day()}, {_told(row['in_line'])} have an open care gap; {_told(row['reached'])} of them"
        f"{_share(row['reach'])} would have one of the {number(row['slots'], 'slot')} of the month. {row['said']} "
    )
    if pd.isna(row["without_practice"]) or row["without_practice"]:
        text += f"{_people(row['without_practice']).capitalize()} in line, of no known practice, can be on no list. "
    none = frame.loc[frame["patients"].eq(0).fillna(False), "professional"].to_list()
    text += f"Nobody would see: {listed(none)}. " if 0 < len(none) < len(frame) else ""
    return f"{text}{PRISMATIC}"


def _told(value: Any) -> str:
    return f"fewer than {SMALLEST_SHOWN}" if pd.isna(value) else count(value)


def _people(value: Any) -> str:
    return f"{_told(value)} people" if pd.isna(value) else number(value, "person", "people")


def _share(value: Any) -> str:
    return "" if pd.isna(value) else f" ({percent(value)})"


@of_released
def care_gaps(table: ReleasedTable) -> str:
    """Read the commonest open care gaps, how many of those with each have a slot, and what was not assessed."""
    frame = table.frame
    known = frame.dropna(subset=["in_line"])
    first = known[known["in_line"] > 0].sort_values("in_line", ascending=False, kind="stable").head(3)
    parts = [f"“{row.gap}” ({count(row.in_line)}, with a slot: {percent(row.reach)})" for row in first.itertuples()]
    text = f"The commonest open care gaps are {listed(parts)}. " if parts else _no_gap(known)
    lacking = frame[frame["status"] == NOT_ASSESSED]
    if len(lacking) <= FEW:
        told = [f"“{row.gap}”{f' (missing: {row.missing})' if row.missing else ''}" for row in lacking.itertuples()]
        return f"{text}{f'Not assessed: {listed(told)}.' if told else ''}".rstrip()
    return (
        f"{text}{len(lacking)} of {len(frame)} care gaps could not be assessed, and are open for nobody here; the "
        f"table says what these records lack for each."
    )


def _no_gap(known: pd.DataFrame) -> str:
    if known.empty:
        return ""
    nobody = bool((known["in_line"] == 0).fillna(False).all())
    return f"{'No care gap that was assessed is open' if nobody else 'Of no care gap is a number shown'}. "


@of_released
def rests_on(table: ReleasedTable) -> str:
    """Read how many stay on the list when one number of the objective is changed, and which matters most."""
    known = table.frame.dropna(subset=["share"])
    if known.empty:
        nobody = bool((table.frame["on_list"] == 0).fillna(False).all())
        return f"How much the list rests on each number of ours is not shown: {NO_SLOT if nobody else 'too few'}."
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
    if row["on_list"] == 0:
        return f"{ALIKE}: {NO_SLOT}."
    shown = frame[(frame["list"] == AS_RANKED) & (frame["deprivation_fifth"] != NOT_KNOWN)].dropna(subset=["reach"])
    shown = shown[(shown["overall"] > 0).fillna(False)]
    if shown.empty:
        nowhere = frame["deprivation_fifth"].eq(NOT_KNOWN).all()
        return f"{ALIKE}: {'the records do not say where people live' if nowhere else 'too few'}."
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
    whom, kept = _people(None), ""
    if pd.notna(row["exchanged"]):
        if row["exchanged"] == 0:
            return "Floors, which give each fifth its share of the slots, would exchange nobody."
        whom = number(row["exchanged"], "person", "people")
    if pd.notna(row["objective_kept"]):
        kept = f"; {row['objective_kept']:.0%} of the scores on the list would stay"
    of = count(row["on_list"])
    return f"Floors, which give each fifth its share of the slots, would exchange {whom} of {of}{kept}."
