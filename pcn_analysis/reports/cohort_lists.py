"""Lists of the people of a cohort, network by network, for the clinicians of each practice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis.engine import to_pandas
from pcn_analysis.exceptions import problem
from pcn_analysis.reports.listing import Listing, Rows, write_listing
from pcn_analysis.words import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pcn_analysis.anticipatory.cohorts import Cohort
    from pcn_analysis.population import Population
    from pcn_analysis.reports.listing import Written
    from pcn_analysis.settings import Settings

FRAILTY = "efi_category"


@dataclass(frozen=True)
class OfCohort(Listing):
    """Lists of people of a cohort: there are none where what it rests on could not be assessed.

    Parameters
    ----------
    cohort
        The cohort; others are those of :class:`pcn_analysis.reports.listing.Listing`.
    """

    cohort: Cohort | None = None


def write_cohort_lists(
    settings: Settings,
    place: str | None,
    pcns: Sequence[str],
    *,
    cohort: str,
    synthetic_people: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Written:
    """List who is in a cohort, which priority of it they meet first, and why.

    Parameters
    ----------
    cohort
        The name of a cohort of this package, or the path of a file of one's own.

    Others are as for :func:`pcn_analysis.reports.listing.write_listing`.

    Raises
    ------
    PcnAnalysisError
        As there; and, before anything is written, as :func:`cohort_named`.
    """
    chosen = cohort_named(cohort)
    listing = OfCohort(
        f"List of {chosen.title}",
        "cohort_lists",
        lambda population: cohort_rows(population, chosen),
        needs_frailty=needs_frailty(chosen),
        cohort=chosen,
    )
    return write_listing(listing, settings, place, pcns, synthetic_people=synthetic_people, say=say)


def cohort_named(cohort: str) -> Cohort:
    """Find the cohort of a list.

    Raises
    ------
    PcnAnalysisError
        If there is none, with everything that is wrong in its file, or if it has the name of one of this package and
        other rules: its lists would be taken for those of that one.
    """
    from pcn_analysis.anticipatory.cohorts import COHORTS, find_cohort

    chosen = find_cohort(cohort)
    of_that_name = [name for name in COHORTS if slug(name) == slug(chosen.name)]
    if of_that_name and find_cohort(of_that_name[0]) != chosen:
        what = "is the name of a cohort of this package with other rules"
        raise problem(chosen.name, what, "Give your cohort a name of its own, after `cohort:` in its file.")
    return chosen


def needs_frailty(cohort: Cohort) -> bool:
    """Whether nobody is known to be in a cohort where frailty could not be assessed at all.

    Examples
    --------
    >>> needs_frailty(cohort_named("proactive_care")), needs_frailty(cohort_named("high_intensity_use"))
    (True, False)
    """
    from pcn_analysis.rules import NOT_ASSESSED, assessment, needed_columns

    rests = [step.criterion for step in cohort.steps if step.criterion is not None and step.defines]
    return any(assessment(one, set(needed_columns(one)) - {FRAILTY})[0] == NOT_ASSESSED for one in rests)


def cohort_rows(population: Population, cohort: Cohort) -> Rows:
    """Everyone of a network who is in a cohort, those of the first priority first.

    Raises
    ------
    PcnAnalysisError
        If a step that the cohort rests on could not be assessed.
    """
    from pcn_analysis.anticipatory.eligibility import eligible, reasons
    from pcn_analysis.person_table import table_of
    from pcn_analysis.release.list_kinds import COHORT

    table, on = table_of(population), population.index_date
    people = to_pandas(eligible(table, cohort, on=on).select("person_id", "practice_code", "priority"))
    names = {priority: one.name for priority, one in enumerate(cohort.first, start=1)}
    people = people.assign(first=people["priority"].map(names).astype("str").fillna(""))
    why = reasons(table, cohort, on=on).with_columns(nw.col("date").cast(nw.Datetime))
    kind = replace(COHORT, model=cohort.name)
    return Rows(kind, people, why, "\n".join(["", *_about(population, cohort), ""]))


def source_of(cohort: Cohort) -> str:
    """Say in a line which cohort it is and whose."""
    return f"Cohort: {cohort.title} ({cohort.name}). Source: {cohort.source}"


def _about(population: Population, cohort: Cohort) -> Iterator[str]:
    yield source_of(cohort)
    if cohort.assumptions:
        yield "It takes for granted, as its sources do not say:"
        yield from (f"- {one}" for one in cohort.assumptions)
    if cohort.first:
        yield "Priorities, the first first:"
        yield from (f"- {one.name}" for one in cohort.first)
    lacking = list(_not_assessed(population, cohort))
    if lacking:
        yield "Not assessed in full, of anyone. What was not assessed takes nobody out and puts nobody first:"
        yield from together(lacking)


def together(lacking: Iterable[tuple[str, str, str]]) -> list[str]:
    """A line for each thing that is missing, with everything that was not assessed in full for want of it.

    Parameters
    ----------
    lacking
        Name, status, and what is missing in words, of each.

    Examples
    --------
    >>> together([("Severe frailty", "partly assessed", "falls"), ("Moderate frailty", "partly assessed", "falls")])
    ['- Severe frailty; Moderate frailty (partly assessed; missing: falls)']
    """
    names: dict[tuple[str, str], list[str]] = {}
    for name, status, missing in lacking:
        names.setdefault((status, missing), []).append(name)
    return [f"- {'; '.join(some)} ({status}; missing: {what})" for (status, what), some in names.items()]


def _not_assessed(population: Population, cohort: Cohort) -> Iterator[tuple[str, str, str]]:
    from pcn_analysis.anticipatory.caseload.reasons import missing_in_words
    from pcn_analysis.anticipatory.eligibility import held_columns
    from pcn_analysis.person_table import incomplete_columns, table_of
    from pcn_analysis.rules import ASSESSED, assessment

    table = table_of(population)
    held, incomplete = held_columns(table, cohort.steps), incomplete_columns(population)
    asked = [(step.name, step.criterion) for step in cohort.steps if step.criterion is not None]
    for name, criterion in [*asked, *((one.name, one.when) for one in cohort.first)]:
        status, missing = assessment(criterion, held, incomplete)
        if status != ASSESSED:
            yield name, status, missing_in_words(missing)
