"""Cells: a number in each, darker where it stands out, or in one of two colours where it differs from everyone's."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.patches import Patch

from pcn_analysis.plots.style import GREY, SHARES, floats, name_rows, subject
from pcn_analysis.words import NOT_KNOWN, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

HIDDEN, HIDDEN_GREY = "×", "#D8DDE0"
"""How a value that is not shown is marked in a cell."""
ROOMY = 10
"""Most columns that are written in type of full size."""


APART = LinearSegmentedColormap.from_list("apart", ("#12436D", "#7FA5C6", "#FFFFFF", "#D98FB4", "#801650"))
"""Lower than everyone, no clear difference, higher; of Dark blue and Dark pink."""
LEAST_DEPTH = 0.25
"""How deep, from 0 to 1, the colour of a clear difference is at least."""
FEW = 0.02
"""Share of everyone below which people of whom it is not known are not drawn."""
HORIZONTAL = 7
"""Most columns whose names stand upright above them."""
TWICE = 2
"""How many times everyone's share, or which part of it, is drawn deepest."""


def peopled(frame: pd.DataFrame, people: str = "patients") -> pd.DataFrame:
    """Rows of segments that anyone is in, by a column of how many: a figure has none of the others."""
    nobody = frame[people].eq(0).fillna(False).groupby(frame["segment"], sort=False).transform("all")
    return frame[~nobody]


def groups_high(by: str) -> Callable[[ReleasedTable], float]:
    """Height, in inches, of a figure by a group: a row a segment, and room for slanting names of many groups."""
    return lambda table: (
        2.5 + 0.4 * table.frame["segment"].nunique() + (1.0 if table.frame[by].nunique() >= HORIZONTAL else 0)
    )


def drawn_groups(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Rows that a figure by a group draws: of segments that anyone is in, and without a few of whom it is not known."""
    frame = peopled(frame)
    few = (frame["registered"] < FEW * frame["everyone_registered"]).fillna(True)
    return frame[~(frame[by].eq(NOT_KNOWN) & few)]


def draw_groups(table: ReleasedTable, ax: Axes, by: str, title: str) -> None:
    """Draw the share of each segment in each group: a row a segment, a column a group, everyone's share first.

    A cell is coloured where the whole interval of its share is above or below everyone's.
    """
    frame = drawn_groups(table.frame, by)
    segments = list(dict.fromkeys(frame["segment"]))
    groups = frame[by].to_list()[:: len(segments)]  # by place, as two practices may share a name
    everyone = floats(frame["everyone_share"])[: len(segments)]
    shares = floats(frame["share"]).reshape(len(groups), len(segments))
    differs = frame["share_compared"].isin(["higher", "lower"]).to_numpy().reshape(shares.shape)
    shares, differs = np.vstack([everyone, shares]).T, np.vstack([everyone < 0, differs]).T
    whom = f"Everyone {frame['whom'].iloc[0]}".rstrip()
    draw_apart(ax, shares, differs, (segments, [whom, *groups]), TWICE)
    if groups[-1] == NOT_KNOWN:
        ax.axvline(len(groups) - 0.5, color="white", linewidth=5)
    ax.set_title(f"{title}\n{subject(table)}")


def draw_apart(
    ax: Axes,
    shares: np.ndarray,
    differs: np.ndarray,
    names: tuple[Sequence[str], Sequence[str]],
    most: float,
    *,
    whole: str = "everyone",
    turned: bool = False,
) -> None:
    """Draw shares as cells beside everyone's, coloured where they differ from it.

    Parameters
    ----------
    ax
        Where to draw.
    shares
        By row and column, everyone's first; not a number where it is not shown.
    differs
        Whether a share clearly differs from everyone's, in the same shape.
    names
        Of the rows, and of the columns.
    most
        How many times everyone's share, or which part of it, is drawn deepest.
    whole
        What everyone is called.
    turned
        Draw columns as rows, and rows as columns.
    """
    rows, columns = names[::-1] if turned else names
    everyone = shares[:, :1]
    ratio = np.divide(shares, everyone, out=np.ones_like(shares), where=np.nan_to_num(everyone) > 0)
    depth = np.log(np.clip(np.nan_to_num(ratio, nan=1), 1 / most, most)) / np.log(most)
    depth = np.where(differs, np.sign(depth) * np.maximum(np.abs(depth), LEAST_DEPTH), 0)
    colours = APART((depth + 1) / 2)
    colours[np.isnan(shares)] = to_rgba(HIDDEN_GREY)
    if turned:
        shares, colours = shares.T, colours.swapaxes(0, 1)
    _draw(ax, shares, colours, 8.0 if len(columns) > ROOMY else 9.5)
    name_rows(ax, range(len(rows)), rows)
    _head(ax, columns)
    (ax.axhline if turned else ax.axvline)(0.5, color=GREY, linewidth=1.2)
    times = "twice" if most == TWICE else f"{most:g} times"
    part = "half" if most == TWICE else f"1 in {most:g}"
    keys = [(0.15, f"lower than {whole}, to {part} or less"), (0.5, "no clear difference"),
            (0.85, f"higher, to {times} or more")]  # fmt: skip
    handles = [Patch(facecolor=APART(at), edgecolor=GREY, linewidth=0.6, label=words) for at, words in keys]
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, -0.02), ncols=3, fontsize=9, handlelength=1.2)
    hidden = f"; {HIDDEN} is not shown" if np.isnan(shares).any() else ""
    ax.set_xlabel(f"Coloured where the whole 95% interval lies above or below {whole}'s share{hidden}", labelpad=30)


def _head(ax: Axes, columns: Sequence[str]) -> None:
    """Name columns above them: upright while there is room, else slanting."""
    if len(columns) <= HORIZONTAL:
        names = [textwrap.fill(name.replace("/", "/ "), 13) for name in columns]
        ax.set_xticks(range(len(columns)), names, fontsize=9)
    else:
        names = [textwrap.fill(name.replace("/", "/ "), 30) for name in columns]
        ax.set_xticks(range(len(columns)), names, fontsize=8, rotation=60, ha="left", rotation_mode="anchor")
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.spines[:].set_visible(False)


def draw_cells(ax: Axes, shares: np.ndarray, darkness: np.ndarray, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Draw shares as cells.

    Parameters
    ----------
    ax
        Where to draw.
    shares
        By row and column; not a number where it is not shown.
    darkness
        From 0 to 1, in the same shape.
    rows, columns
        Their names.
    """
    colours = LinearSegmentedColormap.from_list("shares", SHARES)(darkness)
    colours[np.isnan(shares)] = to_rgba(HIDDEN_GREY)
    crowded = len(columns) > ROOMY
    _draw(ax, shares, colours, 7.5 if crowded else 9.5)
    ax.set_yticks(range(len(rows)), rows)
    names = [textwrap.fill(name.replace("/", "/ "), 10 if crowded else 12) for name in columns]
    ax.set_xticks(range(len(columns)), names, fontsize=7 if crowded else 9)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.spines[:].set_visible(False)


def _draw(ax: Axes, shares: np.ndarray, colours: np.ndarray, size: float) -> None:
    """Cells of some colours with their shares written in them."""
    ax.imshow(colours, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        text = HIDDEN if np.isnan(share) else percent(share)
        ax.text(column, row, text, ha="center", va="center", fontsize=size, color=_readable(colours[row, column]))


def _readable(colour: np.ndarray) -> str:
    """Black or white, whichever stands out more: always at least 4.5 to 1 (WCAG 2.2, relative luminance)."""
    linear = np.where(colour[:3] <= 0.04045, colour[:3] / 12.92, ((colour[:3] + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return "black" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "white"
