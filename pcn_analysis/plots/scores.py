"""Charts of scores: whom variants pick, bands, risk tiers and hazardous combinations of medicines."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.plots.style import DARK_BLUE, DARK_PINK, GREY, INK, ORANGE, SHARES, bare, chart, lengths
from pcn_analysis.release import check_released
from pcn_analysis.words import NOT_ASSESSED, NOT_SHOWN, count, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

PALE_GREY = "#C3CBD0"
PARTS = {
    "missed": ("the usual variant alone", PALE_GREY, INK),
    "both": ("both", DARK_BLUE, "white"),
    "only": ("this variant alone", ORANGE, INK),
}
"""What each part of a bar of two variants is called, its colour and that of its number."""
WIDE_ENOUGH = 0.06
"""Share of a bar from which a part has room for its number."""
NARROW = 0.04
"""The same, of small numbers."""
DEEPEST_FIRST = tuple(reversed(SHARES[1:]))
"""Colours of bands, the highest first."""
TIERS = {
    "HRC": ("high risk and complex", DARK_PINK),
    "HR": ("high", "#D4609A"),
    "MRA": ("medium, or medium A", "#12436D"),
    "MR": ("medium, or medium A", "#12436D"),
    "MRB": ("medium B", "#6F93B5"),
    "": ("in none of these, or low", PALE_GREY),
}
"""What each tier is called, and its colour."""
PALE_ONES = (PALE_GREY, "#D4609A", "#6F93B5")
"""Colours on which numbers are dark."""
RISKS = ("#E3E9ED", "#A9C7DF", "#D4609A", DARK_PINK)
"""Colours of bands of a chance, the lowest first; from the third on a statin is offered."""


def has_numbers(frame: pd.DataFrame, name: str) -> bool:
    """Whether anything of a table was assessed: there is no figure where nothing was."""
    return bool(len(frame)) and not frame["status"].eq(NOT_ASSESSED).all() and bool(frame[name].notna().any())


def tier_name(tier: str) -> str:
    """The letters of a tier; empty of those in none.

    Examples
    --------
    >>> tier_name("High risk (HR)"), tier_name("None of those assessed"), tier_name("Low risk (LR)")
    ('HR', '', '')
    """
    letters = tier.partition("(")[2].removesuffix(")")
    return letters if letters in TIERS else ""


def _if_assessed(name: str, draw: Callable[..., Axes | None]) -> Callable[..., Axes | None]:
    """No figure where nothing was assessed."""

    def drawn(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
        check_released(table)
        return draw(table, ax) if has_numbers(table.frame, name) else None

    drawn.__doc__ = draw.__doc__
    return drawn


def _grouped(frame: pd.DataFrame, heading: Callable[[Any], str]) -> list[tuple[str, Any]]:
    """Lines of a figure from the top: a heading for each score, then its rows; of one not assessed, its heading."""
    lines: list[tuple[str, Any]] = []
    for _, rows in frame.groupby("score", sort=False):
        lines.append((heading(rows.iloc[0]), None))
        if rows["status"].eq(NOT_ASSESSED).all():
            lines[-1] = (f"{lines[-1][0]}: {NOT_ASSESSED} on these people", None)
            continue
        seen = rows.drop_duplicates("variant")
        lines += [(row["variant"], row) for _, row in seen.iterrows()]
    return lines


def _name_lines(ax: Axes, lines: Sequence[tuple[str, Any]]) -> np.ndarray:
    """Write headings above their rows; return where each line is."""
    at = np.arange(len(lines))[::-1].astype(float)
    rows = [(place, name) for place, (name, row) in zip(at, lines, strict=True) if row is not None]
    ax.set_yticks([place for place, _ in rows], [textwrap.fill(name, 42) for _, name in rows], fontsize=8.5)
    for place, (name, row) in zip(at, lines, strict=True):
        if row is None:
            ax.text(0, place - 0.12, name, fontweight="bold", fontsize=10, va="center")
    ax.set_ylim(-0.7, len(lines) - 0.3)
    ax.tick_params(axis="y", length=0)
    return at


def _variant_heading(row: Any) -> str:
    return f"{row['score']}, {row['threshold']}"


def _variants_high(table: ReleasedTable) -> float:
    return 1.9 + 0.37 * len(_grouped(table.frame, _variant_heading))


@chart(height=_variants_high, width=9.8)
def _score_variants(table: ReleasedTable, ax: Axes) -> None:
    """Draw, for each variant, whom it and the usual one pick: the usual one alone, both, it alone."""
    lines = _grouped(table.frame, _variant_heading)
    for place, (_, row) in zip(_name_lines(ax, lines), lines, strict=True):
        if row is not None:
            _one_variant(ax, place, row)
    for name, colour, _ in PARTS.values():
        ax.barh(0, 0, color=colour, label=name)
    ax.set_xlim(0, 1)
    ax.xaxis.set_visible(False)
    for side in ("bottom", "left"):
        ax.spines[side].set_visible(False)
    ax.set_title(f"Would another variant pick the same people?\n{table.about.title()}")
    ax.legend(title="Picked by", loc="upper left", bbox_to_anchor=(0, -0.005), ncols=3, alignment="left")


def _one_variant(ax: Axes, place: float, row: Any) -> None:
    if row["status"] == NOT_ASSESSED:
        ax.text(0, place, NOT_ASSESSED, va="center", fontsize=9, color=GREY)
        return
    usual = " (usual)" if row["is_usual"] == "yes" else ""
    ax.text(1.015, place, f"picks {count(row['picked'])}{usual}", va="center", fontsize=9)
    if pd.isna(row["either"]) or not row["either"]:
        said = NOT_SHOWN if pd.isna(row["either"]) else "nobody"
        ax.text(0, place, said, va="center", fontsize=9, color=GREY)
        return
    shown = sum(float(row[name]) for name in PARTS if pd.notna(row[name]))
    left, whole = 0.0, max(shown, float(row["either"]))
    for name, (_, colour, ink) in PARTS.items():
        width = float(row[name]) / whole if pd.notna(row[name]) else 0.0
        ax.barh(place, width, left=left, color=colour, height=0.66)
        if width >= WIDE_ENOUGH:
            ax.text(left + width / 2, place, count(row[name]), color=ink, ha="center", va="center", fontsize=9)
        left += width
    if shown < whole and any(pd.isna(row[name]) for name in PARTS):
        ax.text(min(left + 0.008, 0.93), place, NOT_SHOWN, va="center", fontsize=8.5, color=GREY)


score_variants = _if_assessed("picked", _score_variants)


def _band_heading(row: Any) -> str:
    return f"{row['score']}, of {row['among']}"


def _bands_high(table: ReleasedTable) -> float:
    return 1.8 + 0.37 * len(_grouped(table.frame, _band_heading))


@chart(height=_bands_high, width=9.8)
def _score_bands(table: ReleasedTable, ax: Axes) -> None:
    """Draw the shares of the bands above the lowest, the highest band first and deepest."""
    frame = table.frame
    lines, longest = _grouped(frame, _band_heading), 0.0
    for place, (name, row) in zip(_name_lines(ax, lines), lines, strict=True):
        if row is None:
            continue
        rows = frame[frame["variant"].eq(name) & frame["score"].eq(row["score"]) & frame["level"].gt(0).fillna(False)]
        rows, left = rows.sort_values("level", ascending=False), 0.0
        if row["status"] == NOT_ASSESSED:
            ax.text(0, place, NOT_ASSESSED, va="center", fontsize=9, color=GREY)
            continue
        for (_, band), colour in zip(rows.iterrows(), DEEPEST_FIRST, strict=False):
            width = 0.0 if pd.isna(band["share"]) else float(band["share"])
            ax.barh(place, width, left=left, color=colour, height=0.66)
            left += width
        said = ", ".join(f"{band['band']} {percent(band['share'])}" for _, band in rows.head(3).iterrows())
        ax.text(left, place, f" {said}", va="center", fontsize=8.5)
        longest = max(longest, left)
    ax.set_xlim(0, max(longest, 0.01) * 1.75)
    bare(ax)
    ax.spines["left"].set_visible(False)
    ax.set_xlim(0, max(longest, 0.01) * 1.75)
    ax.set_title(f"People above the lowest band\n{table.about.title()}")
    ax.text(0, -1.1, "The deepest colour is the highest band; the three highest are named.", fontsize=9, va="top")


score_bands = _if_assessed("people", _score_bands)


@chart(height=3.3, width=9.8)
def _qrisk3_bands(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share of those with a score in each band, a bar for each sex."""
    frame = table.frame
    sexes = list(dict.fromkeys(frame["sex"]))[::-1]
    for place, sex in enumerate(sexes):
        rows, left = frame[frame["sex"] == sex], 0.0
        for (_, row), colour in zip(rows.iterrows(), RISKS, strict=True):
            width = 0.0 if pd.isna(row["share"]) else float(row["share"])
            label = row["band"] if place == 0 else None
            ax.barh(place, width, left=left, color=colour, height=0.62, label=label)
            if width >= NARROW:
                ink = "white" if colour == DARK_PINK else INK
                ax.text(left + width / 2, place, percent(width), ha="center", va="center", fontsize=9, color=ink)
            left += width
        first = rows.iloc[0]
        said = f"{count(first['scored'])} with a score\nof {count(first['registered'])}"
        ax.text(1.01, place, said, va="center", fontsize=9)
    ax.set_yticks(range(len(sexes)), [{"female": "Women", "male": "Men"}.get(sex, sex) for sex in sexes])
    bare(ax)
    ax.set_xlim(0, 1)
    title = "Chance of a first heart attack or stroke within ten years, of those with a score"
    ax.set_title(f"{title}\nQRISK3-2017, ClinRisk Ltd; never without its disclaimer\n{table.about.title()}")
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=4)


