"""A criterion as a sentence that a clinician can read and sign."""

from __future__ import annotations

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
from pcn_analysis.tables import ACTIVITY, CONDITION_NAMES, LATEST_MEASUREMENTS, MEDICINE_GROUPS, PERSON_TABLE
from pcn_analysis.words import within_sentence

_MEANINGS = {column.name: column.meaning.rstrip(".") for column in PERSON_TABLE.columns}
_CONTACTS = {
    "gp_contact": "contacts with the practice",
    "ed": "A&E attendances",
    "emergency_admission": "emergency admissions",
    "elective_admission": "elective admissions",
    "outpatient": "outpatient appointments attended",
}
_NAMES = {"age": "age"} | CONDITION_NAMES | MEDICINE_GROUPS
_NAMES |= {slug: name for slug, (name, _) in LATEST_MEASUREMENTS.items()}


def in_words(criterion: Criterion) -> str:  # noqa: PLR0911  (one for each kind)
    """Say what a criterion asks.

    Examples
    --------
    >>> from pcn_analysis.rules import any_of
    >>> in_words(any_of(RecordedWithin("cancer", 24), Not(AtLeast("age", 18))))
    'cancer other than non-melanoma skin cancer, in the 24 months before the index date; or not: age 18 or more'
    >>> in_words(AtLeast("n_ltc", 2)), in_words(AtLeast("bmi", 30))
    ("long-term conditions, of the Cambridge score's 37: 2 or more", 'body mass index 30 or more')
    >>> in_words(any_of(Recorded("asthma"), Recorded("gout"), EverRecorded("stroke")))
    'any of asthma, gout, recorded and not resolved; or stroke, ever recorded, resolved since or not'
    >>> in_words(Several((Recorded("asthma"), Recorded("gout"), EverRecorded("stroke")), 2))
    'at least 2 of 3: asthma, gout (recorded and not resolved); stroke (ever recorded, resolved since or not)'
    """
    if (asked := _of_records(criterion)) is not None:
        return ", ".join(asked)
    match criterion:
        case LaterThan(column, other):
            return f"{_dated(column)} later than {_dated(other)}"
        case AtLeast(column, value):
            return f"{_number(column)} {value} or more"
        case MoreThan(column, value):
            return f"{_number(column)} over {value}"
        case Below(column, value):
            return f"{_number(column)} below {value}"
        case OneOf(column, values):
            return f"{within_sentence(_MEANINGS.get(column, column))}: {' or '.join(values)}"
        case Holds(column):
            return within_sentence(_MEANINGS.get(column, column))
        case NotAvailable(what):
            return f"{what} (not held)"
        case Not(inner):
            return f"not: {in_words(inner)}"
        case Several(criteria, at_least):
            return _several(criteria, at_least)
    message = f"no criterion: {type(criterion).__name__}"
    raise TypeError(message)


def _of_records(criterion: Criterion) -> tuple[str, str] | None:  # noqa: PLR0911  (one for each kind)
    """Of what records are asked for, and what of them."""
    match criterion:
        case Recorded(what):
            return _name(what), "recorded and not resolved"
        case RecordedWithin(what, months):
            return _name(what), _within(months)
        case RecordedSince(what, date):
            return _name(what), f"on or after {date.day} {date:%B %Y}"
        case FirstRecordedWithin(what, months):
            return _name(what), f"first recorded {_within(months)}"
        case FirstRecordedFromAge(what, years):
            return _name(what), f"first recorded at {years} or older"
        case RecordedFromAge(what, years):
            return _name(what), f"last recorded at {years} or older"
        case EverRecorded(what):
            return _name(what), "ever recorded, resolved since or not"
        case InHospitalWithin(what, months):
            return _name(what), f"recorded at an admission or A&E attendance {_within(months)}"
    return None


def _several(criteria: tuple[Criterion, ...], at_least: int) -> str:
    """Criteria that ask the same of several conditions say it once."""
    alike: dict[str, list[str]] = {}
    others = []
    for one in criteria:
        if (asked := _of_records(one)) is None:
            others.append(in_words(one))
        else:
            alike.setdefault(asked[1], []).append(asked[0])
    whole = at_least == len(criteria)
    if at_least == 1 or whole:
        every = "all of" if whole else "any of"
        parts = [f"{every} {', '.join(of)}, {what}" if of[1:] else f"{of[0]}, {what}" for what, of in alike.items()]
        grouped = [f"({part})" if "; " in part else part for part in [*parts, *others]]
        return ("; and " if whole else "; or ").join(grouped)
    parts = [f"{', '.join(of)} ({what})" for what, of in alike.items()] + others
    return f"at least {at_least} of {len(criteria)}: {'; '.join(parts)}"


def _within(months: int) -> str:
    return f"in the {months} months before the index date"


def _name(what: str) -> str:
    return within_sentence(_NAMES.get(what, what))


def _number(column: str) -> str:
    """What a number is of: a name; or an explanation and a colon, as that can itself end in a number."""
    if column in ACTIVITY:
        contact, months = ACTIVITY[column]
        return f"{_CONTACTS[contact]} {_within(months)}:"
    if column in _NAMES or column not in _MEANINGS:
        return within_sentence(_NAMES.get(column, column))
    return f"{within_sentence(_MEANINGS[column]).replace(': ', ', ')}:"


def _dated(column: str) -> str:
    return _name(column.removesuffix("_date"))
