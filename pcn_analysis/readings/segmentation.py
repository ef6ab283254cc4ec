"""Sentences on segments: how many people each holds, who they are, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.readings.groups import ends, practices
from pcn_analysis.readings.released import may_name_practices, of_released, who
from pcn_analysis.words import (
    NOT_ASSESSED,
    NOT_KNOWN,
    NOT_SHOWN,
    NOT_STATED,
    count,
    listed,
    number,
    percent,
    within_sentence,
)

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@of_released
def segments(sizes: ReleasedTable, coverage: ReleasedTable) -> str:
    """Read how many people the largest and the first segments hold, who is in none, and whom the model is not for."""
    frame, about = sizes.frame, sizes.about
    if frame.empty and len(coverage):
        return (
            f"No segment could be assessed for the people {who(about)} on {about.day()}: nothing that the model asks "
            f"for is coded in their records. Nobody is called healthy for want of data."
        )
    if frame["registered"].eq(0).fillna(False).all():
        return f"Nobody is {who(about)} on {about.day()}."
    named, rest = frame[frame["kind"] == "segment"], frame[frame["kind"] == "remainder"].iloc[0]
    everyone = "the" if pd.isna(rest["registered"]) else count(rest["registered"])
    people = f"people {rest['whom']}".rstrip()
    text = f"Of {everyone} {people} {who(about)} on {about.day()}, "
    shown = named[named["patients"].fillna(0) > 0].sort_values("patients", ascending=False)
    if shown.empty:
        first, text = "", f"{text}no segment holds enough to be shown"
    else:
        row = shown.iloc[0]
        first = row["segment"]
        text += f"the largest segment is {first} ({count(row['patients'])}, {percent(row['share'])})"
    rows = named[named["segment"] != first].head(2)
    text = "; ".join([text, *([listed([_held(row) for row in rows.itertuples()])] if len(rows) else [])])
    return f"{text}. {_in_none(rest, coverage)}{_left_out(frame[frame['kind'] == 'others'])}"


def _in_none(rest: pd.Series, coverage: ReleasedTable) -> str:
    """How many fit no segment, and why they are not called healthy."""
    nobody = pd.notna(rest["patients"]) and rest["patients"] == 0
    how_many = percent(rest["share"]) if pd.notna(rest["share"]) else "A few people, too few to show,"
    if not len(coverage):
        return "Each of them fits one." if nobody else f"{how_many} fit none: “{rest['segment']}”."
    by_status = coverage.frame["status"].value_counts()
    parts = [f"{number(int(n), 'element')} {'was' if n == 1 else 'were'} {status}" for status, n in by_status.items()]
    if nobody:
        return f"Each of them fits one, though {listed(parts)}."
    return f"{how_many} fit none that could be assessed. They are not called healthy, because {listed(parts)}."


def _left_out(others: pd.DataFrame) -> str:
    """Who the model is not for, and that shares leave them out."""
    return "".join(
        f" The model is not made for another {count(row.patients)} people ({within_sentence(row.segment)}), who are in "
        f"no share below."
        if pd.notna(row.patients)
        else f" The model is not made for a few others ({within_sentence(row.segment)}), who are in no share below."
        for row in others[others["patients"].fillna(1) > 0].itertuples()
    )


def _held(row: Any) -> str:
    """What one segment holds, or why that cannot be said."""
    if row.status == NOT_ASSESSED:
        return f"{row.segment} was {NOT_ASSESSED}"
    return f"{row.segment} is {NOT_SHOWN}" if pd.isna(row.patients) else f"{row.segment} has {count(row.patients)}"


@of_released
def assumptions(table: ReleasedTable) -> str:
    """Read which reading of its publication a model is, and how much it takes for granted."""
    frame = table.frame
    if frame.empty:
        return "The model declares no assumptions."
    row = frame.iloc[0]
    what = VARIANTS.get(row["variant"], "a model of one's own")
    if row["variant"] == "published" and row["faults"]:
        what = f"{what}, with {number(row['faults'], 'fault')} that a check of the rules finds"
    return f"{row['model']}: {what}. It rests on {number(len(frame), 'assumption')}, listed below."


@of_released
def about_model(rules: ReleasedTable) -> str:
    """Read which model a page is about, what its segments are, and that it is from a file of one's own, if it is."""
    frame = rules.frame
    row, last = frame.iloc[0], frame.iloc[max(_segments(frame) - 1, 0)]
    text = f"The model on this page is {row['model']}. "
    if row["file"]:
        text = (
            f"The model on this page is from a file of one's own, {row['file']} (SHA-256 begins {row['fingerprint']}), "
            f"and is none of those that come with this package: {row['model']}, variant {row['variant']}. "
        )
    if row["bands"]:
        return (
            f"{text}Its segments are bands of one number, the {row['bands']}: {row['segment']} is the "
            f"highest, with the greatest need, and {last['segment']} the lowest. What the number is counted from is "
            f"more common in the higher bands by definition."
        )
    return f"{text}Each person is in the first segment whose rule they meet, starting with {row['segment']}."


