"""Structured medication reviews: the columns that their specification asks for.

How many groups people are in, and who of each group was reviewed, is counted in
:mod:`pcn_analysis.services.structured_medication_reviews.groups`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import lazy_loader
import narwhals as nw

from pcn_analysis.person_table import table_of
from pcn_analysis.rules import needed_columns
from pcn_analysis.schema import Column
from pcn_analysis.scores import hazardous_medicines, polypharmacy
from pcn_analysis.scores.hazardous_medicines import combinations
from pcn_analysis.services.care_homes.stays import stays_of
from pcn_analysis.services.columns import medicines_coded, of_events, of_medicines, with_events, with_medicines

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules={"groups"})

EVENT = "structured_medication_review"
ADDICTIVE = ("opioids", "gabapentinoids", "benzodiazepines_z_drugs")
NUMBER = polypharmacy.count_column(polypharmacy.DEFAULT)
COLUMNS = (
    *of_events(EVENT),
    *of_medicines(*ADDICTIVE),
    Column("has_care_home_stay", "boolean", "Stays in a care home, by a dated stay.", nullable=True),
    Column("care_home_stay_date", "date", "First day of that stay.", nullable=True),
    Column(NUMBER, "integer", "Different repeat medicines of 84 days that count towards polypharmacy.", nullable=True),
    Column(hazardous_medicines.ANY, "boolean", "Has a combination of medicines that is linked to harm.", nullable=True),
)
"""Columns that this service adds to the person table."""
READ = tuple(dict.fromkeys(name for one in combinations(dt.date.max) for name in needed_columns(one.when)))
"""Columns of the person table that these are made from, beside person_id."""


def with_columns(people: Lazy, population: Population, year: str) -> Lazy:  # noqa: ARG001 - the rules know the year
    """Add the latest review of each person, and what their medicines say.

    Parameters
    ----------
    people
        Rows of the person table, lazy.
    population
        The people of a network, with their records.
    year
        The contract year; which of the columns are a reason in it stands in the specification.
    """
    scored = _with_scores(people, population)  # first, as it asks several things of their medicines
    return _with_stays(with_medicines(with_events(scored, population, EVENT), population, *ADDICTIVE), population)


def incomplete(population: Population) -> dict[str, list[str]]:
    """Which of these columns rest on less than they should: a combination whose condition is not known is never found.

    Returns
    -------
    dict
        What is missing, by column.
    """
    if not medicines_coded(population):
        return {}
    columns = table_of(population).collect_schema().names()
    lacking = hazardous_medicines.unassessable(columns, has_medicines=True)
    missing = list(dict.fromkeys(name for names in lacking.values() for name in names))
    return {hazardous_medicines.ANY: missing} if missing else {}


def _with_stays(people: Lazy, population: Population) -> Lazy:
    """Since when each person stays in a care home."""
    stays, persons = population.tables.get("care_home_stays"), population.tables["persons"]
    if stays is None:
        return people
    lasting = stays_of(stays, persons, on=population.index_date).filter(nw.col("ended").is_null())
    latest = lasting.group_by("person_id").agg(care_home_stay_date=nw.col("start_date").max())
    joined = people.join(latest, on="person_id", how="left")
    return joined.with_columns(has_care_home_stay=~nw.col("care_home_stay_date").is_null())


def _with_scores(people: Lazy, population: Population) -> Lazy:
    """How many medicines each person has, and whether any are linked to harm together."""
    issues, on = population.tables.get("medications"), population.index_date
    if issues is None or not medicines_coded(population):
        return people
    own = issues.join(people.select("person_id"), on="person_id", how="semi")
    harmful = hazardous_medicines.hazardous_counts(own, people, on=on).select("person_id", hazardous_medicines.ANY)
    found = people.join(harmful, on="person_id", how="left")
    if polypharmacy.unassessable(issues, on=on):
        return found
    counted = polypharmacy.polypharmacy(own, people, on=on).select("person_id", NUMBER)
    return found.join(counted, on="person_id", how="left")
