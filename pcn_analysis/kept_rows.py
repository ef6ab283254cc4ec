"""Rows found of stored people that take long to find: kept beside them for whoever asks next.

Several notebooks ask the same of a network, each in a process of its own. What is kept lies in the private folder of
the people, and goes with it when they are stored anew. It is read only with the package that found it.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from pcn_analysis import engine
from pcn_analysis.provenance import code_sha256
from pcn_analysis.stored import PRIVATE, make_private
from pcn_analysis.words import slug

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from pcn_analysis.population import Population, Stored

KEPT = "found"
"""Folder beside the tables of people."""


def kept_rows(population: Population, what: str, find: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Find rows of people the first time that anybody asks for them.

    People that are not as they were stored, such as some of them or those of another day, are asked each time anew.

    Parameters
    ----------
    population
        Whom they are of.
    what
        Names them, as no others of these people.
    find
        Finds them, in no order.

    Returns
    -------
    DataFrame
        As :func:`pcn_analysis.engine.to_pandas` returns them.
    """

    def find_or_read() -> pd.DataFrame:
        return find() if population.stored is None else _kept(_file(population.stored, what), find)

    return population.once(what, find_or_read)


def _kept(path: Path, find: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    with suppress(OSError, ValueError):  # of whatever is there, what cannot be read is found again
        return engine.read(path)
    rows = find()
    with suppress(OSError):  # where they cannot be kept, they are found again
        path.parent.mkdir(mode=PRIVATE, exist_ok=True)
        for earlier in path.parent.glob(f"{path.name.split('.')[0]}.*"):
            earlier.unlink()
        engine.write_stage(rows, path)
        make_private(path.parent)
    return rows


def _file(stored: Stored, what: str) -> Path:
    made_from = hashlib.sha256(f"{stored.seal} {_package()}".encode()).hexdigest()
    return stored.folder / KEPT / f"{slug(what)}.{made_from[:16]}.parquet"


@cache
def _package() -> str:
    """The package that this process has imported."""
    return code_sha256(("",))
