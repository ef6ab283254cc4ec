"""Two ways to part patterns of conditions into a given number of classes, and what both come to.

``latent_classes``
    Latent class analysis by StepMix: a person belongs to one of the classes, and within a class conditions occur
    independently of each other.
``correspondence``
    k-means on the components of a multiple correspondence analysis. Of columns that are yes or no, that is a principal
    component analysis of the standardised columns; components of more than average inertia are kept.

Both give a class the same description: its share of people, and how common each condition is in it. That description is
a latent class model, so that one Bayesian information criterion compares solutions of either.

References
----------
Morin et al. 2025, StepMix, Journal of Statistical Software 113(8), doi:10.18637/jss.v113.i08. Violán et al. 2018,
Multimorbidity patterns with K-means nonhierarchical cluster analysis, BMC Family Practice 19:108,
doi:10.1186/s12875-018-0790-x. Biernacki et al. 2003, Choosing starting values for the EM algorithm, Computational
Statistics & Data Analysis 41:561-575 (short runs, then a long one from the best).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import logsumexp

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

SHORT, LONG = 100, 1000
"""Steps of a short run, by which starts are compared, and most steps of the long run from the best of them."""
TOLERANCE = 1e-6
"""Change in the mean log-likelihood of a person at which a run ends."""
SMALLEST = 1e-15
"""Least probability of a condition that is reckoned with, as in StepMix."""


@dataclass(frozen=True)
class Solution:
    """Classes of people by their conditions.

    Parameters
    ----------
    weights
        Share of people in each class.
    shares
        A row for each class: the share of its people who have each condition.
    centres
        Where people go to the nearest centre: a row for each class in the space of ``axes``; else None.
    axes, means
        A row for each condition: its weight in each component; and the mean that is taken off before.
    """

    weights: Numbers
    shares: Numbers
    centres: Numbers | None = None
    axes: Numbers | None = None
    means: Numbers | None = None

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def parameters(self) -> int:
        """How many free numbers describe the classes."""
        return self.shares.size + len(self) - 1

    def reordered(self, order: NDArray[np.int64]) -> Solution:
        """The same classes in another order."""
        centres = None if self.centres is None else self.centres[order]
        return Solution(self.weights[order], self.shares[order], centres, self.axes, self.means)

    def log_densities(self, patterns: Numbers) -> Numbers:
        """Log of the probability of each pattern together with each class; what is missing says nothing."""
        present, absent = np.nan_to_num(patterns), np.nan_to_num(1 - patterns)
        shares = np.clip(self.shares, SMALLEST, 1 - SMALLEST)
        return present @ np.log(shares).T + absent @ np.log1p(-shares).T + np.log(np.clip(self.weights, SMALLEST, 1))

    def log_likelihood(self, patterns: Numbers, people: Numbers) -> float:
        """Log-likelihood of everyone's pattern."""
        return float(people @ logsumexp(self.log_densities(patterns), axis=1))

    def memberships(self, patterns: Numbers) -> Numbers:
        """Probability of each class for each pattern; 0 or 1 where people go to the nearest centre."""
        if self.centres is None or self.axes is None or self.means is None:
            joint = self.log_densities(patterns)
            return np.exp(joint - logsumexp(joint, axis=1, keepdims=True))
        placed = _centred(patterns, self.means) @ self.axes
        distances = ((placed[:, None, :] - self.centres[None, :, :]) ** 2).sum(axis=2)
        return np.eye(len(self))[distances.argmin(axis=1)]

    def labels(self, patterns: Numbers) -> NDArray[np.int64]:
        """The likeliest class of each pattern; the first of several that are as likely."""
        return self.memberships(patterns).argmax(axis=1).astype(np.int64)


def one_class(patterns: Numbers, people: Numbers) -> Solution:
    """Everyone in one class: conditions occur together by chance alone."""
    return Solution(np.ones(1), _means(patterns, people)[None, :])


def latent_classes(patterns: Numbers, people: Numbers, *, n_segments: int, seed: int, starts: int) -> Solution:
    """Fit latent classes by StepMix: short runs from random starts, then a long one from the likeliest.

    Parameters
    ----------
    patterns
        A row for each pattern; 1, 0, or NaN where a condition is not known.
    people
        How many people show each.
    n_segments
        Number of classes.
    seed
        What the random starts follow from.
    starts
        Number of starts.
    """
    runs = [_run(patterns, people, n_segments, seed + start, SHORT) for start in range(starts)]
    best = int(np.argmax([run.lower_bound_ for run in runs]))
    fitted = runs[best] if runs[best].converged_ else _run(patterns, people, n_segments, seed + best, LONG)
    found = fitted.get_parameters()
    return Solution(np.asarray(found["weights"], dtype=float), np.asarray(found["measurement"]["pis"], dtype=float))


def _run(patterns: Numbers, people: Numbers, n_segments: int, seed: int, steps: int) -> Any:
    """One run of StepMix; the same seed takes the same steps."""
    from sklearn.exceptions import ConvergenceWarning
    from stepmix.stepmix import StepMix

    model = StepMix(
        n_components=n_segments,
        measurement="binary_nan" if np.isnan(patterns).any() else "binary",
        random_state=seed,
        max_iter=steps,
        abs_tol=TOLERANCE,
        progress_bar=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a short run is meant to be short
        return model.fit(patterns, sample_weight=people)


def correspondence(patterns: Numbers, people: Numbers, *, n_segments: int, seed: int, starts: int) -> Solution:
    """Part people by k-means on the components of a correspondence analysis; parameters as :func:`latent_classes`.

    A condition that is not known of someone says nothing of where they lie.
    """
    from sklearn.cluster import KMeans

    means = _means(patterns, people)
    axes = _axes(patterns, people, means)
    placed = _centred(patterns, means) @ axes
    fitted = KMeans(n_segments, n_init=starts, random_state=seed).fit(placed, sample_weight=people)
    members = np.eye(n_segments)[fitted.labels_] * people[:, None]
    known = members.T @ ~np.isnan(patterns)
    shares = np.where(known > 0, members.T @ np.nan_to_num(patterns) / np.maximum(known, 1), means)
    return Solution(members.sum(axis=0) / people.sum(), shares, fitted.cluster_centers_, axes, means)


def _axes(patterns: Numbers, people: Numbers, means: Numbers) -> Numbers:
    """Components with more than average inertia, at least one, scaled to take columns with their means taken off."""
    spread = np.sqrt(np.clip(means * (1 - means), SMALLEST, None))
    standard = _centred(patterns, means) / spread
    inertia, directions = np.linalg.eigh((standard * people[:, None]).T @ standard / people.sum())
    kept = inertia >= min(1.0 + TOLERANCE, inertia.max())
    return directions[:, kept] / spread[:, None]


def _means(patterns: Numbers, people: Numbers) -> Numbers:
    return people @ np.nan_to_num(patterns) / np.maximum(people @ ~np.isnan(patterns), 1)


def _centred(patterns: Numbers, means: Numbers) -> Numbers:
    return np.nan_to_num(patterns - means)


METHODS: dict[str, Callable[..., Solution]] = {"latent_classes": latent_classes, "correspondence": correspondence}
"""Ways to part patterns into a given number of classes, by name."""
