"""Cohorts as files: who would be offered proactive care and its neighbours, step by step.

Each ``<name>.yaml`` beside this module is a cohort that a clinician can read and sign; one of one's own is a file of
the same kind (``config/cohort_example.yaml``). What is our choice says so in its source. A cohort is for a clinician to
look through, never a decision about anyone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from pcn_analysis.anticipatory.cohorts.cohort import START, Cohort, Step
from pcn_analysis.anticipatory.cohorts.cohort_files import cohort_of, read_cohort
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.provenance import file_sha256
from pcn_analysis.settings import MODEL_FILES

__all__ = ["COHORTS", "PROACTIVE_CARE", "START", "Cohort", "Step", "find_cohort"]

FOLDER = files("pcn_analysis") / "anticipatory" / "cohorts"
COHORTS: tuple[str, ...] = (
    "proactive_care",
    "rising_risk",
    "high_intensity_use",
    "end_of_life",
    "housebound",
    "carers",
)
"""Names of the cohorts of this package; each is ``anticipatory/cohorts/<name>.yaml``."""
PROACTIVE_CARE = "proactive_care"
"""The cohort that is meant where none is named."""


def find_cohort(cohort: Cohort | str) -> Cohort:
    """Find a cohort.

    Parameters
    ----------
    cohort
        One of :data:`COHORTS`, or the path of a file that ends in ``.yaml``; a cohort is given back as it is.

    Raises
    ------
    PcnAnalysisError
        If there is none of that name, or with everything that is wrong in its file.

    Examples
    --------
    >>> find_cohort("proactive_care").title
    'Proactive care'
    >>> find_cohort("rising-risk")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: cohort: there is none called rising-risk. Did you mean rising_risk?
    """
    if isinstance(cohort, Cohort):
        return cohort
    if cohort.endswith(MODEL_FILES):
        return replace(read_cohort(Path(cohort)), file=Path(cohort).name, sha256=file_sha256(Path(cohort)))
    if cohort not in COHORTS:
        raise problem("cohort", f"there is none called {cohort}", nearest(cohort, COHORTS))
    return _of_package(cohort)


@cache
def _of_package(name: str) -> Cohort:
    return cohort_of((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), f"{name}.yaml")
