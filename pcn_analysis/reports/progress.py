"""Say how far a run is: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pcn_analysis.reports.ledger import Entry


@contextmanager
def follow(total: int) -> Iterator[Callable[[Entry], None]]:
    """Yield a function to call with each finished page."""
    with _bar(total) if sys.stderr.isatty() else _lines(total) as done:
        yield done


@contextmanager
def _lines(total: int) -> Iterator[Callable[[Entry], None]]:
    seen = [0]

    def done(entry: Entry) -> None:
        seen[0] += 1
        sys.stderr.write(f"[{seen[0]}/{total}] {_words(entry)}\n")
        sys.stderr.flush()

    yield done


@contextmanager
def _bar(total: int) -> Iterator[Callable[[Entry], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("Executing notebooks", total=total)

        def done(entry: Entry) -> None:
            if entry.status == "failed":
                progress.console.print(_words(entry), markup=False)
            progress.advance(task)

        yield done


def _words(entry: Entry) -> str:
    took = f" in {entry.seconds:.1f} s" if entry.seconds else ""
    why = f": {entry.error}" if entry.error else ""
    return f"{entry.place} {entry.pcn_code} {entry.report}: {entry.status}{took}{why}"
