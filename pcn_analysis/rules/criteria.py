"""The kinds of criterion: what a rule can ask of the person table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt


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
    """A current condition, or a group of medicines, has a record on or after a fixed date."""

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
class EverRecorded:
    """A condition was ever recorded before the index date, whether or not it was resolved since."""

    condition: str


@dataclass(frozen=True)
class InHospitalWithin:
    """A condition was recorded in hospital, at a visit or a stay, in the months before the index date."""

    condition: str
    months: int


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
class MoreThan:
    """A number is larger."""

    column: str
    value: float


@dataclass(frozen=True)
class Below:
    """A number is smaller; one that is missing is not."""

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
    Recorded | RecordedWithin | RecordedSince | FirstRecordedWithin | FirstRecordedFromAge
    | RecordedFromAge | EverRecorded | InHospitalWithin | LaterThan | AtLeast | MoreThan | Below | OneOf | Holds
    | NotAvailable
)  # fmt: skip
Criterion = Leaf | Several | Not


def any_of(*criteria: Criterion) -> Several:
    """At least one of some criteria."""
    return Several(criteria, 1)


def all_of(*criteria: Criterion) -> Several:
    """Every one of some criteria."""
    return Several(criteria, len(criteria))


def denied_columns(criterion: Criterion) -> tuple[str, ...]:
    """Columns of the person table that a criterion reads of what must not be met.

    Examples
    --------
    >>> denied_columns(all_of(Recorded("asthma"), Not(Recorded("copd"))))
    ('has_copd',)
    """
    match criterion:
        case Not(inner):
            return needed_columns(inner)
        case Several(criteria):
            return tuple(dict.fromkeys(name for one in criteria for name in denied_columns(one)))
    return ()


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
        case FirstRecordedWithin(what):
            return (f"{what}_first_date",)
        case FirstRecordedFromAge(what):
            return (f"{what}_first_date", "birth_date")
        case RecordedFromAge(what):
            return (f"{what}_date", "birth_date")
        case EverRecorded(condition):
            return (f"{condition}_ever_date",)
        case InHospitalWithin(condition):
            return (f"{condition}_hospital_date",)
        case LaterThan(column, other):
            return (column, other)
        case AtLeast(column) | MoreThan(column) | Below(column) | OneOf(column) | Holds(column):
            return (column,)
        case NotAvailable(what):
            return (what,)
        case Not(inner):
            return needed_columns(inner)
        case Several(criteria):
            return tuple(dict.fromkeys(name for one in criteria for name in needed_columns(one)))
    message = f"no criterion: {type(criterion).__name__}"
    raise TypeError(message)


def leaves(criterion: Criterion) -> list[Leaf]:
    """Every single thing that a criterion asks.

    Examples
    --------
    >>> leaves(any_of(Recorded("asthma"), Not(Recorded("copd"))))
    [Recorded(condition='asthma'), Recorded(condition='copd')]
    """
    match criterion:
        case Several(criteria):
            return [leaf for one in criteria for leaf in leaves(one)]
        case Not(inner):
            return leaves(inner)
    return [criterion]
