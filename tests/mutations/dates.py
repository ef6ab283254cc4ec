"""Damage to dates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from tests.mutations.catalogue import HARMLESS, LISTED, REFUSED, NotHereError, mutation
from tests.mutations.places import a_cell, a_column, one_cell, sheets_of

if TYPE_CHECKING:
    import random

    from tests.deliveries import Delivered, Sheet


_DAYS = ("day", "date", "death")


def _slashed(text: str) -> str:
    year, month, day = text[:10].split("-")
    return f"{day}/{month}/{year}"


def _american(text: str) -> str:
    year, month, day = text[:10].split("-")
    return f"{month}/{day}/{year}"


def _dates(one: Delivered, rng: random.Random) -> tuple[Sheet, int]:
    """A column of dates as we write them, in a file of text."""
    if one.form != "csv":
        raise NotHereError  # dates of a database have no order
    sheet, index = a_column(one, rng, *_DAYS)
    if any(row[index] and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", row[index]) for row in sheet.rows):
        raise NotHereError  # something else happened to them
    return sheet, index


@mutation("rows", "dates dd/mm/yyyy", HARMLESS, "Excel in Britain writes dates with the day first.")
def _(one: Delivered, rng: random.Random) -> None:
    sheet, index = _dates(one, rng)
    for row in sheet.rows:
        row[index] = row[index] and _slashed(row[index])


@mutation("rows", "dates mm/dd/yyyy", HARMLESS, "Excel set to the United States writes the month first.")
def _(one: Delivered, rng: random.Random) -> None:
    sheet, index = _dates(one, rng)
    if not any(row[index][8:] > "12" for row in sheet.rows):
        raise NotHereError  # nobody could tell
    for row in sheet.rows:
        row[index] = row[index] and _american(row[index])


@mutation("rows", "dates in two orders", REFUSED, "Excel changed those dates that it understood, and left the others.")
def _(one: Delivered, rng: random.Random) -> None:
    sheet, index = _dates(one, rng)
    telling = [row for row in sheet.rows if row[index][8:] > "12"]
    if len(telling) < 2:
        raise NotHereError
    for row in sheet.rows:
        first = row is telling[0] or (row is not telling[1] and rng.random() < 0.5)
        row[index] = row[index] and (_slashed if first else _american)(row[index])


@mutation("rows", "serial numbers for dates", LISTED, "Excel shows dates as the number of days since 1900.", rows=10)
def _(one: Delivered, rng: random.Random) -> None:
    sheet, index = _dates(one, rng)
    for row in sheet.rows:
        if row[index]:
            row[index] = str((pd.Timestamp(row[index]) - pd.Timestamp("1899-12-30")).days)


@mutation("rows", "years of two digits", LISTED, "Excel writes 14/05/24.", rows=10)
def _(one: Delivered, rng: random.Random) -> None:
    sheet, index = _dates(one, rng)
    for row in sheet.rows:
        row[index] = row[index] and f"{_slashed(row[index])[:6]}{row[index][2:4]}"


@mutation("rows", "timestamps", HARMLESS, "A database exports dates with a time.")
def _(one: Delivered, rng: random.Random) -> None:
    sheet, index = _dates(one, rng)
    for row in sheet.rows:
        row[index] = row[index] and f"{row[index]} 00:00:00.000"


@mutation("rows", "dates of eight digits", HARMLESS, "SUS writes 20240514.")
def _(one: Delivered, rng: random.Random) -> None:
    sheet, index = _dates(one, rng)
    for row in sheet.rows:
        row[index] = row[index].replace("-", "")


@mutation("rows", "named months", HARMLESS, "SQL Server writes 14-May-2024.")
def _(one: Delivered, rng: random.Random) -> None:
    sheet, index = _dates(one, rng)
    for row in sheet.rows:
        row[index] = row[index] and f"{pd.Timestamp(row[index]):%d-%b-%Y}"


for _name, _day, _life, _roles in (
    ("date in the future", "2099-04-05", "Somebody typed 2099.", ()),
    ("date before birth", "1901-02-03", "A default of a program stands for a date.", ()),
    ("30 February", "2024-02-30", "There is no such day.", _DAYS),
    ("1801-01-01", "1801-01-01", "Hospital systems write it where no date is known.", _DAYS),
    ("no date", "", "The date was not recorded.", ()),
):
    mutation("rows", _name, LISTED, _life, rows=1)(one_cell(_day, *_roles))


@mutation("rows", "date after death", LISTED, "A letter was filed after the patient had died.", rows=1)
def _(one: Delivered, rng: random.Random) -> None:
    if not any(sheet.of_role("death") for sheet in one.sheets.values()):
        raise NotHereError
    found = [
        (row, sheet.of_role("day")[0])
        for sheet in sheets_of(one)
        if sheet.of_role("day") and sheet.of_role("person")
        for row in sheet.rows
        if row[sheet.of_role("person")[0]] in ("290045617730011279", "003845551120987439")
    ]
    if not found:
        raise NotHereError
    row, index = rng.choice(found)
    row[index] = "2026-03-15"


@mutation("rows", "born in 2099", LISTED, "A year of birth in the future.", sheet="persons")
def _(one: Delivered, rng: random.Random) -> None:
    row, index = a_cell(one, rng, "birth", "year", "month")
    row[index] = {4: "2099", 6: "042099"}.get(len(row[index]), "2099-04-15")
