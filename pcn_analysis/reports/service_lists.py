"""Lists of open care gaps of a service, network by network, for the clinicians of each practice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pcn_analysis.reports.cohort_lists import needs_frailty, together
from pcn_analysis.reports.listing import Listing, Rows, write_listing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pcn_analysis.population import Population
    from pcn_analysis.reports.listing import Written
    from pcn_analysis.services.specification import ServiceSpecification
    from pcn_analysis.settings import Settings


@dataclass(frozen=True)
class OfService(Listing):
    """Lists of a service: there are none where nobody knows whom it is for.

    Parameters
    ----------
    service
        Its short name; others are those of :class:`pcn_analysis.reports.listing.Listing`.
    year
        The contract year; empty: that of the index date.
    """

    service: str = ""
    year: str = ""

    def lacks(self, population: Population) -> str:
        """Why nobody of a network knows whom it is for; empty where it is known."""
        from pcn_analysis.services.open_gaps import why_no_list

        return "; ".join(one.what for one in why_no_list(population, self.service, _year(population, self.year)))


def write_service_lists(
    settings: Settings,
    place: str | None,
    pcns: Sequence[str],
    *,
    service: str,
    year: str = "",
    synthetic_people: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Written:
    """List who has a gap open in a service, what closes it, when it is due, and why they are in the cohort.

    Parameters
    ----------
    service
        One of :data:`pcn_analysis.services.catalogue.SERVICES`.
    year
        The contract year; empty: that of the index date of each network.

    Others are as for :func:`pcn_analysis.reports.listing.write_listing`.

    Raises
    ------
    PcnAnalysisError
        As there; and, before anything is written, if there is no such service or contract year.
    """
    from pcn_analysis.contract.years import YEARS
    from pcn_analysis.services.catalogue import find_service

    specification = find_service(service, year or YEARS[-1])
    listing = OfService(
        f"List of open gaps: {specification.title}",
        "service_lists",
        lambda population: service_rows(population, service, year),
        needs_frailty=needs_frailty(specification.cohort),
        service=service,
        year=year,
    )
    return write_listing(listing, settings, place, pcns, synthetic_people=synthetic_people, say=say)


def service_rows(population: Population, service: str, year: str = "") -> Rows:
    """Everyone of a network who has a gap open in a service, in the order in which they are to be looked at.

    Raises
    ------
    PcnAnalysisError
        If nobody knows whom the service is for, or none of its gaps could be assessed.
    """
    from pcn_analysis.release.list_kinds import SERVICE
    from pcn_analysis.services.open_gaps import open_gaps

    found = open_gaps(population, service, year)
    usual = found.service.contract_year == _year(population, "")
    kind = replace(SERVICE, model=service if usual else f"{service} {found.service.contract_year}")
    return Rows(kind, found.people, found.reasons, "\n".join(["", *_about(population, found.service), ""]))


def _year(population: Population, year: str) -> str:
    from pcn_analysis.contract.years import asked_year

    return asked_year(year, population.index_date)


def _about(population: Population, service: ServiceSpecification) -> Iterator[str]:
    """Which service it is, what its gaps and their work rest on, and what the records could not say."""
    yield f"Service: {service.title} ({service.name}), contract year {service.contract_year}. Source: {service.source}"
    yield f"Whom it is for: {service.whom}. Asked of networks in that year: {service.in_force.standing}."
    yield from ("", "Gaps, who usually closes them, and minutes of the task:")
    for gap in service.gaps:
        task = service.task(gap.task)
        minutes = (
            f"{task.minutes.value} minutes ({task.minutes.standing})" if task.minutes.value else "minutes not known"
        )
        unknown = f" Not assessed: {gap.not_assessed}." if gap.not_assessed else ""
        yield f"- {gap.name}: {task.name}, {task.role}, {minutes}. Source: {gap.source}.{unknown}"
    if service.cohort.first:
        yield from ("", "Priorities of the cohort, the first first; everyone else of it after them, others last:")
        yield from (f"- {one.name}" for one in service.cohort.first)
    lacking = list(_not_assessed(population, service))
    if lacking:
        yield from ("", "Not assessed in full, of anyone. A gap that was not assessed is open for nobody here:")
        yield from together(lacking)


def _not_assessed(population: Population, service: ServiceSpecification) -> Iterator[tuple[str, str, str]]:
    from pcn_analysis.anticipatory.caseload.reasons import missing_in_words
    from pcn_analysis.rules import ASSESSED
    from pcn_analysis.services.service_table import GAP, REASON, service_table

    table = service_table(population, service.name, service.contract_year)
    names = [*((REASON, one.name) for _, one in service.cohort.elements()), *((GAP, one.name) for one in service.gaps)]
    for key in names:
        if table.status[key] != ASSESSED:
            yield key[1], table.status[key], missing_in_words(table.missing[key])
