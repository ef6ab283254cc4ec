"""Sentences that read a released table aloud: the finding beside each figure.

Every number comes from the table that is passed, so a sentence can never disagree with it, and changes with
the network.
"""

from pcn_analysis.readings.care import (
    commonest_reasons,
    proactive_care,
    reach_by_age,
    reach_by_deprivation,
    reach_by_practice,
)
from pcn_analysis.readings.composition import contacts, people
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
from pcn_analysis.readings.segmentation import (
    at_older_ages,
    by_deprivation,
    by_practice,
    elements,
    segments,
)

__all__ = [
    "ages",
    "areas",
    "at_older_ages",
    "by_deprivation",
    "by_practice",
    "commonest_reasons",
    "contacts",
    "deprivation",
    "elements",
    "footprint",
    "list_size",
    "local_authorities",
    "networks_compared",
    "people",
    "prevalence",
    "proactive_care",
    "reach_by_age",
    "reach_by_deprivation",
    "reach_by_practice",
    "segments",
    "shared",
]
