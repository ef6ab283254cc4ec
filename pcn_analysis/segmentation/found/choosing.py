"""How many classes there are: the Bayesian information criterion, and whether bootstrap samples find them again.

A criterion alone always has a lowest value. A class is believed only if it comes back when people are drawn again: its
Jaccard similarity to the nearest class of a refit, in the mean over bootstrap samples, is at least ``STABLE``.

References
----------
Hennig 2007, Cluster-wise assessment of cluster stability, Computational Statistics & Data Analysis 52:258-271,
doi:10.1016/j.csda.2006.11.025. R package fpc, ``clusterboot``: "a valid, stable cluster should yield a mean Jaccard
similarity value of 0.75 or more". Hubert and Arabie 1985, Comparing partitions, Journal of Classification 2:193-218
(the adjusted Rand index).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.segmentation.found.models import METHODS, Solution, one_class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pcn_analysis.segmentation.found.models import Numbers

PROGRESS = logging.getLogger(__name__)
"""Told of every number of classes that is fitted or put to the bootstrap; nothing is shown unless somebody listens."""
STABLE = 0.75
"""Least mean Jaccard similarity of a stable class (Hennig 2007, and the help of fpc's clusterboot)."""
BOOTSTRAP_STARTS = 4
"""Starts of a refit: as a search that is worse than the first would look like instability, not one alone."""


@dataclass(frozen=True)
class Choice:
    """What was tried, what was chosen, and why.

    Parameters
    ----------
    solution
        The chosen classes, the largest first; None where none is stable.
    stable
        Whether every class of it is stable.
    why
        The reason, in a sentence or two.
    criteria
        One row a number of classes, 1 first: n_segments, log_likelihood, parameters, bic.
    stability
        One row a class of each solution that was put to the bootstrap: n_segments, segment (0 is the largest), weight,
        jaccard (mean), adjusted_rand (mean, of the whole solution), bootstraps (samples drawn: fewer where it was
        clear before that a class is not stable).
    """

    solution: Solution | None
    stable: bool
    why: str
    criteria: pd.DataFrame
    stability: pd.DataFrame


def choose(
    patterns: Numbers,
    people: Numbers,
    *,
    method: str,
    numbers: Sequence[int],
    seed: int,
    starts: int,
    bootstraps: int,
    asked: bool = False,
) -> Choice:
    """Choose the stable solution with the lowest criterion among several numbers of classes.

    Solutions are put to the bootstrap in order of their criterion until one is stable. Those whose criterion is no
    lower than that of a single class are not: they describe nothing that chance does not.

    Parameters
    ----------
    patterns, people
        Patterns, and how many people show each.
    method
        One of ``METHODS``.
    numbers
        Numbers of classes to try, from 2.
    seed
        What everything random follows from.
    starts
        Starts of each fit.
    bootstraps
        Bootstrap samples.
    asked
        Whether somebody asked for the one number that is given: it is then kept, stable or not.
    """
    draws = np.random.default_rng(seed)
    fitted = {1: one_class(patterns, people)}
    for n in numbers:
        PROGRESS.info("Looking for %d segments …", n)
        fitted[n] = _largest_first(METHODS[method](patterns, people, n_segments=n, seed=seed, starts=starts))
    criteria = _criteria(fitted, patterns, people)
    bic = criteria.set_index("n_segments")["bic"]
    better = [int(n) for n in bic.sort_values(kind="stable").index if bic[n] < bic[1]]
    tried: list[pd.DataFrame] = []
    chosen = None
    for n in numbers if asked else better:
        PROGRESS.info("Are %d segments found again in up to %d bootstrap samples? …", n, bootstraps)
        tried.append(_stability(fitted[n], patterns, people, method=method, draws=draws, bootstraps=bootstraps))
        if n in better and (tried[-1]["jaccard"] >= STABLE).all():
            chosen = n
            break
    why = _why(chosen, better, bic, tried)
    if asked and chosen is None:
        why = f"{numbers[0]} segments were asked for. {why}"
    shown = numbers[0] if asked else chosen
    return Choice(None if shown is None else fitted[shown], chosen is not None, why, criteria, _joined(tried))


def jaccard(first: NDArray[np.int64], second: NDArray[np.int64], people: Numbers) -> Numbers:
    """Jaccard similarity of each class of one partition to the nearest class of another, by people.

    Examples
    --------
    >>> jaccard(np.array([0, 0, 1]), np.array([1, 1, 0]), np.array([5.0, 3.0, 2.0])).tolist()
    [1.0, 1.0]
    >>> jaccard(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([6.0, 2.0, 2.0])).tolist()
    [0.75, 0.5]
    """
    both = _crossed(first, second, people)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    return np.asarray((both / np.maximum(either, 1)).max(axis=1))


def adjusted_rand(first: NDArray[np.int64], second: NDArray[np.int64], people: Numbers) -> float:
    """Agreement of two partitions of people beyond chance: 1 if they are the same, about 0 if unrelated.

    Examples
    --------
    >>> adjusted_rand(np.array([0, 0, 1]), np.array([1, 1, 0]), np.array([5.0, 3.0, 2.0]))
    1.0
    """
    both = _crossed(first, second, people)
    pairs, rows, columns, every = (
        float((counts * (counts - 1) / 2).sum()) for counts in (both, both.sum(axis=1), both.sum(axis=0), both.sum())
    )
    chance, most = rows * columns / every, (rows + columns) / 2
    return 1.0 if most == chance else (pairs - chance) / (most - chance)


def _crossed(first: NDArray[np.int64], second: NDArray[np.int64], people: Numbers) -> Numbers:
    both = np.zeros((int(first.max()) + 1, int(second.max()) + 1))
    np.add.at(both, (first, second), people)
    return both


def _largest_first(solution: Solution) -> Solution:
    keys = [tuple(-shares) for shares in solution.shares]
    order = sorted(range(len(solution)), key=lambda one: (-solution.weights[one], keys[one]))
    return solution.reordered(np.array(order, dtype=np.int64))


def _criteria(fitted: dict[int, Solution], patterns: Numbers, people: Numbers) -> pd.DataFrame:
    rows = [(n, one.log_likelihood(patterns, people), one.parameters) for n, one in sorted(fitted.items())]
    frame = pd.DataFrame(rows, columns=["n_segments", "log_likelihood", "parameters"])
    return frame.assign(bic=frame["parameters"] * np.log(people.sum()) - 2 * frame["log_likelihood"])


def _stability(
    solution: Solution,
    patterns: Numbers,
    people: Numbers,
    *,
    method: str,
    draws: np.random.Generator,
    bootstraps: int,
) -> pd.DataFrame:
    """Refit on people drawn again, with replacement, and hold the classes of everyone against the refit's.

    It ends early once some class can no longer be stable, whatever the draws that are left would give.
    """
    labels, total = solution.labels(patterns), int(people.sum())
    similar: list[Numbers] = []
    agreement: list[float] = []
    while len(similar) < bootstraps and _least_possible(similar, bootstraps) >= STABLE:
        drawn = draws.multinomial(total, people / total).astype(float)
        some = drawn > 0
        some |= some.sum() < len(solution)  # a refit needs as many patterns as classes, shown by nobody if need be
        seed = int(draws.integers(2**31 - BOOTSTRAP_STARTS))
        refit = METHODS[method](
            patterns[some], drawn[some], n_segments=len(solution), seed=seed, starts=BOOTSTRAP_STARTS
        )
        again = refit.labels(patterns)
        found = np.zeros(len(solution))  # a class that nobody is likeliest to be in is never found again
        found[: int(labels.max()) + 1] = jaccard(labels, again, people)
        similar.append(found)
        agreement.append(adjusted_rand(labels, again, people))
    return pd.DataFrame(
        {
            "n_segments": len(solution),
            "segment": range(len(solution)),
            "weight": solution.weights,
            "jaccard": np.mean(similar, axis=0),
            "adjusted_rand": np.mean(agreement),
            "bootstraps": len(similar),
        }
    )


def _least_possible(similar: list[Numbers], bootstraps: int) -> float:
    """The mean similarity of the least stable class if every draw that is left found it exactly."""
    left = bootstraps - len(similar)
    return float((np.sum(similar, axis=0) + left).min()) / bootstraps if similar else 1.0


def _joined(tried: list[pd.DataFrame]) -> pd.DataFrame:
    empty = pd.DataFrame(columns=["n_segments", "segment", "weight", "jaccard", "adjusted_rand", "bootstraps"])
    return pd.concat(tried, ignore_index=True) if tried else empty


def _why(chosen: int | None, better: Sequence[int], bic: pd.Series, tried: list[pd.DataFrame]) -> str:
    """Say what was found, and what speaks against it."""
    if not better:
        return (
            "No segments were found: conditions occur together no more than by chance (one class has the lowest BIC)."
        )
    most = int(bic.index.max())
    falls = better[0] == most and most > bic.index[1]
    falling = f" BIC is still falling at {most}, the most that were tried." if falls else ""
    if chosen is None:
        numbers = ", ".join(str(one) for one in sorted(better))
        return (
            f"No stable solution was found: with {numbers} segments, at least one is not found again in bootstrap "
            f"samples (mean Jaccard below {STABLE})." + falling
        )
    least = tried[-1]["jaccard"].min()
    found = f"each is found again in bootstrap samples (least mean Jaccard {least:.2f}, {STABLE} is needed)."
    if chosen == better[0]:
        return f"{chosen} segments have the lowest BIC, and {found}" + falling
    others = ", ".join(str(one) for one in sorted(better[: better.index(chosen)]))
    return f"{chosen} segments: {found} BIC is lower with {others}, which are not stable." + falling
