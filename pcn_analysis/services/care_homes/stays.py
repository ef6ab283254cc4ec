"""Stays in care homes: which of them last, when a plan is due, and what became of it.

A stay begins with an admission to a home. A return from hospital begins another one, and so does a move to another:
what is due within so many working days is then due anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis.engine import distinct, like, on_frames
from pcn_analysis.services.care_homes.working_days import due_dates

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy

IN_TIME, LATE, OVERDUE, NOT_YET_DUE, LEFT = "in time", "late", "overdue", "not yet due", "left before it was due"
STATES = (IN_TIME, LATE, OVERDUE, NOT_YET_DUE, LEFT)
"""What became of something that is due once a stay."""
CAME_DUE = (IN_TIME, LATE, OVERDUE)
"""States of what came due."""
ASKED = {"care_and_support_plan": "plan_in_home", "care_home_assessment": "assessment_in_home"}
"""What is due in each stay, as an event of care, and the column that says what became of it."""
KEY = ("person_id", "care_home_code", "start_date")
"""What tells one stay from another."""
EARLIEST = 10
"""Years before the index date to which an earlier first day is taken when a due date is looked up."""


@on_frames
def stays_of(care_home_stays: Lazy, persons: Lazy, *, on: dt.date) -> Lazy:
    """Every stay that began before the index date, with when it ended.

    A stay ends on the first day that the person was no longer there: as recorded, or when the person died or left the
    list, or when the next stay began, whichever is first. What is recorded on or after the index date is not read, but
    for an end on that day: who leaves then is no resident of it.

    Parameters
    ----------
    care_home_stays
        ``tables.CARE_HOME_STAYS``; the same stay recorded twice counts once.
    persons
        ``tables.PERSONS``.
    on
        The index date.

    Returns
    -------
    LazyFrame
        One row a stay: person_id, care_home_code, start_date, arrived_from, ended (null while it lasts).

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> persons = pd.DataFrame({"person_id": ["p1"], "death_date": pd.to_datetime([None]),
    ...                         "registration_end_date": pd.to_datetime([None])})
    >>> moved = pd.DataFrame({"person_id": "p1", "care_home_code": ["1-100000001", "1-100000002"],
    ...                       "start_date": pd.to_datetime(["2026-05-01", "2026-06-01"]),
    ...                       "end_date": pd.to_datetime([None, None]), "arrived_from": ["home", "other_care_home"]})
    >>> str(stays_of(moved, persons, on=dt.date(2026, 7, 1))["ended"].dropna().item())[:10]
    '2026-06-01'
    """
    dates = {name: nw.col(name).cast(nw.Date) for name in ("start_date", "end_date")}
    begun = care_home_stays.select("person_id", "care_home_code", "arrived_from", **dates)
    begun = begun.filter(nw.col("start_date") < on)
    stays = begun.group_by(*KEY).agg(nw.col("end_date").min(), nw.col("arrived_from").min())
    then = nw.col("start_date").shift(-1).over("person_id", order_by=["start_date", "care_home_code"])
    left = persons.select(
        "person_id", _died=nw.col("death_date").cast(nw.Date), _gone=nw.col("registration_end_date").cast(nw.Date)
    )
    ends = stays.with_columns(_next=then).join(left, on="person_id", how="left")
    first = _first_of(_first_of(nw.col("end_date"), nw.col("_next")), _first_of(nw.col("_died"), nw.col("_gone")))
    ends = ends.with_columns(ended=first)
    known = nw.when(nw.col("ended") <= on).then(nw.col("ended"))
    return ends.with_columns(ended=known).select(*KEY, "arrived_from", "ended")


def _first_of(one: Any, other: Any) -> Any:
    """The earlier of two dates, of which either may be missing."""
    return nw.when(one.is_null() | (other < one)).then(other).otherwise(one)


@on_frames
def followed_stays(stays: Lazy, care_events: Lazy, *, on: dt.date, working_days: int) -> Lazy:
    """Say of each stay when a plan and an assessment are due, and what became of them.

    What is done on the first day of a stay or later, and before its end, is of that stay; what was done before it,
    in hospital or another home, is not. The first day counts for nothing, the next working day is the first.

    Parameters
    ----------
    stays
        What :func:`stays_of` returned.
    care_events
        ``tables.CARE_EVENTS``; of plans and assessments those that were done before the index date are read.
    on
        The index date.
    working_days
        Within how many working days both are due.

    Returns
    -------
    LazyFrame
        ``stays`` with due_date (the last day that is in time), and a column of ``ASKED`` for each: one of ``STATES``.
        ``overdue`` is what is not recorded and was due before the index date, also where the person has left since.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> stay = pd.DataFrame({"person_id": ["p1"], "care_home_code": "1-100000001", "arrived_from": "home",
    ...                      "start_date": pd.to_datetime(["2026-06-01"]), "ended": pd.to_datetime([None])})
    >>> planned = pd.DataFrame({"person_id": ["p1"], "event": "care_and_support_plan", "outcome": "done",
    ...                         "event_date": pd.to_datetime(["2026-06-10"])})
    >>> found = followed_stays(stay, planned, on=dt.date(2026, 7, 1), working_days=7)
    >>> found[["plan_in_home", "assessment_in_home"]].iloc[0].to_list()
    ['in time', 'overdue']
    """
    earliest = on.replace(year=on.year - EARLIEST, day=1)
    calendar = due_dates(earliest, on, working_days)
    plain = like(calendar, stays).select(*(nw.col(name).cast(nw.Date) for name in ("day", "due_date")))
    start = nw.col("start_date").cast(nw.Date)
    looked_up = nw.when(start < earliest).then(nw.lit(earliest)).otherwise(start)
    found = stays.with_columns(
        start_date=start, ended=nw.col("ended").cast(nw.Date), day=looked_up.cast(nw.Date)
    ).join(plain, on="day", how="left").drop("day")  # fmt: skip
    for event, column in ASKED.items():
        done = _first_done(found, care_events, event, on)
        found = found.join(done, on=list(KEY), how="left").with_columns(**{column: _state(on)}).drop("_done")
    return found


def _first_done(stays: Lazy, care_events: Lazy, event: str, on: dt.date) -> Lazy:
    """The first day of each stay on which something was done."""
    date = nw.col("event_date").cast(nw.Date)
    done = care_events.filter(nw.col("event") == event, nw.col("outcome") == "done", date < on)
    there = (nw.col("_done") >= nw.col("start_date")) & (
        nw.col("ended").is_null() | (nw.col("_done") < nw.col("ended"))
    )
    rows = stays.select(*KEY, "ended").join(done.select("person_id", _done=date), on="person_id", how="inner")
    return rows.filter(there).group_by(*KEY).agg(nw.col("_done").min())


def _state(on: dt.date) -> Any:
    """What became of it, by the day on which it was done, if it was, and the day on which it was due."""
    done, due, ended = nw.col("_done"), nw.col("due_date"), nw.col("ended")
    return (
        nw.when(done <= due)
        .then(nw.lit(IN_TIME))
        .when(done > due)
        .then(nw.lit(LATE))
        .when(ended <= due)
        .then(nw.lit(LEFT))
        .when(due < on)
        .then(nw.lit(OVERDUE))
        .otherwise(nw.lit(NOT_YET_DUE))
    )


@on_frames
def weeks_seen(care_events: Lazy, people: Lazy, *, on: dt.date, weeks: int) -> Lazy:
    """In how many of the last weeks each person was seen in a round of the home.

    Parameters
    ----------
    care_events
        ``tables.CARE_EVENTS``.
    people
        One row a person, with person_id.
    on
        The index date; the last week is the seven days before it.
    weeks
        How many weeks are looked at.

    Returns
    -------
    LazyFrame
        One row a person and week in which they were seen: person_id, week (1: the last one).

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> seen = pd.DataFrame({"person_id": "p1", "event": "care_home_round", "outcome": "done",
    ...                      "event_date": pd.to_datetime(["2026-06-30", "2026-06-24", "2026-06-23"])})
    >>> len(weeks_seen(seen, pd.DataFrame({"person_id": ["p1"]}), on=dt.date(2026, 7, 1), weeks=4))
    2
    """
    import datetime as dt

    date: Any = nw.col("event_date").cast(nw.Date)
    week: Any = nw.lit(None).cast(nw.Int64)
    for number in range(weeks, 0, -1):
        first = on - dt.timedelta(days=7 * number)
        week = nw.when(date >= first).then(nw.lit(number)).otherwise(week)
    rounds = care_events.filter(nw.col("event") == "care_home_round", nw.col("outcome") == "done", date < on)
    dated = distinct(rounds.select("person_id", week=week.cast(nw.Int64)).filter(~nw.col("week").is_null()))
    return dated.join(people.select("person_id"), on="person_id", how="semi")
