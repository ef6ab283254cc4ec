"""What the money of the contract takes for granted in a contract year: every rate and rule that is not published."""

from __future__ import annotations

import pandas as pd

from pcn_analysis.provenance import Provenance, SourcedTable
from pcn_analysis.services.assumptions import CLAUSES, assumptions

RATES = SourcedTable(pd.DataFrame(), Provenance((CLAUSES,), people=False))
"""Rates and rules, as a parent of every table of money."""
OF_MONEY = ("network_payments", "additional_roles", "investment_and_impact")
"""Tables of clauses on money."""
PAYMENTS_OF_SERVICES = ("access_payment", "ehch_premium")
"""Clauses on money in the tables of services."""


def money_assumptions(year: str) -> SourcedTable:
    """List every clause on money that is not published for a contract year, with how far it is to be relied on.

    Parameters
    ----------
    year
        The contract year.

    Returns
    -------
    SourcedTable
        One row a clause, with the columns of :func:`pcn_analysis.services.assumptions.assumptions`.

    Raises
    ------
    PcnAnalysisError
        If there is no such year.

    Examples
    --------
    >>> sorted(set(money_assumptions("2023/24").frame["clause"]) & {"capacity_support", "leadership"})
    ['capacity_support']
    """
    return assumptions(year, OF_MONEY, PAYMENTS_OF_SERVICES)
