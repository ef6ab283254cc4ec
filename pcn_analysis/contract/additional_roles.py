"""The Additional Roles Reimbursement Scheme by contract year: roles, bands, ceilings and the share that is reimbursed.

Everything stands in ``tables/additional_roles.csv`` as clauses with their source. Many ceilings were found in no public
source: those are "not known", and none is carried over. From 2022/23 to 2024/25 ceilings were changed within the year;
:meth:`~pcn_analysis.contract.additional_role.AdditionalRole.ceiling_in` gives that of a month.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

from pcn_analysis.contract.additional_role import AREAS, AdditionalRole
from pcn_analysis.contract.clauses import NOT_KNOWN, Clause, Row, clause, in_year, tables
from pcn_analysis.contract.years import find_year, last_day
from pcn_analysis.exceptions import nearest, problem

TABLE = "additional_roles"
"""The table of clauses."""
BEGINS, ELIGIBLE = "role_", "_eligible"
"""A role's clauses are called ``role_<role>_<what>``; this one says from which day it is reimbursed."""
UNCHANGED = ("", "no")
"""Where no day is known from which other ceilings hold, or there was none."""


def role_names() -> tuple[str, ...]:
    """Short names of every role that any contract year reimburses, in the order of the table.

    Examples
    --------
    >>> len(role_names()), role_names()[0]
    (25, 'clinical_pharmacist')
    """
    found = dict.fromkeys(row.clause for row in tables()[TABLE])
    return tuple(one.removeprefix(BEGINS).removesuffix(ELIGIBLE) for one in found if one.endswith(ELIGIBLE))


@cache
def roles_in(contract_year: str) -> tuple[AdditionalRole, ...]:
    """List the roles that are reimbursed in a contract year, in the order of the table.

    A role is there if it is reimbursed on any day of the year. Of a year of which nothing was read, the roles of the
    year before are carried over, and say so.

    Parameters
    ----------
    contract_year
        The contract year, such as ``2025/26``.

    Raises
    ------
    PcnAnalysisError
        If there is no such year.

    Examples
    --------
    >>> [one.role for one in roles_in("2019/20")]
    ['clinical_pharmacist', 'social_prescribing_link_worker']
    >>> first = roles_in("2019/20")[0]
    >>> first.reimbursed.number, first.ceiling.number, first.standing
    (0.7, 37810.0, 'band not known; ceiling, patients of a large network to verify')
    """
    find_year(contract_year)
    return tuple(found for role in role_names() if (found := _role(role, contract_year)) is not None)


def find_role(role: str, contract_year: str) -> AdditionalRole:
    """Find one role in a contract year.

    Raises
    ------
    PcnAnalysisError
        If there is no such year or role, or the role is not reimbursed in that year.

    Examples
    --------
    >>> find_role("clinical_pharmasist", "2025/26")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: role clinical_pharmasist: there is none of that name.
    Did you mean clinical_pharmacist?
    """
    find_year(contract_year)
    if role not in role_names():
        raise problem(f"role {role}", "there is none of that name", nearest(role, role_names()))
    found = _role(role, contract_year)
    if found is None:
        since = in_year(_rows(f"{BEGINS}{role}{ELIGIBLE}"), last_year(role)).value
        raise problem(f"role {role}", f"it is not reimbursed in {contract_year}", f"It is from {since} on.")
    return found


def last_year(role: str) -> str:
    """The last contract year that a source says a role is reimbursed in.

    Examples
    --------
    >>> last_year("paramedic"), last_year("gp")
    ('2025/26', '2026/27')
    """
    return max(row.to_year for row in _rows(f"{BEGINS}{role}{ELIGIBLE}"))


def _rows(name: str) -> list[Row]:
    return [row for row in tables()[TABLE] if row.clause == name]


def _said(role: str, what: str, year: str) -> Clause | None:
    """A clause of a role; None where the table has none."""
    name = f"{BEGINS}{role}_{what}"
    return clause(name, year) if _rows(name) else None


def _limit(role: str, what: str, year: str) -> Clause | None:
    """A limit by number, which is set for each year anew: one of another year says nothing."""
    found = _said(role, what, year)
    return found if found is not None and found.row.covers(year) else None


def _role(role: str, year: str) -> AdditionalRole | None:
    """A role in a contract year; None where it is not reimbursed."""
    rows = _rows(f"{BEGINS}{role}{ELIGIBLE}")
    eligible = in_year(rows, year)
    if eligible.standing == NOT_KNOWN or dt.date.fromisoformat(eligible.value) > last_day(year):
        return None
    change = clause("roles_ceilings_changed", year).value
    changed = dt.date.fromisoformat(change) if change not in UNCHANGED else None
    ceiling = clause(f"{BEGINS}{role}_ceiling", year)
    own = _said(role, "reimbursed", year)
    rest = _said(role, "rest", year)
    unknown = Clause(ceiling.row, year, NOT_KNOWN)
    return AdditionalRole(
        role=role,
        name=rows[0].name.split(":")[0],
        contract_year=year,
        eligible=eligible,
        band=clause(f"{BEGINS}{role}_band", year),
        ceilings={"": ceiling} | {area: _said(role, f"ceiling_{area}", year) or unknown for area in AREAS if area},
        before=(_said(role, "ceiling_before", year) or unknown) if changed else None,
        changed=changed,
        reimbursed=own if own is not None else clause("roles_reimbursed", year),
        rest=rest if rest is not None and rest.value else None,
        limits=(_limit(role, "limit", year), _limit(role, "limit_large", year)),
        large=clause("roles_large_network", year),
    )
