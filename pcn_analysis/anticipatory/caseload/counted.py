"""The caseload in counts, ready for :func:`pcn_analysis.release.release` under ``hes``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.anticipatory.caseload import whom
from pcn_analysis.anticipatory.caseload.assigning import NOBODY
from pcn_analysis.anticipatory.caseload.plan import PLAN
from pcn_analysis.anticipatory.whom import AGE, NULL, PRACTICE, each
from pcn_analysis.codes import AGE_GROUPS, age_group
from pcn_analysis.deprivation import FIFTHS, deprivation_fifth
from pcn_analysis.provenance import Rate
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.anticipatory.caseload.plan import Caseload
    from pcn_analysis.counted import Counted
    from pcn_analysis.provenance import SourcedTable

REACH = Rate("reach", "reached", "in_line", interval=True)
COUNTS = ("in_cohort", "in_line", "reached")
"""Everyone of the cohort; those with an open care gap; those with a slot."""


def from_cohort_to_slots(ranked: Caseload) -> SourcedTable:
    """How many are in the cohort, in line and reached.

    Returns
    -------
    SourcedTable
        One row: in_cohort, without_gap, in_line, reached, not_reached, without_practice (who of them have no slot as
        their practice is not known), and reach with limits.
    """
    reached, in_line = len(ranked.people), len(ranked.order.rows)
    counts = {
        "in_cohort": len(ranked.line.people),
        "without_gap": ranked.without_gap,
        "in_line": in_line,
        "reached": reached,
        "not_reached": in_line - reached,
        "without_practice": len(ranked.without_practice),
    }
    frame = with_rates(pd.DataFrame([counts]).astype("Int64"), (REACH,))
    conditions = {
        "in_cohort": (),
        "without_gap": whom.in_line(ranked, has=False),
        "in_line": whom.in_line(ranked),
        "reached": whom.reached(ranked),
        "not_reached": whom.reached(ranked, has=False),
        "without_practice": (*whom.reached(ranked, has=False), (PRACTICE, (NOT_KNOWN,))),
    }
    counted = {name: whom.in_cohort(ranked).counted(*one) for name, one in conditions.items()}
    return ranked.population.sourced(frame, counts=tuple(counts), rates=(REACH,), counted=counted)


def by_professional(ranked: Caseload) -> SourcedTable:
    """Slots and people by professional, all months together.

    Returns
    -------
    SourcedTable
        One row a professional with a capacity: professional, slots (which concern no person), patients.
    """
    rows = ranked.slots.groupby(PLAN, sort=False)[["capacity", "used"]].sum().reset_index()
    rows = rows.rename(columns={"capacity": "slots", "used": "patients"})
    by = (f"{PLAN}={PLAN} {whom.on_list(ranked)}",)
    counted = {"patients": whom.in_cohort(ranked).counted(*whom.reached(ranked), by=by)}
    return ranked.population.sourced(rows, counts=("patients",), numbers=("slots",), counted=counted)


def by_month(ranked: Caseload) -> SourcedTable:
    """Slots and people by month, all professionals together: month (from 1), slots, patients."""
    rows = ranked.slots.groupby("month")[["capacity", "used"]].sum().reset_index()
    rows = rows.rename(columns={"capacity": "slots", "used": "patients"})
    months = {month: ((f"month {whom.on_list(ranked)}", (str(month),)),) for month in rows["month"]}
    by = (f"month=month {whom.on_list(ranked)}",)
    counted = {"patients": whom.in_cohort(ranked).counted(*whom.reached(ranked), by=by, means={"month": months})}
    return ranked.population.sourced(rows, counts=("patients",), numbers=("month", "slots"), counted=counted)


def by_gap(ranked: Caseload) -> SourcedTable:
    """Open care gaps of the people in line, and of those with a slot; one person can have several.

    Returns
    -------
    SourcedTable
        One row a gap, in the order of the file: gap, closes (who usually closes it), evidence, weight, in_line,
        reached, reach with limits, status, missing (what was not recorded, in words), source. Counts are null for one
        that could not be assessed.
    """
    lacking = ranked.not_assessed.query("what == 'care gap'").set_index("name")
    status, missing = lacking["status"], lacking["missing"]
    met, reached = ranked.line.gaps.iloc[ranked.order.rows], ranked.chosen != NOBODY
    frame = pd.DataFrame(
        {
            "gap": [one.name for one in ranked.objective.gaps],
            "closes": [listed(list(one.closes)) for one in ranked.objective.gaps],
            "evidence": [one.evidence for one in ranked.objective.gaps],
            "weight": [one.weight for one in ranked.objective.gaps],
            "in_line": _of_each(met, ranked),
            "reached": _of_each(met[reached], ranked),
            "status": [status.get(one.name, "assessed") for one in ranked.objective.gaps],
            "missing": [missing.get(one.name, "") for one in ranked.objective.gaps],
            "source": [one.source for one in ranked.objective.gaps],
        }
    )
    counts, groups = ("in_line", "reached"), (f"gap={whom.gap(ranked)}",)
    told = _of_line(ranked)
    counted = {name: replace(told[name], groups=groups, means=NULL) for name in counts}
    kinds: dict[str, Any] = {"counts": counts, "rates": (REACH,), "numbers": ("weight",), "counted": counted}
    return ranked.population.sourced(with_rates(frame, (REACH,)), **kinds)


def by_age(ranked: Caseload) -> SourcedTable:
    """People by age group: age_group, in_cohort, in_line, reached, reach with limits; groups with nobody are absent."""
    return _by(ranked, "age_group", age_group(ranked.line.people["age"]), list(AGE_GROUPS))


def by_deprivation(ranked: Caseload) -> SourcedTable:
    """People by national fifth of deprivation, the most deprived first, as :func:`by_age`."""
    return _by(ranked, "deprivation_fifth", deprivation_fifth(ranked.line.people["imd_decile"]), FIFTHS)


def by_practice(ranked: Caseload) -> SourcedTable:
    """People by practice, by name, those of no known practice last, as :func:`by_age`."""
    names = ranked.population.practice_names(ranked.line.people["practice_code"])
    return _by(ranked, "practice_name", names, [*sorted(set(names) - {NOT_KNOWN}), NOT_KNOWN])


def _of_each(met: pd.DataFrame, ranked: Caseload) -> pd.Series:
    sums = met.sum()
    return pd.Series([sums.get(gap.name, pd.NA) for gap in ranked.objective.gaps], dtype="Int64")


def _by(ranked: Caseload, name: str, groups: pd.Series, order: Sequence[str]) -> SourcedTable:
    groups = groups.astype("str").fillna(NOT_KNOWN)
    rows = ranked.order.rows
    found = (np.arange(len(groups)), rows, rows[ranked.chosen != NOBODY])
    counted = {column: groups.iloc[of].value_counts() for column, of in zip(COUNTS, found, strict=True)}
    there = [one for one in [*order, *({NOT_KNOWN} - set(order))] if one in counted["in_cohort"].index]
    counts = {column: one.reindex(there, fill_value=0).astype("Int64") for column, one in counted.items()}
    frame = pd.DataFrame(counts).rename_axis(name).reset_index().astype({name: "str"})
    by = () if name == AGE else (f"{name}={PRACTICE}" if name == "practice_name" else name,)
    means: dict[Any, Any] = {AGE: each(AGE, AGE_GROUPS)} if name == AGE else {}
    told = {column: replace(one, by=by, means=means) for column, one in _of_line(ranked).items()}
    return ranked.population.sourced(with_rates(frame, (REACH,)), counts=COUNTS, rates=(REACH,), counted=told)


def _of_line(ranked: Caseload) -> dict[str, Counted]:
    """Everyone of the cohort, those in line and those with a slot."""
    conditions = ((), whom.in_line(ranked), whom.reached(ranked))
    return {name: whom.in_cohort(ranked).counted(*one) for name, one in zip(COUNTS, conditions, strict=True)}
