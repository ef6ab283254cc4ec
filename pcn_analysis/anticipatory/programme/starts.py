"""Hold the list of those who got a programme against the records and the design, before anything is estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.anticipatory.programme.design import DIFFERENCES, MATCHED, NEXT_MONTH, NOBODY, REGRESSION, SERIES
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.words import listed, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.anticipatory.programme.design import Design
    from pcn_analysis.anticipatory.programme.followed import Records

MOST_STARTS = 36
"""Most different days on which people are looked at; each asks for a person table of its own."""
PEOPLE, PRACTICES = "person_id", "practice_code"


@dataclass(frozen=True)
class Starts:
    """Who got a programme, and whom they may be compared with.

    Parameters
    ----------
    unit
        ``person_id`` or ``practice_code``: what the programme was given to.
    since
        First day followed, by unit.
    practices
        Practices whose people may be compared with; None for all that did not get it.
    """

    unit: str
    since: pd.Series
    practices: tuple[str, ...] | None

    def days(self) -> list[pd.Timestamp]:
        """The different days, in order."""
        return sorted(self.since.unique())

    def groups(self, people: pd.DataFrame, start: pd.Timestamp | None = None) -> pd.Series:
        """Whether each person belongs to the programme from a day on (or ever); null for who is in neither group."""
        since = people[self.unit].map(self.since)
        may = since.isna() & people[self.unit].notna()
        if self.practices is not None:
            may &= people[PRACTICES].isin(self.practices)
        got = since.notna() if start is None else since == start
        return pd.Series(pd.NA, index=people.index, dtype="boolean").mask(may, False).mask(got, True)


def check_starts(treated: pd.DataFrame, records: Records, design: Design) -> Starts:
    """Hold a checked list against records and design.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong: days outside the records, nobody or everybody treated, nobody to compare with, a
        single practice in a group, a design that can show nothing about such a list.
    """
    unit = PEOPLE if PEOPLE in treated else PRACTICES
    since = treated.set_index(unit)["start_date"]
    if design.starts == NEXT_MONTH:
        since = since.where(since.dt.day == 1, since + pd.offsets.MonthBegin(1))
    practices = None if isinstance(design.comparison, str) else design.comparison
    starts = Starts(unit, since, practices)
    where = f"{design.name}, treated"
    problems = [*_days(starts, records, design, where), *_units(starts, records, design, where)]
    if problems:
        raise PcnAnalysisError(*problems)
    return starts


def _days(starts: Starts, records: Records, design: Design, where: str) -> Iterator[Problem]:
    outside = int(((starts.since <= records.begin) | (starts.since >= records.until)).sum())
    if outside:
        what = (
            f"{number(outside, 'start')} outside the records, which hold {design.what} from "
            f"{records.begin.date()} and end before {records.until.date()}"
        )
        yield Problem(where, what, "Correct the dates, or bring records of that time.")
    different = starts.since.nunique()
    if design.design == SERIES and different > 1:
        what = f"{different} different starts: a time series is interrupted once"
        yield Problem(where, what, f"Evaluate each start by itself, or choose {DIFFERENCES}.")
    if different > MOST_STARTS:
        what = f"{different} different starts, of at most {MOST_STARTS}"
        yield Problem(where, what, f"Write starts: {NEXT_MONTH} in a {MATCHED}, or evaluate a shorter period.")


def _units(starts: Starts, records: Records, design: Design, where: str) -> Iterator[Problem]:
    known = records.persons[starts.unit].dropna().unique()
    found = starts.since.index.isin(known)
    if starts.unit == PEOPLE and design.design == SERIES:
        yield Problem(where, f"names people, and {REGRESSION}", f"Name practices, or choose {MATCHED}.")
    if starts.unit == PRACTICES and "practice_code" in design.exact:
        what = "practices got the programme, so that nobody without it is of the same practice"
        yield Problem(f"{design.name}, exact", what, "Leave practice_code out.")
    if not found.any():
        yield Problem(where, "nobody of the list is in the records", "Look whether both name people in the same way.")
        return
    if starts.unit == PRACTICES and not found.all():
        missing = listed(sorted(starts.since.index[~found]))
        yield Problem(where, f"practices that are not in the records: {missing}", "Correct the codes.")
    yield from _comparison(starts, records, design, where)


def _comparison(starts: Starts, records: Records, design: Design, where: str) -> Iterator[Problem]:
    if design.comparison == NOBODY:
        return
    if starts.practices is not None:
        unknown = sorted(set(starts.practices) - set(records.persons[PRACTICES].dropna()))
        if unknown:
            what = f"practices that are not in the records: {listed(unknown)}"
            yield Problem(f"{design.name}, comparison", what, "Correct the codes.")
        if starts.unit == PRACTICES and (both := sorted(set(starts.practices) & set(starts.since.index))):
            what = f"practices that got the programme themselves: {listed(both)}"
            yield Problem(f"{design.name}, comparison", what, "Take them out of one of the two.")
    group = starts.groups(records.persons)
    clusters = {one: records.persons.loc[(group == one).fillna(False), starts.unit].nunique() for one in (True, False)}
    if not clusters[False]:
        what = "everybody got the programme: there is nobody to compare with"
        yield Problem(where, what, "Bring records of others, or compare over time: interrupted_time_series.")
    elif design.design == DIFFERENCES and starts.unit == PRACTICES and min(clusters.values()) == 1:
        what = "one practice alone in a group: its own ups and downs cannot be told from the programme"
        yield Problem(where, what, f"Bring more practices, or choose {SERIES}.")
