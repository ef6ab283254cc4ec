"""Contract years of the Network Contract: from 1 April to 31 March, written as "2026/27"."""

from __future__ import annotations

import datetime as dt

from pcn_analysis.exceptions import nearest, problem

FIRST, LAST = 2019, 2026
"""Years in which the first and the last contract year that is described here begin."""
YEARS: tuple[str, ...] = tuple(f"{year}/{(year + 1) % 100:02d}" for year in range(FIRST, LAST + 1))
"""The contract years that are described here, the first one first."""


def contract_year(on: dt.date) -> str:
    """The contract year that a date lies in.

    Examples
    --------
    >>> contract_year(dt.date(2026, 3, 31)), contract_year(dt.date(2026, 4, 1))
    ('2025/26', '2026/27')
    """
    year = on.year if (on.month, on.day) >= (4, 1) else on.year - 1
    return f"{year}/{(year + 1) % 100:02d}"


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
    if year not in YEARS:
        raise problem("contract_year", f"{year} is none", nearest(year, YEARS))
    return year


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
