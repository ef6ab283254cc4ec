"""Rules as data: what a register, a segment or a cohort asks of the person table, and its one evaluation.

A rule is a tree of criteria. Each names columns of the person table, never records, so that a clinician can
read the rule as it stands and a test can put it to a person in one line. There are few kinds of criterion;
anything cleverer is a column of the person table.

What cannot be assessed is said and never guessed. A criterion whose column the person table lacks can count
towards nothing: "any of" goes on without it, "all of" cannot be assessed at all, and :func:`coverage` names
it. For a single person a missing value counts as not met.

A column can be there and yet be incomplete: a frailty index of which some deficits have no codelist is too low. Who
knows that says so by ``incomplete``: what is missing behind each such column, in words. It changes nobody's segment;
it makes what reads the column partly assessed.
"""

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
    all_of,
    any_of,
    denied_columns,
    needed_columns,
)
from pcn_analysis.rules.evaluation import (
    ASSESSED,
    COMPLETE,
    PARTLY,
    assessment,
    coverage,
    flags,
    reasons,
)
from pcn_analysis.rules.labels import label, label_all
from pcn_analysis.rules.models import (
    NONE_ASSESSED,
    Element,
    Model,
    Segment,
)
from pcn_analysis.words import NOT_ASSESSED

__all__ = [
    "ASSESSED",
    "COMPLETE",
    "NONE_ASSESSED",
    "NOT_ASSESSED",
    "PARTLY",
    "AtLeast",
    "Below",
    "Criterion",
    "Element",
    "EverRecorded",
    "FirstRecordedFromAge",
    "FirstRecordedWithin",
    "Holds",
    "InHospitalWithin",
    "LaterThan",
    "Model",
    "MoreThan",
    "Not",
    "NotAvailable",
    "OneOf",
    "Recorded",
    "RecordedFromAge",
    "RecordedSince",
    "RecordedWithin",
    "Segment",
    "Several",
    "all_of",
    "any_of",
    "assessment",
    "coverage",
    "denied_columns",
    "flags",
    "label",
    "label_all",
    "needed_columns",
    "reasons",
]
