"""Charts of all networks of a country, with those of one place marked and named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from pcn_analysis.plots.style import (
    DARK_BLUE,
    DARK_PINK,
    INK,
    ORANGE,
    PALE,
    SHARES,
    TURQUOISE,
    bare,
    chart,
    floats,
    lengths,
)
from pcn_analysis.thresholds import NETWORK_SIZE, SIZE_BANDS
from pcn_analysis.words import count, number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

BIN = 2_500
"""Patients to a bar of the histogram of sizes."""
LAST = 110_000
"""Networks from this size share one bar."""
MOST_NAMED = 12
"""Marked networks that are named, the largest first; the others are marked without a name."""
BAND_COLOURS = dict(zip(SIZE_BANDS, (ORANGE, DARK_BLUE, TURQUOISE), strict=True))
SOFT = "#9FB8CC"
MOSTLY_RURAL = 0.50
PANELS: tuple[tuple[str, str, str], ...] = (
    ("commitment", "Commitment", "of everyone registered on its ground"),
    ("main_part_share", "In the main part of its ground", "of its patients on its ground"),
    ("unmixed_share", "Unmixed share", "of its patients' neighbours are its own"),
    ("effective_networks", "Effective number of networks", "where its patients live"),
)
"""Measures that are drawn beside each other: column, title, and what it is a share of, or where it is counted."""


@chart(height=5.2, width=9.4)
def england_sizes(table: ReleasedTable, ax: Axes) -> None:
    """Draw how many networks have which size, coloured by band; networks of the marked place stand above."""
    frame = table.frame
    sizes = np.minimum(floats(frame["patients"]), LAST + BIN / 2)
    edges = list(range(0, LAST + BIN + 1, BIN))
    parts = [sizes[frame["size_band"] == band] for band in SIZE_BANDS]
    keys = [f"{band} ({number(len(part), 'network')})" for band, part in zip(SIZE_BANDS, parts, strict=True)]
    heights, _, _ = ax.hist(
        parts, edges, stacked=True, color=list(BAND_COLOURS.values()), label=keys, edgecolor="white", linewidth=0.6
    )
    highest = float(np.max(heights))
    marked = _marked(frame)
    top = _named_above(ax, marked, np.minimum(floats(marked["patients"]), LAST + BIN / 2), highest)
    for limit in NETWORK_SIZE:
        ax.axvline(limit, ymax=highest * 1.02 / top, color=INK, linewidth=1, linestyle=(0, (4, 3)))
    ax.set_ylim(0, top)
    ax.set_xlim(0, LAST + BIN)
    ticks = np.arange(0, LAST + 1, 10_000)
    ax.set_xticks(ticks, [f"{tick / 1000:.0f}" for tick in ticks[:-1]] + [f"{LAST / 1000:.0f}+"])
    ax.set_yticks([tick for tick in ax.get_yticks() if tick <= highest and tick == int(tick)])
    ax.set_xlabel("Registered patients, thousands")
    ax.set_ylabel("Networks")
    ax.set_title(f"Networks by size\n{table.about.title()}")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3)


def _named_above(ax: Axes, marked: pd.DataFrame, at: np.ndarray, highest: float) -> float:
    """Name marked networks above the bars, in steps so that names do not meet; returns the height that this needs."""
    order = np.argsort(at)[::-1]
    step, base = highest * 0.085, highest * 1.12
    for level, row in enumerate(order):
        network = marked.iloc[row]
        height = base + level * step
        ax.plot([at[row]] * 2, [0, height], color=DARK_PINK, linewidth=1)
        ax.plot(at[row], height, "v", color=DARK_PINK, markersize=6)
        words = f"{short(network['pcn_name'])}, {count(network['patients'])}"
        ax.annotate(words, (at[row], height), xytext=(7, 0), textcoords="offset points", va="center", fontsize=9)
    return base + max(len(order) - 0.2, 0) * step


@chart(height=6.4, width=9.8)
def england_coherence(table: ReleasedTable, ax: Axes) -> None:
    """Draw localisation of each network against its size; networks of the marked place are named at the side."""
    frame = table.frame.dropna(subset=["localisation"]).sort_values("patients", ignore_index=True)
    size, local = floats(frame["patients"]), floats(frame["localisation"])
    rural = np.nan_to_num(floats(frame["rural_share"])) >= MOSTLY_RURAL
    for rows, colour, kind in ((~rural, SOFT, "Network"), (rural, TURQUOISE, "At least half of its patients rural")):
        if rows.any():
            ax.plot(
                size[rows], local[rows], "o", color=colour, markersize=4.5, alpha=0.8, markeredgewidth=0, label=kind
            )
    similar = floats(frame["similar_localisation"])
    ax.plot(size, similar, color=INK, linewidth=2, label="Networks of about that size, taken together")
    ax.set_xscale("log")
    least, most = size.min() * 0.9, size.max() * 1.1
    ticks = [tick for tick in (10_000, 20_000, 30_000, 50_000, 100_000, 200_000) if least <= tick <= most]
    ax.set_xticks(ticks, [count(tick) for tick in ticks])
    ax.minorticks_off()
    ax.set_xlim(least, most)
    ax.set_ylim(0, 1.02)
    ax.axvspan(*NETWORK_SIZE, color=PALE, zorder=0)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    _named_beside(ax, _marked(frame))
    ax.set_xlabel("Registered patients on a logarithmic scale; shaded: 30,000 to 50,000")
    ax.set_ylabel("Localisation: its patients living on its ground")
    ax.set_title(f"Localisation against size\n{table.about.title()}")
    ax.grid(axis="y")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, -0.24), ncols=4, fontsize=9.5, columnspacing=1.2)


def _named_beside(ax: Axes, marked: pd.DataFrame) -> None:
    """Mark networks, and name them in a column beside the axes, each with a line to its point."""
    if marked.empty:
        return
    marked = marked.sort_values("localisation")
    at = floats(marked["localisation"])
    place = str(marked["home"].iloc[0])
    ax.plot(floats(marked["patients"]), at, "D", color=DARK_PINK, markeredgecolor="white", markersize=8, label=place)
    heights = _apart(at / 1.02, 0.052)
    for row, height in zip(marked.itertuples(), heights, strict=True):
        ax.annotate(
            f"{short(row.pcn_name)} {percent(row.localisation)}", (float(row.patients), float(row.localisation)),
            xytext=(1.02, height), textcoords="axes fraction", va="center", fontsize=9.5, color=DARK_PINK,
            arrowprops={"arrowstyle": "-", "color": DARK_PINK, "linewidth": 0.7, "shrinkB": 4},
        )  # fmt: skip


def _apart(heights: np.ndarray, gap: float) -> np.ndarray:
    """Rising heights moved so far that each is a gap above the one below it, and the last stays within the axes."""
    steps = np.arange(len(heights)) * gap
    up = np.maximum.accumulate(heights - steps) + steps
    down = np.minimum.accumulate((up - steps)[::-1])[::-1] + steps
    return np.minimum(down, 1 - steps[::-1])


@chart(height=6.2, width=9.4)
def england_spread(table: ReleasedTable, ax: Axes) -> None:
    """Draw how four measures are spread over networks, with quartiles; networks of the marked place are lines."""
    frame = table.frame
    ax.set_axis_off()
    ax.set_title(f"How networks differ\n{table.about.title()}")
    marked = _marked(frame)
    for position, (column, name, of) in enumerate(PANELS):
        panel = ax.inset_axes((0.54 * (position % 2), 0.56 * (1 - position // 2), 0.46, 0.36))
        values = floats(frame[column].dropna())
        least = values.min() if column.endswith("_networks") else min(np.floor(values.min() * 20) / 20, 0.95)
        most = values.max() if column.endswith("_networks") else 1.0
        panel.hist(values, 30, range=(least, most), color=SOFT, edgecolor="white", linewidth=0.5)
        quartiles = np.quantile(values, (0.25, 0.5, 0.75))
        for quartile, style in zip(quartiles, (":", "-", ":"), strict=True):
            panel.axvline(quartile, color=INK, linewidth=1.3, linestyle=style)
        top = panel.get_ylim()[1]
        own = floats(marked[column].dropna())
        panel.plot(own, np.full(len(own), top * 1.06), "v", color=DARK_PINK, markersize=8, clip_on=False)
        panel.vlines(own, 0, top, color=DARK_PINK, linewidth=0.9)
        panel.set_ylim(0, top)
        if column.endswith("_networks"):
            panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        else:
            panel.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        panel.set_title(name, fontsize=11, pad=18)
        panel.set_xlabel(of, fontsize=9.5)
        panel.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        panel.set_ylabel("Networks" if position % 2 == 0 else "", fontsize=9.5)
        panel.tick_params(labelsize=9)
    keys = [Line2D([], [], color=INK, label="Median"), Line2D([], [], color=INK, linestyle=":", label="Quartiles")]
    if len(marked):
        place = f"Networks of {marked['home'].iloc[0]}"
        keys.append(Line2D([], [], color=DARK_PINK, marker="v", linewidth=0.9, markersize=8, label=place))
    ax.legend(handles=keys, loc="upper right", bbox_to_anchor=(1, 1.16), ncols=3, fontsize=9.5)


@chart(height=lambda table: 2.2 + 0.7 * table.frame["border"].nunique(), width=9.4)
def england_borders(table: ReleasedTable, ax: Axes) -> None:
    """Draw, for each border, which share of networks has how many of their patients beyond it, as parts of a bar."""
    frame = table.frame
    borders, classes = list(dict.fromkeys(frame["border"]))[::-1], list(dict.fromkeys(frame["away_class"]))
    begin = np.zeros(len(borders))
    for colour, name in zip(SHARES[1:], classes, strict=False):
        share = lengths(frame[frame["away_class"] == name].set_index("border")["share"].reindex(borders))
        ax.barh(borders, share, left=begin, color=colour, height=0.6, edgecolor="white", label=name)
        for row, (left, part) in enumerate(zip(begin, share, strict=True)):
            if part >= 0.04:  # noqa: PLR2004 - room for a number
                dark = colour in SHARES[3:]
                ax.text(left + part / 2, row, f"{part:.0%}", ha="center", va="center", color="white" if dark else INK)
        begin += share
    ax.set_yticks(range(len(borders)), [f"Beyond the\n{border}" for border in borders])
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("Share of networks")
    ax.tick_params(axis="y", length=0)
    ax.set_title(f"Patients who live beyond the borders of the network's home\n{table.about.title()}")
    ax.legend(
        title="Share of a network's patients who live beyond it", loc="upper left", bbox_to_anchor=(-0.02, -0.2),
        ncols=5, fontsize=9.5, columnspacing=1.2, alignment="left",
    )  # fmt: skip


@chart(height=lambda table: 1.7 + 0.36 * int((table.frame["since"] == table.frame["since"].iloc[0]).sum()), width=9.4)
def england_changes(table: ReleasedTable, ax: Axes) -> None:
    """Draw how many practices and networks changed since the earliest map, as bars."""
    frame = table.frame[table.frame["since"] == table.frame["since"].iloc[0]].iloc[::-1].reset_index(drop=True)
    colours = [DARK_BLUE if kind == "practices" else TURQUOISE for kind in frame["kind"]]
    bars = ax.barh(frame.index, lengths(frame["number"]), color=colours, height=0.7)
    patients = [f" ({count(row.patients)} patients)" if pd.notna(row.patients) else "" for row in frame.itertuples()]
    labels = [f"{count(row.number)}{more}" for row, more in zip(frame.itertuples(), patients, strict=True)]
    ax.bar_label(bars, labels, padding=4)
    ax.set_yticks(frame.index, [f"{name[:1].upper()}{name[1:]}" for name in frame["change"]])
    ax.set_title(f"What changed since {frame['since'].iloc[0]}\n{table.about.title()}")
    bare(ax)
    ax.set_xlim(0, max(float(lengths(frame["number"]).max()), 1) * 1.7)
    handles = [Patch(color=DARK_BLUE, label="Practices"), Patch(color=TURQUOISE, label="Networks")]
    ax.legend(handles=handles, loc="center right")


def _marked(frame: pd.DataFrame) -> pd.DataFrame:
    """Networks of the marked place, at most so many as can be named, largest first."""
    return frame[frame["marked"]].sort_values("patients", ascending=False).head(MOST_NAMED)


def short(name: Any) -> str:
    """Name of a network without the words that all of them share."""
    return str(name).removesuffix(" PCN")
