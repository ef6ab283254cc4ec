"""How many people would be offered proactive care, who they are, and why: counts only.

Each function takes a :class:`pcn_analysis.population.Population` and a cohort
(:mod:`pcn_analysis.anticipatory.eligibility`), counts people of its stored person table, and returns a table ready
for :func:`pcn_analysis.release.release` under ``hes``. The people themselves go into a list for their practice
(:mod:`pcn_analysis.release.lists`), never here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis import engine
from pcn_analysis.anticipatory.eligibility import FRAIL_ENOUGH, PROACTIVE_CARE, Step, eligible, steps
from pcn_analysis.codes import age_group
from pcn_analysis.deprivation import FIFTHS, deprivation_fifth
from pcn_analysis.person_table import incomplete_columns, missing_deficits
from pcn_analysis.provenance import Rate
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

OLD = 65
OLD_GROUPS = ("65-74", "75-84", "85+")
SEXES = ("female", "male", "indeterminate or not known")
SHARE = Rate("share", "patients", "registered", interval=True)


def attrition(population: Population, cohort: Sequence[Step] = PROACTIVE_CARE) -> SourcedTable:
    """How many each step leaves, from everyone registered to those who would be offered proactive care.

    Returns
    -------
    SourcedTable
        One row a step, in order: step, patients (who remain), before (who came to the step), share, not_known (of whom
        what the step asks is not recorded), status, source.
        At a step that cannot be assessed everyone remains, and the status says so.
    """
    incomplete = incomplete_columns(population)
    found = steps(population.tables["person_table"], cohort, on=population.index_date, incomplete=incomplete)
    rows = pd.DataFrame(
        {
            "step": found["step"],
            "patients": found["remaining"],
            "before": found["remaining"].shift(fill_value=found["remaining"].iloc[0]),
            "not_known": found["not_known"],
            "status": found["status"],
            "source": [step.source for step in cohort],
        }
    )
    rates = (Rate("share", "patients", "before"),)
    return population.sourced(with_rates(rows, rates), counts=("patients", "before", "not_known"), rates=rates)


def eligible_by_severity(population: Population, cohort: Sequence[Step] = PROACTIVE_CARE) -> SourcedTable:
    """People who would be offered proactive care by severity of frailty, those who go first on top.

    Returns
    -------
    SourcedTable
        frailty (severe, moderate), patients.
    """
    chosen = eligible(population.tables["person_table"], cohort, on=population.index_date)
    counts = engine.to_pandas(chosen.select("efi_category")).groupby("efi_category").size()
    rows = counts.reindex(list(FRAIL_ENOUGH), fill_value=0).rename("patients").rename_axis("frailty").reset_index()
    return population.sourced(rows, counts=("patients",))


def eligible_by_practice(population: Population, cohort: Sequence[Step] = PROACTIVE_CARE) -> SourcedTable:
    """People who would be offered proactive care by practice, among its patients of 65 and over.

    Returns
    -------
    SourcedTable
        One row a practice, by name, people of no known practice last: practice_name, patients, registered, share with
        limits. No rows where the practice is known of nobody.
    """
    return _among_old(population, cohort, "practice_name", None)


def eligible_by_age(population: Population, cohort: Sequence[Step] = PROACTIVE_CARE) -> SourcedTable:
    """People who would be offered proactive care by age and sex.

    Returns
    -------
    SourcedTable
        One row a sex and age group from 65: sex (female, male and, where there are any, indeterminate or not known),
        age_group, patients, registered, share with limits.
    """
    rows = [(sex, group) for sex in SEXES for group in OLD_GROUPS]
    found = _among_old(population, cohort, "sex_and_age", [f"{sex}, {group}" for sex, group in rows])
    frame = found.frame.assign(sex=[sex for sex, _ in rows], age_group=[group for _, group in rows])
    of_sex = frame.groupby("sex")["registered"].transform("sum")
    none_known = of_sex[frame["sex"] != SEXES[-1]].sum() == 0
    told = (frame["registered"] > 0) if none_known else (frame["registered"] > 0) | (frame["sex"] != SEXES[-1])
    frame = frame[told].reset_index(drop=True)
    frame = frame[["sex", "age_group", *(name for name in found.frame if name != "sex_and_age")]]
    return replace(found, frame=frame)


def eligible_by_deprivation(population: Population, cohort: Sequence[Step] = PROACTIVE_CARE) -> SourcedTable:
    """People who would be offered proactive care by national fifth of deprivation of their area.

    Returns
    -------
    SourcedTable
        One row a fifth, the most deprived first: deprivation_fifth, patients, registered (of 65 and over), share
        with limits. No rows where the area is known of nobody.
    """
    return _among_old(population, cohort, "deprivation_fifth", FIFTHS)


def reasons_for_frailty(population: Population, cohort: Sequence[Step] = PROACTIVE_CARE) -> SourcedTable:
    """Which deficits make frail those who would be offered proactive care; one person has many.

    Returns
    -------
    SourcedTable
        One row a deficit, the commonest first: element, patients, eligible (everyone who would be offered it), share.
        No rows where the source gives a frailty score only.
    """
    chosen = eligible(population.tables["person_table"], cohort, on=population.index_date).select("person_id")
    met = population.tables.get("frailty_reasons")
    if met is None:
        rows = pd.DataFrame({"element": pd.Series(dtype="str"), "patients": pd.Series(dtype="Int64")})
    else:
        met = met.join(chosen, on="person_id", how="semi")
        rows = engine.to_pandas(met.group_by("element").agg(patients=nw.len()))
    rows = rows.sort_values("element", ignore_index=True)
    rows["eligible"] = len(engine.to_pandas(chosen))
    rates = (Rate("share", "patients", "eligible"),)
    counts = ("patients", "eligible")
    return population.sourced(with_rates(rows, rates), counts=counts, rates=rates, ranked_by=("patients",))


def deficits_not_assessed(population: Population) -> SourcedTable:
    """Deficits of the frailty index that these records could never show, for want of a codelist or a table.

    Returns
    -------
    SourcedTable
        deficit; no rows where all 36 could be assessed, all of them where the source gives a score only. Words only.
    """
    return population.sourced(pd.DataFrame({"deficit": missing_deficits(population)}, dtype="str"))


def _among_old(population: Population, cohort: Sequence[Step], by: str, order: Sequence[str] | None) -> SourcedTable:
    """Those eligible among those of 65 and over, by something about them; in order, or by name."""
    table, on = population.tables["person_table"], population.index_date
    known = table.collect_schema().names()
    columns = [name for name in ("age", "sex", "imd_decile", "practice_code") if name in known]
    chosen, old = eligible(table, cohort, on=on), table.filter(nw.col("age") >= OLD)
    patients, registered = (
        _described(population, engine.to_pandas(one.select(*columns))).groupby(by).size() for one in (chosen, old)
    )
    found = set(registered.index)
    values = order or [*sorted(found - {NOT_KNOWN}), *({NOT_KNOWN} & found)]
    values = [] if found == {NOT_KNOWN} else values
    counts = {"patients": patients, "registered": registered}
    rows = pd.DataFrame({name: one.reindex(values, fill_value=0) for name, one in counts.items()}).rename_axis(by)
    frame = with_rates(rows.reset_index(), (SHARE,))
    return population.sourced(frame, counts=("patients", "registered"), rates=(SHARE,))


def _described(population: Population, people: pd.DataFrame) -> pd.DataFrame:
    """What people are counted by, in words; what is not known is said to be so."""
    nothing = pd.Series(pd.NA, index=people.index)
    sex = people["sex"].where(people["sex"].isin(SEXES[:2]), SEXES[-1]).fillna(SEXES[-1])
    return people.assign(
        sex_and_age=sex + ", " + age_group(people["age"]),
        deprivation_fifth=deprivation_fifth(people.get("imd_decile", nothing)),
        practice_name=population.practice_names(people.get("practice_code", nothing)),
    )
