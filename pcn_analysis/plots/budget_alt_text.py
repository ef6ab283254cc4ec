"""Descriptions of charts of a network's money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.contract.clauses import TO_VERIFY
from pcn_analysis.plots.budget import claim_told, difference, drawn_lines, drawn_years, wants
from pcn_analysis.plots.described import described
from pcn_analysis.words import NOT_KNOWN, pounds

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def entitlement(table: ReleasedTable) -> str:
    """Describe the amount of each line, and those that are not known."""
    each = "; ".join(f"{row.name} {_line(row)}" for row in drawn_lines(table.frame).itertuples(index=False))
    year = table.frame["contract_year"].iloc[0]
    return f"Bar chart of the lines of the Network Contract in {year}, £ a year, {table.about.title()}: {each}."


def _line(row: Any) -> str:
    if pd.isna(row.amount):
        return f"{NOT_KNOWN} ({wants(row)})"
    doubt = f", {TO_VERIFY}" if str(row.standing).endswith(TO_VERIFY) else ""
    return f"{pounds(row.amount)}{' at most' if 'at most' in row.paid else ''}{doubt}"


@described
def two_years(table: ReleasedTable) -> str:
    """Describe both amounts of each line and their difference."""
    frame = drawn_years(table.frame)
    each = "; ".join(
        f"{row.name} {_or_none(row.earlier_amount)} and {_or_none(row.later_amount)} ({difference(row)})"
        for row in frame.itertuples(index=False)
    )
    first = table.frame.iloc[0]
    return (
        f"Bar chart of lines of the Network Contract in {first['earlier']} and in {first['later']}, "
        f"{table.about.title()}: {each or 'none is known'}."
    )


def _or_none(amount: Any) -> str:
    return "nothing known" if pd.isna(amount) else pounds(amount)


@described
def role_claims(table: ReleasedTable) -> str:
    """Describe the forecast of each role and sum."""
    each = "; ".join(f"{row.name} {claim_told(row)}" for row in table.frame.itertuples(index=False))
    return f"Bar chart of claims for additional roles and what they come to by 31 March, {table.about.title()}: {each}."