qrisk3_bands = _if_assessed("people", _qrisk3_bands)


@chart(height=lambda table: 2.2 + 0.62 * table.frame["condition"].nunique(), width=9.8)
def _risk_tiers(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share of each register in each tier, the highest first, and which could not be assessed."""
    frame = table.frame
    conditions = list(dict.fromkeys(frame["condition"]))[::-1]
    for place, condition in enumerate(conditions):
        rows = frame[frame["condition"] == condition]
        of = f"of {count(rows['on_register'].iloc[0])}\non the register"
        ax.text(1.015, place, of, va="center", fontsize=9)
        if rows["status"].eq(NOT_ASSESSED).all():
            ax.text(0.008, place, "no tier could be assessed", va="center", fontsize=9, color=GREY)
        else:
            _one_register(ax, place, rows)
    for name, colour in dict(TIERS.values()).items():
        ax.barh(0, 0, color=colour, label=name)
    ax.set_yticks(range(len(conditions)), [textwrap.fill(name, 26) for name in conditions])
    bare(ax)
    ax.set_xlim(0, 1)
    ax.set_ylim(-0.55, len(conditions) - 0.3)
    ax.set_title(f"People on six registers by risk tier\n{table.about.title()}")
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=3)


def _one_register(ax: Axes, place: int, rows: pd.DataFrame) -> None:
    """The bar of a register, with the tiers that are not in it named above."""
    left = 0.0
    unseen: dict[str, list[str]] = {NOT_ASSESSED: [], NOT_SHOWN: []}
    for _, row in rows.iterrows():
        letters = tier_name(row["tier"])
        colour = TIERS[letters][1]
        if pd.isna(row["share"]):
            unseen[NOT_ASSESSED if row["status"] == NOT_ASSESSED else NOT_SHOWN].append(letters)
            continue
        width = float(row["share"])
        ax.barh(place, width, left=left, color=colour, height=0.5)
        if width >= NARROW:
            ink = INK if colour in PALE_ONES else "white"
            ax.text(left + width / 2, place, count(row["people"]), ha="center", va="center", fontsize=9, color=ink)
        left += width
    said = "; ".join(f"{what}: {', '.join(which)}" for what, which in unseen.items() if which)
    ax.text(0.008, place + 0.27, said, fontsize=8, color=GREY, va="bottom")


risk_tiers = _if_assessed("people", _risk_tiers)


@chart(height=lambda table: 1.6 + 0.36 * len(table), width=9.2)
def _hazardous_medicines(table: ReleasedTable, ax: Axes) -> None:
    """Draw the people with each combination as bars; what was assessed in part is at least so many."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    colours = [DARK_PINK if kind == "any" else DARK_BLUE for kind in frame["kind"]]
    bars = ax.barh(frame.index, lengths(frame["people"]), color=colours, height=0.68)
    ax.bar_label(bars, [_how_many(row) for row in frame.itertuples()], padding=4)
    ax.set_yticks(frame.index, [textwrap.fill(name, 46) for name in frame["combination"]], fontsize=9.5)
    ax.set_title(f"People with a hazardous combination of medicines\n{table.about.title()}")
    bare(ax)


def _how_many(row: Any) -> str:
    if row.status == NOT_ASSESSED:
        return NOT_ASSESSED
    some = "at least " if row.status != "assessed" and pd.notna(row.people) else ""
    return f"{some}{count(row.people)}"


hazardous_medicines = _if_assessed("people", _hazardous_medicines)
