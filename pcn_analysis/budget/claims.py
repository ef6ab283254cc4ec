"""Claims of the Additional Roles Reimbursement Scheme: a network's file of months and roles, held against the ceilings.

The file names months and roles, and nobody. It is put into ``data/raw/claims/<place>/<network code>.csv``; everything
that is wrong with it is told at once. What may be right and looks wrong, as a claim above its ceiling or its limit by
number, is flagged.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.budget.additional_roles import is_large
from pcn_analysis.budget.claim_ceilings import COLUMNS, NO, PLANNED, YES, check_area, with_ceilings
from pcn_analysis.budget.given_files import LARGEST, MOST_WTE, cells_of, given, numbers_in, path_of, told
from pcn_analysis.budget.invented_claims import invented_provenance, invented_rows
from pcn_analysis.contract.additional_roles import role_names, roles_in
from pcn_analysis.contract.years import find_year, first_day, last_day
from pcn_analysis.exceptions import PcnAnalysisError, nearest, problem

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.place import Network
    from pcn_analysis.provenance import Provenance

FOLDER = "claims"
"""Folder within that of published files; it has a folder a place."""
EXAMPLE = "Begin it with month,role,wte,amount."


@dataclass(frozen=True)
class Claims:
    """What a network claims for additional roles in a contract year.

    Parameters
    ----------
    rows
        One row a month and role, and a planned start: month (its first day), role, wte, amount (GBP; of a planned
        start, each month), planned (yes or no), and the columns of
        :func:`~pcn_analysis.budget.claim_ceilings.with_ceilings`.
    contract_year
        The contract year.
    provenance
        Whose it is.
    """

    rows: pd.DataFrame
    contract_year: str
    provenance: Provenance


def claims_of(
    network: Network, contract_year: str, as_at: dt.date, area: str = "", raw: Path | None = None
) -> Claims | None:
    """The claims of a network: its file, invented ones where the place is invented, or None.

    Parameters
    ----------
    network
        A network of a place.
    contract_year
        The contract year that its file is of.
    as_at
        The day on which it is looked at: no month after it can be claimed for.
    area
        ``outer_london`` or ``inner_london`` for a network there, whose ceilings are higher.
    raw
        Folder of published files; that of the settings if none is given.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file.
    """
    path, large = path_of(network, FOLDER, raw), is_large(network, find_year(contract_year))
    if path.is_file():
        return read_claims(path, contract_year, as_at, area, large=large)
    if not network.place.provenance.synthetic:
        return None
    rows = with_ceilings(invented_rows(network, contract_year, as_at), contract_year, area, large=large)
    return Claims(rows, contract_year, invented_provenance(contract_year))


def read_claims(path: Path, contract_year: str, as_at: dt.date, area: str = "", *, large: bool | None = None) -> Claims:
    """Read and check a file of claims.

    Parameters
    ----------
    path
        A CSV file with the columns month (2025-06), role (its short name), wte and amount (GBP that is claimed for the
        month), and optionally planned (yes or no): a start that is planned, with what it will cost each month. There
        is one row a month and role, and no other column.
    contract_year, as_at, area
        As in :func:`claims_of`.
    large
        Whether the network is so large that other limits by number hold; None: it is not known.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file.
    """
    check_area(area)
    begins = first_day(contract_year)
    if as_at < begins:
        raise problem("as_at", f"it is before {contract_year} begins", f"Give a day from {begins} on.")
    written, problems = cells_of(path, COLUMNS, (PLANNED,), EXAMPLE)
    if problems:
        raise PcnAnalysisError(*problems)
    rows = _typed(written)
    problems = told(path.name, _checks(rows, contract_year, as_at))
    if problems:
        raise PcnAnalysisError(*problems)
    flagged = with_ceilings(rows, contract_year, area, large=large)
    return Claims(flagged, contract_year, given(path, "Claims for additional roles", contract_year))


def _typed(written: pd.DataFrame) -> pd.DataFrame:
    """The cells as months, roles and numbers; null where one cannot be read."""
    months = written["month"].where(written["month"].str.fullmatch(r"[0-9]{4}-[0-9]{2}"))
    return pd.DataFrame({
        "month": pd.to_datetime(months, format="%Y-%m", errors="coerce").astype("datetime64[us]"),
        "role": written["role"],
        "wte": numbers_in(written["wte"], MOST_WTE),
        "amount": numbers_in(written["amount"], LARGEST),
        PLANNED: written[PLANNED].str.casefold().replace("", NO),
    })  # fmt: skip


def _checks(rows: pd.DataFrame, contract_year: str, as_at: dt.date) -> list[tuple[str, pd.Series, str]]:
    """What can be wrong with a row, in which rows it is, and what to do."""
    month, role, planned = rows["month"], rows["role"], rows[PLANNED] == YES
    begins, ends = pd.Timestamp(first_day(contract_year)), pd.Timestamp(last_day(contract_year))
    since = {one.role: one.eligible_from for one in roles_in(contract_year)}
    first = pd.to_datetime(role.map(since)).dt.to_period("M").dt.to_timestamp()
    known, late = role.isin(role_names()), month > pd.Timestamp(as_at)
    last = month[~planned & ~late].max()
    wrong = role[~known].iloc[0] if not known.all() else ""
    twice = rows[["month", "role", PLANNED]].duplicated() & month.notna()
    return [
        ("no month", month.isna(), "Write it as 2025-06."),
        (f"a month outside {contract_year}", (month < begins) | (month > ends), "Give each year a file of its own."),
        ("a role that there is none of", ~known, nearest(wrong, role_names())),
        (f"a role that is not reimbursed in that month of {contract_year}",
         known & (~role.isin(since) | (month < first)), "Take it out, or correct the month."),
        ("whole-time equivalents that are no number, or not above 0", rows["wte"].isna() | rows["wte"].le(0),
         "Write them as 0.6; leave out a month in which there was nobody."),
        ("an amount that is no number, or below 0", rows["amount"].isna() | rows["amount"].lt(0),
         "Write GBP without a sign or a thousands comma."),
        ("another row of the same month and role", twice, "Add them up: there is one row a month and role."),
        ("planned that is neither yes nor no", ~rows[PLANNED].isin([YES, NO]), "Write yes, or leave the cell empty."),
        (f"a month after {as_at}", late & ~planned, "Mark it as planned, or take it out."),
        ("a planned start in a month that is claimed for already", planned & (month <= last),
         "Claim for it, or plan it for a later month."),
    ]  # fmt: skip
