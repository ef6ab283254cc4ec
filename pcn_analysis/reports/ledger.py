"""What ran: one JSON line an attempt, only ever added to.

Success is what the ledger says, written after a page has been published, never what a notebook's own metadata
says: a cell that timed out or a kernel that died leaves a notebook that looks complete.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE = "ledger.jsonl"
OK, FAILED, UP_TO_DATE = "ok", "failed", "up to date"


@dataclass(frozen=True)
class Entry:
    """One attempt to make one page.

    Parameters
    ----------
    run
        Identifies the run.
    place, pcn_code, report
        Which page.
    status
        ``ok``, ``failed`` or ``up to date``.
    made_from
        Hash of everything that the page depends on.
    files
        Hash of each file of the page, by its name; empty where there is none.
    started, finished
        When, in UTC.
    seconds
        How long it took.
    version
        Of the package.
    error
        What went wrong, without any value from the data; empty where nothing did.
    error_class
        The kind of error.
    cell
        Number of the code cell that was executed when it went wrong.
    kernel
        Which kind of kernel executed the notebook: ``forked`` or ``ordinary``.
    peak_mb, cpu_seconds
        Most memory that the kernel held, and the time that it computed; null where the system does not say.
    attempts
        How many kernels it took: another is tried where one died.
    """

    run: str
    place: str
    pcn_code: str
    report: str
    status: str
    made_from: str = ""
    files: dict[str, str] = field(default_factory=dict)
    started: str = ""
    finished: str = ""
    seconds: float = 0.0
    version: str = ""
    error: str = ""
    error_class: str = ""
    cell: int | None = None
    kernel: str = ""
    peak_mb: float | None = None
    cpu_seconds: float | None = None
    attempts: int = 1

    @property
    def page(self) -> tuple[str, str, str]:
        """Which page the entry is about."""
        return self.place, self.pcn_code, self.report


def record(reports: Path, entry: Entry) -> None:
    """Add one line."""
    reports.mkdir(parents=True, exist_ok=True)
    with (reports / FILE).open("ab+") as file:
        if file.tell() and not _ends_a_line(file):
            file.write(b"\n")
        file.write(json.dumps(asdict(entry)).encode("ascii") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _ends_a_line(file: IO[bytes]) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def read(reports: Path) -> list[Entry]:
    """Read every line; one cut short by a stop, or damaged, is passed over: its page is made again."""
    return [entry for line in _lines(reports) if (entry := _entry(line))]


def damaged(reports: Path) -> int:
    """How many lines cannot be read."""
    return sum(_entry(line) is None for line in _lines(reports))


def _lines(reports: Path) -> list[bytes]:
    path = reports / FILE
    return [line for line in path.read_bytes().split(b"\n") if line] if path.exists() else []


def _entry(line: bytes) -> Entry | None:
    """What a line says; none where it is no entry."""
    try:
        entry = Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None
    texts = (*entry.page, entry.run, entry.status, entry.made_from, entry.started, entry.finished, entry.error)
    files = entry.files if isinstance(entry.files, dict) else {"": None}
    return entry if all(isinstance(one, str) for one in (*texts, *files, *files.values())) else None


def latest(entries: Iterable[Entry], *statuses: str) -> dict[tuple[str, str, str], Entry]:
    """Last entry for each page, of the given statuses (default: any)."""
    return {entry.page: entry for entry in entries if not statuses or entry.status in statuses}
