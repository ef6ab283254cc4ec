"""What differs between two models, or two versions of one, as a reviewer would read it.

No patient is needed: the two are held against each other as data, segments and elements by their names. Who moves is
counted in :mod:`pcn_analysis.segmentation.comparison`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.rules.criteria import Criterion, Not, Several
from pcn_analysis.rules.in_words import in_words
from pcn_analysis.rules.segment_words import segment_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.rules.models import Element, Model, Segment

ADDED, REMOVED, MOVED = "added", "removed", "segment"
_OF_MODEL = ("title", "source", "variant", "remainder", "others")
_OF_ELEMENT = ("codelist", "source", "note", "words")
WORDING = ("title", "source", "variant", "assumptions", "rule in words", "codelist", "note", "words")
"""Kinds of difference that put nobody anywhere else."""
_JOIN = "; "


@dataclass(frozen=True)
class Difference:
    """One thing that differs.

    Parameters
    ----------
    segment, element
        Where it is: neither where it is of the whole model, no element where it is of the segment. An element that
        both have is said to be where the second has it.
    what
        ``added``, ``removed``, or what of it has changed.
    before, after
        As the first and the second have it; empty where it has none.
    """

    segment: str
    element: str
    what: str
    before: str
    after: str

    @property
    def where(self) -> str:
        """Where it is, in words."""
        return ", ".join(filter(None, (self.segment, self.element))) or "the model"

    @property
    def is_wording(self) -> bool:
        """Whether only words differ, so that nobody can be anywhere else for it."""
        return self.what in WORDING

    def __str__(self) -> str:
        match self.what:
            case "added":
                return f"{self.where}: added: {self.after}"
            case "removed":
                return f"{self.where}: removed: {self.before}"
        return f"{self.where}: {self.what}: {self.before or 'nothing'} → {self.after or 'nothing'}"


def differences(one: Model, other: Model) -> list[Difference]:
    """List what differs between two models.

    Parameters
    ----------
    one, other
        The first, and what it is held against; ``before`` is of the first. Names of the models are not compared.

    Returns
    -------
    list
        Of the model, of its segments, then of its elements, each in the second's order of priority and last what only
        the first has. None where the two are the same.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from pcn_analysis.rules import AtLeast, Element, Model, Segment
    >>> busy = Element("Many visits", AtLeast("ae_24m", 20), "here")
    >>> model = Model("one", "One", (Segment("Busy", 1, (busy,), "Many visits."),), "Well", "here")
    >>> lower = replace(busy, when=AtLeast("ae_24m", 10))
    >>> changed = replace(model, segments=(replace(model.segments[0], elements=(lower,)),))
    >>> [(one.element, one.what) for one in differences(model, changed)]
    [('Many visits', 'asks')]
    """
    return [*_of_model(one, other), *_of_segments(one, other), *_of_elements(one, other)]


def _of_model(one: Model, other: Model) -> Iterator[Difference]:
    for name in _OF_MODEL:
        yield from _changed("", "", name, getattr(one, name), getattr(other, name))
    yield from _asked("", "", "whom", one.whom, other.whom)
    yield from _changed("", "", "assumptions", *(" ".join(model.assumptions) for model in (one, other)))


def _of_segments(one: Model, other: Model) -> Iterator[Difference]:
    before, after = ({segment.name: segment for segment in model.ordered()} for model in (one, other))
    for name, segment in after.items():
        if name not in before:
            yield Difference(name, "", ADDED, "", _whole(segment, other))
            continue
        was = before[name]
        yield from _changed(name, "", "priority", str(was.priority), str(segment.priority))
        yield from _changed(name, "", "rule in words", was.rule, segment.rule)
        yield from _changed(name, "", "asks", segment_in_words(was, one), segment_in_words(segment, other))
    for name in (one for one in before if one not in after):
        yield Difference(name, "", REMOVED, _whole(before[name], one), "")


def _of_elements(one: Model, other: Model) -> Iterator[Difference]:
    before, after = (
        {element.name: (segment.name, element) for segment, element in model.elements()} for model in (one, other)
    )
    for name, (segment, element) in after.items():
        if name not in before:
            yield Difference(segment, name, ADDED, "", in_words(element.when))
            continue
        earlier, was = before[name]
        yield from _changed(segment, name, MOVED, earlier, segment)
        yield from _asked(segment, name, "asks", was.when, element.when)
        yield from _of_words(segment, was, element)
    for name, (segment, element) in before.items():
        if name not in after:
            yield Difference(segment, name, REMOVED, in_words(element.when), "")


def _of_words(segment: str, was: Element, element: Element) -> Iterator[Difference]:
    for what in _OF_ELEMENT:
        yield from _changed(segment, element.name, what, getattr(was, what), getattr(element, what))


def _changed(segment: str, element: str, what: str, before: str, after: str) -> Iterator[Difference]:
    if before != after:
        yield Difference(segment, element, what, before, after)


def _asked(segment: str, element: str, what: str, was: Criterion | None, now: Criterion | None) -> Iterator[Difference]:
    if was is None or now is None:
        yield from _changed(segment, element, what, *("" if one is None else in_words(one) for one in (was, now)))
    elif was != now:
        yield Difference(segment, element, what, *_apart(was, now))


def _apart(was: Criterion, now: Criterion) -> tuple[str, str]:
    """What two criteria ask differently, in words: of two that join their parts alike only the parts that differ."""
    match was, now:
        case Not(inner), Not(other):
            before, after = _apart(inner, other)
            return f"not: {before}", f"not: {after}"
        case Several(parts), Several(others) if _joined(was) == _joined(now):
            gone, come = [one for one in parts if one not in others], [one for one in others if one not in parts]
            if len(gone) == len(come) == 1:
                return _apart(gone[0], come[0])
            if gone or come:
                before, after = (_JOIN.join(f"{_joined(was)} {in_words(one)}" for one in some) for some in (gone, come))
                return before, after
    return in_words(was), in_words(now)


def _joined(several: Several) -> str:
    """How the parts go together."""
    if several.at_least == 1:
        return "or"
    return "and" if several.at_least == len(several.criteria) else f"of at least {several.at_least}:"


def _whole(segment: Segment, model: Model) -> str:
    return f"priority {segment.priority}, {segment_in_words(segment, model)}"
