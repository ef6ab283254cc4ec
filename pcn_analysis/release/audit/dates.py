"""What numbers of one date tell of another: few come or go within days, and practices keep their people.

Editions of one date are alike in this: few change from one extract, or one version of the rules, to the next.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from pcn_analysis.release.audit.cells import WHOLE, Cell, Known, Population
from pcn_analysis.release.audit.model import MANY
from pcn_analysis.release.audit.populations import Linked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pcn_analysis.counted import Conditions
    from pcn_analysis.release.audit.dimensions import Structure


def links(known: Sequence[Known], structure: Structure, changes: int, days: int) -> tuple[list[Linked], list[Known]]:
    """Cells of different dates that an attacker knows to differ by a few people at most, and what follows of others.

    The same people of the same network on two dates, or in two editions of one date; of its practices that are in it
    on both, where it has gained or lost any. The same people of a practice, whichever network it is in. What the
    released numbers themselves say to differ by more is not linked. A network that is told of without its practices is
    taken to have those of the other date or edition.

    Parameters
    ----------
    known
        What is known of each cell.
    structure
        Names the dimension of practices, and the practices of networks.
    changes
        People by whom any cell changed at most.
    days
        Days within which two dates are so near.

    Returns
    -------
    list of Linked
        The cells that differ by few.
    list of Known
        Cells that no table shows: the people of practices that were in the network on one of the dates alone.
    """
    of_population: defaultdict[tuple[str, str], dict] = defaultdict(dict)
    for cell in known:
        if len(cell.cell.populations) == 1 and not cell.cell.also:
            of_population[cell.cell.of, cell.cell.populations[0]][cell.cell.box] = cell
    boxes: defaultdict[str, set[Conditions]] = defaultdict(set)
    for (_, name), those in of_population.items():
        boxes[name].update(those)
    practices = {name: _practices(name, those, structure) for name, those in boxes.items()}
    found: list[Linked] = []
    left: set[Cell] = set()
    for (of, one), (other_of, other) in combinations(sorted(of_population), 2):
        if of == other_of and _near(one, other, days):
            pair = of_population[of, one], of_population[of, other]
            mine, theirs = practices[one], practices[other]
            both = (one, mine or theirs), (other, theirs or mine)
            found += _of_two_dates(*both, pair, structure.practice, changes)
            if Population.parse(one).network == Population.parse(other).network:
                left.update(_left(*both, pair, structure.practice))
    return found, [Known(cell, 0, None, hidden=False, tables=()) for cell in sorted(left)]


def _of_two_dates(
    one: tuple[str, frozenset[str]],
    other: tuple[str, frozenset[str]],
    known: tuple[Mapping, Mapping],
    practice: str,
    changes: int,
) -> Iterator[Linked]:
    """Links of two populations, each with its practices, whose dates are near."""
    (name, mine), (other_name, theirs) = one, other
    same_network = Population.parse(name).network == Population.parse(other_name).network
    for box in sorted(known[0].keys() & known[1].keys()):
        ranges = known[0][box], known[1][box]
        conditions = dict(box)
        stays = practice in conditions and set(conditions[practice]) <= mine & theirs
        if stays or (same_network and mine == theirs):
            if _may_be_near(*ranges, changes):
                yield Linked(ranges[0].cell, ranges[1].cell, changes)
        elif same_network and practice not in conditions and mine & theirs:
            common = mine & theirs
            first, second = (
                _of_practices(known.cell, practice, common if own > common else frozenset())
                for known, own in zip(ranges, (mine, theirs), strict=True)
            )
            yield Linked(first, second, changes)


def _of_practices(cell: Cell, practice: str, those: frozenset[str]) -> Cell:
    """Those of a cell who are of some practices; all of them, where none is named."""
    within = ((practice, tuple(sorted(those))),) if those else ()
    return Cell(cell.populations, tuple(sorted((*cell.box, *within))), cell.of)


def _left(
    one: tuple[str, frozenset[str]], other: tuple[str, frozenset[str]], known: tuple[Mapping, Mapping], practice: str
) -> Iterator[Cell]:
    """Cells of the practices that one of two populations has and the other has not."""
    (_, mine), (_, theirs) = one, other
    for box in sorted(known[0].keys() & known[1].keys()):
        for cells, gone in ((known[0], mine - theirs), (known[1], theirs - mine)):
            if practice not in dict(box) and gone and mine & theirs:
                yield _of_practices(cells[box].cell, practice, gone)


def _may_be_near(one: Known, other: Known, changes: int) -> bool:
    highs = [MANY if known.high is None else known.high for known in (one, other)]
    return one.low - highs[1] <= changes and other.low - highs[0] <= changes


def _practices(name: str, boxes: Iterable[Conditions], structure: Structure) -> frozenset[str]:
    """Practices of a population: as everybody knows them, of this or the first edition, or as its cells name them."""
    for known in (name, str(Population.parse(name)._replace(edition=1))):
        if known in structure.practices:
            return frozenset(structure.practices[known])
    return frozenset(
        one for box in boxes for dimension, classes in box if dimension == structure.practice for one in classes
    )


def _near(one: str, other: str, days: int) -> bool:
    """Whether two populations are of one place, and of dates not far from each other or of two editions of one."""
    first, second = Population.parse(one), Population.parse(other)
    if first.place != second.place or (first.network == WHOLE) != (second.network == WHOLE):
        return False
    if first.date == second.date:
        return first.edition != second.edition
    try:
        apart = abs((dt.date.fromisoformat(first.date) - dt.date.fromisoformat(second.date)).days)
    except ValueError:
        return False
    return apart <= days
