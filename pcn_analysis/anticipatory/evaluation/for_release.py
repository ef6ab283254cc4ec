"""The tables of an evaluation as they may leave: counts, shares of counts, and figures that give no count back.

Each function takes an :class:`~pcn_analysis.anticipatory.evaluation.Evaluation`, where its people come from and who
they are, and returns a table ready for :func:`pcn_analysis.release.release` under ``hes``. A share is there of released
counts alone, so that it is not weighted. A figure is null where any of the people, the admitted or the not admitted
that it is of may not be shown, or where there are none. It is rounded with its limits to a step of 1, 2 or 5 at some
decimal place: at least a twentieth of its interval, and, where a count could be worked back from it, at least what five
people make.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from pcn_analysis.anticipatory.evaluation.frames import DIFFERENCES, OF_GROUPS
from pcn_analysis.anticipatory.evaluation.measured import FIGURES
from pcn_analysis.anticipatory.evaluation.whom import Followed
from pcn_analysis.provenance import Rate, SourcedTable
from pcn_analysis.statistics.rates import CONFIDENCE, with_rates
from pcn_analysis.thresholds import ROUNDED_TO, SMALLEST_SHOWN

if TYPE_CHECKING:
    from pcn_analysis.anticipatory.evaluation.evaluated import Evaluation
    from pcn_analysis.provenance import About, Provenance

ANYBODY = Followed()
STEPS_IN_INTERVAL = 20
FINEST = 1e-4
RISKS_SPREAD = 1.5
"""How much further one person moves an intercept where risks differ than where all are the same, at most about."""
RISK_DECIMALS = 4
COEFFICIENTS = 4
"""Of the smooth curve: as many people as all by this many are taken to stand behind each point of it."""
OBSERVED = Rate("observed", "events", "known", interval=True)
PPV = Rate("ppv", "admitted", "known", interval=True)
SENSITIVITY = Rate("sensitivity", "admitted", "admitted_of_all", interval=True)
GROUP_PPV = Rate("ppv", "flagged_events", "flagged_known", interval=True)
GROUP_SENSITIVITY = Rate("sensitivity", "flagged_events", "events", interval=True)


def overall(
    evaluation: Evaluation, provenance: Provenance, about: About | None = None, followed: Followed = ANYBODY
) -> SourcedTable:
    """One row a model: model, people, known, not_known, events, observed (with limits), mean_risk, and its figures.

    The figures are auc, brier, scaled_brier, observed_to_expected, observed_minus_expected, intercept and slope.
    """
    rows = evaluation.overall
    shown = _with_figures(rows, FIGURES, few(rows, "known", "events", "non_events"), rows["events"], rows["known"])
    columns = ["model", "people", "known", "not_known", "events", "mean_risk"]
    table = _sourced(shown, columns, provenance, about, figures=FIGURES, rates=(OBSERVED,))
    return replace(table, counted=followed.overall())


def differences(
    evaluation: Evaluation, provenance: Provenance, about: About | None = None, _followed: Followed = ANYBODY
) -> SourcedTable:
    """One row an ordered pair of models: model, other_model, auc and brier (of the first less the other)."""
    whole = evaluation.overall.iloc[0]
    hidden = few(evaluation.overall, "known", "events", "non_events").any()
    rows = evaluation.differences
    each = pd.Series(hidden, index=rows.index)
    shown = _with_figures(rows, DIFFERENCES, each, whole["events"], whole["known"])
    return _sourced(shown, ["model", "other_model"], provenance, about, figures=DIFFERENCES)


def curve(
    evaluation: Evaluation, provenance: Provenance, about: About | None = None, followed: Followed = ANYBODY
) -> SourcedTable:
    """One row a model and tenth of people by risk: model, tenth, known, events, mean_risk, observed (with limits)."""
    rows = evaluation.curve
    shown = rows.assign(mean_risk=rows["mean_risk"].round(RISK_DECIMALS).mask(few(rows, "known")))
    columns = ["model", "tenth", "known", "events", "mean_risk"]
    table = _sourced(shown, columns, provenance, about, rates=(OBSERVED,))
    return replace(table, counted=followed.curve(evaluation))


def smooth(
    evaluation: Evaluation, provenance: Provenance, about: About | None = None, _followed: Followed = ANYBODY
) -> SourcedTable:
    """One row a model and risk along a smooth curve: model, risk, observed. No rows of a model that is not shown."""
    whole = evaluation.overall
    hidden = few(whole, "known", "events", "non_events").any()
    rows = evaluation.smooth.head(0) if hidden else evaluation.smooth
    share, known = rows["observed"].astype(float).to_numpy(), float(whole["known"].max())
    width = 2 * norm.ppf(0.5 + CONFIDENCE / 2) * np.sqrt(share * (1 - share) * COEFFICIENTS / known)
    step = _steps(width, np.full(len(rows), ROUNDED_TO / known))
    shown = rows.assign(risk=rows["risk"].round(RISK_DECIMALS), observed=_on(rows["observed"], step))
    return _sourced(shown, ["model", "risk", "observed"], provenance, about)


def at_top(
    evaluation: Evaluation, provenance: Provenance, about: About | None = None, followed: Followed = ANYBODY
) -> SourcedTable:
    """One row a model and share of its list: who is in it, and how many of them were admitted.

    Columns: model, top, people, flagged, known, admitted, admitted_of_all, ppv (of those known) and sensitivity with
    limits, lift with limits.
    """
    rows = evaluation.at_top
    rows = rows.assign(others=rows["known"] - rows["admitted"])
    hidden = few(rows, "known", "admitted", "others", "admitted_of_all")
    shown = _with_figures(rows, ("lift",), hidden, rows["admitted"], rows["known"])
    columns = ["model", "top", "people", "flagged", "known", "admitted", "admitted_of_all"]
    table = _sourced(shown, columns, provenance, about, figures=("lift",), rates=(PPV, SENSITIVITY))
    return replace(table, counted=followed.at_top(evaluation))


def net_benefit(
    evaluation: Evaluation, provenance: Provenance, about: About | None = None, _followed: Followed = ANYBODY
) -> SourcedTable:
    """One row a model and threshold: model, threshold, net_benefit with limits, treat_all, treat_none.

    Net benefit is null where one to seven people are at or above the threshold, or as many of them were admitted, or
    not.
    """
    rows = evaluation.net_benefit
    rows = rows.assign(others=rows["flagged"] - rows["admitted"])
    hidden = few(rows, "flagged", "admitted", "others", none=False)
    shown = _with_figures(rows, ("net_benefit",), hidden, rows["admitted"], rows["known"])
    whole = few(evaluation.overall, "known", "events", "non_events").any()
    least = ROUNDED_TO / rows["known"].astype(float) / (1 - rows["threshold"].astype(float))
    treat_all = _on(rows["treat_all"], _steps(np.zeros(len(rows)), least.to_numpy()))
    shown = shown.assign(treat_all=treat_all.mask(pd.Series(whole, index=rows.index)))
    columns = ["model", "threshold", "treat_all", "treat_none"]
    return _sourced(shown, columns, provenance, about, figures=("net_benefit",))


def by_group(
    evaluation: Evaluation, provenance: Provenance, about: About | None = None, followed: Followed = ANYBODY
) -> SourcedTable:
    """One row a model, group column and value: how well risks are right in each, and whom the list reaches.

    Columns: model, group, value, people, known, events, observed with limits, mean_risk, auc, observed_to_expected,
    intercept and slope with limits, flagged (of them, in the top 5% of everyone), flagged_known, flagged_events, ppv
    and sensitivity with limits, reason.
    """
    rows = evaluation.by_group
    if rows.empty:
        return SourcedTable(rows[["model", "group", "value", "reason"]], provenance, about=about)
    hidden = few(rows, "known", "events", "non_events")
    shown = _with_figures(rows, OF_GROUPS, hidden, rows["events"], rows["known"])
    columns = ["model", "group", "value", "people", "known", "events", "mean_risk"]
    columns += ["flagged", "flagged_known", "flagged_events", "reason"]
    rates = (OBSERVED, GROUP_PPV, GROUP_SENSITIVITY)
    table = _sourced(shown, columns, provenance, about, figures=OF_GROUPS, rates=rates)
    return replace(table, counted=followed.by_group(evaluation))


def few(rows: pd.DataFrame, *counts: str, none: bool = True) -> pd.Series:
    """Whether any of some counts may not be shown, or is 0 where that leaves no figure."""
    lowest = 0 if none else 1
    return (
        rows[list(counts)]
        .apply(lambda one: one.between(lowest, SMALLEST_SHOWN - 1).fillna(True))
        .any(axis=1)
        .astype(bool)
    )


def _with_figures(
    rows: pd.DataFrame, names: tuple[str, ...], hidden: pd.Series, events: pd.Series, known: pd.Series
) -> pd.DataFrame:
    """Figures and mean risk rounded, and null where they are hidden."""
    made = rows.copy()
    for name in names:
        value, *limits = (f"{name}{part}" for part in ("", "_lower", "_upper"))
        size = rows[value].astype(float).abs()
        five = {
            "observed_to_expected": size * ROUNDED_TO / events,
            "lift": size * ROUNDED_TO / events,
            "intercept": RISKS_SPREAD * ROUNDED_TO * known / (events * (known - events)),
            "scaled_brier": RISKS_SPREAD * ROUNDED_TO * known / (events * (known - events)),
            "observed_minus_expected": ROUNDED_TO / known,
            "brier": ROUNDED_TO / known,
            "net_benefit": ROUNDED_TO / known / (1 - rows.get("threshold", 0)),
        }.get(name, 0 * size)
        width = (rows[limits[1]] - rows[limits[0]]).astype(float).fillna(0)
        step = _steps(width.to_numpy(), np.broadcast_to(np.asarray(five, dtype=float), len(rows)))
        for column in (value, *limits):
            made[column] = _on(rows[column], step).mask(hidden)
    if "mean_risk" in rows:
        made["mean_risk"] = rows["mean_risk"].round(RISK_DECIMALS).mask(hidden)
    return made


def _steps(width: np.ndarray, five: np.ndarray) -> np.ndarray:
    """The least step of 1, 2 or 5 at a decimal place that an interval and five people allow.

    Examples
    --------
    >>> print(_steps(np.array([0.2, 0.0]), np.array([0.0, 0.03])))
    [0.01 0.05]
    """
    least = np.maximum(np.maximum(width / STEPS_IN_INTERVAL, np.nan_to_num(five, posinf=1)), FINEST)
    power = 10.0 ** np.floor(np.log10(least) + 1e-9)
    return power * np.select([least <= power * (1 + n * 1.000001) - power for n in (1, 2, 5)], [1, 2, 5], default=10)


def _on(values: pd.Series, step: np.ndarray) -> pd.Series:
    """Values to the nearest step, without the dust of binary fractions."""
    nearest = np.round(values.astype(float).to_numpy() / step) * step
    return pd.Series(np.round(nearest, 10) + 0.0, index=values.index).astype("Float64")


def _sourced(
    rows: pd.DataFrame,
    columns: list[str],
    provenance: Provenance,
    about: About | None,
    *,
    figures: tuple[str, ...] = (),
    rates: tuple[Rate, ...] = (),
) -> SourcedTable:
    """The columns that are shown; what are neither words nor counts of people are numbers that concern no person."""
    limits = [f"{name}{part}" for name in figures for part in ("", "_lower", "_upper")]
    reason = [name for name in columns if name == "reason"]
    frame = with_rates(rows[[*(name for name in columns if name != "reason"), *limits, *reason]], rates)
    words = ("model", "other_model", "group", "value", "reason")
    plain = ("top", "threshold", "treat_all", "treat_none", "risk", "mean_risk", "tenth")
    numbers = [name for name in frame if name in plain or name in limits]
    if not rates and "observed" in frame:
        numbers.append("observed")
    of_rates = {name for rate in rates for name in rate.columns()}
    counts = tuple(name for name in frame if name not in {*words, *numbers, *of_rates})
    return SourcedTable(frame, provenance, counts, rates, tuple(numbers), about)
