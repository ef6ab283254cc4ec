"""One model measured in some samples of people, whole or by group: its figures, and those at the top of its list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from pcn_analysis.anticipatory.evaluation import figures

if TYPE_CHECKING:
    from pcn_analysis.anticipatory.evaluation.figures import Array
    from pcn_analysis.anticipatory.evaluation.predictions import People

FIGURES = (
    "auc", "brier", "scaled_brier", "observed_to_expected", "observed_minus_expected", "intercept", "slope",
)  # fmt: skip
"""Figures of a model in the order of a table's columns."""
AT_TOP = ("ppv", "sensitivity", "lift")


def model_figures(risk: Array, events: Array, others: Array) -> dict[str, Array]:
    """``FIGURES``, observed and mean_risk by sample and group; the parameters are as in :mod:`.figures`."""
    observed, expected = figures.observed(events, others), figures.mean_risk(risk, events, others)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, observed / expected, np.nan)
    return {
        "auc": figures.auc(events, others),
        "brier": figures.brier(risk, events, others),
        "scaled_brier": figures.scaled_brier(risk, events, others),
        "observed_to_expected": ratio,
        "observed_minus_expected": observed - expected,
        "intercept": figures.intercept(risk, events, others),
        "slope": figures.slope(risk, events, others),
        "observed": observed,
        "mean_risk": expected,
    }


def lines(people: People, seed: int) -> np.ndarray:
    """Everyone's place in the list of each model, one column a model: the highest risk first.

    Who has the same risk is in an order that is drawn once for all models, so that a list is the same each time and
    owes nothing to names, practices or the order of rows.

    Returns
    -------
    array
        Numbers of people, in order of the list.
    """
    drawn = np.random.default_rng([seed, 2]).permutation(len(people))
    return np.column_stack([np.lexsort((drawn, -risk)) for risk in people.risks.T])


def places(people: Array, top: float) -> Array:
    """How many people a share of the list is: to the nearest whole number, at least 1.

    Examples
    --------
    >>> print(places(np.array([1000, 30, 250]), 0.01))
    [10.  1.  3.]
    """
    return np.maximum(np.floor(people * top + 0.5), 1)


def top_figures(
    people: People, line: np.ndarray, counts: Array, top: float, *, of: np.ndarray, groups: int
) -> dict[str, Array]:
    """``AT_TOP`` of those in the first places of the list of everyone, by sample and group.

    Parameters
    ----------
    line
        Numbers of people, in order of the list.
    counts
        How often each is in each sample.
    top
        The share of everyone who is in the first places.
    of, groups
        The group of each person, 0 to ``groups`` - 1.
    """
    drawn = counts[:, line]
    before = np.cumsum(drawn, axis=1)
    to = places(before[:, -1:], top)
    last = int((before < to).sum(axis=1).max()) + 1
    drawn, before = drawn[:, :last], before[:, :last]
    chosen = np.clip(to - (before - drawn), 0, drawn)
    weight = _by_outcome(people, of, groups)
    found, everyone = (one.reshape(len(counts), groups, 2) for one in (chosen @ weight[line[:last]], counts @ weight))
    ppv = _share(found[..., 1], found.sum(-1))
    return {
        "ppv": ppv,
        "sensitivity": _share(found[..., 1], everyone[..., 1]),
        "lift": _share(ppv, _share(everyone[..., 1], everyone.sum(-1))),
    }


def flagged(people: People, line: np.ndarray, top: float) -> np.ndarray:
    """Whether each person is in the first places of a list."""
    found = np.zeros(len(people), dtype=bool)
    found[line[: int(places(np.array(len(people)), top))]] = True
    return found


def _by_outcome(people: People, of: np.ndarray, groups: int) -> sparse.csr_array:
    """Weight of each person in the column of their group and outcome."""
    known = np.flatnonzero(people.weight)
    column = of * 2 + people.outcome
    return sparse.csr_array((people.weight[known], (known, column[known])), shape=(len(people), groups * 2))


def _share(one: Array, other: Array) -> Array:
    return np.divide(one, other, out=np.full(np.shape(one), np.nan), where=other > 0)
