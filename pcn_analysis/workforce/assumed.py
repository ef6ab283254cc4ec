"""What is taken for granted between need and posts: tables that everyone can read and change.

Three tables stand beside this module, each row with its standing and source: ``assumptions`` (months of backlog, how
often work comes again, contact hours), ``task_roles`` (who can do a task) and ``segment_work`` (contacts that a segment
is planned to have). A CSV file with the same columns takes the place of rows with the same key, and adds others. A page
is given a folder of such files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.settings import load_settings
from pcn_analysis.workforce.assumption_files import (
    ASSUMPTIONS,
    DAYS,
    SEGMENT_WORK,
    TASK_ROLES,
    WORKING_DAYS,
    table_of,
)  # fmt: skip
from pcn_analysis.workforce.role_words import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


@dataclass(frozen=True)
class Assumed:
    """The three tables together.

    Parameters
    ----------
    assumptions, task_roles, segment_work
        As the functions of these names give them.
    """

    assumptions: pd.DataFrame
    task_roles: pd.DataFrame
    segment_work: pd.DataFrame


def of_folder(own: str = "", raw: Path | None = None) -> Assumed:
    """Read the three tables, with files of one's own in place of rows.

    Parameters
    ----------
    own
        A folder of ``data/raw/`` with ``assumptions.csv``, ``task_roles.csv`` or ``segment_work.csv``, one or more of
        them; empty: the tables of this package.
    raw
        What stands for ``data/raw/``; by default that of the settings.

    Raises
    ------
    PcnAnalysisError
        If the folder lies elsewhere or has none of the files, else with everything that is wrong with any of them.
    """
    if not own:
        return Assumed(assumptions(), task_roles(), segment_work())
    root = (raw or load_settings().raw).resolve()
    folder = (root / own).resolve()
    paths = {table.name: folder / f"{table.name}.csv" for table in (ASSUMPTIONS, TASK_ROLES, SEGMENT_WORK)}
    there = {name: path for name, path in paths.items() if path.is_file()}
    if not folder.is_relative_to(root) or not there:
        names = ", ".join(path.name for path in paths.values())
        raise problem("own", "there is no folder of data/raw/ of that name with assumptions", f"Put in any of {names}.")
    found, problems = {}, list[Problem]()
    for name, read in (("assumptions", assumptions), ("task_roles", task_roles), ("segment_work", segment_work)):
        try:
            found[name] = read(there.get(name))
        except PcnAnalysisError as error:
            problems.extend(error.problems)
    if problems:
        raise PcnAnalysisError(*problems)
    return Assumed(**found)


def assumptions(own: Path | None = None) -> pd.DataFrame:
    """Months of backlog, how often work comes again, and what makes up contact hours.

    Parameters
    ----------
    own
        A CSV file with the same columns: its rows take the place of those for the same assumption and task or role.

    Returns
    -------
    DataFrame
        One row an assumption and what it applies to: assumption, applies_to (a task or role; empty: all others), value,
        unit, standing, source, note.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file.

    Examples
    --------
    >>> assumptions().set_index(["assumption", "applies_to"])["value"]["weekly_hours", ""]
    np.float64(37.5)
    """
    return _can_be_worked(table_of(ASSUMPTIONS, own), own)


def task_roles(own: Path | None = None) -> pd.DataFrame:
    """Who can do a task; nobody but those who are named.

    Parameters
    ----------
    own
        A CSV file with the same columns: its rows take the place of those of the same task.

    Returns
    -------
    DataFrame
        One row a task: task, roles (short names with commas between, the usual one first), standing, source, note.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file.
    """
    return table_of(TASK_ROLES, own)


def segment_work(own: Path | None = None) -> pd.DataFrame:
    """Contacts that people of a segment are planned to have.

    Parameters
    ----------
    own
        A CSV file with the same columns: its rows take the place of those of the same segment and task. 0 contacts a
        year takes a row out.

    Returns
    -------
    DataFrame
        One row a segment and kind of contact: segment, task, roles, contacts_a_year, minutes, standing, source, note.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file.
    """
    return table_of(SEGMENT_WORK, own)


def assumed(table: pd.DataFrame, assumption: str, of: str = "") -> float:
    """Value of an assumption for a task or role; that for all others where it has none of its own.

    Examples
    --------
    >>> [assumed(assumptions(), "repeats", task) for task in ("Multidisciplinary discussion", "Vaccination")]
    [1.0, 0.0]
    """
    rows = zip(table["assumption"], table["applies_to"], table["value"], strict=True)
    values = {applies_to: value for name, applies_to, value in rows if name == assumption}
    return float(values.get(of, values[""]))


def contact_hours(table: pd.DataFrame, role: str = "") -> float:
    """Contact hours of one whole-time equivalent in a month.

    Hours a week × (260 days - leave - bank holidays - other days away) ÷ 5 ÷ 12 × share of time for counted work.

    Examples
    --------
    37.5 × (260 - 27 - 8 - 10) ÷ 5 ÷ 12 × 0.6:

    >>> contact_hours(assumptions(), "clinical_pharmacist")
    80.625
    """
    days = WORKING_DAYS - sum(assumed(table, one, role) for one in DAYS)
    hours = assumed(table, "weekly_hours", role) * days / 5 / 12 * assumed(table, "contact_share", role)
    return round(hours, 6)


def _can_be_worked(table: pd.DataFrame, own: Path | None) -> pd.DataFrame:
    if any(contact_hours(table, role) <= 0 for role in ("", *NAMES)):
        where = own.name if own else "assumptions.csv"
        raise problem(where, "all days of the year are days away", "Leave some days to work.")
    return table
