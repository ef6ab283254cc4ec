"""What is taken for granted between need and posts: tables that everyone can read and change.

Three tables stand beside this module, each row with its standing and source: ``assumptions`` (months of backlog, how
often work comes again, contact hours), ``task_roles`` (who can do a task) and ``segment_work`` (contacts that a segment
is planned to have). A CSV file with the same columns takes the place of rows with the same key, and adds others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.exceptions import problem
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
    rows = table[table["assumption"].eq(assumption)].set_index("applies_to")["value"]
    return float(rows[of] if of in rows.index else rows[""])


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
