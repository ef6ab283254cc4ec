"""Search finished files for what must not leave. What is found is counted and never quoted."""

from __future__ import annotations

import base64
import binascii
import codecs
import sqlite3
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from pcn_analysis.exceptions import DisclosureError, Problem
from pcn_analysis.release.egress import containers, identifiers
from pcn_analysis.release.egress.contents import Contents
from pcn_analysis.release.egress.frames import births_in, rows_of_people
from pcn_analysis.release.egress.markup import open_markup, open_part
from pcn_analysis.release.egress.people import NOBODY, Known
from pcn_analysis.words import listed, number

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

_MARKUP = (".html", ".htm", ".svg", ".xml", ".vml", "text/html", "image/svg+xml", "text/xml")
_TEXT = (".txt", ".md", ".css", ".js", ".yaml", ".yml", ".toml", "text/plain", "text/css", "text/javascript")
_BYTES = (".jpg", ".jpeg", ".gif", ".webp", ".woff", ".woff2", "image/jpeg", "image/gif", "image/webp", "font/woff2")
_OPENERS: dict[str, Callable[[bytes, Contents], None]] = {
    **dict.fromkeys(_TEXT, lambda data, into: into.add_text(data.decode("utf-8", "replace"))),
    **dict.fromkeys(_BYTES, containers.open_bytes),
    **dict.fromkeys((".csv", ".tsv", "text/csv"), containers.open_csv),
    **dict.fromkeys((".json", ".jsonl", ".ipynb", "application/json"), containers.open_json),
    **dict.fromkeys((".xlsx", ".zip"), containers.open_archive),
    **dict.fromkeys((".gpkg", ".sqlite"), containers.open_database),
    **dict.fromkeys((".png", "image/png"), containers.open_png),
    containers.PART: open_part,
}
_DAMAGED = (zipfile.BadZipFile, sqlite3.Error, zlib.error, ParseError, ValueError, IndexError, RuntimeError)

KINDS = {
    "nhs": ("NHS number", "NHS numbers"),
    "postcode": ("whole postcode", "whole postcodes"),
    "birth": ("date of birth or age in days", "dates of birth or ages in days"),
    "pseudonym": ("pseudonym of a person", "pseudonyms of people"),
    "rows": ("row of a table that has one for each person", "rows of tables that have one for each person"),
    "unreleased": ("table or output that was not released", "tables or outputs that were not released"),
    "path": ("path of a machine", "paths of a machine"),
    "traceback": ("sign of a traceback", "signs of a traceback"),
    "machine": ("name of this machine or its user", "names of this machine or its user"),
    "closed": ("part that cannot be looked into", "parts that cannot be looked into"),
}
"""What is looked for, and what one and several of it are called."""


@dataclass(frozen=True, order=True)
class Finding:
    """Something in a finished file that must not leave.

    Parameters
    ----------
    file
        Name of the file.
    kind
        A key of ``KINDS``.
    times
        How many there are.
    """

    file: str
    kind: str
    times: int

    def __str__(self) -> str:
        return f"{self.file}: {self.said}"

    @property
    def said(self) -> str:
        """How many of what."""
        return number(self.times, *KINDS[self.kind])


def check_files(paths: Iterable[Path], *, known: Known = NOBODY, libraries: Collection[str] = ()) -> list[Finding]:
    """Search files for identifiers, rows of people, tables that were not released, paths and tracebacks.

    Parameters
    ----------
    paths
        Files: pages, notebooks, CSV files, spreadsheets, GeoPackages, pictures, text. Downloads and pictures inside a
        page, outputs and metadata of a notebook, properties of a spreadsheet are part of it. The name of a file is
        searched as well. A file of any other kind is a finding.
    known
        Pseudonyms to look for.
    libraries
        Digests (``markup.digest``) of the scripts of others that pages carry; they are passed over.

    Returns
    -------
    list of Finding
        One a file and kind, in their order; none where all is well.
    """
    search = _Search(known, libraries)
    return [
        Finding(path.name if not identified else f"a file with a name that holds {identified}", kind, times)
        for path in paths
        for identified in [_listed(_of_words(path.stem, known))]
        for kind, times in search.found(path.suffix.lower(), path.read_bytes(), path.name).items()
    ]


