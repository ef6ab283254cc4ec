"""What every description of a figure begins with."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from pcn_analysis.provenance import SYNTHETIC, SYNTHETIC_PEOPLE
from pcn_analysis.release import check_released

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcn_analysis.release import ReleasedTable

OPENINGS = {SYNTHETIC: "Synthetic data. ", SYNTHETIC_PEOPLE: "Synthetic people. "}
"""What the description of a labelled figure begins with."""


def described(describe: Callable[[ReleasedTable], str]) -> Callable[[ReleasedTable], str]:
    """Say first that invented values are invented; a table without rows has no figure to describe."""

    @wraps(describe)
    def labelled(table: ReleasedTable) -> str:
        check_released(table)
        if not len(table):
            return ""
        return f"{OPENINGS.get(table.provenance.label, '')}{describe(table)}"

    return labelled


def in_words(table: ReleasedTable) -> str:
    """Name and date in a sentence, with the model and variant of a table that is of one."""
    frame = table.frame
    return f"{table.about.title()}, {frame['model'].iloc[0]}" if "model" in frame else table.about.title()
