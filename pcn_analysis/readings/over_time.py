"""Sentences on what was done month by month: whether it is steady, and which months stand out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.released import of_released
from pcn_analysis.statistics.control_charts import COMMON
from pcn_analysis.words import listed, number

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

FEW = 3
"""Months that are named; of more it is said how many."""


@of_released
def control_charts(table: ReleasedTable) -> str:
    """Read of each event its usual number a month, and whether any month stands out and how."""
    if not len(table):
        return "What was done month by month is not known: no such event is recorded in the last two years."
    told = " ".join(_of_event(str(event), rows) for event, rows in table.frame.groupby("event", sort=False))
    if "rules" not in table.frame or table.frame["mean"].isna().all():
        return told
    return f"{told} Rules: {table.frame['rules'].iloc[0]}; other editions take other numbers (docs/statistics.md)."


def _of_event(event: str, rows: pd.DataFrame) -> str:
    if rows["mean"].isna().all():
        return f"{event}: too few a month to show."
    usual = f"{event}: {float(rows['mean'].iloc[-1]):,.0f} a month on average"
    hidden = int(rows["events"].isna().sum())
    shown = f"; {number(hidden, 'month')} with too few to show" if hidden else ""
    told = rows[rows["signal"].notna() & (rows["signal"] != COMMON).fillna(False)]
    if told.empty:
        return f"{usual}{shown}; no month stands out, so that ups and downs are no news."
    kinds = [f"{kind} ({_months(which)})" for kind, which in told.groupby("signal", sort=False)["month"]]
    return f"{usual}{shown}; what stands out is no chance: {listed(kinds)}."


def _months(months: pd.Series) -> str:
    return listed(months.to_list()) if len(months) <= FEW else f"{len(months)} months, {months.iloc[0]} first"
