"""How many people would be offered proactive care, who they are, and why: counts only.

Each function takes a :class:`pcn_analysis.population.Population` and a cohort
(:mod:`pcn_analysis.anticipatory.eligibility`), counts people of its stored person table, and returns a table ready
for :func:`pcn_analysis.release.release` under ``hes``. The people themselves go into a list for their practice
(:mod:`pcn_analysis.release.lists`), never here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis import engine
from pcn_analysis.anticipatory.eligibility import FRAIL_ENOUGH, PROACTIVE_CARE, Step, eligible, steps
from pcn_analysis.codes import age_group
from pcn_analysis.deprivation import FIFTHS, deprivation_fifth
from pcn_analysis.provenance import Rate
from pcn_analysis.scores.frailty import unassessable_deficits
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

OLD = 65
OLD_GROUPS = ("65-74", "75-84", "85+")
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
    found = steps(population.tables["person_table"], cohort, on=population.index_date)
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
    rows = _by(_people(population, cohort, ["efi_category"]), "efi_category", FRAIL_ENOUGH)
    return population.sourced(rows.rename(columns={"efi_category": "frailty"}), counts=("patients",))


def eligible_by_practice(population: Population, cohort: Sequence[Step] = PROACTIVE_CARE) -> SourcedTable:
    """People who would be offered proactive care by practice, among its patients of 65 and over.

    Returns
    -------
    SourcedTable
        One row a practice, by name: practice_code, practice_name, patients, registered, share with limits.
    """
    names = population.place.tables["practices"].frame.set_index("practice_code")["practice_name"]
    rows = _among_old(population, cohort, "practice_code", None)
    rows.insert(1, "practice_name", rows["practice_code"].map(names))
    return _shares(population, rows.sort_values(["practice_name", "practice_code"], ignore_index=True))


def eligible_by_age(population: Population, cohort: Sequence[Step] = PROACTIVE_CARE) -> SourcedTable:
    """People who would be offered proactive care by age and sex.

    Returns
    -------
    SourcedTable
        One row a sex and age group from 65: sex, age_group, patients, registered, share with limits.
    """
    parts = []
    for sex in ("female", "male"):
        rows = _among_old(population, cohort, "age_group", OLD_GROUPS, nw.col("sex") == sex)
        parts.append(rows.assign(sex=sex)[["sex", *rows.columns]])
    return _shares(population, pd.concat(parts, ignore_index=True))


def eligible_by_deprivation(population: Population, cohort: Sequence[Step] = PROACTIVE_CARE) -> SourcedTable:
    """People who would be offered proactive care by national fifth of deprivation of their area.

    Returns
    -------
    SourcedTable
        One row a fifth, the most deprived first: deprivation_fifth, patients, registered (of 65 and over), share
        with limits.
    """
    return _shares(population, _among_old(population, cohort, "deprivation_fifth", FIFTHS))


def reasons_for_frailty(population: Population, cohort: Sequence[Step] = PROACTIVE_CARE) -> SourcedTable:
    """Which deficits make frail those who would be offered proactive care; one person has many.

    Returns
    -------
    SourcedTable
        One row a deficit, the commonest first: element, patients, eligible (everyone who would be offered it), share.
    """
    chosen = eligible(population.tables["person_table"], cohort, on=population.index_date).select("person_id")
    met = population.tables["frailty_reasons"].join(chosen, on="person_id", how="semi")
    rows = engine.to_pandas(met.group_by("element").agg(patients=nw.len()))
    rows = rows.sort_values(["patients", "element"], ascending=[False, True], ignore_index=True)
    rows["eligible"] = len(engine.to_pandas(chosen))
    rates = (Rate("share", "patients", "eligible"),)
    return population.sourced(with_rates(rows, rates), counts=("patients", "eligible"), rates=rates)


def deficits_not_assessed(population: Population) -> SourcedTable:
    """Deficits of the frailty index that these records could never show, for want of a codelist or a table.

    Returns
    -------
    SourcedTable
        deficit; no rows where all 36 could be assessed. Words only.
    """
    held = ("measurements" in population.tables, "medications" in population.tables)
    return population.sourced(pd.DataFrame({"deficit": unassessable_deficits(population.covered, *held)}, dtype="str"))


def _people(population: Population, cohort: Sequence[Step], columns: list[str]) -> pd.DataFrame:
    chosen = eligible(population.tables["person_table"], cohort, on=population.index_date)
    return engine.to_pandas(chosen.select(*columns))


def _among_old(
    population: Population, cohort: Sequence[Step], by: str, order: Iterable[str] | None, who: nw.Expr | None = None
) -> pd.DataFrame:
    """Those eligible and those of 65 and over, by something about them."""
    table, on = population.tables["person_table"], population.index_date
    some: Lazy = table if who is None else table.filter(who)
    chosen, old = eligible(some, cohort, on=on), some.filter(nw.col("age") >= OLD)
    columns = ["age", "imd_decile", "practice_code"]
    counts = [_by(_described(engine.to_pandas(one.select(*columns))), by, order) for one in (chosen, old)]
    both = counts[1].rename(columns={"patients": "registered"}).merge(counts[0], on=by, how="left")
    both["patients"] = both["patients"].fillna(0).astype("Int64")
    return both[[by, "patients", "registered"]]


def _described(people: pd.DataFrame) -> pd.DataFrame:
    return people.assign(age_group=age_group(people["age"]), deprivation_fifth=deprivation_fifth(people["imd_decile"]))


def _by(people: pd.DataFrame, by: str, order: Iterable[str] | None) -> pd.DataFrame:
    counts = people.groupby(by).size().rename("patients")
    return counts.reindex(list(order) if order else sorted(counts.index), fill_value=0).rename_axis(by).reset_index()


def _shares(population: Population, rows: pd.DataFrame) -> SourcedTable:
    return population.sourced(with_rates(rows, (SHARE,)), counts=("patients", "registered"), rates=(SHARE,))
