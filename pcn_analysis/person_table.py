"""The person table: one row for everyone alive and registered on an index date.

Every register, score, segment and cohort is a rule about this one row (:mod:`pcn_analysis.rules`). Its columns are
those of ``tables.PERSON_TABLE`` for which there are records: a column that could not be assessed is not there at
all, so that nothing can be mistaken for "no".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis import codelists, rules, tables
from pcn_analysis.dates import age_on
from pcn_analysis.engine import on_frames
from pcn_analysis.person import registers
from pcn_analysis.person.activity import activity_columns
from pcn_analysis.person.conditions import condition_columns, recorded_conditions
from pcn_analysis.person.measurements import latest_measurements
from pcn_analysis.person.medicines import medicine_columns
from pcn_analysis.scores import long_term_conditions
from pcn_analysis.scores.frailty import frailty_deficits, frailty_index, unassessable_deficits

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population


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
        People with their records.
    on
        The index date: nothing recorded on or after it is read.

    Returns
    -------
    LazyFrame
        One row for each of :func:`registered_people`, in no order: the columns of ``tables.PERSON_TABLE``, in its
        order, that could be assessed. Those of conditions that no codelist covers, and those of tables of records
        that the population does not have, are not there; nor are a register or a score that nothing is known for.
    """
    people = _with_records(population, on)
    if _knows_any(population, "long_term_condition"):
        people = long_term_conditions.n_ltc(people, on=on)
    if _knows_any(population, "frailty_deficit"):
        people = frailty_index(people, frailty_reasons(population, on=on))
    return _in_order(rules.flags(people, registers.criteria(), on=on))


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
    return frailty_deficits(conditions, held.get("measurements"), people, on=on, covered=population.covered)


def stages(population: Population) -> dict[str, Lazy]:
    """What is made from the records once and stored beside them, for :func:`population.store_population`.

    Returns
    -------
    dict
        ``person_table`` and, where frailty can be assessed, ``frailty_reasons``, at the population's index date.
    """
    on = population.index_date
    made = {"person_table": person_table(population, on=on)}
    if _knows_any(population, "frailty_deficit"):
        made["frailty_reasons"] = frailty_reasons(population, on=on)
    return made


def incomplete_columns(population: Population) -> dict[str, list[str]]:
    """Columns of the person table that are there and yet rest on less than they should, with what is missing.

    A frailty band counted from 30 of 36 deficits is such a column: nobody can be called fit by it.

    Returns
    -------
    dict
        Names of what is missing, by column; a column that rests on everything it should is not in it.
    """
    held = {
        "has_medicines": "medications" in population.tables,
        "has_measurements": "measurements" in population.tables,
    }
    deficits = unassessable_deficits(population.covered, **held)
    found = {
        **registers.unassessable(population.covered, **held),
        "n_ltc": long_term_conditions.unassessable(population.covered, **held),
        **dict.fromkeys(("efi_deficits", "efi_score", "efi_category"), deficits),
    }
    return {column: list(missing) for column, missing in found.items() if missing}


def _knows_any(population: Population, role: str) -> bool:
    """Whether any condition of a score is covered; without one, values and medicines alone would show all as well."""
    counted = {row["condition"] for row in codelists.rows("conditions") if row[role]}
    return "conditions" in population.tables and bool(counted & population.covered)


def _with_records(population: Population, on: dt.date) -> Lazy:
    """Everyone registered, with what each table of records says of them."""
    people = registered_people(population.tables["persons"], on=on)
    table = people.with_columns(
        nw.col("birth_date").cast(nw.Date),
        index_date=nw.lit(on).cast(nw.Date),
        pcn_code=nw.lit(population.pcn_code),
        age=age_on(nw.col("birth_date"), on).cast(nw.Int64),
    )
    made = {
        "conditions": lambda records: condition_columns(records, people, on=on, covered=population.covered),
        "medications": lambda records: medicine_columns(records, people, on=on),
        "measurements": lambda records: latest_measurements(records, people, on=on),
        "encounters": lambda records: activity_columns(records, people, on=on),
    }
    for name, columns_from in made.items():
        if name in population.tables:
            table = table.join(columns_from(population.tables[name]), on="person_id", how="left")
    return table


def _in_order(people: Lazy) -> Lazy:
    """The declared columns that are there, in the declared order."""
    present = set(people.collect_schema().names())
    return people.select(*(name for name in tables.PERSON_TABLE.column_names() if name in present))
