"""Charts of released tables."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter, PercentFormatter

from pcn_analysis.plots.admission import (  # noqa: F401 - charts like the others
    admission_by_group,
    admission_calibration,
    admission_models,
    admission_net_benefit,
    admission_top,
    admissions_in_time,
    lists_in_time,
)
from pcn_analysis.plots.budget import entitlement, role_claims, two_years  # noqa: F401 - charts like the others
from pcn_analysis.plots.cancer_services import (  # noqa: F401 - charts like the others
    cancer_pathway_funnels,
    cancer_referrals,
    cancer_screening,
)
from pcn_analysis.plots.cardiovascular import (  # noqa: F401 - charts like the others
    follow_up_routes,
    statin_by_risk,
    stroke_risk,
)
from pcn_analysis.plots.care_homes import (  # noqa: F401 - charts like the others
    care_home_residents,
    care_home_timeliness,
)
from pcn_analysis.plots.caseload import (  # noqa: F401 - charts like the others
    care_gaps,
    reach_to_need,
    slots_by_professional,
)
from pcn_analysis.plots.cells import draw_groups, groups_high, peopled
from pcn_analysis.plots.dynamics import (  # noqa: F401 - charts like the others
    models_crossed,
    segment_outcomes,
    segment_projection,
)
from pcn_analysis.plots.england import (  # noqa: F401 - charts like the others
    england_borders,
    england_changes,
    england_coherence,
    england_sizes,
    england_spread,
)
from pcn_analysis.plots.england_ends import england_deprivation, england_ends  # noqa: F401 - charts like the others
from pcn_analysis.plots.enhanced_access import enhanced_access_week  # noqa: F401 - a chart like the others
from pcn_analysis.plots.found import found_across, found_conditions, found_sizes  # noqa: F401 - charts like the others
from pcn_analysis.plots.groupings import group_sharing, groups_measured, made_of  # noqa: F401 - charts like the others
from pcn_analysis.plots.inequality import (  # noqa: F401 - charts like the others
    core20plus,
    ethnicity_recording,
    inequality_forest,
    measures_by_ethnicity,
    measures_by_fifth,
)
from pcn_analysis.plots.medication_reviews import (  # noqa: F401 - charts like the others
    medication_review_groups,
    medication_review_overlap,
)
from pcn_analysis.plots.network_changes import place_changes  # noqa: F401 - charts like the others
from pcn_analysis.plots.networks import (  # noqa: F401 - charts like the others
    place_against_random,
    place_networks,
    place_plans,
    place_sharing,
)
from pcn_analysis.plots.over_time import control_charts  # noqa: F401 - a chart like the others
from pcn_analysis.plots.personalised_care import (  # noqa: F401 - charts like the others
    social_prescribing_equity,
    wellbeing_changes,
)
from pcn_analysis.plots.published_measures import (  # noqa: F401 - charts like the others
    published_by_practice,
    published_measures,
)
from pcn_analysis.plots.pyramids import age_pyramid, people_pyramid  # noqa: F401 - charts like the others
from pcn_analysis.plots.reconciliation import payments_held  # noqa: F401 - a chart like the others
from pcn_analysis.plots.scores import (  # noqa: F401 - charts like the others
    hazardous_medicines,
    qrisk3_bands,
    risk_tiers,
    score_bands,
    score_variants,
)
from pcn_analysis.plots.segments import (  # noqa: F401 - charts like the others
    segment_admissions,
    segment_conditions,
    segment_contacts,
    segment_pyramids,
    segments_against_place,
    segments_by_ethnicity,
)
from pcn_analysis.plots.services import (  # noqa: F401 - charts like the others
    service_measures,
    service_work,
    services,
)
from pcn_analysis.plots.style import (
    DARK_BLUE,
    DARK_PINK,
    GREY,
    INK,
    ORANGE,
    PALE,
    TURQUOISE,
    bare,
    chart,
    floats,
    lengths,
    name_rows,
    subject,
)
from pcn_analysis.plots.team import (  # noqa: F401 - charts like the others
    team_cover,
    team_posts,
    team_sensitivity,
    team_trade_off,
    team_work,
)
from pcn_analysis.plots.workforce import (  # noqa: F401 - charts like the others
    alike_by_role,
    networks_alike,
    role_competition,
    role_reliance,
    staff_by_role,
)
from pcn_analysis.thresholds import CORE20_DECILES, NETWORK_SIZE, SIZE_BANDS
from pcn_analysis.words import NOT_ASSESSED, NOT_SHOWN, count, percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from pcn_analysis.release import ReleasedTable


def _rows_high(table: ReleasedTable) -> float:
    return 1.5 + 0.34 * len(table)


@chart(height=_rows_high)
def practice_lists(table: ReleasedTable, ax: Axes) -> None:
    """Draw each practice's list as a bar, largest on top."""
    frame = table.frame.iloc[::-1]
    bars = ax.barh(frame["practice_name"], lengths(frame["patients"]), color=DARK_BLUE, height=0.7)
    ax.bar_label(bars, [count(value) for value in frame["patients"]], padding=4)
    ax.set_title(f"Registered patients by practice\n{table.about.title()}")
    bare(ax)


