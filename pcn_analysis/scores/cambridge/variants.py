"""The variants of the score: weights, rules and what is not public, each under its own name."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pcn_analysis import codelists
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.scores.cambridge.conditions import NAMES, RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.rules import Element

WEIGHTS = ("cambridge_weights", "cambridge_short_weights")
"""Files of weights: of 35 of 37 conditions, and of the variants of 20 and 21."""


@dataclass(frozen=True)
class Variant:
    """One variant of the score.

    Parameters
    ----------
    name
        Its name, in the names of the columns that it fills.
    title
        Which score, for which outcome, of how many conditions.
    weights
        Weight of each condition, exactly as published.
    elements
        What each condition asks of the person table, in the order of the weights.
    bands
        Its set of bands in codelists/cambridge_bands.csv; empty where none were published.
    not_public
        Names of the conditions of the published score of which no weight is public; they never count.
    source, note
        Publication, and what to know of it.
    """

    name: str
    title: str
    weights: Mapping[str, Decimal]
    elements: Mapping[str, Element]
    bands: str
    not_public: tuple[str, ...]
    source: str
    note: str

    def scale(self) -> int:
        """The number by which every weight becomes a whole one, so that a score at the edge of a band is on it."""
        places = max(-int(weight.as_tuple().exponent) for weight in self.weights.values())
        return int(10**places)

    def points(self) -> dict[str, int]:
        """Whole weights: times :meth:`scale`."""
        return {condition: int(weight * self.scale()) for condition, weight in self.weights.items()}


def _weights() -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {}
    for row in (row for file in WEIGHTS for row in codelists.rows(file)):
        found.setdefault(row["variant"], {})[row["long_term_condition"]] = Decimal(row["weight"])
    return found


def _variants() -> dict[str, Variant]:
    weights = _weights()
    return {
        row["variant"]: Variant(
            name=row["variant"],
            title=row["title"],
            weights=weights[row["weights"]],
            elements={condition: RULES[row["rules"]][condition] for condition in weights[row["weights"]]},
            bands=row["bands"],
            not_public=tuple(NAMES[condition] for condition in row["not_public"].split(";") if condition),
            source=row["source"],
            note=row["note"],
        )
        for row in codelists.rows("cambridge_variants")
    }


VARIANTS: dict[str, Variant] = _variants()
"""The variants by name."""


def find_variant(name: str) -> Variant:
    """Find a variant by its name.

    Raises
    ------
    PcnAnalysisError
        If there is none of that name.

    Examples
    --------
    >>> find_variant("payne2020_general_35of37").not_public
    ('Diverticular disease', 'Chronic sinusitis')
    >>> find_variant("payne2020_general_37")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: Cambridge score: there is no variant called payne2020_general_37...
    """
    if name not in VARIANTS:
        raise problem("Cambridge score", f"there is no variant called {name}", nearest(name, VARIANTS))
    return VARIANTS[name]
