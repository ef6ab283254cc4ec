"""Which conditions synthetic people have, and since when: published levels, invented dependence.

Each condition is likelier or less likely by age, sex, deprivation, a propensity that all conditions of a
person share, and earlier conditions (``codelists/synthetic_conditions.csv``). Conditions of a QOF register
are levelled so that those registered are expected to fill the published register of their network; others so
that England's ages would have the level given in the list, and an older network has more. Where that would
make more or fewer adults multimorbid than the published share allows, the others are shifted together.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis import codelists
from pcn_analysis.synthetic.place import AGE_SHARES, LIST_FROM_AGE, WITHIN_GROUP
from pcn_analysis.synthetic.residents import DAYS_A_YEAR, day_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.synthetic.residents import Residents

MULTIMORBID = (0.257, 0.287)
"""Share of adults with two or more long-term conditions that is kept to: 27.2% (Cassell 2018), within 1.5 points."""
SAMPLE = 30_000
"""People on whom the shift towards that share is found."""
REFERENCE_PEOPLE = 60_000
REFERENCE_SEED = 3
ADULT = 18


@dataclass(frozen=True)
class Dependence:
    """How likely one condition is, in log odds, beside its level; and how long it has been known."""

    condition: str
    register: str
    percent: float
    from_age: float
    slope_from: float
    slope_to: float
    per_decade: float
    female: float
    deprivation: float
    shared: float
    raised_by: tuple[tuple[str, float], ...]
    years: float
    not_before: int


@dataclass
class Health:
    """What is drawn of each person's health.

    Parameters
    ----------
    shared
        The propensity that all conditions share; normal.
    has
        Who has which condition.
    since
        For how many years before the end of the records, where a person has it.
    """

    shared: np.ndarray
    has: dict[str, np.ndarray] = field(default_factory=dict)
    since: dict[str, np.ndarray] = field(default_factory=dict)

    def chosen(self, who: np.ndarray | slice) -> Health:
        """Only some of the people."""
        has, since = ({name: values[who] for name, values in one.items()} for one in (self.has, self.since))
        return Health(self.shared[who], has, since)


@cache
def dependences() -> tuple[Dependence, ...]:
    """The list of conditions, in the order in which they are drawn."""
    numbers = ("from_age", "slope_from", "slope_to", "per_decade", "female", "deprivation", "shared", "years")
    return tuple(
        Dependence(
            condition=row["condition"],
            register=row["register"],
            percent=float(row["percent"] or "nan"),
            raised_by=pairs(row["raised_by"]),
            not_before=day_of(dt.date.fromisoformat(row["not_before"] or "1900-01-01")),
            **{name: float(row[name]) for name in numbers},
        )
        for row in codelists.rows("synthetic_conditions")
    )


def pairs(text: str) -> tuple[tuple[str, float], ...]:
    """Names with numbers, as the lists write them.

    Examples
    --------
    >>> pairs("obesity:0.7 hypertension:0.4")
    (('obesity', 0.7), ('hypertension', 0.4))
    """
    return tuple((name, float(size)) for name, size in (pair.split(":") for pair in text.split()))


def draw_conditions(people: Residents, registers: Mapping[str, float], rng: np.random.Generator) -> Health:
    """Draw everyone's conditions.

    Parameters
    ----------
    people
        The people; only those who are no candidates fill the registers.
    registers
        Published prevalence of each QOF register in the network, as a proportion of the list of its ages.
    rng
        Source of random numbers.
    """
    shift = _shift(people, registers, int(rng.integers(2**31)))
    return _drawn(people, registers, shift, rng)


def _drawn(people: Residents, registers: Mapping[str, float], shift: float, rng: np.random.Generator) -> Health:
    health = Health(rng.standard_normal(len(people)))
    levels = reference_levels()
    for one in dependences():
        lean, able = _lean(one, people.age, people.female, people.deprivation, health)
        if one.register:
            on_list = ~people.candidate & (people.age >= _list_from(one.register))
            level = level_for(lean[able & on_list], registers[one.register] * on_list.sum())
        else:
            level = levels[one.condition] + shift
        health.has[one.condition] = able & (rng.random(len(people)) < chance(lean + level))
        longest = np.minimum(people.age - one.from_age, (people.end - one.not_before) / DAYS_A_YEAR)
        health.since[one.condition] = _years_known(one.years, longest, rng)
    return health


def _shift(people: Residents, registers: Mapping[str, float], seed: int) -> float:
    """How far the conditions of no register are moved for the share of multimorbid adults; mostly not at all."""
    some = np.random.default_rng(seed).permutation(np.flatnonzero(~people.candidate))[:SAMPLE]
    sample = people.chosen(some)

    def share(shift: float) -> float:
        health = _drawn(sample, registers, shift, np.random.default_rng(seed))
        return float((long_term_conditions(health)[sample.age >= ADULT] > 1).mean())

    natural = share(0.0)
    target = min(max(natural, MULTIMORBID[0]), MULTIMORBID[1])
    low, high = (-3.0, 0.0) if natural > target else (0.0, 3.0)
    for _ in range(8 if natural != target else 0):
        middle = (low + high) / 2
        low, high = (low, middle) if share(middle) > target else (middle, high)
    return (low + high) / 2 if natural != target else 0.0


def long_term_conditions(health: Health) -> np.ndarray:
    """Count long-term conditions, nearly as :mod:`pcn_analysis.scores.long_term_conditions` will.

    Treatment for eczema and psoriasis is drawn later and left out; it makes a condition of about 0.2% of people.
    """
    names = long_term_names() | {"anxiety_depression_treated": "anxiety_depression"}
    known_for = {"cancer": 5.0, "depression": 1.0, "anxiety": 1.0, "eczema": 0.0, "psoriasis": 0.0}
    recent = {
        condition: having & (health.since[condition] < known_for[condition]) if condition in known_for else having
        for condition, having in health.has.items()
    }
    return np.sum(list(grouped(recent, names).values()), axis=0)


def long_term_names() -> dict[str, str]:
    """Names of the long-term conditions that conditions, and the states drawn beside them, belong to."""
    drawn = {
        "stroke_tia": "stroke_tia",
        "severe_mental_illness": "psychosis_bipolar",
        "painful": "painful_conditions",
        "constipation": "constipation",
        "migraine": "migraine",
    }
    return codelists.names("conditions", "condition", "long_term_condition") | drawn


def grouped(has: Mapping[str, np.ndarray], names: Mapping[str, str]) -> dict[str, np.ndarray]:
    """Who has any condition of each group; conditions of no group are left out.

    Parameters
    ----------
    has
        Who has which condition.
    names
        Name of the group of each condition; empty where it has none.
    """
    found: dict[str, np.ndarray] = {}
    for condition, having in has.items():
        if name := names.get(condition, ""):
            found[name] = found.get(name, False) | having
    return found


def level_for(lean: np.ndarray, expected: float) -> float:
    """Find the level at which some people, each leaning one way or the other, are expected to number so many.

    Examples
    --------
    >>> round(level_for(np.array([0.0, 0.0, 0.0, 0.0]), 1.0), 3)
    -1.099
    """
    expected = min(max(expected, 0.01), 0.98 * len(lean))
    level = -4.0
    for _ in range(60):
        likely = chance(lean + level)
        step = (expected - likely.sum()) / max(float((likely * (1 - likely)).sum()), 1e-9)
        level += float(np.clip(step, -1.5, 1.5))
        if abs(step) < 1e-7:  # noqa: PLR2004 - far below what one person could show
            break
    return level


@cache
def reference_levels() -> dict[str, float]:
    """Levels at which England's ages have the prevalence of the list, from one fixed draw."""
    rng = np.random.default_rng(REFERENCE_SEED)
    shares = np.concatenate([AGE_SHARES[group] * np.array(parts) for group, parts in WITHIN_GROUP.items()])
    bands = rng.choice(len(shares), REFERENCE_PEOPLE, p=shares / shares.sum())
    age = bands * 5 + rng.random(REFERENCE_PEOPLE) * 5
    female = rng.random(REFERENCE_PEOPLE) < 0.5  # noqa: PLR2004 - half of patients
    deprivation = (5.5 - rng.integers(1, 11, REFERENCE_PEOPLE)) / 4.5
    england = {row["register"]: float(row["england"]) / 100 for row in codelists.rows("synthetic_register_rates")}
    health, levels = Health(rng.standard_normal(REFERENCE_PEOPLE)), {}
    for one in dependences():
        lean, able = _lean(one, age, female, deprivation, health)
        counted = able if not one.register else age >= _list_from(one.register)
        share = england[one.register] if one.register else one.percent / 100
        levels[one.condition] = level_for(lean[able], share * counted.sum())
        health.has[one.condition] = able & (rng.random(REFERENCE_PEOPLE) < chance(lean + levels[one.condition]))
    return levels


