"""Charts and a map of any grouping of a place's practices: side by side, on whose ground, sharing, made of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.plots.network_maps import draw_won
from pcn_analysis.plots.sharing import draw_framed, draw_sharing, sharing_high
from pcn_analysis.plots.side_by_side import draw_bars, draw_coherence, draw_panels, draw_sizes, panels_high
from pcn_analysis.plots.style import WIDE, chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable


@chart(height=panels_high, width=WIDE)
def groups_measured(table: ReleasedTable, ax: Axes) -> None:
    """Draw size, localisation and commitment, and effective groups, a panel each and a row a group."""
    panels = (
        ("Registered\npatients", 0.0, 0.34, _sizes),
        ("Localisation and\ncommitment", 0.40, 0.37, draw_coherence),
        ("Effective\ngroups", 0.83, 0.17, _mixing),
    )
    draw_panels(table, ax, "group", "group_name", panels)


def _sizes(ax: Axes, frame: pd.DataFrame, rows: np.ndarray) -> None:
    meant = frame[["size_low", "size_high"]].dropna()
    draw_sizes(ax, frame, rows, (float(meant.iloc[0, 0]), float(meant.iloc[0, 1])) if len(meant) else None)


def _mixing(ax: Axes, frame: pd.DataFrame, rows: np.ndarray) -> None:
    effective = pd.to_numeric(frame["effective_groups"], errors="coerce").to_numpy(dtype=float)
    draw_bars(ax, effective, rows, frame["effective_groups"])
    ax.set_xlim(0, np.nanmax(np.append(effective, 2)) * 1.35)


@chart(height=8.8, width=WIDE)
def group_areas(table: ReleasedTable, ax: Axes) -> None:
    """Draw every area in the colour of the group that most registered people there are with."""
    draw_won(table, ax, "group", ("group", "group_name"), "in no group")


@chart(height=sharing_high("group_name"), width=WIDE)
def group_sharing(table: ReleasedTable, ax: Axes) -> None:
    """Draw with which groups the neighbours of each group's patients are: a row a group, its own cell framed."""
    draw_sharing(table, ax, "group", "group_name")


@chart(height=lambda table: 2.9 + 0.48 * table.frame["group_name"].nunique(), width=WIDE)
def made_of(table: ReleasedTable, ax: Axes) -> None:
    """Draw of which groups of the other grouping each group is made: a row a group, the matched cell framed."""
    frame = table.frame
    names, others = frame["group_name"].unique(), frame["other_name"].unique()
    shares = frame.pivot_table("share", "group_name", "other_name", "first").reindex(index=names, columns=others)
    shares = shares.astype("Float64").fillna(0.0)
    pairs = frame.loc[frame["matched"], ["group_name", "other_name"]].itertuples(index=False, name=None)
    framed = {(int(shares.index.get_loc(one)), int(shares.columns.get_loc(other))) for one, other in pairs}
    draw_framed(ax, shares, framed)
    ax.set_xlabel("Patients; each row adds up to 100%; framed: matched so that most patients stay", labelpad=8)
    ax.set_title(f"Of which groups of the other grouping is each group made?\n{table.about.title()}")
