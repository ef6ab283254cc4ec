"""What puts a person among those who have a condition of the score: one set of rules as published, one of BNSSG.

The published rules are those of :mod:`pcn_analysis.scores.long_term_conditions`, which counts what is weighed here.

The rules of BNSSG are those of its SQL and of the searches that fill the columns which the SQL reads. They differ in
six conditions that were found; not every search was read. Its searches ask for the last two filtration rates and take
the higher, and for an inhaler in the last 12 months, where the SQL read by itself seems to ask for neither.
"""

from __future__ import annotations

from pcn_analysis import codelists
from pcn_analysis.person.registers import REGISTERS
from pcn_analysis.rules import AtLeast, Criterion, Element, Recorded, any_of
from pcn_analysis.scores.long_term_conditions import LONG_TERM_CONDITIONS, REPEATED

BNSSG = "One Care (BNSSG), AdamCameron95/Cambridge-Multimorbidity-Score@76c4450: SQL and EMIS searches, 2023"

KIDNEY = "chronic_kidney_disease"
NAMES: dict[str, str] = codelists.names("cambridge_conditions", "long_term_condition")
"""Names of the 37 conditions."""
_BY_NAME = {element.name: element for element in LONG_TERM_CONDITIONS}


def _repeated(medicines: str) -> AtLeast:
    return AtLeast(f"{medicines}_12m", REPEATED)


def _by_bnssg(condition: str, when: Criterion, note: str) -> Element:
    return Element(NAMES[condition], when, BNSSG, note)


PUBLISHED: dict[str, Element] = {slug: _BY_NAME[name] for slug, name in NAMES.items()}
"""The 37 conditions by the rules of CPRD@Cambridge 1.1."""

AS_IN_BNSSG: dict[str, Element] = PUBLISHED | {
    "anxiety_depression": _by_bnssg(
        "anxiety_depression",
        any_of(REGISTERS["DEP"].criterion, _repeated("antidepressants"), _repeated("anxiolytics_hypnotics")),
        "The register of depression, however long ago since April 2006; anxiety by medicines only. BNSSG adds up "
        "issues of antidepressants, anxiolytics and antipsychotics; we ask for four of the first or of the second.",
    ),
    "epilepsy": _by_bnssg(
        "epilepsy", REGISTERS["EP"].criterion, "The register: adults, with an antiepileptic in the last 6 months."
    ),
    "prostate_disorders": _by_bnssg(
        "prostate_disorders", _repeated("prostate_medicines"), "By medicines only: no record of the condition counts."
    ),
    "psychoactive_substance_misuse": _by_bnssg(
        "psychoactive_substance_misuse",
        any_of(Recorded("substance_misuse"), _repeated("opioid_dependence_medicines")),
        "BNSSG counts methadone, for pain as well; we count medicines for opioid dependence.",
    ),
    "psychosis_bipolar": _by_bnssg(
        "psychosis_bipolar", REGISTERS["MH"].criterion, "The register: lithium in the last 6 months, not ever."
    ),
    "thyroid_disorders": _by_bnssg(
        "thyroid_disorders",
        any_of(Recorded("thyroid_disorder"), _repeated("thyroid_medicines")),
        "A record, or repeated medicines without one.",
    ),
}
"""The conditions as One Care counts them for the core segments of BNSSG."""

RULES: dict[str, dict[str, Element]] = {"published": PUBLISHED, "bnssg": AS_IN_BNSSG}
"""Sets of rules by the name that codelists/cambridge_variants.csv has for them."""
