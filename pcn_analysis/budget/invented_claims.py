"""Invented claims for additional roles, of a network of an invented place: nobody is paid by them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.budget.claim_ceilings import COLUMNS, KINDS, NO, PLANNED, YES
from pcn_analysis.contract.additional_roles import roles_in
from pcn_analysis.contract.years import first_day, last_day
from pcn_analysis.provenance import Provenance, Source

if TYPE_CHECKING:
    from pcn_analysis.place import Network

INVENTED = (("clinical_pharmacist", 20_000, 5_100.0), ("social_prescribing_link_worker", 30_000, 3_300.0),
            ("care_coordinator", 25_000, 2_700.0), ("first_contact_physiotherapist", 40_000, 5_000.0),
            ("paramedic", 45_000, 4_700.0))  # fmt: skip
"""Roles of invented claims: patients for each whole-time equivalent, and GBP a month for one."""


def invented_provenance(contract_year: str) -> Provenance:
    """Say that claims are invented."""
    source = Source("Invented claims for additional roles", "pcn_analysis (invented)", contract_year, "MIT",
                    "Invented claims; nobody is paid by them.", kind="invented")  # fmt: skip
    return Provenance((source,), people=False, synthetic=True)


def invented_rows(network: Network, contract_year: str, as_at: dt.date) -> pd.DataFrame:
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
    return pd.DataFrame(rows, columns=[*COLUMNS, PLANNED]).astype(KINDS)
