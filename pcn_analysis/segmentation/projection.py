"""How large each segment will be, if a year's rates hold.

The steps of a year are those of BNSSG's dynamic population model (dpm): people leave; the others move between
segments or die; everyone is a year older; people enter at the youngest age; people join. The rates are
:class:`pcn_analysis.segmentation.yearly_rates.YearlyRates`. ``docs/projection.md`` holds the result against what BNSSG
published. A projection says where today's rates lead; it foresees no change of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.segmentation.yearly_rates import AGES
from pcn_analysis.statistics.rates import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pcn_analysis.segmentation.yearly_rates import YearlyRates

    Totals = Mapping[str, float | Sequence[float]]

EVENTS = ("entering", "leaving", "joining")
DRAWS, SEED = 500, 20260701
"""Futures that are drawn for an interval, and the seed that they are drawn with."""


def project(
    initial: pd.DataFrame, rates: YearlyRates, years: int, *, first_year: int = 0, totals: Totals | None = None
) -> pd.DataFrame:
    """Expected people in each segment, year by year.

    Parameters
    ----------
    initial
        People at the start: age (completed years), segment, people. Those younger than the youngest age of the rates
        are left out: there the rates have people enter instead.
    rates
        What happens in a year.
    years
        How many years to go, 1 or more.
    first_year
        What the year of the start is called.
    totals
        People who enter, leave or join in each year, in all, by ``EVENTS``: one number for every year, or a number
        for each. They are spread as the rates spread them over the people there. What is not given follows the rates;
        but entering, which a rate for each person of that age would compound, keeps its number of the first year.

    Returns
    -------
    DataFrame
        One row a year, age and segment that holds anybody: year (the first is the start), age, segment, people
        (fractions of people, as expected).

    Raises
    ------
    PcnAnalysisError
        If the initial people are in segments that have no rates, or their ages or numbers are missing or negative;
        if there are not as many totals as years.

    Examples
    --------
    >>> from pcn_analysis.segmentation.yearly_rates import published_rates
    >>> start = pd.DataFrame({"age": [70], "segment": ["CS4"], "people": [1000]})
    >>> nobody_moves_house = {"leaving": 0, "joining": 0}
    >>> project(start, published_rates(), 1, first_year=2026, totals=nobody_moves_house).round(1)
       year  age segment  people
    0  2026   70     CS4  1000.0
    1  2027   71     CS1     1.6
    2  2027   71     CS2    13.7
    3  2027   71     CS3    68.2
    4  2027   71     CS4   783.4
    5  2027   71     CS5    96.6
    """
    people = _started(initial, rates)
    wanted = _totals(people, rates, years, totals)
    found = [people]
    for year in range(years):
        people = _year_later(people, rates, {name: values[year] for name, values in wanted.items()})
        found.append(people)
    return _long(found, rates.segments, first_year)


def project_with_limits(
    initial: pd.DataFrame,
    rates: YearlyRates,
    years: int,
    *,
    first_year: int = 0,
    totals: Totals | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Expected people in each segment, year by year, with 95% limits from drawn futures.

    In each future the rates are drawn again as they might have been counted, where they were counted of people one by
    one, and then every person's year is drawn from them. Of published rates it is not known how far they might have
    been otherwise, so that their limits are those of chance alone, and too narrow. No limits hold a change of the
    rates themselves.

    Parameters
    ----------
    initial, rates, years, first_year, totals
        As in :func:`project`; people are whole.
    draws, seed
        How many futures, and the seed. The same seed gives the same limits.

    Returns
    -------
    DataFrame
        One row a year and segment, in order: year, segment, people (expected), people_lower, people_upper (2.5th and
        97.5th percentile). At the start all three are the same.
    """
    rng = np.random.default_rng(seed)
    start = _started(initial, rates)
    wanted = _totals(start, rates, years, totals)
    drawn_rates = rates.drawn_again(draws, rng)
    people = np.broadcast_to(start.round().astype(int), (draws, *start.shape))
    sizes = [people.sum(1)]
    for year in range(years):
        people = _year_drawn(people, drawn_rates, {name: values[year] for name, values in wanted.items()}, rng)
        sizes.append(people.sum(1))
    tail = (1 - CONFIDENCE) / 2
    lower, upper = (np.concatenate([np.quantile(one, q, axis=0) for one in sizes]) for q in (tail, 1 - tail))
    expected = project(initial, rates, years, first_year=first_year, totals=totals)
    every = pd.MultiIndex.from_product(
        [range(first_year, first_year + years + 1), rates.segments], names=["year", "segment"]
    )
    summed = expected.groupby(["year", "segment"])["people"].sum().reindex(every, fill_value=0.0)
    return summed.reset_index().assign(people_lower=lower, people_upper=upper)


