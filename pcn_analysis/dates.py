"""Ages and windows on an index date; nothing here reads the clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import pandas as pd


def months_before(on: dt.date, months: int) -> dt.date:
    """First day of the half-open window of some months that ends before a date.

    Parameters
    ----------
    on
        The index date; not in the window itself.
    months
        Length of the window. A day that the earlier month does not have becomes its last day.

    Examples
    --------
    >>> months_before(dt.date(2024, 2, 29), 12), months_before(dt.date(2026, 7, 1), 24)
    (datetime.date(2023, 2, 28), datetime.date(2024, 7, 1))
    """
    return (pd.Timestamp(on) - pd.DateOffset(months=months)).date()


def day_number(column: Any) -> Any:
    """A date column as year, month and day in one whole number, so that dates compare alike on every engine.

    Examples
    --------
    >>> frame = nw.from_native(pd.DataFrame({"day": pd.to_datetime(["2024-02-29"])}))
    >>> frame.select(day_number(nw.col("day")))["day"].to_list()
    [20240229]
    """
    year, month, day = (part.cast(nw.Int32) for part in (column.dt.year(), column.dt.month(), column.dt.day()))
    return year * 10_000 + month * 100 + day


def age_on(birth: Any, on: Any) -> Any:
    """Completed years of age on a date; null where the date of birth is.

    Someone born on 29 February completes a year on 1 March of years without that day. Someone born on
    31 December is a year older on the next 31 December, and not a day before.

    Parameters
    ----------
    birth
        Column of dates of birth.
    on
        A date, or a column of dates.

    Examples
    --------
    >>> people = nw.from_native(pd.DataFrame({"birth_date": pd.to_datetime(["2008-02-29", "2007-12-31"])}))
    >>> people.select(age=age_on(nw.col("birth_date"), dt.date(2026, 2, 28)))["age"].to_list()
    [17, 18]
    """
    then = on.year * 10_000 + on.month * 100 + on.day if isinstance(on, dt.date) else day_number(on)
    return (then - day_number(birth)) // 10_000
