"""One delivery: a folder, a file, a zip or a DuckDB file, and the tables found in it."""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import duckdb

from pcn_analysis.exceptions import PcnAnalysisError, problem
from pcn_analysis.extracts.archives import unpacked
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.text_files import Raw, ends_within, read_text
from pcn_analysis.extracts.text_lines import BLANK
from pcn_analysis.extracts.workspace import name, text
from pcn_analysis.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

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
        What messages and pages call it: its last name, after its kind where there are several deliveries.
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
    kind
        What stands before the names of its files in messages: its kind where there are several deliveries.
    shown
        What messages call each file: its name, with the folders that it is in where another has the same.
    wholes
        The files that are a table each, and the folders that hold the parts of one, by its folded name.
    """

    name: str
    space: Workspace
    findings: Findings
    door: Door
    files: dict[str, list[Path]] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    skip_lines: int = 0
    kind: str = ""
    shown: dict[Path, str] = field(default_factory=dict)
    wholes: dict[str, list[Path]] = field(default_factory=dict)

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
            If a file cannot be read as a table, or two files beside each other are the same one. Files of one name in
            several folders are read as one table, which is noted.
        """

        def keep(column: str) -> bool:
            return wanted is None or column in wanted or self.door.is_named(column)

        if table in self.tables:
            raw = self._typed(f"{self.kind}{table}", self.tables[table], keep)
        else:
            self._check_once(table)
            raw = _together(f"{self.kind}{table}", [self._file(path, keep) for path in self.files[table]])
        self.door.examine(self.space, raw)
        if not raw.rows:
            self.findings.add(raw.name, "a table with no row", 1, "noted")
        return raw

    def _check_once(self, table: str) -> None:
        """Refuse two files beside each other that are the same table: nobody can say which of them is meant."""
        wholes = self.wholes[table]
        for folder in {one.parent for one in wholes}:
            if len(beside := [one.name for one in wholes if one.parent == folder]) > 1:
                raise problem(f"{self.kind}{listed(beside)}", f"are each the table {table}", "Deliver one of them.")
        if len(wholes) > 1:
            what = "files of this table in several folders, read as one"
            self.findings.add(f"{self.kind}{table}", what, len(wholes), "noted", prominent=True)

    def _file(self, path: Path, keep: Callable[[str], bool]) -> Raw:
        shown, found = self.shown[path], Findings()
        if path.suffix.lower() in PARQUET:
            options = "hive_partitioning = false, binary_as_string = true"
            return self._typed(shown, f"read_parquet({text(str(path))}, {options})", keep)
        try:
            raw = read_text(self.space, path, found, keep=keep, skip_lines=self.skip_lines)
        except PcnAnalysisError as error:
            told = (replace(one, where=shown) if one.where == path.name else one for one in error.problems)
            raise PcnAnalysisError(*told) from None
        for one in found.rows:
            self.findings.add(shown, one.what, one.rows, one.action)
        cut = "no line end after the last row: the file may have been cut short"
        self.findings.add(shown, cut, int(ends_within(path)), "noted")
        return replace(raw, name=shown)

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


def open_delivery(
    path: Path, space: Workspace, findings: Findings, door: Door, *, skip_lines: int = 0, kind: str = ""
) -> Delivery:
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
    kind
        Its kind, where there are several deliveries: messages then say of which one a file is.

    Raises
    ------
    PcnAnalysisError
        If there is nothing of the kind, or a zip may not be unpacked.
    """
    before = f"{kind}/" if kind else ""
    if not path.exists():
        raise problem(f"{before}{path.name}", "there is no such file or folder", "Check the name.")
    delivery = Delivery(f"{before}{path.name}", space, findings, door, skip_lines=skip_lines, kind=before)
    if path.is_file() and path.suffix.lower() in DATABASE:
        return _attached(delivery, path)
    if path.is_file() and path.suffix.lower() == ".zip":
        path = unpacked(path, space.path("unpacked"))
    files = [path] if path.is_file() else [one for one in sorted(path.rglob("*")) if not _hidden(one, path)]
    readable = [one for one in files if one.is_file() and one.suffix.lower() in (*TEXT, *PARQUET)]
    if not readable:
        endings = ", ".join((*TEXT, *PARQUET))
        raise problem(delivery.name, f"holds no file of a kind that can be read ({endings})", "Export tables as CSV.")
    alike = Counter(one.name for one in readable)
    for one in readable:
        inside = one.relative_to(path).parts if alike[one.name] > 1 else (one.name,)
        delivery.shown[one] = before + "/".join(part for part in inside if "=" not in part)
        table, whole = _table_of(one, path)
        delivery.files.setdefault(table, []).append(one)
        if whole not in delivery.wholes.setdefault(table, []):
            delivery.wholes[table].append(whole)
    return delivery


def _hidden(path: Path, below: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(below).parts)


def _table_of(file: Path, delivered: Path) -> tuple[str, Path]:
    """Name of the table that a file is, or is a part of; and what holds all of it, the file or a folder of parts."""
    stem = file.name.removesuffix(file.suffix)
    above = next((one for one in file.parents if one == delivered or "=" not in one.name), delivered)
    if delivered not in (file, above) and _PART.fullmatch(stem.lower()):
        ending = next((one for one in (*TEXT, *PARQUET) if above.name.lower().endswith(one)), "")
        return folded(above.name[: len(above.name) - len(ending)]), above
    return folded(stem), file


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
        raise problem(delivery.name, "is no DuckDB file, or one in use by another program", "Check the file.") from None
    for schema, table in found:
        if folded(table) in delivery.tables:
            raise problem(delivery.name, f"holds two tables called {folded(table)}", "Give a file with one of them.")
        delivery.tables[folded(table)] = f"{here}.{name(schema)}.{name(table)}"
    delivery.files = {one: [] for one in delivery.tables}
    return delivery
