"""Descriptions of the charts of inequality: built from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.plots.described import described
from pcn_analysis.plots.inequality import drawn_fifths, drawn_indices
from pcn_analysis.words import NOT_ASSESSED, NOT_SHOWN, count, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def core20plus(table: ReleasedTable) -> str:
    """Describe the bars of Core20 and PLUS groups."""
    each = "; ".join(f"{row.reason} {_people(row)}" for row in table.frame.itertuples())
    return f"Bar chart of adults in Core20 and in PLUS groups, {table.about.title()}: {each}."


def _people(row: Any) -> str:
    return NOT_ASSESSED if row.status == NOT_ASSESSED else count(row.people)


@described
def measures_by_fifth(table: ReleasedTable) -> str:
    """Describe both ends of each line."""
    each = [
        f"{rows['measure'].iloc[0]} from {percent(rows['share'].iloc[0])} to {percent(rows['share'].iloc[-1])}"
        for _, rows in drawn_fifths(table.frame).groupby(["service", "measure"], sort=False)
    ]
    return (
        f"Lines of {number(len(each), 'measure')} from the most to the least deprived fifth, with 95% intervals, "
        f"{table.about.title()}: {'; '.join(each) or 'none is shown'}."
    )


@described
def inequality_forest(table: ReleasedTable) -> str:
    """Describe both indices of each measure."""
    each = "; ".join(
        f"{row.measure} {row.sii_said} points, ratio {row.rii_said}" for row in drawn_indices(table.frame).itertuples()
    )
    return (
        f"Forest plot of the slope index of inequality, in percentage points, and of the relative index, least ÷ most "
        f"deprived, with 95% limits, {table.about.title()}: {each or 'none is shown'}."
    )


@described
def ethnicity_recording(table: ReleasedTable) -> str:
    """Describe how ethnicity is recorded in each practice."""
    wide = table.frame.pivot_table(
        index="practice_name", columns="ethnicity_recorded", values="share", sort=False, dropna=False, observed=False,
        aggfunc="first",
    )  # fmt: skip
    each = "; ".join(
        f"{name} {_share(row, 'not known')} and {_share(row, 'not stated')}" for name, row in wide.iterrows()
    )
    return (
        f"Bar chart of people whose ethnic group is not known, and of those who did not state it, by practice, "
        f"{table.about.title()}: {each}."
    )


def _share(row: pd.Series, how: str) -> str:
    return NOT_SHOWN if pd.isna(row.get(how)) else percent(row[how])


@described
def measures_by_ethnicity(table: ReleasedTable) -> str:
    """Describe the groups with the lowest and the highest share of each measure."""
    each = []
    for _, rows in table.frame.groupby(["service", "measure"], sort=False):
        known = rows.dropna(subset=["share"]).sort_values("share", kind="stable")
        ends = (
            f"from {known['ethnic_group'].iloc[0]} {percent(known['share'].iloc[0])} to "
            f"{known['ethnic_group'].iloc[-1]} {percent(known['share'].iloc[-1])}"
        ) if len(known) else NOT_SHOWN  # fmt: skip
        each.append(f"{rows['measure'].iloc[0]} {ends}")
    return f"Dot plots of measures by ethnic group, with 95% intervals, {table.about.title()}: {'; '.join(each)}."
