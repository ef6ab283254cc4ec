"""How large segments will be in years to come, if a year's rates hold: the people's own, or published ones."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis import engine
from pcn_analysis.dates import age_on
from pcn_analysis.provenance import Provenance, SourcedTable
from pcn_analysis.segmentation import counting
from pcn_analysis.segmentation.dynamics.days import with_cautions
from pcn_analysis.segmentation.dynamics.moved import between, days_back
from pcn_analysis.segmentation.labels import assessed, kinds, labels
from pcn_analysis.segmentation.projection import DRAWS, SEED, project_with_limits
from pcn_analysis.segmentation.yearly_rates import PUBLISHED, own_rates

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from pcn_analysis.counted import Counted
    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model
    from pcn_analysis.segmentation.yearly_rates import YearlyRates

MODELLED = "Sizes in later years are projected from {}; the limits are 95% of drawn futures in which these hold."
COUNTS = ("patients", "patients_lower", "patients_upper")


def projection(
    population: Population,
    model: Model,
    *,
    years: int = 5,
    rates: YearlyRates | None = None,
    observed: int = 1,
    leaving_out: Collection[str] = (),
    draws: int = DRAWS,
    seed: int = SEED,
) -> SourcedTable:
    """How large each segment will be in the years after the index date, if a year's rates hold.

    Parameters
    ----------
    years
        How many years to project.
    rates
        Rates to project with, as :func:`pcn_analysis.segmentation.yearly_rates.published_rates`, whose segments must
        be those of the model; by default those of the people themselves.
    observed
        Years before the index date, 1 to 3, that the people's own rates are counted in, each from one index date to
        the next.
    leaving_out
        Segments whose people are not projected, as other rates have none of them.
    draws, seed
        Futures drawn for the limits, and their seed.

    Returns
    -------
    SourcedTable
        One row a year and segment, in order: year (a word), segment, kind (as in
        :func:`pcn_analysis.segmentation.labels.kinds`), patients (expected), patients_lower, patients_upper; of
        segments that anyone is in, or is expected to be. The first year is the index date, where all three are what
        was counted. With rates that begin at an age, only people of that age or older are in it. The people's own
        rates rest on what ``moves`` says in its columns of words, and so does this.

    Raises
    ------
    PcnAnalysisError
        As :func:`pcn_analysis.segmentation.dynamics.moves`; and if the records hold nobody who died or left, or the
        rates are of other segments.
    """
    start, names = _initial(population, model)
    start = start[~start["segment"].isin(list(leaving_out))]
    own, ends = rates is None, days_back(population, observed)
    if rates is None:
        rates = own_rates([between(population, model, since, until) for until, since in pairwise(ends)], names)
        provenance, whose = population.provenance, "what these people's records show"
    else:
        provenance = population.provenance.joined(Provenance((PUBLISHED,), people=False))
        whose = f"rates published by {PUBLISHED.publisher}"
    found = project_with_limits(
        start, rates, years, first_year=population.index_date.year, draws=draws, seed=seed
    ).rename(columns={"people": "patients", "people_lower": "patients_lower", "people_upper": "patients_upper"})
    found.insert(2, "kind", found["segment"].map(kinds(population, model)).astype("str"))
    found = found[found.groupby("segment")["patients"].transform("max") > 0].reset_index(drop=True)
    found = with_cautions(population, model, found, ends[-1]) if own else found
    provenance = provenance.joined(Provenance((), people=True, modelled=MODELLED.format(whose)))
    found["year"] = found["year"].astype("str")
    counted = {name: _whose(population, model, found, own, name) for name in COUNTS}
    return SourcedTable(found, provenance, COUNTS, numbers=("year",), about=population.about, counted=counted)


def _whose(population: Population, model: Model, found: pd.DataFrame, own: bool, column: str) -> Counted:
    """Whom sizes count: people on the index date, and people of a model later."""
    first = {year: () if year == found["year"].iloc[0] else None for year in found["year"]}
    later = counting.by_segment(population, model, "year", of=projected(own, column))
    return counting.by_segment(population, model, means={"year": first}, otherwise=later)


def projected(own: bool, column: str) -> str:
    """What people are called who are expected by the people's own rates or published ones, or are a limit of these."""
    limit = column.removeprefix("patients").replace("_", ", ")
    return f"people projected with {'their own' if own else 'published'} rates{limit}"


def _initial(population: Population, model: Model) -> tuple[pd.DataFrame, list[str]]:
    """People of the index date by age and segment, and the segments in order."""
    on = population.index_date
    labelled = engine.lazy(labels(population, model))
    persons = population.tables["persons"].select("person_id", "birth_date")
    aged = labelled.join(persons, on="person_id", how="inner").with_columns(
        age=age_on(nw.col("birth_date").cast(nw.Date), on)
    )
    counted = engine.to_pandas(aged.group_by("age", "segment").agg(people=nw.len()))
    return counted, assessed(population, model)
