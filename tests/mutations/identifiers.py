"""Damage to identifiers of people, and to codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutations.catalogue import HARMLESS, LISTED, REFUSED, NotHereError, mutation
from tests.mutations.places import WHO, a_cell, a_column, a_filled, rename, sheets_of

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.deliveries import Delivered, Sheet


def _scientific(cell: str) -> str:
    return f"{float(cell):.2E}" if cell.isdigit() and len(cell) > 11 else cell


def _fifteen(cell: str) -> str:
    plain = cell.lstrip("0")
    return plain[:15] + "0" * (len(plain) - 15) if cell.isdigit() and len(plain) > 15 else cell


def _mangled(written: Callable[[str], str]) -> Callable[[Delivered, random.Random], None]:
    def change(one: Delivered, rng: random.Random) -> None:
        sheet, index = a_column(one, rng, "code")
        if not any(written(row[index]) != row[index] for row in sheet.rows):
            raise NotHereError
        for row in sheet.rows:
            row[index] = written(row[index])

    return change


def _mangled_people(written: Callable[[str], str]) -> Callable[[Delivered, random.Random], object]:
    return lambda one, _rng: rename(one, sheets_of(one), written) and None


mutation("rows", "codes as 1.23E+17", LISTED, "Excel shows long codes in scientific notation, and saves that.",
         sheet="conditions", rows=1)(_mangled(_scientific))  # fmt: skip
mutation("rows", "codes of 15 digits and zeros", LISTED, "Excel keeps 15 digits of a long code and writes zeros.",
         sheet="conditions", rows=1)(_mangled(_fifteen))  # fmt: skip
mutation("rows", "pseudonyms as 1.23E+17", REFUSED, "The same, of the pseudonyms of people.", sheet="")(
    _mangled_people(_scientific)
)
mutation("rows", "pseudonyms of 15 digits and zeros", REFUSED, "The same, of the pseudonyms of people.", sheet="")(
    _mangled_people(_fifteen)
)


@mutation("rows", "leading zeros lost in one file", LISTED, "Excel took a pseudonym for a number.", rows=5)
def _(one: Delivered, rng: random.Random) -> dict[str, str]:
    sheets = [sheet for sheet in sheets_of(one) if sheet.of_role("person") and sheet.rows]
    if not sheets:
        raise NotHereError
    return rename(one, [rng.choice(sheets)], lambda cell: cell.lstrip("0"))


@mutation("rows", "leading zeros lost in every file", HARMLESS, "The same, everywhere: all still fits together.",
          sheet="")  # fmt: skip
def _(one: Delivered, _rng: random.Random) -> dict[str, str]:
    return rename(one, list(one.sheets.values()), lambda cell: cell.lstrip("0"))


@mutation("rows", "identifiers with .0", HARMLESS, "pandas made floating-point numbers of whole ones.", sheet="")
def _(one: Delivered, _rng: random.Random) -> dict[str, str]:
    return rename(one, list(one.sheets.values()), lambda cell: f"{cell}.0")


def _renamed_one(new: str) -> Callable[[Delivered, random.Random], dict[str, str]]:
    def change(one: Delivered, rng: random.Random) -> dict[str, str]:
        row, index = a_cell(one, rng, "person")
        old = row[index]
        if "E+" in old or old.endswith("000"):
            raise NotHereError  # a spreadsheet has made one of several people
        return {
            n: o
            for n, o in rename(one, list(one.sheets.values()), lambda cell: new if cell == old else cell).items()
            if n != o
        }

    return change


mutation("rows", "formula for a pseudonym", HARMLESS, "A pseudonym begins with = as formulas do.", sheet="")(
    _renamed_one("=1+1")
)
mutation("rows", "SQL in a pseudonym", HARMLESS, "A pseudonym is written to break a database.", sheet="")(
    _renamed_one("x'; DROP TABLE persons; --")
)


@mutation("rows", "unknown person", LISTED, "A record of somebody who is not among the persons.", rows=1)
def _(one: Delivered, rng: random.Random) -> None:
    if one.kind in ("wide", "hospital"):
        raise NotHereError  # there whoever has a row is a person
    found = [sheet for name, sheet in one.sheets.items() if name.lower() not in WHO and sheet in sheets_of(one)]
    _stranger(rng, found, "999900001111222233")


@mutation("rows", "no person", LISTED, "A record whose pseudonym is blank.", rows=1)
def _(one: Delivered, rng: random.Random) -> None:
    _stranger(rng, sheets_of(one), "")


def _stranger(rng: random.Random, sheets: list[Sheet], who: str) -> None:
    sheet = a_filled(rng, [sheet for sheet in sheets if sheet.of_role("person")])
    rng.choice(sheet.rows)[sheet.of_role("person")[0]] = who
