"""Descriptions of the charts of the service specifications together: built from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.plots.described import described
from pcn_analysis.plots.published_measures import beyond, drawn_published, of_years
from pcn_analysis.plots.services import drawn_measures, drawn_work
from pcn_analysis.statistics.control_charts import COMMON
from pcn_analysis.words import NOT_ASSESSED, NOT_SHOWN, count, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def services(table: ReleasedTable) -> str:
    """Describe how many people each service is for."""
    each = "; ".join(
        f"{row.service} {'not known' if row.status == NOT_ASSESSED else count(row.people)}"
        for row in table.frame.itertuples()
    )
    return f"Bar chart of the people whom each service is for, {table.about.title()}: {each}."


@described
def service_measures(table: ReleasedTable) -> str:
    """Describe the share of each measure."""
    each = "; ".join(f"{row.measure} {percent(row.share)}" for row in drawn_measures(table.frame).itertuples())
    return (
        f"Dot plot of the share of people who meet each measure, by service, with 95% intervals, "
        f"{table.about.title()}: {each}."
    )


@described
def service_work(table: ReleasedTable) -> str:
    """Describe the hours of each piece of work."""
    each = "; ".join(
        f"{row.task} {NOT_SHOWN if pd.isna(row.hours) else f'{row.hours:,.0f} hours'}"
        for row in drawn_work(table.frame).itertuples()
    )
    return f"Bar chart of hours of work by task, {table.about.title()}: {each}."


@described
def control_charts(table: ReleasedTable) -> str:
    """Describe the mean of each event and how many months stand out."""
    frame = table.frame
    stands_out = frame["signal"].notna() & (frame["signal"] != COMMON).fillna(False)
    each = "; ".join(
        f"{event} {_mean(rows)}, {number(int(stands_out[rows.index].sum()), 'month')} standing out"
        for event, rows in frame.groupby("event", sort=False)
    )
    return f"Control charts of events a month, {table.about.title()}: {each}."


def _mean(rows: pd.DataFrame) -> str:
    return NOT_SHOWN if rows["mean"].isna().all() else f"{float(rows['mean'].iloc[-1]):,.0f} a month"


@described
def published_measures(table: ReleasedTable) -> str:
    """Describe each published share beside the country's."""
    each = "; ".join(
        f"{row.name} {percent(row.value)}, there {percent(row.comparator_value)}"
        for row in drawn_published(table.frame).itertuples(index=False)
    )
    return (
        f"Dot plot of published shares of the network over those of {table.about.comparator}, with 95% intervals, "
        f"{of_years(table)}: {each}."
    )


@described
def published_by_practice(table: ReleasedTable) -> str:
    """Describe the network's share in each measure, and the range and the outliers of its practices."""
    each = "; ".join(_of_practices(rows) for _, rows in table.frame.groupby("measure", sort=False))
    return (
        f"Table of cells with published shares of the network and of each practice, coloured beyond 99.8% limits "
        f"around the network, {of_years(table)}: {each}."
    )


def _of_practices(rows: pd.DataFrame) -> str:
    far = rows.loc[beyond(rows), "position"].str.startswith("above")
    return (
        f"{rows['name'].iloc[0]} {percent(rows['network_value'].iloc[0])}, practices {percent(rows['value'].min())} to "
        f"{percent(rows['value'].max())}, {int(far.sum())} above and {int((~far).sum())} below"
    )
