"""Whether people feel better some months after a referral to social prescribing, and others over the same time.

Only people with two readings are counted, as better, worse or neither: sums of scores of few people could be told
apart, counts cannot. Beside those who were referred stand people with two readings who never were. **Such a comparison
does not tell what social prescribing did**: who is referred feels worse than usual at that time, and would feel better
later without it (regression to the mean); who has a second reading stayed in touch; the two groups are not matched, and
differ in more than the referral. :mod:`pcn_analysis.anticipatory.programme` compares like with like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis.contract.clauses import clause
from pcn_analysis.contract.years import asked_year
from pcn_analysis.counted import Counted
from pcn_analysis.engine import on_frames, to_pandas
from pcn_analysis.person.measurements import readable_in
from pcn_analysis.person_table import table_of
from pcn_analysis.provenance import Rate
from pcn_analysis.services.personalised_care import REFERRAL
from pcn_analysis.statistics.rates import newcombe, with_rates

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pcn_analysis.counted import Conditions
    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

SCORE, PAM = "{score}", "pam"
READINGS = {
    "ons4_life_satisfaction": "Life satisfaction (ONS4)",
    "ons4_worthwhile": "Things done are worthwhile (ONS4)",
    "ons4_happiness": "Happiness yesterday (ONS4)",
    "ons4_anxiety": "Anxiety yesterday (ONS4)",
    PAM: "Patient Activation Measure",
}
"""Readings of wellbeing and activation, in the order of the rows."""
EXACT = 1e-9
"""Less than any difference of two scores: 50.1 less 47.1 is 3 points."""
LOWER_IS_BETTER = ("ons4_anxiety",)
GROUPS = {True: "referred", False: "never referred"}
BETTER, SAME, WORSE = "better", "neither", "worse"
RATES = (Rate("better_share", "better", "paired", interval=True), Rate("worse_share", "worse", "paired"))
DIFFERENCE = ("difference", "difference_lower", "difference_upper")
POINTS = 100
"""Percentage points in 1."""
_MONTHS = ("before", "after", "apart")
COUNTS = {"better": (BETTER,), "worse": (WORSE,), "paired": (BETTER, SAME, WORSE)}


def wellbeing(population: Population, year: str = "") -> SourcedTable:
    """How many people with two readings are better or worse at the second, referred and never referred.

    Returns
    -------
    SourcedTable
        One row a reading and group: reading, group (referred, never referred), better, worse, paired (with two
        readings), better_share with limits, worse_share, points (from which it counts). No rows of a reading of which
        nobody of a group has two.
    """
    asked, on = asked_year(year, population.index_date), population.index_date
    measured, events = (population.tables.get(name) for name in ("measurements", "care_events"))
    pairs = pd.DataFrame(columns=["measurement", "referred", "before", "after"])
    if measured is not None and events is not None:
        number = {part: int(clause(f"personalised_{part}_months", asked).number) for part in _MONTHS}
        people = table_of(population).select("person_id")
        found = two_readings(measured.join(people, on="person_id", how="semi"), events, on=on, **number)
        pairs = to_pandas(found)
    rows, counted = _counted(pairs, asked)
    columns = ["reading", "group", *COUNTS, "points"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(COUNTS, "Int64") | {"points": "Float64"})
    return population.sourced(
        with_rates(frame, RATES), counts=tuple(COUNTS), rates=RATES, numbers=("points",), counted=counted
    )


def differences(released: pd.DataFrame) -> pd.DataFrame:
    """Add how many more, of a hundred, are better of those referred than of those never referred, with 95% limits.

    For :meth:`pcn_analysis.release.ReleasedTable.followed_by`: it sees rounded counts and nothing else. The groups are
    not matched, so that the difference is not what a referral did.

    Parameters
    ----------
    released
        What is released of :func:`wellbeing`.

    Returns
    -------
    DataFrame
        The same rows with difference, difference_lower and difference_upper, in percentage points (Newcombe's hybrid
        score interval), and apart: all three as a table shows them. They stand in the row of those referred; null
        where either share is not shown, or nobody of the other group has two readings.

    Examples
    --------
    >>> rows = pd.DataFrame({"reading": "Happiness", "group": ["referred", "never referred"],
    ...                      "better": pd.array([56, 48], "Int64"), "paired": pd.array([70, 80], "Int64")})
    >>> differences(rows)["apart"].to_list()
    ['20.0 (5.2 to 33.4)', '']
    """
    of, other = (released["group"].eq(group) for group in GROUPS.values())
    never = released[other].set_index("reading")[["better", "paired"]]
    beside = never.reindex(released["reading"]).set_axis(released.index)
    counts = [frame[name].where(of) for frame in (released, beside) for name in ("better", "paired")]
    found = {name: one * POINTS for name, one in zip(DIFFERENCE, newcombe(*counts), strict=True)}
    said = [_in_points(row) for row in zip(*found.values(), strict=True)]
    return released.assign(**found, apart=pd.array(said, "str"))


def _in_points(difference: Sequence[Any]) -> str:
    """A difference and its limits; empty where it is not known."""
    if any(map(pd.isna, difference)):
        return ""
    value, lower, upper = (f"{round(one, 1) + 0:.1f}" for one in difference)
    return f"{value} ({lower} to {upper})"


@on_frames
def two_readings(measurements: Lazy, care_events: Lazy, *, on: dt.date, before: int, after: int, apart: int) -> Lazy:
    """Two readings of each person: around the first referral, or, of who was never referred, from the first one on.

    Parameters
    ----------
    measurements
        ``tables.MEASUREMENTS``; exact values in their unit, before the index date. Of several on a day the highest.
    care_events
        ``tables.CARE_EVENTS``; referrals that were done before the index date.
    on
        The index date.
    before
        The first reading is the latest of so many months up to the day of the referral, that day included.
    after, apart
        The second is the latest from ``apart`` months after the referral, or the first reading, to less than ``after``
        months after it.

    Returns
    -------
    LazyFrame
        One row a person and measurement with two readings: person_id, measurement, referred, before, after.

    Examples
    --------
    >>> import datetime as dt
    >>> happy = pd.DataFrame({
    ...     "person_id": "p1", "measurement": "ons4_happiness", "operator": "=", "unit": "{score}",
    ...     "value_as_number": [4.0, 7.0], "measurement_date": pd.to_datetime(["2026-01-05", "2026-04-01"])})
    >>> referred = pd.DataFrame({"person_id": ["p1"], "event": "social_prescribing_referral", "outcome": "done",
    ...                          "event_date": pd.to_datetime(["2026-01-10"])})
    >>> found = two_readings(happy, referred, on=dt.date(2026, 7, 1), before=6, after=12, apart=1)
    >>> found[["referred", "before", "after"]].values.tolist()
    [[True, 4.0, 7.0]]
    """
    date = nw.col("measurement_date").cast(nw.Date)
    exact = measurements.filter(*readable_in(dict.fromkeys(READINGS, SCORE)), date < on)
    by_day = exact.select("person_id", "measurement", _day=date, _value=nw.col("value_as_number"))
    read = by_day.group_by("person_id", "measurement", "_day").agg(nw.col("_value").max())
    sent = nw.col("event_date").cast(nw.Date)
    done = care_events.filter(nw.col("event") == REFERRAL, nw.col("outcome") == "done", sent < on)
    first = done.select("person_id", _sent=sent).group_by("person_id").agg(nw.col("_sent").min())
    start = _first_reading(read.join(first, on="person_id", how="left"), before)
    return _second_reading(start, read, after, apart)


def _first_reading(each: Lazy, before: int) -> Lazy:
    """The day of the first reading of each person and measurement, and the day from which the second is looked for."""
    day, sent = nw.col("_day"), nw.col("_sent")
    near: Any = (day <= sent) & (day >= sent.dt.offset_by(f"-{before}mo").cast(nw.Date))
    marked = each.with_columns(
        _near=nw.when(near).then(day).otherwise(None), _any=nw.when(sent.is_null()).then(day).otherwise(None)
    )
    found = marked.group_by("person_id", "measurement").agg(
        nw.col("_near").max(), nw.col("_any").min(), nw.col("_sent").min()
    )
    unsent = nw.col("_sent").is_null()
    return found.select(
        "person_id",
        "measurement",
        referred=~unsent,
        _first=nw.when(unsent).then(nw.col("_any")).otherwise(nw.col("_near")),
        _from=nw.when(unsent).then(nw.col("_any")).otherwise(nw.col("_sent")),
    ).filter(~nw.col("_first").is_null())


def _second_reading(start: Lazy, read: Lazy, after: int, apart: int) -> Lazy:
    """Both values of those who have a second reading in time."""
    key = ["person_id", "measurement"]
    later = start.join(read.select(*key, "_day"), on=key, how="inner").filter(
        nw.col("_day") >= nw.col("_from").dt.offset_by(f"{apart}mo").cast(nw.Date),
        nw.col("_day") < nw.col("_from").dt.offset_by(f"{after}mo").cast(nw.Date),
    )
    last = later.group_by(*key).agg(_last=nw.col("_day").max())
    value = read.select(*key, "_day", "_value")
    both = start.join(last, on=key, how="inner")
    both = both.join(value.rename({"_day": "_first", "_value": "before"}), on=[*key, "_first"], how="inner")
    both = both.join(value.rename({"_day": "_last", "_value": "after"}), on=[*key, "_last"], how="inner")
    return both.select(*key, "referred", "before", "after")


def _counted(pairs: pd.DataFrame, year: str) -> tuple[list[dict[str, Any]], dict[str, Counted]]:
    """Rows of the table, and whom its columns count."""
    rows: list[dict[str, Any]] = []
    means: dict[str, dict[Any, Conditions | None]] = {name: {} for name in COUNTS}
    for slug, reading in READINGS.items():
        own = pairs[pairs["measurement"] == slug]
        if own.empty:
            continue
        points = clause(f"personalised_{'pam' if slug == PAM else 'ons4'}_points", year).number
        gain = (own["after"] - own["before"]).astype(float) * (-1 if slug in LOWER_IS_BETTER else 1)
        became = pd.Series(SAME, index=own.index).mask(gain > points - EXACT, BETTER).mask(gain < EXACT - points, WORSE)
        for referred, group in GROUPS.items():
            there = became[own["referred"] == referred]
            if there.empty:
                continue
            rows.append({"reading": reading, "group": group, "points": points,
                         **{name: int(there.isin(states).sum()) for name, states in COUNTS.items()}})  # fmt: skip
            for name, states in COUNTS.items():
                ever = ("ever referred to social prescribing", ("yes" if referred else "no",))
                means[name][reading, group] = (ever, (f"two readings: {reading}", states))
    counted = {name: Counted(means={("reading", "group"): said}) for name, said in means.items()}
    return rows, counted
