"""Enhanced health in care homes: the columns that its specification asks for.

Who lives in a home is known from two records that may disagree: a flag, as the source says it, and dated stays
(:mod:`pcn_analysis.services.care_homes.stays`). Due dates and what became of a plan follow from stays alone.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import lazy_loader
import narwhals as nw

from pcn_analysis.contract.clauses import clause
from pcn_analysis.person.wide import beside
from pcn_analysis.schema import Column
from pcn_analysis.services.care_homes.stays import ASKED, STATES, followed_stays, stays_of, weeks_seen
from pcn_analysis.services.columns import events_on_record, of_events, with_events

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules={"beds", "counts"})

REVIEW, ROUND = "structured_medication_review", "care_home_round"
WORKING_DAYS, WEEKS = "ehch_plan_working_days", "ehch_round_weeks"
"""Clauses that the columns rest on."""
COLUMNS: tuple[Column, ...] = (
    Column("has_care_home_stay", "boolean", "Stays in a care home, by a dated stay.", nullable=True),
    Column("care_home_stay_date", "date", "First day of that stay.", nullable=True),
    Column("care_home_due_date", "date", "Last day on which its plan and assessment are in time.", nullable=True),
    Column("plan_in_home", "category", "What became of the plan that is due in that stay.", nullable=True,
           allowed=STATES),
    Column("assessment_in_home", "category", "What became of the assessment that is due in that stay.", nullable=True,
           allowed=STATES),
    Column("care_home_round_weeks", "integer", "Of the last weeks, how many they were seen in by a round.",
           nullable=True, minimum=0),
    Column("new_to_home", "boolean", "The stay began within those weeks.", nullable=True),
    *of_events(REVIEW),
)  # fmt: skip
READ: tuple[str, ...] = ()
"""Columns of the person table that these are made from, beside person_id."""
"""Columns that this service adds to the person table."""


def with_columns(people: Lazy, population: Population, year: str) -> Lazy:
    """Add the stay of each person that lasts, what became of plan and assessment, rounds and medication reviews.

    Parameters
    ----------
    people
        Rows of the person table, lazy.
    population
        The people of a network, with their records.
    year
        The contract year, for the working days and weeks that it asks for.
    """
    people = with_events(people, population, REVIEW)
    people = _with_stays(people, population, year)
    return _with_rounds(people, population, year)


def stays(population: Population, year: str) -> Lazy | None:
    """Every stay of a network's people with what became of plan and assessment; None where no stay is recorded.

    What is recorded of nobody has no column: whether it was done cannot be told.
    """
    held, on = population.tables.get("care_home_stays"), population.index_date
    if held is None:
        return None
    found = stays_of(held, population.tables["persons"], on=on)
    events = population.tables.get("care_events")
    known = [column for event, column in ASKED.items() if f"{event}_date" in events_on_record(population)]
    if events is None or not known:
        return found
    followed = followed_stays(found, events, on=on, working_days=working_days(year))
    return followed.drop(*(column for column in ASKED.values() if column not in known))


def working_days(year: str) -> int:
    """Working days within which plan and assessment are due in a contract year."""
    return int(clause(WORKING_DAYS, year).number)


def weeks(year: str) -> int:
    """How many weeks of rounds are looked at."""
    return int(clause(WEEKS, year).number)


def _with_stays(people: Lazy, population: Population, year: str) -> Lazy:
    found = stays(population, year)
    if found is None:
        return people
    begun = population.index_date - dt.timedelta(days=7 * weeks(year))
    lasting = found.filter(nw.col("ended").is_null()).unique(
        subset="person_id", keep="last", order_by=["start_date", "care_home_code"]
    )
    names = set(lasting.collect_schema().names())
    kept: dict[str, Any] = {"care_home_stay_date": nw.col("start_date"), "new_to_home": nw.col("start_date") > begun}
    kept |= {"care_home_due_date": nw.col("due_date")} if "due_date" in names else {}
    kept |= {column: nw.col(column) for column in ASKED.values() if column in names}
    stay = lasting.select("person_id", **kept)
    return people.join(stay, on="person_id", how="left").with_columns(
        has_care_home_stay=~nw.col("care_home_stay_date").is_null()
    )


def _with_rounds(people: Lazy, population: Population, year: str) -> Lazy:
    if f"{ROUND}_date" not in events_on_record(population):
        return people
    events, on = population.tables["care_events"], population.index_date
    seen = weeks_seen(events, people, on=on, weeks=weeks(year))
    counted = seen.group_by("person_id").agg(care_home_round_weeks=nw.col("week").n_unique())
    return people.join(beside(people, counted, counts=["care_home_round_weeks"]), on="person_id", how="left")
