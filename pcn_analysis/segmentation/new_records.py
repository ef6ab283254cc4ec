"""New records of one person by which a single thing that is asked would be met: a condition, a number, a flag.

Where the source itself says the thing, it would have to say another.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from pcn_analysis import codelists, tables
from pcn_analysis.rules import (
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
    OneOf,
    Recorded,
    RecordedFromAge,
    RecordedSince,
    RecordedWithin,
    needed_columns,
)
from pcn_analysis.scores.frailty import DEFAULT_BANDS, DEFICITS
from pcn_analysis.segmentation.changes import (
    Change,
    Part,
    a_reading,
    a_record,
    contacts,
    issues,
    said,
)
from pcn_analysis.words import listed, number, within_sentence

if TYPE_CHECKING:
    from pcn_analysis.segmentation.known import Known

TRIES = 3
"""Changes of one kind that are tried."""
_FLAGS = ("care_home", "housebound", "carer")
_LOWEST = {
    row["band"]: int(row["lowest"]) for row in codelists.rows("frailty_bands") if row["variant"] == DEFAULT_BANDS
}
_KINDS = {column.name: column.kind for column in tables.PERSON_TABLE.columns}


def new_records(leaf: Criterion, known: Known) -> list[Change]:  # noqa: PLR0911  (one for each kind)
    """List changes to records by which a person might meet a single thing that they do not meet."""
    if by_source := _said_otherwise(leaf, known):
        return by_source
    match leaf:
        case Recorded(what) | EverRecorded(what):
            return dated(what, known)
        case RecordedWithin(what) | RecordedSince(what) | RecordedFromAge(what):
            return dated(what, known)
        case FirstRecordedWithin(what) | FirstRecordedFromAge(what):
            return dated(what, known)
        case InHospitalWithin(what):
            return [a_record(what, in_hospital=True)]
        case LaterThan(column):
            return dated(column.removesuffix("_date"), known)
        case AtLeast(column) | MoreThan(column) | Below(column):
            return _counted(leaf, column, known)
        case OneOf("efi_category", bands):
            have = known.row.get("efi_deficits") or 0
            return _more_deficits(min((_LOWEST[band] for band in bands if _LOWEST[band] > have), default=0), known)
        case Holds(column) if column in _FLAGS:
            return [said("persons", column, True)]
    return []


def _said_otherwise(leaf: Criterion, known: Known) -> list[Change]:
    """Another value of the column, where the source itself says it."""
    column = needed_columns(leaf)[0]
    if column not in known.by_source:
        return []
    match leaf:
        case AtLeast() | MoreThan() | Below():
            value: Any = least(leaf)
        case OneOf(_, values):
            value = min(values, key=tables.FRAILTY_BANDS.index) if column == "efi_category" else values[0]
        case Recorded() | Holds():
            value = True
        case _:
            value = known.on - dt.timedelta(days=1)
    return [said("attributes", column, value)]


def dated(what: str, known: Known, column: str = "") -> list[Change]:
    """A new record of a condition, of a group of medicines or of a measurement."""
    if column in known.by_source:
        return [said("attributes", column, known.on - dt.timedelta(days=1))]
    if what in tables.CONDITION_NAMES:
        return [a_record(what, again=bool(known.row.get(f"has_{what}")))]
    if what in tables.MEDICINE_GROUPS:
        return [issues(what)]
    return [a_reading(what, None)] if what in tables.LATEST_MEASUREMENTS else []


def _counted(leaf: Criterion, column: str, known: Known) -> list[Change]:
    wanted = least(leaf)
    if column in tables.LATEST_MEASUREMENTS:
        return [a_reading(column, wanted)]
    if isinstance(leaf, Below):
        return []
    have = known.row.get(column) or 0
    if column in tables.ACTIVITY:
        kind, months = tables.ACTIVITY[column]
        return [contacts(kind, int(wanted - have), months)]
    if column in ("efi_deficits", "efi_score"):
        return _more_deficits(math.ceil(wanted * (len(DEFICITS) if column == "efi_score" else 1)), known)
    group = column.removesuffix("_12m")
    return [issues(group, int(wanted - have))] if group in tables.MEDICINE_GROUPS else []


def least(leaf: Any) -> float:
    """The nearest number that a criterion is met by: whole where the column is, else of one decimal."""
    whole = _KINDS.get(leaf.column) == "integer"
    match leaf:
        case MoreThan(_, value):
            return math.floor(value) + 1 if whole else round(value + 0.1, 1)
        case Below(_, value):
            return math.ceil(value) - 1 if whole else round(value - 0.1, 1)
    return math.ceil(leaf.value) if whole else leaf.value


def _more_deficits(wanted: int, known: Known) -> list[Change]:
    """Deficits of the frailty index by a record of a condition, those first that the model does not ask for."""
    if known.deficits is None or not wanted:
        return []
    ways = [
        (DEFICITS[row["frailty_deficit"]], a_record(row["condition"]))
        for row in sorted(codelists.rows("conditions"), key=lambda row: row["condition"] in known.avoided)
        if row["frailty_deficit"] and f"has_{row['condition']}" in known.row
        if f"has_{row['condition']}" not in known.by_source
        if DEFICITS[row["frailty_deficit"]] not in known.deficits
    ]
    first = dict(reversed(ways))
    ways = [(name, first[name]) for name in dict(ways)]
    return examples(ways, wanted - len(known.deficits), "more deficit", "of the frailty index", known)


def examples(ways: list[tuple[str, Change]], lacking: int, noun: str, of: str, known: Known) -> list[Change]:
    """So many more of some things, told as a number with those that are tried; then the same with other examples."""
    if not 0 < lacking <= len(ways):
        return []
    ways = sorted(ways, key=lambda way: (way[1].records(), _asked_for(way[1], known)))
    chosen = [ways[start : start + lacking] for start in range(min(TRIES, len(ways) - lacking + 1))]
    return [
        Change(
            (
                Part(
                    f"{number(lacking, noun)} {of}, such as {listed([within_sentence(name) for name, _ in some])}",
                    reduce(or_, (change for _, change in some)).steps(),
                ),
            )
        )
        for some in chosen
    ]


def _asked_for(change: Change, known: Known) -> bool:
    return any(step.what.removeprefix("has_") in known.avoided for step in change.steps())
