"""The list of kinds of damage, and what may become of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

REFUSED, LISTED, HARMLESS = "refused", "listed", "harmless"
OUTCOMES = {
    REFUSED: "an error of one line a problem; nothing is stored",
    LISTED: "the same people and records but for rows and values that the report lists and counts",
    HARMLESS: "the same people and records",
}


class NotHereError(Exception):
    """A delivery has nothing that the mutation could change."""


@dataclass(frozen=True)
class Mutation:
    """One kind of damage.

    Parameters
    ----------
    name, life
        What it is called, and what happens in real life, in a sentence.
    level
        ``rows``, ``bytes`` or ``folder``: what it changes, and when.
    change
        Of rows: changes a :class:`Delivered`, and returns identifiers that it wrote differently, new to old. Of bytes:
        returns those of the changed file. Of the folder: returns what is delivered instead.
    outcome, on, sheet
        What becomes of it, on which delivery it is shown, and in which file.
    rows
        How many rows or values are then listed as left out, set to missing or changed; None if it is not always the
        same.
    """

    name: str
    life: str
    level: str
    change: Callable[..., object]
    outcome: str
    on: str = "tables"
    sheet: str = "measurements"
    rows: int | None = None


MUTATIONS: dict[str, Mutation] = {}


def mutation(
    level: str, name: str, outcome: str, life: str, **how: object
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Add a function to the list."""

    def add(change: Callable[..., object]) -> Callable[..., object]:
        MUTATIONS[name] = Mutation(name, life, level, change, outcome, **how)  # type: ignore[arg-type]
        return change

    return add
