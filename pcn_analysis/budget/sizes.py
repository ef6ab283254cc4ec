"""Sizes that payments rest on: registered, weighted and adjusted patients, and care home beds of a network.

Registered lists are published monthly, weighted ones in what was paid to practices, of 2022/23. The adjusted population
and beds are told to networks by their commissioner and are not published: they are given, or not known. The newest size
that there is stands for every contract year, and :attr:`Size.of` always says of when it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.budget.given_files import GIVEN, given_by_user, is_amount
from pcn_analysis.contract.years import year_problems
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pcn_analysis.place import Network
    from pcn_analysis.provenance import SourcedTable

PAYMENTS = "practice_payments"
"""Table of a place with weighted lists; a place made without its file lacks it."""
TITLES = {
    "registered": "Registered patients of the network",
    "weighted": "Weighted patients of the network",
    "adjusted": "PCN adjusted population",
    "beds": "Care home beds of the network",
}
NOT_PUBLIC = {
    "adjusted": "the adjusted population, which is not published: the commissioner tells it to the network",
    "beds": "care home beds of the network, which are not published: the commissioner tells them to it",
}


@dataclass(frozen=True)
class Size:
    """A size that payments rest on.

    Parameters
    ----------
    value
        The number; None: it is not known.
    of
        Of when or from whom it is, in words; empty where it is not known.
    missing
        What lacks where it is not known, in words.
    by_practice
        practice_code, practice_name and size of each practice of the network; None: it is not known by practice.
    """

    value: float | None
    of: str
    missing: str = ""
    by_practice: pd.DataFrame | None = None


@dataclass(frozen=True)
class Sizes:
    """The sizes of a network by what payments rest on, and the tables that they came from.

    Parameters
    ----------
    by_basis
        registered, weighted, adjusted, beds and network.
    parents
        The tables, of what is given too.
    """

    by_basis: dict[str, Size]
    parents: tuple[SourcedTable, ...]


def sizes_of(
    network: Network,
    *,
    registered: float | None = None,
    weighted: float | None = None,
    adjusted: float | None = None,
    beds: float | None = None,
) -> Sizes:
    """The sizes of a network, as given or else as published.

    Parameters
    ----------
    network
        A network of a place.
    registered, weighted, adjusted, beds
        What is known of it; None: the published size, where there is one.

    Raises
    ------
    PcnAnalysisError
        With every size that is given and is no number of 0 or more.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> sizes = sizes_of(network_of(invent_place(), "U00001"), beds=400).by_basis
    >>> sizes["registered"].value, sizes["registered"].of
    (58640.0, 'list of 1 July 2026')
    >>> sizes["beds"].value, sizes["adjusted"].value
    (400.0, None)
    """
    given = {"registered": registered, "weighted": weighted, "adjusted": adjusted, "beds": beds}
    check_sizes((), given)
    known = {name: float(value) for name, value in given.items() if value is not None}
    members = members_of(network)
    found = {
        "registered": _registered(network, members),
        "weighted": _weighted(network, members),
        **{name: Size(None, "", missing) for name, missing in NOT_PUBLIC.items()},
        "network": _networks(network),
    }
    for name, value in known.items():
        found[name] = Size(value, GIVEN, by_practice=found[name].by_practice)
    parents = [network.table("practices")]
    parents += [network.table(PAYMENTS)] if PAYMENTS in network.place.tables else []
    return Sizes(found, (*parents, *(given_by_user(TITLES[name]) for name in known)))


def check_sizes(years: Collection[str], *given: Mapping[str, float | None]) -> None:
    """Check contract years, and the sizes that are given for them.

    Raises
    ------
    PcnAnalysisError
        With every year that there is none of, every name that is no size, and every size that is no number of 0 or
        more, or larger than any can be.
    """
    problems = [one for year in dict.fromkeys(years) for one in year_problems(year)]
    for name, value in ((name, value) for sizes in given for name, value in sizes.items()):
        if name not in TITLES:
            problems.append(Problem(f"size {name}", "there is none of that name", nearest(str(name), TITLES)))
        elif value is not None and not is_amount(value):
            problems.append(Problem(name, "is no number of 0 or more", "Give a size, or leave it out."))
    if problems:
        raise PcnAnalysisError(*dict.fromkeys(problems))


def members_of(network: Network) -> pd.DataFrame:
    """Practices of a network, or of all networks of a place: practice_code, practice_name and list_size, by name.

    Practices elsewhere are left out, as the table of practices holds only those that share an area with the place.
    """
    practices = network.table("practices").frame
    own = practices["pcn_code"].eq(network.pcn_code)
    if network.pcn_code == codes.WHOLE_PLACE:
        own = practices["pcn_code"].isin(network.place.networks()["pcn_code"])
    columns = ["practice_code", "practice_name", "list_size"]
    return practices.loc[own.fillna(False), columns].sort_values(["practice_name", "practice_code"], ignore_index=True)


def _networks(network: Network) -> Size:
    whole = network.pcn_code == codes.WHOLE_PLACE
    return Size(float(len(network.place.networks())) if whole else 1.0, "networks of today")


def _registered(network: Network, members: pd.DataFrame) -> Size:
    day = network.place.index_date
    each = members.rename(columns={"list_size": "size"}).astype({"size": "Float64"})
    if each.empty or each["size"].isna().any():
        return Size(None, "", "registered lists of its practices")
    return Size(float(each["size"].sum()), f"list of {day.day} {day:%B %Y}", by_practice=each)


def _weighted(network: Network, members: pd.DataFrame) -> Size:
    """The weighted lists of the practices of today, with those that they absorbed since; all of them or none."""
    if PAYMENTS not in network.place.tables:
        return Size(None, "", "weighted lists, which the place was made without")
    paid = network.table(PAYMENTS).frame
    if members.empty or paid.empty:
        return Size(None, "", "weighted lists of its practices")
    paid = paid[paid["contract_year"] == paid["contract_year"].max()]
    own = paid["practice_code"].isin(members["practice_code"])
    rows = paid.assign(today=paid["practice_code"].where(own, paid["survivor"]))
    rows = rows[rows["today"].isin(members["practice_code"])]
    rows = rows.assign(
        known=rows["weighted"].notna() & ~(own.reindex(rows.index) & rows["weighted"].eq(0).fillna(False))
    )
    each = rows.groupby("today").agg(size=("weighted", "sum"), known=("known", "all"))
    joined = members[["practice_code", "practice_name"]].join(each, on="practice_code")
    lacking = int((~joined["known"].astype("boolean").fillna(False)).sum())
    if lacking:
        return Size(None, "", f"the weighted list of {number(lacking, 'practice')} of {len(members)}")
    each = joined[["practice_code", "practice_name", "size"]].astype({"size": "Float64"})
    return Size(float(each["size"].sum()), f"weighted list of {paid['contract_year'].iloc[0]}", by_practice=each)
