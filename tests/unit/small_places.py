"""Small invented places for tests of designs: areas in a row or a grid, practices with their own ground."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.network.design import Wanted, random_plans, search
from pcn_analysis.network.design.ground import Ground, Units, ground_of, units_of
from pcn_analysis.network.registered import Registered, registered


def area(number: int) -> str:
    return f"E01{number:06d}"


def practice(number: int) -> str:
    return f"A{number:05d}"


def in_a_row(lists: list[int], spread: float = 0.2) -> tuple[Registered, pd.Series, pd.DataFrame]:
    """Practices in a row, each with its own area, and a share of its patients in each area beside it."""
    rows = []
    for number, size in enumerate(lists):
        beside = [near for near in (number - 1, number + 1) if 0 <= near < len(lists)]
        away = int(size * spread)
        rows += [(practice(number), area(near), away) for near in beside]
        rows.append((practice(number), area(number), size - away * len(beside)))
    borders = [(area(number), area(number + 1)) for number in range(len(lists) - 1)]
    return _made(rows, borders)


def on_a_grid(lists: list[int], across: int, seed: int = 0) -> tuple[Registered, pd.Series, pd.DataFrame]:
    """Practices on a grid, a practice an area; patients live near, fewer with distance, with some noise."""
    noise = np.random.default_rng(seed)
    at = [divmod(number, across) for number in range(len(lists))]
    rows = []
    for number, size in enumerate(lists):
        distance = np.array([np.hypot(at[number][0] - row, at[number][1] - column) for row, column in at])
        share = np.exp(-1.2 * distance) * noise.uniform(0.6, 1.4, len(lists))
        share[number] = max(share[number], 1.01 * share.max())
        count = np.floor(size * share / share.sum()).astype(int)
        count[number] += size - count.sum()
        rows += [(practice(number), area(other), int(here)) for other, here in enumerate(count) if here]
    pairs = product(range(len(lists)), repeat=2)
    near = [(one, other) for one, other in pairs if one < other and _side_by_side(at[one], at[other])]
    return _made(rows, [(area(one), area(other)) for one, other in near])


def _side_by_side(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return abs(one[0] - other[0]) + abs(one[1] - other[1]) == 1


def _made(rows: list, borders: list) -> tuple[Registered, pd.Series, pd.DataFrame]:
    counts = pd.DataFrame(rows, columns=["practice_code", "area_code", "patients"])
    lists = counts.groupby("practice_code")["patients"].sum()
    return registered(counts), lists, pd.DataFrame(borders, columns=["area_code", "neighbour_code"])


def of_today(lists: pd.Series, *groups: int) -> pd.Series:
    """Network of each practice: the first so many are in U00001, the next in U00002."""
    names = [f"U{number:05d}" for number, size in enumerate(groups, start=1) for _ in range(size)]
    return pd.Series(names, lists.index[: len(names)])


def prepared(
    place: tuple[Registered, pd.Series, pd.DataFrame], wanted: Wanted, today: pd.Series | None = None
) -> tuple[Ground, Units]:
    """Ground and units of a place."""
    everyone, lists, neighbours = place
    ground = ground_of(everyone, lists, neighbours, of_today(lists, len(lists)) if today is None else today)
    return ground, units_of(ground, wanted)


def short_searches(patch: pytest.MonkeyPatch) -> None:
    """Search for a moment only, and draw a few random plans."""
    patch.setitem(search.search.__kwdefaults__, "steps", 300)
    patch.setattr(search, "ROUNDS", 1)
    patch.setattr(random_plans.random_plans, "__defaults__", (40,))
