"""Priority groups of structured medication reviews: who of each was reviewed, and how groups overlap. Counts only."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.anticipatory.whom import YES
from pcn_analysis.counted import Counted
from pcn_analysis.provenance import Rate
from pcn_analysis.rules import ASSESSED, NOT_ASSESSED, PARTLY
from pcn_analysis.services.counts import MET, conditions, shares, standing, tables_of
from pcn_analysis.services.service_table import REASON
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.services.service_table import ServiceTable

SERVICE = "structured_medication_reviews"
REVIEWED = Rate("share", "reviewed", "people", interval=True)
NUMBER, PAIR = "number of groups", "pair"
"""Kinds of rows of :func:`overlap`."""
NO_GROUP, MOST = "no group", "3 groups or more"
NUMBERS = ("1 group", "2 groups", MOST)


def reviewed(population: Population, year: str = "") -> SourcedTable:
    """How many people of each priority group were reviewed in 12 months.

    Parameters
    ----------
    population
        The people of a network.
    year
        The contract year; that of the index date where none is given. A group that it does not know has no row.

    Returns
    -------
    SourcedTable
        One row a group, in the order of the specification: group, people (in the cohort for it), reviewed, share of
        them with limits, status, missing. One person can be in several groups.
    """
    table = tables_of(population, year, [SERVICE])[0]
    measure = table.service.measures[0]
    met = table.measures.get(measure.name)
    rows = [_of_group(table, one.name, met) for _, one in table.service.cohort.elements()]
    frame = pd.DataFrame(rows).astype({"people": "Int64", "reviewed": "Int64"})
    groups = (f"group={_dimension(table)}",)
    unknown = {"group": {row["group"]: None for row in rows if row["people"] is pd.NA}}
    people = Counted(groups=groups, where=table.whom.cohort, means=unknown, never=table.whom.never)
    lacking = {"group": {row["group"]: None for row in rows if row["reviewed"] is pd.NA}}
    done = Counted(groups=groups, where=conditions(table, measure, (MET,)), means=lacking, never=table.whom.never)
    counted = {"people": people, "reviewed": done}
    return population.sourced(
        with_rates(frame, (REVIEWED,)), counts=tuple(counted), rates=(REVIEWED,), counted=counted
    )  # fmt: skip


def overlap(population: Population, year: str = "") -> SourcedTable:
    """How many people are in one, two or more priority groups, and in each two of them.

    Parameters
    ----------
    population, year
        As in :func:`reviewed`.

    Returns
    -------
    SourcedTable
        One row a number of groups, then one for each two groups: kind (number of groups, pair), groups (in words),
        people, of (everyone in the cohort), share with limits, status. Where a group could not be assessed in full,
        numbers of groups are the least that they can be; two groups have no number where either was not assessed.
    """
    table = tables_of(population, year, [SERVICE])[0]
    names = [one.name for _, one in table.service.cohort.elements()]
    found = [*_numbers(table), *(_pair(table, *two) for two in combinations(names, 2))]
    rows = [{name: value for name, value in row.items() if name != "whom"} for row in found]
    means: dict[Any, Conditions | None] = {
        (row["kind"], row["groups"]): None if row["people"] is pd.NA else (*table.whom.cohort, *row["whom"])
        for row in found
    }
    nobody = (*table.whom.cohort, (_number_of(table), (NO_GROUP,)))
    people = Counted(means={("kind", "groups"): means}, never=(*table.whom.never, nobody))
    return shares(population, rows, {"people": people, "of": Counted(where=table.whom.cohort)})


def _of_group(table: ServiceTable, name: str, met: pd.Series | None) -> dict[str, Any]:
    held = table.reasons.get(name)
    return {
        "group": name,
        "people": pd.NA if held is None else int(held.sum()),
        "reviewed": pd.NA if held is None or met is None else int((held & met.fillna(False)).sum()),
        **standing(table, REASON, name),
    }


def _numbers(table: ServiceTable) -> list[dict[str, Any]]:
    """People of the cohort by the number of groups that they are in."""
    groups = table.reasons.sum(axis=1)[table.cohort].clip(upper=len(NUMBERS))
    how = {table.status[REASON, one.name] for _, one in table.service.cohort.elements()}
    status = NOT_ASSESSED if table.why_not else ASSESSED if how == {ASSESSED} else PARTLY
    return [
        {
            "kind": NUMBER,
            "groups": name,
            "people": pd.NA if table.why_not else int((groups == number).sum()),
            "of": pd.NA if table.why_not else int(table.cohort.sum()),
            "status": status,
            "whom": ((_number_of(table), (name,)),),
        }
        for number, name in enumerate(NUMBERS, start=1)
    ]


def _pair(table: ServiceTable, one: str, other: str) -> dict[str, Any]:
    status = max(table.status[REASON, one], table.status[REASON, other], key=(ASSESSED, PARTLY, NOT_ASSESSED).index)
    known = status != NOT_ASSESSED
    return {
        "kind": PAIR,
        "groups": f"{one} and {other[:1].lower()}{other[1:]}",
        "people": int((table.reasons[one] & table.reasons[other]).sum()) if known else pd.NA,
        "of": int(table.cohort.sum()) if known else pd.NA,
        "status": status,
        "whom": tuple((f"{_dimension(table)}: {name}", YES) for name in (one, other)),
    }


def _dimension(table: ServiceTable) -> str:
    """What being in the cohort for a reason is called, as in :func:`pcn_analysis.services.counts.reasons`."""
    return f"reason for {table.service.cohort_counted_as}"


def _number_of(table: ServiceTable) -> str:
    return f"number of priority groups for {table.service.cohort_counted_as}"
