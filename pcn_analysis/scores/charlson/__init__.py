"""The Charlson comorbidity index: categories of illness that hospitals recorded, added up; in named variants.

Variants differ in the codes of a category, in the points of it, and in whether a sum can be below 0. A score is
comparable with others of its variant only, so that every column carries the name of one. **No points for age are
added**, though the index of 1994 has them: age stands in a column of its own.

What a person has, and what was coded, are different things: a hospital that codes more has people with higher scores.

References
----------
Charlson et al. 1987, A new method of classifying prognostic comorbidity in longitudinal studies, Journal of Chronic
Diseases 40:373-383, doi:10.1016/0021-9681(87)90171-8.
Quan et al. 2005, Coding algorithms for defining comorbidities in ICD-9-CM and ICD-10 administrative data, Medical Care
43:1130-1139, doi:10.1097/01.mlr.0000182534.19832.83.
Quan et al. 2011, Updating and validating the Charlson comorbidity index and score, American Journal of Epidemiology
173:676-682, doi:10.1093/aje/kwq433.
Armitage and van der Meulen 2010, Identifying co-morbidity in surgical patients using administrative data with the Royal
College of Surgeons Charlson Score, British Journal of Surgery 97:772-781, doi:10.1002/bjs.6930.
"""

from pcn_analysis.scores.charlson.score import charlson, charlson_reasons, score_column, unassessable
from pcn_analysis.scores.charlson.variants import VARIANTS, Variant, find_variant

__all__ = [
    "VARIANTS",
    "Variant",
    "charlson",
    "charlson_reasons",
    "find_variant",
    "score_column",
    "unassessable",
]
