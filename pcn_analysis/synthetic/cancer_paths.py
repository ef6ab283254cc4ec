"""Screening, urgent referral, faecal tests and stages of cancer of synthetic people.

Whom screening is for, and how often, follow the national programmes of England; how many come, and all else, is
invented. Fewer come where deprivation is greater.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.synthetic.happened import Happened, yearly_days
from pcn_analysis.synthetic.residents import DAYS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping

NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Screening:
    """One programme: whom it is for, how often, and how many come.

    Parameters
    ----------
    event
        Its event.
    women
        Whether it is for women only.
    from_age, to_age
        Ages invited; ``to_age`` is the first too old.
    years
        Between two invitations.
    done, lower_where_deprived, declined, unsuitable
        Share who came within those years, what the most deprived decile has less and the least deprived more, and
        shares of the others with such a record; invented.
    """

    event: str
    women: bool
    from_age: float
    to_age: float
    years: float
    done: float
    lower_where_deprived: float
    declined: float = 0.03
    unsuitable: float = 0.0


PROGRAMMES = (
    Screening("cervical_screening", True, 25, 50, 3.5, 0.67, 0.08, 0.05, 0.02),
    Screening("cervical_screening", True, 50, 65, 5.5, 0.74, 0.06, 0.04, 0.06),
    Screening("bowel_screening", False, 50, 75, 2.0, 0.68, 0.12, 0.02),
    Screening("breast_screening", True, 50, 71, 3.0, 0.67, 0.09, 0.02),
)
REFERRED_AGES, REFERRED = (0, 40, 60), (0.008, 0.03, 0.055)
"""Chance of an urgent suspected cancer referral in a year, from each age; invented."""
LOWER_GI, TESTED_BEFORE, POSITIVE = 0.17, 0.82, 0.35
"""Share of referrals for the lower bowel, of these tested by FIT in the three weeks before, and of these raised."""
TESTED_ALONE, POSITIVE_ALONE, TESTED_FROM = 0.02, 0.06, 40
"""Chance of a FIT in a year without such a referral, and share raised; from which age; invented."""
LIMIT = 10.0
"""Micrograms of haemoglobin per gram of faeces; NICE DG56 refers from 10."""
REFERRED_WITH_CANCER, STAGED = 0.55, 0.84
"""Share of new cancers with an urgent referral in the 60 days before, and with a stage recorded; invented."""
STAGES = (0.34, 0.21, 0.20, 0.25)
"""Share of each stage among those recorded; invented, as England's plan for 2028 is three in four at stages 1 and 2."""


def add_cancer_paths(found: Happened, first: Mapping[str, np.ndarray], rng: np.random.Generator) -> None:
    """Add screening, referrals, faecal tests and stages.

    Parameters
    ----------
    found
        Takes them.
    first
        First record of each condition of each person; the largest day where there is none.
    rng
        Source of random numbers.
    """
    for programme in PROGRAMMES:
        _screened(found, programme, rng)
    chance = np.array(REFERRED)[np.searchsorted(REFERRED_AGES, found.drawn.people.age, side="right") - 1]
    who, day = yearly_days(found.drawn, chance, rng)
    _referred(found, who, day, rng)
    _diagnosed(found, first["cancer"], rng)
    who, day = yearly_days(found.drawn, np.where(found.drawn.people.age >= TESTED_FROM, TESTED_ALONE, 0.0), rng)
    _tested(found, who, day, POSITIVE_ALONE, rng)


def _screened(found: Happened, programme: Screening, rng: np.random.Generator) -> None:
    people = found.drawn.people
    invited = (people.age >= programme.from_age) & (people.age < programme.to_age)
    who = np.flatnonzero(invited & (people.female | (not programme.women)))
    done = programme.done - programme.lower_where_deprived * people.deprivation[who]
    draw = rng.random(len(who))
    back = np.floor(rng.random(len(who)) * programme.years * DAYS_A_YEAR).astype(int)
    day = people.end[who] - 1 - back
    since = people.birth + int(programme.from_age * DAYS_A_YEAR) - 180
    edges = [done, done + programme.declined, done + programme.declined + programme.unsuitable]
    low = np.zeros(len(who))
    for outcome, high in zip(("done", "declined", "unsuitable"), edges, strict=True):
        some = (draw >= low) & (draw < high)
        found.add(programme.event, outcome, who[some], day[some], since)
        low = high


def _referred(found: Happened, who: np.ndarray, day: np.ndarray, rng: np.random.Generator) -> None:
    """Referrals, some of them for the lower bowel with a test before."""
    found.add("urgent_suspected_cancer_referral", "done", who, day)
    lower = (rng.random(len(who)) < LOWER_GI) & (found.drawn.people.age[who] >= TESTED_FROM)
    who, day = who[lower], day[lower]
    found.add("lower_gi_urgent_referral", "done", who, day)
    before = rng.random(len(who)) < TESTED_BEFORE
    _tested(found, who[before], day[before] - rng.integers(1, 22, int(before.sum())), POSITIVE, rng)


def _tested(found: Happened, who: np.ndarray, day: np.ndarray, positive: float, rng: np.random.Generator) -> None:
    found.add("fit_test", "done", who, day)
    raised = rng.random(len(who)) < positive
    value = np.where(raised, LIMIT + rng.gamma(0.8, 90, len(who)), rng.random(len(who)) * (LIMIT - 0.1))
    found.measure("fit", who, day, value.round(1))


def _diagnosed(found: Happened, first: np.ndarray, rng: np.random.Generator) -> None:
    """Cancers that were first recorded within the records."""
    who = np.flatnonzero((first >= found.drawn.first) & (first < found.drawn.people.end))
    referred = rng.random(len(who)) < REFERRED_WITH_CANCER
    _referred(found, who[referred], first[who[referred]] - rng.integers(7, 60, int(referred.sum())), rng)
    staged = rng.random(len(who)) < STAGED
    stage = 1.0 + np.searchsorted(np.cumsum(STAGES)[:-1], rng.random(len(who)), side="right")
    found.measure("cancer_stage", who[staged], first[who[staged]], stage[staged])
