"""Combinations of medicines, or of a medicine and a condition, that are linked to harm: the nine of IIF SMR-01A.

They choose whom to ask first to a structured medication review. Each combination is a row of
codelists/hazardous_combinations.csv, which says of its window whether it is published or ours; the groups of medicines
are BNF prefixes in hazardous_medicine_groups.csv. What a row asks becomes a criterion, so that it is evaluated, and
what is missing is told, as for any other rule.

References
----------
NHS England, Investment and Impact Fund 2022/23, SMR-01A, as described by Ardens (support article 31000166947).
"""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import codelists, rules
from pcn_analysis.engine import on_frames
from pcn_analysis.person.medicine_lists import issues_on_lists
from pcn_analysis.person.medicines import has_bnf_codes
from pcn_analysis.person.wide import set_wide
from pcn_analysis.rules import (
    ASSESSED,
    AtLeast,
    Below,
    Criterion,
    Element,
    EverRecorded,
    Not,
    Recorded,
    RecordedSince,
    all_of,
    any_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pcn_analysis.engine import Lazy

COMBINATIONS: dict[str, str] = codelists.names("hazardous_combinations", "combination")
"""Names of the nine combinations."""
MEDICINES: dict[str, str] = codelists.names("hazardous_medicine_groups", "group")
"""Names of the groups of medicines that they are made of."""
LONGEST = max(int(row["days"]) for row in codelists.rows("hazardous_combinations"))
"""Days of the longest window."""
NUMBER, ANY, ASSESSED_NUMBER = (
    "n_hazardous_combinations",
    "hazardous_combination",
    "n_hazardous_combinations_assessed",
)


def combinations(on: dt.date) -> tuple[Element, ...]:
    """What each combination asks of a person table that has the medicine columns, as at an index date.

    A medicine is current if it was issued in the days before the index date that the row names. What must be absent
    is not. A condition is one that is recorded and not resolved. A history of peptic ulcer counts resolved since or
    not. An eGFR is the latest.

    Examples
    --------
    >>> [one.name for one in combinations(dt.date(2026, 7, 1))][:2]
    ['Oral NSAID without gastroprotection, aged 65 or over', 'Oral NSAID after a peptic ulcer']
    """
    return tuple(
        Element(row["name"], _criterion(row, on), row["source"], row["note"])
        for row in codelists.rows("hazardous_combinations")
    )


@on_frames
def hazardous_combinations(medications: Lazy, people: Lazy, *, on: dt.date) -> Lazy:
    """List the combinations that each person has.

    Parameters
    ----------
    medications
        ``tables.MEDICATIONS``. Issues from the index date on, and those without a BNF code, are not read.
    people
        The person table, or what of it the combinations ask for: person_id, age, has_peptic_ulcer, has_heart_failure,
        has_asthma with their dates, egfr with its date. A combination whose columns are absent is left out
        (:func:`unassessable`); a missing value meets nothing.
    on
        The index date.

    Returns
    -------
    LazyFrame
        One row a person and combination, as ``tables.REASONS``: person_id, element (its name), date (the latest of
        the issues and records behind it), source.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1", "p2"], "age": [65, 64]})
    >>> naproxen = pd.DataFrame({
    ...     "person_id": ["p1", "p2"], "drug_exposure_start_date": pd.Timestamp("2026-06-01"), "bnf_code": "1001010P0"})
    >>> hazardous_combinations(naproxen, people, on=dt.date(2026, 7, 1))["person_id"].to_list()
    ['p1']
    """
    return rules.reasons(_with_medicines(medications, people, on), combinations(on), on=on)


@on_frames
def hazardous_counts(medications: Lazy, people: Lazy, *, on: dt.date) -> Lazy:
    """Count the combinations of each person.

    Parameters
    ----------
    medications, people, on
        As in :func:`hazardous_combinations`.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id; n_hazardous_combinations; hazardous_combination (whether there is
        any); n_hazardous_combinations_assessed (how many of the nine the columns could show in full). The first two
        are null for everyone where none could be assessed at all; otherwise the least that it can be.
    """
    table = _with_medicines(medications, people, on)
    asked = {f"_combination_{number}": element.when for number, element in enumerate(combinations(on))}
    flagged = rules.flags(table, asked, on=on)
    met = [name for name in flagged.collect_schema().names() if name in asked]
    ones: list[Any] = [nw.when(nw.col(name)).then(nw.lit(1)).otherwise(nw.lit(0)) for name in met]
    number = reduce(add, ones).cast(nw.Int64) if ones else nw.lit(None).cast(nw.Int64)
    full = sum(status == ASSESSED for status in _statuses(table.collect_schema().names()).values())
    counted = flagged.select("person_id", **{NUMBER: number})
    return counted.with_columns(**{ANY: nw.col(NUMBER) > 0, ASSESSED_NUMBER: nw.lit(full).cast(nw.Int64)})


def unassessable(people: Collection[str], *, has_medicines: bool) -> dict[str, tuple[str, ...]]:
    """Say which combinations could not be shown in full, and what is missing.

    Parameters
    ----------
    people
        Columns of the person table.
    has_medicines
        Whether medicines are held with BNF codes.

    Returns
    -------
    dict
        By the name of a combination what is missing: columns of the person table, or groups of medicines.

    Examples
    --------
    >>> from pcn_analysis.tables import PERSON_TABLE
    >>> unassessable(set(PERSON_TABLE.column_names()) - {"egfr"}, has_medicines=True)
    {'Oral NSAID with an eGFR below 45': ('egfr',)}
    """
    columns = {*people, *(_columns() if has_medicines else ())}
    covered = rules.coverage(combinations(dt.date.max), columns)
    lacking = covered[covered["status"] != ASSESSED]
    return {row.element: tuple(row.missing.split("; ")) for row in lacking.itertuples()}


def _criterion(row: Mapping[str, str], on: dt.date) -> Criterion:
    """Everything that a row asks."""
    since = on - dt.timedelta(days=int(row["days"]))
    asked: list[Criterion] = [RecordedSince(group, since) for group in row["medicines"].split(";")]
    asked += [Not(RecordedSince(group, since)) for group in row["without"].split(";") if group]
    if row["age_from"]:
        asked.append(AtLeast("age", int(row["age_from"])))
    if row["egfr_below"]:
        asked.append(Below("egfr", int(row["egfr_below"])))
    if condition := row["condition"]:
        now, ever = Recorded(condition), EverRecorded(condition)
        asked.append(any_of(now, ever) if row["history"] == "TRUE" else now)
    return all_of(*asked)


def _columns() -> list[str]:
    """Columns of the latest issue of each group."""
    return [f"{group}_date" for group in MEDICINES]


def _statuses(columns: Collection[str]) -> dict[str, str]:
    covered = rules.coverage(combinations(dt.date.max), columns)
    return dict(zip(covered["element"], covered["status"], strict=True))


def _with_medicines(medications: Lazy, people: Lazy, on: dt.date) -> Lazy:
    """People with the date of the latest issue of each group in the longest window; without BNF codes no columns."""
    if not has_bnf_codes(medications, on=on):
        return people
    date = nw.col("drug_exposure_start_date").cast(nw.Date)
    issues = medications.select("person_id", "bnf_code", date=date).filter(
        nw.col("date") >= on - dt.timedelta(days=LONGEST), nw.col("date") < on
    )
    matched = issues_on_lists(issues, codelists.rows("hazardous_medicine_groups"), name="group")
    latest = matched.group_by("person_id", "group").agg(nw.col("date").max())
    wide = set_wide(latest, "group", {f"{group}_date": (group, "date") for group in MEDICINES})
    return people.join(wide, on="person_id", how="left")
