"""Synthetic people with all that is drawn of them, before it becomes records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pcn_analysis.synthetic.conditions import Health
    from pcn_analysis.synthetic.residents import Residents


@dataclass
class Drawn:
    """People and their state, as arrays of one length.

    Parameters
    ----------
    people, health
        Who they are and what they have.
    medicines
        A row a person, a column a medicine: who takes what at the end of the records.
    deficits, long_term_conditions
        How many of each.
    care_home
        Who lives in a care home.
    first
        First day of each person's records: the start of the window or of registration.
    ethnicity
        Ethnic category in words; None where it was not recorded.
    smoking
        Cigarettes a day, a row a person: as recorded before, and last (:mod:`pcn_analysis.synthetic.cardiovascular`).
    """

    people: Residents
    health: Health
    medicines: np.ndarray
    deficits: np.ndarray
    long_term_conditions: np.ndarray
    care_home: np.ndarray
    first: np.ndarray
    ethnicity: np.ndarray
    smoking: np.ndarray

    def __len__(self) -> int:
        return len(self.people)

    @property
    def days(self) -> np.ndarray:
        """Days of records of each person."""
        return self.people.end - self.first

    def chosen(self, who: np.ndarray | slice) -> Drawn:
        """Only some of the people."""
        rest = ("medicines", "deficits", "long_term_conditions", "care_home", "first", "ethnicity", "smoking")
        return Drawn(
            self.people.chosen(who), self.health.chosen(who), **{name: getattr(self, name)[who] for name in rest}
        )


def spread(drawn: Drawn, counts: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Spread so many events of each person evenly over their records: the person's position and the day."""
    person = np.repeat(np.arange(len(drawn)), counts)
    day = drawn.first[person] + np.floor(rng.random(len(person)) * drawn.days[person]).astype(int)
    return person, day