def _segments(frame: pd.DataFrame) -> int:
    """How many rows of rules are of segments."""
    return int(frame["kind"].eq("segment").sum())


VARIANTS = {
    "published": "the rules as they were published",
    "corrected": "the published rules with faults mended",
    "reconstructed": "reconstructed, as public sources do not give every rule; what they leave open is ours",
}
"""What the variants of a model are, in words."""


@of_released
def largest(sizes: ReleasedTable) -> str:
    """Name the largest segment that is shown, for the sentences below; empty where none is."""
    frame = sizes.frame
    known = frame[(frame["kind"] == "segment") & (frame["patients"].fillna(0) > 0)]
    return str(known.sort_values("patients", ascending=False, kind="stable")["segment"].iloc[0]) if len(known) else ""


@of_released
def at_older_ages(by_age: ReleasedTable, segment: str) -> str:
    """Read the share of one segment in the three oldest age groups that are shown."""
    frame = by_age.frame
    if why := _unread(by_age, segment, "how old people are"):
        return why
    rows = frame[frame["segment"] == segment].dropna(subset=["share"]).tail(3)
    if rows.empty:
        return f"{segment}: not shown at any age."
    parts = [f"{percent(row.share)} of those aged {row.age_group}" for row in rows.itertuples()]
    return f"{segment} holds {listed(parts)}."


@of_released
def by_deprivation(table: ReleasedTable, segment: str) -> str:
    """Read the most against the least deprived fifth for one segment, with whether their intervals are apart."""
    if why := _unread(table, segment, "where people live"):
        return why
    rows = table.frame[table.frame["segment"] == segment].set_index("deprivation_fifth")
    if rows["by_definition"].any():
        return _defined(table, "where people live")
    return ends(rows, f"people {rows['whom'].iloc[0]}".rstrip(), f"are in {segment}")


@of_released
def by_ethnicity(table: ReleasedTable, segment: str) -> str:
    """Read the ethnic groups with the highest and the lowest share of one segment, and of how many it is not known."""
    if why := _unread(table, segment, "of which ethnic groups people are"):
        return why
    rows = table.frame[table.frame["segment"] == segment]
    if rows["by_definition"].any():
        return _defined(table, "ethnicity")
    unknown = rows[rows["ethnic_group"].isin([NOT_STATED, NOT_KNOWN])]
    known = rows.drop(index=unknown.index).dropna(subset=["share"]).sort_values("share", ignore_index=True)
    if len(known) < 2:  # noqa: PLR2004 - nothing to compare
        return "Too few people are shown to compare ethnic groups."
    low, high = known.iloc[0], known.iloc[-1]
    text = (
        f"The share of people in {segment} runs from {percent(low['share'])} ({low['ethnic_group']}) to "
        f"{percent(high['share'])} ({high['ethnic_group']}). Ages differ between groups"
    )
    missing = [
        f"; ethnicity is {row.ethnic_group} of {number(row.registered, 'person', 'people')}"
        for row in unknown.itertuples()
    ]
    return f"{text}{''.join(missing)}."


@of_released
def by_practice(table: ReleasedTable, segment: str) -> str:
    """Read the practices with the highest and the lowest share of one segment."""
    if why := _unread(table, segment, "where people are registered"):
        return why
    rows = table.frame[table.frame["segment"] == segment]
    whom = " ".join(filter(None, [rows["whom"].iloc[0], f"in {segment}"]))
    return practices(rows, whom, named=may_name_practices(table))


def _defined(table: ReleasedTable, what: str) -> str:
    """Say that how segments differ is what the model's rules make of it."""
    frame = table.frame
    names = frame.loc[frame["by_definition"] & (frame["kind"] == "segment"), "segment"].unique()
    return (
        f"By definition, who is in {listed(list(names))} depends on {what}: the differences below follow from the "
        f"rules of {frame['model'].iloc[0]} and are no finding."
    )


def _unread(table: ReleasedTable, segment: str, what: str) -> str:
    """Say why nothing can be read of a segment; empty where something can."""
    if not len(table):
        return f"Not shown: {'' if segment else 'no segment could be assessed, or '}the records do not say {what}."
    if not segment:
        return "No segment holds enough people to compare."
    return "" if segment in set(table.frame["segment"]) else f"{segment} was {NOT_ASSESSED}."


@of_released
def elements(met: ReleasedTable) -> str:
    """Read the elements that most people meet, one for a segment, of the three segments where they are commonest.

    The one element of a segment, or one that all of its people meet, is its definition, and no reason to name.
    """
    if not len(met):
        return "No reasons: no segment that could be assessed holds anyone."
    several = met.frame[met.frame["elements"] > 1]
    if several.empty:
        return "Each segment has one rule alone, so that its rule is the reason why anyone is in it."
    some = several[(several["patients"] < several["segment_patients"]).fillna(False)]
    first = some.drop_duplicates("segment").nlargest(3, "patients")
    parts = [f"{row.element} in {row.segment} ({percent(row.share)} of its people)" for row in first.itertuples()]
    return f"The commonest reasons: {listed(parts)}." if parts else "No reason is shown."
