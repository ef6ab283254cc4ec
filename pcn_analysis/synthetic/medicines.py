"""Which medicines synthetic people take: those for their conditions, and others up to a published number.

How many different medicines adults take in 84 days is set for the published shares (Guthrie 2015,
doi:10.1186/s12916-015-0322-7): 20.8% five or more and 5.8% ten or more, from 0.3% of people in their twenties to
24.0% of those of 80 and over. The shares at each age, and of those who take any, are invented; they lie a little
below, because short courses count as well. Within an age, those with more conditions take more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis import codelists
from pcn_analysis.synthetic.conditions import pairs

if TYPE_CHECKING:
    from pcn_analysis.synthetic.conditions import Health
    from pcn_analysis.synthetic.residents import Residents

AGES = (0, 18, 30, 40, 50, 60, 70, 80)
TEN_OR_MORE = (0.0, 0.003, 0.008, 0.019, 0.042, 0.080, 0.140, 0.232)
FIVE_OR_MORE = (0.004, 0.020, 0.048, 0.092, 0.175, 0.325, 0.485, 0.63)
ONE_OR_MORE = (0.10, 0.28, 0.34, 0.42, 0.58, 0.74, 0.87, 0.94)
"""Share of people from each age with so many medicines."""
MOST = 18
NOISE = 1.6
"""How far what is not a known condition decides who takes more."""


@dataclass(frozen=True)
class Medicine:
    """One medicine, the conditions that it is given for with the chance of it, and how common it is otherwise.

    ``from_age``, ``to_age`` (the first age too old for it) and sex limit who takes it otherwise; an empty sex is both.
    """

    bnf_code: str
    name: str
    given_for: tuple[tuple[str, float], ...]
    general: float
    from_age: float
    to_age: float
    sex: str


@cache
def medicines() -> tuple[Medicine, ...]:
    """The list of medicines."""
    return tuple(
        Medicine(
            row["bnf_code"],
            row["name"],
            pairs(row["given_for"]),
            float(row["general"] or 0),
            float(row["from_age"] or 0),
            float(row["to_age"] or "inf"),
            row["sex"],
        )
        for row in codelists.rows("synthetic_medicines")
    )


def draw_medicines(people: Residents, health: Health, rng: np.random.Generator) -> np.ndarray:
    """Draw who takes what: a row a person, a column a medicine of :func:`medicines`, true where taken.

    Parameters
    ----------
    people, health
        The people and their conditions.
    rng
        Source of random numbers.
    """
    taken = np.column_stack([_for_conditions(one, health, rng) for one in medicines()])
    needed = taken.sum(axis=1)
    wanted = _numbers(people, needed + NOISE * rng.standard_normal(len(people)), rng)
    return taken | _others(people, taken, wanted - needed, rng)


def _for_conditions(one: Medicine, health: Health, rng: np.random.Generator) -> np.ndarray:
    chance = np.zeros(len(health.shared))
    for condition, share in one.given_for:
        chance = np.maximum(chance, share * health.has[condition])
    return rng.random(len(chance)) < chance


def _numbers(people: Residents, need: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How many medicines each person takes: the published share at each age, those in most need first."""
    group, size = np.searchsorted(AGES, people.age, side="right") - 1, len(people)
    position = ranks_within(need, group, ~people.candidate)
    limits = [np.array(shares)[group] for shares in (ONE_OR_MORE, FIVE_OR_MORE, TEN_OR_MORE)]
    least = np.select([position < limits[2], position < limits[1], position < limits[0]], [10, 5, 1], 0)
    spread = np.select(
        [least == 10, least == 5, least == 1],  # noqa: PLR2004 - the published steps
        [rng.geometric(0.42, size) - 1, rng.integers(0, 5, size), rng.integers(0, 4, size)],
        0,
    )
    return np.minimum(least + spread, MOST)


def ranks_within(values: np.ndarray, group: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Place of each value among those counted in its group, from 0 (the largest) towards 1.

    Examples
    --------
    >>> everyone = np.array([True, True, True, True])
    >>> ranks_within(np.array([5.0, 9.0, 1.0, 7.0]), np.array([0, 0, 0, 1]), everyone).round(2).tolist()
    [0.5, 0.17, 0.83, 0.5]
    """
    place = np.empty(len(values))
    for one in np.unique(group):
        members = group == one
        ordered = np.sort(-values[members & counted])
        place[members] = (np.searchsorted(ordered, -values[members]) + 0.5) / max(len(ordered), 1)
    return place


def _others(people: Residents, taken: np.ndarray, short: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Medicines that are no sign of a condition, as many as each person is short of, the commonest first."""
    chosen = np.zeros_like(taken)
    general = np.array([index for index, one in enumerate(medicines()) if one.general])
    weight = np.log([medicines()[index].general for index in general])
    who = np.flatnonzero(short > 0)
    suited = np.column_stack([_suits(medicines()[index], people)[who] for index in general])
    key = weight + rng.gumbel(size=(len(who), len(general)))
    key[taken[np.ix_(who, general)] | ~suited] = -np.inf
    place = np.argsort(np.argsort(-key, axis=1), axis=1)
    chosen[np.ix_(who, general)] = (place < short[who, None]) & np.isfinite(key)
    return chosen


def _suits(one: Medicine, people: Residents) -> np.ndarray:
    """Who is of an age and sex that takes it without a condition that it is given for."""
    of_age = (people.age >= one.from_age) & (people.age < one.to_age)
    return of_age & (people.female == (one.sex == "female")) if one.sex else of_age
