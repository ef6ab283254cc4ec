"""Descriptions of figures for people who do not see them, built from the same released tables.

Each says what kind of figure it is, what it measures and where, and its range with the highest and lowest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.plots.budget_alt_text import (  # noqa: F401 - descriptions like the others
    entitlement,
    role_claims,
    two_years,
)
from pcn_analysis.plots.cardiovascular_alt_text import (  # noqa: F401 - descriptions like the others
    follow_up_routes,
    statin_by_risk,
    stroke_risk,
)
from pcn_analysis.plots.care_alt_text import (  # noqa: F401 - descriptions like the others
    admission_by_group,
    admission_calibration,
    admission_models,
    admission_net_benefit,
    admission_top,
    admissions_in_time,
    care_gaps,
    lists_in_time,
    reach_to_need,
    slots_by_professional,
)
from pcn_analysis.plots.cells import drawn_groups, peopled
from pcn_analysis.plots.described import described, in_words
from pcn_analysis.plots.england_alt_text import (  # noqa: F401 - descriptions like the others
    england_borders,
    england_changes,
    england_coherence,
    england_deprivation,
    england_ends,
    england_map,
    england_sizes,
    england_spread,
)
from pcn_analysis.plots.footprint_alt_text import catchments  # noqa: F401 - a description like the others
from pcn_analysis.plots.groupings_alt_text import (  # noqa: F401 - descriptions like the others
    group_areas,
    group_sharing,
    groups_measured,
    made_of,
)
from pcn_analysis.plots.homes_and_access_alt_text import (  # noqa: F401 - descriptions like the others
    care_home_residents,
    care_home_timeliness,
    enhanced_access_week,
    social_prescribing_equity,
    wellbeing_changes,
)
from pcn_analysis.plots.inequality_alt_text import (  # noqa: F401 - descriptions like the others
    core20plus,
    ethnicity_recording,
    inequality_forest,
    measures_by_ethnicity,
    measures_by_fifth,
)
from pcn_analysis.plots.medication_cancer_alt_text import (  # noqa: F401 - descriptions like the others
    cancer_pathway_funnels,
    cancer_referrals,
    cancer_screening,
    medication_review_groups,
    medication_review_overlap,
)
from pcn_analysis.plots.networks_alt_text import (  # noqa: F401 - descriptions like the others
    place_against_random,
    place_areas,
    place_changes,
    place_networks,
    place_plans,
    place_sharing,
    plan_maps,
)
from pcn_analysis.plots.outlook_alt_text import (  # noqa: F401 - descriptions like the others
    found_across,
    found_conditions,
    found_sizes,
    models_crossed,
    segment_outcomes,
    segment_projection,
)
from pcn_analysis.plots.reconciliation_alt_text import payments_held  # noqa: F401 - a description like the others
from pcn_analysis.plots.scores_alt_text import (  # noqa: F401 - descriptions like the others
    hazardous_medicines,
    qrisk3_bands,
    risk_tiers,
    score_bands,
    score_variants,
)
from pcn_analysis.plots.segment_alt_text import (  # noqa: F401 - descriptions like the others
    segment_admissions,
    segment_conditions,
    segment_contacts,
    segment_pyramids,
    segments_against_place,
    segments_by_ethnicity,
)
from pcn_analysis.plots.services_alt_text import (  # noqa: F401 - descriptions like the others
    control_charts,
    published_by_practice,
    published_measures,
    service_measures,
    service_work,
    services,
)
from pcn_analysis.plots.team_alt_text import (  # noqa: F401 - descriptions like the others
    team_cover,
    team_posts,
    team_sensitivity,
    team_trade_off,
    team_work,
)
from pcn_analysis.plots.workforce_alt_text import (  # noqa: F401 - descriptions like the others
    alike_by_role,
    networks_alike,
    role_competition,
    role_reliance,
    staff_by_role,
)
from pcn_analysis.thresholds import SERVED_SHARE, SIZE_BANDS, size_band
from pcn_analysis.words import NOT_ASSESSED, NOT_SHOWN, count, number, percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcn_analysis.release import ReleasedTable


@described
def practice_lists(table: ReleasedTable) -> str:
    """Describe the bars of practice lists."""
    first, last = table.frame.iloc[0], table.frame.iloc[-1]
    return (
        f"Bar chart of registered patients at the {number(len(table), 'practice')} of {table.about.title()}, from "
        f"{first['practice_name']} ({count(first['patients'])}) to {last['practice_name']} "
        f"({count(last['patients'])})."
    )


@described
def network_sizes(table: ReleasedTable) -> str:
    """Describe the dots of network lists."""
    frame = table.frame.dropna(subset=["pcn_code"]).sort_values("patients", ascending=False)
    within = frame["patients"].dropna().map(size_band).eq(SIZE_BANDS[1]).sum()
    return (
        f"Dot plot of registered patients by network, {table.about.title()}: highest {frame.iloc[0]['pcn_name']} "
        f"({count(frame.iloc[0]['patients'])}), lowest {frame.iloc[-1]['pcn_name']} "
        f"({count(frame.iloc[-1]['patients'])}); {within} of {len(frame)} within {SIZE_BANDS[1]}."
    )


@described
def age_pyramid(table: ReleasedTable) -> str:
    """Describe the pyramid."""
    largest = table.frame.loc[table.frame["share"].astype(float).idxmax()]
    return (
        f"Population pyramid of {table.about.title()}, with {table.about.comparator} as an outline. The largest "
        f"group is {largest['sex']}, {largest['age_band']} years: {percent(largest['share'])} of patients, against "
        f"{percent(largest['comparator_share'])} in {table.about.comparator}."
    )


@described
def deprivation(table: ReleasedTable) -> str:
    """Describe the deciles."""
    shares = ", ".join(f"decile {int(row['imd_decile'])} {percent(row['share'])}" for _, row in table.frame.iterrows())
    return (
        f"Bar chart of patients by deprivation decile of their area (1 is the most deprived), "
        f"{table.about.title()}, with {table.about.place} as markers: {shares}."
    )


@described
def prevalence(table: ReleasedTable) -> str:
    """Describe the dots of relative prevalence."""
    frame = table.frame.assign(relative=lambda f: f["prevalence"] / f["comparator_prevalence"])
    ordered = frame.dropna(subset=["relative"]).sort_values("relative")
    most, least = ordered.iloc[-1], ordered.iloc[0]
    return (
        f"Dot plot of recorded prevalence of {number(len(frame), 'condition')} in {table.about.network} as a "
        f"multiple of that of {table.about.comparator}, with 95% intervals: highest {most['condition']} "
        f"({most['relative']:.2f} times), lowest {least['condition']} ({least['relative']:.2f} times)."
    )


@described
def network_footprints(table: ReleasedTable) -> str:
    """Describe localisation and commitment of each network."""
    each = "; ".join(
        f"{row['pcn_name']} {percent(row['localisation'])} and {percent(row['commitment'])}"
        for _, row in table.frame.iterrows()
    )
    return f"Dot plot of localisation and commitment of the networks of {table.about.title()}: {each}."


@described
def shared_networks(table: ReleasedTable) -> str:
    """Describe the shares of neighbours."""
    each = "; ".join(f"{row['pcn_name']} {percent(row['share'])}" for _, row in table.frame.iterrows())
    return f"Bar chart of where neighbours of the patients of {table.about.title()} are registered: {each}."


@described
def footprint(table: ReleasedTable) -> str:
    """Describe the map."""
    frame = table.frame
    served = frame[frame["in_footprint"] | (frame["share"].astype("Float64") >= SERVED_SHARE).fillna(False)]
    if served.empty:
        return f"Map of areas around {table.about.title()}; it serves at least {SERVED_SHARE:.0%} of patients in none."
    share = served["share"].astype(float)
    highest, lowest = served.loc[share.idxmax()], served.loc[share.idxmin()]
    return (
        f"Map of the share of registered patients served by {table.about.title()}, in "
        f"{number(len(served), 'area')} where it is at least {SERVED_SHARE:.0%} or the area is in its footprint: from "
        f"{percent(lowest['share'])} ({lowest['area_code']}) to {percent(highest['share'])} "
        f"({highest['area_code']}). The footprint, outlined, has {number(int(served['in_footprint'].sum()), 'area')}, "
        f"{int((served['in_footprint'] & served['uncertain']).sum())} of them uncertain (hatched)."
    )


@described
def people_pyramid(table: ReleasedTable) -> str:
    """Describe the pyramid of the people themselves."""
    frame = table.frame
    totals = frame[frame["age_group"] == frame["age_group"].iloc[0]].iloc[1:]
    groups = frame[frame["sex"] == frame["sex"].iloc[0]].iloc[1:-1]
    return (
        f"Pyramid of people by age and sex, {table.about.title()}: "
        f"{', '.join(f'{row.sex} {percent(row.share)}' for row in totals.itertuples())}. By age: "
        f"{', '.join(f'{row.age_group} {percent(row.share)}' for row in groups.itertuples())}."
    )


@described
def contacts(table: ReleasedTable) -> str:
    """Describe the bars of contacts."""
    each = "; ".join(
        f"{row.contact} {percent(row.share) if row.recorded else 'not in these records'}"
        for row in table.frame.itertuples()
    )
    return f"Bar chart of people seen at least once in 12 months by kind of contact, {table.about.title()}: {each}."


@described
def segment_sizes(table: ReleasedTable) -> str:
    """Describe the bars of segments."""
    shares = "; ".join(
        f"{row.segment} {row.status if row.status == NOT_ASSESSED else percent(row.share)}"
        for row in peopled(table.frame[table.frame["kind"] != "others"]).itertuples()
    )
    return f"Bar chart of people by segment, {in_words(table)}, first priority first: {shares}."


def _segments_by_group(by: str, groups: str) -> Callable[[ReleasedTable], str]:
    """Make the description of a chart of segments by a group: where each segment is commonest.

    Parameters
    ----------
    by
        Column of the group.
    groups
        What the groups are, as in a sentence.
    """

    @described
    def of_groups(table: ReleasedTable) -> str:
        """Describe where each segment is commonest."""
        frame = drawn_groups(table.frame, by).dropna(subset=["share"])
        highest = frame.loc[frame.groupby("segment", sort=False)["share"].idxmax()]
        where = "; ".join(f"{row['segment']} {row[by]} ({percent(row['share'])})" for _, row in highest.iterrows())
        where = where or "none is shown"
        return (
            f"Table of cells with the share of each segment among people by {groups}, {in_words(table)}, coloured "
            f"where it differs from everyone's. Where each segment has its highest share: {where}."
        )

    return of_groups


segments_by_age = _segments_by_group("age_group", "age")
segments_by_deprivation = _segments_by_group("deprivation_fifth", "fifth of deprivation")
segments_by_practice = _segments_by_group("practice_name", "practice")


@described
def attrition(table: ReleasedTable) -> str:
    """Describe the steps to a cohort."""
    steps = "; ".join(f"{row.step} {count(row.patients)}" for row in table.frame.itertuples())
    return f"Bar chart of how many people remain after each step, {table.about.title()}: {steps}."


def capacity(table: ReleasedTable, monthly_capacity: int) -> str:
    """Describe how long a team would need."""

    def _people_and_months(row: Any) -> str:
        if pd.isna(row.patients):
            return NOT_SHOWN
        people = number(row.patients, "person", "people")
        return f"{people}, {number(-(-int(row.patients) // monthly_capacity), 'month')}"

    @described
    def of_team(table: ReleasedTable) -> str:
        parts = "; ".join(f"{row.frailty} frailty {_people_and_months(row)}" for row in table.frame.itertuples())
        return (
            f"Bar of the months that a team needs at {count(monthly_capacity)} assessments a month, "
            f"{table.about.title()}: {parts}."
        )

    return of_team(table)


@described
def eligible_by_practice(table: ReleasedTable) -> str:
    """Describe the dots of practices."""
    return _extremes(table, "practice_name", "practice")


@described
def eligible_by_deprivation(table: ReleasedTable) -> str:
    """Describe the dots of deprivation fifths."""
    return _extremes(table, "deprivation_fifth", "fifth of deprivation")


def _extremes(table: ReleasedTable, column: str, groups: str) -> str:
    frame = table.frame.dropna(subset=["share"]).sort_values("share")
    about = f"Dot plot of the share of people of 65 and over who would be offered proactive care by {groups}"
    if frame.empty:
        return f"{about}, {table.about.title()}: none is shown."
    low, high = frame.iloc[0], frame.iloc[-1]
    return (
        f"{about}, with 95% intervals, {table.about.title()}: highest {high[column]} ({percent(high['share'])}), "
        f"lowest {low[column]} ({percent(low['share'])})."
    )


@described
def reasons(table: ReleasedTable) -> str:
    """Describe the bars of the commonest reasons."""
    first = "; ".join(f"{row.element} {percent(row.share)}" for row in table.frame.head(5).itertuples())
    return f"Bar chart of the commonest deficits of those who would be offered care, {table.about.title()}: {first}."
