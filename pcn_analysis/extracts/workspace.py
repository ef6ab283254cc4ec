"""Where an extract is worked on: one DuckDB connection with little memory, and a private folder that is removed.

Reading text is one engine's work, so adapters speak SQL to DuckDB. Large tables stream from Parquet to Parquet in
the folder, so that memory holds a part of them only; what does not fit in memory spills into the same folder.
"""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb

from pcn_analysis.exceptions import problem
from pcn_analysis.stored import PRIVATE, locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pandas as pd

MEMORY = "512MB"
"""Most that the connection may hold before it spills to the folder."""


@dataclass
class Workspace:
    """A connection and a folder for the time that an extract comes in.

    Parameters
    ----------
    folder
        Private, and removed at the end.
    connection
        A DuckDB connection of its own.
    """

    folder: Path
    connection: duckdb.DuckDBPyConnection
    _made: int = field(default=0)

    def path(self, name: str) -> Path:
        """A new path in the folder; no two calls give the same."""
        self._made += 1
        return self.folder / f"{self._made:03d}_{name}"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query and fetch its rows: for counts and small tables only.

        Raises
        ------
        PcnAnalysisError
            If the folder is full or a query fails; the database's own words quote values, and are never shown.
        """
        return self._aside(lambda: self.connection.execute(sql).fetchall())

    def row(self, sql: str) -> tuple[Any, ...]:
        """Run a query whose answer is one row."""
        return self.rows(sql)[0]

    def run(self, sql: str) -> None:
        """Run a statement."""
        self._aside(lambda: self.connection.execute(sql))

    def write(self, select: str, name: str) -> str:
        """Stream the rows of a query to a Parquet file of the folder, and return how to read them in SQL."""
        path = self.path(f"{name}.parquet")
        self.copy(select, path)
        return scan(path)

    def small(self, frame: pd.DataFrame, name: str) -> str:
        """Put a small table into the workspace, and return how to read it in SQL."""
        path = self.path(f"{name}.parquet")
        frame.to_parquet(path, index=False)
        return scan(path)

    def copy(self, select: str, path: Path) -> None:
        """Stream the rows of a query to a Parquet file."""
        self.run(f"COPY ({select}) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")

    def _aside(self, query: Callable[[], Any]) -> Any:
        """Run a query in a thread of its own, so that Ctrl+C stops it at once, wherever it is."""
        with _hidden_words(), ThreadPoolExecutor(1) as thread:
            running = thread.submit(query)
            try:
                return running.result()
            except KeyboardInterrupt:
                self.connection.interrupt()
                raise


@contextmanager
def _hidden_words() -> Iterator[None]:
    """Say in words of our own what goes wrong with data: those of the database quote them.

    SQL that is wrong by itself is a programmer's mistake, and raised as it is.
    """
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise problem("prepare", "memory or the disk ran out", "Free some space and try again.") from None
    except (duckdb.InvalidInputException, duckdb.OperationalError) as error:
        if "No space left" in str(error):
            raise problem("prepare", "the disk is full", "Free some space and try again.") from None
        raise problem("prepare", "a file is damaged or cannot be read", "Deliver it again.") from None
    except duckdb.ProgrammingError:
        raise
    except duckdb.Error:
        raise problem("prepare", "values of a table could not be worked with", "Report this as a fault.") from None


@contextmanager
def workspace(beside: Path) -> Iterator[Workspace]:
    """Open a workspace in a hidden, private folder, and remove it at the end, whatever the end is.

    What runs that were killed left behind is removed as well.

    Parameters
    ----------
    beside
        Folder of people, in which the workspace is made; one run at a time has one there.

    Raises
    ------
    PcnAnalysisError
        If another run has one there.
    """
    beside.mkdir(parents=True, exist_ok=True)
    target = beside / "extract"
    with locked(target):
        for left in beside.glob(f".{target.name}.*"):
            if left.suffix[1:].isdigit():
                shutil.rmtree(left, ignore_errors=True)
        folder = target.with_name(f".{target.name}.{os.getpid()}")
        folder.mkdir(mode=PRIVATE)
        connection = duckdb.connect()
        try:
            _limit(connection, folder)
            yield Workspace(folder, connection)
        finally:
            connection.close()
            shutil.rmtree(folder, ignore_errors=True)


def _limit(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute(f"SET temp_directory = {text(str(folder / 'spill'))}")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET enable_progress_bar = false")


def name(word: str) -> str:
    """Quote a column or table name for SQL.

    Examples
    --------
    >>> print(name('the "b" column'))
    "the ""b"" column"
    """
    return '"' + word.replace('"', '""') + '"'


def text(value: str) -> str:
    """Quote a text for SQL.

    Examples
    --------
    >>> text("O'Brien")
    "'O''Brien'"
    """
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """Quote several texts for SQL, in brackets, for ``IN``."""
    return f"({', '.join(text(value) for value in values)})"


def numbered(written: str) -> str:
    """How to read what was written with the position of each row, ``file_row_number``.

    Examples
    --------
    >>> numbered("read_parquet('rows.parquet')")
    "read_parquet('rows.parquet', file_row_number = true)"
    """
    return f"{written.removesuffix(')')}, file_row_number = true)"


def scan(path: Path) -> str:
    """How to read a Parquet file of the workspace in SQL."""
    return f"read_parquet({text(str(path))})"
