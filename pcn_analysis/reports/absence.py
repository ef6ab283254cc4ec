"""Which people a network has to be reported on, and what is said where it has none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import PcnAnalysisError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pcn_analysis.place import Place
    from pcn_analysis.reports.catalogue import Report
    from pcn_analysis.settings import Settings

NO_RECORDS = "no patient records have been prepared"
NO_FRAILTY = "the patient records bring no codelists for frailty"
RESTS_ON_FRAILTY = ("03_anticipatory_care",)
"""Reports that cannot be made where frailty could not be assessed at all."""
HINT = "--with-synthetic-people shows them on invented people"


@dataclass(frozen=True)
class Absent:
    """Reports on people that a place goes without.

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
    """

    slug: str
    place: str
    titles: tuple[str, ...]
    why: str
    lacking: int
    networks: int

    @property
    def what(self) -> str:
        """What is absent and why, as it stands on the index."""
        where = "" if self.lacking == self.networks else f"{self.lacking} of {self.networks} networks: "
        return f"{where}no {' or '.join(title.lower() for title in self.titles)}: {self.why}"

    def line(self) -> str:
        """What the command line says of it."""
        return f"{self.place}: {self.what}{f'; {HINT}' if self.why == NO_RECORDS else ''}."

    def problem(self) -> Problem:
        """What is said where nothing else was asked for."""
        remedies = {NO_RECORDS: f"{HINT}.", NO_FRAILTY: "Bring codelists for the deficits of the frailty index."}
        remedy = remedies.get(self.why, "Prepare another vintage, or choose other notebooks.")
        return Problem(self.place, self.what, remedy)


def people_of(
    processed: Path, place: Place, pcn_code: str, report: Report, *, synthetic_people: bool
) -> tuple[str, str]:
    """Which people a report on a network is made from: ``records``, ``synthetic`` or none; and why none.

    Parameters
    ----------
    processed
        The folder of prepared things.
    place, pcn_code
        The network.
    report
        The report, which needs people.
    synthetic_people
        Whether invented people were asked for; an invented place has no others.
    """
    from pcn_analysis.population import population_folder, prepared_people
    from pcn_analysis.synthetic.people import cannot_fit

    stored = processed, place.slug, "records", pcn_code
    if prepared_people(*stored) or population_folder(*stored).exists():  # damaged records are not absent
        frail = report.name not in RESTS_ON_FRAILTY or _frailty_assessed(population_folder(*stored))
        return ("records", "") if frail else ("", NO_FRAILTY)
    if unfit := cannot_fit(place):
        return "", f"{NO_RECORDS}, and synthetic people cannot be fitted: {unfit.rstrip('.')}"
    if place.provenance.synthetic or synthetic_people:
        return "synthetic", ""
    return "", NO_RECORDS


def absences(
    settings: Settings,
    networks: Sequence[tuple[Place, str]],
    reports: Sequence[Report],
    synthetic_people: bool,
) -> list[Absent]:
    """Say which reports on people are absent from which places; one entry for each place and reason.

    Parameters
    ----------
    settings
        Where things are.
    networks
        The networks reported on, each with its place.
    reports
        The reports asked for.
    synthetic_people
        Whether invented people were asked for.
    """
    needing = [report for report in reports if report.needs_people]
    places = {place.slug: place for place, _ in networks}
    names = [place.name for place in places.values()]
    absent = []
    for slug, place in places.items():
        codes = [code for one, code in networks if one.slug == slug]
        name = place.name if names.count(place.name) == 1 else f"{place.name} ({place.vintage})"
        titles: dict[tuple[str, int], list[str]] = {}
        for report in needing:
            kinds = [people_of(settings.processed, place, code, report, synthetic_people=synthetic_people)
                     for code in codes]  # fmt: skip
            for why, lacking in Counter(why for kind, why in kinds if not kind).items():
                titles.setdefault((why, lacking), []).append(report.title)
        absent += [Absent(slug, name, tuple(which), *why, len(codes)) for why, which in titles.items()]
    return absent


def _frailty_assessed(folder: Path) -> bool:
    """Whether stored people have a frailty band; damaged ones are not said to have none."""
    from pcn_analysis import engine

    try:
        return "efi_category" in engine.scan(folder / "person_table.parquet").collect_schema().names()
    except PcnAnalysisError:
        return True
