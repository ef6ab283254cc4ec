"""Charts of who is there: staff by role beside all networks, on whom roles rest, networks alike, staff sought."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from pcn_analysis.plots.style import (
    DARK_BLUE,
    DARK_PINK,
    GREY,
    INK,
    ORANGE,
    PALE,
    SHARES,
    TURQUOISE,
    WIDE,
    bare,
    chart,
    floats,
    lengths,
)
from pcn_analysis.release import check_released
from pcn_analysis.words import NOT_IN_THE_FILE, NOT_KNOWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable

WRAPPED = 36
"""Letters in a line of the name of a role."""
OUTER, INNER = (0.1, 0.9), (0.25, 0.75)
"""Quantiles of networks between which bands are drawn."""
LONE = "one person alone"
ROOM = 0.02
"""Part of an axis left of 0, so that marks at 0 do not touch names."""


def spread_of(table: ReleasedTable) -> pd.DataFrame:
    """Quantiles of networks by role, as they are drawn, with the marked network's own; roles that are known of any.

    Parameters
    ----------
    table
        One row a network and role, as of all networks of the country.
    """
    frame = table.frame
    known = frame[frame["per_10_000"].notna()]
    groups = known.groupby("role", sort=False)["per_10_000"]
    spread = pd.DataFrame({at: groups.quantile(at).astype(float) for at in (*OUTER, *INNER, 0.5)})
    place = known[known["in_place"]].groupby("role", sort=False)["per_10_000"]
    own = frame[frame["marked"]].set_index("role")
    found = own[["name", "status", "per_10_000"]].join(spread, how="inner")
    more = known["per_10_000"] > known["role"].map(own["per_10_000"])
    return found.assign(
        place_low=place.quantile(INNER[0]),
        place_high=place.quantile(INNER[1]),
        networks=groups.size(),
        without=(known["per_10_000"] == 0).groupby(known["role"]).sum(),
        above=more.groupby(known["role"]).sum(),
    )


def staff_by_role(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw each role over all networks, the place's middle half, and the network; no figure if nothing is known."""
    check_released(table)
    return _staff_by_role(table, ax) if len(table) and len(spread_of(table)) else None


@chart(height=lambda table: 2.3 + 0.37 * len(spread_of(table)), width=WIDE)
def _staff_by_role(table: ReleasedTable, ax: Axes) -> None:
    frame = spread_of(table).sort_values([0.75, 0.9], kind="stable")
    at = np.arange(len(frame))
    ax.barh(at, frame[OUTER[1]] - frame[OUTER[0]], left=frame[OUTER[0]], height=0.62, color=SHARES[1])
    ax.barh(at, frame[INNER[1]] - frame[INNER[0]], left=frame[INNER[0]], height=0.62, color=SHARES[2])
    ax.vlines(frame[0.5], at - 0.31, at + 0.31, color=DARK_BLUE, linewidth=2)
    ax.hlines(at - 0.2, floats(frame["place_low"]), floats(frame["place_high"]), color=ORANGE, linewidth=2.6)
    own = floats(frame["per_10_000"])
    ax.plot(own, at, "D", color=DARK_PINK, markeredgecolor="white", markersize=7.5, clip_on=False, zorder=4)
    widest = float(np.nanmax([*own, frame[OUTER[1]].max(), 0.1]))
    for row, one in enumerate(frame.itertuples()):
        ax.text(1.04 * widest, row, _standing(one), va="center", fontsize=9, color=INK)
    ax.text(1.04 * widest, len(frame) - 0.35, "for 10,000; rank of networks", va="bottom", fontsize=9, color=GREY)
    ax.set_xlim(-ROOM * widest, 1.02 * widest)
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.set_yticks(at, [textwrap.fill(name, WRAPPED) for name in frame["name"]], fontsize=9.5)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Whole-time equivalents for 10,000 registered patients", color=GREY)
    day = table.frame["counted_on"].iloc[0]
    ax.set_title(f"Staff by role beside the networks of {table.about.comparator}\n{table.about.network}, {day}")
    ax.grid(axis="x")
    keys: list[Any] = [
        Patch(color=SHARES[2], label="Middle half of networks"),
        Line2D([], [], color=DARK_BLUE, linewidth=2, label="Median"),
        Patch(color=SHARES[1], label="Middle 80%"),
        Line2D([], [], color=ORANGE, linewidth=2.6, label=f"Middle half in {table.about.place}"),
    ]
    if not np.isnan(own).all():
        keys.append(
            Line2D([], [], color=DARK_PINK, marker="D", linestyle="", markersize=7.5, label=table.about.network)
        )
    ax.legend(handles=keys, loc="upper left", bbox_to_anchor=(-0.3, -1.1 / len(frame) - 0.02), ncols=3, fontsize=9.5)


