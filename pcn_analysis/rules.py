"""Rules as data: what a register, a segment or a cohort asks of the person table, and its one evaluation.

A rule is a tree of criteria. Each names columns of the person table, never records, so that a clinician can
read the rule as it stands and a test can put it to a person in one line. There are few kinds of criterion;
anything cleverer is a column of the person table.

What cannot be assessed is said and never guessed. A criterion whose column the person table lacks can count
towards nothing: "any of" goes on without it, "all of" cannot be assessed at all, and :func:`coverage` names
it. For a single person a missing value counts as not met.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import add, or_
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis.dates import age_on, months_before

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pcn_analysis.engine import Lazy

NONE_ASSESSED = "None of those assessed"
"""What the remainder of a model is called where anything above it could not be assessed in full."""
ASSESSED, PARTLY, NOT_ASSESSED = "assessed", "partly assessed", "not assessed"


# -- criteria ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recorded:
    """A condition is recorded before the index date and not resolved since."""

    condition: str


@dataclass(frozen=True)
class RecordedWithin:
    """A current condition, an issue of a group of medicines or a measurement is of the months before the index date."""

    what: str
    months: int


@dataclass(frozen=True)
class RecordedSince:
    """A current condition has a record on or after a fixed date."""

    condition: str
    date: dt.date


@dataclass(frozen=True)
class FirstRecordedSince:
    """A condition was first recorded on or after a fixed date."""

    condition: str
    date: dt.date


@dataclass(frozen=True)
class FirstRecordedWithin:
    """A condition was first recorded in the months before the index date."""

    condition: str
    months: int


@dataclass(frozen=True)
class FirstRecordedFromAge:
    """A condition was first recorded at so many completed years of age or more."""

    condition: str
    years: int


@dataclass(frozen=True)
class RecordedFromAge:
    """The latest record of a condition or measurement was made at so many completed years of age or more."""

    what: str
    years: int


@dataclass(frozen=True)
class LaterThan:
    """One date is later than another; a date that is missing is later than none, and none is later than it."""

    column: str
    other: str


@dataclass(frozen=True)
class AtLeast:
    """A number is so large or larger."""

    column: str
    value: float


@dataclass(frozen=True)
class OneOf:
    """A word is one of several."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Holds:
    """A flag of the person table is true."""

    column: str


@dataclass(frozen=True)
class NotAvailable:
    """Something that a published rule asks of a source which no table of ours holds; never assessed."""

    what: str


@dataclass(frozen=True)
class Several:
    """At least so many of some criteria are met; see :func:`any_of` and :func:`all_of`."""

    criteria: tuple[Criterion, ...]
    at_least: int


@dataclass(frozen=True)
class Not:
    """A criterion is not met."""

    criterion: Criterion


Leaf = (
    Recorded | RecordedWithin | RecordedSince | FirstRecordedSince | FirstRecordedWithin | FirstRecordedFromAge
    | RecordedFromAge | LaterThan | AtLeast | OneOf | Holds | NotAvailable
)  # fmt: skip
Criterion = Leaf | Several | Not


def any_of(*criteria: Criterion) -> Several:
    """At least one of some criteria."""
    return Several(criteria, 1)


def all_of(*criteria: Criterion) -> Several:
    """Every one of some criteria."""
    return Several(criteria, len(criteria))


# -- models ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Element:
    """One reason to be somewhere: a named criterion with its source.

    Parameters
    ----------
    name
        What it is called to a clinician; no two elements of a model share a name.
    when
        What must be met.
    source
        Publication or file that says so.
    note
        Where our criterion departs from the published words, and why; else empty.
    """

    name: str
    when: Criterion
    source: str
    note: str = ""


@dataclass(frozen=True)
class Segment:
    """One segment of a model.

    Parameters
    ----------
    name
        Its name.
    priority
        Lower numbers go first.
    elements
        The reasons for being in it.
    rule
        The published rule in words.
    when
        What must be met; by default any one of the elements.
    """

    name: str
    priority: int
    elements: tuple[Element, ...]
    rule: str
    when: Criterion | None = None

    def criterion(self) -> Criterion:
        """What puts a person in this segment."""
        return self.when or any_of(*(element.when for element in self.elements))


