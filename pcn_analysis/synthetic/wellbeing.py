"""Social prescribing of synthetic people, and how they say that they are, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.synthetic.happened import yearly_days

if TYPE_CHECKING:
    from pcn_analysis.synthetic.happened import Happened

ADULT = 18
REFERRED = 0.014
"""Chance of a referral in a year, of everyone: the middle of the thresholds of the Investment and Impact Fund
(PC-01, 2022/23: 1.2% and 1.6% of the list)."""
OFFERED_ONLY, DECLINED = 0.006, 0.003
"""Chance of an offer without a referral, and of a refusal; invented."""
DEPRESSED, DEPRIVED = 2.2, 0.45
"""How many times likelier with depression; and how much likelier in the most deprived decile; invented."""
ASKED, ASKED_AGAIN, ACTIVATED = 0.70, 0.62, 0.50
"""Share of those referred of whom ONS4 was asked; of these again; and share with a Patient Activation Measure."""
AFTER, AROUND = 84, 14
"""Days until it is asked again, and how many sooner or later."""
OTHERS = 0.004
"""Share of adults in a year who were not referred, and were asked as well; invented."""
QUESTIONS = {
    "ons4_life_satisfaction": (5.6, 7.4, 0.9), "ons4_worthwhile": (6.0, 7.7, 0.8),
    "ons4_happiness": (5.5, 7.4, 0.9), "ons4_anxiety": (5.4, 3.2, -0.9),
}  # fmt: skip
"""Each question of ONS4 with its mean before of those referred and of others, and how it changes; invented."""
SPREAD, NOISE = 1.9, 1.3
ACTIVATION = (52.0, 14.0, 5.0, 8.0)
"""Mean and spread of the Patient Activation Measure before, mean and spread of its change; invented."""


def add_social_prescribing(found: Happened, rng: np.random.Generator) -> None:
    """Add referrals, offers, refusals, and ONS4 and PAM before and about 12 weeks after."""
    drawn = found.drawn
    adult = drawn.people.age >= ADULT
    lean = np.where(drawn.health.has["depression"], DEPRESSED, 1.0) * (1 + DEPRIVED * drawn.people.deprivation)
    lean = np.where(adult, lean, 0.0)
    lean /= max(float(lean.mean()), 1e-9)
    event = "social_prescribing_referral"
    for outcome, chance in (("offered", OFFERED_ONLY), ("declined", DECLINED)):
        found.add(event, outcome, *yearly_days(drawn, chance * lean, rng))
    who, day = yearly_days(drawn, REFERRED * lean, rng)
    found.add(event, "done", who, day)
    referred = np.zeros(len(drawn), dtype=bool)
    referred[who] = True
    asked = rng.random(len(who)) < ASKED
    _ons4(found, who[asked], day[asked], 0, rng)
    active = rng.random(len(who)) < ACTIVATED
    _activation(found, who[active], day[active], rng)
    _ons4(found, *yearly_days(drawn, np.where(adult & ~referred, OTHERS, 0.0), rng), 1, rng)


def _ons4(found: Happened, who: np.ndarray, day: np.ndarray, group: int, rng: np.random.Generator) -> None:
    """The four questions, of some a second time; who was not referred changes by chance alone."""
    again = rng.random(len(who)) < ASKED_AGAIN
    later = day + AFTER + rng.integers(-AROUND, AROUND + 1, len(who))
    own = rng.normal(0, SPREAD, len(who))
    for kind, (*means, change) in QUESTIONS.items():
        sign = -1 if change < 0 else 1
        before = means[group] + sign * own + rng.normal(0, NOISE, len(who))
        after = before + (change if group == 0 else 0.0) + rng.normal(0, NOISE, len(who))
        found.measure(kind, who, day, _whole(before))
        found.measure(kind, who[again], later[again], _whole(after[again]))


def _activation(found: Happened, who: np.ndarray, day: np.ndarray, rng: np.random.Generator) -> None:
    mean, spread, change, noise = ACTIVATION
    again = rng.random(len(who)) < ASKED_AGAIN
    before = rng.normal(mean, spread, len(who))
    after = before + rng.normal(change, noise, len(who))
    later = day + AFTER + rng.integers(-AROUND, AROUND + 1, len(who))
    found.measure("pam", who, day, before.round(1).clip(0, 100))
    found.measure("pam", who[again], later[again], after[again].round(1).clip(0, 100))


def _whole(values: np.ndarray) -> np.ndarray:
    """Whole points from 0 to 10."""
    return np.abs(values.round().clip(0, 10))
