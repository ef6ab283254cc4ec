"""Let a page out only where nothing small follows from its tables, the network's other pages and what was out before.

The tables of a page are held against the release register of its network. Where a small count could be worked out,
the page is made again with more withheld; where that does not help, it fails, and nothing of it leaves.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import problem
from pcn_analysis.stored import locked
from pcn_analysis.words import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from pcn_analysis.release.audit import Cell, Seen
    from pcn_analysis.release.register import Told
    from pcn_analysis.settings import Settings

FOLDER = "released"
"""Folder of the release register under ``data/restricted/``: a folder of each place, a file of each network."""
WAIT = 3_600
"""Seconds to wait for other pages of the network."""


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


@contextmanager
def let_out(register: Path, make: Callable[[Collection[Cell]], Made], *, run: str, released: str) -> Iterator[Made]:
    """Make a page with as much withheld as it takes; it is published inside, and is in the register by then.

    Parameters
    ----------
    register
        The release register of its network.
    make
        Makes the page, with some cells withheld.
    run, released
        The run, and when it is, in UTC.

    Raises
    ------
    DisclosureError
        If something small follows from it, whatever is withheld.
    """
    from pcn_analysis.release.register import read, record

    made = make(_withheld(read(register)))
    if not made.tables:
        yield made
        return
    register.parent.mkdir(parents=True, exist_ok=True)
    with locked(register, WAIT):
        made = _clean(made, make, read(register))
        record(register, made.tables, run=run, released=released)
        yield made


def _clean(made: Made, make: Callable[[Collection[Cell]], Made], before: list[Told]) -> Made:
    """The page as it is, or made again with what has to be withheld."""
    from pcn_analysis.release.publish import coarsened

    earlier = _seen(before)
    more = coarsened(_seen(made.tables), earlier).withheld
    if not more:
        return made
    made = make(_withheld(before) | more)
    if coarsened(_seen(made.tables), earlier).withheld:
        raise problem("the page", "what it has to withhold is still on it", "Its tables differ from run to run.")
    return made


def _seen(tables: Iterable[Told]) -> list[Seen]:
    return [one for table in tables for one in table.seen]


def _withheld(tables: Iterable[Told]) -> frozenset[Cell]:
    """What was withheld before, and is therefore withheld again."""
    return frozenset(one.cell for one in _seen(tables) if one.kind == WITHHELD)
