"""All that a file holds, laid open: its words, its tables, and what of it should not be there at all."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

BREAK = "\n\0\n"
"""Between two texts that do not belong together."""
_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)((?:;[\w.=+-]+)*),([^\s\"'<>()\\]*)")
_LONG = 200
_ENCODED = re.compile(rf"[A-Za-z0-9+/]{{{_LONG},}}={{0,2}}")
"""A run in base64, as of the coordinates of a map."""


@dataclass(frozen=True)
class Frame:
    """One table that was found.

    Parameters
    ----------
    columns
        Its headings.
    rows
        Its cells as text.
    released
        Whether it has what tables have that left through the release gate.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    released: bool = True


@dataclass
class Contents:
    """What was found in one file, or in one that lies inside it.

    Parameters
    ----------
    texts
        Words, each a text of its own.
    frames
        Tables.
    inside
        Files inside: how the name of each ends, and its bytes. They are still to be laid open.
    not_shown
        How many outputs of a notebook were not shown by this package.
    errors
        How many outputs are errors.
    closed
        How many parts are of a kind that cannot be looked into.
    """

    texts: list[str] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    inside: list[tuple[str, bytes]] = field(default_factory=list)
    not_shown: int = 0
    errors: int = 0
    closed: int = 0

    def add_text(self, text: str) -> None:
        """Keep a text; files that are written into it, as downloads and pictures are, are taken out to be opened."""
        if "data:" in text:
            text = _DATA.sub(self._taken_out, text)
        self.texts.append(_ENCODED.sub(self._decoded, text) if len(text) >= _LONG else text)

    def _decoded(self, found: re.Match[str]) -> str:
        """Take out a long run in base64; what it says is kept where it says anything."""
        run = found[0].rstrip("=")
        with suppress(ValueError):
            self.texts.append(base64.b64decode(run[: len(run) // 4 * 4]).decode("utf-8"))
        return " "

    def _taken_out(self, found: re.Match[str]) -> str:
        kind, options, data = found.groups()
        try:
            held = base64.b64decode(data, validate=True) if "base64" in options else unquote_to_bytes(data)
        except ValueError:  # of which an error of base64 is one
            self.closed += 1
            return found[0]
        self.inside.append((kind, held))
        return f"data:{kind}"

    @property
    def words(self) -> str:
        """All texts in one."""
        return BREAK.join(self.texts)
