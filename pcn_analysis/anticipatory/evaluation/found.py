"""Every figure of every model, once for the people themselves and once for each sample of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from pcn_analysis.anticipatory.evaluation.figures import net_benefit
from pcn_analysis.anticipatory.evaluation.measured import lines, model_figures, top_figures
from pcn_analysis.anticipatory.evaluation.resamples import every_risk, limits, ranges, samples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcn_analysis.anticipatory.evaluation.figures import Array
    from pcn_analysis.anticipatory.evaluation.predictions import People
    from pcn_analysis.anticipatory.evaluation.resamples import Cells

THRESHOLDS = np.arange(1, 51) / 100
"""Risks at which net benefit is asked."""
FAIR_TOP = 0.05
"""The share of everyone, whatever their group, of whom groups are compared."""


class Key(NamedTuple):
    """What figures are of: a model, and a group column or none; at a share of the list, or of everyone."""

    model: int
    group: str = ""
    top: float = 1.0


@dataclass(frozen=True)
class Found:
    """Figures of people, with a value for each group along the last axis, and of samples of them along the first.

    Parameters
    ----------
    of_people
        Of the people.
    of_samples
        Of each sample.
    """

    of_people: dict[Key, dict[str, Array]]
    of_samples: dict[Key, dict[str, Array]]

    def columns(self, key: Key, names: Sequence[str]) -> pd.DataFrame:
        """Some figures with their limits, as columns; one row a group, or one in all."""
        made: dict[str, Array] = {}
        for name in names:
            made[name] = np.atleast_1d(self.of_people[key][name])
            low, high = limits(self.of_samples[key][name]) if key in self.of_samples else (np.nan, np.nan)
            made |= {f"{name}_lower": np.atleast_1d(low), f"{name}_upper": np.atleast_1d(high)}
        rows = len(made[names[0]])
        return pd.DataFrame({name: np.broadcast_to(values, rows) for name, values in made.items()})

    def difference(self, one: Key, other: Key, name: str) -> tuple[float, float, float]:
        """How much larger a figure of one model is than that of another in the same people, with limits."""
        value = (self.of_people[one][name] - self.of_people[other][name]).item()
        if one not in self.of_samples:
            return value, np.nan, np.nan
        low, high = limits(self.of_samples[one][name] - self.of_samples[other][name])
        return value, low.item(), high.item()


def find(people: People, *, tops: Sequence[float], bootstraps: int, seed: int) -> Found:
    """Measure every model in the people and in samples of them, the same samples for all models."""
    line = lines(people, seed)
    exact = [every_risk(risk) for risk in people.risks.T]
    whole = dict(_measured(people, line, exact, np.ones((1, len(people))), tops))
    gathered = [ranges(risk, THRESHOLDS) for risk in people.risks.T]
    drawn: dict[Key, list[dict[str, Array]]] = {}
    for counts in samples(len(people), bootstraps, seed):
        for key, figures in _measured(people, line, gathered, counts, tops):
            drawn.setdefault(key, []).append(figures)
    return Found(
        {key: {name: value[0] for name, value in figures.items()} for key, figures in whole.items()},
        {
            key: {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
            for key, parts in drawn.items()
        },
    )


def _measured(
    people: People, line: np.ndarray, cells: Sequence[Cells], counts: Array, tops: Sequence[float]
) -> Iterator[tuple[Key, dict[str, Array]]]:
    """Figures of some samples: each model's for everyone, at each share of its list, and by group."""
    everyone = np.zeros(len(people), dtype=int)
    for model, own in enumerate(cells):
        events, others = own.weights(people, counts, everyone, 1)
        benefit = net_benefit(THRESHOLDS, own.risk, events, others)[:, 0]
        treat_all = net_benefit(THRESHOLDS, np.ones(1), events.sum(-1)[..., None], others.sum(-1)[..., None])[:, 0]
        yield Key(model), model_figures(own.risk, events, others) | {"net_benefit": benefit, "treat_all": treat_all}
        for top in tops:
            yield Key(model, top=top), top_figures(people, line[:, model], counts, top, of=everyone, groups=1)
        for name in people.groups:
            group = people.groups[name].cat
            of, values = group.codes.to_numpy().astype(int), len(group.categories)
            figures = model_figures(own.risk, *own.weights(people, counts, of, values))
            figures |= top_figures(people, line[:, model], counts, FAIR_TOP, of=of, groups=values)
            yield Key(model, name), figures
