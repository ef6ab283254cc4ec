"""On whom a role rests: one person alone, one person for more than half of it, or a contracted service.

It says where an absence would be felt, and nothing of anybody: who it is stands in no table. Of a contracted service
it is not known how many people it is, so that no such thing can be said of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.provenance import Rate, SourcedTable, derive
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN
from pcn_analysis.workforce.staffing import NONE_RECORDED, PUBLISHED, every_network

if TYPE_CHECKING:
    from pcn_analysis.place import Network

HALF = 0.5
"""Share of a role's whole-time equivalents above which one of several people holds most of it; our choice."""
LONE, KEY, SHARED, SERVICE = "one person alone", "one person for more than half", "several people", "contracted service"
BESIDE_SERVICE = "one person beside a contracted service"
RATES = (Rate("country_lone_share", "country_lone", "country_networks"),)


def reliance(network: Network) -> SourcedTable:
    """What each role of a network rests on.

    Parameters
    ----------
    network
        One network of a place.

    Returns
    -------
    SourcedTable
        One row a role of the scheme, in the order of the codelist: role, name, status, people (staff), fte, staff_fte,
        contracted_fte, largest_fte, largest_share (of ``fte``), contracted_share, rests_on (:data:`LONE`,
        :data:`BESIDE_SERVICE`, :data:`KEY`, :data:`SHARED`, :data:`SERVICE`, "none recorded", "not in the file" or "not
        known"); country_networks, of which it is known on whom the role rests, country_lone, in which it is one person
        alone, and country_lone_share. Networks with none recorded of the role are in neither; and
        counted_on (day that the file is of, in words). No rows of a place of
        records alone.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> frame = reliance(network_of(invent_place(), "U00005")).frame.set_index("role")
    >>> frame.loc[["gp", "consultant_nurse"], "rests_on"].to_list()
    ['none recorded', 'not known']
    """
    every = every_network(network)
    rows = every.frame.assign(rests_on=rests_on(every.frame))
    of_known = rows[rows["rests_on"].isin([LONE, BESIDE_SERVICE, KEY, SHARED, SERVICE])]
    counts = pd.DataFrame(
        {
            "country_networks": of_known.groupby("role").size(),
            "country_lone": (of_known["rests_on"] == LONE).groupby(of_known["role"]).sum(),
        }
    )
    own = rows[rows["marked"]].join(counts, on="role")
    whole = own["fte"].where(own["fte"] > 0)
    own = own.assign(largest_share=own["largest_fte"] / whole, contracted_share=own["contracted_fte"] / whole)
    own[list(counts)] = own[list(counts)].fillna(0).astype("Int64")
    numbers = ("people", "fte", "staff_fte", "contracted_fte", "largest_fte", "largest_share", "contracted_share")
    columns = ["role", "name", "status", *numbers, "rests_on", *counts, "counted_on"]
    frame = with_rates(own[columns].reset_index(drop=True), RATES)
    return derive(frame, every, rates=RATES, numbers=(*numbers, *counts), about=every.about)


def rests_on(rows: pd.DataFrame) -> pd.Series:
    """On whom each role of each network rests.

    Parameters
    ----------
    rows
        status, people, fte, contracted_fte and largest_fte.

    Examples
    --------
    >>> rows = pd.DataFrame({"status": "published", "people": [1, 2, 2, None], "fte": [0.8, 1.2, 1.0, 0.5],
    ...                      "contracted_fte": [0.0, 0.0, 0.0, 0.5], "largest_fte": [0.8, 0.9, 0.5, None]})
    >>> rests_on(rows).to_list()
    ['one person alone', 'one person for more than half', 'several people', 'contracted service']
    """
    people, fte = rows["people"].astype("Float64"), rows["fte"].astype("Float64")
    service, largest = rows["contracted_fte"].astype("Float64"), rows["largest_fte"].astype("Float64")
    alone, some = people.eq(1).fillna(False), people.gt(1).fillna(False)
    found = rows["status"].where(rows["status"] != PUBLISHED, NOT_KNOWN)
    found = found.mask(some & largest.notna(), SHARED)
    found = found.mask((some & (largest > HALF * fte)).fillna(False), KEY)
    found = found.mask(alone, LONE).mask(alone & service.gt(0).fillna(False), BESIDE_SERVICE)
    only = people.isna() & (service == fte).fillna(False) & fte.gt(0).fillna(False)
    return found.mask(only, SERVICE).mask(rows["status"] == NONE_RECORDED, NONE_RECORDED)
