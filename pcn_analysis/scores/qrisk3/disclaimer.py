"""What has to stand wherever a QRISK3 score is shown."""

from __future__ import annotations

CITATION = (
    "QRISK3-2017, ClinRisk Ltd, https://qrisk.org/three/; Hippisley-Cox, Coupland and Brindle 2017, BMJ 357:j2099, "
    "doi:10.1136/bmj.j2099"
)
"""Whose score it is."""

DISCLAIMER = (
    "QRISK3 is the work of ClinRisk Ltd. The original QRISK3-2017 and its disclaimer are ClinRisk's: see "
    "https://qrisk.org. ClinRisk publishes its source under the GNU Lesser General Public License so that others can "
    "implement the score faithfully, and cannot prevent changed coefficients, wrong inputs or faulty programs. Whoever "
    "uses a score has to check that it agrees with the original. A score that is wrong can lead to the wrong people "
    "being given the wrong treatment. This implementation is not ClinRisk's: it was written anew from the published "
    "coefficients, is held in tests against results of ClinRisk's own program, and is no registered medical device. "
    "It is for clinician review, not a diagnosis."
)
"""Show it with every score, or give a prominent link to it. The substance of ClinRisk's terms, in our words."""
