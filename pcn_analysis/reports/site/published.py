"""Which pages there are of a network, in which formats, and how each stands: from the ledger and the files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pcn_analysis.codes import UNALLOCATED, WHOLE_PLACE
from pcn_analysis.provenance import SYNTHETIC_PEOPLE
from pcn_analysis.reports import ledger, network_map
from pcn_analysis.reports.absence import is_invented, people_of
from pcn_analysis.reports.catalogue import CATALOGUE, MARK, Report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pcn_analysis.place import Place
    from pcn_analysis.settings import Settings

PAGE = ".html"
FORMATS = {".xlsx": "Spreadsheet", ".csv": "CSV", ".gpkg": "GeoPackage", ".ipynb": "Notebook"}
"""What stands beside a page, by the ending of its name."""
OF_EARLIER_COUNTS = "of counts that have changed since; run pcn-analysis network map"

Key = tuple[str, str, str]
"""Which page: folder of its place, code of its network, stem of its files."""


@dataclass(frozen=True)
class ListedPage:
    """A page as lists show it.

    Parameters
    ----------
    key
        Which page.
    title
        What it is called, with the day that it is of where that is not the day of the place's counts.
    files
        Names of its files that are there, by the ending of the name.
    made
        When it was last made, in UTC; empty where it is not there.
    failed
        Whether it could not be made when last tried.
    error
        What went wrong.
    invented
        Whether its people are invented though its place is not, or its records are.
    note
        What else a reader must know of it.
    """

    key: Key
    title: str
    files: dict[str, str]
    made: str = ""
    failed: bool = False
    error: str = ""
    invented: bool = False
    note: str = ""

    @property
    def full_title(self) -> str:
        """Its title, which says where its people are invented."""
        return f"{self.title} ({SYNTHETIC_PEOPLE})" if self.invented else self.title

    @property
    def is_there(self) -> bool:
        """Whether there is a page to read."""
        return PAGE in self.files


class Published:
    """What the ledger and the folder of reports hold, and what the lists are asked to show.

    Parameters
    ----------
    settings
        Where things are.
    asked
        Places that the run was about.
    synthetic_people
        Whether it asked for invented people.
    """

    def __init__(self, settings: Settings, asked: Collection[str], *, synthetic_people: bool):
        self.settings = settings
        self.asked = frozenset(asked)
        self.invented = self.asked if synthetic_people else frozenset()
        history = ledger.read(settings.reports)
        self.good, self.last = ledger.latest(history, ledger.OK), ledger.latest(history)
        self._files: dict[tuple[str, str], frozenset[str]] = {}

    @cached_property
    def slugs(self) -> set[str]:
        """Places of which a page is there."""
        return {key[0] for key in self.good if self.is_there(key)}

    def is_there(self, key: Key) -> bool:
        """Whether the file of a page is there."""
        return f"{key[2]}{PAGE}" in self.files(*key[:2])

    def files(self, slug: str, pcn_code: str) -> frozenset[str]:
        """Names of the files of a network."""
        if (slug, pcn_code) not in self._files:
            folder = self.settings.reports / slug / pcn_code
            names = (path.name for path in folder.iterdir()) if folder.is_dir() else ()
            self._files[slug, pcn_code] = frozenset(names)
        return self._files[slug, pcn_code]

    def pages(self, place: Place, pcn_code: str, reports: Iterable[Report] = CATALOGUE) -> list[ListedPage]:
        """Pages of a network, made or not, in the order of the catalogue; those of a whole place with its map."""
        listed = []
        for report in reports:
            kind = self._kind(place, pcn_code, report)
            if kind is not None:
                invented = is_invented(self.settings.processed, place, pcn_code, kind)
                key = (place.slug, pcn_code, report.stem(kind, invented=invented))
                title = report.title + self._as_at(place, pcn_code, kind)
                listed.append(self._page(key, title, invented=invented))
        return [*self._map(place), *listed] if pcn_code == WHOLE_PLACE else listed

    def not_listed(self, slug: str, shown: Collection[Key]) -> int:
        """How many pages on invented people of a place are there and in no list."""
        shown = frozenset(shown)
        left = [key for key in self.good if key[0] == slug and key[2].endswith(MARK) and self.is_there(key)]
        return sum(shown.isdisjoint({key, (*key[:2], key[2].removesuffix(MARK))}) for key in left)

    def _kind(self, place: Place, pcn_code: str, report: Report) -> str | None:
        """From which people a page is listed, empty for one that needs none; None where it is not listed."""
        if not report.is_of(place.name, pcn_code):
            return None
        if not report.needs_people:
            return "" if place.is_published and pcn_code != UNALLOCATED else None
        invented = place.slug in self.invented
        return people_of(self.settings.processed, place, pcn_code, report, synthetic_people=invented)[0] or None

    def _as_at(self, place: Place, pcn_code: str, kind: str) -> str:
        """Say of which day people are reported on, where it is not that of the place's counts."""
        from pcn_analysis.population import prepared_people

        if not kind:
            return ""
        facts = prepared_people(self.settings.processed, place.slug, kind, pcn_code)
        on = dt.date.fromisoformat(facts.get("index_date", place.index_date.isoformat()))
        return "" if on == place.index_date else f", {on.day} {on:%B %Y}"

    def _page(self, key: Key, title: str, *, invented: bool) -> ListedPage:
        good, last = self.good.get(key), self.last.get(key)
        failed = last if last and last.status == ledger.FAILED else None
        there = good is not None and self.is_there(key)
        return ListedPage(
            key,
            title,
            self._formats(key, [key[2]]) if there else {},
            made=_when(good) if good and there else "",
            failed=failed is not None,
            error=failed.error if failed else "",
            invented=invented,
        )

    def _map(self, place: Place) -> list[ListedPage]:
        """The map to search in, where one has been written."""
        key = (place.slug, WHOLE_PLACE, network_map.STEM)
        if not self.is_there(key):
            return []
        path = self.settings.reports.joinpath(*key[:2], f"{key[2]}{PAGE}")
        note = "" if network_map.is_of(path, place) else OF_EARLIER_COUNTS
        files = self._formats(key, [network_map.STEM, f"synthetic-{network_map.STEM}"])
        return [ListedPage(key, network_map.TITLE, files, note=note)]

    def _formats(self, key: Key, stems: list[str]) -> dict[str, str]:
        names = self.files(*key[:2])
        return {end: f"{stem}{end}" for end in (PAGE, *FORMATS) for stem in stems if f"{stem}{end}" in names}


def _when(entry: ledger.Entry) -> str:
    """When an attempt ended, or began where only that is known."""
    return getattr(entry, "finished", "") or entry.started
