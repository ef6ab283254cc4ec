"""Read delimited text as text: every cell a string, every line that cannot be read as a row counted.

Nothing is guessed from values. The header says the separator; the bytes say the encoding; a line with more or fewer
cells than a row has is left out and counted, as is one in which a quote does not close.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from pcn_analysis.exceptions import problem
from pcn_analysis.extracts.text_lines import AGAIN, BETWEEN, BLANK, BREAK, SCHEMA, Lines, Looks, cells_of, examined
from pcn_analysis.extracts.workspace import name, text
from pcn_analysis.words import folded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace

SEPARATORS = ",;|\t"
HEADER_BYTES = 1 << 20
_VALUE = re.compile(r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|[0-9]{6,}$")
_PERIOD = re.compile(r"(19|20)[0-9]{2}([-/](0?1|[01][0-9])([-/]0?1)?)?|0?1/[01]?[0-9]/(19|20)[0-9]{2}")
"""What columns are called that are of one month or year."""
SAMPLE = 1000
"""Lines below the header that say how many cells a row has."""
MARK = "\ufeff"
"""The byte order mark; in the middle of a file it begins one that was put below another."""
MOST_BROKEN = 0.2
"""A file more of whose lines than this cannot be read as rows is refused as a whole."""


@dataclass(frozen=True)
class Raw:
    """One table as it was delivered: every cell text, trimmed; an empty cell is null.

    Parameters
    ----------
    name
        Name of the file or table, for messages.
    header
        Names of all its columns, trimmed, in lower case, with ``_`` for a space.
    columns
        Those of them that were read.
    relation
        How to read it in SQL, to stand after ``FROM``.
    rows
        How many rows were read.
    """

    name: str
    header: tuple[str, ...]
    columns: tuple[str, ...]
    relation: str
    rows: int


def read_text(
    space: Workspace,
    path: Path,
    findings: Findings,
    *,
    keep: Callable[[str], bool] = lambda _: True,
    skip_lines: int = 0,
) -> Raw:
    """Read a delimited text file into the workspace.

    Parameters
    ----------
    space
        The workspace.
    path
        The file: UTF-8 (with or without byte order mark), UTF-16 with one, or Windows-1252; separated by commas,
        semicolons, bars or tabs; any line ends.
    findings
        Takes what was found: how many lines were left out, and why.
    keep
        Says of a column, by folded name, whether to read it.
    skip_lines
        Lines above the header.

    Raises
    ------
    PcnAnalysisError
        If the file is empty, no text, has a header that names a column twice, or too many lines cannot be read.
    """
    looks = examined(path)
    top = _top(path, looks, skip_lines)
    kept = [index for index, one in enumerate(top.header) if keep(one)]
    lines = Lines(path, looks, top.lines, top.separator, top.width)
    relation, counts = _streamed(space, top, kept, lines)
    rows, broken = counts["row"], counts["broken"] + lines.unclosed
    unread = broken + lines.damaged
    if unread > MOST_BROKEN * (rows + unread):
        what = f"{unread:,} of {rows + unread:,} rows do not have the cells of the header"
        raise problem(path.name, what, f"{AGAIN} Its first line must name the columns.")
    for what, many, action in (
        ("rows with more or fewer cells than the header, or an unclosed quote", broken, "left out"),
        ("rows with bytes that are no text", lines.damaged, "left out"),
        ("rows without any value", counts["empty"], "left out"),
        ("rows that repeat the header", counts["header"], "left out"),
        ("rows with characters that are not UTF-8, read as Windows-1252", lines.recoded, "changed"),
        ("rows with an odd quote within a cell, kept as it is", lines.inches, "noted"),
    ):
        findings.add(path.name, what, many, action)
    return Raw(path.name, tuple(top.header), tuple(top.header[index] for index in kept), relation, rows)


def ends_within(path: Path) -> bool:
    """Whether a file ends without a line end, as one does that was cut short; many whole ones do as well."""
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - 2, 0))
        return not stream.read().strip(b"\0").endswith((b"\n", b"\r"))


@dataclass(frozen=True)
class _Top:
    """What the first lines of a file say.

    Parameters
    ----------
    separator, header
        Between cells, and the folded names of the columns.
    lines
        How many lines there are down to the header, it included.
    width
        Cells of a row. More than names of columns, where every line ends with separators; the rest is empty.
    written
        The header as it is written.
    """

    separator: str
    header: list[str]
    lines: int
    width: int
    written: str


def _top(path: Path, looks: Looks, skip_lines: int) -> _Top:
    with path.open(encoding=looks.encoding, errors="replace") as stream:
        first = stream.read(HEADER_BYTES).split("\n")
    if first[skip_lines : skip_lines + 1] and first[skip_lines].strip().lower() in {f"sep={one}" for one in SEPARATORS}:
        skip_lines += 1  # how Excel is told the separator
    end = skip_lines + 1
    while '"' in (written := "\n".join(first[skip_lines:end])) and written.count('"') % 2 and end < len(first):
        end += 1  # a name with a line break in it
    by_separator = {one: cells_of(written, one) or [] for one in SEPARATORS}
    separator = max(SEPARATORS, key=lambda one: len(by_separator[one]))
    names = [folded(cell) for cell in by_separator[separator]]
    if not any(names) or (end == len(first) and len(written) >= HEADER_BYTES - 1):
        raise problem(path.name, "the first line names no columns", "Give the file with its header.")
    sample = (cells_of(line, separator) for line in first[end : end + SAMPLE] if line.strip())
    widths = Counter(len(cells) for cells in sample if cells)
    width = widths.most_common(1)[0][0] if widths else len(names)
    if width < len(names) and any(names[width:]):
        width = len(names)
    if _is_a_record(names):
        raise problem(path.name, "its first line is a record, and no header", "Give it with names of columns.")
    header = [one or f"column_{index + 1}" for index, one in enumerate(names[:width])]
    if twice := sorted({one for one in header if header.count(one) > 1}):
        raise problem(path.name, f"its header names a column twice: {', '.join(twice)}", "Name every column once.")
    return _Top(separator, header, end, width, written)


def _is_a_record(names: list[str]) -> bool:
    """Whether names of columns are values, so that none of them may be told.

    One of them is a date, but no first of a month, or a long number; or more than a third have no letter. Columns that
    are of one month or year each are called so.
    """
    filled = [one for one in names if one and not _PERIOD.fullmatch(one)]
    without = [one for one in filled if not any(letter.isalpha() for letter in one)]
    return any(_VALUE.match(one) for one in filled) or 3 * len(without) > len(filled)


def _streamed(space: Workspace, top: _Top, kept: list[int], lines: Lines) -> tuple[str, Counter[str]]:
    """Stream the wanted columns to Parquet; how to read the rows in SQL, and what the lines were, counted."""
    reader = pa.RecordBatchReader.from_batches(SCHEMA, lines.batches())
    space.connection.register("delivered_lines", reader)
    told = f"SELECT line, {_cells(top.separator, lines.looks)} AS cells FROM delivered_lines WHERE line <> ''"
    cells = [
        f"nullif(trim(cells[{index + 1}], {text(lines.looks.blank)}), '') AS {name(top.header[index])}"
        for index in kept
    ]  # fmt: skip
    source = space.write(f"SELECT {', '.join([*cells, f'{_kind(top)} AS _line'])} FROM ({told})", "raw")
    space.connection.unregister("delivered_lines")
    counts = Counter(dict(space.rows(f"SELECT _line, count(*) FROM {source} GROUP BY _line")))
    columns = ", ".join(name(top.header[index]) for index in kept) or "true AS no_column"
    return f"(SELECT {columns} FROM {source} WHERE _line = 'row')", counts


def _cells(separator: str, looks: Looks) -> str:
    """The cells of a line without the quotes around them, in SQL; null where nobody can say where a cell ends.

    A cell with a quote in it either begins and ends with one, and has them in pairs within, or does not begin with one
    and holds no separator.
    """
    parted = f"string_split(line, {text(BETWEEN)})"
    if not looks.quoted:
        return parted
    plain = f'("[^"{BETWEEN}]*"|[^"{BETWEEN}]*)'
    other = f'( *"([^"{BETWEEN}]|"")*" *| *([^" {BETWEEN}\\{separator}][^{BETWEEN}\\{separator}]*)?)'
    broken = f"replace(line, {text(BREAK)}, chr(10))"
    whole = f"string_split({broken}, {text(BETWEEN)})"
    inner = "CASE WHEN trim(cell)[1] = '\"' THEN replace(trim(cell)[2:-2], '\"\"', '\"') ELSE cell END"
    return (
        f"CASE WHEN NOT contains(line, '\"') THEN {parted} "
        f"WHEN {_each(plain)} THEN string_split(replace({broken}, '\"', ''), {text(BETWEEN)}) "
        f"WHEN {_each(other)} THEN list_transform({whole}, lambda cell: {inner}) END"
    )


def _each(cell: str) -> str:
    """Whether every cell of a line is of a pattern, in SQL."""
    return f"regexp_full_match(line, {text(f'{cell}({BETWEEN}{cell})*')})"


def _kind(top: _Top) -> str:
    """Whether a line is a row, broken, empty or the header again, in SQL."""
    beyond = " OR ".join(f"trim(cells[{index + 1}]) <> ''" for index in range(len(top.header), top.width)) or "false"
    header = top.written.replace(top.separator, BETWEEN)
    return (
        f"CASE WHEN regexp_full_match(line, {text(f'[{BETWEEN}{BLANK}{chr(34)}]*')}) THEN 'empty' "
        f"WHEN line IN ({text(header)}, {text(MARK + header)}) THEN 'header' "
        f"WHEN cells IS NULL OR len(cells) <> {top.width} OR {beyond} THEN 'broken' ELSE 'row' END"
    )
