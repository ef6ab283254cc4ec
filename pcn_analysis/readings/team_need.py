"""Sentences on what a team is for: hours of open work, whose they are, what posts cost, and what is assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.released import of_released, who
from pcn_analysis.thresholds import SMALLEST_SHOWN
from pcn_analysis.words import NOT_ASSESSED, count, listed, number, percent, pounds, within_sentence

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

MOST = 3
"""How many of the largest things are named."""
SEGMENT = "segment"


@of_released
def team_work(table: ReleasedTable) -> str:
    """Read how many hours a month open gaps take in both scenarios, what takes most, and what is not shown."""
    frame, about = table.frame, table.about
    gaps = frame[frame["basis"].ne(SEGMENT).fillna(True)]
    hours, other = (gaps[name].sum(min_count=1) for name in ("hours", "other_hours"))
    if pd.isna(hours):
        text = f"How much work is open for people {who(about)} is not known or not shown. "
    else:
        months, other_months = (number(gaps[name].iloc[0], "month") for name in ("months", "other_months"))
        most = gaps[gaps["hours"].gt(0).fillna(False)].nlargest(MOST, "hours")
        told = [f"{within_sentence(row.task)} ({count(row.hours)})" for row in most.itertuples()]
        text = (
            f"To close every gap that is open today for people {who(about)} would take {count(hours)} hours a month "
            f"over {months} (scenario A), and {count(other)} over {other_months} (scenario B). "
        )
        text += f"Most hours in scenario A: {listed(told)}. " if told else ""
    return (text + _hidden(gaps) + _segments(frame)).rstrip()


def _hidden(gaps: pd.DataFrame) -> str:
    lacking = gaps[gaps["hours"].isna()]
    unknown = lacking.loc[lacking["status"].eq(NOT_ASSESSED), "task"].to_list()
    if len(unknown) == len(gaps):
        return f"None of {number(len(gaps), 'task')} could be assessed from these records. "
    few = lacking.loc[lacking["status"].ne(NOT_ASSESSED), "task"].to_list()
    text = (
        f"Hours are not shown, and so not planned (fewer than {SMALLEST_SHOWN} people): {listed(few)}. " if few else ""
    )
    return text + (f"Not known from these records, and not planned: {listed(unknown)}. " if unknown else "")


def _segments(frame: pd.DataFrame) -> str:
    rows = frame[frame["basis"].eq(SEGMENT).fillna(False) & frame["hours"].notna()]
    if rows.empty:
        return ""
    taken = f"Contacts planned for {number(len(rows), 'segment')} are {count(rows['hours'].sum())} hours a month. "
    if rows["planned"].any():
        return f"{taken}They are in the plans beside open gaps, and may be counted twice: a care plan can be both. "
    return f"{taken}They are not in the plans, as a care plan can be both a contact and an open gap. "


@of_released
def team_roles(table: ReleasedTable) -> str:
    """Read how many posts each role's hours would fill, and the work that the scheme does not pay for."""
    frame = table.frame
    known = frame[frame["hours"].gt(0).fillna(False)]
    if known.empty:
        return "Of no role are hours of work known."
    paid, unpaid = (known[known["paid"].eq(one)] for one in ("yes", "no"))
    total, other = known["wte"].sum(), known["other_wte"].sum()
    text = f"If every task is done by its usual role, this work fills {total:.1f} posts in scenario A and {other:.1f} "
    text += "in scenario B"
    told = [
        f"{within_sentence(row.name)} {row.wte:.1f} and {row.other_wte:.1f}" for row in paid.itertuples(index=False)
    ]
    text += f": {listed(told[:MOST])}. " if told else ". "
    if len(unpaid):
        names = [f"{within_sentence(row.name)} {count(row.hours)}" for row in unpaid.itertuples(index=False)]
        share = percent(unpaid["hours"].sum() / known["hours"].sum())
        text += (
            f"{share} of the hours in scenario A are usually those of people whom the scheme does not pay for "
            f"({listed(names)} hours a month); a plan has them done by another role that can, or by nobody. "
        )
    return f"{text}A post is counted at the contact hours of one whole-time equivalent, all of them free for this work."


@of_released
def team_costs(table: ReleasedTable, lines: ReleasedTable) -> str:
    """Read what the contract pays for roles, of which roles the cost is known, and who is there whose is not."""
    frame, rows = table.frame, lines.frame
    line = rows[rows["line"].eq("additional_roles")]
    amount = line["amount"].sum(min_count=1)
    text = f"The contract pays at most {pounds(amount)} for additional roles in {line['contract_year'].iloc[0]} " if (
        pd.notna(amount)
    ) else "What the contract pays for additional roles in this year is not known. "  # fmt: skip
    text += f"({line['formula'].iloc[0]}; {line['standing'].iloc[0]}). " if pd.notna(amount) else ""
    known, unknown = frame[frame["cost"].notna()], frame[frame["cost"].isna()]
    verify = int(known["standing"].str.contains("to verify").sum())
    text += f"What a post costs is known of {len(known)} of {number(len(frame), 'role')}"
    which = "all" if verify == len(known) else verify
    text += f" ({which} of them from a source that is to be verified). " if verify else ". "
    text += _not_planned(unknown) if len(unknown) else ""
    missing = frame.loc[known.index][known["now"].isna()]
    names = listed([within_sentence(name) for name in missing["name"]]) if len(missing) else ""
    return (
        text + (f"How many there are is not known of {names}: planned as if there were none." if names else "")
    ).rstrip()


def _not_planned(unknown: pd.DataFrame) -> str:
    text = "The other is not planned, and no work is given to it. " if len(unknown) == 1 else (
        f"The other {len(unknown)} are not planned, and no work is given to them. "
    )  # fmt: skip
    there = unknown[unknown["now"].gt(0).fillna(False)]
    if len(there):
        named = [
            f"{within_sentence(row.name)} {row.now:.1f}" for row in there.nlargest(MOST, "now").itertuples(index=False)
        ]
        most = "most: " if len(there) > MOST else ""
        text += (
            f"{there['now'].sum():.1f} whole-time equivalents of them are there ({most}{listed(named)}). They are paid "
            f"from the same sum, and nothing is set aside for them here: what is left for the plans is less by what "
            f"they cost. "
        )
    return f"{text}Give what they cost (parameter salaries). "


@of_released
def team_assumptions(table: ReleasedTable) -> str:
    """Read how many numbers stand between people and posts, and how many of them are published."""
    frame = table.frame
    published = int(frame["standing"].eq("published").sum())
    told = listed([f"{how_many} {kind}" for kind, how_many in frame["standing"].value_counts().items()])
    return (
        f"Between people and posts stand {number(len(frame), 'assumption')}, beside the minutes of tasks and the cost "
        f"of posts: {told}. {'None' if not published else f'Only {published}'} can be looked up; whoever knows better "
        f"may change the others."
    )