@dataclass(frozen=True)
class Model:
    """Segments in order of priority; each person is in the first whose criterion is met, else in the remainder.

    Parameters
    ----------
    name, title
        Short and full name.
    segments
        The segments; their declared priority decides, not their order here.
    remainder
        Published name of those in none, used only where every element above could be assessed.
    source
        Publication.
    """

    name: str
    title: str
    segments: tuple[Segment, ...]
    remainder: str
    source: str

    def ordered(self) -> list[Segment]:
        """The segments, first priority first."""
        return sorted(self.segments, key=lambda segment: segment.priority)

    def elements(self) -> list[tuple[Segment, Element]]:
        """Every element with its segment, in order."""
        return [(segment, element) for segment in self.ordered() for element in segment.elements]

    def remainder_name(self, columns: Collection[str]) -> str:
        """What those in no segment are called, given the columns of a person table."""
        whole = not any(_missing(segment.criterion(), columns) for segment in self.segments)
        return self.remainder if whole else NONE_ASSESSED

    def names(self, columns: Collection[str]) -> list[str]:
        """Names of the segments in order, the remainder last."""
        return [*(segment.name for segment in self.ordered()), self.remainder_name(columns)]


# -- evaluation --------------------------------------------------------------------------------------------


def flags(people: Lazy, rules: Mapping[str, Criterion], *, on: dt.date) -> Lazy:
    """Add a column to the person table for each rule: whether each person meets it.

    Parameters
    ----------
    people
        The person table, lazy.
    rules
        Criteria by the name of the column that each fills; one that cannot be assessed fills none.
    on
        The index date.
    """
    columns = people.collect_schema().names()
    found = {name: _met(rule, columns, on) for name, rule in rules.items()}
    assessed = {name: met for name, met in found.items() if met is not None}
    return people.with_columns(**assessed) if assessed else people


def label(people: Lazy, model: Model, *, on: dt.date) -> Lazy:
    """Put each person in one segment: person_id and segment, a row for each row of the person table."""
    columns = people.collect_schema().names()
    segment: Any = nw.lit(model.remainder_name(columns))
    for one in reversed(model.ordered()):
        met = _met(one.criterion(), columns, on)
        segment = segment if met is None else nw.when(met).then(nw.lit(one.name)).otherwise(segment)
    return people.select("person_id", segment=segment)


def reasons(people: Lazy, elements: Collection[Element], *, on: dt.date) -> Lazy:
    """List the elements that each person meets.

    Returns
    -------
    LazyFrame
        One row a person and element met, as ``tables.REASONS`` says: person_id, element, date (the latest
        record behind it; null for a count or a state), source.
    """
    columns = people.collect_schema().names()
    found = [(element, _met(element.when, columns, on)) for element in elements]
    parts = [
        people.filter(met).select(
            "person_id",
            element=nw.lit(element.name),
            date=_latest(element.when, columns, on),
            source=nw.lit(element.source),
        )
        for element, met in found
        if met is not None
    ]
    return nw.concat(parts) if parts else _no_reasons(people)


def coverage(elements: Collection[Element], columns: Collection[str]) -> pd.DataFrame:
    """Say which elements a person table can assess.

    Parameters
    ----------
    elements
        Elements of a model.
    columns
        Columns of the person table.

    Returns
    -------
    DataFrame
        element, status (assessed, partly assessed, not assessed), missing (the columns or sources that are
        not there, in words; empty where there are none).

    Examples
    --------
    >>> homeless = Element("Homeless", any_of(Recorded("homelessness"), NotAvailable("housing records")), "example")
    >>> coverage([homeless], ["has_homelessness", "homelessness_date"])["status"].to_list()
    ['partly assessed']
    """
    rows = []
    for element in elements:
        missing = _missing(element.when, columns)
        possible = _met(element.when, columns, dt.date(2000, 1, 1)) is not None
        status = ASSESSED if not missing else PARTLY if possible else NOT_ASSESSED
        rows.append((element.name, status, ", ".join(missing)))
    return pd.DataFrame(rows, columns=["element", "status", "missing"])


