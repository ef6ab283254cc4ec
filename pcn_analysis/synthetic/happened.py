"""Events of care as they are drawn: groups of one event and one outcome, each of some people on some days."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.synthetic.residents import DAYS_A_YEAR

if TYPE_CHECKING:
    from pcn_analysis.synthetic.drawn import Drawn

OUTCOMES = ("done", "offered", "declined", "unsuitable")


@dataclass
class Happened:
    """Events of care and values measured with them, of some people.

    Parameters
    ----------
    drawn
        The people.
    events
        Event, outcome, people (positions) and days of each group.
    values
        Kind, people, days and values of each group of measurements.
    """

    drawn: Drawn
    events: list[tuple[str, str, np.ndarray, np.ndarray]] = field(default_factory=list)
    values: list[tuple[str, np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)

    def add(self, event: str, outcome: str, who: np.ndarray, day: np.ndarray, since: np.ndarray | None = None) -> None:
        """Add events, those alone that are within the records of their person.

        Parameters
        ----------
        event, outcome
            Which.
        who, day
            Positions of people, and days.
        since
            First possible day of each person; by default that of their records. Screening is told with the person.
        """
        first = self.drawn.first if since is None else since
        within = (day >= first[who]) & (day < self.drawn.people.end[who])
        if within.any():
            self.events.append((event, outcome, who[within], day[within].astype(np.int32)))

    def measure(self, kind: str, who: np.ndarray, day: np.ndarray, value: np.ndarray) -> None:
        """Add measured values, those alone that are within the records of their person."""
        within = (day >= self.drawn.first[who]) & (day < self.drawn.people.end[who])
        if within.any():
            self.values.append((kind, who[within], day[within].astype(np.int32), value[within]))

    def add_by_chance(
        self,
        event: str,
        shares: tuple[float, float, float, float],
        who: np.ndarray,
        day: np.ndarray,
        rng: np.random.Generator,
    ) -> np.ndarray:
        """Add an event for each person and day with an outcome drawn from shares; who and on which day it was done.

        Parameters
        ----------
        event
            Which.
        shares
            Of done, offered, declined and unsuitable; what they leave of 1 is not recorded at all.
        who, day
            Positions of people, and days.
        rng
            Source of random numbers.
        """
        draw = rng.random(len(who))
        which = np.searchsorted(np.cumsum(shares), draw, side="right")
        for place, outcome in enumerate(OUTCOMES):
            self.add(event, outcome, who[which == place], day[which == place])
        return which == 0


def yearly_days(drawn: Drawn, chance: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """People and days of what happens at most once in each year of the records, counted back from their end.

    Parameters
    ----------
    drawn
        The people.
    chance
        Of each person in a year.
    rng
        Source of random numbers.
    """
    able = np.flatnonzero(chance > 0)
    whole = np.ceil(drawn.days[able] / DAYS_A_YEAR).astype(int)
    who = np.repeat(able, whole)
    back = np.arange(len(who)) - np.repeat(np.cumsum(whole) - whole, whole)
    day = drawn.people.end[who] - 1 - np.floor((back + rng.random(len(who))) * DAYS_A_YEAR).astype(int)
    happens = rng.random(len(who)) < chance[who]
    return who[happens], day[happens]
