"""The Hospital Frailty Risk Score: 109 codes of ICD-10, each with points that count once; in named variants.

**It follows the depth of coding.** The score counts what was coded in admissions: it rises when a hospital codes more
diagnoses to an admission, without anybody being frailer, and differs between hospitals for the same reason. Who was
not admitted in the window has 0, which says nothing of frailty at home. Compare neither places nor years by it without
looking at the number of diagnoses to an admission. The electronic frailty index, from records of general practice, is
another thing (:mod:`pcn_analysis.scores.frailty`).

References
----------
Gilbert et al. 2018, Development and validation of a Hospital Frailty Risk Score focusing on older people in acute care
settings using electronic hospital records: an observational study, Lancet 391:1775-1782,
doi:10.1016/S0140-6736(18)30668-8.
"""

from pcn_analysis.scores.hospital_frailty.score import (
    band_column,
    hospital_frailty,
    hospital_frailty_reasons,
    score_column,
    unassessable,
)
from pcn_analysis.scores.hospital_frailty.variants import CODES, VARIANTS, Variant, find_variant

__all__ = [
    "CODES",
    "VARIANTS",
    "Variant",
    "band_column",
    "find_variant",
    "hospital_frailty",
    "hospital_frailty_reasons",
    "score_column",
    "unassessable",
]
