"""Whom a column of counts counts, so that counts of different tables can be held against each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

EVERYONE = frozenset({"everyone", "Everyone", "all ages", "all"})
"""Classes that are no class: a row of everyone says nothing of that dimension."""

Conditions = tuple[tuple[str, tuple[str, ...]], ...]
"""Dimensions, and the classes of each that are counted; all of them hold of whoever is counted."""


@dataclass(frozen=True)
class Counted:
    """Whom a count column counts, so that counts of different tables can be held against each other.

    Everybody is in exactly one class of a dimension; "yes" or "no" are the classes of being in a group. Dimensions and
    classes have the same name wherever they are the same thing, as they do in the rules that made them.

    Parameters
    ----------
    by
        Columns whose value is the class of a dimension of the same name. Written as ``column=dimension`` where the
        dimension has another name. A value in :data:`EVERYONE` is no condition.
    groups
        Columns whose value names a group that people may be in beside others: a condition, an element, a care gap.
        The row counts those in it. Written as ``column=prefix`` where the same name means other things elsewhere: the
        dimension is then the prefix, a colon and the value.
    where
        Conditions of every row: a dimension, and the classes of it that are counted.
    means
        Of some values of a column, the conditions that they stand for, in place of what ``by`` or ``groups`` would
        make of them: a union of classes, a step. Where only several columns together say it, a tuple of these stands
        for the column, and one of their values for the value. None: this says nothing of such rows.
    otherwise
        Whom rows count of which this says nothing; None where they count nothing that is counted elsewhere.
    of
        What is counted: ``people``, or events by their name. Only counts of the same thing are added up.
    also
        Others of the same network who are counted as well, under the same conditions, by the name that they have in
        ``of`` elsewhere: those who left, beside the people who are there.
    whole_place
        Whether people of all prepared networks of the place are counted, not of this one.
    networks
        Of a count of the place, the names of the networks that are counted; empty where it is all of them.
    never
        Conditions that nobody can meet together, by what they mean: nobody is under 18 and of 65 to 74. They hold of
        whoever is counted by these dimensions, whatever ``of`` says.

    Examples
    --------
    >>> old = {"age_group": {"65 or over": (("age_group", ("65-74", "75-84", "85+")),)}}
    >>> counted = Counted(by=("segment=segment of system_p", "age_group"), where=(("frail", ("yes",)),), means=old)
    >>> counted.box({"segment": "LTCs", "age_group": "85+"})
    (('age_group', ('85+',)), ('frail', ('yes',)), ('segment of system_p', ('LTCs',)))
    >>> counted.box({"segment": "Everyone", "age_group": "65 or over"})
    (('age_group', ('65-74', '75-84', '85+')), ('frail', ('yes',)))
    """

    by: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    where: Conditions = ()
    of: str = "people"
    whole_place: bool = False
    means: Mapping[Any, Mapping[Any, Conditions | None]] = field(default_factory=dict, hash=False)
    otherwise: Counted | None = None
    also: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    never: tuple[Conditions, ...] = ()

    def dimension(self, column: str) -> str:
        """Dimension of a column of ``by``."""
        return dict(map(_named, self.by)).get(column, column)

    def of_row(self, row: Mapping[str, Any]) -> tuple[Counted, Conditions] | None:
        """Which declaration says whom a row counts, this or one of ``otherwise``, with its conditions; None: none."""
        box = self.box(row)
        if box is not None:
            return self, box
        return self.otherwise.of_row(row) if self.otherwise else None

    def box(self, row: Mapping[str, Any]) -> Conditions | None:
        """Conditions that all hold of those whom a row counts, in order; None where this says nothing of the row.

        Of a dimension that is named more than once the classes are counted that all of them name; a row without any
        counts nobody. A row whose class is null is held against nothing.

        Parameters
        ----------
        row
            The values of a row of the table.
        """
        found: list[Conditions | None] = [self.where]
        said: set[str] = set()
        for columns, meaning in self.means.items():
            value = row[columns] if isinstance(columns, str) else tuple(row[column] for column in columns)
            if value in meaning:
                found.append(meaning[value])
                said.update([columns] if isinstance(columns, str) else columns)
        named = dict(map(_named, self.by)), dict(map(_named, self.groups))
        found += [_class_of(name, row[column]) for column, name in named[0].items() if column not in said]
        found += [_group_of(column, name, row[column]) for column, name in named[1].items() if column not in said]
        box: dict[str, set[str]] = {}
        for conditions in found:
            if conditions is None:
                return None
            for dimension, classes in conditions:
                box[dimension] = box.get(dimension, set(classes)) & set(classes)
        return tuple((dimension, tuple(sorted(box[dimension]))) for dimension in sorted(box))


def _class_of(dimension: str, value: Any) -> Conditions | None:
    """Those of a class; everyone, where it is none."""
    if not isinstance(value, str):
        return None
    return () if value in EVERYONE else ((dimension, (value,)),)


def _group_of(column: str, prefix: str, value: Any) -> Conditions | None:
    """Those in a group; everyone, where it is none."""
    if not isinstance(value, str):
        return None
    return () if value in EVERYONE else ((value if prefix == column else f"{prefix}: {value}", ("yes",)),)


def _named(column: str) -> tuple[str, str]:
    """A column and the name that is given to it; its own, where none is."""
    name, _, given = column.partition("=")
    return name, given or name
