"""How figures look: colours, type and the line under each figure that says where its data come from."""

from __future__ import annotations

import textwrap
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

from pcn_analysis.provenance import SYNTHETIC, SYNTHETIC_PEOPLE
from pcn_analysis.release import ReleasedTable, check_released

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from matplotlib.axes import Axes

    from pcn_analysis.provenance import Source

LABEL_INCHES = 0.25
SOURCE_INCHES = 0.15
"""Height of the line that a label adds to a title."""
DARK_BLUE = "#12436D"
TURQUOISE = "#28A197"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
"""Categorical colours of the Government Analysis Function, in its order."""
GREY = "#6B7276"
PALE = "#E8EDEE"
INK = "#212B32"

SHARES = ("#F3F6F9", "#C6DBEC", "#8FBCDC", "#4F93C4", "#1F6AA5", "#0B3C6F")
"""One hue from pale to dark for shares; neighbours differ in lightness."""

WIDE = 9.8
"""Width of a figure of all networks or groups of a place, in inches."""
LONG_NAME = 30
"""Letters of a row's name that stand in one line."""

SETTINGS: Any = {
    "figure.dpi": 100,
    "savefig.dpi": 150,
    "font.size": 11,
    "axes.titlesize": 12.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.axisbelow": True,
    "grid.color": "#D8DDE0",
    "legend.frameon": False,
    "hatch.linewidth": 0.6,
}


def chart(height: float | Callable[[ReleasedTable], float], width: float = 8.6) -> Callable[..., Any]:
    """Make a drawing function into a chart of one released table.

    The chart takes a released table and, optionally, Axes to draw on; it returns the Axes, or None where the
    table has no rows. A function of the table may stand for the height in inches.
    """

    def decorate(draw: Callable[[ReleasedTable, Axes], None]) -> Callable[..., Axes | None]:
        @wraps(draw)
        def drawn(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
            check_released(table)
            if not len(table):
                return None
            with mpl.rc_context(SETTINGS):
                own = ax is None
                if ax is None:
                    inches = height(table) if callable(height) else height
                    _, ax = plt.subplots(figsize=(width, inches), layout="constrained")
                with _undrawn(ax.figure):
                    draw(table, ax)
                if table.provenance.label == SYNTHETIC_PEOPLE:
                    _label_title(ax, room=own)
                source = source_line(table)
                if own and not ax.figure.get_constrained_layout():
                    _make_room(ax, SOURCE_INCHES * source.count("\n"))
                ax.figure.supxlabel(source, x=0.01, ha="left", fontsize=8.5, color=GREY)
            return ax

        return drawn

    return decorate


@contextmanager
def _undrawn(figure: Any) -> Iterator[None]:
    """Draw nothing yet: geopandas asks for the whole figure after each layer, and it is drawn when it is shown."""
    canvas = figure.canvas
    canvas.draw_idle = lambda *_, **__: None
    try:
        yield
    finally:
        vars(canvas).pop("draw_idle", None)


def _label_title(ax: Axes, *, room: bool) -> None:
    """Say above the title, in a line of its own, that nobody shown exists."""
    ax.set_title(f"{SYNTHETIC_PEOPLE}\n{ax.get_title(loc='left')}", loc="left")
    if room:
        ax.figure.set_figheight(ax.figure.get_figheight() + LABEL_INCHES)  # type: ignore[union-attr]


def _make_room(ax: Axes, more: float) -> None:
    """Push a bare frame of axes up by some inches, for the lines of its source."""
    figure: Any = ax.figure
    high = figure.get_figheight()
    left, bottom, wide, tall = ax.get_position().bounds
    figure.set_figheight(high + more)
    ax.set_position((left, (bottom * high + more) / (high + more), wide, tall * high / (high + more)))


def source_line(table: ReleasedTable) -> str:
    """Say below a figure where its data come from."""
    provenance = table.provenance
    if provenance.label == SYNTHETIC:
        return f"{SYNTHETIC}: an invented place; not a finding. Made with pcn_analysis."
    invented = provenance.label == SYNTHETIC_PEOPLE
    sources = [source for source in provenance.sources if not invented or source.kind == "published"]
    publishers = ", ".join(dict.fromkeys(source.publisher for source in sources))
    crown = [text for text in dict.fromkeys(map(_crown, sources)) if text]
    licences = ", ".join(dict.fromkeys(source.licence for source in sources))
    parts = [f"{SYNTHETIC_PEOPLE}: nobody shown exists; not a finding."] if invented else []
    parts += [f"{'Fitted to counts of' if invented else 'Source:'} {publishers}; {licences}."] if sources else []
    parts += [*crown, *(["Part modelled."] if provenance.modelled else [])]
    return textwrap.fill(" ".join([*parts, "Made with pcn_analysis."]), 105)


def _crown(source: Source) -> str:
    """The Ordnance Survey's line, where a boundary file asks for it."""
    _, mark, rest = source.attribution.partition("Contains OS data")
    return mark + rest


def subject(table: ReleasedTable) -> str:
    """Name and date for a title, with the model and variant of a table that is of one in a line of its own."""
    frame, title = table.frame, table.about.title()
    return f"{title}\n{textwrap.fill(frame['model'].iloc[0], 55)}" if "model" in frame else title


def name_rows(ax: Axes, rows: Any, names: Any) -> None:
    """Name rows, long names over two lines in smaller type, so that they leave room for what is drawn."""
    wrapped = [textwrap.fill(name, LONG_NAME) for name in names]
    ax.set_yticks(rows, wrapped, fontsize=9.5 if any("\n" in name for name in wrapped) else None)


def lay_out(ax: Axes, *, left: float = 0.1, right: float = 0.15, top: float = 0.7, bottom: float = 0.8) -> None:
    """Make a bare frame of axes, which fills its figure but for margins, in inches."""
    figure: Any = ax.figure
    figure.set_layout_engine("none")
    wide, high = figure.get_size_inches()
    ax.set_position((left / wide, bottom / high, 1 - (left + right) / wide, 1 - (top + bottom) / high))
    ax.set_axis_off()


def floats(values: pd.Series):
    """Values as floats for drawing; suppressed ones are left blank."""
    return values.astype("Float64").to_numpy(dtype=float, na_value=float("nan"))


def lengths(values: pd.Series):
    """Lengths of bars; what is suppressed has none, and its label says so."""
    return np.nan_to_num(floats(values))


def bare(ax: Axes) -> None:
    """Bars that carry their values need no value axis."""
    ax.margins(x=0.12, y=0.02)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", length=0)
