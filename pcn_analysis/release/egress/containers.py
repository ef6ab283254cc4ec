"""What lies inside notebooks, spreadsheets, archives, GeoPackages and pictures."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import struct
import zipfile
import zlib
from contextlib import closing
from dataclasses import replace
from itertools import dropwhile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from pcn_analysis.release.egress.contents import Contents, Frame

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN_BY = "pcn_analysis"
"""Key in an output's metadata that says that this package showed it (``display.output.MARK``)."""
LABEL = "synthetic"
"""A column that every table that was released has in a file: whether it is of invented people."""
PART = "a part of a spreadsheet"
"""Kind of the XML of a spreadsheet."""
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PNG_HEAD, _PNG_TEXT = b"\x89PNG\r\n\x1a\n", (b"tEXt", b"zTXt", b"iTXt", b"eXIf")
_KEPT = 1
"""Cells that are read again before the first that differs from the row above: its word may belong to that one."""
_PRINTED = re.compile(rb"[\x20-\x7e\xa0-\xff]{6,}")
_OF_GEOPACKAGES = ("gpkg_", "rtree_", "sqlite_")


def open_csv(data: bytes, into: Contents) -> None:
    """Lay open a CSV file; lines before and below its table are read as rows of it."""
    text = data.decode("utf-8-sig", "replace")
    first = text.split("\n", 1)[0]
    mark = max(",;\t|", key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=mark))
    into.add_text("\n".join(mark.join(cells) for cells in _without_repeats(rows)))
    if rows:
        into.frames.append(_frame(rows))


def _without_repeats(rows: list[list[str]]) -> Iterator[list[str]]:
    """The cells of each row, less those that it begins with as the row above does, but for the last of these.

    In a file that says on every row of which place and table it is, this is most of it. What stands side by side in a
    row is left side by side.
    """
    above: list[str] = []
    for cells in rows:
        same = next((at for at, (one, other) in enumerate(zip(cells, above, strict=False)) if one != other), 0)
        yield cells[max(0, same - _KEPT) :]
        above = cells


def _frame(rows: list[list[str]]) -> Frame:
    heading, *others = rows
    return Frame(tuple(heading), tuple(map(tuple, others)), LABEL in [name.strip().lower() for name in heading])


def open_json(data: bytes, into: Contents) -> None:
    """Lay open JSON, one document or one a line; of a notebook also its outputs, attachments and widgets."""
    text = data.decode("utf-8", "replace")
    try:
        documents = [json.loads(text)]
    except ValueError:
        documents = [_parsed(line) for line in text.splitlines() if line.strip()]
    for document in documents:
        if isinstance(document, dict) and isinstance(document.get("cells"), list):
            _judge_outputs(document["cells"], into)
        words: list[str] = []
        for key, value in _leaves(document):
            if key.startswith(("image/", "text/html")) and isinstance(value, str):
                as_text = key in ("text/html", "image/svg+xml")
                into.inside.append((key, value.encode()) if as_text else (f"{key};base64", value.encode()))
            else:
                words.append(str(value))
        into.add_text("\n".join(words))


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return line


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every name, word and number, with the name that it stands under; lines of one text are put together."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield "", name
            yield from _leaves(inner, name)
    elif isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        yield key, "".join(value) if any("\n" in one for one in value) else "\n".join(value)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, key)
    elif value is not None:
        yield key, value


def _judge_outputs(cells: list[Any], into: Contents) -> None:
    for output in (output for cell in cells for output in cell.get("outputs", ())):
        if output.get("output_type") == "error":
            into.errors += 1
        elif SHOWN_BY not in output.get("metadata", {}):
            into.not_shown += 1


def open_archive(data: bytes, into: Contents) -> None:
    """Lay open an archive or a spreadsheet, names of members and its properties included."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
        into.add_text("\n".join([*members, archive.comment.decode("utf-8", "replace")]))
    is_book = "xl/workbook.xml" in members
    for name, held in members.items():
        kind = ".xml" if name.endswith(".rels") else PurePosixPath(name).suffix.lower()
        into.inside.append((PART if is_book and kind == ".xml" else kind, held))
    if is_book:
        into.frames += _sheets(members)


def _sheets(members: dict[str, bytes]) -> Iterator[Frame]:
    """The tables of a spreadsheet: a sheet of more than one column, without the lines of one cell above its headings.

    They are released if the spreadsheet says in a property whether it is of invented people, or in a column.
    """
    shared, properties = [], members.get("docProps/custom.xml", b"<none/>")
    says = any(one.get("name") == LABEL for one in ElementTree.fromstring(properties))
    if strings := members.get("xl/sharedStrings.xml"):
        shared = ["".join(one.itertext()) for one in ElementTree.fromstring(strings).iter(f"{_SHEET}si")]
    for name, held in members.items():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            lines = ElementTree.fromstring(held).iter(f"{_SHEET}row")
            rows = [[_cell(cell, shared) for cell in line.iter(f"{_SHEET}c")] for line in lines]
            table = list(dropwhile(lambda cells: len(cells) <= 1, rows))
            if table:
                frame = _frame(table)
                yield replace(frame, released=frame.released or says)


def _cell(cell: ElementTree.Element, shared: list[str]) -> str:
    value = cell.findtext(f"{_SHEET}v") or ""
    if cell.get("t") == "s" and value.isdigit():
        return shared[int(value)]
    return value or "".join(cell.itertext())


def open_database(data: bytes, into: Contents) -> None:
    """Lay open a GeoPackage or another SQLite file: every table; shapes are passed over."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        database.text_factory = lambda held: held.decode("utf-8", "replace")
        schema = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        into.add_text("\n".join(str(sql) for _, sql in schema))
        for name, _ in schema:
            if name.startswith("rtree_"):  # numbers of shapes, through an extension that may be missing
                continue
            quoted = name.replace('"', '""')
            found = database.execute(f'SELECT * FROM "{quoted}"')
            columns = [one[0] for one in found.description]
            rows = [["" if cell is None or isinstance(cell, bytes) else str(cell) for cell in row] for row in found]
            into.add_text("\n".join("\t".join(row) for row in rows))
            if not name.startswith(_OF_GEOPACKAGES):
                into.frames.append(_frame([columns, *rows]))


def open_png(data: bytes, into: Contents) -> None:
    """Lay open what a PNG picture says of itself: its texts, its EXIF, and whatever follows the picture."""
    at = len(_PNG_HEAD)
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        held, at = data[at + 8 : at + 8 + length], at + 12 + length
        if kind in _PNG_TEXT:
            into.add_text(_printed(_inflated(kind, held)))
        if kind == b"IEND":
            break
    into.add_text(_printed(data[at:]))


def _inflated(kind: bytes, held: bytes) -> bytes:
    """A text of a picture, which may be compressed, with its name."""
    name, _, rest = held.partition(b"\0")
    packed = kind == b"zTXt" or (kind == b"iTXt" and rest[:1] == b"\1")
    if not packed:
        return held
    start = 1 if kind == b"zTXt" else len(rest) - len(rest[2:].split(b"\0", 2)[2])
    return name + b"\n" + zlib.decompress(rest[start:])


def open_bytes(data: bytes, into: Contents) -> None:
    """Lay open the legible runs of a file of bytes, as of a photograph or a font."""
    into.add_text(_printed(data))


def _printed(data: bytes) -> str:
    return "\n".join(run.decode("latin-1") for run in _PRINTED.findall(data))
