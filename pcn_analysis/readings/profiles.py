"""Sentences on profiles of segments: who is in them, what they live with, how often they are seen, what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.released import of_released
from pcn_analysis.words import count, listed, percent, within_sentence

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

MOST, EACH = 3, 2
"""Segments that a sentence names, and conditions of each."""
TIMES = 1.25
"""How many times as common as among everyone is worth a sentence."""


@of_released
def segment_ages(table: ReleasedTable) -> str:
    """Read in which segment people of 65 or over are commonest, against everyone, and of which its rule decides that.

    Segments whose own rule takes nobody under 65, or nobody older, are not compared.
    """
    frame = table.frame
    if frame.empty:
        return "Not shown: no segment could be assessed."
    everyone, oldest = frame["sex"].iloc[0], frame["age_group"].iloc[-1]
    old = frame[(frame["sex"] == everyone) & (frame["age_group"] == oldest)]
    held = old[(old["kind"] == "segment") & (old["segment_patients"] > 0).fillna(True)]
    defined = held.loc[held["by_definition"], "segment"].to_list()
    known = held[~held["by_definition"]].dropna(subset=["share"]).sort_values("share", kind="stable")
    rules = f" Not compared, as the rule itself asks for an age: {listed(defined)}." if defined else ""
    if known.empty:
        return f"No segment holds enough people to say how old they are.{rules}"
    first = known.iloc[-1]
    return (
        f"People of {oldest} are most common in {first['segment']}: {percent(first['share'])} of its people, against "
        f"{percent(old['share'].iloc[0])} of {_inside(old)}.{rules}"
    )


def _inside(rows: pd.DataFrame) -> str:
    """What everyone is called, inside a sentence."""
    return within_sentence(str(rows["segment"].iloc[0]))


def _people(rows: pd.DataFrame) -> str:
    """What everyone is called, as people."""
    return _inside(rows).replace("everyone", "people", 1)


@of_released
def segment_conditions(table: ReleasedTable) -> str:
    """Read, of the first segments by priority, the conditions that are furthest above everyone's share.

    What a segment's own rule names is not read: that its people have it is its definition.
    """
    frame = table.frame
    if frame.empty:
        return "Not shown: no condition is coded in these records, or no segment of enough people could be assessed."
    above = frame[(frame["kind"] == "segment") & frame["share_compared"].eq("higher").fillna(False)]
    above = above[~above["by_definition"] & (above["everyone_share"] > 0)]
    above = above[above["share"] >= TIMES * above["everyone_share"]]
    everyone = f"among {_inside(frame)}"
    left_out = " What a segment's own rule names is left out of this." if frame["by_definition"].any() else ""
    if above.empty:
        return f"No condition is shown to be much more common in a segment than {everyone}.{left_out}"
    above = above.assign(more=(above["share"] - above["everyone_share"]).astype(float))
    order = [name for name in dict.fromkeys(frame["segment"]) if name in set(above["segment"])]
    parts = []
    for name in order[:MOST]:
        rows = above[above["segment"] == name].sort_values("more", ascending=False, kind="stable").head(EACH)
        parts.append(f"in {name}, {listed([_times(row) for row in rows.itertuples()])}")
    return f"More common than {everyone}, the first segments first: {'; '.join(parts)}.{left_out}"


def _times(row: Any) -> str:
    """A condition, and how many times as common it is as among everyone."""
    times = float(row.share) / float(row.everyone_share)
    return f"{within_sentence(row.condition)} ({percent(row.share)}, {times:.1f} times as common)"


@of_released
def segment_admissions(table: ReleasedTable) -> str:
    """Read the segment whose share of emergency admissions is furthest above its share of people, with its rate."""
    frame = table.frame
    if frame.empty:
        return "Not shown: these records hold no contacts, or no segment could be assessed."
    held = frame["contact"].to_list()
    contact = "Emergency admission" if "Emergency admission" in held else held[0]
    rows = frame[frame["contact"] == contact].reset_index(drop=True)
    rows["low"] = (rows["contacts_each"] - rows["contacts_each_margin"]).clip(lower=0)
    rows["high"] = rows["contacts_each"] + rows["contacts_each_margin"]
    everyone = rows.iloc[0]
    named = rows[rows["kind"] == "segment"].dropna(subset=["contacts_share", "low"])
    more = named[named["low"] > everyone["contacts_each"]] if pd.notna(everyone["contacts_each"]) else named.head(0)
    what = f"{contact if contact.split(maxsplit=1)[0].isupper() else contact.lower()}s"
    if more.empty:
        return f"No segment is shown to have more {what} for each person than {_inside(rows)}."
    top = more.loc[(more["contacts_share"] - more["people_share"]).astype(float).idxmax()]
    return (
        f"{top['segment']} holds {percent(top['people_share'])} of {_people(rows)} and had "
        f"{percent(top['contacts_share'])} of {what} in the 12 months before {table.about.day()}: "
        f"{_thousand(top['contacts_each'])} for each 1,000 people "
        f"(95% interval {_thousand(top['low'])} to {_thousand(top['high'])}), against "
        f"{_thousand(everyone['contacts_each'])} for {_inside(rows)}."
    )


def _thousand(value: float) -> str:
    return count(float(value) * 1000)


@of_released
def segment_cost(table: ReleasedTable) -> str:
    """Read what care cost and the segment with the largest share of it, or that no cost is held."""
    frame = table.frame
    if frame.empty:
        return (
            "Cost is not known: no contact of the last 12 months has a cost in these records, and none is priced here."
        )
    everyone, named = frame.iloc[0], frame[frame["kind"] == "segment"].dropna(subset=["cost_share"])
    if pd.isna(everyone["cost_gbp"]) or named.empty:
        return "Cost is not shown: too few people have one in these records."
    top = named.loc[named["cost_share"].astype(float).idxmax()]
    return (
        f"Contacts with a cost ({percent(everyone['costed_share'])} of all) came to £{count(everyone['cost_gbp'])}, or "
        f"£{count(everyone['cost_each'])} for each person. {top['segment']}, with "
        f"{percent(top['people_share'])} of {_people(frame)}, took {percent(top['cost_share'])} of it "
        f"(£{count(top['cost_each'])} each)."
    )


@of_released
def segments_against_place(table: ReleasedTable) -> str:
    """Read which segments hold more or fewer people than the place's rates at the network's ages would give."""
    frame, about = table.frame, table.about
    if frame.empty:
        return (
            f"Not compared with the place: this takes two networks or more that were assessed alike on the same day, "
            f"and there is {about.comparator}."
        )
    known = frame[frame["kind"] == "segment"].dropna(subset=["share", "expected"])
    text = (
        f"Against {about.comparator} together, this one among them, at the ages and sexes of "
        f"{about.network or 'these people'}: "
    )
    parts = []
    for compared, words in (("higher", "more people than expected are in"), ("lower", "fewer than expected are in")):
        rows = known[known["share_compared"] == compared]
        far = (rows["patients"] / rows["expected"] - 1).astype(float).abs().sort_values(ascending=False)
        each = [
            f"{row.segment} ({count(row.patients)}; expected {count(row.expected)})"
            for row in rows.loc[far.index[:MOST]].itertuples()
        ]
        parts += [f"{words} {listed(each)}"] if each else []
    if not parts:
        return f"{text}as many people as expected are in each segment that is shown."
    return f"{text}{'; '.join(parts)}. Recording differs too, and about 1 in 20 would differ by chance."
