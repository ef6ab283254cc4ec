"""People in found segments: how many, with which conditions, and in which segments by rule.

Each function returns a table ready for :func:`pcn_analysis.release.release` under ``hes``. Where no segments were found
the tables of people have no rows; :func:`choice` says why.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis import engine
from pcn_analysis.provenance import Counted, Rate, SourcedTable
from pcn_analysis.segmentation import counting
from pcn_analysis.segmentation.found.conditions import ADULT, condition_patterns
from pcn_analysis.segmentation.labels import labels, shown
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model
    from pcn_analysis.segmentation.found.fitted import FoundInPlace

SHARE = Rate("share", "patients", "adults", interval=True)
IN_SEGMENT = Rate("share", "patients", "segment_patients")
EVERYWHERE = Rate("share_of_adults", "patients_of_adults", "adults")
ADULTS = Counted(where=((counting.aged(ADULT), counting.YES),), never=counting.ages_never(ADULT))
LONG_TERM = "long-term condition"
"""What stands before the name of a condition of multimorbidity, which is another thing than its register."""


def sizes(population: Population, fitted: FoundInPlace) -> SourcedTable:
    """Adults of a network in each segment that was found in its place.

    Returns
    -------
    SourcedTable
        One row a segment, the largest of the place first, and last ``NOT_KNOWN`` where there are adults of whom none
        of the conditions is known: segment, patients, adults, share with 95% Wilson limits.
    """
    placed = _placed(population, fitted)
    counts = placed.groupby("segment")["people"].sum().reindex(_rows(fitted, placed), fill_value=0)
    rows = counts.rename_axis("segment").rename("patients").reset_index().assign(adults=int(placed["people"].sum()))
    counted = {"patients": _by_found(fitted), "adults": ADULTS}
    return population.sourced(with_rates(rows, (SHARE,)), counts=tuple(counted), rates=(SHARE,), counted=counted)


def conditions(population: Population, fitted: FoundInPlace) -> SourcedTable:
    """How common each condition is in each segment of a network, and among all its adults.

    Returns
    -------
    SourcedTable
        One row a segment and condition, in order of the place's shares: segment, condition, patients (with it, in the
        segment), segment_patients (of whom it is known), share, patients_of_adults, adults, share_of_adults,
        stands_out (in the place, as :mod:`pcn_analysis.segmentation.found.naming` says).
    """
    placed, names = _placed(population, fitted), fitted.found.feature_names_
    parts = []
    for name in names if fitted.found.segment_names_ else []:
        known = placed[placed[name].notna()]
        sums = known.assign(patients=known[name] * known["people"]).groupby("segment")[["patients", "people"]].sum()
        all_of = sums.sum()
        part = sums.reindex(_order(fitted), fill_value=0).rename_axis("segment").reset_index()
        parts.append(part.assign(condition=name, patients_of_adults=all_of["patients"], adults=all_of["people"]))
    counts = ["patients", "segment_patients", "patients_of_adults", "adults"]
    columns = ["segment", "condition", *counts, "stands_out"]
    if not parts:
        return population.sourced(pd.DataFrame(columns=columns))
    rows = pd.concat(parts).rename(columns={"people": "segment_patients"})
    standing = fitted.found.over_represented()[["segment", "condition", "stands_out"]]
    rows = standing.merge(rows, on=["segment", "condition"], how="left").astype(dict.fromkeys(counts, "int64"))
    rates, unknown = (IN_SEGMENT, EVERYWHERE), {name for name in names if placed[name].isna().any()}
    counted = _of_conditions(fitted, names, unknown)
    return population.sourced(with_rates(rows[columns], rates), counts=tuple(counts), rates=rates, counted=counted)


def _of_conditions(fitted: FoundInPlace, names: Sequence[str], unknown: set[str]) -> dict[str, Counted]:
    """Whom the numbers of conditions count; some it is not known of every adult whether they have."""
    group = (f"condition={LONG_TERM}",)
    known = {"condition": counting.known_of(names, unknown, LONG_TERM)}
    return {
        "patients": _by_found(fitted, groups=group),
        "segment_patients": _by_found(fitted, means=known),
        "patients_of_adults": replace(ADULTS, groups=group),
        "adults": replace(ADULTS, means=known),
    }


def across_rules(population: Population, fitted: FoundInPlace, model: Model) -> SourcedTable:
    """Adults of a network by the segment that was found and the segment of a model of rules.

    Returns
    -------
    SourcedTable
        One row a pair of segments, in order of both: found_segment (as in :func:`sizes`), segment, patients,
        segment_patients (of the found segment), share. Segments by rule that could not be assessed are not shown; there
        are no rows where none could be.
    """
    table = population.tables["person_table"]
    by_rule = engine.like(labels(population, model).rename(columns={"segment": "rule_segment"}), table)
    placed = _placed(population, fitted, table.join(by_rule, on="person_id", how="inner"), by=["rule_segment"])
    pairs = pd.MultiIndex.from_product(
        [_rows(fitted, placed), shown(population, model)], names=["segment", "rule_segment"]
    )
    counts = placed.groupby(["segment", "rule_segment"])["people"].sum().reindex(pairs, fill_value=0)
    rows = counts.rename("patients").reset_index()
    rows["segment_patients"] = rows.groupby("segment")["patients"].transform("sum")
    rows = rows.rename(columns={"segment": "found_segment", "rule_segment": "segment"})
    means = {"segment": counting.segment_means(population, model, everyone=False)}
    both = _by_found(fitted, f"segment={counting.dimension(model)}", column="found_segment", means=means)
    counted = {
        "patients": replace(both, never=(*both.never, *counting.never(model))),
        "segment_patients": _by_found(fitted, column="found_segment"),
    }
    frame = with_rates(rows, (IN_SEGMENT,))
    return population.sourced(frame, counts=tuple(counted), rates=(IN_SEGMENT,), counted=counted)


def choice(fitted: FoundInPlace) -> SourcedTable:
    """How the number of segments was chosen: what was tried, and how stable it is.

    Returns
    -------
    SourcedTable
        One row a number of segments, 1 first: n_segments, bic (above the lowest, to a whole number: the lowest has
        0), least_jaccard and adjusted_rand (mean over bootstrap samples; null where the solution was not put to the
        bootstrap, as one with a lower BIC is stable or it is no better than one class), chosen (yes or no). No
        number counts people.
    """
    found = fitted.found
    stability = found.stability_.astype({"n_segments": "int64"}).groupby("n_segments")
    rows = found.criteria_[["n_segments", "bic"]].set_index("n_segments")
    rows["bic"] = (rows["bic"] - rows["bic"].min()).round()
    rows["least_jaccard"] = stability["jaccard"].min()
    rows["adjusted_rand"] = stability["adjusted_rand"].first()
    rows = rows.astype("Float64").reset_index()
    rows["chosen"] = np.where(rows["n_segments"] == (found.n_segments_ or 0), "yes", "no")
    numbers = ("n_segments", "bic", "least_jaccard", "adjusted_rand")
    return SourcedTable(rows, fitted.provenance, numbers=numbers)


def _by_found(fitted: FoundInPlace, *by: str, column: str = "segment", **whose: Any) -> Counted:
    """Adults of a found segment in each row."""
    found = f"{column}=segment found by {fitted.found.method}"
    return Counted(by=(found, *by), where=ADULTS.where, never=ADULTS.never, **whose)


def _order(fitted: FoundInPlace) -> list[str]:
    return list(fitted.found.segment_names_)


def _rows(fitted: FoundInPlace, placed: pd.DataFrame) -> list[str]:
    """Segments in order, and last those of whom nothing is known, where there are any."""
    return [*_order(fitted), *([NOT_KNOWN] if (placed["segment"] == NOT_KNOWN).any() else [])]


def _placed(
    population: Population, fitted: FoundInPlace, table: Lazy | None = None, by: Sequence[str] = ()
) -> pd.DataFrame:
    """Patterns of the adults of a network, with the segment of each or ``NOT_KNOWN``; none without segments."""
    people = population.tables["person_table"] if table is None else table
    patterns = condition_patterns(people, on=population.index_date, by=by)
    if not fitted.found.segment_names_:
        return patterns.head(0).assign(segment="")
    names = np.array([*_order(fitted), NOT_KNOWN], dtype=object)  # the label of no segment, -1, is the last
    return patterns.assign(segment=names[fitted.found.predict(patterns)])
