"""Models as data: elements with their sources, segments with their priority."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pcn_analysis.rules.criteria import Criterion, any_of
from pcn_analysis.rules.evaluation import ASSESSED, COMPLETE, PARTLY, assessment
from pcn_analysis.words import NOT_ASSESSED

NONE_ASSESSED = "None of those assessed"
"""What the remainder of a model is called where anything above it could not be assessed in full."""


@dataclass(frozen=True)
class Element:
    """One reason to be somewhere: a named criterion with its source.

    Parameters
    ----------
    name
        What it is called to a clinician; no two elements of a model share a name.
    when
        What must be met.
    source
        Publication or file that says so.
    note
        Where our criterion departs from the published words, and why; else empty.
    codelist
        What the publication calls the list of codes behind it, or that there is none yet; else empty.
    words
        What the publication says, where the criterion can be held against it; else empty.
    """

    name: str
    when: Criterion
    source: str
    note: str = ""
    codelist: str = ""
    words: str = ""


@dataclass(frozen=True)
class Segment:
    """One segment of a model.

    Parameters
    ----------
    name
        Its name.
    priority
        Lower numbers go first.
    elements
        The reasons for being in it.
    rule
        The published rule in words.
    when
        What must be met; by default any one of the elements.
    """

    name: str
    priority: int
    elements: tuple[Element, ...]
    rule: str
    when: Criterion | None = None

    def criterion(self) -> Criterion:
        """What puts a person in this segment."""
        return self.when or any_of(*(element.when for element in self.elements))


@dataclass(frozen=True)
class Model:
    """Segments in order of priority; each person is in the first whose criterion is met, else in the remainder.

    Parameters
    ----------
    name, title
        Short and full name.
    segments
        The segments; their declared priority decides, not their order here.
    remainder
        Published name of those in none, used only where every segment could be assessed in full.
    source
        Publication.
    variant
        Which reading of the publication it is: ``published`` (as it was published, with its faults), ``corrected``
        (with faults mended, each noted), ``reconstructed`` (from public sources that do not give every rule) or
        ``own``.
    assumptions
        What it takes for granted that its sources do not say; shown with every result.
    whom
        Whom it is for; everyone where there is nothing.
    others
        What people are called whom it is not for.
    file, sha256
        Name, without its folder, and SHA-256 of the file of one's own that it was read from; empty of a model of this
        package. They say where it came from, and no more: the same model from two files is the same.
    """

    name: str
    title: str
    segments: tuple[Segment, ...]
    remainder: str
    source: str
    variant: str = "own"
    assumptions: tuple[str, ...] = ()
    whom: Criterion | None = None
    others: str = ""
    file: str = field(default="", compare=False, repr=False)
    sha256: str = field(default="", compare=False, repr=False)

    def ordered(self) -> list[Segment]:
        """The segments, first priority first."""
        return sorted(self.segments, key=lambda segment: segment.priority)

    def elements(self) -> list[tuple[Segment, Element]]:
        """Every element with its segment, in order."""
        return [(segment, element) for segment in self.ordered() for element in segment.elements]

    def knows_whom(self, columns: Collection[str], incomplete: Mapping[str, Collection[str]] = COMPLETE) -> bool:
        """Whether it is known whom the model is for; where it is not, nobody can be put anywhere."""
        return self.whom is None or assessment(self.whom, columns, incomplete)[0] == ASSESSED

    def remainder_name(self, columns: Collection[str], incomplete: Mapping[str, Collection[str]] = COMPLETE) -> str:
        """What those in no segment are called, given the columns of a person table and what is missing behind them."""
        found = {assessment(segment.criterion(), columns, incomplete)[0] for segment in self.segments}
        return self.remainder if found <= {ASSESSED} and self.knows_whom(columns, incomplete) else NONE_ASSESSED

    def names(self, columns: Collection[str], incomplete: Mapping[str, Collection[str]] = COMPLETE) -> list[str]:
        """Names of the segments in order, then the remainder, and last those whom the model is not for."""
        return list(self.status(columns, incomplete))

    def status(self, columns: Collection[str], incomplete: Mapping[str, Collection[str]] = COMPLETE) -> dict[str, str]:
        """Whether each segment can be assessed, by :meth:`names`; the remainder in part, where anything above is.

        Where it is not known whom the model is for, no segment can be.
        """
        known = self.knows_whom(columns, incomplete)
        found = {
            one.name: assessment(one.criterion(), columns, incomplete)[0] if known else NOT_ASSESSED
            for one in self.ordered()
        }
        remainder = self.remainder_name(columns, incomplete)
        others = {self.others: ASSESSED} if self.whom and known else {}
        return found | {remainder: PARTLY if remainder == NONE_ASSESSED else ASSESSED} | others
