"""Damage to headers, columns and whole rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutations.catalogue import HARMLESS, LISTED, REFUSED, NotHereError, mutation
from tests.mutations.places import a_cell, a_filled, sheets_of

if TYPE_CHECKING:
    import random

    from tests.deliveries import Delivered, Sheet


@mutation("rows", "header only", LISTED, "The query found no rows.", sheet="medications", rows=0)
def _(one: Delivered, rng: random.Random) -> None:
    a_filled(rng, sheets_of(one)).rows.clear()


@mutation("rows", "merged header", REFUSED, "Header cells were merged in Excel: one name, then blanks.")
def _(one: Delivered, rng: random.Random) -> None:
    sheet = rng.choice(sheets_of(one))
    needed = [sheet.header.index(column) for column in sheet.needed if column in sheet.header]
    if not needed or one.form != "csv":
        raise NotHereError
    sheet.header[rng.choice(needed)] = ""


@mutation("rows", "header twice", REFUSED, "Two columns have the same name.")
def _(one: Delivered, rng: random.Random) -> None:
    sheet = rng.choice(sheets_of(one))
    if one.form != "csv":
        raise NotHereError
    sheet.header.append(rng.choice(sheet.header))
    for row in sheet.rows:
        row.append("")


@mutation("rows", "header in capitals with spaces", HARMLESS, "Names of columns are written as a person would.")
def _(one: Delivered, rng: random.Random) -> None:
    sheet = rng.choice(sheets_of(one))
    new = {column: f" {column.upper().replace('_', ' ')} " for column in sheet.header}
    sheet.roles = {new.get(column, column): role for column, role in sheet.roles.items()}
    sheet.needed = tuple(new.get(column, column) for column in sheet.needed)
    sheet.header = [new[column] for column in sheet.header]


@mutation("rows", "column missing", REFUSED, "A column that is needed was not exported.")
def _(one: Delivered, rng: random.Random) -> None:
    found = [(sheet, column) for sheet in sheets_of(one) for column in sheet.needed if column in sheet.header]
    if not found:
        raise NotHereError
    _drop(*rng.choice(found))


@mutation("rows", "optional column missing", LISTED, "A column that may be missing was not exported.")
def _(one: Delivered, rng: random.Random) -> None:
    found = [
        (sheet, column)
        for sheet in sheets_of(one)
        for column in sheet.header
        if column not in sheet.needed and sheet.roles.get(column) in ("number", "death", "date")
    ]
    if not found:
        raise NotHereError
    _drop(*rng.choice(found))


def _drop(sheet: Sheet, column: str) -> None:
    index = sheet.header.index(column)
    for row in (sheet.header, *sheet.rows):
        del row[index]


@mutation("rows", "extra column", HARMLESS, "The supplier added a column.")
def _(one: Delivered, rng: random.Random) -> None:
    _add(rng.choice(sheets_of(one)), "batch_of_supplier", "B7")


@mutation("rows", "SQL in a column's name", HARMLESS, "Somebody is clever: a column is called '; DROP TABLE persons.")
def _(one: Delivered, rng: random.Random) -> None:
    _add(rng.choice(sheets_of(one)), "x'\"; DROP TABLE persons; --", "1")


@mutation("rows", "NHS numbers in a column", REFUSED, "The NHS number was left in, under a name that says nothing.")
def _(one: Delivered, rng: random.Random) -> None:
    _add(a_filled(rng, sheets_of(one)), "nhs_number", "9434765919")


@mutation("rows", "postcodes in a column", REFUSED, "The postcode was left in.", sheet="persons")
def _(one: Delivered, rng: random.Random) -> None:
    _add(a_filled(rng, sheets_of(one)), "patient_postcode", "LS1 4AP")


def _add(sheet: Sheet, column: str, cell: str) -> None:
    sheet.header.append(column)
    for row in sheet.rows:
        row.append(cell)


@mutation("rows", "shuffled columns", HARMLESS, "Columns come in another order than last month.")
def _(one: Delivered, rng: random.Random) -> None:
    sheet = rng.choice(sheets_of(one))
    order = rng.sample(range(len(sheet.header)), len(sheet.header))
    sheet.header = [sheet.header[index] for index in order]
    sheet.rows = [[row[index] for index in order] for row in sheet.rows]


@mutation("rows", "shuffled rows", HARMLESS, "Rows come in another order than last month.")
def _(one: Delivered, rng: random.Random) -> None:
    for sheet in sheets_of(one):
        rng.shuffle(sheet.rows)


@mutation("rows", "repeated row", LISTED, "A row was exported twice.", rows=1)
def _(one: Delivered, rng: random.Random) -> None:
    sheet = a_filled(rng, sheets_of(one))
    sheet.rows.append(list(rng.choice(sheet.rows)))


@mutation("rows", "cells moved to the left", LISTED, "A cell was deleted in Excel, and the row moved up to it.")
def _(one: Delivered, rng: random.Random) -> None:
    row, index = a_cell(one, rng, "person", "day", "code")
    if index + 1 < len(row) and len(row[index + 1]) == len(row[index]):
        raise NotHereError  # a date that moved to another: nobody could tell
    row.append("")
    del row[index]
