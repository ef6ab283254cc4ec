"""Who is in each segment: ages and sexes, and recorded conditions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis.provenance import Counted, Rate
from pcn_analysis.rules import AtLeast, Below, needed_columns
from pcn_analysis.rules.implication import implies
from pcn_analysis.segmentation import counting, whom
from pcn_analysis.segmentation.composition import OLD, old_ages, with_totals
from pcn_analysis.segmentation.labels import SEGMENT, kinds, labelled, labels, of_model
from pcn_analysis.segmentation.profiles.everyone import sums, with_everyone
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.tables import CONDITION_NAMES

if TYPE_CHECKING:
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.rules import Model, Segment

COMMONEST = 5
"""Conditions that each segment brings to the table of conditions: its commonest."""
ENOUGH = 100
"""People whom a segment must have to bring any."""

SHARE = Rate("share", "patients", "segment_patients", interval=True)
OF_EVERYONE = Rate("everyone_share", "everyone_patients", "everyone_registered")


def by_age_and_sex(population: Population, model: Model) -> SourcedTable:
    """People of each segment by broad age group and sex, with totals.

    Returns
    -------
    SourcedTable
        One row a segment (everyone first), sex (everyone first, those of no known sex last) and age group (all ages
        first, 65 or over last), in order: segment, sex, age_group, patients, segment_patients, share of the segment
        with limits, by_definition (whether the segment's own rule takes nobody under 65, or nobody older). Those whom
        the model is not for are left out.
    """
    names = whom.names(population, model)
    people = whom.only(with_everyone(labelled(population, model, ["age", "sex"]), model), model)
    counted = people.groupby(["segment", "age", "sex"]).size().rename("patients").reset_index()
    rows = with_totals(counted, "segment", [whom.everyone(model), *names])
    rows["segment_patients"] = rows.groupby("segment", sort=False)["patients"].transform("first")
    counted = {
        "patients": counting.by_segment(population, model, "sex", "age_group", means=old_ages(rows["age_group"])),
        "segment_patients": counting.by_segment(population, model),
    }
    rows = with_rates(rows if names else rows.head(0), (SHARE,))
    rows["by_definition"] = rows["segment"].isin([one.name for one in model.segments if _of_one_age(one)])
    return of_model(population, model, rows, counts=tuple(counted), rates=(SHARE,), counted=counted)


def conditions(population: Population, model: Model) -> SourcedTable:
    """Recorded conditions of the people of each segment: those that are the commonest of any segment.

    Each segment of 100 people or more brings its five commonest. Conditions that the records were not coded for are
    left out; people of whom it is not known whether they have one are in neither number.

    Returns
    -------
    SourcedTable
        One row a condition and segment, the commonest condition of everyone first and everyone before the segments:
        condition, segment, patients, segment_patients, everyone_patients, everyone_registered, everyone_share, share
        with limits, share_compared (whether the whole interval is above or below everyone's share), by_definition
        (whether the segment's own rule names the condition). Those whom the model is not for are left out, of everyone
        too. No rows where no condition is coded.
    """
    columns = population.tables["person_table"].collect_schema().names()
    held = [slug for slug in CONDITION_NAMES if f"has_{slug}" in columns]
    names, everyone = whom.names(population, model), whom.everyone(model)
    counts = ("patients", "segment_patients", "everyone_patients", "everyone_registered")
    rows = pd.DataFrame(columns=["condition", "segment", *counts])
    if held and names:
        found = sums(population, model, {name: one for slug in held for name, one in _counted(slug).items()})
        rows = _long(found.reindex([everyone, *names], fill_value=0), held)
        brings = [name for name, kind in kinds(population, model).items() if kind == SEGMENT]
        rows = rows[rows["condition"].isin(_commonest(rows, brings))].reset_index(drop=True)
    rows = rows.astype({"condition": "str", "segment": "str"} | dict.fromkeys(counts, "Int64"))
    rates = (OF_EVERYONE, replace(SHARE, against="everyone_share"))
    frame = with_rates(rows, rates).assign(by_definition=_named_by_rules(rows, model))
    counted, ranked_by = _whose(population, model, rows), ("everyone_patients",)
    return of_model(population, model, frame, counts=counts, rates=rates, ranked_by=ranked_by, counted=counted)


def _whose(population: Population, model: Model, rows: pd.DataFrame) -> dict[str, Counted]:
    """Whom the numbers of conditions count; it is not of everyone known of some conditions whether they have it."""
    registered = len(whom.only(labels(population, model), model))
    unknown = set(rows.loc[rows["everyone_registered"] < registered, "condition"])
    known = {"condition": counting.known_of(rows["condition"], unknown)}
    return {
        "patients": counting.by_segment(population, model, groups=("condition",)),
        "segment_patients": counting.by_segment(population, model, means=known),
        "everyone_patients": counting.of_model(model, groups=("condition",)),
        "everyone_registered": counting.of_model(model, means=known),
    }


def _of_one_age(segment: Segment) -> bool:
    """Whether nobody under 65 meets a rule, or nobody older."""
    return any(implies(segment.criterion(), age) for age in (AtLeast("age", OLD), Below("age", OLD)))


def _named_by_rules(rows: pd.DataFrame, model: Model) -> pd.Series:
    """Whether the rule of a row's segment names its condition, in any way of asking for it."""
    slugs = {name: slug for slug, name in CONDITION_NAMES.items()}
    read = {one.name: needed_columns(one.criterion()) for one in model.segments}
    pairs = zip(rows["segment"], rows["condition"].map(slugs), strict=True)
    named = [
        any(column == f"has_{slug}" or column.startswith(f"{slug}_") for column in read.get(segment, ()))
        for segment, slug in pairs
    ]
    return pd.Series(named, index=rows.index, dtype=bool)


def _counted(slug: str) -> dict[str, nw.Expr]:
    """Who has a condition, and of whom it is known."""
    has = nw.col(f"has_{slug}")
    return {f"has_{slug}": has, f"known_{slug}": ~has.is_null()}


def _long(found: pd.DataFrame, held: list[str]) -> pd.DataFrame:
    """One row a condition and segment, with everyone's numbers beside it; the commonest condition first."""
    parts, first = [], found.index[0]
    for slug in sorted(held, key=lambda one: -int(found.loc[first, f"has_{one}"])):
        part = found[[f"has_{slug}", f"known_{slug}"]].set_axis(["patients", "segment_patients"], axis=1)
        everyone = part.loc[first].set_axis(["everyone_patients", "everyone_registered"])
        part = part.rename_axis("segment").reset_index()
        parts.append(part.assign(condition=CONDITION_NAMES[slug], **everyone.to_dict()))
    columns = ["condition", "segment", "patients", "segment_patients", "everyone_patients", "everyone_registered"]
    return pd.concat(parts, ignore_index=True)[columns]


def _commonest(rows: pd.DataFrame, brings: list[str]) -> set[str]:
    """The commonest conditions of each segment that is large enough to bring any."""
    large = rows[rows["segment"].isin(brings) & (rows["segment_patients"] >= ENOUGH) & (rows["patients"] > 0)]
    first = large.sort_values("patients", ascending=False, kind="stable").groupby("segment").head(COMMONEST)
    return set(first["condition"])
