"""Descriptions of charts of care homes, social prescribing and enhanced access, from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.plots.care_homes import STATES
from pcn_analysis.plots.described import described
from pcn_analysis.words import NOT_SHOWN, count, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def care_home_timeliness(table: ReleasedTable) -> str:
    """Describe what became of plan and assessment."""
    rows = [row._asdict() for row in table.frame.itertuples(index=False)]
    each = "; ".join(
        f"{row['thing']} {', '.join(f'{words} {count(row[name])}' for name, (words, _, _) in STATES.items())}"
        for row in rows
    )
    return f"Stacked bars of stays in care homes by what became of what was due, {table.about.title()}: {each}."


@described
def care_home_residents(table: ReleasedTable) -> str:
    """Describe the residents of each home."""
    each = "; ".join(
        f"{row.home} {count(row.people)}" + ("" if row.home == row.aligned else f", aligned to {row.aligned}")
        for row in table.frame.itertuples()
    )
    return f"Bar chart of residents by care home, {table.about.title()}: {each}."


@described
def social_prescribing_equity(table: ReleasedTable) -> str:
    """Describe everyone's share, and the highest and lowest."""
    frame = table.frame
    about = (
        f"Dot plot of the share referred to social prescribing by group, with 95% "
        f"intervals and a line at everyone's share of {percent(frame['everyone_share'].iloc[0])}, {table.about.title()}"
    )
    known = frame.dropna(subset=["share"]).sort_values("share", kind="stable")
    if known.empty:
        return f"{about}: none is shown."
    ends = [f"{row['by']} {row['group']} {percent(row['share'])}" for _, row in known.iloc[[0, -1]].iterrows()]
    hidden = len(frame) - len(known)
    return f"{about}: lowest {ends[0]}, highest {ends[1]}; {hidden} of {number(len(frame), 'group')} not shown."


@described
def wellbeing_changes(table: ReleasedTable) -> str:
    """Describe the share who are better, of both groups."""
    each = "; ".join(
        f"{row.reading}, {row.group} {percent(row.better_share)} of {count(row.paired)}"
        for row in table.frame.itertuples()
    )
    return (
        f"Dot plot of the share who are better at a second reading, with 95% intervals, of people referred to social "
        f"prescribing and of people who never were, {table.about.title()}: {each}."
    )


@described
def enhanced_access_week(table: ReleasedTable) -> str:
    """Describe minutes offered by day, and what lacks."""
    frame = table.frame
    minutes = frame.groupby("day", sort=False)["minutes"].sum()
    each = ", ".join(f"{day} {count(value)}" for day, value in minutes.items())
    standard = frame[frame["standard"] == "yes"]
    lacks = [int((standard[name] < standard["weeks"]).sum()) for name in ("weeks_covered", "weeks_with_gp")]
    told = f"of {len(standard)} standard half hours {lacks[0]} are not covered in every week, {lacks[1]} without a GP"
    return (
        f"Heat map of minutes offered a week by day and half hour, {table.about.title()}: {each} minutes; "
        f"{told if len(standard) else f'standard hours {NOT_SHOWN}'}."
    )
