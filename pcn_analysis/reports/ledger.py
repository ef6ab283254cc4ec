"""What ran: one JSON line an attempt, only ever added to.

Success is what the ledger says, written after a page has been published, never what a notebook's own metadata
says: a cell that timed out or a kernel that died leaves a notebook that looks complete.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
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
    page_sha256
        Hash of the page; empty where there is none.
    started
        When, in UTC.
    seconds
        How long it took.
    version
        Of the package.
    error
        What went wrong, without any value from the data; empty where nothing did.
    """

    run: str
    place: str
    pcn_code: str
    report: str
    status: str
    made_from: str = ""
    page_sha256: str = ""
    started: str = ""
    seconds: float = 0.0
    version: str = ""
    error: str = ""

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


def _ends_a_line(file: IO[bytes]) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def read(reports: Path) -> list[Entry]:
    """Read every line; one cut short by a stop is passed over."""
    path = reports / FILE
    if not path.exists():
        return []
    entries = []
    for line in path.read_bytes().split(b"\n"):
        try:
            entries.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return entries


def latest(entries: Iterable[Entry], *statuses: str) -> dict[tuple[str, str, str], Entry]:
    """Last entry for each page, of the given statuses (default: any)."""
    return {entry.page: entry for entry in entries if not statuses or entry.status in statuses}
