"""What the contract and its guidance say in each contract year: clauses, thresholds and payments, each with its source.

They stand in ``tables/<subject>.csv``, one row a clause and run of years, and nowhere else: a rule that needs a number
names its clause (``{clause: smr_medicines}``). Public sources disagree across years and leave some out, so that a value
always comes with its *standing* in the year that is asked for:

- *published*: a public source says so for that year;
- *to verify*: it was read in a secondary source, or sources disagree;
- *our choice*: nobody says so; the number is ours;
- *carried over from …*: no source was found for that year, and the last value before it is taken;
- *not known*: nothing was found. A payment is never carried over, nor is what is paid for, or a limit by number.

All but *published* are assumptions, and are shown as such on every page that rests on them.
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pcn_analysis.contract.years import YEARS, find_year
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem

PUBLISHED, TO_VERIFY, OUR_CHOICE, NOT_KNOWN = "published", "to verify", "our choice", "not known"
STANDINGS = (PUBLISHED, TO_VERIFY, OUR_CHOICE, NOT_KNOWN)
"""What a row of a table of clauses can say of itself."""
CARRIED = "carried over from"
MONEY = "GBP"
"""Units that begin so are payments."""
SET_ANEW = (MONEY, "IIF", "at most")
"""Units that begin so are of what each year sets anew, and what is never carried over: payments, points and thresholds
that are paid for, limits by number."""
NUMBERS = (MONEY, "IIF", "share")
"""Units that begin so are of numbers."""
COLUMNS = ("clause", "name", "value", "unit", "from_year", "to_year", "standing", "source", "note")
_FOLDER = files("pcn_analysis") / "contract" / "tables"


@dataclass(frozen=True)
class Row:
    """What one source says of a clause in a run of contract years.

    Parameters
    ----------
    service
        The table that it stands in.
    clause, name
        Its short name, by which rules ask for it, and what it is.
    value, unit
        The number or word, empty where none was found, and its unit.
    from_year, to_year
        First and last contract year; empty: from the first, or to the last.
    standing
        One of :data:`STANDINGS`.
    source, note
        Who says so, and what to know of it.
    """

    service: str
    clause: str
    name: str
    value: str
    unit: str
    from_year: str
    to_year: str
    standing: str
    source: str
    note: str

    def covers(self, year: str) -> bool:
        """Whether it is of a contract year."""
        return (self.from_year or YEARS[0]) <= year <= (self.to_year or YEARS[-1])


@dataclass(frozen=True)
class Clause:
    """A clause in one contract year.

    Parameters
    ----------
    row
        What is said of it; of an earlier year where it is carried over.
    year
        The contract year.
    standing
        How far it is to be relied on in that year.
    """

    row: Row
    year: str
    standing: str

    @property
    def value(self) -> str:
        """The number or word; empty where it is not known."""
        return "" if self.standing == NOT_KNOWN else self.row.value

    @property
    def number(self) -> float:
        """The value as a number.

        Raises
        ------
        PcnAnalysisError
            If it is not known in that year.
        """
        if not self.value:
            what = f"{self.row.name} is not known for {self.year}"
            raise problem(f"clause {self.row.clause}", what, "Choose another contract year, or add its source.")
        return float(self.value)

    @property
    def assumed(self) -> bool:
        """Whether it is anything but published for that year."""
        return self.standing != PUBLISHED


@cache
def tables() -> dict[str, tuple[Row, ...]]:
    """Every table of clauses of this package, by service.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong in them.
    """
    names = sorted(one.name for one in _FOLDER.iterdir() if one.name.endswith(".csv"))
    problems: list[Problem] = []
    found = {
        name.removesuffix(".csv"): read_table((_FOLDER / name).read_text(encoding="utf-8"), name, problems)
        for name in names
    }
    if problems:
        raise PcnAnalysisError(*problems)
    return found


def read_table(text: str, name: str, problems: list[Problem]) -> tuple[Row, ...]:
    r"""Read one table of clauses; whatever is wrong is added to ``problems``.

    Examples
    --------
    >>> wrong = []
    >>> header = ",".join(COLUMNS)
    >>> rows = read_table(header + "\nage,Age,18,a,2019/20,,heard of it,,", "services.csv", wrong)
    >>> for one in wrong:
    ...     print(one)
    services.csv, row 2: standing heard of it is none. It is one of published, to verify, our choice, not known.
    services.csv, row 2: nothing says where it comes from. Fill in source.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        problems.append(Problem(name, "has other columns", f"They are {', '.join(COLUMNS)}."))
        return ()
    rows = [Row(name.removesuffix(".csv"), **written) for written in reader]
    for number, row in enumerate(rows, start=2):
        problems.extend(Problem(f"{name}, row {number}", what, remedy) for what, remedy in _faults(row))
    for number, row in enumerate(rows, start=2):
        for other in rows[: number - 2]:
            if other.clause == row.clause and any(row.covers(year) and other.covers(year) for year in YEARS):
                what = f"{row.clause} has another row for some of its years"
                problems.append(Problem(f"{name}, row {number}", what, "Let their years not overlap."))
    return tuple(rows)


