"""How many people are in each segment of a model, who they are, and why.

Each function takes a :class:`pcn_analysis.population.Population` and a model, counts people of its stored person
table, and returns a table ready for :func:`pcn_analysis.release.release` under ``hes``. Everyone registered and
alive on the index date is in exactly one segment; the last one holds those in none. Of a model that is not for
everyone, shares are of those whom it is for, and the others are counted by :func:`sizes` alone. Every table says of
which model and variant it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis import engine, rules
from pcn_analysis.codes import AGE_GROUPS, age_group
from pcn_analysis.deprivation import FIFTHS, deprivation_fifth
from pcn_analysis.person_table import incomplete_columns
from pcn_analysis.provenance import Counted, Rate
from pcn_analysis.rules.criteria import leaves as leaves_of
from pcn_analysis.rules.lint import lint
from pcn_analysis.segmentation import counting, whom
from pcn_analysis.segmentation.labels import SEGMENT, kinds, labelled, of_model, shown, status
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.tables import CONDITION_NAMES, MEDICINE_GROUPS, PERSON_TABLE, records
from pcn_analysis.words import NOT_KNOWN, NOT_STATED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.rules import Model

SHARE = Rate("share", "patients", "registered", interval=True)
OF_EVERYONE = Rate("everyone_share", "everyone_patients", "everyone_registered")
ETHNIC_GROUPS = {
    "White": "White",
    "Mixed": "Mixed or multiple",
    "Asian": "Asian or Asian British",
    "Black": "Black, Black British, Caribbean or African",
    "Other": "Other ethnic group",
}
"""Broad ethnic groups of the ONS by the first word of the category as recorded."""


def sizes(population: Population, model: Model) -> SourcedTable:
    """People in each segment.

    Returns
    -------
    SourcedTable
        One row a segment, in order: segment, kind (segment, remainder or others), patients, registered (those whom the
        model is for; of the others, everyone), share with 95% Wilson limits, status, whom (the model is for, in words;
        empty where it is for everyone). A segment that could not be assessed has no number; of one assessed in part
        there may be more people than counted. No rows where no segment could be assessed.
    """
    people = labelled(population, model, [])
    found = status(population, model)
    rows = pd.DataFrame({"segment": list(found), "status": list(found.values())}, dtype="str")
    counts = people["segment"].value_counts().reindex(shown(population, model), fill_value=0)
    rows["patients"] = rows["segment"].map(counts).astype("Int64")
    others = rows["segment"].eq(model.others) & (model.whom is not None)
    rows["registered"] = pd.Series(len(whom.only(people, model)), index=rows.index).mask(others, len(people))
    rows = rows if shown(population, model) else rows.head(0)
    rows = with_rates(rows[["segment", "patients", "registered", "status"]], (SHARE,))
    means = dict.fromkeys(found, counting.for_model(model)) | ({model.others: ()} if model.whom else {})
    counted = {"patients": counting.by_segment(population, model), "registered": Counted(means={"segment": means})}
    return _of_these(population, model, rows, counts=tuple(counted), rates=(SHARE,), counted=counted)


def by_age(population: Population, model: Model) -> SourcedTable:
    """People in each segment by broad age group; only segments that could be assessed.

    Returns
    -------
    SourcedTable
        One row an age group and segment, in order: age_group, segment, patients, registered (of that age),
        everyone_patients and everyone_registered (of all ages), everyone_share, share with limits, share_compared
        (whether the whole interval is above or below everyone's share), whom (the model is for, in words).
    """
    people = labelled(population, model, ["age"])
    people["age_group"] = age_group(people["age"])
    return _shares(population, model, _counted(people, population, model, "age_group", AGE_GROUPS), "age_group")


def by_deprivation(population: Population, model: Model) -> SourcedTable:
    """People in each segment by national fifth of deprivation of their area; only segments that could be assessed.

    Returns
    -------
    SourcedTable
        As :func:`by_age`, one row a fifth and segment: deprivation_fifth (the most deprived first, "not known" last);
        and by_definition (whether its rule, or that of a segment that goes before it, reads deprivation).
    """
    people = labelled(population, model, ["imd_decile"])
    people["deprivation_fifth"] = deprivation_fifth(people["imd_decile"])
    rows = _counted(people, population, model, "deprivation_fifth", FIFTHS)
    return _shares(population, model, _defined(rows, population, model, "imd_decile"), "deprivation_fifth")


def by_ethnicity(population: Population, model: Model) -> SourcedTable:
    """People in each segment by broad ethnic group; only segments that could be assessed.

    Returns
    -------
    SourcedTable
        As :func:`by_age`, one row a group and segment: ethnic_group (those of ``ETHNIC_GROUPS`` that there are, then
        "not stated", and "not known" with whoever is recorded in other words); and by_definition (whether its rule, or
        that of a segment that goes before it, reads ethnicity). No rows where ethnicity is known of nobody.
    """
    people = labelled(population, model, ["ethnicity"])
    first = people["ethnicity"].astype("str").str.extract(r"^(\w+)", expand=False)
    group = first.map(ETHNIC_GROUPS).fillna(NOT_KNOWN).astype("str")
    people["ethnic_group"] = group.mask(people["ethnicity"].eq(records.NOT_STATED).fillna(False), NOT_STATED)
    order = [*ETHNIC_GROUPS.values(), NOT_STATED, NOT_KNOWN]
    rows = _counted(people, population, model, "ethnic_group", order)
    return _shares(population, model, _defined(rows, population, model, "ethnicity"), "ethnic_group")


def by_practice(population: Population, model: Model) -> SourcedTable:
    """People in each segment by practice; only segments that could be assessed.

    Returns
    -------
    SourcedTable
        As :func:`by_age`, one row a practice and segment, by name, those of no known practice last: practice_name.
    """
    people = labelled(population, model, ["practice_code"])
    people["practice_name"] = population.practice_names(people["practice_code"])
    order = [*sorted(set(people["practice_name"]) - {NOT_KNOWN}), NOT_KNOWN]
    rows = _counted(people, population, model, "practice_name", order)
    return _shares(population, model, rows, "practice_name=practice")


def elements_met(population: Population, model: Model) -> SourcedTable:
    """Why people are in a segment: how many of its people meet each of its elements; one can meet several.

    Returns
    -------
    SourcedTable
        One row a segment and element that anyone in it meets, the commonest first within each: segment, element,
        patients, segment_patients, share, elements (how many the segment has: one alone is its definition).
    """
    people = population.tables["person_table"]
    labelled = rules.label(people, model, on=population.index_date, incomplete=incomplete_columns(population))
    elements = [element for _, element in model.elements()]
    met = rules.reasons(people, elements, on=population.index_date)
    pairs = engine.to_pandas(
        met.join(labelled, on="person_id", how="inner").group_by("segment", "element").agg(patients=nw.len())
    )
    home = {element.name: segment.name for segment, element in model.elements()}
    pairs = pairs[pairs["segment"] == pairs["element"].map(home)]
    sizes = engine.to_pandas(labelled.group_by("segment").agg(segment_patients=nw.len()))
    rows = pairs.merge(sizes, on="segment")
    order = {segment.name: segment.priority for segment in model.segments}
    rows = rows.assign(_order=rows["segment"].map(order)).sort_values(["_order", "element"], ignore_index=True)
    rates = (Rate("share", "patients", "segment_patients"),)
    frame = with_rates(rows[["segment", "element", "patients", "segment_patients"]], rates)
    of_each = {segment.name: len(segment.elements) for segment in model.segments}
    frame = frame.assign(elements=frame["segment"].map(of_each).astype("Int64"))
    of_segment = counting.by_segment(population, model)
    counted = {"patients": counting.by_element(population, model, frame), "segment_patients": of_segment}
    columns = {"numbers": ("elements",), "ranked_by": ("segment", "patients")}
    return of_model(population, model, frame, counts=tuple(counted), rates=rates, counted=counted, **columns)


def not_assessed(population: Population, model: Model) -> SourcedTable:
    """What of a model could not be assessed, or in part only, from the records at hand.

    Returns
    -------
    SourcedTable
        One row an element that was not assessed in full: segment, element, status, missing (conditions without a
        codelist, and sources that no table holds). Words only.
    """
    columns = population.tables["person_table"].collect_schema().names()
    frame = rules.coverage([element for _, element in model.elements()], columns, incomplete_columns(population))
    segments = {element.name: segment.name for segment, element in model.elements()}
    frame.insert(0, "segment", frame["element"].map(segments))
    frame["missing"] = frame["missing"].map(_in_words)
    return of_model(population, model, frame[frame["status"] != rules.ASSESSED].reset_index(drop=True))


def rule_table(population: Population, model: Model) -> SourcedTable:
    """The model itself, for a clinician to read: one row a segment, first priority first.

    Returns
    -------
    SourcedTable
        priority, segment, rule (the published rule in words; then who is in the remainder, and last those whom the
        model is not for); and of the model, the same in each row: variant, bands (which number its segments are bands
        of, in words; empty where they are not), file and fingerprint (name and first figures of the SHA-256 of a file
        of one's own; empty of a model of this package).
    """
    columns = population.tables["person_table"].collect_schema().names()
    remainder = model.remainder_name(columns, incomplete_columns(population))
    rows = [(segment.priority, segment.name, segment.rule) for segment in model.ordered()]
    rest = "Everyone who fits none of the above."
    if remainder != model.remainder:
        rest = f"Who fits none of the above that could be assessed; not called “{model.remainder}” for want of data."
    rows.append((rows[-1][0] + 1, remainder, rest))
    if model.whom:
        rows.append((rows[-1][0] + 1, model.others, "The model is not made for them; shares leave them out."))
    frame = pd.DataFrame(rows, columns=["priority", "segment", "rule"])
    words = {"variant": model.variant, "bands": _bands(model), "file": model.file, "fingerprint": model.sha256[:12]}
    return of_model(population, model, frame.assign(**words).astype(dict.fromkeys(words, "str")), numbers=("priority",))


def _bands(model: Model) -> str:
    """Which one number every rule of a model reads, in words; empty where they read more, or none."""
    described = {column.name: column.meaning.rstrip(".") for column in PERSON_TABLE.columns}
    read = {name for segment in model.segments for name in rules.needed_columns(segment.criterion())}
    scores = {name.removesuffix("_assessed") for name in read}
    leaves = [leaf for segment in model.segments for leaf in leaves_of(segment.criterion())]
    numbers = all(isinstance(leaf, (rules.AtLeast, rules.MoreThan, rules.Below)) for leaf in leaves)
    return described.get(scores.pop(), "") if numbers and len(scores) == 1 else ""


def assumptions(population: Population, model: Model) -> SourcedTable:
    """What a model takes for granted that its sources do not say, and which reading of them it is.

    Returns
    -------
    SourcedTable
        One row an assumption: assumption, variant, faults (how many the linter finds in the model). No rows where the
        model has none.
    """
    frame = pd.DataFrame({"assumption": list(model.assumptions)}, dtype="str")
    frame = frame.assign(variant=pd.Series(model.variant, index=frame.index, dtype="str"), faults=len(lint(model)))
    return of_model(population, model, frame, numbers=("faults",))


def _counted(people: pd.DataFrame, population: Population, model: Model, by: str, order: Iterable[str]) -> pd.DataFrame:
    """People by a column, in the order given, and segment, in the order of the model; every combination is there.

    There is none where the column is known of nobody, or no segment could be assessed. Those whom the model is not for
    are left out.
    """
    people, names = whom.only(people, model), whom.names(population, model)
    found = set(people[by]) if names else set()
    found = set() if found == {NOT_KNOWN} else found
    every = pd.MultiIndex.from_product([[one for one in order if one in found], names], names=[by, "segment"])
    counts = people.groupby([by, "segment"]).size().reindex(every, fill_value=0)
    rows = counts.rename("patients").reset_index()
    return rows.assign(
        registered=rows.groupby(by)["patients"].transform("sum"),
        everyone_patients=rows.groupby("segment")["patients"].transform("sum"),
        everyone_registered=rows["patients"].sum(),
    )


def _defined(rows: pd.DataFrame, population: Population, model: Model, column: str) -> pd.DataFrame:
    """Say of each segment whether who is in it follows from a column: its rule reads it, or one that goes first."""
    reads = [column in rules.needed_columns(segment.criterion()) for segment in model.ordered()]
    names = [name for name, kind in kinds(population, model).items() if kind == SEGMENT]
    first = names[reads.index(True) :] if any(reads) else []
    rest = [name for name, kind in kinds(population, model).items() if kind != SEGMENT] if any(reads) else []
    return rows.assign(by_definition=rows["segment"].isin([*first, *rest]))


def _in_words(columns: str) -> str:
    """What is missing, by its name."""
    described = {column.name: column.meaning.rstrip(".") for column in PERSON_TABLE.columns}
    names = CONDITION_NAMES | MEDICINE_GROUPS
    slugs = {
        column: column.removeprefix("has_").removesuffix("_first_date").removesuffix("_date")
        for column in columns.split("; ")
    }
    words = [names.get(slug, described.get(column, column)) for column, slug in slugs.items()]
    return "; ".join(dict.fromkeys(words))


def _shares(population: Population, model: Model, rows: pd.DataFrame, by: str) -> SourcedTable:
    """Shares of groups, which are classes of a dimension, held against everyone's."""
    rates = (OF_EVERYONE, replace(SHARE, against="everyone_share"))
    counted = {
        "patients": counting.by_segment(population, model, by),
        "registered": counting.of_model(model, by),
        "everyone_patients": counting.by_segment(population, model),
        "everyone_registered": counting.of_model(model),
    }
    frame = with_rates(rows, rates)
    return _of_these(population, model, frame, counts=tuple(counted), rates=rates, counted=counted)


def _of_these(population: Population, model: Model, rows: pd.DataFrame, **columns: Any) -> SourcedTable:
    """As :func:`pcn_analysis.segmentation.labels.of_model`, with whom the model is for."""
    return of_model(
        population, model, rows.assign(whom=pd.Series(whom.in_words(model), index=rows.index, dtype="str")), **columns
    )
