"""Sentences on enhanced access: minutes due, what a rota offers, and which standard hours nobody covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.released import of_released
from pcn_analysis.words import count, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@of_released
def access_minutes_due(table: ReleasedTable) -> str:
    """Read how many minutes a week are due, on which population, and what is paid."""
    if not len(table):
        return "How many minutes are due is not known: no list of a practice is published of these people."
    row = table.frame.iloc[0]
    sure = "" if row["standing"] == "published" else f" ({row['standing']})"
    text = (
        f"{row['rule'].capitalize()} of {row['contract_year']}: {row['for_each_1000']:.0f} minutes a week for each "
        f"1,000{sure}, on {count(row['population'])} ({row['basis']}), are {count(row['minutes'])} minutes, or "
        f"{row['hours']:.1f} hours. "
    )
    if pd.isna(row["payment"]):
        return f"{text}What is paid for it in {row['contract_year']} is not known."
    sure = "" if row["payment_standing"] == "published" else f" ({row['payment_standing']})"
    return f"{text}At £{row['payment']:.3f} a {row['payment_of']}{sure} that is £{row['entitlement']:,.0f} a year."


@of_released
def access_coverage(table: ReleasedTable) -> str:
    """Read what a rota offers against what is due, and the standard hours that lack somebody."""
    if not len(table):
        return "What is offered is not known: there is no rota of this network."
    row = table.frame.iloc[0]
    share = "" if pd.isna(row["offered_share"]) else f", {percent(row['offered_share'])} of {count(row['due'])} due"
    given = "what was delivered is not known" if pd.isna(row["delivered"]) else f"{count(row['delivered'])} delivered"
    text = (
        f"The rota of {number(row['weeks'], 'week')} ({row['from']} to {row['to']}) offers {count(row['offered'])} "
        f"minutes a week{share}; {given}. "
    )
    if pd.isna(row["standard_hours"]):
        return f"{text}Network Standard Hours of that year are not known."
    lacks = row["uncovered_hours"], row["without_gp_hours"]
    told = ["none" if hours == 0 else f"{hours:.2f} hours a week" for hours in lacks]
    return (
        f"{text}Of {row['standard_hours']:.1f} Network Standard Hours a week, nobody works in: {told[0]}; no GP works "
        f"in: {told[1]}. Bank holidays are counted as other days."
    )
