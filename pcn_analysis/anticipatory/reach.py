"""How many people a cohort would reach, who they are, and why: counts only.

Each function takes a :class:`pcn_analysis.population.Population` and a cohort, proactive care where none is named
(:mod:`pcn_analysis.anticipatory.cohorts`), counts people of its stored person table, and returns a table ready for
:func:`pcn_analysis.release.release` under ``hes``. The people themselves go into a list for their practice
(:mod:`pcn_analysis.release.lists`), never here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis import engine
from pcn_analysis.anticipatory.cohorts import PROACTIVE_CARE, Cohort, find_cohort
from pcn_analysis.anticipatory.eligibility import eligible, held_columns, reasons, steps
from pcn_analysis.anticipatory.whom import AGE, FRAILTY, PRACTICE, aged, each, means_of, named, never_aged, whom
from pcn_analysis.codes import AGE_GROUPS, age_group
from pcn_analysis.counted import Counted
from pcn_analysis.deprivation import FIFTHS, deprivation_fifth
from pcn_analysis.person_table import incomplete_columns, missing_deficits
from pcn_analysis.provenance import Rate
from pcn_analysis.rules import NOT_ASSESSED, coverage
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

FRAIL_ENOUGH = ("severe", "moderate")
"""Bands of frailty that are offered proactive care, first priority first."""
OTHERS = "Everyone else"
"""Who meets nothing that would put them first."""
SEXES = ("female", "male", "indeterminate or not known")
COUNTED_BY = ("person_id", "age", "sex", "imd_decile", "practice_code", "efi_category")
"""Columns of the person table that people are counted by."""
SHARE = Rate("share", "patients", "registered", interval=True)


def attrition(population: Population, cohort: Cohort | str = PROACTIVE_CARE) -> SourcedTable:
    """How many each step leaves, from everyone registered to those in the cohort.

    Returns
    -------
    SourcedTable
        One row a step, in order: step, patients (who remain), before (who came to the step), share, not_known (of whom
        what the step asks is not recorded), status, source.
        At a step that cannot be assessed everyone remains, and the status says so; before, share and not_known are
        null, as there is nothing that people have or lack.
    """
    found, rows = _steps(population, cohort)
    known = rows["status"] != NOT_ASSESSED
    table = pd.DataFrame(
        {
            "step": rows["step"],
            "patients": rows["remaining"],
            "before": rows["before"].where(known),
            "not_known": rows["not_known"],
            "status": rows["status"],
            "source": [step.source for step in found.steps],
        }
    )
    rates = (Rate("share", "patients", "before"),)
    by_step, counts = whom(population, found).by_step(rows["step"].to_list()), ("patients", "before", "not_known")
    counted = {name: by_step[name] for name in counts}
    return population.sourced(with_rates(table, rates), counts=counts, rates=rates, counted=counted)


def other_pathways(population: Population, cohort: Cohort | str = PROACTIVE_CARE) -> SourcedTable:
    """How many people each step leaves to another pathway, of those who came to it.

    Returns
    -------
    SourcedTable
        One row a step that names a pathway, in order: step, goes_to, patients (whom it takes out), before (who came to
        it), share, status. patients is null where the step could not be assessed. No rows where no step names one.
    """
    found, rows = _steps(population, cohort)
    by_step = whom(population, found).by_step(rows["step"].to_list())
    rows = rows[rows["goes_to"] != ""].rename(columns={"taken_out": "patients"}).reset_index(drop=True)
    rates = (Rate("share", "patients", "before"),)
    table = with_rates(rows[["step", "goes_to", "patients", "before", "status"]], rates)
    counted = {"patients": by_step["taken_out"], "before": by_step["before"]}
    return population.sourced(table, counts=("patients", "before"), rates=rates, counted=counted)


def eligible_by_severity(population: Population, cohort: Cohort | str = PROACTIVE_CARE) -> SourcedTable:
    """People with frailty who would be offered proactive care by its severity, those who go first on top.

    Returns
    -------
    SourcedTable
        frailty (severe, moderate), patients; others of a cohort are in no row. No rows where nobody is in the cohort.
    """
    chosen = _chosen(population, find_cohort(cohort))
    counts = chosen.groupby("efi_category").size()
    rows = counts.reindex(list(FRAIL_ENOUGH), fill_value=0).rename("patients").rename_axis("frailty").reset_index()
    means = {"frailty": each(FRAILTY, FRAIL_ENOUGH)}
    counted = {"patients": whom(population, find_cohort(cohort)).counted(means=means)}
    return population.sourced(rows if len(chosen) else rows[:0], counts=("patients",), counted=counted)


def eligible_by_priority(population: Population, cohort: Cohort | str = PROACTIVE_CARE) -> SourcedTable:
    """People of a cohort by what puts them first, those who go first on top.

    Returns
    -------
    SourcedTable
        One row a priority of the cohort, then a row for those who meet none: first, patients. Each person is counted
        once, at the first that they meet.
    """
    found = find_cohort(cohort)
    counts = _chosen(population, found).groupby("priority").size()
    names = [*(one.name for one in found.first), OTHERS]
    patients = [int(counts.get(rank, 0)) for rank in range(1, len(names) + 1)]
    rows = pd.DataFrame({"first": names, "patients": pd.array(patients, dtype="Int64")}).astype({"first": "str"})
    counted = {"patients": whom(population, found).counted(by=(f"first=priority in {named(found)}",))}
    return population.sourced(rows, counts=("patients",), counted=counted)


def eligible_by_practice(population: Population, cohort: Cohort | str = PROACTIVE_CARE) -> SourcedTable:
    """People of a cohort by practice, among its patients of the cohort's age.

    Returns
    -------
    SourcedTable
        One row a practice, by name, people of no known practice last: practice_name, patients, registered (of the age
        from which anyone can be in the cohort), share with limits. No rows where the practice is known of nobody.
    """
    return _among_those_of_age(population, find_cohort(cohort), "practice_name", None)


def eligible_by_age(population: Population, cohort: Cohort | str = PROACTIVE_CARE) -> SourcedTable:
    """People of a cohort by age and sex.

    Returns
    -------
    SourcedTable
        One row a sex and age group from the age at which anyone can be in the cohort: sex (female, male and, where
        there are any, indeterminate or not known), age_group, patients, registered, share with limits. No rows where
        nobody is in the cohort.
    """
    found = find_cohort(cohort)
    rows = [(sex, group) for sex in SEXES for group in _age_groups(found.from_age).values()]
    table = _among_those_of_age(population, found, "sex_and_age", [f"{sex}, {group}" for sex, group in rows])
    frame = table.frame.assign(sex=[sex for sex, _ in rows], age_group=[group for _, group in rows])
    of_sex = frame.groupby("sex")["registered"].transform("sum")
    none_known = of_sex[frame["sex"] != SEXES[-1]].sum() == 0
    told = (frame["registered"] > 0) if none_known else (frame["registered"] > 0) | (frame["sex"] != SEXES[-1])
    frame = frame[told & (frame["patients"].sum() > 0)].reset_index(drop=True)
    frame = frame[["sex", "age_group", *(name for name in table.frame if name != "sex_and_age")]]
    means = {AGE: {shown: ((AGE, (group,)),) for group, shown in _age_groups(found.from_age).items()}}
    told = {name: replace(one, by=("sex",), means=means) for name, one in table.counted.items()}
    return replace(table, frame=frame, counted=told)


def eligible_by_deprivation(population: Population, cohort: Cohort | str = PROACTIVE_CARE) -> SourcedTable:
    """People of a cohort by national fifth of deprivation of their area.

    Returns
    -------
    SourcedTable
        One row a fifth, the most deprived first: deprivation_fifth, patients, registered (of the cohort's age), share
        with limits. No rows where the area is known of nobody.
    """
    return _among_those_of_age(population, find_cohort(cohort), "deprivation_fifth", FIFTHS)


def reasons_met(population: Population, cohort: Cohort | str = PROACTIVE_CARE) -> SourcedTable:
    """Which reasons put people into a cohort; one person can have several.

    Returns
    -------
    SourcedTable
        One row an element of the steps that the cohort rests on, the commonest first: element, patients, eligible
        (everyone in the cohort), share. One that could not be assessed is met by nobody and has no number.
    """
    found = find_cohort(cohort)
    people, on = population.tables["person_table"], population.index_date
    met = engine.to_pandas(reasons(people, found, on=on).group_by("element").agg(patients=nw.len()))
    status = _status(population, found)
    counts = met.set_index("element")["patients"].reindex(list(status), fill_value=0).astype("Int64")
    counts = counts.where([status[name] for name in counts.index])
    rows = counts.rename_axis("element").reset_index().sort_values("element", ignore_index=True)
    unknown = {name: None for name, known in status.items() if not known}
    means = {"element": means_of([element for _, element in found.elements()]) | unknown}
    return _shares_of_cohort(
        population, found, rows, Counted(groups=(f"element=reason for {named(found)}",), means=means)
    )


def reasons_for_frailty(population: Population, cohort: Cohort | str = PROACTIVE_CARE) -> SourcedTable:
    """Which deficits make frail the people of a cohort; one person has many.

    Returns
    -------
    SourcedTable
        One row a deficit, the commonest first: element, patients, eligible (everyone in the cohort), share.
        No rows where the source gives a frailty score only.
    """
    met = population.tables.get("frailty_reasons")
    if met is None:
        rows = pd.DataFrame({"element": pd.Series(dtype="str"), "patients": pd.Series(dtype="Int64")})
    else:
        chosen = engine.like(_chosen(population, find_cohort(cohort))[["person_id"]], met)
        met = met.join(chosen, on="person_id", how="semi")
        rows = engine.to_pandas(met.group_by("element").agg(patients=nw.len()))
    deficits = Counted(groups=("element=deficit of the frailty index",))  # not the conditions of the same name
    return _shares_of_cohort(population, find_cohort(cohort), rows.sort_values("element", ignore_index=True), deficits)


def deficits_not_assessed(population: Population) -> SourcedTable:
    """Deficits of the frailty index that these records could never show, for want of a codelist or a table.

    Returns
    -------
    SourcedTable
        deficit; no rows where all 36 could be assessed, all of them where the source gives a score only. Words only.
    """
    return population.sourced(pd.DataFrame({"deficit": missing_deficits(population)}, dtype="str"))


def _chosen(population: Population, cohort: Cohort) -> pd.DataFrame:
    """People of a cohort with what they are counted by, as far as it is known; found once, and kept."""

    def find() -> pd.DataFrame:
        chosen = eligible(population.tables["person_table"], cohort, on=population.index_date)
        return _as_far_as_known(chosen, "priority", *COUNTED_BY)

    return population.once(f"people of the cohort {cohort!r}", find).copy(deep=False)


def _steps(population: Population, cohort: Cohort | str) -> tuple[Cohort, pd.DataFrame]:
    """The cohort with the counts of its steps and who came to each."""
    found, people = find_cohort(cohort), population.tables["person_table"]
    rows = steps(people, found, on=population.index_date, incomplete=incomplete_columns(population))
    return found, rows.assign(before=rows["remaining"].shift(fill_value=rows["remaining"].iloc[0]))


def _status(population: Population, cohort: Cohort) -> dict[str, bool]:
    """Whether each reason can be assessed."""
    columns = held_columns(population.tables["person_table"], cohort.steps)
    found = coverage([element for _, element in cohort.elements()], columns)
    return dict(zip(found["element"], found["status"] != NOT_ASSESSED, strict=True))


def _shares_of_cohort(population: Population, cohort: Cohort, rows: pd.DataFrame, met: Counted) -> SourcedTable:
    everyone = whom(population, cohort).counted()
    told = {"patients": replace(met, where=everyone.where, never=everyone.never), "eligible": everyone}
    rows["eligible"] = len(_chosen(population, cohort))
    rates, counts, by = (Rate("share", "patients", "eligible"),), ("patients", "eligible"), ("patients",)
    return population.sourced(with_rates(rows, rates), counts=counts, rates=rates, ranked_by=by, counted=told)


def _age_groups(from_age: int) -> dict[str, str]:
    """Age groups of a cohort by their usual name; the youngest is named by who of it can be there."""
    starts = [int(group.split("-")[0].removesuffix("+")) for group in AGE_GROUPS]
    ends = [*starts[1:], None]
    groups = dict(zip(AGE_GROUPS, zip(starts, ends, strict=True), strict=True))
    within = {name: ends for name, ends in groups.items() if ends[1] is None or ends[1] > from_age}
    return {
        name: name if start >= from_age else f"{from_age}-{end - 1}" if end else f"{from_age}+"
        for name, (start, end) in within.items()
    }


def _among_those_of_age(population: Population, cohort: Cohort, by: str, order: Sequence[str] | None) -> SourcedTable:
    """Those of a cohort among those old enough for it, by something about them; in order, or by name."""
    patients, registered = (
        _described(population, one, cohort.from_age).groupby(by).size()
        for one in (_chosen(population, cohort), _of_age(population, cohort))
    )
    found = set(registered.index)
    values = order or [*sorted(found - {NOT_KNOWN}), *({NOT_KNOWN} & found)]
    values = [] if found == {NOT_KNOWN} else values
    counts = {"patients": patients, "registered": registered}
    rows = pd.DataFrame({name: one.reindex(values, fill_value=0) for name, one in counts.items()}).rename_axis(by)
    frame, found_by = with_rates(rows.reset_index(), (SHARE,)), (f"{by}={PRACTICE}" if by == "practice_name" else by,)
    of_cohort = whom(population, cohort).counted(by=found_by)
    counted = {
        "patients": of_cohort,
        "registered": replace(
            of_cohort, where=aged(cohort.from_age), never=(*of_cohort.never, *never_aged(cohort.from_age))
        ),
    }
    return population.sourced(frame, counts=("patients", "registered"), rates=(SHARE,), counted=counted)


def _of_age(population: Population, cohort: Cohort) -> pd.DataFrame:
    """Everyone old enough for a cohort, with what they are counted by, as far as it is known."""
    of_age = population.tables["person_table"].filter(nw.col("age") >= cohort.from_age)
    return _as_far_as_known(of_age, *COUNTED_BY)


def _as_far_as_known(people: Lazy, *columns: str) -> pd.DataFrame:
    known = people.collect_schema().names()
    return engine.to_pandas(people.select(*(name for name in columns if name in known)))


def _described(population: Population, people: pd.DataFrame, from_age: int) -> pd.DataFrame:
    """What people are counted by, in words; what is not known is said to be so."""
    nothing = pd.Series(pd.NA, index=people.index)
    sex = people["sex"].where(people["sex"].isin(SEXES[:2]), SEXES[-1]).fillna(SEXES[-1])
    return people.assign(
        sex_and_age=sex + ", " + age_group(people["age"]).replace(_age_groups(from_age)),
        deprivation_fifth=deprivation_fifth(people.get("imd_decile", nothing)),
        practice_name=population.practice_names(people.get("practice_code", nothing)),
    )
