"""Lists of a caseload, network by network, for the clinicians of each practice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.reports.cohort_lists import OfCohort, cohort_named, needs_frailty, source_of, together
from pcn_analysis.reports.listing import Rows, write_listing
from pcn_analysis.words import listed, slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pcn_analysis.anticipatory.caseload import Caseload, Objective
    from pcn_analysis.anticipatory.cohorts import Cohort
    from pcn_analysis.population import Population
    from pcn_analysis.reports.listing import Written
    from pcn_analysis.settings import Settings

LEAST, LEAST_IN_WORDS = 0.8, "four fifths"
"""The part of its share of the slots that each fifth of deprivation has at least, where that is asked for."""
FLOORS = (
    f"Each fifth of deprivation has at least {LEAST_IN_WORDS} of its share of the slots, as far as whole people and "
    "professionals allow; people of no known area are a group of their own."
)


@dataclass(frozen=True)
class Plan:
    """What a caseload is asked for: whom it may hold, what ranks them, slots a month by professional, and for how long.

    With ``fair``, no fifth of deprivation is reached much less than its need.
    """

    cohort: Cohort
    objective: Objective
    slots: Mapping[str, int]
    months: int = 1
    fair: bool = False


def plan_of(
    slots: Mapping[str, int] | None, *, cohort: str, objective: str, months: int = 1, fair: bool = False
) -> Plan:
    """Make a plan of what was asked for by name.

    Parameters
    ----------
    slots
        Slots a month of a network, by professional; None where they are known to be wrong, and are not looked at.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the cohort, the objective, the slots and the months.
    """
    from pcn_analysis.anticipatory.caseload.assigning import slots_a_month
    from pcn_analysis.anticipatory.caseload.care_gaps import care_gaps

    problems: list[Problem] = []

    def tried(make: Callable[[], Any]) -> Any:
        try:
            return make()
        except PcnAnalysisError as error:
            problems.extend(error.problems)

    chosen, wanted = tried(lambda: cohort_named(cohort)), tried(lambda: objective_named(objective))
    given = {} if slots is None else tried(lambda: slots_a_month(slots, care_gaps().professionals, months))
    if problems:
        raise PcnAnalysisError(*problems)
    return Plan(chosen, wanted, given, months, fair)


def objective_named(objective: str) -> Objective:
    """Find the objective of a list.

    Raises
    ------
    PcnAnalysisError
        If there is none, with everything that is wrong in its file, or if it is called as that of this package and has
        other numbers.
    """
    from pcn_analysis.anticipatory.caseload import find_objective

    chosen, own = find_objective(objective), find_objective()
    if slug(chosen.name) == slug(own.name) and chosen != own:
        what = "is the name of the objective of this package, with other numbers"
        raise problem(chosen.name, what, "Give yours a name of its own, after `objective:` in its file.")
    return chosen


def write_caseload_lists(
    settings: Settings,
    place: str | None,
    pcns: Sequence[str],
    *,
    plan: Plan,
    synthetic_people: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Written:
    """List whom to offer the slots that there are, in order, with reasons.

    Parameters
    ----------
    plan
        What is asked for; the slots are those of each network.

    Others, and what is raised, are as for :func:`pcn_analysis.reports.listing.write_listing`.
    """
    listing = OfCohort(
        "Caseload",
        "caseload_lists",
        lambda population: caseload_rows(population, plan),
        needs_frailty=needs_frailty(plan.cohort),
        cohort=plan.cohort,
    )
    return write_listing(listing, settings, place, pcns, synthetic_people=synthetic_people, say=say)


def caseload_rows(population: Population, plan: Plan) -> Rows:
    """Those of a network who have a slot, the first in line first. No risk of an admission is asked for or told.

    Raises
    ------
    PcnAnalysisError
        If a step that the cohort rests on could not be assessed.
    """
    from pcn_analysis.anticipatory.caseload import caseload
    from pcn_analysis.anticipatory.caseload.fairness import fairer
    from pcn_analysis.release.list_kinds import CASELOAD

    made = caseload(population, capacity=plan.slots, cohort=plan.cohort, objective=plan.objective, months=plan.months)
    made = fairer(made, least=LEAST) if plan.fair else made
    kind = replace(CASELOAD, model=f"{plan.cohort.name} by {plan.objective.name}")
    return Rows(kind, *made.to_list(), "\n".join(["", *_about(made, plan), ""]))


def _about(made: Caseload, plan: Plan) -> Iterator[str]:
    """What ranks a caseload, for whom there are slots, and what the records could not say; no number of people."""
    objective = plan.objective
    yield source_of(plan.cohort)
    yield f"Objective: {objective.title} ({objective.name}). Source: {objective.source}"
    slots = listed([f"{name} {number}" for name, number in plan.slots.items()])
    yield f"Slots of the network a month: {slots}. Months: {plan.months}. {made.said}"
    yield "A list of another cohort or by another objective gives out the same slots again. See one of them."
    if plan.fair:
        yield FLOORS
    yield from ("", "Weights of the care gaps, and the evidence that closing them helps:")
    yield from (f"- {gap.name}: {gap.weight:g} ({gap.evidence})" for gap in objective.gaps)
    yield f"Evidence counts: {_told(objective.impactibility)}."
    bands = {band.name: band.points for part in objective.need for band in part.bands}
    yield f"Need is 1, and of each part the points of the first that is met: {_told(bands)}."
    lacking = made.not_assessed
    if len(lacking):
        yield from ("", "Not assessed in full, of anyone. A care gap that was not assessed is open for nobody here:")
        names = lacking["what"] + ": " + lacking["name"]
        yield from together(zip(names, lacking["status"], lacking["missing"], strict=True))


def _told(points: Mapping[str, float]) -> str:
    return "; ".join(f"{name} {number:g}" for name, number in points.items())