@chart(height=_rows_high)
def network_sizes(table: ReleasedTable, ax: Axes) -> None:
    """Draw each network's list as a dot against the expected band; practices in no network are left out."""
    frame = table.frame.dropna(subset=["pcn_code"]).iloc[::-1]
    ax.axvspan(*NETWORK_SIZE, color=PALE)
    ax.text(sum(NETWORK_SIZE) / 2, len(frame) - 0.45, SIZE_BANDS[1], ha="center", fontsize=9, color=GREY)
    ax.set_ylim(-0.6, len(frame) - 0.1)
    ax.plot(floats(frame["patients"]), frame["pcn_name"], "o", color=DARK_BLUE, markersize=9)
    for name, value in zip(frame["pcn_name"], frame["patients"], strict=True):
        ax.annotate(
            count(value),
            (0.0 if pd.isna(value) else float(value), name),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
        )
    ax.set_xlim(0, float(frame["patients"].max()) * 1.18)
    ax.set_title(f"Registered patients by network\n{table.about.title()}")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.grid(axis="x")


@chart(height=4.4)
def deprivation(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share of patients in each decile as bars, and the place's as markers."""
    frame = table.frame
    colours = [DARK_BLUE if decile <= CORE20_DECILES else "#8FA9BF" for decile in frame["imd_decile"]]
    deciles = frame["imd_decile"].astype(int)
    share, place_share = floats(frame["share"]), floats(frame["place_share"])
    ax.bar(deciles, share, color=colours, width=0.78, label=table.about.network)
    ax.plot(deciles, place_share, "D", color=ORANGE, markeredgecolor=INK, markersize=7, label=table.about.place)
    for decile, value, other in zip(deciles, share, place_share, strict=True):
        ax.annotate(
            NOT_SHOWN if np.isnan(value) else f"{value:.0%}",
            (decile, np.nan_to_num(np.fmax(value, other))),
            xytext=(0, 7),
            textcoords="offset points",
            ha="center",
        )
    ax.set_xticks(deciles, ["1\nmost\ndeprived", *map(str, range(2, 10)), "10\nleast\ndeprived"])
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.margins(y=0.15)
    ax.set_xlabel("National decile of deprivation of the area; darker: the most deprived fifth")
    ax.set_ylabel("Share of patients")
    ax.set_title(f"Deprivation where patients live\n{table.about.title()}")
    ax.legend()
    ax.grid(axis="y")


@chart(height=_rows_high)
def prevalence(table: ReleasedTable, ax: Axes) -> None:
    """Draw recorded prevalence relative to the comparator, with the interval and the place's."""
    frame = table.frame
    relative = pd.DataFrame(
        {
            name: floats(frame[name]) / floats(frame["comparator_prevalence"])
            for name in ("prevalence", "prevalence_lower", "prevalence_upper", "place_prevalence")
        }
    )
    frame = frame.assign(**relative).sort_values("prevalence", ignore_index=True)
    look = {"higher": (DARK_PINK, "^"), "lower": (TURQUOISE, "v"), "similar": (GREY, "o")}
    ax.axvline(1, color=INK, linewidth=1)
    ax.plot(frame["place_prevalence"], frame.index, "D", color="white", markeredgecolor=ORANGE, markersize=6.5,
            markeredgewidth=1.6, label=table.about.place)  # fmt: skip
    for compared, (colour, marker) in look.items():
        rows = frame[frame["prevalence_compared"] == compared]
        error = [rows["prevalence"] - rows["prevalence_lower"], rows["prevalence_upper"] - rows["prevalence"]]
        label = f"{table.about.network}: {compared}"
        ax.errorbar(rows["prevalence"], rows.index, xerr=error, fmt=marker, color=colour, markersize=7, label=label)
    ax.set_yticks(frame.index, frame["condition"])
    ax.set_ylim(-0.8, len(frame) - 0.2)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}×"))
    ax.set_xlabel(f"Recorded prevalence as a multiple of that of {table.about.comparator}, with 95% interval")
    ax.set_title(f"Recorded conditions against {table.about.comparator}\n{table.about.network}, {table.period()}")
    ax.legend(loc="lower right")
    ax.grid(axis="x")


