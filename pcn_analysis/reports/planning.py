"""Which pages to make, of which people, and which cannot be made and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.codes import COUNTRY, NO_NETWORK_NAME, UNALLOCATED, WHOLE_PLACE
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.place import Place
from pcn_analysis.prepared import load_place, networks_elsewhere, prepared_facts, prepared_places
from pcn_analysis.reports.absence import Absent, absences, has_group, is_invented, people_of
from pcn_analysis.reports.catalogue import CATALOGUE, Report, find_report, of_networks
from pcn_analysis.reports.jobs import Job, sealed
from pcn_analysis.reports.parameters import with_given

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from pcn_analysis.settings import Settings


TO_CHOOSE_FROM = ("practices", "country_networks")
"""The tables of a place by which its networks are chosen."""


@dataclass(frozen=True)
class Plan:
    """What a run is to do.

    Parameters
    ----------
    jobs
        The pages to make.
    absent
        What cannot be made, place by place.
    """

    jobs: list[Job]
    absent: list[Absent]


def choose_places(processed: Path, name: str | None, only: Collection[str] | None = None) -> list[Place]:
    """Choose what to report on.

    A named place: every vintage of it that has been prepared. No name: every real place but all England, which holds
    each of them again and has to be named; the synthetic one only when nothing else has been prepared, so that it is
    never published beside a real one unasked. ``only`` is as in :func:`pcn_analysis.prepared.load_place`.

    Raises
    ------
    PcnAnalysisError
        If nothing has been prepared, or not the named place.
    """
    facts = {slug: prepared_facts(processed / slug) for slug in prepared_places(processed)}
    names = {slug: str(facts[slug].get("name", slug)) for slug in facts}
    if name is None:
        real = [slug for slug in facts if not facts[slug].get("synthetic")]
        chosen = [slug for slug in real if names[slug] != COUNTRY] or real or list(facts)
    else:
        chosen = [slug for slug in facts if name.casefold() in (slug, names[slug].casefold())]
    if not chosen:
        hint = nearest(name, {*facts, *names.values()}) if name and facts else "Run `pcn-analysis prepare` first."
        what = f"the place {name!r} has not been prepared" if name else "no place has been prepared"
        raise PcnAnalysisError(Problem("--place" if name else str(processed.name), what, hint))
    return [load_place(processed / slug, only) for slug in chosen]


def plan(
    settings: Settings,
    places: Iterable[Place],
    pcns: Sequence[str],
    notebooks: Sequence[str],
    *,
    synthetic_people: bool = False,
    sets: Sequence[str] = (),
) -> Plan:
    """List the pages to make, refusing unknown networks and notebooks before anything runs.

    Pages made once a place are left out where networks are named and no notebook is; those of every network of England
    where neither is.

    Parameters
    ----------
    settings
        Where the notebooks are.
    places
        Places to report on.
    pcns
        Network codes; empty means all.
    notebooks
        Report names; empty means all.
    synthetic_people
        Whether networks without patient records are shown on invented people. Those of an invented place are.
    sets
        Parameters of notebooks set for this run, each as ``NAME=VALUE``; those of ``config/parameters.csv`` are set in
        any case.

    Raises
    ------
    PcnAnalysisError
        If a network, notebook or parameter is unknown, a value cannot be, or no page can be made.
    """
    reports = [find_report(name) for name in notebooks] or list(CATALOGUE)
    for report in reports:
        report.notebook(settings.notebooks)
    places = list(places)
    networks = networks_of(places, pcns, settings.processed)
    if not (pcns or notebooks):
        networks = [network for network in networks if network[0].name != COUNTRY]
    wholes = [(place, WHOLE_PLACE, place.name) for place in places if place.is_published and (notebooks or not pcns)]
    jobs = [
        Job(place.slug, code, name, report, people, invented=is_invented(settings.processed, place, code, people))
        for place, code, name in networks + wholes
        for report in reports
        if report.is_of(place.name, code)
        for people in _kinds(settings, place, code, report, synthetic_people)
    ]
    absent = absences(settings, [(place, code) for place, code, _ in networks], of_networks(reports), synthetic_people)
    if not jobs:
        raise PcnAnalysisError(*([one.problem() for one in absent] or _nothing(reports)))
    return Plan(sealed(with_given(jobs, settings, places, sets), settings), absent)


def _nothing(reports: Collection[Report]) -> list[Problem]:
    """Why no page can be made though nobody's records are wanting."""
    elsewhere = [report for report in reports if report.once_per != "network"]
    if len(elsewhere) < len(reports):
        return [_NOTHING_OF_THE_GROUP]
    only = {"country": f"all {COUNTRY}", "place": "a local authority"}
    return [
        Problem("--notebook", f"{report.name} is made once for {only[report.once_per]}, and for nothing else",
                "Prepare that with `pcn-analysis prepare`, and name it with --place.")
        for report in elsewhere
    ]  # fmt: skip


_NOTHING_OF_THE_GROUP = Problem(
    "--pcn",
    "of people in no network nothing is published, so they have no such report",
    "Choose a report on people, such as 02.",
)


def networks_of(places: Sequence[Place], pcns: Sequence[str], processed: Path) -> list[tuple[Place, str, str]]:
    """List the networks asked for: place, code and name; unknown codes are refused.

    Those of a place in no network are such a group where their records have been prepared, after its networks.

    Parameters
    ----------
    places
        Places to look in.
    pcns
        Network codes; empty means all.
    processed
        The folder of prepared things.

    Raises
    ------
    PcnAnalysisError
        If a code is unknown, or no place has a network or such a group.
    """
    networks = []
    for place in places:
        networks += [(place, str(row.pcn_code), str(row.pcn_name)) for row in place.networks().itertuples()]
        group = f"{NO_NETWORK_NAME}, {place.name}" if place.is_published else place.name
        networks += [(place, UNALLOCATED, group)] if has_group(processed, place) else []
    known = {code for _, code, _ in networks}
    elsewhere = networks_elsewhere(places, processed) if known and not known.issuperset(pcns) else {}
    problems = [_unknown(code, known, elsewhere) for code in pcns if known and code not in known]
    if not known:
        names = ", ".join(place.name for place in places)
        what, remedy = "network", "Prepare a place whose practices have one."
        if not any(place.is_published for place in places):
            what, remedy = "records of people", "Prepare them again."
        problems.append(Problem("report", f"{names} has no {what}", remedy))
    if problems:
        raise PcnAnalysisError(*problems)
    return [network for network in networks if not pcns or network[1] in pcns]


def _unknown(code: str, known: Collection[str], elsewhere: Mapping[str, Place]) -> Problem:
    if code == UNALLOCATED:
        what = "no records have been prepared of people whose practice is not known or in no network"
        return Problem("--pcn", what, "Prepare records, or choose a network.")
    if place := elsewhere.get(code):
        which = f"{place.name}, which is invented," if place.provenance.synthetic else place.name
        what = f"{code} is a network of {which} and not of the places asked for"
        return Problem("--pcn", what, f"Add `--place {place.slug}`.")
    return Problem("--pcn", f"no prepared place has a network {code!r}", nearest(code, known))


def _kinds(settings: Settings, place: Place, pcn_code: str, report: Report, synthetic_people: bool) -> list[str]:
    """From which people a page is made; none where it needs people and there are none, or counts and there are none."""
    if not report.needs_people:
        return [""] if place.is_published and pcn_code != UNALLOCATED else []
    kind, _ = people_of(settings.processed, place, pcn_code, report, synthetic_people=synthetic_people)
    return [kind] if kind else []
