"""National fifths of deprivation, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FIFTHS = ("most deprived", "second", "third", "fourth", "least deprived", "not known")
"""Fifths of England's areas by the Index of Multiple Deprivation; whoever has no English area is in the last."""

EDITIONS = {"2023-07": "2019", "2026-07": "2025"}
"""Edition of the Index of Multiple Deprivation that each vintage has; an invented place has none."""


def deprivation_fifth(decile: pd.Series) -> pd.Series:
    """Fifth of the area's national decile, in words.

    Parameters
    ----------
    decile
        1 (most deprived) to 10; null where the area has none.

    Examples
    --------
    >>> import pandas as pd
    >>> deprivation_fifth(pd.Series([1, 10, None], dtype="Int64")).to_list()
    ['most deprived', 'least deprived', 'not known']
    """
    position = ((decile.astype("Int64") + 1) // 2 - 1).fillna(len(FIFTHS) - 1).astype(int)
    return position.map(dict(enumerate(FIFTHS)))
