"""Random spanning trees of a network's practices, and the ways to cut them in two.

Trees are drawn uniformly by loop-erased random walks.

References
----------
- Wilson DB. Generating random spanning trees more quickly than the cover time. Proceedings of STOC 1996:296-303.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.network.design.state import ones

if TYPE_CHECKING:
    import random


def tree_of(members: int, touch: list[int], chance: random.Random) -> tuple[list[int], dict[int, int]]:
    """Draw a spanning tree.

    Parameters
    ----------
    members
        Units that hang together, as bits.
    touch
        Neighbours of every unit, as bits.
    chance
        Random numbers.

    Returns
    -------
    tuple
        Units with every parent before its children, and the parent of each but the first.
    """
    units = ones(members)
    root = chance.choice(units)
    order, reached = [root], 1 << root
    parent: dict[int, int] = {}
    for unit in units:
        towards, at = {}, unit
        while not reached >> at & 1:
            towards[at] = chance.choice(ones(touch[at] & members))
            at = towards[at]
        path, at = [], unit
        while not reached >> at & 1:
            path.append(at)
            reached |= 1 << at
            at = towards[at]
        parent |= {each: towards[each] for each in path}
        order += reversed(path)
    return order, parent


def cuts_of(members: int, touch: list[int], chance: random.Random) -> list[int]:
    """One side of every cut of a random spanning tree, as bits; both sides hang together.

    Examples
    --------
    >>> import random
    >>> chain = [0b010, 0b101, 0b010]
    >>> sorted(min(side, 0b111 ^ side) for side in cuts_of(0b111, chain, random.Random(0)))
    [1, 3]
    """
    order, parent = tree_of(members, touch, chance)
    below = {unit: 1 << unit for unit in order}
    for unit in reversed(order[1:]):
        below[parent[unit]] |= below[unit]
    return [below[unit] for unit in order[1:]]
