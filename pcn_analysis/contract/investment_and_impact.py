"""The Investment and Impact Fund by contract year: its indicators, what each is worth, and between which thresholds.

Everything stands in ``tables/investment_and_impact.csv``. Each year sets points and thresholds anew, and those of one
year say nothing of another; many were found in no public source.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pcn_analysis.contract.clauses import PUBLISHED, Clause, clause, tables
from pcn_analysis.contract.years import find_year
from pcn_analysis.exceptions import nearest, problem

TABLE = "investment_and_impact"
"""The table of clauses."""
BEGINS, POINTS = "iif_", "_points"
"""An indicator's clauses are called ``iif_<indicator>_<what>``; this one says what it is worth."""


@dataclass(frozen=True)
class Indicator:
    """An indicator of the fund in a contract year.

    Parameters
    ----------
    indicator, name
        Its short name and what it counts.
    contract_year
        The contract year.
    points
        The most that it is worth.
    lower, upper
        Shares from which points are earned, and from which all are; the upper one is the smaller where less is better.
    awarded
        Share of its points that every network was given, whatever was measured; None where none was.
    """

    indicator: str
    name: str
    contract_year: str
    points: Clause
    lower: Clause
    upper: Clause
    awarded: Clause | None

    @property
    def missing(self) -> str:
        """What of it is not known, in words.

        Examples
        --------
        >>> find_indicator("hi_03", "2023/24").missing
        'lower threshold, upper threshold'
        """
        parts = {"points": self.points, "lower threshold": self.lower, "upper threshold": self.upper}
        return ", ".join(what for what, one in parts.items() if not one.value)

    @property
    def standing(self) -> str:
        """What of it is not published for that year, in words; "published" where everything is."""
        parts = {"points": self.points, "lower threshold": self.lower, "upper threshold": self.upper}
        doubts = [f"{what} {one.standing}" for what, one in parts.items() if one.assumed]
        return "; ".join(doubts) or PUBLISHED

    @property
    def source(self) -> str:
        """Who says so, each once."""
        said = [one for one in (self.points, self.lower, self.upper, self.awarded) if one is not None]
        return "; ".join(dict.fromkeys(one.row.source for one in said))

    @property
    def note(self) -> str:
        """What to know of it, each once."""
        said = [one for one in (self.points, self.lower, self.upper, self.awarded) if one is not None]
        return ". ".join(dict.fromkeys(one.row.note for one in said if one.row.note))


@cache
def indicators_in(contract_year: str) -> tuple[Indicator, ...]:
    """List the indicators that were read of in a contract year, in the order of the table; there may have been others.

    Raises
    ------
    PcnAnalysisError
        If there is no such year.

    Examples
    --------
    >>> [one.indicator for one in indicators_in("2023/24")]
    ['vi_02', 'vi_03', 'hi_03', 'can_02', 'acc_08']
    """
    find_year(contract_year)
    rows = [row for row in tables()[TABLE] if row.clause.endswith(POINTS) and row.clause != BEGINS + POINTS[1:]]
    return tuple(
        _indicator(row.clause.removeprefix(BEGINS).removesuffix(POINTS), row.name.split(":")[0], contract_year)
        for row in rows
        if row.covers(contract_year)
    )


def find_indicator(indicator: str, contract_year: str) -> Indicator:
    """Find one indicator in a contract year.

    Raises
    ------
    PcnAnalysisError
        If there is no such year, or nothing was read of the indicator in that year.
    """
    known = {one.indicator: one for one in indicators_in(contract_year)}
    if indicator not in known:
        what = f"nothing was read of it in {contract_year}"
        raise problem(f"indicator {indicator}", what, nearest(indicator, known))
    return known[indicator]


def value_of_point(contract_year: str) -> Clause:
    """What a point is worth in a contract year, in GBP.

    Examples
    --------
    >>> value_of_point("2023/24").number, value_of_point("2024/25").standing
    (198.0, 'not known')
    """
    return clause("iif_point_value", contract_year)


def _indicator(indicator: str, name: str, year: str) -> Indicator:
    points, lower, upper = (clause(f"{BEGINS}{indicator}_{what}", year) for what in ("points", "lower", "upper"))
    given = f"{BEGINS}{indicator}_awarded"
    awarded = clause(given, year) if any(row.clause == given for row in tables()[TABLE]) else None
    return Indicator(indicator, name, year, points, lower, upper, awarded if awarded and awarded.value else None)
