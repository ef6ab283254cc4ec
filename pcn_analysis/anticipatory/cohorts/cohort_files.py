"""Read a cohort from a file: steps, reasons and order of priority as data that a clinician can read and sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pcn_analysis.anticipatory.cohorts.cohort import START, Cohort, Step
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem
from pcn_analysis.rules import Element, any_of
from pcn_analysis.rules.forms import read_criterion
from pcn_analysis.yaml_text import read_texts

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from pcn_analysis.rules import Criterion

EXAMPLE = "config/cohort_example.yaml"
_NEEDED = ("cohort", "title", "whom", "source", "steps")
_ALLOWED = ("assumptions", "first")
_STEP, _STEP_ALLOWED = ("step",), ("when", "elements", "source", "goes_to")
_ELEMENT, _ELEMENT_ALLOWED = ("element", "when"), ("source", "note")


def read_cohort(path: Path) -> Cohort:
    """Read a cohort from a file.

    Raises
    ------
    PcnAnalysisError
        If the file cannot be read, with everything that is wrong in it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise problem(
            path.name, "cannot be read as a text in UTF-8", "Look at its name and how it was saved."
        ) from None
    return cohort_of(text, path.name)


def cohort_of(text: str, name: str) -> Cohort:
    """Make a cohort of the text of a file.

    Parameters
    ----------
    text
        YAML, as ``config/cohort_example.yaml`` explains.
    name
        What the file is called in messages.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong in it.
    """
    reading = _Reading(read_texts(text, name, example=EXAMPLE), name)
    cohort = reading.cohort()
    if reading.problems:
        raise PcnAnalysisError(*reading.problems)
    return cohort


class _Reading:
    """One reading of one file: what it says, and what is wrong with it."""

    def __init__(self, written: dict[str, Any], name: str):
        self.written, self.name, self.problems = written, name, list[Problem]()
        self.elements: dict[str, Element] = {}
        """Those that stand above what is being read."""

    def cohort(self) -> Cohort:
        written = self.written
        self._keys(written, self.name, _NEEDED, _ALLOWED)
        steps = [self._step(one) for one in self._list(written, "steps", self.name)]
        self._once([START.name, *(step.name for step in steps)], "step")
        if written.get("steps") and not any("elements" in one for one in self._list(written, "steps", self.name)):
            what = "no step has elements, so nobody is in it for a reason"
            self._wrong(self.name, what, f"Name the reasons of a step, as {EXAMPLE} does.")
        assumptions = written.get("assumptions") or []
        if not isinstance(assumptions, list) or not all(isinstance(one, str) for one in assumptions):
            remedy = "Write them under each other, each with a dash."
            self._wrong(self.name, "assumptions is a list of sentences", remedy)
            assumptions = []
        name, title, source, whom = (
            self._text(written, one, self.name) for one in ("cohort", "title", "source", "whom")
        )
        return Cohort(name, title, source, (START, *steps), self._first(), whom, tuple(assumptions))

    def _step(self, written: dict[str, Any]) -> Step:
        where = f"{self.name}, step {written.get('step', '?')}"
        self._keys(written, where, _STEP, _STEP_ALLOWED)
        source = self._text(written, "source", where) or self._text(self.written, "source", self.name)
        elements = [self._element(one, where, source) for one in self._list(written, "elements", where)]
        known = tuple(one for one in elements if one is not None)
        if not written.get("when") and not written.get("elements"):
            self._wrong(where, "asks for nothing", "Give it when, or elements of which one must be met.")
        when = self._criterion(written["when"], where) if written.get("when") else None
        if when is None and known:
            when = any_of(*(one.when for one in known))
        name, goes_to = (self._text(written, key, where) for key in ("step", "goes_to"))
        return Step(name, when, source, goes_to, known)

    def _element(self, written: dict[str, Any], where: str, source: str) -> Element | None:
        """One named criterion; other criteria below it can refer to it."""
        where = f"{where}, element {written.get('element', '?')}"
        self._keys(written, where, _ELEMENT, _ELEMENT_ALLOWED)
        name, note = (self._text(written, key, where) for key in ("element", "note"))
        when = self._criterion(written["when"], where) if written.get("when") else None
        if name in self.elements:
            self._wrong(where, "stands more than once", "Give each its own name.")
        if when is None or not name:
            return None
        self.elements[name] = Element(name, when, self._text(written, "source", where) or source, note)
        return self.elements[name]

    def _first(self) -> tuple[Element, ...]:
        """Who goes first: names of elements, or named criteria of their own."""
        written, where = self.written.get("first") or [], f"{self.name}, first"
        if not isinstance(written, list) or not all(isinstance(one, str | dict) for one in written):
            self._wrong(where, "first is a list", "Write names of elements, or elements, under each other.")
            return ()
        source = self._text(self.written, "source", self.name)
        found = [self._of_name(one) if isinstance(one, str) else self._element(one, where, source) for one in written]
        known = [one for one in found if one is not None]
        self._once([one.name for one in known if one.name in written], "priority")
        return tuple(known)

    def _of_name(self, name: str) -> Element | None:
        if name not in self.elements:
            self._wrong(f"{self.name}, first", f"there is no element {name}", nearest(name, list(self.elements)))
        return self.elements.get(name)

    def _criterion(self, written: Any, where: str) -> Criterion | None:
        return read_criterion(written, where, self._named, self.problems)

    def _named(self, kind: str, name: str) -> Criterion | None:
        if kind == "element" and name in self.elements:
            return self.elements[name].when
        remedy = nearest(name, list(self.elements)) if self.elements else "Write out what is asked."
        self._wrong(self.name, f"{kind} {name} is asked for, and no such element stands above", remedy)
        return None

    def _text(self, written: dict[str, Any], key: str, where: str) -> str:
        found = written.get(key, "")
        if not isinstance(found, str):
            self._wrong(where, f"{key} is words", "Put quotes around them.")
        return found if isinstance(found, str) else ""

    def _keys(self, written: dict[str, Any], where: str, needed: Collection[str], allowed: Collection[str]) -> None:
        for key in needed:
            if not written.get(key):
                self._wrong(where, f"does not say its {key}", f"Compare with {EXAMPLE}.")
        for key in written:
            if key not in (*needed, *allowed):
                self._wrong(where, f"{key} says nothing here", nearest(key, [*needed, *allowed]))

    def _list(self, written: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
        found = written.get(key) or []
        if not (isinstance(found, list) and all(isinstance(one, dict) for one in found)):
            self._wrong(where, f"{key} is a list", "Write them under each other, each with a dash.")
            return []
        return found

    def _once(self, names: list[str], what: str) -> None:
        folded = [one.casefold() for one in names]
        for name in sorted({one for one in names if one and folded.count(one.casefold()) > 1}):
            self._wrong(self.name, f"{what} {name} stands more than once", "Give each its own name.")

    def _wrong(self, where: str, what: str, remedy: str) -> None:
        one = Problem(where, what, remedy)
        if one not in self.problems:
            self.problems.append(one)
