"""What is known of one person: their values, what they meet of all that a model asks, and what that is counted from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pcn_analysis.person import registers
from pcn_analysis.rules import AtLeast, Criterion, Holds, MoreThan, Not, Recorded, Several
from pcn_analysis.rules.criteria import leaves
from pcn_analysis.scores.long_term_conditions import LONG_TERM_CONDITIONS


@dataclass(frozen=True)
class Known:
    """What is known of one person, and of the records that are held of everyone.

    Parameters
    ----------
    row
        The person's values of the person table; None where missing. A column that is absent is not there.
    met
        Whether the person meets each single thing asked; what cannot be assessed is not there.
    deficits
        Names of the deficits of frailty that the person has; None where frailty is not counted from records.
    by_source
        Columns that the source itself fills.
    on
        The index date.
    avoided
        Conditions that the model asks for; others are taken first as examples of a number of conditions.
    """

    row: Mapping[str, Any]
    met: Mapping[Criterion, bool]
    deficits: frozenset[str] | None
    by_source: Collection[str]
    on: dt.date
    avoided: Collection[str] = ()

    def meets(self, criterion: Criterion) -> bool | None:
        """Whether the person meets a criterion; None where it cannot be assessed."""
        match criterion:
            case Several(criteria, at_least):
                found = [met for met in map(self.meets, criteria) if met is not None]
                return None if len(found) < at_least else sum(found) >= at_least
            case Not(inner):
                met = self.meets(inner)
                return None if met is None else not met
        return self.met.get(criterion)


def asked(criterion: Criterion) -> Iterator[Criterion]:
    """Every single thing that a criterion asks, and that the columns it reads are counted from."""
    for leaf in leaves(criterion):
        yield leaf
        for rule in behind(leaf):
            yield from asked(rule)


def behind(leaf: Criterion) -> list[Criterion]:
    """The rules that the column of a single thing is counted from; none where records alone fill it."""
    match leaf:
        case AtLeast("n_ltc") | MoreThan("n_ltc"):
            return [element.when for element in LONG_TERM_CONDITIONS]
        case Holds(column) if column in registers.criteria():
            return [registers.criteria()[column]]
        case Holds(column) if column.startswith("has_"):
            return [Recorded(column.removeprefix("has_"))]
    return []
