"""Deficits of the electronic frailty index beside the diagnoses: falls, dizziness, mobility and the like.

Of people of 65 and over, 50% are fit, 35% mildly, 12% moderately and 3% severely frail (frailtytoolkit.org); of
those of 50 to 64, 10% are at least mildly frail (Fogg 2022). How the shares rise within those ages is
invented. Within an age, those with more deficits from diagnoses and medicines have more of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis import codelists
from pcn_analysis.synthetic.conditions import grouped
from pcn_analysis.synthetic.medicines import ranks_within

if TYPE_CHECKING:
    from pcn_analysis.synthetic.conditions import Health
    from pcn_analysis.synthetic.residents import Residents

AGES = (0, 18, 50, 65, 75, 85)
SEVERE = (0.0, 0.0, 0.001, 0.015, 0.035, 0.08)
MODERATE_OR_MORE = (0.0, 0.0005, 0.012, 0.08, 0.18, 0.34)
MILD_OR_MORE = (0.0, 0.008, 0.10, 0.36, 0.60, 0.78)
"""Share of people from each age that are so frail; weighted by England's ages they are the published shares."""

OTHERS: dict[str, float] = {
    "fall": 10, "mobility_problem": 9, "dizziness": 8, "sleep_disturbance": 6, "dyspnoea": 9, "foot_problem": 8,
    "urinary_system_disease": 7, "urinary_incontinence": 6, "anaemia": 8, "memory_problem": 5, "skin_ulcer": 4,
    "hypotension_syncope": 5, "visual_impairment": 8, "weight_loss": 4, "social_vulnerability": 5,
    "activity_limitation": 4, "requirement_for_care": 3, "housebound": 3, "fragility_fracture": 4, "tremor": 2,
}  # fmt: skip
"""Conditions that make up the number, each with how common it is among the others; invented."""
ADULTS, OLDER = 18, 50
FROM_AGE = dict.fromkeys(
    ("fall", "mobility_problem", "foot_problem", "urinary_system_disease", "memory_problem", "skin_ulcer",
     "weight_loss", "social_vulnerability", "activity_limitation", "requirement_for_care", "housebound", "tremor"),
    ADULTS,
) | {"fragility_fracture": OLDER}  # fmt: skip
"""Age from which some of them are drawn and dated, the others from birth; invented."""
POLYPHARMACY = 5
NOISE = 1.1


def draw_frailty(people: Residents, health: Health, medicines: np.ndarray, rng: np.random.Generator) -> None:
    """Add the other deficits to everyone's health.

    Parameters
    ----------
    people, health
        The people and their diagnoses; the deficits are added to ``health.has``.
    medicines
        Who takes which medicine.
    rng
        Source of random numbers.
    """
    known = deficits_known(health, medicines)
    wanted = _numbers(people, known + NOISE * rng.standard_normal(len(people)), rng)
    names = list(OTHERS)
    key = np.log(list(OTHERS.values())) + rng.gumbel(size=(len(people), len(names)))
    able = people.age[:, None] >= np.array([FROM_AGE.get(name, 0) for name in names])
    key[~able] = -np.inf
    place = np.argsort(np.argsort(-key, axis=1), axis=1)
    chosen = able & (place < (wanted - known)[:, None])
    for index, name in enumerate(names):
        health.has[name] = health.has.get(name, False) | chosen[:, index]


def deficits_known(health: Health, medicines: np.ndarray) -> np.ndarray:
    """Number of different deficits that diagnoses and medicines already make."""
    names = codelists.names("conditions", "condition", "frailty_deficit") | {"stroke_tia": "stroke_tia"}
    found = grouped(health.has, names) | {"polypharmacy": medicines.sum(axis=1) >= POLYPHARMACY}
    return np.sum(list(found.values()), axis=0)


def _numbers(people: Residents, leaning: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How many deficits each person has: the published bands at each age, those leaning most first."""
    age = people.age
    group = np.searchsorted(AGES, age, side="right") - 1
    position = ranks_within(leaning, group, ~people.candidate)
    severe, moderate, mild = (np.array(shares)[group] for shares in (SEVERE, MODERATE_OR_MORE, MILD_OR_MORE))
    bands = [position < severe, position < moderate, position < mild]
    size = len(age)
    older, any_at_all = rng.integers(0, 5, size), rng.random(size) < np.where(age >= ADULTS, 0.3, 0.1)
    fit = np.where(age >= OLDER, older, rng.integers(0, 2, size) * any_at_all)
    return np.select(
        bands, [13 + rng.geometric(0.5, size) - 1, rng.integers(9, 13, size), rng.integers(5, 9, size)], fit
    )
