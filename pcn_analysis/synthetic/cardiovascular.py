"""What QRISK3 asks of synthetic people beside what they have anyway: types of diabetes, family history, smoking.

All of it is invented, and goes with little: with the age at which diabetes began, with age, sex and deprivation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.synthetic.residents import DAYS_A_YEAR

if TYPE_CHECKING:
    from pcn_analysis.synthetic.conditions import Health
    from pcn_analysis.synthetic.drawn import Drawn
    from pcn_analysis.synthetic.residents import Residents

FAMILY_HISTORY = "family_history_heart_disease_under_60"
CODED = ("type_1_diabetes", "type_2_diabetes", "erectile_dysfunction", FAMILY_HISTORY)
"""Conditions that are drawn here."""
YOUNG = 35
TYPE_1_YOUNG, TYPE_1_LATER, NO_TYPE = 0.45, 0.02, 0.03
"""Share of diabetes of type 1, where it was first recorded before 35 and later; and share without a type."""
IN_FAMILY = 0.09
"""Share of adults with heart disease under 60 in the family."""
MEN_FROM, MEN, MEN_WITH_DIABETES = 40, 0.05, 0.15
"""Share of men from 40 with erectile dysfunction, and of those with diabetes."""
ADULT = 18
KNOWN_YEARS = 12.0
"""Longest time since any of these was recorded, evenly spread."""
ASKED = 0.9
"""Share of adults whose cigarettes were recorded."""
SMOKERS, MORE_WHERE_DEPRIVED, OLD, OLD_SMOKERS, EX = 0.13, 0.06, 75, 0.5, 0.24
"""Share of adults who smoke; what the most deprived decile has more and the least deprived less; from which age so many
of those smoke; and share of the others who used to."""
CIGARETTES = (5.0, 8.0, 10.0, 15.0, 20.0, 30.0)
"""Cigarettes a day, each as common."""
NOT_RECORDED = -1.0


def add_risks(people: Residents, health: Health, rng: np.random.Generator) -> None:
    """Add types of diabetes, family history and erectile dysfunction to everyone's health."""
    size, adult = len(people), people.age >= ADULT
    diabetes, years = health.has["diabetes"], health.since["diabetes"]
    draw = rng.random(size)
    of_type_1 = np.where(people.age - years < YOUNG, TYPE_1_YOUNG, TYPE_1_LATER)
    health.has["type_1_diabetes"] = diabetes & (draw < of_type_1)
    health.has["type_2_diabetes"] = diabetes & (draw >= of_type_1) & (draw < 1 - NO_TYPE)
    health.since |= dict.fromkeys(("type_1_diabetes", "type_2_diabetes"), years)
    man = ~people.female & (people.age >= MEN_FROM)
    health.has["erectile_dysfunction"] = man & (rng.random(size) < np.where(diabetes, MEN_WITH_DIABETES, MEN))
    health.has[FAMILY_HISTORY] = adult & (rng.random(size) < IN_FAMILY)
    for name in ("erectile_dysfunction", FAMILY_HISTORY):
        health.since[name] = rng.random(size) * np.clip(people.age - ADULT, 0, KNOWN_YEARS)


def draw_smoking(people: Residents, rng: np.random.Generator) -> np.ndarray:
    """Draw cigarettes a day: a row a person, what was recorded before and what last; ``NOT_RECORDED`` where nothing."""
    size = len(people)
    smokes = (SMOKERS + MORE_WHERE_DEPRIVED * people.deprivation) * np.where(people.age >= OLD, OLD_SMOKERS, 1.0)
    now, once = rng.random(size) < smokes, rng.random(size) < EX
    number = rng.choice(CIGARETTES, size)
    asked = (people.age >= ADULT) & (rng.random(size) < ASKED)
    last = np.where(asked, np.where(now, number, 0.0), NOT_RECORDED)
    before = np.where(asked & ~now & once, number, NOT_RECORDED)
    return np.column_stack([before, last])


def cigarettes(drawn: Drawn, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Date what was recorded of cigarettes, as :func:`~pcn_analysis.synthetic.readings.draw_readings` gives readings.

    The last record is of the last year of someone's records, an earlier one of the time before.
    """
    person, which = np.nonzero(drawn.smoking != NOT_RECORDED)
    window = drawn.days[person]
    recent = np.minimum(window, int(DAYS_A_YEAR))
    back = np.where(which == 1, rng.random(len(person)) * recent, recent + rng.random(len(person)) * (window - recent))
    day = np.maximum(drawn.people.end[person] - 1 - np.floor(back).astype(int), drawn.first[person])
    return {"person": person, "day": day, "value": drawn.smoking[person, which],
            "kind": np.full(len(person), "cigarettes", dtype=object)}  # fmt: skip
