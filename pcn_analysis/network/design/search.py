"""Improve a plan by local search: what the exact model cannot say, localisation and the worst-off network.

Simulated annealing. A unit goes to a network that it touches, two units of touching networks change places, or two
networks are put together and cut anew along a random spanning tree. A change that breaks a hard constraint is never
made, so that every plan on the way could be shown. What is made as large as possible is an :class:`Aim`; its default
is localisation over all and half of the worst-off network.
"""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.network.design.score import WORST_WEIGHT
from pcn_analysis.network.design.state import Change, State, ones
from pcn_analysis.network.design.trees import cuts_of

if TYPE_CHECKING:
    import numpy as np

    from pcn_analysis.network.design.constraints import Wanted
    from pcn_analysis.network.design.ground import Units

STEPS = 36_000
"""Changes tried in one search."""
WARM, COLD = 0.007, 0.0003
"""Temperatures at the start and at the end, for each unit of weight in the aim; each step cools by the same ratio."""
RECUT = 0.2
"""Share of changes that cut two networks anew; they matter where the band is tight."""
LEAST_GAIN = 1e-9
"""What is no larger is rounding."""


@dataclass(frozen=True)
class Aim:
    """What a search makes as large as it can.

    Parameters
    ----------
    name
        How plans found with it are called.
    worst
        Weight of the worst-off network beside localisation over all.
    moves
        Weight of the share of practices that leave their network of today, taken off.
    """

    name: str
    worst: float = WORST_WEIGHT
    moves: float = 0.0


BALANCED, FEWER_MOVES = Aim("balanced"), Aim("fewer moves", moves=3.0)
AIMS = (BALANCED, Aim("most local", worst=0.0), Aim("fairest", worst=3.0), FEWER_MOVES)
"""What plans are looked for; the weights are our choice."""
ROUNDS = 5
"""Searches for each aim; every one after the first starts from the best that any search has found for its aim."""


def searched(units: Units, wanted: Wanted, start: np.ndarray, deadline: float = math.inf) -> dict[str, np.ndarray]:
    """Look for the best plan for each aim.

    Parameters
    ----------
    units, wanted, start, deadline
        As in :func:`search`.

    Returns
    -------
    dict
        Position of each unit's network, by name of the aim; the best of all plans met at the end of a search.
    """
    pool = [start]
    for seed in range(ROUNDS):
        for aim in AIMS:
            pool.append(search(units, wanted, _best(units, wanted, pool, aim), aim=aim, seed=seed, deadline=deadline))
    return {aim.name: _best(units, wanted, pool, aim) for aim in AIMS}


def _best(units: Units, wanted: Wanted, pool: list[np.ndarray], aim: Aim) -> np.ndarray:
    return max(pool, key=lambda plan: _value(State(units, wanted, plan), aim, _practices(units), counted=True))


def _practices(units: Units) -> float:
    return max(float(units.today.sum()), 1.0)


def search(
    units: Units,
    wanted: Wanted,
    start: np.ndarray,
    *,
    aim: Aim = BALANCED,
    seed: int = 0,
    steps: int = STEPS,
    deadline: float = math.inf,
) -> np.ndarray:
    """Look for a better plan than the one to start from.

    Parameters
    ----------
    units, wanted
        Units, and what is asked.
    start
        Position of each unit's network; a plan that breaks nothing.
    aim
        What to make as large as possible.
    seed
        Sets searches of one design apart.
    steps
        Changes to try.
    deadline
        When to stop at the latest, by ``time.monotonic``.

    Returns
    -------
    ndarray
        Position of each unit's network in the best plan met, which is never worse for the aim than the start.
    """
    state, chance = State(units, wanted, start), random.Random(f"{wanted.seed} {seed} {aim.name}")
    practices, cooling = _practices(units), (COLD / WARM) ** (1 / max(steps, 1))
    counted = aim.moves > 0 or wanted.max_moves is not None
    now, temperature = _value(state, aim, practices, counted=counted), WARM * (1 + aim.worst)
    best, plan = now, start.copy()
    for step in range(steps):
        if step % 64 == 0 and time.monotonic() > deadline:
            break
        temperature *= cooling
        change = _proposed(state, chance)
        if change is None or not state.allows(change):
            continue
        before = state.score
        state.make(change)
        tried = _value(state, aim, practices, counted=counted)
        if tried < now and chance.random() >= math.exp((tried - now) / temperature):
            state.undo(change, before)
            continue
        now = tried
        if now > best + LEAST_GAIN:
            best, plan = now, state.plan.copy()
    return plan


def _value(state: State, aim: Aim, practices: float, *, counted: bool) -> float:
    """How good a plan is for an aim; minus infinity where too many practices move."""
    value = state.score.localisation + aim.worst * state.score.worst
    if not counted:
        return value
    moves, most = state.moves(), state.wanted.max_moves
    return -math.inf if most is not None and moves > most else value - aim.moves * moves / practices


def _proposed(state: State, chance: random.Random) -> Change | None:
    """Draw a change: one unit to a network that it touches, two units that change places, or two networks cut anew."""
    unit = chance.randrange(len(state.units))
    targets = state.targets(unit)
    if not targets:
        return None
    source, target = int(state.plan[unit]), chance.choice(targets)
    there, drawn = (unit, source, target), chance.random()
    if drawn < RECUT:
        return _recut(state, source, target, chance)
    if drawn < (1 + RECUT) / 2:
        return (there,)
    other = chance.choice(ones(state.members[target]))
    return (there, (other, target, source))


def _recut(state: State, one: int, other: int, chance: random.Random) -> Change | None:
    """Put two networks together and cut a random spanning tree where both sides are within the band."""
    both = state.members[one] | state.members[other]
    floor, ceiling = state.wanted.band
    total = state.sizes[one] + state.sizes[other]
    sides = []
    for side in cuts_of(both, state.touch, chance):
        size = sum(state.lists[unit] for unit in ones(side))
        if floor <= size <= ceiling and floor <= total - size <= ceiling:
            sides.append(side)
    if not sides:
        return None
    side = chance.choice(sides)
    there, back = state.members[one] & ~side, state.members[other] & side
    return (*((unit, one, other) for unit in ones(there)), *((unit, other, one) for unit in ones(back))) or None
