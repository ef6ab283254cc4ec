"""Charts of a team: hours of work, posts now and in two scenarios, what is covered, what a sum buys, what matters."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.plots.style import DARK_BLUE, GREY, INK, ORANGE, PALE, TURQUOISE, WIDE, bare, chart, floats, lengths
from pcn_analysis.release import check_released
from pcn_analysis.words import NOT_ASSESSED, NOT_KNOWN, NOT_SHOWN, pounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

WRAPPED = 44
"""Letters in a line of the name of a task or role."""
COLOURS = {"now": GREY, "A": DARK_BLUE, "B": ORANGE}
AS_PLANNED = "as planned"
NO_CHANGE = "0.0"


def drawn_tasks(frame: pd.DataFrame) -> pd.DataFrame:
    """Work that is drawn: whatever somebody needs, or for too few to show."""
    return frame[frame["task"].notna() & ~frame["people"].eq(0).fillna(False) & frame["status"].ne(NOT_ASSESSED)]


def drawn_changes(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a scenario and assumption: the difference and the cost if it is lower, and if it is higher."""
    changed = frame[frame["assumption"].ne(AS_PLANNED)]
    low, high = (
        changed[side].set_index(["scenario", "assumption"])[["change", "difference", "cost"]]
        for side in (changed["change"].lt(0), changed["change"].gt(0))
    )
    both = low.add_suffix("_low").join(high.add_suffix("_high"), how="outer")
    widest = both[["difference_low", "difference_high"]].abs().max(axis=1).fillna(-1.0)
    order = widest.groupby(level="assumption").max().sort_values(ascending=False, kind="stable").index
    rank = both.index.get_level_values("assumption").map({name: at for at, name in enumerate(order)})
    return both.reset_index().assign(rank=rank).sort_values(["rank", "scenario"], ignore_index=True)


