"""Total cholesterol so high that familial hypercholesterolaemia is to be thought of (NICE CG71)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis.contract.clauses import clause
from pcn_analysis.dates import age_on
from pcn_analysis.engine import on_frames
from pcn_analysis.person.measurements import readable_in
from pcn_analysis.person.wide import beside
from pcn_analysis.schema import Column

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy

UNITS = {"cholesterol": "mmol/L"}
HIGH = (
    Column(
        "high_cholesterol_date",
        "date",
        "Total cholesterol above the limit for the age on that day (NICE CG71): the latest such value.",
        nullable=True,
    ),
)


@on_frames
def high_cholesterol(measurements: Lazy, people: Lazy, *, on: dt.date, year: str) -> Lazy:
    """Say when each person last had a total cholesterol above the limit for their age on that day.

    All values before the index date are read, however old: treatment lowers a later one. NICE does not say on which day
    the age is; that of the measurement is taken, so that nobody leaves on their thirtieth birthday.

    Parameters
    ----------
    measurements
        ``tables.MEASUREMENTS``; only exact values in mmol/L are read.
    people
        One row a person, with person_id and birth_date.
    on
        The index date.
    year
        The contract year, whose clauses hold the limits.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id and ``HIGH``.

    References
    ----------
    NICE CG71, recommendation 1.1.2: more than 7.5 mmol/L under 30, more than 9.0 from 30.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1"], "birth_date": pd.Timestamp("1990-07-01")})
    >>> measured = pd.DataFrame({
    ...     "person_id": "p1", "measurement": "cholesterol", "operator": "=", "unit": "mmol/L", "value_as_number": 8.0,
    ...     "measurement_date": pd.to_datetime(["2020-06-30", "2020-07-01"])})
    >>> high_cholesterol(measured, people, on=dt.date(2026, 7, 1), year="2026/27")["high_cholesterol_date"].to_list()
    [Timestamp('2020-06-30 00:00:00')]
    """
    number = {name: clause(f"cvd_fh_{name}", year).number for name in ("age", "younger", "older")}
    date, value = nw.col("measurement_date").cast(nw.Date), nw.col("value_as_number")
    exact = measurements.filter(*readable_in(UNITS), date < on).select("person_id", _date=date, _value=value)
    born = people.select("person_id", _born=nw.col("birth_date").cast(nw.Date))
    aged = exact.join(born, on="person_id", how="inner").with_columns(_age=age_on(nw.col("_born"), nw.col("_date")))
    limit = nw.when(nw.col("_age") < number["age"]).then(nw.lit(number["younger"])).otherwise(nw.lit(number["older"]))
    above = aged.filter(nw.col("_value") > limit).group_by("person_id").agg(nw.col("_date").max())
    return beside(people, above.select("person_id", high_cholesterol_date="_date"))
