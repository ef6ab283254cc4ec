"""What an adapter makes of a delivery: rows for our tables, still as recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

MARKS = ("_withheld", "_opted_out", "_row")
"""Columns that a feed may have beside those of its table."""


@dataclass(frozen=True)
class Feed:
    """Rows of one table, as a source gives them.

    Parameters
    ----------
    table
        Name of the table in ``tables/``.
    select
        SQL whose columns are named as in that table. Text is read later, by the kind of its column; a column that
        is not there is missing in every row. ``_withheld`` says in words why a row may not be used (``deleted``,
        ``confidential``, ``a dummy patient``), and is null where it may. ``_opted_out``, of persons, names the
        opt-out that takes the whole person out (``Type 1 opt-out``, ``national data opt-out``). ``_row`` identifies
        the row in its source, where it has an identifier: two rows with the same content and another ``_row`` are
        two records.
    where
        File or table of the source, for messages.
    """

    table: str
    select: str
    where: str


@dataclass(frozen=True)
class Extract:
    """Everything that an adapter makes of one delivery.

    Parameters
    ----------
    kind
        ``tables``, ``omop``, ``wide``, ``gp_extract`` or ``hospital``.
    name
        Name of the delivery.
    title
        What pages call it: "OMOP CDM extract", "GP extract (EMIS)".
    feeds
        Rows for our tables; several feeds may be of one table.
    lists_everyone
        Whether its persons are everyone registered, and not only those who were seen.
    lists_every_condition
        Whether a condition that it does not hold, but is coded for, is one that a person does not have. Hospital
        rows hold conditions only of people who were admitted.
    covered
        Conditions that it names itself, without codelists.
    extract_date
        The day that it was taken, where the delivery says so.
    """

    kind: str
    name: str
    title: str
    feeds: tuple[Feed, ...]
    lists_everyone: bool
    lists_every_condition: bool
    covered: frozenset[str] = frozenset()
    extract_date: dt.date | None = None
