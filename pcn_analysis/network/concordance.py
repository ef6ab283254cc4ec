"""How far two groupings of the same practices agree: networks of two dates, networks and neighbourhoods, two plans.

No measure says it all. The Rand index and mutual information do not ask which group is which; the patients moved do:
groups are matched one to one so that as many patients as possible stay, and the rest would change groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from pcn_analysis.network.registered import check_practices_once

LESS_THAN_A_PATIENT = 1e-6
"""What a practice counts in the matching: all practices of England together less than one patient."""


@dataclass(frozen=True)
class Concordance:
    """How far two groupings agree.

    Parameters
    ----------
    practices, patients
        Practices in a group of both, which everything below is about, and their patients.
    left_out, left_out_patients
        Practices in a group of one only, and their patients.
    groups
        Groups of the one and of the other that have any of these practices.
    adjusted_rand, adjusted_mutual_information
        Agreement beyond chance, every practice counting alike: 1 if the groupings are the same, about 0 if they agree
        as two random ones would.
    adjusted_rand_patients
        The same index with patients as units. Patients of one practice are always together, so that it is higher
        than chance would make it for practices: compare it only between groupings of the same practices.
    mutual_information_patients
        Mutual information over patients as a share of the mean of the two entropies; not adjusted for chance, and so
        the higher the more groups there are.
    moved_practices, moved_patients
        Who would change groups under the best matching: the one that keeps most patients, and of these the one that
        keeps most practices. Fewer practices might move under another.
    matching
        One row a matched pair: group, other, patients in both, practices in both. Groups left over where one grouping
        has more of them have no row.
    """

    practices: int
    patients: float
    left_out: int
    left_out_patients: float
    groups: tuple[int, int]
    adjusted_rand: float
    adjusted_mutual_information: float
    adjusted_rand_patients: float
    mutual_information_patients: float
    moved_practices: int
    moved_patients: float
    matching: pd.DataFrame

    @property
    def moved_share(self) -> float:
        """Share of patients who would change groups."""
        return self.moved_patients / self.patients if self.patients else float("nan")


def concordance(one: pd.Series, other: pd.Series, weights: pd.Series) -> Concordance:
    """Compare two groupings of practices.

    Parameters
    ----------
    one, other
        Group by practice code; null where it is in none.
    weights
        List by practice code; a practice without one counts no patients.

    Raises
    ------
    PcnAnalysisError
        If a grouping or the lists name a practice twice.

    Examples
    --------
    >>> today = pd.Series({"A1": "U1", "A2": "U1", "B1": "U2", "B2": "U2"})
    >>> plan = pd.Series({"A1": "X", "A2": "X", "B1": "Y", "B2": "X"})
    >>> found = concordance(today, plan, pd.Series({"A1": 5, "A2": 6, "B1": 7, "B2": 2}))
    >>> found.moved_practices, found.moved_patients, found.moved_share
    (1, 2.0, 0.1)
    """
    from sklearn.metrics import adjusted_mutual_info_score

    for values, where in ((one, "one grouping"), (other, "the other grouping"), (weights, "lists")):
        check_practices_once(values, where)
    both = pd.concat([one.rename("one"), other.rename("other")], axis=1)
    both = both.assign(patients=weights.astype(float).reindex(both.index).fillna(0.0))
    whole = both[["one", "other"]].notna().all(axis=1)
    left_out = both[~whole & both[["one", "other"]].notna().any(axis=1)]
    both = both[whole]
    row, rows = pd.factorize(both["one"], sort=True)
    column, columns = pd.factorize(both["other"], sort=True)
    shape = (len(rows), len(columns))
    patients, practices = np.zeros(shape), np.zeros(shape)
    np.add.at(patients, (row, column), both["patients"].to_numpy())
    np.add.at(practices, (row, column), 1)
    matching = _matching(patients, practices, rows, columns)
    return Concordance(
        practices=len(both),
        patients=float(patients.sum()),
        left_out=len(left_out),
        left_out_patients=float(left_out["patients"].sum()),
        groups=shape,
        adjusted_rand=adjusted_rand(practices),
        adjusted_mutual_information=float(adjusted_mutual_info_score(row, column)) if len(both) else float("nan"),
        adjusted_rand_patients=adjusted_rand(patients),
        mutual_information_patients=normalised_mutual_information(patients),
        moved_practices=len(both) - int(matching["practices"].sum()),
        moved_patients=float(patients.sum() - matching["patients"].sum()),
        matching=matching,
    )


def adjusted_rand(table: np.ndarray) -> float:
    """Adjusted Rand index of a table of units by group of the one and group of the other.

    Returns
    -------
    float
        1 where both groupings put everything together, or nothing; not a number where there are not two units.

    References
    ----------
    Hubert L, Arabie P. Comparing partitions. J Classif 1985;2:193-218. doi:10.1007/BF01908075

    Examples
    --------
    >>> adjusted_rand(np.array([[2, 0], [0, 3]])), round(adjusted_rand(np.array([[1, 1], [1, 1]])), 2)
    (1.0, -0.5)
    """
    pairs, by_row, by_column = (float(_pairs(units).sum()) for units in (table, table.sum(axis=1), table.sum(axis=0)))
    total = float(_pairs(table.sum()))
    if total <= 0:
        return float("nan")
    expected = by_row * by_column / total
    possible = (by_row + by_column) / 2
    return 1.0 if possible == expected else (pairs - expected) / (possible - expected)


def normalised_mutual_information(table: np.ndarray) -> float:
    """Mutual information of a table of units, as a share of the mean of the two entropies; 1 if both are 0.

    Examples
    --------
    >>> round(normalised_mutual_information(np.array([[2.0, 0.0], [0.0, 2.0]])), 9)
    1.0
    """
    total = table.sum()
    if total <= 0:
        return float("nan")
    shares = table / total
    by_row, by_column = _entropy(shares.sum(axis=1)), _entropy(shares.sum(axis=0))
    mean = (by_row + by_column) / 2
    return 1.0 if mean == 0 else (by_row + by_column - _entropy(shares.ravel())) / mean


def _matching(patients: np.ndarray, practices: np.ndarray, rows: pd.Index, columns: pd.Index) -> pd.DataFrame:
    """Pairs of groups, one to one, that keep most patients; pairs with nothing in common are left out."""
    row, column = linear_sum_assignment(patients + LESS_THAN_A_PATIENT * practices, maximize=True)
    common = practices[row, column] > 0
    row, column = row[common], column[common]
    return pd.DataFrame(
        {
            "group": rows.take(row),
            "other": columns.take(column),
            "patients": patients[row, column],
            "practices": practices[row, column].astype(int),
        }
    )


def _pairs(units: np.ndarray) -> np.ndarray:
    """Pairs among so many units; an estimate of less than one unit makes none."""
    return np.maximum(units * (units - 1) / 2, 0)


def _entropy(shares: np.ndarray) -> float:
    """Entropy in bits."""
    positive = shares[shares > 0]
    return float(-(positive * np.log2(positive)).sum())
