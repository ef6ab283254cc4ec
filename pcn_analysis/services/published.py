"""What is published of a network's services: registers of the QOF and measures of the Network Contract.

Which measures there are, which service each belongs to, and what it means stands in
``codelists/published_measures.csv``, with its source; what could not be established is "not known" there. Everything is
made of published files alone, and is released under ``open_data``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codelists, codes, tables
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.place import Network
from pcn_analysis.provenance import Rate, SourcedTable, derive
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

PUBLISHED, NOT_PUBLISHED = "published", "not published"
"""Whether there is a value; where the place was made without the file, it is not known."""
FILED_IN = {"QOF 2024/25": "disease_registers", "IIF 2023/24": "published_measures"}
"""The table of a place that holds what each publication says."""
OF_PEOPLE = "people"
"""Kind of a measure that is a proportion of people: only these have an interval."""
RATES = (
    Rate("comparator_value", "comparator_numerator", "comparator_denominator"),
    Rate("place_value", "place_numerator", "place_denominator"),
    Rate("value", "numerator", "denominator", interval=True, against="comparator_value"),
)
LIMITS = ["value_lower", "value_upper", "value_compared"]
WORDS = ["service_name", "measure", "name", "clause", "contract_year", "level", "kind", "direction"]


def published_measures(network: Network, service: str = "") -> SourcedTable:
    """What is published of a network, with its place's and the comparator's.

    A measure that is published of networks is shown as published; of one that is published of practices, numerators and
    denominators are added up over the practices that are members now, and then divided. Values that the publisher
    withholds are left out of both, and so are practices that were absorbed since. The comparator's are sums of all that
    is published. Measures of people have 95% Wilson limits; others have none, as appointments and events of one person
    do not come about independently.

    Parameters
    ----------
    network
        A network of a place.
    service
        Short name of a service, such as ``care_homes``; empty: all.

    Returns
    -------
    SourcedTable
        One row a measure, in the order of the codelist: service, measure (short), name, clause, year, level (network or
        practice), kind (of people, appointments or events), direction, status (published, not published, not known),
        practices and practices_published (of the network now; null where it is published of networks), numerator,
        denominator and value, with value_lower, value_upper and value_compared (whether the interval lies above or
        below the comparator's), and numerator, denominator and value with ``place_`` and ``comparator_`` before them.
        A denominator and a value are null where none is published.

    Raises
    ------
    PcnAnalysisError
        If there is no such service.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> table = published_measures(network_of(invent_place(), "U00001"), "care_homes")
    >>> table.frame[["measure", "year", "status", "practices_published"]].values.tolist()
    [['qof_dem', '2024/25', 'published', 7], ['ehch_04', '2023/24', 'published', 7]]
    """
    listed = pd.DataFrame(_of_service(service))
    rows = listed[WORDS].rename(columns={"service_name": "service", "contract_year": "year"})
    rows["status"] = [_status(network, one) for one in listed["published_in"]]
    rows[["practices", "practices_published"]] = pd.NA
    practices = network.table("practices").frame
    own = set(practices.loc[practices["pcn_code"] == network.pcn_code, "practice_code"])
    whole = set(practices.loc[practices["in_place"], "practice_code"])
    values = _usable(_values(network))
    groups: dict[str, Callable[[pd.Series], pd.Series]] = {
        "": {*own, network.pcn_code},
        "place_": {*whole, *network.place.networks()["pcn_code"]},
        "comparator_": {network.place.comparator},
    }
    for prefix, members in groups.items():
        found = values[values["organisation_code"].isin(members)].groupby("measure")
        sums = found[["numerator", "denominator"]].sum(min_count=1).add_prefix(prefix)
        rows = rows.join(sums.astype("Float64"), on="measure")
    return rows
