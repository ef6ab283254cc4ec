"""Columns with nulls as arrays and back, and what limits of one confidence are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray

LIMITS = (0.95, 0.998)
"""Confidence of the limits that public-health reports in England show: 95% and 99.8%."""


def floats(column: pd.Series) -> NDArray[np.float64]:
    """Numbers of a column; NaN where it is null.

    Examples
    --------
    >>> floats(pd.Series([1, None], dtype="Int64"))
    array([ 1., nan])
    """
    return column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def column(values: NDArray[np.float64], index: pd.Index) -> pd.Series:
    """Numbers as a nullable column; null where NaN or infinite.

    Examples
    --------
    >>> column(np.array([1.0, np.nan]), pd.RangeIndex(2)).to_list()
    [1.0, <NA>]
    """
    values = np.asarray(values, dtype=float)
    return pd.Series(pd.array(np.where(np.isfinite(values), values, np.nan), dtype="Float64"), index=index)


def normal_quantile(confidence: float) -> float:
    """How many standard errors a two-sided interval reaches to each side.

    Raises
    ------
    ValueError
        If the confidence is not between 0 and 1: 95 is not 0.95.

    Examples
    --------
    >>> round(normal_quantile(0.95), 4), round(normal_quantile(0.998), 4)
    (1.96, 3.0902)
    """
    if not 0 < confidence < 1:
        message = f"a confidence is between 0 and 1; this one is {confidence:g}"
        raise ValueError(message)
    return float(norm.ppf(0.5 + confidence / 2))


def limit_names(confidence: float, of: str = "") -> tuple[str, str]:
    """Names of the two columns of limits.

    Examples
    --------
    >>> limit_names(0.998), limit_names(0.95, of="sii")
    (('lower_99.8', 'upper_99.8'), ('sii_lower_95', 'sii_upper_95'))
    """
    start, percent = f"{of}_" if of else "", f"{100 * confidence:.6g}"
    return f"{start}lower_{percent}", f"{start}upper_{percent}"


def check_not_negative(**columns: pd.Series) -> None:
    """Raise if a column holds a negative number, saying which and how many.

    Examples
    --------
    >>> check_not_negative(population=pd.Series([10, -2]))
    Traceback (most recent call last):
    ValueError: population: 1 value is negative
    """
    found: dict[Hashable, int] = {name: int((floats(values) < 0).sum()) for name, values in columns.items()}
    wrong = [f"{name}: {n} value{'s are' if n > 1 else ' is'} negative" for name, n in found.items() if n]
    if wrong:
        raise ValueError("; ".join(wrong))
