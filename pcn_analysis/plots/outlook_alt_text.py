"""Descriptions of charts of segments compared, in time, and found: built from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.plots.described import described
from pcn_analysis.plots.dynamics import drawn_outcomes, drawn_projection
from pcn_analysis.words import count, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.release import ReleasedTable


def models_crossed(table: ReleasedTable, one: str, other: str) -> str:
    """Describe where most people of each segment of one model are in another."""

    @described
    def of_models(table: ReleasedTable) -> str:
        return (
            f"Table of cells with the share of the people of each segment of {one} in each segment of {other}, "
            f"{table.about.title()}. Where most are: {_most(table.frame, 'segment', 'other_segment')}."
        )

    return of_models(table)


def segment_outcomes(table: ReleasedTable, years: int) -> str:
    """Describe what became of the people of each segment."""

    @described
    def of_years(table: ReleasedTable) -> str:
        parts = [
            f"{segment}: {', '.join(f'{row.outcome} {percent(row.share)}' for row in rows.itertuples())}"
            for segment, rows in drawn_outcomes(table.frame).groupby("segment", sort=False)
        ]
        return (
            f"Bars of what became of the people of each segment in {number(years, 'year')}, {table.about.title()}. "
            f"{'; '.join(parts)}."
        )

    return of_years(table)


def segment_projection(table: ReleasedTable, rates: str) -> str:
    """Describe the first and the last year of each segment."""

    @described
    def of_rates(table: ReleasedTable) -> str:
        frame = drawn_projection(table.frame)
        first, last = (frame[frame["year"] == year].set_index("segment") for year in frame["year"].iloc[[0, -1]])
        each = "; ".join(
            f"{name} {count(first['patients'][name])} to {count(row['patients'])} ({count(row['patients_lower'])} to "
            f"{count(row['patients_upper'])})"
            for name, row in last.iterrows()
        )
        years = f"{frame['year'].iloc[0]} to {frame['year'].iloc[-1]}"
        return (
            f"Small line charts of the expected people of each segment by {rates}, {years}, with 95% limits, "
            f"{table.about.title()}: {each}."
        )

    return of_rates(table)


@described
def found_sizes(table: ReleasedTable) -> str:
    """Describe the bars of found segments."""
    each = "; ".join(f"{row.segment} {percent(row.share)}" for row in table.frame.itertuples())
    return f"Bar chart of adults by segment found in {table.about.place}, {table.about.title()}: {each}."


@described
def found_conditions(table: ReleasedTable) -> str:
    """Describe the commonest condition of each found segment."""
    return (
        f"Table of cells with the share of the adults of each found segment with each condition, "
        f"{table.about.title()}. The commonest of each: {_most(table.frame, 'segment', 'condition')}."
    )


@described
def found_across(table: ReleasedTable) -> str:
    """Describe where the rules put most adults of each found segment."""
    return (
        f"Table of cells with the share of the adults of each found segment in each segment by rule, "
        f"{table.about.title()}. Where most are: {_most(table.frame, 'found_segment', 'segment')}."
    )


def _most(frame: pd.DataFrame, of: str, where: str) -> str:
    """The highest share that is shown of each, and where."""
    known = frame[(frame["share"] > 0).fillna(False)]
    highest = known.loc[known.groupby(of, sort=False)["share"].idxmax()]
    each = [f"{row[of]} {row[where]} ({percent(row['share'])})" for _, row in highest.iterrows()]
    return "; ".join(each) or "none is shown"
