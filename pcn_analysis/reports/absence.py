"""Which people a network has to be reported on, and what is said where it has none, or no published counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pcn_analysis.codes import UNALLOCATED
from pcn_analysis.exceptions import PcnAnalysisError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pcn_analysis.place import Place
    from pcn_analysis.settings import Settings

NO_RECORDS = "no patient records have been prepared"
NO_COUNTS = "no published counts belong to these records"
IN_NO_NETWORK = "people whose practice is not known or in no network"
NO_FRAILTY = "the patient records bring no codelists for frailty"
RESTS = "could not be assessed, and"
"""What is said of what a cohort rests on, where nobody knows who is in it."""
HINT = "--with-synthetic-people shows them on invented people"


class Needs(Protocol):
    """What is made of a network, a report or lists: what it is called, and what it cannot do without.

    What has a ``cohort`` (:class:`OfCohort`) cannot do without anything that this cohort rests on; what says itself
    what people lack (``lacks``, as :class:`OfService`) is asked.
    """

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def needs_people(self) -> bool:
        """Whether it is made from people."""

    @property
    def needs_frailty(self) -> bool:
        """Whether there is none where frailty could not be assessed at all."""


@dataclass(frozen=True)
class Absent:
    """Reports that a place goes without.

    Parameters
    ----------
    slug
        The place's folder.
    place
        Its name; with the vintage where two of them are reported on.
    titles
        Titles of the reports.
    why
        Why, in words.
    lacking, networks
        How many of its networks go without, and how many it has.
    group
        Whether those in no network go without, beside networks that do not.
    """

    slug: str
    place: str
    titles: tuple[str, ...]
    why: str
    lacking: int
    networks: int
    group: bool = False

    @property
    def what(self) -> str:
        """What is absent and why, as it stands on the index."""
        where = "" if self.lacking == self.networks else f"{self.lacking} of {self.networks} networks: "
        where = f"{IN_NO_NETWORK}: " if self.group else where
        *first, last = (title.lower() for title in self.titles)
        titles = f"{', '.join(first)} or {last}" if first else last
        return f"{where}no {titles}: {self.why}"

    def line(self) -> str:
        """What the command line says of it."""
        return f"{self.place}: {self.what}{f'; {HINT}' if self.why == NO_RECORDS else ''}."

    def problem(self) -> Problem:
        """What is said where nothing else was asked for."""
        remedies = {
            NO_RECORDS: f"{HINT}.",
            NO_FRAILTY: "Bring codelists for the deficits of the frailty index.",
            NO_COUNTS: "Choose reports on people, or prepare a place that has published counts.",
        }
        other = "Prepare another vintage, or choose other notebooks."
        other = "Bring records or codelists for it, or choose another cohort." if RESTS in self.why else other
        remedy = remedies.get(self.why, other)
        return Problem(self.place, self.what, remedy)


def people_of(
    processed: Path, place: Place, pcn_code: str, report: Needs, *, synthetic_people: bool
) -> tuple[str, str]:
    """Which people a report on a network is made from: ``records``, ``synthetic`` or none; and why none.

    Parameters
    ----------
    processed
        The folder of prepared things.
    place, pcn_code
        The network.
    report
        The report or lists, which need people.
    synthetic_people
        Whether invented people were asked for; an invented place has no others.
    """
    from pcn_analysis.population import population_folder, prepared_people
    from pcn_analysis.synthetic.people import cannot_fit

    stored = processed, place.slug, "records", pcn_code
    if prepared_people(*stored) or population_folder(*stored).exists():  # damaged records are not absent
        lacking = _lacking(population_folder(*stored), report) or _said(place, pcn_code, report)
        return ("", lacking) if lacking else ("records", "")
    if pcn_code == UNALLOCATED:
        return "", NO_RECORDS
    if unfit := cannot_fit(place):
        return "", f"{NO_RECORDS}, and synthetic people cannot be fitted: {unfit.rstrip('.')}"
    if place.provenance.synthetic or synthetic_people:
        return "synthetic", ""
    return "", NO_RECORDS


def absences(
    settings: Settings,
    networks: Sequence[tuple[Place, str]],
    reports: Sequence[Needs],
    synthetic_people: bool,
) -> list[Absent]:
    """Say which reports are absent from which places; one entry for each place and reason.

    Parameters
    ----------
    settings
        Where things are.
    networks
        The networks reported on, each with its place.
    reports
        The reports or lists asked for.
    synthetic_people
        Whether invented people were asked for.
    """
    places = {place.slug: place for place, _ in networks}
    names = [place.name for place in places.values()]
    absent = []
    for slug, place in places.items():
        codes = [code for one, code in networks if one.slug == slug]
        name = place.name if names.count(place.name) == 1 else f"{place.name} ({place.vintage})"
        own = [code for code in codes if code != UNALLOCATED]
        for some in (own, [code for code in codes if code not in own]):
            found = _titles(settings.processed, place, some, reports, synthetic_people)
            is_group = bool(own) and some != own
            absent += [Absent(slug, name, tuple(titles), *why, len(some), is_group) for why, titles in found.items()]
    return absent


def _titles(
    processed: Path, place: Place, codes: Sequence[str], reports: Sequence[Needs], synthetic_people: bool
) -> dict[tuple[str, int], list[str]]:
    """Titles of the reports that some networks of a place go without, by why and by how many of them."""
    titles: dict[tuple[str, int], list[str]] = {}
    for report in reports:
        if report.needs_people:
            kinds = [people_of(processed, place, code, report, synthetic_people=synthetic_people) for code in codes]
        else:
            kinds = [("", NO_COUNTS) for _ in codes if not place.is_published]
        for why, lacking in Counter(why for kind, why in kinds if not kind).items():
            titles.setdefault((why, lacking), []).append(report.title)
    return titles


def has_group(processed: Path, place: Place) -> bool:
    """Whether records have been prepared of those of a place who are in no network; damaged ones are there too."""
    from pcn_analysis.population import population_folder, prepared_people

    stored = processed, place.slug, "records", UNALLOCATED
    return bool(prepared_people(*stored)) or population_folder(*stored).exists()


def is_invented(processed: Path, place: Place, pcn_code: str, people: str) -> bool:
    """Whether the people that a page is made from are invented, also where they came as records."""
    from pcn_analysis.population import prepared_people

    if people != "records":
        return people == "synthetic"
    facts = prepared_people(processed, place.slug, people, pcn_code)
    return bool(facts.get("provenance", {}).get("synthetic", place.provenance.synthetic))


def _lacking(folder: Path, report: Needs) -> str:
    """What stored people lack that a report cannot do without; damaged ones are not said to lack anything."""
    from pcn_analysis import engine
    from pcn_analysis.anticipatory.eligibility import not_known

    cohort = getattr(report, "cohort", None)
    try:
        people = engine.scan(folder / "person_table.parquet")
        if report.needs_frailty and "efi_category" not in people.collect_schema().names():
            return NO_FRAILTY
        return "; ".join(one.what for one in not_known(people, cohort)) if cohort else ""
    except PcnAnalysisError:
        return ""


def _said(place: Place, pcn_code: str, report: Needs) -> str:
    """What a report says itself that stored people lack; damaged ones are not said to lack anything."""
    from pcn_analysis.population import load_population

    lacks = getattr(report, "lacks", None)
    try:
        return str(lacks(load_population(place.slug, pcn_code, "records"))) if lacks else ""
    except PcnAnalysisError:
        return ""
