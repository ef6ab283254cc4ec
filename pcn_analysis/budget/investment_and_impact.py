"""Points and payments of the Investment and Impact Fund, and what a network earned by the measures that are published.

An indicator is paid on a line between two thresholds::

    points  = most x (value - lower) / (upper - lower), at least 0 and at most all
    payment = points x value of a point x list adjustment x prevalence adjustment
    list adjustment       = list of the network / mean list of networks
    prevalence adjustment = prevalence of the network / national prevalence

Points are not rounded here: how they are rounded for payment was not found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis import codelists, codes
from pcn_analysis.contract.investment_and_impact import Indicator, indicators_in, value_of_point
from pcn_analysis.contract.years import find_year
from pcn_analysis.exceptions import problem
from pcn_analysis.provenance import Provenance, SourcedTable, derive
from pcn_analysis.services.assumptions import CLAUSES
from pcn_analysis.services.published import published_measures
from pcn_analysis.words import NOT_KNOWN, NOT_PUBLISHED

if TYPE_CHECKING:
    from pcn_analysis.place import Network

UPWARDS, DOWNWARDS = "upwards", "downwards"
"""Whether more is better or less is."""
NETWORKS = "country_networks"
"""The table of a place that holds the list of every network."""
NUMBERS = ("numerator", "denominator", "value", "lower", "upper", "points", "earned", "given", "value_of_point",
           "list_adjustment", "amount_before", "amount")  # fmt: skip


def points(value: float, lower: float, upper: float, most: float, direction: str = UPWARDS) -> float:
    """Points that a value earns on the line between two thresholds.

    Parameters
    ----------
    value
        What was reached, a share from 0 to 1.
    lower, upper
        Below the lower one (or above it, where less is better) nothing is earned; from the upper one on everything is.
    most
        Points of the indicator.
    direction
        ``upwards`` or ``downwards``; the upper threshold of a downwards indicator is the smaller number.

    Raises
    ------
    ValueError
        If the thresholds do not go the way that the direction says.

    Examples
    --------
    >>> points(0.875, 0.85, 0.90, 71), points(0.80, 0.85, 0.90, 71), points(0.95, 0.85, 0.90, 71)
    (35.5, 0.0, 71.0)
    >>> points(0.3, 0.4, 0.2, 10, DOWNWARDS)
    5.0
    """
    if (upper > lower) != (direction == UPWARDS) or upper == lower:
        message = f"thresholds from {lower} to {upper} do not go {direction}"
        raise ValueError(message)
    share = (value - lower) / (upper - lower)
    return float(most * min(max(round(share, 12), 0.0), 1.0))


def reached(numerator: float, denominator: float, adjustments: float = 0) -> float | None:
    """The share that is paid for: who has a personalised care adjustment leaves the denominator.

    Parameters
    ----------
    numerator, denominator
        As counted, the denominator with those who have an adjustment.
    adjustments
        Those of the denominator, and not of the numerator, who have one.

    Returns
    -------
    float or None
        None where nobody is left.

    Raises
    ------
    PcnAnalysisError
        If more are taken out than are not reached.

    Examples
    --------
    >>> reached(600, 1_000), reached(600, 1_000, 200)
    (0.6, 0.75)
    """
    if not 0 <= adjustments <= denominator - numerator:
        what = "more people have an adjustment than are in the denominator and not reached"
        raise problem("adjustments", what, "Leave out whoever is reached.")
    left = denominator - adjustments
    return None if left == 0 else numerator / left


def payment(earned: float, point: float, *, list_adjustment: float = 1.0, prevalence_adjustment: float = 1.0) -> float:
    """What points are paid, in GBP.

    Examples
    --------
    >>> payment(35.5, 198), payment(35.5, 198, list_adjustment=1.2), payment(10, 200, prevalence_adjustment=0.9)
    (7029.0, 8434.8, 1800.0)
    """
    return round(earned * point * list_adjustment * prevalence_adjustment, 10)


def adjustment(own: float, average: float) -> float:
    """A network's list over the mean list of networks, or its prevalence over the national one.

    Raises
    ------
    PcnAnalysisError
        If the average is not above 0.

    Examples
    --------
    >>> adjustment(60_000, 50_000)
    1.2
    """
    if average <= 0:
        raise problem("average", "it is not above 0", "Give the mean list of networks, or the national prevalence.")
    return own / average


def achieved(network: Network, contract_year: str) -> SourcedTable:
    """What a network earned of the fund, by the measures that are published of it.

    Numerators and denominators are those of :func:`pcn_analysis.services.published.published_measures`, of the
    practices that are members now. Only what the open file gives can be told: of 2023/24 that is ACC-08 alone.

    Parameters
    ----------
    network
        A network of a place.
    contract_year
        The contract year, such as ``2023/24``.

    Returns
    -------
    SourcedTable
        One row an indicator that was read of: indicator, name, numerator, denominator, value, lower, upper, points
        (at most), earned (by the rule), given (points that every network was given instead; null where none were),
        value_of_point, list_adjustment (by the lists of the place; null where other networks' are not there),
        amount_before (GBP before adjustments, of the points given or else earned), amount (with the adjustment for the
        list; none for prevalence), standing, missing (in words what is not known), source, note. A number that is not
        known is null, and never 0. No rows of the place as a whole or of practices in no network, which earn no points.
        It can be released under ``open_data``.

    Raises
    ------
    PcnAnalysisError
        If there is no such year.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> frame = achieved(network_of(invent_place(), "U00001"), "2023/24").frame.set_index("indicator")
    >>> frame.loc["hi_03", "missing"]
    'lower threshold, upper threshold, what was reached'
    >>> float(frame.loc["acc_08", "given"]), float(frame.loc["acc_08", "amount_before"])
    (71.0, 14058.0)
    """
    earns = network.pcn_code not in (codes.WHOLE_PLACE, codes.UNALLOCATED)
    indicators = indicators_in(contract_year) if earns else ()
    find_year(contract_year)
    measures = published_measures(network)
    by_list, networks = _list_adjustment(network)
    rows = [_of_indicator(one, measures.frame, by_list) for one in indicators]
    columns = ["indicator", "name", *NUMBERS, "standing", "missing", "source", "note"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(NUMBERS, "Float64"))
    clauses = SourcedTable(pd.DataFrame(), Provenance((CLAUSES,), people=False))
    return derive(frame, measures, clauses, *networks, numbers=NUMBERS, about=network.about)


def _of_indicator(one: Indicator, measures: pd.DataFrame, by_list: float | None) -> dict[str, Any]:
    """What is known of an indicator, and what follows from it."""
    numerator, denominator = _measured(one, measures)
    value = reached(numerator, denominator) if numerator is not None and denominator else None
    lower, upper, most, point = (
        float(said.value) if said.value else None
        for said in (one.lower, one.upper, one.points, value_of_point(one.contract_year))
    )
    earned = _earned(value, lower, upper, most)
    given = None if one.awarded is None or most is None else one.awarded.number * most
    paid = earned if given is None else given
    before = None if paid is None or point is None else payment(paid, point)
    missing = [one.missing, "" if value is not None else "what was reached", "" if point else "value of a point"]
    return {
        "indicator": one.indicator, "name": one.name, "numerator": numerator, "denominator": denominator,
        "value": value, "lower": lower, "upper": upper, "points": most, "earned": earned, "given": given,
        "value_of_point": point, "list_adjustment": by_list, "amount_before": before,
        "amount": None if before is None or by_list is None else before * by_list,
        "standing": one.standing, "missing": ", ".join(filter(None, missing)), "source": one.source, "note": one.note,
    }  # fmt: skip


def _earned(value: float | None, lower: float | None, upper: float | None, most: float | None) -> float | None:
    """Points by the rule; None where anything that it needs is not known."""
    if value is None or lower is None or upper is None or most is None:
        return None
    return points(value, lower, upper, most, UPWARDS if upper > lower else DOWNWARDS)


def _measured(one: Indicator, measures: pd.DataFrame) -> tuple[float | None, float | None]:
    """What is published of an indicator's year; None where nothing is."""
    listed = {row["measure"]: row["contract_year"] for row in codelists.rows("published_measures")}
    if listed.get(one.indicator) != one.contract_year:
        return None, None
    found = measures[(measures["measure"] == one.indicator) & ~measures["status"].isin([NOT_KNOWN, NOT_PUBLISHED])]
    if found.empty or found[["numerator", "denominator"]].isna().any(axis=None):
        return None, None
    return float(found["numerator"].iloc[0]), float(found["denominator"].iloc[0])


def _list_adjustment(network: Network) -> tuple[float | None, list[SourcedTable]]:
    """The network's list over the mean list of networks, where the place holds them, and the table that says so."""
    if NETWORKS not in network.place.tables:
        return None, []
    table = network.table(NETWORKS)
    lists = table.frame.dropna(subset=["patients"]).set_index("pcn_code")["patients"]
    if network.pcn_code not in lists.index:
        return None, [table]
    return adjustment(float(lists[network.pcn_code]), float(lists.mean())), [table]
