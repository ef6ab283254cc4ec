"""What was released: every number that left, whom it counts and between which values it lies, one line a table.

The register is what a new release is held against. It is only ever added to, and holds nothing that is not out: of each
number what everybody learns who reads it. A page that is made again and says the same adds nothing. One that says
other things of the same network and date, from another extract or under other rules, tells of another edition of the
same people (:func:`of_edition`): both can be true, and the audit weighs them together as it does two dates.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import defaultdict
from dataclasses import astuple, dataclass, replace
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from pcn_analysis.exceptions import problem
from pcn_analysis.release.audit import Cell, Seen, cells_of
from pcn_analysis.release.audit.cells import WHOLE, Population
from pcn_analysis.stored import replacing_file
from pcn_analysis.words import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pcn_analysis.release.disclosure import ReleasedTable

FOLDER = "released"
"""Folder of the register under ``data/``; a folder of each place in it."""


@dataclass(frozen=True)
class Told:
    """What one released table tells.

    Parameters
    ----------
    table
        What the table is called: its report, its number there, and the dimensions that it is broken down by.
    profile
        The profile under which it was released.
    seen
        What its numbers tell.
    run, released
        The run in which it was released, and when, in UTC; empty until it is.
    """

    table: str
    profile: str
    seen: tuple[Seen, ...]
    run: str = ""
    released: str = ""

    @property
    def sha256(self) -> str:
        """Hash of what it tells, by which the same table is known again."""
        facts = {name: value for name, value in _plain(self).items() if name not in ("run", "released")}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def told(table: ReleasedTable, name: str) -> Told:
    """What a released table tells, under a name."""
    return Told(name, table.profile, tuple(cells_of(table, name)))


def of_edition(tables: Sequence[Told], before: Sequence[Told], *, anew: bool = False) -> list[Told]:
    """Tables of one run, of the first edition of their people in which nothing was told otherwise before.

    That is the first edition where what was told is the same, or is of other cells. Populations that a cell of the run
    adds up, and those of a whole place and its networks, are of one edition: they were told of from the same records.

    Parameters
    ----------
    tables
        The tables of the run. Which editions their cells name does not matter.
    before
        All that was released of the place, with the editions that it was given.
    anew
        Make it another edition in any case, as where numbers that agree one by one cannot all be true together.

    Examples
    --------
    >>> def told_of(patients):
    ...     cell = Cell(("Marlhaven|Harbour PCN|2026-07-01",))
    ...     return [Told("everyone", "hes", (Seen(cell, patients - 2, patients + 2, "rounded", "", 0, "patients"),))]
    >>> [str(of_edition(told_of(n), told_of(215))[0].seen[0].cell) for n in (215, 220)]
    ['Harbour PCN: everyone', 'Harbour PCN (second edition of 2026-07-01): everyone']
    """
    now, then = _statements(tables, first=True), _statements(before)
    editions: dict[str, int] = {}
    latest = max((Population.parse(name).edition for cell in then for name in cell.populations), default=0)
    for names in _together(cell.populations for cell in now):
        cells = [cell for cell in now if names.issuperset(cell.populations)]
        edition = next(
            number
            for number in count(latest + 1 if anew else 1)
            if not any(_otherwise(now[cell], then.get(_in_editions(cell, number), ())) for cell in cells)
        )
        editions |= dict.fromkeys(names, edition)
    return [replace(one, seen=tuple(_of_its_edition(one.seen, editions))) for one in tables]


def as_told(cells: Iterable[Cell]) -> frozenset[Cell]:
    """Cells as notebooks name them, who know of no editions.

    Examples
    --------
    >>> [str(cell) for cell in as_told({Cell(("Marlhaven|Harbour PCN|2026-07-01|2",))})]
    ['Harbour PCN: everyone']
    """
    return frozenset(_in_editions(cell, 1) for cell in cells)


def record(path: Path, tables: Iterable[Told], *, run: str, released: str) -> int:
    """Add tables to a register, but for those that it already has; returns how many were added.

    The register is written aside and renamed, so that a run that is stopped leaves a whole one.
    """
    there = {one.sha256 for one in read(path)}
    new = [replace(one, run=run, released=released) for one in tables if one.sha256 not in there]
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing_file(path) as aside:
            if path.exists():
                shutil.copyfile(path, aside)
            with aside.open("a", encoding="ascii", newline="\n") as file:
                file.writelines(line(one) for one in new)
    return len(new)


def read(path: Path) -> list[Told]:
    """Read a register; none is an empty one.

    Raises
    ------
    PcnAnalysisError
        If a line is damaged: without it, what a new release tells together with it would not be known.
    """
    if not path.exists():
        return []
    lines = path.read_text(encoding="ascii").splitlines()
    tables, damaged = [], 0
    for one in lines:
        try:
            tables.append(_told(json.loads(one)))
        except (ValueError, KeyError, TypeError):
            damaged += 1
    if damaged:
        raise problem(
            path.name,
            f"{damaged} of {len(lines)} lines of the release register are damaged",
            "Restore it from a copy: what was released has to be known before anything more is.",
        )
    return tables


def line(told_: Told) -> str:
    """A table as a line of the register."""
    return json.dumps(_plain(told_)) + "\n"


class _Statement(NamedTuple):
    """What a released number says of a cell, and the profile by which it says so."""

    low: int
    high: int | None
    profile: str
    withheld: bool

    def agrees(self, other: _Statement) -> bool:
        """Whether both can be of one number: under one profile, they say the same; otherwise there is such a number."""
        if self.profile == other.profile and not self.withheld and not other.withheld:
            return (self.low, self.high) == (other.low, other.high)
        highs = [one.high for one in (self, other) if one.high is not None]
        return all(max(self.low, other.low) <= high for high in highs)


def _statements(tables: Iterable[Told], *, first: bool = False) -> dict[Cell, set[_Statement]]:
    """All that tables say of each cell, taken as of the first edition if so asked."""
    said: defaultdict[Cell, set[_Statement]] = defaultdict(set)
    for table in tables:
        for one in table.seen:
            statement = _Statement(one.low, one.high, table.profile, one.kind == WITHHELD)
            said[_in_editions(one.cell, 1) if first else one.cell].add(statement)
    return dict(said)


def _otherwise(now: Iterable[_Statement], then: Collection[_Statement]) -> bool:
    """Whether anything that is said now is neither what was said then, nor agrees with all of it."""
    return any(one not in then and not all(one.agrees(other) for other in then) for one in now)


def _together(populations: Iterable[tuple[str, ...]]) -> list[frozenset[str]]:
    """Populations whose numbers are added up somewhere, among all of which any are."""
    those = set(populations)
    of_place: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for name in (name for names in those for name in names):
        one = Population.parse(name)
        of_place[one.place, one.date].add(name)
    whole = [names for (place, date), names in of_place.items() if str(Population(place, WHOLE, date)) in names]
    joined: dict[str, frozenset[str]] = {}
    for names in (*those, *whole):
        group = frozenset().union(*(joined.get(name, {name}) for name in names))
        joined |= dict.fromkeys(group, group)
    return sorted(set(joined.values()), key=sorted)


def _in_editions(cell: Cell, edition: int) -> Cell:
    """A cell of another edition of its populations."""
    return replace(cell, populations=tuple(_in_edition(name, edition) for name in cell.populations))


@cache
def _in_edition(name: str, edition: int) -> str:
    return str(Population.parse(name)._replace(edition=edition))


def _of_its_edition(seen: Iterable[Seen], editions: Mapping[str, int]) -> Iterator[Seen]:
    for one in seen:
        edition = editions[_in_edition(one.cell.populations[0], 1)]
        yield replace(one, cell=_in_editions(one.cell, edition))


def _plain(one: Told) -> dict[str, Any]:
    columns = {each.column: [each.by, each.never] for each in one.seen}
    numbers = [
        [[*astuple(each.cell)], each.low, each.high, each.kind, each.row, each.column] for each in one.seen
    ]  # fmt: skip
    facts = {"table": one.table, "profile": one.profile, "run": one.run, "released": one.released}
    return {**facts, "columns": columns, "numbers": numbers}


def _told(facts: Mapping[str, Any]) -> Told:
    table, columns = str(facts["table"]), {name: tuples(both) for name, both in facts["columns"].items()}
    seen = tuple(
        Seen(Cell(*tuples(cell)), low, high, kind, table, row, column, *columns[column])
        for cell, low, high, kind, row, column in facts["numbers"]
    )
    return Told(table, str(facts["profile"]), seen, str(facts["run"]), str(facts["released"]))


def tuples(value: Any) -> Any:
    """A list as a tuple, with those that are in it."""
    return tuple(map(tuples, value)) if isinstance(value, list) else value
