"""What followed raised blood pressure and raised cholesterol of synthetic people; all of it is invented.

The readings of blood pressure are those that are drawn anyway. Who is on no hypertension register and was last raised
is followed up by monitoring, or not at all; who came to the register is treated, declines, or is referred the same day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.synthetic.medicines import medicines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.synthetic.happened import Happened

ADULT, YOUNG = 18, 30
RAISED = (140, 90)
"""Systolic and diastolic pressure in a practice from which NICE NG136 asks for follow-up."""
MONITORED = {"home_blood_pressure": 0.16, "ambulatory_blood_pressure": 0.12}
DECLINED_MONITORING, SOON = 0.03, 90
"""Shares of those last raised and not on the register who were monitored, declined it, and within how many days."""
SAME_DAY, TREATED, DECLINED_TREATMENT = 0.04, 0.72, 0.07
"""Shares of those new to the register who were referred the same day, treated, and declined treatment."""
HIGH_CHOLESTEROL, BORDER_CHOLESTEROL = 1 / 250, 0.003
"""Share of people with total cholesterol above the thresholds for familial hypercholesterolaemia, as many as are
thought to have it (1 in 250), and of adults a little below them; who they are is chance alone."""
THRESHOLDS = (7.5, 9.0)
"""Total cholesterol in mmol/L under 30 and from 30 above which familial hypercholesterolaemia is looked for."""
REFERRED, DECLINED_REFERRAL = 0.28, 0.04
LIPIDS = 0.75
"""Share of those with heart or vessel disease or diabetes whose other cholesterols were measured."""
REFUSED = {"statin": (0.0, 0.0, 0.10, 0.05), "anticoagulant": (0.0, 0.0, 0.14, 0.10)}
"""Outcomes of those without the medicine though they have what it is given for: declined, and not suitable."""
_VESSELS = ("coronary_heart_disease", "stroke_tia", "peripheral_arterial_disease")


def add_pressure(
    found: Happened,
    first: Mapping[str, np.ndarray],
    measured: Mapping[str, np.ndarray],
    rng: np.random.Generator,
) -> None:
    """Add what followed raised readings.

    Parameters
    ----------
    found
        Takes the events.
    first
        First record of each condition of each person; the largest day where there is none.
    measured
        Measurements of the same people (:func:`~pcn_analysis.synthetic.readings.draw_readings`).
    rng
        Source of random numbers.
    """
    drawn = found.drawn
    day, raised = last_pressures(measured, len(drawn))
    who = np.flatnonzero(raised & ~drawn.health.has["hypertension"] & (drawn.people.age >= ADULT))
    after = day[who] + rng.integers(1, SOON, len(who))
    draw, low = rng.random(len(who)), 0.0
    for event, share in MONITORED.items():
        some = (draw >= low) & (draw < low + share)
        found.add(event, "done", who[some], after[some])
        low += share
    some = (draw >= low) & (draw < low + DECLINED_MONITORING)
    found.add("home_blood_pressure", "declined", who[some], after[some])
    new = first["hypertension"]
    who = np.flatnonzero((new >= drawn.first) & (new < drawn.people.end))
    same_day = rng.random(len(who)) < SAME_DAY
    found.add("same_day_hypertension_referral", "done", who[same_day], new[who[same_day]])
    draw, after = rng.random(len(who)), new[who] + rng.integers(0, 60, len(who))
    treated, declined = draw < TREATED, (draw >= TREATED) & (draw < TREATED + DECLINED_TREATMENT)
    found.add("blood_pressure_treatment", "done", who[treated], after[treated])
    found.add("blood_pressure_treatment", "declined", who[declined], after[declined])


def last_pressures(measured: Mapping[str, np.ndarray], people: int) -> tuple[np.ndarray, np.ndarray]:
    """Day of each person's last systolic reading, -1 where there is none, and whether a pressure of it was raised.

    Parameters
    ----------
    measured
        person, kind, day and value; systolic and diastolic readings stand in the same order.
    people
        How many people there are.
    """
    systolic, diastolic = (np.flatnonzero(measured["kind"] == kind) for kind in ("sbp", "dbp"))
    order = systolic[np.argsort(measured["day"][systolic], kind="stable")]
    last = np.full(people, -1)
    last[measured["person"][order]] = order
    offset = diastolic[0] - systolic[0] if len(systolic) else 0
    known = last >= 0
    day, raised = np.full(people, -1), np.zeros(people, dtype=bool)
    day[known] = measured["day"][last[known]]
    high, low = measured["value"][last[known]], measured["value"][last[known] + offset]
    raised[known] = (high >= RAISED[0]) | (low >= RAISED[1])
    return day, raised


def add_lipids(found: Happened, rng: np.random.Generator) -> None:
    """Add raised cholesterol with what followed, the other cholesterols, and medicines that were refused."""
    drawn, size = found.drawn, len(found.drawn)
    age, has = drawn.people.age, drawn.health.has
    draw = rng.random(size)
    high, border = draw < HIGH_CHOLESTEROL, (draw < HIGH_CHOLESTEROL + BORDER_CHOLESTEROL) & (age >= ADULT)
    who = np.flatnonzero(high | border)
    limit = np.where(age[who] < YOUNG, *THRESHOLDS)
    total = np.where(high[who], limit + 0.1 + rng.gamma(1.2, 0.6, len(who)), limit - rng.random(len(who)))
    day = _a_day(found, who, rng)
    found.measure("cholesterol", who, day, total.round(1))
    found.measure("ldl_cholesterol", who, day, (total - 1.4 - rng.random(len(who))).round(1))
    above, draw = high[who], rng.random(len(who))
    after = day + rng.integers(5, 60, len(who))
    for outcome, low, upper in (("done", 0, REFERRED), ("declined", REFERRED, REFERRED + DECLINED_REFERRAL)):
        some = above & (draw >= low) & (draw < upper)
        found.add("familial_hypercholesterolaemia_referral", outcome, who[some], after[some])
    diseased = np.any([has[one] for one in _VESSELS], axis=0)
    takes = _takes(drawn.medicines, "0212")
    who = np.flatnonzero((diseased | has["diabetes"]) & (rng.random(size) < LIPIDS))
    other = np.clip(rng.normal(np.where(takes[who], 2.4, 3.6), 0.7), 0.8, 8)
    day = _a_day(found, who, rng)
    found.measure("non_hdl_cholesterol", who, day, other.round(1))
    found.measure("ldl_cholesterol", who, day, (other - 0.3 - 0.4 * rng.random(len(who))).clip(0.3).round(1))
    lacking = {
        "statin": (diseased | has["diabetes"] | has["ckd"]) & ~takes,
        "anticoagulant": has["atrial_fibrillation"] & ~_takes(drawn.medicines, "0208020"),
    }
    for event, without in lacking.items():
        who = np.flatnonzero(without)
        found.add_by_chance(event, REFUSED[event], who, _a_day(found, who, rng), rng)


def _a_day(found: Happened, who: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A day of the last year of each person's records."""
    recent = np.minimum(found.drawn.days[who], 365)
    return found.drawn.people.end[who] - 1 - np.floor(rng.random(len(who)) * recent).astype(int)


def _takes(taken: np.ndarray, section: str) -> np.ndarray:
    """Who takes any medicine of a section of the BNF."""
    of_section = [place for place, one in enumerate(medicines()) if one.bnf_code.startswith(section)]
    return np.asarray(taken[:, of_section].any(axis=1))
