"""One run at a time: whoever makes reports holds the project, and a second is told who does."""

from __future__ import annotations

import getpass
import json
import os
import socket
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from pcn_analysis import stored
from pcn_analysis.exceptions import problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK, HOLDER = ".report.lock", ".report.json"
"""The lock, which the system lets go of however a run ends, and who holds it, under ``data/restricted/``."""


@contextmanager
def only_run(restricted: Path, started: str) -> Iterator[None]:
    """Hold the reports of a project, so that no other run makes any.

    Parameters
    ----------
    restricted
        The folder of what must not be published: who holds the lock is a name and a machine.
    started
        When this run was started, for the message that another gets.

    Raises
    ------
    PcnAnalysisError
        If another run holds them; it says which process of whom, where and since when.
    """
    restricted.mkdir(parents=True, exist_ok=True, mode=stored.PRIVATE)
    lock, holder = FileLock(restricted / LOCK, timeout=0, mode=stored.PRIVATE_FILE), restricted / HOLDER
    try:
        lock.acquire()
    except Timeout:
        what = f"another run is making reports{_told(holder)}"
        raise problem("report", what, "Wait for it to end, or stop it, then try again.") from None
    try:
        holder.write_text(json.dumps(_holder(started)), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(started: str) -> dict[str, str | int]:
    user = "unknown"
    with suppress(OSError, KeyError):
        user = getpass.getuser()
    return {"process": os.getpid(), "user": user, "machine": socket.gethostname(), "started": started}


def _told(holder: Path) -> str:
    """Who holds the lock, as far as it is known."""
    try:
        held = json.loads(holder.read_text(encoding="utf-8"))
        return f": process {held['process']} of {held['user']} on {held['machine']}, since {held['started']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
