"""Charts of cardiovascular disease prevention: how raised blood pressure is followed up, and who at risk is treated."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.plots.style import DARK_BLUE, GREY, ORANGE, PALE, bare, chart, lengths
from pcn_analysis.release import check_released
from pcn_analysis.words import NOT_ASSESSED, NOT_SHOWN, count, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

WRAPPED = 34
"""Letters in a line of the name of a route."""
NONE_RECORDED = "none recorded"
KINDS = {
    "treated": (DARK_BLUE, "has it"),
    "declined": (GREY, "declined or not suitable"),
    "neither": (ORANGE, "neither"),
}
"""Colour of each kind of treatment, and what it is called."""
ROOM = 1.8
"""Length of the axis against the longest bar, so that numbers stand beside it."""


def _assessed(table: ReleasedTable) -> bool:
    check_released(table)
    return bool(len(table)) and not table.frame["status"].eq(NOT_ASSESSED).all()


def follow_up_routes(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw how many raised readings were followed up in each way, and how many in none; no figure if not assessed."""
    return _routes(table, ax) if _assessed(table) else None


@chart(height=lambda table: 1.4 + 0.52 * len(table), width=9.2)
def _routes(table: ReleasedTable, ax: Axes) -> None:
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    none = frame["route"].eq(NONE_RECORDED)
    bars = ax.barh(frame.index, lengths(frame["people"]), color=np.where(none, ORANGE, DARK_BLUE).tolist(), height=0.62)
    ax.bar_label(bars, [_people(row) for row in frame.itertuples()], padding=4)
    ax.set_yticks(frame.index, [textwrap.fill(_capital(name), WRAPPED) for name in frame["route"]], fontsize=9.5)
    ax.set_title(f"Raised blood pressure off the register: first follow-up (CVD-01)\n{table.about.title()}")
    bare(ax)
    ax.margins(x=0.22)


def _people(row: Any) -> str:
    return NOT_SHOWN if pd.isna(row.people) else f"{count(row.people)} ({percent(row.share)})"


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def stroke_risk(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw people with atrial fibrillation by CHA2DS2-VASc and anticoagulant; no figure if not assessed."""
    return _anticoagulants(table, ax) if _assessed(table) else None


@chart(height=lambda table: 2.0 + 0.62 * len(table), width=9.2)
def _anticoagulants(table: ReleasedTable, ax: Axes) -> None:
    names = [f"{row.band}\n({row.advice})" for row in table.frame.itertuples()]
    _stacked(table, ax, names)
    ax.set_title(f"Atrial fibrillation: an anticoagulant by CHA₂DS₂-VASc (NICE NG196)\n{table.about.title()}")


def statin_by_risk(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw people with a high QRISK3 and no statin by whether one was declined; no figure if not assessed."""
    return _statins(table, ax) if _assessed(table) else None


@chart(height=lambda table: 2.0 + 0.62 * len(table), width=9.2)
def _statins(table: ReleasedTable, ax: Axes) -> None:
    _stacked(table, ax, list(table.frame["band"]))
    ax.set_title(f"QRISK3 of 10% or more, without a statin\n{table.about.title()}")


def _stacked(table: ReleasedTable, ax: Axes, names: list[str]) -> None:
    """Bars of people, one kind of treatment after the other; what is not shown has no length, and its label says so."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    kinds = {kind: look for kind, look in KINDS.items() if kind in frame}
    begun = np.zeros(len(frame))
    for kind, (colour, name) in kinds.items():
        ax.barh(frame.index, lengths(frame[kind]), left=begun, color=colour, height=0.58, label=name)
        begun = begun + lengths(frame[kind])
    rest = np.clip(lengths(frame["people"]) - begun, 0, None)
    named = NOT_SHOWN if frame[list(kinds)].isna().any(axis=None) else None
    ax.barh(frame.index, rest, left=begun, color=PALE, height=0.58, label=named)
    for at, row in enumerate(frame.to_dict("records")):
        end = max(begun[at], float(lengths(frame["people"])[at]))
        ax.annotate(_each(row, list(kinds)), (end, at), (5, 0), textcoords="offset points", va="center", fontsize=9.5)
    ax.set_yticks(frame.index, names[::-1])
    bare(ax)
    ax.set_xlim(0, ROOM * max(1.0, float(begun.max()), float(lengths(frame["people"]).max())))
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.02), ncols=4)


def _each(row: dict[str, Any], kinds: list[str]) -> str:
    """The numbers of a bar."""
    if pd.notna(row["people"]) and row["people"] == 0:
        return "nobody"
    return f"{count(row['people'])}: " + ", ".join(f"{_short(kind)} {count(row[kind])}" for kind in kinds)


def _short(kind: str) -> str:
    return KINDS[kind][1].partition(" or ")[0]
