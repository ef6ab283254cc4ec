"""What every sentence begins with: a released table, and the people that it is about."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from pcn_analysis.codes import NO_NETWORK_NAME
from pcn_analysis.provenance import SYNTHETIC_PEOPLE
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


class Reading(str):
    """A sentence that knows whether its people are invented: whoever shows it says so with it.

    Parameters
    ----------
    text
        The sentence.
    label
        What it is labelled with; empty where nobody is invented.
    """

    label: str

    def __new__(cls, text: str, label: str = "") -> Reading:
        """Make one of a plain sentence."""
        made = super().__new__(cls, text)
        made.label = label
        return made


def of_released(read: Callable[..., str]) -> Callable[..., Reading]:
    """Refuse to read out a table that has not passed the gate, and label what is read of invented people."""

    @wraps(read)
    def checked(table: ReleasedTable, *more: Any) -> Reading:
        tables = (table, *(other for other in more if not isinstance(other, (str, int))))
        for one in tables:
            check_released(one)
        invented = any(one.provenance.label == SYNTHETIC_PEOPLE for one in tables)
        return Reading(read(table, *more), SYNTHETIC_PEOPLE if invented else "")

    return checked


def may_name_practices(table: ReleasedTable) -> bool:
    """Whether a sentence may name practices: never real ones, of a published place, with numbers of invented people."""
    provenance = table.provenance
    published = any(source.kind == "published" for source in provenance.sources)
    return not (provenance.label == SYNTHETIC_PEOPLE and published)
