"""The Additional Roles Reimbursement Scheme by contract year: roles, bands, ceilings and the share that is reimbursed.

Everything stands in ``tables/additional_roles.csv`` as clauses with their source. Many ceilings were found in no public
source: those are "not known", and none is carried over. From 2022/23 to 2024/25 ceilings were changed within the year;
:meth:`AdditionalRole.ceiling_in` gives that of a month.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from pcn_analysis.contract.clauses import NOT_KNOWN, PUBLISHED, Clause, Row, clause, in_year, tables
from pcn_analysis.contract.years import find_year, last_day
from pcn_analysis.exceptions import nearest, problem

TABLE = "additional_roles"
"""The table of clauses."""
BEGINS, ELIGIBLE = "role_", "_eligible"
"""A role's clauses are called ``role_<role>_<what>``; this one says from which day it is reimbursed."""
UNCHANGED = ("", "no")
"""Where no day is known from which other ceilings hold, or there was none."""
NETWORK = "network"
"""Who pays what is not reimbursed, where no clause says otherwise."""
AREAS = ("", "outer_london", "inner_london")
"""Areas with ceilings of their own; empty: the rest of England."""


@dataclass(frozen=True)
class AdditionalRole:
    """A role that is reimbursed in a contract year.

    Parameters
    ----------
    role, name
        Its short name and what it is called.
    contract_year
        The contract year.
    eligible
        The first day from which it is reimbursed.
    band
        Agenda for Change band, such as 7-8a; "none" for general practitioners.
    ceilings
        The most that is reimbursed a whole-time equivalent and year, in GBP, by area (:data:`AREAS`).
    before
        The same until the ceilings were changed within the year; None in a year in which they were not.
    changed
        The day from which ``ceilings`` hold; None in a year in which they were not changed.
    reimbursed
        Share of the cost that is reimbursed, up to the ceiling.
    rest_paid_by
        Who pays the rest: the network, or the provider of mental health services.
    limits
        The most that a network may claim for: of fewer patients than the limit of a large network, and of more; None
        where nothing is said of that year.
    """

    role: str
    name: str
    contract_year: str
    eligible: Clause
    band: Clause
    ceilings: dict[str, Clause]
    before: Clause | None
    changed: dt.date | None
    reimbursed: Clause
    rest_paid_by: str
    limits: tuple[Clause | None, Clause | None]

    @property
    def ceiling(self) -> Clause:
        """The ceiling outside London, as it is at the end of the year."""
        return self.ceilings[""]

    @property
    def eligible_from(self) -> dt.date:
        """The first day from which it is reimbursed, of this year or an earlier one."""
        return dt.date.fromisoformat(self.eligible.value)

    def ceiling_in(self, month: dt.date, area: str = "") -> float | None:
        """The ceiling a whole-time equivalent and year that holds in a month; None where it is not known.

        Parameters
        ----------
        month
            Any day of it.
        area
            One of :data:`AREAS`. Ceilings in London before a change within the year are not known.
        """
        if self.changed is not None and month < self.changed:
            found = self.before if not area else None
        else:
            found = self.ceilings[area]
        return float(found.value) if found is not None and found.value else None

    @property
    def standing(self) -> str:
        """What of it is not published for that year, in words; "published" where everything is.

        Examples
        --------
        >>> find_role("clinical_pharmacist", "2024/25").standing
        'published'
        >>> find_role("dietitian", "2025/26").standing
        'band carried over from 2024/25; ceiling not known'
        """
        parts = {"eligibility": self.eligible, "band": self.band, "ceiling": self.ceiling, "share": self.reimbursed}
        doubts = [f"{what} {one.standing}" for what, one in parts.items() if one.assumed]
        return "; ".join(doubts) or PUBLISHED

    @property
    def source(self) -> str:
        """Who says so, each once."""
        said = (self.eligible, self.band, self.ceiling, self.reimbursed)
        return "; ".join(dict.fromkeys(one.row.source for one in said if one.value))

    @property
    def note(self) -> str:
        """What to know of it, each once."""
        said = (self.eligible, self.band, self.ceiling, self.reimbursed)
        return ". ".join(dict.fromkeys(one.row.note for one in said if one.value and one.row.note))


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
    (0.7, 37810.0, 'band not known; ceiling to verify')
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
        rest_paid_by=rest.value if rest is not None and rest.value else NETWORK,
        limits=(_limit(role, "limit", year), _limit(role, "limit_large", year)),
    )
