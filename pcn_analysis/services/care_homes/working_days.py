"""Working days of England: when something is due that is due in so many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import datetime as dt

WEEKDAYS = "1111100"
"""Monday to Friday."""


def bank_holidays(first: int, last: int) -> list[dt.date]:
    """Bank holidays of England in some years, those of one year only among them, in order.

    Parameters
    ----------
    first, last
        The first and the last year.

    Returns
    -------
    list of date
        As the package ``holidays`` keeps them; those of years to come are the usual ones.

    Examples
    --------
    >>> [str(day) for day in bank_holidays(2022, 2022) if day.month in (6, 9)]
    ['2022-06-02', '2022-06-03', '2022-09-19']
    """
    from holidays import country_holidays

    return sorted(country_holidays("GB", subdiv="ENG", years=range(first, last + 1)))


def due_dates(first: dt.date, last: dt.date, working_days: int) -> pd.DataFrame:
    """The last day on which something is in time that is due within so many working days of a day.

    The day itself does not count: the first working day after it is the first. Of a Saturday, Sunday or bank holiday
    that is the next working day as well.

    Parameters
    ----------
    first, last
        The days asked about.
    working_days
        How many.

    Returns
    -------
    DataFrame
        One row a day from ``first`` to ``last``: day, due_date.

    Examples
    --------
    >>> import datetime as dt
    >>> maundy_thursday = dt.date(2026, 4, 2)
    >>> str(due_dates(maundy_thursday, maundy_thursday, 7)["due_date"][0].date())
    '2026-04-15'
    """
    days = pd.date_range(first, last, unit="us")
    closed = np.array(bank_holidays(first.year, last.year + 1), dtype="datetime64[D]")
    due = np.busday_offset(
        days.to_numpy().astype("datetime64[D]"), working_days, roll="backward", weekmask=WEEKDAYS, holidays=closed
    )
    return pd.DataFrame({"day": days, "due_date": due.astype("datetime64[us]")})
