"""Which practices changed networks from map to map: a bar a network and date, and what went from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from pcn_analysis.plots.style import DARK_BLUE, DARK_PINK, GREY, INK, TURQUOISE, chart
from pcn_analysis.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

NEW, GONE = "New practice", "Merged or closed"
GAP, HALF = 2.0, 0.035
"""Room between two networks, in practices, and half of the width of a bar."""
LEAST = 2.0
"""Room for the name of a network of one practice."""
STILL = "#D3DADD"
FEW = 8
"""So many networks are all drawn; of more only those that a practice came to or left."""
INCHES, LOWEST, HIGHEST = 0.085, 3.4, 11.0

KINDS = {STILL: "stayed", DARK_BLUE: "moved to another network", DARK_PINK: "merged or closed", TURQUOISE: "new"}

Levels = dict[str, float]


def drawn_networks(frame: pd.DataFrame) -> list[str]:
    """Networks that are drawn, in order of name: all of a few; else those that any practice came to or left."""
    crossed = frame[~frame["stayed"]]
    names = {*frame["from_network"], *frame["to_network"]} - {NEW, GONE}
    touched = {*crossed["from_network"], *crossed["to_network"]} - {NEW, GONE}
    return sorted(names if len(names) <= FEW or not touched else touched)


def _drawn(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    names = drawn_networks(frame)
    ends = [name for name in (NEW, GONE) if name in {*frame["from_network"], *frame["to_network"]}]
    return frame[frame["from_network"].isin([*names, NEW]) & frame["to_network"].isin([*names, GONE])], [*names, *ends]


def _levels(frame: pd.DataFrame, names: list[str]) -> tuple[Levels, float]:
    """Where each network's bars begin, from the top, with room for its most practices; and where the last ends."""
    most = pd.concat(
        [
            frame.groupby(["step", side])["practices"].sum().groupby(side).max()
            for side in ("from_network", "to_network")
        ]
    )
    levels, level = {}, 0.0
    for name in names:
        levels[name] = level
        level += max(float(most[[name]].max()), LEAST) + GAP
    return levels, level - GAP


def _high(table: ReleasedTable) -> float:
    _, deep = _levels(*_drawn(table.frame))
    return min(max(2.0 + INCHES * deep, LOWEST), HIGHEST)


@chart(height=_high, width=9.8)
def place_changes(table: ReleasedTable, ax: Axes) -> None:
    """Draw each network as a bar of its practices on each date, and the practices that went from one to another."""
    frame, names = _drawn(table.frame)
    levels, deep = _levels(frame, names)
    steps = frame.drop_duplicates("step").sort_values("step")
    dates = [*steps["before"], steps["after"].iloc[-1]]
    for step, rows in frame.groupby("step"):
        _ribbons(ax, int(step) - 1, rows, levels)
    for date in range(len(dates)):
        now = frame[frame["step"].eq(date + 1)].groupby("from_network")["practices"].sum()
        come = frame[frame["step"].eq(date)].groupby("to_network")["practices"].sum()
        _bars(ax, date, now.combine_first(come), levels)
        if date in (0, len(dates) - 1):
            _name(ax, date, now if date == 0 else come, levels)
        elif GONE in come.index:
            _name(ax, date, come.loc[[GONE]], levels)
    ax.set_xticks(range(len(dates)), dates)
    ax.set_xlim(-0.3 * len(dates), (len(dates) - 1) + 0.3 * len(dates))
    ax.set_ylim(deep + 0.4, -0.4)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.yaxis.set_visible(False)
    ax.spines[:].set_visible(False)
    ax.set_title(f"Practices by network on each date, and those that changed\n{table.about.title()}")
    crossed = frame[~frame["stayed"]]
    kinds = {_colour(str(row.from_network), str(row.to_network)) for row in crossed.itertuples()}
    keys = [Patch(color=colour, label=KINDS[colour]) for colour in KINDS if colour in {STILL, *kinds}]
    ax.legend(handles=keys, ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.01), fontsize=9.5)


def _ribbons(ax: Axes, date: int, rows: pd.DataFrame, levels: Levels) -> None:
    """Draw what goes from each network to each on the next date: those that stay on top of both bars."""
    rows = rows.assign(out=rows["from_network"].map(levels), into=rows["to_network"].map(levels))
    rows = rows.sort_values(["stayed", "out", "into"], ascending=[False, True, True])
    left, right = dict(levels), dict(levels)
    for row in rows.itertuples():
        top, bottom, size = left[row.from_network], right[row.to_network], float(row.practices)
        left[row.from_network] += size
        right[row.to_network] += size
        colour = STILL if row.stayed else _colour(str(row.from_network), str(row.to_network))
        _ribbon(ax, (date + HALF, top), (date + 1 - HALF, bottom), size, colour)
        if not row.stayed:
            ax.text(date + 0.5, (top + bottom + size) / 2, f"{int(size)}", ha="center", va="center", fontsize=9,
                    weight="bold", bbox={"facecolor": "white", "edgecolor": colour, "pad": 1.5})  # fmt: skip


def _colour(came_from: str, went_to: str) -> str:
    if went_to == GONE:
        return DARK_PINK
    return TURQUOISE if came_from == NEW else DARK_BLUE


def _ribbon(ax: Axes, start: tuple[float, float], end: tuple[float, float], size: float, colour: str) -> None:
    (west, top), (east, bottom) = start, end
    middle = (west + east) / 2
    points = [(west, top), (middle, top), (middle, bottom), (east, bottom), (east, bottom + size),
              (middle, bottom + size), (middle, top + size), (west, top + size), (west, top)]  # fmt: skip
    kinds = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    moved = colour != STILL
    ax.add_patch(PathPatch(Path(points, kinds), facecolor=colour, edgecolor="none", alpha=0.85 if moved else 1,
                           zorder=2 if moved else 1))  # fmt: skip


def _bars(ax: Axes, date: int, sizes: pd.Series, levels: Levels) -> None:
    for name, size in sizes.items():
        if name not in (NEW, GONE):
            bar = Rectangle((date - HALF, levels[str(name)]), 2 * HALF, float(size), color=INK, linewidth=0, zorder=3)
            ax.add_patch(bar)


def _name(ax: Axes, date: int, sizes: pd.Series, levels: Levels) -> None:
    """Name networks beside the first and the last bars, with their practices."""
    first = date == 0
    for name, size in sizes.items():
        grey = name in (NEW, GONE)
        text = str(name) if grey else f"{str(name).removesuffix(' PCN')}\n{number(size, 'practice')}"
        ax.annotate(
            text, (date, levels[str(name)] + float(size) / 2), xytext=(-9 if first else 9, 0),
            textcoords="offset points", ha="right" if first else "left", va="center", fontsize=9,
            color=GREY if grey else INK,
        )  # fmt: skip
