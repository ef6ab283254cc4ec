"""Segments that are found in the data: which long-term conditions occur together, and in how many kinds of people.

Rules say beforehand who belongs together. Here nobody does: latent classes, or k-means on correspondence analysis, are
fitted to the conditions of all adults of a place, and their number is taken from the data, if the data settle it. Where
no solution is stable, the result says so and puts nobody into a segment. ``docs/found_segments.md`` says how to read
one.
"""

from pcn_analysis.segmentation.found.conditions import condition_patterns
from pcn_analysis.segmentation.found.counts import across_rules, choice, conditions, sizes
from pcn_analysis.segmentation.found.estimator import FoundSegments
from pcn_analysis.segmentation.found.fitted import (
    FoundInPlace,
    fit_place,
    found_folder,
    load_found,
    made_from,
    store_found,
)
from pcn_analysis.segmentation.found.on_page import of_place, outcome, tried

__all__ = [
    "FoundInPlace",
    "FoundSegments",
    "across_rules",
    "choice",
    "condition_patterns",
    "conditions",
    "fit_place",
    "found_folder",
    "load_found",
    "made_from",
    "of_place",
    "outcome",
    "sizes",
    "store_found",
    "tried",
]
