"""The Cambridge Multimorbidity Score: conditions of a person, each with a weight, added up; in named variants.

Weights were published for several outcomes and numbers of conditions. A score is comparable with others of its
variant only, so that every column carries the name of one. What each rests on is in codelists/cambridge_*.csv; in
words, docs/scores.md.

References
----------
Payne et al. 2020, Development and validation of the Cambridge Multimorbidity Score, CMAJ 192:E107-E114,
doi:10.1503/cmaj.190757.
Tsang et al. 2023, Development of a modified Cambridge Multimorbidity Score for use with SNOMED CT, British Journal of
General Practice 73:e435-e442, doi:10.3399/BJGP.2022.0235.
"""

from pcn_analysis.scores.cambridge.bands import core_segments, segment_column
from pcn_analysis.scores.cambridge.score import (
    assessed_column,
    cambridge_reasons,
    cambridge_scores,
    score_column,
    unassessable,
)
from pcn_analysis.scores.cambridge.variants import VARIANTS, Variant, find_variant

__all__ = [
    "VARIANTS",
    "Variant",
    "assessed_column",
    "cambridge_reasons",
    "cambridge_scores",
    "core_segments",
    "find_variant",
    "score_column",
    "segment_column",
    "unassessable",
]
