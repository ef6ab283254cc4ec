"""The pages of a run: executed several at once, and let out.

Pages that tell nothing of people are out as soon as they are made. Those that do wait for the others of their place in
a folder that nobody else can read, are weighed together, and leave together.
"""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.reports.attempts import ATTEMPTS, Making, Task, make
from pcn_analysis.reports.effort import Effort, Failure, entry_of, now
from pcn_analysis.reports.failures import kind_of, work_folder
from pcn_analysis.reports.fan_out import fan_out
from pcn_analysis.reports.making import told
from pcn_analysis.reports.publishing import Page, Registers, moved, published
from pcn_analysis.reports.weighing import Weighing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pcn_analysis.release.audit import Cell
    from pcn_analysis.reports.jobs import Job
    from pcn_analysis.reports.ledger import Entry


class Packs:
    """The pages of a run; those that tell of people wait for the others of their place.

    Parameters
    ----------
    making
        What they are made with.
    say
        Called with a line for pages that are weighed together, and for those that are made again.
    """

    def __init__(self, making: Making, say: Callable[[str], None] = lambda _: None):
        self.making, self.say, self.settings = making, say, making.settings
        self._failed: list[Entry] = []

    def entries(
        self, jobs: Sequence[Job], until: dt.datetime | None = None, before: Callable[[], None] = lambda: None
    ) -> Iterator[Entry]:
        """Make pages and let them out: each as soon as it may be.

        Parameters
        ----------
        jobs
            The pages.
        until
            No page is begun after it; those that wait then are weighed and let out.
        before
            Called before each page is handed to a worker.
        """
        left = Counter(job.place for job in jobs)
        waiting: dict[str, list[Page]] = {}
        withheld = cache(self._withheld)

        def tasks() -> Iterator[Task]:
            for job in jobs:
                before()
                yield Task(job, withheld(job.place), until)

        for one in self._made(tasks()):
            if one is None:
                continue
            place = one.job.place if isinstance(one, Page) else one.place
            if isinstance(one, Page):
                waiting.setdefault(place, []).append(one)
            else:
                yield one
            left[place] -= 1
            if not left[place]:
                yield from self._let_out(waiting.pop(place, []))
        for pages in waiting.values():
            yield from self._let_out(pages)

    def _withheld(self, place: str) -> frozenset[Cell]:
        """What was withheld of a place before; a damaged register is told when its pages are weighed."""
        with suppress(PcnAnalysisError):
            return Registers(self.settings, place).withheld()
        return frozenset()

    def _made(self, tasks: Iterable[Task]) -> Iterator[Page | Entry | None]:
        """Make pages, several at once; none where it was too late for one."""
        return fan_out(
            partial(make, making=self.making),
            tasks,
            workers=self.settings.jobs,
            lost=self._lost,
            backend=self.settings.workers,
        )

    def _lost(self, task: Task) -> Entry:
        said = f"the process that made it was ended {ATTEMPTS} times, by the system or by somebody"
        return entry_of(task.job, self.making.run_id, Effort(now()), failure=Failure(said, "WorkerLost"))

    def _let_out(self, pages: Sequence[Page]) -> Iterator[Entry]:
        """Weigh the pages of a place together, and put out those that may leave.

        One place's failure, of any kind, does not stop the others.
        """
        if not pages:
            return
        registers, left = Registers(self.settings, pages[0].job.place), {page.job.page: page for page in pages}
        try:
            with registers.held():
                weighed = Weighing(registers.tables(), self._again, self.say).weighed(pages)
                registers.enter(weighed.pages, run=self.making.run_id, released=now())
                for entry in self._ends(weighed.pages, weighed.failed):
                    left.pop((entry.place, entry.pcn_code, entry.report), None)
                    yield entry
        except Exception as exception:
            yield from (self._given_up(page, exception) for page in left.values())
        finally:
            for page in pages:
                shutil.rmtree(self.making.folder / "_".join(page.job.page), ignore_errors=True)

    def _ends(self, leaving: Iterable[Page], failed: Iterable[tuple[Page, Exception]]) -> Iterator[Entry]:
        again, self._failed = self._failed, []
        yield from again
        yield from (self._given_up(page, error) for page, error in failed)
        yield from map(self._out, leaving)

    def _again(self, pages: Sequence[Page], withheld: frozenset[Cell]) -> list[Page]:
        """Make pages again with some cells withheld; those that fail are kept for their entries."""
        before, made = {page.job.page: page for page in pages}, []
        for one in self._made(Task(page.job, withheld) for page in pages):
            if isinstance(one, Page):
                made.append(replace(one, effort=one.effort.after(before[one.job.page].effort)))
            elif one is not None:
                self._failed.append(one)
        return made

    def _out(self, page: Page) -> Entry:
        """Put a page out."""
        try:
            files = published(page.job, page.files, self.settings)
        except Exception as exception:  # one page's failure, of any kind, must not stop the others
            return self._given_up(page, exception)
        return entry_of(page.job, self.making.run_id, page.effort, files=files)

    def _given_up(self, page: Page, error: Exception) -> Entry:
        """Keep what was made of a page, with what was wrong."""
        with suppress(Exception), work_folder(self.settings.restricted, "_".join(page.job.page)) as work:
            moved([path for path in page.files if path.exists()], work)
            raise error
        failure = Failure(told(error, page.job, self.settings), kind_of(error))
        return entry_of(page.job, self.making.run_id, page.effort, failure=failure)
