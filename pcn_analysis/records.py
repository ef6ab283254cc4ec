"""Hold records of people against their descriptions, on the lazy tables themselves.

The rules for single values are :mod:`pcn_analysis.validation`'s, which works in memory; here is what nothing later
may rely on without: every column, every key once, no hole where a value must be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis import engine, tables
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pcn_analysis.engine import Lazy
    from pcn_analysis.schema import Table


def check_records(found: Mapping[str, Lazy]) -> None:
    """Hold the records of people against their descriptions: columns, keys, and values that must be there.

    Parameters
    ----------
    found
        Lazy tables by name.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong, in counts.
    """
    problems = [problem for name, records in found.items() for problem in _record_problems(tables.NAMED[name], records)]
    if problems:
        raise PcnAnalysisError(*problems)


def _record_problems(table: Table, records: Lazy) -> Iterator[Problem]:
    remedy = "Correct the source, or the adapter that read it."
    columns = records.collect_schema().names()
    if absent := [name for name in table.column_names() if name not in columns]:
        yield Problem(table.name, f"{number(len(absent), 'column')} missing: {', '.join(absent)}", remedy)
        return
    needed = [column.name for column in table.columns if not column.nullable]
    nulls = engine.to_pandas(records.select(nw.col(*needed).is_null().sum())).iloc[0].fillna(0)
    for name in needed:
        if nulls[name]:
            yield Problem(f"{table.name}.{name}", f"no value in {number(int(nulls[name]), 'row')}", remedy)
    if table.key:
        repeated = records.group_by(*table.key).agg(rows=nw.len()).filter(nw.col("rows") > 1)
        rows = int(engine.to_pandas(repeated.select(nw.col("rows").sum()))["rows"].fillna(0).iloc[0])
        if rows:
            keys = ", ".join(table.key)
            yield Problem(table.name, f"{number(rows, 'row')} with a key that another has ({keys})", remedy)
