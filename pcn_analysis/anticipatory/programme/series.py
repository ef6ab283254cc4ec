"""Interrupted time series: whether the level and the slope of a monthly rate changed at a start.

Without a comparison the monthly contacts are a Poisson regression on time, season and the start. With one, the share
of each month's contacts that is of those with the programme takes their place (binomial, given the total): whatever
moved both series alike, season included, drops out.

Newey-West errors are too small in series as short as these. The larger is taken of them and of those of the model,
widened for overdispersion and for the correlation of each month with the one before.

References
----------
Lopez Bernal, Cummins and Gasparrini 2017, Interrupted time series regression, International Journal of Epidemiology
46:348-355, doi:10.1093/ije/dyw098; 2018, with controls, 47:2082-2093, doi:10.1093/ije/dyy135. Newey and West 1987,
Econometrica 55:703-708.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pcn_analysis.anticipatory.programme.regression import fitted
from pcn_analysis.anticipatory.programme.verdict import NOT_ESTIMATED, Estimate, too_few

FEWEST_MONTHS = 8
"""Months that are needed on either side of the start."""
FOR_SEASON = 24
"""Months in all from which a yearly wave is fitted."""

MOST_CARRIED = 0.8
"""Largest correlation of a month with the one before that errors are widened for."""


@dataclass(frozen=True)
class Interruption:
    """What changed at the start of a programme.

    Parameters
    ----------
    effect
        Mean ratio over the months after, of the fitted rate to that which would have gone on.
    level
        Ratio at the start.
    slope
        Factor by which the ratio changes with each month after.
    against
        What speaks against all of them.
    """

    effect: Estimate
    level: Estimate
    slope: Estimate
    against: tuple[str, ...]


def interruption(months: pd.DataFrame) -> Interruption:
    """Estimate level and slope.

    Parameters
    ----------
    months
        One row a month, in order: number (months since the start; the first month after it is 0), calendar (1 to 12),
        programme_events, programme_years and, with a comparison series, comparison_events and comparison_years.

    Examples
    --------
    >>> months = pd.DataFrame({"number": range(-10, 10), "calendar": 1, "programme_years": 10.0,
    ...     "programme_events": [100] * 10 + [50] * 10})
    >>> round(interruption(months).effect.value, 3)
    0.5
    """
    compared = "comparison_events" in months
    groups = ("programme", "comparison") if compared else ("programme",)
    after = months["number"] >= 0
    against = [
        f"fewer than {FEWEST_MONTHS} months {side} the start"
        for side, number in (("before", (~after).sum()), ("after", after.sum()))
        if number < FEWEST_MONTHS
    ]
    events = {
        f"{group}, {side}": int(months.loc[chosen, f"{group}_events"].sum())
        for group in groups
        for side, chosen in (("before", ~after), ("after", after))
    }
    against += too_few(events)
    held = months[(months[[f"{group}_years" for group in groups]] > 0).all(axis=1)]
    held = held[held[[f"{group}_events" for group in groups]].sum(axis=1) > 0] if compared else held
    sides = held.groupby(held["number"] >= 0).size()
    if min(events.values()) == 0 or len(sides) < 2 or sides.min() < 3:  # noqa: PLR2004
        return Interruption(NOT_ESTIMATED, NOT_ESTIMATED, NOT_ESTIMATED, tuple(against))
    return Interruption(*_estimated(held, compared=compared), tuple(against))


def _estimated(months: pd.DataFrame, *, compared: bool) -> tuple[Estimate, Estimate, Estimate]:
    from statsmodels.genmod.families import Binomial, Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    number = months["number"].to_numpy(dtype=float)
    after = (number >= 0).astype(float)
    columns = [np.ones(len(number)), number, after, after * number]
    if len(number) >= FOR_SEASON and not compared:
        angle = 2 * np.pi * months["calendar"].to_numpy(dtype=float) / 12
        columns += [np.sin(angle), np.cos(angle)]
    known = np.column_stack(columns)
    years = np.log(months["programme_years"].to_numpy(dtype=float))
    if compared:
        contacts = months[["programme_events", "comparison_events"]].to_numpy(dtype=float)
        offset = years - np.log(months["comparison_years"].to_numpy(dtype=float))
        model = GLM(contacts, known, family=Binomial(), offset=offset)
    else:
        model = GLM(months["programme_events"].to_numpy(dtype=float), known, family=Poisson(), offset=years)
    plain = fitted(model)
    lags = int(4 * (len(number) / 100) ** (2 / 9))
    kernel = fitted(model, cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True})
    spread = max(1.0, float(plain.pearson_chi2 / plain.df_resid)) * _carried_over(plain.resid_pearson, known.shape[1])
    found = []
    for weights in _contrasts(number, known.shape[1]):
        errors = [np.sqrt(weights @ cov @ weights) for cov in (kernel.cov_params(), spread * plain.cov_params())]
        found.append(Estimate.of_log(float(weights @ plain.params), float(max(errors)), float(plain.df_resid)))
    return found[0], found[1], found[2]


def _carried_over(residuals: np.ndarray, terms: int) -> float:
    """How much wider the variance is where a month resembles the one before; a fit hides some of it, which is added."""
    near = float((residuals[1:] * residuals[:-1]).sum() / (residuals**2).sum()) if residuals.any() else 0.0
    carried = min(max(near + terms / len(residuals), 0.0), MOST_CARRIED)
    return (1 + carried) / (1 - carried)


def _contrasts(number: np.ndarray, terms: int) -> list[np.ndarray]:
    """Weights of the terms in effect (at the mean month after the start), level (at its first) and slope."""
    mean, rest = number[number >= 0].mean(), [0.0] * (terms - 4)
    return [np.array([0, 0, level, slope, *rest]) for level, slope in ((1, mean), (1, 0), (0, 1))]
