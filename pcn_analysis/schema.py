"""How a table is described: its grain, its key and its columns.

The descriptions themselves are in :mod:`pcn_analysis.tables`; :mod:`pcn_analysis.validation` checks
frames against them and :mod:`pcn_analysis.dictionary` prints them.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

DTYPES: dict[str, str] = {
    "string": "str",
    "category": "str",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[us]",
}
"""The kinds of column, each with the pandas dtype that holds it (missing is always null)."""
_PANDAS = {kind: pd.api.types.pandas_dtype(name) for kind, name in DTYPES.items()}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Column name.
    kind
        One of ``string``, ``category``, ``integer``, ``number``, ``boolean``, ``date``.
    meaning
        What a value says, in one sentence.
    nullable
        Whether a value may be missing. Missing is null: never 0, -1 or a date long ago.
    unit
        Unit of a number (UCUM where it is a measurement).
    allowed
        The only values that a category may take.
    pattern
        Regular expression that a whole string must match.
    minimum, maximum
        Inclusive limits of a number.
    """

    name: str
    kind: str
    meaning: str
    nullable: bool = False
    unit: str = ""
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in DTYPES:
            message = f"column {self.name}: kind must be one of {', '.join(DTYPES)}, not {self.kind}"
            raise ValueError(message)

    @property
    def unsaid(self) -> str:
        """Word of a category for what was not said; empty where it has none, and a value is missing instead."""
        return next((word for word in ("unknown", "not_known") if word in self.allowed), "")

    def constraint(self) -> str:
        """Say in words which values are allowed.

        Examples
        --------
        >>> Column("imd_decile", "integer", "Decile.", minimum=1, maximum=10).constraint()
        '1 to 10'
        """
        if self.allowed:
            return "one of " + ", ".join(self.allowed)
        if self.pattern:
            return f"matches {self.pattern}"
        if self.minimum is not None and self.maximum is not None:
            return f"{self.minimum:g} to {self.maximum:g}"
        if self.minimum is not None:
            return f"{self.minimum:g} or more"
        return ""


@dataclass(frozen=True)
class Table:
    """One table: its grain, key and columns.

    Parameters
    ----------
    name
        Table name, and the stem of its Parquet file.
    grain
        What one row is.
    key
        Columns that together identify a row; no two rows share them. Empty: rows may repeat.
    columns
        The columns, in order.
    people
        Whether a row concerns one person, so that nothing derived from it is open data.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    people: bool = False

    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.columns]

    def empty(self) -> pd.DataFrame:
        """Return a frame of this shape with no rows.

        Examples
        --------
        >>> table = Table("areas", "area", ("area_code",), (Column("area_code", "string", "Code."),))
        >>> table.empty().shape
        (0, 1)
        """
        return pd.DataFrame({c.name: pd.Series(dtype=DTYPES[c.kind]) for c in self.columns})

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the declared columns in the declared order and dtypes; a missing optional one is null.

        Values that cannot be converted are left as they are, for validation to report.
        """
        columns = {}
        for column in self.columns:
            if column.name in frame:
                columns[column.name] = _converted(frame[column.name], column)
            elif column.nullable:
                columns[column.name] = pd.Series(pd.NA, index=frame.index).astype(DTYPES[column.kind])
        return pd.DataFrame(columns).reset_index(drop=True)


def _converted(values: pd.Series, column: Column) -> pd.Series:
    words = column.kind in ("string", "category")
    if words and pd.api.types.is_float_dtype(values) and values.notna().any():
        return values  # a code that went through a float has lost digits; validation reports it
    if values.dtype == _PANDAS[column.kind]:
        return values
    try:
        return values.astype(_PANDAS[column.kind])
    except (ValueError, TypeError):
        return values
