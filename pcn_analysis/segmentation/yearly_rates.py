"""How many move between segments, come and go in a year: as published for BNSSG, or as counted of people themselves.

BNSSG is Bristol, North Somerset and South Gloucestershire. Its rates come with its dynamic population model (dpm,
0.2.22, MIT): moves between core segments within 12 months, deaths among them, by age group; and entering at 17,
leaving and joining, by year of age and segment. Deaths stand in its table of events as well and are not read there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis import codelists
from pcn_analysis.codes import AGE_GROUPS
from pcn_analysis.exceptions import problem
from pcn_analysis.provenance import Source
from pcn_analysis.segmentation.transitions import DIED, JOINED, LEFT

if TYPE_CHECKING:
    from collections.abc import Sequence

AGES = 131
"""Ages from 0 to 130; whoever is older is counted with those of 130."""
ENOUGH = 30
"""People of one age group and segment from whom its own rates are read; with fewer, those of the segment at all ages
are."""
PUBLISHED_SEGMENTS = ("CS1", "CS2", "CS3", "CS4", "CS5")
PUBLISHED = Source(
    title="Dynamic population model (dpm) 0.2.22, North Somerset fixture",
    publisher="NHS Bristol, North Somerset and South Gloucestershire ICB (nhs-bnssg-analytics)",
    period="moves March 2021 to May 2024, events December 2023",
    licence="MIT",
    attribution="Contains rates published with nhs-bnssg-analytics/dpm under the MIT licence.",
    kind="rates",
)


@dataclass(frozen=True)
class YearlyRates:
    """What happens to people in a year, by age and segment.

    Parameters
    ----------
    segments
        Names of the segments, in order.
    ages_from
        First age of each age group, ascending.
    moves
        Shares of those who did not leave otherwise: by age group, segment, and segment a year later, with "no longer
        here" last. Rows sum to 1.
    leaving
        Share of people who leave before any of that, by year of age and segment.
    entering, joining
        People who come in a year for each person who is there, by year of age and segment: at the youngest age, and
        from elsewhere.
    arriving
        People who come in a year however many are there, by year of age and segment.
    counted
        People behind ``moves``, in its shape, where every one of them was counted once in each year; else None.
    years
        Years in which ``counted`` and ``arriving`` were counted.
    """

    segments: tuple[str, ...]
    ages_from: tuple[int, ...]
    moves: np.ndarray
    leaving: np.ndarray
    entering: np.ndarray
    joining: np.ndarray
    arriving: np.ndarray
    counted: np.ndarray | None = None
    years: int = 1

    def group_of_age(self) -> np.ndarray:
        """Number of the age group of each year of age; the youngest group holds those who are younger as well."""
        return np.maximum(np.searchsorted(self.ages_from, np.arange(AGES), side="right") - 1, 0)

    def drawn_again(self, draws: int, rng: np.random.Generator) -> YearlyRates:
        """The rates as they might have been counted: each row of moves drawn again, arrivals too.

        Parameters
        ----------
        draws
            How many times; the first axis of ``moves`` and ``arriving`` becomes the draw. Rates that were not counted
            of people one by one stay as they are.
        rng
            Source of random numbers.
        """
        if self.counted is None:
            return self
        at_risk = self.counted.sum(-1)
        shares = self.counted / np.maximum(at_risk, 1)[..., None]
        shares[..., -1] = np.maximum(1 - shares[..., :-1].sum(-1), 0)
        drawn = rng.multinomial(at_risk.astype(int), shares, size=(draws, *at_risk.shape))
        arriving = rng.poisson(self.arriving * self.years, size=(draws, *self.arriving.shape)) / self.years
        return replace(self, moves=shares_of(drawn), arriving=arriving)


def published_rates(names: Sequence[str] = PUBLISHED_SEGMENTS) -> YearlyRates:
    """The rates of BNSSG, for core segments of people of 17 and over.

    Parameters
    ----------
    names
        What the five segments are called, the first core segment first; by default as in the published tables.

    Returns
    -------
    YearlyRates
        Of five segments and eight age groups. A rate of an event is as published: people who had it for each who was
        there, never above 1; where nobody was there, it is 0. The pairs of records behind the moves hold the same
        person many times (a person's every month is a start), so that nothing can be drawn again from them.

    Examples
    --------
    >>> rates = published_rates()
    >>> rates.ages_from, rates.moves.shape
    ((17, 30, 40, 50, 60, 70, 80, 90), (8, 5, 6))
    >>> round(float(rates.moves[7, 4, 5]), 3)  # dying within a year, at 90 and over in CS5
    0.324
    """
    if len(names) != len(PUBLISHED_SEGMENTS):
        message = f"there are {len(PUBLISHED_SEGMENTS)} core segments"
        raise ValueError(message)
    found = pd.DataFrame(codelists.rows("bnssg_transitions"))
    ages_from = tuple(sorted({int(age) for age in found["age_from"]}))
    place = {name: number for number, name in enumerate((*PUBLISHED_SEGMENTS, DIED))}
    moves = np.zeros((len(ages_from), len(PUBLISHED_SEGMENTS), len(PUBLISHED_SEGMENTS) + 1))
    group = found["age_from"].astype(int).map(ages_from.index)
    moves[group, found["segment"].map(place), found["next_segment"].map(place)] = found["probability"].astype(float)
    events = _published_events()
    leaving, entering, joining = (
        _by_age_and_segment(
            events["age"], events["segment"], (events[name] / events["people"]).clip(upper=1), PUBLISHED_SEGMENTS
        )
        for name in ("leaving", "entering", "joining")
    )
    return YearlyRates(tuple(names), ages_from, moves, leaving, entering, joining, np.zeros_like(leaving))


def published_totals() -> dict[str, float]:
    """People of North Somerset who entered, left and joined in the year that the rates describe.

    Examples
    --------
    >>> {name: round(people, 1) for name, people in published_totals().items()}
    {'entering': 2023.0, 'leaving': 9212.6, 'joining': 11153.6}
    """
    events = _published_events()
    return {name: float(events[name].sum()) for name in ("entering", "leaving", "joining")}


def own_rates(moved: Sequence[pd.DataFrame], segments: Sequence[str]) -> YearlyRates:
    """The rates of people themselves, from those who moved in one or several years.

    Parameters
    ----------
    moved
        A table of :func:`pcn_analysis.segmentation.transitions.moves_between` for each year; they are added up.
    segments
        Names of all segments, in order.

    Returns
    -------
    YearlyRates
        By broad age group (``codes.AGE_GROUPS``). Dying and leaving are both "no longer here". Those who came are a
        number a year, by age and segment, not a rate. An age group and segment of fewer than ``ENOUGH`` people has
        the rates of the segment at all ages; a segment in which nobody was stays as it is.

    Raises
    ------
    PcnAnalysisError
        If nobody died or left in any year, as in records that hold only those still registered.
    """
    together = pd.concat(moved, ignore_index=True)
    gone = together["next_segment"].isin([DIED, LEFT])
    if not gone.any():
        raise problem(
            "moves between segments",
            "the records hold nobody who died or left in these years",
            "Project with the published rates, or deliver records of those who died or left as well.",
        )
    ages_from = tuple(int(group.split("-")[0].removesuffix("+")) for group in AGE_GROUPS)
    place = {name: number for number, name in enumerate(segments)}
    came = together["segment"] == JOINED
    stay = together[~came]
    counted = np.zeros((len(ages_from), len(place), len(place) + 1))
    group = np.searchsorted(ages_from, stay["age"].astype(int), side="right") - 1
    following = stay["next_segment"].map(place | {DIED: len(place), LEFT: len(place)})
    np.add.at(counted, (group, stay["segment"].map(place), following), stay["people"].astype(float))
    arrived = together[came]
    arriving = _by_age_and_segment(arrived["age"], arrived["next_segment"], arrived["people"] / len(moved), segments)
    none = np.zeros((AGES, len(place)))
    moves = shares_of(counted)
    return YearlyRates(tuple(segments), ages_from, moves, none, none, none, arriving, counted, len(moved))


def shares_of(counted: np.ndarray) -> np.ndarray:
    """Shares of each row of counted moves; rows of few people take those of the segment at all ages.

    Parameters
    ----------
    counted
        By (draw,) age group, segment and outcome, the last of which is "no longer here".
    """
    at_risk = counted.sum(-1, keepdims=True)
    pooled = np.where(at_risk < ENOUGH, counted.sum(-3, keepdims=True), counted)
    people = pooled.sum(-1, keepdims=True)
    staying = np.eye(*counted.shape[-2:])
    return np.where(people > 0, pooled / np.maximum(people, 1), staying)


def _published_events() -> pd.DataFrame:
    """Events as published, by age and segment; those at an age where nobody was have no people."""
    found = pd.DataFrame(codelists.rows("bnssg_yearly_events"))
    numbers = {name: pd.to_numeric(found[name]) for name in ("people", "entering", "leaving", "joining")}
    return found[["segment"]].assign(age=found["age"].astype(int), **numbers)


def _by_age_and_segment(age: pd.Series, segment: pd.Series, values: pd.Series, segments: Sequence[str]) -> np.ndarray:
    """Values added up in an array by year of age and segment; missing ones are 0."""
    filled = np.zeros((AGES, len(segments)))
    place = {name: number for number, name in enumerate(segments)}
    np.add.at(filled, (age.astype(int).clip(upper=AGES - 1), segment.map(place)), values.fillna(0).astype(float))
    return filled
