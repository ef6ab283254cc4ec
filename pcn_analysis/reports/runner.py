"""Execute notebooks for networks and publish their pages, one failure never stopping the others.

A page is made again only when something that it depends on has changed: the notebook, the package, the data
of its place, its people, its parameters or the libraries; or when one of its files is not as it was published. It is
published by renaming, after everything about it has succeeded and its files have been searched for what must not leave;
pages that tell of people wait for the others of their place, and leave together (``weighing``). What failed goes to
``data/restricted/failed/``, because a traceback may hold values, and an earlier good page stays.

A run that is stopped at any moment leaves what was finished; the next one makes the rest, and the end is the same.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from pcn_analysis.kernels import fork_parent
from pcn_analysis.provenance import file_sha256
from pcn_analysis.reports import ledger
from pcn_analysis.reports.attempts import Making
from pcn_analysis.reports.effort import Effort, Failure, entry_of, now
from pcn_analysis.reports.failures import work_folder
from pcn_analysis.reports.jobs import sealed
from pcn_analysis.reports.making import told
from pcn_analysis.reports.manifest import new_run_id
from pcn_analysis.reports.packs import Packs
from pcn_analysis.reports.people import draw, missing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from pcn_analysis.kernels import ForkParent
    from pcn_analysis.reports.jobs import Job
    from pcn_analysis.reports.ledger import Entry
    from pcn_analysis.settings import Settings

Page = tuple[str, str, str]
RESTARTS = 3
"""So many times in a run the process that kernels are forked from is started again."""


def run(
    jobs: Sequence[Job],
    settings: Settings,
    *,
    run_id: str = "",
    force: bool = False,
    limit: int | None = None,
    until: dt.datetime | None = None,
    done: Callable[[Entry], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> list[Entry]:
    """Draw the synthetic people that are needed, then make every page that is not up to date.

    Parameters
    ----------
    jobs
        The pages.
    settings
        Where things are, how many run at once and how long a cell may take.
    run_id
        Identifies the run; by default after the time.
    force
        Make pages that are up to date as well.
    limit
        Make so many at most.
    until
        A moment after which no page is begun.
    done
        Called with the ledger entry of each page as it is out, has failed, or is found up to date.
    say
        Called with a line for each network whose people are drawn, for pages that are weighed together, and for those
        that are made again with numbers withheld.

    Returns
    -------
    list of Entry
        One a page that was made, has failed, or was up to date; failures are entries, not exceptions.
    """
    _clear_asides(settings.reports)
    run_id = run_id or new_run_id()
    good = ledger.latest(ledger.read(settings.reports), ledger.OK)
    jobs, undrawn, waiting = _with_people(jobs, settings, run_id, good, force=force, limit=limit, say=say)
    due = _due(jobs, settings, good, force=force) | waiting
    entries = []
    for job in jobs:
        if job.page not in due:
            entries.append(replace(good[job.page], run=run_id, status=ledger.UP_TO_DATE, seconds=0.0))
            done(entries[-1])
    todo = list(islice((job for job in jobs if job.page in due), limit))
    for entry in chain(undrawn, _made(todo, settings, run_id, until, say)):  # each on record as it is out
        ledger.record(settings.reports, entry)
        entries.append(entry)
        done(entry)
    _clear_asides(settings.reports)
    return entries


def to_make(jobs: Sequence[Job], settings: Settings, *, force: bool = False, limit: int | None = None) -> list[Job]:
    """Which pages a run would make now, without making any; those whose people are not drawn yet are among them."""
    good = ledger.latest(ledger.read(settings.reports), ledger.OK)
    due = _due(jobs, settings, good, force=force) | _without_people(jobs, settings)[1]
    return list(islice((job for job in jobs if job.page in due), limit))


def _made(
    jobs: Sequence[Job], settings: Settings, run_id: str, until: dt.datetime | None, say: Callable[[str], None]
) -> Iterator[Entry]:
    if not jobs:
        return
    with work_folder(settings.restricted, "waiting") as folder, fork_parent(settings) as parent:
        making = Making(settings, run_id, folder, parent.socket)
        yield from Packs(making, say).entries(jobs, until, _Kept(parent).look)


class _Kept:
    """Starts the process that kernels are forked from again where it is gone; until it is there, kernels are ordinary.

    After some times it is given up: whatever ended it would end it again.
    """

    def __init__(self, parent: ForkParent):
        self.parent, self.left = parent, RESTARTS

    def look(self) -> None:
        """Start it again if it is gone."""
        if self.left and self.parent.socket_to_come and not self.parent.alive():
            self.left -= 1
            self.parent.restart()


def _due(jobs: Sequence[Job], settings: Settings, good: dict[Page, Entry], *, force: bool) -> set[Page]:
    """Pages that have to be made."""
    return {job.page for job in jobs if force or not _up_to_date(job, good, settings.reports)}


def _up_to_date(job: Job, good: dict[Page, Entry], reports: Path) -> bool:
    """Whether the last good attempt was made from the same, and every file of it is as it was published."""
    entry, folder = good.get(job.page), job.target(reports).parent
    return (
        entry is not None
        and entry.made_from == job.made_from
        and {job.target(reports).name, f"{job.stem}.ipynb"} <= set(entry.files)
        and all(_is(folder / name, sha256) for name, sha256 in entry.files.items())
    )


def _is(path: Path, sha256: str) -> bool:
    return path.is_file() and file_sha256(path) == sha256


def _without_people(jobs: Sequence[Job], settings: Settings) -> tuple[dict[tuple[str, str], str], set[Page]]:
    """Networks whose synthetic people have to be drawn, with their names; and the pages that wait for that."""
    networks = missing({job.network: job.name for job in jobs if job.people == "synthetic"}, settings)
    return networks, {job.page for job in jobs if job.people == "synthetic" and job.network in networks}


def _with_people(
    jobs: Sequence[Job],
    settings: Settings,
    run_id: str,
    good: dict[Page, Entry],
    *,
    force: bool,
    limit: int | None,
    say: Callable[[str], None],
) -> tuple[Sequence[Job], list[Entry], set[Page]]:
    """Draw synthetic people for the pages that will be made.

    Returns the pages as they are then, since people who are drawn change pages of other networks that compare with
    theirs; failures for those whose people could not be drawn; and pages that go on waiting, beyond the limit.
    """
    networks, waiting = _without_people(jobs, settings)
    if not networks:
        return jobs, [], waiting
    due = _due(jobs, settings, good, force=force) | waiting
    next_ = [job for job in islice((job for job in jobs if job.page in due), limit) if job.page in waiting]
    started, errors = now(), draw({job.network: networks[job.network] for job in next_}, settings, say)
    without = [job for job in next_ if job.network in errors]
    failures = [_undrawn(job, errors[job.network], settings, run_id, started) for job in without]
    pages = {job.page for job in without}
    left = sealed([job for job in jobs if job.page not in pages], settings)
    return left, failures, waiting - {job.page for job in next_}


def _undrawn(job: Job, error: str, settings: Settings, run_id: str, started: str) -> Entry:
    return entry_of(job, run_id, Effort(started), failure=Failure(told(error, job, settings)))


_ASIDE = re.compile(r"\..+\.\d+")
"""A file of a page that was being written."""


def _clear_asides(reports: Path, kinds: Collection[str] = ("*/*/.*", "*/.*", ".*")) -> None:
    """Remove files that a process that was killed was writing; only for who holds the lock of the reports.

    ``stored.clear_leftovers`` leaves files alone: another run may be writing them.
    """
    for pattern in kinds:
        for path in reports.glob(pattern):
            if path.is_file() and _ASIDE.fullmatch(path.name):
                path.unlink(missing_ok=True)
