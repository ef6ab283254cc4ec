"""People for tests of the admission model: some drawn with a risk that rises with age and frailty.

::

    population = drawn(600)                    # everything up to the index date
    people = admitted_people(["admitted", "left"], [10, 20])
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from vignettes import ON, condition, contact, issue, person, population_of

TEST_ORIGIN, TRAIN_ORIGIN = dt.date(2025, 7, 1), dt.date(2024, 7, 1)
CONDITIONS = ("heart_failure", "copd", "diabetes", "dementia", "hypertension")


def outcomes(ended, days):
    """What came of people, in the columns that weights read."""
    return pd.DataFrame({"ended": ended, "days": days, "admitted": [how == "admitted" for how in ended]})


def drawn(people, *, seed=0, practices=4, shuffled=False, leaving=0.05, dying=0.03):
    """A population of people of 30 to 90 who are admitted more the older and iller they are; three years of records.

    ``shuffled`` draws admissions that have nothing to do with anybody.
    """
    rng = np.random.default_rng(seed)
    age = rng.integers(30, 90, people)
    ill = rng.random((people, len(CONDITIONS))) < (0.05 + 0.3 * (age[:, None] - 30) / 60)
    rate = 0.02 * np.exp(0.035 * (age - 30) + 0.6 * ill.sum(axis=1))
    rate = np.full(people, rate.mean()) if shuffled else rate
    first = pd.Timestamp(ON) - pd.DateOffset(years=3)

    def day(rng=rng):
        return f"{first + pd.Timedelta(days=int(rng.integers(0, 1096))):%Y-%m-%d}"

    persons, conditions, seen, taken = [], [], [], []
    for i in range(people):
        who, fate = f"p{i:05d}", rng.random()
        ends = {"registration_end_date": day()} if fate < leaving else {}
        ends = {"death_date": day()} if leaving <= fate < leaving + dying else ends
        born = f"{2026 - age[i]}-05-20"
        sex = "female" if i % 2 else "male"
        practice = f"A0000{1 + i % practices}"
        persons.append(person(who, born=born, sex=sex, practice_code=practice, imd_decile=1 + i % 10, **ends))
        conditions += [condition(who, what, "2015-03-01") for what, has in zip(CONDITIONS, ill[i], strict=True) if has]
        seen += [contact(who, "emergency_admission", day()) for _ in range(rng.poisson(3 * rate[i]))]
        seen += [contact(who, "ed", day()) for _ in range(rng.poisson(0.5))]
        seen += [contact(who, "gp_contact", day()) for _ in range(rng.poisson(4))]
        taken += [issue(who, day()) for _ in range(rng.poisson(1))]
    return population_of(persons, conditions=conditions, encounters=seen, medications=taken)
