"""Contract years of the Network Contract: from 1 April to 31 March, written as "2026/27".

They are the rows of ``contract_years.csv``: a contract year is added there, and its clauses in ``tables/*.csv``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from importlib.resources import files

from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem

COLUMNS = ("contract_year", "specification", "source", "note")


def read_years(text: str) -> tuple[dict[str, str], ...]:
    r"""Read contract years, one row each, without a gap and the first one first.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with them.

    Examples
    --------
    >>> header = ",".join(COLUMNS)
    >>> [row["contract_year"] for row in read_years(header + "\n2019/20,,BMA,\n2020/21,,BMA,")]
    ['2019/20', '2020/21']
    >>> read_years(header + "\n2019/20,,BMA,\n2021/22,,,")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: contract_years.csv, row 3: 2021/22 does not follow the year before it...
    contract_years.csv, row 3: nothing says where it comes from. Fill in source.
    """
    where = "contract_years.csv"
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise problem(where, "has other columns", f"They are {', '.join(COLUMNS)}.")
    rows, problems = tuple(reader), []
    if not rows:
        raise problem(where, "there is no contract year in it", "Add a row a contract year.")
    begins = int(rows[0]["contract_year"][:4]) if rows[0]["contract_year"][:4].isdigit() else 2019
    for number, row in enumerate(rows, start=2):
        year, expected = row["contract_year"], _written(begins + number - 2)
        if year != expected:
            what = f"{year} does not follow the year before it"
            problems.append(Problem(f"{where}, row {number}", what, f"Write {expected} there."))
        if not row["source"]:
            what = "nothing says where it comes from"
            problems.append(Problem(f"{where}, row {number}", what, "Fill in source."))
    if problems:
        raise PcnAnalysisError(*problems)
    return rows


def _written(begins: int) -> str:
    return f"{begins}/{(begins + 1) % 100:02d}"


DESCRIBED = read_years((files("pcn_analysis") / "contract" / "contract_years.csv").read_text(encoding="utf-8"))
"""Each contract year with its specification, source and note."""
YEARS: tuple[str, ...] = tuple(row["contract_year"] for row in DESCRIBED)
"""The contract years that are described here, the first one first."""


def contract_year(on: dt.date) -> str:
    """The contract year that a date lies in.

    Examples
    --------
    >>> contract_year(dt.date(2026, 3, 31)), contract_year(dt.date(2026, 4, 1))
    ('2025/26', '2026/27')
    """
    year = on.year if (on.month, on.day) >= (4, 1) else on.year - 1
    return _written(year)


def find_year(year: str) -> str:
    """Check that a contract year is one that is described here.

    Raises
    ------
    PcnAnalysisError
        If it is not.

    Examples
    --------
    >>> find_year("2025/26")
    '2025/26'
    >>> find_year("2025-26")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: contract_year: 2025-26 is none. Did you mean 2025/26?
    """
    problems = year_problems(year)
    if problems:
        raise PcnAnalysisError(*problems)
    return year


def year_problems(year: object) -> list[Problem]:
    """What is wrong with a contract year that is asked for, whatever was given for it; nothing if it is described here.

    Examples
    --------
    >>> print(*year_problems(2023), *year_problems("2023/24"))
    contract_year: 2023 is none. Did you mean 2023/24 or 2022/23?
    """
    if isinstance(year, str) and year in YEARS:
        return []
    return [Problem("contract_year", f"{year} is none", nearest(str(year), YEARS))]


def asked_year(year: str, on: dt.date) -> str:
    """The contract year that is asked for; that of a date if none is given, and the first for a date before it.

    Parameters
    ----------
    year
        The contract year; empty: none is given.
    on
        The index date. Records of before the Network Contract are held against its first year; a date after the last
        year is told where the year is read, as its rules are not known.

    Examples
    --------
    >>> asked_year("2025/26", dt.date(2026, 7, 1)), asked_year("", dt.date(2026, 7, 1))
    ('2025/26', '2026/27')
    >>> asked_year("", dt.date(2019, 1, 9))
    '2019/20'
    """
    return year or max(contract_year(on), YEARS[0])


def last_day(year: str) -> dt.date:
    """The 31 March on which a contract year ends.

    Examples
    --------
    >>> last_day("2022/23")
    datetime.date(2023, 3, 31)
    """
    return dt.date(int(find_year(year)[:4]) + 1, 3, 31)


def first_day(year: str) -> dt.date:
    """The 1 April on which a contract year begins.

    Examples
    --------
    >>> first_day("2026/27")
    datetime.date(2026, 4, 1)
    """
    return dt.date(int(find_year(year)[:4]), 4, 1)
