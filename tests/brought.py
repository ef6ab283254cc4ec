"""Small deliveries brought in, and what each becomes as it is: that is held against what is known of its people."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pcn_analysis import tables
from pcn_analysis.clinical_codes import folder, matching
from pcn_analysis.extracts import coding, incoming
from pcn_analysis.extracts.exclusions import EVENT_DATES
from pcn_analysis.extracts.incoming import Incoming, bring_in
from pcn_analysis.extracts.workspace import name, workspace
from tests.deliveries import EXAMPLES, Delivered, known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from pcn_analysis.clinical_codes.contract import Codelist
    from pcn_analysis.extracts.findings import Finding
    from pcn_analysis.extracts.incoming import Asked


OPTED_OUT = "012230457719002846"
"""Who is left out where a list of opt-outs comes with a delivery."""
SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where deliveries are written, if there is a folder in memory: half of the time of a case is spent on files."""


@dataclass(frozen=True)
class Came:
    """What a delivery became.

    Parameters
    ----------
    rows
        Rows of each table, as text, each with how often it is there.
    findings
        How many rows each finding is of, by where, what (without numbers) and action.
    balance
        Of each table that was read, rows read without those that findings leave out, and rows that are there.
    """

    rows: dict[str, Counter[tuple[str | None, ...]]]
    findings: Counter[tuple[str, str, str]]
    balance: dict[str, tuple[int, int]]


@contextmanager
def lists_read_once() -> Iterator[None]:
    """Shipped codelists, and those of folders that hold the same, are read once: it takes longer than a delivery."""
    lists = [one for one in folder.shipped() if one.stands_for.name in ("diabetes", "asthma", "copd")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(incoming, "shipped", lambda: lists)
        patch.setattr(incoming, "read_codelists", _read_once)
        patch.setattr(coding, "code_map", _mapped_once)
        yield


_read: dict[tuple[tuple[str, bytes], ...], list[Codelist]] = {}
_mapped: dict[tuple[int, ...], tuple[list[Codelist], pd.DataFrame]] = {}


def _read_once(path: Path) -> list[Codelist]:
    held = tuple((one.name, one.read_bytes()) for one in sorted(path.iterdir()))
    if held not in _read:
        _read[held] = folder.read_codelists(path)
    return list(_read[held])


def _mapped_once(lists: Sequence[Codelist]) -> pd.DataFrame:
    key = tuple(id(one) for one in lists)
    if key not in _mapped:
        _mapped[key] = (list(lists), matching.code_map(lists))
    return _mapped[key][1].copy()


def columns_of(table: str) -> list[str]:
    """Columns of a table as it comes in."""
    return [*tables.NAMED[table].column_names(), *(["pcn_code"] if table == "persons" else [])]


def _came(found: Incoming) -> Came:
    rows = {}
    for table, relation in {"persons": found.persons, **found.records}.items():
        cells = ", ".join(f"CAST({name(column)} AS VARCHAR)" for column in columns_of(table))
        rows[table] = Counter(found.space.rows(f"SELECT {cells} FROM {relation}"))
    balance = {
        table: (found.read[table] - found.findings.left_out(table), rows[table].total())
        for table in ("persons", *EVENT_DATES)
        if table in found.read
    }
    return Came(rows, _counted(found.findings.rows), balance)


def _counted(findings: Iterable[Finding]) -> Counter[tuple[str, str, str]]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in findings:
        counts[one.where, re.sub(r"[0-9][0-9,]*", "#", one.what), one.action] += one.rows
    return counts


def bring(asked: Asked, beside: Path, *, opted_out: bool = False) -> Came:
    """Bring in what a user brings, in a workspace of its own; with a list of opt-outs, if asked."""
    beside.mkdir(parents=True, exist_ok=True)
    if opted_out:
        listed = beside / "opted_out.csv"
        listed.write_text(f"person_id\n{OPTED_OUT}\n", encoding="utf-8")
        asked = replace(asked, opt_outs=listed)
    with workspace(beside) as space:
        return _came(bring_in(asked, None, space))


def delivered(example: str, files: tuple[str, ...] = ()) -> Delivered:
    """A delivery, of some of its files only; of all if none are named."""
    one = EXAMPLES[example]()
    one.sheets = {key: sheet for key, sheet in one.sheets.items() if not files or key in files}
    return one


@cache
def unharmed(example: str, files: tuple[str, ...] = (), *, opted_out: bool = False) -> Came:
    """What a delivery becomes as it is: what is known of its people, or nothing could be held against it."""
    with tempfile.TemporaryDirectory(dir=SCRATCH) as scratch:
        where, one = Path(scratch), delivered(example, files)
        asked = one.asked(one.write(where / "delivery"), where / "beside")
        came = bring(asked, where / "people", opted_out=opted_out)
    for table, (columns, rows) in known(one, OPTED_OUT if opted_out else None).items():
        assert _some(came, table, columns) == rows, f"{example}: {table} is not what is known"
    check_balance(came)
    return came


def _some(came: Came, table: str, columns: tuple[str, ...]) -> Counter[tuple[str | None, ...]]:
    """Some columns of a table; of a birth, year and month."""
    found: Counter[tuple[str | None, ...]] = Counter()
    ends = {one: 7 if one == "birth_date" else None for one in columns}
    places = {one: columns_of(table).index(one) for one in columns}
    for row, times in came.rows[table].items():
        found[tuple((row[at] or "")[: ends[one]] or None for one, at in places.items())] += times
    return found


def check_balance(came: Came) -> None:
    """Every row that was read is there, or counted as left out."""
    for table, (expected, rows) in came.balance.items():
        assert rows == expected, f"{table}: {rows} rows are there; by what was read and is listed, {expected}"
