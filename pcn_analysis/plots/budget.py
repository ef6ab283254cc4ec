"""Charts of a network's money: lines of the contract, two years beside each other, claims for additional roles."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from pcn_analysis.contract.clauses import TO_VERIFY
from pcn_analysis.plots.style import DARK_BLUE, GREY, INK, ORANGE, TURQUOISE, WIDE, bare, chart, floats, lengths
from pcn_analysis.release import check_released
from pcn_analysis.words import NOT_KNOWN, pounds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

TOTAL = "total"
WRAPPED = 34
"""Letters in a line of the name of a line or a role."""
SOFT = "#9FB8CC"
"""Of the earlier year, and of a maximum."""
HATCH = "///"
"""Of a rate that is to be verified."""


def drawn_lines(frame: pd.DataFrame) -> pd.DataFrame:
    """Lines as they are drawn: those that are known, the largest first, then the others as the contract has them."""
    lines = frame[frame["line"] != TOTAL]
    known = lines["amount"].notna()
    return pd.concat([lines[known].sort_values("amount", ascending=False, kind="stable"), lines[~known]])


def wants(row: Any) -> str:
    """What lacks for a line, in few words."""
    return str(row.missing).split(", which", maxsplit=1)[0].split(":", maxsplit=1)[0]


@chart(height=lambda table: 1.9 + 0.5 * len(drawn_lines(table.frame)), width=WIDE)
def entitlement(table: ReleasedTable, ax: Axes) -> None:
    """Draw each line of the contract as a bar; lines that are not known are named and have none."""
    frame = drawn_lines(table.frame).iloc[::-1].reset_index(drop=True)
    most = frame["paid"].str.contains("at most")
    doubtful = frame["standing"].str.endswith(TO_VERIFY)
    bars = ax.barh(frame.index, lengths(frame["amount"]), height=0.62)
    for bar, maximum, verify in zip(bars, most, doubtful, strict=True):
        bar.set(facecolor=SOFT if maximum else DARK_BLUE, edgecolor="white", hatch=HATCH if verify else "")
    widest = max(float(np.nanmax(np.append(floats(frame["amount"]), 0))), 1)
    for at, row in enumerate(frame.itertuples(index=False)):
        known = pd.notna(row.amount)
        words = _amount(row) if known else textwrap.fill(f"{NOT_KNOWN}: {wants(row)}", 62)
        left = float(row.amount) if known else 0.0
        ax.text(left + 0.01 * widest, at, words, va="center", fontsize=9.5, color=INK if known else GREY,
                style="normal" if known else "italic")  # fmt: skip
    ax.set_yticks(frame.index, [textwrap.fill(name, WRAPPED) for name in frame["name"]], fontsize=9.5)
    ax.set_title(f"What the Network Contract comes to in {frame['contract_year'].iloc[0]}\n{table.about.network}")
    bare(ax)
    ax.set_xlim(0, 1.35 * widest)
    keys = [Patch(color=DARK_BLUE, label="£ a year")] if (~most & frame["amount"].notna()).any() else []
    keys += [Patch(color=SOFT, label="£ a year at most")] if (most & frame["amount"].notna()).any() else []
    keys += [Patch(facecolor=DARK_BLUE, edgecolor="white", hatch=HATCH, label=TO_VERIFY)] if doubtful.any() else []
    if keys:
        ax.legend(handles=keys, loc="upper left", bbox_to_anchor=(0, -0.01), ncols=3, fontsize=9.5)


def _amount(row: Any) -> str:
    doubt = f" ({TO_VERIFY})" if str(row.standing).endswith(TO_VERIFY) else ""
    return f"{pounds(row.amount)}{doubt}"


def drawn_years(frame: pd.DataFrame) -> pd.DataFrame:
    """Lines that are drawn beside each other: those of which an amount is known in either year."""
    lines = frame[frame["line"] != TOTAL]
    return lines[lines["earlier_amount"].notna() | lines["later_amount"].notna()]


def two_years(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw what each line comes to in two years as two bars, with the difference; there is no figure of none."""
    check_released(table)
    return _two_years(table, ax) if len(drawn_years(table.frame)) else None


