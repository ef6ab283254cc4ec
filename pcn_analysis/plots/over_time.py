"""XmR control charts of what networks did month by month: what is steady, and what has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.dates import ConciseDateFormatter, MonthLocator

from pcn_analysis.plots.style import DARK_BLUE, GREY, ORANGE, WIDE, chart, floats, lay_out
from pcn_analysis.statistics.control_charts import COMMON

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

EACH = 2.0
"""Height of the chart of one event, in inches."""


@chart(height=lambda table: 2.2 + EACH * table.frame["event"].nunique(), width=WIDE)
def control_charts(table: ReleasedTable, ax: Axes) -> None:
    """Draw the months of each event in a chart of its own, with mean, limits, and the months that stand out."""
    events = list(table.frame.groupby("event", sort=False))
    lay_out(ax, left=0.6, right=0.2, top=1.0, bottom=1.1)
    ax.set_title(f"What was done each month\n{table.about.title()}", pad=14, x=-0.04)
    height = 1 / len(events)
    panels = [ax.inset_axes((0, 1 - (place + 1) * height, 1, 0.62 * height)) for place in range(len(events))]
    for panel, (event, rows) in zip(panels, events, strict=True):
        _draw(panel, str(event), rows)
    panels[-1].legend(loc="upper left", bbox_to_anchor=(0, -0.28), ncols=4, fontsize=9.5)


def _draw(ax: Axes, event: str, rows: pd.DataFrame) -> None:
    months: Any = pd.to_datetime(rows["month"] + "-01").to_numpy()
    events = floats(rows["events"])
    for name, style in (("mean", "-"), ("lower", "--"), ("upper", "--")):
        ax.plot(months, floats(rows[name]), linestyle=style, color=GREY, linewidth=1.2,
                label={"mean": "mean", "lower": "process limits"}.get(name, "_upper"))  # fmt: skip
    ax.plot(months, events, color=DARK_BLUE, linewidth=1.2, marker="o", markersize=5, label="month")
    told = (rows["signal"].notna() & (rows["signal"] != COMMON).fillna(False)).to_numpy(dtype=bool)
    ax.plot(months[told], events[told], linestyle="", marker="o", markersize=8, color=ORANGE, label="stands out")
    ax.set_title(event, fontsize=11, pad=6)
    ax.set_ylim(0, 1.12 * float(pd.Series([1.0, *events, *floats(rows["upper"])]).max()))
    ax.margins(x=0.02)
    ax.grid(axis="y")
    quarters = MonthLocator(bymonth=(1, 4, 7, 10))
    ax.xaxis.set_major_locator(quarters)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(quarters))
