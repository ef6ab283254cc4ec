"""How much of each role every network of the country has, as it is published: one frame that other measures read.

A network that is not in the file is not one without staff: nothing is known of it. A network that is in the file and
has no row of a role has none recorded, which is 0 as far as the file says. Some roles of the scheme are not told from
others in the file; of these nothing is known of any network.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codelists, codes, tables
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.place import worked_out_once
from pcn_analysis.provenance import Provenance, Source, SourcedTable, derive
from pcn_analysis.tables.published import CONTRACTED, STAFF
from pcn_analysis.words import NOT_IN_THE_FILE, NOT_KNOWN

if TYPE_CHECKING:
    from pcn_analysis.place import Network

PUBLISHED, NONE_RECORDED = "published", "none recorded"
"""What the file says of a network and a role; :data:`pcn_analysis.words.NOT_IN_THE_FILE` where it lacks the network,
and :data:`pcn_analysis.words.NOT_KNOWN` where it says nothing.
"""
KNOWN = (PUBLISHED, NONE_RECORDED)
"""Statuses in which the whole-time equivalents are known."""
PER = 10_000
"""Patients for whom whole-time equivalents are given."""
ROLES = Source(
    "Published roles and roles of the scheme", "pcn_analysis", "June 2026", "MIT", "Each role names its own source.",
    kind="published",
)  # fmt: skip
"""The codelist: all that a table is made of where nothing is published of a place."""
NUMBERS = ("patients", "fte", "staff_fte", "contracted_fte", "people", "largest_fte", "per_10_000")


@worked_out_once
def every_network(network: Network, role: str = "") -> SourcedTable:
    """Whole-time equivalents of each role in every network of the country, a network marked.

    Parameters
    ----------
    network
        The network that is marked.
    role
        Short name of a role, such as ``paramedic``; empty: every role.

    Returns
    -------
    SourcedTable
        One row a network and role, by code and in the order of the codelist: pcn_code, pcn_name, icb_code, icb_name,
        in_place, marked, patients, role, name, status, fte (staff and contracted services), staff_fte, contracted_fte,
        people (staff; null where all of it is contracted), largest_fte (of one member of staff), per_10_000 (patients),
        counted_on (day that the file is of, in words; empty where there is none).
        Numbers are null where they are not known, and 0 where the file records none. A person whom the file counts
        under two of the published roles that make one role of the scheme is counted twice. No row is marked of a whole
        place or of those in no network, and there are none of a place of records alone.

    Raises
    ------
    PcnAnalysisError
        If there is no such role.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> frame = every_network(network_of(invent_place(), "U00001"), "paramedic").frame
    >>> frame[["pcn_code", "marked", "status"]].values.tolist()[-2:]
    [['U00006', False, 'published'], ['U00007', False, 'not in the file']]
    """
    roles = _roles(role)
    networks, workforce = optional(network, "country_networks"), optional(network, "network_workforce")
    rows = _networks(network, networks.frame).merge(roles, how="cross")
    rows = rows.merge(_by_role(workforce.frame), on=["pcn_code", "role"], how="left")
    rows["status"] = _status(rows, set(workforce.frame["pcn_code"]))
    none = rows["status"] == NONE_RECORDED
    for name in ("fte", "staff_fte", "contracted_fte"):
        rows[name] = rows[name].mask(none, 0.0)
    rows["people"] = rows["people"].mask(none, 0)
    rows["per_10_000"] = rows["fte"] / rows["patients"].where(rows["patients"] > 0) * PER
    rows["counted_on"] = _day(workforce.frame["counted_on"])
    columns = ["pcn_code", "pcn_name", "icb_code", "icb_name", "in_place", "marked", "role", "name", "status"]
    parents = (networks, workforce, optional(network, "practices"))
    made = derive(rows[[*columns, *NUMBERS, "counted_on"]], *parents, numbers=NUMBERS, about=network.about)
    return replace(made, provenance=replace(made.provenance, modelled=""))  # lists and boards are published as they are


def optional(network: Network, name: str) -> SourcedTable:
    """A published table of a place, empty where it lacks it; of a place of records alone nothing is published."""
    if not network.place.is_published:
        return SourcedTable(tables.NAMED[name].empty(), Provenance((ROLES,), people=False))
    if name in network.place.tables:
        return network.table(name)
    return derive(tables.NAMED[name].empty(), network.table("practices"))


def known(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose whole-time equivalents for each patient are known."""
    return rows[rows["status"].isin(KNOWN) & rows["per_10_000"].notna()]


def _day(days: pd.Series) -> str:
    """The latest day that is counted on, in words."""
    last = days.max()
    return "" if pd.isna(last) else f"{last.day} {last:%B %Y}"


def _roles(role: str) -> pd.DataFrame:
    names = codelists.names("additional_roles", "role")
    if role and role not in names:
        raise problem(f"role {role}", "there is no such role", nearest(role, names))
    rows = [(one, name) for one, name in names.items() if role in ("", one)]
    return pd.DataFrame(rows, columns=["role", "name"])


def _networks(network: Network, networks: pd.DataFrame) -> pd.DataFrame:
    """Networks of the country; of a place without them its own network alone, and of one of records none."""
    single = network.pcn_code not in (codes.WHOLE_PLACE, codes.UNALLOCATED)
    if networks.empty and single and network.place.is_published:
        own = {"pcn_code": network.pcn_code, "pcn_name": network.name, "in_place": True}
        networks = tables.COUNTRY_NETWORKS.conform(pd.DataFrame([own | {"patients": pd.NA, "practices": pd.NA}]))
    return networks.assign(marked=networks["pcn_code"] == network.pcn_code)


def _by_role(workforce: pd.DataFrame) -> pd.DataFrame:
    """Whole-time equivalents and people of each network and role; a sum of which a part is not known is not known."""
    rows = workforce.dropna(subset=["role"])
    staff, service = rows["source"] == STAFF, rows["source"] == CONTRACTED
    parts = rows[["pcn_code", "role"]].assign(
        staff_fte=rows["fte"].where(staff, 0.0),
        contracted_fte=rows["fte"].where(service, 0.0),
        people=rows["people"].where(staff, 0),
        largest_fte=rows["largest_fte"],
        staffed=staff,
        lacking=rows["fte"].isna(),
        nobody=staff & rows["people"].isna(),
        nameless=staff & rows["largest_fte"].isna(),
    )
    groups = parts.groupby(["pcn_code", "role"])
    sums = groups[["staff_fte", "contracted_fte", "people"]].sum()
    sums["largest_fte"] = groups["largest_fte"].max().mask(groups["nameless"].any())
    sums["people"] = sums["people"].astype("Int64").mask(groups["nobody"].any() | ~groups["staffed"].any())
    lacking = groups["lacking"].any()
    for name in ("staff_fte", "contracted_fte"):
        sums[name] = sums[name].astype("Float64").mask(lacking)
    return sums.assign(fte=sums["staff_fte"] + sums["contracted_fte"], listed=True).reset_index()


def _status(rows: pd.DataFrame, in_file: set[str]) -> pd.Series:
    told_apart = {one["role"] for one in codelists.rows("workforce_roles")}
    listed = rows["listed"].notna()
    status = pd.Series(NONE_RECORDED, index=rows.index).mask(listed, PUBLISHED)
    status = status.mask(listed & rows["fte"].isna(), NOT_KNOWN)
    status = status.mask(~rows["pcn_code"].isin(in_file), NOT_IN_THE_FILE)
    return status.mask(~rows["role"].isin(told_apart) | (not in_file), NOT_KNOWN)
