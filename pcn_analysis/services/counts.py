"""How many people each service is for, why, and what it measures: counts only.

Each function takes the people of a network and a contract year, that of the index date where none is given, and
returns a table ready for :func:`pcn_analysis.release.release` under ``hes``. The people themselves go into lists for
their practices (:mod:`pcn_analysis.services.open_gaps`), never here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.anticipatory.caseload.reasons import BETWEEN, missing_in_words
from pcn_analysis.anticipatory.whom import PRACTICE
from pcn_analysis.contract.years import asked_year
from pcn_analysis.counted import Counted
from pcn_analysis.deprivation import FIFTHS, deprivation_fifth
from pcn_analysis.provenance import Rate
from pcn_analysis.rules import ASSESSED, NOT_ASSESSED, PARTLY, needed_columns
from pcn_analysis.scores.qrisk3 import DISCLAIMER
from pcn_analysis.services.catalogue import SERVICES
from pcn_analysis.services.service_table import MEASURE, REASON, ServiceTable, service_table
from pcn_analysis.services.specification import COHORT
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.services.specification import Measure

NAMED = 6
"""How much of what a cohort lacks is named."""
SHARE = Rate("share", "people", "of", interval=True)
COUNTS = ("people", "of")
MET, NOT_MET = "met", "not met"


@dataclass(frozen=True)
class Classes:
    """Classes that people are counted by.

    Parameters
    ----------
    column
        What the column that names them is called.
    dimension
        What that is called where other tables count by it as well.
    order
        The classes, in the order of the rows.
    of
        The class of each person, in the order of the service table.
    """

    column: str
    dimension: str
    order: Sequence[str]
    of: pd.Series

    @property
    def dimension_of(self) -> str:
        """The column with its dimension, as :class:`pcn_analysis.counted.Counted` wants it."""
        return self.column if self.column == self.dimension else f"{self.column}={self.dimension}"


def tables_of(population: Population, year: str = "", services: Iterable[str] = SERVICES) -> list[ServiceTable]:
    """What everyone meets of each of some services, in the contract year of the index date if none is given."""
    asked = asked_year(year, population.index_date)
    return [service_table(population, name, asked) for name in services]


def cohorts(population: Population, year: str = "") -> SourcedTable:
    """How many people each service is for.

    Returns
    -------
    SourcedTable
        One row a service: service (its title), whom, contract_year, in_force (how sure it is that networks had to
        deliver it in that year), people, of (everyone registered), share with limits, status, missing (the reasons for
        being in it that could not be assessed in full, or why nobody knows who is). people is null where nobody knows
        who is in the cohort.
    """
    tables = tables_of(population, year)
    rows = [
        {
            "service": one.service.title,
            "whom": one.service.whom,
            "contract_year": one.service.contract_year,
            "in_force": one.service.in_force.standing,
            "people": pd.NA if one.why_not else int(one.cohort.sum()),
            "of": len(one.people),
            **_known(one),
        }
        for one in tables
    ]
    means: dict[Any, Conditions | None] = {
        one.service.title: None if one.why_not else one.whom.cohort for one in tables
    }
    people = Counted(means={"service": means}, never=never_of(tables))
    return shares(population, rows, {"people": people, "of": Counted()})


def _known(table: ServiceTable) -> dict[str, str]:
    """Whether it is known who is in a cohort, and what could not be assessed of it."""
    if table.why_not:
        return {"status": NOT_ASSESSED, "missing": f"{table.why_not} (lacking: {_first_of(table)})"}
    lacking = [one.name for _, one in table.service.cohort.elements() if table.status[REASON, one.name] != ASSESSED]
    return {"status": PARTLY if lacking else ASSESSED, "missing": BETWEEN.join(lacking)}


def _first_of(table: ServiceTable) -> str:
    """The first of what the reasons for being in a cohort lack, in words."""
    lacking = [one for _, reason in table.service.cohort.elements() for one in table.missing[REASON, reason.name]]
    each = missing_in_words(lacking).split(BETWEEN)
    more = f" and {len(each) - NAMED} more" if len(each) > NAMED else ""
    return BETWEEN.join(each[:NAMED]) + more


def reasons(population: Population, service: str, year: str = "") -> SourcedTable:
    """How many people are in the cohort of a service for each reason; one person can have several.

    Returns
    -------
    SourcedTable
        One row a reason, in the order of the specification: reason, people, of (everyone in the cohort), share with
        limits, status, missing (in words), source. No people where it could not be assessed.
    """
    table = tables_of(population, year, [service])[0]
    rows = [
        {
            "reason": one.name,
            "people": int(table.reasons[one.name].sum()) if one.name in table.reasons else pd.NA,
            "of": pd.NA if table.why_not else int(table.cohort.sum()),
            **standing(table, REASON, one.name),
            "source": one.source,
        }
        for _, one in table.service.cohort.elements()
    ]
    unknown = {row["reason"]: None for row in rows if row["people"] is pd.NA}
    cohort = Counted(where=table.whom.cohort, never=table.whom.never)
    reasons = f"reason=reason for {table.service.cohort_counted_as}"
    people = replace(cohort, groups=(reasons,), means={"reason": unknown})
    return shares(population, rows, {"people": people, "of": cohort})


def measures(population: Population, year: str = "", services: Iterable[str] = SERVICES) -> SourcedTable:
    """What each service measures: of the people whom it concerns, how many meet it.

    Returns
    -------
    SourcedTable
        One row a measure: service, measure, people, of, share with limits, better (higher, lower, neither), target (a
        share; null where there is none), target_standing, status, missing, source, not_assessed, disclaimer.
    """
    rows: list[dict[str, Any]] = []
    means: dict[str, dict[Any, Conditions | None]] = {"people": {}, "of": {}}
    tables = tables_of(population, year, services)
    for table in tables:
        for one in table.service.measures:
            held = table.measures.get(one.name)
            rows.append(_described(table, one) | _counted(held))
            for column, classes in (("people", (MET,)), ("of", (MET, NOT_MET))):
                means[column][table.service.title, one.name] = None if held is None else conditions(table, one, classes)
    never = never_of(tables)
    counted = {name: Counted(means={("service", "measure"): said}, never=never) for name, said in means.items()}
    made = shares(population, rows, counted, numbers=("target",))
    return replace(made, rates=(replace(SHARE, asked="target"),))


def by_practice(population: Population, service: str, year: str = "", measures: Collection[str] = ()) -> SourcedTable:
    """What a service measures, by practice.

    Parameters
    ----------
    population
        The people of a network.
    service
        One of :data:`pcn_analysis.services.catalogue.SERVICES`.
    year
        The contract year; that of the index date where none is given.
    measures
        Names of the measures that are asked for; all of them where none is given.

    Returns
    -------
    SourcedTable
        One row a measure and practice, by name, people of no known practice last: measure, practice_name, people, of,
        share with limits. No rows of a measure that could not be assessed.
    """
    table = tables_of(population, year, [service])[0]
    if measures:
        table = replace(table, measures=table.measures.loc[:, table.measures.columns.isin(measures)])
    names = _practices(population, table)
    order = [*sorted(set(names) - {NOT_KNOWN}), *sorted({NOT_KNOWN} & set(names))]
    return broken_down(population, [table], Classes("practice_name", PRACTICE, order, names))


def by_deprivation(population: Population, year: str = "", services: Iterable[str] = SERVICES) -> SourcedTable:
    """What each service measures, by national fifth of deprivation of where people live.

    Returns
    -------
    SourcedTable
        One row a measure and fifth, the most deprived first: service, measure, deprivation_fifth, people, of, share
        with limits, better, disclaimer (of QRISK3, where the measure asks for it). No rows of a measure that could not
        be assessed, and none where the area is known of nobody.
    """
    tables = tables_of(population, year, services)
    deciles = tables[0].people.get("imd_decile", pd.Series(pd.NA, index=tables[0].people.index))
    fifths = Classes("deprivation_fifth", "deprivation_fifth", FIFTHS, deprivation_fifth(deciles))
    return broken_down(population, tables, fifths)


def conditions(table: ServiceTable, measure: Measure, classes: tuple[str, ...]) -> Conditions:
    """Whom a measure counts, in dimensions that other tables have as well."""
    among = table.whom.cohort if measure.among == COHORT else ()
    return (*among, (f"measure: {table.service.counted_as}: {measure.name}", classes))


def _described(table: ServiceTable, measure: Measure) -> dict[str, Any]:
    target = measure.target
    return {
        "service": table.service.title,
        "measure": measure.name,
        "better": measure.better,
        "target": float(target.value) if target and target.value else pd.NA,
        "target_standing": target.standing if target else "",
        **standing(table, MEASURE, measure.name),
        "source": measure.source,
        "not_assessed": measure.not_assessed,
        "disclaimer": _disclaimer(measure),
    }


def _disclaimer(measure: Measure) -> str:
    """What has to stand beside a measure that asks for a score of somebody else's."""
    asked = [one for one in (measure.of, measure.excluded, measure.met) if one]
    return DISCLAIMER if any("qrisk3" in needed_columns(one) for one in asked) else ""


