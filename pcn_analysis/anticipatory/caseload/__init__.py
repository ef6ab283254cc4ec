"""The caseload: people of a cohort for the slots that there are, by need and open care gaps, never by risk alone.

``docs/caseload.md`` says how it is made and how to read it. Everything but :attr:`Caseload.people` and its reasons is
counts; people go to lists in ``data/restricted/``.
"""

from pcn_analysis.anticipatory.caseload.care_gaps import CareGap, care_gaps
from pcn_analysis.anticipatory.caseload.counted import by_gap, by_professional
from pcn_analysis.anticipatory.caseload.fairness import fairer, price_of_floors, reach_by_deprivation
from pcn_analysis.anticipatory.caseload.objective import Objective, find_objective
from pcn_analysis.anticipatory.caseload.on_page import of_month, slots_of_month
from pcn_analysis.anticipatory.caseload.plan import Caseload, caseload
from pcn_analysis.anticipatory.caseload.sensitivity import sensitivity

__all__ = [
    "CareGap",
    "Caseload",
    "Objective",
    "by_gap",
    "by_professional",
    "care_gaps",
    "caseload",
    "fairer",
    "find_objective",
    "of_month",
    "price_of_floors",
    "reach_by_deprivation",
    "sensitivity",
    "slots_of_month",
]
