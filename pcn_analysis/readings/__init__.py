"""Sentences that read a released table aloud: the finding beside each figure.

Every number comes from the table that is passed, so a sentence can never disagree with it, and changes with
the network.
"""

from pcn_analysis.readings.admission import (
    admission_by_group,
    admission_calibration,
    admission_limits,
    admission_model,
    admission_models,
    admission_net_benefit,
    admission_top,
    admissions_in_time,
    lists_in_time,
)
from pcn_analysis.readings.care import (
    commonest_reasons,
    proactive_care,
    reach_by_age,
    reach_by_deprivation,
    reach_by_practice,
)
from pcn_analysis.readings.caseload import care_gaps, reached_fairly, rests_on, slots_of_month
from pcn_analysis.readings.comparison import agreement, first_segments, models_crossed
from pcn_analysis.readings.composition import contacts, people
from pcn_analysis.readings.dynamics import came_and_went, moved, own_or_published, projected, projected_as_published
from pcn_analysis.readings.found import found_across, found_conditions, found_segments
from pcn_analysis.readings.profiles import (
    segment_admissions,
    segment_ages,
    segment_conditions,
    segment_cost,
    segments_against_place,
)
from pcn_analysis.readings.published import (
    ages,
    areas,
    deprivation,
    footprint,
    list_size,
    local_authorities,
    networks_compared,
    prevalence,
    shared,
)
from pcn_analysis.readings.scores import (
    hazardous_medicines,
    qrisk3_bands,
    qrisk3_disclaimer,
    risk_tiers,
    score_bands,
    score_variants,
    scores_not_assessed,
    variants_apart,
)
from pcn_analysis.readings.segmentation import (
    about_model,
    assumptions,
    at_older_ages,
    by_deprivation,
    by_ethnicity,
    by_practice,
    elements,
    largest,
    segments,
)

__all__ = [
    "about_model",
    "admission_by_group",
    "admission_calibration",
    "admission_limits",
    "admission_model",
    "admission_models",
    "admission_net_benefit",
    "admission_top",
    "admissions_in_time",
    "ages",
    "agreement",
    "areas",
    "assumptions",
    "at_older_ages",
    "by_deprivation",
    "by_ethnicity",
    "by_practice",
    "came_and_went",
    "care_gaps",
    "commonest_reasons",
    "contacts",
    "deprivation",
    "elements",
    "first_segments",
    "footprint",
    "found_across",
    "found_conditions",
    "found_segments",
    "hazardous_medicines",
    "largest",
    "list_size",
    "lists_in_time",
    "local_authorities",
    "models_crossed",
    "moved",
    "networks_compared",
    "own_or_published",
    "people",
    "prevalence",
    "proactive_care",
    "projected",
    "projected_as_published",
    "qrisk3_bands",
    "qrisk3_disclaimer",
    "reach_by_age",
    "reach_by_deprivation",
    "reach_by_practice",
    "reached_fairly",
    "rests_on",
    "risk_tiers",
    "score_bands",
    "score_variants",
    "scores_not_assessed",
    "segment_admissions",
    "segment_ages",
    "segment_conditions",
    "segment_cost",
    "segments",
    "segments_against_place",
    "shared",
    "slots_of_month",
    "variants_apart",
]
