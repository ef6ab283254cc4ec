"""The latest events of care of a person on an index date: reviews, checks, screening, referrals, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis.engine import distinct, on_frames, to_pandas
from pcn_analysis.person.wide import beside, set_wide

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from pcn_analysis.engine import Lazy

OUTCOMES = {"": ("done",), "_declined": ("declined", "unsuitable"), "_offered": ("offered",)}
"""What an event's columns are called, and the outcomes that each is of."""


def event_columns(event: str) -> dict[str, tuple[str, ...]]:
    """Columns of an event, with the outcomes that each is of.

    Examples
    --------
    >>> list(event_columns("fit_test"))
    ['fit_test_date', 'fit_test_declined_date', 'fit_test_offered_date']
    """
    return {f"{event}{suffix}_date": outcomes for suffix, outcomes in OUTCOMES.items()}


@on_frames
def latest_events(care_events: Lazy, people: Lazy, *, on: dt.date, columns: Collection[str]) -> Lazy:
    """Say when each person last had each event of care, was offered it, or declined it.

    Parameters
    ----------
    care_events
        ``tables.CARE_EVENTS``; those from the index date on, and those without an outcome, are not read.
    people
        One row a person, with person_id.
    on
        The index date.
    columns
        Which columns of :func:`event_columns` to make.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id and the columns. ``<event>_date`` is of what was done;
        ``<event>_declined_date`` of what was declined or found unsuitable; ``<event>_offered_date`` of an offer. Null
        where the person has no such record.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1"]})
    >>> events = pd.DataFrame({
    ...     "person_id": "p1", "event": "fit_test", "outcome": ["done", "done", "offered"],
    ...     "event_date": pd.to_datetime(["2025-01-01", "2025-03-01", "2026-01-01"])})
    >>> latest_events(events, people, on=dt.date(2026, 7, 1), columns=["fit_test_date"])["fit_test_date"].to_list()
    [Timestamp('2025-03-01 00:00:00')]
    """
    date, what = nw.col("event_date").cast(nw.Date), _column()
    dated = care_events.filter(date < on).select("person_id", what=what, _date=date)
    latest = dated.group_by("person_id", "what").agg(nw.col("_date").max())
    return beside(people, set_wide(latest, "what", {name: (name, "_date") for name in columns}))


def recorded_events(care_events: Lazy, *, on: dt.date) -> set[str]:
    """Columns of :func:`event_columns` of which anyone has a record before the index date."""
    date = nw.col("event_date").cast(nw.Date)
    found = to_pandas(distinct(care_events.filter(date < on).select(what=_column())))["what"]
    return set(found.dropna())


def _column() -> Any:
    """The column that a record belongs to; null where it has no outcome."""
    outcome, column = nw.col("outcome"), nw.lit(None).cast(nw.String)
    for suffix, outcomes in OUTCOMES.items():
        named = nw.concat_str(nw.col("event"), nw.lit(f"{suffix}_date"))
        column = nw.when(outcome.is_in(outcomes)).then(named).otherwise(column)
    return column
