"""What measurements tell QRISK3: body mass index, systolic pressure and its variation, cholesterol ratio, smoking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import codelists
from pcn_analysis.dates import months_before
from pcn_analysis.engine import distinct, to_pandas
from pcn_analysis.person.measurements import readable_in
from pcn_analysis.person.wide import beside, set_wide

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy

RATIO = "cholesterol_hdl_ratio"
UNITS: dict[str, str] = {
    slug: codelists.names("measurement_units", "measurement", "unit")[slug]
    for slug in ("bmi", "weight", "height", "sbp", "cholesterol", "hdl_cholesterol", RATIO, "cigarettes")
}
"""Measurements that are read, and their units; a ratio needs none."""
_POSSIBLE = next(
    (float(row["minimum"]), float(row["maximum"]))
    for row in codelists.rows("measurement_units")
    if row["measurement"] == "sbp"
)
MONTHS_OF_VARIATION = 60
"""Systolic readings vary over five years before the index date (BMJ 2017;357:j2099)."""
MODERATE, HEAVY = 10, 20
"""Cigarettes a day from which someone is a moderate and a heavy smoker (ClinRisk's calculator, qrisk.org/three)."""


def readable_kinds(measurements: Lazy, *, on: dt.date) -> list[str]:
    """List the measurements of ``UNITS`` of which anyone has a value that is read before an index date."""
    found = set(to_pandas(distinct(_read(measurements, on).select("measurement")))["measurement"])
    return [slug for slug in UNITS if slug in found]


def measured(measurements: Lazy, people: Lazy, *, on: dt.date) -> Lazy:
    """Say what measurements before an index date tell of each person.

    Only exact values in their unit are read. Of several values of one day the highest counts.

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
        One row a person of ``people``: person_id; bmi, of the latest weight and the latest height, or as recorded
        where either is missing; systolic, the latest; systolic_sd, the standard deviation of the possible readings of
        the 60 months before ``on``, null with fewer than two days; cholesterol_ratio, the latest recorded, or total
        cholesterol divided by HDL cholesterol on the latest day that has both; smoking, by the cigarettes a day that
        were recorded last: none is an ex-smoker where there ever were some, else a non-smoker.
    """
    days = _days(measurements, on)
    last_days = days.group_by("person_id", "measurement").agg(nw.col("date").max())
    latest = days.join(last_days, on=["person_id", "measurement", "date"], how="semi")
    wide = set_wide(latest, "measurement", {f"_{slug}": (slug, "value") for slug in UNITS})
    joined = beside(people, wide)
    for other in (_variation(days, on), _ratio(days), _most_smoked(days)):
        joined = joined.join(other, on="person_id", how="left")
    metres = nw.col("_height") / 100
    computed = nw.when(nw.col("_height") > 0).then(nw.col("_weight") / (metres * metres)).otherwise(None)
    return joined.with_columns(_computed=computed).select(
        "person_id",
        "systolic_sd",
        bmi=_first("_computed", "_bmi"),
        systolic=nw.col("_sbp"),
        cholesterol_ratio=_first(f"_{RATIO}", "_of_both"),
        smoking=_smoking(nw.col("_cigarettes"), nw.col("_most")),
    )


def _first(column: str, other: str) -> Any:
    return nw.when(nw.col(column).is_null()).then(nw.col(other)).otherwise(nw.col(column))


def _days(measurements: Lazy, on: dt.date) -> Lazy:
    """The highest readable value of each person, measurement and day: person_id, measurement, date, value."""
    return _read(measurements, on).group_by("person_id", "measurement", "date").agg(nw.col("value").max())


def _read(measurements: Lazy, on: dt.date) -> Lazy:
    """Values that are read: person_id, measurement, date, value."""
    without: Any = (nw.col("measurement") == RATIO) & nw.col("unit").is_null()
    unit = nw.when(without).then(nw.lit(UNITS[RATIO])).otherwise(nw.col("unit"))
    date = nw.col("measurement_date").cast(nw.Date)
    exact = measurements.with_columns(unit=unit).filter(*readable_in(UNITS), date < on)
    return exact.select("person_id", "measurement", date=date, value=nw.col("value_as_number"))


def _variation(days: Lazy, on: dt.date) -> Lazy:
    """Standard deviation of systolic readings, with n - 1; in two passes, so that engines agree."""
    recent = nw.col("date") >= months_before(on, MONTHS_OF_VARIATION)
    readings = days.filter(nw.col("measurement") == "sbp", recent, nw.col("value").is_between(*_POSSIBLE)).select(
        "person_id", "value", _one=nw.lit(1)
    )
    means = readings.group_by("person_id").agg(_total=nw.col("value").sum(), _n=nw.col("_one").sum())
    apart = readings.join(means.filter(nw.col("_n") > 1), on="person_id", how="inner").with_columns(
        _apart=nw.col("value") - nw.col("_total") / nw.col("_n")
    )
    squares = apart.select("person_id", "_n", _square=nw.col("_apart") * nw.col("_apart"))
    summed = squares.group_by("person_id").agg(nw.col("_square").sum(), nw.col("_n").max())
    return summed.select("person_id", systolic_sd=(nw.col("_square") / (nw.col("_n") - 1)).sqrt())


def _ratio(days: Lazy) -> Lazy:
    """Total cholesterol divided by HDL cholesterol on the latest day that has both."""
    total = days.filter(nw.col("measurement") == "cholesterol").select("person_id", "date", _total=nw.col("value"))
    hdl = days.filter(nw.col("measurement") == "hdl_cholesterol").select("person_id", "date", _hdl=nw.col("value"))
    both = total.join(hdl, on=["person_id", "date"], how="inner")
    last = both.unique(subset=["person_id"], keep="last", order_by=["date"])
    divided = nw.when(nw.col("_hdl") > 0).then(nw.col("_total") / nw.col("_hdl")).otherwise(None)
    return last.select("person_id", _of_both=divided)


def _most_smoked(days: Lazy) -> Lazy:
    """The most cigarettes a day that were ever recorded of a person."""
    smoked = days.filter(nw.col("measurement") == "cigarettes")
    return smoked.group_by("person_id").agg(_most=nw.col("value").max())


def _smoking(now: Any, most: Any) -> Any:
    """The word of QRISK3 for cigarettes a day now, and the most ever."""
    return (
        nw.when((now == 0) & (most > 0))
        .then(nw.lit("ex-smoker"))
        .when(now == 0)
        .then(nw.lit("non-smoker"))
        .when((now > 0) & (now < MODERATE))
        .then(nw.lit("light smoker"))
        .when((now >= MODERATE) & (now < HEAVY))
        .then(nw.lit("moderate smoker"))
        .when(now >= HEAVY)
        .then(nw.lit("heavy smoker"))
        .otherwise(None)
    )
