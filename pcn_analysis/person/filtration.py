"""The better of a person's last two estimated glomerular filtration rates."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import tables
from pcn_analysis.engine import on_frames
from pcn_analysis.person.wide import beside

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy

COLUMN = tables.BEST_FILTRATION_RATE
LOW = 60
"""Rates below it are low (mL/min/1.73 m2)."""


@on_frames
def best_filtration_rate(measurements: Lazy, people: Lazy, *, on: dt.date) -> Lazy:
    """Say the highest of each person's last two filtration rates.

    One low rate may be dehydration or an infection; the score asks for two. Rates of one day are one reading, the
    highest of them. Who was measured on one day only has that reading.

    Parameters
    ----------
    measurements
        ``tables.MEASUREMENTS``; those from the index date on are not read, nor is a rate without a unit or in another
        than that of ``tables.LATEST_MEASUREMENTS``. A bound counts as its own value where it settles whether the rate
        is below 60: "above 90" is 90, "below 15" is 15; "above 45" and "below 90" are not read.
    people
        One row a person, with person_id.
    on
        The index date.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id, egfr_best_of_2 and egfr_best_of_2_date (the last day of the two),
        null without a rate.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1"]})
    >>> rates = pd.DataFrame({
    ...     "person_id": "p1", "measurement": "egfr", "operator": "=", "unit": "mL/min/{1.73_m2}",
    ...     "measurement_date": pd.to_datetime(["2023-01-01", "2025-01-01", "2026-01-01"]),
    ...     "value_as_number": [75.0, 52.0, 48.0]})
    >>> best_filtration_rate(rates, people, on=dt.date(2026, 7, 1))["egfr_best_of_2"].to_list()
    [52.0]
    """
    date, value = nw.col("measurement_date").cast(nw.Date), nw.col("value_as_number")
    days = (
        measurements.filter(*_readable(value), date < on)
        .select("person_id", date=date, rate=value)
        .group_by("person_id", "date")
        .agg(nw.col("rate").max())
    )
    with_earlier = days.with_columns(earlier=nw.col("rate").shift(1).over("person_id", order_by="date"))
    last = with_earlier.unique(subset=["person_id"], keep="last", order_by=["date"])
    best = {COLUMN: nw.max_horizontal("rate", "earlier"), f"{COLUMN}_date": nw.col("date")}
    return beside(people, last.select("person_id", **best))


def _readable(value: Any) -> tuple[Any, ...]:
    sign = nw.col("operator")
    settled = (
        sign == "=",
        sign.is_in([">", ">="]) & (value >= LOW),
        sign.is_in(["<", "<="]) & (value < LOW),
    )
    in_unit = nw.col("unit") == tables.LATEST_MEASUREMENTS["egfr"][1]
    return nw.col("measurement") == "egfr", in_unit, ~value.is_null(), reduce(or_, settled)
