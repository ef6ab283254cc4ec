"""Where variants of a score disagree: who is above a threshold by one and not by another, in counts.

A score is comparable with others of its variant only. How many people a threshold picks, and which, can rest on the
variant as much as on the people; nothing here says which variant is right.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.person_table import registered_people
from pcn_analysis.provenance import Rate
from pcn_analysis.scores import charlson, hospital_frailty, polypharmacy
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

CHARLSON_FROM = 3
"""Points, or categories where a variant counts these, from which the Charlson index is called high; our choice."""
COUNTS = ("people", "above", "above_other", "both", "either")
RATES = (
    Rate("share", "above", "people", interval=True),
    Rate("share_other", "above_other", "people", interval=True),
    Rate("agreement", "both", "either"),
)


def variants_compared(population: Population) -> SourcedTable:
    """Hold each two variants of a score against each other on the people of a network, on the index date.

    Returns
    -------
    SourcedTable
        One row a score and pair of variants: score, threshold (in words), variant, other_variant (titles), people (who
        have both), above (the threshold by the first), above_other, both, either; shares of people with limits, and
        agreement (both of either). Of variants that cannot be assessed there are no rows.
    """
    rows = [
        {"score": score, "threshold": threshold, "variant": one, "other_variant": other} | _counted(first, second)
        for score, threshold, found in _found(population)
        for (one, first), (other, second) in combinations(found.items(), 2)
    ]
    words = dict.fromkeys(("score", "threshold", "variant", "other_variant"), "str")
    frame = pd.DataFrame(rows, columns=[*words, *COUNTS]).astype(words | dict.fromkeys(COUNTS, "Int64"))
    return population.sourced(with_rates(frame, RATES), counts=COUNTS, rates=RATES)


def _found(population: Population) -> Iterator[tuple[str, str, dict[str, pd.Series]]]:
    """Each score with its threshold, and whether people are above it by title of variant; null where not known."""
    tables, on = population.tables, population.index_date
    people = registered_people(lazy(tables["persons"]), on=on)
    if "conditions" in tables:
        points = {
            one.title: _column(
                charlson.charlson(tables["conditions"], people, on=on, variant=name), charlson.score_column(name)
            )
            for name, one in charlson.VARIANTS.items()
        }
        above = {title: scores >= CHARLSON_FROM for title, scores in points.items() if scores is not None}
        yield "Charlson index", f"{CHARLSON_FROM} or more", above
        seen = tables.get("encounters")
        bands = {
            one.title: _column(
                hospital_frailty.hospital_frailty(tables["conditions"], people, on=on, variant=name, encounters=seen),
                hospital_frailty.band_column(name),
            )
            for name, one in hospital_frailty.VARIANTS.items()
        }
        high = {title: (band == "high") for title, band in bands.items() if band is not None}
        yield "Hospital Frailty Risk Score", "high", high
    if "medications" in tables:
        many = {
            one.title: _column(
                polypharmacy.polypharmacy(tables["medications"], people, on=on, variant=name),
                polypharmacy.polypharmacy_columns(name)[-1],
            )
            for name, one in polypharmacy.VARIANTS.items()
        }
        yield "Polypharmacy", "10 or more medicines", {title: of for title, of in many.items() if of is not None}


def _column(scores: Lazy, name: str) -> pd.Series | None:
    """A column by person_id; None where it is absent or known of nobody."""
    if name not in scores.collect_schema().names():
        return None
    column = to_pandas(scores.select("person_id", name)).set_index("person_id")[name].convert_dtypes()
    return None if column.isna().all() else column


def _counted(one: pd.Series, other: pd.Series) -> dict[str, int]:
    """How many are above, of the people of whom both are known."""
    known = pd.DataFrame({"one": one, "other": other}).dropna().astype(bool)
    first, second = known["one"], known["other"]
    sums = (len(known), first.sum(), second.sum(), (first & second).sum(), (first | second).sum())
    return {name: int(value) for name, value in zip(COUNTS, sums, strict=True)}