def check_words(words: str, known: Known = NOBODY) -> str:
    """Say how many of what must not leave are in a text, such as a message; empty where nothing is.

    Examples
    --------
    >>> check_words("the file is empty"), check_words("nobody is called 9434765919")
    ('', '1 NHS number')
    """
    return _listed(_of_words(words, known))


def refuse_leaks(paths: Iterable[Path], known: Known = NOBODY, libraries: Collection[str] = ()) -> None:
    """Raise if files that are about to be published hold anything that must not leave.

    Raises
    ------
    DisclosureError
        With everything found in each file, in counts.
    """
    held: dict[str, list[str]] = {}
    for one in check_files(paths, known=known, libraries=libraries):
        held.setdefault(one.file, []).append(one.said)
    remedy = "Nothing of it is published; take it out of what makes the file."
    if held:
        raise DisclosureError(*(Problem(file, f"holds {listed(said)}", remedy) for file, said in held.items()))


def _listed(counted: Counter[str]) -> str:
    return listed([number(times, *KINDS[kind]) for kind, times in counted.items()]) if counted else ""


class _Search:
    """Searches files that belong together: what lies in several of them, a download or a picture, once."""

    def __init__(self, known: Known, libraries: Collection[str]):
        self.known, self.libraries = known, libraries
        self.searched: dict[tuple[str, bytes], tuple[Counter[str], list[tuple[str, bytes]]]] = {}

    def found(self, kind: str, data: bytes, name: str) -> Counter[str]:
        """Everything found in one file and every file inside it, in the order of ``KINDS``."""
        counted, waiting = _of_words(name, self.known), [(kind, data)] if data else []
        while waiting:
            one = waiting.pop()
            if one not in self.searched:
                contents = _opened(*one, self.libraries)
                self.searched[one] = self._counted(contents), contents.inside
            held, inside = self.searched[one]
            counted.update(held)
            waiting += inside
        return Counter({one: counted[one] for one in KINDS if counted[one]})

    def _counted(self, contents: Contents) -> Counter[str]:
        counted = _of_words(contents.words, self.known)
        counted["unreleased"] += contents.not_shown + sum(not frame.released for frame in contents.frames)
        counted["traceback"] += contents.errors
        counted["closed"] += contents.closed
        for frame in contents.frames:
            counted["rows"] += rows_of_people(frame, self.known.sizes)
            counted["birth"] += births_in(frame)
        return counted


def _of_words(words: str, known: Known) -> Counter[str]:
    looked_for: dict[str, Callable[[str], int]] = {
        "nhs": identifiers.nhs_numbers,
        "postcode": identifiers.postcodes,
        "birth": identifiers.births,
        "pseudonym": known.found_in,
        "path": identifiers.paths,
        "traceback": identifiers.tracebacks,
        "machine": identifiers.machine_names,
    }
    return +Counter({kind: count(words) for kind, count in looked_for.items()})


def _opened(kind: str, data: bytes, libraries: Collection[str]) -> Contents:
    into = Contents()
    try:
        kind, data = _decoded(kind, data)
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            data = data.decode("utf-16").encode()
        if kind in _MARKUP:
            open_markup(data, into, libraries)
        else:
            _OPENERS.get(kind, _closed)(data, into)
    except _DAMAGED:
        into.closed += 1
    return into


def _decoded(kind: str, data: bytes) -> tuple[str, bytes]:
    """A picture of a notebook, out of base64."""
    if not kind.endswith(";base64"):
        return kind, data
    try:
        return kind.removesuffix(";base64"), base64.b64decode(data)
    except binascii.Error:
        return ".txt", data


def _closed(data: bytes, into: Contents) -> None:
    """Something of an unknown kind; its legible parts are searched all the same."""
    into.closed += 1
    containers.open_bytes(data, into)
