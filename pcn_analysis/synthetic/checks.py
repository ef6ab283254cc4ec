"""Reviews, health checks, vaccinations and support of synthetic people: how often is invented throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.synthetic.happened import Happened, yearly_days

if TYPE_CHECKING:
    from pcn_analysis.synthetic.drawn import Drawn

ADULT, OLDER, ON_LD_REGISTER_CHECK = 18, 65, 14
MANY_MEDICINES, SOME_MEDICINES, SEVERE, MODERATE = 10, 5, 13, 9
MEDICATION_REVIEWS = {"care home": 0.60, "severe frailty": 0.45, "ten medicines": 0.35, "housebound": 0.30,
                      "learning disability": 0.25, "five medicines": 0.12, "other adults": 0.01}  # fmt: skip
"""Chance of a structured medication review in a year, by the first group that fits; invented."""
REVIEWED = (0.86, 0.07, 0.06, 0.01)
"""Share of reviews that were done, offered, declined, not suitable; invented."""
CHECKED = {
    "learning_disability_health_check": ((0.72, 0.08, 0.09, 0.01), 0.88),
    "smi_physical_health_check": ((0.58, 0.14, 0.10, 0.01), 0.30),
}
"""Outcomes of the checks of a year, and the share of those done with an action plan on the same day; invented."""
INFLUENZA, INFLUENZA_COPD = (0.72, 0.0, 0.11, 0.005), (0.74, 0.04, 0.12, 0.005)
PNEUMOCOCCAL = 0.68
"""Outcomes of a season's vaccination from 65 and with COPD; share of both ever vaccinated once; invented."""
SEASON, SEASON_LENGTH = (9, 1), 110
TEAM_MODERATE, TEAM_SEVERE = 0.10, 0.30
"""Chance in a year that a multidisciplinary team reviews somebody moderately or severely frail; invented."""
PLAN_MODERATE, PLAN_SEVERE = 0.20, 0.40
"""Chance in a year of a personalised care and support plan, moderately or severely frail at home; invented."""
TO_STOP = (0.12, 0.22, 0.18, 0.0)
"""What becomes of support to stop smoking, in a year of somebody who smokes; invented."""


def add_checks(found: Happened, rng: np.random.Generator) -> None:
    """Add reviews, checks, vaccinations and support to what happened to some people."""
    drawn = found.drawn
    _medication_reviews(found, rng)
    age, has = drawn.people.age, drawn.health.has
    disabled = has["learning_disability"] & (age >= ON_LD_REGISTER_CHECK)
    _checked(found, "learning_disability_health_check", disabled, rng)
    _checked(found, "smi_physical_health_check", has["severe_mental_illness"] & (age >= ADULT), rng)
    _vaccinated(found, rng)
    frail = np.select([drawn.deficits >= SEVERE, drawn.deficits >= MODERATE], [TEAM_SEVERE, TEAM_MODERATE], 0.0)
    who, day = yearly_days(drawn, np.where(age >= ADULT, frail, 0.0), rng)
    found.add_by_chance("mdt_review", (0.93, 0.03, 0.04, 0.0), who, day, rng)
    planned = np.select([drawn.deficits >= SEVERE, drawn.deficits >= MODERATE], [PLAN_SEVERE, PLAN_MODERATE], 0.0)
    who, day = yearly_days(drawn, np.where((age >= ADULT) & ~drawn.care_home, planned, 0.0), rng)
    found.add_by_chance("care_and_support_plan", (0.90, 0.04, 0.06, 0.0), who, day, rng)
    who, day = yearly_days(drawn, (drawn.smoking[:, 1] > 0).astype(float), rng)
    found.add_by_chance("smoking_cessation_support", TO_STOP, who, day, rng)


def _medication_reviews(found: Happened, rng: np.random.Generator) -> None:
    drawn, taken = found.drawn, found.drawn.medicines.sum(axis=1)
    groups = [drawn.care_home, drawn.deficits >= SEVERE, taken >= MANY_MEDICINES, drawn.health.has["housebound"],
              drawn.health.has["learning_disability"], taken >= SOME_MEDICINES, taken > 0]  # fmt: skip
    chance = np.select(groups, list(MEDICATION_REVIEWS.values()), 0.0) * (drawn.people.age >= ADULT)
    who, day = yearly_days(drawn, chance, rng)
    found.add_by_chance("structured_medication_review", REVIEWED, who, day, rng)


def _checked(found: Happened, event: str, who: np.ndarray, rng: np.random.Generator) -> None:
    """A check in each year of those whom it is for, some with an action plan on the same day."""
    shares, planned = CHECKED[event]
    person, day = yearly_days(found.drawn, who.astype(float), rng)
    done = found.add_by_chance(event, shares, person, day, rng)
    with_plan = done & (rng.random(len(person)) < planned)
    found.add("health_action_plan", "done", person[with_plan], day[with_plan])


def _vaccinated(found: Happened, rng: np.random.Generator) -> None:
    """Influenza in each season from 1 September, and pneumococcal once, however long ago."""
    drawn = found.drawn
    has_copd, older = drawn.health.has["copd"], drawn.people.age >= OLDER
    for who, shares in ((np.flatnonzero(has_copd), INFLUENZA_COPD), (np.flatnonzero(older & ~has_copd), INFLUENZA)):
        for opens in _seasons(drawn):
            day = opens + np.floor(SEASON_LENGTH * rng.beta(1.4, 3.0, len(who))).astype(int)
            found.add_by_chance("influenza_vaccination", shares, who, day, rng)
    who = np.flatnonzero((has_copd | older) & (rng.random(len(drawn)) < PNEUMOCOCCAL))
    years = rng.random(len(who)) * np.clip(drawn.people.age[who] - OLDER + 1, 1, 15)
    day = drawn.people.end[who] - 1 - np.floor(years * 365.25).astype(int)
    found.add("pneumococcal_vaccination", "done", who, day, drawn.people.birth)


def _seasons(drawn: Drawn) -> list[int]:
    """First days of the seasons that fall into anybody's records."""
    if not len(drawn):
        return []
    years = np.arange(drawn.first.min(), drawn.people.end.max()).astype("datetime64[D]").astype("datetime64[Y]")
    month, day = SEASON
    opens = np.unique(years).astype("datetime64[M]") + (month - 1)
    return [int(one) for one in opens.astype("datetime64[D]").astype(int) + day - 1]