def _faults(row: Row) -> list[tuple[str, str]]:
    found = []
    if row.standing not in STANDINGS:
        found.append((f"standing {row.standing} is none", f"It is one of {', '.join(STANDINGS)}."))
    if not row.source:
        found.append(("nothing says where it comes from", "Fill in source."))
    if bool(row.value) == (row.standing == NOT_KNOWN):
        found.append(("a value stands beside “not known”, or none beside another standing", "Change one of them."))
    if row.value and row.unit.startswith(NUMBERS) and not _is_number(row.value):
        found.append((f"{row.value} is no number, and its unit is {row.unit}", "Write it as 2.50: no comma, no sign."))
    wrong = [year for year in (row.from_year, row.to_year) if year and year not in YEARS]
    found += [(f"{year} is no contract year", nearest(year, YEARS)) for year in wrong]
    return found


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(float(value)) and float(value) >= 0
    except ValueError:
        return False


def clause(name: str, year: str) -> Clause:
    """Find what is said of a clause in a contract year.

    Parameters
    ----------
    name
        Its short name.
    year
        The contract year.

    Raises
    ------
    PcnAnalysisError
        If there is no such clause, or no such year.
    """
    find_year(year)
    rows = [row for table in tables().values() for row in table if row.clause == name]
    if not rows:
        names = sorted({row.clause for table in tables().values() for row in table})
        raise problem(f"clause {name}", "there is none of that name", nearest(name, names))
    return in_year(rows, year)


def in_year(rows: list[Row], year: str) -> Clause:
    """What the rows of one clause say in a contract year; the last value before it is carried over, but no payment.

    Examples
    --------
    >>> row = Row("s", "beds", "Premium", "120", "GBP a bed", "2021/22", "2023/24", PUBLISHED, "BMA", "")
    >>> in_year([row], "2022/23").standing, in_year([row], "2024/25").standing
    ('published', 'not known')
    >>> from dataclasses import replace
    >>> in_year([replace(row, unit="days")], "2024/25").standing
    'carried over from 2023/24'
    >>> in_year([replace(row, unit="days", standing=TO_VERIFY)], "2024/25").standing
    'carried over from 2023/24, to verify'
    """
    now = [row for row in rows if row.covers(year)]
    if now and now[0].standing != NOT_KNOWN:
        return Clause(now[0], year, now[0].standing)
    before = [row for row in rows if row.value and row.to_year and row.to_year < year]
    last = max(before, key=lambda row: row.to_year, default=None)
    if last is None or last.unit.startswith(SET_ANEW):
        return Clause(now[0] if now else last or rows[0], year, NOT_KNOWN)
    doubt = "" if last.standing == PUBLISHED else f", {last.standing}"
    return Clause(last, year, f"{CARRIED} {last.to_year}{doubt}")


def resolved(written: Any, year: str, used: dict[str, Clause]) -> Any:
    """Put the values of clauses into what stands in a file, in place of every ``{clause: …}``.

    Parameters
    ----------
    written
        Texts, lists and mappings.
    year
        The contract year.
    used
        Each clause that is asked for is added to it.
    """
    match written:
        case {"clause": str(name)} if len(written) == 1:
            used[name] = clause(name, year)
            return used[name].value
        case dict():
            return {key: resolved(one, year, used) for key, one in written.items()}
        case list():
            return [resolved(one, year, used) for one in written]
    return written
