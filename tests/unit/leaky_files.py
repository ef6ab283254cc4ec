"""Finished files of every kind, each with some words hidden in one place of it."""

from __future__ import annotations

import base64
import csv
import io
import json
import sqlite3
import zipfile
from html import escape
from typing import TYPE_CHECKING, Any

import xlsxwriter
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pcn_analysis.display.output import MARK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHOWN = {MARK: "show_table"}


def picture(words: str = "", *, packed: bool = False, international: bool = False) -> bytes:
    """A PNG picture with words in its texts."""
    info, held = PngInfo(), io.BytesIO()
    if words:
        (info.add_itxt if international else info.add_text)("Comment", words, zip=packed)
    Image.new("L", (4, 4)).save(held, "PNG", pnginfo=info)
    return held.getvalue()


def drawing(words: str) -> bytes:
    """An SVG drawing with words in it."""
    return f"<svg><metadata>{escape(words)}</metadata></svg>".encode()


def csv_of(words: str) -> bytes:
    """A CSV file that says, as released ones do, whether it is of invented people."""
    held = io.StringIO()
    csv.writer(held).writerows([("note", "patients", "synthetic"), (words, "215", "False")])
    return held.getvalue().encode()


def page(body: str) -> bytes:
    """A page around some HTML."""
    return f"<!DOCTYPE html><html><head><title>x</title></head><body>{body}</body></html>".encode()


def uri(kind: str, data: bytes) -> str:
    """A file as a page holds it."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def notebook(*outputs: dict[str, Any], source: str = "", metadata: dict[str, Any] | None = None) -> bytes:
    """An executed notebook of one cell."""
    cell = {"cell_type": "code", "metadata": {}, "source": source.splitlines(keepends=True), "outputs": list(outputs)}
    return json.dumps({"cells": [cell], "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def shown(**data: Any) -> dict[str, Any]:
    """An output that this package showed, by kind of its data: ``html``, ``plain``, ``png``."""
    names = {"html": "text/html", "plain": "text/plain", "png": "image/png"}
    return {
        "output_type": "display_data", "data": {names[kind]: one for kind, one in data.items()}, "metadata": SHOWN
    }  # fmt: skip


def sheet(words: str, *, author: str = "") -> bytes:
    """A spreadsheet with words in a cell, and an author in its properties."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        book.set_properties({"author": author})
        one = book.add_worksheet()
        one.write_row(0, 0, ["note", "synthetic"])
        one.write_row(1, 0, [words, "False"])
    return held.getvalue()


def geopackage(cell: str = "", description: str = "") -> bytes:
    """A database laid out as a GeoPackage."""
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE gpkg_contents (table_name TEXT, description TEXT)")
        database.execute("INSERT INTO gpkg_contents VALUES ('areas', ?)", [description])
        database.execute("CREATE TABLE areas (geom BLOB, area TEXT, synthetic INTEGER)")
        database.execute("INSERT INTO areas VALUES (?, ?, 0)", [b"GP\0\1", cell])
        database.commit()
        return database.serialize()


def archive(words: str) -> bytes:
    """A zip file with a CSV file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as one:
        one.writestr("table.csv", csv_of(words))
    return held.getvalue()


HOLDERS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "words of a page": ("a.html", lambda words: page(f"<p>{escape(words)}</p>")),
    "an attribute of a page": ("a.html", lambda words: page(f'<img src="" alt="{escape(words)}">')),
    "a comment of a page": ("a.html", lambda words: page(f"<!-- {words} -->")),
    "a style of a page": ("a.html", lambda words: page(f"<style>/* {words} */</style>")),
    "a script of a page": ("a.html", lambda words: page(f"<script>const said = `{words}`;</script>")),
    "a script that never ends": ("a.html", lambda words: f"<script>const said = `{words}`;".encode()),
    "a download of a page": (
        "a.html", lambda words: page(f'<a download="x.csv" href="{uri("text/csv", csv_of(words))}">x</a>')
    ),
    "a picture of a page": ("a.html", lambda words: page(f'<img alt="" src="{uri("image/png", picture(words))}">')),
    "a drawing of a page": (
        "a.html",
        lambda words: page(f'<img alt="" src="{uri("image/svg+xml", drawing(words))}">'),
    ),
    "the source of a notebook": ("a.ipynb", lambda words: notebook(source=f"# first\n# {words}")),
    "the metadata of a notebook": ("a.ipynb", lambda words: notebook(metadata={"papermill": {"input_path": words}})),
    "a widget of a notebook": (
        "a.ipynb", lambda words: notebook(metadata={"widgets": {"state": {"a": {"value": [words]}}}})
    ),
    "HTML of a notebook": ("a.ipynb", lambda words: notebook(shown(html=[f"<p>{escape(words)}</p>\n", "<p></p>"]))),
    "a download of a notebook": (
        "a.ipynb", lambda words: notebook(shown(html=f'<a href="{uri("text/csv", csv_of(words))}">x</a>'))
    ),
    "words of a notebook": ("a.ipynb", lambda words: notebook(shown(plain=words))),
    "a picture of a notebook": (
        "a.ipynb", lambda words: notebook(shown(png=base64.encodebytes(picture(words)).decode()))
    ),
    "a CSV file": ("a.csv", csv_of),
    "a CSV file of UTF-16": ("a.csv", lambda words: csv_of(words).decode().encode("utf-16")),
    "JSON": ("a.json", lambda words: json.dumps({"a": [{"b": words}]}).encode()),
    "a name in JSON": ("a.json", lambda words: json.dumps({words: 1}).encode()),
    "a long run in base64": (
        "a.html",
        lambda words: page(f"<script>const held = '{base64.b64encode(words.ljust(300).encode()).decode()}';</script>"),
    ),
    "lines of JSON": ("a.jsonl", lambda words: f'{{"a": 1}}\n{json.dumps({"error": words})}\n'.encode()),
    "a cell of a spreadsheet": ("a.xlsx", sheet),
    "the author of a spreadsheet": ("a.xlsx", lambda words: sheet("", author=words)),
    "a cell of a GeoPackage": ("a.gpkg", geopackage),
    "the metadata of a GeoPackage": ("a.gpkg", lambda words: geopackage(description=words)),
    "a picture": ("a.png", picture),
    "a packed text of a picture": ("a.png", lambda words: picture(words, packed=True)),
    "a Unicode text of a picture": ("a.png", lambda words: picture(words, international=True)),
    "a packed Unicode text of a picture": ("a.png", lambda words: picture(words, packed=True, international=True)),
    "what follows a picture": ("a.png", lambda words: picture() + words.encode()),
    "a drawing": ("a.svg", drawing),
    "plain text": ("a.txt", lambda words: words.encode()),
    "an archive": ("a.zip", archive),
}  # fmt: skip
"""Where words can be: the name of a file and its bytes."""


def written(folder: Path, holder: str, words: str) -> Path:
    """Write a file with words in one place of it."""
    name, make = HOLDERS[holder]
    path = folder / name
    path.write_bytes(make(words))
    return path
