"""Sentences on who people are before any model: their ages and sexes, and how often they were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.released import of_released, who
from pcn_analysis.words import count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@of_released
def people(table: ReleasedTable) -> str:
    """Read how many people there are, the share of each sex, the share of 65 or over and the largest age group."""
    about, frame = table.about, table.frame
    if frame.empty:
        return f"Nobody is {who(about)} on {about.day()}."
    total = frame.iloc[0]
    if pd.isna(total["patients"]):
        return f"How many people are {who(about)} on {about.day()} is not shown: too few."
    ages = frame[frame["sex"] == total["sex"]].iloc[1:]
    text = f"{number(total['patients'], 'person', 'people')} are {who(about)} on {about.day()}: "
    text += f"{_sexes(frame[frame['age_group'] == total['age_group']].iloc[1:])}. "
    text += f"{percent(ages.iloc[-1]['share'])} are {ages.iloc[-1]['age_group']}"
    groups = ages.iloc[:-1].dropna(subset=["share"])
    if groups.empty:
        return f"{text}."
    largest = groups.loc[groups["share"].astype(float).idxmax()]
    return f"{text}; the largest age group is {largest['age_group']} ({percent(largest['share'])})."


def _sexes(totals: pd.DataFrame) -> str:
    """The share of each sex that there is, and of how many it is not known."""
    known = totals[totals["sex"].isin(["female", "male"])]
    if known.empty:
        return "the records do not say who is female and who is male"
    text = listed([f"{percent(row.share)} {row.sex}" for row in known.itertuples()])
    rest = totals.drop(index=known.index)
    return text if rest.empty else f"{text}; sex is {rest['sex'].iloc[0]} of {_how_many(rest.iloc[0])}"


def _how_many(row: Any) -> str:
    return (
        "a few, too few to show" if pd.isna(row["patients"]) else f"{count(row['patients'])} ({percent(row['share'])})"
    )


@of_released
def contacts(table: ReleasedTable) -> str:
    """Read how many people had each kind of contact, how often, and which kinds the records do not hold."""
    about, frame = table.about, table.frame
    if frame.empty:
        return f"How often people were seen before {about.day()} is not in these records."
    known, absent = frame[frame["recorded"]], frame[~frame["recorded"]]
    first, *others = known.itertuples()
    parts = [f"{percent(first.share)} of these people had {_one(first.contact)} ({_rate(first)} per 1,000 people)"]
    parts += [f"{percent(row.share)} {_one(row.contact)} ({_rate(row)})" for row in others]
    text = f"In the 12 months before {about.day()}, {listed(parts)}."
    partly = known[known["not_known"].isna() | (known["not_known"] > 0).fillna(False)]
    if len(partly):
        text += f" Known of some people only, of whom these are shares: {_listed(partly)}."
    return f"{text} Not in these records, and so not known: {_listed(absent)}." if len(absent) else text


def _one(contact: str) -> str:
    words = _inside(contact)
    return f"{'an' if words[0].lower() in 'aeiou' else 'a'} {words}"


def _inside(contact: str) -> str:
    """The name of a contact inside a sentence: abbreviations keep their capitals."""
    return contact if contact.split(maxsplit=1)[0].isupper() else contact[0].lower() + contact[1:]


def _rate(row: Any) -> str:
    return count(row.contacts_each * 1000)


def _listed(rows: pd.DataFrame) -> str:
    return listed([_inside(contact) for contact in rows["contact"]])
