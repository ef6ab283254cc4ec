"""Contacts of synthetic people with general practice and hospitals.

Emergency admissions have the published rate of each age and deprivation fifth (New Devon, BMJ Open 2017,
014045); within each, those with more deficits and conditions have more. Multimorbid adults consult general
practice about three times as often as others, so that they account for 52.9% of consultations, as published
(Cassell 2018). All else here is invented: how often children and others consult, attendances at emergency
departments, outpatients, elective admissions, admission methods and lengths of stay.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from pcn_analysis import codelists
from pcn_analysis.synthetic.drawn import Drawn, spread
from pcn_analysis.synthetic.hospital import main_diagnoses
from pcn_analysis.synthetic.residents import DAYS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping

CONSULTATIONS = {"child": 2.9, "adult": 2.6, "multimorbid": 7.9}
"""Mean contacts with general practice a year."""
METHODS = {"21": 0.70, "22": 0.12, "24": 0.03, "25": 0.03, "28": 0.04, "2A": 0.05, "2D": 0.03}
ELECTIVE_METHODS = {"11": 0.65, "12": 0.20, "13": 0.15}
PROFESSIONALS = {"GP": 0.48, "practice nurse": 0.22, "clinical pharmacist": 0.10, "other": 0.20}
PER = 1000
COLUMNS = ("person", "kind", "day", "nights", "method", "diagnosis", "attended", "professional")


def emergency_rate(drawn: Drawn, rng: np.random.Generator) -> np.ndarray:
    """Expected emergency admissions a year of each person: the published mean of each age and deprivation fifth.

    Within each, the rate varies with deficits, long-term conditions, the shared propensity and what nobody
    records. Whoever has no known decile has the mean of their age.
    """
    people, health = drawn.people, drawn.health
    unseen = rng.standard_normal(len(people))
    risk = np.exp(0.30 * health.shared + 0.11 * drawn.deficits + 0.10 * drawn.long_term_conditions + 0.45 * unseen)
    from_ages, table = published_admissions()
    age = np.searchsorted(from_ages, people.age, side="right") - 1
    fifth = (people.decile + 1) // 2
    rate = np.column_stack([table.mean(axis=1), table])[age, fifth] / PER
    cell = age * 6 + fifth
    registered = ~people.candidate
    total = np.bincount(cell[registered], risk[registered], minlength=cell.max() + 1)
    count = np.bincount(cell[registered], minlength=cell.max() + 1)
    mean = np.where(count > 0, total / np.maximum(count, 1), risk.mean())
    return rate * risk / mean[cell]


@cache
def published_admissions() -> tuple[np.ndarray, np.ndarray]:
    """Ages from which the published rates apply, and emergency admissions per 1,000 a year by deprivation fifth.

    Returns
    -------
    tuple of arrays
        Five ages; a row an age, a column a fifth, the most deprived first.
    """
    rows = codelists.rows("synthetic_emergency_admissions")
    ages = np.array(sorted({int(row["age_from"]) for row in rows}))
    return ages, np.array([float(row["per_1000_a_year"]) for row in rows]).reshape(len(ages), -1)


def draw_contacts(
    drawn: Drawn, emergency: np.ndarray, first: Mapping[str, np.ndarray], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Draw every contact within the records of some people.

    Parameters
    ----------
    drawn
        The people.
    emergency
        Their emergency admissions a year.
    first
        First records of their conditions (:func:`~pcn_analysis.synthetic.hospital.first_records`).
    rng
        Source of random numbers.

    Returns
    -------
    dict of arrays
        Of one length, a contact each: person (position), kind, day, nights, method, diagnosis, attended,
        professional.
    """
    busy = rng.gamma(2.5, 1 / 2.5, len(drawn))
    years = drawn.days / DAYS_A_YEAR
    admissions = _admissions(drawn, emergency, first, rng)
    elective = _contacts(drawn, "elective_admission", 0.05 + 0.05 * drawn.long_term_conditions, years, rng)
    elective["method"] = _pick(ELECTIVE_METHODS, len(elective["day"]), rng)
    nights = rng.poisson(1.6, len(elective["day"])) * (rng.random(len(elective["day"])) < 0.25)  # noqa: PLR2004
    elective["nights"] = np.minimum(nights, drawn.people.end[elective["person"]] - elective["day"])
    at_door = admissions["method"] == "21"
    through = {name: values[at_door] for name, values in admissions.items()}
    through = through | _blank(int(at_door.sum())) | {"kind": np.full(int(at_door.sum()), "ed", dtype=object)}
    others = [
        _contacts(drawn, "gp_contact", _consultations(drawn) * busy, years, rng),
        _contacts(drawn, "outpatient", (0.28 + 0.42 * drawn.long_term_conditions) * busy, years, rng),
        _contacts(drawn, "ed", (0.20 + 1.1 * emergency) * busy, years, rng),
    ]
    others[0]["professional"] = _pick(PROFESSIONALS, len(others[0]["day"]), rng)
    for one, missed in zip(others, (0.05, 0.07, 0.0), strict=True):
        one["attended"] = rng.random(len(one["day"])) >= missed
    parts = [admissions, through, elective, *others]
    return {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}


def _consultations(drawn: Drawn) -> np.ndarray:
    adult = np.where(drawn.long_term_conditions > 1, CONSULTATIONS["multimorbid"], CONSULTATIONS["adult"])
    return np.where(drawn.people.age < 18, CONSULTATIONS["child"], adult)  # noqa: PLR2004 - adults


def _admissions(
    drawn: Drawn, rate: np.ndarray, first: Mapping[str, np.ndarray], rng: np.random.Generator
) -> dict[str, Any]:
    """Emergency admissions; those of people who die crowd towards their death."""
    years = drawn.days / DAYS_A_YEAR
    found = _contacts(drawn, "emergency_admission", rate * np.where(drawn.people.died, 2.0, 1.0), years, rng)
    dying, size = drawn.people.died[found["person"]], len(found["day"])
    until_end = drawn.people.end[found["person"]] - found["day"]
    found["day"] = np.where(
        dying,
        drawn.people.end[found["person"]] - np.maximum(1, until_end * rng.random(size) ** 2).astype(int),
        found["day"],
    )
    found["method"] = _pick(METHODS, size, rng)
    older = np.clip(drawn.people.age[found["person"]] / 80, 0.2, 1.2)
    nights = np.where(rng.random(size) < 0.33, 0, rng.geometric(1 / (1 + 7 * older)))  # noqa: PLR2004
    found["nights"] = np.minimum(nights, drawn.people.end[found["person"]] - found["day"])
    found["diagnosis"] = main_diagnoses(drawn, found["person"], found["day"], first, rng)
    return found


def _contacts(drawn: Drawn, kind: str, rate: np.ndarray, years: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    person, day = spread(drawn, rng.poisson(rate * years), rng)
    size = len(person)
    found: dict[str, Any] = {"person": person, "day": day, "kind": np.full(size, kind, dtype=object)}
    return found | _blank(size) | {"attended": np.ones(size, dtype=bool)}


def _blank(size: int) -> dict[str, Any]:
    nothing = np.full(size, None, dtype=object)
    return {"nights": np.full(size, -1), "method": nothing, "diagnosis": nothing, "professional": nothing}


def _pick(shares: dict[str, float], size: int, rng: np.random.Generator) -> np.ndarray:
    return rng.choice(np.array(list(shares), dtype=object), size, p=list(shares.values()))
