"""Faults of a model that can be seen without any patient: what can never fire, has no codes, or says another thing.

Each check looks at the model as data. A fault is something to decide on, not always something to mend: a faithful
encoding of a published model keeps the faults that were published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from pcn_analysis import codelists
from pcn_analysis.rules.criteria import (
    AtLeast,
    Below,
    Criterion,
    EverRecorded,
    MoreThan,
    Not,
    NotAvailable,
    Recorded,
    RecordedSince,
    Several,
    leaves,
    needed_columns,
)
from pcn_analysis.rules.implication import implies
from pcn_analysis.rules.lint_text import disagreements
from pcn_analysis.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcn_analysis.rules.models import Element, Model, Segment

KINDS = {
    "unreachable": "a higher segment takes everyone who meets it",
    "resolved only": "it can fire only for a condition that is resolved, as a higher segment takes the others",
    "repeated": "another element of the segment takes everyone who meets it",
    "no codelist": "what it asks for is not held, or has no published codes",
    "fixed date": "its window does not move with the index date",
    "unknown cluster": "the name of its cluster of codes is nearly that of a known one",
    "cluster": "the codes of the cluster are wider than the element",
    "same codes": "the same codes are behind two elements",
    "threshold": "the limit is not the usual one",
    "gap": "numbers between two segments are in neither",
    "overlap": "numbers are in two segments, and priority alone decides",
    "text": "what the publication says and what the rule asks differ",
}
"""Kinds of fault, and what each means."""


@dataclass(frozen=True)
class Fault:
    """One fault of a model.

    Parameters
    ----------
    segment, element
        Where it is.
    kind
        One of :data:`KINDS`.
    what
        What is wrong there.
    """

    segment: str
    element: str
    kind: str
    what: str


def lint(model: Model) -> list[Fault]:
    """Find the faults of a model.

    Returns
    -------
    list
        Each fault once, in the order of the segments and elements.
    """
    found = [*_one_by_one(model), *_shared_codes(model), *_bands(model)]
    order = {(segment.name, element.name): number for number, (segment, element) in enumerate(model.elements())}
    return sorted(dict.fromkeys(found), key=lambda fault: order.get((fault.segment, fault.element), len(order)))


def _one_by_one(model: Model) -> Iterator[Fault]:
    segments = model.ordered()
    for number, segment in enumerate(segments):
        for element in segment.elements:
            for kind, what in (
                *_reach(segment, element, segments[:number]),
                *_codes(element),
                *_windows(element),
                *_limits(element),
                *(("text", one) for one in disagreements(element)),
            ):
                yield Fault(segment.name, element.name, kind, what)


# -- what can fire -----------------------------------------------------------------------------------------


def _reach(segment: Segment, element: Element, higher: list[Segment]) -> Iterator[tuple[str, str]]:
    """Whether anyone can be in a segment for this reason."""
    taken = next((one for one in higher if implies(element.when, one.criterion())), None)
    if taken:
        yield "unreachable", f"everyone who meets it is in {taken.name}, of higher priority"
        return
    if isinstance(element.when, EverRecorded):
        now = Recorded(element.when.condition)
        current = next((one for one in higher if implies(now, one.criterion())), None)
        if current:
            taken_by = f"who has it now is in {current.name}"
            yield "resolved only", f"{taken_by}: only where it is resolved can it put anyone here"
    if segment.when is None:
        yield from _repeated(segment, element)


def _repeated(segment: Segment, element: Element) -> Iterator[tuple[str, str]]:
    """Whether another element of the segment asks for as much or less; of two that ask the same, the second."""
    earlier = True
    for other in segment.elements:
        if other == element:
            earlier = False
        elif implies(element.when, other.when) and (earlier or not implies(other.when, element.when)):
            yield "repeated", f"everyone who meets it meets {other.name} as well"
            return


# -- codes -------------------------------------------------------------------------------------------------


def _codes(element: Element) -> Iterator[tuple[str, str]]:
    missing = dict.fromkeys(leaf.what for leaf in leaves(element.when) if isinstance(leaf, NotAvailable))
    if missing:
        yield "no codelist", f"not held: {'; '.join(missing)}"
    elif "forthcoming" in element.codelist.lower():
        yield "no codelist", f"the publication has none yet ({element.codelist})"
    known = {row["cluster"]: row for row in codelists.rows("qof_clusters")}
    cautions = {row["cluster"]: row for row in codelists.rows("cluster_cautions")}
    for cluster in _clusters(element):
        if cluster in cautions:
            yield "cluster", f"{cluster}: {cautions[cluster]['caution']}"
        elif cluster not in known and (near := get_close_matches(cluster, known, n=1, cutoff=0.9)):
            yield "unknown cluster", f"{cluster} is not known; {near[0]} is"


def _shared_codes(model: Model) -> Iterator[Fault]:
    """The same codes behind two elements that are meant to be different things."""
    behind = [(segment, element, {*_clusters(element), *_icd10(element)}) for segment, element in model.elements()]
    for (segment, element, codes), (_, other, others) in combinations(behind, 2):
        for code in sorted(codes & others):
            yield Fault(segment.name, element.name, "same codes", f"{code} is behind {other.name} as well")


def _clusters(element: Element) -> list[str]:
    return re.findall(r"\b[A-Z0-9]+_COD\b", element.codelist)


def _icd10(element: Element) -> list[str]:
    return re.findall(r"\b[A-Z]\d\d(?:\.?\d)?\b", element.codelist)


# -- windows and limits ------------------------------------------------------------------------------------


def _windows(element: Element) -> Iterator[tuple[str, str]]:
    for leaf in leaves(element.when):
        if isinstance(leaf, RecordedSince):
            yield "fixed date", f"counts from {leaf.date.day} {leaf.date:%B %Y}, whatever the index date"


def _limits(element: Element) -> Iterator[tuple[str, str]]:
    """Limits that leave out the value at which the usual definition begins."""
    usual = {(row["column"], float(row["at_least"])): row for row in codelists.rows("usual_limits")}
    for leaf in leaves(element.when):
        if isinstance(leaf, MoreThan) and (row := usual.get((leaf.column, leaf.value))):
            left_out = f"over {leaf.value:g} leaves out exactly {leaf.value:g}"
            yield "threshold", f"{left_out}; {row['means']} ({row['source']})"


def _bands(model: Model) -> Iterator[Fault]:
    """Segments by ranges of one number: gaps and overlaps between neighbours."""
    ranges: dict[str, list[_Range]] = {}
    for segment, element in model.elements():
        found = _range(element.when)
        if found:
            ranges.setdefault(found[0], []).append(_Range(segment, element, *found[1:]))
    for column, of_column in ranges.items():
        inner = sorted(of_column, key=lambda one: one.lower)
        for number, (one, following) in enumerate(pairwise(inner), 1):
            covered = max(earlier.upper for earlier in inner[:number])
            if one.segment == following.segment or (covered > one.upper and covered >= following.lower):
                continue
            if one.upper < following.lower:
                between = f"{column} from {one.upper:g} to below {following.lower:g}"
                what = f"{between} is in neither this nor {following.segment.name}"
                yield Fault(one.segment.name, one.element.name, "gap", what)
            elif following.lower < one.upper < float("inf"):
                what = f"{column} from {following.lower:g} to below {one.upper:g} is in {following.segment.name} too"
                yield Fault(one.segment.name, one.element.name, "overlap", what)


@dataclass(frozen=True)
class _Range:
    segment: Segment
    element: Element
    lower: float
    upper: float


def _range(criterion: Criterion) -> tuple[str, float, float] | None:
    """The column and the range of an element that asks for a range of one number and nothing else."""
    match criterion:
        case Several(criteria, at_least) if at_least == len(criteria):
            parts = criteria
        case _:
            parts = (criterion,)
    lower, upper = float("-inf"), float("inf")
    for part in parts:
        match part:
            case AtLeast(_, value):
                lower = max(lower, value)
            case Below(_, value) | Not(AtLeast(_, value)):
                upper = min(upper, value)
            case _:
                return None
    columns = {name for part in parts for name in needed_columns(part)}
    return (columns.pop(), lower, upper) if len(columns) == 1 else None


def summary(faults: list[Fault], kinds: Iterable[str] = tuple(KINDS)) -> str:
    """Say how many faults of which kind there are, in the order of the kinds."""
    if not faults:
        return "No fault found."
    counts = {kind: sum(one.kind == kind for one in faults) for kind in kinds}
    several = "s" if len(faults) > 1 else ""
    return f"{len(faults)} fault{several}: {listed([f'{count} {kind}' for kind, count in counts.items() if count])}."
