"""Lists of people for clinicians: the one thing with a row for a person that is written, and only where it stays.

A list goes to ``data/restricted/lists/``, in files that only their owner can read, a CSV file and the same as a
spreadsheet for each practice; a practice sees its own patients alone. It holds a pseudonym, the columns of its kind
(:mod:`pcn_analysis.release.list_kinds`) and a note of what a list is not, and nothing else about anyone. Every writing
is noted in ``audit.jsonl`` before a list appears, without a pseudonym.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pcn_analysis import engine
from pcn_analysis.codes import UNALLOCATED
from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.release.list_kinds import ABOUT_NOTE, NOTE, PROACTIVE_CARE
from pcn_analysis.release.spreadsheets import spreadsheet
from pcn_analysis.stored import PRIVATE_FILE, locked, replacing
from pcn_analysis.words import number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pcn_analysis.population import Population
    from pcn_analysis.release.list_kinds import Kind

AUDIT = "audit.jsonl"
SPREADSHEET = ".xlsx"
EARLIER = "earlier"
"""Folder of lists that later ones have taken the place of."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True)
class _File:
    """The list of one practice."""

    practice: str
    rows: int
    content: bytes
    spreadsheet: bytes

    def noted(self) -> dict[str, Any]:
        """What the audit holds of it."""
        both = {"sha256": self.content, "spreadsheet_sha256": self.spreadsheet}
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in both.items()}
        return {"practice": self.practice, "rows": self.rows, **hashes}


@dataclass(frozen=True)
class Lists:
    """The lists of a network that were written.

    Parameters
    ----------
    paths
        One CSV file for each practice, by practice; a practice with nobody to list has one without rows. Beside each
        is a spreadsheet of the same name.
    without_practice
        People who would be listed, but whose practice is not known; they are on no list.
    earlier
        Files that these took the place of, and that were moved to ``earlier/``.
    """

    paths: tuple[Path, ...]
    without_practice: int
    earlier: int


def write_lists(
    population: Population,
    people: pd.DataFrame | engine.Lazy,
    reasons: pd.DataFrame | engine.Lazy,
    *,
    kind: Kind = PROACTIVE_CARE,
    about: str = "",
    restricted: Path,
    published: Sequence[Path],
    written_at: dt.datetime,
    by: str,
) -> Lists:
    """Write a list of people for each practice of a network, having noted in the audit that it is done.

    All of a network's lists of a kind, and of its model if it has one, take the place of those before, or none does.

    Parameters
    ----------
    population
        The people of the network.
    people
        One row for each person to list: person_id, practice_code, priority (lowest first) and the columns of the kind.
    reasons
        Why: one row for each person and element, with person_id and element; and date, where the kind tells it.
    kind
        What the lists are of.
    about
        What the README says of these lists besides; never of a person.
    restricted
        The folder of what must not be published.
    published
        Folders that may be published; the lists must not lie in any of them.
    written_at
        When, for the audit.
    by
        Who writes them, for the audit.

    Raises
    ------
    PcnAnalysisError
        If the folder may be published, if the rows are not one for each person, if a person is of another
        network's practice, if a spreadsheet would take a value for a formula, or if the audit cannot be written.
    """
    _check_folder(restricted, published)
    rows = _rows(_frame(people, kind.needed), _why(reasons, kind))
    known, own = _practices(population, rows["practice_code"])
    placed = rows["practice_code"].isin(known)
    _check_rows(rows, ~rows["practice_code"].isin(own) & placed, kind)
    without = int((~placed).sum())
    readme = f"{kind.readme}{ABOUT_NOTE}{about}{said(without)}\n"
    files = _files(population, rows[placed], own, kind, readme)
    folder = restricted / "lists" / population.place.slug / kind.where / population.pcn_code
    with replacing(folder, close="Close the lists that are open.", private=restricted) as aside:
        _write_all(aside, files, readme)
        earlier = _keep_earlier(folder, aside, files)
        noted: dict[str, Any] = {"kind": kind.name, "model": kind.model or None, "without_practice": without}
        noted |= {"earlier": earlier, "files": {name: file.noted() for name, file in files.items()}}
        _note(restricted / "lists" / AUDIT, population, noted, written_at, by)
    return Lists(tuple(folder / name for name in files), without, earlier)


def said(without_practice: int) -> str:
    """Say how many people are on no list; nothing where there are none.

    Examples
    --------
    >>> said(2), said(0)
    ('2 people have no known practice and are on no list.', '')
    """
    if not without_practice:
        return ""
    has, are = ("has", "is") if without_practice == 1 else ("have", "are")
    return f"{number(without_practice, 'person', 'people')} {has} no known practice and {are} on no list."


def _check_folder(restricted: Path, published: Sequence[Path]) -> None:
    inside = [folder.name for folder in published if restricted.resolve().is_relative_to(folder.resolve())]
    if inside:
        raise problem(
            "restricted",
            f"lists of people would lie in {inside[0]}/, which may be published",
            "Set `restricted` to a folder of its own in config/pcn_analysis.toml.",
        )


def _practices(population: Population, recorded: pd.Series) -> tuple[list[str], list[str]]:
    """Codes of all practices that are known, and of those of the network.

    Those in no network have the practices of the place in none, and those recorded that the place does not have.
    """
    practices = population.place.tables["practices"].frame
    if population.pcn_code == UNALLOCATED:
        elsewhere = set(recorded.dropna().astype(str)) - set(practices["practice_code"])
        alone = practices.loc[practices["pcn_code"].isna() & practices["in_place"], "practice_code"]
        own = sorted({*map(str, alone), *elsewhere})
        return [*map(str, practices["practice_code"]), *sorted(elsewhere)], own
    members = practices.loc[practices["pcn_code"].eq(population.pcn_code).fillna(False), "practice_code"]
    return list(map(str, practices["practice_code"])), sorted(map(str, members))


