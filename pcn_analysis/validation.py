"""Hold frames against their descriptions and report everything that is wrong at once.

Pandera does the checking. Its own error messages quote values, so none of them is ever shown: a problem names
the table, the column, the rule and how many rows break it, and never what a row holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrorReason

from pcn_analysis import tables
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.schema import DTYPES
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pcn_analysis.schema import Column, Table

_REMEDY = "Correct the source, or the adapter that read it."


def check_tables(frames: Mapping[str, pd.DataFrame]) -> None:
    """Raise one error with every problem of every table.

    Parameters
    ----------
    frames
        Frames by the name of the table that each should be.

    Raises
    ------
    PcnAnalysisError
        If any row of any table breaks its description.
    """
    problems = [problem for name, frame in frames.items() for problem in table_problems(tables.NAMED[name], frame)]
    if problems:
        raise PcnAnalysisError(*problems)


def table_problems(table: Table, frame: pd.DataFrame) -> list[Problem]:
    """Say what is wrong with one table; an empty list means nothing.

    Examples
    --------
    >>> from pcn_analysis.tables import OBSERVATION_PERIOD
    >>> frame = pd.DataFrame({"person_id": ["p1", "p1"], "start_date": [None, None]}).astype(
    ...     {"person_id": "str", "start_date": "datetime64[us]"})
    >>> for problem in table_problems(OBSERVATION_PERIOD, frame):
    ...     print(problem)
    observation_period.end_date: the column is missing. Correct the source, or the adapter that read it.
    observation_period.start_date: no value in 2 rows. Correct the source, or the adapter that read it.
    observation_period: 2 rows with a key that another has (person_id). Correct the source, or the adapter that read it.
    """
    try:
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            _schema(table).validate(frame.reset_index(drop=True), lazy=True)
    except pa.errors.SchemaErrors as error:
        faults = [_fault(table, one) for one in error.schema_errors]
    else:
        return []
    wrong_kind = {column for column, what in faults if what.startswith("is not")}
    return [
        Problem(f"{table.name}.{column}" if column else table.name, what, _REMEDY)
        for column, what in dict.fromkeys(faults)
        if not (column in wrong_kind and what.startswith("could not"))
    ]


def _schema(table: Table) -> pa.DataFrameSchema:
    def keyed_once(frame: pd.DataFrame) -> pd.Series:
        if not set(table.key) <= set(frame.columns):
            return pd.Series(True, index=frame.index)
        return ~frame.duplicated(list(table.key), keep=False)

    # The parser of Pandera's checks drops rows with nulls unless told otherwise.
    key = pa.Check(keyed_once, name="key", error="key", ignore_na=False, n_failure_cases=1)
    return pa.DataFrameSchema(
        {column.name: _column(column) for column in table.columns},
        checks=[key] if table.key else [],
        strict=True,
        unique_column_names=True,
        name=table.name,
    )


def _column(column: Column) -> pa.Column:
    checks: list[pa.Check] = []

    def add(words: str, rule: Callable[[pd.Series], Any]) -> None:
        checks.append(pa.Check(rule, name=words, error=words, n_failure_cases=1))

    if column.allowed:
        add(f"other than {column.constraint()}", lambda values: values.isin(column.allowed))
    if column.pattern:
        add(f"not matching {column.pattern}", lambda values: values.str.fullmatch(column.pattern, na=True))
    if column.minimum is not None:
        add(f"below {column.minimum:g}", lambda values: values >= column.minimum)
    if column.maximum is not None:
        add(f"above {column.maximum:g}", lambda values: values <= column.maximum)
    return pa.Column(DTYPES[column.kind], checks, nullable=column.nullable, coerce=False)


def _fault(table: Table, error: Any) -> tuple[str, str]:
    """Column and words for one of Pandera's errors; only counts are read from it."""
    column = str(error.schema.name if error.column_name is None else error.column_name)
    match error.reason_code:
        case SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME:
            return str(error.failure_cases), "the column is missing"
        case SchemaErrorReason.COLUMN_NOT_IN_SCHEMA:
            return "", "has a column that is not declared"
        case SchemaErrorReason.WRONG_DATATYPE:
            kind = next(one.kind for one in table.columns if one.name == column)
            return column, f"is not a column of kind {kind}"
        case SchemaErrorReason.SERIES_CONTAINS_NULLS:
            return column, f"no value in {number(len(error.failure_cases), 'row')}"
        case SchemaErrorReason.DATAFRAME_CHECK:
            broken = int((~error.check_output.astype("boolean").fillna(True)).sum())
            if error.check.name == "key":
                return "", f"{number(broken, 'row')} with a key that another has ({', '.join(table.key)})"
            return column, f"{number(broken, 'value')} {error.check.name}"
        case _:
            return column, "could not be checked"
