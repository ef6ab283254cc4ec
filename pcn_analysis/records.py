"""Hold records of people against their descriptions, on the lazy tables themselves.

What :mod:`pcn_analysis.validation` does in memory is done here on any number of rows: every column and its kind,
every key once, no hole where a value must be, every value as described, everybody a person of ``persons``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import engine, tables
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pcn_analysis.engine import Lazy
    from pcn_analysis.schema import Column, Table

REMEDY = "Correct the source, or the adapter that read it."
PARTIAL = (tables.ATTRIBUTES.name,)
"""Tables that may leave out a column in which a value may be missing: what is left out is said of nobody."""


def check_records(found: Mapping[str, Lazy]) -> None:
    """Hold the records of people against their descriptions.

    Parameters
    ----------
    found
        Lazy tables by name. Every column must be there, of its kind, with a value where one must be and none but
        those allowed; every key once; every person in ``persons``, if it is there. A table of ``PARTIAL`` may leave
        columns out. A column without any value may be of any kind.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong, in counts.
    """
    problems = [problem for name, records in found.items() for problem in _record_problems(tables.NAMED[name], records)]
    problems += _date_problems(found)
    if "persons" in found:
        problems += [one for name, records in found.items() for one in _orphans(name, records, found["persons"])]
    if problems:
        raise PcnAnalysisError(*problems)


def _record_problems(table: Table, records: Lazy) -> Iterator[Problem]:
    columns = records.collect_schema().names()
    needed = [column.name for column in table.columns if table.name not in PARTIAL or not column.nullable]
    if absent := [name for name in needed if name not in columns]:
        yield Problem(table.name, f"{number(len(absent), 'column')} missing: {', '.join(absent)}", REMEDY)
        return
    held = [column for column in table.columns if column.name in columns]
    yield from _value_problems(table, records, held)
    if table.key:
        repeated = records.group_by(*table.key).agg(rows=nw.len()).filter(nw.col("rows") > 1)
        rows = _sums(repeated.select("rows")).get("rows", 0)
        if rows:
            keys = ", ".join(table.key)
            yield Problem(table.name, f"{number(rows, 'row')} with a key that another has ({keys})", REMEDY)


def _value_problems(table: Table, records: Lazy, columns: list[Column]) -> Iterator[Problem]:
    """What is wrong with single values, all counted in one pass."""
    schema = records.collect_schema()
    strange = {column.name for column in columns if not _is_kind(schema[column.name], column.kind)}
    faults: dict[str, tuple[str, str, Any]] = {}
    for column in columns:
        if column.name in strange:
            faults[f"f{len(faults)}"] = (column.name, f"not of kind {column.kind}", ~nw.col(column.name).is_null())
            continue
        if not column.nullable:
            faults[f"f{len(faults)}"] = (column.name, "", nw.col(column.name).is_null())
        for words, broken in _rules(column, is_float=schema[column.name].is_float()):
            faults[f"f{len(faults)}"] = (column.name, words, broken)
    counted = {name: nw.when(broken).then(nw.lit(1)).otherwise(nw.lit(0)) for name, (_, _, broken) in faults.items()}
    sums = _sums(records.select(**counted)) if counted else {}
    for name, (column_name, words, _) in faults.items():
        if rows := sums[name]:
            said = f"{number(rows, 'value')} {words}" if words else f"no value in {number(rows, 'row')}"
            yield Problem(f"{table.name}.{column_name}", said, REMEDY)


def _rules(column: Column, *, is_float: bool) -> Iterator[tuple[str, Any]]:
    """What each rule of a column is called, and which values break it; a missing value breaks none."""
    value: Any = nw.col(column.name)
    if column.allowed:
        yield f"other than {column.constraint()}", ~value.is_in(column.allowed)
    if column.pattern:
        yield f"not matching {column.pattern}", ~value.str.contains(column.pattern)
    if column.kind == "number" and is_float:
        yield "not a number", value.is_nan()
    if column.minimum is not None:
        yield f"below {column.minimum:g}", value < column.minimum
    if column.maximum is not None:
        yield f"above {column.maximum:g}", value > column.maximum


def _is_kind(dtype: Any, kind: str) -> bool:
    """Whether a column is of a kind; no rule can be put to the values of another."""
    match kind:
        case "string" | "category":
            return dtype in (nw.String, nw.Categorical, nw.Enum)
        case "integer":
            return bool(dtype.is_integer())
        case "number":
            return bool(dtype.is_numeric())
        case "boolean":
            return bool(dtype == nw.Boolean)
        case _:
            return dtype in (nw.Date, nw.Datetime)


def _date_problems(found: Mapping[str, Lazy]) -> Iterator[Problem]:
    attributes = found.get(tables.ATTRIBUTES.name)
    if attributes is None or "attribute_date" not in attributes.collect_schema().names():
        return
    dates = len(engine.to_pandas(engine.distinct(attributes.select("attribute_date"))))
    if dates > 1:
        where = f"{tables.ATTRIBUTES.name}.attribute_date"
        yield Problem(where, f"{dates} different dates", "Bring what is known as at one date.")


def _orphans(name: str, records: Lazy, persons: Lazy) -> Iterator[Problem]:
    if name == "persons" or any("person_id" not in one.collect_schema().names() for one in (records, persons)):
        return
    named = records.select("person_id").filter(~nw.col("person_id").is_null())
    lost = named.join(persons.select("person_id"), on="person_id", how="anti").select(rows=nw.len())
    if rows := _sums(lost)["rows"]:
        yield Problem(f"{name}.person_id", f"{number(rows, 'row')} of nobody in persons", REMEDY)


def _sums(rows: Lazy) -> dict[str, int]:
    """The sum of every column."""
    return {name: int(value) for name, value in engine.to_pandas(rows.select(nw.all().sum())).fillna(0).iloc[0].items()}
