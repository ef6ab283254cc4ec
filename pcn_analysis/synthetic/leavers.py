"""Which candidates left or died in the years before the index date, and who lives in a care home.

Deaths follow the yearly rates published for North Somerset by age, and within an age the ratios between core
segments (Cambridge Multimorbidity Score, bands of One Care), so that people with more conditions die sooner; leaving
follows the rates by age.
"""

from __future__ import annotations

import numpy as np

from pcn_analysis import codelists
from pcn_analysis.scores.cambridge import find_variant
from pcn_analysis.scores.cambridge.bands import OF_BNSSG
from pcn_analysis.synthetic.conditions import Health, chance, grouped, level_for, long_term_names
from pcn_analysis.synthetic.residents import YEARS, Residents, ages_from, yearly

CARE_HOME_65 = 0.026
"""Share of people of 65 and over in care homes: 84% of about 360,000 adults (NHS England, Enhanced Health in
Care Homes framework, November 2023) among England's registered patients of that age, July 2026."""


def keep_leavers(people: Residents, health: Health, rng: np.random.Generator) -> np.ndarray:
    """Say who stays in: everyone registered, and the candidates who did leave or die.

    Parameters
    ----------
    people, health
        Everyone and their conditions; ``people.died`` is filled.
    rng
        Source of random numbers.
    """
    dying = _within_the_years(_deaths_a_year(people, health))
    leaving = (1 - dying) * _within_the_years(yearly("leaving", people.age))
    draw = rng.random(len(people))
    people.died[:] = people.candidate & (draw < dying)
    left = people.candidate & ~people.died & (draw < dying + leaving)
    born = people.start < people.end
    return (~people.candidate | people.died | left) & born


def _deaths_a_year(people: Residents, health: Health) -> np.ndarray:
    """Chance of dying in a year: as published at each age, shared over the core segments in the published ratio."""
    ratio = yearly("death", people.age, core_segment(health))
    published = yearly("death", people.age)
    age = np.searchsorted(ages_from("death"), people.age, side="right")
    total, wanted = (np.bincount(age, values, minlength=age.max() + 1) for values in (ratio, published))
    return np.minimum(ratio * np.divide(wanted, total, out=np.zeros_like(total), where=total > 0)[age], 1)


def _within_the_years(rate: np.ndarray) -> np.ndarray:
    """Chance of an event within the years of the records, from its chance in one."""
    return 1 - (1 - rate) ** YEARS


def core_segment(health: Health) -> np.ndarray:
    """Core segment, 1 to 5, by the published weights and bands of the variant of BNSSG.

    Nearly the score: every condition counts as long as it was ever drawn, however long ago.
    """
    variant = find_variant(OF_BNSSG)
    weights = {name: float(weight) for name, weight in variant.weights.items()}
    found = {name: having for name, having in grouped(health.has, long_term_names()).items() if name in weights}
    score = sum(weights[name] * having for name, having in found.items())
    bands = [row for row in codelists.rows("cambridge_bands") if row["bands"] == variant.bands]
    lowest = [float(row["lower_inclusive"]) for row in bands if row["lower_inclusive"]]
    return 1 + np.searchsorted(lowest, score, side="right")


def draw_care_homes(people: Residents, deficits: np.ndarray, health: Health, rng: np.random.Generator) -> np.ndarray:
    """Draw who lives in a care home: the published share of people of 65 and over, the frailest and oldest first."""
    old = people.age >= 65  # noqa: PLR2004 - as published
    lean = 0.30 * deficits + 0.10 * (people.age - 80) + 2.0 * health.has["dementia"]
    level = level_for(lean[old & ~people.candidate], CARE_HOME_65 * float((old & ~people.candidate).sum()))
    return old & (rng.random(len(people)) < chance(lean + level))
