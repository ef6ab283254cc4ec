"""What leaves with a page is put into the release register of its network, before the page is out.

Whether anything small follows from all of it is for ``pcn-analysis release audit``; no page is held back for it yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.stored import locked

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.release.register import Told
    from pcn_analysis.settings import Settings

FOLDER = "released"
"""Folder of the release register under ``data/restricted/``: a folder of each place, a file of each network."""


@dataclass(frozen=True)
class Made:
    """A page that is made and not yet out.

    Parameters
    ----------
    files
        The page, and its executed notebook.
    tables
        What its released tables tell.
    """

    files: tuple[Path, ...]
    tables: tuple[Told, ...] = ()


def register_path(settings: Settings, place: str, pcn_code: str) -> Path:
    """The release register of a network."""
    return settings.restricted / FOLDER / place / f"{pcn_code}.jsonl"


def enter(register: Path, made: Made, *, run: str, released: str) -> None:
    """Put what a page tells into the release register of its network; a page that tells nothing of people has none.

    Parameters
    ----------
    register
        The register.
    made
        The page.
    run, released
        The run, and when it is, in UTC.
    """
    from pcn_analysis.release.register import record

    if not made.tables:
        return
    register.parent.mkdir(parents=True, exist_ok=True)
    with locked(register):
        record(register, made.tables, run=run, released=released)
