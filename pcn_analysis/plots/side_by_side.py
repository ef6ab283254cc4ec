"""Panels side by side, with a row a network or group: its size, its coherence and one more measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter, PercentFormatter

from pcn_analysis.plots.style import DARK_BLUE, GREY, INK, ORANGE, PALE, floats, lay_out, name_rows
from pcn_analysis.words import count, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

    Panel = tuple[str, float, float, Callable[[Axes, pd.DataFrame, np.ndarray], None]]

NO_BREAK = "\u00a0"
IN_NONE = "In no group"
"""What is no group, and has no parts."""


def panels_high(table: ReleasedTable) -> float:
    """Height of a figure of panels, in inches: a row a network or group."""
    return 2.7 + 0.44 * len(table)


def draw_panels(table: ReleasedTable, ax: Axes, noun: str, each: str, panels: tuple[Panel, ...]) -> None:
    """Draw panels beside each other, whose rows are named on the left, the first row of the table on top.

    Parameters
    ----------
    table
        A row a network or group, with its name and parts.
    ax
        Where to draw.
    noun
        What each row is: a network, a group.
    each
        Column of the names, which stand with the number of parts where there is not one.
    panels
        Title, left side and width of each, as shares of the whole, and what draws it of the rows and their heights.
    """
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    rows = np.arange(len(frame))
    lay_out(ax, left=2.5, top=1.45, bottom=1.25)
    ax.set_title(f"{noun.capitalize()}s side by side\n{table.about.title()}", pad=62, x=-0.336)
    drawn = [ax.inset_axes((left, 0, width, 1)) for _, left, width, _ in panels]
    for panel, (title, *_) in zip(drawn, panels, strict=True):
        panel.set_title(title, fontsize=10.5, pad=20)
        panel.set_ylim(-0.6, len(frame) - 0.4)
        panel.set_yticks(rows, [])
        panel.grid(axis="y")
        panel.tick_params(axis="y", length=0)
    name_rows(drawn[0], rows, [_with_parts(*row) for row in frame[[each, "parts"]].itertuples(index=False)])
    drawn[0].tick_params(axis="y", labelsize=9.5)
    for panel, (*_, draw) in zip(drawn, panels, strict=True):
        draw(panel, frame, rows)


def _with_parts(name: str, parts: int) -> str:
    return name if parts == 1 or name == IN_NONE else f"{name} ({number(parts, 'part').replace(' ', NO_BREAK)})"


def draw_sizes(ax: Axes, frame: pd.DataFrame, rows: np.ndarray, meant: tuple[float, float] | None) -> None:
    """Draw registered patients as dots, on the range of sizes that is meant, if any is."""
    sizes = floats(frame["patients"])
    low, high = meant or (0.0, 1.0)
    if meant:
        ax.axvspan(low, high, color=PALE, zorder=0)
        ax.text((low + high) / 2, len(rows) - 0.3, f"{low:,.0f} to {high:,.0f}", ha="center", va="bottom", fontsize=8.5,
                color=GREY)  # fmt: skip
    ax.plot(sizes, rows, "o", color=DARK_BLUE, markersize=8)
    _write_beside(ax, sizes, rows, map(count, frame["patients"]))
    ax.set_xlim(0, np.nanmax(sizes, initial=high) * 1.4)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / 1000:,.0f}k" if value else "0"))


def draw_coherence(ax: Axes, frame: pd.DataFrame, rows: np.ndarray) -> None:
    """Draw localisation and commitment, joined by a line."""
    local, committed = floats(frame["localisation"]), floats(frame["commitment"])
    ax.hlines(rows, np.fmin(local, committed), np.fmax(local, committed), color="#B9C2C7", linewidth=2.5, zorder=1)
    ax.plot(local, rows, "o", color=DARK_BLUE, markersize=8, label="localisation")
    ax.plot(committed, rows, "D", color=ORANGE, markeredgecolor=INK, markersize=7, label="commitment")
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.legend(ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.8 / len(rows)), fontsize=9, handletextpad=0.2,
              columnspacing=1.0)  # fmt: skip


def draw_bars(ax: Axes, values: np.ndarray, rows: np.ndarray, said: Iterable[str]) -> None:
    """Draw bars with what is said of each beside it; what is not shown has no length."""
    ax.barh(rows, np.nan_to_num(values), color="#8FA9BF", height=0.5)
    _write_beside(ax, values, rows, said)


def _write_beside(ax: Axes, values: np.ndarray, rows: np.ndarray, said: Iterable[str]) -> None:
    for value, row, text in zip(np.nan_to_num(values), rows, said, strict=True):
        ax.annotate(text, (value, row), xytext=(8, 0), textcoords="offset points", va="center", fontsize=9)
