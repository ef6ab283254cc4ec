"""Charts of the service specifications together: whom each is for, what it measures, how much work its gaps are."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.plots.style import DARK_BLUE, GREY, INK, ORANGE, PALE, WIDE, bare, chart, floats, lengths
from pcn_analysis.release import check_released
from pcn_analysis.words import NOT_ASSESSED, NOT_SHOWN, count, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

WRAPPED = 44
"""Letters in a line of the name of a measure or a piece of work."""


def drawn_measures(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of measures that are drawn: those that were assessed."""
    return frame[frame["status"].ne(NOT_ASSESSED)]


def drawn_work(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of work that are drawn: what somebody needs, the most hours first."""
    needed = frame[frame["status"].ne(NOT_ASSESSED) & ~frame["people"].eq(0).fillna(False)]
    return needed.sort_values("hours", ascending=False, na_position="last", kind="stable")


@chart(height=lambda table: 1.5 + 0.5 * len(table), width=WIDE)
def services(table: ReleasedTable, ax: Axes) -> None:
    """Draw how many people each service is for, with their share of everyone registered."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    bars = ax.barh(frame.index, lengths(frame["people"]), color=DARK_BLUE, height=0.6)
    ax.bar_label(bars, [_people(row) for row in frame.itertuples()], padding=4)
    ax.set_yticks(frame.index, frame["service"])
    ax.set_title(f"Whom each service is for\n{table.about.title()}")
    bare(ax)
    ax.margins(x=0.38)


def _people(row: Any) -> str:
    if row.status == NOT_ASSESSED:
        return "not known"
    return NOT_SHOWN if pd.isna(row.people) else f"{count(row.people)} people ({percent(row.share)})"


def service_measures(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw the share of each measure with its interval, and the share that is asked for where there is one.

    What could not be assessed is not drawn; there is no figure where that is everything.
    """
    check_released(table)
    return _measures(table, ax) if len(table) and len(drawn_measures(table.frame)) else None


@chart(
    height=lambda table: (
        2.0 + 0.42 * (len(drawn_measures(table.frame)) + drawn_measures(table.frame)["service"].nunique())
    ),
    width=WIDE,
)
def _measures(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_measures(table.frame).reset_index(drop=True)
    places, labels, at = _under_headings(frame)
    value, lower, upper = (floats(frame[name]) for name in ("share", "share_lower", "share_upper"))
    error = np.clip([value - lower, upper - value], 0, None)
    ax.errorbar(value, at, xerr=error, fmt="o", color=DARK_BLUE, markersize=7, label="share, with 95% interval")
    asked = floats(frame["target"])
    if not np.isnan(asked).all():
        ax.scatter(
            asked, at, marker="D", s=48, color="white", edgecolors=ORANGE, linewidths=1.8, zorder=1, label="asked for"
        )
    for place in at[np.isnan(value)]:
        ax.text(0.01, place, NOT_SHOWN, va="center", fontsize=9, color=GREY)
    ax.set_yticks(places, labels, fontsize=9.5)
    for tick, place in zip(ax.get_yticklabels(), places, strict=True):
        if place not in at:
            tick.set_fontweight("bold")
            ax.axhspan(place - 0.5, place + 0.5, color=PALE, zorder=0)
    ax.set_ylim(min(places) - 0.6, max(places) + 0.6)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.set_title(f"What each service measures\n{table.about.title()}", color=INK)
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.04), ncols=2)


def _under_headings(frame: pd.DataFrame) -> tuple[list[int], list[str], np.ndarray]:
    """Places and labels of the rows, from the top down, each service as a heading; and the places of the measures."""
    labels: list[str] = []
    at: list[int] = []
    for service, rows in frame.groupby("service", sort=False):
        labels.append(str(service))
        for name in rows["measure"]:
            at.append(len(labels))
            labels.append(textwrap.fill(name, WRAPPED))
    last = len(labels) - 1
    return [last - place for place in range(len(labels))], labels, last - np.array(at)


def service_work(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw the hours that closing all open gaps takes, a bar a piece of work with who does it.

    There is no figure where nobody needs any.
    """
    check_released(table)
    return _work(table, ax) if len(table) and len(drawn_work(table.frame)) else None


@chart(height=lambda table: 1.6 + 0.5 * len(drawn_work(table.frame)), width=WIDE)
def _work(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_work(table.frame).iloc[::-1].reset_index(drop=True)
    bars = ax.barh(frame.index, lengths(frame["hours"]), color=DARK_BLUE, height=0.6)
    ax.bar_label(bars, [_hours(row) for row in frame.itertuples()], padding=4)
    names = [textwrap.fill(f"{row.task} ({row.role})", WRAPPED) for row in frame.itertuples()]
    ax.set_yticks(frame.index, names, fontsize=9.5)
    ax.set_title(f"Hours that closing every open gap once would take\n{table.about.title()}")
    bare(ax)
    ax.margins(x=0.42)


def _hours(row: Any) -> str:
    if pd.isna(row.people):
        return NOT_SHOWN
    taken = "minutes not known" if pd.isna(row.hours) else f"{row.hours:,.0f} hours"
    return f"{taken}, {count(row.people)} people"
