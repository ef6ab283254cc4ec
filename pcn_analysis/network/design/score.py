"""How good a plan is: localisation over all, and of the worst-off network.

An area is in the footprint of the network with most registered patients there. A network elsewhere that has as
many, or more, takes the area out of every footprint of the plan. With ``inside`` a network's patients in its
footprint, localisation is ``inside`` ÷ the network's registered patients, commitment ``inside`` ÷ everyone
registered who lives there. The worst-off network is the one where the smaller of the two is smallest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pcn_analysis.network.design.ground import Ground, Units

WORST_WEIGHT = 0.5
"""Weight of the worst-off network beside localisation over all; our choice: without it one network is sacrificed."""


@dataclass(frozen=True)
class Score:
    """Measures of one plan.

    Parameters
    ----------
    localisation
        Over all networks of the plan together.
    each_localisation, each_commitment
        Of each network; 0 where it wins no area.
    """

    localisation: float
    each_localisation: np.ndarray
    each_commitment: np.ndarray

    @property
    def worst(self) -> float:
        """The smallest localisation or commitment of any network."""
        return float(min(self.each_localisation.min(), self.each_commitment.min()))

    @property
    def value(self) -> float:
        """What the search makes as large as it can: localisation and half of the worst."""
        return self.localisation + WORST_WEIGHT * self.worst


def score_sums(sums: np.ndarray, registered: np.ndarray, everyone: np.ndarray, rival: np.ndarray) -> Score:
    """Score patients that are added up already.

    Parameters
    ----------
    sums
        Networks × areas.
    registered
        Registered patients of each network, those without an English area included.
    everyone, rival
        As in :class:`pcn_analysis.network.design.ground.Ground`.

    Examples
    --------
    >>> sums = np.array([[30.0, 10.0], [10.0, 40.0]])
    >>> score = score_sums(sums, sums.sum(axis=1), sums.sum(axis=0), np.zeros(2))
    >>> round(score.localisation, 3), score.each_localisation.tolist(), score.each_commitment.tolist()
    (0.778, [0.75, 0.8], [0.75, 0.8])
    """
    winner, most = sums.argmax(axis=0), sums.max(axis=0)
    won = most > rival
    winner, most, networks = winner[won], most[won], len(sums)
    inside = np.bincount(winner, most, networks)
    there = np.bincount(winner, everyone[won], networks)
    return Score(
        float(inside.sum() / registered.sum()) if registered.any() else 0.0,
        inside / np.maximum(registered, 1.0),
        inside / np.maximum(there, 1.0),
    )


def footprints_of(sums: np.ndarray, rival: np.ndarray) -> np.ndarray:
    """Position of the network that wins each area; -1 where a network elsewhere does."""
    return np.where(sums.max(axis=0) > rival, sums.argmax(axis=0), -1)


def added_up(values: np.ndarray, plan: np.ndarray, networks: int) -> np.ndarray:
    """Sum rows of units or practices over the networks that a plan puts them in.

    Examples
    --------
    >>> added_up(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([1, 0, 1]), 2).tolist()
    [[3.0, 4.0], [6.0, 8.0]]
    """
    return (plan == np.arange(networks)[:, None]).astype(float) @ values


def score_of(units: Units, plan: np.ndarray, networks: int) -> Score:
    """Score a plan of units."""
    sums = added_up(units.patients, plan, networks)
    registered = added_up(units.registered, plan, networks)
    return score_sums(sums, registered, units.everyone, units.rival)


def dissimilarity(units: Units) -> np.ndarray:
    """One minus the cosine of where two units' patients live: 0 in the same proportions, 1 with no area in common.

    Notes
    -----
    The cosine of practices by area is used by Clarke et al. 2020 (doi:10.1136/bmjopen-2019-036504) to find
    communities of practices. A unit without located patients is 1 from every other.
    """
    length = np.linalg.norm(units.patients, axis=1)
    direction = units.patients / np.where(length > 0, length, 1.0)[:, None]
    unlike = np.clip(1.0 - direction @ direction.T, 0.0, 1.0)
    np.fill_diagonal(unlike, 0.0)
    return unlike


def in_parts(ground: Ground, footprint: np.ndarray, network: int, sums: np.ndarray) -> tuple[int, float]:
    """Count the parts of a network's footprint, and the share of its patients there who live in the main one.

    Parts are areas that hang together by common borders. A footprint without an area has 0 parts.
    """
    from scipy.sparse.csgraph import connected_components

    areas = np.flatnonzero(footprint == network)
    if not len(areas):
        return 0, 0.0
    count, part = connected_components(ground.borders[areas][:, areas], directed=False)
    people = np.bincount(part, sums[network, areas])
    return int(count), float(people.max() / people.sum())
