"""Dimensions and their classes, as everybody knows them: which there are, and which are made of which."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pcn_analysis.release.audit.cells import YES_NO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pcn_analysis.counted import Conditions

OTHER = "(other)"
"""Class of those who are in none of the classes that are named."""

OLDEST = 10**6
"""Number that no age or count reaches."""

_BETWEEN = re.compile(r"(\d+) ?(?:-|–|to) ?(\d+)")
_FROM = re.compile(r"(\d+) ?(?:\+|or over|or more|and over|plus)")
_UNDER = re.compile(r"under (\d+)")
_ONE = re.compile(r"\d+")


@dataclass(frozen=True)
class Structure:
    """What everybody knows of how people are parted, beside the released numbers.

    Parameters
    ----------
    classes
        All classes of a dimension. By default they are those of the tables that are broken down by it, "yes" and "no",
        or, where no table is broken down by it, those that are named and :data:`OTHER`.
    unions
        Of a dimension, classes that are made of others. Bands of whole numbers need none: "65 or over" is known to be
        made of "65-74" and "75+".
    impossible
        Boxes that nobody can be in.
    networks
        Populations that a population of a whole place is made of. By default it is made of those of its networks that
        any cell is of, and of everybody else.
    practice
        The dimension of practices, whose people stay together when they change networks.
    practices
        Practices of a population. By default those that its cells name.
    """

    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unions: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    impossible: tuple[Conditions, ...] = ()
    networks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    practice: str = "practice"
    practices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Dimensions:
    """The smallest classes of each dimension, and what every class is made of.

    Parameters
    ----------
    boxes
        The boxes of all cells.
    complete
        Dimensions that tables are broken down by, so that all their classes are named.
    structure
        What else is known.

    Examples
    --------
    >>> bands = [(("age_group", (band,)),) for band in ("0-64", "65 or over", "70+")]
    >>> dimensions = Dimensions(bands, {"age_group"}, Structure())
    >>> dimensions.classes, dimensions.expanded(bands[1])
    ({'age_group': ('0-64', '65-69', '70+')}, (('age_group', ('65-69', '70+')),))
    """

    def __init__(self, boxes: Iterable[Conditions], complete: Iterable[str], structure: Structure):
        self.structure = structure
        named: defaultdict[str, set[str]] = defaultdict(set)
        for box in (*boxes, *structure.impossible):
            for dimension, within in box:
                named[dimension].update(within)
        self.parts: dict[str, dict[str, tuple[str, ...]]] = {}
        self.classes: dict[str, tuple[str, ...]] = {}
        for dimension, classes in named.items():
            those = frozenset(classes) | set(structure.classes.get(dimension, ()))
            if those <= YES_NO:
                those = YES_NO
            elif dimension not in complete and dimension not in structure.classes:
                those |= {OTHER}
            parts = _bands(those) | dict(structure.unions.get(dimension, {}))
            self.parts[dimension] = parts
            self.classes[dimension] = tuple(sorted({part for one in those for part in parts.get(one, (one,))}))
        self._impossible = [self.expanded(box) for box in structure.impossible]

    def implied(self, box: Conditions) -> dict[str, frozenset[str]]:
        """Conditions that all who are in a box meet: its own, and those that impossible boxes leave no way around."""
        met = {dimension: frozenset(classes) for dimension, classes in self.expanded(box)}
        more = True
        while more:
            more = False
            for never in self._impossible:
                if sum(one not in met for one, _ in never) > 1:
                    continue
                within = {one: met.get(one, frozenset(self.classes[one])) for one, _ in never}
                escape = [(one, within[one] - set(classes)) for one, classes in never if within[one] - set(classes)]
                if len(escape) == 1 and escape[0][1] != within[escape[0][0]]:
                    met[escape[0][0]], more = escape[0][1], True
        return met

    def expanded(self, box: Conditions) -> Conditions:
        """A box, in the smallest classes."""
        return tuple(
            (dimension, tuple(sorted({part for one in classes for part in self.parts[dimension].get(one, (one,))})))
            for dimension, classes in box
        )


def _bands(classes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What each band of whole numbers is made of, where bands overlap; nothing where none do."""
    bands = {one: band for one in classes if (band := _band(one))}
    ordered = sorted(bands.values())
    if all(first[1] <= then[0] for first, then in pairwise(ordered)):
        return {}
    edges = sorted({edge for band in ordered for edge in band})
    pieces = [(a, b) for a, b in pairwise(edges) if any(low <= a and b <= high for low, high in ordered)]
    return {
        one: tuple(sorted(_label(a, b) for a, b in pieces if low <= a and b <= high))
        for one, (low, high) in bands.items()
    }


def _band(name: str) -> tuple[int, int] | None:
    """First number of a band and the first beyond it; None for what is no band."""
    if found := _BETWEEN.fullmatch(name):
        return int(found[1]), int(found[2]) + 1
    if found := _FROM.fullmatch(name):
        return int(found[1]), OLDEST
    if found := _UNDER.fullmatch(name):
        return 0, int(found[1])
    return (int(name), int(name) + 1) if _ONE.fullmatch(name) else None


def _label(low: int, beyond: int) -> str:
    if beyond == OLDEST:
        return f"{low}+"
    return f"{low}-{beyond - 1}" if beyond - low > 1 else str(low)
