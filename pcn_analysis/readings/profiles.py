"""Sentences on profiles of segments: who is in them, what they live with, how often they are seen, what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.released import of_released
from pcn_analysis.words import count, listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

MOST = 3
"""Segments, or conditions, that a sentence names."""
TIMES = 2
"""How many times as common as among everyone stands out."""


@of_released
def segment_ages(table: ReleasedTable) -> str:
    """Read the segment with the oldest people, against everyone."""
    frame = table.frame
    if frame.empty:
        return "Not shown: this takes segments that could be assessed."
    everyone, oldest = frame["sex"].iloc[0], frame["age_group"].iloc[-1]
    old = frame[(frame["sex"] == everyone) & (frame["age_group"] == oldest)]
    known = old[old["kind"] == "segment"].dropna(subset=["share"]).sort_values("share", kind="stable")
    if known.empty:
        return "No segment holds enough people to say how old they are."
    first = known.iloc[-1]
    text = (
        f"The oldest people are in {first['segment']}: {percent(first['share'])} of them are {oldest}, against "
        f"{percent(old['share'].iloc[0])} of everyone"
    )
    women = frame[(frame["sex"] == "female") & (frame["age_group"] == frame["age_group"].iloc[0])]
    women = women.set_index("segment")["share"].dropna()
    return f"{text}, and {percent(women[first['segment']])} female." if first["segment"] in women else f"{text}."


@of_released
def segment_conditions(table: ReleasedTable, segment: str) -> str:
    """Read the commonest conditions of one segment, and in which most of them are more common than among everyone."""
    frame = table.frame
    if frame.empty:
        return "Not shown: this takes segments that could be assessed, and conditions that are coded."
    named = frame[(frame["kind"] == "segment") & (frame["patients"] > 0).fillna(False)].dropna(subset=["share"])
    own = named[named["segment"] == segment].sort_values("share", ascending=False, kind="stable").head(MOST)
    parts = [f"{row.condition} ({percent(row.share)}, {_times(row)})" for row in own.itertuples()]
    text = f"The commonest conditions in {segment}: {listed(parts)}. " if parts else ""
    twice = named[(named["share_lower"] >= TIMES * named["everyone_share"]).fillna(False)]
    if twice.empty:
        return f"{text}In no segment is any of them shown to be {TIMES} times as common as among everyone."
    each = twice["segment"].value_counts(sort=False)
    top, many = each.idxmax(), int(each.max())
    return (
        f"{text}In {top}, {many} of these {number(frame['condition'].nunique(), 'condition')} "
        f"{'is' if many == 1 else 'are'} at least {TIMES} times as common as among everyone (whole 95% interval)."
    )


def _times(row: Any) -> str:
    """How many times as common as among everyone."""
    if pd.isna(row.everyone_share) or not row.everyone_share:
        return "shown of nobody else"
    return f"{float(row.share) / float(row.everyone_share):.1f} times everyone's"


@of_released
def segment_admissions(table: ReleasedTable) -> str:
    """Read the segment whose share of emergency admissions is furthest above its share of people, with its rate."""
    frame = table.frame
    if frame.empty:
        return "Not shown: this takes segments that could be assessed, and contacts in the records."
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
        return f"No segment is shown to have more {what} for each person than everyone."
    top = more.loc[(more["contacts_share"] - more["people_share"]).astype(float).idxmax()]
    return (
        f"{top['segment']} holds {percent(top['people_share'])} of people and had {percent(top['contacts_share'])} of "
        f"{what} in the 12 months before {table.about.day()}: {_thousand(top['contacts_each'])} for each 1,000 people "
        f"(95% interval {_thousand(top['low'])} to {_thousand(top['high'])}), against "
        f"{_thousand(everyone['contacts_each'])} for everyone."
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
        f"£{count(everyone['cost_each'])} for each person. {top['segment']}, with {percent(top['people_share'])} of "
        f"people, took {percent(top['cost_share'])} of it (£{count(top['cost_each'])} each)."
    )


@of_released
def segments_against_place(table: ReleasedTable) -> str:
    """Read which segments hold more or fewer people than the place's rates at the network's ages would give."""
    frame, about = table.frame, table.about
    if frame.empty:
        return (
            "Not compared with the place: no other network of it has people prepared that were assessed alike, on the "
            "same index date."
        )
    known = frame[frame["kind"] == "segment"].dropna(subset=["share", "expected"])
    text = (
        f"Against {number(frame['networks'].iloc[0], 'network')} of {about.place} together, this one among them, at "
        f"the ages and sexes of {about.network or 'these people'}: "
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
