"""Claims for additional roles held against ceilings and limits by number: what is above one is flagged, not refused."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.budget.additional_roles import limit_of
from pcn_analysis.contract.additional_role import AREAS, NO_LIMIT
from pcn_analysis.contract.additional_roles import roles_in
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.contract.additional_role import AdditionalRole
    from pcn_analysis.contract.clauses import Clause

COLUMNS = ("month", "role", "wte", "amount")
PLANNED = "planned"
"""Optional: yes for a start that is planned, from its month to the end of the year."""
KINDS = {"month": "datetime64[us]", "role": "str", "wte": "Float64", "amount": "Float64", PLANNED: "str"}
YES, NO = "yes", "no"
MONTHS = 12
PENNY = 0.01
"""A claim is above its ceiling from so many GBP."""
SLIGHT = 1e-6
"""Whole-time equivalents are above a limit from so many."""


def with_ceilings(rows: pd.DataFrame, contract_year: str, area: str = "", *, large: bool | None = None) -> pd.DataFrame:
    """Add the ceiling of each row, whether the amount is above it and by how much, and whether there are too many.

    The ceiling of a month is a twelfth of that of the year, times the whole-time equivalents: 0.5 of a role with 60,000
    a year may be claimed for with 60,000 x 0.5 / 12 = 2,500 a month. The ceiling is of what is reimbursed.

    Parameters
    ----------
    rows
        month, role, wte, amount and planned.
    contract_year, area
        As in :func:`pcn_analysis.budget.claims.claims_of`.
    large
        Whether the network is so large that other limits hold; None: it is not known.

    Returns
    -------
    DataFrame
        ``rows`` with ceiling (null where it is not known), ceiling_standing (how sure it is), above_ceiling (yes, no,
        not known), excess (GBP above it), limit (whole-time equivalents by number, none, or not known) and above_limit
        (yes, no, not known). A planned start counts beside those of the last month that is claimed for.

    Examples
    --------
    >>> month = pd.Timestamp("2024-11-01")
    >>> rows = pd.DataFrame({"month": [month], "role": ["gp"], "wte": [0.5], "amount": [4000.0], "planned": ["no"]})
    >>> found = with_ceilings(rows, "2024/25")
    >>> found[["ceiling", "ceiling_standing", "above_ceiling", "excess", "above_limit"]].round(2).values.tolist()
    [[3852.58, 'published', 'yes', 147.42, 'not known']]
    """
    known = {one.role: one for one in roles_in(contract_year)}
    said = [_ceiling(known[one.role], one.month.date(), area) for one in rows.itertuples(index=False)]
    yearly = pd.Series([float(one.value) if one else None for one in said], index=rows.index, dtype="Float64")
    ceiling = yearly * rows["wte"].astype("Float64") / MONTHS
    excess = (rows["amount"].astype("Float64") - ceiling).clip(lower=0)
    limits = rows["role"].map({role: limit_of(one, large=large) for role, one in known.items()}).astype("str")
    most = pd.to_numeric(limits.replace({NO_LIMIT: str(math.inf), NOT_KNOWN: ""}), errors="coerce")
    return rows.assign(
        ceiling=ceiling,
        ceiling_standing=pd.Series([one.standing if one else NOT_KNOWN for one in said], index=rows.index, dtype="str"),
        above_ceiling=_flag(excess.ge(PENNY), ceiling.notna()),
        excess=excess,
        limit=limits,
        above_limit=_flag(_in_post(rows).sub(most).ge(SLIGHT), most.notna()),
    )


def check_area(area: str) -> None:
    """Check that an area has ceilings.

    Raises
    ------
    PcnAnalysisError
        If it has none.
    """
    if area not in AREAS:
        raise problem(f"area {area}", "it has no ceilings of its own", nearest(str(area), filter(None, AREAS)))


def _ceiling(role: AdditionalRole, month: dt.date, area: str) -> Clause | None:
    """What is said of a ceiling; None where it is not known."""
    found = role.ceiling_clause(month, area)
    return found if found is not None and found.value else None


def _flag(above: pd.Series, known: pd.Series) -> pd.Series:
    return above.map({True: YES, False: NO}).astype("str").where(known, NOT_KNOWN)


def _in_post(rows: pd.DataFrame) -> pd.Series:
    """Whole-time equivalents of a role in the month of a row; of a planned start, with those there before it."""
    planned = rows[PLANNED] == YES
    wte, claimed = rows["wte"].astype("float64"), rows[~planned]
    last = claimed[claimed["month"] == claimed["month"].max()].groupby("role")["wte"].sum()
    starts = rows[planned].sort_values("month").groupby("role")["wte"].cumsum().astype("float64")
    going_on = rows["role"].map(last).astype("float64").fillna(0.0)
    return wte.where(~planned, starts.reindex(rows.index) + going_on)
