"""Damage to numbers and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutations.catalogue import HARMLESS, LISTED, NotHereError, mutation
from tests.mutations.places import a_cell, a_filled, one_cell, sheets_of, write_each

if TYPE_CHECKING:
    import random

    from tests.deliveries import Delivered, Sheet


@mutation("rows", "decimal commas", LISTED, "A European computer writes 27,5.", rows=10)
def _(one: Delivered, rng: random.Random) -> None:
    write_each(one, rng, ("number", "reading"), lambda cell: cell.replace(".", ",") if "." in cell else f"{cell},0")


@mutation("rows", "units after numbers", LISTED, "A value says its unit as well.", rows=10)
def _(one: Delivered, rng: random.Random) -> None:
    write_each(one, rng, ("number", "reading"), lambda cell: f"{cell} kg/m2")


for _sentinel in ("-1", "9999"):
    mutation("rows", f"{_sentinel} for no value", LISTED, f"A program writes {_sentinel} where it knows nothing.",
             rows=1)(one_cell(_sentinel, "number"))  # fmt: skip


@mutation("rows", "words for nothing", HARMLESS, "Empty cells come as NULL, NaN or n/a.", sheet="persons")
def _(one: Delivered, rng: random.Random) -> None:
    found = [(row, index) for sheet in sheets_of(one) for row in sheet.rows
             for index in sheet.of_role("death", "date", "number") if not row[index]]  # fmt: skip
    if not found:
        raise NotHereError
    for row, index in found:
        row[index] = rng.choice(["NULL", "NaN", "n/a", "null", "None"])


@mutation("rows", "unknown category", LISTED, "A code that no list explains.", sheet="persons", rows=1)
def _(one: Delivered, rng: random.Random) -> None:
    row, index = a_cell(one, rng, "word")
    row[index] = "Q7"


for _name, _space in (("spaces around values", "  "), ("non-breaking spaces", "\u00a0")):
    mutation("rows", _name, HARMLESS, "Columns were padded, or copied from a web page.")(
        lambda one, rng, space=_space: _padded(a_filled(rng, sheets_of(one)), space)
    )


def _padded(sheet: Sheet, space: str) -> None:
    sheet.rows = [[f"{space}{cell}{space}" for cell in row] for row in sheet.rows]
