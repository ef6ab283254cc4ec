"""One delivery: a folder, a file, a zip or a DuckDB file, and the tables found in it."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from pcn_analysis.exceptions import problem
from pcn_analysis.extracts.archives import unpacked
from pcn_analysis.extracts.text_files import Raw, ends_within, folded, read_text
from pcn_analysis.extracts.text_lines import BLANK
from pcn_analysis.extracts.workspace import name, text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.identifiers import Door
    from pcn_analysis.extracts.workspace import Workspace

TEXT = (".csv", ".txt", ".tsv", ".psv")
PARQUET = (".parquet", ".pq")
DATABASE = (".duckdb", ".db")
EXACT = {"DOUBLE": 2**53, "FLOAT": 2**24}
"""From here on not every whole number has a floating-point number of its own, by kind of number."""
_PART = re.compile(r"(part|data|file|chunk|batch|split)?[-_.]?([0-9]+([-_.].*)?|[0-9a-f]{8}-.*)")
"""Name of a file that is a part of the table that its folder is named after."""


@dataclass
class Delivery:
    """What was delivered, and where it is read.

    Parameters
    ----------
    name
        Its last name, for messages and pages.
    space
        The workspace that tables are read into.
    findings
        Takes what was found.
    door
        Looks at every table before anything else does, for identifiers.
    files
        The files of each table, by its folded name.
    tables
        How to read each table in SQL, where the delivery is a DuckDB file; they are then in ``files`` without files.
    skip_lines
        Lines above the header of every text file.
    """

    name: str
    space: Workspace
    findings: Findings
    door: Door
    files: dict[str, list[Path]] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    skip_lines: int = 0

    def matching(self, *patterns: str) -> list[str]:
        """Names of tables that fit a pattern, in any case; without the endings of files.

        Parameters
        ----------
        *patterns
            With ``*`` for anything, such as ``person`` or ``*hes_apc*``.
        """
        wanted = [pattern.lower() for pattern in patterns]
        return [one for one in self.files if any(fnmatch.fnmatchcase(one, pattern) for pattern in wanted)]

    def read(self, table: str, wanted: Collection[str] | None = None) -> Raw:
        """Read one table; several files of one table are read as one.

        Parameters
        ----------
        table
            One of :meth:`matching`.
        wanted
            Columns to read, by folded name; None reads all. Those that are not there are left to the caller.
            Columns that are named like an identifier are read as well, so that the door sees whether they are
            filled.

        Raises
        ------
        PcnAnalysisError
            If a file cannot be read as a table.
        """

        def keep(column: str) -> bool:
            return wanted is None or column in wanted or self.door.is_named(column)

        if table in self.tables:
            raw = self._typed(table, self.tables[table], keep)
        else:
            raw = _together(table, [self._file(path, keep) for path in self.files[table]])
        self.door.examine(self.space, raw)
        if not raw.rows:
            self.findings.add(raw.name, "a table with no row", 1, "noted")
        return raw

    def _file(self, path: Path, keep: Callable[[str], bool]) -> Raw:
        if path.suffix.lower() in PARQUET:
            options = "hive_partitioning = false, binary_as_string = true"
            return self._typed(path.name, f"read_parquet({text(str(path))}, {options})", keep)
        raw = read_text(self.space, path, self.findings, keep=keep, skip_lines=self.skip_lines)
        cut = "no line end after the last row: the file may have been cut short"
        self.findings.add(path.name, cut, int(ends_within(path)), "noted")
        return raw

    def _typed(self, shown: str, source: str, keep: Callable[[str], bool]) -> Raw:
        """A table that has types, as text."""
        try:
            kinds = self.space.connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
            columns = {str(column): str(kind) for column, kind, *_ in kinds}
            header = {column: folded(column) for column in columns}
            kept = {column: one for column, one in header.items() if keep(one)}
            rows = int(self.space.connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0])
        except duckdb.Error:
            raise problem(shown, "is damaged, or no table", "Deliver it again.") from None
        if len(set(header.values())) < len(header):
            raise problem(shown, "two of its columns have the same name but for case", "Name every column once.")
        self._refuse_rounded(shown, source, {one: columns[one] for one in kept if columns[one] in EXACT})
        cells = ", ".join(f"{_as_text(column, columns[column])} AS {name(one)}" for column, one in kept.items())
        relation = f"(SELECT {cells or 'true AS no_column'} FROM {source})"
        return Raw(shown, tuple(header.values()), tuple(kept.values()), relation, rows)

    def _refuse_rounded(self, shown: str, source: str, columns: dict[str, str]) -> None:
        """Refuse long whole numbers that were stored as floating-point numbers: their last digits are lost."""
        if not columns:
            return
        whole = ", ".join(
            f"count(*) FILTER (isfinite({name(one)}) AND {name(one)} = trunc({name(one)}) "
            f"AND abs({name(one)}) >= {EXACT[kind]})"
            for one, kind in columns.items()
        )
        found = self.space.row(f"SELECT {whole} FROM {source}")
        if lost := [column for column, rows in zip(columns, found, strict=True) if rows]:
            what = f"{', '.join(lost)}: codes or identifiers stored as floating-point numbers, last digits lost"
            raise problem(shown, what, "Export them again as text.")


def _as_text(column: str, kind: str) -> str:
    """A column that has a type, as text in SQL; a whole number without a point."""
    quoted = name(column)
    if kind in EXACT:
        whole = f"{quoted} = trunc({quoted}) AND abs({quoted}) < {EXACT[kind]}"
        finite = f"CASE WHEN {whole} THEN CAST(CAST({quoted} AS BIGINT) AS VARCHAR) ELSE CAST({quoted} AS VARCHAR) END"
        return f"CASE WHEN isfinite({quoted}) THEN {finite} END"
    return f"nullif(trim(CAST({quoted} AS VARCHAR), {text(BLANK)}), '')"


def _together(table: str, parts: list[Raw]) -> Raw:
    """Several files of one table as one: they have the same columns, in any order."""
    first, *others = parts
    if not others:
        return first
    if odd := [one.name for one in others if set(one.columns) != set(first.columns)]:
        what = f"its columns are not those of {first.name}"
        raise problem(", ".join(odd), what, "Deliver the files of one table with the same columns.")
    union = " UNION ALL BY NAME ".join(f"SELECT * FROM {one.relation}" for one in parts)
    return Raw(table, first.header, first.columns, f"({union})", sum(one.rows for one in parts))


def open_delivery(path: Path, space: Workspace, findings: Findings, door: Door, *, skip_lines: int = 0) -> Delivery:
    """Open what was delivered.

    Parameters
    ----------
    path
        A folder of text or Parquet files, one such file, a zip of them, or a DuckDB file. Tables are called as their
        files; the parts of one that lie in a folder of their own (``person/part-0001.parquet``), as the folder.
    space, findings, door
        As of :class:`Delivery`.
    skip_lines
        Lines above the header of every text file.

    Raises
    ------
    PcnAnalysisError
        If there is nothing of the kind, or a zip may not be unpacked.
    """
    if not path.exists():
        raise problem(path.name, "there is no such file or folder", "Check the name.")
    delivery = Delivery(path.name, space, findings, door, skip_lines=skip_lines)
    if path.is_file() and path.suffix.lower() in DATABASE:
        return _attached(delivery, path)
    if path.is_file() and path.suffix.lower() == ".zip":
        path = unpacked(path, space.path("unpacked"))
    files = [path] if path.is_file() else [one for one in sorted(path.rglob("*")) if not _hidden(one, path)]
    for one in files:
        if one.is_file() and one.suffix.lower() in (*TEXT, *PARQUET):
            delivery.files.setdefault(_table_of(one, path), []).append(one)
    if not delivery.files:
        endings = ", ".join((*TEXT, *PARQUET))
        raise problem(path.name, f"holds no file of a kind that can be read ({endings})", "Export tables as CSV.")
    return delivery


def _hidden(path: Path, below: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(below).parts)


def _table_of(file: Path, delivered: Path) -> str:
    """Name of the table that a file is, or is a part of."""
    above = [one for one in file.relative_to(delivered).parts[:-1] if "=" not in one] if file != delivered else []
    stem = file.name.removesuffix(file.suffix)
    if above and _PART.fullmatch(stem.lower()):
        ending = next((one for one in (*TEXT, *PARQUET) if above[-1].lower().endswith(one)), "")
        return folded(above[-1][: len(above[-1]) - len(ending)])
    return folded(stem)


def _attached(delivery: Delivery, path: Path) -> Delivery:
    """A DuckDB file, opened for reading only."""
    connection = delivery.space.connection
    try:
        here = f"delivered_{len(connection.execute('SELECT * FROM duckdb_databases()').fetchall())}"
        connection.execute(f"ATTACH {text(str(path))} AS {here} (READ_ONLY, TYPE duckdb)")
        found = connection.execute(
            f"SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = '{here}' UNION ALL "
            f"SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = '{here}' AND NOT internal "
            "ORDER BY ALL"
        ).fetchall()
    except duckdb.Error:
        raise problem(path.name, "is no DuckDB file, or one in use by another program", "Check the file.") from None
    for schema, table in found:
        if folded(table) in delivery.tables:
            raise problem(path.name, f"holds two tables called {folded(table)}", "Give a file with one of them.")
        delivery.tables[folded(table)] = f"{here}.{name(schema)}.{name(table)}"
    delivery.files = {one: [] for one in delivery.tables}
    return delivery
