"""A person's latest measurements on an index date."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis import tables
from pcn_analysis.engine import on_frames
from pcn_analysis.person.wide import beside, set_wide

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy


@on_frames
def latest_measurements(measurements: Lazy, people: Lazy, *, on: dt.date) -> Lazy:
    """Say each person's latest values: the measurement columns of the person table.

    Only exact values (operator ``=``) in the unit of ``tables.LATEST_MEASUREMENTS`` are read; one in another unit,
    or without a unit, is left out rather than converted. Of several values on the latest day the highest is taken.

    Parameters
    ----------
    measurements
        ``tables.MEASUREMENTS``; those from the index date on are not read.
    people
        One row a person, with person_id.
    on
        The index date.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id; then for each measurement its value and <measurement>_date, null
        where the person has none.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1"]})
    >>> weighed = pd.DataFrame({
    ...     "person_id": "p1", "measurement": "bmi", "operator": "=", "unit": "kg/m2",
    ...     "measurement_date": pd.to_datetime(["2020-01-01", "2025-01-01"]), "value_as_number": [27.5, 31.0]})
    >>> latest_measurements(weighed, people, on=dt.date(2026, 7, 1))["bmi"].to_list()
    [31.0]
    """
    what, date, value = nw.col("measurement"), nw.col("measurement_date").cast(nw.Date), nw.col("value_as_number")
    in_unit = reduce(
        or_, [(what == slug) & (nw.col("unit") == unit) for slug, (_, unit) in tables.LATEST_MEASUREMENTS.items()]
    )
    exact = measurements.filter(in_unit, nw.col("operator") == "=", ~value.is_null(), date < on).select(
        "person_id", "measurement", date=date, value=value
    )
    last_days = exact.group_by("person_id", "measurement").agg(nw.col("date").max())
    latest = (
        exact.join(last_days, on=["person_id", "measurement", "date"], how="semi")
        .group_by("person_id", "measurement", "date")
        .agg(nw.col("value").max())
    )
    columns = {
        name: (slug, source)
        for slug in tables.LATEST_MEASUREMENTS
        for name, source in ((slug, "value"), (f"{slug}_date", "date"))
    }
    return beside(people, set_wide(latest, "measurement", columns))
