"""Folders that are stored whole or not at all, by one run at a time, and sealed so that a change is noticed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from pcn_analysis.exceptions import PcnAnalysisError, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

BEFORE = ".before"
"""Ending of the hidden folder that holds what was stored before while something newer takes its name."""
LOCK = ".lock"
"""Ending of the hidden file that a run holds while it stores; the system lets go of it however the run ends."""
WAIT = 5.0
"""Seconds that a run waits for another that stores the same."""
PRIVATE, PRIVATE_FILE = 0o700, 0o600
_HIDDEN = re.compile(rf"\.(?P<target>.+)(\.\d+|{re.escape(BEFORE)}|{re.escape(LOCK)})")
"""Name of what a run has beside its target: what it writes, what was there before, its lock."""


@contextmanager
def replacing(target: Path, *, close: str, private: Path | None = None) -> Iterator[Path]:
    """Give a new, empty folder to write into, and put it in the place of ``target`` once all went well.

    Until then, and if anything fails, what was stored before stays as it was. Only the owner can read the folder.
    One run at a time stores a target; what an earlier one left behind when it was killed is removed.

    Parameters
    ----------
    target
        The folder to replace; it need not exist.
    close
        What to do if a file of it is in use, for the message.
    private
        A folder above the target: it and all that it holds are made readable by their owner only.

    Raises
    ------
    PcnAnalysisError
        If another run stores the same, or a file is open or may not be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target):
            _tidy(target)
            try:
                aside = target.with_name(f".{target.name}.{os.getpid()}")
                aside.mkdir(mode=PRIVATE)
                if private:
                    make_private(private)
                yield aside
                if private:
                    make_private(aside)
                if target.exists():
                    target.replace(_before(target))
                aside.replace(target)
            finally:
                _tidy(target)
    except PermissionError as error:
        raise problem(target.name, "a file of it is open or may not be written", close) from error


@contextmanager
def replacing_file(target: Path) -> Iterator[Path]:
    """Give a path to write a file to, and put it in the place of ``target`` once all went well.

    It is on the disk before it takes the name: a reader sees it whole, or as it was before.

    Parameters
    ----------
    target
        The file to replace; it need not exist, but the folder that it lies in does.
    """
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield aside
        with aside.open("rb+") as file:
            os.fsync(file.fileno())
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def locked(target: Path, wait: float | None = None) -> Iterator[None]:
    """Hold a target, so that no other run stores it.

    Parameters
    ----------
    target
        What is held; it need not exist, but the folder that it lies in does.
    wait
        Seconds to wait for another run; by default ``WAIT``.

    Raises
    ------
    PcnAnalysisError
        If another run holds it for longer.
    """
    path = target.with_name(f".{target.name}{LOCK}")
    lock = FileLock(path, timeout=WAIT if wait is None else wait, mode=PRIVATE_FILE)
    try:
        lock.acquire()
    except Timeout:
        raise problem(target.name, "another run is storing it", "Wait for that run to end, then try again.") from None
    try:
        yield
    finally:
        if os.name == "posix":  # elsewhere it is removed when let go; whoever waits for a removed one tries again
            path.unlink(missing_ok=True)
        lock.release()


def recover(target: Path) -> None:
    """Put back what was stored before, if a stop came while something newer was taking its name.

    A run that is storing it just now is waited for instead.
    """
    if _before(target).exists() and not target.exists():
        with suppress(PcnAnalysisError), locked(target):
            _put_back(target)


def clear_leftovers(folder: Path) -> None:
    """Remove what runs that were killed left beside their targets, at any depth; live runs keep theirs."""
    hidden = [
        (where, _HIDDEN.fullmatch(name)) for where, folders, files in os.walk(folder) for name in (*folders, *files)
    ]
    for target in sorted({Path(where, match["target"]) for where, match in hidden if match}):
        with suppress(PcnAnalysisError, OSError), locked(target, wait=0):
            _tidy(target)


def make_private(folder: Path) -> None:
    """Let only the owner read a folder and all that it holds, as far as the system can."""
    for where, _, names in os.walk(folder):
        _allow(Path(where), PRIVATE)
        for name in names:
            _allow(Path(where, name), PRIVATE_FILE)


def _allow(path: Path, mode: int) -> None:
    with suppress(OSError):  # of another owner, or gone since
        if not path.is_symlink():
            path.chmod(mode)


def _before(target: Path) -> Path:
    return target.with_name(f".{target.name}{BEFORE}")


def _put_back(target: Path) -> None:
    before = _before(target)
    if before.exists() and not target.exists():
        before.replace(target)


def _tidy(target: Path) -> None:
    """Put back what was stored before where it is missing, and remove the rest; only for who holds the target."""
    _put_back(target)
    for left in (_before(target), *target.parent.glob(".*")):
        if left.name == f".{target.name}{BEFORE}" or re.fullmatch(rf"\.{re.escape(target.name)}\.\d+", left.name):
            shutil.rmtree(left, ignore_errors=True)


def seal(facts: dict[str, Any]) -> str:
    """Hash of everything that is written of a stored folder, so that a change to any of it is noticed.

    Examples
    --------
    >>> facts = {"name": "Marlhaven"}
    >>> seal(facts) == seal(facts | {"seal": seal(facts)})
    True
    """
    others = {name: value for name, value in facts.items() if name != "seal"}
    return hashlib.sha256(json.dumps(others, sort_keys=True).encode()).hexdigest()
