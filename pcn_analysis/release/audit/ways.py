"""Ways of filling in what is not shown: the first, and of each other one only what it has different."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np


class Ways(Sequence[np.ndarray]):
    """Ways of filling in, in the order in which they were found.

    A way is a number of people for each of many atoms; two of them differ in a few. So a thousand ways take hardly more
    room than one.

    Examples
    --------
    >>> import numpy as np
    >>> ways = Ways()
    >>> ways.append(np.array([3, 0, 2])), ways.append(np.array([2, 1, 2]))
    (None, None)
    >>> len(ways), ways[1].tolist()
    (2, [2, 1, 2])
    """

    def __init__(self) -> None:
        self._first = np.empty(0, int)
        self._other: list[tuple[np.ndarray, np.ndarray]] = []

    def append(self, way: np.ndarray) -> None:
        """Add a way; as it is now."""
        if not self._other:
            self._first = way.copy()
        where = np.flatnonzero(way != self._first).astype(np.int32)
        self._other.append((where, way[where].astype(np.int32)))

    def __len__(self) -> int:
        return len(self._other)

    @overload
    def __getitem__(self, number: int) -> np.ndarray: ...
    @overload
    def __getitem__(self, number: slice) -> list[np.ndarray]: ...
    def __getitem__(self, number: int | slice) -> np.ndarray | list[np.ndarray]:
        if isinstance(number, slice):
            return [self[i] for i in range(len(self))[number]]
        where, other = self._other[number]
        way = self._first.copy()
        way[where] = other
        return way
