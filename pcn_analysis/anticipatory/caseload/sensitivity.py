"""How much of the list rests on each number of the objective."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.anticipatory.caseload.assigning import NOBODY, assign, preferences
from pcn_analysis.anticipatory.caseload.line import in_order
from pcn_analysis.anticipatory.caseload.plan import all_slots
from pcn_analysis.anticipatory.caseload.whom import in_cohort, on_list, reached
from pcn_analysis.anticipatory.whom import YES
from pcn_analysis.provenance import Rate
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.anticipatory.caseload.objective import Objective
    from pcn_analysis.anticipatory.caseload.plan import Caseload
    from pcn_analysis.provenance import SourcedTable

FACTORS = {"halved": 0.5, "doubled": 2.0}
STAYS = Rate("share", "stays", "on_list")


def sensitivity(ranked: Caseload) -> SourcedTable:
    """Change each number of the objective alone, and count who stays on the list.

    Returns
    -------
    SourcedTable
        One row a number and change: number (weight of a care gap, evidence, need), name, change (halved, doubled),
        stays (people who keep a slot), on_list, share. Care gaps that could not be assessed are left out.
    """
    line, slots = ranked.line, all_slots(ranked.objective, ranked.capacity, ranked.months)
    people = set(ranked.order.rows[ranked.chosen != NOBODY])
    rows = []
    for number, name, change, objective in _changed(ranked):
        order = in_order(line, objective)
        chosen = assign(preferences(order.value, order.usual), slots)
        rows.append((number, name, change, len(people.intersection(order.rows[chosen != NOBODY])), len(people)))
    kinds = {"number": "str", "name": "str", "change": "str", "stays": "Int64", "on_list": "Int64"}
    frame = with_rates(pd.DataFrame(rows, columns=list(kinds)).astype(kinds), (STAYS,))
    listed = in_cohort(ranked).counted(*reached(ranked))
    changes = {
        (number, name, change): ((f"{on_list(ranked)}, {number} {name} {change}", YES),)
        for number, name, change, *_ in rows
    }
    counted = {"stays": replace(listed, means={("number", "name", "change"): changes}), "on_list": listed}
    return ranked.population.sourced(frame, counts=("stays", "on_list"), rates=(STAYS,), counted=counted)


def _changed(ranked: Caseload) -> Iterator[tuple[str, str, str, Objective]]:
    """The objective with one number changed, for each number."""
    one = ranked.objective
    for change, factor in FACTORS.items():
        for gap in one.gaps:
            if gap.name in ranked.line.gaps:
                yield "weight of a care gap", gap.name, change, one.with_weight(gap.name, factor)
        for grade in one.impactibility:
            yield "evidence", grade, change, one.with_grade(grade, factor)
        for part in one.need:
            yield "need", part.name, change, one.with_points(part.name, factor)
