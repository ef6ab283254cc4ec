"""What each person of a network meets of a service: its cohort, reasons, measures and gaps.

Everything that is counted and listed of a service follows from here, so that a count and a list can never disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis.anticipatory.cohorts import Step
from pcn_analysis.anticipatory.eligibility import eligible, held_columns, not_known
from pcn_analysis.anticipatory.whom import of_steps
from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.kept_rows import kept_rows
from pcn_analysis.person_table import incomplete_columns, table_of
from pcn_analysis.rules import ASSESSED, NOT_ASSESSED, PARTLY, assessment, flags, needed_columns
from pcn_analysis.services.catalogue import find_service, incomplete_of, module_of
from pcn_analysis.services.specification import COHORT
from pcn_analysis.words import listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from pcn_analysis.anticipatory.whom import Whom
    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population
    from pcn_analysis.rules import Criterion
    from pcn_analysis.services.specification import Measure, ServiceSpecification

    Key = tuple[str, str, str]

DESCRIBED = ("person_id", "practice_code", "sex", "age", "imd_decile", "ethnicity")
"""What is known of everybody, where the records have it."""
IN_COHORT, PRIORITY = "in_cohort", "priority"
REASON, MEASURE, GAP = "reason", "measure", "gap"
OF, EXCLUDED, MET = "of", "excluded", "met"
NO_COHORT = "who is in the cohort"


@dataclass(frozen=True)
class ServiceTable:
    """What a network's people meet of a service; rows of the frames are the same people in the same order.

    Parameters
    ----------
    service
        The specification.
    people
        Everyone registered: ``DESCRIBED``; in_cohort; priority, null outside the cohort.
    reasons
        Whether each is in the cohort for a reason, by its name.
    measures
        Whether each meets a measure, by its name; null for those whom it does not concern.
    gaps
        Whether a gap is open, by its name.
    whom
        Whom the steps of the cohort leave, in dimensions that other tables have as well.
    status
        Whether each reason, measure and gap, by kind and name, could be assessed; one that could not has no column.
    missing
        What is missing of each, as columns or in words.
    why_not
        Why nobody knows who is in the cohort; empty where it is known.
    """

    service: ServiceSpecification
    people: pd.DataFrame
    reasons: pd.DataFrame
    measures: pd.DataFrame
    gaps: pd.DataFrame
    whom: Whom
    status: Mapping[tuple[str, str], str]
    missing: Mapping[tuple[str, str], tuple[str, ...]]
    why_not: str

    @property
    def cohort(self) -> pd.Series:
        """Whether each is in the cohort."""
        return self.people[IN_COHORT]


def with_service_columns(population: Population, name: str, year: str, read: Collection[str] | None = None) -> Lazy:
    """The person table of a network with the columns that a service asks for, lazy.

    Parameters
    ----------
    population, name, year
        As in :func:`service_table`.
    read
        Which columns of the person table are read. It is wide, and a chain of narrow steps is planned in a part of the
        time. By default all.
    """
    people, module = table_of(population), module_of(name)
    if read is not None:
        wanted = {"person_id", *read, *module.READ}
        people = people.select(*(column for column in people.collect_schema().names() if column in wanted))
    return module.with_columns(people, population, year)


def service_rows(population: Population, name: str, year: str) -> pd.DataFrame:
    """Everyone registered with what is read of them for a service, in no order; found once, and kept beside them.

    The columns are read several times, and each time would run the whole chain.

    Parameters
    ----------
    population, name, year
        As in :func:`service_table`.

    Returns
    -------
    DataFrame
        ``DESCRIBED``, what the rules of the service ask for, and what it reads and adds itself, as far as it is there.
    """

    def find() -> pd.DataFrame:
        service, module = find_service(name, year), module_of(name)
        asked = [*_criteria(service), *(one.when for one in service.cohort.first)]
        wanted = {*DESCRIBED, *module.READ, *(column.name for column in module.COLUMNS)}
        wanted |= {column for one in asked for column in needed_columns(one)}
        table = with_service_columns(population, name, year, wanted)
        return to_pandas(table.select(*(column for column in table.collect_schema().names() if column in wanted)))

    return kept_rows(population, f"rows of {name} {year}", find).copy(deep=False)


def service_table(population: Population, name: str, year: str) -> ServiceTable:
    """Find what everyone of a network meets of a service on the index date; found once, and kept.

    Parameters
    ----------
    population
        The people of a network.
    name
        One of :data:`pcn_analysis.services.catalogue.SERVICES`.
    year
        The contract year.

    Raises
    ------
    PcnAnalysisError
        If there is no such service or year.
    """
    return population.once(f"service {name} {year}", lambda: _found(population, find_service(name, year)))


def _found(population: Population, service: ServiceSpecification) -> ServiceTable:
    on, asked = population.index_date, _asked(service)
    table = lazy(service_rows(population, service.name, service.contract_year))
    held = held_columns(table, [Step("", one, "") for one in _criteria(service)])
    incomplete = incomplete_columns(population) | incomplete_of(service.name, population)
    problems = not_known(table, service.cohort)
    chosen = _with_cohort(table, service, on, known=not problems)
    flagged, met = _flagged(chosen, asked, on, held)
    kept = [name for name in (*DESCRIBED, IN_COHORT, PRIORITY) if name in flagged.collect_schema().names()]
    rows = to_pandas(flagged.select(*kept, *met.values())).sort_values("person_id", ignore_index=True)
    people = rows[kept].assign(**{IN_COHORT: rows[IN_COHORT].fillna(False).astype(bool)})
    why_not = "; ".join(one.what for one in problems) or _nobody_found(service, people, held, incomplete)
    status, missing = _told(service, asked, held, incomplete, known=not why_not)
    found = {key: rows[column].fillna(False).astype(bool) for key, column in met.items()}

    def known(kind: str, name: str) -> bool:
        return status[kind, name] != NOT_ASSESSED

    reasons = {one.name: people[IN_COHORT] & found[REASON, one.name, MET] for _, one in service.cohort.elements()
               if known(REASON, one.name)}  # fmt: skip
    measures = {one.name: _measured(one, people, found) for one in service.measures if known(MEASURE, one.name)}
    gaps = {one.name: found[GAP, one.name, MET] & (people[IN_COHORT] | (one.among != COHORT)) for one in service.gaps
            if known(GAP, one.name)}  # fmt: skip
    reason, measure, gap = (pd.DataFrame(one, index=rows.index) for one in (reasons, measures, gaps))
    steps = [(one.name, one.criterion and _if_assessed(one.criterion, held)) for one in service.cohort.steps]
    said = of_steps(service.cohort_counted_as, steps)
    return ServiceTable(service, people, reason, measure, gap, said, status, missing, why_not)


def _nobody_found(
    service: ServiceSpecification, people: pd.DataFrame, held: Collection[str], incomplete: Mapping[str, list[str]]
) -> str:
    """Why nobody knows who is in a cohort of which nobody was found; empty where all that it rests on was assessed."""
    steps = [one for one in service.cohort.steps if one.criterion and one.defines]
    partly = [one.name for one in steps if one.criterion and assessment(one.criterion, held, incomplete)[0] != ASSESSED]
    if people[IN_COHORT].any() or not partly:
        return ""
    return f"nobody was found, and this could be assessed in part only: {listed(partly)}"


def _criteria(service: ServiceSpecification) -> list[Criterion]:
    """Everything that is asked of people, but for what puts them first."""
    return [*(one.criterion for one in service.cohort.steps if one.criterion), *_asked(service).values()]


def _if_assessed(criterion: Criterion, held: Collection[str]) -> Criterion | None:
    return None if assessment(criterion, held)[0] == NOT_ASSESSED else criterion


def _asked(service: ServiceSpecification) -> dict[Key, Criterion]:
    """Everything that is asked of people beside the steps of the cohort: kind, name and part."""
    asked: dict[Key, Criterion] = {(REASON, one.name, MET): one.when for _, one in service.cohort.elements()}
    for measure in service.measures:
        parts = {OF: measure.of, EXCLUDED: measure.excluded, MET: measure.met}
        asked |= {(MEASURE, measure.name, part): one for part, one in parts.items() if one is not None}
    return asked | {(GAP, gap.name, MET): gap.when for gap in service.gaps}


def _with_cohort(table: Lazy, service: ServiceSpecification, on: dt.date, *, known: bool) -> Lazy:
    """The table with who is in the cohort and how soon; null for everyone else."""
    if not known:
        return table.with_columns(**{IN_COHORT: nw.lit(False), PRIORITY: nw.lit(None).cast(nw.Int64)})
    chosen = (
        eligible(table, service.cohort, on=on).select("person_id", PRIORITY).with_columns(**{IN_COHORT: nw.lit(True)})
    )
    return table.join(chosen, on="person_id", how="left")


def _flagged(
    table: Lazy, asked: Mapping[Key, Criterion], on: dt.date, held: Collection[str]
) -> tuple[Lazy, dict[Key, str]]:
    """The table with a column for each thing that is asked and can be assessed, and which column is which."""
    marks = {key: f"_met_{number}" for number, key in enumerate(asked)}
    empty = sorted(set(table.collect_schema().names()) - {*held, IN_COHORT, PRIORITY})
    flagged = flags(table, {marks[key]: one for key, one in asked.items()}, on=on, without=empty)
    columns = flagged.collect_schema().names()
    return flagged, {key: mark for key, mark in marks.items() if mark in columns}


def _measured(measure: Measure, people: pd.DataFrame, found: Mapping[Key, pd.Series]) -> pd.Series:
    """Whether each person meets a measure; null for those whom it does not concern."""
    everyone = pd.Series(True, index=people.index)
    concerned = people[IN_COHORT] if measure.among == COHORT else everyone
    concerned &= found.get((MEASURE, measure.name, OF), everyone)
    concerned &= ~found.get((MEASURE, measure.name, EXCLUDED), ~everyone)
    return found[MEASURE, measure.name, MET].astype("boolean").where(concerned)


def _told(
    service: ServiceSpecification,
    asked: Mapping[Key, Criterion],
    held: Collection[str],
    incomplete: Mapping[str, list[str]],
    *,
    known: bool,
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], tuple[str, ...]]]:
    """Whether each reason, measure and gap could be assessed, and what is missing of it.

    Without those who are left out of a measure it is assessed in part.
    """
    among = {(MEASURE, one.name): one.among for one in service.measures}
    among |= {(GAP, one.name): one.among for one in service.gaps}
    status: dict[tuple[str, str], str] = {}
    missing: dict[tuple[str, str], tuple[str, ...]] = {}
    for (kind, name, part), criterion in asked.items():
        how, lacking = assessment(criterion, held, incomplete)
        if part == EXCLUDED and how == NOT_ASSESSED:
            how = PARTLY
        if not known and among.get((kind, name), COHORT) == COHORT:
            how, lacking = NOT_ASSESSED, (lacking if kind == REASON and lacking else (NO_COHORT,))
        before = status.get((kind, name), ASSESSED)
        status[kind, name] = max(before, how, key=(ASSESSED, PARTLY, NOT_ASSESSED).index)
        missing[kind, name] = tuple(dict.fromkeys((*missing.get((kind, name), ()), *lacking)))
    return status, missing
