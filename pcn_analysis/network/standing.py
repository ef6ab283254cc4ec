"""Where each network stands among others: among all of them, and among those of about its size."""

from __future__ import annotations

import numpy as np
import pandas as pd

SIMILAR = 200
"""How many networks nearest in rank of size a network is held against; our choice."""


def percentile(values: pd.Series) -> pd.Series:
    """Percentile of each value among all: the share of values below it and half of those equal to it, times 100.

    Missing values have none and count for nobody.

    Examples
    --------
    >>> percentile(pd.Series([0.2, 0.9, 0.9, None])).to_list()[:3]
    [16.666666666666664, 66.66666666666666, 66.66666666666666]
    """
    known = pd.to_numeric(values).astype(float)
    return (known.rank(method="average") - 0.5) / known.notna().sum() * 100


def similar(sizes: pd.Series, most: int = SIMILAR) -> np.ndarray:
    """Networks of about the size of each: those nearest in rank of size, itself among them.

    Parameters
    ----------
    sizes
        Size of each network. Equal sizes stay in the order given.
    most
        How many others; half of them are smaller and half larger, but for the smallest and the largest networks, whose
        neighbours are all on one side as far as need be. Where there are fewer networks, it is all of them.

    Returns
    -------
    array
        One row a network, in the order given: positions of the networks of its window.

    Examples
    --------
    >>> similar(pd.Series([10, 50, 20, 40]), most=2).tolist()
    [[0, 2, 3], [2, 3, 1], [0, 2, 3], [2, 3, 1]]
    """
    order = np.argsort(sizes.to_numpy(float), kind="stable")
    width = min(most + 1, len(order))
    place = np.empty(len(order), dtype=int)
    place[order] = np.arange(len(order))
    first = np.clip(place - width // 2, 0, len(order) - width)
    return order[first[:, None] + np.arange(width)]


def among_similar(values: pd.Series, sizes: pd.Series, most: int = SIMILAR) -> pd.Series:
    """Percentile of each value among networks of about the same size.

    Examples
    --------
    >>> among_similar(pd.Series([0.5, 0.6, 0.7, 0.1]), pd.Series([1, 2, 3, 4]), most=2).round().to_list()
    [17.0, 50.0, 83.0, 17.0]
    """
    own = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)
    others = own[similar(sizes, most)]
    below, equal = (others < own[:, None]).sum(axis=1), (others == own[:, None]).sum(axis=1)
    known = np.isfinite(others).sum(axis=1)
    with np.errstate(invalid="ignore"):
        share = np.where(np.isfinite(own), (below + equal / 2) / known, np.nan)
    return pd.Series(share * 100, values.index)
