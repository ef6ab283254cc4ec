"""A folder of lists with its manifest, and the lists that are shipped.

The manifest ``codelists.csv`` has a row for each list. It says what each file is; the files stay as published.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pcn_analysis.clinical_codes.contract import Codelist, StandsFor, check, demand, stands_for
from pcn_analysis.clinical_codes.layouts import Layout, members, read_file, read_rows
from pcn_analysis.clinical_codes.matching import conflicts
from pcn_analysis.clinical_codes.systems import SYSTEMS, normalised
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem
from pcn_analysis.words import listed, number

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "codelists.csv"
REQUIRED = ("file", "codelist_id", "version", "code_system", "stands_for", "licence", "reviewed_on")
OPTIONAL = ("reviewed_by", "layout", "cluster")
FILLED = REQUIRED[:-1]
"""Columns of the manifest that may not be empty; an empty reviewed_on means that the list is not reviewed."""
SHIPPED = "icd10_conditions"
SHIPPED_LICENCE = "Selection: MIT, as this package. ICD-10: World Health Organization; codes and short headings only"


def read_codelists(folder: Path) -> list[Codelist]:
    """Read every list of a folder, as its manifest describes them.

    Parameters
    ----------
    folder
        Holds ``codelists.csv`` and the files that it names. Each file is read once, however many lists it holds.

    Returns
    -------
    list
        A list for each row of the manifest, in its order, with normalised codes.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong in the manifest and in all files: a field that is missing, a file that is not
        there or of no known layout, codes that are not of the system that the manifest says, codes that a spreadsheet
        has damaged, two lists of one name, a medicine with two BNF codes, a code of two measurements.
    """
    manifest = _manifest(folder)
    problems, found = _of_names(manifest), []
    read: dict[tuple[str, str], tuple[Layout, pd.DataFrame] | PcnAnalysisError] = {}
    for row in manifest:
        try:
            meant = _understood(row)
            key = (row["file"], row["layout"])
            if key not in read:
                read[key] = _attempt(folder / row["file"], row["layout"])
            codelist = _codelist(row, meant, read[key])
        except PcnAnalysisError as error:
            problems += [one for one in error.problems if one not in problems]
            continue
        problems += check(codelist)
        found.append(codelist)
    demand(problems or conflicts(found))
    return found


@cache
def shipped() -> tuple[Codelist, ...]:
    """Return the lists that come with the package: ICD-10 for conditions that ICD-10 can express.

    They were selected by the developers from ICD-10 headings. No clinician has reviewed them, and each says so.

    Examples
    --------
    >>> lists = shipped()
    >>> lists[0].codelist_id, lists[0].review
    ('icd10-hypertension', 'not reviewed')
    """
    path = Path(str(files("pcn_analysis").joinpath(f"codelists/{SHIPPED}.csv")))
    layout, rows = read_file(path)
    return tuple(
        Codelist(
            codelist_id=name,
            version=its["version"].iloc[0],
            code_system=its["code_system"].iloc[0],
            stands_for=StandsFor("condition", its["condition"].iloc[0]),
            licence=SHIPPED_LICENCE,
            reviewed_on=None,
            codes=members(layout, its, name, where=path.name),
            where=path.name,
        )
        for name, its in rows.groupby("codelist_id", sort=False)
    )


def _manifest(folder: Path) -> list[dict[str, str]]:
    """Read the manifest: every column as text, optional ones filled with nothing."""
    path = folder / MANIFEST
    if not path.is_file():
        raise problem(str(folder), f"there is no {MANIFEST}", f"Write one with the columns {', '.join(REQUIRED)}.")
    header, rows = read_rows(path)
    if missing := [name for name in REQUIRED if name not in header]:
        columns = "columns" if len(missing) > 1 else "column"
        raise problem(MANIFEST, f"lacks the {columns} {listed(missing)}", "Add it to the header, and fill it in.")
    if unknown := [name for name in header if name not in REQUIRED + OPTIONAL]:
        raise problem(MANIFEST, f"has columns that mean nothing: {listed(unknown)}", nearest(unknown[0], OPTIONAL))
    return [dict.fromkeys(OPTIONAL, "") | dict(zip(header, row, strict=True)) for row in rows]


def _of_names(manifest: list[dict[str, str]]) -> list[Problem]:
    """Find names that two lists share."""
    names = [row["codelist_id"] for row in manifest if row["codelist_id"]]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [
        Problem(f"{MANIFEST}, list {name}", f"named in {names.count(name)} rows", "Give every list a name of its own.")
        for name in twice
    ]


def _understood(row: dict[str, str]) -> tuple[StandsFor, dt.date | None]:
    """Say what a list stands for and when it was reviewed; raise everything that is wrong with its row."""
    where = f"{MANIFEST}, list {row['codelist_id'] or '(unnamed)'}"
    problems = [Problem(where, f"{name} is empty", f"Fill in {name}.") for name in FILLED if not row[name]]
    if row["file"] and (Path(row["file"]).name != row["file"] or row["file"] in (".", "..") or "\\" in row["file"]):
        problems.append(Problem(where, "file is not the name of a file in the folder", "Put it beside the manifest."))
    if row["code_system"] and row["code_system"] not in SYSTEMS:
        problems.append(Problem(where, "code_system is not known", nearest(row["code_system"], SYSTEMS)))
    meaning, reviewed = StandsFor(""), None
    try:
        meaning = stands_for(row["stands_for"], where=where) if row["stands_for"] else meaning
    except PcnAnalysisError as error:
        problems += error.problems
    try:
        reviewed = dt.date.fromisoformat(row["reviewed_on"]) if row["reviewed_on"] else None
    except ValueError:
        problems.append(Problem(where, "reviewed_on is no date", "Write it as 2026-03-31, or leave it empty."))
    demand(problems)
    return meaning, reviewed


def _attempt(path: Path, layout: str) -> tuple[Layout, pd.DataFrame] | PcnAnalysisError:
    try:
        return read_file(path, layout=layout)
    except PcnAnalysisError as error:
        return error


def _codelist(
    row: dict[str, str],
    meant: tuple[StandsFor, dt.date | None],
    read: tuple[Layout, pd.DataFrame] | PcnAnalysisError,
) -> Codelist:
    """Put a list together from its row of the manifest and its file."""
    meaning, reviewed = meant
    if isinstance(read, PcnAnalysisError):
        raise read
    layout, rows = read
    where = f"{row['file']}, list {row['codelist_id']}"
    own = layout.group == "codelist_id"
    if own:
        _agree(rows[rows["codelist_id"] == row["codelist_id"]], row, where)
    codes = members(layout, rows, row["codelist_id"] if own else row["cluster"], where=where)
    return Codelist(
        codelist_id=row["codelist_id"],
        version=row["version"],
        code_system=row["code_system"],
        stands_for=meaning,
        licence=row["licence"],
        reviewed_on=reviewed,
        reviewed_by=row["reviewed_by"],
        codes=codes.assign(code=normalised(codes["code"], row["code_system"])),
        where=row["file"],
    )


def _agree(rows: pd.DataFrame, row: dict[str, str], where: str) -> None:
    """Raise if a file says of itself something else than the manifest says of it."""
    meant = {
        "version": (row["version"],),
        "code_system": (row["code_system"],),
        "condition": (row["stands_for"], row["stands_for"].partition(":")[2]),
    }
    demand(
        [
            Problem(
                f"{where}, column {name}", f"{number(other, 'row')} not as the manifest says", "Correct one of the two."
            )
            for name, said in meant.items()
            if (other := int((~rows[name].isin(said)).sum()))
        ]
    )
