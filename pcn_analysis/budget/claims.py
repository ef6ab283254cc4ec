"""Claims of the Additional Roles Reimbursement Scheme: a network's file of months and roles, held against the ceilings.

The file names months and roles, and nobody. It is put into ``data/raw/claims/<place>/<network code>.csv``; everything
that is wrong with it is told at once. What may be right and looks wrong, as a claim above the ceiling, is flagged.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.budget.given_files import LARGEST, MOST_WTE, cells_of, given, numbers_in, path_of, told
from pcn_analysis.contract.additional_roles import AREAS, role_names, roles_in
from pcn_analysis.contract.years import first_day, last_day
from pcn_analysis.exceptions import PcnAnalysisError, nearest, problem
from pcn_analysis.provenance import Provenance, Source
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.place import Network

FOLDER = "claims"
"""Folder within that of published files; it has a folder a place."""
COLUMNS = ("month", "role", "wte", "amount")
PLANNED = "planned"
"""Optional: yes for a start that is planned, from its month to the end of the year."""
EXAMPLE = "Begin it with month,role,wte,amount."
YES, NO = "yes", "no"
MONTHS = 12
PENNY = 0.01
"""A claim is above its ceiling from so many GBP."""


@dataclass(frozen=True)
class Claims:
    """What a network claims for additional roles in a contract year.

    Parameters
    ----------
    rows
        One row a month and role, and a planned start: month (its first day), role, wte, amount (GBP; of a planned
        start, each month), planned (yes or no), ceiling (GBP, of the month and the whole-time equivalents; null where
        it is not known), above_ceiling (yes, no or not known) and excess (GBP above it).
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
    path = path_of(network, FOLDER, raw)
    if path.is_file():
        return read_claims(path, contract_year, as_at, area)
    return invent_claims(network, contract_year, as_at) if network.place.provenance.synthetic else None


def read_claims(path: Path, contract_year: str, as_at: dt.date, area: str = "") -> Claims:
    """Read and check a file of claims.

    Parameters
    ----------
    path
        A CSV file with the columns month (2025-06), role (its short name), wte and amount (GBP that is claimed for the
        month), and optionally planned (yes or no): a start that is planned, with what it will cost each month. There
        is one row a month and role, and no other column.
    contract_year, as_at, area
        As in :func:`claims_of`.

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
    flagged = with_ceilings(rows, contract_year, area)
    return Claims(flagged, contract_year, given(path, "Claims for additional roles", contract_year))


def with_ceilings(rows: pd.DataFrame, contract_year: str, area: str = "") -> pd.DataFrame:
    """Add the ceiling of each row, whether the amount is above it, and by how much.

    The ceiling of a month is a twelfth of that of the year, times the whole-time equivalents: 0.5 of a role with 60,000
    a year may be claimed for with 60,000 x 0.5 / 12 = 2,500 a month. The ceiling is of what is reimbursed.

    Examples
    --------
    >>> rows = pd.DataFrame({"month": [pd.Timestamp("2024-11-01")], "role": ["gp"], "wte": [0.5], "amount": [4000.0]})
    >>> with_ceilings(rows, "2024/25")[["ceiling", "above_ceiling", "excess"]].round(2).values.tolist()
    [[3852.58, 'yes', 147.42]]
    """
    known = {one.role: one for one in roles_in(contract_year)}
    yearly = [known[one.role].ceiling_in(one.month.date(), area) for one in rows.itertuples(index=False)]
    ceiling = pd.Series(yearly, index=rows.index, dtype="Float64") * rows["wte"].astype("Float64") / MONTHS
    excess = (rows["amount"].astype("Float64") - ceiling).clip(lower=0)
    above = excess.ge(PENNY).map({True: YES, False: NO}).astype("str").where(ceiling.notna(), NOT_KNOWN)
    return rows.assign(ceiling=ceiling, above_ceiling=above, excess=excess)


def check_area(area: str) -> None:
    """Check that an area has ceilings.

    Raises
    ------
    PcnAnalysisError
        If it has none.
    """
    if area not in AREAS:
        raise problem(f"area {area}", "it has no ceilings of its own", nearest(area, filter(None, AREAS)))


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


# -- invented ----------------------------------------------------------------------------------------------

INVENTED = (("clinical_pharmacist", 20_000, 5_100.0), ("social_prescribing_link_worker", 30_000, 3_300.0),
            ("care_coordinator", 25_000, 2_700.0), ("first_contact_physiotherapist", 40_000, 5_000.0),
            ("paramedic", 45_000, 4_700.0))  # fmt: skip
"""Roles of invented claims: patients for each whole-time equivalent, and GBP a month for one."""


def invent_claims(network: Network, contract_year: str, as_at: dt.date) -> Claims:
    """Invent claims of a network of an invented place, for the whole months before a day; the same each time.

    Roles are as many as :data:`INVENTED` says for its patients; another link worker is planned for the last month.
    """
    practices = network.table("practices").frame
    patients = float(practices.loc[practices["pcn_code"] == network.pcn_code, "list_size"].sum())
    begins, ends = first_day(contract_year), last_day(contract_year)
    months = pd.date_range(begins, min(as_at, ends), freq="MS")
    over = months[months + pd.offsets.MonthEnd(0) < pd.Timestamp(as_at)]
    eligible = {one.role: one.eligible_from for one in roles_in(contract_year)}
    rows: list[dict[str, Any]] = []
    for role, patients_each, monthly in INVENTED:
        wte = max(round(patients / patients_each, 1), 0.1)
        rows += [{"month": month, "role": role, "wte": wte, "amount": round(wte * monthly, 2), PLANNED: NO}
                 for month in over if role in eligible and month.date() >= eligible[role]]  # fmt: skip
    last = pd.Timestamp(ends.year, ends.month, 1)
    if last not in over:
        rows.append({"month": last, "role": INVENTED[1][0], "wte": 0.5, "amount": INVENTED[1][2] / 2, PLANNED: YES})
    frame = pd.DataFrame(rows, columns=[*COLUMNS, PLANNED])
    kinds = {"month": "datetime64[us]", "role": "str", "wte": "Float64", "amount": "Float64", PLANNED: "str"}
    source = Source("Invented claims for additional roles", "pcn_analysis (invented)", contract_year, "MIT",
                    "Invented claims; nobody is paid by them.", kind="invented")  # fmt: skip
    provenance = Provenance((source,), people=False, synthetic=True)
    return Claims(with_ceilings(frame.astype(kinds), contract_year), contract_year, provenance)
