"""Chart of what a network was paid over what the contract's rates give, beside all networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from pcn_analysis.plots.style import DARK_BLUE, DARK_PINK, GREY, INK, SHARES, WIDE, chart, floats
from pcn_analysis.release import check_released
from pcn_analysis.words import number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

MOST = 2.0
"""Times what was computed, beyond which marks stand at the edge."""
FULL = 1.0
ROOM = 0.03
"""Left of 0, so that marks there do not touch names."""


def drawn_payments(frame: pd.DataFrame) -> pd.DataFrame:
    """Lines that can be compared for some network."""
    return frame[frame["median"].notna()] if "median" in frame else frame.iloc[:0]


def payments_held(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw each line as published over computed, the middle of all networks and this one; no figure of none."""
    check_released(table)
    return _payments_held(table, ax) if len(drawn_payments(table.frame)) else None


@chart(height=lambda table: 2.6 + 0.55 * len(drawn_payments(table.frame)), width=WIDE)
def _payments_held(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_payments(table.frame).iloc[::-1].reset_index(drop=True)
    at = np.arange(len(frame))
    for low, high, colour in (
        ("lower_tenth", "upper_tenth", SHARES[1]),
        ("lower_quartile", "upper_quartile", SHARES[2]),
    ):
        left, right = (np.clip(floats(frame[name]), 0, MOST) for name in (low, high))
        ax.barh(at, right - left, left=left, height=0.56, color=colour)
    ax.vlines(floats(frame["median"]), at - 0.28, at + 0.28, color=DARK_BLUE, linewidth=2)
    ax.axvline(FULL, color=INK, linewidth=1)
    ax.plot(np.clip(floats(frame["ratio"]), 0, MOST), at, "D", color=DARK_PINK, markeredgecolor="white", markersize=8,
            clip_on=False, zorder=4)  # fmt: skip
    for row, one in enumerate(frame.itertuples()):
        ax.text(1.03 * MOST, row, told(one), va="center", fontsize=9.5, color=INK)
    ax.set_xlim(-ROOM, MOST)
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.set_yticks(at, frame["column"].to_list(), fontsize=9.5)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Published over computed; marks beyond 2 stand at the edge", color=GREY)
    ax.set_title(f"Payments of {frame['contract_year'].iloc[0]} over what the rates give\n{table.about.network}")
    ax.grid(axis="x")
    keys = [Line2D([], [], color=DARK_PINK, marker="D", linestyle="", markersize=8, label=table.about.network),
            Patch(color=SHARES[2], label="Middle half of networks"), Patch(color=SHARES[1], label="Middle 80%"),
            Line2D([], [], color=DARK_BLUE, linewidth=2, label="Median")]  # fmt: skip
    ax.legend(handles=keys, loc="upper left", bbox_to_anchor=(-0.3, -0.9 / len(frame) - 0.05), ncols=4, fontsize=9.5)


def told(row: Any) -> str:
    """The network's own payment over what was computed, and of how many networks there is one."""
    own = "none shown" if pd.isna(row.ratio) else percent(row.ratio)
    return f"{own}; {number(row.networks, 'network')}"
