"""Sentences on proactive care: how many people would be offered it, who they are, and what makes them frail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.groups import ends, practices
from pcn_analysis.readings.released import may_name_practices, of_released, who
from pcn_analysis.thresholds import FRAILTY_DEFICITS
from pcn_analysis.words import NOT_ASSESSED, count, listed, number, percent, within_sentence

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

PARTLY = "partly assessed"


@of_released
def proactive_care(attrition: ReleasedTable, severity: ReleasedTable, monthly_capacity: int) -> str:
    """Read how many would be offered proactive care, and how long a team of stated capacity would need."""
    frame, about, lacking = attrition.frame, attrition.about, _lacking(attrition.frame)
    last = frame.iloc[-1]
    if pd.isna(last["patients"]):
        return f"How many people {who(about)} would be offered proactive care is not shown: too few.{lacking}"
    if last["patients"] == 0:
        return f"Nobody {who(about)} was found who {OFFERED} on {about.day()}.{lacking}"
    first = severity.frame.iloc[0]
    severe = f"those with {first['frailty']} frailty"
    text = f"{number(last['patients'], 'person', 'people')} {who(about)} {OFFERED} on {about.day()}"
    text += f"; how many have {first['frailty']} frailty is not shown. " if pd.isna(first["patients"]) else (
        f", {count(first['patients'])} of them with {first['frailty']} frailty. "
    )  # fmt: skip
    unknown = frame.loc[frame["step"].str.contains("frailty"), "not_known"].max()
    if pd.notna(unknown) and unknown > 0:
        text += f"Of {number(unknown, 'person', 'people')} who came to that step frailty is not recorded. "
    months = [_months(value, monthly_capacity) for value in (first["patients"], last["patients"])]
    parts = [f"{severe} take {months[0]}"] if months[0] else []
    parts += [f"all of them {'' if parts else 'take '}{months[1]}"]
    return (
        f"{text}At {count(monthly_capacity)} assessments a month, {listed(parts)}, if each is assessed once, all "
        f"accept and nobody becomes frail meanwhile.{lacking}"
    )


def _lacking(frame: pd.DataFrame) -> str:
    """Which steps these records answer in part or not at all, and what follows."""
    partly, never = (frame.loc[frame["status"] == status, "step"].to_list() for status in (PARTLY, NOT_ASSESSED))
    told = f" Assessed in part only: {_steps(partly)}; there may be more such people than are found." if partly else ""
    return told + (f" Not assessed, so that nobody is left out for it: {_steps(never)}." if never else "")


def _steps(names: list[str]) -> str:
    return listed([within_sentence(name) for name in names])


def _months(people: Any, monthly_capacity: int) -> str:
    return "" if pd.isna(people) else number(-(-int(people) // monthly_capacity), "month")


def _of_nobody(frame: pd.DataFrame) -> bool:
    return len(frame) > 0 and bool((frame["patients"] == 0).fillna(False).all())


OFFERED = "would be offered proactive care"
NOBODY = f"Not shown: nobody was found who {OFFERED}."


@of_released
def reach_by_age(by_age: ReleasedTable) -> str:
    """Read the oldest women and men, the age at which most would be offered care."""
    if by_age.frame.empty:
        return NOBODY
    named = by_age.frame[by_age.frame["sex"].isin(list(_SEXES))]
    if named.empty:
        return "Not shown for women and men: the records do not say who is which."
    oldest = named[named["age_group"] == named["age_group"].iloc[-1]]
    known = oldest[oldest["registered"].fillna(1) > 0]
    parts = [f"{percent(row.share)} of {_SEXES[row.sex]}" for row in known.itertuples()]
    age = oldest["age_group"].iloc[0]
    return f"Of people aged {age}, {listed(parts)} {OFFERED}." if parts else f"Nobody aged {age} is registered."


_SEXES = {"female": "women", "male": "men"}


@of_released
def reach_by_deprivation(by_deprivation: ReleasedTable) -> str:
    """Read the share of older people who would be offered care in the most against the least deprived fifth."""
    if _of_nobody(by_deprivation.frame):
        return NOBODY
    return ends(by_deprivation.frame.set_index("deprivation_fifth"), "people of 65 and over", OFFERED)


@of_released
def reach_by_practice(by_practice: ReleasedTable) -> str:
    """Read the practices where the highest and the lowest share of older people would be offered care."""
    if _of_nobody(by_practice.frame):
        return NOBODY
    return practices(by_practice.frame, f"of 65 and over who {OFFERED}", named=may_name_practices(by_practice))


@of_released
def commonest_reasons(table: ReleasedTable, not_assessed: ReleasedTable) -> str:
    """Read the three commonest deficits, and which of the 36 could not be assessed."""
    parts = [f"{row.element.lower()} ({percent(row.share)})" for row in table.frame.head(3).itertuples()]
    text = f"The commonest deficits of those who would be offered care are {listed(parts)}. " if parts else ""
    missing = not_assessed.frame["deficit"].str.lower().to_list()
    if len(missing) == FRAILTY_DEFICITS:
        return "Reasons not known: the source gives a score only."
    if not missing:
        return f"{text}All {FRAILTY_DEFICITS} deficits of the index could be assessed."
    return (
        f"{text}{number(len(missing), 'deficit')} of {FRAILTY_DEFICITS} could not be assessed ({listed(missing)}), so "
        f"fewer people are found frail than are."
    )
