"""The caseload: people of a cohort for the slots that there are, by need and open care gaps, never by risk alone.

``docs/caseload.md`` says how it is made and how to read it. Everything but :attr:`Caseload.people` and its reasons is
counts; people go to lists in ``data/restricted/``.
"""

from pcn_analysis.anticipatory.caseload.care_gaps import CareGap, care_gaps
from pcn_analysis.anticipatory.caseload.objective import Objective, find_objective
from pcn_analysis.anticipatory.caseload.plan import Caseload, caseload

__all__ = ["CareGap", "Caseload", "Objective", "care_gaps", "caseload", "find_objective"]
