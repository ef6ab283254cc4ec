"""What is claimed of a year's sum for additional roles, what it comes to by 31 March, and what would lapse.

The forecast is plain: every role goes on as in the last month that is claimed for, and planned starts are added. It
knows nothing of leavers, of pay awards or of ceilings. What is not claimed by 31 March lapses.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis import codelists
from pcn_analysis.budget.claims import PLANNED, YES
from pcn_analysis.contract.clauses import clause
from pcn_analysis.contract.years import first_day, last_day
from pcn_analysis.exceptions import problem
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from pcn_analysis.budget.claims import Claims
    from pcn_analysis.provenance import About

ADDED = ("claimed", "last_month", "going_on", "planned", "forecast", "above_ceiling")
"""What a sum adds up over its roles."""
ALL, BUT_GP, GP = "all roles", "all roles but general practitioners", "gp"
"""Rows of sums: one, or, in a year in which general practitioners have a sum of their own, two."""
NUMBERS = ("claimed", "last_month", "months_left", "going_on", "planned", "forecast", "sum", "underspend", "lapses",
           "months_without_claims", "above_ceiling")  # fmt: skip


def claims_against_sum(
    claims: Claims,
    sum_of_year: float | None,
    contract_year: str,
    as_at: dt.date,
    *,
    gp_sum: float | None = None,
    about: About | None = None,
) -> SourcedTable:
    """Hold claims against the sum of the year, and say what would be left on 31 March.

    Parameters
    ----------
    claims
        What is claimed, as :func:`pcn_analysis.budget.claims.claims_of` gives it.
    sum_of_year
        The network's sum for additional roles in GBP; None: not known.
    contract_year
        The contract year, which is that of the claims.
    as_at
        The day on which it is looked at; months that begin after it are left out, unless they are planned starts.
    gp_sum
        The sum for general practitioners, where the contract of the year keeps it apart (2024/25); None: not known.
    about
        What the table is about.

    Returns
    -------
    SourcedTable
        One row a role, in the order of the codelist, then one a sum: role, name, level (role or sum), claimed (GBP, so
        far), last_claimed (month, as text), last_month (GBP of that month; 0 of a role that is no longer claimed for),
        months_left (after it), going_on (GBP: last month times months left), planned (GBP of planned starts), forecast
        (the three added), and of a sum alone: sum, underspend (below 0: more than the sum; null where the sum is not
        known), lapses (what of it is lost on 31 March, 0 or more), months_without_claims (before the last month), and
        above_ceiling (GBP claimed above ceilings that are known), standing. No rows without a claim.

    Raises
    ------
    PcnAnalysisError
        If the claims are of another year, or a day is given that lies before it.
    """
    if claims.contract_year != contract_year:
        raise problem("claims", f"they are of {claims.contract_year}", f"Give those of {contract_year}.")
    if as_at < first_day(contract_year):
        raise problem("as_at", f"it is before {contract_year} begins", "Give a later day.")
    rows = claims.rows
    made = rows[(rows[PLANNED] != YES) & (rows["month"] <= pd.Timestamp(as_at))]
    starts = rows[rows[PLANNED] == YES]
    by_role = _by_role(made, starts, contract_year)
    frame = pd.concat([by_role, _sums(by_role, made, contract_year, sum_of_year, gp_sum)], ignore_index=True)
    frame = frame.astype(dict.fromkeys(NUMBERS, "Float64"))
    return SourcedTable(frame, claims.provenance, numbers=NUMBERS, about=about)


def _by_role(made: pd.DataFrame, starts: pd.DataFrame, year: str) -> pd.DataFrame:
    """One row a role that is claimed for or planned."""
    end = pd.Timestamp(last_day(year)).to_period("M")
    last = made["month"].max() if len(made) else pd.NaT
    names = codelists.names("additional_roles", "role")
    found = [
        {"role": role, "name": names[role], "level": "role", "standing": ""}
        | _of_role(made[made["role"] == role], starts[starts["role"] == role], last, end)
        for role in names
        if role in {*made["role"], *starts["role"]}
    ]
    columns = ["role", "name", "level", "last_claimed", *NUMBERS, "standing"]
    return pd.DataFrame(found, columns=columns).astype(dict.fromkeys(NUMBERS, "Float64"))


def _of_role(made: pd.DataFrame, starts: pd.DataFrame, last: pd.Timestamp, end: pd.Period) -> dict[str, Any]:
    """What a role has been claimed for, what it goes on to, and what its planned starts add."""
    left = 0 if pd.isna(last) else (end - last.to_period("M")).n
    claimed = float(made["amount"].sum())
    last_month = float(made.loc[made["month"] == last, "amount"].sum())
    months = [(end - month.to_period("M")).n + 1 for month in starts["month"]]
    planned = float(sum(amount * count for amount, count in zip(starts["amount"], months, strict=True)))
    return {
        "last_claimed": "" if pd.isna(last) else f"{last:%B %Y}",
        "claimed": claimed,
        "last_month": last_month,
        "months_left": left,
        "going_on": last_month * left,
        "planned": planned,
        "forecast": claimed + last_month * left + planned,
        "above_ceiling": float(made["excess"].sum()) if made["ceiling"].notna().any() else None,
    }


def _sums(
    by_role: pd.DataFrame, made: pd.DataFrame, year: str, sum_of_year: float | None, gp_sum: float | None
) -> pd.DataFrame:
    """One row a sum of the contract, with what would be left of it."""
    if by_role.empty:
        return by_role
    apart = clause("roles_gp_apart", year).value == "yes"
    of_gp = by_role["role"] == GP
    pots = (
        [(BUT_GP, ~of_gp, sum_of_year), (GP, of_gp, gp_sum)] if apart else [(ALL, by_role["role"].notna(), sum_of_year)]
    )
    months = made["month"].nunique()
    first = pd.Timestamp(first_day(year)).to_period("M")
    elapsed = (made["month"].max().to_period("M") - first).n + 1 if len(made) else 0
    rows = []
    for name, which, whole in pots:
        own = by_role[which]
        added = {column: own[column].sum(min_count=1) for column in ADDED}
        under = None if whole is None else whole - float(own["forecast"].sum())
        rows.append({
            "role": "", "name": "General practitioners" if name == GP else name.capitalize(), "level": "sum",
            "last_claimed": by_role["last_claimed"].iloc[0], **added, "months_left": by_role["months_left"].iloc[0],
            "sum": whole, "underspend": under, "lapses": None if under is None else max(under, 0.0),
            "months_without_claims": elapsed - months,
            "standing": NOT_KNOWN if whole is None else clause("roles_unspent_lapses", year).standing,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=by_role.columns)
