"""Charts of the admission model of a place, and of what time alone does."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter, PercentFormatter

from pcn_analysis.plots.style import DARK_BLUE, DARK_PINK, GREY, INK, ORANGE, TURQUOISE, chart, floats, lengths
from pcn_analysis.words import NOT_SHOWN, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

TESTS = {"another year": (DARK_BLUE, "o", 0.14), "other practices": (ORANGE, "s", -0.14)}
"""Colour, marker and place within its row of each test."""
LINES = ((DARK_BLUE, "-"), (TURQUOISE, "--"), (DARK_PINK, "-."))
"""Colour and dashes of each model, the one that is used first."""
GROUPS_LEFT_OUT = ("Practice",)
"""Groups that are in the table alone, as there may be many."""
WRAPPED = 56
"""Letters in a line of the name of a group: none is cut, as ends of names tell groups apart."""
COIN = 0.5
"""The area under the curve of drawing lots."""


def drawn_groups(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of the groups that are drawn."""
    return frame[~frame["group"].isin(GROUPS_LEFT_OUT)].reset_index(drop=True)


@chart(height=5.6, width=7.2)
def admission_calibration(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share admitted of each tenth of risk against the mean risk, with its interval."""
    frame = table.frame
    risk, observed, lower, upper = (
        floats(frame[name]) for name in ("mean_risk", "observed", "observed_lower", "observed_upper")
    )
    most = float(np.nanmax([*np.nan_to_num(risk), *np.nan_to_num(upper), 0.01])) * 1.05
    ax.plot([0, most], [0, most], color=GREY, linewidth=1, linestyle="--", label="as many as expected")
    ax.errorbar(risk, observed, yerr=[observed - lower, upper - observed], fmt="o", color=DARK_BLUE, markersize=7,
                label="a tenth of people, with 95% interval")  # fmt: skip
    ax.set_xlim(0, most)
    ax.set_ylim(0, most)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    hidden = int(np.isnan(observed).sum())
    ax.set_xlabel(f"Expected: mean risk{f'; {hidden} of {len(frame)} tenths are {NOT_SHOWN}' if hidden else ''}")
    ax.set_ylabel("Share admitted")
    ax.set_title(f"Expected and observed admissions\n{table.about.title()}")
    ax.legend(loc="upper left")
    ax.grid()


@chart(height=lambda table: 2.2 + 0.5 * len(table))
def admission_top(table: ReleasedTable, ax: Axes) -> None:
    """Draw, for each share of the list, the share of it admitted and the share of all admitted who are on it."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    kinds = {"ppv": ("of them admitted", DARK_BLUE, "o", 0.14),
             "sensitivity": ("of all admitted, on the list", ORANGE, "s", -0.14)}  # fmt: skip
    for name, (label, colour, marker, place) in kinds.items():
        _forest(ax, frame, name, np.arange(len(frame)) + place, look=(colour, marker, label))
    ax.set_yticks(range(len(frame)), [f"top {one}" for one in frame["of_list"]])
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.set_xlim(left=0)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("Share, with 95% interval")
    ax.set_title(f"At the top of the list of risks\n{table.about.title()}")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.2), ncols=2)
    ax.grid(axis="x")


@chart(height=4.8)
def admission_net_benefit(table: ReleasedTable, ax: Axes) -> None:
    """Draw the net benefit of each model by threshold, of offering to everyone, and of offering to nobody."""
    frame = table.frame
    models = list(dict.fromkeys(frame["model"]))
    for name, (colour, dashes) in zip(models, LINES, strict=False):
        rows = frame[frame["model"] == name]
        ax.plot(floats(rows["threshold"]), floats(rows["net_benefit"]), dashes, color=colour, linewidth=2, label=name)
    first = frame[frame["model"] == models[0]]
    ax.plot(
        floats(first["threshold"]), floats(first["treat_all"]), color=GREY, linewidth=1.2, label="offer to everyone"
    )
    ax.axhline(0, color=INK, linewidth=1, label="offer to nobody")
    most = float(np.nanmax([*np.nan_to_num(floats(frame["net_benefit"])), 0.001]))
    ax.set_ylim(-0.35 * most, 1.15 * most)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("Threshold: the risk from which one would offer; lines end where too few people are above it")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 1000:g}"))
    ax.set_ylabel("Net benefit per 1,000 people")
    ax.set_title(f"Does offering by risk do more good than harm?\n{table.about.title()}")
    ax.legend(loc="upper right")
    ax.grid()


