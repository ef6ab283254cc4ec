"""Charts of all networks of a place: side by side, who shares people with whom, beside random ones, and plans."""

from __future__ import annotations

import textwrap
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.artist import setp
from matplotlib.ticker import PercentFormatter

from pcn_analysis.plots.sharing import draw_sharing, sharing_high
from pcn_analysis.plots.side_by_side import draw_bars, draw_coherence, draw_panels, draw_sizes, panels_high
from pcn_analysis.plots.style import DARK_BLUE, GREY, INK, ORANGE, PALE, WIDE, chart, floats, lay_out, name_rows
from pcn_analysis.thresholds import NETWORK_SIZE
from pcn_analysis.words import number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

LINES = 0.75
"""Lines of localisation and commitment, written for commissioning groups of 200,000 people and more."""
KEY_SIZE = 6
"""Size of the marks of both in their key, in points."""
LEAST_AXIS = 0.10
"""Share that the axis of those who live outside reaches at least, so that few look few."""
TODAY = "today"


# -- side by side, and who shares people with whom ---------------------------------------------------------


@chart(height=panels_high, width=WIDE)
def place_networks(table: ReleasedTable, ax: Axes) -> None:
    """Draw size, localisation and commitment, and who lives outside, a panel each and a row a network."""
    panels = (
        ("Registered\npatients", 0.0, 0.30, partial(draw_sizes, meant=NETWORK_SIZE)),
        ("Localisation and\ncommitment", 0.36, 0.37, _coherence),
        ("Live outside its\nlocal authority", 0.79, 0.21, _outside),
    )
    draw_panels(table, ax, "network", "pcn_name", panels)


def _coherence(ax: Axes, frame: pd.DataFrame, rows: np.ndarray) -> None:
    draw_coherence(ax, frame, rows)
    legend: Any = ax.get_legend()
    setp(legend.legend_handles, markersize=KEY_SIZE)
    ax.axvline(LINES, color=GREY, linestyle=(0, (4, 3)), linewidth=1.2, zorder=0.5)
    ax.text(LINES, len(rows) - 0.3, "75%, set for 200,000+", ha="center", va="bottom", fontsize=8.5, color=GREY)


def _outside(ax: Axes, frame: pd.DataFrame, rows: np.ndarray) -> None:
    away = floats(frame["away_share"])
    draw_bars(ax, away, rows, map(percent, frame["away_share"]))
    ax.set_xlim(0, max(np.nanmax(np.append(away, 0)), LEAST_AXIS) * 1.45)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))


@chart(height=sharing_high("pcn_name"), width=WIDE)
def place_sharing(table: ReleasedTable, ax: Axes) -> None:
    """Draw with which networks the neighbours of each network's patients are: a row a network, its own cell framed."""
    draw_sharing(table, ax, "network", "pcn_name")


# -- held against random ones ------------------------------------------------------------------------------


