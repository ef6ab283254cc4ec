"""Sentences on what is published of a network for the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.readings.released import of_released
from pcn_analysis.words import listed, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.release import ReleasedTable

FEW = 4
"""Measures that are named on each side."""


@of_released
def published_measures(table: ReleasedTable) -> str:
    """Read which published shares of a network lie clearly above and below the country's, and what is not known."""
    frame, about = table.frame, table.about
    if frame.empty:
        return "Not shown: nothing is published of a group of people who are known from their records alone."
    known = frame[frame["value_compared"].notna()]
    if known.empty:
        return f"No published share of people of {about.network} can be held against {about.comparator} here."
    years = listed(sorted(known["year"].unique()))
    text = f"Of {number(len(known), 'published share')} of people of {about.network} ({years}), "
    sides = [(side, known[known["value_compared"] == side]) for side in ("higher", "lower")]
    told = [
        f"{len(rows)} {'lie' if len(rows) > 1 else 'lies'} clearly {side} than in {about.comparator}: {_named(rows)}"
        for side, rows in sides
        if len(rows)
    ]
    text += f"{'; '.join(told)}. " if told else f"none differs clearly from {about.comparator}. "
    lacking = frame.loc[frame["status"] != "published", "name"].to_list()
    text += f"Not published or not at hand: {listed(lacking)}. " if lacking else ""
    unknown = frame.loc[frame["direction"] == "not known", "clause"].str.split(",").str[0].unique().tolist()
    text += f"Whether more is better is not known for {listed(unknown)}, shown as published. " if unknown else ""
    return f"{text}A recorded prevalence tells how many are on a register, not how many are ill."


def _named(rows: pd.DataFrame) -> str:
    apart = (rows["value"] / rows["comparator_value"]).astype(float)
    far = rows.loc[(apart - 1).abs().sort_values(ascending=False, kind="stable").index].head(FEW)
    each = [
        f"{name.split(',')[0].lower()} ({percent(value)}, there {percent(country)})"
        for name, value, country in far[["name", "value", "comparator_value"]].itertuples(index=False)
    ]
    return listed(each) + (" among them" if len(rows) > FEW else "")
