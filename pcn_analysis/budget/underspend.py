"""What is claimed of a year's sum for additional roles, what it comes to by 31 March, and what would lapse.

The forecast is plain: every role goes on as in the last month that is claimed for, and planned starts are added. It
knows nothing of leavers, of pay awards or of ceilings. What is not claimed by 31 March lapses.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis import codelists
from pcn_analysis.budget.assumptions import RATES
from pcn_analysis.budget.claim_ceilings import NO, PLANNED, YES
from pcn_analysis.budget.given_files import is_amount
from pcn_analysis.budget.year_sums import YearSum, year_sum
from pcn_analysis.contract.clauses import clause
from pcn_analysis.contract.standings import worst
from pcn_analysis.contract.years import first_day, last_day, year_problems
from pcn_analysis.exceptions import PcnAnalysisError, Problem
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
WORDS = ("above_limit", "ceiling_standing", "sum_standing", "standing")


def claims_against_sum(
    claims: Claims,
    sum_of_year: YearSum | float | None,
    contract_year: str,
    as_at: dt.date,
    *,
    gp_sum: YearSum | float | None = None,
    about: About | None = None,
) -> SourcedTable:
    """Hold claims against the sum of the year, and say what would be left on 31 March.

    Parameters
    ----------
    claims
        What is claimed, as :func:`pcn_analysis.budget.claims.claims_of` gives it.
    sum_of_year
        The network's sum for additional roles, as :func:`~pcn_analysis.budget.year_sums.sum_of` takes it from its
        entitlement, or in GBP; None: not known.
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
        (the three added), above_ceiling (GBP claimed above ceilings that are known; null where none is), above_limit
        (whether more are claimed for or planned in any month than a limit by number allows: yes, no, not known),
        ceiling_standing (how sure the ceilings are), and of a sum alone: sum, underspend (below 0: more than the sum;
        null where the sum is not known), lapses (what of it is lost on 31 March, 0 or more), months_without_claims
        (before the last month), sum_standing (of the sum, of its parts and of what lapses; empty of a role). Last,
        standing: the worst of every clause that the row rests on. No rows without a claim.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong: no such year, claims of another year, a day that is none or lies before it, a
        sum that is no number of 0 or more.
    """
    _check(claims, contract_year, as_at, {"sum_of_year": sum_of_year, "gp_sum": gp_sum})
    whole, of_gp = year_sum(sum_of_year), year_sum(gp_sum)
    rows = claims.rows
    made = rows[(rows[PLANNED] != YES) & (rows["month"] <= pd.Timestamp(as_at))]
    starts = rows[rows[PLANNED] == YES]
    by_role = _by_role(made, starts, contract_year)
    frame = pd.concat([by_role, _sums(by_role, made, contract_year, whole, of_gp)], ignore_index=True)
    frame = frame.astype(dict.fromkeys(NUMBERS, "Float64"))
    provenance = claims.provenance.joined(RATES.provenance)
    for one in (whole, of_gp):
        provenance = provenance.joined(one.provenance) if one else provenance
    return SourcedTable(frame, provenance, numbers=NUMBERS, about=about)


def _check(claims: Claims, year: str, as_at: dt.date, sums: dict[str, YearSum | float | None]) -> None:
    """Tell everything that is wrong with the arguments."""
    problems = year_problems(year)
    if claims.contract_year != year:
        problems.append(Problem("claims", f"they are of {claims.contract_year}", f"Give those of {year}."))
    if not isinstance(as_at, dt.date):
        problems.append(Problem("as_at", "it is no day", "Give a date, as dt.date(2026, 1, 31)."))
    elif not year_problems(year) and pd.Timestamp(as_at) < pd.Timestamp(first_day(year)):
        problems.append(Problem("as_at", f"it is before {year} begins", "Give a later day."))
    for name, given in sums.items():
        amount = given.amount if isinstance(given, YearSum) else given
        if amount is not None and not is_amount(amount):
            problems.append(Problem(name, "is no number of 0 or more", "Give GBP, or None where it is not known."))
    if problems:
        raise PcnAnalysisError(*problems)


def _by_role(made: pd.DataFrame, starts: pd.DataFrame, year: str) -> pd.DataFrame:
    """One row a role that is claimed for or planned."""
    end = pd.Timestamp(last_day(year)).to_period("M")
    last = made["month"].max() if len(made) else pd.NaT
    names = codelists.names("additional_roles", "role")
    found = [
        {"role": role, "name": names[role], "level": "role"}
        | _of_role(made[made["role"] == role], starts[starts["role"] == role], last, end)
        for role in names
        if role in {*made["role"], *starts["role"]}
    ]
    columns = ["role", "name", "level", "last_claimed", *NUMBERS, *WORDS]
    return pd.DataFrame(found, columns=columns).astype(dict.fromkeys(NUMBERS, "Float64"))


def _of_role(made: pd.DataFrame, starts: pd.DataFrame, last: pd.Timestamp, end: pd.Period) -> dict[str, Any]:
    """What a role has been claimed for, what it goes on to, and what its planned starts add."""
    left = 0 if pd.isna(last) else (end - last.to_period("M")).n
    claimed = float(made["amount"].sum())
    last_month = float(made.loc[made["month"] == last, "amount"].sum())
    months = [(end - month.to_period("M")).n + 1 for month in starts["month"]]
    sure = _worst(made.loc[made["ceiling"].notna(), "ceiling_standing"])
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
        "above_limit": _any(pd.concat([made["above_limit"], starts["above_limit"]])),
        "ceiling_standing": sure,
        "sum_standing": "",
        "standing": sure,
    }


def _any(flags: pd.Series) -> str:
    """Yes if any is; no if each is known not to be."""
    said = set(flags)
    return YES if YES in said else NO if said == {NO} else NOT_KNOWN


def _worst(standings: pd.Series) -> str:
    """The worst of those that are said; that it is not known where nothing is."""
    return worst([one for one in standings if one])


def _sums(
    by_role: pd.DataFrame, made: pd.DataFrame, year: str, whole: YearSum | None, of_gp: YearSum | None
) -> pd.DataFrame:
    """One row a sum of the contract, with what would be left of it."""
    if by_role.empty:
        return by_role
    apart = clause("roles_gp_apart", year)
    is_gp = by_role["role"] == GP
    pots = [(BUT_GP, ~is_gp, whole), (GP, is_gp, of_gp)] if apart.value == "yes" else [
        (ALL, by_role["role"].notna(), whole)]  # fmt: skip
    first = pd.Timestamp(first_day(year)).to_period("M")
    elapsed = (made["month"].max().to_period("M") - first).n + 1 if len(made) else 0
    skipped = elapsed - made["month"].nunique()
    rules = [clause("roles_unspent_lapses", year).standing, *([apart.standing] if apart.value else [])]
    return pd.DataFrame(
        [_of_sum(name, by_role[which], due, rules) | {
            "last_claimed": by_role["last_claimed"].iloc[0], "months_left": by_role["months_left"].iloc[0],
            "months_without_claims": skipped} for name, which, due in pots],
        columns=by_role.columns,
    )  # fmt: skip


def _of_sum(name: str, own: pd.DataFrame, due: YearSum | None, rules: list[str]) -> dict[str, Any]:
    """What the roles of a sum add up to, what is left of it, and how sure that is."""
    whole = None if due is None else due.amount
    under = None if whole is None else whole - float(own["forecast"].sum())
    sum_standing = NOT_KNOWN if due is None else worst([one for one in (due.standing, *rules) if one])
    ceilings = [one for one in own["ceiling_standing"] if one != NOT_KNOWN]
    return {
        "role": "", "name": "General practitioners" if name == GP else name.capitalize(), "level": "sum",
        **{column: own[column].sum(min_count=1) for column in ADDED}, "sum": whole, "underspend": under,
        "lapses": None if under is None else max(under, 0.0), "above_limit": _any(own["above_limit"]),
        "ceiling_standing": worst(ceilings), "sum_standing": sum_standing, "standing": worst([sum_standing, *ceilings]),
    }  # fmt: skip
