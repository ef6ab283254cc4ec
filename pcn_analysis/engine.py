"""Open tables lazily, put small tables beside large ones, write named stages.

Work on many rows is written once as Narwhals expressions over lazy tables and runs on DuckDB over Parquet.
A pandas frame is taken at the door and put on DuckDB with its nulls; the answer comes back as pandas.
Nothing is ever computed on pandas through Narwhals: two operations are silently wrong there
(``docs/conventions.md`` lists the safe subset).
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import narwhals as nw
import pandas as pd

from pcn_analysis.exceptions import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Lazy = nw.LazyFrame[Any]
T = TypeVar("T")


def scan(path: Path) -> Lazy:
    """Open a Parquet file, or a folder of them partitioned by a column, without reading it.

    Raises
    ------
    PcnAnalysisError
        If there is no readable Parquet at ``path``.
    """
    _quiet()
    pattern = str(path / "**" / "*.parquet") if path.is_dir() else str(path)
    try:
        return nw.from_native(duckdb.read_parquet(pattern, hive_partitioning=path.is_dir()))
    except duckdb.Error as error:
        raise problem(path.name, "not a readable Parquet file", "Run `pcn-analysis prepare` again.") from error


def lazy(frame: Any) -> Lazy:
    """Take a table of any supported kind through the door.

    Parameters
    ----------
    frame
        A pandas frame (put on DuckDB, NaN and NA as null), or anything lazy that Narwhals knows.

    Examples
    --------
    >>> people = lazy(pd.DataFrame({"age": pd.array([70, None], dtype="Int64")}))
    >>> to_pandas(people.filter(nw.col("age").is_null())).shape
    (1, 1)
    """
    if isinstance(frame, nw.LazyFrame):
        return frame
    if isinstance(frame, pd.DataFrame):
        _quiet()
        return nw.from_native(duckdb.from_arrow(_arrow(frame)))
    return nw.from_native(frame).lazy()


def like(small: pd.DataFrame, frame: Lazy) -> Lazy:
    """Put a small table on the engine of a lazy one, so that the two can be joined.

    Examples
    --------
    >>> visits = lazy(pd.DataFrame({"code": ["a", "b", "b"]}))
    >>> names = like(pd.DataFrame({"code": ["b"], "name": ["bee"]}), visits)
    >>> to_pandas(visits.join(names, on="code", how="inner"))["name"].to_list()
    ['bee', 'bee']
    """
    if frame.implementation.is_duckdb():
        return lazy(small)
    if frame.implementation.is_polars():
        import polars as pl

        return nw.from_native(pl.DataFrame(_arrow(small)).lazy())
    message = f"no small table can be put beside {frame.implementation}"
    raise NotImplementedError(message)


def distinct(frame: Lazy) -> Lazy:
    """Different rows of a lazy table, in no order.

    ``unique()`` numbers all rows on DuckDB first, which takes ten times as long.

    Examples
    --------
    >>> visits = lazy(pd.DataFrame({"code": ["a", None, "a", None], "year": [1, 2, 1, 2]}))
    >>> to_pandas(distinct(visits)).shape
    (2, 2)
    """
    return frame.group_by(*frame.collect_schema().names()).agg()


def to_pandas(frame: Lazy) -> pd.DataFrame:
    """Run a lazy table and return its rows as pandas: missing as null, whole numbers whole, dates as such."""
    try:
        table = frame.collect("pyarrow").to_native()
    except duckdb.Error as error:
        raise problem("table", "a Parquet file is damaged", "Run `pcn-analysis prepare` again.") from error
    return _rows(table)


def read(path: Path) -> pd.DataFrame:
    """Read a small Parquet file whole, as pandas like :func:`to_pandas`, without starting DuckDB for it.

    Raises
    ------
    OSError, ValueError
        If there is no readable Parquet at ``path``.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        return _rows(file.read(use_threads=False))


def _rows(table: Any) -> pd.DataFrame:
    rows = _whole_decimals(table).to_pandas(types_mapper=_nullable, date_as_object=False)
    days = dict.fromkeys(rows.select_dtypes("datetime").columns, "datetime64[us]")
    return rows.astype(days) if days else rows


def on_frames(function: Callable[..., Lazy]) -> Callable[..., Any]:
    """Let a function of lazy tables take pandas as well: pandas in, pandas out.

    Examples
    --------
    >>> @on_frames
    ... def adults(people):
    ...     return people.filter(nw.col("age") >= 18)
    >>> adults(pd.DataFrame({"age": [17, 18]}))["age"].to_list()
    [18]
    """

    @wraps(function)
    def wrapped(*frames: Any, **options: Any) -> Any:
        answer = function(*(lazy(frame) for frame in frames), **options)
        return to_pandas(answer) if any(isinstance(frame, pd.DataFrame) for frame in frames) else answer

    return wrapped


