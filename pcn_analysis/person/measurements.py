"""A person's latest measurements on an index date."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import tables
from pcn_analysis.engine import distinct, on_frames, to_pandas
from pcn_analysis.person.wide import beside, set_wide

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from pcn_analysis.engine import Lazy

_UNITS = {slug: unit for slug, (_, unit) in tables.LATEST_MEASUREMENTS.items()}


def readable_measurements(measurements: Lazy, *, on: dt.date, units: Mapping[str, str] = _UNITS) -> list[str]:
    """List the measurements, of those that are named by their units, of which anyone has a value before the index date.

    Where no value of a measurement is exact and in its unit, nothing is known of it: values without a unit are not
    taken to be in any.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> from pcn_analysis.engine import lazy
    >>> measured = pd.DataFrame({
    ...     "measurement": ["bmi", "egfr"], "operator": "=", "unit": ["kg/m2", None], "value_as_number": [31.0, 60.0],
    ...     "measurement_date": pd.Timestamp("2026-05-01")})
    >>> readable_measurements(lazy(measured), on=dt.date(2026, 7, 1))
    ['bmi']
    """
    readable = measurements.filter(*readable_in(units), nw.col("measurement_date").cast(nw.Date) < on)
    found = set(to_pandas(distinct(readable.select("measurement")))["measurement"])
    return [slug for slug in units if slug in found]


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
    return latest_values(measurements, people, _UNITS, on=on)


def latest_values(measurements: Lazy, people: Lazy, units: Mapping[str, str], *, on: dt.date) -> Lazy:
    """Say each person's latest values of some measurements, as :func:`latest_measurements` does of its own.

    Parameters
    ----------
    measurements, people, on
        As there; lazy.
    units
        Which measurements, each with the unit that its values are read in.
    """
    date = nw.col("measurement_date").cast(nw.Date)
    exact = measurements.filter(*readable_in(units), date < on).select(
        "person_id", "measurement", date=date, value=nw.col("value_as_number")
    )
    last_days = exact.group_by("person_id", "measurement").agg(nw.col("date").max())
    latest = (
        exact.join(last_days, on=["person_id", "measurement", "date"], how="semi")
        .group_by("person_id", "measurement", "date")
        .agg(nw.col("value").max())
    )
    columns = {name: (slug, source) for slug in units for name, source in ((slug, "value"), (f"{slug}_date", "date"))}
    return beside(people, set_wide(latest, "measurement", columns))


def readable_in(units: Mapping[str, str]) -> tuple[Any, ...]:
    """What makes a value one that can be read: exact, and in the unit of its measurement.

    Parameters
    ----------
    units
        Measurements that are read, each with its unit.
    """
    what, unit = nw.col("measurement"), nw.col("unit")
    in_unit = [(what == slug) & (unit == wanted) for slug, wanted in units.items()]
    return reduce(or_, in_unit), nw.col("operator") == "=", ~nw.col("value_as_number").is_null()
