"""The caseload of a month: whom to offer a slot, with reasons, for the slots that there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.anticipatory.caseload.assigning import NOBODY, assign, preferences, slots_a_month
from pcn_analysis.anticipatory.caseload.line import Order, in_order, line_of
from pcn_analysis.anticipatory.caseload.objective import DEFAULT, find_objective
from pcn_analysis.anticipatory.caseload.reasons import gaps_in_words, in_one_text, why
from pcn_analysis.anticipatory.cohorts import PROACTIVE_CARE, find_cohort
from pcn_analysis.exceptions import problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.anticipatory.caseload.line import Line
    from pcn_analysis.anticipatory.caseload.objective import Objective
    from pcn_analysis.anticipatory.cohorts import Cohort
    from pcn_analysis.population import Population

PLAN = "professional"
"""Column of who sees a person; null of those who are not reached."""


@dataclass(frozen=True)
class Caseload:
    """People of a cohort in the order of an objective, and who of them has a slot.

    Parameters
    ----------
    population, cohort, objective, capacity, months
        What it was made from; capacity is the slots a month by professional.
    people
        One row a person with a slot, the first in line first: person_id, practice_code, place (in line, from 1), score
        and its parts need, gaps, impact; open_gaps and reasons (plain words), last_contact (date) and
        months_since_contact, professional (suggested), month (from 1); and risk where risks were given.
    reasons
        One row a person with a slot and reason: person_id, element, date, as ``tables.REASONS`` without source.
    slots
        One row a month and professional: month, professional, capacity, used.
    not_reached
        Those with an open gap and no slot, in line: person_id, practice_code, place, score, need, gaps, impact.
    without_gap
        How many of the cohort have no open gap, and so are not in line.
    not_assessed
        what (cohort, need, care gap, contact), name, status, missing: of everything that was not assessed in full.
    line, order, chosen
        Everyone of the cohort, their order, and the number of the professional of each in it.
    risks
        Risks by person_id, where they were given.
    floors
        The part of its share of the slots that each fifth of deprivation has at least; None as ranked.
    """

    population: Population
    cohort: Cohort
    objective: Objective
    capacity: dict[str, int]
    months: int
    people: pd.DataFrame
    reasons: pd.DataFrame
    slots: pd.DataFrame
    not_reached: pd.DataFrame
    without_gap: int
    not_assessed: pd.DataFrame
    line: Line = field(repr=False)
    order: Order = field(repr=False)
    chosen: np.ndarray = field(repr=False)
    risks: pd.Series | None = field(repr=False, default=None)
    floors: float | None = None

    @property
    def without_practice(self) -> pd.DataFrame:
        """Those with an open gap whose practice is not known: they take no slot, as no practice's list shows them."""
        return self.not_reached[self.not_reached["practice_code"].isna()].reset_index(drop=True)

    def to_list(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """People and reasons as :func:`pcn_analysis.release.lists.write_lists` takes them.

        Those of no known practice come as well, without a month: they are counted there and are on no list.
        """
        told = self.people["last_contact"].dt.strftime("%Y-%m-%d").astype("str")
        nothing = "not known" if (self.not_assessed["what"] == "contact").any() else "none recorded"
        columns = {"priority": self.people["place"], "suggested_professional": self.people[PLAN]}
        people = self.people.assign(**columns, last_contact=told.fillna(nothing))
        others = self.without_practice
        if others.empty:
            return people, self.reasons
        others = others.assign(priority=others["place"]).reindex(columns=people.columns).astype(people.dtypes)
        return pd.concat([people, others], ignore_index=True), self.reasons

    @property
    def said(self) -> str:
        """What a reader must know of the capacity; no number of people is in it."""
        used, there = int(self.slots["used"].sum()), int(self.slots["capacity"].sum())
        if not used:
            return f"Nobody was given a slot: {self._why_nobody()}."
        without = len(self.without_practice)
        known = " whose practice is known" if without else ""
        if len(self.not_reached) == without:
            left = "; some slots are left" if used < there else ""
            return f"There are slots for everyone with an open care gap{known}{left}."
        if used < there:
            whom = f"nobody who waits{' and whose practice is known' if without else ''}"
            return f"Some slots are left, as {whom} has a care gap that those professionals close."
        return "Every slot is used, and people with open care gaps wait."

    def _why_nobody(self) -> str:
        if self.line.people.empty:
            return "nobody is in the cohort"
        if self.line.gaps.columns.empty:
            return "no care gap could be assessed"
        if len(self.order.rows) and len(self.without_practice) == len(self.order.rows):
            return "nobody with an open care gap has a known practice, whose list could show them"
        return "nobody of the cohort has an open care gap that these professionals close"


def caseload(
    population: Population,
    *,
    capacity: Mapping[str, int],
    cohort: Cohort | str = PROACTIVE_CARE,
    objective: Objective | str = DEFAULT,
    months: int = 1,
    risks: pd.DataFrame | None = None,
) -> Caseload:
    """Choose people of a cohort for the slots that there are.

    In line is whoever of the cohort has an open care gap that counts. The larger score goes first; of equals the larger
    need; of equals again a hash of person_id, which means nothing. In that order each takes a slot with the
    professional who closes most of their gaps, else with the next; of equal professionals with the one who more usually
    closes them, else with the first of the file. The first months are filled first.

    Parameters
    ----------
    population
        The people of a network.
    capacity
        Slots a month by professional, as ``{"GP": 10, "clinical pharmacist": 20}``; who is not named has none. More
        slots than people leave some free, and :attr:`Caseload.said` says so.
    cohort, objective
        A cohort and an objective, or their names or files.
    months
        How many months are planned.
    risks
        person_id and risk (0 to 1) of whom they are known: shown beside each person, and never part of the order.

    Raises
    ------
    PcnAnalysisError
        If the capacity cannot be used (:func:`pcn_analysis.anticipatory.caseload.assigning.slots_a_month`), if there is
        no such cohort or objective, if a step that the cohort rests on could not be assessed, or if risks are not one
        row a person from 0 to 1.
    """
    asked, wanted = find_cohort(cohort), find_objective(objective)
    slots = slots_a_month(capacity, wanted.professionals, months)
    known = None if risks is None else _risks(risks)
    line = line_of(population, asked, wanted)
    order = in_order(line, wanted)
    chosen = assign(preferences(order.value, order.usual), all_slots(wanted, slots, months))
    return planned(
        line,
        order,
        chosen,
        population=population,
        cohort=asked,
        objective=wanted,
        capacity=slots,
        months=int(months),
        risks=known,
    )


def planned(
    line: Line,
    order: Order,
    chosen: np.ndarray,
    *,
    population: Population,
    cohort: Cohort,
    objective: Objective,
    capacity: dict[str, int],
    months: int,
    risks: pd.Series | None,
    floors: float | None = None,
) -> Caseload:
    """The caseload of a line of whom it is known who sees each."""
    reached, everyone, rows = chosen != NOBODY, _in_line(line, order), order.rows[chosen != NOBODY]
    people = everyone[reached].reset_index(drop=True)
    reasons = why(population, cohort, objective, line, rows)
    last = line.people["last_contact"].iloc[rows].reset_index(drop=True)
    people = people.assign(
        open_gaps=gaps_in_words(line, objective, rows),
        reasons=in_one_text(reasons, people["person_id"]),
        last_contact=last,
        months_since_contact=_months(last, population),
        **_turns(chosen[reached], objective, capacity),
    )
    if risks is not None:
        people["risk"] = people["person_id"].map(risks).astype("Float64")
    return Caseload(
        population=population,
        cohort=cohort,
        objective=objective,
        capacity=capacity,
        months=months,
        people=people,
        reasons=reasons,
        slots=_slots(people, capacity, months),
        not_reached=everyone[~reached].reset_index(drop=True),
        without_gap=len(line.people) - len(order.rows),
        not_assessed=line.not_assessed,
        line=line,
        order=order,
        chosen=chosen,
        risks=risks,
        floors=floors,
    )


def all_slots(objective: Objective, slots: Mapping[str, int], months: int) -> np.ndarray:
    """Slots of all months, in the order of the professionals of an objective."""
    return np.array([slots.get(name, 0) * int(months) for name in objective.professionals])


def _turns(chosen: np.ndarray, objective: Objective, slots: Mapping[str, int]) -> dict[str, Any]:
    """Who sees each person and in which month, those first in line first."""
    names = np.array(objective.professionals, dtype=object)[chosen] if len(chosen) else np.array([], dtype=object)
    professional = pd.Series(names, dtype="str")
    before = professional.groupby(professional).cumcount()
    month = before // professional.map(slots).astype("Int64") + 1
    return {PLAN: professional, "month": month.astype("Int64")}


def _in_line(line: Line, order: Order) -> pd.DataFrame:
    people = line.people[["person_id", "practice_code"]].iloc[order.rows].reset_index(drop=True)
    place = pd.Series(np.arange(1, len(people) + 1), dtype="Int64")
    return pd.concat([people.assign(place=place), order.parts], axis=1)


def _slots(reached: pd.DataFrame, slots: Mapping[str, int], months: int) -> pd.DataFrame:
    rows = [(month, name, number) for month in range(1, months + 1) for name, number in slots.items()]
    table = pd.DataFrame(rows, columns=["month", PLAN, "capacity"])
    used = reached.groupby(["month", PLAN]).size()
    counted = [int(used.get((month, name), 0)) for month, name in zip(table["month"], table[PLAN], strict=True)]
    return table.assign(used=counted).astype({"month": "Int64", PLAN: "str", "capacity": "Int64", "used": "Int64"})


def _months(dates: pd.Series, population: Population) -> pd.Series:
    """Completed months from each date to the index date."""
    on = population.index_date
    whole = (on.year - dates.dt.year) * 12 + on.month - dates.dt.month - (dates.dt.day > on.day)
    return whole.where(dates.notna()).astype("Int64")


def _risks(risks: pd.DataFrame) -> pd.Series:
    remedy = "Give what pcn_analysis.anticipatory.admission.risks gives."
    if not {"person_id", "risk"} <= set(risks):
        raise problem("risks", "person_id or risk is not among the columns", remedy)
    twice, outside = int(risks["person_id"].duplicated().sum()), int((~risks["risk"].between(0, 1)).sum())
    if twice or outside:
        what = f"{twice} rows repeat a person, and {outside} have no risk from 0 to 1"
        raise problem("risks", what, remedy)
    return risks.set_index("person_id")["risk"]
