"""Segments of a network against those of its place: what its people's ages and sexes would lead one to expect."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis import provenance
from pcn_analysis.provenance import Rate
from pcn_analysis.segmentation import counting
from pcn_analysis.segmentation.composition import SEXES
from pcn_analysis.segmentation.labels import of_model, shown
from pcn_analysis.segmentation.profiles.networks import Others, counted, others_of_place
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.rules import Model
    from pcn_analysis.segmentation.profiles.networks import Counted

_COUNTS = ("patients", "registered", "expected", "place_patients", "place_registered")
_NUMBERS = ("networks", "place_networks", "not_prepared", "another_day", "not_read", "not_alike")


def against_place(population: Population, model: Model, others: Sequence[Population] | None = None) -> SourcedTable:
    """People in each segment against those whom one would expect for their ages and sexes, at the rates of the place.

    The place is this network and every other whose people are stored and of whom the same is known. Its share of each
    segment, by five-year age band and sex, is applied to this network's people: indirect standardisation. A network
    that is like its place for its ages has as many as expected. The place's rates are taken as they are; the interval
    is that of this network's share. A network that is not compared is counted, with why.

    Parameters
    ----------
    population, model
        The network's people and the model.
    others
        People of the other networks; by default those that are stored, by
        :func:`pcn_analysis.segmentation.profiles.networks.others_of_place`.

    Returns
    -------
    SourcedTable
        One row a segment, in order: segment, patients, registered, expected, place_patients, place_registered;
        place_share, expected_share, share with limits, share_compared (whether the whole interval is above or below
        the expected share). And of the place, the same in each row: networks (how many are compared, with this one),
        place_networks (how many it has), and those that are not compared: not_prepared, another_day, not_read and
        not_alike. ``about.comparator`` says these numbers in words. No rows where no other network can be compared, or
        no segment was assessed.
    """
    names, own = shown(population, model), counted(population, model)
    if others is None:
        found = others_of_place(population, model) if names else Others()
    else:
        found = Others(tuple(counted(one, model) for one in others))
    alike = [one for one in found.counted if one.known == own.known]
    numbers = {
        "networks": len(alike) + 1,
        "place_networks": found.total + 1,
        "not_prepared": found.not_prepared,
        "another_day": found.another_day,
        "not_read": found.not_read,
        "not_alike": len(found.counted) - len(alike),
    }
    rows = pd.DataFrame(columns=["segment", *_COUNTS, *_NUMBERS])
    if names and alike and len(own.people):
        place = pd.concat([own.people, *(one.people for one in alike)]).groupby(level=[0, 1, 2]).sum()
        rows = _expected(own.people, place, names).assign(**numbers)
    rows = rows.astype({"segment": "str"} | dict.fromkeys((*_COUNTS, *_NUMBERS), "Int64"))
    rates = (
        Rate("place_share", "place_patients", "place_registered"),
        Rate("expected_share", "expected", "registered"),
        Rate("share", "patients", "registered", interval=True, against="expected_share"),
    )
    columns = {"counts": _COUNTS, "numbers": _NUMBERS, "counted": _whose(population, model, [own, *alike])}
    made = of_model(population, model, with_rates(rows, rates), rates=rates, **columns)
    return replace(made, about=replace(population.about, comparator=in_words(population.place.name, numbers)))


def _whose(population: Population, model: Model, compared: list[Counted]) -> dict[str, provenance.Counted]:
    """Whom the numbers count; those whose sex is not known are in none of them."""
    own, networks = compared[0], tuple(sorted(one.network for one in compared))
    with_sex = _with_sex([own])
    of_place: dict[str, Any] = {"whole_place": True, "networks": networks, **_with_sex(compared)}
    return {
        "patients": counting.by_segment(population, model, **with_sex),
        "registered": provenance.Counted(**with_sex),
        "expected": counting.by_segment(population, model, of="people expected for their ages and sexes"),
        "place_patients": counting.by_segment(population, model, **of_place),
        "place_registered": provenance.Counted(**of_place),
    }


def _with_sex(compared: list[Counted]) -> dict[str, Any]:
    """Conditions that those are counted whose sex is known: none, where that is everyone."""
    if not any(one.left_out for one in compared):
        return {}
    known = "sex is known"
    return {"where": ((known, counting.YES),), "never": (((known, counting.NO), ("sex", SEXES[:2])),)}


def in_words(place: str, numbers: dict[str, int]) -> str:
    """Say of how many of a place's networks a comparison is made, and why the others are not in it.

    Examples
    --------
    >>> numbers = {"networks": 3, "place_networks": 5, "not_prepared": 0, "another_day": 0, "not_read": 2}
    >>> in_words("Marlhaven", numbers | {"not_alike": 0})
    '3 of the 5 networks of Marlhaven (2 could not be read: damaged, or stored before the place or the package changed)'
    >>> in_words("Marlhaven", dict.fromkeys(numbers, 0) | {"networks": 5, "place_networks": 5, "not_alike": 0})
    'all 5 networks of Marlhaven'
    """
    reasons = {
        "not_prepared": "without people prepared",
        "another_day": "prepared for another index date",
        "not_read": "could not be read: damaged, or stored before the place or the package changed",
        "not_alike": "not assessed alike",
    }
    all_of = numbers["place_networks"]
    if all_of == 1:
        return f"the only network of {place} that was looked at"
    out = "; ".join(f"{numbers[name]} {words}" for name, words in reasons.items() if numbers[name])
    if not out:
        return f"all {all_of} networks of {place}"
    return f"{numbers['networks']} of the {all_of} networks of {place} ({out})"


def _expected(own: pd.Series, place: pd.Series, names: list[str]) -> pd.DataFrame:
    """Observed and expected people of each segment."""
    registered = own.groupby(level=["band", "sex"]).sum()
    share = place / place.groupby(level=["band", "sex"]).transform("sum")
    expected = share.mul(registered).groupby(level="segment").sum()
    sizes, of_place = own.groupby(level="segment").sum(), place.groupby(level="segment").sum()
    rows = pd.DataFrame({"patients": sizes, "expected": expected.round(), "place_patients": of_place})
    rows = rows.reindex(names).fillna(0).rename_axis("segment").reset_index()
    return rows.assign(registered=int(own.sum()), place_registered=int(place.sum()))
