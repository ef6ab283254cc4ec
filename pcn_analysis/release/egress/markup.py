"""The words and tables of HTML, SVG and other XML, with attributes, comments, styles and scripts."""

from __future__ import annotations

import hashlib
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from pcn_analysis.release.egress.contents import Contents, Frame

if TYPE_CHECKING:
    from collections.abc import Collection

_OWN_REGIONS = ("table: files", "table: networks of ")
"""Labels of tables that say what a page was made from, and of those of the index: no table of data."""
_CELLS = ("td", "th")


class _Reader(HTMLParser):
    """Collects what a browser would show and what it would not."""

    def __init__(self, libraries: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.libraries = libraries
        self.script: list[str] | None = None
        self.words: list[str] = []
        self.attributes: list[str] = []
        self.frames: list[Frame] = []
        self.region = ""
        self.rows: list[list[str]] | None = None
        self.released = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.attributes += values.values()
        self.attributes += [f"{name}: {value}" for name, value in values.items() if name.startswith("data-")]
        if tag == "script":
            self.script = []
        if values.get("role") == "region":
            self.region = values.get("aria-label", "").lower()
        if tag == "table":
            self.rows = []
            self.released = "released" in values.get("class", "").split() or self.region.startswith(_OWN_REGIONS)
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in _CELLS and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.script is not None:
            script, self.script = "".join(self.script), None
            if digest(script) not in self.libraries:
                self.words.append(script)
        if tag == "table" and self.rows is not None:
            heading, *rows = [tuple(row) for row in self.rows] or [()]
            self.frames.append(Frame(heading, tuple(rows), self.released))
            self.rows, self.region = None, ""

    def handle_data(self, data: str) -> None:
        if self.script is not None:
            self.script.append(data)
        elif data.strip():
            self.words.append(data)
            if self.rows and self.rows[-1]:
                self.rows[-1][-1] += data.strip()

    def handle_comment(self, data: str) -> None:
        self.words.append(data)

    def handle_pi(self, data: str) -> None:
        self.words.append(data)

    def unknown_decl(self, data: str) -> None:
        self.words.append(data)


def digest(script: str) -> str:
    """SHA-256 of a script, without the spaces around it."""
    return hashlib.sha256(script.strip().encode()).hexdigest()


def open_markup(data: bytes, into: Contents, libraries: Collection[str] = ()) -> None:
    """Lay open HTML, SVG or XML.

    Parameters
    ----------
    data
        The file.
    into
        Takes what is found.
    libraries
        Digests of the scripts of others that a page carries; these are passed over, word for word as they are.
    """
    reader = _Reader(libraries)
    reader.feed(data.decode("utf-8", "replace"))
    reader.close()
    reader.words += [*(reader.script or ()), reader.rawdata]  # of a script that never ends
    into.add_text("\n".join(reader.words))
    into.add_text("\n".join(reader.attributes))
    into.frames += reader.frames


def open_part(data: bytes, into: Contents) -> None:
    """Lay open a part of a spreadsheet, which is XML and no page: its texts and attributes, each once.

    Tables in it are none of a page. What is hidden in comments and the like is laid open as markup is.
    """
    if b"<!" in data or data.count(b"<?") > 1:
        open_markup(data, into)
        return
    words: dict[str, None] = {}
    for element in ElementTree.fromstring(data).iter():
        words.update(dict.fromkeys(element.attrib.values()))
        words.update({element.text or "": None, element.tail or "": None})
    into.add_text("\n".join(words))