@chart(height=_rows_high)
def network_footprints(table: ReleasedTable, ax: Axes) -> None:
    """Draw localisation and commitment of each network as two markers on a line."""
    frame = table.frame.iloc[::-1]
    local, commitment = floats(frame["localisation"]), floats(frame["commitment"])
    ax.hlines(frame["pcn_name"], local, commitment, color=GREY, linewidth=1.5)
    ax.plot(
        local,
        frame["pcn_name"],
        "o",
        color=DARK_BLUE,
        markersize=9,
        label="Localisation: its patients living there",
    )
    ax.plot(
        commitment, frame["pcn_name"], "s", color=ORANGE, markeredgecolor=INK, markersize=8,
        label="Commitment: people registered there who are its patients",
    )  # fmt: skip
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_title(f"How far networks and their footprints coincide\n{table.about.title()}")
    ax.legend(loc="upper center", bbox_to_anchor=(0.4, -0.12), ncols=1)
    ax.grid(axis="x")


@chart(height=_rows_high)
def shared_networks(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share of neighbours registered with each network as bars."""
    frame = table.frame.iloc[::-1]
    colours = [DARK_BLUE if name == table.about.network else "#8FA9BF" for name in frame["pcn_name"]]
    bars = ax.barh(frame["pcn_name"], lengths(frame["share"]), color=colours, height=0.7)
    ax.bar_label(bars, [percent(value) for value in frame["share"]], padding=4)
    ax.set_title(f"Where neighbours of its patients are registered\n{table.about.title()}")
    bare(ax)


@chart(height=lambda table: 1.7 + 0.42 * len(table))
def contacts(table: ReleasedTable, ax: Axes) -> None:
    """Draw the share of people seen at least once as a bar for each kind of contact, and how often beside it."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    bars = ax.barh(frame["contact"], lengths(frame["share"]), color=DARK_BLUE, height=0.7)
    ax.bar_label(bars, [_seen(row) for row in frame.itertuples()], padding=4)
    ax.set_title(f"Seen at least once in the 12 months before\n{table.about.title()}")
    bare(ax)
    ax.set_xlim(0, max(float(np.max(lengths(frame["share"]))), LEAST_AXIS) * 1.75)


LEAST_AXIS = 0.01
"""Share that the axis reaches at least, where no bar is shown."""


def _seen(row: Any) -> str:
    if not row.recorded:
        return "not in these records"
    return f"{percent(row.share)}  ({count(row.contacts_each * 1000)} per 1,000 people)"


@chart(height=_rows_high)
def segment_sizes(table: ReleasedTable, ax: Axes) -> None:
    """Draw each segment that anyone is in as a bar, first priority on top; those in none are grey.

    Those whom the model is not for are not drawn, and are said below.
    """
    frame = peopled(table.frame)
    others, empty = frame[frame["kind"] == "others"], table.frame.drop(index=frame.index)
    frame = frame.drop(index=others.index).iloc[::-1].reset_index(drop=True)
    colours = [DARK_BLUE if kind == "segment" else GREY for kind in frame["kind"]]
    bars = ax.barh(frame.index, lengths(frame["share"]), color=colours, height=0.7)
    name_rows(ax, frame.index, frame["segment"])
    ax.bar_label(bars, [_share_and_count(row) for row in frame.itertuples()], padding=4)
    ax.set_title(f"People by segment\n{subject(table)}")
    bare(ax)
    ax.margins(x=0.34)
    notes = [f"Shares of people {whom}" for whom in table.frame["whom"].iloc[:1] if whom]
    notes += [f"not drawn: {row.segment} ({count(row.patients)})" for row in others.itertuples()]
    notes += [f"nobody is in: {', '.join(empty['segment'])}"] if len(empty) else []
    if notes:
        ax.text(0, -0.02, textwrap.fill("; ".join(notes), 105), transform=ax.transAxes, va="top", fontsize=9.5)


def _share_and_count(row: Any) -> str:
    if row.status == NOT_ASSESSED:
        return NOT_ASSESSED
    return NOT_SHOWN if pd.isna(row.patients) else f"{percent(row.share)}  ({count(row.patients)})"


def _segments_by_group(by: str, title: str) -> Callable[..., Axes | None]:
    """Make a chart of segments by a group: a cell each, coloured where its share differs from everyone's.

    Parameters
    ----------
    by
        Column of the group.
    title
        Title of the chart.
    """

    @chart(height=groups_high(by), width=9.8)
    def drawn(table: ReleasedTable, ax: Axes) -> None:
        """Draw the share of each segment in each group as a cell, coloured where it differs from everyone's."""
        draw_groups(table, ax, by, title)

    return drawn


segments_by_age = _segments_by_group("age_group", "Segments by age (years)")
segments_by_deprivation = _segments_by_group("deprivation_fifth", "Segments by national fifth of deprivation")
segments_by_practice = _segments_by_group("practice_name", "Segments by practice")


@chart(height=5.2)
def reasons(table: ReleasedTable, ax: Axes) -> None:
    """Draw the commonest reasons as bars, at most fifteen."""
    frame = table.frame.head(MOST_REASONS).iloc[::-1]
    bars = ax.barh(frame["element"], lengths(frame["share"]), color=DARK_BLUE, height=0.7)
    ax.bar_label(bars, [percent(value) for value in frame["share"]], padding=4)
    ax.set_title(f"What makes them frail: the {len(frame)} commonest deficits\n{table.about.title()}")
    bare(ax)


MOST_REASONS = 15


@chart(height=lambda table: 1.7 + 0.5 * len(table))
def attrition(table: ReleasedTable, ax: Axes) -> None:
    """Draw what each step leaves as a bar; the last one is those who would be offered care."""
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    colours = [DARK_PINK, *["#8FA9BF"] * (len(frame) - 1)]
    bars = ax.barh(frame["step"], lengths(frame["patients"]), color=colours, height=0.66)
    labels = [count(row.patients) + _of_the_step_above(row) for row in frame.itertuples()]
    ax.bar_label(bars, [*labels[:-1], count(frame["patients"].iloc[-1])], padding=5)
    ax.set_title(f"From everyone registered to proactive care\n{table.about.title()}")
    bare(ax)


def _of_the_step_above(row: Any) -> str:
    if row.status == NOT_ASSESSED:
        return f"  ({NOT_ASSESSED})"
    return f"  ({percent(row.share)} of the step above)" if pd.notna(row.share) else ""


def capacity(table: ReleasedTable, monthly_capacity: int, ax: Axes | None = None) -> Axes | None:
    """Draw how many months each severity takes at a stated capacity, one after the other.

    Parameters
    ----------
    table
        People by severity, those who go first on top.
    monthly_capacity
        People whom the team can assess in a month.
    ax
        Where to draw.
    """

    @chart(height=2.8)
    def drawn(table: ReleasedTable, ax: Axes) -> None:
        begin = 0.0
        for row, colour in zip(table.frame.itertuples(), (DARK_PINK, DARK_BLUE), strict=False):
            hidden = pd.isna(row.patients)
            months = 0.0 if hidden else float(row.patients) / monthly_capacity
            label = f"{row.frailty.capitalize()} frailty: {count(row.patients)}{'' if hidden else ' people'}"
            ax.barh(0, months, left=begin, height=0.5, color=colour, label=label)
            begin += months
        ax.axvline(12, ymax=0.72, color=INK, linewidth=1.2)
        ax.text(12, -0.33, " one year", va="center", fontsize=9)
        ax.set_xlim(0, max(begin * 1.08, 13))
        ax.set_ylim(-0.42, 0.75)
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.set_xlabel(f"Months at {count(monthly_capacity)} assessments a month, severe frailty first")
        ax.set_title(f"How long the team would need\n{table.about.title()}")
        ax.legend(loc="upper left", ncols=2)

    return drawn(table, ax)


@chart(height=_rows_high)
def eligible_by_practice(table: ReleasedTable, ax: Axes) -> None:
    """Draw each practice's share of people of 65 and over as a dot with its interval, highest on top."""
    _dots(ax, table.frame.sort_values("share", na_position="first", ignore_index=True), "practice_name")
    ax.set_title(f"Would be offered proactive care, by practice\n{table.about.title()}")


@chart(height=_rows_high)
def eligible_by_deprivation(table: ReleasedTable, ax: Axes) -> None:
    """Draw each deprivation fifth's share of people of 65 and over as a dot with its interval, most deprived on top."""
    _dots(ax, table.frame.iloc[::-1].reset_index(drop=True), "deprivation_fifth")
    ax.set_title(f"Would be offered proactive care, by deprivation of the area\n{table.about.title()}")


def _dots(ax: Axes, frame: pd.DataFrame, name: str) -> None:
    share, lower, upper = (floats(frame[column]) for column in ("share", "share_lower", "share_upper"))
    rows = range(len(frame))
    ax.errorbar(share, rows, xerr=[share - lower, upper - share], fmt="o", color=DARK_BLUE, markersize=8)
    for row, value in zip(rows, share, strict=True):
        if np.isnan(value):
            ax.text(0.001, row, NOT_SHOWN, va="center", color=GREY)
    ax.set_yticks(rows, frame[name])
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.set_xlim(left=0)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel("Share of registered people of 65 and over, with 95% interval")
    ax.grid(axis="x")
