"""Put each design to the records: who is in which group, what is counted of them, and what follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.anticipatory.programme import differences, matched
from pcn_analysis.anticipatory.programme.design import DIFFERENCES, MATCHED, NOBODY, SERIES
from pcn_analysis.anticipatory.programme.followed import DAY, EARLIER, YEAR, at_start, counted, ended, shifted
from pcn_analysis.anticipatory.programme.series import FOR_SEASON, interruption
from pcn_analysis.anticipatory.programme.starts import PEOPLE
from pcn_analysis.anticipatory.programme.verdict import NOT_ESTIMATED, Estimate
from pcn_analysis.exceptions import PcnAnalysisError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcn_analysis.anticipatory.programme.design import Design
    from pcn_analysis.anticipatory.programme.followed import Records
    from pcn_analysis.anticipatory.programme.starts import Starts

PROGRAMME, COMPARISON = "programme", "comparison"
FEWEST_PEOPLE = 20
"""People that each group needs."""
_NO_ROWS = pd.DataFrame()


@dataclass(frozen=True)
class Comparison:
    """What one design found.

    Parameters
    ----------
    effect, difference
        Ratio of rates, and difference in contacts for 1,000 people and year.
    against
        What speaks against them.
    groups
        group, period (before, after), people, events, years, died, left; the last two null before the start.
    flow
        step, programme, comparison: how many people were left, in order.
    balance, months
        Of matching, and of a time series; without rows elsewhere.
    further
        Other ratios, by name.
    notes
        What a reader has to know besides.
    """

    effect: Estimate
    difference: Estimate
    against: list[str]
    groups: pd.DataFrame
    flow: pd.DataFrame
    balance: pd.DataFrame = field(default_factory=lambda: _NO_ROWS)
    months: pd.DataFrame = field(default_factory=lambda: _NO_ROWS)
    further: dict[str, Estimate] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def _matched(records: Records, design: Design, starts: Starts) -> Comparison:
    people, flow = _people(records, design, starts)
    exact = [f"{name}, band" if name == EARLIER else name for name in design.exact]
    people[f"{EARLIER}, band"] = people[EARLIER].clip(upper=3)
    covariates = [*dict.fromkeys([*design.covariates, EARLIER])]
    rows, balance, against = matched.match(people, covariates, exact)
    rows = rows.join(counted(rows, records, {"before": (-design.months_before, 0), "after": (0, design.months_after)}))
    seen = rows.rename(columns={"after_events": "events", "after_years": "years"})
    effect, few = matched.compare(seen, covariates)
    pairs = len(rows) // 2
    flow.loc[len(flow)] = ("matched", pairs, pairs)
    notes = []
    if 0 < pairs < people["treated"].sum():
        notes.append("The estimate is of those who found a pair, not of everyone who got the programme.")
    groups = _groups(rows, records, design)
    difference = _implied(effect, groups)
    return Comparison(effect, difference, few + against, groups, flow, balance, notes=tuple(notes))


def _differences(records: Records, design: Design, starts: Starts) -> Comparison:
    people, flow = _people(records, design, starts)
    half = -(design.months_before // 2)
    windows = {"early": (-design.months_before, half), "late": (half, 0),
               "before": (-design.months_before, 0), "after": (0, design.months_after)}  # fmt: skip
    people = people.join(counted(people, records, windows))
    columns = [f"{name}_{what}" for name in windows for what in ("events", "years")]
    by = [starts.unit, "start", "treated"]
    units = people.groupby(by, as_index=False)[columns].sum().rename(columns={starts.unit: "unit"})
    word = "people with contacts" if starts.unit == PEOPLE else "practices with contacts"
    effect, earlier, against = differences.compare(units, unit=word)
    once = people.drop_duplicates(["person_id", "treated"])
    groups = _groups(once, records, design)
    notes = [
        "The two halves of the months before were compared in the same way; that they do not differ clearly is no "
        "proof that the groups would have gone on alike."
    ]
    further = {"two halves of the months before": earlier}
    difference = _implied(effect, groups)
    return Comparison(effect, difference, against, groups, flow, further=further, notes=tuple(notes))


def _series(records: Records, design: Design, starts: Starts) -> Comparison:
    start = starts.days()[0]
    treated = starts.groups(records.persons)
    chosen = {PROGRAMME: records.persons[(treated == True).fillna(False)]}  # noqa: E712  (null is in neither)
    if design.comparison != NOBODY:
        chosen[COMPARISON] = records.persons[(treated == False).fillna(False)]  # noqa: E712
    edges = [shifted(start, month) for month in range(-design.months_before, design.months_after + 1)]
    rows = {
        "number": range(-design.months_before, design.months_after),
        "month": edges[:-1],
        "calendar": [edge.month for edge in edges[:-1]],
    }
    months = pd.DataFrame(rows)
    for group, people in chosen.items():
        months = months.join(_monthly(people, records, edges).add_prefix(f"{group}_"))
    found = interruption(months)
    periods = [("before", edges[0], start), ("after", start, edges[-1])]
    groups = pd.DataFrame([_period(group, people, records, one) for group, people in chosen.items() for one in periods])
    left = {group: int(_alive(people, edges[0], edges[-1]).sum()) for group, people in chosen.items()}
    flow = _flow([("ever registered in the months compared", left[PROGRAMME], left.get(COMPARISON))])
    notes = ["Level and slope before the start are taken to have gone on without the programme."]
    if design.comparison == NOBODY:
        notes.append("Nobody was compared with: anything else that changed at that time is taken for the programme.")
        if len(months) < FOR_SEASON:
            notes.append(f"Fewer than {FOR_SEASON} months: season was not taken into account.")
    further = {"level at the start": found.level, "slope, each month after": found.slope}
    difference = _implied(found.effect, groups)
    return Comparison(found.effect, difference, list(found.against), groups, flow,
                      months=months, further=further, notes=tuple(notes))  # fmt: skip


COMPARISONS: dict[str, Callable[[Records, Design, Starts], Comparison]] = {
    MATCHED: _matched,
    DIFFERENCES: _differences,
    SERIES: _series,
}


def _people(records: Records, design: Design, starts: Starts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Everyone who is compared, on each start, and how many each step left of them."""
    parts = []
    for start in starts.days():
        people = at_start(records, start, design)
        parts.append(people.assign(treated=starts.groups(people, start)).dropna(subset=["treated"]))
    people = pd.concat(parts, ignore_index=True)
    people["treated"] = people["treated"].astype(bool)
    flow: list[tuple[str, int, int | None]] = [
        ("in the records", *_in_groups(records.persons.assign(treated=starts.groups(records.persons))))
    ]
    if starts.unit == PEOPLE:
        flow.insert(0, ("in the list", len(starts.since), None))
    flow.append(("alive and registered at the start", *_in_groups(people)))
    people = people[people["whole"]]
    flow.append(("registered in all of the months before", *_in_groups(people)))
    if design.whom is not None:
        people = people[people["whom"]]
        flow.append(("meets what is asked of everyone", *_in_groups(people)))
    if problems := [
        Problem(f"{design.name}, {group}", f"nobody is left: {flow[-1][0]}", "Look at dates and whom.")
        for group, left in ((PROGRAMME, flow[-1][1]), (COMPARISON, flow[-1][2]))
        if not left
    ]:
        raise PcnAnalysisError(*problems)
    return people.reset_index(drop=True), _flow(flow)