def team_work(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw the hours a month of each task in both scenarios; there is no figure where nobody needs any."""
    check_released(table)
    return _work(table, ax) if len(table) and len(drawn_tasks(table.frame)) else None


@chart(height=lambda table: 1.8 + 0.46 * len(drawn_tasks(table.frame)), width=WIDE)
def _work(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_tasks(table.frame).iloc[::-1].reset_index(drop=True)
    months = [float(frame[name].iloc[0]) for name in ("months", "other_months")]
    labels = [f"scenario {name}: {month:g} months of backlog" for name, month in zip("AB", months, strict=True)]
    _pairs(ax, frame, ("hours", "other_hours"), labels, _hours)
    ax.set_yticks(frame.index, [_task(row) for row in frame.itertuples()], fontsize=9.5)
    for tick, planned in zip(ax.get_yticklabels(), frame["planned"], strict=True):
        tick.set_color(INK if planned else GREY)
    ax.set_title(f"Hours of work a month\n{table.about.title()}")
    _finish(ax)


def _task(row: Any) -> str:
    return textwrap.fill(row.task + ("" if row.planned else " (segment; not in the plans)"), WRAPPED)


def _hours(value: Any) -> str:
    return NOT_SHOWN if pd.isna(value) else f"{value:,.0f}" if value >= 1 else f"{value:,.1f}"


@chart(height=lambda table: 1.8 + 0.62 * len(table), width=WIDE)
def team_posts(table: ReleasedTable, ax: Axes) -> None:
    """Draw whole-time equivalents by role: those there, and those of both scenarios."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    at = np.array(frame.index)
    shifts = {"now": ("now", 0.27), "A": ("planned", 0.0), "B": ("other_planned", -0.27)}
    for name, (column, shift) in shifts.items():
        label = "there now" if name == "now" else f"scenario {name}"
        bars = ax.barh(at + shift, lengths(frame[column]), color=COLOURS[name], height=0.25, label=label)
        ax.bar_label(bars, [_wte(value, name) for value in frame[column]], padding=4, fontsize=9)
    ax.set_yticks(at, [_role(row) for row in frame.itertuples()], fontsize=9.5)
    ax.set_title(f"Posts by role (whole-time equivalents)\n{table.about.title()}")
    _finish(ax)


def _wte(value: Any, name: str) -> str:
    if pd.isna(value):
        return NOT_KNOWN if name == "now" else "not planned"
    return f"{value:.1f}" if round(float(value), 1) == float(value) else f"{value:.2f}"


def _role(row: Any) -> str:
    return textwrap.fill(row.name if row.cost_of != NOT_KNOWN else f"{row.name} (cost not known)", WRAPPED)


@chart(height=lambda table: 1.8 + 0.46 * len(table), width=WIDE)
def team_cover(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share of the hours of each task that is covered in both scenarios."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    _pairs(ax, frame, ("share", "other_share"), ["scenario A", "scenario B"], _share)
    ax.set_yticks(frame.index, [textwrap.fill(name, WRAPPED) for name in frame["task"]], fontsize=9.5)
    ax.set_title(f"Share of the hours of each task that is covered\n{table.about.title()}")
    _finish(ax)


def _share(value: Any) -> str:
    return NOT_SHOWN if pd.isna(value) else f"{float(value):.0%}"


@chart(height=4.8, width=WIDE)
def team_trade_off(table: ReleasedTable, ax: Axes) -> None:
    """Draw what each sum buys in both scenarios, with the team that the scenario's own sum buys marked."""
    frame = table.frame
    for name, rows in frame.groupby("scenario"):
        colour = COLOURS[str(name)]
        cost, coverage = floats(rows["cost"]) / 1e6, floats(rows["coverage"])
        ax.plot(cost, coverage, "o-", color=colour, markersize=5, linewidth=1.4, label=f"scenario {name}")
        chosen = rows["chosen"].to_numpy(dtype=bool)
        ax.scatter(cost[chosen], coverage[chosen], marker="D", s=90, color="white", edgecolors=colour, linewidths=2,
                   zorder=4)  # fmt: skip
        for x, y in zip(cost[chosen], coverage[chosen], strict=True):
            ax.annotate(f"{name}: {y:.1%}", (x, y), xytext=(0, 11), textcoords="offset points", ha="center", color=INK)
    ax.set_ylim(0, max(1.0, float(floats(frame["coverage"]).max())) * 1.06)
    ax.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    ax.xaxis.set_major_formatter(lambda million, _: f"£{million:.1f}m")
    ax.set_xlim(
        left=min(0.0, float(floats(frame["cost"]).min())), right=float(floats(frame["cost"]).max()) / 1e6 * 1.08
    )
    ax.set_xlabel("cost of the team in a year")
    ax.set_ylabel("hours covered")
    ax.grid(axis="both")
    ax.set_title(f"What each sum buys (diamond: the plan)\n{table.about.title()}")
    ax.legend(loc="lower right")


def team_sensitivity(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw how far the covered share moves if an assumption is lower or higher; none where there is no plan."""
    check_released(table)
    return _sensitivity(table, ax) if len(table) and len(drawn_changes(table.frame)) else None


@chart(height=lambda table: 2.2 + 0.52 * len(drawn_changes(table.frame)), width=WIDE)
def _sensitivity(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_changes(table.frame).iloc[::-1].reset_index(drop=True)
    by = float(frame["change_high"].iloc[0])
    for name, colour, label in (("low", TURQUOISE, f"{by:.0%} lower"), ("high", DARK_BLUE, f"{by:.0%} higher")):
        points = np.nan_to_num(floats(frame[f"difference_{name}"])) * 100
        ax.barh(frame.index, points, color=colour, height=0.6, label=label)
    ends = [np.nan_to_num(floats(frame[f"difference_{name}"])) * 100 for name in ("low", "high")]
    right = np.maximum(np.maximum(*ends), 0)
    for place, row in enumerate(frame.itertuples()):
        ax.annotate(
            changed_words(row),
            (right[place], place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    ax.axvline(0, color=GREY, linewidth=0.8)
    names = [f"{row.scenario}: {row.assumption}" for row in frame.itertuples()]
    ax.set_yticks(frame.index, names, fontsize=9.5)
    ax.tick_params(axis="y", length=0)
    widest = max(float(np.abs(np.concatenate(ends)).max()), 1.0)
    ax.set_xlim(-1.2 * widest, 3.4 * widest)
    ax.set_xticks([])
    ax.spines[["bottom", "left"]].set_visible(False)
    ax.set_title(f"What changes if one assumption is wrong (percentage points covered)\n{table.about.title()}")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.02), ncols=2)


def changed_words(row: Any) -> str:
    """What a lower and a higher value of an assumption change, in words: cover, or what the same cover costs."""
    low, high = (_points(one) for one in (row.difference_low, row.difference_high))
    if (low, high) != (NO_CHANGE, NO_CHANGE):
        return f"{low} if lower, {high} if higher"
    if _cost(row.cost_low) == _cost(row.cost_high):
        return "no change"
    return f"same cover: {_cost(row.cost_low)} if lower, {_cost(row.cost_high)} if higher"


def _points(value: Any) -> str:
    if pd.isna(value):
        return "no team"
    points = round(float(value) * 100, 1)
    return f"{points:+.1f}" if points else NO_CHANGE


def _cost(value: Any) -> str:
    return pounds(None if pd.isna(value) else round(float(value), -3))


def _pairs(
    ax: Axes, frame: pd.DataFrame, columns: Sequence[str], labels: Sequence[str], written: Any
) -> None:  # fmt: skip
    """Two bars a row, one a scenario, each with its value."""
    for column, label, name, shift in zip(columns, labels, "AB", (0.19, -0.19), strict=True):
        at = np.array(frame.index) + shift
        bars = ax.barh(at, lengths(frame[column]), color=COLOURS[name], height=0.36, label=label)
        ax.bar_label(bars, [written(value) for value in frame[column]], padding=4, fontsize=9)


def _finish(ax: Axes) -> None:
    bare(ax)
    ax.margins(x=0.16)
    ax.set_ylim(-0.6, len(ax.get_yticks()) - 0.4)
    for place in range(0, len(ax.get_yticks()), 2):
        ax.axhspan(place - 0.5, place + 0.5, color=PALE, alpha=0.45, zorder=0)
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=3)
