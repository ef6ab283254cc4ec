"""What networks did month by month, for control charts: reviews, referrals and urgent referrals. Events, not people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis.counted import Counted
from pcn_analysis.dates import months_before
from pcn_analysis.engine import to_pandas
from pcn_analysis.statistics.control_charts import profiles, xmr_chart

if TYPE_CHECKING:
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

EVENTS = {
    "structured_medication_review": "Structured medication reviews",
    "social_prescribing_referral": "Social prescribing referrals",
    "urgent_suspected_cancer_referral": "Urgent suspected cancer referrals",
}
"""Events of care that are counted, and what they are called."""
MONTHS = 24
"""Whole months before the index date that are shown."""
PROFILE = "mdc_r"
"""Rules of the control chart (codelists/control_chart_profiles.csv)."""
OF = "events of care"


def by_month(population: Population) -> SourcedTable:
    """Count the events of care that were done in each of the last whole months before the index date.

    Returns
    -------
    SourcedTable
        One row an event and month, the first month first: event, month (as 2026-06), events. An event that is recorded
        of nobody in those months has no rows, and there are none without records of events.

    Notes
    -----
    Events of people who are registered now: those who left or died since took theirs with them, so that earlier months
    are too low where many did.
    """
    records, on = population.tables.get("care_events"), population.index_date.replace(day=1)
    first, day = months_before(on, MONTHS), nw.col("event_date").cast(nw.Date)
    months = [f"{month:%Y-%m}" for month in pd.date_range(first, on, freq="MS", inclusive="left")]
    counts = pd.Series(dtype="Int64")
    if records is not None:
        done = records.filter(nw.col("event").is_in(list(EVENTS)), nw.col("outcome") == "done", day >= first, day < on)
        dated = done.select("event", year=day.dt.year(), number=day.dt.month())
        rows = to_pandas(dated.group_by("event", "year", "number").agg(events=nw.len()))
        month = rows["year"].astype("str") + "-" + rows["number"].astype("str").str.zfill(2)
        counts = pd.Series(rows["events"].to_numpy(), index=pd.MultiIndex.from_arrays([rows["event"], month]))
    held = [event for event in EVENTS if len(counts) and event in counts.index.get_level_values(0)]
    frame = pd.DataFrame(
        [(EVENTS[event], month, int(counts.get((event, month), 0))) for event in held for month in months],
        columns=["event", "month", "events"],
    ).astype({"event": "str", "month": "str", "events": "Int64"})
    means = {"event": {name: (("kind of event", (name,)),) for name in EVENTS.values()}}
    counted = {"events": Counted(by=("month=month of the event",), of=OF, means=means)}
    return population.sourced(frame, counts=("events",), counted=counted)


def control_charts(released: pd.DataFrame) -> pd.DataFrame:
    """Limits of an XmR chart of each event, from what is released of :func:`by_month`, and what each month says.

    Returns
    -------
    DataFrame
        The rows with mean, lower, upper, near_lower, near_upper, trial, side and signal
        (:func:`pcn_analysis.statistics.control_charts.xmr_chart`), and the rules of the chart in words; a lower limit
        below 0 is 0.

    Examples
    --------
    >>> months = [f"2025-{month:02d}" for month in range(1, 13)]
    >>> seen = pd.DataFrame({"event": "Reviews", "month": months, "events": pd.array([20, 25] * 6, "Int64")})
    >>> control_charts(seen)["mean"].unique().tolist()
    [22.5]
    """
    parts = [_of_event(rows) for _, rows in released.groupby("event", sort=False)]
    return pd.concat(parts, ignore_index=True) if parts else released.assign(mean=pd.NA, signal=pd.NA)


def _of_event(rows: pd.DataFrame) -> pd.DataFrame:
    dates = pd.to_datetime(rows["month"] + "-01")
    chart = xmr_chart(rows["events"], dates, profile=PROFILE).drop(columns=["date", "value", "stretch", "points"])
    low = ["lower", "near_lower"]
    chart[low] = chart[low].clip(lower=0)
    rule = profiles()[PROFILE]
    said = f"{rule.name}: {rule.shift} in a row on one side of the mean, {rule.trend} in a row that rise or that fall"
    return pd.concat([rows.reset_index(drop=True), chart], axis=1).assign(rules=said)
