"""How many people each score picks, and whether another variant of it would pick the same ones: counts only.

A score is comparable with others of its variant only. How many people a threshold picks, and which, can rest on the
variant as much as on the people; nothing here says which variant is right.
"""

from pcn_analysis.anticipatory.score_agreement.bands import bands
from pcn_analysis.anticipatory.score_agreement.cardiovascular import qrisk3_by_sex, qrisk3_without
from pcn_analysis.anticipatory.score_agreement.lacking import not_assessed
from pcn_analysis.anticipatory.score_agreement.pairs import against_usual, variants_compared
from pcn_analysis.anticipatory.score_agreement.reviews import by_tier, hazardous_combinations

__all__ = [
    "against_usual",
    "bands",
    "by_tier",
    "hazardous_combinations",
    "not_assessed",
    "qrisk3_by_sex",
    "qrisk3_without",
    "variants_compared",
]