def write_stage(frame: Lazy | pd.DataFrame, path: Path) -> Path:
    """Write a named stage to Parquet: whole or not at all.

    The rows go to a file beside ``path``, which is then renamed, so that a stop halfway leaves what was there.
    DuckDB writes its own rows as it makes them, so that they need not fit in memory.

    Raises
    ------
    PcnAnalysisError
        If DuckDB cannot make or write the rows.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if isinstance(frame, nw.LazyFrame) and frame.implementation.is_duckdb():
            _stream(frame.to_native(), aside, path.name)
        else:
            import pyarrow.parquet as pq

            table = _arrow(frame) if isinstance(frame, pd.DataFrame) else frame.collect("pyarrow").to_native()
            pq.write_table(table, aside, compression="zstd")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def write_parts(frames: Sequence[Lazy], path: Path) -> Path:
    """Write one stage that is made in parts, one after the other, to Parquet: whole or not at all.

    Parameters
    ----------
    frames
        The parts, on DuckDB, with the same columns.
    path
        The file.

    Raises
    ------
    PcnAnalysisError
        If DuckDB cannot make or write the rows.
    """
    written: list[Path] = []
    try:
        for number, frame in enumerate(frames):
            written.append(path.with_name(f".{path.stem}.{os.getpid()}.{number}.part"))
            write_stage(frame, written[-1])
        return write_stage(nw.from_native(duckdb.read_parquet([str(one) for one in written])), path)
    finally:
        for one in written:
            one.unlink(missing_ok=True)


def _stream(rows: duckdb.DuckDBPyRelation, path: Path, name: str) -> None:
    """Let DuckDB write rows to Parquet; whole numbers that it sums as 128 bits are kept whole, in 64."""
    kinds = [
        (column, "BIGINT" if str(kind) == "HUGEINT" else "")
        for column, kind in zip(rows.columns, rows.types, strict=True)
    ]
    quoted = [('"' + column.replace('"', '""') + '"', kind) for column, kind in kinds]
    chosen = [f"CAST({column} AS {kind}) AS {column}" if kind else column for column, kind in quoted]
    try:
        rows.project(", ".join(chosen)).write_parquet(str(path), compression="zstd")
    except duckdb.Error as error:
        remedy = "Free some space, or prepare again."
        raise problem(name, "could not be made from the records or written", remedy) from error


@contextmanager
def spilling(folder: Path) -> Iterator[None]:
    """Let DuckDB hold little in memory meanwhile, and put what it cannot hold into a private folder.

    The folder is hidden, of this process, and made and removed by DuckDB when it is needed; what is left of one that
    was killed is removed like anything else that a run leaves (:func:`pcn_analysis.stored.clear_leftovers`).

    Parameters
    ----------
    folder
        A private folder in which it lies. The first one that was used in a process stays.
    """
    where = str(folder / f".spill.{os.getpid()}").replace("'", "''")
    connection = duckdb.default_connection()
    with suppress(duckdb.Error):  # one that has been used cannot be changed
        connection.execute(f"SET temp_directory = '{where}'")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    try:
        yield
    finally:
        connection.execute("RESET memory_limit")


MEMORY = "512MB"
"""Most that DuckDB holds in memory while people are stored."""


@cache
def _quiet() -> None:
    """No progress bar of DuckDB's: it would stand among the outputs of a notebook.

    DuckDB refuses the setting in a kernel without ipywidgets, where it can draw no bar anyway.
    """
    with suppress(duckdb.Error):
        duckdb.default_connection().execute("SET enable_progress_bar = false")


def _plan_quickly() -> None:
    """Let DuckDB plan long chains in a part of the time; it warns, and answers, as before.

    For a warning of text that is also the name of a column, DuckDB 2.0 folds the names of all columns again for every
    single expression: half of the time in which a person table was planned, though none of its 6,554 expressions holds
    text. So it looks only in expressions that hold text.

    It also asks that no step be kept, so that a step which two others read is planned, and run, twice, with all before
    it: eight times where three such steps follow each other. So it decides itself which steps to keep.
    """
    with suppress(ImportError, AttributeError):
        from duckdb import _expression, _relation

        warn, literals = _relation._warn_on_literal_names, _expression.string_literals
        assemble = _relation._assemble

        def warn_of_text(value: object, columns: list[str]) -> None:
            if literals(value):
                warn(value, columns)

        def assembled(ctes: list[tuple[str, str]], body: str) -> str:
            return assemble(ctes, body).replace(" AS NOT MATERIALIZED (\n", " AS (\n")

        _relation._warn_on_literal_names = warn_of_text
        _relation._assemble = assembled


def _arrow(frame: pd.DataFrame) -> Any:
    import pyarrow as pa

    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()


def _whole_decimals(table: Any) -> Any:
    """Whole numbers that DuckDB sums as decimals, as integers again."""
    import pyarrow as pa

    kinds = [
        field.with_type(pa.int64()) if pa.types.is_decimal(field.type) and field.type.scale == 0 else field
        for field in table.schema
    ]
    return table.cast(pa.schema(kinds))


def _nullable(kind: Any) -> Any:
    from pyarrow import types

    if types.is_integer(kind):
        return pd.Int64Dtype()
    if types.is_floating(kind):
        return pd.Float64Dtype()
    if types.is_boolean(kind):
        return pd.BooleanDtype()
    if types.is_string(kind) or types.is_large_string(kind):
        return pd.StringDtype(na_value=float("nan"))
    return None


_plan_quickly()
