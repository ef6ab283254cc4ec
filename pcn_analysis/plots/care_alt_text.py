"""Descriptions of charts of the caseload and of the admission model: built from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.plots.admission import drawn_groups
from pcn_analysis.plots.caseload import drawn_gaps
from pcn_analysis.plots.described import described
from pcn_analysis.words import NOT_SHOWN, count, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

TOLD = ("10%", "20%", "30%")
"""Thresholds at which net benefit is told."""


@described
def slots_by_professional(table: ReleasedTable) -> str:
    """Describe the bars of slots."""
    each = "; ".join(
        f"{row.professional} {count(row.patients)} of {count(row.slots)}" for row in table.frame.itertuples()
    )
    return f"Bar chart of the people who would have a slot, of the slots of the month, {table.about.title()}: {each}."


@described
def care_gaps(table: ReleasedTable) -> str:
    """Describe the bars of open care gaps."""
    each = "; ".join(
        f"{row.gap} {count(row.in_line)} in line, {count(row.reached)} with a slot"
        for row in drawn_gaps(table.frame).itertuples()
    )
    return f"Bar chart of people by open care gap, {table.about.title()}: {each or 'none is shown'}."


@described
def reach_to_need(table: ReleasedTable) -> str:
    """Describe reach ÷ need of each fifth on both lists."""
    each = "; ".join(f"{row.deprivation_fifth} {row.list} {_ratio(row)}" for row in table.frame.itertuples())
    return (
        f"Dot plot of reach ÷ need by fifth of deprivation, as ranked and with floors, with 95% intervals and a line "
        f"at 1, {table.about.title()}: {each}."
    )


def _ratio(row: Any) -> str:
    shown = pd.notna(row.reach) and pd.notna(row.overall) and row.overall > 0
    return f"{row.reach / row.overall:.2f}" if shown else NOT_SHOWN


@described
def admission_calibration(table: ReleasedTable) -> str:
    """Describe the first and the last tenth."""
    first, last = table.frame.iloc[0], table.frame.iloc[-1]
    return (
        f"Dot plot of the share admitted by mean risk, a dot with 95% interval for each tenth of people, with a line "
        f"where they are the same, {table.about.title()}: from {percent(first['observed'])} admitted of "
        f"{percent(first['mean_risk'])} expected to {percent(last['observed'])} of {percent(last['mean_risk'])}."
    )


@described
def admission_top(table: ReleasedTable) -> str:
    """Describe both shares for each share of the list."""
    each = "; ".join(
        f"top {row.of_list} {percent(row.ppv)} and {percent(row.sensitivity)}" for row in table.frame.itertuples()
    )
    return (
        f"Dot plot, with 95% intervals, of the share admitted at the top of the list of risks and of the share of all "
        f"admitted who are there, {table.about.title()}: {each}."
    )


@described
def admission_net_benefit(table: ReleasedTable) -> str:
    """Describe net benefit at three thresholds of the model that is used, against offering to everyone."""
    frame = table.frame
    rows = frame[(frame["model"] == frame["model"].iloc[0]) & frame["from_risk"].isin(TOLD)]
    each = "; ".join(f"at {row.from_risk} {row.benefit}, to everyone {row.everyone}" for row in rows.itertuples())
    return (
        f"Lines of net benefit by threshold of {number(frame['model'].nunique(), 'model')}, beside offering to "
        f"everyone and to nobody, {table.about.title()}. {frame['model'].iloc[0]}: {each}."
    )


@described
def admission_models(table: ReleasedTable) -> str:
    """Describe the area under the curve of each model."""
    each = "; ".join(f"{row.model}, {row.tested}, {row.area}" for row in table.frame.itertuples())
    return f"Dot plot of the area under the curve by model, with 95% intervals, {table.about.title()}: {each}."


@described
def admission_by_group(table: ReleasedTable) -> str:
    """Describe the groups with the highest and the lowest ratio."""
    frame = drawn_groups(table.frame)
    about = f"Dot plot of admitted ÷ expected by group, with 95% intervals, {table.about.title()}"
    known = frame.dropna(subset=["observed_to_expected"]).sort_values("observed_to_expected", kind="stable")
    if known.empty:
        return f"{about}: none is shown."
    low, high = known.iloc[0], known.iloc[-1]
    return (
        f"{about}: highest {high['group'].lower()}: {high['value']} {high['ratio']}, lowest {low['group'].lower()}: "
        f"{low['value']} {low['ratio']}; {len(frame) - len(known)} of {len(frame)} groups are not shown."
    )


@described
def admissions_in_time(table: ReleasedTable) -> str:
    """Describe admissions a year before and after of both groups."""
    each = "; ".join(
        f"{row.group} {_decimals(row.each_year_before)} before and {_decimals(row.each_year_after)} after"
        for row in table.frame.itertuples()
    )
    return f"Bar chart of emergency admissions for each year registered, {table.about.title()}: {each}."


def _decimals(value: Any) -> str:
    return NOT_SHOWN if pd.isna(value) else f"{value:.2f}"


@described
def lists_in_time(table: ReleasedTable) -> str:
    """Describe how many are still on each later list."""
    each = "; ".join(f"{row.later} {percent(row.share)}" for row in table.frame.itertuples())
    return (
        f"Dot plot of who is on a list of the highest risks again, with 95% intervals, {table.about.title()}: {each}."
    )
