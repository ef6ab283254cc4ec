"""Say how far a run is: a bar in a terminal, plain lines elsewhere; both with the rate and the time left."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pcn_analysis.reports import ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pcn_analysis.reports.ledger import Entry

SMALLEST = 3
"""Pages that have to be made before anything is said of the rate."""


@dataclass
class Pace:
    """How fast pages are made. Those that were up to date take no time and do not count.

    Parameters
    ----------
    total
        Pages of the run.
    begun
        When it was begun, in seconds of a clock that is never set.
    """

    total: int
    begun: float = field(default_factory=time.monotonic)
    seen: int = 0
    made: int = 0

    def count(self, entry: Entry) -> None:
        """Take a page into account."""
        self.seen += 1
        self.made += entry.status != ledger.UP_TO_DATE

    def words(self, now: float) -> str:
        """The rate and the time left; empty while too little is known, or nothing is left.

        Examples
        --------
        >>> Pace(total=100, begun=0, seen=40, made=30).words(now=300)
        '6.0 a minute, 10 min left'
        """
        left = self.total - self.seen
        if self.made < SMALLEST or left <= 0 or now <= self.begun:
            return ""
        rate = self.made / (now - self.begun)
        return f"{rate * 60:.1f} a minute, {_long(left / rate)} left"


def _long(seconds: float) -> str:
    hours, minutes = divmod(max(1, round(seconds / 60)), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


@contextmanager
def follow(total: int) -> Iterator[Callable[[Entry], None]]:
    """Yield a function to call with each finished page."""
    pace = Pace(total)
    with _bar(pace) if sys.stderr.isatty() else _lines(pace) as done:
        yield done


@contextmanager
def _lines(pace: Pace) -> Iterator[Callable[[Entry], None]]:
    def done(entry: Entry) -> None:
        pace.count(entry)
        words = pace.words(time.monotonic())
        sys.stderr.write(f"[{pace.seen}/{pace.total}] {_words(entry)}{f' ({words})' if words else ''}\n")
        sys.stderr.flush()

    yield done


@contextmanager
def _bar(pace: Pace) -> Iterator[Callable[[Entry], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("Executing notebooks", total=pace.total, pace="")

        def done(entry: Entry) -> None:
            pace.count(entry)
            if entry.status == ledger.FAILED:
                progress.console.print(_words(entry), markup=False)
            progress.update(task, advance=1, pace=pace.words(time.monotonic()))

        yield done


def _words(entry: Entry) -> str:
    took = f" in {entry.seconds:.1f} s" if entry.seconds else ""
    why = f": {entry.error}" if entry.error else ""
    return f"{entry.place} {entry.pcn_code} {entry.report}: {entry.status}{took}{why}"
