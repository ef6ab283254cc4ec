"""Try to make one page: once, or again where its kernel died; whatever goes wrong is in the entry of the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.reports.effort import Clock, Failure, entry_of
from pcn_analysis.reports.failures import kind_of, work_folder
from pcn_analysis.reports.kernel import cell_of, kernel_of
from pcn_analysis.reports.making import made_page, told
from pcn_analysis.reports.publishing import Page, moved, published

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.release.audit import Cell
    from pcn_analysis.reports.jobs import Job
    from pcn_analysis.reports.ledger import Entry
    from pcn_analysis.settings import Settings

ATTEMPTS = 2
"""Kernels that are tried for a page: another only where one died or did not start, never where a cell failed."""


@dataclass(frozen=True)
class Making:
    """What all pages of a run are made with.

    Parameters
    ----------
    settings
        Where things are, and how many are made at once.
    run_id
        Identifies the run.
    folder
        Where pages wait; nobody else can read it.
    parent
        The socket of a process that forks kernels; empty where each page has a kernel of its own.
    """

    settings: Settings
    run_id: str
    folder: Path
    parent: str = ""


@dataclass(frozen=True)
class Task:
    """One page to make, what none of its tables shows, and the moment after which it is not begun."""

    job: Job
    withheld: frozenset[Cell]
    until: dt.datetime | None = None


def make(task: Task, making: Making) -> Page | Entry | None:
    """Execute one notebook: a page that tells of people waits in the folder, another is put out.

    Whatever goes wrong is in the entry. Where a kernel died, or did not start, another is tried. None is the answer
    where it was too late to begin: joblib asks for the next before a worker is free.
    """
    if is_past(task.until):
        return None
    clock, attempt = Clock(), 1
    while (made := _attempt(task, making, clock, attempt)) is None:
        attempt += 1
    return made


def _attempt(task: Task, making: Making, clock: Clock, attempt: int) -> Page | Entry | None:
    """Try to make a page; none where the kernel died and this was not the last attempt."""
    job, settings = task.job, making.settings
    try:
        with work_folder(settings.restricted, "_".join(job.page)) as work:
            made = made_page(job, settings, work, task.withheld, making.parent)
            effort = clock.effort(made.kernel, attempt)
            if made.tables:
                files = moved(made.files, making.folder / "_".join(job.page))
                return Page(job, tuple(files), tuple(made.tables), effort)
            return entry_of(job, making.run_id, effort, files=published(job, made.files, settings))
    except Exception as exception:  # one page's failure, of any kind, must not stop the others
        if attempt < ATTEMPTS and kernel_died(exception):
            return None
        cell = cell_of(exception)
        failure = Failure(told(exception, job, settings, cell), kind_of(exception), cell)
        return entry_of(job, making.run_id, clock.effort(kernel_of(exception), attempt), failure=failure)


def is_past(until: dt.datetime | None) -> bool:
    """Whether it is too late to begin a page."""
    return until is not None and dt.datetime.now(dt.UTC) >= until


def kernel_died(exception: Exception) -> bool:
    """Whether a kernel died or did not start, rather than that a cell failed; nbclient says the latter in words."""
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    of_a_cell = isinstance(exception, CellExecutionError) or hasattr(exception, "ename")
    return isinstance(exception, DeadKernelError) or (isinstance(exception, RuntimeError) and not of_a_cell)
