"""Read a model from a file: segments, elements and criteria as data that a clinician can read and sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pcn_analysis.exceptions import nearest
from pcn_analysis.rules.criteria import Criterion, Recorded
from pcn_analysis.rules.forms import read_criterion
from pcn_analysis.rules.models import NONE_ASSESSED, Element, Model, Segment
from pcn_analysis.rules.written import Written
from pcn_analysis.tables import CONDITION_NAMES
from pcn_analysis.words import NOT_KNOWN, listed
from pcn_analysis.yaml_text import read_text

if TYPE_CHECKING:
    from pathlib import Path

VARIANTS = ("published", "corrected", "reconstructed", "own")
EXAMPLE = "config/model_example.yaml"
_NEEDED = ("model", "title", "source", "variant", "remainder", "segments")
_ALLOWED = (*_NEEDED, "assumptions", "whom", "others", "criteria")
_SEGMENT, _SEGMENT_ALLOWED = ("segment", "priority", "rule", "elements"), ("when",)
_ELEMENT, _ELEMENT_ALLOWED = ("element", "when"), ("source", "note", "codelist", "words")
_EACH, _EACH_ALLOWED = ("each_recorded",), ("source",)
_TAKEN = tuple(one.casefold() for one in (NONE_ASSESSED, "Everyone", "joined", "left", "died", NOT_KNOWN, "person_id"))
"""What stands beside names of segments and models in tables, or for something that is missing."""
_DIGITS = 6
"""Most digits of a priority."""


def read_model(path: Path) -> Model:
    """Read a model from a file.

    Raises
    ------
    PcnAnalysisError
        If the file cannot be read, with everything that is wrong in it.
    """
    return model_of(read_text(path), path.name)


def model_of(text: str, name: str) -> Model:
    """Make a model of the text of a file.

    Parameters
    ----------
    text
        YAML, as ``config/model_example.yaml`` explains.
    name
        What the file is called in messages.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong in it.
    """
    reading = _Reading(text, name)
    model = reading.model()
    reading.check()
    return model


class _Reading(Written):
    """One reading of one file: what it says, and what is wrong with it."""

    one_each = "Names and priorities are of one each."

    def __init__(self, text: str, name: str):
        super().__init__(text, name, example=EXAMPLE)
        self.open: list[tuple[str, str]] = []
        self.found: dict[tuple[str, str], Criterion | None] = {}
        self.elements = {
            one["element"]: one
            for segment in _dictionaries(self.content.get("segments"))
            for one in _dictionaries(segment.get("elements"))
            if isinstance(one.get("element"), str)
        }

    def model(self) -> Model:
        written = self.content
        self.keys(written, _NEEDED, allowed=_ALLOWED)
        if written.get("variant") not in VARIANTS:
            self.wrong("", f"variant is {listed(VARIANTS[:-1])} or {VARIANTS[-1]}", "Say which.")
        if bool(written.get("whom")) != bool(written.get("others")):
            self.wrong("", "whom and others go together", "Say whom it is for, and what others are called.")
        segments = [self._segment(one) for one in self.rows(written, "segments")]
        self.once([one.name for one in segments], "segment")
        self.once([str(one.priority) for one in segments], "priority")
        self.once([element.name for one in segments for element in one.elements], "element")
        texts = {key: self.text(written, key) for key in ("title", "remainder", "source", "others")}
        names = [one.name for one in segments] + [texts[key] for key in ("remainder", "others") if key in written]
        self.once(names, "name of a segment, the remainder and others")
        for taken in [one for one in [*names, str(written.get("model"))] if one.casefold() in _TAKEN]:
            self.wrong("", f"nothing is called {taken}", "That name says something else beside it.")
        self._named_criteria()
        assumptions = self.sentences(written, "assumptions")
        whom = self._criterion(written["whom"], f"{self.name}, whom") if "whom" in written else None
        return Model(
            name=self.text(written, "model"),
            variant=str(written.get("variant", "")),
            segments=tuple(segments),
            assumptions=assumptions,
            whom=whom,
            **texts,
        )

    def _segment(self, written: dict[str, Any]) -> Segment:
        where = f"{self.name}, segment {written.get('segment', '?')}"
        self.keys(written, _SEGMENT, where, _SEGMENT_ALLOWED)
        priority = str(written.get("priority", ""))
        is_whole = priority.isdecimal() and len(priority) <= _DIGITS
        if not is_whole:
            self.wrong(where, "priority is a whole number", "The lowest goes first.")
        elements = [one for part in self.rows(written, "elements", where) for one in self._elements(part, where)]
        when = self._criterion(written["when"], where) if "when" in written else None
        name, rule = self.text(written, "segment", where), self.text(written, "rule", where)
        return Segment(name, int(priority) if is_whole else 0, tuple(elements), rule, when)

    def _elements(self, written: dict[str, Any], where: str) -> list[Element]:
        """One element; or one for each of some conditions, each named as in codelists/conditions.csv."""
        source = self.text(written, "source", where) or self.text(self.content, "source")
        if "each_recorded" in written:
            self.keys(written, _EACH, where, _EACH_ALLOWED)
            slugs = written["each_recorded"]
            if not (isinstance(slugs, list) and all(isinstance(one, str) for one in slugs)):
                self.wrong(where, "each_recorded is a list of conditions", "Write them as [asthma, copd].")
                return []
            for slug in (one for one in slugs if one not in CONDITION_NAMES):
                self.wrong(where, f"there is no condition {slug}", nearest(str(slug), CONDITION_NAMES))
            return [Element(CONDITION_NAMES[one], Recorded(one), source) for one in slugs if one in CONDITION_NAMES]
        where = f"{where}, element {written.get('element', '?')}"
        self.keys(written, _ELEMENT, where, _ELEMENT_ALLOWED)
        name = self.text(written, "element", where)
        when = self._named("element", name) if name in self.elements else None
        notes = [self.text(written, key, where) for key in ("note", "codelist", "words")]
        return [Element(name, when, source, *notes)] if when is not None else []

    def _criterion(self, written: Any, where: str) -> Criterion | None:
        return read_criterion(written, where, self._named, self.problems)

    def _named(self, kind: str, name: str) -> Criterion | None:
        """A criterion or an element that stands elsewhere in the file, read once."""
        there = self.elements if kind == "element" else self._criteria()
        where = f"{self.name}, {kind} {name}"
        if (kind, name) in self.open:
            self.wrong(where, "asks for itself", "Write out what it asks.")
            return None
        if name not in there:
            self.wrong(where, "is asked for and does not stand in the file", nearest(name, list(there)))
            return None
        if (kind, name) not in self.found:
            self.open.append((kind, name))
            written = there[name].get("when") if kind == "element" else there[name]
            self.found[kind, name] = self._criterion(written, where)
            self.open.pop()
        return self.found[kind, name]

    def _criteria(self) -> dict[str, Any]:
        found = self.content.get("criteria") or {}
        return found if isinstance(found, dict) else {}

    def _named_criteria(self) -> None:
        """Every criterion that has a name is read, asked for or not."""
        if self.content.get("criteria") and not self._criteria():
            self.wrong("", "criteria has a name before each criterion", "Write them as name: {…}.")
        for name in self._criteria():
            self._named("criterion", name)

    def rows(self, written: dict[str, Any], key: str, where: str = "") -> list[dict[str, Any]]:
        """Those that can be read are, beside one that cannot."""
        super().rows(written, key, where)
        return _dictionaries(written.get(key))


def _dictionaries(written: Any) -> list[dict[str, Any]]:
    return [one for one in written if isinstance(one, dict)] if isinstance(written, list) else []
