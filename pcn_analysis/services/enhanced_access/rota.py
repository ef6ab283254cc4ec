"""Rotas of enhanced access: sessions that a network offers outside core hours, from a file or invented.

A rota names roles and sites, and nobody. It is put into ``data/raw/rotas/<place>/<network code>.csv``; everything that
is wrong with it is told at once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.network.grouping_files import parsed
from pcn_analysis.provenance import Provenance, Source, file_sha256
from pcn_analysis.settings import load_settings
from pcn_analysis.words import folded, number, slug

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.place import Network

FOLDER = "rotas"
"""Folder within that of published files; it has a folder a place."""
COLUMNS = ("date", "start", "end", "role", "site", "minutes_offered")
DELIVERED = "minutes_delivered"
"""Optional: what was delivered of it."""
EXAMPLE = "Begin it with date,start,end,role,site,minutes offered."
DATES = ("%Y-%m-%d", "%d/%m/%Y")
KIND = "rota"
"""Kind of the source that a file is: nobody publishes it, and there are no people in it."""
GP = "gp"
"""Role, in any capitals, of a GP."""
_ALIASES = {"minutes": "minutes_offered", "delivered": DELIVERED}


@dataclass(frozen=True)
class Rota:
    """Sessions of a network outside core hours.

    Parameters
    ----------
    sessions
        One row a session: date, start and end (minutes after midnight), role, site, minutes_offered and
        minutes_delivered (null where it is not said).
    provenance
        Whose it is.
    """

    sessions: pd.DataFrame
    provenance: Provenance

    @property
    def weeks(self) -> list[pd.Timestamp]:
        """Mondays from the week of the first session to that of the last."""
        monday = self.sessions["date"] - pd.to_timedelta(self.sessions["date"].dt.day_of_week, unit="D")
        return list(pd.date_range(monday.min(), monday.max(), freq="7D"))


def rota_of(network: Network, raw: Path | None = None) -> Rota | None:
    """The rota of a network: its file, an invented one where the place is invented, or None.

    Parameters
    ----------
    network
        A network of a place.
    raw
        Folder of published files; that of the settings if none is given.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file.
    """
    path = (raw or load_settings().raw) / FOLDER / slug(network.place.name) / f"{network.pcn_code}.csv"
    if path.is_file():
        return read_rota(path)
    return invent_rota(network) if network.place.provenance.synthetic else None


def read_rota(path: Path) -> Rota:
    """Read and check the file of a rota.

    Parameters
    ----------
    path
        A CSV file with the columns date (2026-06-01 or 01/06/2026), start and end (18:30), role, site, minutes offered
        and optionally minutes delivered. As in groupings: UTF-8, UTF-16 or Windows-1252; commas, semicolons or tabs.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file.
    """
    _, header, cells = parsed(path, EXAMPLE)
    names = [_ALIASES.get(folded(one), folded(one)) for one in header]
    problems = _column_problems(path.name, names)
    odd = sum(len(row) != len(names) for row in cells)
    if odd:
        what = f"{number(odd, 'row')} with more or fewer cells than the header"
        problems.append(Problem(path.name, what, "Put quotes around a cell that holds a comma."))
    if not cells:
        problems.append(Problem(path.name, "there is no row below the header", "Put in a row a session."))
    if problems:
        raise PcnAnalysisError(*problems)
    written = pd.DataFrame(cells, columns=pd.Index(names), dtype="str").reindex(columns=[*COLUMNS, DELIVERED])
    sessions = _typed(written)
    problems = _row_problems(path.name, written, sessions)
    if problems:
        raise PcnAnalysisError(*problems)
    source = Source(
        "Rota of enhanced access", "The network", _period(sessions), "not published", "Rota given by the network.",
        path.name, file_sha256(path), KIND,
    )  # fmt: skip
    return Rota(sessions, Provenance((source,), people=False))


def _column_problems(name: str, names: list[str]) -> list[Problem]:
    missing = [one for one in COLUMNS if one not in names]
    twice = sorted({one for one in (*COLUMNS, DELIVERED) if names.count(one) > 1})
    remedies = {one: f"{nearest(one, filter(None, names))} {EXAMPLE}" for one in missing}
    found = [Problem(name, f"the column {one} is missing", remedies[one]) for one in missing]
    return found + [Problem(name, f"the column {one} is there twice", "Keep one of them.") for one in twice]


def _typed(written: pd.DataFrame) -> pd.DataFrame:
    """The cells as dates, minutes after midnight and numbers; null where one cannot be read."""
    dates = [pd.to_datetime(written["date"], format=one, errors="coerce") for one in DATES]
    clock = {name: _minutes(written[name]) for name in ("start", "end")}
    numbers = {name: pd.to_numeric(written[name], errors="coerce").astype("Float64")
               for name in ("minutes_offered", DELIVERED)}  # fmt: skip
    return pd.DataFrame(
        {"date": dates[0].fillna(dates[1]).astype("datetime64[us]"), **clock, "role": written["role"],
         "site": written["site"], **numbers}
    )  # fmt: skip


def _minutes(written: pd.Series) -> pd.Series:
    """Minutes after midnight of a time such as 18:30; null where it is none."""
    parts = written.str.extract(r"^([01]?[0-9]|2[0-4]):([0-5][0-9])$").astype("Int64")
    found = parts[0] * 60 + parts[1]
    return found.mask(found > 24 * 60)


def _row_problems(name: str, written: pd.DataFrame, sessions: pd.DataFrame) -> list[Problem]:
    """Everything that is wrong with the rows, each with how many and the first of them."""
    long = sessions["end"] - sessions["start"]
    offered, delivered = sessions["minutes_offered"], sessions[DELIVERED]
    told = written[DELIVERED].astype("str").fillna("").ne("")
    checks = {
        "date": ("no date", sessions["date"].isna(), "Write it as 2026-06-01 or 01/06/2026."),
        "start": ("a start that is no time", sessions["start"].isna(), "Write it as 18:30."),
        "end": ("an end that is no time", sessions["end"].isna(), "Write it as 20:00."),
        "order": ("an end that is not after the start", long.le(0), "A session ends on the day on which it starts."),
        "role": ("no role", written["role"].eq(""), "Say who works, such as GP or practice nurse; no names."),
        "site": ("no site", written["site"].eq(""), "Say where."),
        "offered": ("minutes offered that are no number, or below 0", offered.isna() | offered.lt(0),
                    "Write the minutes of appointments that are offered."),
        "more": ("more minutes offered than the session lasts", offered.gt(long),
                 "Give each who works at the same time a row."),
        "delivered": ("minutes delivered that are no number, or below 0", told & (delivered.isna() | delivered.lt(0)),
                      "Write a number, or leave the cell empty."),
        "beyond": ("more minutes delivered than the session lasts", delivered.gt(long), "Check both numbers."),
    }  # fmt: skip
    found = []
    for what, wrong, remedy in checks.values():
        rows = [place + 2 for place, one in enumerate(wrong.fillna(False)) if one]
        if rows:
            found.append(Problem(name, f"{number(len(rows), 'row')} with {what}, the first in row {rows[0]}", remedy))
    return found


def _period(sessions: pd.DataFrame) -> str:
    first, last = sessions["date"].min(), sessions["date"].max()
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


# -- invented ----------------------------------------------------------------------------------------------

WEEKS = 4
"""Weeks of an invented rota, the last ones before the day that the lists describe."""
EVENING, SATURDAY = (18 * 60 + 30, 20 * 60), (9 * 60, 17 * 60)
FILLED_WITH = ("practice nurse", "clinical pharmacist", "health care assistant", "first contact physiotherapist")
KEPT = 0.94
"""Share of what is offered that an invented rota delivers."""


def invent_rota(network: Network) -> Rota:
    """Invent a rota of a network of an invented place; the same each time.

    A GP works in all Network Standard Hours but two evenings that a pharmacist has alone, and the last hour of one
    Saturday that nobody has. Others work beside the GP until nearly an hour a week for each 1,000 patients is offered.

    Parameters
    ----------
    network
        A network of an invented place.
    """
    practices = network.table("practices").frame
    patients = float(practices.loc[practices["pcn_code"] == network.pcn_code, "list_size"].sum())
    end = pd.Timestamp(network.place.index_date)
    monday = end - pd.Timedelta(days=end.day_of_week + 7 * WEEKS)
    rows: list[tuple[dt.date, int, int, str, str]] = []
    for week in range(WEEKS):
        start = monday + pd.Timedelta(days=7 * week)
        rows += _invented_week(start, week, patients)
    sessions = pd.DataFrame(rows, columns=["date", "start", "end", "role", "site"])
    sessions["minutes_offered"] = (sessions["end"] - sessions["start"]).astype("Float64")
    sessions[DELIVERED] = (sessions["minutes_offered"] * KEPT).astype("Float64").map(np.floor).astype("Float64")
    source = Source(
        "Invented rota of enhanced access", "pcn_analysis (invented)", _period(sessions), "MIT",
        "Invented rota; nobody works it.", kind="invented",
    )  # fmt: skip
    return Rota(sessions, Provenance((source,), people=False, synthetic=True))


def _invented_week(monday: pd.Timestamp, week: int, patients: float) -> list[tuple[dt.date, int, int, str, str]]:
    """The sessions of one week: a GP throughout, but for the gaps, and others until enough is offered."""
    days = [(monday + pd.Timedelta(days=day), *(SATURDAY if day == 5 else EVENING)) for day in range(6)]  # noqa: PLR2004
    rows = []
    for place, (day, start, end) in enumerate(days):
        alone = place == week and week % 2 == 1
        early = 60 if place == len(days) - 1 and week == WEEKS - 1 else 0
        rows.append((day, start, end - early, "clinical pharmacist" if alone else "GP", "Hub"))
    due, turn = patients / 1000 * 60 * 0.98, 0
    while sum(row[2] - row[1] for row in rows) < due:
        day, start, end = days[(5, 0, 2, 5, 1, 3, 5, 4)[turn % 8]]
        rows.append((day, start, end - 60 if end == SATURDAY[1] else end, FILLED_WITH[turn % len(FILLED_WITH)], "Hub"))
        turn += 1
    return rows
