"""Execute notebooks for networks and publish their pages, one failure never stopping the others.

A page is made again only when something that it depends on has changed: the notebook, the package, the data
of its place, its people, its parameters or the libraries. It is published by renaming, after everything about it has
succeeded and its files have been searched for what must not leave; pages that tell of people wait for the others of
their place, and leave together (``weighing``). What failed goes to ``data/restricted/failed/``, because a traceback
may hold values, and an earlier good page stays.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from pcn_analysis.provenance import file_sha256
from pcn_analysis.reports import ledger
from pcn_analysis.reports.failures import work_folder
from pcn_analysis.reports.jobs import sealed
from pcn_analysis.reports.making import told
from pcn_analysis.reports.packs import Pack, entry_of, now
from pcn_analysis.reports.people import draw_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pcn_analysis.reports.jobs import Job
    from pcn_analysis.settings import Settings


def run(
    jobs: Sequence[Job],
    settings: Settings,
    *,
    force: bool = False,
    done: Callable[[ledger.Entry], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> list[ledger.Entry]:
    """Draw the synthetic people that are needed, then make every page that is not up to date.

    Parameters
    ----------
    jobs
        The pages.
    settings
        Where things are, how many run at once and how long a cell may take.
    force
        Make pages that are up to date as well.
    done
        Called with the ledger entry of each page as it is out, or has failed.
    say
        Called with a line for each network whose people are drawn, for pages that are weighed together, and for those
        that are made again with numbers withheld.

    Returns
    -------
    list of Entry
        One a page; failures are entries, not exceptions.
    """
    good = ledger.latest(ledger.read(settings.reports), ledger.OK)
    run_id = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}"
    jobs, undrawn = _with_people(jobs, settings, run_id, say)
    current = {job for job in jobs if not force and _up_to_date(job, good, settings.reports)}
    entries = []
    for job in (job for job in jobs if job in current):
        entry = replace(good[job.page], run=run_id, status=ledger.UP_TO_DATE, seconds=0.0)
        entries.append(entry)
        done(entry)
    places: dict[str, list[Job]] = {}
    for job in (job for job in jobs if job not in current):
        places.setdefault(job.place, []).append(job)
    made = (_of_place(those, settings, run_id, say) for those in places.values())
    for entry in chain(undrawn, chain.from_iterable(made)):
        ledger.record(settings.reports, entry)
        entries.append(entry)
        done(entry)
    return entries


def _with_people(
    jobs: Sequence[Job], settings: Settings, run_id: str, say: Callable[[str], None]
) -> tuple[Sequence[Job], list[ledger.Entry]]:
    """Draw synthetic people; return the jobs that can be done, and failures for the others."""
    needed = {job.network: job.name for job in jobs if job.people == "synthetic"}
    if not needed:
        return jobs, []
    started, errors = now(), draw_missing(needed, settings, say)
    without = [job for job in jobs if job.people == "synthetic" and job.network in errors]
    failures = [entry_of(job, run_id, started, error=told(errors[job.network], job, settings)) for job in without]
    return sealed([job for job in jobs if job not in without], settings), failures


def make_page(job: Job, settings: Settings, run_id: str) -> ledger.Entry:
    """Make one page and let it out by itself; whatever goes wrong is in the entry."""
    [entry] = _of_place([job], settings, run_id, lambda _: None)
    return entry


def _of_place(
    jobs: Sequence[Job], settings: Settings, run_id: str, say: Callable[[str], None]
) -> Iterator[ledger.Entry]:
    """Make the pages of a place; whatever goes wrong with all that are not out is in the entry of each."""
    left, started = {job.page: job for job in jobs}, now()
    try:
        with work_folder(settings.restricted, f"{jobs[0].place}_waiting") as folder:
            for entry in Pack(settings, run_id, folder).entries(jobs, say):
                del left[entry.page]
                yield entry
    except Exception as exception:  # one place's failure, of any kind, must not stop the others
        for job in left.values():
            yield entry_of(job, run_id, started, error=told(exception, job, settings))


def _up_to_date(job: Job, good: dict[tuple[str, str, str], ledger.Entry], reports: Path) -> bool:
    entry, target = good.get(job.page), job.target(reports)
    return (
        entry is not None
        and entry.made_from == job.made_from
        and target.exists()
        and target.with_suffix(".ipynb").exists()
        and file_sha256(target) == entry.page_sha256
    )
