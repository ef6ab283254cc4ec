"""Lines of money of the Network Contract: which of them a contract year has, and the clause that holds the rate.

They are the rows of ``contract_lines.csv``, one a line (or part of one that is paid on another size) and run of years.
A line whose clause says nothing for a year is there and not known; one without a row for a year is not there.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pcn_analysis.contract.clauses import MONEY, in_year, tables
from pcn_analysis.contract.years import YEARS, find_year
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.contract.clauses import Row

COLUMNS = ("line", "clause", "name", "from_year", "to_year", "paid", "without_sum", "source")
BASES = {
    "a registered patient": "registered",
    "a weighted patient": "weighted",
    "a patient of the adjusted population": "adjusted",
    "a bed": "beds",
    "a network": "network",
}
"""What a rate is paid on, by the end of its unit."""
SIZE_WORDS = {
    "registered": "registered patients",
    "weighted": "weighted patients",
    "adjusted": "patients of the adjusted population",
    "beds": "care home beds",
    "network": "network",
}
"""How many of what, in words."""


@dataclass(frozen=True)
class Line:
    """A line of the contract, or a part of one, in a run of contract years.

    Parameters
    ----------
    line
        Its short name; parts that are paid on other sizes share it.
    clause
        The clause that holds its rate; empty where it has none.
    name
        What it is called.
    from_year, to_year
        First and last contract year; an empty last one: it goes on.
    paid
        To whom, and whether it is a maximum, in words.
    without_sum
        Why no rate times a size gives it; empty where one does.
    source
        Who says that it is a line of these years.
    """

    line: str
    clause: str
    name: str
    from_year: str
    to_year: str
    paid: str
    without_sum: str
    source: str

    def covers(self, year: str) -> bool:
        """Whether it is a line of a contract year."""
        return self.from_year <= year <= (self.to_year or YEARS[-1])


@cache
def lines() -> tuple[Line, ...]:
    """Every line of the contract, in the order of the file.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file.
    """
    text = (files("pcn_analysis") / "contract" / "contract_lines.csv").read_text(encoding="utf-8")
    rows: dict[str, list[Row]] = {}
    for row in (row for table in tables().values() for row in table):
        rows.setdefault(row.clause, []).append(row)
    return read_lines(text, rows)


def read_lines(text: str, rows: Mapping[str, list[Row]]) -> tuple[Line, ...]:
    r"""Read lines of the contract.

    Parameters
    ----------
    text
        A CSV file with the columns :data:`COLUMNS`.
    rows
        What is said of every clause that there is.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with them.

    Examples
    --------
    >>> read_lines(",".join(COLUMNS) + "\ncore,cores,Core,2019/20,,to the network,,BMA", {"core": [], "beds": []})
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: contract_lines.csv, row 2: there is no clause cores. Did you mean core?
    """
    where = "contract_lines.csv"
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise problem(where, "has other columns", f"They are {', '.join(COLUMNS)}.")
    found, problems = tuple(Line(**row) for row in reader), []
    for number, one in enumerate(found, start=2):
        problems += [Problem(f"{where}, row {number}", what, remedy) for what, remedy in _faults(one, rows)]
        before = found[: number - 2]
        if any((one.line, one.clause) == (other.line, other.clause) and _overlap(one, other) for other in before):
            what = f"{one.line} has another row with its clause for some of its years"
            problems.append(Problem(f"{where}, row {number}", what, "Let their years not overlap."))
    if problems:
        raise PcnAnalysisError(*problems)
    return found


def _faults(one: Line, rows: Mapping[str, list[Row]]) -> list[tuple[str, str]]:
    found = []
    if one.clause and one.clause not in rows:
        found.append((f"there is no clause {one.clause}", nearest(one.clause, rows)))
    for unit in _units(one, rows.get(one.clause, [])):
        what = f"clause {one.clause} has the unit {unit or 'nothing'}, and no size is known that it is paid on"
        found.append((what, nearest(unit, [f"{MONEY} {end}" for end in BASES])))
    if not one.clause and not one.without_sum:
        found.append(("it has neither a clause nor a reason", "Fill in clause, or without_sum."))
    found += [(f"{name} is empty", "Fill it in.") for name in ("line", "name", "paid", "source")
              if not getattr(one, name)]  # fmt: skip
    wrong = [year for year in (one.from_year, one.to_year or one.from_year) if year not in YEARS]
    return found + [(f"{year or 'nothing'} is no contract year", nearest(year, YEARS)) for year in dict.fromkeys(wrong)]


def _units(one: Line, rows: list[Row]) -> list[str]:
    """Units of the clause of a line that is a sum, in any of its years, that say nothing of a size."""
    if one.without_sum or not rows:
        return []
    units = dict.fromkeys(in_year(rows, year).row.unit for year in YEARS if one.from_year and one.covers(year))
    return [unit for unit in units if not basis_of(unit)]


def _overlap(one: Line, other: Line) -> bool:
    return any(one.covers(year) and other.covers(year) for year in YEARS)


def lines_in(year: str) -> list[Line]:
    """Lines of the contract in a contract year, in the order of the file.

    Raises
    ------
    PcnAnalysisError
        If there is no such year.

    Examples
    --------
    >>> [one.line for one in lines_in("2019/20")]
    ['core', 'clinical_director', 'extended_access', 'additional_roles', 'participation']
    """
    find_year(year)
    return [one for one in lines() if one.covers(year)]


def basis_of(unit: str) -> str:
    """What a payment is paid on, by its unit; empty where the unit is of no money or says nothing that is known here.

    Examples
    --------
    >>> basis_of("GBP a registered patient"), basis_of("GBP a bed"), basis_of("posts a network")
    ('registered', 'beds', '')
    """
    return BASES.get(unit.removeprefix(MONEY).strip(), "") if unit.startswith(MONEY) else ""
