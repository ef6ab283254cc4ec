"""Charts of profiles of segments: who is in each, what they live with, how often they are seen, against the place."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from pcn_analysis.plots.cells import draw_apart, draw_groups, groups_high, peopled
from pcn_analysis.plots.pyramids import SIDES
from pcn_analysis.plots.style import DARK_BLUE, DARK_PINK, GREY, INK, chart, floats, lengths, name_rows, subject
from pcn_analysis.words import NOT_SHOWN, count, percent

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

IN_A_ROW = 4
"""Pyramids beside one another."""
DEEPEST = 5
"""How many times everyone's share, or which part of it, is drawn deepest for conditions."""
STEPS = (0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01)
"""Shares that the scale of small pyramids may say; the largest that fits."""
ADMISSION = "Emergency admission"
"""Kind of contact that is drawn against the size of segments, where it is held."""
LEAST_AXIS = 0.01
"""Share that an axis reaches at least, where no bar is shown."""


def _rows_of(table: ReleasedTable) -> int:
    return -(-peopled(table.frame, "segment_patients")["segment"].nunique() // IN_A_ROW)


@chart(height=lambda table: 1.9 + 2.5 * _rows_of(table), width=9.8)
def segment_pyramids(table: ReleasedTable, ax: Axes) -> None:
    """Draw a small pyramid for each segment that anyone is in, women to the left, on one scale, everyone's as marks."""
    frame = peopled(table.frame, "segment_patients")
    names = list(dict.fromkeys(frame["segment"]))
    sexes = [one for one in SIDES if one[0] in set(frame["sex"])] or [(frame["sex"].iloc[0], 1, GREY)]
    groups = frame[(frame["segment"] == names[0]) & (frame["sex"] == frame["sex"].iloc[0])]["age_group"].iloc[1:-1]
    drawn = frame[frame["age_group"].isin(groups) & frame["sex"].isin([sex for sex, _, _ in sexes])]
    largest = max(float(np.nanmax(lengths(drawn["share"]), initial=0)), LEAST_AXIS)
    half, high = largest * 1.3, len(groups) + 3.4
    levels: list[tuple[float, str]] = []
    for number, name in enumerate(names):
        left, bottom = number % IN_A_ROW * 2 * half, -(number // IN_A_ROW) * high
        height = bottom + np.arange(len(groups))
        levels += list(zip(height, groups, strict=True)) if number % IN_A_ROW == 0 else []
        _scale(ax, left, (bottom - 0.6, height[-1] + 0.6), largest, two_sided=len(sexes) > 1)
        for one in sexes:
            of_sex = drawn[drawn["sex"] == one[0]].set_index("segment")["share"]
            everyone = None if number == 0 else of_sex.loc[[names[0]]]
            _half_pyramid(ax, of_sex.loc[[name]], everyone, (left, height), one)
        ax.text(left, height[-1] + 0.8, textwrap.fill(name, 25), ha="center", va="bottom", fontsize=9.5, weight="bold")
    ax.set_yticks([level for level, _ in levels], [group for _, group in levels], fontsize=9)
    ax.set_xlim(-half, (2 * min(len(names), IN_A_ROW) - 1) * half)
    ax.set_ylim(-((len(names) - 1) // IN_A_ROW) * high - 1.7, len(groups) + 1.6)
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_ylabel("Age (years)")
    ax.set_xlabel("Share of each segment's people; age groups differ in width; bars of 1 to 7 people are not drawn",
                  labelpad=28)  # fmt: skip
    ax.set_title(f"Age and sex of each segment\n{subject(table)}")
    handles: list[Artist] = [Patch(color=colour, label=sex.capitalize()) for sex, _, colour in sexes]
    handles += [Line2D([], [], color=INK, marker="|", linestyle="", markersize=9, markeredgewidth=1.6, label=names[0])]
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 0), ncols=3)


def _scale(ax: Axes, left: float, ends: tuple[float, float], largest: float, *, two_sided: bool) -> None:
    """The scale below one pyramid: nought, and a round share on each side, with a pale line up."""
    step = next((share for share in STEPS if share <= largest), LEAST_AXIS)
    for share in (-step, 0, step) if two_sided else (0, step):
        ax.plot([left + share] * 2, ends, color="#C3C9CC" if share else GREY, linewidth=0.8, zorder=0.5)
        ax.text(left + share, ends[0] - 0.1, f"{abs(share):.0%}", ha="center", va="top", fontsize=8, color=GREY)


def _half_pyramid(
    ax: Axes, share: pd.Series, everyone: pd.Series | None, at: tuple[float, np.ndarray], one: tuple[str, int, str]
) -> None:
    """Draw one side of one pyramid, with a mark at everyone's share of each age."""
    (left, height), (_, side, colour) = at, one
    ax.barh(height, side * lengths(share), left=left, color=colour, height=0.82)
    if everyone is not None:
        marks = left + side * floats(everyone)
        ax.vlines(marks, height - 0.41, height + 0.41, color="white", linewidth=3.2)
        ax.vlines(marks, height - 0.41, height + 0.41, color=INK, linewidth=1.6)


@chart(height=groups_high("ethnic_group"), width=9.8)
def segments_by_ethnicity(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share of each segment in each ethnic group as a cell, coloured where it differs from everyone's."""
    draw_groups(table, ax, "ethnic_group", "Segments by ethnic group")


@chart(height=lambda table: 3.6 + 0.36 * table.frame["condition"].nunique(), width=9.8)
def segment_conditions(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share of each segment with each condition as a cell, coloured where it differs from everyone's."""
    frame = peopled(table.frame, "segment_patients")
    conditions, segments = list(dict.fromkeys(frame["condition"])), list(dict.fromkeys(frame["segment"]))
    shape = len(conditions), len(segments)
    shares = floats(frame["share"]).reshape(shape)
    differs = frame["share_compared"].isin(["higher", "lower"]).to_numpy().reshape(shape)
    draw_apart(ax, shares, differs, (conditions, segments), DEEPEST)
    ax.set_title(f"Recorded conditions of each segment\n{subject(table)}")


def drawn_contact(frame: pd.DataFrame) -> str:
    """The kind of contact that is drawn against the size of segments: emergency admissions, else the first held."""
    held = frame["contact"].to_list()
    return ADMISSION if ADMISSION in held else held[0]


@chart(height=lambda table: 1.9 + 0.4 * (table.frame["segment"].nunique() - 1), width=9.8)
def segment_admissions(table: ReleasedTable, ax: Axes) -> None:
    """Draw each segment's share of people and of emergency admissions (or the first kind held) as two dots."""
    contact = drawn_contact(table.frame)
    rows = table.frame[table.frame["contact"] == contact].iloc[:0:-1]
    rows = peopled(rows, "people").reset_index(drop=True)
    people, contacts = floats(rows["people_share"]), floats(rows["contacts_share"])
    both = np.fmax(np.nan_to_num(people), np.nan_to_num(contacts))
    more = np.nan_to_num(contacts) > np.nan_to_num(people)
    ax.hlines(rows.index, people, contacts, color=np.where(more, DARK_PINK, GREY), linewidth=2.5)
    ax.plot(people, rows.index, "o", color="white", markeredgecolor=INK, markersize=9, label="of people")
    ax.plot(contacts, rows.index, "o", color=DARK_PINK, markersize=9, label=f"of {_many(contact)}")
    for row, end in zip(rows.itertuples(), both, strict=True):
        words = f"{percent(row.people_share)} of people, {percent(row.contacts_share)} of {_many(contact)}"
        ax.annotate(words, (end, row.Index), xytext=(10, 0), textcoords="offset points", va="center", fontsize=9.5)
    name_rows(ax, rows.index, rows["segment"])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(-0.01, max(float(both.max(initial=0)), LEAST_AXIS) * 2.1)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.set_title(f"Share of people and of {_many(contact)} in 12 months\n{subject(table)}")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.02), ncols=2)


def _many(contact: str) -> str:
    """Contacts of a kind, inside a sentence: abbreviations keep their capitals."""
    words = contact if contact.split(maxsplit=1)[0].isupper() else contact[0].lower() + contact[1:]
    return f"{words}s"


@chart(height=lambda table: 1.9 + 0.36 * table.frame["segment"].nunique(), width=9.8)
def segment_contacts(table: ReleasedTable, ax: Axes) -> None:
    """Draw contacts for each 1,000 people as dots with their interval: a column a kind, each on its own scale."""
    frame = peopled(table.frame, "people")
    segments = list(dict.fromkeys(frame["segment"]))[::-1]
    kinds = list(dict.fromkeys(frame["contact"]))
    for number, kind in enumerate(kinds):
        rows = frame[frame["contact"] == kind].set_index("segment").reindex(segments)
        mean = floats(rows["contacts_each"])
        margin = floats(rows["contacts_each_margin"])
        low, high = np.fmax(mean - margin, 0), mean + margin
        scale = max(float(np.nan_to_num(high).max(initial=0)), LEAST_AXIS) / 0.62
        ax.axvline(number, color="#D8DDE0", linewidth=1)
        ax.axvline(number + mean[-1] / scale, color=GREY, linewidth=1, linestyle=":")
        error = [(mean - low) / scale, (high - mean) / scale]
        ax.errorbar(number + mean / scale, range(len(segments)), xerr=error, fmt="o", color=DARK_BLUE, markersize=5.5)
        for level, (value, end) in enumerate(zip(mean, np.nan_to_num(high), strict=True)):
            words = NOT_SHOWN if np.isnan(value) else count(value * 1000)
            at = (number + end / scale, level)
            ax.annotate(words, at, xytext=(6, 0), textcoords="offset points", va="center", fontsize=8.5)
    name_rows(ax, range(len(segments)), segments)
    heads = [textwrap.fill(kind, 12) for kind in kinds]
    ax.set_xticks([number + 0.02 for number in range(len(kinds))], heads, ha="left", fontsize=9.5)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.set_xlim(-0.02, len(kinds))
    ax.set_ylim(-0.6, len(segments) - 0.4)
    ax.spines[:].set_visible(False)
    ax.set_xlabel(f"For each 1,000 people in 12 months, with 95% interval; dotted: {segments[-1].lower()}; own scales")
    ax.set_title(f"How often each segment is seen\n{subject(table)}")


def against(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that are held against the place: of whom the model is for, where anyone is or is expected."""
    nobody = frame["patients"].eq(0).fillna(False) & frame["expected"].eq(0).fillna(False)
    return frame[(frame["kind"] != "others") & ~nobody]


@chart(height=lambda table: 2.1 + 0.42 * len(table), width=9.8)
def segments_against_place(table: ReleasedTable, ax: Axes) -> None:
    """Draw how many times as many people as expected each segment has, as a dot with its interval around 1."""
    rows = against(table.frame).iloc[::-1].reset_index(drop=True)
    expected = floats(rows["expected_share"])
    ratio, low, high = (
        np.divide(floats(rows[name]), expected, out=np.full(len(rows), np.nan), where=expected > 0)
        for name in ("share", "share_lower", "share_upper")
    )
    look = {"higher": (DARK_PINK, "^"), "lower": (DARK_BLUE, "v"), "similar": (GREY, "o")}
    ax.axvline(1, color=INK, linewidth=1)
    for compared, (colour, marker) in look.items():
        of = np.flatnonzero((rows["share_compared"] == compared).to_numpy(dtype=bool, na_value=False))
        error = [ratio[of] - low[of], high[of] - ratio[of]]
        label = {"higher": "more than expected", "lower": "fewer than expected", "similar": "as expected"}[compared]
        ax.errorbar(ratio[of], of, xerr=error, fmt=marker, color=colour, markersize=8, label=label)
    edge = max(float(np.nanmax(np.nan_to_num(high), initial=1)), 1.2)
    for row in rows.itertuples():
        hidden = np.isnan(ratio[row.Index])
        words = NOT_SHOWN if hidden else f"{count(row.patients)}; expected {count(row.expected)}"
        beside = ax.get_yaxis_transform()
        ax.text(1.02, row.Index, words, va="center", fontsize=9.5, color=GREY if hidden else INK, transform=beside)
    name_rows(ax, rows.index, rows["segment"])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(min(float(np.nanmin(low, initial=1)), 0.8) * 0.97, edge * 1.03)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel(f"People as a percentage of those expected at the rates of {table.about.place}, with 95% interval")
    ax.set_title(f"Against {table.about.place}, for the same ages and sexes\n{subject(table)}")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.14), ncols=3)
    ax.grid(axis="x")
