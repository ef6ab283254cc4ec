"""Cells of who shares people with whom: a row a network or group, with the cells that matter framed."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from pcn_analysis.plots.cells import HORIZONTAL, draw_cells
from pcn_analysis.plots.style import ORANGE, name_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

MOST_CELLS = 14
"""Most networks or groups whose sharing is drawn; of more, those that share most."""


def drawn_sharing(frame: pd.DataFrame, each: str) -> tuple[pd.DataFrame, int]:
    """Shares by name, in the column ``each``, and other name as they are drawn, and how many names there are.

    Of more than :data:`MOST_CELLS` those that share most are drawn; the rest are among the others.
    """
    names = list(dict.fromkeys(frame[each]))
    others = list(dict.fromkeys(frame["other_name"]))
    shares = frame.pivot_table("share", each, "other_name", "first").astype("Float64").reindex(names)[others]
    own = pd.Series({name: shares.loc[name, name] for name in names})
    kept = own.sort_values(kind="stable").index[:MOST_CELLS]
    kept = [name for name in names if name in kept]
    rest = [name for name in names if name not in kept]
    shares = shares.loc[kept]
    if rest:
        shares["Others"] = shares.get("Others", 0) + shares[rest].sum(axis=1)
    return shares.drop(columns=rest), len(names)


def sharing_high(each: str) -> Callable[[ReleasedTable], float]:
    """Height of a figure of sharing, in inches, by the names in a column."""
    return lambda table: 2.7 + 0.48 * min(table.frame[each].nunique(), MOST_CELLS)


def draw_sharing(table: ReleasedTable, ax: Axes, noun: str, each: str) -> None:
    """Draw with which networks or groups, named in ``each``, the neighbours of each one's patients are."""
    shares, known = drawn_sharing(table.frame, each)
    draw_framed(ax, shares, [(row, int(shares.columns.get_loc(name))) for row, name in enumerate(shares.index)])
    ax.set_xlabel(f"Each row adds up to 100%; framed: with the same {noun}", labelpad=8)
    which = f": the {len(shares)} of {known} {noun}s that share most" if known > len(shares) else ""
    ax.set_title(f"With which {noun} are the neighbours of each {noun}'s patients?\n{table.about.title()}{which}")


def draw_framed(ax: Axes, shares: pd.DataFrame, framed: Iterable[tuple[int, int]]) -> None:
    """Draw shares as cells, some of them framed, with names of columns above: slanting where there are many."""
    values = shares.to_numpy(dtype=float, na_value=np.nan)
    names = shares.columns
    draw_cells(ax, values, np.sqrt(np.clip(np.nan_to_num(values), 0, 1)), list(shares.index), list(names))
    name_rows(ax, range(len(shares)), shares.index)
    upright = len(names) <= HORIZONTAL
    short = [str(name).removesuffix(" PCN") for name in names]
    short = [textwrap.fill(name, 14, break_long_words=False) for name in short] if upright else short
    look: Any = {} if upright else {"rotation": 45, "ha": "left", "rotation_mode": "anchor"}
    ax.set_xticks(range(len(names)), short, fontsize=8.5, **look)
    for row, at in framed:
        ax.add_patch(Rectangle((at - 0.47, row - 0.47), 0.94, 0.94, fill=False, edgecolor=ORANGE, linewidth=2.4))
