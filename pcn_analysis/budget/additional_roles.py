"""The additional roles of a contract year as a table: bands, ceilings, and what is left for the network to pay.

It concerns no person and no network's own money: everything is made of clauses, each with its source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codelists
from pcn_analysis.budget.assumptions import RATES
from pcn_analysis.contract.additional_role import AREAS, NETWORK, AdditionalRole
from pcn_analysis.contract.additional_roles import roles_in
from pcn_analysis.contract.clauses import clause
from pcn_analysis.provenance import derive
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from pcn_analysis.place import Network
    from pcn_analysis.provenance import SourcedTable

NUMBERS = ("ceiling", "ceiling_outer_london", "ceiling_inner_london", "ceiling_before", "reimbursed", "cost_to_network")


def roles(network: Network, contract_year: str) -> SourcedTable:
    """List the roles that the scheme reimburses in a contract year.

    Parameters
    ----------
    network
        A network of a place: its registered patients say which limit by number holds.
    contract_year
        The contract year, such as ``2025/26``.

    Returns
    -------
    SourcedTable
        One row a role, in the order of the codelist: role, name, peer_group, early_contract (yes or no), eligible_from
        (date, as text), band, ceiling (GBP a whole-time equivalent and year, as at the end of the year) with
        ceiling_outer_london and ceiling_inner_london, ceiling_before (until the ceilings were changed in the year) and
        changed_on, reimbursed (share), cost_to_network (GBP a whole-time equivalent and year at the ceiling; what is
        paid above the ceiling comes on top), rest_paid_by, limit (whole-time equivalents that the network may claim
        for, "none", or "not known"), standing (of everything in the row, limits too), source, note. A number that is
        not known is null. The table can be
        released under ``open_data``.

    Raises
    ------
    PcnAnalysisError
        If there is no such year.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> table = roles(network_of(invent_place(), "U00001"), "2019/20").frame
    >>> table[["role", "reimbursed", "cost_to_network"]].round(2).values.tolist()
    [['clinical_pharmacist', 0.7, 16204.29], ['social_prescribing_link_worker', 1.0, 0.0]]
    """
    named = {row["role"]: row for row in codelists.rows("additional_roles")}
    large = is_large(network, contract_year)
    rows = [
        {
            "role": one.role,
            "name": one.name,
            "peer_group": named[one.role]["peer_group"],
            "early_contract": named[one.role]["early_contract"],
            "eligible_from": one.eligible_from.isoformat(),
            "band": one.band.value or NOT_KNOWN,
            **{f"ceiling_{area}" if area else "ceiling": _number(one.ceilings[area].value) for area in AREAS},
            "ceiling_before": _number(one.before.value if one.before else ""),
            "changed_on": one.changed.isoformat() if one.changed else "",
            "reimbursed": _number(one.reimbursed.value),
            "cost_to_network": cost_to_network(one),
            "rest_paid_by": one.rest_paid_by,
            "limit": limit_of(one, large=large),
            "standing": one.standing,
            "source": one.source,
            "note": one.note,
        }
        for one in roles_in(contract_year)
    ]
    frame = pd.DataFrame(rows).astype(dict.fromkeys(NUMBERS, "Float64"))
    parents = [RATES]
    parents += [network.table("practices")] if network.place.is_published else []
    return derive(frame, *parents, numbers=NUMBERS, about=network.about)


def cost_to_network(role: AdditionalRole) -> float | None:
    """What a whole-time equivalent at the ceiling leaves for the network to pay in a year, in GBP.

    The ceiling is what is reimbursed: where 37,810 are 70% of the cost, 37,810 / 0.7 x 0.3 = 16,204.29 are left.
    Where all is reimbursed, or somebody else pays the rest, it is 0. None where the ceiling or the share is not known.
    """
    share = _number(role.reimbursed.value)
    if share is None:
        return None
    if share == 1 or role.rest_paid_by != NETWORK:
        return 0.0
    ceiling = _number(role.ceiling.value)
    return None if ceiling is None else ceiling / share * (1 - share)


def is_large(network: Network, year: str) -> bool | None:
    """Whether a network has so many registered patients that other limits hold; None where it has no lists."""
    if not network.place.is_published:
        return None
    practices = network.table("practices").frame
    patients = practices.loc[practices["pcn_code"] == network.pcn_code, "list_size"].sum()
    limit = clause("roles_large_network", year).value
    return bool(patients >= float(limit)) if limit else None


def limit_of(role: AdditionalRole, *, large: bool | None) -> str:
    """The limit that holds, "none", or "not known": what holds for smaller networks says nothing of a large one."""
    said = role.limit(large=large)
    return said.value if said is not None and said.value else NOT_KNOWN


def _number(value: str) -> float | None:
    return float(value) if value else None
