"""Whether the fifths of deprivation are reached alike, and what it costs to see that they are.

The need of a fifth is its people in line: those of the cohort with an open care gap. Reach is the share of them who
have a slot; reach ÷ need is that share against the share of everyone in line. Lists are as ranked unless somebody asks
for floors: a floor can also take slots from the most deprived, where they have more open gaps than others.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.anticipatory.caseload.assigning import NOBODY, assign, preferences
from pcn_analysis.anticipatory.caseload.plan import all_slots, planned
from pcn_analysis.anticipatory.caseload.whom import in_cohort, in_line, reached
from pcn_analysis.anticipatory.cohorts import Cohort
from pcn_analysis.anticipatory.eligibility import eligible
from pcn_analysis.counted import Counted
from pcn_analysis.deprivation import FIFTHS, deprivation_fifth
from pcn_analysis.engine import to_pandas
from pcn_analysis.exceptions import problem
from pcn_analysis.person_table import table_of
from pcn_analysis.provenance import Rate
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.thresholds import SMALLEST_SHOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.anticipatory.caseload.plan import Caseload
    from pcn_analysis.provenance import SourcedTable

AS_RANKED, WITH_FLOORS = "as ranked", "with floors"
EXACT = 1e-9
"""So that a share that is whole stays whole."""
OVERALL = Rate("overall", "reached_all", "in_line_all")
REACH = Rate("reach", "reached", "in_line", interval=True, against="overall")
"""Share of the people in line who have a slot, of a fifth and of everyone."""


def fairer(ranked: Caseload, *, least: float = 1.0) -> Caseload:
    """The caseload in which each fifth of deprivation has at least its share of the slots, or a part of it.

    The floor of a fifth is its share of the people in line, of the slots that the ranked list uses, without the part of
    a person that is left over. The first of each fifth, up to its floor, take their slots before all others. Where the
    professionals who close their gaps have no slot left, others of their fifth take their place; a floor that cannot be
    met even so is said by :func:`reach_by_deprivation`.

    Parameters
    ----------
    ranked
        The caseload as ranked.
    least
        The part of its share that each fifth has at least, above 0 and at most 1. With all of it hardly a slot is left
        to those whom the ranking puts before others; with 0.8 only a fifth that is reached much less gains.

    Raises
    ------
    PcnAnalysisError
        If ``least`` is something else.
    """
    if not 0 < least <= 1:
        raise problem("least", "the part of its share is not above 0 and at most 1", "Give 1, or 0.8.")
    if ranked.order.parts.empty:
        return replace(ranked, floors=least)
    fifths = _fifths(ranked)
    ranks, floors = preferences(ranked.order.value, ranked.order.usual), _floors(ranked, least)
    slots = all_slots(ranked.objective, ranked.capacity, ranked.months)
    alike = pd.Series(np.isfinite(ranks) @ 2 ** np.arange(ranks.shape[1])).astype(str) + fifths
    passed_over = pd.Series(data=False, index=fifths.index)
    while True:
        before = (~passed_over).groupby(fifths).cumsum() - 1
        first = ~passed_over & (before < fifths.map(floors))
        turns = np.concatenate([np.flatnonzero(first), np.flatnonzero(~first)])
        chosen = np.full(len(turns), NOBODY)
        chosen[turns] = assign(ranks[turns], slots)
        missed = first & (chosen == NOBODY)
        if not missed.any():
            break
        passed_over |= missed.groupby(alike).cummax()  # whoever comes after and needs the same misses it as well
    same = {
        name: getattr(ranked, name) for name in ("population", "cohort", "objective", "capacity", "months", "risks")
    }
    return planned(ranked.line, ranked.order, chosen, **same, floors=least)


def reach_by_deprivation(ranked: Caseload, fair: Caseload, *, least: float = 1.0) -> SourcedTable:
    """Who is reached of each fifth, as ranked and with floors; ``least`` as it was for the floors.

    Returns
    -------
    SourcedTable
        One row a list and fifth with anyone in line, the most deprived first: list, deprivation_fifth, in_line,
        reached, in_line_all, reached_all (of everyone), overall and reach (shares), reach with limits and whether it is
        higher or lower than overall, floor (met, not met; null beside a count too small to show, which it would tell).
        :func:`relative` makes reach ÷ need of it.
    """
    floors, rows = _floors(ranked, least), []
    for name, one in ((AS_RANKED, ranked), (WITH_FLOORS, fair)):
        waiting = _fifths(one).value_counts()
        seen = _fifths(one)[one.chosen != NOBODY].value_counts()
        for fifth in (fifth for fifth in FIFTHS if waiting.get(fifth)):
            count = int(seen.get(fifth, 0))
            met = None if 0 < count < SMALLEST_SHOWN else "met" if count >= floors[fifth] else "not met"
            rows.append((name, fifth, int(waiting[fifth]), count, int(waiting.sum()), int(seen.sum()), met))
    counts = ("in_line", "reached", "in_line_all", "reached_all")
    frame = pd.DataFrame(rows, columns=["list", "deprivation_fifth", *counts, "floor"])
    frame = frame.astype(dict.fromkeys(counts, "Int64") | dict.fromkeys(["list", "deprivation_fifth", "floor"], "str"))
    within = in_cohort(ranked)
    waiting, by = within.counted(*in_line(ranked)), ("deprivation_fifth",)
    got = within.counted(means={"list": {AS_RANKED: reached(ranked), WITH_FLOORS: reached(fair)}})
    told = (replace(waiting, by=by), replace(got, by=by), waiting, got)
    rates, counted = (OVERALL, REACH), dict(zip(counts, told, strict=True))
    return ranked.population.sourced(with_rates(frame, rates), counts=counts, rates=rates, counted=counted)


def relative(reach: pd.DataFrame) -> pd.DataFrame:
    """Reach ÷ need of each fifth with its limits: its reach against that of everyone.

    Parameters
    ----------
    reach
        The frame of :func:`reach_by_deprivation`, best once released; what is null there is null here.

    Returns
    -------
    DataFrame
        The frame with reach_to_need, reach_to_need_lower and reach_to_need_upper. The limits are those of the reach of
        the fifth (95%, Wilson); the reach of everyone is taken as it is.

    Examples
    --------
    >>> half = pd.DataFrame({"overall": [0.5], "reach": [0.25], "reach_lower": [0.2], "reach_upper": [0.3]})
    >>> relative(half)[["reach_to_need", "reach_to_need_lower", "reach_to_need_upper"]].round(2).iloc[0].to_list()
    [0.5, 0.4, 0.6]
    """
    overall = reach["overall"].astype("Float64")
    overall = overall.where(overall > 0)
    ends = ("", "_lower", "_upper")
    return reach.assign(**{f"reach_to_need{end}": reach[f"reach{end}"].astype("Float64") / overall for end in ends})


def people_exchanged(ranked: Caseload, fair: Caseload) -> SourcedTable:
    """How many people of each fifth are on one list and not on the other.

    Returns
    -------
    SourcedTable
        One row a fifth with anyone in line: deprivation_fifth, joins (with floors alone), leaves (as ranked alone).
    """
    before, after = ranked.chosen != NOBODY, fair.chosen != NOBODY
    moved = pd.DataFrame({"deprivation_fifth": _fifths(ranked), "joins": after & ~before, "leaves": before & ~after})
    counted = moved.groupby("deprivation_fifth")[["joins", "leaves"]].sum().astype("Int64")
    rows = counted.reindex([one for one in FIFTHS if one in counted.index]).reset_index()
    rows, within = rows.astype({"deprivation_fifth": "str"}), in_cohort(ranked)
    by = ("deprivation_fifth",)
    counted = {
        "joins": within.counted(*reached(fair), *reached(ranked, has=False), by=by),
        "leaves": within.counted(*reached(ranked), *reached(fair, has=False), by=by),
    }
    return ranked.population.sourced(rows, counts=("joins", "leaves"), counted=counted)


def price_of_floors(ranked: Caseload, fair: Caseload) -> SourcedTable:
    """What floors change of the list as a whole.

    Returns
    -------
    SourcedTable
        One row: on_list (as ranked), exchanged (those who leave it), share, on_fair_list, objective_kept (the scores of
        the list with floors, added up, against those of the other; to the nearest hundredth, and null where the people
        exchanged may not be shown).
    """
    before, after = ranked.chosen != NOBODY, fair.chosen != NOBODY
    exchanged, score = int((before & ~after).sum()), ranked.order.parts["score"].to_numpy(dtype=float)
    told = score[before].sum() > 0 and (exchanged == 0 or exchanged >= SMALLEST_SHOWN)
    kept = round(score[after].sum() / score[before].sum(), 2) if told else None
    share = Rate("share", "exchanged", "on_list")
    counts = {"on_list": int(before.sum()), "exchanged": exchanged, "on_fair_list": int(after.sum())}
    frame = pd.DataFrame([counts]).astype("Int64").assign(objective_kept=pd.array([kept], dtype="Float64"))
    within = in_cohort(ranked)
    counted = {
        "on_list": within.counted(*reached(ranked)),
        "exchanged": within.counted(*reached(ranked), *reached(fair, has=False)),
        "on_fair_list": within.counted(*reached(fair)),
    }
    kinds = {"counts": tuple(counts), "rates": (share,), "numbers": ("objective_kept",), "counted": counted}
    return ranked.population.sourced(with_rates(frame, (share,)), **kinds)


def rules_by_deprivation(ranked: Caseload) -> SourcedTable:
    """What each rule does to each fifth: how many of those who come to it remain.

    Returns
    -------
    SourcedTable
        One row a rule and fifth: rule (a step of the cohort, an open care gap, a slot), deprivation_fifth, patients
        (who remain), before, share with limits. A step that was not assessed leaves everyone.
    """
    population, table = ranked.population, table_of(ranked.population)
    stages = []
    for number, step in enumerate(ranked.cohort.steps, start=1):
        part: Cohort = replace(ranked.cohort, steps=ranked.cohort.steps[:number], first=())
        chosen = eligible(table, part, on=population.index_date)
        known = "imd_decile" in chosen.collect_schema().names()
        people = to_pandas(chosen.select("person_id", *(["imd_decile"] if known else [])))
        stages.append((step.name, deprivation_fifth(people.reindex(columns=["imd_decile"])["imd_decile"])))
    stages += [("Has an open care gap", _fifths(ranked)), ("Has a slot", _fifths(ranked)[ranked.chosen != NOBODY])]
    counted = [(name, fifths.value_counts()) for name, fifths in stages]
    rows = [
        (name, fifth, int(after.get(fifth, 0)), int(before.get(fifth, 0)))
        for (_, before), (name, after) in pairwise(counted)
        for fifth in FIFTHS
        if fifth in counted[0][1].index
    ]
    kinds = {"rule": "str", "deprivation_fifth": "str", "patients": "Int64", "before": "Int64"}
    share = Rate("share", "patients", "before", interval=True)
    frame = with_rates(pd.DataFrame(rows, columns=list(kinds)).astype(kinds), (share,))
    told = _of_rules(ranked, [name for name, _ in stages])
    return population.sourced(frame, counts=("patients", "before"), rates=(share,), counted=told)


def _of_rules(ranked: Caseload, rules: Sequence[str]) -> dict[str, Counted]:
    """Whom each rule leaves, and who comes to it."""
    within = in_cohort(ranked)
    left = [within.after(number) for number in range(1, len(rules) - 1)]
    left += [(*within.cohort, *in_line(ranked)), (*within.cohort, *reached(ranked))]
    found = {"patients": zip(rules[1:], left[1:], strict=True), "before": zip(rules[1:], left[:-1], strict=True)}
    by = ("deprivation_fifth",)
    return {name: Counted(by=by, means={"rule": dict(one)}, never=within.never) for name, one in found.items()}


def _fifths(ranked: Caseload) -> pd.Series:
    """Fifth of everyone in line, in order; whoever has none is in a group of their own."""
    return deprivation_fifth(ranked.line.people["imd_decile"].iloc[ranked.order.rows].reset_index(drop=True))


def _floors(ranked: Caseload, least: float) -> dict[str, int]:
    """Slots that each fifth has at least."""
    in_line, reached = _fifths(ranked).value_counts(), int((ranked.chosen != NOBODY).sum())
    each = least * reached / max(int(in_line.sum()), 1)
    return {str(fifth): int(each * int(count) + EXACT) for fifth, count in in_line.items()}
