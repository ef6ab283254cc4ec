"""Who moved between segments from one day to another, counted from the segments of the same people on both.

It does not ask where the segments come from: any two tables of people and their segment will do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis import engine
from pcn_analysis.dates import age_on

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy

JOINED, LEFT, DIED = "joined", "left", "died"
"""Where people came from who were not there on the first day, and what became of those not there on the second."""
COLUMNS = ["age", "segment", "next_segment", "people"]


def moves_between(
    before: Lazy | pd.DataFrame,
    after: Lazy | pd.DataFrame,
    persons: Lazy | pd.DataFrame,
    *,
    since: dt.date,
    until: dt.date,
) -> pd.DataFrame:
    """Count who stayed, moved, joined, left and died between two days.

    Parameters
    ----------
    before, after
        person_id and segment of everyone registered on each day, one row a person.
    persons
        ``tables.PERSONS`` of them all; those who died or left by the second day must still be in it.
    since, until
        The two days.

    Returns
    -------
    DataFrame
        One row an age, segment and next segment: age (completed years on the first day; of those who joined, on the
        second), segment, next_segment, people. Someone of the first day who is not there on the second is ``died``
        if a death before that day is recorded, else ``left``; someone of the second who was not there on the first,
        newborn or new here, has the segment ``joined``. Who left and came back between the two days did neither; who
        came and went is nowhere.

    Examples
    --------
    >>> import datetime as dt
    >>> segments = lambda **them: pd.DataFrame({"person_id": list(them), "segment": list(them.values())})
    >>> persons = pd.DataFrame({"person_id": ["a", "b", "c"], "birth_date": pd.Timestamp("1950-01-01"),
    ...     "death_date": pd.to_datetime([None, "2025-12-01", None])})
    >>> moves_between(segments(a="Well", b="Ill"), segments(a="Ill", c="Well"), persons,
    ...     since=dt.date(2025, 7, 1), until=dt.date(2026, 7, 1))
       age segment next_segment  people
    0   75     Ill         died       1
    1   75    Well          Ill       1
    2   76  joined         Well       1
    """
    first, second, everyone = (engine.lazy(frame) for frame in (before, after, persons))
    first, second = (frame.select("person_id", "segment") for frame in (first, second))
    facts = everyone.select("person_id", "birth_date", "death_date")
    counted = [
        _counted(_followed(first, second, facts, until), since),
        _counted(_came(first, second, facts), until),
    ]
    rows = pd.concat(counted, ignore_index=True)
    return rows.sort_values(COLUMNS[:3], ignore_index=True).astype({"age": int, "people": int})


def _followed(first: Lazy, second: Lazy, facts: Lazy, until: dt.date) -> Lazy:
    """The people of the first day, and what became of them."""
    following = second.rename({"segment": "next_segment"})
    followed = first.join(following, on="person_id", how="left").join(facts, on="person_id", how="inner")
    died = nw.col("death_date").cast(nw.Date) < until
    outcome = (
        nw.when(~nw.col("next_segment").is_null())
        .then(nw.col("next_segment"))
        .otherwise(nw.when(died).then(nw.lit(DIED)).otherwise(nw.lit(LEFT)))
    )
    return followed.with_columns(next_segment=outcome)


def _came(first: Lazy, second: Lazy, facts: Lazy) -> Lazy:
    """The people of the second day who were not there on the first."""
    came = second.join(first, on="person_id", how="anti").join(facts, on="person_id", how="inner")
    return came.with_columns(next_segment=nw.col("segment"), segment=nw.lit(JOINED))


def _counted(people: Lazy, on: dt.date) -> pd.DataFrame:
    aged = people.with_columns(age=age_on(nw.col("birth_date").cast(nw.Date), on))
    return engine.to_pandas(aged.group_by("age", "segment", "next_segment").agg(people=nw.len()))[COLUMNS]
