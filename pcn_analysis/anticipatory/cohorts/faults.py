"""Faults of a cohort that can be seen without any patient: what takes nobody out, leaves nobody, or has no codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.rules import Element, Model, Not, Segment, all_of
from pcn_analysis.rules.implication import implies
from pcn_analysis.rules.lint import KINDS, Fault, lint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.anticipatory.cohorts.cohort import Cohort

OF_COHORTS = {
    "takes nobody out": "whoever comes to the step meets it",
    "leaves nobody": "nobody who comes to the step meets it",
    "never first": "whoever meets it goes first for something above it",
}
"""Kinds of fault that only a cohort has, and what each means."""
_OF_ELEMENTS = (
    "repeated",
    "no codelist",
    "fixed date",
    "unknown cluster",
    "cluster",
    "same codes",
    "threshold",
    "text",
)
"""Kinds of fault of a model that an element of a cohort can have as well."""
FAULTS = OF_COHORTS | {kind: KINDS[kind] for kind in _OF_ELEMENTS}
"""Kinds of fault, and what each means."""


def faults(cohort: Cohort) -> list[Fault]:
    """Find the faults of a cohort.

    Returns
    -------
    list
        Each fault once, by kind in the order of :data:`FAULTS` and then in that of the steps. The segment of a fault
        is its step.

    Examples
    --------
    >>> from pcn_analysis.anticipatory.cohorts import find_cohort
    >>> [(one.kind, one.segment) for one in faults(find_cohort("carers"))]
    [('no codelist', 'Has not declined the offer')]
    """
    asked = [step for step in cohort.steps if step.criterion is not None]
    segments = tuple(
        Segment(step.name, number, step.elements or (Element(step.name, step.criterion, step.source),), step.name)
        for number, step in enumerate(asked)
        if step.criterion is not None
    )
    model = Model(cohort.name, cohort.title, segments, "", cohort.source)
    found = [*_dead(cohort), *(one for one in lint(model) if one.kind in _OF_ELEMENTS)]
    order = list(FAULTS)
    return sorted(found, key=lambda one: order.index(one.kind))


def _dead(cohort: Cohort) -> Iterator[Fault]:
    criteria = [(step, step.criterion) for step in cohort.steps if step.criterion is not None]
    for number, (step, criterion) in enumerate(criteria[1:], start=1):
        before = all_of(*(one for _, one in criteria[:number]))
        if implies(before, criterion):
            yield Fault(step.name, step.name, "takes nobody out", "whoever came through the steps above meets it")
        elif isinstance(criterion, Not) and implies(before, criterion.criterion):
            yield Fault(step.name, step.name, "leaves nobody", "nobody who came through the steps above meets it")
    for number, one in enumerate(cohort.first):
        above = next((other for other in cohort.first[:number] if implies(one.when, other.when)), None)
        if above:
            yield Fault("first", one.name, "never first", f"whoever meets it goes first for {above.name}")
