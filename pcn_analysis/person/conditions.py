"""Which conditions a person has on an index date, by the latest-diagnosis rule of QOF."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis import tables
from pcn_analysis.engine import on_frames, to_pandas
from pcn_analysis.person.wide import beside, set_wide

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from pcn_analysis.engine import Lazy

VISITS = ("apc", "ecds")
"""Sources of records that admissions and emergency attendances left."""
LATER_DAY = ("ckd", "depression", "learning_disability", "palliative_care")
"""Conditions that QOF takes off a register only by a resolution of a later day than the latest diagnosis."""


@on_frames
def recorded_conditions(conditions: Lazy, *, on: dt.date) -> Lazy:
    """List the conditions that each person has a record of before an index date.

    A condition is current if its latest diagnosis is strictly later than its latest resolution; one of ``LATER_DAY``
    also if both are of one day. A diagnosis is a record with the status active or unknown. A resolution is a record
    with the status resolved; or the end date, before the index date, that every record of the latest day of diagnosis
    carries, even if that is the same day.

    Parameters
    ----------
    conditions
        ``tables.CONDITIONS``; records without a condition, and those from the index date on, are not read.
    on
        The index date.

    Returns
    -------
    LazyFrame
        One row a person and condition with a diagnosis, in no order: person_id, condition, first_date (earliest
        diagnosis), date (latest diagnosis), current.

    References
    ----------
    NHS England, QOF business rules, version 50: latest diagnosis later than latest resolved code; of chronic kidney
    disease, depression and learning disability no such code after the diagnosis; of palliative care "no longer
    indicated" at most on its day.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> asthma = pd.DataFrame({
    ...     "person_id": ["p1", "p1"], "condition": "asthma", "status": ["active", "resolved"],
    ...     "condition_start_date": pd.to_datetime(["2012-03-01", "2020-03-01"]),
    ...     "condition_end_date": pd.to_datetime([None, None])})
    >>> [recorded_conditions(asthma, on=dt.date(year, 1, 1))["current"].to_list() for year in (2012, 2015, 2021)]
    [[], [True], [False]]
    """
    found = (
        _read(conditions, on)
        .group_by("person_id", "condition")
        .agg(nw.col("first").min(), nw.col("diagnosed", "resolved", "still_open").max())
        .filter(~nw.col("diagnosed").is_null())
    )
    is_open = nw.col("still_open") == nw.col("diagnosed")
    same_day = (nw.col("diagnosed") == nw.col("resolved")) & nw.col("condition").is_in(LATER_DAY)
    outlasts = nw.col("resolved").is_null() | (nw.col("diagnosed") > nw.col("resolved")) | same_day
    return found.select(
        "person_id",
        "condition",
        first_date=nw.col("first"),
        date=nw.col("diagnosed"),
        current=nw.when(is_open & outlasts).then(nw.lit(True)).otherwise(nw.lit(False)),
    )


@on_frames
def condition_columns(
    conditions: Lazy, people: Lazy, *, on: dt.date, covered: Collection[str], in_hospital: Collection[str] = ()
) -> Lazy:
    """Say of each person which conditions are current: the condition columns of the person table.

    Parameters
    ----------
    conditions
        ``tables.CONDITIONS``.
    people
        One row a person, with person_id.
    on
        The index date.
    covered
        Conditions that the records were coded for; the others have no columns, as nothing is known of them.
    in_hospital
        Those of ``tables.HOSPITAL_DATES`` of which records of hospitals tell.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id; has_<condition> (false without a record) and <condition>_date
        for each condition covered, in the order of codelists/conditions.csv; <condition>_first_date for those
        of ``tables.FIRST_DATES``, null like <condition>_date where the condition is not current;
        <condition>_ever_date for those of ``tables.EVER_DATES``, resolved since or not; and
        <condition>_hospital_date for those of ``in_hospital``.
    """
    slugs = [slug for slug in tables.CONDITION_NAMES if slug in set(covered)]
    seen = [slug for slug in tables.HOSPITAL_DATES if slug in set(in_hospital)]
    if not slugs and not seen:
        return people.select("person_id")
    dates = {f"{slug}_date": (slug, "current_date") for slug in slugs}
    dates |= {f"{slug}_first_date": (slug, "current_first") for slug in tables.FIRST_DATES if slug in slugs}
    dates |= {f"{slug}_ever_date": (slug, "date") for slug in tables.EVER_DATES if slug in slugs}
    known = recorded_conditions(conditions, on=on).with_columns(
        current_date=nw.when(nw.col("current")).then(nw.col("date")).otherwise(None),
        current_first=nw.when(nw.col("current")).then(nw.col("first_date")).otherwise(None),
    )
    joined = beside(people, set_wide(known, "condition", dates))
    if seen:
        visits = set_wide(
            _in_hospital(conditions, on), "condition", {f"{one}_hospital_date": (one, "date") for one in seen}
        )
        joined = joined.join(visits, on="person_id", how="left")
    in_order = [name for slug in slugs for name in (f"has_{slug}", f"{slug}_date")]
    others = [name for name in dates if name not in in_order]
    return joined.with_columns(**{f"has_{slug}": ~nw.col(f"{slug}_date").is_null() for slug in slugs}).select(
        "person_id", *in_order, *others, *(f"{slug}_hospital_date" for slug in seen)
    )


def hospital_conditions(conditions: Lazy, *, on: dt.date) -> bool:
    """Whether there is any record of an admission or an emergency attendance before the index date."""
    made = conditions.filter(nw.col("source").is_in(VISITS), nw.col("condition_start_date").cast(nw.Date) < on)
    return bool(to_pandas(made.head(1).select("person_id")).shape[0])


def _read(conditions: Lazy, on: dt.date) -> Lazy:
    """What each record says: person_id, condition, diagnosed (and first), resolved, still_open (diagnosed, no end)."""
    start, end = nw.col("condition_start_date").cast(nw.Date), nw.col("condition_end_date").cast(nw.Date)
    is_resolution = nw.col("status") == "resolved"
    known = conditions.filter(~nw.col("condition").is_null(), start < on).select(
        "person_id",
        "condition",
        diagnosed=nw.when(is_resolution).then(None).otherwise(start),
        resolved=nw.when(is_resolution & (end > start) & (end < on)).then(end).when(is_resolution).then(start),
        ended=(end >= start) & (end < on),
    )
    return known.with_columns(
        first=nw.col("diagnosed"), still_open=nw.when(nw.col("ended")).then(None).otherwise(nw.col("diagnosed"))
    )


def _in_hospital(conditions: Lazy, on: dt.date) -> Lazy:
    """Latest record of each person and condition that an admission or an emergency attendance left."""
    start = nw.col("condition_start_date").cast(nw.Date)
    made = conditions.filter(nw.col("source").is_in(VISITS), start < on, nw.col("status") != "resolved")
    return (
        made.select("person_id", "condition", date=start).group_by("person_id", "condition").agg(nw.col("date").max())
    )
