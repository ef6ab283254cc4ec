"""How good predictions of admission are, and for whom: evaluated once, kept as plain values."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.anticipatory.evaluation import frames
from pcn_analysis.anticipatory.evaluation.found import find
from pcn_analysis.anticipatory.evaluation.measured import lines
from pcn_analysis.anticipatory.evaluation.predictions import people_of
from pcn_analysis.exceptions import PcnAnalysisError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOPS = (0.005, 0.01, 0.02, 0.05, 0.10)
"""Shares of everyone that a list may hold."""
BOOTSTRAPS = 200
WORDS = ("model", "other_model", "group", "value", "reason")
COUNTS = (
    "people", "known", "not_known", "events", "non_events", "tenth", "flagged", "admitted", "admitted_of_all",
    "flagged_known", "flagged_events",
)  # fmt: skip


@dataclass(frozen=True)
class Evaluation:
    """What came of predictions. Limits of figures are the 2.5th and 97.5th percentile of samples of people.

    Counts are of people, each once. Figures are weighted, over those whose outcome is known. Rows keep the order of
    the models. Every figure ``x`` has ``x_lower`` and ``x_upper``, null where fewer than nine samples in ten have it.

    Parameters
    ----------
    overall
        One row a model: model, people, known, not_known (left before the end), events, non_events, observed and
        mean_risk (without limits), auc, brier, scaled_brier, observed_to_expected, observed_minus_expected, intercept,
        slope.
    differences
        One row an ordered pair of models: model, other_model, auc and brier (of the first less the other, in the same
        samples).
    curve
        One row a model and tenth of people by risk: model, tenth, known, events, mean_risk, observed (95% Wilson).
    smooth
        One row a model and risk along a smooth curve: model, risk, observed (without limits).
    at_top
        One row a model and share of its list: model, top, people, flagged, known (of them), admitted (of them),
        admitted_of_all, ppv, sensitivity, lift.
    net_benefit
        One row a model and threshold of 1 to 50%: model, threshold, known, flagged (of them at or above it), admitted
        (of those), net_benefit, treat_all and treat_none (without limits).
    by_group
        One row a model, group column and value: model, group, value, people, known, events, non_events, flagged (of
        them, in the top 5% of everyone), flagged_known, flagged_events, observed, mean_risk, auc,
        observed_to_expected, intercept, slope, ppv, sensitivity, reason (why figures are null; else empty).
    bootstraps, seed
        How many samples were drawn, and their seed.
    """

    overall: pd.DataFrame
    differences: pd.DataFrame
    curve: pd.DataFrame
    smooth: pd.DataFrame
    at_top: pd.DataFrame
    net_benefit: pd.DataFrame
    by_group: pd.DataFrame
    bootstraps: int
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file; null where there is no value."""
        made: dict[str, Any] = {"bootstraps": self.bootstraps, "seed": self.seed}
        for name in _frames():
            frame = getattr(self, name).astype(object)
            made[name] = {column: frame[column].where(frame[column].notna(), None).to_list() for column in frame}
        return made

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Evaluation:
        """Read what :meth:`to_dict` wrote."""
        read = {name: _typed(pd.DataFrame(values[name], dtype=object)) for name in _frames()}
        return cls(**read, bootstraps=int(values["bootstraps"]), seed=int(values["seed"]))


def evaluate(
    predictions: pd.DataFrame,
    *,
    groups: Sequence[str] = (),
    tops: Sequence[float] = TOPS,
    bootstraps: int = BOOTSTRAPS,
    seed: int = 0,
) -> Evaluation:
    """Evaluate predictions of one or more models on the same people.

    Parameters
    ----------
    predictions
        One row a person and model: model, risk (0 to 1), outcome (1 if admitted, else 0), weight (0 or more), known
        (whether they were admitted, died or followed to the end), columns of ``groups``, and person_id. Without
        person_id each model's rows are taken to be of the same people in the same order. Outcome and weight of those
        not known are not read. Such people are on a list like everyone, and in no figure of what came.
    groups
        Columns that say what people are. Who has no value is in the group "not known".
    tops
        Shares of everyone, from the top of the list, that would be offered something.
    bootstraps
        Samples of people for limits, the same for all models; 0 for none.
    seed
        Seed of the samples, and of the order on a list of people with the same risk.

    Returns
    -------
    Evaluation
        The same for the same people, whatever the order of rows.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong, in counts: columns absent; risks missing or outside 0 to 1; outcomes or weights
        missing or impossible; models of different people; a group without any value; nobody admitted, or everybody.

    Examples
    --------
    >>> found = evaluate(pd.DataFrame({
    ...     "model": "age", "risk": [0.1, 0.2, 0.3, 0.4], "outcome": [0, 1, 0, 1], "weight": 1.0, "known": True}),
    ...     bootstraps=0)
    >>> found.overall[["events", "auc", "observed_to_expected"]].to_numpy().tolist()
    [[2, 0.75, 2.0]]
    """
    if problems := [*_wrong_choices(tops, bootstraps)]:
        raise PcnAnalysisError(*problems)
    people = people_of(predictions, groups)
    found, line = find(people, tops=tops, bootstraps=bootstraps, seed=seed), lines(people, seed)
    return Evaluation(
        _typed(frames.overall(people, found)),
        _typed(frames.differences(people, found)),
        _typed(frames.curve(people)),
        _typed(frames.smooth(people)),
        _typed(frames.at_top(people, found, line, tops)),
        _typed(frames.net_benefit(people, found)),
        _typed(frames.by_group(people, found, line)),
        bootstraps,
        seed,
    )


def _wrong_choices(tops: Sequence[float], bootstraps: int) -> Iterator[Problem]:
    if wrong := sum(not 0 < top <= 1 for top in tops):
        yield Problem("tops", f"{wrong} of {len(tops)} are not above 0 and at most 1", "Give shares, as 0.05 for 5%.")
    if bootstraps < 0:
        yield Problem("bootstraps", f"{bootstraps} samples cannot be drawn", "Give 0 or more.")


def _frames() -> list[str]:
    return [one.name for one in fields(Evaluation) if one.name not in ("bootstraps", "seed")]


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    kinds = {name: "str" if name in WORDS else "Int64" if name in COUNTS else "Float64" for name in frame}
    return frame.astype(kinds)
