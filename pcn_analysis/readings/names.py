"""Names in a sentence: of many the first, and how many more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

FEW = 4
"""So many names stand in a sentence."""


def first_of(names: Sequence[str]) -> str:
    """Join names as in a sentence; of many the first, and how many more.

    Examples
    --------
    >>> first_of(["a", "b"]), first_of(["a", "b", "c", "d", "e", "f"])
    ('a and b', 'a, b, c, d and 2 more')
    """
    more = len(names) - FEW
    return listed(names) if more <= 0 else f"{', '.join(names[:FEW])} and {more} more"
