"""Hospital diagnoses of synthetic people, in ICD-10: what an emergency admission is for, and what is coded beside.

A code is given to those alone who have the condition that it needs, once that was recorded
(``codelists/synthetic_hospital_diagnoses.csv``), so that hospitals tell of no condition that general practice has not.
Which codes, and how often, is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis import codelists
from pcn_analysis.clinical_codes.folder import shipped
from pcn_analysis.clinical_codes.matching import code_map, meanings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pcn_analysis.synthetic.drawn import Drawn

NEVER = np.iinfo(np.int32).max
"""The day on which something was recorded of someone of whom it never was."""
NOT_CURRENT = {"depression": "depression", "ckd": "ckd"}
"""Conditions with records of people who do not have them now, and the state of those who do."""


@dataclass(frozen=True)
class Diagnosis:
    """One code, who can have it, and how often.

    Parameters
    ----------
    code
        ICD-10, without a dot.
    needs
        The condition of which there has to be a record; empty where anyone can have it.
    sex, age_from
        Who can have it; any sex where empty.
    main
        How common it is as what an emergency admission is for, among those who can have it; 0 where it never is.
    beside
        Chance that it is coded with an admission that is for something else.
    """

    code: str
    needs: str
    sex: str
    age_from: float
    main: float
    beside: float


@cache
def diagnoses() -> tuple[Diagnosis, ...]:
    """The list of codes."""
    return tuple(
        Diagnosis(row["code"], row["needs"], row["sex"], *(float(row[name]) for name in ("age_from", "main", "beside")))
        for row in codelists.rows("synthetic_hospital_diagnoses")
    )


@cache
def conditions_of() -> dict[str, tuple[str, ...]]:
    """Conditions that each code stands for, by the lists that are shipped; none where it is not there."""
    codes = pd.DataFrame({"code_system": "icd10", "code": [one.code for one in diagnoses()]}).astype("str")
    found = meanings(codes, code_map(shipped()))
    return {str(code): tuple(rows["stands_for"]) for code, rows in found.groupby("code")}


def first_records(drawn: Drawn, coded: Iterable[tuple[str, np.ndarray, np.ndarray, str]]) -> dict[str, np.ndarray]:
    """Day of the first record of each condition that a diagnosis needs, of each person; ``NEVER`` without one.

    Parameters
    ----------
    drawn
        The people.
    coded
        Condition, people (positions), days and status of their records.
    """
    needed = {one.needs for one in diagnoses()}
    first = {name: np.full(len(drawn), NEVER, dtype=np.int32) for name in sorted(needed) if name}
    for condition, who, day, _ in coded:
        if condition in first:
            np.minimum.at(first[condition], who, day)
    for condition, state in NOT_CURRENT.items():
        if condition in first:
            first[condition][~drawn.health.has[state]] = NEVER
    return first


def main_diagnoses(
    drawn: Drawn, person: np.ndarray, day: np.ndarray, first: Mapping[str, np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """Draw what each admission (of a person, on a day) is for, of the codes that the person can have by then."""
    some = [one for one in diagnoses() if one.main]
    weights = _able(some, drawn, person, day, first) * np.array([one.main for one in some])
    with np.errstate(divide="ignore"):
        chosen = np.argmax(np.log(weights) + rng.gumbel(size=weights.shape), axis=1)
    return np.array([one.code for one in some], dtype=object)[chosen]


def hospital_records(
    drawn: Drawn, found: Mapping[str, np.ndarray], first: Mapping[str, np.ndarray], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Draw the diagnoses that were recorded with emergency admissions.

    Parameters
    ----------
    drawn
        The people.
    found
        Their contacts, as :func:`~pcn_analysis.synthetic.contacts.draw_contacts` draws them.
    first
        As :func:`first_records` gives them.
    rng
        Source of random numbers.

    Returns
    -------
    dict of arrays
        Of one length, a record of a condition each: contact (position), person (position), day, code, condition; a
        code that stands for two conditions has two, and one that stands for none has a record without one.
    """
    contact = np.flatnonzero(found["kind"] == "emergency_admission")
    person, day, main = (found[name][contact] for name in ("person", "day", "diagnosis"))
    chance = np.array([one.beside for one in diagnoses()])
    codes = np.array([one.code for one in diagnoses()], dtype=object)
    is_coded = _able(diagnoses(), drawn, person, day, first) & (rng.random((len(contact), len(chance))) < chance)
    admission, which = np.nonzero(is_coded | (codes == main[:, None]))
    meant = [conditions_of().get(code, (None,)) for code in codes]
    times = np.array([len(conditions) for conditions in meant])[which]
    offset = np.array([0, *np.cumsum([len(conditions) for conditions in meant])[:-1]])[which]
    row = np.repeat(np.arange(len(which)), times)
    place = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times) + offset[row]
    flat = np.array([condition for conditions in meant for condition in conditions], dtype=object)
    of = admission[row]
    return {"contact": contact[of], "person": person[of], "day": day[of], "code": codes[which[row]],
            "condition": flat[place]}  # fmt: skip


def _able(
    some: Iterable[Diagnosis], drawn: Drawn, person: np.ndarray, day: np.ndarray, first: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Who can have which code on which day: a row an admission, a column a code."""
    age, female = drawn.people.age[person], drawn.people.female[person]
    columns = []
    for one in some:
        able = age >= one.age_from
        able &= (female == (one.sex == "female")) if one.sex else True
        columns.append(able & (first[one.needs][person] <= day) if one.needs else able)
    return np.column_stack(columns)
