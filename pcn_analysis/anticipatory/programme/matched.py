"""Matched comparison: contacts of those who got a programme and of their pairs, from the same day on.

References
----------
Ho, Imai, King and Stuart 2007, Matching as nonparametric preprocessing, Political Analysis 15:199-236 (what sets pairs
apart after matching is adjusted for by regression).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.anticipatory.programme.matching import BALANCED, balance, logits, numbers, pairs
from pcn_analysis.anticipatory.programme.regression import fitted
from pcn_analysis.anticipatory.programme.verdict import NOT_ESTIMATED, Estimate, too_few
from pcn_analysis.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEAST_MATCHED = 0.5
"""Share of those who got the programme that has to find a pair."""
FEWEST_PAIRS = 20
"""Pairs below which an interval that is robust for pairs does not hold."""
FOR_EACH = 10
"""Contacts for each column of covariates from which these are in the regression too."""
_FOLLOWS = 1e-8
"""Share of a column that is left, once others are taken from it, below which it follows from them."""


def match(
    people: pd.DataFrame, covariates: Sequence[str], exact: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Match, and say whether the pairs are alike.

    Parameters
    ----------
    people
        One row a person and start that could be matched: person_id, start, treated, the covariates and what has to
        agree exactly. Rows of one pair agree in ``start`` too: nobody who died or left before it is in the rows.
    covariates, exact
        Names of columns.

    Returns
    -------
    tuple
        Rows of those who were matched, with ``pair``; balance (:func:`pcn_analysis.anticipatory.programme.matching
        .balance`); and what speaks against the comparison.
    """
    people = people.reset_index(drop=True)
    columns = numbers(people, covariates)
    found = pairs(people.assign(logit=logits(columns, people["treated"])), by=["start", *exact])
    rows = balance(columns, people["treated"], found)
    against = []
    unlike = rows[~(rows["after"].abs() <= BALANCED).fillna(False)]["covariate"].to_list()
    if len(found) and unlike:
        against.append(f"unbalanced after matching (standardised difference above {BALANCED}): {listed(unlike)}")
    if len(found) < LEAST_MATCHED * people["treated"].sum():
        against.append(f"fewer than {LEAST_MATCHED:.0%} of those who got the programme have anybody like them")
    if len(found) < FEWEST_PAIRS:
        against.append(f"fewer than {FEWEST_PAIRS} pairs")
    rank = pd.Series(found.index, index=found["treated_row"])
    rank = pd.concat([rank, pd.Series(found.index, index=found["comparison_row"])])
    return people.loc[rank.index].assign(pair=rank.to_numpy()), rows, against


def compare(people: pd.DataFrame, covariates: Sequence[str]) -> tuple[Estimate, list[str]]:
    """Ratio of two rates, with an interval that is robust for pairs.

    A Poisson regression on the group, with time at risk as exposure and errors clustered by pair. The covariates are in
    it as well, so that what little sets two of a pair apart is not taken for an effect; not so where there are fewer
    than ``FOR_EACH`` contacts for each of their columns.

    Parameters
    ----------
    people
        Two rows a pair, one of each group: pair, treated, events, years (at risk; less for who died or left), and the
        covariates.
    covariates
        Names of columns.

    Returns
    -------
    tuple
        Ratio of rates, which is not estimated from fewer than ``FEWEST_PAIRS`` pairs, and what speaks against it.
    """
    sums = people.groupby("treated")[["events", "years"]].sum().reindex([True, False], fill_value=0)
    against = too_few({"programme": int(sums.loc[True, "events"]), "comparison": int(sums.loc[False, "events"])})
    if (sums <= 0).any(axis=None) or len(people) < 2 * FEWEST_PAIRS:
        return NOT_ESTIMATED, against
    columns = _independent(numbers(people, covariates))
    if columns.shape[1] * FOR_EACH > sums["events"].sum():
        columns = columns[:, :0]
    return _estimated(people, columns), against


def _independent(columns: pd.DataFrame) -> NDArray[np.float64]:
    """Standardised columns without those that follow from others, as that of the last word from those of the rest."""
    if columns.empty:
        return np.zeros((len(columns), 0))
    from scipy.linalg import qr

    standard = ((columns - columns.mean()) / columns.std(ddof=0)).to_numpy(dtype=float)
    triangle, order = qr(standard, mode="r", pivoting=True)
    rest = np.abs(np.diag(triangle))
    return standard[:, np.sort(order[: len(rest)][rest > _FOLLOWS * rest[0]])]


def _estimated(people: pd.DataFrame, columns: NDArray[np.float64]) -> Estimate:
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    known = np.column_stack([people["treated"].to_numpy(dtype=float), np.ones(len(people)), columns])
    if np.linalg.matrix_rank(known) < known.shape[1]:  # a covariate that is the group itself: they overlap nowhere
        known = known[:, :2]
    years = np.log(people["years"].to_numpy(dtype=float))
    model = GLM(people["events"].to_numpy(dtype=float), known, family=Poisson(), offset=years)
    robust = fitted(model, cov_type="cluster", cov_kwds={"groups": people["pair"].to_numpy()})
    return Estimate.of_log(float(robust.params[0]), float(robust.bse[0]), len(people) / 2 - 1)