def _started(initial: pd.DataFrame, rates: YearlyRates) -> np.ndarray:
    """People at the start, by year of age and segment."""
    _check(initial, rates)
    place = {name: number for number, name in enumerate(rates.segments)}
    rows = initial[initial["age"] >= rates.ages_from[0]]
    people = np.zeros((AGES, len(place)))
    ages = rows["age"].astype(int).clip(upper=AGES - 1)
    np.add.at(people, (ages, rows["segment"].map(place).astype(int)), rows["people"].astype(float))
    return people


def _check(initial: pd.DataFrame, rates: YearlyRates) -> None:
    where = "people to project"
    unknown = sorted(set(initial["segment"].dropna()) - set(rates.segments))
    unusable = {
        name: int((values.isna() | (values < 0)).sum())
        for name, values in ((name, pd.to_numeric(initial[name])) for name in ("age", "people"))
    } | {"segment": int(initial["segment"].isna().sum())}
    known = f"Project segments of which there are rates: {', '.join(rates.segments)}."
    problems = [Problem(where, f"there are no rates of the segment {name}", known) for name in unknown]
    problems += [
        Problem(f"{where}, {name}", f"{rows} rows hold no usable value", "Leave those rows out, and say so.")
        for name, rows in unusable.items()
        if rows
    ]
    if problems:
        raise PcnAnalysisError(*problems)


def _totals(people: np.ndarray, rates: YearlyRates, years: int, totals: Totals | None) -> dict[str, np.ndarray]:
    """Numbers for each year of those events whose number is set."""
    if years < 1:
        message = "a projection goes one year or more"
        raise ValueError(message)
    if unknown := sorted(set(totals or {}) - set(EVENTS)):
        message = f"not events: {', '.join(unknown)}"
        raise ValueError(message)
    given = {"entering": float((rates.entering * people).sum())} | dict(totals or {})
    problems = [
        Problem(f"totals of {name}", f"{np.size(value)} numbers for {years} years", "Give one, or one for each year.")
        for name, value in given.items()
        if np.size(value) not in (1, years)
    ]
    if problems:
        raise PcnAnalysisError(*problems)
    return {name: np.broadcast_to(np.asarray(value, dtype=float), (years,)) for name, value in given.items()}


def _events(rate: np.ndarray, people: np.ndarray, total: float | None) -> np.ndarray:
    """People who have an event, by age and segment; in all as many as the total, where there is one."""
    found = rate * people
    if total is None:
        return found
    whole = found.sum((-2, -1), keepdims=True)
    return found * np.divide(total, whole, out=np.zeros_like(whole), where=whole > 0)


def _coming(people: np.ndarray, rates: YearlyRates, totals: Mapping[str, float]) -> np.ndarray:
    """People expected to enter, join and arrive in a year that begins with these people."""
    entering = _events(rates.entering, people, totals.get("entering"))
    joining = _events(rates.joining, people, totals.get("joining"))
    return entering + joining + rates.arriving


def _year_later(people: np.ndarray, rates: YearlyRates, totals: Mapping[str, float]) -> np.ndarray:
    """Expected people a year later."""
    staying = np.maximum(people - _events(rates.leaving, people, totals.get("leaving")), 0)
    moved = np.einsum("as,ast->at", staying, rates.moves[rates.group_of_age()])[:, :-1]
    return _older(moved) + _coming(people, rates, totals)


def _year_drawn(
    people: np.ndarray, rates: YearlyRates, totals: Mapping[str, float], rng: np.random.Generator
) -> np.ndarray:
    """People a year later in each of many futures, each person's year drawn."""
    leaving = _events(rates.leaving, people, totals.get("leaving"))
    chance = np.divide(leaving, people, out=np.zeros(leaving.shape), where=people > 0)
    staying = people - rng.binomial(people, np.minimum(chance, 1))
    moves = np.broadcast_to(rates.moves[..., rates.group_of_age(), :, :], (*people.shape, len(rates.segments) + 1))
    moved = rng.multinomial(staying, moves / moves.sum(-1, keepdims=True)).sum(-2)[..., :-1]
    return _older(moved) + rng.poisson(_coming(people, rates, totals))


def _older(people: np.ndarray) -> np.ndarray:
    """Everyone a year older; those of the last age stay in it."""
    older = np.zeros_like(people)
    older[..., 1:, :] = people[..., :-1, :]
    older[..., -1, :] += people[..., -1, :]
    return older


def _long(found: Sequence[np.ndarray], segments: Sequence[str], first_year: int) -> pd.DataFrame:
    """A row a year, age and segment that holds anybody."""
    every = pd.MultiIndex.from_product(
        [range(first_year, first_year + len(found)), range(AGES), segments], names=["year", "age", "segment"]
    )
    rows = pd.DataFrame({"people": np.concatenate([one.ravel() for one in found])}, index=every).reset_index()
    return rows[rows["people"] > 0].reset_index(drop=True)
