"""Dates for what synthetic people have and take: coded conditions, and issues of medicines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.synthetic.cardiovascular import CODED
from pcn_analysis.synthetic.conditions import dependences
from pcn_analysis.synthetic.drawn import Drawn, spread
from pcn_analysis.synthetic.frailty import FROM_AGE, OTHERS
from pcn_analysis.synthetic.medicines import medicines
from pcn_analysis.synthetic.records import ACUTE
from pcn_analysis.synthetic.residents import DAYS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator

UNCODED = ("obesity", "anxiety_depression_treated", "painful", "constipation")
"""Drawn states that no code records: they show in readings and medicines."""
REVIEWED = ("hypertension", "diabetes", "asthma", "copd", "coronary_heart_disease", "ckd", "atrial_fibrillation",
            "heart_failure", "dementia", "epilepsy", "stroke_tia", "peripheral_arterial_disease")  # fmt: skip
"""Conditions that are coded again at a review; invented."""
REVIEW_SHARE = 0.7
RESOLVED_DEPRESSION, DOWNSTAGED = 0.03, 0.004
"""Share of people whose depression was resolved, or whose kidney disease was staged down; invented."""
OTHERS_YEARS = 8.0
"""Mean years since the first record of a frailty deficit that is no diagnosis; invented."""
ALSO = {
    "coronary_heart_disease": (("angina", 0.35), ("myocardial_infarction", 0.30)),
    "osteoporosis": (("fragility_fracture", 1.0),),
}
INSTEAD = {
    "stroke_tia": (("stroke", 0.62), ("tia", 1.0)),
    "severe_mental_illness": (("schizophrenia", 0.35), ("bipolar_disorder", 0.70), ("other_psychosis", 1.0)),
}
"""Which condition a group of them is coded as, with the cumulative share; invented."""
SUPPLY = 84
TAKEN_YEARS = 15.0
"""Mean years since a repeat medicine was begun; invented, so that few people's medicines change in a year."""
ACUTE_A_YEAR = 0.45


def coded_conditions(drawn: Drawn, rng: np.random.Generator) -> Iterator[tuple[str, np.ndarray, np.ndarray, str]]:
    """Give condition, people (positions), days and status of every record of a condition."""
    end = drawn.people.end
    for condition, having in drawn.health.has.items():
        if condition in UNCODED:
            continue
        who = np.flatnonzero(having)
        youngest = 1 + int(FROM_AGE.get(condition, 0) * DAYS_A_YEAR)
        oldest = np.minimum(drawn.people.birth[who] + youngest, end[who] - 1)
        years = drawn.health.since.get(condition)
        known = rng.exponential(OTHERS_YEARS, len(who)) if years is None else years[who]
        day = np.clip(end[who] - 1 - np.floor(known * DAYS_A_YEAR).astype(int), oldest, end[who] - 1)
        yield from _coded(condition, who, day, rng)
        if condition in REVIEWED:
            again = rng.random(len(who)) < REVIEW_SHARE
            later = np.maximum(day[again], end[who[again]] - 1 - rng.integers(0, 450, again.sum()))
            yield from _coded(condition, who[again], later, rng, also=False)
    past = np.flatnonzero((rng.random(len(drawn)) < RESOLVED_DEPRESSION) & ~drawn.health.has["depression"])
    past = past[drawn.people.age[past] >= 20]  # noqa: PLR2004 - some years after coming of age
    yield "depression", past, end[past] - 700, "active"
    yield "depression", past, end[past] - 400, "resolved"
    better = np.flatnonzero((rng.random(len(drawn)) < DOWNSTAGED) & ~drawn.health.has["ckd"])
    better = better[drawn.people.age[better] >= 40]  # noqa: PLR2004 - as kidney disease is drawn
    yield "ckd", better, end[better] - 900, "active"
    yield "ckd_1_2", better, end[better] - 500, "active"


def _coded(
    condition: str, who: np.ndarray, day: np.ndarray, rng: np.random.Generator, *, also: bool = True
) -> Iterator[tuple[str, np.ndarray, np.ndarray, str]]:
    if condition in INSTEAD:
        draw, low = rng.random(len(who)), 0.0
        for name, high in INSTEAD[condition]:
            some = (draw >= low) & (draw < high)
            yield name, who[some], day[some], "active"
            low = high
        return
    yield condition, who, day, "active"
    for name, share in ALSO.get(condition, ()) if also else ():
        some = rng.random(len(who)) < share
        yield name, who[some], day[some], "active"


def issues(drawn: Drawn, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw every issue of a medicine within the records of some people.

    Repeat medicines are issued every 84 days, the last one within 84 days of the end of the records. Short
    courses come at random.

    Returns
    -------
    dict of arrays
        Of one length, an issue each: person (position), medicine (position), day, days.
    """
    who, medicine = np.nonzero(drawn.medicines)
    end, first = drawn.people.end[who], drawn.first[who]
    last = end - 1 - np.floor(rng.random(len(who)) * np.minimum(SUPPLY, end - first)).astype(int)
    begun = np.maximum(first, end - np.floor(rng.exponential(TAKEN_YEARS * DAYS_A_YEAR, len(who))).astype(int))
    counts = 1 + np.maximum(last - begun, 0) // SUPPLY
    pair = np.repeat(np.arange(len(who)), counts)
    back = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
    ill, ill_day = spread(drawn, rng.poisson(ACUTE_A_YEAR * drawn.days / DAYS_A_YEAR), rng)
    return {
        "person": np.concatenate([who[pair], ill]),
        "medicine": np.concatenate([medicine[pair], len(medicines()) + rng.integers(0, len(ACUTE), len(ill))]),
        "day": np.concatenate([last[pair] - SUPPLY * back, ill_day]),
        "days": np.concatenate([np.full(len(pair), SUPPLY), np.full(len(ill), 7)]),
    }


def covered() -> frozenset[str]:
    """Conditions that synthetic records can hold, so that not having them means something."""
    drawn = {one.condition for one in dependences()} - set(UNCODED) - set(INSTEAD)
    split = {name for parts in (*INSTEAD.values(), *ALSO.values()) for name, _ in parts}
    return frozenset(drawn | split | set(OTHERS) | set(CODED) | {"ckd_1_2"})
