"""Where a mutation does its damage: a column, a cell, a line; and what several mutations share."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from tests.deliveries import Sheet, as_csv
from tests.mutations.catalogue import NotHereError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.deliveries import Delivered


WHO = ("persons", "admin_patient", "patients", "person")
"""Files that say who there is, of any kind of delivery."""
LINE_ENDS = (b"\n", b"\r", b"\n\0")
"""How a whole file ends: nobody could see that one was cut short, once something were written behind the cut."""


def sheets_of(one: Delivered) -> list[Sheet]:
    """Files that may be changed."""
    return [sheet for name, sheet in one.sheets.items() if name == one.only or not one.only]


def a_column(one: Delivered, rng: random.Random, *roles: str) -> tuple[Sheet, int]:
    """A column of a role that has values."""
    found = [
        (sheet, index)
        for sheet in sheets_of(one)
        for index in sheet.of_role(*roles)
        if any(row[index] for row in sheet.rows)
    ]
    if not found:
        raise NotHereError
    return rng.choice(found)


def a_cell(one: Delivered, rng: random.Random, *roles: str) -> tuple[list[str], int]:
    """A row and a column of a role that has a value in it."""
    sheet, index = a_column(one, rng, *roles)
    return rng.choice([row for row in sheet.rows if row[index]]), index


def write_each(one: Delivered, rng: random.Random, roles: tuple[str, ...], written: Callable[[str], str]) -> None:
    """Write all values of a column differently."""
    sheet, index = a_column(one, rng, *roles)
    for row in sheet.rows:
        row[index] = written(row[index]) if row[index].strip() else ""


def rename(one: Delivered, sheets: list[Sheet], written: Callable[[str], str]) -> dict[str, str]:
    """Write identifiers of people differently."""
    renamed: dict[str, str] = {}
    for sheet in sheets:
        for index in sheet.of_role("person"):
            for row in sheet.rows:
                renamed[written(row[index])] = row[index]
                row[index] = written(row[index])
    if not renamed or all(new == old for new, old in renamed.items()):
        raise NotHereError
    return renamed


def a_filled(rng: random.Random, sheets: list[Sheet]) -> Sheet:
    """A file that has rows."""
    found = [sheet for sheet in sheets if sheet.rows]
    if not found:
        raise NotHereError
    return rng.choice(found)


def lines_of(data: bytes) -> list[bytes]:
    """Lines of a file, four or more, with their ends."""
    lines = data.splitlines(keepends=True)
    if len(lines) < 4 or not data.endswith(LINE_ENDS):
        raise NotHereError
    return lines


def parsed(data: bytes) -> Sheet:
    """A file as it is read, where it can be."""
    if not data.endswith(LINE_ENDS):
        raise NotHereError
    try:
        header, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    except (ValueError, csv.Error):
        raise NotHereError from None
    return Sheet(header, rows)


def with_note(data: bytes, cell: str) -> bytes:
    """One more column, whose last cell is something."""
    sheet = parsed(data)
    sheet.header.append("comment_of_practice")
    for row in sheet.rows:
        row.append("")
    if not sheet.rows:
        raise NotHereError
    sheet.rows[-1][-1] = cell
    return as_csv(sheet)


def one_cell(written: str, *roles: str) -> Callable[[Delivered, random.Random], None]:
    """A mutation that writes something into one cell: of a date of a record, if no roles are given."""

    def change(one: Delivered, rng: random.Random) -> None:
        row, index = a_cell(one, rng, *(roles or ("day",)))
        row[index] = written

    return change
