"""Lists of people for clinicians: the one thing with a row for a person that is written, and only where it stays.

A list goes to ``data/restricted/lists/``, in files that only their owner can read, one for each practice; a
practice sees its own patients alone. It holds a pseudonym, how urgent and why, and nothing else about anyone.
Every writing is noted in ``audit.jsonl``, without a pseudonym.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis import engine
from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from pcn_analysis.population import Population

AUDIT = "audit.jsonl"
COLUMNS = ("synthetic", "person_id", "frailty", "reasons")
"""Columns of a list, in order."""
NEEDED = ["person_id", "practice_code", "priority", "efi_category"]
README = """\
Lists of people for proactive care, one file for each practice.

For review by a clinician who knows the patient. A list is the result of a rule: it is not a diagnosis, not a
decision, and no sign that anyone has consented. Whoever is not on it may need care as well.

Do not publish, mail or copy it. A practice sees its own file alone. Delete it when it has been reviewed.

Columns: synthetic (True: the person is invented), person_id (a pseudonym), frailty, reasons (what is recorded).
Those with severe frailty come first; within a band the order means nothing.
Files whose name begins with SYNTHETIC_PEOPLE hold invented people: nobody in them exists.
"""


def write_lists(
    population: Population,
    eligible: pd.DataFrame | engine.Lazy,
    reasons: pd.DataFrame | engine.Lazy,
    *,
    restricted: Path,
    published: Sequence[Path],
    written_at: dt.datetime,
    by: str,
) -> list[Path]:
    """Write a list of people for each practice of a network, and note in the audit that it was done.

    Parameters
    ----------
    population
        The people of the network.
    eligible
        One row for each person to list: person_id, practice_code, priority (lowest first) and efi_category.
    reasons
        Why: one row for each person and element, with person_id and element.
    restricted
        The folder of what must not be published.
    published
        Folders that may be published; the lists must not lie in any of them.
    written_at
        When, for the audit.
    by
        Who writes them, for the audit.

    Returns
    -------
    list of Path
        One file for each practice, by practice; a practice with nobody to list has one without rows.

    Raises
    ------
    PcnAnalysisError
        If the folder may be published, or if the rows are not one for each person of a practice of the network.
    """
    _check_folder(restricted, published)
    practices = _practices(population)
    rows = _rows(_frame(eligible, NEEDED), _frame(reasons, ["person_id", "element"]), practices)
    rows = rows.assign(synthetic=population.provenance.synthetic)
    folder = _private_folder(restricted, "lists", population.place.slug, population.pcn_code)
    _write(folder / "README.txt", README.encode("utf-8"))
    stem = "_".join([*population.provenance.label.split(), "proactive_care"])
    written: dict[str, dict[str, Any]] = {}
    paths = []
    for practice in practices:
        own = rows.loc[rows["practice_code"] == practice, list(COLUMNS)]
        content = own.to_csv(index=False, lineterminator="\n").encode("utf-8")
        path = folder / f"{stem}_{practice}_{population.index_date.isoformat()}.csv"
        _write(path, content)
        paths.append(path)
        written[path.name] = {"practice": practice, "rows": len(own), "sha256": hashlib.sha256(content).hexdigest()}
    _note(restricted / "lists" / AUDIT, population, written, written_at, by)
    return paths


def _check_folder(restricted: Path, published: Sequence[Path]) -> None:
    inside = [folder.name for folder in published if restricted.resolve().is_relative_to(folder.resolve())]
    if inside:
        raise problem(
            "restricted",
            f"lists of people would lie in {inside[0]}/, which may be published",
            "Set `restricted` to a folder of its own in config/pcn_analysis.toml.",
        )


def _practices(population: Population) -> list[str]:
    practices = population.place.tables["practices"].frame
    own = practices.loc[practices["pcn_code"].eq(population.pcn_code).fillna(False), "practice_code"]
    return sorted(map(str, own))


def _frame(rows: pd.DataFrame | engine.Lazy, columns: list[str]) -> pd.DataFrame:
    return engine.to_pandas(rows.select(columns)) if isinstance(rows, nw.LazyFrame) else rows[columns]


def _rows(eligible: pd.DataFrame, reasons: pd.DataFrame, practices: Sequence[str]) -> pd.DataFrame:
    """Rows of all lists: most urgent first, each person with all reasons in one text."""
    people = eligible["person_id"]
    wrong = {
        "name nobody": people.isna(),
        "repeat a person": people.duplicated() & people.notna(),
        "are of no practice of the network": ~eligible["practice_code"].isin(practices),
    }
    problems = [
        Problem("list of people", f"{rows.sum()} of {len(people)} rows {what}", "List each patient once.")
        for what, rows in wrong.items()
        if rows.any()
    ]
    if problems:
        raise PcnAnalysisError(*problems)
    why = reasons.drop_duplicates().sort_values("element").groupby("person_id")["element"].agg("; ".join)
    rows = eligible.assign(frailty=eligible["efi_category"], reasons=people.map(why).fillna(""))
    return rows.sort_values(["priority", "person_id"], ignore_index=True)


def _private_folder(restricted: Path, *names: str) -> Path:
    """Make a folder inside another that only its owner can read, on every level."""
    restricted.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = restricted
    for name in names:
        folder = folder / name
        folder.mkdir(exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    return folder


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read: whole, or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _note(
    audit: Path, population: Population, written: dict[str, dict[str, Any]], written_at: dt.datetime, by: str
) -> None:
    """Add a line to the audit: who wrote what of which network, and when; never of whom."""
    line = {
        "written_at": written_at.isoformat(timespec="seconds"),
        "by": by,
        "place": population.place.slug,
        "pcn_code": population.pcn_code,
        "people": population.people,
        "index_date": population.index_date.isoformat(),
        "files": written,
    }
    with os.fdopen(os.open(audit, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
        file.write(json.dumps(line).encode("ascii") + b"\n")
