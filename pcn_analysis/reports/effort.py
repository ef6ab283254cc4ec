"""What it took to make a page, and what the ledger says of it."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from pcn_analysis.reports import ledger

if TYPE_CHECKING:
    from pcn_analysis.reports.jobs import Job
    from pcn_analysis.reports.kernel import KernelFacts


@dataclass(frozen=True)
class Effort:
    """What it took to make a page.

    Parameters
    ----------
    started
        When it was begun, in UTC.
    seconds
        How long it took.
    kernel
        The kernel that executed its notebook to the end; none where it did not.
    attempts
        How many kernels were tried.
    """

    started: str = ""
    seconds: float = 0.0
    kernel: KernelFacts | None = None
    attempts: int = 1

    def after(self, earlier: Effort) -> Effort:
        """The same with what it took before, when the page was made for the first time."""
        return replace(self, started=earlier.started, seconds=earlier.seconds + self.seconds)


def now() -> str:
    """The time, in UTC."""
    return f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass
class Clock:
    """Measures what a page takes."""

    started: str = field(default_factory=now)
    begun: float = field(default_factory=time.perf_counter)

    def effort(self, kernel: KernelFacts | None = None, attempts: int = 1) -> Effort:
        """What it took until now."""
        return Effort(self.started, time.perf_counter() - self.begun, kernel, attempts)


@dataclass(frozen=True)
class Failure:
    """What went wrong: in words that may be published, its kind, and the code cell that was executed."""

    said: str
    kind: str = ""
    cell: int | None = None


def entry_of(
    job: Job,
    run_id: str,
    effort: Effort,
    *,
    files: dict[str, str] | None = None,
    failure: Failure | None = None,
) -> ledger.Entry:
    """What the ledger says of one attempt to make a page; with a failure it is one.

    Parameters
    ----------
    job
        Which page.
    run_id
        Identifies the run.
    effort
        What it took.
    files
        Hash of each file of the page, by its name.
    failure
        What went wrong, if anything did.
    """
    kernel = effort.kernel
    return ledger.Entry(
        run=run_id,
        place=job.place,
        pcn_code=job.pcn_code,
        report=job.stem,
        status=ledger.FAILED if failure else ledger.OK,
        made_from=job.made_from,
        files=files or {},
        started=effort.started,
        finished=now(),
        seconds=round(effort.seconds, 2),
        version=version("pcn-analysis"),
        error=failure.said if failure else "",
        error_class=failure.kind if failure else "",
        cell=failure.cell if failure else None,
        kernel=kernel.kind if kernel else "",
        peak_mb=kernel.peak_mb if kernel else None,
        cpu_seconds=kernel.cpu_seconds if kernel else None,
        attempts=effort.attempts,
    )
