"""Tackling neighbourhood health inequalities: the columns that its specification asks for.

Whom to reach is Core20PLUS, as in the model ``core20plus5_adults``; what is asked of whom are the clinical areas of
Core20PLUS5 that records of general practice hold, and the checks of the Investment and Impact Fund. How any measure of
any service differs between fifths of deprivation is in ``indices.py``, by ethnic group in ``ethnicity.py``.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import lazy_loader
import narwhals as nw

from pcn_analysis.contract.clauses import clause
from pcn_analysis.dates import months_before
from pcn_analysis.engine import on_frames
from pcn_analysis.person.wide import beside
from pcn_analysis.schema import Column
from pcn_analysis.services.columns import of_events, of_values, with_events, with_values
from pcn_analysis.services.ethnic_groups import RECORDED_AS, how_recorded

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules={"ethnicity", "fifths", "indices"})

CHECK, PLAN, FLU = "learning_disability_health_check", "health_action_plan", "influenza_vaccination"
EVENTS = (CHECK, PLAN, "smi_physical_health_check", FLU, "pneumococcal_vaccination", "smoking_cessation_support")
VALUES = {"cigarettes": ("Cigarettes smoked a day", "{cigarettes}/d")}
PLANNED = "ld_check_and_plan"
COLUMNS = (
    *of_events(*EVENTS),
    *of_values(VALUES),
    Column(
        f"{PLANNED}_date",
        "date",
        "Latest health action plan that is not before a health check of the months in which a check lasts.",
        nullable=True,
    ),
    Column(
        "influenza_this_season",
        "boolean",
        "Vaccinated against influenza since the latest season began.",
        nullable=True,
    ),
    Column(
        "influenza_declined_this_season",
        "boolean",
        "Influenza vaccination declined or unsuitable since the latest season began.",
        nullable=True,
    ),
    Column(
        "next_influenza_season_date",
        "date",
        "First day of the next season of influenza vaccination; none while one lasts.",
        nullable=True,
    ),
    Column("ethnicity_recorded", "category", "How the ethnic group is recorded.", allowed=RECORDED_AS),
)
READ = ("ethnicity",)
"""Columns of the person table that these are made from, beside person_id."""
"""Columns that this service adds to the person table."""


def with_columns(people: Lazy, population: Population, year: str) -> Lazy:
    """Add checks, plans, vaccinations, support to stop smoking, cigarettes smoked, and whether ethnicity is recorded.

    Parameters
    ----------
    people
        Rows of the person table, lazy.
    population
        The people of a network, with their records.
    year
        The contract year.
    """
    on = population.index_date
    people = with_events(people, population, *EVENTS)
    people = with_values(people, population, VALUES)
    names = people.collect_schema().names()
    if {f"{CHECK}_date", f"{PLAN}_date"} <= set(names):
        months = int(clause("nhi_check_months", year).number)
        planned = planned_checks(population.tables["care_events"], people, on=on, months=months)
        people = people.join(planned, on="person_id", how="left")
    made: dict[str, Any] = {}
    if f"{FLU}_date" in names:
        first, last = (clause(name, year).value for name in ("nhi_flu_from", "nhi_flu_to"))
        begun, to_come = seasons(on, first, last)
        made["influenza_this_season"] = nw.col(f"{FLU}_date") >= begun
        made["next_influenza_season_date"] = nw.lit(to_come).cast(nw.Date)
        if f"{FLU}_declined_date" in names:
            made["influenza_declined_this_season"] = nw.col(f"{FLU}_declined_date") >= begun
    if "ethnicity" in names:
        made["ethnicity_recorded"] = how_recorded(nw.col("ethnicity"))
    return people.with_columns(**made) if made else people


def seasons(on: dt.date, first: str, last: str) -> tuple[dt.date, dt.date | None]:
    """The day on which the latest season began before an index date, and that of the next; None while one lasts.

    Parameters
    ----------
    on
        The index date.
    first, last
        First and last day of a season, as month and day; it ends in the year after it began.

    Examples
    --------
    >>> seasons(dt.date(2026, 7, 1), "09-01", "03-31")
    (datetime.date(2025, 9, 1), datetime.date(2026, 9, 1))
    >>> seasons(dt.date(2026, 3, 31), "09-01", "03-31")
    (datetime.date(2025, 9, 1), None)
    """
    begins = [dt.date.fromisoformat(f"{year}-{first}") for year in (on.year - 1, on.year, on.year + 1)]
    begun = max(day for day in begins if day <= on)
    lasts = on <= dt.date.fromisoformat(f"{begun.year + 1}-{last}")
    return begun, None if lasts else min(day for day in begins if day > on)


@on_frames
def planned_checks(care_events: Lazy, people: Lazy, *, on: dt.date, months: int) -> Lazy:
    """Say when each person last had a health action plan that is not before a health check of some months.

    The plan follows from the check: one that was written before it is of an earlier check.

    Parameters
    ----------
    care_events
        ``tables.CARE_EVENTS``; those from the index date on are not read, and only what was done is.
    people
        One row a person, with person_id.
    on
        The index date.
    months
        How many months before the index date a check counts.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id and ld_check_and_plan_date; null without a check in those months, or
        without a plan on its day or later.

    References
    ----------
    NHS England, indicator NCD120 of the Network Contract DES; Primary Care IT, Simple IIF learning disabilities review
    (3 June 2025).

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1", "p2"]})
    >>> events = pd.DataFrame({
    ...     "person_id": ["p1", "p1", "p2", "p2"], "outcome": "done",
    ...     "event": ["learning_disability_health_check", "health_action_plan"] * 2,
    ...     "event_date": pd.to_datetime(["2026-01-10", "2026-01-10", "2026-01-10", "2026-01-09"])})
    >>> found = planned_checks(events, people, on=dt.date(2026, 7, 1), months=12).sort_values("person_id")
    >>> found["ld_check_and_plan_date"].dt.day.to_list()
    [10.0, nan]
    """
    date = nw.col("event_date").cast(nw.Date)
    done = care_events.filter(nw.col("outcome") == "done", date >= months_before(on, months), date < on)
    done = done.select("person_id", "event", _date=date)
    checks = done.filter(nw.col("event") == CHECK).group_by("person_id").agg(_first=nw.col("_date").min())
    plans = done.filter(nw.col("event") == PLAN).group_by("person_id").agg(_last=nw.col("_date").max())
    both = checks.join(plans, on="person_id", how="inner").filter(nw.col("_last") >= nw.col("_first"))
    return beside(people, both.select("person_id", **{f"{PLANNED}_date": nw.col("_last")}))
