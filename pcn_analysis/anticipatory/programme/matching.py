"""Pair each person who got a programme with one who did not and was likely to have got it as well.

References
----------
Rosenbaum and Rubin 1985, Constructing a control group, American Statistician 39:33-38. Austin 2011, Optimal caliper
widths, Pharmaceutical Statistics 10:150-161, doi:10.1002/pst.433 (0.2 standard deviations of the logit). Austin 2009,
Balance diagnostics, Statistics in Medicine 28:3083-3107, doi:10.1002/sim.3697 (standardised differences below 0.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CALIPER = 0.2
"""Farthest that two of a pair may lie apart, in standard deviations of the logit of the propensity score."""
BALANCED = 0.1
"""Largest standardised difference that passes for none."""
_SPREAD = 1e-7
"""Parts people of the same score, at random, so that one person is not the nearest of all of them."""
_APART = 1e4
"""Distance between groups that are matched exactly; logits lie between -40 and 40."""


def numbers(people: pd.DataFrame, covariates: Sequence[str]) -> pd.DataFrame:
    """Covariates as columns of numbers: flags and numbers as they are, words as one column each.

    Missing is a column of its own beside a number, which is then given the mean; of words it is a word. A column that
    is the same for everyone is left out.

    Examples
    --------
    >>> people = pd.DataFrame({"age": pd.array([70, None], dtype="Int64"), "sex": ["female", "male"]})
    >>> numbers(people, ["age", "sex"]).columns.to_list()
    ['age, not known', 'sex: female', 'sex: male']
    """
    found: dict[str, Any] = {}
    for name in covariates:
        column = people[name]
        if column.dtype.kind in "iufb" or str(column.dtype) in ("Int64", "Float64", "boolean"):
            values = column.astype("Float64").astype("float64")
            found[name] = values.fillna(values.mean() if values.notna().any() else 0.0)
            found[f"{name}, not known"] = values.isna().astype("float64")
        elif column.dtype.kind == "M":
            values = (column - column.min()) / pd.Timedelta(days=365.25)
            found[name] = values.fillna(values.mean() if values.notna().any() else 0.0)
            found[f"{name}, not known"] = column.isna().astype("float64")
        else:
            words = column.astype("object").where(column.notna(), NOT_KNOWN).astype("str")
            found |= {f"{name}: {word}": (words == word).astype("float64") for word in sorted(words.unique())}
    columns = pd.DataFrame(found, index=people.index)
    return columns.loc[:, columns.max() > columns.min()]


def logits(columns: pd.DataFrame, treated: pd.Series) -> NDArray[np.float64]:
    """Logit of the chance of getting the programme, from a logistic regression on standardised covariates.

    A very weak penalty lets a covariate that parts the groups altogether have a finite, large weight: the groups then
    overlap nowhere and nobody is matched.
    """
    if columns.empty:
        return np.zeros(len(treated))
    from sklearn.linear_model import LogisticRegression

    x = ((columns - columns.mean()) / columns.std(ddof=0)).to_numpy(dtype=float)
    fitted = LogisticRegression(C=1e3, solver="newton-cholesky").fit(x, treated.to_numpy(dtype=bool))
    return np.asarray(np.clip(fitted.decision_function(x), -40, 40), dtype=float)


def pairs(people: pd.DataFrame, *, by: Sequence[str], seed: int = 0) -> pd.DataFrame:
    """Match without replacement: nearest logit first, within the caliper, in groups that agree exactly.

    In each round everyone unmatched who got the programme asks the nearest who is left; the nearest of those who ask
    is taken. People are put in an order of chance first, so that the order of records decides nothing.

    Parameters
    ----------
    people
        One row a person and day on which somebody started: person_id, treated, logit, and the columns of ``by``. The
        same person may stand in several rows that are not treated, and is matched once.
    by
        Columns in which two of a pair agree.
    seed
        Of the order.

    Returns
    -------
    DataFrame
        One row a pair: treated_row and comparison_row, labels of ``people``.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcd"), "treated": [True, True, False, False],
    ...     "logit": [0.0, 1.0, 1.0, 9.0], "sex": "female"})
    >>> pairs(people, by=["sex"]).to_numpy().tolist()
    [[1, 2]]
    """
    logit = people["logit"].to_numpy(dtype=float)
    caliper = CALIPER * float(np.std(logit)) + 2 * _SPREAD
    draws = np.random.default_rng(seed)
    group = people.groupby(list(by), dropna=False, sort=True).ngroup().to_numpy() if by else np.zeros(len(people))
    place = group * _APART + logit + draws.uniform(-_SPREAD, _SPREAD, len(people))
    who = pd.factorize(people["person_id"])[0]
    treated = people["treated"].to_numpy(dtype=bool)
    asking, free = np.flatnonzero(treated), np.flatnonzero(~treated)
    first, second = [], []
    while len(asking) and len(free):
        free = free[np.argsort(place[free], kind="stable")]
        nearest, distance = _nearest(place[asking], place[free])
        near = distance <= caliper
        asking, nearest, distance = asking[near], nearest[near], distance[near]
        asked = pd.DataFrame({"asking": asking, "row": free[nearest], "who": who[free[nearest]], "distance": distance})
        taken = asked.sort_values(["distance", "asking"]).drop_duplicates("who")
        first.append(taken["asking"].to_numpy())
        second.append(taken["row"].to_numpy())
        asking = asking[~np.isin(asking, taken["asking"])]
        free = free[~np.isin(who[free], taken["who"])]
    chosen = [np.concatenate(one) if one else np.array([], dtype=int) for one in (first, second)]
    rows = pd.DataFrame({"treated_row": people.index[chosen[0]], "comparison_row": people.index[chosen[1]]})
    return rows.sort_values("treated_row", ignore_index=True)


def _nearest(of: NDArray[np.float64], among: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Position of the nearest of some ordered values, and how far it is."""
    right = np.searchsorted(among, of).clip(0, len(among) - 1)
    left = (right - 1).clip(0)
    nearest = np.where(np.abs(among[left] - of) <= np.abs(among[right] - of), left, right)
    return nearest, np.abs(among[nearest] - of)


def balance(columns: pd.DataFrame, treated: pd.Series, matched: pd.DataFrame) -> pd.DataFrame:
    """Standardised mean differences before and after matching.

    Both are in standard deviations of the groups before matching, the mean of their variances, so that a difference
    does not seem to shrink because the groups that were chosen are more varied.

    Returns
    -------
    DataFrame
        One row a column of numbers: covariate, before, after.
    """
    yes, no = columns[treated], columns[~treated]
    spread = np.sqrt((yes.var(ddof=0) + no.var(ddof=0)) / 2)
    spread = spread.where(spread > 0)
    before = (yes.mean() - no.mean()) / spread
    paired, others = columns.loc[matched["treated_row"]], columns.loc[matched["comparison_row"]]
    after = (paired.mean() - others.mean()) / spread
    rows = pd.DataFrame({"before": before, "after": after}).rename_axis("covariate").reset_index()
    return rows.astype({"covariate": "str", "before": "Float64", "after": "Float64"})
