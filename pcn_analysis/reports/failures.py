"""What failed is kept where nobody else can read it, and told without any value."""

from __future__ import annotations

import os
import re
import shutil
import traceback
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from pcn_analysis import stored
from pcn_analysis.exceptions import PcnAnalysisError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcn_analysis.settings import Settings

TRACEBACK = "traceback.txt"
"""What a folder that is kept has, and one that a killed run left has not."""


@contextmanager
def work_folder(restricted: Path, stem: str) -> Iterator[Path]:
    """Work in a fresh folder that nobody else can read; keep it, with the traceback, only on failure.

    A run that is stopped leaves nothing. Folders that another run works in are left alone.

    Parameters
    ----------
    restricted
        The folder of what must not be published.
    stem
        What is worked on; what was kept of an earlier failure of the same is removed.
    """
    failed = restricted / "failed"
    failed.mkdir(parents=True, exist_ok=True, mode=stored.PRIVATE)
    stored.make_private(restricted)
    for earlier in failed.glob(f"{stem}.*"):
        _remove(earlier)
    work = failed / f"{stem}.{uuid4().hex[:8]}"
    with stored.locked(work):  # before it exists, so that no other run can take it for a leftover
        work.mkdir(mode=stored.PRIVATE)
        try:
            yield work
        except Exception:
            (work / TRACEBACK).write_text(traceback.format_exc(), encoding="utf-8")
            raise
        finally:
            if not (work / TRACEBACK).exists():
                shutil.rmtree(work, ignore_errors=True)
            stored.make_private(work)


def clear_leftovers(settings: Settings) -> None:
    """Remove what runs that were killed left behind, and let only the owner read what is of people.

    Parameters
    ----------
    settings
        Where things are.
    """
    failed, lists = settings.restricted / "failed", settings.restricted / "lists"
    for folder in (settings.processed, failed, lists):
        stored.clear_leftovers(folder)
    for work in failed.glob("[!.]*"):
        if not (work / TRACEBACK).exists():
            _remove(work)
    for private in (settings.processed / "people", settings.restricted):
        stored.make_private(private)


def _remove(work: Path) -> None:
    """Remove a folder that was worked in, unless a run works in it."""
    with suppress(PcnAnalysisError, OSError), stored.locked(work, wait=0):
        shutil.rmtree(work, ignore_errors=True)


def said_safely(exception: Exception, cell: int | None = None) -> str:
    """Say what went wrong without anything that a cell printed or held.

    Our own errors never carry values of a person and are quoted; of the system's the reason is named, without the
    file; of any other only the kind.

    Parameters
    ----------
    exception
        What went wrong.
    cell
        Number of the code cell that was executed, where the exception does not say.
    """
    kind = kind_of(exception)
    cell = getattr(exception, "exec_count", None) or cell
    where = f" in cell {cell}" if cell else ""
    if isinstance(exception, PcnAnalysisError):
        return f"{kind}: {exception}"
    if kind in ("PcnAnalysisError", "DisclosureError"):
        return f"{kind}{where}: {getattr(exception, 'evalue', '')}"
    reason = _reason(exception)
    return f"{kind}{where}: {reason}" if reason else f"{kind}{where}"


def kind_of(exception: Exception) -> str:
    """The kind of an exception; of one that a cell raised, as the kernel named it."""
    return str(getattr(exception, "ename", type(exception).__name__))


def _reason(exception: Exception) -> str:
    """What the system says of an error of its own, such as "No space left on device", by its number."""
    written = re.match(r"\[Errno (\d{1,4})\]", str(getattr(exception, "evalue", "")))
    known = int(written[1]) if written else getattr(exception, "errno", None)
    return os.strerror(known) if isinstance(known, int) else ""
