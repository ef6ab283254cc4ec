"""Published layouts of lists of codes, told by their header, and the one reader of them all.

Every cell is text. A file is read as UTF-8, with or without a byte order mark, separated by commas, tabs or semicolons.
Names of columns are compared in small letters, with spaces as underscores.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.words import number

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("code", "term", "include", "bnf_code")
"""Columns of a list as read."""
LARGEST = 500_000_000
"""Bytes; no published list is nearly as large."""
YES, NO = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")

_AGAIN = "Download it again from where it is published."


@dataclass(frozen=True)
class Layout:
    """A published shape of a list.

    Parameters
    ----------
    name, title
        What the manifest calls it, and what people do.
    needs
        What is read, and the columns that it can stand in; the layout is told by having one for each.
    may_have
        What is read where it is there.
    group
        Column by which one file holds several lists, of which the manifest names one.
    """

    name: str
    title: str
    needs: dict[str, tuple[str, ...]]
    may_have: dict[str, tuple[str, ...]]
    group: str = ""

    def found(self, header: list[str]) -> dict[str, str] | None:
        """Say which column of a header holds what; nothing if the header is not of this layout."""
        wanted = self.needs | self.may_have
        held = {what: next((name for name in names if name in header), "") for what, names in wanted.items()}
        return {what: name for what, name in held.items() if name} if all(held[what] for what in self.needs) else None


_TERM, _BNF = ("term", "name", "dmd_name", "ctv3preferredtermdesc", "description"), ("bnf_code",)
LAYOUTS = (
    Layout(
        "codelist",
        "a list in the columns of this package",
        {name: (name,) for name in ("codelist_id", "version", "code_system", "code", "term", "condition", "include")},
        {"bnf_code": _BNF},
        group="codelist_id",
    ),
    Layout(
        "cluster",
        "an NHS England Primary Care Domain file of clusters",
        {
            "cluster_id": ("cluster_id",),
            "code": ("snomed_concept_id", "snomed_code"),
            "term": ("snomed_concept_description", "snomed_code_description"),
        },
        {},
        group="cluster_id",
    ),
    Layout(
        "refset",
        "an RF2 simple reference set",
        {
            "row_id": ("id",),
            "effective": ("effectivetime",),
            "active": ("active",),
            "refset": ("refsetid",),
            "code": ("referencedcomponentid",),
        },
        {},
        group="refset",
    ),
    Layout("caliber", "a CALIBER list", {"code": ("icd10code", "icd10codes"), "term": ("icd10codedescr",)}, {}),
    Layout(
        "bnf_map",
        "a list of medicines with their BNF codes",
        {"code": ("code", "dmd_id"), "bnf_code": _BNF},
        {"term": _TERM},
    ),
    Layout(
        "opencodelists", "a list of codes and terms", {"code": ("code", "id", "dmd_id", "ctv3id"), "term": _TERM}, {}
    ),
)
"""Layouts, the most particular first: the first that fits a header is taken."""


def read_file(path: Path, *, layout: str = "") -> tuple[Layout, pd.DataFrame]:
    """Read a file of lists, whichever layout it has.

    Parameters
    ----------
    path
        The file.
    layout
        Name of the layout that it must have; any, where empty.

    Returns
    -------
    tuple
        The layout, and the file's rows as text, its columns named by what they hold. A reference set is reduced to
        what is active in its latest state.

    Raises
    ------
    PcnAnalysisError
        If the file is missing, empty, not UTF-8 text, or ragged; or if its header is of no known layout.
    """
    header, rows = read_rows(path)
    known = [one for one in LAYOUTS if not layout or one.name == layout]
    if not known:
        raise problem(
            path.name, "the manifest names no layout that is known", nearest(layout, [x.name for x in LAYOUTS])
        )
    for one in known:
        if columns := one.found(header):
            frame = pd.DataFrame(rows, columns=range(len(header)), dtype="str")
            held = frame[[header.index(name) for name in columns.values()]].set_axis(list(columns), axis=1)
            return one, _active(held) if one.name == "refset" else held
    wanted = "; ".join(f"{one.title} has {', '.join(names[0] for names in one.needs.values())}" for one in known)
    raise problem(path.name, "the header is of no known layout", f"Name the columns as published: {wanted}.")


def read_rows(path: Path) -> tuple[list[str], list[list[str]]]:
    """Read a header and the rows below it, whatever they hold.

    Returns
    -------
    tuple
        Names of columns, in small letters with underscores; and the rows, every cell text and trimmed. Rows without
        any text are left out.

    Raises
    ------
    PcnAnalysisError
        If the file is missing, too large, not UTF-8 text, without rows, or ragged.
    """
    if not path.is_file():
        raise problem(path.name, "there is no such file beside the manifest", "Put it there, or correct its name.")
    if path.stat().st_size > LARGEST:
        raise problem(path.name, "the file is larger than any list of codes", _AGAIN)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise problem(path.name, "the text is not UTF-8", "Save it as CSV UTF-8, or download it again.") from None
    except OSError:
        raise problem(path.name, "the file cannot be opened", _AGAIN) from None
    first = text.partition("\n")[0]
    separator = max("\t;,", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True))
    except csv.Error:
        raise problem(path.name, "the quotes of the file do not close, or it is no text", _AGAIN) from None
    rows = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:  # noqa: PLR2004
        raise problem(path.name, "the file holds no rows below a header", _AGAIN)
    header = [name.lower().replace(" ", "_") for name in rows[0]]
    if ragged := sum(len(row) != len(header) for row in rows):
        raise problem(path.name, f"{number(ragged, 'row')} with more or fewer cells than the header", _AGAIN)
    return header, rows[1:]


def members(layout: Layout, rows: pd.DataFrame, group: str, *, where: str) -> pd.DataFrame:
    """Take one list out of the rows of a file.

    Parameters
    ----------
    layout, rows
        As :func:`read_file` returns them.
    group
        Cluster, reference set or codelist_id that is wanted; may be empty where the file holds only one.
    where
        The file, for messages.

    Returns
    -------
    DataFrame
        :data:`COLUMNS`, code as published but for spaces around it. Where a file repeats a code for each service
        that uses it, it is there once.

    Raises
    ------
    PcnAnalysisError
        If the group is not in the file, or is not named and the file holds several; or if include says neither yes
        nor no.
    """
    if layout.group:
        rows = rows[rows[layout.group] == _group(rows[layout.group], group, where)]
    elif group:
        raise problem(
            where, "the manifest names a cluster, and the file is not divided into any", "Leave cluster empty."
        )
    taken = rows.reindex(columns=COLUMNS)
    taken = taken.assign(include=_yes(rows["include"], where) if "include" in rows else True)
    texts = taken[["code", "term", "bnf_code"]].astype("str")
    taken = taken.assign(**texts.mask(texts == ""))
    return (taken.drop_duplicates("code") if layout.name in ("cluster", "refset") else taken).reset_index(drop=True)


def _active(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep what is active in the latest state of each member; a full release holds the earlier states too."""
    latest = rows.sort_values("effective", kind="stable").drop_duplicates("row_id", keep="last")
    return latest[latest["active"] == "1"].sort_index()


def _group(held: pd.Series, wanted: str, where: str) -> str:
    names = sorted(set(held))
    if not wanted and len(names) == 1:
        return names[0]
    if not wanted:
        raise problem(
            where, f"the file holds {number(len(names), 'list')}", f"Name one as cluster. {nearest('', names)}"
        )
    if wanted not in names:
        raise problem(where, f"the file holds no list {wanted}", nearest(wanted, names))
    return wanted


def _yes(include: pd.Series, where: str) -> pd.Series:
    said = include.str.lower()
    if unclear := int((~said.isin((*YES, *NO))).sum()):
        raise problem(
            f"{where}, column include", f"{number(unclear, 'row')} neither true nor false", "Write true or false."
        )
    return said.isin(YES)