def standing(table: ServiceTable, kind: str, name: str) -> dict[str, str]:
    """Whether a reason, measure or gap could be assessed, and what is missing."""
    return {"status": table.status[kind, name], "missing": missing_in_words(table.missing[kind, name])}


def _counted(held: pd.Series | None) -> dict[str, Any]:
    if held is None:
        return {"people": pd.NA, "of": pd.NA}
    return {"people": int(held.sum()), "of": int(held.notna().sum())}


def _practices(population: Population, table: ServiceTable) -> pd.Series:
    nothing = pd.Series(pd.NA, index=table.people.index, dtype="str")
    return population.practice_names(table.people.get("practice_code", nothing))


def broken_down(population: Population, tables: Sequence[ServiceTable], classes: Classes) -> SourcedTable:
    """Each measure that could be assessed by classes of people, in their order; nothing where no class is known.

    Returns
    -------
    SourcedTable
        One row a measure and class: service, measure, the column of the classes, better, disclaimer, people, of, share
        with limits.
    """
    rows: list[dict[str, Any]] = []
    means: dict[str, dict[Any, Conditions | None]] = {"people": {}, "of": {}}
    known = bool(set(classes.of) - {NOT_KNOWN})
    for table in tables:
        for one in (each for each in table.service.measures if each.name in table.measures and known):
            held, title = table.measures[one.name], table.service.title
            met, concerned = held.fillna(False).groupby(classes.of).sum(), held.notna().groupby(classes.of).sum()
            rows += [
                {"service": title, "measure": one.name, classes.column: name, "better": one.better,
                 "disclaimer": _disclaimer(one), "people": int(met.get(name, 0)), "of": int(concerned.get(name, 0))}
                for name in classes.order
            ]  # fmt: skip
            means["people"][title, one.name] = conditions(table, one, (MET,))
            means["of"][title, one.name] = conditions(table, one, (MET, NOT_MET))
    by, never = (classes.dimension_of,), never_of(tables)
    counted = {name: Counted(by=by, means={("service", "measure"): said}, never=never) for name, said in means.items()}
    columns = ("service", "measure", classes.column, "better", "disclaimer", *COUNTS)
    return shares(population, rows, counted, columns=columns)


def never_of(tables: Iterable[ServiceTable]) -> tuple[Conditions, ...]:
    """What nobody can be at once, by the steps of some services."""
    return tuple(dict.fromkeys(never for one in tables for never in one.whom.never))


def shares(
    population: Population,
    rows: list[dict[str, Any]],
    counted: dict[str, Counted],
    numbers: tuple[str, ...] = (),
    columns: tuple[str, ...] = (),
) -> SourcedTable:
    """Rows with people, of and the share that follows, ready for release."""
    frame = pd.DataFrame(rows, columns=list(columns) or None)
    frame = with_rates(frame.astype(dict.fromkeys(COUNTS, "Int64") | dict.fromkeys(numbers, "Float64")), (SHARE,))
    return population.sourced(frame, counts=COUNTS, rates=(SHARE,), numbers=numbers, counted=counted)