def _in_groups(people: pd.DataFrame) -> tuple[int, int | None]:
    """How many different people got the programme, and did not."""
    number = people.dropna(subset=["treated"]).groupby("treated")["person_id"].nunique()
    return int(number.get(True, 0)), int(number.get(False, 0))


def _flow(steps: list[tuple[str, int, int | None]]) -> pd.DataFrame:
    kinds = {"step": "str", PROGRAMME: "Int64", COMPARISON: "Int64"}
    return pd.DataFrame(steps, columns=list(kinds)).astype(kinds)


def _groups(people: pd.DataFrame, records: Records, design: Design) -> pd.DataFrame:
    people = people.join(ended(people, records, design.months_after))
    rows = []
    for group, treated in ((PROGRAMME, True), (COMPARISON, False)):
        some = people[people["treated"] == treated]
        for period in ("before", "after"):
            sums = (int(some[f"{period}_events"].sum()), float(some[f"{period}_years"].sum()))
            lost = (int(some["died"].sum()), int(some["left"].sum())) if period == "after" else (pd.NA, pd.NA)
            rows.append((group, period, len(some), *sums, *lost))
    return pd.DataFrame(rows, columns=["group", "period", "people", "events", "years", "died", "left"])


def _alive(people: pd.DataFrame, begin: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    return (people["until"] > begin) & (people["first"].isna() | (people["first"] < end))


def _monthly(people: pd.DataFrame, records: Records, edges: list[pd.Timestamp]) -> pd.DataFrame:
    """Contacts, years at risk, and people registered at any time in each month."""
    days = records.events.loc[records.events["person_id"].isin(people["person_id"]), "day"]
    month = pd.cut(days, edges, right=False, labels=False).dropna().astype(int)
    rows = []
    for begin, end in pairwise(edges):
        held = people["until"].clip(upper=end) - people["first"].clip(lower=begin).fillna(begin)
        years = float((held / DAY).clip(lower=0).sum()) / YEAR
        rows.append((years, int(_alive(people, begin, end).sum())))
    frame = pd.DataFrame(rows, columns=["years", "people"])
    return frame.assign(events=month.value_counts().reindex(frame.index, fill_value=0))


def _period(group: str, people: pd.DataFrame, records: Records, of: tuple[str, pd.Timestamp, pd.Timestamp]) -> dict:
    period, begin, end = of
    whole = _monthly(people, records, [begin, end]).iloc[0]
    inside = (people["until"] >= begin) & (people["until"] < min(end, records.until))
    died = inside & (people["death_date"] + DAY == people["until"])
    return {"group": group, "period": period, "people": int(whole["people"]), "events": int(whole["events"]),
            "years": float(whole["years"]), "died": int(died.sum()), "left": int((inside & ~died).sum())}  # fmt: skip


def _implied(effect: Estimate, groups: pd.DataFrame) -> Estimate:
    """Difference that a ratio means at the rate that was seen with the programme, for 1,000 people and year."""
    seen = groups[(groups["group"] == PROGRAMME) & (groups["period"] == "after")].iloc[0]
    if not effect.is_known or not seen["years"] or not effect.lower:
        return NOT_ESTIMATED
    rate = 1000 * float(seen["events"]) / float(seen["years"])
    return Estimate(*(rate * (1 - 1 / one) for one in (effect.value, effect.lower, effect.upper)))
