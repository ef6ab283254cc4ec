"""What might put one person in a segment: the fewest new records that its rule seems to ask for, element by element.

Nothing here is certain. A record can do more than a rule shows at a glance: a new condition can be a deficit of
frailty as well, and put the person higher still. :mod:`pcn_analysis.segmentation.moves` tries every candidate on the
records themselves and keeps what holds.

Nobody's age, sex, ethnicity or home is changed, nothing is taken away, and what no table holds is asked of nobody: what
needs any of these has no candidate. Nor has a number of medicines.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from pcn_analysis import codelists, tables
from pcn_analysis.person import registers
from pcn_analysis.rules import (
    AtLeast,
    Below,
    Criterion,
    Element,
    EverRecorded,
    FirstRecordedFromAge,
    FirstRecordedWithin,
    Holds,
    InHospitalWithin,
    LaterThan,
    MoreThan,
    Not,
    OneOf,
    Recorded,
    RecordedFromAge,
    RecordedSince,
    RecordedWithin,
    Segment,
    Several,
    needed_columns,
)
from pcn_analysis.rules.criteria import leaves
from pcn_analysis.scores.frailty import DEFAULT_BANDS, DEFICITS
from pcn_analysis.scores.long_term_conditions import LONG_TERM_CONDITIONS
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

TRIES = 3
"""Candidates of one element that are tried."""
NOTHING = Change()
_FLAGS = ("care_home", "housebound", "carer")
_LOWEST = {
    row["band"]: int(row["lowest"]) for row in codelists.rows("frailty_bands") if row["variant"] == DEFAULT_BANDS
}


@dataclass(frozen=True)
class Known:
    """What is known of one person, and of the records that are held of everyone.

    Parameters
    ----------
    row
        The person's values of the person table; None where missing. A column that is absent is not there.
    met
        Whether the person meets each single thing asked; what cannot be assessed is not there.
    deficits
        Names of the deficits of frailty that the person has; None where frailty is not counted from records.
    by_source
        Columns that the source itself fills.
    on
        The index date.
    avoided
        Conditions that the model asks for; others are taken first as examples of a number of conditions.
    """

    row: Mapping[str, Any]
    met: Mapping[Criterion, bool]
    deficits: frozenset[str] | None
    by_source: Collection[str]
    on: dt.date
    avoided: Collection[str] = ()

    def meets(self, criterion: Criterion) -> bool | None:
        """Whether the person meets a criterion; None where it cannot be assessed."""
        match criterion:
            case Several(criteria, at_least):
                found = [met for met in map(self.meets, criteria) if met is not None]
                return None if len(found) < at_least else sum(found) >= at_least
            case Not(inner):
                met = self.meets(inner)
                return None if met is None else not met
        return self.met.get(criterion)

    def after(self, change: Change, criterion: Criterion) -> Known:
        """What would be known once a change is made, of all that a criterion asks."""
        new: dict[Criterion, bool] = {
            leaf: True
            for leaf in leaves(criterion)
            if self.met.get(leaf) is False and any(change.holds(way) for way in options(leaf, self))
        }
        return replace(self, met={**self.met, **new}) if new else self


def asked(criterion: Criterion) -> Iterator[Criterion]:
    """Every single thing that a criterion asks, and that the columns it reads are counted from."""
    for leaf in leaves(criterion):
        yield leaf
        for behind in _behind(leaf):
            yield from asked(behind)


def candidates(segment: Segment, element: Element, known: Known) -> list[Change]:
    """List changes that might put a person in a segment by an element that is not met, the smallest first.

    Each makes the element be met, and whatever else the segment asks for; none would do without the element.
    """
    ways = _told(options(element.when, known), element.when)
    if segment.when is None:
        return _with_values(ways, known)
    rule = segment.criterion()
    found = [
        way | rest
        for way in ways
        for rest in _told(options(rule, known.after(way, rule)), rule)
        if not known.after(rest, rule).meets(rule)
    ]
    return _with_values(_smallest(found), known)


def _told(ways: list[Change], criterion: Criterion) -> list[Change]:
    """Ways to meet a criterion, as examples where it leaves a choice."""
    choice = len(ways) > 1 and any(
        isinstance(part, Several) and part.at_least == 1 < len(part.criteria) for part in _parts(criterion)
    )
    return [way.as_example() for way in ways] if choice else ways


def _parts(criterion: Criterion) -> Iterator[Criterion]:
    yield criterion
    if isinstance(criterion, Several):
        for one in criterion.criteria:
            yield from _parts(one)


def _with_values(found: list[Change], known: Known) -> list[Change]:
    """Changes whose readings "of any value" are of the value that the person had before; none where there was none."""
    read = {what: known.row.get(what) for what in tables.LATEST_MEASUREMENTS}
    settled = [change.with_readings(read) for change in found]
    return [change for change in settled if all(step.value is not None for step in change.steps() if step.reads())]


def options(criterion: Criterion, known: Known) -> list[Change]:
    """List changes after which a person might meet a criterion, the smallest first; one of nothing where it is met."""
    if known.meets(criterion):
        return [NOTHING]
    match criterion:
        case Several(criteria, at_least):
            return _several(criteria, at_least, known)
        case Not(LaterThan(_, other)):
            return _dated(other.removesuffix("_date"), known, other)
        case Not():
            return []
    return _smallest(_single(criterion, known)) if criterion in known.met else []


def _several(criteria: tuple[Criterion, ...], at_least: int, known: Known) -> list[Change]:
    """The smallest changes for as many parts as are lacking, and the same with one part done in another way."""
    unmet = [one for one in criteria if not known.meets(one)]
    lacking = at_least - (len(criteria) - len(unmet))
    ways = sorted((found for found in (options(one, known) for one in unmet) if found), key=lambda way: _size(way[0]))
    if len(ways) < lacking:
        return []
    chosen, others = ways[:lacking], ways[lacking:]
    firsts = [way[0] for way in chosen]
    found = [firsts, *([*firsts[:-1], way[0]] for way in others)]
    for place, way in enumerate(chosen):
        found += [[*firsts[:place], other, *firsts[place + 1 :]] for other in way[1:]]
    together = _smallest([reduce(or_, parts, NOTHING) for parts in found])
    return together if at_least in (1, len(criteria)) else [_of_many(way, lacking, len(criteria)) for way in together]


def _of_many(way: Change, lacking: int, things: int) -> Change:
    """Several things that are done, told as a number of those that a rule counts."""
    words = f"{lacking} more of {things} things that count, such as {listed([part.words for part in way.parts])}"
    return Change((Part(words, way.steps()),))


def _single(leaf: Criterion, known: Known) -> list[Change]:  # noqa: PLR0911  (one for each kind)
    if by_source := _said_otherwise(leaf, known):
        return by_source
    match leaf:
        case Recorded(what) | EverRecorded(what):
            return _dated(what, known)
        case RecordedWithin(what) | RecordedSince(what) | RecordedFromAge(what):
            return _dated(what, known)
        case FirstRecordedWithin(what) | FirstRecordedFromAge(what):
            return _dated(what, known)
        case InHospitalWithin(what):
            return [a_record(what, in_hospital=True)]
        case LaterThan(column):
            return _dated(column.removesuffix("_date"), known)
        case AtLeast(column) | MoreThan(column) | Below(column):
            return _counted(leaf, column, known)
        case OneOf("efi_category", bands):
            have = known.row.get("efi_deficits") or 0
            return _more_deficits(min((_LOWEST[band] for band in bands if _LOWEST[band] > have), default=0), known)
        case Holds(column) if column in _FLAGS:
            return [said("persons", column, True)]
        case Holds():
            return [change for rule in _behind(leaf) for change in options(rule, known)]
    return []


def _said_otherwise(leaf: Criterion, known: Known) -> list[Change]:
    """Another value of the column, where the source itself says it."""
    column = needed_columns(leaf)[0]
    if column not in known.by_source:
        return []
    match leaf:
        case AtLeast() | MoreThan() | Below():
            value: Any = _least(leaf)
        case OneOf(_, values):
            value = min(values, key=tables.FRAILTY_BANDS.index) if column == "efi_category" else values[0]
        case Recorded() | Holds():
            value = True
        case _:
            value = known.on - dt.timedelta(days=1)
    return [said("attributes", column, value)]


def _dated(what: str, known: Known, column: str = "") -> list[Change]:
    """A new record of a condition, of a group of medicines or of a measurement."""
    if column in known.by_source:
        return [said("attributes", column, known.on - dt.timedelta(days=1))]
    if what in tables.CONDITION_NAMES:
        return [a_record(what, again=bool(known.row.get(f"has_{what}")))]
    if what in tables.MEDICINE_GROUPS:
        return [issues(what)]
    return [a_reading(what, None)] if what in tables.LATEST_MEASUREMENTS else []


def _counted(leaf: Criterion, column: str, known: Known) -> list[Change]:
    wanted = _least(leaf)
    if column in tables.LATEST_MEASUREMENTS:
        return [a_reading(column, wanted)]
    if isinstance(leaf, Below):
        return []
    have = known.row.get(column) or 0
    if column in tables.ACTIVITY:
        kind, months = tables.ACTIVITY[column]
        return [contacts(kind, int(wanted - have), months)]
    if column == "n_ltc":
        return _more_conditions(int(wanted - have), known)
    if column in ("efi_deficits", "efi_score"):
        return _more_deficits(math.ceil(wanted * (len(DEFICITS) if column == "efi_score" else 1)), known)
    group = column.removesuffix("_12m")
    return [issues(group, int(wanted - have))] if group in tables.MEDICINE_GROUPS else []


def _least(leaf: Any) -> float:
    """The nearest number that a criterion is met by: whole where the column is, else of one decimal."""
    whole = _KINDS.get(leaf.column) == "integer"
    match leaf:
        case MoreThan(_, value):
            return math.floor(value) + 1 if whole else round(value + 0.1, 1)
        case Below(_, value):
            return math.ceil(value) - 1 if whole else round(value - 0.1, 1)
    return math.ceil(leaf.value) if whole else leaf.value


def _more_conditions(lacking: int, known: Known) -> list[Change]:
    """Long-term conditions of the list, those first that the model does not ask for."""
    unmet = [element for element in LONG_TERM_CONDITIONS if known.meets(element.when) is False]
    ways = [(element.name, found[0]) for element in unmet if (found := options(element.when, known))]
    return _examples(ways, lacking, "more long-term condition", "of the list of 37", known)


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
    return _examples(ways, wanted - len(known.deficits), "more deficit", "of the frailty index", known)


def _examples(ways: list[tuple[str, Change]], lacking: int, noun: str, of: str, known: Known) -> list[Change]:
    """So many more of some things, told as a number with those that are tried; then the same with other examples."""
    if not 0 < lacking <= len(ways):
        return []
    ways = sorted(ways, key=lambda way: (_size(way[1]), _asked_for(way[1], known)))
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


def _behind(leaf: Criterion) -> list[Criterion]:
    """The rules that a column is counted from."""
    match leaf:
        case AtLeast("n_ltc") | MoreThan("n_ltc"):
            return [element.when for element in LONG_TERM_CONDITIONS]
        case Holds(column) if column in registers.criteria():
            return [registers.criteria()[column]]
        case Holds(column) if column.startswith("has_"):
            return [Recorded(column.removeprefix("has_"))]
    return []


def _smallest(found: list[Change]) -> list[Change]:
    return sorted(dict.fromkeys(found), key=_size)[:TRIES]


def _size(change: Change) -> int:
    return change.records()


_KINDS = {column.name: column.kind for column in tables.PERSON_TABLE.columns}
