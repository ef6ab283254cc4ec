"""Segments of a network against those of its place: what its people's ages and sexes would lead one to expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.population import load_population, prepared_people
from pcn_analysis.provenance import Rate
from pcn_analysis.segmentation.dynamics import coverage_on
from pcn_analysis.segmentation.labels import labelled, of_model, shown
from pcn_analysis.settings import load_settings
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.rules import Model

BAND, OLDEST = 5, 90
"""Years of an age band, and where the last one begins."""


def others_of_place(population: Population) -> list[Population]:
    """People of the other networks of the same place that are stored, of the same kind and index date.

    A network whose people are damaged, or were stored before the place or the package changed, is left out.
    """
    if not population.place.is_published:
        return []
    place, kind = population.place, population.people
    processed, found = load_settings().processed, []
    codes = sorted(set(place.tables["practices"].frame["pcn_code"].dropna()) - {population.pcn_code})
    for code in codes:
        facts = prepared_people(processed, place.slug, kind, code)
        if facts.get("index_date") != population.index_date.isoformat():
            continue
        try:
            found.append(load_population(place.slug, code, kind))
        except PcnAnalysisError:
            continue
    return found


def against_place(population: Population, model: Model, others: Sequence[Population] | None = None) -> SourcedTable:
    """People in each segment against those whom one would expect for their ages and sexes, at the rates of the place.

    The place is this network and every other whose people are stored and of whom the same is known. Its share of each
    segment, by five-year age band and sex, is applied to this network's people: indirect standardisation. A network
    that is like its place for its ages has as many as expected. The place's rates are taken as they are; the interval
    is that of this network's share.

    Parameters
    ----------
    population, model
        The network's people and the model.
    others
        People of the other networks; by default those of :func:`others_of_place`.

    Returns
    -------
    SourcedTable
        One row a segment, in order: segment, patients, registered, expected, place_patients, place_registered,
        networks (how many are compared, with this one); place_share, expected_share, share with limits, share_compared
        (whether the whole interval is above or below the expected share). No rows where no other network can be
        compared, or no segment was assessed.
    """
    names = shown(population, model)
    candidates = others_of_place(population) if others is None and names else others or []
    known = coverage_on(population, model, population.index_date)
    alike = [one for one in candidates if coverage_on(one, model, one.index_date).equals(known)]
    own = _cells(population, model)
    counts = ("patients", "registered", "expected", "place_patients", "place_registered")
    rows = pd.DataFrame(columns=["segment", *counts, "networks"])
    if names and alike and len(own):
        place = pd.concat([own, *(_cells(one, model) for one in alike)]).groupby(level=[0, 1, 2]).sum()
        rows = _expected(own, place, names).assign(networks=len(alike) + 1)
    rows = rows.astype({"segment": "str"} | dict.fromkeys((*counts, "networks"), "Int64"))
    rates = (
        Rate("place_share", "place_patients", "place_registered"),
        Rate("expected_share", "expected", "registered"),
        Rate("share", "patients", "registered", interval=True, against="expected_share"),
    )
    return of_model(population, model, with_rates(rows, rates), counts=counts, rates=rates, numbers=("networks",))


def _cells(population: Population, model: Model) -> pd.Series:
    """People by age band, sex and segment."""
    people = labelled(population, model, ["age", "sex"])
    band = people["age"].astype(int).clip(upper=OLDEST) // BAND
    return people.groupby([band.rename("band"), people["sex"].astype("str"), "segment"]).size()


def _expected(own: pd.Series, place: pd.Series, names: list[str]) -> pd.DataFrame:
    """Observed and expected people of each segment."""
    registered = own.groupby(level=["band", "sex"]).sum()
    share = place / place.groupby(level=["band", "sex"]).transform("sum")
    expected = share.mul(registered).groupby(level="segment").sum()
    sizes, of_place = own.groupby(level="segment").sum(), place.groupby(level="segment").sum()
    rows = pd.DataFrame({"patients": sizes, "expected": expected.round(), "place_patients": of_place})
    rows = rows.reindex(names).fillna(0).rename_axis("segment").reset_index()
    return rows.assign(registered=int(own.sum()), place_registered=int(place.sum()))
