"""Descriptions of the charts of a team: built from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.plots.described import described
from pcn_analysis.plots.team import changed_words, drawn_changes, drawn_tasks
from pcn_analysis.words import NOT_KNOWN, NOT_SHOWN, percent, pounds

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def team_work(table: ReleasedTable) -> str:
    """Describe the hours of each task in both scenarios."""
    each = "; ".join(
        f"{row.task} {_hours(row.hours)} and {_hours(row.other_hours)}" for row in drawn_tasks(table.frame).itertuples()
    )
    return f"Bar chart of hours of work a month by task, scenario A and B, {table.about.title()}: {each or 'none'}."


def _hours(value: Any) -> str:
    return NOT_SHOWN if pd.isna(value) else f"{value:,.1f}"


@described
def team_posts(table: ReleasedTable) -> str:
    """Describe the posts of each role now and in both scenarios."""
    each = "; ".join(
        f"{row.name} {_wte(row.now, NOT_KNOWN)} now, {_wte(row.planned)} and {_wte(row.other_planned)}"
        for row in table.frame.itertuples(index=False)
    )
    return f"Bar chart of whole-time equivalents by role, now and in scenario A and B, {table.about.title()}: {each}."


def _wte(value: Any, missing: str = "not planned") -> str:
    return missing if pd.isna(value) else f"{value:.2f}"


@described
def team_cover(table: ReleasedTable) -> str:
    """Describe the share of each task that is covered in both scenarios."""
    each = "; ".join(
        f"{row.task} {percent(row.share)} and {percent(row.other_share)}" for row in table.frame.itertuples()
    )
    return f"Bar chart of the share of hours covered by task, scenario A and B, {table.about.title()}: {each}."


@described
def team_trade_off(table: ReleasedTable) -> str:
    """Describe the ends of each scenario's curve."""
    each = "; ".join(
        f"scenario {name} from {percent(rows['coverage'].iloc[0])} for {pounds(rows['cost'].iloc[0])} to "
        f"{percent(rows['coverage'].iloc[-1])} for {pounds(rows['cost'].iloc[-1])}"
        for name, rows in table.frame.groupby("scenario")
    )
    return f"Line chart of hours covered by what a team costs in a year, {table.about.title()}: {each}."


@described
def team_sensitivity(table: ReleasedTable) -> str:
    """Describe what a lower and a higher value of each assumption changes."""
    each = "; ".join(
        f"scenario {row.scenario}, {row.assumption}: {changed_words(row)}"
        for row in drawn_changes(table.frame).itertuples()
    )
    return (
        f"Bar chart of the change in hours covered if one assumption is lower and if it is higher, "
        f"{table.about.title()}: {each or 'none'}."
    )
