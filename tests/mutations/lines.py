"""Damage to separators, quotes and lines."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

from tests.deliveries import as_csv
from tests.mutations.catalogue import HARMLESS, LISTED, REFUSED, NotHereError, mutation
from tests.mutations.places import a_filled, lines_of, parsed, with_note

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

LONG_LINE = 13 * 2**20


def _separated(separator: str) -> Callable[[bytes, random.Random], bytes]:
    return lambda data, _rng: as_csv(parsed(data), separator)


mutation("bytes", "semicolons", HARMLESS, "Excel on a European computer separates by semicolons.")(_separated(";"))
mutation("bytes", "bars", HARMLESS, "SUS and many suppliers separate by bars.")(_separated("|"))
mutation("bytes", "tabs", HARMLESS, "Somebody copied from a spreadsheet.")(_separated("\t"))


@mutation("bytes", "separator declared", HARMLESS, "A first line says sep=; so that Excel opens the file.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return b"sep=;\r\n" + as_csv(parsed(data), ";")


@mutation("bytes", "every cell quoted", HARMLESS, "An exporter quotes everything.")
def _(data: bytes, _rng: random.Random) -> bytes:
    out, sheet = io.StringIO(), parsed(data)
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([sheet.header, *sheet.rows])
    return out.getvalue().encode()


@mutation("bytes", "trailing separators", HARMLESS, "Every line ends with separators, from empty columns in Excel.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return b"".join(line.rstrip(b"\r\n") + b",,\n" for line in lines_of(data))


@mutation("bytes", "row cut short", LISTED, "A row lost its last cells.", rows=1)
def _(data: bytes, rng: random.Random) -> bytes:
    sheet = parsed(data)
    row = a_filled(rng, [sheet]).rows[rng.randrange(len(sheet.rows))]
    if len(row) < 2:
        raise NotHereError
    del row[rng.randrange(1, len(row)) :]
    return as_csv(sheet)


@mutation("bytes", "row too long", LISTED, "A comma in a cell that is not quoted makes one cell too many.", rows=1)
def _(data: bytes, rng: random.Random) -> bytes:
    sheet = parsed(data)
    row = a_filled(rng, [sheet]).rows[rng.randrange(len(sheet.rows))]
    row.insert(rng.randrange(len(row)), "and more")
    return as_csv(sheet)


def _unclosed(where: str) -> Callable[[bytes, random.Random], bytes]:
    def change(data: bytes, rng: random.Random) -> bytes:
        lines = lines_of(data)
        spot = {"first": 1, "last": len(lines) - 1}.get(where) or rng.randrange(2, len(lines) - 1)
        cells = lines[spot].split(b",")
        at = rng.randrange(len(cells))
        cells[at] = b'"' + cells[at]
        lines[spot] = b",".join(cells)
        return b"".join(lines)

    return change


for _where in ("first", "middle", "last"):
    mutation("bytes", f"unclosed quote, {_where} row", LISTED,
             f"A quote opens in the {_where} row and nothing closes it.", rows=1)(_unclosed(_where))  # fmt: skip


@mutation("bytes", "quote within a cell", HARMLESS, 'Inches: a comment says 5" nail, and is not quoted.')
def _(data: bytes, _rng: random.Random) -> bytes:
    return with_note(data, "INCHES").replace(b"INCHES", b'5" nail')


@mutation("bytes", "line break in a cell", HARMLESS, "A comment of several lines, quoted as it should be.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return with_note(data, "seen at home\nwell, again")


@mutation("bytes", "title above the header", REFUSED, "A report begins with its title; the header comes later.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return b"Extract of the practice, confidential\n\n" + data


@mutation("bytes", "no header", REFUSED, "The header was left out: the first line is somebody's record.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return b"".join(lines_of(data)[1:])


@mutation("bytes", "header again", LISTED, "Files were put together with their headers.", rows=1)
def _(data: bytes, rng: random.Random) -> bytes:
    lines = lines_of(data)
    lines.insert(rng.randrange(2, len(lines)), lines[0])
    return b"".join(lines)


@mutation("bytes", "empty file", REFUSED, "The export failed and left a file of no bytes.")
def _(_data: bytes, _rng: random.Random) -> bytes:
    return b""


@mutation("bytes", "truncated file", LISTED, "The disk was full: the file ends within a row.")
def _(data: bytes, rng: random.Random) -> bytes:
    ends = [index for index, byte in enumerate(data) if byte == ord("\n")]
    cuts = [at for at in range(ends[0] + 2, len(data) - 1) if data[at - 1 : at] != b"\n"] if len(ends) > 1 else []
    if not cuts:
        raise NotHereError
    return data[: rng.choice(cuts)]


@mutation("bytes", "very long line", REFUSED, "A line of 13 million characters: something else than a table.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return with_note(data, "a" * LONG_LINE)


@mutation("bytes", "very long cell", HARMLESS, "A whole letter was pasted into a comment.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return with_note(data, "a letter " * 20_000)


@mutation("bytes", "workbook", REFUSED, "An Excel workbook was renamed to .csv.")
def _(data: bytes, _rng: random.Random) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", data)
    return held.getvalue()


@mutation("bytes", "web page", REFUSED, "The download was a page that asks to sign in.")
def _(_data: bytes, _rng: random.Random) -> bytes:
    return b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n<body>Your session has ended.</body></html>\n"
