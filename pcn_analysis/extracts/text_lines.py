"""The lines of a text file, one record each: decoded, with one kind of line end, and with quotes that close.

Whatever is wrong with a line costs that line and no other: it is dropped, and counted. Blocks of bytes are looked at
as arrays; single lines are looked at only where a quote does not close in its own line.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from pcn_analysis.exceptions import problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK = 1 << 22
"""Characters read at a time."""
LONGEST = 1 << 23
"""Bytes of the longest line; a longer one is of no table."""
LONGEST_RECORD = 1 << 16
"""Bytes of the longest record that is written on several lines; a quote that does not close within them never does."""
BETWEEN, BREAK = "\x1f", "\x1e"
"""What stands between cells once they are told apart, and for a line break within a cell."""
BLANK = " \t\u00a0\ufeff"
"""What is trimmed from both ends of a cell: spaces of both kinds, tabs and byte order marks."""
SCHEMA = pa.schema([("line", pa.string())])
_NO_TEXT = re.compile("[\0\x1e\x1f\ud800-\udfff]")
_LINE_OF_NO_TEXT = re.compile("(?m)^[^\n]*[\0\x1e\x1f\ud800-\udfff][^\n]*\n")
_LINE_NOT_ASCII = re.compile("(?m)^[^\n]*[^\0-\x7f]")
_UNREADABLE = re.compile("[\ud800-\udfff]")
_SEVERAL_BYTES = re.compile("[^\0-\x7f\ud800-\udfff]")
_NO_TABLES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe\0\0", b"\0\0\xfe\xff")
AGAIN = "Export it again as CSV in UTF-8."


@dataclass(frozen=True)
class Looks:
    """What the bytes of a file say of it.

    Parameters
    ----------
    encoding
        ``utf-8-sig``, ``utf-16`` or ``cp1252``.
    quoted
        Whether there are quotes in it.
    blank
        What is trimmed from cells: spaces, and of other blanks those that can be in it.
    """

    encoding: str
    quoted: bool
    blank: str

    @property
    def errors(self) -> str:
        """How bytes that are no text are marked while they are decoded."""
        return "surrogatepass" if self.encoding == "utf-16" else "surrogateescape"


def examined(path: Path) -> Looks:
    """Look once through the bytes of a file.

    A file without a byte order mark that is not all UTF-8 is one with damaged lines where most of what is beyond
    ASCII is UTF-8, and Windows-1252 otherwise.

    Raises
    ------
    PcnAnalysisError
        If it is empty, no text, or holds a line longer than ``LONGEST``.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    first, size, nulls, since, readable, unreadable = b"", 0, 0, 0, 0, 0
    quoted = blanks = False
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            first, size = first or chunk[:4], size + len(chunk)
            nulls, quoted = nulls + chunk.count(b"\0"), quoted or b'"' in chunk
            blanks = blanks or b"\t" in chunk or not chunk.isascii()
            end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            since = since + len(chunk) if end < 0 else len(chunk) - end
            if since > LONGEST:
                raise problem(path.name, f"a line of it is longer than {LONGEST:,} bytes", AGAIN)
            if not (chunk.isascii() and decoder.getstate()[0] == b""):
                text = decoder.decode(chunk)
                readable += len(_SEVERAL_BYTES.findall(text))
                unreadable += len(_UNREADABLE.findall(text))
    unreadable += len(decoder.getstate()[0])
    if not size:
        raise problem(path.name, "the file is empty", "Deliver it again.")
    wide = first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) and first not in _NO_TABLES
    if first in _NO_TABLES or (not wide and nulls > size // 100):
        raise problem(path.name, "is no text file", "Export it as CSV in UTF-8; a workbook cannot be read.")
    if wide and size % 2:
        raise problem(path.name, "is UTF-16 of which a byte is missing", AGAIN)
    if wide:
        return Looks("utf-16", quoted=True, blank=BLANK)
    return Looks("cp1252" if unreadable > readable else "utf-8-sig", quoted, BLANK if blanks else " ")


@cache
def _cell(separator: str) -> re.Pattern[str]:
    """A separator and the cell after it; a quote opens a cell only as its first character."""
    between = re.escape(separator)
    return re.compile(rf'{between}( *"(?:[^"]|"")*" *(?={between}|\Z)|(?! *")[^{between}]*)')


def cells_of(record: str, separator: str) -> list[str] | None:
    """Cells of one record, without the quotes around them; None where a quote does not close, or closes too soon.

    Examples
    --------
    >>> cells_of('1, "a, ""b"" c", 5" nail', ",")
    ['1', 'a, "b" c', '5" nail']
    >>> cells_of('1,"a', ","), cells_of('"a"b,1', ",")
    (None, None)
    """
    found = list(_cell(separator).finditer(separator + record))
    if sum(len(one.group()) for one in found) != len(record) + 1:
        return None
    return [_unquoted(one.group(1).strip()) for one in found]


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def _written(cells: list[str], separator: str) -> bytes:
    """Cells as one line whose quotes close in it."""
    quoted = ('"' + cell.replace('"', '""').replace("\n", BREAK) + '"' for cell in cells)
    return (separator.join(quoted) + "\n").encode()


@dataclass
class Lines:
    """The lines of a file below its header.

    Parameters
    ----------
    path
        The file.
    looks
        What its bytes say.
    skip
        Lines down to its header, the header included.
    separator
        Between cells.
    width
        Cells of a row.
    damaged, unclosed
        Lines that were dropped: for bytes that are no text, and for quotes that do not close.
    recoded, inches
        Lines with characters that are not UTF-8; lines with an odd quote within a cell, which is kept as it is. All
        are counted while lines are read.
    """

    path: Path
    looks: Looks
    skip: int
    separator: str
    width: int
    damaged: int = 0
    unclosed: int = 0
    recoded: int = 0
    inches: int = 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Every line, with ``BETWEEN`` between its cells, a block at a time; the column is ``line``."""
        held = b""
        for block, last in self._blocks():
            data = held + self._sound(block)
            if self.looks.quoted:
                data, held = self._closed(data, last=last)
            yield self._parted(data)

    def _blocks(self) -> Iterator[tuple[str, bool]]:
        """Text of whole lines, and whether it is the last."""
        left = ""
        with self.path.open(encoding=self.looks.encoding, errors=self.looks.errors) as stream:
            for _ in range(self.skip):
                stream.readline()
            while chunk := stream.read(CHUNK):
                whole, end, rest = chunk.rpartition("\n")
                if end:
                    yield left + whole + end, False
                    left = rest
                else:
                    left += chunk
        yield left + "\n", True

    def _sound(self, block: str) -> bytes:
        """A block without lines that hold what is no text."""
        if _NO_TEXT.search(block):
            block, dropped = _LINE_OF_NO_TEXT.subn("", block)
            self.damaged += dropped
        if self.looks.encoding == "cp1252" and not block.isascii():
            self.recoded += len(_LINE_NOT_ASCII.findall(block))
        return block.encode()

    def _closed(self, data: bytes, *, last: bool) -> tuple[bytes, bytes]:
        """Lines in which every quote closes, and what is held back as the next block may close it."""
        codes = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(codes == ord("\n"))
        quotes = np.bincount(np.searchsorted(ends, np.flatnonzero(codes == ord('"'))), minlength=len(ends))
        odd = [(int(ends[one - 1]) + 1 if one else 0, int(ends[one])) for one in np.flatnonzero(quotes % 2)]
        parts, done, index = [], 0, 0
        while index < len(odd):
            start, end = odd[index]
            parts.append(data[done:start])
            cells, used = cells_of(data[start:end].decode(), self.separator), 1
            self.inches += cells is not None
            if cells is None and index + 1 < len(odd):
                cells, used = self._on_several_lines(data[start : odd[index + 1][1]]), 2
            elif cells is None and not last and len(data) - start <= LONGEST_RECORD:
                return b"".join(parts), data[start:]
            if cells is None:
                self.unclosed, used = self.unclosed + 1, 1
            else:
                parts.append(_written(cells, self.separator))
            index += used
            done = odd[index - 1][1] + 1
        return b"".join([*parts, data[done:]]), b""

    def _on_several_lines(self, data: bytes) -> list[str] | None:
        """Cells of a record written on several lines; None where the lines are rows that a quote has swallowed.

        Rows that are swallowed have a row's separators each, or all but one of them; of a record with line breaks in
        its cells one line at most has.
        """
        if len(data) > LONGEST_RECORD:
            return None
        text = data.decode()
        rows = sum(line.count(self.separator) >= self.width - 1 for line in text.split("\n"))
        cells = cells_of(text, self.separator) if rows <= 1 else None
        return cells if cells and len(cells) == self.width and self.width > 1 else None

    def _parted(self, data: bytes) -> pa.RecordBatch:
        """The lines as Arrow, with what is between cells marked; separators within quotes are none."""
        codes = np.frombuffer(data, np.uint8).copy()
        between = codes == ord(self.separator)
        if self.looks.quoted:
            between &= np.cumsum(codes == ord('"'), dtype=np.uint8) % 2 == 0
        codes[between] = ord(BETWEEN)
        ends = np.flatnonzero(codes == ord("\n"))
        starts = np.concatenate([[0], ends - np.arange(len(ends))]).astype(np.int32)
        texts = np.ascontiguousarray(codes[codes != ord("\n")])
        lines = pa.StringArray.from_buffers(len(ends), pa.py_buffer(starts), pa.py_buffer(texts))
        return pa.record_batch([lines], schema=SCHEMA)
