"""The oracle of damaged deliveries: holds what one became against what it becomes unmutated.

Everything that differs must be listed, and nothing that is told may quote a cell or a library.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pcn_analysis import tables
from pcn_analysis.clinical_codes import folder, matching
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts import coding, incoming
from pcn_analysis.extracts.incoming import Incoming, bring_in
from pcn_analysis.extracts.workspace import name, workspace
from tests.deliveries import EXAMPLES, EXTRACT_DATE, Delivered
from tests.mutations import HARMLESS, LISTED, REFUSED, Mutation, apply

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from pcn_analysis.clinical_codes.contract import Codelist
    from pcn_analysis.extracts.findings import Finding
    from pcn_analysis.extracts.incoming import Asked

LOUD = ("left out", "set to missing", "changed")
DERIVED = {
    "length_of_stay_days": ("visit_end_date", "visit_type"),
    "admission_method": ("visit_type",),
    "bmi_date": ("bmi",),
    "copd_date": ("has_copd",),
}
"""Columns that follow from another."""
LIBRARY_WORDS = re.compile(
    r"Traceback|Exception|\w+Error\b|duckdb|pyarrow|pandas|SELECT |COPY |Parser|Binder|(?-i:LINE \d)", re.I
)


@dataclass(frozen=True)
class Came:
    """What a delivery became.

    Parameters
    ----------
    rows
        Rows of each table, as text, each with how often it is there.
    findings
        How many rows each finding is of, by where, what (without numbers) and action.
    """

    rows: dict[str, Counter[tuple[str | None, ...]]]
    findings: Counter[tuple[str, str, str]]


@contextmanager
def lists_read_once() -> Iterator[None]:
    """Shipped codelists, and those of folders that hold the same, are read once: it takes longer than a delivery."""
    lists = [one for one in folder.shipped() if one.stands_for.name in ("diabetes", "asthma", "copd")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(incoming, "shipped", lambda: lists)
        patch.setattr(incoming, "read_codelists", _read_once)
        patch.setattr(coding, "code_map", _mapped_once)
        yield


_read: dict[tuple[tuple[str, bytes], ...], list[Codelist]] = {}
_mapped: dict[tuple[int, ...], tuple[list[Codelist], pd.DataFrame]] = {}


def _read_once(path: Path) -> list[Codelist]:
    held = tuple((one.name, one.read_bytes()) for one in sorted(path.iterdir()))
    if held not in _read:
        _read[held] = folder.read_codelists(path)
    return list(_read[held])


def _mapped_once(lists: Sequence[Codelist]) -> pd.DataFrame:
    key = tuple(id(one) for one in lists)
    if key not in _mapped:
        _mapped[key] = (list(lists), matching.code_map(lists))
    return _mapped[key][1].copy()


def _columns(table: str) -> list[str]:
    return [*tables.NAMED[table].column_names(), *(["pcn_code"] if table == "persons" else [])]


def _came(found: Incoming) -> Came:
    rows = {}
    for table, relation in {"persons": found.persons, **found.records}.items():
        cells = ", ".join(f"CAST({name(column)} AS VARCHAR)" for column in _columns(table))
        rows[table] = Counter(found.space.rows(f"SELECT {cells} FROM {relation}"))
    return Came(rows, _counted(found.findings.rows))


def _counted(findings: Iterable[Finding]) -> Counter[tuple[str, str, str]]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in findings:
        counts[one.where, re.sub(r"[0-9][0-9,]*", "#", one.what), one.action] += one.rows
    return counts


def bring(asked: Asked, beside: Path) -> Came:
    """Bring in what a user brings, in a workspace of its own."""
    with workspace(beside) as space:
        return _came(bring_in(asked, None, space))


def delivered(example: str, files: tuple[str, ...] = ()) -> Delivered:
    """A delivery, of some of its files only; of all if none are named."""
    one = EXAMPLES[example]()
    one.sheets = {key: sheet for key, sheet in one.sheets.items() if not files or key in files}
    return one


@cache
def unharmed(example: str, files: tuple[str, ...] = ()) -> Came:
    """What a delivery becomes as it is."""
    with tempfile.TemporaryDirectory() as scratch:
        where, one = Path(scratch), delivered(example, files)
        return bring(one.asked(one.write(where / "delivery"), where / "beside"), where / "people")


class Judge:
    """Holds what a mutated delivery became against what the unmutated one became."""

    def __init__(self, example: str, came: Came, renamed: dict[str, str], files: tuple[str, ...] = ()):
        self.one, self.was, self.came = delivered(example, files), unharmed(example, files), came
        self.renamed = renamed
        self.new = came.findings - self.was.findings
        self.loud = {key: rows for key, rows in self.new.items() if key[2] in LOUD}

    def outcome(self) -> str:
        """``listed`` or ``harmless``; an assertion fails where neither is true."""
        differing = [table for table in self.was.rows if self._differs(table)]
        assert set(self.came.rows) <= set(self.was.rows), "a table that was not there before"
        return LISTED if differing or self.loud else HARMLESS

    def _differs(self, table: str) -> bool:
        was, now = self.was.rows[table], self._undone(table)
        if table not in self.came.rows:
            said = any(re.search(rf"\bno (table|file)\b.*|{table}.*no row", what) for _, what, _ in self.new)
            assert said, f"{table} is not there, and nothing says so"
            return True
        if table == "observation_period":  # a period for each person, and for nobody else
            stay = {row[0] for row in self._undone("persons")}
            was = Counter({row: times for row, times in was.items() if row[0] in stay})
        missing, extra = was - now, now - was
        if not missing and not extra:
            return False
        if table == "observation_period" and self._is_derived():
            assert self.new, "periods differ, and nothing is listed"
            people = {row[0] for row in self._undone("persons")}
            assert {row[0] for row in now} == people
            return True
        self._explain(table, missing, extra)
        return True

    def _undone(self, table: str) -> Counter[tuple[str | None, ...]]:
        """Rows of the mutated delivery, with identifiers as they were."""
        at = _columns(table).index("person_id")
        found: Counter[tuple[str | None, ...]] = Counter()
        for row, times in self.came.rows.get(table, Counter()).items():
            person = self.renamed.get(str(row[at]), row[at])
            found[(*row[:at], person, *row[at + 1 :])] += times
        return found

    def _explain(self, table: str, missing: Counter, extra: Counter) -> None:
        """Every row that is gone is left out by a finding; every row that is new is an old one, changed as listed."""
        columns, left = _columns(table), list(missing.elements())
        for row in extra.elements():
            if self._is_back(table, row):
                continue
            match = next((old for old in left if self._may_become(table, columns, old, row)), None)
            assert match is not None, (
                f"{table} has a row that nothing explains: {_differences(columns, row, left)}; listed: {dict(self.new)}"
            )
            left.remove(match)
        gone = sum(rows for (where, _, action), rows in self.loud.items() if action == "left out"
                   and self._concerns(where, table))  # fmt: skip
        gone += sum(rows for (where, what, _), rows in self.new.items() if _may_end_early(what)
                    and self._concerns(where, table)) * len(self.was.rows[table])  # fmt: skip
        assert len(left) <= gone * self.one.fan, (
            f"{table}: {len(left)} rows are gone, {gone} are listed: {left}; {dict(self.new)}"
        )

    def _is_back(self, table: str, row: tuple) -> bool:
        """Whether a row is there because something that it was held against is listed as missing or changed.

        What is said of the dead is left out: it is not where their date of death is set to missing. A period is worked
        out for somebody whose identifier was changed.
        """
        at, dead = _columns("persons").index("person_id"), _columns("persons").index("death_date")
        person = row[_columns(table).index("person_id")]
        if table == "observation_period":
            known = person in {one[at] for one in self.was.rows["persons"]}
            return not known and any(where == table and "worked out" in what for where, what, _ in self.new)
        no_longer = any(what == "dated after death" and self._concerns(where, table)
                        for where, what, _ in self.was.findings - self.came.findings)  # fmt: skip
        died = any(one[at] == person and one[dead] for one in self.was.rows["persons"])
        return no_longer and died and self._is_listed("persons", "death_date", None)

    def _may_become(self, table: str, columns: list[str], old: tuple, new: tuple) -> bool:
        return all(
            before == after or self._is_listed(table, column, after)
            for column, before, after in zip(columns, old, new, strict=True)
        )

    def _is_listed(self, table: str, column: str, after: str | None) -> bool:
        """Whether a finding says that a value of a column is missing now, or was changed."""
        for where, what, action in self.new:
            if absent := re.match("no column (.*): missing in every row", what):
                ours = {our for one in absent[1].split(", ") for our in self.one.means.get(one, (one,))}
                if column in ours and self._concerns(where, table):
                    return True
            if table == "observation_period" and "worked out" in what:
                return True
            mine = where in {f"{table}.{one}" for one in (column, *DERIVED.get(column, ()))}
            if mine and after in ("other", None) and "not known here" in what:
                return True
            missing = after is None or after == "unknown"
            if mine and (action == "changed" or (missing and (action == "set to missing" or "no column" in what))):
                return True
            file = self._file(where)
            if (
                file in self.one.feeds
                and column in self.one.feeds[file].get(table, ())
                and (action in LOUD or _may_end_early(what))
            ):
                return True
            if "no table" in what and any(one in what for one in self.one.feeds if column in
                                          self.one.feeds[one].get(table, ())):  # fmt: skip
                return True
            if file and self._concerns(where, table) and (action == "changed" or _may_end_early(what)):
                return True
        return False

    def _concerns(self, where: str, table: str) -> bool:
        """Whether a finding is on a table, or on a file that it is filled from."""
        file = self._file(where)
        if self.one.kind == "hospital" and (table == "persons" or where.startswith("delivery")):
            return True  # who has no record that can be used is nobody there
        if file:
            return table in self.one.fills.get(file, (file,))
        return where.partition(".")[0] == table

    def _file(self, where: str) -> str:
        """Name of the file or source table, in small letters, of a finding; empty if it is on a table of ours."""
        first = where.partition(",")[0]
        if self.one.form == "duckdb" and first in self.one.sheets and first != "observation_period":
            return first
        return re.sub(r"\.(csv|parquet)$", "", first).lower() if re.search(r"\.(csv|parquet)$", first) else ""

    def _is_derived(self) -> bool:
        return "observation_period" not in self.one.sheets


def _differences(columns: list[str], row: tuple, left: list[tuple]) -> str:
    """In what a row differs from the nearest of those that are gone, for whoever reads a failure."""
    if not left:
        return str(row)
    near = min(left, key=lambda old: sum(one != other for one, other in zip(old, row, strict=True)))
    pairs = zip(columns, near, row, strict=True)
    return f"{row[0]}, " + ", ".join(f"{column} {old} -> {new}" for column, old, new in pairs if old != new)


def _may_end_early(what: str) -> bool:
    return any(one in what for one in ("cut short", "a table with no row", "no hospital record", "no file of"))


def check_words(told: list[str], one: Delivered, renamed: dict[str, str]) -> None:
    """Nothing that a cell holds is told, and no words of a library."""
    known = {word for table in tables.PEOPLE for column in table.columns for word in column.allowed}
    known |= {
        "true",
        "false",
        "kg/m2",
        str(EXTRACT_DATE),
        *tables.CONDITION_NAMES,
        "Measurement",
        "Condition",
        "Invented",
    }
    cells = {cell for sheet in one.sheets.values() for row in sheet.rows for cell in row if len(cell) > 3} | set(
        renamed
    )
    for line in told:
        assert not LIBRARY_WORDS.search(re.sub(r"delivered\.duckdb|DuckDB file", "", line)), line
        for cell in cells - known:
            found = re.search(rf"(?<!\w){re.escape(cell)}(?!\w)", line)
            assert not found, f"a cell is told: {line}"


def case(
    example: str, chosen: list[Mutation], seed: int, where: Path, *, sheet: str = "", files: tuple[str, ...] = ()
) -> tuple[str, Came | None]:
    """Mutate a delivery, bring it in and judge what came; of some of its files only, if any are named."""
    one, rng = delivered(example, files), random.Random(seed)
    mutated = apply(one, chosen, rng, where / "delivery", sheet)
    original = delivered(example, files)
    asked = original.asked(mutated.path, where / "beside")
    try:
        came = bring(asked, where / "people")
    except PcnAnalysisError as error:
        lines = [str(it) for it in error.problems]
        assert lines, "an error that says nothing"
        assert all("\n" not in line and line.strip() for line in lines)
        check_words(lines, original, mutated.renamed)
        return REFUSED, None
    told = [f"{where}: {what}" for where, what, _ in came.findings]
    check_words(told, original, mutated.renamed)
    return Judge(example, came, mutated.renamed, files).outcome(), came
