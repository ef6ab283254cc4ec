"""How often a person was seen before an index date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis import tables
from pcn_analysis.dates import months_before
from pcn_analysis.engine import on_frames, to_pandas
from pcn_analysis.person.wide import beside

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy


def recorded_activity(encounters: Lazy, *, on: dt.date) -> list[str]:
    """List the activity columns whose kind of contact is recorded of anyone in the window of the column.

    Of the others nothing is known: an extract of hospital spells holds no contacts with a practice, and one that ends
    years before the index date holds none of the last 12 months.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> from pcn_analysis.engine import lazy
    >>> seen = pd.DataFrame({"visit_type": ["ed", "other"], "visit_start_date": pd.Timestamp("2025-05-01")})
    >>> recorded_activity(lazy(seen), on=dt.date(2026, 7, 1))
    ['ae_24m']
    """
    date = nw.col("visit_start_date").cast(nw.Date)
    latest = to_pandas(encounters.filter(date < on).group_by("visit_type").agg(last=date.max()))
    last = dict(zip(latest["visit_type"], latest["last"].dt.date, strict=True))
    return [
        name
        for name, (kind, months) in tables.ACTIVITY.items()
        if kind in last and last[kind] >= months_before(on, months)
    ]


@on_frames
def activity_columns(encounters: Lazy, people: Lazy, *, on: dt.date) -> Lazy:
    """Count each person's contacts and spells: the activity columns of the person table.

    Parameters
    ----------
    encounters
        ``tables.ENCOUNTERS``; only those attended are counted, by their first day. A spell that began before the
        window is not in it, even if it ended there.
    people
        One row a person, with person_id.
    on
        The index date; not itself in any window.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id and the columns of ``tables.ACTIVITY``, 0 for a person without
        contacts.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1"]})
    >>> seen = pd.DataFrame({
    ...     "person_id": "p1", "visit_type": "ed", "attended": True,
    ...     "visit_start_date": pd.to_datetime(["2025-07-01", "2025-06-30"])})
    >>> activity_columns(seen, people, on=dt.date(2026, 7, 1))[["ae_12m", "ae_24m"]].to_numpy().tolist()
    [[1, 2]]
    """
    date = nw.col("visit_start_date").cast(nw.Date)
    counted = {
        name: nw.when((nw.col("visit_type") == kind) & (date >= months_before(on, months)))
        .then(nw.lit(1))
        .otherwise(nw.lit(0))
        for name, (kind, months) in tables.ACTIVITY.items()
    }
    longest = max(months for _, months in tables.ACTIVITY.values())
    sums = (
        encounters.filter(nw.col("attended"), date < on, date >= months_before(on, longest))
        .select("person_id", **counted)
        .group_by("person_id")
        .agg(*(nw.col(name).sum() for name in counted))
    )
    return beside(people, sums, counts=list(counted))
