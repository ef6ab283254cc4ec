"""Read the file of a grouping: which practice, or which network, belongs to which group, and who says so.

Above the header may stand lines of facts: ``# publisher: NHS Cheshire and Merseyside``. What is wrong with a file is
told all at once. What is merely not of the place, as in a file of a whole integrated care board, is counted and left
out.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem
from pcn_analysis.words import folded, listed, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

MARK = "#"
"""Begins a line that says something of the file."""
FACTS = ("title", "publisher", "period", "licence", "size")
"""What such a line can say."""
UNITS = {"practice_code": codes.PRACTICE, "pcn_code": codes.NETWORK}
"""Columns of what is grouped, each with the pattern of its codes; the first that is there counts."""
NOUNS = {"practice_code": "practice", "pcn_code": "network"}
SEPARATORS = ",;\t"
RESERVED = (codes.NO_NETWORK, "no group", "none")
"""Names that no group can have: a practice in none is left out of the file."""
SHOWN = 4
"""So many names stand in a message."""
EXAMPLE = "Begin it with practice_code,group or with pcn_code,group."


@dataclass(frozen=True)
class GroupingFile:
    """What a grouping file says, checked by itself.

    Parameters
    ----------
    facts
        What the lines above the header say, of :data:`FACTS`.
    unit
        What is grouped: ``practice_code`` or ``pcn_code``.
    of
        Group by code of the unit; a row each, in order of code.
    names
        Name of each group; the group itself where the file has no other.
    size
        Fewest and most patients that a group is meant to have; None where the file does not say.
    repeated
        Rows that say again what another says.
    """

    facts: dict[str, str]
    unit: str
    of: pd.Series
    names: dict[str, str]
    size: tuple[int, int] | None
    repeated: int


def read_grouping_file(path: Path) -> GroupingFile:
    """Read and check a grouping file.

    Parameters
    ----------
    path
        A CSV file with practice_code and group, or pcn_code and group, and optionally group_name. UTF-8, UTF-16 with a
        byte order mark, or Windows-1252; separated by commas, semicolons or tabs. Case of codes, spaces around cells
        and empty lines count for nothing, and other columns are not read.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file.
    """
    above, header, rows = parsed(path, EXAMPLE)
    facts, problems = _facts(path.name, above)
    size = _size(path.name, facts.get("size"), problems)
    names = [folded(one) for one in header]
    unit = next((one for one in UNITS if one in names), None)
    problems += _column_problems(path.name, names, unit)
    shape = shape_problems(path.name, rows, len(header), "Put in a row a practice.")
    problems += shape
    if unit is None or "group" not in names or shape:
        raise PcnAnalysisError(*problems)
    frame = pd.DataFrame(rows, columns=pd.Index(names), dtype="str")
    frame = frame.loc[:, ~frame.columns.duplicated()]
    frame = frame.reindex(columns=[unit, "group", "group_name"], fill_value="").rename(columns={unit: "unit"})
    frame["unit"] = frame["unit"].str.upper()
    problems += _row_problems(path.name, frame, unit)
    if problems:
        raise PcnAnalysisError(*problems)
    once = frame.drop_duplicates(["unit", "group"])
    named = frame[frame["group_name"] != ""].drop_duplicates("group").set_index("group")["group_name"].to_dict()
    return GroupingFile(
        facts=facts,
        unit=unit,
        of=once.set_index("unit")["group"].sort_index(),
        names={group: named.get(group, group) for group in sorted(once["group"].unique())},
        size=size,
        repeated=len(frame) - len(once),
    )


# -- from bytes to cells -----------------------------------------------------------------------------------


def parsed(path: Path, example: str) -> tuple[list[str], list[str], list[list[str]]]:
    """Lines above the header, the cells of the header, and the rows below; spaces and empty rows are gone.

    Parameters
    ----------
    path
        A CSV file that somebody wrote, as :func:`read_grouping_file` takes it.
    example
        What to do about a file that holds no table.

    Raises
    ------
    PcnAnalysisError
        If it cannot be read, or holds no table.
    """
    lines = [line for line in _text(path).splitlines() if line.strip().strip(SEPARATORS)]
    start = next((at for at, line in enumerate(lines) if not line.lstrip('" ').startswith(MARK)), len(lines))
    if start == len(lines):
        raise problem(path.name, "the file holds no table", example)
    separator = max(SEPARATORS, key=lines[start].count)
    cells = [
        [" ".join(cell.split()) for cell in row]
        for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=separator)
    ]
    above = [f"{separator} ".join(row).rstrip(f"{SEPARATORS} ") for row in cells[:start]]
    return above, cells[start], [row for row in cells[start + 1 :] if any(row)]


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        raise problem(
            str(path), "there is no such file, or it cannot be read", "Give the path of a CSV file."
        ) from None
    if data.startswith(b"PK"):
        raise problem(path.name, "it is a workbook or a zip", "Save the sheet as CSV (in Excel: CSV UTF-8).")
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise problem(path.name, "it is no text", "Save it as CSV (in Excel: CSV UTF-8).")


# -- what is wrong -----------------------------------------------------------------------------------------


def _facts(name: str, above: list[str]) -> tuple[dict[str, str], list[Problem]]:
    """What the lines above the header say; a line without a colon is a remark."""
    facts: dict[str, str] = {}
    problems = []
    for line in above:
        key, colon, value = line.lstrip(MARK + " ").partition(":")
        key = folded(key)
        if not colon or not re.fullmatch(r"[a-z_]+", key):
            continue
        if key not in FACTS:
            problems.append(Problem(name, f"the line “{MARK} {key}:” is not known", nearest(key, FACTS)))
        elif value.strip():
            facts[key] = value.strip()
    return facts, problems


def _size(name: str, said: str | None, problems: list[Problem]) -> tuple[int, int] | None:
    """Fewest and most patients: of a range as it stands, of one number those around it."""
    if said is None:
        return None
    found = re.fullmatch(r"([0-9]{1,7})(?:(?:-|–|to)([0-9]{1,7}))?", said.replace(",", "").replace(" ", ""))
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 0 < low <= high:
        remedy = f"Write “{MARK} size: 50000”, or “{MARK} size: 30000-50000”."
        problems.append(Problem(name, "the size is neither a number of patients nor a range", remedy))
        return None
    return around(low) if low == high else (low, high)


def around(size: int) -> tuple[int, int]:
    """Fewest and most patients of a group that has about so many: within a quarter; our choice.

    Examples
    --------
    >>> around(50_000)
    (37500, 62500)
    """
    return size * 3 // 4, size * 5 // 4


def _column_problems(name: str, names: list[str], unit: str | None) -> list[Problem]:
    wanted = ("group",) if unit else ("practice_code", "group")
    return header_problems(name, names, wanted, sorted((*UNITS, "group", "group_name")), EXAMPLE)


def header_problems(
    name: str, names: Sequence[str], wanted: Iterable[str], once: Iterable[str], example: str
) -> list[Problem]:
    """Columns that lack and those that are there twice; what stands in the header is never repeated.

    A file without a header has a row of people or of money where the header is looked for.

    Parameters
    ----------
    name
        The file.
    names
        What its header says.
    wanted, once
        Columns that it has to have, and those that it can have once.
    example
        What to do about a column that lacks.

    Examples
    --------
    >>> print(*header_problems("a.csv", ["jane", "group", "group"], ["role"], ["group"], "Begin it with role."))
    a.csv: the column role is missing. Begin it with role. a.csv: the column group is there twice. Keep one of them.
    """
    lacking = [Problem(name, f"the column {one} is missing", example) for one in wanted if one not in names]
    twice = [one for one in once if names.count(one) > 1]
    return lacking + [Problem(name, f"the column {one} is there twice", "Keep one of them.") for one in twice]


def shape_problems(name: str, rows: Sequence[Sequence[str]], columns: int, example: str) -> list[Problem]:
    """Rows that are not as long as the header, or no row at all; without what they hold."""
    uneven = sum(len(row) != columns for row in rows)
    remedy = "Put quotes around a cell that holds a comma."
    found = [Problem(name, f"{number(uneven, 'row')} with more or fewer cells than the header", remedy)]
    return found[: uneven > 0] + ([] if rows else [Problem(name, "there is no row below the header", example)])


def _row_problems(name: str, frame: pd.DataFrame, unit: str) -> list[Problem]:
    """Everything that is wrong with the rows of a file: unit, group, group_name.

    Groups are named only where each unit has one: a file with several may be no grouping, but a list of people.
    """
    noun, problems = NOUNS[unit], []

    def tell(bad: list[str] | int, what: str, remedy: str) -> None:
        if bad:
            which = f" ({_some(bad)})" if isinstance(bad, list) else ""
            problems.append(Problem(name, f"{what.format(len(bad) if isinstance(bad, list) else bad)}{which}", remedy))

    blank, ungrouped = frame["unit"] == "", frame["group"] == ""
    tell(int(blank.sum()), f"rows without a {noun}: {{}}", "Fill the column, or take them out.")
    tell(int(ungrouped.sum()), "rows without a group: {}", f"Fill the column; leave out a {noun} that is in none.")
    odd = ~blank & ~frame["unit"].str.fullmatch(UNITS[unit].strip("^$"))
    example = "N85002" if noun == "practice" else "U12833"
    tell(int(odd.sum()), f"rows with what is no code of a {noun}: {{}}", f"Write codes as {example}.")
    known = frame[~blank & ~odd & ~ungrouped]
    several = known.groupby("unit")["group"].nunique()
    tell(list(several.index[several > 1]), f"{noun}s in more than one group: {{}}", f"Keep one group a {noun}.")
    shown = list if (several <= 1).all() else len
    groups = frame.loc[~ungrouped, "group"].drop_duplicates()
    alike = groups[groups.str.casefold().duplicated(keep=False)]
    tell(shown(alike), "groups that differ only in capitals: {}", "Write each in one way.")
    reserved = groups[groups.str.casefold().isin(RESERVED)]
    tell(shown(reserved), "groups that are called as if they were none: {}", f"Leave out a {noun} that is in none.")
    named = frame[~ungrouped & (frame["group_name"] != "")].drop_duplicates(["group", "group_name"])
    tell(shown(_twice(named["group"])), "groups with more than one name: {}", "Keep one name a group.")
    tell(shown(_twice(named["group_name"])), "names that more than one group has: {}", "Give each its own.")
    return problems


def _twice(values: pd.Series) -> list[str]:
    return sorted(set(values[values.duplicated()]))


def _some(names: list[str]) -> str:
    """Names in a message; of many the first."""
    more = len(names) - SHOWN
    return listed(names) if more <= 0 else f"{', '.join(names[:SHOWN])} and {more} more"
