"""The pages of a place that are made in one run: executed several at once, and let out.

Pages that tell nothing of people are out as soon as they are made. Those that do wait for each other in a folder that
nobody else can read, are weighed together, and leave together.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.provenance import file_sha256
from pcn_analysis.reports import ledger
from pcn_analysis.reports.failures import work_folder
from pcn_analysis.reports.making import made_page, told
from pcn_analysis.reports.publishing import Page, Registers
from pcn_analysis.reports.weighing import Weighing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from pcn_analysis.release.audit import Cell
    from pcn_analysis.reports.jobs import Job
    from pcn_analysis.settings import Settings


class Pack:
    """The pages of a place that are made in one run; those that tell of people wait in a folder."""

    def __init__(self, settings: Settings, run_id: str, folder: Path):
        self.settings, self.run_id, self.folder = settings, run_id, folder
        self.failed: list[ledger.Entry] = []

    def entries(self, jobs: Sequence[Job], say: Callable[[str], None]) -> Iterator[ledger.Entry]:
        """Make pages and let them out: those that tell of people together, others as soon as they are made."""
        registers, waiting = Registers(self.settings, jobs[0].place), []
        withheld: frozenset[Cell] = frozenset()
        with suppress(PcnAnalysisError):  # a damaged register is told when pages are weighed
            withheld = registers.withheld()
        for one in self._made(jobs, withheld):
            if isinstance(one, Page):
                waiting.append(one)
            else:
                yield one
        if not waiting:
            return
        with registers.held():
            weighed = Weighing(registers.tables(), self._again, say).weighed(waiting)
            registers.enter(weighed.pages, run=self.run_id, released=now())
            yield from self.failed
            yield from (self._given_up(page, error) for page, error in weighed.failed)
            yield from map(self._out, weighed.pages)

    def _made(self, jobs: Sequence[Job], withheld: frozenset[Cell]) -> Iterable[Page | ledger.Entry]:
        """Make pages, several at once."""
        workers, more = min(self.settings.jobs, len(jobs)), (self.settings, self.run_id, self.folder, withheld)
        if workers <= 1:
            return (_make(job, *more) for job in jobs)
        from joblib import Parallel, delayed

        parallel = Parallel(n_jobs=workers, return_as="generator_unordered")
        return parallel(delayed(_make)(job, *more) for job in jobs)

    def _again(self, pages: Sequence[Page], withheld: frozenset[Cell]) -> list[Page]:
        """Make pages again with some cells withheld; those that fail are kept for their entries."""
        before, made = {page.job.page: page for page in pages}, []
        for one in self._made([page.job for page in pages], withheld):
            if isinstance(one, Page):
                first = before[one.job.page]
                made.append(replace(one, started=first.started, seconds=first.seconds + one.seconds))
            else:
                self.failed.append(one)
        return made

    def _out(self, page: Page) -> ledger.Entry:
        """Put a page out."""
        try:
            sha256 = _published(page.job, page.files, self.settings)
        except Exception as exception:  # one page's failure, of any kind, must not stop the others
            return self._given_up(page, exception)
        return entry_of(page.job, self.run_id, page.started, page=sha256, seconds=page.seconds)

    def _given_up(self, page: Page, error: Exception) -> ledger.Entry:
        """Keep what was made of a page, with what was wrong."""
        with suppress(type(error)), work_folder(self.settings.restricted, "_".join(page.job.page)) as work:
            _moved(page.files, work)
            raise error
        said = told(error, page.job, self.settings)
        return entry_of(page.job, self.run_id, page.started, seconds=page.seconds, error=said)


def _make(job: Job, settings: Settings, run_id: str, folder: Path, withheld: frozenset[Cell]) -> Page | ledger.Entry:
    """Execute one notebook: a page that tells of people waits in the folder, another is put out.

    Whatever goes wrong is in the entry.
    """
    started, clock = now(), time.perf_counter()
    page, error = "", ""
    try:
        with work_folder(settings.restricted, "_".join(job.page)) as work:
            files, tables = made_page(job, settings, work, withheld)
            if tables:
                files = _moved(files, folder / "_".join(job.page))
                return Page(job, tuple(files), tuple(tables), started, time.perf_counter() - clock)
            page = _published(job, files, settings)
    except Exception as exception:  # one page's failure, of any kind, must not stop the others
        error = told(exception, job, settings)
    return entry_of(job, run_id, started, page=page, seconds=time.perf_counter() - clock, error=error)


def _published(job: Job, files: Iterable[Path], settings: Settings) -> str:
    """Put the files of a page where they can be read; returns the hash of the page."""
    target = job.target(settings.reports)
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in files:
        aside = target.with_name(f".{path.name}.{os.getpid()}")
        shutil.copyfile(path, aside)
        aside.replace(target.with_name(path.name))
    return file_sha256(target)


def _moved(files: Iterable[Path], folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    return [path.replace(folder / path.name) for path in files]


def entry_of(
    job: Job, run_id: str, started: str, *, page: str = "", seconds: float = 0.0, error: str = ""
) -> ledger.Entry:
    """What the ledger says of one attempt to make a page; with an error it is a failure."""
    return ledger.Entry(
        run=run_id,
        place=job.place,
        pcn_code=job.pcn_code,
        report=job.stem,
        status=ledger.FAILED if error else ledger.OK,
        made_from=job.made_from,
        page_sha256=page,
        started=started,
        seconds=round(seconds, 2),
        version=version("pcn-analysis"),
        error=error,
    )


def now() -> str:
    """The time, in UTC."""
    return f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
