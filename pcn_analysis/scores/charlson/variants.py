"""The variants of the index: categories, codes, points, and which category takes the place of which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis import codelists
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.person.diagnoses import CodedElement

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Variant:
    """One variant of the index.

    Parameters
    ----------
    name
        Its name.
    title
        Which index, with which weights.
    categories
        The categories by key: name as published, codes, points. Where one takes the place of a milder one, the two
        are of one family, and the milder stands first.
    lowest
        What a sum below it becomes; None where a sum stands as it is.
    source, note
        Publications, and what to know of it.
    """

    name: str
    title: str
    categories: Mapping[str, CodedElement]
    lowest: int | None
    source: str
    note: str

    def elements(self) -> tuple[CodedElement, ...]:
        """The categories, mild before severe."""
        return tuple(self.categories.values())


def _categories(mapping: str, weights: str, hierarchy: str) -> dict[str, CodedElement]:
    points = {row["category"]: row[weights] for row in codelists.rows("charlson_weights")}
    milder = {mild: severe for mild, _, severe in (pair.partition("<") for pair in hierarchy.split(";"))}
    codes: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for row in (row for row in codelists.rows("charlson_icd10") if row["mapping"] == mapping):
        names[row["category"]] = row["name"]
        codes.setdefault(row["category"], []).append(row["icd10_prefix"])
    return {
        category: CodedElement(
            names[category], tuple(codes[category]), int(points[category]), milder.get(category, category)
        )
        for category in sorted(codes, key=lambda one: (one not in milder, list(points).index(one)))
    }


def _variants() -> dict[str, Variant]:
    return {
        row["variant"]: Variant(
            name=row["variant"],
            title=row["title"],
            categories=_categories(row["mapping"], row["weights"], row["hierarchy"]),
            lowest=int(row["lowest"]) if row["lowest"] else None,
            source=row["source"],
            note=row["note"],
        )
        for row in codelists.rows("charlson_variants")
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
    >>> find_variant("rcs_2010").categories["diabetes"].prefixes
    ('E10', 'E11', 'E12', 'E13', 'E14')
    >>> find_variant("quan_2012")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: Charlson index: there is no variant called quan_2012. Did you mean ...
    """
    if name not in VARIANTS:
        raise problem("Charlson index", f"there is no variant called {name}", nearest(name, VARIANTS))
    return VARIANTS[name]
