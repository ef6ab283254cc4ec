"""Who the synthetic people are: practice, area, sex, age, and when they joined, left or died.

Those registered on the index date have exactly the published numbers by practice, sex and five-year age band,
and by practice and area (whole people, by largest remainder, where the counts are modelled). Within a
practice, age and area are matched at random: how they go together is not published.

Each of them has a candidate beside: someone who might have left or died in the years before. Who of the
candidates did is decided once their health is known (:mod:`pcn_analysis.synthetic.leavers`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis import codelists, codes
from pcn_analysis.dates import months_before

if TYPE_CHECKING:
    from pcn_analysis.place import Place

YEARS = 3
"""Length of the records, in years before the index date."""
DAYS_A_YEAR = 365.25
OLDEST_BAND = 95
LONGEVITY = 2.6
"""Mean further years of those of 95 and over; invented."""


@dataclass
class Residents:
    """People as arrays of one length; days are counted from 1 January 1970.

    Parameters
    ----------
    practice, area
        Practice and area codes; an area that is not known is empty.
    decile
        Deprivation decile of the area; 0 where it is not known.
    female
        Whether female; the published counts know female and male only.
    birth, start, end
        Day of birth, first day registered, and first day after the records: the index date, or the day of
        leaving or death.
    candidate
        Whether only a candidate for leaving or dying before the index date.
    died
        Whether the end is a death; filled once health is known.
    """

    practice: np.ndarray
    area: np.ndarray
    decile: np.ndarray
    female: np.ndarray
    birth: np.ndarray
    start: np.ndarray
    end: np.ndarray
    candidate: np.ndarray
    died: np.ndarray

    def __len__(self) -> int:
        return len(self.birth)

    @property
    def age(self) -> np.ndarray:
        """Age at the end of the records, in years."""
        return (self.end - self.birth) / DAYS_A_YEAR

    @property
    def deprivation(self) -> np.ndarray:
        """From -1 (least deprived decile) to 1 (most deprived); 0 where the area is not known."""
        return np.where(self.decile > 0, (5.5 - self.decile) / 4.5, 0.0)

    def chosen(self, who: np.ndarray | slice) -> Residents:
        """Only some of them."""
        return Residents(**{name: values[who] for name, values in vars(self).items()})


def day_of(date: dt.date) -> int:
    """Days from 1 January 1970.

    Examples
    --------
    >>> day_of(dt.date(1970, 1, 31))
    30
    """
    return (date - dt.date(1970, 1, 1)).days


def draw_residents(place: Place, practices: list[str], rng: np.random.Generator) -> Residents:
    """Draw everyone registered with some practices of a place, and as many candidates for having left.

    Parameters
    ----------
    place
        A place whose vintage has ages.
    practices
        Practice codes.
    rng
        Source of random numbers.
    """
    ages = place.tables["registrations_by_age"].frame
    areas = place.tables["registrations_by_area"].frame
    deciles = place.tables["areas"].frame.set_index("area_code")["imd_decile"]
    parts = []
    for practice in practices:
        by_age = ages[(ages["organisation_type"] == "practice") & (ages["organisation_code"] == practice)]
        drawn = _of_one_practice(by_age, areas[areas["practice_code"] == practice], place.index_date, rng)
        parts.append(drawn.assign(practice=practice))
    people = pd.concat(parts, ignore_index=True)
    people["decile"] = people["area"].map(deciles).astype("Float64").fillna(0).astype(int)
    return _with_candidates(people, place.index_date, rng)


def _of_one_practice(ages: pd.DataFrame, areas: pd.DataFrame, on: dt.date, rng: np.random.Generator) -> pd.DataFrame:
    rows = ages.loc[ages.index.repeat(ages["patients"].astype(int))]
    youngest = rows["age_band"].str.extract(r"^(\d+)", expand=False).astype(int).to_numpy()
    homes = np.repeat(areas["area_code"].to_numpy(dtype=object), whole_people(areas["patients"], len(rows)))
    homes[~pd.Series(homes, dtype="str").str.match(codes.ENGLISH_LSOA).to_numpy(dtype=bool)] = ""
    return pd.DataFrame(
        {
            "female": (rows["sex"] == "female").to_numpy(),
            "birth": _births(youngest, on, rng),
            "area": rng.permutation(homes) if len(homes) else "",
        }
    )


def whole_people(counts: pd.Series, total: int) -> np.ndarray:
    """Share a whole number of people in proportion to counts, by largest remainder.

    Examples
    --------
    >>> whole_people(pd.Series([1.5, 1.5, 7.0]), 10).tolist()
    [2, 1, 7]
    """
    weights = counts.to_numpy(dtype=float)
    if not weights.sum():
        return np.zeros(len(weights), dtype=int)
    exact = weights * total / weights.sum()
    whole = np.floor(exact).astype(int)
    short = total - whole.sum()
    whole[np.argsort(-(exact - whole), kind="stable")[:short]] += 1
    return whole


def _births(youngest: np.ndarray, on: dt.date, rng: np.random.Generator) -> np.ndarray:
    """Days of birth, evenly spread over each five-year band; the last band thins out with age."""
    latest = {age: day_of(months_before(on, 12 * age)) - (age == 0) for age in set(youngest)}
    earliest = {age: day_of(months_before(on, 12 * (age + 5))) for age in set(youngest)}
    high = np.array([latest[age] for age in youngest])
    low = np.array([earliest[age] for age in youngest])
    even = high - np.floor(rng.random(len(youngest)) * (high - low)).astype(int)
    old = high - np.floor(rng.exponential(LONGEVITY * DAYS_A_YEAR, len(youngest)).clip(max=4500)).astype(int)
    return np.where(youngest >= OLDEST_BAND, old, even)


def _with_candidates(people: pd.DataFrame, on: dt.date, rng: np.random.Generator) -> Residents:
    """Double everyone: the candidates are as old at their end as their originals on the index date."""
    index, count = day_of(on), len(people)
    first = day_of(months_before(on, 12 * YEARS))
    both = pd.concat([people, people], ignore_index=True)
    candidate = np.arange(2 * count) >= count
    end = np.where(candidate, rng.integers(first + 1, index, 2 * count), index)
    birth = both["birth"].to_numpy() - (index - end)
    since = rng.exponential(1, 2 * count) / yearly("joining", (end - birth) / DAYS_A_YEAR)
    start = np.maximum(birth, end - 1 - np.floor(since * DAYS_A_YEAR).astype(int))
    return Residents(
        practice=both["practice"].to_numpy(dtype=object),
        area=both["area"].to_numpy(dtype=object),
        decile=both["decile"].to_numpy(),
        female=both["female"].to_numpy(dtype=bool),
        birth=birth,
        start=start,
        end=end,
        candidate=candidate,
        died=np.zeros(2 * count, dtype=bool),
    )


CHILDREN_AS = 30
"""Children join and leave at the rate of adults from this age, because the source begins at 17; invented."""


def yearly(event: str, age: np.ndarray, segment: np.ndarray | None = None) -> np.ndarray:
    """Published yearly rate of joining, leaving or dying at each age (of one core segment, or of all).

    Parameters
    ----------
    event
        ``joining``, ``leaving`` or ``death``.
    age
        Ages in years. Nobody under 17 dies, because the source begins there.
    segment
        Core segment from 1 to 5, for deaths.

    References
    ----------
    nhs-bnssg-analytics/dpm 0.2.22: inputs for North Somerset, December 2023.
    """
    ages = ages_from(event)
    rates = _rates(event, by_segment=segment is not None)
    adult = age >= ages[0]
    band = np.searchsorted(ages, np.where(adult, age, CHILDREN_AS), side="right") - 1
    rate = rates[band, 0 if segment is None else segment - 1]
    return np.where(adult, rate, 0.0) if event == "death" else rate


@cache
def ages_from(event: str) -> np.ndarray:
    """Ages from which the published rates of an event apply."""
    return np.array(sorted({int(row["age_from"]) for row in _published(event)}))


@cache
def _rates(event: str, *, by_segment: bool) -> np.ndarray:
    """Events over people: a row an age, a column a core segment, or one column for all of them."""
    counts = [(float(row["people_with_event"]), float(row["people"])) for row in _published(event)]
    table = np.array(counts).reshape(len(ages_from(event)), -1, 2)
    table = table if by_segment else table.sum(axis=1, keepdims=True)
    return np.divide(table[..., 0], table[..., 1], out=np.zeros(table.shape[:2]), where=table[..., 1] > 0)


def _published(event: str) -> list[dict[str, str]]:
    return [row for row in codelists.rows("synthetic_joining_leaving_deaths") if row["event"] == event]
