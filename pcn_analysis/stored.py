"""Folders that are stored whole or not at all, and sealed so that a change is noticed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pcn_analysis.exceptions import problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEFORE = ".before"
"""Ending of the hidden folder that holds what was stored before while something newer takes its name."""
PRIVATE = 0o700


@contextmanager
def replacing(target: Path, *, close: str) -> Iterator[Path]:
    """Give a new, empty folder to write into, and put it in the place of ``target`` once all went well.

    Until then, and if anything fails, what was stored before stays as it was. Only the owner can read the folder.
    What an earlier process left behind when it was killed is removed.

    Parameters
    ----------
    target
        The folder to replace; it need not exist.
    close
        What to do if a file of it is in use, for the message.

    Raises
    ------
    PcnAnalysisError
        If a file is open or may not be written.
    """
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    before = target.with_name(f".{target.name}{BEFORE}")
    recover(target)
    try:
        for left in target.parent.glob(f".{target.name}.[0-9]*"):
            shutil.rmtree(left, ignore_errors=True)
        aside.mkdir(parents=True, mode=PRIVATE)
        yield aside
        if target.exists():
            shutil.rmtree(before, ignore_errors=True)
            target.replace(before)
        aside.replace(target)
    except PermissionError as error:
        raise problem(target.name, "a file of it is open or may not be written", close) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        recover(target)
        shutil.rmtree(before, ignore_errors=True)


def recover(target: Path) -> None:
    """Put back what was stored before, if a stop came while something newer was taking its name."""
    before = target.with_name(f".{target.name}{BEFORE}")
    if before.exists() and not target.exists():
        before.replace(target)


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
