"""Charts of all networks of a place: side by side, who shares people with whom, what changed, and what could be."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, PercentFormatter

from pcn_analysis.plots.cells import HORIZONTAL, draw_cells
from pcn_analysis.plots.style import DARK_BLUE, GREY, INK, ORANGE, PALE, chart, floats, name_rows
from pcn_analysis.thresholds import NETWORK_SIZE, SIZE_BANDS
from pcn_analysis.words import count, number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

LINES = 0.75
"""Lines of localisation and commitment, written for commissioning groups of 200,000 people and more."""
PANELS = (
    ("Registered\npatients", 0.0, 0.30),
    ("Localisation and\ncommitment", 0.36, 0.37),
    ("Live outside its\nlocal authority", 0.79, 0.21),
)
"""Title, left side and width of each panel."""
NO_BREAK = "\u00a0"
LEAST_AXIS = 0.10
"""Share that the axis of those who live outside reaches at least, so that few look few."""
TODAY = "today"
MOST_CELLS = 14
"""Most networks whose sharing is drawn; of more, those that share most."""


# -- side by side ------------------------------------------------------------------------------------------


@chart(height=lambda table: 2.7 + 0.44 * len(table), width=9.8)
def place_networks(table: ReleasedTable, ax: Axes) -> None:
    """Draw size, localisation and commitment, and who lives outside, a panel each and a row a network."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    rows = np.arange(len(frame))
    lay_out(ax, left=2.5, top=1.45, bottom=1.25)
    ax.set_title(f"Networks side by side\n{table.about.title()}", pad=62, x=-0.336)
    panels = [ax.inset_axes((left, 0, width, 1)) for _, left, width in PANELS]
    for panel, (title, _, _) in zip(panels, PANELS, strict=True):
        panel.set_title(title, fontsize=10.5, pad=20)
        panel.set_ylim(-0.6, len(frame) - 0.4)
        panel.set_yticks(rows, [])
        panel.grid(axis="y")
        panel.tick_params(axis="y", length=0)
    parts = ["" if part == 1 else f"({number(part, 'part')})".replace(" ", NO_BREAK) for part in frame["parts"]]
    name_rows(panels[0], rows, [f"{name} {part}" for name, part in zip(frame["pcn_name"], parts, strict=True)])
    panels[0].tick_params(axis="y", labelsize=9.5)
    _sizes(panels[0], frame, rows)
    _coherence(panels[1], frame, rows)
    _outside(panels[2], frame, rows)


def lay_out(ax: Axes, *, left: float = 0.1, right: float = 0.15, top: float = 0.7, bottom: float = 0.8) -> None:
    """Make a bare frame of axes, which fills its figure but for margins, in inches."""
    figure: Any = ax.figure
    figure.set_layout_engine("none")
    wide, high = figure.get_size_inches()
    ax.set_position((left / wide, bottom / high, 1 - (left + right) / wide, 1 - (top + bottom) / high))
    ax.set_axis_off()


def _sizes(ax: Axes, frame: pd.DataFrame, rows: np.ndarray) -> None:
    ax.axvspan(*NETWORK_SIZE, color=PALE, zorder=0)
    ax.text(sum(NETWORK_SIZE) / 2, len(rows) - 0.3, SIZE_BANDS[1], ha="center", va="bottom", fontsize=8.5, color=GREY)
    sizes = floats(frame["patients"])
    ax.plot(sizes, rows, "o", color=DARK_BLUE, markersize=8)
    for row, size in zip(rows, frame["patients"], strict=True):
        _beside(ax, 0.0 if pd.isna(size) else float(size), row, count(size))
    ax.set_xlim(0, max(np.nanmax(sizes), NETWORK_SIZE[1]) * 1.4)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / 1000:,.0f}k" if value else "0"))


def _coherence(ax: Axes, frame: pd.DataFrame, rows: np.ndarray) -> None:
    local, committed = floats(frame["localisation"]), floats(frame["commitment"])
    ax.hlines(rows, np.fmin(local, committed), np.fmax(local, committed), color="#B9C2C7", linewidth=2.5, zorder=1)
    ax.plot(local, rows, "o", color=DARK_BLUE, markersize=8)
    ax.plot(committed, rows, "D", color=ORANGE, markeredgecolor=INK, markersize=7)
    ax.axvline(LINES, color=GREY, linestyle=(0, (4, 3)), linewidth=1.2, zorder=0.5)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.text(LINES, len(rows) - 0.3, "75%, set for 200,000+", ha="center", va="bottom", fontsize=8.5, color=GREY)
    keys = [ax.plot([], [], "o", color=DARK_BLUE, label="localisation")[0],
            ax.plot([], [], "D", color=ORANGE, markeredgecolor=INK, label="commitment")[0]]  # fmt: skip
    ax.legend(handles=keys, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.8 / len(rows)), fontsize=9,
              handletextpad=0.2, columnspacing=1.0)  # fmt: skip


