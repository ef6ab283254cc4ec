"""Measurements of synthetic people: values that agree with what they have; how often is invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.person.registers import LOWER_BMI_ETHNICITIES
from pcn_analysis.synthetic.drawn import Drawn, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

UNITS = {
    "sbp": "mm[Hg]", "dbp": "mm[Hg]", "bmi": "kg/m2", "weight": "kg", "egfr": "mL/min/{1.73_m2}",
    "creatinine": "umol/L", "hba1c": "mmol/mol", "hb": "g/L", "cholesterol": "mmol/L",
    "cholesterol_hdl_ratio": "1", "cigarettes": "{cigarettes}/d", "ldl_cholesterol": "mmol/L",
    "non_hdl_cholesterol": "mmol/L", "fit": "ug/g", "cancer_stage": "{stage}", "pam": "{score}",
    "ons4_life_satisfaction": "{score}", "ons4_worthwhile": "{score}", "ons4_happiness": "{score}",
    "ons4_anxiety": "{score}",
}  # fmt: skip
ADULT = 18


def draw_readings(drawn: Drawn, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw every measurement within the records of some people.

    Returns
    -------
    dict of arrays
        Of one length, a measurement each: person (position), kind, day, value.
    """
    parts = list(_panels(drawn, rng))
    return {
        "person": np.concatenate([person for _, person, _, _ in parts]),
        "day": np.concatenate([day for _, _, day, _ in parts]),
        "value": np.concatenate([value for *_, value in parts]),
        "kind": np.concatenate([np.full(len(person), kind, dtype=object) for kind, person, _, _ in parts]),
    }


def _panels(drawn: Drawn, rng: np.random.Generator) -> Iterator[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
    has, age, size = drawn.health.has, drawn.people.age, len(drawn)
    adult = age >= ADULT
    share = drawn.days / (3 * 365.25)
    weighed = has["hypertension"] | has["diabetes"] | has["obesity"]

    def taken(rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return spread(drawn, rng.poisson(np.where(adult, rate, 0.1) * share), rng)

    person, day = taken(1.6 + 4.2 * has["hypertension"] + 1.5 * has["diabetes"] + 0.05 * np.clip(age - 40, 0, 50))
    usual = 118 + 0.25 * np.clip(age - 18, 0, 70) + 8 * has["hypertension"] + rng.normal(0, 9, size)
    yield "sbp", person, day, _near(usual[person], 9, rng).clip(85, 215)
    low = 74 + 3 * has["hypertension"] - 0.08 * np.clip(age - 55, 0, 45) + rng.normal(0, 6, size)
    yield "dbp", person, day, _near(low[person], 6, rng).clip(45, 125)
    obese, slim = 31.0 + rng.gamma(1.6, 2.6, size), rng.normal(25.2, 2.8, size)
    bmi = np.where(has["obesity"], obese, slim.clip(16.5, _highest(drawn)))
    person, day = taken(1.1 + 2.0 * weighed)
    person, day = _with_a_recent_one(drawn, has["obesity"], person, day, rng)
    value = np.where(has["obesity"][person], np.maximum(_near(bmi[person], 0.4, rng), 30.0), bmi[person])
    yield "bmi", person, day, value.round(1)
    height = np.where(drawn.people.female, 1.62, 1.75)[person]
    yield "weight", person, day, (value * height**2).round(1)
    person, day = taken(1.5 + 2.2 * weighed + 2.0 * has["ckd"])
    sound = np.clip(rng.normal(92, 13, size), 64, 120)
    filtered = np.where(has["ckd"], np.clip(rng.normal(48, 9, size), 12, 58), sound)
    value = np.where(has["ckd"][person], np.minimum(_near(filtered[person], 3, rng).clip(8), 59), filtered[person])
    yield "egfr", person, day, value.round(0)
    yield "creatinine", person, day, (7200 / value).round(0)
    person, day = taken(1.1 + 4.0 * has["diabetes"] + 1.8 * has["non_diabetic_hyperglycaemia"])
    sugar = np.select([has["diabetes"], has["non_diabetic_hyperglycaemia"]], [57.0, 44.0], 36.0)
    spread_ = np.select([has["diabetes"], has["non_diabetic_hyperglycaemia"]], [12.0, 1.2], 2.5)
    yield "hba1c", person, day, np.clip(rng.normal(sugar[person], spread_[person]), 26, 140).round(0)
    person, day = taken(1.6 + 1.2 * has["anaemia"] + 0.02 * np.clip(age - 40, 0, 50))
    least = np.where(drawn.people.female, 115.0, 130.0)
    blood = np.where(has["anaemia"], least - rng.gamma(2, 6, size), least + 3 + rng.gamma(2.5, 5, size))
    yield "hb", person, day, np.maximum(blood[person], 55).round(0)
    person, day = taken(1.2 + 1.2 * weighed)
    total = np.clip(rng.normal(5.0, 1.0, len(person)), 2, 10).round(1)
    yield "cholesterol", person, day, total
    good = 1.3 + 0.3 * drawn.people.female - 0.2 * (has["obesity"] | has["diabetes"]) + rng.normal(0, 0.3, size)
    yield "cholesterol_hdl_ratio", person, day, (total / good.clip(0.7, 2.5)[person]).clip(1.1, 11).round(1)


def _highest(drawn: Drawn) -> np.ndarray:
    """Highest body mass index of those without obesity: QOF counts some ethnic categories from 27.5, others from 30."""
    return np.where(np.isin(drawn.ethnicity.astype(str), LOWER_BMI_ETHNICITIES), 27.2, 29.2)


def _with_a_recent_one(
    drawn: Drawn, who: np.ndarray, person: np.ndarray, day: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Add one reading within the last year to some people, as their QOF register needs it."""
    needing = np.flatnonzero(who)
    back = 1 + np.floor(rng.random(len(needing)) * np.minimum(drawn.days[needing], 360)).astype(int)
    return np.concatenate([person, needing]), np.concatenate([day, drawn.people.end[needing] - back])


def _near(usual: np.ndarray, noise: float, rng: np.random.Generator) -> np.ndarray:
    return (usual + rng.normal(0, noise, len(usual))).round(0 if noise > 1 else 1)