def needed_columns(criterion: Criterion) -> tuple[str, ...]:  # noqa: PLR0911  (one for each kind)
    """Columns of the person table that a single criterion reads.

    Examples
    --------
    >>> needed_columns(RecordedWithin("cancer", 24))
    ('cancer_date',)
    """
    match criterion:
        case Recorded(condition):
            return (f"has_{condition}",)
        case RecordedWithin(what) | RecordedSince(what):
            return (f"{what}_date",)
        case FirstRecordedSince(what) | FirstRecordedWithin(what):
            return (f"{what}_first_date",)
        case FirstRecordedFromAge(what):
            return (f"{what}_first_date", "birth_date")
        case RecordedFromAge(what):
            return (f"{what}_date", "birth_date")
        case LaterThan(column, other):
            return (column, other)
        case AtLeast(column) | OneOf(column) | Holds(column):
            return (column,)
        case NotAvailable(what):
            return (what,)
        case Not(inner):
            return needed_columns(inner)
        case Several(criteria):
            return tuple(dict.fromkeys(name for one in criteria for name in needed_columns(one)))
    message = f"no criterion: {type(criterion).__name__}"
    raise TypeError(message)


def _missing(criterion: Criterion, columns: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in needed_columns(criterion) if name not in columns)


def _met(criterion: Criterion, columns: Collection[str], on: dt.date) -> Any | None:
    """An expression that is true or false for each person; None where it cannot be assessed."""
    match criterion:
        case Several(criteria, at_least):
            found = [met for met in (_met(one, columns, on) for one in criteria) if met is not None]
            if len(found) < at_least:
                return None
            if at_least == 1:
                return reduce(or_, found)
            return reduce(add, [_as_number(met) for met in found]) >= at_least
        case Not(inner):
            met = _met(inner, columns, on)
            return None if met is None else ~met
        case _:
            return None if _missing(criterion, columns) else _sure(_leaf(criterion, on))


def _leaf(criterion: Any, on: dt.date) -> Any:  # noqa: PLR0911  (one for each kind)
    match criterion:
        case Recorded(condition):
            return nw.col(f"has_{condition}")
        case RecordedWithin(what, months):
            return nw.col(f"{what}_date") >= months_before(on, months)
        case RecordedSince(what, date):
            return nw.col(f"{what}_date") >= date
        case FirstRecordedSince(what, date):
            return nw.col(f"{what}_first_date") >= date
        case FirstRecordedWithin(what, months):
            return nw.col(f"{what}_first_date") >= months_before(on, months)
        case FirstRecordedFromAge(what, years):
            return age_on(nw.col("birth_date"), nw.col(f"{what}_first_date")) >= years
        case RecordedFromAge(what, years):
            return age_on(nw.col("birth_date"), nw.col(f"{what}_date")) >= years
        case LaterThan(column, other):
            return nw.col(column) > nw.col(other)
        case AtLeast(column, value):
            return nw.col(column) >= value
        case OneOf(column, values):
            return nw.col(column).is_in(values)
        case Holds(column):
            return nw.col(column)


def _sure(condition: Any) -> Any:
    """True or false, never missing: what is not known is not met."""
    return nw.when(condition).then(nw.lit(True)).otherwise(nw.lit(False))


def _as_number(condition: Any) -> Any:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def _latest(criterion: Criterion, columns: Collection[str], on: dt.date) -> Any:
    """Date of the latest record behind a criterion that is met; null where no record is."""
    dates = [
        nw.when(_sure(_leaf(leaf, on))).then(nw.col(name)).otherwise(None)
        for leaf in _leaves(criterion)
        if not _missing(leaf, columns) and (name := _date_column(leaf)) in columns
    ]
    if not dates:
        return nw.lit(None).cast(nw.Date)
    return (dates[0] if len(dates) == 1 else nw.max_horizontal(*dates)).cast(nw.Date)


def _date_column(leaf: Any) -> str:
    match leaf:
        case Recorded(what) | RecordedWithin(what) | RecordedSince(what) | RecordedFromAge(what):
            return f"{what}_date"
        case LaterThan(column):
            return column
        case FirstRecordedSince(what) | FirstRecordedWithin(what) | FirstRecordedFromAge(what):
            return f"{what}_first_date"
        case AtLeast(column):
            return f"{column}_date"
        case _:
            return ""


def _leaves(criterion: Criterion) -> list[Any]:
    """The single criteria of a rule that can give it a date; what must not be met has none."""
    match criterion:
        case Several(criteria):
            return [leaf for one in criteria for leaf in _leaves(one)]
        case Not():
            return []
        case _:
            return [criterion]


def _no_reasons(people: Lazy) -> Lazy:
    text = nw.lit("").cast(nw.String)
    return people.head(0).select("person_id", element=text, date=nw.lit(None).cast(nw.Date), source=text)
