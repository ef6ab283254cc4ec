"""Sentence on what a network was paid beside what the contract's rates give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pcn_analysis.readings.released import of_released
from pcn_analysis.words import count, listed, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.release import ReleasedTable

EXPLAINED, UNEXPLAINED, NOT_SHOWN = "explained", "unexplained", "not shown"
MAXIMUM = "a maximum"


@of_released
def payments_held(table: ReleasedTable) -> str:
    """Read how near published payments are to what the rates give, what explains a difference, and what does not."""
    frame, network = table.frame, table.about.network or table.about.place
    if frame.empty:
        return f"No payments are published of {network} under its code, so that nothing can be held against them."
    year = frame["contract_year"].iloc[0]
    told = [_line(row) for row in frame[frame["ratio"].notna()].itertuples()]
    text = f"Of the payments published for {year} none of {network} can be held against a rate. "
    if told:
        text = f"Payments published for {year}, over what its rates give on the file's lists: {'; '.join(told)}. "
    absent = frame.loc[frame["explained"] == NOT_SHOWN, "column"].to_list()
    text += f"None is shown as {listed(absent)}, which does not say that none was paid. " if absent else ""
    compared = frame[frame["networks"].notna()]
    text += _of_all(compared) if len(compared) else ""
    return f"{text}Several columns hold half a year. A difference is a question, not money that is owed."


def _of_all(compared: pd.DataFrame) -> str:
    """How near the line is that most networks show."""
    most = compared.sort_values("networks", ascending=False, kind="stable").iloc[0]
    unexplained = f"; {count(most['unexplained'])} are not explained" if most["unexplained"] else ""
    return (
        f"Of {number(most['networks'], 'network')} with a {most['column']}, the middle one shows "
        f"{percent(most['median'])} of what its rate gives{unexplained}. "
    )


def _line(row: Any) -> str:
    why = {EXPLAINED: f" (explained: {row.means})", UNEXPLAINED: " (not explained)"}.get(row.explained, "")
    most = " of the most that can be claimed" if row.held_against == MAXIMUM else ""
    return f"{row.column} {percent(row.ratio)}{most}{why}"
