"""Why no team can keep everything that is asked: constraints that cannot hold together, and of which none is idle.

Whether any team is possible is worked out in whole numbers, without a solver. Nobody need be added but to fill a peer
group up to its smallest size, and there each part counts alike: the cheapest parts first are the cheapest way. A
*deletion filter* then leaves out one constraint after the other and keeps those without which a team is possible
(Chinneck and Dravnieks 1991). What remains cannot hold together, and could if any one of it were given up.

References
----------
- Chinneck JW, Dravnieks EW. Locating minimal infeasible constraint sets in linear programs. ORSA Journal on Computing
  1991;3:157-168. doi:10.1287/ijoc.3.2.157
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from pcn_analysis.words import listed
from pcn_analysis.workforce.team_checks import UNIT
from pcn_analysis.workforce.team_inputs import case_of

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.workforce.team_inputs import Case

BUDGET, STAFF, AVAILABLE, SMALLEST = "budget", "staff", "available", "smallest team"
Held = tuple[str, str]
"""A constraint: its kind, and the role or peer group that it is about (empty for the sum)."""


@dataclass(frozen=True)
class Conflict:
    """Constraints that cannot hold together; without any one of them the others can.

    Parameters
    ----------
    constraints
        Kind (``budget``, ``staff``, ``available``, ``smallest team``) and the role or peer group that it is about.
    sentence
        The same for a reader.
    """

    constraints: tuple[Held, ...]
    sentence: str


def why_infeasible(work: pd.DataFrame, roles: pd.DataFrame, budget: float | None, **asked: Any) -> tuple[Conflict, ...]:
    """Say why no team can keep everything that is asked.

    Parameters
    ----------
    work, roles, budget, **asked
        As :func:`pcn_analysis.workforce.planner.plan_team` takes them; a time limit and a gap are of no account.

    Returns
    -------
    tuple of Conflict
        Each minimal; no two share a constraint. Empty where a team is possible.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with what is given.

    Examples
    --------
    >>> import pandas as pd
    >>> work = pd.DataFrame({"task": ["Review"], "hours": [100.0], "roles": ["clinical_pharmacist"]})
    >>> roles = pd.DataFrame({"role": ["clinical_pharmacist"], "name": ["Clinical pharmacist"], "cost": [60_000],
    ...     "hours": [80.0], "available": [None], "now": [2.0], "peer_group": ["pharmacy"]})
    >>> print(why_infeasible(work, roles, 100_000)[0].sentence)
    These cannot hold together: 2.00 WTE of Clinical pharmacist who are there stay; the sum is £100,000 a year. The
    cheapest team would cost £120,000.
    """
    return conflicts(case_of(work, roles, budget, **asked))


def conflicts(case: Case) -> tuple[Conflict, ...]:
    """Find conflicts of a case, one after the other, until the rest can hold together."""
    found: list[Conflict] = []
    given_up: set[Held] = set()
    everything = _constraints(case)
    while not _possible(case, given_up):
        named = [one for one in everything if one not in given_up]
        idle = set(given_up)
        for one in list(named):
            if not _possible(case, {*idle, one}):
                idle.add(one)
                named.remove(one)
        found.append(Conflict(tuple(named), _sentence(case, named, idle)))
        given_up |= set(named)
    return tuple(found)


def _constraints(case: Case) -> list[Held]:
    """Everything that is asked, in the order in which it is left out: the sum last, and dear staff late."""
    staff = sorted((role.base_cost, role.slug) for role in case.roles if role.base)
    return [
        *((SMALLEST, group) for group in sorted(case.smallest)),
        *((AVAILABLE, role.slug) for role in case.roles if role.available is not None),
        *((STAFF, slug) for _, slug in staff),
        *([(BUDGET, "")] if case.budget is not None else []),
    ]


def _possible(case: Case, without: set[Held]) -> bool:
    cost = least_cost(case, without)
    return cost is not None and (case.budget is None or (BUDGET, "") in without or cost <= case.budget)


def least_cost(case: Case, without: set[Held] | frozenset[Held] = frozenset()) -> int | None:
    """Pence a year of the cheapest team that keeps everything but the sum; None where there is none.

    Parameters
    ----------
    case
        What is asked.
    without
        What is given up. Staff who need not stay may stay.
    """
    costs = [_of_group(case, group, without) for group in sorted({role.group for role in case.roles})]
    known = [one for one in costs if one is not None]
    return sum(known) if len(known) == len(costs) else None


def _of_group(case: Case, group: str, without: set[Held] | frozenset[Held]) -> int | None:
    members = case.members(group)
    choices = [
        (True, False) if role.base and (STAFF, role.slug) in without else (True,)
        for role in (case.roles[at] for at in members)
    ]
    costs = [_with_staff(case, group, dict(zip(members, stays, strict=True)), without) for stays in product(*choices)]
    return min((one for one in costs if one is not None), default=None)


def _with_staff(
    case: Case, group: str, stays: dict[int, bool], without: set[Held] | frozenset[Held]
) -> int | None:  # fmt: skip
    """The cheapest way to fill a peer group up to its smallest size, beside those who stay."""
    roles = [(case.roles[at], case.roles[at].base if stay else 0) for at, stay in stays.items()]
    cost = sum(case.roles[at].base_cost for at, stay in stays.items() if stay)
    there = sum(base for _, base in roles)
    if not there:
        return 0
    smallest = 0 if (SMALLEST, group) in without else case.smallest.get(group, 0)
    missing = -(-max(smallest - there, 0) // case.part)
    for role, base in sorted(roles, key=lambda one: one[0].part_cost):
        limited = role.available is not None and (AVAILABLE, role.slug) not in without
        most = (role.available - base) // case.part if limited and role.available is not None else missing
        if most < 0:
            return None
        cost += min(most, missing) * role.part_cost
        missing -= min(most, missing)
    return None if missing else cost


def _sentence(case: Case, named: list[Held], idle: set[Held]) -> str:
    by_slug = {role.slug: role for role in case.roles}
    said = []
    for kind, of in named:
        if kind == SMALLEST:
            names = listed([case.roles[at].name for at in case.members(of)])
            said.append(f"anybody of {names} works in a team of at least {case.smallest[of] / UNIT:.2f} WTE")
        elif kind == AVAILABLE:
            said.append(f"at most {(by_slug[of].available or 0) / UNIT:.2f} WTE of {by_slug[of].name} can be had")
        elif kind == STAFF:
            said.append(f"{by_slug[of].base / UNIT:.2f} WTE of {by_slug[of].name} who are there stay")
        else:
            said.append(f"the sum is {_money(case.budget or 0)} a year")
    cheapest = least_cost(case, idle) if (BUDGET, "") in named else None
    ending = f" The cheapest team would cost {_money(cheapest)}." if cheapest is not None else ""
    return f"These cannot hold together: {'; '.join(said)}.{ending}"


def _money(pence: int) -> str:
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}" + (f".{rest:02d}" if rest else "")
