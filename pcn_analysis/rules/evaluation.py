"""The one evaluation of rules: flags, labels and reasons on the person table, and what could not be assessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from functools import reduce
from operator import add, or_
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis.dates import age_on, months_before
from pcn_analysis.rules.criteria import (
    AtLeast,
    Below,
    Criterion,
    EverRecorded,
    FirstRecordedFromAge,
    FirstRecordedWithin,
    Holds,
    InHospitalWithin,
    LaterThan,
    Leaf,
    MoreThan,
    Not,
    OneOf,
    Recorded,
    RecordedFromAge,
    RecordedSince,
    RecordedWithin,
    Several,
    needed_columns,
)
from pcn_analysis.words import NOT_ASSESSED

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy
    from pcn_analysis.rules.models import Element

ASSESSED, PARTLY = "assessed", "partly assessed"
COMPLETE: Mapping[str, Collection[str]] = MappingProxyType({})
"""Nothing is missing behind any column that is there."""


def flags(people: Lazy, rules: Mapping[str, Criterion], *, on: dt.date, without: Collection[str] = ()) -> Lazy:
    """Add a column to the person table for each rule: whether each person meets it.

    Parameters
    ----------
    people
        The person table, lazy.
    rules
        Criteria by the name of the column that each fills; one that cannot be assessed fills none.
    on
        The index date.
    without
        Columns that are there and say nothing, to be read as if they were absent.
    """
    columns = [name for name in people.collect_schema().names() if name not in without]
    found = {name: _met(rule, columns, on) for name, rule in rules.items()}
    assessed = {name: met for name, met in found.items() if met is not None}
    return people.with_columns(**assessed) if assessed else people


def reasons(people: Lazy, elements: Collection[Element], *, on: dt.date) -> Lazy:
    """List the elements that each person meets.

    Returns
    -------
    LazyFrame
        One row a person and element met, as ``tables.REASONS`` says: person_id, element, date (the latest
        record behind those of its criteria that are met; null for a count or a state), source.
    """
    columns = people.collect_schema().names()
    found = {f"_met_{number}": (element, _met(element.when, columns, on)) for number, element in enumerate(elements)}
    asked = {name: (element, met) for name, (element, met) in found.items() if met is not None}
    dates = {f"{name}_date": _reason_date(element.when, columns, on) for name, (element, _) in asked.items()}
    once = people.select("person_id", **{name: met for name, (_, met) in asked.items()}, **dates)
    parts = [
        once.filter(nw.col(name)).select(
            "person_id",
            element=nw.lit(element.name),
            date=nw.col(f"{name}_date"),
            source=nw.lit(element.source),
        )
        for name, (element, _) in asked.items()
    ]
    return nw.concat(parts) if parts else _no_reasons(people)


def coverage(
    elements: Collection[Element], columns: Collection[str], incomplete: Mapping[str, Collection[str]] = COMPLETE
) -> pd.DataFrame:
    """Say which elements a person table can assess.

    Parameters
    ----------
    elements
        Elements of a model.
    columns
        Columns of the person table.
    incomplete
        Of columns that could not be filled in full, what is missing behind each, in words.

    Returns
    -------
    DataFrame
        element, status (assessed, partly assessed, not assessed), missing (the columns or sources that are not
        there, and what is missing behind incomplete columns, with semicolons between; empty where nothing is).

    Examples
    --------
    >>> from pcn_analysis.rules import Element, NotAvailable, any_of
    >>> homeless = Element("Homeless", any_of(Recorded("homelessness"), NotAvailable("housing records")), "example")
    >>> coverage([homeless], ["has_homelessness", "homelessness_date"])["status"].to_list()
    ['partly assessed']
    >>> frail = Element("Frail", OneOf("efi_category", ("severe",)), "example")
    >>> coverage([frail], ["efi_category"], {"efi_category": ["Falls"]}).iloc[0].to_list()
    ['Frail', 'partly assessed', 'Falls']
    """
    found = [(element.name, *assessment(element.when, columns, incomplete)) for element in elements]
    rows = [(name, status, "; ".join(missing)) for name, status, missing in found]
    return pd.DataFrame(rows, columns=["element", "status", "missing"])


def assessment(
    criterion: Criterion, columns: Collection[str], incomplete: Mapping[str, Collection[str]] = COMPLETE
) -> tuple[str, tuple[str, ...]]:
    """Say whether a person table can assess a criterion, and what is missing; see :func:`coverage`.

    Examples
    --------
    >>> from pcn_analysis.rules import all_of
    >>> assessment(all_of(Recorded("asthma"), Recorded("copd")), ["has_asthma"])
    ('not assessed', ('has_copd',))
    """
    absent = _absent(criterion, columns)
    behind = {name: incomplete.get(name) or ([name] if name in absent else []) for name in needed_columns(criterion)}
    missing = tuple(dict.fromkeys(what for words in behind.values() for what in words))
    possible = not absent or _possible(criterion, columns)
    return (ASSESSED if not missing else PARTLY) if possible else NOT_ASSESSED, missing


def _absent(criterion: Criterion, columns: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in needed_columns(criterion) if name not in columns)


def _possible(criterion: Criterion, columns: Collection[str]) -> bool:
    """Whether a criterion can be assessed at all by some columns; nothing is asked of anybody."""
    return joined(criterion, lambda leaf: None if _absent(leaf, columns) else nw.lit(True)) is not None


def _met(criterion: Criterion, columns: Collection[str], on: dt.date) -> Any | None:
    """An expression that is true or false for each person; None where it cannot be assessed."""
    return joined(criterion, lambda leaf: leaf_met(leaf, columns, on))


def joined(criterion: Criterion, of_leaf: Callable[[Leaf], Any | None]) -> Any | None:
    """Join what is known of each single thing that a criterion asks; None where it cannot be assessed."""
    match criterion:
        case Several(criteria, at_least):
            found = [met for met in (joined(one, of_leaf) for one in criteria) if met is not None]
            if len(found) < at_least:
                return None
            if at_least == 1:
                return reduce(or_, found)
            return reduce(add, [_as_number(met) for met in found]) >= at_least
        case Not(inner):
            met = joined(inner, of_leaf)
            return None if met is None else ~met
    return of_leaf(criterion)


def leaf_met(leaf: Leaf, columns: Collection[str], on: dt.date) -> Any | None:
    """Whether one thing that is asked is met; None where its columns are not there."""
    return None if _absent(leaf, columns) else _sure(_leaf(leaf, on))


def _leaf(criterion: Any, on: dt.date) -> Any:  # noqa: PLR0911, PLR0912  (one for each kind)
    match criterion:
        case Recorded(condition):
            return nw.col(f"has_{condition}")
        case RecordedWithin(what, months):
            return nw.col(f"{what}_date") >= months_before(on, months)
        case RecordedSince(what, date):
            return nw.col(f"{what}_date") >= date
        case FirstRecordedWithin(what, months):
            return nw.col(f"{what}_first_date") >= months_before(on, months)
        case FirstRecordedFromAge(what, years):
            return age_on(nw.col("birth_date"), nw.col(f"{what}_first_date")) >= years
        case RecordedFromAge(what, years):
            return age_on(nw.col("birth_date"), nw.col(f"{what}_date")) >= years
        case LaterThan(column, other):
            return nw.col(column) > nw.col(other)
        case EverRecorded(condition):
            return ~nw.col(f"{condition}_ever_date").is_null()
        case InHospitalWithin(condition, months):
            return nw.col(f"{condition}_hospital_date") >= months_before(on, months)
        case AtLeast(column, value):
            return nw.col(column) >= value
        case MoreThan(column, value):
            return nw.col(column) > value
        case Below(column, value):
            return nw.col(column) < value
        case OneOf(column, values):
            return nw.col(column).is_in(values)
        case Holds(column):
            return nw.col(column)


def _sure(condition: Any) -> Any:
    """True or false, never missing: what is not known is not met."""
    return nw.when(condition).then(nw.lit(True)).otherwise(nw.lit(False))


def _as_number(condition: Any) -> Any:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def _reason_date(criterion: Criterion, columns: Collection[str], on: dt.date) -> Any:
    latest = _latest(criterion, columns, on)
    return (nw.lit(None) if latest is None else latest).cast(nw.Date)


def _latest(criterion: Criterion, columns: Collection[str], on: dt.date) -> Any | None:
    """Date of the latest record behind a criterion, null where it is not met; None where no record can be behind it.

    What must not be met has no date, nor has a criterion within one that is not met.
    """
    met = _met(criterion, columns, on)
    match criterion:
        case _ if met is None:
            return None
        case Not():
            return None
        case Several(criteria):
            dates = [date for date in (_latest(one, columns, on) for one in criteria) if date is not None]
            latest = nw.max_horizontal(*dates) if dates else None
        case _:
            name = _date_column(criterion)
            latest = nw.col(name) if name in columns else None
    return None if latest is None else nw.when(met).then(latest).otherwise(None)


def _date_column(leaf: Any) -> str:
    match leaf:
        case Recorded(what) | RecordedWithin(what) | RecordedSince(what) | RecordedFromAge(what):
            return f"{what}_date"
        case LaterThan(column):
            return column
        case FirstRecordedWithin(what) | FirstRecordedFromAge(what):
            return f"{what}_first_date"
        case EverRecorded(what):
            return f"{what}_ever_date"
        case InHospitalWithin(what):
            return f"{what}_hospital_date"
        case AtLeast(column) | MoreThan(column) | Below(column):
            return f"{column}_date"
        case _:
            return ""


def _no_reasons(people: Lazy) -> Lazy:
    text = nw.lit("").cast(nw.String)
    return people.head(0).select("person_id", element=text, date=nw.lit(None).cast(nw.Date), source=text)