def _frame(rows: pd.DataFrame | engine.Lazy, columns: list[str]) -> pd.DataFrame:
    return engine.to_pandas(rows.select(columns)) if isinstance(rows, nw.LazyFrame) else rows[columns]


def _check_rows(rows: pd.DataFrame, elsewhere: pd.Series, kind: Kind) -> None:
    """Refuse rows that are not one for each person of the network, and formulas, in counts."""
    people = rows["person_id"]
    wrong = {
        "name nobody": (people.isna(), "List each patient once."),
        "repeat a person": (people.duplicated() & people.notna(), "List each patient once."),
        "are of a practice of another network": (elsewhere, "Prepare its records again."),
        "have a pseudonym that a spreadsheet would take for a formula": (
            _formulas(people),
            "Give pseudonyms that begin with a letter or a digit.",
        ),
    }
    for name in kind.columns:
        if name not in ("synthetic", "person_id"):
            what = f"have words in {name} that a spreadsheet would take for a formula"
            wrong[what] = _formulas(rows[name]), "Give segments and elements names that begin with a letter or a digit."
    problems = [
        Problem("list of people", f"{are.sum()} of {len(people)} rows {what}", remedy)
        for what, (are, remedy) in wrong.items()
        if are.any()
    ]
    if problems:
        raise PcnAnalysisError(*problems)


def _formulas(values: pd.Series) -> pd.Series:
    return values.astype("string").str.startswith(FORMULA).fillna(False)


def _why(reasons: pd.DataFrame | engine.Lazy, kind: Kind) -> pd.Series:
    """All reasons of each person in one text, by person_id."""
    rows = _frame(reasons, ["person_id", "element", *(["date"] if kind.dated else [])]).drop_duplicates()
    told = rows["element"].astype("str")
    if kind.dated:
        told = told + (" (" + rows["date"].dt.strftime("%Y-%m-%d") + ")").fillna("")
        rows = rows.sort_values(["date", "element"], ascending=[False, True])
    else:
        rows = rows.sort_values("element")
    table = pa.table({"person_id": pa.array(rows["person_id"]), "told": pa.array(told[rows.index], pa.string())})
    texts = table.group_by("person_id", use_threads=False).aggregate([("told", "list")])
    joined = pc.binary_join(texts["told_list"], "; ")
    return pd.Series(joined.to_pandas().array, index=texts["person_id"].to_pandas())


def _rows(people: pd.DataFrame, why: pd.Series) -> pd.DataFrame:
    """Rows of all lists: lowest priority number first, each person with all reasons in one text."""
    rows = people.assign(reasons=people["person_id"].map(why).astype("str").fillna(""))
    return rows.sort_values(["priority", "person_id"], ignore_index=True)


def _files(
    population: Population, rows: pd.DataFrame, practices: Sequence[str], kind: Kind, readme: str
) -> dict[str, _File]:
    """The list of each practice, by its name."""
    rows = rows.assign(synthetic=population.provenance.synthetic, note=NOTE)
    stem = "_".join([*population.provenance.label.split(), kind.stem])
    day = population.index_date
    made = {}
    for practice in practices:
        own = rows.loc[rows["practice_code"] == practice, [*kind.columns, "note"]]
        content = own.to_csv(index=False, lineterminator="\n").encode()
        title = " ".join([*population.provenance.label.split(), f"{kind.title}, practice {practice}, {day}"])
        file = _File(practice, len(own), content, spreadsheet(own, title=title, readme=readme, day=day))
        made[f"{stem}_{practice}_{day.isoformat()}.csv"] = file
    return made


def _keep_earlier(folder: Path, aside: Path, files: Mapping[str, _File]) -> int:
    """Put lists that are not written again where no practice picks one up; return how many."""
    stale = [path for path in sorted(folder.glob("*.csv")) if path.name not in files]
    beside = [path for one in stale if (path := one.with_suffix(SPREADSHEET)).exists()]
    kept = [path for path in sorted((folder / EARLIER).glob("*")) if path.suffix in (".csv", SPREADSHEET)]
    if stale or kept:
        (aside / EARLIER).mkdir(mode=0o700)
    for path in (*kept, *stale, *beside):
        shutil.copyfile(path, aside / EARLIER / path.name)
    return len(stale)


def _write_all(folder: Path, files: Mapping[str, _File], readme: str) -> None:
    for name, file in files.items():
        _write(folder / name, file.content)
        _write((folder / name).with_suffix(SPREADSHEET), file.spreadsheet)
    _write(folder / "README.txt", readme.encode())


def _write(path: Path, content: bytes, how: int = os.O_EXCL) -> None:
    """Write a file that only its owner can read, and see that it is on the disk."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | how, PRIVATE_FILE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _note(audit: Path, population: Population, what: dict[str, Any], written_at: dt.datetime, by: str) -> None:
    """Add a line to the audit: who writes what of which network, and when; never of whom."""
    line = {
        "written_at": written_at.isoformat(timespec="seconds"),
        "by": by,
        "place": population.place.slug,
        "pcn_code": population.pcn_code,
        "people": population.people,
        "index_date": population.index_date.isoformat(),
        **what,
    }
    try:
        with locked(audit):
            _write(audit, json.dumps(line).encode("ascii") + b"\n", os.O_APPEND)
    except OSError as error:
        why = f"cannot be written ({os.strerror(error.errno or 0)}), so no list was"
        raise problem(audit.name, why, "See that it may be written and that the disk has room.") from None
