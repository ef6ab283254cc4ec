"""What of people leaves a place: pages that wait to be let out, and the registers of what is out."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pcn_analysis.provenance import file_sha256
from pcn_analysis.reports.effort import Effort
from pcn_analysis.stored import locked, replacing_file
from pcn_analysis.words import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pcn_analysis.release.audit import Cell, Seen
    from pcn_analysis.release.register import Told
    from pcn_analysis.reports.jobs import Job
    from pcn_analysis.settings import Settings

FOLDER = "released"
"""Folder of the release registers under ``data/restricted/``: a folder of each place, a file of each network."""

WAIT = 3_600
"""Seconds to wait for another run that lets out pages of the same place."""

NONE = Effort()
"""Of a page of which nobody measured what it took."""

_MONTH = re.compile(r"-\d{4}-\d{2}$")
"""The month at the end of the folder of a place."""


@dataclass(frozen=True)
class Page:
    """A page that is made and not yet out.

    Parameters
    ----------
    job
        Which it is.
    files
        The page, and its executed notebook.
    tables
        What its released tables tell of people, each named as no other of its place; a page without any does not wait.
    effort
        What it took.
    """

    job: Job
    files: tuple[Path, ...]
    tables: tuple[Told, ...] = ()
    effort: Effort = NONE

    @property
    def names(self) -> frozenset[str]:
        """What its tables are called."""
        return frozenset(one.table for one in self.tables)


class Registers:
    """The release registers of a place, one a network; with them are weighed those of its other months.

    Parameters
    ----------
    settings
        Where things are.
    place
        Folder of the place.
    """

    def __init__(self, settings: Settings, place: str):
        self.folder = settings.restricted / FOLDER / place
        self.series = series_of(place)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs from letting out pages of the place."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(self.folder.with_name(self.series), WAIT):
            yield

    def tables(self) -> list[Told]:
        """Everything of the place that is out, of any month.

        Raises
        ------
        PcnAnalysisError
            If a register is damaged.
        """
        from pcn_analysis.release.register import read

        paths = sorted(self.folder.parent.glob(f"{self.series}*/*.jsonl"))
        return [table for path in paths if series_of(path.parent.name) == self.series for table in read(path)]

    def withheld(self) -> frozenset[Cell]:
        """What was withheld before, and is therefore withheld again, as notebooks name it."""
        from pcn_analysis.release.register import as_told

        return as_told(withheld_in(self.tables()))

    def enter(self, pages: Iterable[Page], *, run: str, released: str) -> None:
        """Put what pages tell into the registers of their networks, with the run and when it is, in UTC."""
        from pcn_analysis.release.register import record

        for code, those in groupby(sorted(pages, key=_network), key=_network):
            tables = [table for page in those for table in page.tables]
            record(self.folder / f"{code}.jsonl", tables, run=run, released=released)


def series_of(place: str) -> str:
    """What the folders of a place have in common, whichever month they are of.

    Examples
    --------
    >>> series_of("wirral-2026-07"), series_of("synthetic")
    ('wirral', 'synthetic')
    """
    return _MONTH.sub("", place)


def withheld_in(tables: Iterable[Told]) -> frozenset[Cell]:
    """What was withheld before, and is therefore withheld again."""
    return frozenset(one.cell for one in seen_in(tables) if one.kind == WITHHELD)


def seen_in(tables: Iterable[Told]) -> list[Seen]:
    """All that tables tell."""
    return [one for table in tables for one in table.seen]


def _network(page: Page) -> str:
    return page.job.pcn_code


def published(job: Job, files: Iterable[Path], settings: Settings) -> dict[str, str]:
    """Put the files of a page where they can be read, the page last; returns the hash of each.

    Each is written beside its target, and on the disk before it takes the name: a reader sees it whole or as it was.
    A file that the page had before, and has no more, is removed.
    """
    target = job.target(settings.reports)
    target.parent.mkdir(parents=True, exist_ok=True)
    hashes = {}
    for path in sorted(files, key=lambda one: one.name == target.name):
        with replacing_file(target.with_name(path.name)) as aside:
            shutil.copyfile(path, aside)
            hashes[path.name] = file_sha256(aside)
    for left in target.parent.glob(f"{job.stem}.*"):
        if left.name not in hashes:
            left.unlink()
    return hashes


def moved(files: Iterable[Path], folder: Path) -> list[Path]:
    """Move the files of a page to a folder that is made if need be."""
    folder.mkdir(exist_ok=True)
    return [path.replace(folder / path.name) for path in files]
