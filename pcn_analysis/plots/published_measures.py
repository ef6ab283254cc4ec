"""Charts of what is published of a network for the services: beside place and country, and practice by practice."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from pcn_analysis.plots.cells import HIDDEN, TWICE, draw_apart
from pcn_analysis.plots.style import DARK_BLUE, GREY, INK, ORANGE, WIDE, chart, floats
from pcn_analysis.release import check_released
from pcn_analysis.words import NOT_PUBLISHED, listed, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

WRAPPED = 46
"""Letters in a line of the name of a measure."""
ROOM = 1.05
RECORDED = ", recorded prevalence"
"""Ends the names of registers; the title of a figure of practices says it once."""
FAR = "99.8%"
"""Stands in the position of a practice beyond the wider limits."""


def drawn_published(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that are drawn: shares of the network that can be held against the country's."""
    known = frame["value"].notna() & (frame["comparator_value"] > 0).fillna(False)
    return frame[known & (frame["value"] <= 1).fillna(False)]


def of_years(table: ReleasedTable) -> str:
    """The network and the years that its published values are of, which are not those of the lists."""
    return f"{table.about.network}, {listed(sorted(table.frame['year'].unique()))}"


def published_measures(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw each published share of a network over that of the country, with its interval, and its place's.

    There is no figure where nothing can be held against the country.
    """
    check_released(table)
    return _published(table, ax) if len(table) and len(drawn_published(table.frame)) else None


@chart(height=lambda table: 2.1 + 0.45 * len(drawn_published(table.frame)), width=WIDE)
def _published(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_published(table.frame).iloc[::-1].reset_index(drop=True)
    country = floats(frame["comparator_value"])
    value, lower, upper, place = (
        floats(frame[name]) / country for name in ("value", "value_lower", "value_upper", "place_value")
    )
    rows = np.arange(len(frame))
    ax.axvline(1, color=INK, linewidth=1)
    error = np.nan_to_num(np.clip([value - lower, upper - value], 0, None))
    ax.scatter(place, rows, marker="D", s=46, color="white", edgecolors=ORANGE, linewidths=1.6, label=table.about.place)
    ax.errorbar(value, rows, xerr=error, fmt="o", color=DARK_BLUE, markersize=7,
                label=f"{table.about.network}, with 95% interval where it counts people")  # fmt: skip
    most = ROOM * float(np.nanmax([1.2, *value + error[1], *place]))
    for row, told in zip(rows, frame.itertuples(), strict=True):
        ax.text(most, float(row), _told(told), va="center", fontsize=9, color=INK)
    ax.set_xlim(0, most)
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.set_yticks(rows, [textwrap.fill(name, WRAPPED) for name in frame["name"]], fontsize=9.5)
    ax.set_xlabel(f"Times the share of {table.about.comparator}", color=GREY)
    ax.set_title(f"What is published of the network\n{of_years(table)}")
    ax.legend(loc="upper left", bbox_to_anchor=(-0.3, -0.09 - 0.6 / len(frame)), ncols=2, fontsize=9.5)
    ax.grid(axis="x")


def _told(row: Any) -> str:
    return f"{percent(row.value)}, there {percent(row.comparator_value)}"


def beyond(frame: pd.DataFrame) -> pd.Series:
    """Whether a practice lies beyond the wider limits around its network."""
    return frame["position"].fillna("").str.contains(FAR, regex=False)


def published_by_practice(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw published shares as cells: a row a practice, the network first, a column a measure.

    A cell is coloured beyond the 99.8% funnel limits around the network's share. There is no figure of one practice.
    """
    check_released(table)
    return _by_practice(table, ax) if len(set(table.frame["practice_code"])) > 1 else None


@chart(height=lambda table: 3.6 + 0.3 * table.frame["practice_code"].nunique(), width=WIDE)
def _by_practice(table: ReleasedTable, ax: Axes) -> None:
    frame = table.frame
    practices = frame.drop_duplicates("practice_code")["practice_name"].to_list()
    first = frame.drop_duplicates("measure")
    shape = (len(first), len(practices))
    shares = np.hstack([floats(first["network_value"])[:, None], floats(frame["value"]).reshape(shape)])
    differs = np.hstack([np.zeros((len(first), 1), bool), beyond(frame).to_numpy(bool).reshape(shape)])
    names = (first["name"].str.removesuffix(RECORDED).to_list(), [table.about.network, *practices])
    draw_apart(ax, shares, differs, names, TWICE, whole="the network", turned=True)
    hidden = f"; {HIDDEN} is {NOT_PUBLISHED}" if np.isnan(shares).any() else ""
    ax.set_xlabel(f"Recorded prevalence is coloured beyond the 99.8% limits of chance around the network's;\n"
                  f"appointments have no limits{hidden}", labelpad=30)  # fmt: skip
    ax.set_title(f"What is published of each practice\n{of_years(table)}")
