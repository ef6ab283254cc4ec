"""Whether what tables say that they count is true of the numbers in them, before anything is rounded.

A declaration (:class:`pcn_analysis.provenance.Counted`) is a promise: the audit of what is released believes it. Here
every promise that numbers can break is held against the numbers of many tables at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple

import pandas as pd

from pcn_analysis.provenance import Counted, SourcedTable

GROUP = {"yes", "no", "not known"}
"""Classes of being in a group; of one of which only some are counted, these are not everybody."""

Box = tuple[tuple[str, tuple[str, ...]], ...]


class Whose(NamedTuple):
    """Of whom something is counted."""

    place: str
    networks: tuple[str, ...]
    date: str
    what: tuple[str, ...]


class Cell(NamedTuple):
    """What is counted: of whom, and under which conditions."""

    whose: Whose
    box: Box


@dataclass
class Declared:
    """Every declared cell of some tables: its values and where each was, with the classes of each dimension.

    A number that is left out has no value, but its classes are there. All classes are there of a dimension that a table
    is broken down by.
    """

    seen: dict[Cell, dict[float, str]] = field(default_factory=lambda: defaultdict(dict))
    classes: dict[tuple[Whose, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    never: dict[Whose, set[Box]] = field(default_factory=lambda: defaultdict(set))
    complete: set[str] = field(default_factory=set)

    def value(self, cell: Cell) -> float | None:
        """The first value of a cell; None where it is in no table."""
        return next(iter(self.seen[cell]), None) if cell in self.seen else None


def problems_of(tables: Mapping[str, SourcedTable]) -> list[str]:
    """Everything that tables say they count, and that their numbers contradict.

    Parameters
    ----------
    tables
        Tables before release by the name that a problem is to have; of any networks and dates.

    Returns
    -------
    list of str
        A sentence a problem, none where all is well: a declared column that is no count; a cell with two values;
        classes that do not add up; more people under more conditions; people where there can be none.
    """
    problems = [
        f"{name}: {column} is declared and is no count of it"
        for name, table in tables.items()
        for column in table.counted
        if column not in table.counts
    ]
    found = declared(tables)
    checks = (_two_values, _sums, _parts_of_people, _inclusions, _impossible)
    return [*problems, *(one for check in checks for one in check(found))]


def undeclared(tables: Mapping[str, SourcedTable]) -> list[str]:
    """Count columns that do not say whom they count."""
    return [f"{name}: {one}" for name, table in tables.items() for one in table.counts if one not in table.counted]


def cells(name: str, table: SourcedTable) -> Iterator[tuple[str, Cell, Any, Counted]]:
    """Where each declared number of a table is, what it counts, the number, and what was declared."""
    rows = table.frame.to_dict("records")
    for column, counted in table.counted.items():
        for number, row in enumerate(rows):
            said = counted.of_row(row) if column in row else None
            if said is not None:
                one, box = said
                yield f"{name}, {column} of row {number}", Cell(_whose(table, one), box), row[column], one


def declared(tables: Mapping[str, SourcedTable]) -> Declared:
    """Every declared cell of some tables."""
    found = Declared()
    for name, table in tables.items():
        for where, cell, value, counted in cells(name, table):
            found.never[cell.whose._replace(networks=())].update(counted.never)
            found.complete.update(counted.dimension(one.partition("=")[0]) for one in counted.by)
            for dimension, some in cell.box:
                found.classes[cell.whose, dimension].update(some)
            if not pd.isna(value):
                found.seen[cell].setdefault(float(value), where)
    return found


def _whose(table: SourcedTable, counted: Counted) -> Whose:
    about = table.about
    assert about is not None, "a declared table says what it is about"
    networks = (counted.networks or ("*",)) if counted.whole_place else (about.network,)
    return Whose(about.place, tuple(sorted(networks)), about.date.isoformat(), (counted.of, *counted.also))


def _two_values(found: Declared) -> Iterator[str]:
    for cell, values in found.seen.items():
        if len(values) > 1:
            yield f"{_words(cell)} is " + "; ".join(f"{value:g} ({where})" for value, where in values.items())


def _sums(found: Declared) -> Iterator[str]:
    """A cell whose classes of a dimension are all counted one by one is their sum."""
    parts: dict[Cell, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for cell in found.seen:
        for dimension, some in cell.box:
            if len(some) == 1:
                value = found.value(cell)
                parts[without(cell, dimension)][dimension][some[0]] = value if value is not None else 0.0
    for cell in list(found.seen):
        box, value = dict(cell.box), found.value(cell)
        for dimension in {*box, *parts.get(cell, {})}:
            rest = without(cell, dimension)
            wanted = set(box.get(dimension, found.classes[cell.whose, dimension]))
            single = parts.get(rest, {}).get(dimension, {})
            some = dimension not in box and _open(found, dimension, wanted)
            if not wanted <= set(single) or len(wanted) == 1 or some:
                continue
            total = sum(single[one] for one in wanted)
            if total != value:
                yield f"{_words(cell)} is {value:g}{_at(found, cell)}, its classes of {dimension} add up to {total:g}"


def _parts_of_people(found: Declared) -> Iterator[str]:
    """What is counted of several peoples or networks is the sum of each, and no less than any."""
    for cell in list(found.seen):
        for one, of in (("what", cell.whose.what), ("networks", cell.whose.networks)):
            if len(of) == 1:
                continue
            parts = [
                found.value(Cell(cell.whose._replace(what=(part,)) if one == "what" else
                                 cell.whose._replace(networks=(part,)), cell.box))
                for part in of
            ]  # fmt: skip
            known, value = [part for part in parts if part is not None], found.value(cell) or 0.0
            if sum(known) > value or (len(known) == len(parts) and sum(known) != value):
                yield f"{_words(cell)} is {value:g}{_at(found, cell)} and its parts add up to {sum(known):g}"


def _inclusions(found: Declared) -> Iterator[str]:
    """Nobody is left out by one condition less, or by more classes of one."""
    shaped: dict[tuple[Whose, tuple[str, ...]], list[Cell]] = defaultdict(list)
    for cell in found.seen:
        if any(len(some) > 1 for _, some in cell.box):
            shaped[cell.whose, tuple(name for name, _ in cell.box)].append(cell)
    for cell in list(found.seen):
        value = found.value(cell) or 0.0
        for size in range(len(cell.box) + 1):
            for kept in combinations(cell.box, size):
                names = tuple(name for name, _ in kept)
                wider = [one for one in shaped[cell.whose, names] if _covers(one.box, kept)]
                for one in {Cell(cell.whose, kept), *wider} - {cell}:
                    whole = found.value(one)
                    if whole is not None and whole < value:
                        yield (f"{_words(cell)} is {value:g}{_at(found, cell)}, more than "
                               f"{_words(one)}, {whole:g}{_at(found, one)}")  # fmt: skip


def _impossible(found: Declared) -> Iterator[str]:
    """Nobody meets conditions that cannot be met together."""
    for cell in list(found.seen):
        value = found.value(cell)
        for never in found.never[cell.whose._replace(networks=())]:
            box = dict(cell.box)
            if value and all(set(box.get(name, ("?",))) <= set(some) for name, some in never):
                yield f"{_words(cell)} is {value:g}{_at(found, cell)} and cannot be"


def _open(found: Declared, dimension: str, classes: set[str]) -> bool:
    """Whether somebody may be in none of these classes: of a group not all, or no table is broken down by them."""
    return not classes >= {"yes", "no"} and (classes <= GROUP or dimension not in found.complete)


def _covers(wide: Box, narrow: Box) -> bool:
    return all(set(many) >= set(few) for (_, many), (_, few) in zip(wide, narrow, strict=True))


def without(cell: Cell, dimension: str) -> Cell:
    """A cell without its condition of a dimension."""
    return Cell(cell.whose, tuple(one for one in cell.box if one[0] != dimension))


def _at(found: Declared, cell: Cell) -> str:
    return f" ({next(iter(found.seen[cell].values()))})"


def _words(cell: Cell) -> str:
    conditions = "; ".join(f"{name}: {' or '.join(some)}" for name, some in cell.box) or "everyone"
    return f"[{' + '.join(cell.whose.what)} of {', '.join(cell.whose.networks)}, {cell.whose.date}: {conditions}]"