@chart(height=lambda table: 2.3 + 0.5 * table.frame["model"].nunique(), width=9.2)
def admission_models(table: ReleasedTable, ax: Axes) -> None:
    """Draw the area under the curve of each model, the ceiling among them, with its interval, by test."""
    frame = table.frame
    models = list(dict.fromkeys(frame["model"]))[::-1]
    for name, (colour, marker, place) in TESTS.items():
        rows = frame[frame["tested"] == name]
        if len(rows):
            at = np.array([models.index(one) for one in rows["model"]]) + place
            _forest(ax, rows, "auc", at, look=(colour, marker, name))
    used = set(frame.loc[frame["role"] == "used", "model"])
    labels = [textwrap.fill(f"{one}{' (used)' if one in used else ''}", 34) for one in models]
    ax.set_yticks(range(len(models)), labels)
    ax.set_ylim(-0.6, len(models) - 0.4)
    ax.axvline(COIN, color=GREY, linewidth=1, linestyle="--")
    ax.set_xlabel("Area under the curve, with 95% interval; dashed: drawing lots")
    ax.set_title(f"How well models tell people apart\n{table.about.title()}")
    ax.legend(title="Tested on", loc="upper left", bbox_to_anchor=(0, -0.17), ncols=2)
    ax.grid(axis="x")


@chart(height=lambda table: 2.0 + 0.37 * len(drawn_groups(table.frame)), width=9.6)
def admission_by_group(table: ReleasedTable, ax: Axes) -> None:
    """Draw admitted ÷ expected of each group with its interval, and the area under the curve beside it."""
    frame = drawn_groups(table.frame).iloc[::-1].reset_index(drop=True)
    at = np.arange(len(frame))
    ax.axvline(1, color=INK, linewidth=1)
    _forest(ax, frame, "observed_to_expected", at, look=(DARK_BLUE, "o", None))
    labels = [textwrap.fill(f"{row.group}: {row.value}", WRAPPED) for row in frame.itertuples()]
    ax.set_yticks(at, labels, fontsize=8.5)
    ax.set_ylim(-0.6, len(frame) + 0.5)
    ax.text(1.02, len(frame), "Area under the curve", transform=ax.get_yaxis_transform(), fontsize=9, va="center")
    for row, words in enumerate(frame["area"]):
        said = NOT_SHOWN if words.startswith("fewer") else words
        ax.text(1.02, row, said, transform=ax.get_yaxis_transform(), fontsize=9, va="center")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}×"))
    ax.set_xlabel("Admitted ÷ expected, with 95% interval; right of the line risks are too low")
    ax.set_title(f"Are risks right in each group?\n{table.about.title()}")
    ax.grid(axis="x")


@chart(height=3.4)
def admissions_in_time(table: ReleasedTable, ax: Axes) -> None:
    """Draw emergency admissions a year before and after, of those admitted often before and of everyone."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    looks = {"each_year_before": ("in the year before", DARK_PINK, 0.19),
             "each_year_after": ("in the year after", DARK_BLUE, -0.19)}  # fmt: skip
    for name, (label, colour, place) in looks.items():
        bars = ax.barh(frame.index + place, lengths(frame[name]), color=colour, height=0.34, label=label)
        ax.bar_label(bars, [NOT_SHOWN if np.isnan(one) else f"{one:.2f}" for one in floats(frame[name])], padding=4)
    ax.set_yticks(frame.index, [textwrap.fill(name, 24) for name in frame["group"]])
    ax.set_title(f"Emergency admissions for each year registered\n{table.about.title()}")
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.margins(x=0.12)
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=2)


@chart(height=lambda table: 1.7 + 0.42 * len(table))
def lists_in_time(table: ReleasedTable, ax: Axes) -> None:
    """Draw how many of the first list are on each later one as dots with their intervals."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    _forest(ax, frame, "share", np.arange(len(frame)), look=(DARK_BLUE, "o", None))
    for row, value in enumerate(floats(frame["share"])):
        if not np.isnan(value):
            ax.annotate(
                percent(value), (value, row), xytext=(0, 8), textcoords="offset points", ha="center", fontsize=9
            )
    ax.set_yticks(range(len(frame)), frame["later"])
    ax.set_ylim(-0.6, len(frame) - 0.2)
    ax.set_xlim(0, 1.02)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("Share of those with the highest 5% of risks who are on such a list again, with 95% interval")
    ax.set_title(f"Who is still on the list?\n{table.about.title()}")
    ax.grid(axis="x")


def _forest(ax: Axes, frame: pd.DataFrame, name: str, at: np.ndarray, *, look: tuple[str, str, str | None]) -> None:
    """Dots with their intervals; what is not shown is said in its row."""
    colour, marker, label = look
    value, lower, upper = (floats(frame[f"{name}{end}"]) for end in ("", "_lower", "_upper"))
    error = np.nan_to_num(np.clip([value - lower, upper - value], 0, None))
    ax.errorbar(value, at, xerr=error, fmt=marker, color=colour, markersize=6.5, label=label)
    for row in np.flatnonzero(np.isnan(value)):
        ax.text(0.01, at[row], NOT_SHOWN, transform=ax.get_yaxis_transform(), va="center", fontsize=8.5, color=GREY)
