"""What came of urgent referrals for suspected cancer: a first cancer within some months, a FIT with the referral.

Records of general practice hold no pathways: what follows a referral is told by dates alone.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis.dates import months_before
from pcn_analysis.engine import distinct, on_frames
from pcn_analysis.person.wide import beside

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy

LOWER_GI, FIT = "lower_gi_urgent_referral", "fit_test"
URGENT = ("urgent_suspected_cancer_referral", LOWER_GI)
"""Events of care that are urgent referrals for suspected cancer."""
FOLLOWED, CONVERTED, DETECTED = "referral_followed_up", "referral_converted", "cancer_after_referral"
WITH_FIT = "lower_gi_with_fit"
YEAR = 12
"""Months of referrals that are looked at."""


@on_frames
def converted_referrals(care_events: Lazy, people: Lazy, *, on: dt.date, within: int) -> Lazy:
    """Say whose referral a first cancer followed, and whose first cancer a referral came before.

    Parameters
    ----------
    care_events
        ``tables.CARE_EVENTS``; urgent referrals that were made before the index date.
    people
        One row a person: person_id and cancer_first_date.
    on
        The index date.
    within
        Months after a referral, of which the last day is out, within which a cancer follows from it.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id; referral_followed_up (referred in a year whose last referral is
        ``within`` months old, without a cancer before it); referral_converted (a first cancer was recorded on the day
        of such a referral or within the months after it); cancer_after_referral (the first cancer, whenever it was,
        was recorded so after any referral). All are false for people without a referral.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1"], "cancer_first_date": pd.to_datetime(["2025-07-01"])})
    >>> referred = pd.DataFrame({"person_id": ["p1"], "event": URGENT[0], "outcome": "done",
    ...                          "event_date": pd.to_datetime(["2025-06-01"])})
    >>> converted_referrals(referred, people, on=dt.date(2026, 7, 1), within=6).to_numpy().tolist()
    [['p1', True, True, True]]
    """
    date, cancer = nw.col("_date"), nw.col("_cancer")
    dated = people.select("person_id", _cancer=nw.col("cancer_first_date").cast(nw.Date))
    made = _done(care_events, URGENT, on).join(dated, on="person_id", how="inner")
    first, last = months_before(on, YEAR + within), months_before(on, within)
    old_enough = (date >= first) & (date < last) & (cancer.is_null() | (cancer >= date))
    after = (cancer >= date) & (cancer < date.dt.offset_by(f"{within}mo").cast(nw.Date))
    return _any(made, people, {FOLLOWED: old_enough, CONVERTED: old_enough & after, DETECTED: after})


@on_frames
def referrals_with_fit(
    care_events: Lazy, measurements: Lazy, people: Lazy, *, on: dt.date, before: int, after: int
) -> Lazy:
    """Say whose lower gastrointestinal referral of the last 12 months came with a FIT.

    Parameters
    ----------
    care_events
        ``tables.CARE_EVENTS``: referrals, and FITs that were done.
    measurements
        ``tables.MEASUREMENTS``: results of FITs, whatever they are.
    people
        One row a person, with person_id.
    on
        The index date.
    before, after
        Days before and after a referral, both days in, within which a FIT goes with it.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id and lower_gi_with_fit, which is met if any of their referrals came
        with a FIT.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1"]})
    >>> referred = pd.DataFrame({"person_id": "p1", "event": LOWER_GI, "outcome": ["done"],
    ...                          "event_date": pd.to_datetime(["2026-06-01"])})
    >>> tested = pd.DataFrame({"person_id": ["p1"], "measurement": FIT[:3], "value_as_number": [4.0],
    ...                        "measurement_date": pd.to_datetime(["2026-05-11"])})
    >>> referrals_with_fit(referred, tested, people, on=dt.date(2026, 7, 1), before=21, after=0).to_numpy().tolist()
    [['p1', True]]
    """
    day = nw.col("measurement_date").cast(nw.Date)
    results = measurements.filter(nw.col("measurement") == "fit", ~nw.col("value_as_number").is_null(), day < on)
    tests = distinct(nw.concat([_done(care_events, (FIT,), on), results.select("person_id", _date=day)]))
    made = _done(care_events, (LOWER_GI,), on).filter(nw.col("_date") >= months_before(on, YEAR))
    both = made.join(tests.select("person_id", _fit=nw.col("_date")), on="person_id", how="inner")
    fit, date = nw.col("_fit"), nw.col("_date")
    in_time = (fit.dt.offset_by(f"{before}d").cast(nw.Date) >= date) & (
        fit <= date.dt.offset_by(f"{after}d").cast(nw.Date)
    )
    return _any(both, people, {WITH_FIT: in_time})


def _done(care_events: Lazy, events: tuple[str, ...], on: dt.date) -> Lazy:
    """On which days each person had some events."""
    date = nw.col("event_date").cast(nw.Date)
    done = reduce(lambda one, other: one | other, [nw.col("event") == name for name in events])
    return distinct(care_events.filter(done, nw.col("outcome") == "done", date < on).select("person_id", _date=date))


def _any(rows: Lazy, people: Lazy, columns: dict[str, Any]) -> Lazy:
    """For each person whether any row meets each thing; a person without rows meets none."""
    ones = {name: nw.when(met).then(nw.lit(1)).otherwise(nw.lit(0)) for name, met in columns.items()}
    counts = rows.select("person_id", **ones).group_by("person_id").agg(nw.col(*columns).max())
    return beside(people, counts, counts=list(columns)).with_columns(**{name: nw.col(name) > 0 for name in columns})
