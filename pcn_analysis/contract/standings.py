"""How sure a number is that rests on several clauses: as sure as the least sure of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.contract.clauses import NOT_KNOWN, OUR_CHOICE, PUBLISHED, TO_VERIFY

if TYPE_CHECKING:
    from collections.abc import Collection

WORST_FIRST = (NOT_KNOWN, TO_VERIFY, OUR_CHOICE, PUBLISHED)
"""Ends of standings; one that is carried over stands between our choice and published, unless it ends otherwise."""


def worst(standings: Collection[str]) -> str:
    """The standing that says least; of nothing at all, that it is not known.

    Examples
    --------
    >>> worst(["published", "to verify"]), worst(["published"]), worst([])
    ('to verify', 'published', 'not known')
    """
    return min(standings, key=_rank, default=NOT_KNOWN)


def _rank(standing: str) -> int:
    return next((rank for rank, one in enumerate(WORST_FIRST) if standing.endswith(one)), 1)
