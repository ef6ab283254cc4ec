"""Ethnicity in services: how it is recorded, and what some measures are in each group.

*Not stated* (somebody was asked, and would not say) and *not known* (nobody asked, or nothing was written down) are
never put together: the first is an answer, the second is work for the practice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.anticipatory.whom import PRACTICE
from pcn_analysis.contract.years import asked_year
from pcn_analysis.counted import Counted
from pcn_analysis.services.catalogue import SERVICES
from pcn_analysis.services.counts import Classes, broken_down, shares
from pcn_analysis.services.ethnic_groups import (
    NOT_STATED,
    ORDER,
    RECORDED,
    RECORDED_AS,
    WORDS_OF_NOT_KNOWN,
    ethnic_group,
)
from pcn_analysis.services.service_table import service_table
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.services.service_table import ServiceTable

DIMENSION, HOW = "ethnic_group_of_six", "ethnicity_recorded"
SHARED = "ethnic_group"
"""Dimension of broad ethnic groups in other tables."""
_SHARED = {"Mixed or multiple": "Mixed or multiple", "Asian": "Asian or Asian British",
           "Black": "Black, Black British, Caribbean or African", "Other": "Other ethnic group"}  # fmt: skip
BROAD = {"White British": "White", "Other White": "White", **_SHARED, NOT_STATED: NOT_STATED, NOT_KNOWN: NOT_KNOWN}
"""The broad group of other tables in which the people of each of ours are."""
EQUITY: dict[str, tuple[str, ...]] = {
    "structured_medication_reviews": ("Structured medication review in 12 months",),
    "cardiovascular": ("Raised blood pressure followed up (CVD-01)",),
}
"""Measures that the page shows by ethnic group: few, as each number is weighed with all others. Referrals to social
prescribing by group stand with personalised care; checks of few people would hardly be shown."""


def ethnicity_recording(population: Population) -> SourcedTable:
    """How ethnicity is recorded in each practice, with *not stated* and *not known* apart.

    Returns
    -------
    SourcedTable
        One row a practice and way of recording, practices by name and people of no known practice last: practice_name,
        ethnicity_recorded (recorded, not stated, not known), people, of (registered with the practice), share with
        limits. No rows where the records hold no ethnicity at all.
    """
    people = service_table(population, SERVICES[-1], asked_year("", population.index_date)).people
    rows: list[dict[str, Any]] = []
    if "ethnicity" in people and people["ethnicity"].notna().any():
        nothing = pd.Series(pd.NA, index=people.index, dtype="str")
        names = population.practice_names(people.get("practice_code", nothing))
        group = ethnic_group(people["ethnicity"])
        said = _recorded(people["ethnicity"], group)
        counted = pd.crosstab(names, said).reindex(columns=list(RECORDED_AS), fill_value=0)
        order = [*sorted(set(names) - {NOT_KNOWN}), *sorted({NOT_KNOWN} & set(names))]
        rows = [
            {"practice_name": name, HOW: how, "people": int(counted.loc[name, how]), "of": int(counted.loc[name].sum())}
            for name in order
            for how in RECORDED_AS
        ]
    of = Counted(by=(f"practice_name={PRACTICE}",))
    columns = ("practice_name", HOW, "people", "of")
    return shares(population, rows, {"people": replace(of, by=(*of.by, HOW)), "of": of}, columns=columns)


def _recorded(ethnicity: pd.Series, group: pd.Series) -> pd.Series:
    """How each category is recorded, as :func:`how_recorded` says it; one in words that we do not know is recorded."""
    unknown = ethnicity.isna() | ethnicity.isin(WORDS_OF_NOT_KNOWN)
    return pd.Series(RECORDED, index=ethnicity.index, dtype="str").mask(group.eq(NOT_STATED), NOT_STATED).mask(
        unknown, NOT_KNOWN
    )  # fmt: skip


def by_ethnicity(
    population: Population, year: str = "", measures: Mapping[str, tuple[str, ...]] | None = None
) -> SourcedTable:
    """What some measures are in each ethnic group, as far as they could be assessed.

    Parameters
    ----------
    population
        The people of a network.
    year
        The contract year; that of the index date if none is given.
    measures
        Names of measures, by service; those of the page if none are given.

    Returns
    -------
    SourcedTable
        One row a measure and group of :data:`ORDER`: service, measure, ethnic_group, better, people, of, share with
        limits. No rows where ethnicity is known of nobody.
    """
    asked = asked_year(year, population.index_date)
    tables = [_chosen(service_table(population, name, asked), names) for name, names in (measures or EQUITY).items()]
    people = tables[0].people
    ethnicity = people.get("ethnicity", pd.Series(pd.NA, index=people.index, dtype="str"))
    classes = Classes(SHARED, DIMENSION, ORDER, ethnic_group(ethnicity))
    made = broken_down(population, tables, classes)
    return replace(
        made,
        counted={name: replace(one, never=(*one.never, *tied_to_broad_groups())) for name, one in made.counted.items()},
    )


def _chosen(table: ServiceTable, names: Iterable[str]) -> ServiceTable:
    """A service with some of its measures alone."""
    kept = tuple(one for one in table.service.measures if one.name in names)
    return replace(table, service=replace(table.service, measures=kept))


def tied_to_broad_groups() -> tuple[Conditions, ...]:
    """What nobody can be: of one of the six groups, and of another broad group than that in which it is."""
    broad = tuple(dict.fromkeys(BROAD.values()))
    return tuple(
        ((DIMENSION, (name,)), (SHARED, tuple(other for other in broad if other != within)))
        for name, within in BROAD.items()
    )