def _lean(
    one: Dependence, age: np.ndarray, female: np.ndarray, deprivation: np.ndarray, health: Health
) -> tuple[np.ndarray, np.ndarray]:
    """Log odds beside the level, and who can have the condition at all."""
    lean = one.per_decade * (np.clip(age, one.slope_from, one.slope_to) - one.slope_from) / 10
    lean = lean + one.female * female + one.deprivation * deprivation + one.shared * health.shared
    for cause, size in one.raised_by:  # a cause that stands below in the list is a fault of the list: KeyError
        lean = lean + size * health.has[cause]
    able = age >= one.from_age
    if one.condition == "non_diabetic_hyperglycaemia":
        able = able & ~health.has["diabetes"]
    return lean, able


def _years_known(mean: float, longest: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Years since the first record: exponential, no longer than can be."""
    longest = np.maximum(longest, 0.02)
    most = 1 - np.exp(-longest / mean)
    return -mean * np.log1p(-rng.random(len(longest)) * most)


@cache
def _list_from(register: str) -> int:
    kinds = {row["register"]: row["list_type"] for row in codelists.rows("qof_registers")}
    return LIST_FROM_AGE[kinds[register]]


def chance(log_odds: np.ndarray) -> np.ndarray:
    """Probability of log odds."""
    return 1 / (1 + np.exp(-log_odds))
