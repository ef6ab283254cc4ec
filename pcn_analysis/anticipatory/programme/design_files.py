"""Read a design, and the list of those who got a programme, from files."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.anticipatory.programme.design import EXACT, OTHERS, Design, design_problems
from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.rules.forms import read_criterion
from pcn_analysis.words import listed
from pcn_analysis.yaml_text import read_text, read_texts

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = "docs/programme.md"
_NEEDED = (
    "programme", "question", "outcome", "design", "months_before", "months_after", "smallest_difference", "agreed_on"
)  # fmt: skip
_ALLOWED = ("comparison", "covariates", "exact", "whom", "starts", "treated")
UNITS = ("person_id", "practice_code")
"""Whom a list of starts names: people, or practices."""


def read_design(path: Path) -> Design:
    """Read a pre-specified design from a YAML file.

    Raises
    ------
    PcnAnalysisError
        If the file cannot be read, with everything that is wrong in it.
    """
    design = design_of(read_text(path), path.name)
    return replace(design, treated=str(path.parent / design.treated)) if design.treated else design


def design_of(text: str, name: str) -> Design:
    """Make a design of the text of a file.

    Parameters
    ----------
    text
        YAML, as ``docs/programme.md`` explains.
    name
        What the file is called in messages.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong in it.
    """
    written = read_texts(text, name, example=EXAMPLE)
    problems = [Problem(name, f"{key} is missing", f"Start from {EXAMPLE}.") for key in _NEEDED if not written.get(key)]
    if unknown := [key for key in written if key not in (*_NEEDED, *_ALLOWED)]:
        remedy = f"Allowed: {listed([*_NEEDED, *_ALLOWED])}."
        problems.append(Problem(name, f"{len(unknown)} keys are not known: {listed(unknown)}", remedy))
    whom = None
    if "whom" in written:
        whom = read_criterion(written["whom"], f"{name}, whom", lambda _kind, _word: None, problems)
    values: dict[str, Any] = {
        "name": written.get("programme", ""),
        **{key: written.get(key, "") for key in ("question", "outcome", "design", "treated")},
        **{key: _whole(written.get(key, "")) for key in ("months_before", "months_after")},
        "smallest_difference": _number(written.get("smallest_difference", "")),
        "agreed_on": _day(written.get("agreed_on", "")),
        "comparison": _words(written["comparison"]) if "comparison" in written else OTHERS,
        "covariates": _several(written.get("covariates", "")),
        "exact": _several(written.get("exact", "")),
        "whom": whom,
        "starts": written.get("starts", EXACT),
    }
    missing = {f"{values['name'] or 'design'}, {'name' if key == 'programme' else key}"
               for key in _NEEDED if not written.get(key)}  # fmt: skip
    problems += [one for one in design_problems(values) if one.where not in missing]
    if problems:
        raise PcnAnalysisError(*problems)
    return Design(**values)


def read_treated(path: Path) -> pd.DataFrame:
    """Read who got a programme and since when: a CSV file of person_id or practice_code, and start_date.

    Returns
    -------
    DataFrame
        As :func:`check_treated` returns it.

    Raises
    ------
    PcnAnalysisError
        If the file cannot be read, or with everything that is wrong in it.
    """
    try:
        rows = pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False)
    except (OSError, ValueError):
        remedy = "Give a CSV file in UTF-8 with a column of people or practices, and start_date."
        raise problem(path.name, "cannot be read", remedy) from None
    return check_treated(rows, path.name)


def check_treated(rows: pd.DataFrame, name: str = "treated") -> pd.DataFrame:
    """Check a list of those who got a programme.

    Parameters
    ----------
    rows
        One row a person or practice: person_id or practice_code, and start_date.
    name
        What it is called in messages.

    Returns
    -------
    DataFrame
        person_id or practice_code, and start_date, in order; nothing is null and nobody stands twice.

    Raises
    ------
    PcnAnalysisError
        If columns or values are missing, a date is none, someone stands twice, or nobody is in it; all at once, and
        never whom it concerns.

    Examples
    --------
    >>> check_treated(pd.DataFrame({"practice_code": ["A00001"], "start_date": ["2025-02-30"]}))
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: treated, start_date: 1 value is no date, as 2026-07-01. Correct it.
    """
    units = [unit for unit in UNITS if unit in rows]
    problems = []
    if len(units) != 1:
        remedy = "Name people or practices, not both."
        problems.append(Problem(name, f"one column is needed of {listed(UNITS)}", remedy))
    if "start_date" not in rows:
        problems.append(Problem(name, "the column start_date is missing", "Say since when each got it."))
    if problems:
        raise PcnAnalysisError(*problems)
    who = rows[units[0]].astype("str").str.strip()
    empty = int((rows[units[0]].isna() | (who == "")).sum())
    days = pd.to_datetime(rows["start_date"], format=None if rows["start_date"].dtype.kind == "M" else "%Y-%m-%d",
                          errors="coerce").astype("datetime64[us]")  # fmt: skip
    twice = int(who[who != ""].duplicated().sum())
    for count, column, what, remedy in (
        (int(rows.empty), units[0], "nobody is in it: nobody got the programme", "Give the list of those who did."),
        (empty, units[0], f"{empty} empty", "Fill them in, or take the rows out."),
        (twice, units[0], f"{twice} named a second time", "Keep the first start of each."),
        (int(days.isna().sum()), "start_date", _no_dates(int(days.isna().sum())), "Correct it."),
    ):
        if count:
            problems.append(Problem(f"{name}, {column}", what, remedy))
    if problems:
        raise PcnAnalysisError(*problems)
    return pd.DataFrame({units[0]: who, "start_date": days}).sort_values(units[0], ignore_index=True)


def treated_sha256(treated: pd.DataFrame) -> str:
    """SHA-256 of a checked list of those who got a programme, whatever the order of its rows was."""
    return hashlib.sha256(treated.to_csv(index=False, date_format="%Y-%m-%d").encode()).hexdigest()


def _no_dates(count: int) -> str:
    return f"{count} value{' is' if count == 1 else 's are'} no date, as 2026-07-01"


def _whole(text: Any) -> Any:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 6 else text  # noqa: PLR2004


def _number(text: Any) -> Any:
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def _day(text: Any) -> Any:
    try:
        return dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        return text


def _words(written: Any) -> Any:
    return tuple(str(one) for one in written) if isinstance(written, list) else written


def _several(written: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in written) if isinstance(written, list) else (str(written),) if written else ()