def _outside(ax: Axes, frame: pd.DataFrame, rows: np.ndarray) -> None:
    away = floats(frame["away_share"])
    ax.barh(rows, np.nan_to_num(away), color="#8FA9BF", height=0.5)
    for row, share in zip(rows, frame["away_share"], strict=True):
        _beside(ax, 0.0 if pd.isna(share) else float(share), row, percent(share))
    ax.set_xlim(0, max(np.nanmax(np.append(away, 0)), LEAST_AXIS) * 1.45)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def _beside(ax: Axes, value: float, row: float, text: str) -> None:
    ax.annotate(text, (value, row), xytext=(8, 0), textcoords="offset points", va="center", fontsize=9)


# -- held against random ones ------------------------------------------------------------------------------


@chart(height=lambda table: 2.5 + 0.42 * len(table), width=9.8)
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


# -- who shares people with whom ---------------------------------------------------------------------------


def drawn_sharing(frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Shares by network and other network as they are drawn, and how many networks there are.

    Of more than :data:`MOST_CELLS` networks those that share most are drawn; the rest are among the others.
    """
    names = list(dict.fromkeys(frame["pcn_name"]))
    others = list(dict.fromkeys(frame["other_name"]))
    shares = frame.pivot_table("share", "pcn_name", "other_name", "first").astype("Float64").reindex(names)[others]
    own = pd.Series({name: shares.loc[name, name] for name in names})
    kept = own.sort_values(kind="stable").index[:MOST_CELLS]
    kept = [name for name in names if name in kept]
    rest = [name for name in names if name not in kept]
    shares = shares.loc[kept]
    if rest:
        shares["Others"] = shares.get("Others", 0) + shares[rest].sum(axis=1)
    return shares.drop(columns=rest), len(names)


@chart(height=lambda table: 2.7 + 0.48 * min(table.frame["pcn_name"].nunique(), MOST_CELLS), width=9.8)
def place_sharing(table: ReleasedTable, ax: Axes) -> None:
    """Draw with which networks the neighbours of each network's patients are: a row a network, its own cell framed."""
    shares, networks = drawn_sharing(table.frame)
    values = shares.to_numpy(dtype=float, na_value=np.nan)
    draw_cells(ax, values, np.sqrt(np.clip(np.nan_to_num(values), 0, 1)), list(shares.index), list(shares.columns))
    name_rows(ax, range(len(shares)), shares.index)
    _head(ax, shares.columns)
    for row, name in enumerate(shares.index):
        at = shares.columns.get_loc(name)
        ax.add_patch(Rectangle((at - 0.47, row - 0.47), 0.94, 0.94, fill=False, edgecolor=ORANGE, linewidth=2.4))
    ax.set_xlabel("Each row adds up to 100%; framed: with the same network", labelpad=8)
    which = f": the {len(shares)} of {networks} networks that share most" if networks > len(shares) else ""
    ax.set_title(f"With which network are the neighbours of each network's patients?\n{table.about.title()}{which}")


def _head(ax: Axes, names: pd.Index) -> None:
    """Name columns above them: whole words, slanting where there are many."""
    upright = len(names) <= HORIZONTAL
    short = [str(name).removesuffix(" PCN") for name in names]
    short = [textwrap.fill(name, 14, break_long_words=False) for name in short] if upright else short
    look: Any = {} if upright else {"rotation": 45, "ha": "left", "rotation_mode": "anchor"}
    ax.set_xticks(range(len(names)), short, fontsize=8.5, **look)


# -- what could be -----------------------------------------------------------------------------------------

PANEL = 3.3
"""Height of the panel of a design, in inches."""
BRACKETS = "in brackets: random contiguous plans of the\nsame number and range of sizes with less"
OFFSETS = ((0, 13), (0, -13), (13, 0), (-13, 0))


def _designs(frame: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(frame.loc[frame["plan"] != TODAY, "design"]))


@chart(height=lambda table: 1.35 + PANEL * len(_designs(table.frame)), width=9.8)
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
