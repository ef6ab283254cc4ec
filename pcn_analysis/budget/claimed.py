"""What a network claims for additional roles, held against the sum that it is entitled to.

A file of claims says by itself how far it goes: the last month in it is the last that was claimed for. Of an invented
place claims are invented for the nine months to 31 December, so that there is something to forecast.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.budget.assumptions import RATES
from pcn_analysis.budget.claim_ceilings import COLUMNS, KINDS, PLANNED, with_ceilings
from pcn_analysis.budget.claims import Claims, claims_of
from pcn_analysis.budget.entitlement import entitlement
from pcn_analysis.budget.underspend import NUMBERS, claims_against_sum
from pcn_analysis.budget.year_sums import sum_of
from pcn_analysis.contract.years import first_day, last_day
from pcn_analysis.provenance import SourcedTable, derive

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.place import Network

SUM, GP_SUM = "additional_roles", "additional_roles_gp"
"""Lines of the contract that claims are held against."""
INVENTED_MONTHS = 9
"""Months of a year that invented claims are made for."""


def claimed(
    network: Network,
    contract_year: str,
    *,
    registered: float | None = None,
    weighted: float | None = None,
    adjusted: float | None = None,
    beds: float | None = None,
    area: str = "",
    raw: Path | None = None,
) -> SourcedTable:
    """Hold the claims of a network against its sum for additional roles, month by month to 31 March.

    Parameters
    ----------
    network
        A network of a place.
    contract_year
        The contract year.
    registered, weighted, adjusted, beds
        Its sizes, as in :func:`~pcn_analysis.budget.entitlement.entitlement`.
    area, raw
        As in :func:`~pcn_analysis.budget.claims.claims_of`.

    Returns
    -------
    SourcedTable
        As :func:`~pcn_analysis.budget.underspend.claims_against_sum`, with contract_year before it. No rows where the
        network has no file of claims. A file is the network's own: release it under ``hes``.

    Raises
    ------
    PcnAnalysisError
        If there is no such contract year, or with everything that is wrong with the file.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> frame = claimed(network_of(invent_place(), "U00001"), "2025/26").frame
    >>> frame.loc[frame["level"] == "sum", ["last_claimed", "months_left"]].values.tolist()
    [['December 2025', 3.0]]
    """
    claims = claims_of(network, contract_year, _as_at(network, contract_year), area, raw) or _none(contract_year)
    due = entitlement(network, contract_year, registered=registered, weighted=weighted, adjusted=adjusted, beds=beds)
    whole, of_gp = sum_of(due, SUM), sum_of(due, GP_SUM)
    held = claims_against_sum(claims, whole, contract_year, last_day(contract_year), gp_sum=of_gp, about=network.about)
    frame = held.frame.assign(contract_year=contract_year)
    return derive(frame, held, due, numbers=NUMBERS, about=network.about)


def _as_at(network: Network, year: str) -> dt.date:
    """The day up to which claims are taken: the year's last, and of invented ones the first after nine months."""
    if not network.place.provenance.synthetic:
        return last_day(year)
    return (pd.Timestamp(first_day(year)) + pd.DateOffset(months=INVENTED_MONTHS)).date()


def _none(year: str) -> Claims:
    """Claims of a network that has no file."""
    rows = pd.DataFrame(columns=[*COLUMNS, PLANNED]).astype(KINDS)
    return Claims(with_ceilings(rows, year), year, RATES.provenance)
