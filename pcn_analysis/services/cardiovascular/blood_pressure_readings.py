"""Readings of blood pressure: a systolic and a diastolic pressure of the same day.

Of several on a day the lowest of each is taken, as NICE NG136 asks that the lower of two measurements is recorded; that
it is done so here is our choice. The person table takes the highest of each, for other rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis import tables
from pcn_analysis.engine import on_frames
from pcn_analysis.person.measurements import readable_in
from pcn_analysis.person.wide import beside
from pcn_analysis.schema import Column

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy

UNITS = {slug: tables.LATEST_MEASUREMENTS[slug][1] for slug in ("sbp", "dbp")}
LAST_READING = (
    Column("last_blood_pressure_date", "date", "Last reading of both pressures.", nullable=True),
    Column("last_systolic", "number", "Systolic pressure of that day, the lowest.", nullable=True, unit="mm[Hg]"),
    Column("last_diastolic", "number", "Diastolic pressure of that day, the lowest.", nullable=True, unit="mm[Hg]"),
)


@on_frames
def last_readings(measurements: Lazy, people: Lazy, *, on: dt.date) -> Lazy:
    """Say each person's last reading of both pressures.

    Parameters
    ----------
    measurements
        ``tables.MEASUREMENTS``; those from the index date on, and days with one of the pressures alone, are not read.
    people
        One row a person, with person_id.
    on
        The index date.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id and ``LAST_READING``, null where there is no reading.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1"]})
    >>> measured = pd.DataFrame({
    ...     "person_id": "p1", "measurement": ["sbp", "dbp", "sbp"], "operator": "=", "unit": "mm[Hg]",
    ...     "measurement_date": pd.to_datetime(["2026-01-05", "2026-01-05", "2026-05-01"]),
    ...     "value_as_number": [150.0, 84.0, 130.0]})
    >>> last_readings(measured, people, on=dt.date(2026, 7, 1))["last_systolic"].to_list()
    [150.0]
    """
    days = days_read(measurements, on)
    last = of_last_day(days).select(
        "person_id", last_blood_pressure_date="date", last_systolic="systolic", last_diastolic="diastolic"
    )
    return beside(people, last)


def days_read(measurements: Lazy, on: dt.date) -> Lazy:
    """Days with both pressures of a person before the index date, and the lowest of each: date, systolic, diastolic."""
    date, what, value = nw.col("measurement_date").cast(nw.Date), nw.col("measurement"), nw.col("value_as_number")
    each = {
        name: nw.when(what == slug).then(value).otherwise(None)
        for name, slug in (("systolic", "sbp"), ("diastolic", "dbp"))
    }
    exact = measurements.filter(*readable_in(UNITS), date < on).select("person_id", date=date, **each)
    lowest = exact.group_by("person_id", "date").agg(nw.col("systolic", "diastolic").min())
    return lowest.filter(~nw.col("systolic").is_null(), ~nw.col("diastolic").is_null())


def of_last_day(days: Lazy) -> Lazy:
    """Of each person the last of some days."""
    last = days.group_by("person_id").agg(nw.col("date").max())
    return days.join(last, on=["person_id", "date"], how="semi")
