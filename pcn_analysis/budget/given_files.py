"""Files that a network gives of its own money and staff: their columns are fixed, so that no person can be in them.

A column that is not asked for is refused rather than left unread: a file of claims is often cut from one of salaries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import Problem, nearest
from pcn_analysis.network.grouping_files import parsed
from pcn_analysis.provenance import Provenance, Source, file_sha256
from pcn_analysis.settings import load_settings
from pcn_analysis.words import folded, number, slug

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.place import Network

KIND = "given"
"""Kind of the source that such a file is: nobody publishes it."""


def path_of(network: Network, folder: str, raw: Path | None = None) -> Path:
    """Where the file of a network is looked for: ``<raw>/<folder>/<place>/<network code>.csv``."""
    return (raw or load_settings().raw) / folder / slug(network.place.name) / f"{network.pcn_code}.csv"


def cells_of(
    path: Path, columns: tuple[str, ...], optional: tuple[str, ...], example: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """Cells of a file as text, and what is wrong with its columns and its shape; without cells if anything is.

    Parameters
    ----------
    path
        A CSV file; as in groupings: UTF-8, UTF-16 or Windows-1252; commas, semicolons or tabs.
    columns, optional
        Columns that it has to have, and those that it can have; no others.
    example
        What to do about a file that holds no table.

    Raises
    ------
    PcnAnalysisError
        If it cannot be read, or holds no table.
    """
    _, header, cells = parsed(path, example)
    names, known = [folded(one) for one in header], (*columns, *optional)
    found = [Problem(path.name, f"the column {one} is missing", f"{nearest(one, filter(None, names))} {example}")
             for one in columns if one not in names]  # fmt: skip
    found += [Problem(path.name, f"the column {one} is there twice", "Keep one of them.")
              for one in known if names.count(one) > 1]  # fmt: skip
    odd = sum(one not in known for one in names)
    if odd:
        what = f"{number(odd, 'column')} that no such file has"
        remedy = f"Keep {', '.join(known)} alone: no names, no staff numbers, no salaries of single people."
        found.append(Problem(path.name, what, remedy))
    uneven = sum(len(row) != len(names) for row in cells)
    if uneven:
        what = f"{number(uneven, 'row')} with more or fewer cells than the header"
        found.append(Problem(path.name, what, "Put quotes around a cell that holds a comma."))
    if not cells:
        found.append(Problem(path.name, "there is no row below the header", "Put in a row."))
    if found:
        return pd.DataFrame(columns=list(known)), found
    frame = pd.DataFrame(cells, columns=pd.Index(names), dtype="str")
    return frame.reindex(columns=list(known), fill_value="").fillna(""), []


def told(name: str, checks: list[tuple[str, pd.Series, str]]) -> list[Problem]:
    """A problem for each check that some rows fail, with how many and the first of them; never what they hold."""
    found = []
    for what, wrong, remedy in checks:
        rows = [place + 2 for place, one in enumerate(wrong.fillna(False)) if one]
        if rows:
            found.append(Problem(name, f"{number(len(rows), 'row')} with {what}, the first in row {rows[0]}", remedy))
    return found


def given(path: Path, title: str, period: str) -> Provenance:
    """Where what a file says comes from."""
    said = f"{title}, given by the network."
    source = Source(title, "The network", period, "not published", said, path.name, file_sha256(path), KIND)
    return Provenance((source,), people=False)
