"""Colours of networks on a map, as numbers: neighbours differ, and a network keeps its own from map to map."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

COLOURS = 6
"""Colours that can be told apart on a map, also by readers who see few (Government Analysis Function)."""


def coloured(between: pd.DataFrame, networks: Sequence[str], kept: Mapping[str, int] | None = None) -> dict[str, int]:
    """Give each network a colour that none of its neighbours has.

    While there are colours enough each network has its own. Beyond that networks with most neighbours are coloured
    first (DSATUR, Brélaz 1979), each in the colour that fewest others have. Where no colour is free, a network has that
    of the neighbours with which it shares the shortest border.

    Parameters
    ----------
    between
        group, other_group, border_km: as :meth:`pcn_analysis.network.borders.Borders.between`.
    networks
        Networks to colour, in the order in which they get the first colours. Neighbours that are not among them count
        for nothing.
    kept
        Colours that networks have on another map, and keep where no neighbour has them already.

    Returns
    -------
    dict
        Colour of each network, from 0 to 5.

    Examples
    --------
    >>> import pandas as pd
    >>> row = pd.DataFrame({"group": ["A", "B"], "other_group": ["B", "C"], "border_km": [3.0, 1.0]})
    >>> coloured(row, ["A", "B", "C"])
    {'A': 0, 'B': 1, 'C': 2}
    >>> coloured(row, ["A", "B", "C"], kept={"A": 4, "B": 4})
    {'A': 4, 'B': 0, 'C': 1}
    """
    beside: dict[str, dict[str, float]] = {network: {} for network in networks}
    for pair in between.itertuples():
        if pair.group in beside and pair.other_group in beside:
            beside[pair.group][pair.other_group] = beside[pair.other_group][pair.group] = float(pair.border_km)
    wanted = dict(kept or {})
    colour: dict[str, int] = {}
    left = list(networks)
    while left:
        network = max(left, key=lambda one: (one in wanted, *_urgency(one, beside, colour), -left.index(one)))
        left.remove(network)
        colour[network] = _colour(beside[network], colour, wanted.get(network), set(wanted.values()))
    return {network: colour[network] for network in networks}


def _urgency(network: str, beside: dict[str, dict[str, float]], colour: dict[str, int]) -> tuple[int, int]:
    """Colours that its neighbours have, and how many neighbours there are; none count while each has its own."""
    if len(beside) <= COLOURS:
        return 0, 0
    near = beside[network]
    return len({colour[one] for one in near if one in colour}), len(near)


def _colour(near: dict[str, float], colour: dict[str, int], kept: int | None, reserved: set[int]) -> int:
    shared = dict.fromkeys(range(COLOURS), 0.0)
    for one, border in near.items():
        if one in colour:
            shared[colour[one]] += border
    if kept is not None and not shared[kept]:
        return kept
    used = list(colour.values())
    return min(shared, key=lambda one: (shared[one], used.count(one), one in reserved, one))
