"""QRISK3: the chance of a first heart attack or stroke within ten years, for people of 25 to 84 without either.

:func:`qrisk3` scores a table of inputs, one row a person. :func:`qrisk3_inputs` makes that table from records, leaves
empty what they cannot say, and names what was assumed; :func:`qrisk3_of` does both for the people of a network, and
says in which band of chances each is. Wherever a score is shown, :data:`DISCLAIMER` is shown with it.

What each rests on is in codelists/qrisk3_*.csv; in words, docs/scores.md.

References
----------
Hippisley-Cox, Coupland and Brindle 2017, Development and validation of QRISK3 risk prediction algorithms to estimate
future risk of cardiovascular disease: prospective cohort study, BMJ 357:j2099, doi:10.1136/bmj.j2099.
ClinRisk Ltd 2017, QRISK3-2017, https://qrisk.org/three/.
"""

from pcn_analysis.scores.qrisk3.disclaimer import CITATION, DISCLAIMER
from pcn_analysis.scores.qrisk3.inputs import INPUTS
from pcn_analysis.scores.qrisk3.records import qrisk3_inputs
from pcn_analysis.scores.qrisk3.score import VARIANTS, qrisk3
from pcn_analysis.scores.qrisk3.unassessed import unassessable
from pcn_analysis.scores.qrisk3.whom import BANDS, Scored, qrisk3_of

__all__ = [
    "BANDS",
    "CITATION",
    "DISCLAIMER",
    "INPUTS",
    "VARIANTS",
    "Scored",
    "qrisk3",
    "qrisk3_inputs",
    "qrisk3_of",
    "unassessable",
]
