"""What a publication says of an element, held against what its criterion asks: windows, limits and bands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pcn_analysis import tables
from pcn_analysis.rules.criteria import (
    AtLeast,
    Criterion,
    FirstRecordedWithin,
    InHospitalWithin,
    MoreThan,
    OneOf,
    RecordedSince,
    RecordedWithin,
    leaves,
)
from pcn_analysis.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.rules.models import Element

_NUMBERS = {
    word: number
    for number, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
_COUNT = rf"(\d+|{'|'.join(_NUMBERS)})"
_MONTHS = {"month": 1, "year": 12}


def disagreements(element: Element) -> Iterator[str]:
    """Say where the words of an element and its criterion differ; nothing where it has no words.

    Examples
    --------
    >>> from pcn_analysis.rules import Element
    >>> frail = Element("Frail", OneOf("efi_category", ("moderate", "severe")), "here", words="Severe frailty.")
    >>> list(disagreements(frail))
    ['the words name severe, the rule moderate and severe']
    """
    words = element.words.lower()
    if not words:
        return
    said, asked = _windows_said(words), _windows_asked(element.when)
    if said and asked and said != asked:
        yield f"the words say {_months(said)}, the rule {_months(asked)}"
    if said and not asked and any(isinstance(one, RecordedSince) for one in leaves(element.when)):
        yield f"the words say {_months(said)}, the rule counts from a fixed date"
    yield from _limits(words, element.when)
    yield from _bands(words, element.when)
    if "resolved" in words and re.search(r"resolved:? (na|none)\b", element.codelist.lower()):
        yield "the words ask for no later resolved code, and there is no list of resolved codes"


def _windows_said(words: str) -> set[int]:
    """Windows in months: "last year", "last 12 months", "two years"."""
    found = {_MONTHS[unit] for unit in re.findall(r"last (month|year)\b", words)}
    for number, unit in re.findall(rf"\b{_COUNT} (month|year)s?\b", words):
        found.add(_MONTHS[unit] * (_NUMBERS.get(number) or int(number)))
    return found


def _windows_asked(criterion: Criterion) -> set[int]:
    found = set()
    for leaf in leaves(criterion):
        match leaf:
            case RecordedWithin(_, months) | FirstRecordedWithin(_, months) | InHospitalWithin(_, months):
                found.add(months)
            case AtLeast(column) | MoreThan(column) if match := re.search(r"_(\d+)m$", column):
                found.add(int(match[1]))
    return found


def _limits(words: str, criterion: Criterion) -> Iterator[str]:
    """Over 30 is not the same as 30 or more."""
    for leaf in leaves(criterion):
        match leaf:
            case AtLeast(_, value) if re.search(rf"\b(over|more than|above) {value:g}\b", words):
                yield f"the words say over {value:g}, the rule {value:g} or more"
            case MoreThan(_, value) if re.search(rf"\b{value:g} or (more|over)\b|\bat least {value:g}\b", words):
                yield f"the words say {value:g} or more, the rule over {value:g}"


def _bands(words: str, criterion: Criterion) -> Iterator[str]:
    for leaf in leaves(criterion):
        if isinstance(leaf, OneOf) and leaf.column == "efi_category":
            said = [band for band in tables.FRAILTY_BANDS if re.search(rf"\b{band}\b", words)]
            if said and set(said) != set(leaf.values):
                yield f"the words name {listed(said)}, the rule {listed(leaf.values)}"


def _months(windows: set[int]) -> str:
    return listed([f"{months} months" for months in sorted(windows)])