@chart(height=lambda table: 2.5 + 0.42 * len(table), width=WIDE)
def place_against_random(table: ReleasedTable, ax: Axes) -> None:
    """Draw where random plans, and random networks of the size of each, lie, and where today's do; a row each."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    rows = np.arange(len(frame))
    ends = [floats(frame[name]) for name in ("least", "most", "low", "high", "middle", "today")]
    least, most, low, high, middle, today = ends
    drawn = [ax.hlines(rows, least, most, color="#B9C2C7", linewidth=1.5, label="every random one"),
             ax.hlines(rows, low, high, color="#8FA9BF", linewidth=9, label="nine in ten"),
             ax.plot(middle, rows, "|", color=INK, markersize=13, markeredgewidth=1.6, label="the middle one")[0],
             ax.plot(today, rows, "D", color=ORANGE, markeredgecolor=INK, markersize=8, label=TODAY)[0]]  # fmt: skip
    name_rows(ax, rows, [_capital(name) for name in frame["name"]])
    ax.axhline(len(frame) - 2.5, color=GREY, linewidth=0.8)
    for row, share in zip(rows, frame["percentile"], strict=True):
        ax.text(1.02, float(row), percent(share), va="center", fontsize=9.5, transform=ax.get_yaxis_transform())
    ax.text(1.02, len(frame) - 0.4, "random ones\nwith less", va="bottom", fontsize=8.5, color=GREY,
            transform=ax.get_yaxis_transform())  # fmt: skip
    ax.set(xlim=(0, 1), ylim=(-0.6, len(frame) - 0.4))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("Localisation; of the worst-off network, the smaller of localisation and commitment")
    ax.set_title(f"Today's networks beside random ones of their size\n{table.about.title()}", pad=22)
    ax.legend(handles=drawn[::-1], ncols=4, loc="upper center", bbox_to_anchor=(0.45, -1.1 / len(rows)), fontsize=9)
    ax.grid(axis="x")


def _capital(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


# -- what could be -----------------------------------------------------------------------------------------

PANEL = 3.3
"""Height of the panel of a design, in inches."""
BRACKETS = "in brackets: random contiguous plans of the\nsame number and range of sizes with less"
OFFSETS = ((0, 13), (0, -13), (13, 0), (-13, 0))


def _designs(frame: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(frame.loc[frame["plan"] != TODAY, "design"]))


@chart(height=lambda table: 1.35 + PANEL * len(_designs(table.frame)), width=WIDE)
def place_plans(table: ReleasedTable, ax: Axes) -> None:
    """Draw each plan by localisation and by its worst-off network, a panel a design, with today and random plans."""
    frame = table.frame
    lay_out(ax, left=0.85, bottom=0.65)
    ax.set_title(f"Plans for other networks, beside today's\n{table.about.title()}", x=-0.085)
    every = pd.concat([frame["localisation"], frame["random_low"], frame["random_high"]])
    limits = _limits(floats(every)), _limits(floats(frame["worst"]))
    designs = _designs(frame)
    for place, design in enumerate(designs):
        bottom = 1 - (place + 1) / len(designs)
        panel = ax.inset_axes((0, bottom + 0.17 / len(designs), 0.56, 0.73 / len(designs)))
        panel.set(xlim=limits[0], ylim=limits[1])
        panel.set_title(textwrap.fill(design, 70), fontsize=10.5, pad=6)
        rows = frame[(frame["design"] == design) | (frame["plan"] == TODAY)]
        _draw_plans(panel, rows.reset_index(drop=True))


def _limits(values: np.ndarray) -> tuple[float, float]:
    low, high = np.nanmin(values), np.nanmax(values)
    room = max(0.15 * (high - low), 0.02)
    return max(low - room, 0), min(high + room, 1)


def _draw_plans(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw numbered dots, with what the numbers mean beside the panel."""
    low, high = (rows[end].dropna().astype(float).min() for end in ("random_low", "random_high"))
    ax.axvspan(low, high, color=PALE, zorder=0)
    ax.text((low + high) / 2, 0.98, "range of random\ncontiguous plans", ha="center", va="top", fontsize=8.5,
            color=GREY, transform=ax.get_xaxis_transform())  # fmt: skip
    at = np.column_stack([floats(rows["localisation"]), floats(rows["worst"])])
    for row, (east, north), offset in zip(rows.itertuples(), at, _offsets(ax, at), strict=True):
        today = row.plan == TODAY
        look = ("D", ORANGE, INK) if today else ("o", DARK_BLUE, "white")
        ax.plot(east, north, look[0], color=look[1], markeredgecolor=look[2], markersize=10)
        mark = TODAY if today else str(row.Index)
        ax.annotate(mark, (east, north), xytext=offset, textcoords="offset points", ha="center", va="center",
                    fontsize=9.5, weight="bold")  # fmt: skip
        said = number(row.networks, "network") if today else f"{row.plan}: {number(row.moves, 'practice')} would move"
        said += "" if pd.isna(row.percentile) else f" ({percent(row.percentile)})"
        level = 0.93 - 0.13 * row.Index
        ax.text(1.05, level, mark, transform=ax.transAxes, fontsize=9.5, weight="bold", va="center")
        ax.text(1.05 + (0.12 if today else 0.04), level, said, transform=ax.transAxes, fontsize=9.5, va="center")
    ax.text(1.05, 0.93 - 0.13 * len(rows), BRACKETS, transform=ax.transAxes, fontsize=8.5, color=GREY, va="center")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("Localisation of all networks together")
    ax.set_ylabel("Worst-off network")
    ax.grid()


def _offsets(ax: Axes, at: np.ndarray) -> list[tuple[int, int]]:
    """Where the mark of each point stands, in points from it: above it, or elsewhere where one stands there."""
    size = np.array([np.ptp(ax.get_xlim()), np.ptp(ax.get_ylim())])
    away = np.abs((at[:, None] - at) / size)
    near = (away[..., 0] < 0.06) & (away[..., 1] < 0.1)  # noqa: PLR2004 - shares of the panel that a mark fills
    return [OFFSETS[int(near[point, :point].sum()) % len(OFFSETS)] for point in range(len(at))]
