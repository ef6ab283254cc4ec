"""What might put one person in a segment: the fewest new records that its rule seems to ask for, element by element.

Nothing here is certain. A record can do more than a rule shows at a glance: a new condition can be a deficit of
frailty as well, and put the person higher still. :mod:`pcn_analysis.segmentation.moves` tries every candidate on the
records themselves and keeps what holds.

Nobody's age, sex, ethnicity or home is changed, nothing is taken away, and what no table holds is asked of nobody: what
needs any of these has no candidate. Nor has a number of medicines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from operator import or_

from pcn_analysis import tables
from pcn_analysis.rules import AtLeast, Criterion, Element, LaterThan, MoreThan, Not, Segment, Several, needed_columns
from pcn_analysis.rules.criteria import leaves
from pcn_analysis.scores.long_term_conditions import LONG_TERM_CONDITIONS
from pcn_analysis.segmentation.changes import Change, Part
from pcn_analysis.segmentation.known import Known, behind
from pcn_analysis.segmentation.new_records import TRIES, dated, examples, least, new_records
from pcn_analysis.words import listed

NOTHING = Change()


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
        for rest in _told(options(rule, _after(known, way, rule)), rule)
        if not _after(known, rest, rule).meets(rule)
    ]
    return _with_values(_smallest(found), known)


def _after(known: Known, change: Change, criterion: Criterion) -> Known:
    """What would be known once a change is made, of all that a criterion asks."""
    new: dict[Criterion, bool] = {
        leaf: True
        for leaf in leaves(criterion)
        if known.met.get(leaf) is False and any(change.holds(way) for way in options(leaf, known))
    }
    return replace(known, met={**known.met, **new}) if new else known


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
            return dated(other.removesuffix("_date"), known, other)
        case Not():
            return []
    return _smallest(_single(criterion, known)) if criterion in known.met else []


def _several(criteria: tuple[Criterion, ...], at_least: int, known: Known) -> list[Change]:
    """The smallest changes for as many parts as are lacking, and the same with one part done in another way."""
    unmet = [one for one in criteria if not known.meets(one)]
    lacking = at_least - (len(criteria) - len(unmet))
    ways = sorted(filter(None, (options(one, known) for one in unmet)), key=lambda way: way[0].records())
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
    """Several things that are done, told as a number of those that a rule counts; one thing as what it is."""
    if lacking == 1:
        return way.as_example()
    words = f"{lacking} more of {things} things that count, such as {listed([part.words for part in way.parts])}"
    return Change((Part(words, way.steps()),))


def _single(leaf: Criterion, known: Known) -> list[Change]:
    """Changes by which a single thing might be met: new records, or what the rules behind it ask for."""
    rules = behind(leaf)
    if not rules or needed_columns(leaf)[0] in known.by_source:
        return new_records(leaf, known)
    if isinstance(leaf, AtLeast | MoreThan):
        return _more_conditions(int(least(leaf) - (known.row.get(leaf.column) or 0)), known)
    return [change for rule in rules for change in options(rule, known)]


def _more_conditions(lacking: int, known: Known) -> list[Change]:
    """Long-term conditions of the list, those first that the model does not ask for."""
    unmet = [element for element in LONG_TERM_CONDITIONS if known.meets(element.when) is False]
    ways = [(element.name, found[0]) for element in unmet if (found := options(element.when, known))]
    return examples(ways, lacking, "more long-term condition", "of the list of 37", known)


def _smallest(found: list[Change]) -> list[Change]:
    return sorted(dict.fromkeys(found), key=Change.records)[:TRIES]
