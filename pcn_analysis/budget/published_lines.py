"""What the columns of NHS Payments to General Practice were taken for, and what the contract's rates give for each.

The file says neither of how many months a column is nor by which rate it was paid. What it was taken for, and why, are
the rows of ``contract/published_payments.csv``, one a part of a column. Lists are those of the same file and year, so
that a rate times a list stands beside the payment of that year.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.contract.clauses import NOT_KNOWN, clause
from pcn_analysis.contract.lines import SIZE_WORDS
from pcn_analysis.contract.standings import worst
from pcn_analysis.exceptions import problem

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = ("line", "column", "contract_year", "clause", "months", "months_of_rate", "basis", "part_of", "why")
SUM, MAXIMUM, WHOLE_UNITS, NO_SUM = "a sum", "a maximum", "whole units", "no sum"
KINDS = (SUM, MAXIMUM, WHOLE_UNITS, NO_SUM)
"""What a payment can be held against: what is paid, the most that is paid, a number of beds, or nothing."""
STANDS_IN = {"adjusted": "weighted"}
"""Which list stands in for a size that is not published: both are weighted for need, and sum to about the registered
population of England. It is our choice."""


@dataclass(frozen=True)
class Part:
    """What a published column, or a part of it, was taken for.

    Parameters
    ----------
    line, column
        The line's short name, and what the file calls the column.
    contract_year
        The contract year of the file.
    clause
        The clause with the rate; empty where there is none.
    months, months_of_rate
        Months that the payment was taken to be of, and those that the rate is of; 0 where there is no rate.
    basis
        What the rate is paid on: registered, adjusted, weighted or beds.
    part_of
        One of :data:`KINDS`.
    why
        Why it was taken for that, in words.
    """

    line: str
    column: str
    contract_year: str
    clause: str
    months: int
    months_of_rate: int
    basis: str
    part_of: str
    why: str

    @property
    def rate(self) -> float:
        """GBP a unit for the months that the payment was taken to be of."""
        return clause(self.clause, self.contract_year).number * self.months / self.months_of_rate

    @property
    def standing(self) -> str:
        """How far its rate is to be relied on."""
        return clause(self.clause, self.contract_year).standing if self.clause else NOT_KNOWN

    def words(self) -> str:
        """What it was taken for, in words."""
        if not self.clause:
            return ""
        said = clause(self.clause, self.contract_year)
        return f"{said.row.name}: {self.months} months, {self.rate:.10g} × {SIZE_WORDS[self.basis]}"


@cache
def parts() -> tuple[Part, ...]:
    """Every part of every published column, in the order of the file.

    Examples
    --------
    >>> [(one.clause, round(one.rate, 4)) for one in parts() if one.line == "leadership"]
    [('clinical_director', 0.368), ('leadership', 0.3495)]
    """
    return read_parts((files("pcn_analysis") / "contract" / "published_payments.csv").read_text(encoding="utf-8"))


def read_parts(text: str) -> tuple[Part, ...]:
    r"""Read what published columns were taken for.

    Raises
    ------
    PcnAnalysisError
        If it has other columns, or a row is of no kind, names no reason or lacks its rate, months or basis.

    Examples
    --------
    >>> read_parts(",".join(COLUMNS) + "\nsupport,PCN Support,2022/23,core_registered,6,12,registered,a guess,so")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: published_payments.csv: row 2 is not complete. Fill in ...
    """
    where = "published_payments.csv"
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise problem(where, "has other columns", f"They are {', '.join(COLUMNS)}.")
    found = []
    for number, row in enumerate(reader, start=2):
        rate = [row[name] for name in ("clause", "months", "months_of_rate", "basis")]
        if row["part_of"] not in KINDS or not row["why"] or (row["part_of"] == NO_SUM) == all(rate):
            raise problem(where, f"row {number} is not complete", "Fill in its kind, reason, rate, months and basis.")
        months, of_rate = int(row.pop("months") or 0), int(row.pop("months_of_rate") or 0)
        found.append(Part(months=months, months_of_rate=of_rate, **row))
    return tuple(found)


def by_line(year: str) -> dict[str, tuple[Part, ...]]:
    """Parts of each published line of a contract year; none of a year without a file."""
    lines = dict.fromkeys(one.line for one in parts() if one.contract_year == year)
    return {line: tuple(one for one in parts() if (one.line, one.contract_year) == (line, year)) for line in lines}


def standing_of(of_line: Sequence[Part]) -> str:
    """The worst standing of the rates of a line."""
    return worst([one.standing for one in of_line])


def lists_of_networks(payments: pd.DataFrame) -> pd.DataFrame:
    """Lists of each network of the year: the sum over its practices.

    A practice that had closed and has no list adds nothing; one that was open and has none leaves its network without.

    Parameters
    ----------
    payments
        The table ``practice_payments``.

    Returns
    -------
    DataFrame
        Indexed by pcn_code: registered and weighted (null where not known).

    Examples
    --------
    >>> rows = pd.DataFrame({"pcn_code": ["U1", "U1", "U2"], "registered": [100.5, None, None], "closed": [False, True,
    ...                      False], "weighted": [90.0, None, 50.0]}).astype({"registered": "Float64"})
    >>> lists_of_networks(rows)["registered"].tolist()
    [100.5, <NA>]
    """
    members = payments.dropna(subset=["pcn_code"])
    closed = members["closed"].astype("boolean").fillna(False)
    sums = {}
    for name in ("registered", "weighted"):
        size = members[name].astype("Float64")
        size = size.mask(size == 0)
        lacking = (size.isna() & ~closed).groupby(members["pcn_code"]).any()
        sums[name] = size.groupby(members["pcn_code"]).sum(min_count=1).mask(lacking)
    return pd.DataFrame(sums)


def computed(lists: pd.DataFrame, of_line: Sequence[Part]) -> pd.Series:
    """What the rates of a line give for each network, GBP; null where no sum can be computed.

    Examples
    --------
    >>> lists = pd.DataFrame({"registered": [10_000.0], "weighted": [11_000.0]}, index=["U1"])
    >>> {line: float(computed(lists, of).iloc[0]) for line, of in by_line("2022/23").items() if line == "support"}
    {'support': 7500.0}
    """
    if any(one.part_of not in (SUM, MAXIMUM) for one in of_line):
        return pd.Series(pd.NA, index=lists.index, dtype="Float64")
    sums = [lists[STANDS_IN.get(one.basis, one.basis)].astype("Float64") * one.rate for one in of_line]
    return sum(sums[1:], start=sums[0])
