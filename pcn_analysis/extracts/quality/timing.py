"""When records were made: by year and month, so that a break is seen; and dates that only stand for a year or month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from pcn_analysis.dates import months_before
from pcn_analysis.words import count, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.extracts.quality.kept import Kept

YEARS, MONTHS = 15, 24
"""Years and months before the extract that are shown one by one."""
AROUND = 6
"""A month is held against so many before it and after it."""
LOW = 0.5
"""A month with less than this share of the median of those around it is low."""
FEWEST = 20
"""Months around it must have so many rows for a month to be called low."""
SILENT_DAYS = 62
"""A table without a record for longer than this before the extract is remarked on."""
NEW_YEAR, FIRST_DAY = 1 / 365.25, 12 / 365.25
"""Share of all days that are 1 January, or the first of a month."""
FEWEST_DATES = 100
"""So many dates are needed before their days are judged."""


@dataclass(frozen=True)
class Period:
    """Rows of a year (``2026``) or month (``2026-06``).

    Parameters
    ----------
    period, rows
        Which, and how many rows.
    whole
        Whether it had ended when the extract was taken.
    low
        Whether it has less than half of the median of the months around it.
    """

    period: str
    rows: int
    whole: bool
    low: bool = False


@dataclass(frozen=True)
class Coverage:
    """Rows of one table over time.

    Parameters
    ----------
    table
        Name of the table.
    earlier
        Rows before the first year shown.
    years, months
        The latest, oldest first. One without rows is there with 0.
    """

    table: str
    earlier: int
    years: tuple[Period, ...]
    months: tuple[Period, ...]


@dataclass(frozen=True)
class Dates:
    """Days of one table.

    Parameters
    ----------
    table
        Name of the table.
    rows
        Rows with a date: all that are kept.
    earliest, latest
        First and last day; None of a table without rows.
    new_year, first_of_month
        Rows of a 1 January, and of the first day of any month.
    remarks
        What is far from expectation, in words.
    """

    table: str
    rows: int
    earliest: dt.date | None
    latest: dt.date | None
    new_year: int
    first_of_month: int
    remarks: tuple[str, ...]


def timing(kept: Kept) -> tuple[tuple[Coverage, ...], tuple[Dates, ...]]:
    """Count the rows of each table over time, and look at their days."""
    coverage, dates = [], []
    for table, relation in kept.dated.items():
        by_month = kept.space.rows(
            "SELECT CAST(date_trunc('month', day) AS DATE), count(*), count(*) FILTER (day(day) = 1), "
            f"min(day), max(day) FROM {relation} GROUP BY 1 ORDER BY 1"
        )
        coverage.append(_coverage(table, {month: int(rows) for month, rows, *_ in by_month}, kept.extract_date))
        dates.append(_dates(table, by_month, kept.extract_date))
    return tuple(coverage), tuple(dates)


def _coverage(table: str, rows: Mapping[dt.date, int], on: dt.date) -> Coverage:
    this_month = on.replace(day=1)
    starts = [months_before(this_month, back) for back in range(MONTHS - 1, -1, -1)]
    first_year = on.year - YEARS + 1
    in_year = dict.fromkeys(range(first_year, on.year + 1), 0)
    for month, many in rows.items():
        if month.year in in_year:
            in_year[month.year] += many
    tomorrow = on + dt.timedelta(days=1)
    years = tuple(Period(str(year), many, year < tomorrow.year) for year, many in in_year.items())
    months = [Period(f"{start:%Y-%m}", rows.get(start, 0), start < tomorrow.replace(day=1)) for start in starts]
    earlier = sum(many for month, many in rows.items() if month.year < first_year)
    return Coverage(table, earlier, years, flagged(months))


def flagged(months: list[Period]) -> tuple[Period, ...]:
    """Mark whole months with less than half of the median of up to six whole months on either side.

    Examples
    --------
    >>> around = [Period(f"2026-0{month}", 100, True) for month in (1, 2, 4, 5)]
    >>> months = flagged([*around[:2], Period("2026-03", 49, True), *around[2:], Period("2026-06", 3, False)])
    >>> [one.period for one in months if one.low]
    ['2026-03']
    """
    marked = []
    for at, one in enumerate(months):
        near = [*months[max(at - AROUND, 0) : at], *months[at + 1 : at + 1 + AROUND]]
        usual = median([other.rows for other in near if other.whole] or [0])
        low = one.whole and usual >= FEWEST and one.rows < LOW * usual
        marked.append(Period(one.period, one.rows, one.whole, low))
    return tuple(marked)


def _dates(table: str, by_month: list[tuple], on: dt.date) -> Dates:
    if not by_month:
        return Dates(table, 0, None, None, 0, 0, ("the table is there, and no row of it is kept",))
    rows = sum(int(many) for _, many, *_ in by_month)
    first = sum(int(days) for *_, days, _, _ in by_month)
    new_year = sum(int(days) for month, _, days, *_ in by_month if month.month == 1)
    earliest, latest = by_month[0][3], by_month[-1][4]
    remarks = []
    if (silent := (on - latest).days) > SILENT_DAYS:
        remarks.append(f"no record in the last {count(silent)} days before the extract was taken")
    if rows >= FEWEST_DATES:
        remarks += _crowded(new_year / rows, NEW_YEAR, 5, "1 January", "year")
        remarks += _crowded((first - new_year) / rows, FIRST_DAY - NEW_YEAR, 3, "the first of another month", "month")
    return Dates(table, rows, earliest, latest, new_year, first, tuple(remarks))


def _crowded(share: float, chance: float, times: int, day: str, known: str) -> list[str]:
    """Say if far more rows are dated on a day than days are such days."""
    if share <= times * chance:
        return []
    said = f"{percent(share)} are dated {day}, where {percent(chance)} of days are"
    return [f"{said}: often only the {known} was known"]


def birth_precision(kept: Kept) -> dict[str, int]:
    """Count kept people by what of their date of birth is known: day, month or year."""
    counted = dict(kept.space.rows(f"SELECT birth_precision, count(*) FROM {kept.people} GROUP BY 1"))
    return {precision: int(counted.get(precision, 0)) for precision in ("day", "month", "year")}
