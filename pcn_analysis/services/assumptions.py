"""What services take for granted in a contract year: every clause that no public source gives for that year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.contract.clauses import PUBLISHED, Clause, in_year, tables
from pcn_analysis.contract.years import find_year, first_day
from pcn_analysis.provenance import About, Provenance, Source, SourcedTable
from pcn_analysis.services.catalogue import every_service

if TYPE_CHECKING:
    from collections.abc import Iterable

CLAUSES = Source(
    "Clauses of the Network Contract by contract year", "pcn_analysis", "see each row", "MIT",
    "Each value names its own source.", kind="published",
)  # fmt: skip
OF_MONEY = ("additional_roles", "investment_and_impact", "network_payments")
"""Tables of clauses that belong to no service: what networks are paid, and for whom."""
COLUMNS = ("service", "clause", "name", "value", "unit", "standing", "source", "note")


def clauses_in(year: str) -> dict[str, list[Clause]]:
    """Every clause in a contract year, by the name of its table.

    Raises
    ------
    PcnAnalysisError
        If there is no such year.
    """
    find_year(year)
    return {
        name: [
            in_year([row for row in rows if row.clause == short], year)
            for short in dict.fromkeys(row.clause for row in rows)
        ]
        for name, rows in tables().items()
    }


def assumptions(year: str, names: Iterable[str] = ()) -> SourcedTable:
    r"""List every clause that is not published for a contract year, with how far it is to be relied on.

    Parameters
    ----------
    year
        The contract year.
    names
        Names of tables of clauses, such as ``additional_roles``; none: all but those of money (:data:`OF_MONEY`).

    Returns
    -------
    SourcedTable
        One row a clause, tables of clauses in the order of services, then the others: service (its title, or the name
        of its table), clause, name, value (empty where it is not known), unit, standing, source, note. It concerns no
        person, and can be released under ``open_data``.

    Raises
    ------
    PcnAnalysisError
        If there is no such year.

    Examples
    --------
    >>> table = assumptions("2026/27")
    >>> sorted(set(table.frame["standing"].str.replace(r" \d.*", "", regex=True)))
    ['carried over from', 'not known', 'our choice', 'to verify']
    """
    titles = {one.name: one.title for one in every_service(year)}
    every, asked = clauses_in(year), set(names)
    found = {name: ones for name, ones in every.items() if (name in asked if asked else name not in OF_MONEY)}
    order = [*(name for name in titles if name in found), *(name for name in found if name not in titles)]
    rows = [
        {"service": titles.get(name, name.replace("_", " ").capitalize()), "clause": one.row.clause,
         "name": one.row.name, "value": one.value, "unit": one.row.unit, "standing": one.standing,
         "source": one.row.source, "note": one.row.note}
        for name in order
        for one in found[name]
        if one.standing != PUBLISHED
    ]  # fmt: skip
    about = About("", "", "", first_day(year), year)
    return SourcedTable(
        pd.DataFrame(rows, columns=list(COLUMNS)).astype("str"), Provenance((CLAUSES,), people=False), about=about
    )
