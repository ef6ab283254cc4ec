"""What every sentence begins with: a released table, and the people that it is about."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from pcn_analysis.codes import NO_NETWORK_NAME
from pcn_analysis.release import check_released

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcn_analysis.provenance import About
    from pcn_analysis.release import ReleasedTable


def who(about: About) -> str:
    """Which people a table is about: those of a network, those in none, or all of a place of records alone."""
    if about.network == NO_NETWORK_NAME:
        return f"in the records of {about.place} whose practice is not known or in no network"
    return f"registered with {about.network}" if about.network else f"in the records of {about.place}"


def of_released(read: Callable[..., str]) -> Callable[..., str]:
    """Refuse to read out a table that has not passed the gate."""

    @wraps(read)
    def checked(table: ReleasedTable, *more: Any) -> str:
        for one in (table, *(other for other in more if not isinstance(other, (str, int)))):
            check_released(one)
        return read(table, *more)

    return checked
