"""Difference in differences: how contacts changed with a programme, beside how they changed without.

Contacts after the start, of all before and after, are a share that follows from time at risk and the change of the
rate. Someone's own level drops out of it, so that each unit (a practice, or a person) is held against itself: this is
the fixed-effects Poisson model, conditional on each unit's total. Only the mean has to be right for it; errors are
robust for units, which are those that got the programme as a whole.

References
----------
Wooldridge 1999, Distribution-free estimation of some nonlinear panel data models, Journal of Econometrics 90:77-97.
Abadie et al. 2023, When should you adjust standard errors for clustering?, Quarterly Journal of Economics 138:1-35
(cluster by what the programme was given to). MacKinnon, Nielsen and Webb 2023, Cluster-robust inference, Journal of
Econometrics 232:272-299 (the jackknife where clusters are few). Cengiz et al. 2019, Quarterly Journal of Economics
134:1405-1454 (units without the programme stand beside each start).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.anticipatory.programme.regression import fitted
from pcn_analysis.anticipatory.programme.verdict import NOT_ESTIMATED, Estimate, too_few

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_UNITS, FEWEST_EACH = 10, 4
"""Practices (or people with contacts) that are needed in all, and in each group, before an interval is believed."""
FEW = 50
"""Units up to which errors come from leaving out one after the other, with degrees of freedom of the smaller group."""


def change(units: pd.DataFrame, earlier: str, later: str) -> Estimate:
    """Ratio of two changes of a rate: with the programme, and without.

    Parameters
    ----------
    units
        One row a unit and start: unit, start, treated, and events and years of both periods (``<period>_events``,
        ``<period>_years``).
    earlier, later
        The two periods.

    Examples
    --------
    >>> units = pd.DataFrame({"unit": list("abcdef"), "start": 0, "treated": [True] * 3 + [False] * 3,
    ...     "before_events": [50, 60, 70] * 2, "before_years": 1.0, "after_years": 1.0,
    ...     "after_events": [25, 30, 35, 50, 60, 70]})
    >>> round(change(units, "before", "after").value, 3)
    0.5
    """
    rows = units[(units[f"{earlier}_years"] > 0) & (units[f"{later}_years"] > 0)]
    rows = rows[rows[f"{earlier}_events"] + rows[f"{later}_events"] > 0]
    held = rows.groupby("treated")[[f"{earlier}_events", f"{later}_events"]].sum()
    clusters = rows.groupby("treated")["unit"].nunique()
    if len(held) < 2 or (held == 0).any().any() or clusters.min() < 2:  # noqa: PLR2004
        return NOT_ESTIMATED
    contacts = rows[[f"{later}_events", f"{earlier}_events"]].to_numpy(dtype=float)
    starts = pd.get_dummies(rows["start"]).to_numpy(dtype=float)
    known = np.column_stack([rows["treated"].to_numpy(dtype=float), starts])
    offset = np.log(rows[f"{later}_years"] / rows[f"{earlier}_years"]).to_numpy(dtype=float)
    number, names = pd.factorize(rows["unit"])
    if len(names) > FEW:
        coefficient, error = _estimated(contacts, known, offset, number)
        return Estimate.of_log(coefficient, error, len(names) - 1)
    coefficient, _ = _estimated(contacts, known, offset)
    without = [
        _estimated(contacts[keep], known[keep], offset[keep])[0] for keep in (number != i for i in range(len(names)))
    ]
    error = math.sqrt((len(names) - 1) / len(names) * sum((one - coefficient) ** 2 for one in without))
    return Estimate.of_log(coefficient, error, int(clusters.min()) - 1)


def _estimated(
    contacts: NDArray[np.float64],
    known: NDArray[np.float64],
    offset: NDArray[np.float64],
    clusters: NDArray[np.intp] | None = None,
) -> tuple[float, float]:
    """Coefficient of the programme, and its cluster-robust error; a start that nobody has any more is left out."""
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    model = GLM(contacts, known[:, known.any(axis=0)], family=Binomial(), offset=offset)
    if clusters is None:
        return float(fitted(model).params[0]), math.nan
    robust = fitted(model, cov_type="cluster", cov_kwds={"groups": clusters})
    return float(robust.params[0]), float(robust.bse[0])


def compare(units: pd.DataFrame, *, unit: str) -> tuple[Estimate, Estimate, list[str]]:
    """Estimate the effect and look at the months before.

    Parameters
    ----------
    units
        As in :func:`change`, with periods before, after, early and late (the two halves of the months before).
    unit
        What a unit is called: practices, or people.

    Returns
    -------
    tuple
        Effect; the same ratio between the two halves of the months before, in which there was no programme; and what
        speaks against the effect.
    """
    sums = units.groupby("treated")[["before_events", "after_events"]].sum().reindex([True, False], fill_value=0)
    against = too_few(
        {
            f"{group}, {period}": int(sums.loc[treated, f"{period}_events"])
            for treated, group in ((True, "programme"), (False, "comparison"))
            for period in ("before", "after")
        }
    )
    seen = units[units["before_events"] + units["after_events"] > 0]
    groups = seen.groupby("treated")["unit"].nunique().reindex([True, False], fill_value=0)
    if groups.sum() < FEWEST_UNITS or groups.min() < FEWEST_EACH:
        against.append(f"fewer than {FEWEST_UNITS} {unit} in all, or {FEWEST_EACH} in a group")
    earlier = change(units, "early", "late")
    if earlier.excludes_none:
        against.append("pre-trends differ: contacts of the two groups changed differently before the start as well")
    return change(units, "before", "after"), earlier, against
