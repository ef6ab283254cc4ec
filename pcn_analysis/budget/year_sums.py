"""What a network can claim for additional roles in a year, how sure that is and what it was reckoned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.budget.given_files import given_by_user

if TYPE_CHECKING:
    from pcn_analysis.provenance import Provenance, SourcedTable

TITLE = "Sum for additional roles of the network"


@dataclass(frozen=True)
class YearSum:
    """A sum that a network can claim in a year.

    Parameters
    ----------
    amount
        In GBP; None: it is not known.
    standing
        How sure it is.
    provenance
        What it was reckoned from.
    """

    amount: float | None
    standing: str
    provenance: Provenance


def sum_of(due: SourcedTable, line: str) -> YearSum | None:
    """The sum of a line of the contract, as it stands in a table of entitlement; None where the line is not there.

    Parameters
    ----------
    due
        As :func:`pcn_analysis.budget.entitlement.entitlement` gives it.
    line
        Short name of the line, such as ``additional_roles``.
    """
    rows = due.frame[due.frame["line"] == line]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return YearSum(None if pd.isna(row["amount"]) else float(row["amount"]), str(row["standing"]), due.provenance)


def year_sum(given: YearSum | float | None) -> YearSum | None:
    """A sum that is known: as it is, or as the user gives it, which rests on no clause."""
    if given is None or isinstance(given, YearSum):
        return given if given is not None and given.amount is not None else None
    return YearSum(float(given), "", given_by_user(TITLE).provenance)
