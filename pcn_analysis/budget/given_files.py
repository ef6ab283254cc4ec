"""Files that a network gives of its own money and staff: their columns are fixed, so that no person can be in them.

A column that is not asked for is refused rather than left unread: a file of claims is often cut from one of salaries.
"""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import Problem
from pcn_analysis.network.grouping_files import header_problems, parsed, shape_problems
from pcn_analysis.provenance import Provenance, Source, SourcedTable, file_sha256
from pcn_analysis.settings import load_settings
from pcn_analysis.words import folded, number, slug

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.place import Network

GIVEN = "given"
"""What the user or the network says, and the kind of such a source: nobody publishes it."""
LARGEST = 1e9
"""No sum of money is larger, in GBP: a number above it is a slip."""
MOST_WTE = 1_000
"""No network has so many whole-time equivalents in a role: a number above it is a slip."""


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
    found = header_problems(path.name, names, columns, known, example)
    odd = sum(one not in known for one in names)
    if odd:
        what = f"{number(odd, 'column')} that no such file has"
        remedy = f"Keep {', '.join(known)} alone: no names, no staff numbers, no salaries of single people."
        found.append(Problem(path.name, what, remedy))
    found += shape_problems(path.name, cells, len(names), "Put in a row.")
    if found:
        return pd.DataFrame(columns=list(known)), found
    frame = pd.DataFrame(cells, columns=pd.Index(names), dtype="str")
    return frame.reindex(columns=list(known), fill_value="").fillna(""), []


def numbers_in(cells: pd.Series, most: float) -> pd.Series:
    """Cells as numbers; null where one cannot be read, is infinite, or is larger than any such number can be.

    Examples
    --------
    >>> numbers_in(pd.Series(["0.6", "-1", "inf", "1e400", "5000", "x", ""]), MOST_WTE).tolist()
    [0.6, -1.0, <NA>, <NA>, <NA>, <NA>, <NA>]
    """
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    return numbers.where(numbers.abs() <= most).astype("Float64")


def is_amount(value: object) -> bool:
    """Whether an argument is a finite number of 0 or more, and not larger than any can be.

    Examples
    --------
    >>> [is_amount(one) for one in (0, 26.6, -5, float("nan"), float("inf"), "fifty", pd.NA, None, 1e12)]
    [True, True, False, False, False, False, False, False, False]
    """
    return isinstance(value, Real) and not isinstance(value, bool) and 0 <= float(value) <= LARGEST


def told(name: str, checks: list[tuple[str, pd.Series, str]]) -> list[Problem]:
    """A problem for each check that some rows fail, with how many and the first of them; never what they hold."""
    found = []
    for what, wrong, remedy in checks:
        rows = [place + 2 for place, one in enumerate(wrong.fillna(False)) if one]
        if rows:
            found.append(Problem(name, f"{number(len(rows), 'row')} with {what}, the first in row {rows[0]}", remedy))
    return found


def given_by_user(title: str) -> SourcedTable:
    """A number that the user gives, as a source."""
    source = Source(title, "Given by the user", "not stated", "not published", "Given by the user.", kind=GIVEN)
    return SourcedTable(pd.DataFrame(), Provenance((source,), people=False))


def given(path: Path, title: str, period: str) -> Provenance:
    """Where what a file says comes from."""
    said = f"{title}, given by the network."
    source = Source(title, "The network", period, "not published", said, path.name, file_sha256(path), GIVEN)
    return Provenance((source,), people=False)
