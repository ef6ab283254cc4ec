"""The person table: one row for everyone alive and registered on an index date.

Every register, score, segment and cohort is a rule about this one row (:mod:`pcn_analysis.rules`). Its columns are
those of ``tables.PERSON_TABLE`` for which there are records, or of which the source itself says something
(:mod:`pcn_analysis.person.attributes`): a column that could not be assessed is not there at all, so that nothing can
be mistaken for "no".
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import codelists, codes, rules, tables
from pcn_analysis.dates import age_on
from pcn_analysis.engine import on_frames
from pcn_analysis.person import attributes, registers
from pcn_analysis.person.activity import activity_columns
from pcn_analysis.person.conditions import condition_columns, recorded_conditions
from pcn_analysis.person.filtration import best_filtration_rate
from pcn_analysis.person.measurements import latest_measurements
from pcn_analysis.person.medicines import medicine_columns
from pcn_analysis.person.unread import unread_columns, untold_columns
from pcn_analysis.rules import denied_columns, needed_columns
from pcn_analysis.scores import cambridge, long_term_conditions
from pcn_analysis.scores.frailty import (
    DEFICITS,
    completed_index,
    frailty_deficits,
    frailty_index,
    readable_values,
    unassessable_deficits,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

FRAILTY = ("efi_deficits", "efi_score", "efi_category")
"""Columns of the frailty index."""


@on_frames
def registered_people(persons: Lazy, *, on: dt.date) -> Lazy:
    """Pick the people who are alive and registered at the start of an index date.

    Parameters
    ----------
    persons
        ``tables.PERSONS``.
    on
        The index date. Someone who dies on it was alive at its start; someone born on it, or whose registration
        starts on it, is in; someone whose registration ends on it (the first day no longer registered) is out.
        A date of registration that is not known excludes nobody.

    Returns
    -------
    LazyFrame
        Those rows of ``persons``, with its columns.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> day = pd.to_datetime(["2026-07-01", None])
    >>> persons = pd.DataFrame({"person_id": ["p1", "p2"], "birth_date": pd.Timestamp("1950-01-01"),
    ...     "death_date": pd.NaT, "registration_start_date": pd.NaT, "registration_end_date": day})
    >>> registered_people(persons, on=dt.date(2026, 7, 1))["person_id"].to_list()
    ['p2']
    """
    birth, death, start, end = (
        nw.col(name).cast(nw.Date)
        for name in ("birth_date", "death_date", "registration_start_date", "registration_end_date")
    )
    return persons.filter(
        birth <= on,
        death.is_null() | (death >= on),
        start.is_null() | (start <= on),
        end.is_null() | (end > on),
    )


def person_table(population: Population, *, on: dt.date) -> Lazy:
    """Make the person table of a population.

    Parameters
    ----------
    population
        People with their records, and with what their source says of each itself.
    on
        The index date: nothing recorded on or after it is read.

    Returns
    -------
    LazyFrame
        One row for each of :func:`registered_people`, in no order: the columns of ``tables.PERSON_TABLE``, in its
        order, that could be assessed. Those of conditions that no codelist covers, of measurements of which no value
        can be read, of kinds of contact that are recorded of nobody, of groups of medicines where none has a BNF code,
        and of tables that the population does not have, are not there; nor are a register or
        a score that nothing is known for.

        Where both records and ``tables.ATTRIBUTES`` could fill a column, records do, for everyone: no column is put
        together from both. Records of a condition that were made in hospital alone leave a flag of the source as it
        is, as they show only those who were seen there. What the source leaves empty stays null.

    Raises
    ------
    PcnAnalysisError
        If the attributes are as at another date.
    """
    return _table(population, on, frailty_reasons(population, on=on) if counts_frailty(population) else None)


def frailty_reasons(population: Population, *, on: dt.date) -> Lazy:
    """List the deficits of the electronic frailty index of everyone in the person table.

    Returns
    -------
    LazyFrame
        ``tables.REASONS``: one row a person and deficit, from whichever records the population has.
    """
    held = population.tables
    people = registered_people(held["persons"], on=on).select("person_id", "sex")
    if "medications" in held:
        medicines = medicine_columns(held["medications"], people, on=on).select("person_id", "n_medications_12m")
        people = people.join(medicines, on="person_id", how="left")
    conditions = recorded_conditions(held["conditions"], on=on) if "conditions" in held else None
    return frailty_deficits(conditions, held.get("measurements"), people, on=on, covered=_coded(population))


def stages(population: Population) -> dict[str, Lazy]:
    """What is made from the records once and stored beside them, for :func:`population.store_population`.

    Returns
    -------
    dict
        ``person_table`` and, where frailty is counted from records, ``frailty_reasons``, at the population's index
        date.
    """
    on = population.index_date
    if not counts_frailty(population):
        return {"person_table": _table(population, on, None)}
    deficits = frailty_reasons(population, on=on)
    return {"person_table": _table(population, on, deficits), "frailty_reasons": deficits}


def table_of(population: Population) -> Lazy:
    """The person table on the index date, as stored; made where none is."""
    stored = population.tables.get("person_table")
    return person_table(population, on=population.index_date) if stored is None else stored


def counts_frailty(population: Population) -> bool:
    """Whether frailty is counted from records, deficit by deficit; else it is what the source says, or not known."""
    return _knows(population, "frailty_deficit", "efi_")


def missing_deficits(population: Population) -> list[str]:
    """Name the deficits of 36 that could not be assessed: all of them where the source gives a score only."""
    if not counts_frailty(population):
        return list(DEFICITS.values())
    measurements = population.tables.get("measurements")
    readable = measurements is not None and population.once("readable", lambda: readable_values(measurements))
    return unassessable_deficits(_coded(population), readable, "medications" in population.tables)


def incomplete_columns(population: Population) -> dict[str, list[str]]:
    """Columns of the person table that are there and yet rest on less than they should, with what is missing.

    A frailty band counted from 30 of 36 deficits is such a column: nobody can be called fit by it. So is a flag that
    the source leaves empty for some people.

    Returns
    -------
    dict
        Names of what is missing, by column; a column that rests on everything it should is not in it.
    """
    return population.once("incomplete", lambda: _incomplete(population))


def filled_by_source(population: Population) -> list[str]:
    """Columns of the person table on the index date that are what the source itself says, not made from records.

    What is recorded of anybody at all is found out on the way, and remembered for parts and copies of these people.
    """

    def find() -> list[str]:
        return _filled_by_source(population, _with_records(population, population.index_date).collect_schema().names())

    return population.once("filled by source", find)


def _table(population: Population, on: dt.date, deficits: Lazy | None) -> Lazy:
    """The person table, with the index counted from deficits; where there are none, as the source gives it."""
    recorded = _with_records(population, on)
    said = _filled_by_source(population, recorded.collect_schema().names())
    people = _with_attributes(recorded, population, said, on)
    if "n_ltc" not in said and _counted("long_term_condition") & _flagged(people.collect_schema().names()):
        people = long_term_conditions.n_ltc(people, on=on)
    if variants := _multimorbidity(said, people.collect_schema().names()):
        people = cambridge.cambridge_scores(people, on=on, variants=variants)
    people = completed_index(people) if deficits is None else frailty_index(people, deficits)
    return _in_order(_with_registers(people, said, on))


def _multimorbidity(said: Collection[str], columns: Collection[str]) -> list[str]:
    """Variants of the multimorbidity score that can be reckoned: all that the source does not give, or none."""
    if not _counted("long_term_condition") & _flagged(columns):
        return []
    return [name for name in tables.MULTIMORBIDITY_SCORES if cambridge.score_column(name) not in said]


def _incomplete(population: Population) -> dict[str, list[str]]:
    table = table_of(population)
    columns = table.collect_schema().names()
    said = [name for name in filled_by_source(population) if name in columns] if _said(population) else []
    found = {**registers.unassessable(columns), "n_ltc": long_term_conditions.unassessable(columns)}
    found |= {
        cambridge.score_column(variant): cambridge.unassessable(variant, columns)
        for variant in tables.MULTIMORBIDITY_SCORES
        if cambridge.score_column(variant) in columns
    }
    if counts_frailty(population):
        found |= dict.fromkeys(FRAILTY, missing_deficits(population))
    found = {column: missing for column, missing in found.items() if column not in said}
    given = [] if counts_frailty(population) else [name for name in FRAILTY if name in columns]
    partly = attributes.partly_said(table, dict.fromkeys([*said, *given]))
    read = {column: needed_columns(rule) for column, rule in registers.criteria().items()}
    read["n_ltc"] = tuple(
        name for one in long_term_conditions.LONG_TERM_CONDITIONS for name in needed_columns(one.when)
    )
    for column in found.keys() | read.keys():
        if column not in said:
            found[column] = [*found.get(column, []), *(partly[name] for name in read.get(column, ()) if name in partly)]
    found |= {column: [words] for column, words in partly.items()}
    return {column: list(missing) for column, missing in found.items() if missing}


def _coded(population: Population) -> frozenset[str]:
    """Conditions whose columns are made from records; the flag of a source stands where these are of hospital alone."""
    return population.covered - (_flagged(_said(population)) - _recorded(population))


def _recorded(population: Population) -> frozenset[str]:
    """Conditions that any record is of but those made in hospital."""
    conditions = population.tables.get("conditions")
    if conditions is None or not _said(population):
        return frozenset()
    return population.once("recorded", lambda: attributes.recorded_outside_hospital(conditions))


def _said(population: Population) -> list[str]:
    """Columns in which the source itself says something of anybody."""
    table = population.tables.get("attributes")
    return [] if table is None else population.once("said", lambda: attributes.said_columns(table))


def _flagged(columns: Collection[str]) -> set[str]:
    """Conditions of which columns say who has them."""
    return {slug for slug in tables.CONDITION_NAMES if f"has_{slug}" in columns}


def _counted(role: str) -> set[str]:
    """Conditions that a score counts."""
    return {row["condition"] for row in codelists.rows("conditions") if row[role]}


def _knows(population: Population, role: str, score: str) -> bool:
    """Whether records know any condition of a score; without one, values and medicines alone would show all as well.

    A score that the source gives stands unless there are records but those of hospital.
    """
    known = "conditions" in population.tables and bool(_counted(role) & _coded(population))
    given = any(name.startswith(score) for name in _said(population))
    return known and (not given or bool(_recorded(population)))


def _filled_by_source(population: Population, recorded: Collection[str]) -> list[str]:
    """Columns of the person table that are what the source says, given those that records fill."""
    full = {
        column for column, rule in registers.criteria().items() if rules.assessment(rule, recorded)[0] == rules.ASSESSED
    }
    counted = {"n_ltc"} if _knows(population, "long_term_condition", "n_ltc") else set()
    frailty = counts_frailty(population)
    return [
        name
        for name in _said(population)
        if name not in full | counted | set(recorded) and not (frailty and name.startswith("efi_"))
    ]


def _with_records(population: Population, on: dt.date) -> Lazy:
    """Everyone registered, with what each table of records says of them."""
    people = registered_people(population.tables["persons"], on=on).drop(*untold_columns(population))
    network = None if population.pcn_code == codes.UNALLOCATED else population.pcn_code
    table = people.with_columns(
        nw.col("birth_date").cast(nw.Date),
        index_date=nw.lit(on).cast(nw.Date),
        pcn_code=nw.lit(network).cast(nw.String),
        age=age_on(nw.col("birth_date"), on).cast(nw.Int64),
    )
    made = {
        "conditions": lambda records: condition_columns(
            records, people, on=on, covered=_coded(population), in_hospital=population.covered
        ),
        "medications": lambda records: medicine_columns(records, people, on=on),
        "measurements": lambda records: latest_measurements(records, people, on=on).join(
            best_filtration_rate(records, people, on=on), on="person_id", how="left"
        ),
        "encounters": lambda records: activity_columns(records, people, on=on),
    }
    for name, columns_from in made.items():
        if name in population.tables:
            columns = columns_from(population.tables[name])
            unread = unread_columns(population, name, on)
            table = table.join(columns.drop(*unread, strict=False), on="person_id", how="left")
    return table


def _with_attributes(people: Lazy, population: Population, said: Collection[str], on: dt.date) -> Lazy:
    """People with what their source says of them, in the columns that it fills."""
    table = population.tables.get("attributes")
    if table is None:
        return people
    attributes.check_date(table, on)
    columns = attributes.attribute_columns(table, people.select("person_id"), columns=said)
    return people.join(columns, on="person_id", how="left") if said else people


def _with_registers(people: Lazy, said: Collection[str], on: dt.date) -> Lazy:
    """People with the registers that follow; null where the source does not say what one asks for.

    Nobody is on a register because it is not known whether they have what must not be there.
    """
    criteria = {column: rule for column, rule in registers.criteria().items() if column not in said}
    flagged = rules.flags(people, criteria, on=on)
    present = flagged.collect_schema().names()

    def not_known(columns: Collection[str]) -> Any:
        return reduce(or_, attributes.unknown([name for name in columns if name in said], present), nw.lit(False))

    doubtful: dict[str, Any] = {
        column: nw.when(nw.col(column) & ~not_known(denied_columns(rule)))
        .then(nw.lit(True))
        .when(not_known(needed_columns(rule)))
        .then(None)
        .otherwise(nw.lit(False))
        for column, rule in criteria.items()
        if column in present and any(name in said for name in needed_columns(rule))
    }
    return flagged.with_columns(**doubtful) if doubtful else flagged


def _in_order(people: Lazy) -> Lazy:
    """The declared columns that are there, in the declared order."""
    present = set(people.collect_schema().names())
    return people.select(*(name for name in tables.PERSON_TABLE.column_names() if name in present))
