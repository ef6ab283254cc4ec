"""Time at risk and contacts of people before and after a day: who is followed, from when, and until when.

Someone is followed while registered and alive, and no later than the day that the records were taken: until the first
of death (that day is in), the end of registration, and the extract. Contacts outside that time do not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis import codes, engine, rules
from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.person_table import person_table, registered_people

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pcn_analysis.anticipatory.programme.design import Design
    from pcn_analysis.population import Population

DAY = pd.Timedelta(days=1)
YEAR = 365.25
LATE = 31
"""Days by which the first or last contact of a kind may miss the edge of a window that the records still cover."""
EARLIER = "earlier"
"""Contacts of the kind of the outcome in the months before the start."""
_DATES = ("birth_date", "death_date", "registration_start_date", "registration_end_date")


@dataclass(frozen=True)
class Records:
    """What is read of some populations, once.

    Parameters
    ----------
    populations
        The populations.
    persons
        One row a person: person_id, practice_code, death_date, first and until (first day followed, and first day no
        longer).
    events
        One row a contact of the kind of the outcome while its person was followed: person_id, day.
    begin, end
        First day from which contacts of this kind are recorded in every population, and the day after the last one on
        which they are.
    until
        The first day of which nothing is known.
    """

    populations: tuple[Population, ...]
    persons: pd.DataFrame
    events: pd.DataFrame
    begin: pd.Timestamp
    end: pd.Timestamp
    until: pd.Timestamp

    def covers(self, first: pd.Timestamp, until: pd.Timestamp) -> bool:
        """Whether contacts are recorded from one day to before another, but for a month on either side."""
        late = LATE * DAY
        return first + late >= self.begin and until - late <= self.end and until <= self.until


def read_records(populations: Sequence[Population], outcome: str) -> Records:
    """Read people and contacts of one kind.

    Raises
    ------
    PcnAnalysisError
        If a population holds no contact of that kind, or a person is in two.
    """
    persons, events, problems = [], [], []
    for population in populations:
        persons.append(_persons(population))
        events.append(_events(population, outcome))
        if events[-1].empty:
            what = f"no {outcome} is recorded of anybody: nothing can be compared"
            problems.append(Problem(population.name, what, "Choose another outcome, or bring its records."))
    everyone = pd.concat(persons, ignore_index=True)
    if twice := int(everyone["person_id"].duplicated().sum()):
        what = f"{twice:,} people are in more than one population"
        problems.append(Problem("populations", what, "Give each population once."))
    if problems:
        raise PcnAnalysisError(*problems)
    until = min(pd.Timestamp(one.extract_date) for one in populations) + DAY
    everyone["until"] = everyone["until"].clip(upper=until)
    seen = pd.concat(events, ignore_index=True).merge(everyone[["person_id", "first", "until"]], on="person_id")
    seen = seen[(seen["day"] >= seen["first"]) & (seen["day"] < seen["until"])]
    begin, end = max(one["day"].min() for one in events), min(one["day"].max() for one in events) + DAY
    return Records(tuple(populations), everyone, seen[["person_id", "day"]], begin, end, until)


def _persons(population: Population) -> pd.DataFrame:
    people = engine.to_pandas(population.tables["persons"].select("person_id", "practice_code", *_DATES))
    first = people[["birth_date", "registration_start_date"]].max(axis=1)
    until = people[["registration_end_date"]].assign(dead=people["death_date"] + DAY).min(axis=1)
    latest = pd.Timestamp(population.extract_date) + DAY
    return people[["person_id", "practice_code", "death_date"]].assign(first=first, until=until.fillna(latest))


def _events(population: Population, outcome: str) -> pd.DataFrame:
    held = population.tables.get("encounters")
    if held is None:
        return pd.DataFrame({"person_id": pd.Series(dtype="str"), "day": pd.Series(dtype="datetime64[us]")})
    day = nw.col("visit_start_date").cast(nw.Date)
    wanted = held.filter(nw.col("visit_type") == outcome, nw.col("attended"), ~day.is_null())
    found = engine.to_pandas(wanted.select("person_id", day=day))
    return found[found["day"] <= pd.Timestamp(population.extract_date)]


def at_start(records: Records, start: pd.Timestamp, design: Design) -> pd.DataFrame:
    """Everyone alive and registered at the start of a day, with what was known of them then.

    Returns
    -------
    DataFrame
        One row a person: person_id, start, practice_code, the columns that the design asks for, earlier (contacts in
        the months before), whole (followed for all of these months) and whom (meets what is asked of everyone).

    Raises
    ------
    PcnAnalysisError
        If a column that is asked for could not be assessed on that day.
    """
    people = pd.concat([_known(one, start, design) for one in records.populations], ignore_index=True)
    people = people.assign(start=start)
    if "age_group" in design.exact:
        people["age_group"] = codes.age_group(people["age"])
    found = counted(people, records, {EARLIER: (-design.months_before, 0)})
    people[EARLIER] = found[f"{EARLIER}_events"]
    begun = people["person_id"].map(records.persons.set_index("person_id")["first"])
    people["whole"] = begun.isna() | (begun <= start - pd.DateOffset(months=design.months_before))
    return people


def _known(population: Population, start: pd.Timestamp, design: Design) -> pd.DataFrame:
    wanted = {*design.covariates, *design.exact} - {EARLIER, "age_group"}
    wanted |= {"age"} if "age_group" in design.exact else set()
    wanted -= {"person_id", "practice_code"}
    on = start.date()
    if not wanted and design.whom is None:
        table = registered_people(population.tables["persons"], on=on)
    else:
        table = person_table(population, on=on)
        table = table if design.whom is None else rules.flags(table, {"whom": design.whom}, on=on)
    columns = table.collect_schema().names()
    absent = sorted(wanted - set(columns)) + (["whom"] if design.whom is not None and "whom" not in columns else [])
    if absent:
        what = f"could not be assessed on {on}: {', '.join(absent)}"
        raise problem(population.name, what, "Leave it out of the design, or bring the records that it needs.")
    chosen = engine.to_pandas(table.select("person_id", "practice_code", *sorted(wanted),
                                           *(["whom"] if design.whom is not None else [])))  # fmt: skip
    return chosen.assign(whom=chosen["whom"].fillna(False).astype(bool) if design.whom is not None else True)


def counted(people: pd.DataFrame, records: Records, windows: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """Count contacts and years at risk of people in windows around their start.

    Parameters
    ----------
    people
        person_id and start.
    records
        What is recorded.
    windows
        First month and the month before which each window ends, counted from the start: ``(-12, 0)`` is the year
        before it.

    Returns
    -------
    DataFrame
        One row for each of ``people``, with its index: ``<window>_events`` and ``<window>_years``.
    """
    held = records.persons.set_index("person_id")
    parts = []
    for start, group in people.groupby("start"):
        who = group["person_id"]
        first, until = who.map(held["first"]), who.map(held["until"])
        columns: dict[str, Any] = {}
        for name, (after, before) in windows.items():
            begin, end = shifted(start, after), shifted(start, before)
            days = (until.clip(upper=end) - first.clip(lower=begin).fillna(begin)) / DAY
            inside = records.events[(records.events["day"] >= begin) & (records.events["day"] < end)]
            number = who.map(inside["person_id"].value_counts())
            columns[f"{name}_events"] = number.fillna(0).astype("int64")
            columns[f"{name}_years"] = days.clip(lower=0).astype("float64") / YEAR
        parts.append(pd.DataFrame(columns, index=group.index))
    return pd.concat(parts).loc[people.index] if parts else pd.DataFrame(index=people.index)


def shifted(start: pd.Timestamp, months: int) -> pd.Timestamp:
    """The day some months after another, or before it.

    Examples
    --------
    >>> shifted(pd.Timestamp("2024-03-31"), -1).date().isoformat()
    '2024-02-29'
    """
    return start + pd.DateOffset(months=months)


def ended(people: pd.DataFrame, records: Records, months: int) -> pd.DataFrame:
    """Whether people died, or left, within some months of their start: died and left, one row for each of them."""
    held = records.persons.set_index("person_id")
    until, death = people["person_id"].map(held["until"]), people["person_id"].map(held["death_date"])
    end = people["start"] + pd.DateOffset(months=months)
    early = until < end.clip(upper=records.until)
    died = early & (death + DAY == until)
    return pd.DataFrame({"died": died, "left": early & ~died})
