"""Read a cohort from a file: steps, reasons and order of priority as data that a clinician can read and sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pcn_analysis.anticipatory.cohorts.cohort import START, Cohort, Step
from pcn_analysis.exceptions import nearest
from pcn_analysis.rules import Element, any_of
from pcn_analysis.rules.forms import PERSON_COLUMNS, read_criterion
from pcn_analysis.rules.written import Written
from pcn_analysis.yaml_text import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pcn_analysis.rules import Criterion
    from pcn_analysis.schema import Column

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
    return cohort_of(read_text(path), path.name)


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
    reading = CohortReading(text, name)
    cohort = reading.cohort()
    reading.check()
    return cohort


class CohortReading(Written):
    """One reading of one file that holds a cohort: what it says, and what is wrong with it.

    Parameters
    ----------
    text, name
        As in :func:`cohort_of`.
    example
        A file of the kind that is expected.
    columns
        The columns that its criteria can ask for, by name.
    """

    def __init__(
        self, text: str, name: str, example: str = EXAMPLE, columns: Mapping[str, Column] = PERSON_COLUMNS
    ) -> None:
        super().__init__(text, name, example=example)
        self.columns = columns
        self.elements: dict[str, Element] = {}
        """Those that stand above what is being read."""

    def cohort(self) -> Cohort:
        """The cohort of the file, which holds nothing else."""
        self.keys(self.content, _NEEDED, allowed=_ALLOWED)
        return self.cohort_in(self.content)

    def cohort_in(self, written: dict[str, Any]) -> Cohort:
        """A cohort that stands in a mapping, among other things or alone."""
        steps = [self._step(one) for one in self.rows(written, "steps")]
        self.once([START.name, *(step.name for step in steps if step.name)], "step")
        if written.get("steps") and not any("elements" in one for one in self.rows(written, "steps")):
            what = "no step has elements, so nobody is in it for a reason"
            self.wrong("", what, f"Name the reasons of a step, as {EXAMPLE} does.")
        assumptions = self.sentences(written, "assumptions")
        name, title, source, whom = (self.text(written, one) for one in ("cohort", "title", "source", "whom"))
        return Cohort(name, title, source, (START, *steps), self._first(written), whom, assumptions)

    def criterion(self, written: Any, where: str) -> Criterion | None:
        """One criterion; elements that stand above it can be referred to."""
        return read_criterion(written, where, self._named, self.problems, columns=self.columns)

    def _step(self, written: dict[str, Any]) -> Step:
        where = f"{self.name}, step {written.get('step', '?')}"
        self.keys(written, _STEP, where, _STEP_ALLOWED)
        source = self.text(written, "source", where) or self.text(self.content, "source")
        elements = [self._element(one, where, source) for one in self.rows(written, "elements", where)]
        known = tuple(one for one in elements if one is not None)
        if not written.get("when") and not written.get("elements"):
            self.wrong(where, "asks for nothing", "Give it when, or elements of which one must be met.")
        when = self.criterion(written["when"], where) if written.get("when") else None
        if when is None and known:
            when = any_of(*(one.when for one in known))
        name, goes_to = (self.text(written, key, where) for key in ("step", "goes_to"))
        return Step(name, when, source, goes_to, known)

    def _element(self, written: dict[str, Any], where: str, source: str) -> Element | None:
        """One named criterion; other criteria below it can refer to it."""
        where = f"{where}, element {written.get('element', '?')}"
        self.keys(written, _ELEMENT, where, _ELEMENT_ALLOWED)
        name, note = (self.text(written, key, where) for key in ("element", "note"))
        when = self.criterion(written["when"], where) if written.get("when") else None
        if name in self.elements:
            self.wrong(where, "stands more than once", "Give each its own name.")
        if when is None or not name:
            return None
        self.elements[name] = Element(name, when, self.text(written, "source", where) or source, note)
        return self.elements[name]

    def _first(self, cohort: dict[str, Any]) -> tuple[Element, ...]:
        """Who goes first: names of elements, or named criteria of their own."""
        written, where = cohort.get("first") or [], f"{self.name}, first"
        if not isinstance(written, list) or not all(isinstance(one, str | dict) for one in written):
            self.wrong(where, "first is a list", "Write names of elements, or elements, under each other.")
            return ()
        source = self.text(self.content, "source")
        found = [self._of_name(one) if isinstance(one, str) else self._element(one, where, source) for one in written]
        known = [one for one in found if one is not None]
        self.once([one.name for one in known if one.name in written], "priority")
        return tuple(known)

    def _of_name(self, name: str) -> Element | None:
        if name not in self.elements:
            self.wrong(f"{self.name}, first", f"there is no element {name}", nearest(name, list(self.elements)))
        return self.elements.get(name)

    def _named(self, kind: str, name: str) -> Criterion | None:
        if kind == "element" and name in self.elements:
            return self.elements[name].when
        remedy = nearest(name, list(self.elements)) if self.elements else "Write out what is asked."
        self.wrong("", f"{kind} {name} is asked for, and no such element stands above", remedy)
        return None
