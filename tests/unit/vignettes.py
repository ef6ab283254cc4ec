"""Patients in a few literal rows, for tests that a clinician can read.

::

    population = population_of(
        persons=[person("p1", born="1950-06-15")],
        conditions=[condition("p1", "asthma", "2012-03-01"), resolved("p1", "asthma", "2020-03-01")],
        medications=[issue("p1", "2026-05-01", bnf="0301011R0")],
        measurements=[reading("p1", "bmi", "2025-11-30", 31.5)],
        encounters=[contact("p1", "ed", "2026-01-15")],
    )
    assert by_person(person_table(population, on=ON), "has_asthma") == {"p1": False}

The index date is 1 July 2026, ``ON``. A row says only what matters to its test; the rest is filled with something
unremarkable. A table given as ``[]`` is there and empty; one that is not given is not there.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from pcn_analysis import tables
from pcn_analysis.engine import Lazy, lazy, to_pandas
from pcn_analysis.place import Place
from pcn_analysis.population import Population
from pcn_analysis.provenance import Provenance, Source, SourcedTable

ON = dt.date(2026, 7, 1)
NETWORK, PRACTICE = "U00001", "A00001"
SOURCE = Source("Vignettes", "The tests", "1 July 2026", "none", "Vignettes.", kind="invented")

Row = dict[str, Any]


# -- rows --------------------------------------------------------------------------------------------------


def person(who: str, *, born: str = "1960-05-20", sex: str = "female", **columns: Any) -> Row:
    """One person, registered for years; any column of ``tables.PERSONS`` can be given by name."""
    usual = {
        "birth_precision": "day",
        "practice_code": PRACTICE,
        "registration_start_date": "2000-01-01",
        "ethnicity": "White: English, Welsh, Scottish, Northern Irish or British",
        "lsoa21": "E01000001",
        "imd_decile": 5,
        "imd_version": "2025",
        "care_home": False,
        "housebound": False,
        "carer": False,
        "interpreter_needed": False,
    }
    return {"person_id": who, "birth_date": born, "sex": sex} | usual | columns


def condition(
    who: str, what: str | None, date: str, *, ended: str | None = None, status: str = "active", source: str = "gp"
) -> Row:
    """One record of a condition; an admission makes it with the source ``apc``, an attendance with ``ecds``."""
    return {
        "person_id": who,
        "condition": what,
        "condition_start_date": date,
        "condition_end_date": ended,
        "status": status,
        "code": "1000001",
        "code_system": "snomed",
        "source": source,
    }


def resolved(who: str, what: str, date: str) -> Row:
    """One record that a condition is resolved."""
    return condition(who, what, date, status="resolved")


def issue(who: str, date: str, *, bnf: str | None = "0212000B0", name: str = "Atorvastatin") -> Row:
    """One issue of a medicine."""
    return {
        "person_id": who,
        "drug_exposure_start_date": date,
        "bnf_code": bnf,
        "drug_name": name,
        "code": "2000001",
        "code_system": "dmd",
        "days_supply": 28,
        "repeat": True,
    }


def reading(who: str, what: str, date: str, value: float | None, *, unit: str | None = "", operator: str = "=") -> Row:
    """One measurement, in its canonical unit unless another (or None) is given."""
    usual = tables.LATEST_MEASUREMENTS.get(what, ("", ""))[1]
    return {
        "person_id": who,
        "measurement": what,
        "measurement_date": date,
        "value_as_number": value,
        "unit": usual if unit == "" else unit,
        "operator": operator,
    }


def contact(who: str, kind: str, date: str, *, attended: bool = True, **columns: Any) -> Row:
    """One contact or spell; any column of ``tables.ENCOUNTERS`` can be given by name."""
    return {"person_id": who, "visit_type": kind, "visit_start_date": date, "attended": attended} | columns


def care_event(who: str, event: str, date: str, outcome: str = "done") -> Row:
    """One event of care: done, offered, declined or unsuitable."""
    return {"person_id": who, "event": event, "event_date": date, "outcome": outcome}


def stay(who: str, home: str, start: str, *, ended: str | None = None, arrived_from: str = "home") -> Row:
    """One stay in a care home; a return from hospital begins another."""
    return {
        "person_id": who,
        "care_home_code": home,
        "start_date": start,
        "end_date": ended,
        "arrived_from": arrived_from,
    }


# -- tables ------------------------------------------------------------------------------------------------


def frame(table: str, rows: list[Row]) -> pd.DataFrame:
    """Rows as a table of :mod:`pcn_analysis.tables`, in pandas."""
    described = tables.NAMED[table]
    if table == "encounters":
        rows = [{"visit_id": f"v{i}"} | row for i, row in enumerate(rows)]
    values = pd.DataFrame(rows, columns=described.column_names())
    for column in described.columns:
        if column.kind == "date":
            values[column.name] = pd.to_datetime(values[column.name])
    return described.conform(values)


def table(name: str, rows: list[Row]) -> Lazy:
    """Rows as a lazy table on DuckDB."""
    return lazy(frame(name, rows))


def people(*who: str) -> Lazy:
    """Some people of whom nothing else matters."""
    return table("persons", [person(one) for one in who])


def person_rows(*rows: Row, **columns: str) -> Lazy:
    """Rows of a person table of the columns that a test is about: ``person_rows({"person_id": "p1", "age": 70})``.

    Every row names the same columns. Columns that end in ``_date`` are dates; the others take their declared kind,
    or the kind given by name where a column is not declared.
    """
    declared = {column.name: column.kind for column in tables.PERSON_TABLE.columns} | columns
    kinds = {"string": "str", "category": "str", "integer": "Int64", "number": "Float64", "boolean": "boolean"}
    values = {}
    for name in rows[0]:
        series = pd.Series([row[name] for row in rows], dtype="object")
        date = declared.get(name, "date" if name.endswith("_date") else "") == "date"
        values[name] = pd.to_datetime(series).astype("datetime64[us]") if date else series.astype(kinds[declared[name]])
    return lazy(pd.DataFrame(values))


CONDITION_COLUMNS = (("has_", ""), *(("", f"{which}_date") for which in ("", "_first", "_ever", "_hospital")))
"""What stands before and after the name of a condition in its columns."""


def columns_without(*conditions: str, medicines: bool = True, measurements: bool = True) -> set[str]:
    """Columns of a person table whose records lack some conditions, or all medicines or measurements."""
    absent = {f"{what}{slug}{end}" for slug in conditions for what, end in CONDITION_COLUMNS}
    for is_there, slugs in ((medicines, tables.MEDICINE_GROUPS), (measurements, tables.MEASURED)):
        absent |= set() if is_there else {f"{slug}{end}" for slug in slugs for end in ("", "_12m", "_date")}
    return set(tables.PERSON_TABLE.column_names()) - absent


# -- a population ------------------------------------------------------------------------------------------


def tiny_place(index_date: dt.date = ON) -> Place:
    """A place of one practice, one network and one area."""
    practice = {
        "practice_code": PRACTICE,
        "practice_name": "Quayside Surgery",
        "pcn_code": NETWORK,
        "pcn_name": "Harbour PCN",
        "list_size": 100,
        "in_place": True,
    }
    area = {"area_code": "E01000001", "area_name": "Marlhaven 001A", "imd_decile": 5, "in_place": True}
    located = {"practice_code": PRACTICE, "area_code": "E01000001", "patients": 100}
    provenance = Provenance((SOURCE,), people=False, synthetic=True)
    rows = {"practices": [practice], "areas": [area], "registrations_by_area": [located]}
    square = gpd.GeoDataFrame({"area_code": ["E01000001"]}, geometry=[shapely.box(0, 0, 1000, 1000)], crs=27700)
    return Place(
        slug="tiny",
        name="Marlhaven",
        vintage="synthetic",
        index_date=index_date,
        comparator="Invented England",
        tables={
            name: SourcedTable(tables.NAMED[name].conform(pd.DataFrame(values)), provenance)
            for name, values in rows.items()
        },
        boundaries=square,
    )


def population_of(
    persons: list[Row],
    *,
    covered: frozenset[str] | set[str] = frozenset(tables.CONDITION_NAMES),
    index_date: dt.date = ON,
    **records: list[Row],
) -> Population:
    """People of the one network of a tiny place, with the tables of records that are given.

    Parameters
    ----------
    persons
        Rows of :func:`person`.
    covered
        Conditions that the records were coded for; all by default.
    index_date
        The day that results describe.
    **records
        Rows by the name of their table: ``conditions``, ``medications``, ``measurements``, ``encounters``,
        ``care_events``, ``care_home_stays``, ``care_homes``.
    """
    given = {"persons": persons, **records}
    return Population(
        place=tiny_place(index_date),
        pcn_code=NETWORK,
        people="synthetic",
        index_date=index_date,
        extract_date=index_date,
        tables={name: table(name, rows) for name, rows in given.items()},
        covered=frozenset(covered),
        provenance=Provenance((SOURCE,), people=True, synthetic=True),
    )


# -- answers -----------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A value as a test writes it: missing as None, a date as ``"2026-07-01"``."""
    if pd.isna(value):
        return None
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else value


def rows_of(answer: Any) -> list[tuple]:
    """An answer as plain rows in order of their values, on whichever engine it is."""
    found = answer if isinstance(answer, pd.DataFrame) else to_pandas(answer)
    rows = [tuple(plain(value) for value in row) for row in found.astype("object").itertuples(index=False, name=None)]
    return sorted(rows, key=lambda row: [(value is not None, str(value)) for value in row])


def by_person(answer: Any, *columns: str) -> dict[str, Any]:
    """Each person's value of one column, or tuple of several: ``{"p1": True, "p2": False}``."""
    found = answer if isinstance(answer, pd.DataFrame) else to_pandas(answer)
    chosen = rows_of(found[["person_id", *columns]])
    return {who: values[0] if len(columns) == 1 else tuple(values) for who, *values in chosen}
