"""Care homes in numbers: how residents are recorded, whether plans are in time, rounds, emergency admissions.

Each function takes the people of a network and returns a table ready for :func:`pcn_analysis.release.release` under
``hes``. Homes and their beds are in :mod:`pcn_analysis.services.care_homes.beds`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis.anticipatory.whom import NO, YES
from pcn_analysis.contract.clauses import clause
from pcn_analysis.counted import Counted
from pcn_analysis.dates import months_before
from pcn_analysis.engine import to_pandas
from pcn_analysis.person_table import table_of
from pcn_analysis.provenance import Rate
from pcn_analysis.rules import ASSESSED, NOT_ASSESSED
from pcn_analysis.services.care_homes import ROUND, WORKING_DAYS, stays, weeks
from pcn_analysis.services.care_homes.residents import (
    HERE,
    cohort_table,
    counted_rows,
    listed_homes,
    residents,
    year_of,
)
from pcn_analysis.services.care_homes.stays import (
    ASKED,
    CAME_DUE,
    IN_TIME,
    LATE,
    LEFT,
    NOT_YET_DUE,
    OVERDUE,
    STATES,
    stays_of,
    weeks_seen,
)
from pcn_analysis.services.columns import events_on_record
from pcn_analysis.statistics.events import crude_rate

if TYPE_CHECKING:
    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.services.service_table import ServiceTable

BOTH, STAY_ONLY, FLAG_ONLY = "a stay and a flag", "a stay, no flag", "a flag, no stay"
RECORD = "how residence in a care home is recorded"
THINGS = {"plan_in_home": "Personalised care and support plan", "assessment_in_home": "Comprehensive assessment"}
COUNTED_STATES = {"in_time": (IN_TIME,), "late": (LATE,), "overdue": (OVERDUE,), "not_yet_due": (NOT_YET_DUE,),
                  "left_before": (LEFT,), "came_due": CAME_DUE, "stays": STATES}  # fmt: skip
"""Columns of the table of timeliness, with the states that each counts."""
DAYS_OF_YEAR = 365.25
SHARE = Rate("share", "people", "of", interval=True)
PER = 100
"""Emergency admissions are told for so many resident-years."""


def recorded_as(population: Population, year: str = "") -> SourcedTable:
    """How residents are recorded, and how many of them are recorded in one way only.

    Returns
    -------
    SourcedTable
        One row a way: recorded_as, people, of (the cohort), share with limits. No rows where only one of stays and
        flags is in the records: nothing can disagree.
    """
    table, homes = cohort_table(population, year), residents(population, year)
    known = {"has_care_home_stay", "care_home"} <= set(homes)
    stay, flag = (homes.get(name, pd.Series(False, index=homes.index)) for name in ("has_care_home_stay", "care_home"))
    stay, flag = stay.fillna(False).astype(bool), flag.fillna(False).astype(bool)
    sizes = {BOTH: stay & flag, STAY_ONLY: stay & ~flag, FLAG_ONLY: flag & ~stay}
    rows = [{"recorded_as": name, "people": int(mask.sum()), "of": len(homes)} for name, mask in sizes.items() if known]
    cohort = Counted(where=table.whom.cohort, never=(*table.whom.never, *_never_recorded(table)))
    counted = {"people": Counted((f"recorded_as={RECORD}",), where=cohort.where, never=cohort.never), "of": cohort}
    return counted_rows(population, rows, ("recorded_as", "people", "of"), counted=counted, rate=SHARE)


def timeliness(population: Population, year: str = "") -> SourcedTable:
    """What became of the plan and the assessment that were due in the stays of 12 months.

    Stays count, not people: who came to a home twice was due a plan twice. Those who died or left before it was due
    are told apart.

    Returns
    -------
    SourcedTable
        One row a thing: thing, in_time, late, overdue (not recorded, and due), not_yet_due, left_before, came_due (the
        first three), stays (all), share (in time of those that came due, with limits), working_days. No rows of what
        could not be assessed.
    """
    asked = year_of(population, year)
    found = _stays_of_year(population, asked)
    rows: list[dict[str, Any]] = []
    means: dict[str, dict[Any, Conditions | None]] = {name: {} for name in COUNTED_STATES}
    for column, thing in THINGS.items():
        if column not in found:
            continue
        counts = {name: int(found[column].isin(states).sum()) for name, states in COUNTED_STATES.items()}
        rows.append({"thing": thing, **counts, "working_days": clause(WORKING_DAYS, asked).number})
        for name, states in COUNTED_STATES.items():
            means[name][thing] = () if name == "stays" else ((f"in a stay: {thing}", states),)
    counted = {name: Counted(means={"thing": said}, of="stays in care homes") for name, said in means.items()}
    columns = ("thing", *COUNTED_STATES, "working_days")
    rate = Rate("share", "in_time", "came_due", interval=True)
    return counted_rows(population, rows, columns, counted=counted, rate=rate, numbers=("working_days",))


def rounds(population: Population, year: str = "") -> SourcedTable:
    """How many residents a round saw in each of the last weeks, and in how many homes it saw anybody.

    A round is not meant to see every resident.

    Returns
    -------
    SourcedTable
        One row a week, the last one first: week (in words), people (seen), of (the cohort), share with
        limits, homes_seen (homes aligned to this network in which anybody was seen), homes (aligned, in which
        anybody lives; all homes where none is delivered with the records). No rows where rounds or
        stays are not recorded.
    """
    asked, table, held = year_of(population, year), cohort_table(population, year), residents(population, year)
    rows: list[dict[str, Any]] = []
    columns = ("week", "people", "of", "homes_seen", "homes")
    if f"{ROUND}_date" in events_on_record(population) and "care_home_code" in held:
        on, number, listed = population.index_date, weeks(asked), listed_homes(population)
        ours = listed.loc[listed["aligned"] == HERE, "care_home_code"] if len(listed) else held["care_home_code"]
        seen = to_pandas(weeks_seen(population.tables["care_events"], table_of(population), on=on, weeks=number))
        for week in range(1, number + 1):
            there = held[held["person_id"].isin(seen.loc[seen["week"] == week, "person_id"])]
            in_homes = [one.loc[one["care_home_code"].isin(ours), "care_home_code"].nunique() for one in (there, held)]
            rows.append(dict(zip(columns, (_week(on, week), len(there), len(held), *in_homes), strict=True)))
    of = Counted(where=table.whom.cohort, never=table.whom.never)
    people = Counted(groups=("week=seen by a round in the week",), where=of.where, never=of.never)
    counted = {"people": people, "of": of}
    return counted_rows(population, rows, columns, counted=counted, rate=SHARE, numbers=("homes_seen", "homes"))


def emergency_admissions(population: Population, year: str = "") -> SourcedTable:
    """Emergency admissions from care homes in the months before the index date, and how long residents lived there.

    The second part of indicator AC-02 of the Investment and Impact Fund counts these admissions. One that falls on the
    day on which a stay ends is of that stay: the stay ended with it.

    Returns
    -------
    SourcedTable
        One row: months, admissions, resident_years (whole years once released), status, missing. The rate and its
        limits follow from what is released (:func:`per_resident_years`).
    """
    asked, on = year_of(population, year), population.index_date
    months = int(clause("ehch_admission_months", asked).number)
    needed = {"care_home_stays": "stays in care homes", "encounters": "stays in hospital"}
    lacks = [said for name, said in needed.items() if name not in population.tables]
    row: dict[str, Any] = {"months": months, "admissions": pd.NA, "resident_years": pd.NA}
    if not lacks:
        first = months_before(on, months)
        lived, admitted = _lived(population, first), _admitted(population, first)
        row |= {"admissions": len(admitted), "resident_years": float(lived["days"].sum()) / DAYS_OF_YEAR}
    row |= {"status": NOT_ASSESSED if lacks else ASSESSED, "missing": "; ".join(lacks)}
    frame = pd.DataFrame([row]).astype({"admissions": "Int64", "resident_years": "Float64", "months": "Int64"})
    of = {"admissions": "emergency admissions from care homes", "resident_years": "resident-years"}
    return population.sourced(
        frame, counts=tuple(of), numbers=("months",), counted={name: Counted(of=what) for name, what in of.items()}
    )


def per_resident_years(released: pd.DataFrame) -> pd.DataFrame:
    """Add the rate for each 100 resident-years, with exact or Byar limits, to what is released of admissions.

    Limits take admissions for independent of each other. Several of one resident are not, so that they are too narrow.

    Examples
    --------
    >>> counts = pd.DataFrame({"admissions": pd.array([80], "Int64"), "resident_years": pd.array([100], "Int64")})
    >>> per_resident_years(counts)[["rate", "lower", "upper"]].round(1).iloc[0].to_list()
    [80.0, 63.4, 99.6]
    """
    found = crude_rate(released["admissions"], released["resident_years"], multiplier=PER)
    names = {"lower_95": "lower", "upper_95": "upper"}
    return released.join(found.rename(columns=names))


# -- shared by the functions above -------------------------------------------------------------------------


def _never_recorded(table: ServiceTable) -> list[Conditions]:
    """What ties how residents are recorded to the two reasons for being in the cohort."""
    reason = f"reason for {table.service.cohort_counted_as}: "
    stay, flag = (one.name for _, one in table.service.cohort.elements())
    apart = [(stay, YES, (FLAG_ONLY,)), (stay, NO, (BOTH, STAY_ONLY)), (flag, YES, (STAY_ONLY,)),
             (flag, NO, (BOTH, FLAG_ONLY))]  # fmt: skip
    return [((RECORD, classes), (f"{reason}{name}", answer)) for name, answer, classes in apart]


def _stays_of_year(population: Population, year: str) -> pd.DataFrame:
    """Stays that began in the 12 months before the index date, with what became of what was due."""
    found = stays(population, year)
    if found is None:
        return pd.DataFrame()
    first = months_before(population.index_date, 12)
    return to_pandas(found.filter(nw.col("start_date") >= first).select(
        *({"person_id", "start_date", *ASKED.values()} & set(found.collect_schema().names()))
    ))  # fmt: skip


def _all_stays(population: Population) -> pd.DataFrame:
    held, persons = population.tables["care_home_stays"], population.tables["persons"]
    return to_pandas(stays_of(held, persons, on=population.index_date))


def _lived(population: Population, first: dt.date) -> pd.DataFrame:
    """Days that each stay has in the months from a day to the index date."""
    found, on = _all_stays(population), pd.Timestamp(population.index_date)
    start = found["start_date"].clip(lower=pd.Timestamp(first))
    end = found["ended"].astype("datetime64[us]").fillna(on).clip(upper=on)
    return found.assign(days=(end - start).dt.days.clip(lower=0))


def _admitted(population: Population, first: dt.date) -> set[str]:
    """Emergency admissions of those months that fell into a stay, each once."""
    date = nw.col("visit_start_date").cast(nw.Date)
    kind = nw.col("visit_type") == "emergency_admission"
    seen = population.tables["encounters"].filter(kind, nw.col("attended"), date >= first, date < population.index_date)
    visits = to_pandas(seen.select("visit_id", "person_id", date=date))
    both = visits.merge(_all_stays(population), on="person_id")
    ended = both["ended"].astype("datetime64[us]")
    there = (both["date"] >= both["start_date"]) & (ended.isna() | (both["date"] <= ended))
    return set(both.loc[there, "visit_id"])


def _week(on: dt.date, number: int) -> str:
    first, last = on - dt.timedelta(days=7 * number), on - dt.timedelta(days=7 * number - 6)
    return f"{first.day} {first:%B} to {last.day} {last:%B}"
