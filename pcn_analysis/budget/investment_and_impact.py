"""What a network earned of the Investment and Impact Fund, by the measures that are published of it.

How points and payments are reckoned stands in :mod:`pcn_analysis.budget.impact_points`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis import codelists, codes
from pcn_analysis.budget.assumptions import RATES
from pcn_analysis.budget.impact_points import DOWNWARDS, UPWARDS, adjustment, payment, points, reached
from pcn_analysis.contract.clauses import PUBLISHED, clause
from pcn_analysis.contract.investment_and_impact import Indicator, indicators_in, value_of_point
from pcn_analysis.contract.years import find_year
from pcn_analysis.provenance import derive
from pcn_analysis.services.published import published_measures
from pcn_analysis.words import NOT_KNOWN, NOT_PUBLISHED

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.contract.clauses import Clause
    from pcn_analysis.place import Network
    from pcn_analysis.provenance import SourcedTable

NETWORKS = "country_networks"
"""The table of a place that holds the list of every network."""
NUMBERS = ("numerator", "denominator", "value", "lower", "upper", "points", "earned", "given", "value_of_point",
           "list_adjustment", "amount_before", "amount")  # fmt: skip


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
        value_of_point, list_adjustment (by the lists of the place; null where other networks' are not there), lists_of
        (of when these lists are, in words: of which day the payment's are was not found), amount_before (GBP before
        adjustments, of the points given or else earned), amount (with the adjustment for the list; none for
        prevalence), standing (of everything that is used, the value of a point and the adjustment too), missing (in
        words what is not known), source, note. A number that is not known is null, and never 0. No rows of the place as
        a whole or of practices in no network, which earn no points. What is published with a numerator above its
        denominator is not known, and says so.
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
    lists_of = "" if by_list is None else _day(network.place.index_date)
    rows = [_of_indicator(one, measures.frame, by_list) | {"lists_of": lists_of} for one in indicators]
    columns = ["indicator", "name", *NUMBERS, "lists_of", "standing", "missing", "source", "note"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(NUMBERS, "Float64"))
    return derive(frame, measures, RATES, *networks, numbers=NUMBERS, about=network.about)


def _day(on: dt.date) -> str:
    return f"lists of {on.day} {on:%B %Y}"


def _of_indicator(one: Indicator, measures: pd.DataFrame, by_list: float | None) -> dict[str, Any]:
    """What is known of an indicator, and what follows from it."""
    numerator, denominator = _measured(one, measures)
    wrong = numerator is not None and denominator is not None and numerator > denominator
    value = reached(numerator, denominator) if numerator is not None and denominator and not wrong else None
    of_point = value_of_point(one.contract_year)
    lower, upper, most, point = (
        float(said.value) if said.value else None for said in (one.lower, one.upper, one.points, of_point)
    )
    earned = _earned(value, lower, upper, most)
    given = None if one.awarded is None or most is None else one.awarded.number * most
    paid = earned if given is None else given
    before = None if paid is None or point is None else payment(paid, point)
    amount = None if before is None or by_list is None else before * by_list
    unreached = "what was reached (its numerator is above its denominator)" if wrong else "what was reached"
    missing = [one.missing, "" if value is not None else unreached, "" if point else "value of a point"]
    return {
        "indicator": one.indicator, "name": one.name, "numerator": numerator, "denominator": denominator,
        "value": value, "lower": lower, "upper": upper, "points": most, "earned": earned, "given": given,
        "value_of_point": point, "list_adjustment": by_list, "amount_before": before, "amount": amount,
        "missing": ", ".join(filter(None, missing)),
    } | _sure(one, {} if before is None else {"value of a point": of_point} | (
        {} if amount is None else {"list adjustment": clause("iif_list_adjustment", one.contract_year)}))  # fmt: skip


def _sure(one: Indicator, used: dict[str, Clause]) -> dict[str, str]:
    """How sure a row is, who says so and what to know of it: of its indicator, and of what its payment rests on."""
    if one.awarded is not None:
        used = {"share given to all": one.awarded} | used
    doubts = [one.standing] if one.standing != PUBLISHED else []
    doubts += [f"{what} {said.standing}" for what, said in used.items() if said.assumed]
    sources, notes = ([one.source], [one.note])
    sources += [said.row.source for said in used.values() if said.row.source not in one.source]
    notes += [said.row.note for said in used.values() if said.row.note not in one.note]
    return {
        "standing": "; ".join(doubts) or PUBLISHED,
        "source": "; ".join(dict.fromkeys(filter(None, sources))),
        "note": ". ".join(dict.fromkeys(filter(None, notes))),
    }


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