def _standing(row: Any) -> str:
    if pd.isna(row.per_10_000):
        return NOT_IN_THE_FILE if row.status == NOT_IN_THE_FILE else NOT_KNOWN
    if not row.per_10_000:
        return f"none, as in {int(row.without):,}"
    return f"{row.per_10_000:.2f}; {int(row.above) + 1:,} of {int(row.networks):,}"


def drawn_reliance(frame: pd.DataFrame) -> pd.DataFrame:
    """Roles that are drawn: those that the network has any of, most first."""
    return frame[frame["fte"].gt(0).fillna(False)].sort_values("fte", ascending=False, kind="stable")


def role_reliance(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw how much of each role one person, other staff and contracted services are; none where nobody is recorded."""
    check_released(table)
    return _role_reliance(table, ax) if len(drawn_reliance(table.frame)) else None


@chart(height=lambda table: 2.0 + 0.4 * len(drawn_reliance(table.frame)), width=WIDE)
def _role_reliance(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_reliance(table.frame).iloc[::-1].reset_index(drop=True)
    largest = lengths(frame["largest_fte"])
    others = np.clip(lengths(frame["staff_fte"]) - largest, 0, None)
    parts = ((largest, "the one person with most", DARK_PINK), (others, "other staff", SHARES[2]),
             (lengths(frame["contracted_fte"]), "contracted services", PALE))  # fmt: skip
    begin = np.zeros(len(frame))
    for part, name, colour in parts:
        edge = GREY if colour == PALE else "white"
        ax.barh(frame.index, part, left=begin, color=colour, edgecolor=edge, linewidth=0.6, height=0.64, label=name)
        begin += part
    for at, row in enumerate(frame.itertuples(index=False)):
        strong: Any = {"color": DARK_PINK, "weight": "bold"} if row.rests_on == LONE else {"color": INK}
        ax.text(
            begin[at] + 0.012 * begin.max(), at, f"{row.fte:.1f}, {row.rests_on}", va="center", fontsize=9.5, **strong
        )
    ax.set_yticks(frame.index, [textwrap.fill(name, WRAPPED) for name in frame["name"]], fontsize=9.5)
    ax.set_title(
        f"On whom each role rests, whole-time equivalents\n{table.about.network}, {frame['counted_on'].iloc[0]}"
    )
    bare(ax)
    ax.set_xlim(0, 1.5 * begin.max())
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.01), ncols=3, fontsize=9.5)


COMPONENTS = (("deprivation_score", "Deprivation"), ("aged_75_share", "Aged 75 and over"), ("patients", "Size"),
              ("rural_share", "Rurality"))  # fmt: skip
"""What networks are compared by, and its name."""


@chart(height=3.4, width=WIDE)
def networks_alike(table: ReleasedTable, ax: Axes) -> None:
    """Draw how far the networks that are most alike are from the network in each component."""
    frame = table.frame
    used = [one for one in COMPONENTS if frame[f"{one[0]}_apart"].notna().any()]
    others = frame[frame["nearness"] > 0]
    ax.axvline(0, color=DARK_PINK, linewidth=2, label=str(frame["pcn_name"].iloc[0]))
    for at, (name, _) in enumerate(used[::-1]):
        apart = floats(others[f"{name}_apart"])
        steps = np.linspace(-0.22, 0.22, len(others)) if len(others) > 1 else np.zeros(len(others))
        ax.plot(apart, at + steps, "o", color=DARK_BLUE, markersize=6.5, markeredgecolor="white",
                label="The networks most like it" if at == 0 else "")  # fmt: skip
    widest = max(1.0, float(np.nanmax(np.abs(frame[[f"{name}_apart" for name, _ in used]].astype(float).to_numpy()))))
    ax.set_xlim(-1.1 * widest, 1.1 * widest)
    ax.set_ylim(-0.5, len(used) - 0.5)
    ax.set_yticks(range(len(used)), [title for _, title in used[::-1]])
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.set_xlabel("← less than it has        more →     (1: about a standard deviation of all networks)", color=GREY)
    ax.set_title(f"How near the networks most like it are\n{table.about.network}")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.24), ncols=2, fontsize=9.5)


def drawn_alike(frame: pd.DataFrame) -> pd.DataFrame:
    """Roles that are drawn beside networks alike: those of which they, or the network, have any."""
    any_there = frame["peers_highest"].gt(0).fillna(False) | frame["per_10_000"].gt(0).fillna(False)
    return frame[any_there].sort_values("peers_median", ascending=False, na_position="last", kind="stable")


def alike_by_role(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw the network's staff for its patients beside the range of networks alike; no figure where nobody has any."""
    check_released(table)
    return _alike_by_role(table, ax) if len(drawn_alike(table.frame)) else None


@chart(height=lambda table: 2.2 + 0.36 * len(drawn_alike(table.frame)), width=WIDE)
def _alike_by_role(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_alike(table.frame).iloc[::-1].reset_index(drop=True)
    low, high, half, upper, middle = (
        floats(frame[f"peers_{name}"]) for name in ("lowest", "highest", "lower_quartile", "upper_quartile", "median")
    )
    ax.hlines(frame.index, low, high, color=SHARES[2], linewidth=1.6, label="Lowest to highest of the networks alike")
    ax.barh(frame.index, upper - half, left=half, color=SHARES[2], height=0.5, label="Their middle half")
    ax.vlines(middle, frame.index - 0.25, frame.index + 0.25, color=DARK_BLUE, linewidth=2, label="Their median")
    own = floats(frame["per_10_000"])
    name = "" if np.isnan(own).all() else table.about.network
    ax.plot(own, frame.index, "D", color=DARK_PINK, markeredgecolor="white", markersize=7.5, clip_on=False, zorder=4,
            label=name)  # fmt: skip
    widest = float(np.nanmax([*own, *high, 0.1]))
    ax.set_xlim(-ROOM * widest, 1.04 * widest)
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.set_yticks(frame.index, [textwrap.fill(name, WRAPPED) for name in frame["name"]], fontsize=9.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.set_xlabel("Whole-time equivalents for 10,000 registered patients", color=GREY)
    ax.set_title(f"Staff beside the networks most like it\n{table.about.network}")
    ax.legend(loc="upper left", bbox_to_anchor=(-0.3, -0.8 / len(frame) - 0.03), ncols=4, fontsize=9.5)


def drawn_wanted(frame: pd.DataFrame) -> pd.DataFrame:
    """Roles that somebody of the area would look for: the first as it stands, then those wanted most."""
    wanted = frame[frame["shortfall"].gt(0).fillna(False)]
    first = wanted["role"] == frame["role"].iloc[0] if len(frame) else wanted["role"].astype(bool)
    return pd.concat([wanted[first], wanted[~first].sort_values("shortfall", ascending=False, kind="stable")])


def role_competition(table: ReleasedTable, ax: Axes | None = None) -> Axes | None:
    """Draw what networks of the area would look for, with the network's own part; no figure where none would."""
    check_released(table)
    return _role_competition(table, ax) if len(drawn_wanted(table.frame)) else None


@chart(height=lambda table: 2.1 + 0.46 * len(drawn_wanted(table.frame)), width=WIDE)
def _role_competition(table: ReleasedTable, ax: Axes) -> None:
    frame = drawn_wanted(table.frame).iloc[::-1].reset_index(drop=True)
    own, whole = lengths(frame["own_shortfall"]), lengths(frame["shortfall"])
    place = np.clip(lengths(frame["place_shortfall"]) - own, 0, None)
    rest = np.clip(whole - own - place, 0, None)
    begin = np.zeros(len(frame))
    parts = ((own, table.about.network, DARK_PINK), (place, f"other networks of {table.about.place}", ORANGE),
             (rest, "other networks of the board", TURQUOISE))  # fmt: skip
    for part, name, colour in parts:
        ax.barh(frame.index, part, left=begin, color=colour, height=0.6, label=name)
        begin += part
    for at, row in enumerate(frame.itertuples(index=False)):
        ax.text(begin[at] + 0.012 * whole.max(), at, f"{row.shortfall:.1f}, beside {row.fte:.1f} there", va="center",
                fontsize=9.5)  # fmt: skip
    ax.set_yticks(frame.index, [textwrap.fill(name, WRAPPED) for name in frame["name"]], fontsize=9.5)
    area = textwrap.fill(str(frame["area"].iloc[0]), 70)
    ax.set_title(f"Whole-time equivalents that networks would look for\n{area}")
    bare(ax)
    ax.set_xlim(0, 1.4 * whole.max())
    ax.legend(loc="upper left", bbox_to_anchor=(-0.2, -0.01), ncols=3, fontsize=9.5)
