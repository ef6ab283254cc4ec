"""The oracle of damaged deliveries: holds what one became against what it becomes unmutated.

Everything that differs must be listed, and nothing that is told may quote a cell or a library.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from scipy.optimize import linear_sum_assignment

from pcn_analysis import tables
from pcn_analysis.exceptions import PcnAnalysisError
from tests.brought import OPTED_OUT, Came, bring, check_balance, columns_of, delivered, unharmed
from tests.deliveries import EXTRACT_DATE, Delivered
from tests.mutations import HARMLESS, LISTED, REFUSED, Mutation, apply

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mutations import Mutated

    Finding = tuple[str, str, str]
    Row = tuple[str | None, ...]

LOUD = ("left out", "set to missing", "changed")
DERIVED = {
    "length_of_stay_days": ("visit_end_date", "visit_type"),
    "admission_method": ("visit_type",),
    "bmi_date": ("bmi",),
    "copd_date": ("has_copd",),
    "code_system": ("code",),
}
"""Columns that follow from another."""
LIBRARY_WORDS = re.compile(
    r"Traceback|Exception|\w+Error\b|duckdb|pyarrow|pandas|SELECT |COPY |Parser|Binder|(?-i:LINE \d)", re.I
)

HINT = re.compile(r"The last date in them is [0-9-]{10}\.")
"""The one value that is told: up to when records go, where nothing says when they were taken."""
MISSING = (None, "unknown", "not_known", "other")
"""What a value is that is not known."""
NOT_LOOKED_UP = ("local", "text")
"""Of what system a code is that no row explains: as its own record says, which names no system."""
IMPOSSIBLE = 1_000
"""More changes than any row has."""


class Judge:
    """Holds what a mutated delivery became against what the unmutated one became."""

    def __init__(
        self, example: str, came: Came, mutated: Mutated, files: tuple[str, ...] = (), *, opted_out: bool = False
    ):
        self.one, self.came, self.mutated = delivered(example, files), came, mutated
        self.was = unharmed(example, files, opted_out=opted_out)
        self.new = came.findings - self.was.findings
        self.loud = {key: rows for key, rows in self.new.items() if key[2] in LOUD}
        self.codes = {row[at] for one in self.one.sheets.values() for at in one.of_role("code") for row in one.rows}
        self.now = {table: self._undone(table) for table in self.was.rows}

    def outcome(self) -> str:
        """``listed`` or ``harmless``; an assertion fails where neither is true."""
        assert set(self.came.rows) <= set(self.was.rows), "a table that was not there before"
        check_balance(self.came)
        differing = [table for table in self.was.rows if self._differs(table)]
        return LISTED if differing or self.loud else HARMLESS

    def _undone(self, table: str) -> Counter[Row]:
        """Rows of the mutated delivery, with identifiers as they were."""
        if not tables.NAMED[table].people:
            return self.came.rows.get(table, Counter())
        at = columns_of(table).index("person_id")
        found: Counter[Row] = Counter()
        for row, times in self.came.rows.get(table, Counter()).items():
            person = self.mutated.renamed.get(str(row[at]), row[at])
            found[(*row[:at], person, *row[at + 1 :])] += times
        return found

    def _differs(self, table: str) -> bool:
        was, now = self.was.rows[table], self.now[table]
        if table not in self.came.rows:
            assert self._is_said_absent(table), f"{table} is not there, and nothing says so"
            return True
        if table == "observation_period":  # a period for each person, and for nobody else
            assert Counter(row[0] for row in now) == _people(self.now), "periods are not those of the people"
            was = Counter({row: times for row, times in was.items() if row[0] in _people(self.now)})
        missing, extra = was - now, now - was
        if not missing and not extra:
            return False
        if table == "observation_period" and "observation_period" not in self.one.sheets:
            self._explain_derived(extra)
        else:
            self._explain(table, missing, extra)
        return True

    def _is_said_absent(self, table: str) -> bool:
        names = {table, *(file for file, ours in self.one.fills.items() if table in ours)}
        return any(
            re.search(r"\bno (table|file|row)\b", what)
            and (self._concerns(where, table) or any(one in f"{where} {what}".lower() for one in names))
            for where, what, _ in self.new
        )

    def _explain_derived(self, extra: Counter[Row]) -> None:
        """A period that is worked out differs only where something else that is said of the person does."""
        for row in extra:
            others = [table for table in self.was.rows if table != "observation_period"]
            same = all(_of(row[0], self.was.rows, table) == _of(row[0], self.now, table) for table in others)
            assert not same, f"a period differs, and nothing else of its person: {row}"

    def _explain(self, table: str, missing: Counter[Row], extra: Counter[Row]) -> None:
        """Every row that is gone is left out by a finding; every row that is new is an old one, changed as listed."""
        columns = columns_of(table)
        left, rows = (sorted(some.elements(), key=repr) for some in (missing, extra))
        changed: Counter[str] = Counter()
        reasons: dict[str, set[Finding]] = defaultdict(set)
        found = [[self._changes(table, columns, old, row) for old in left] for row in rows]
        pairs = _nearest(found)
        unpaired = [row for number, row in enumerate(rows) if number not in pairs]
        for back, row in enumerate(unpaired, 1):
            assert self._is_back(table, row, back), (
                f"{table} has a row that nothing explains: {_differences(columns, row, left)}; listed: {dict(self.new)}"
            )
        for number, match in pairs.items():
            changed.update(found[number][match].keys())
            for column, why in found[number][match].items():
                reasons[column] |= why
        left = [row for number, row in enumerate(left) if number not in pairs.values()]
        for column, times in changed.items():
            listed = sum(self._most(one, table) for one in reasons[column])
            assert times <= listed, f"{table}.{column}: {times} values differ, {listed} are listed: {dict(self.new)}"
        gone = sum(self._lost(one, table) for one in self.new)
        assert len(left) <= gone, f"{table}: {len(left)} rows are gone, {gone} are listed: {left}; {dict(self.new)}"

    def _changes(self, table: str, columns: list[str], old: Row, new: Row) -> dict[str, set[Finding]]:
        """Which columns of a row are others, and the findings that may say so."""
        return {
            column: self._reasons(table, column, after)
            for column, before, after in zip(columns, old, new, strict=True)
            if before != after
        }

    def _most(self, finding: Finding, table: str) -> float:
        """In how many rows of a table a finding may have changed a value."""
        where, what, _ = finding
        file = self._file(where)
        if table in self.one.feeds.get(file, ()) or "no table" in what:
            return float("inf")  # many records look up one row
        return (1 if "cut short" in what else self.new[finding]) * self.one.fan

    def _lost(self, finding: Finding, table: str) -> int:
        """How many rows of a table are not there by a finding."""
        where, what, action = finding
        if not self._concerns(where, table):
            return 0
        if "cut short" in what:
            return self.mutated.lost.get(self._file(where), 0) * self.one.fan
        if _is_empty(what):
            return len(self.was.rows[table])
        return self.new[finding] * self.one.fan if action == "left out" else 0

    def _is_back(self, table: str, row: Row, rows: int) -> bool:
        """Whether so many rows are there because something that they were held against is missing or changed.

        What is said of the dead is left out: it is not where their date of death is set to missing. A period is worked
        out for somebody whose identifier was changed. Who opted out is there where no delivery has their identifier.
        """
        if not tables.NAMED[table].people:
            return False
        at, dead = columns_of("persons").index("person_id"), columns_of("persons").index("death_date")
        person = row[columns_of(table).index("person_id")]
        if person == OPTED_OUT:
            return any("opted out who are in no delivery" in what for _, what, _ in self.new)
        if table == "observation_period":
            worked_out = sum(found for (where, what, _), found in self.new.items() if where == table and
                             "worked out" in what)  # fmt: skip
            return person not in _people(self.was.rows) and rows <= worked_out
        no_longer = sum(found for (where, what, _), found in (self.was.findings - self.came.findings).items()
                        if what == "dated after death" and self._concerns(where, table))  # fmt: skip
        died = any(one[at] == person and one[dead] for one in self.was.rows["persons"])
        return rows <= no_longer and died and bool(self._reasons("persons", "death_date", None))

    def _reasons(self, table: str, column: str, after: str | None) -> set[Finding]:
        """Findings by which a value of a column is missing now, or was changed."""
        return {one for one in self.new if self._says(one, table, column, after)}

    def _says(self, finding: Finding, table: str, column: str, after: str | None) -> bool:
        where, what, action = finding
        file, missing = self._file(where), after in MISSING
        if absent := re.match("no column (.*): missing in every row", what):
            ours = {our for one in absent[1].split(", ") for our in self.one.means.get(one, (one,))}
            return missing and column in ours and self._concerns(where, table)
        if table == "observation_period" and "worked out" in what:
            return where == table
        if where in {f"{table}.{one}" for one in (column, *DERIVED.get(column, ()))}:
            return action == "changed" or (missing and (action == "set to missing" or "not known here" in what))
        if column in self.one.feeds.get(file, {}).get(table, ()):
            as_recorded = (column == "code_system" and after in NOT_LOOKED_UP) or (
                column == "drug_name" and after in self.codes
            )
            return (missing or as_recorded) and (action in LOUD or _is_empty(what) or "cut short" in what)
        if "no table" in what:
            fed = (one for one, ours in self.one.feeds.items() if column in ours.get(table, ()))
            return missing and any(one in what for one in fed)
        return bool(file) and self._concerns(where, table) and (action == "changed" or "cut short" in what)

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


def _nearest(found: list[list[dict[str, set[Finding]]]]) -> dict[int, int]:
    """Which old row each new one was, by the changes between all of them: as many as can be, with the fewest changes.

    A change that nothing says is no change of that row.
    """
    if not found or not found[0]:
        return {}
    costs = [[len(one) if all(one.values()) else IMPOSSIBLE for one in row] for row in found]
    pairs = zip(*linear_sum_assignment(costs), strict=True)
    return {int(row): int(old) for row, old in pairs if costs[row][old] < IMPOSSIBLE}


def _people(rows: dict[str, Counter[Row]]) -> Counter[str | None]:
    return Counter(row[columns_of("persons").index("person_id")] for row in rows["persons"].elements())


def _of(person: str | None, rows: dict[str, Counter[Row]], table: str) -> Counter[Row]:
    """What a table says of a person; nothing if it is of none."""
    if not tables.NAMED[table].people:
        return Counter()
    at = columns_of(table).index("person_id")
    return Counter({row: times for row, times in rows[table].items() if row[at] == person})


def _differences(columns: list[str], row: tuple, left: list[tuple]) -> str:
    """In what a row differs from the nearest of those that are gone, for whoever reads a failure."""
    if not left:
        return str(row)
    near = min(left, key=lambda old: sum(one != other for one, other in zip(old, row, strict=True)))
    pairs = zip(columns, near, row, strict=True)
    return f"{row[0]}, " + ", ".join(f"{column} {old} -> {new}" for column, old, new in pairs if old != new)


def _is_empty(what: str) -> bool:
    return any(one in what for one in ("a table with no row", "no hospital record", "no file of"))


def check_words(told: list[str], one: Delivered, renamed: dict[str, str]) -> None:
    """Nothing that a cell holds is told, and no words of a library."""
    known = {word for table in tables.PEOPLE for column in table.columns for word in column.allowed}
    known |= {
        "true",
        "false",
        "kg/m2",
        str(EXTRACT_DATE),
        *tables.CONDITION_NAMES,
        *tables.CARE_EVENT_NAMES,
        "Measurement",
        "Condition",
        "Invented",
    }
    cells = {cell for sheet in one.sheets.values() for row in sheet.rows for cell in row if len(cell) > 3} | set(
        renamed
    )
    for said in told:
        line = HINT.sub("", said)
        assert not LIBRARY_WORDS.search(re.sub(r"delivered\.duckdb|DuckDB file", "", line)), line
        for cell in cells - known:
            found = re.search(rf"(?<!\w){re.escape(cell)}(?!\w)", line)
            assert not found, f"a cell is told: {line}"


def case(
    example: str,
    chosen: list[Mutation],
    seed: int,
    where: Path,
    *,
    sheet: str = "",
    files: tuple[str, ...] = (),
    opted_out: bool = False,
) -> tuple[str, Came | None]:
    """Mutate a delivery, bring it in and judge what came; of some of its files only, if any are named."""
    one, rng = delivered(example, files), random.Random(seed)
    mutated = apply(one, chosen, rng, where / "delivery", sheet)
    unharmed(example, files, opted_out=opted_out)  # a delivery that is refused as it is would prove nothing
    original = delivered(example, files)
    asked = original.asked(mutated.path, where / "beside")
    try:
        came = bring(asked, where / "people", opted_out=opted_out)
    except PcnAnalysisError as error:
        lines = [str(it) for it in error.problems]
        of_bytes = [it for it in chosen if it.level == "bytes"]  # two of them may leave a text of no form at all
        is_reason = of_bytes[1:] or any(it.outcome != HARMLESS for it in chosen)
        assert is_reason, f"no reason to refuse it: {lines}"
        assert lines, "an error that says nothing"
        assert all("\n" not in line and line.strip() for line in lines)
        check_words(lines, original, mutated.renamed)
        return REFUSED, None
    told = [f"{where}: {what}" for where, what, _ in came.findings]
    check_words(told, original, mutated.renamed)
    return Judge(example, came, mutated, files, opted_out=opted_out).outcome(), came
