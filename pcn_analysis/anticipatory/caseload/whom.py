"""Whom counts of a caseload are of: those of its cohort with an open care gap, and those on its list."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pcn_analysis.anticipatory.caseload.objective import DEFAULT, find_objective
from pcn_analysis.anticipatory.whom import NO, YES, Whom, named, whom
from pcn_analysis.words import listed

if TYPE_CHECKING:
    from pcn_analysis.anticipatory.caseload.objective import Objective
    from pcn_analysis.anticipatory.caseload.plan import Caseload
    from pcn_analysis.counted import Conditions


def in_cohort(ranked: Caseload) -> Whom:
    """Whom the steps of the cohort leave."""
    return ranked.population.once(f"whom {ranked.cohort!r}", lambda: whom(ranked.population, ranked.cohort))


def in_line(ranked: Caseload, *, has: bool = True) -> Conditions:
    """Those of the cohort with an open care gap that counts, or without one."""
    return ((f"open care gap{_by(ranked.objective)}", YES if has else NO),)


def reached(ranked: Caseload, *, has: bool = True) -> Conditions:
    """Those in line with a slot, or without one."""
    return (*in_line(ranked), (on_list(ranked), YES if has else NO))


def on_list(ranked: Caseload) -> str:
    """The list of a caseload by everything that it was made from but the people."""
    slots = listed([f"{number} {name}" for name, number in ranked.capacity.items()])
    floors = "as ranked" if ranked.floors is None else f"with floors of {ranked.floors:g}"
    months = "" if ranked.months == 1 else f" for {ranked.months} months"
    return f"on the list {floors}: {named(ranked.cohort)}, {slots}{months}{_by(ranked.objective)}"


def gap(ranked: Caseload) -> str:
    """What care gaps are named with, so that none is taken for a condition."""
    return f"care gap{_by(ranked.objective)}"


def _by(objective: Objective) -> str:
    """An objective of one's own, by its content; nothing of that of the package."""
    if objective == find_objective(DEFAULT):
        return ""
    return f" by {objective.title} ({hashlib.sha256(repr(objective).encode()).hexdigest()[:8]})"