@chart(height=lambda table: 2.0 + 0.62 * len(drawn_years(table.frame)), width=WIDE)
def _two_years(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_years(table.frame).iloc[::-1].reset_index(drop=True)
    years = [(str(frame[name].iloc[0]), f"{name}_amount") for name in ("earlier", "later")]
    widest = float(np.nanmax([floats(frame[column]) for _, column in years]))
    for (year, column), colour, up in zip(years, (SOFT, DARK_BLUE), (0.19, -0.19), strict=True):
        ax.barh(frame.index + up, lengths(frame[column]), height=0.34, color=colour, label=year)
    for at, row in enumerate(frame.itertuples(index=False)):
        end = max(value for value in (row.earlier_amount, row.later_amount) if pd.notna(value))
        ax.text(float(end) + 0.01 * widest, at, difference(row), va="center", fontsize=9.5)
    ax.set_yticks(frame.index, [textwrap.fill(name, WRAPPED) for name in frame["name"]], fontsize=9.5)
    ax.set_title(f"What lines come to in {years[0][0]} and in {years[1][0]}\n{table.about.network}")
    bare(ax)
    ax.set_xlim(0, 1.6 * widest)
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.01), ncols=2, fontsize=9.5)


def difference(row: Any) -> str:
    """The difference of a line in a few words, with what became of it, and whether a rate is to be verified."""
    if pd.isna(row.difference):
        lacks = "later" if pd.isna(row.later_amount) else "earlier"
        return (
            f"{pounds(row.earlier_amount if lacks == 'later' else row.later_amount)}; the {lacks} year is {NOT_KNOWN}"
        )
    became = f", {row.change}" if row.change in ("began", "ended") else ""
    doubt = f" ({TO_VERIFY})" if str(row.standing).endswith(TO_VERIFY) else ""
    if pounds(abs(row.difference)) == "£0":
        return f"no change{doubt}"
    sign = "+" if row.difference > 0 else ""
    return f"{sign}{pounds(row.difference)}{became}{doubt}"


PARTS = (("claimed", "claimed", DARK_BLUE), ("going_on", "going on as in the last month", TURQUOISE),
         ("planned", "planned starts", ORANGE))  # fmt: skip
"""Parts of a forecast."""


@chart(height=lambda table: 2.1 + 0.5 * len(table), width=WIDE)
def role_claims(table: ReleasedTable, ax: Axes) -> None:
    """Draw claims, what they go on to and planned starts as parts of a bar, a bar a role and sum, and what is left."""
    sums = table.frame["level"] == "sum"
    frame = pd.concat([table.frame[~sums], table.frame[sums]]).iloc[::-1].reset_index(drop=True)
    begin = np.zeros(len(frame))
    for column, name, colour in PARTS:
        part = lengths(frame[column])
        ax.barh(frame.index, part, left=begin, color=colour, height=0.6, label=name)
        begin += part
    left = lengths(frame["lapses"])
    if left.any():
        ax.barh(frame.index, left, left=begin, facecolor="white", edgecolor=GREY, hatch="...", height=0.6,
                label="left of the sum on 31 March")  # fmt: skip
    widest = max(float((begin + left).max()), 1.0)
    for at, row in enumerate(frame.itertuples(index=False)):
        ax.text(begin[at] + left[at] + 0.01 * widest, at, claim_told(row), va="center", fontsize=9.5)
    ax.set_yticks(frame.index, [textwrap.fill(name, WRAPPED) for name in frame["name"]], fontsize=9.5)
    ax.set_title(f"Claims for additional roles in {frame['contract_year'].iloc[0]}\n{table.about.network}")
    bare(ax)
    ax.set_xlim(0, 1.4 * widest)
    ax.legend(loc="upper left", bbox_to_anchor=(-0.12, -0.01), ncols=4, fontsize=9.5, columnspacing=1.2)


def claim_told(row: Any) -> str:
    """The forecast of a role, or that of a sum beside it."""
    if row.level != "sum":
        return pounds(row.forecast)
    forecast = pounds(row.forecast) if pd.notna(row.forecast) else "nothing claimed"
    return f"{forecast}; sum {pounds(row.sum)}"
