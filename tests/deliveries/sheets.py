"""What a delivery is before it is written: files with a header, rows, and what their columns are."""

from __future__ import annotations

import csv
import datetime as dt
import io
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from pcn_analysis.extracts.incoming import Asked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

EXTRACT_DATE = dt.date(2026, 3, 31)


@dataclass
class Sheet:
    """One file: a header, rows of text, and what its columns are.

    Parameters
    ----------
    header, rows
        As they stand in the file.
    roles
        What some columns are: ``person`` (says whose the row is), ``key`` (identifies the row), ``code``, ``birth``,
        ``death``, ``day`` (of the record), ``date`` (another), ``number`` (with limits that are known), ``reading``
        (without), ``word`` (one of a few).
    needed
        Columns without which the file cannot be used.
    """

    header: list[str]
    rows: list[list[str]]
    roles: dict[str, str] = field(default_factory=dict)
    needed: tuple[str, ...] = ()

    def of_role(self, *roles: str) -> list[int]:
        """Where columns of some roles stand."""
        return [index for index, one in enumerate(self.header) if self.roles.get(one) in roles]


@dataclass
class Delivered:
    """One delivery, before it is written.

    Parameters
    ----------
    kind
        Of ``adapters.ORDER``.
    sheets
        Files by name, without their ending.
    feeds
        For files that records look things up in, which columns of which of our tables come from them.
    form
        ``csv``, ``parquet`` or ``duckdb``.
    mapping
        Text of the mapping file.
    codelists
        Files of the folder of codelists.
    fills
        Which of our tables each other file fills, where they have not its name.
    means
        Of columns that may be missing, which of our columns come from them, where they have not their names.
    fan
        Most records that one row becomes.
    only
        The one file that a mutation may change; any if empty.
    """

    kind: str
    sheets: dict[str, Sheet]
    feeds: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    form: str = "csv"
    mapping: str = ""
    codelists: dict[str, str] = field(default_factory=dict)
    fills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    means: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fan: int = 1
    only: str = ""

    def copy(self) -> Delivered:
        """Another, to be changed."""
        return deepcopy(self)

    def write(self, folder: Path) -> Path:
        """Write it, and return what to deliver."""
        folder.mkdir(parents=True)
        if self.form == "duckdb":
            return self._database(folder / "delivered.duckdb")
        for name, sheet in self.sheets.items():
            if self.form == "parquet":
                frame(sheet).to_parquet(folder / f"{name}.parquet", index=False)
            else:
                (folder / f"{name}.csv").write_bytes(as_csv(sheet))
        return folder

    def _database(self, path: Path) -> Path:
        with duckdb.connect(str(path)) as connection:
            for name, sheet in self.sheets.items():
                connection.register("rows", frame(sheet))
                connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM rows')
                connection.unregister("rows")
        return path

    def asked(self, path: Path, beside: Path) -> Asked:
        """What a user gives with it; the mapping and the codelists are written beside it."""
        beside.mkdir(parents=True, exist_ok=True)
        mapping, lists = None, None
        if self.mapping:
            mapping = beside / "mapping.yaml"
            mapping.write_text(self.mapping, encoding="utf-8")
        if self.codelists:
            lists = beside / "codelists"
            lists.mkdir(exist_ok=True)
            for name, text in self.codelists.items():
                (lists / name).write_text(text, encoding="utf-8")
        day = None if self.kind == "omop" else EXTRACT_DATE
        return Asked({self.kind: path}, mapping=mapping, codelists=lists, extract_date=day)


def as_csv(sheet: Sheet, separator: str = ",") -> bytes:
    """Write a sheet as text in UTF-8, with ``\\n`` at the end of each line."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows([sheet.header, *sheet.rows])
    return out.getvalue().encode()


def frame(sheet: Sheet) -> pd.DataFrame:
    """A sheet as it stands in a database: dates are dates, numbers are numbers, the rest is text."""
    columns = [f"{one} " * (1 + sheet.header[:index].count(one)) for index, one in enumerate(sheet.header)]
    made = pd.DataFrame(sheet.rows, columns=[one.strip() for one in columns], dtype="object").replace("", None)
    for one, role in sheet.roles.items():
        if one in made.columns and role in ("birth", "death", "day", "date"):
            parsed = pd.to_datetime(made[one], format="%Y-%m-%d", errors="coerce")
            if (parsed.notna() == made[one].notna()).all():
                made[one] = parsed.dt.date
        if one in made.columns and role == "number":
            numbers = pd.to_numeric(made[one], errors="coerce")
            if (numbers.notna() == made[one].notna()).all():
                made[one] = numbers.astype("float64")
    return made


def sheet(text: str, **roles: str) -> Sheet:
    """Read a sheet from the text of a CSV file; columns whose role ends with ``!`` are needed."""
    header, *rows = list(csv.reader(io.StringIO(text.strip())))
    needed = tuple(column for column, role in roles.items() if role.endswith("!"))
    return Sheet(header, rows, {column: role.rstrip("!") for column, role in roles.items()}, needed)


def filled_sheet(header: str, rows: Sequence[tuple[object, ...]], **roles: str) -> Sheet:
    """A sheet of a header and rows of anything, with roles as of :func:`sheet`."""
    made = sheet(header, **roles)
    return replace(made, rows=[[str(cell) for cell in row] for row in rows])
