"""What a plan of a team is paid from: the sum, what a post of each role costs, who is there, and what is assumed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.provenance import Provenance, SourcedTable, derive
from pcn_analysis.services.assumptions import CLAUSES
from pcn_analysis.words import NOT_KNOWN
from pcn_analysis.workforce import assumed as tables
from pcn_analysis.workforce.role_words import NAMES
from pcn_analysis.workforce.supply import fte_by_role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.place import Network

OF_SCHEME, OF_GPS = "additional_roles", "additional_roles_gp"
"""Lines of the contract that pay for roles."""
CEILING, GIVEN, OWN_SUM = "ceiling of the scheme", "given for this page", "paid from a sum of its own"
GP = "gp"


def staff_there(network: Network) -> SourcedTable:
    """Give a network's staff by role, as :func:`pcn_analysis.workforce.supply.fte_by_role`; of no network, no rows.

    Staff are published of single networks: of a whole place, and of people in no network, there are no rows.
    """
    if network.pcn_code not in (codes.WHOLE_PLACE, codes.UNALLOCATED):
        return fte_by_role(network)
    columns = ["role", "name", "status", "fte", "counted_on"]
    return derive(pd.DataFrame(columns=columns), network.table("practices"), numbers=("fte",), about=network.about)


def costs(
    roles: pd.DataFrame,
    staff: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    salaries: Mapping[str, float] | None = None,
    own: str = "",
) -> pd.DataFrame:
    """Roles of the scheme as a plan takes them: what a WTE costs the sum, and who is there.

    Parameters
    ----------
    roles
        Released table of :func:`pcn_analysis.budget.additional_roles.roles`.
    staff
        Released table of :func:`staff_there`.
    lines
        Released table of :func:`pcn_analysis.budget.entitlement.entitlement`. In a year in which GPs are paid from a
        line of their own they are not planned.
    salaries
        GBP a year that a WTE costs the sum, by short name of the role; in place of its ceiling.
    own
        A folder of ``data/raw/`` with assumptions of one's own (:func:`pcn_analysis.workforce.assumed.of_folder`).

    Returns
    -------
    DataFrame
        One row a role, in the order of the scheme: role, name, peer_group, cost (GBP a year of one WTE; null where
        neither a ceiling nor a salary is known), cost_of (``ceiling of the scheme``, ``given for this page``, ``paid
        from a sum of its own`` or ``not known``), standing (of what the scheme says), hours (contact hours a month of
        one WTE), available (WTE that the scheme pays for at most; null: no limit is known), now (WTE there; null where
        not known), staff_status.

    Raises
    ------
    PcnAnalysisError
        If a salary is of no role of the scheme, or no number above 0.
    """
    paid = dict(salaries or {})
    known = set(roles["role"])
    problems = [
        Problem(f"salaries: {one}", "it is no role of the scheme in this year", nearest(one, known))
        for one in paid
        if one not in known
    ]
    problems += [
        Problem(f"salaries: {one}", "it is no sum of money above 0", "Give GBP a year of one WTE.")
        for one, value in paid.items()
        if not (math.isfinite(value) and value > 0)
    ]
    if problems:
        raise PcnAnalysisError(*problems)
    given = roles["role"].map(paid).astype("Float64")
    there = staff.set_index("role")
    assumptions = tables.of_folder(own).assumptions
    apart = roles["role"].eq(GP) & bool(lines["line"].eq(OF_GPS).any())
    cost = given.fillna(roles["ceiling"].astype("Float64")).mask(apart)
    cost_of = pd.Series(CEILING, roles.index).mask(given.notna(), GIVEN).mask(cost.isna(), NOT_KNOWN)
    return pd.DataFrame(
        {
            "role": roles["role"],
            "name": roles["role"].map(NAMES).fillna(roles["name"]).astype("str"),
            "peer_group": roles["peer_group"],
            "cost": cost,
            "cost_of": cost_of.mask(apart, OWN_SUM),
            "standing": roles["standing"],
            "hours": roles["role"].map(lambda role: tables.contact_hours(assumptions, role)).astype("Float64"),
            "available": pd.to_numeric(roles["limit"], errors="coerce").astype("Float64"),
            "now": roles["role"].map(there["fte"]).astype("Float64"),
            "staff_status": roles["role"].map(there["status"]).fillna(NOT_KNOWN).astype("str"),
        }
    )


def sum_of(lines: pd.DataFrame) -> float | None:
    """What the contract pays for additional roles in a year, of :func:`pcn_analysis.budget.entitlement.entitlement`."""
    amounts = lines.loc[lines["line"].eq(OF_SCHEME), "amount"].dropna()
    return math.floor(float(amounts.sum()) * 100) / 100 if len(amounts) else None


def assumptions_made(network: Network, own: str = "") -> SourcedTable:
    """List every number that stands between people and posts, with how far it is to be relied on.

    Parameters
    ----------
    network
        A network of a place.
    own
        A folder of ``data/raw/`` with assumptions of one's own (:func:`pcn_analysis.workforce.assumed.of_folder`).

    Returns
    -------
    SourcedTable
        One row an assumption: of (assumptions, who can do a task, or contacts of a segment), name, applies_to, value
        (in words), standing, source, note. It concerns no person, and can be released under ``open_data``.
    """
    given = tables.of_folder(own)
    general, who, contacts = given.assumptions, given.task_roles, given.segment_work
    names = [
        *(("Hours and posts", row["assumption"].replace("_", " "), row["applies_to"] or "all others",
           f"{row['value']:g} {row['unit']}", row) for row in general.to_dict("records")),
        *(("Who can do a task", "roles", row["task"], row["roles"].replace("_", " "), row)
          for row in who.to_dict("records")),
        *(("Contacts of a segment", row["task"], row["segment"],
           f"{row['contacts_a_year']:g} a year of {row['minutes']:g} minutes, {row['roles'].replace('_', ' ')}", row)
          for row in contacts.to_dict("records")),
    ]  # fmt: skip
    rows = [
        {"of": of, "name": name, "applies_to": to, "value": value,
         **{column: row[column] for column in ("standing", "source", "note")}}
        for of, name, to, value, row in names
    ]  # fmt: skip
    parents = [network.table("practices")] if network.place.is_published else []
    clauses = SourcedTable(pd.DataFrame(), Provenance((CLAUSES,), people=False))
    return derive(pd.DataFrame(rows).astype("str"), clauses, *parents, about=network.about)
