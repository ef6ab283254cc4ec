"""When meeting one criterion means meeting another: what a linter can know of rules without any patient.

The answer "yes" is certain; "no" means that it could not be shown.
"""

from __future__ import annotations

from pcn_analysis.rules.criteria import (
    AtLeast,
    Below,
    Criterion,
    EverRecorded,
    FirstRecordedFromAge,
    FirstRecordedWithin,
    InHospitalWithin,
    MoreThan,
    Not,
    NotAvailable,
    OneOf,
    Recorded,
    RecordedFromAge,
    RecordedSince,
    RecordedWithin,
    Several,
)


def implies(one: Criterion, other: Criterion) -> bool:
    """Whether everyone who meets one criterion is certain to meet another.

    Examples
    --------
    >>> from pcn_analysis.rules import any_of
    >>> implies(RecordedWithin("cancer", 12), Recorded("cancer"))
    True
    >>> implies(AtLeast("bmi", 30), MoreThan("bmi", 30))
    False
    >>> implies(Recorded("asthma"), any_of(Recorded("copd"), Recorded("asthma")))
    True
    """
    if not (_can_be_met(one) and _can_be_met(other)):
        return False
    if one == other:
        return True
    if isinstance(one, Several) and one.at_least < len(one.criteria):
        return _some_imply(one, other)
    if isinstance(other, Several):
        return _met_of(one, other) >= other.at_least
    if isinstance(one, Several):
        return any(implies(part, other) for part in one.criteria)
    if isinstance(one, Not) and isinstance(other, Not):
        return implies(other.criterion, one.criterion)
    return _leaf_implies(one, other)


def _can_be_met(criterion: Criterion) -> bool:
    """Whether it can be assessed where every column is there; what cannot be is met by nobody."""
    match criterion:
        case NotAvailable():
            return False
        case Not(inner):
            return _can_be_met(inner)
        case Several(criteria, at_least):
            return sum(map(_can_be_met, criteria)) >= at_least
    return True


def _some_imply(one: Several, other: Criterion) -> bool:
    """At least so many of some parts are met: whichever they are, the other has to follow."""
    parts = set(one.criteria)
    each_once = len(parts) == len(one.criteria)
    if isinstance(other, Several) and each_once and parts <= set(other.criteria) and one.at_least >= other.at_least:
        return True
    assessable = [part for part in one.criteria if _can_be_met(part)]
    silent = [part for part in assessable if not implies(part, other)]
    return len(assessable) >= one.at_least > len(silent)


def _met_of(one: Criterion, other: Several) -> int:
    """How many parts of another criterion are certain to be met by who meets the first, all of whose parts are."""
    parts = one.criteria if isinstance(one, Several) else (one,)
    return sum(any(implies(part, wanted) for part in parts) for wanted in other.criteria)


def _leaf_implies(one: Criterion, other: Criterion) -> bool:  # noqa: PLR0911  (one for each kind)
    match one, other:
        case _, EverRecorded(what):
            return what in (*_current(one), *_in_hospital(one))
        case _, Recorded(what):
            return what in _current(one)
        case ((RecordedWithin(what, months) | FirstRecordedWithin(what, months)), RecordedWithin(same, wider)):
            return what == same and months <= wider
        case InHospitalWithin(what, months), InHospitalWithin(same, wider):
            return what == same and months <= wider
        case FirstRecordedWithin(what, months), FirstRecordedWithin(same, wider):
            return what == same and months <= wider
        case RecordedSince(what, date), RecordedSince(same, earlier):
            return what == same and date >= earlier
        case (AtLeast(column, value), AtLeast(same, lower)) | (MoreThan(column, value), AtLeast(same, lower)):
            return column == same and value >= lower
        case MoreThan(column, value), MoreThan(same, lower):
            return column == same and value >= lower
        case AtLeast(column, value), MoreThan(same, lower):
            return column == same and value > lower
        case Below(column, value), Below(same, higher):
            return column == same and value <= higher
        case OneOf(column, values), OneOf(same, more):
            return column == same and set(values) <= set(more)
    return False


def _current(one: Criterion) -> tuple[str, ...]:
    """The condition of which a criterion asks a record that is not resolved."""
    match one:
        case (
            Recorded(what)
            | RecordedWithin(what)
            | RecordedSince(what)
            | RecordedFromAge(what)
            | FirstRecordedWithin(what)
            | FirstRecordedFromAge(what)
        ):
            return (what,)
    return ()


def _in_hospital(one: Criterion) -> tuple[str, ...]:
    return (one.condition,) if isinstance(one, InHospitalWithin) else ()
