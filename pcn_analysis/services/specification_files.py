"""Read a service specification from its file, for one contract year.

The file is YAML that a clinician can read and sign. The numbers that it asks for are named clauses, whose values stand
with their sources in the tables of :mod:`pcn_analysis.contract.clauses`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pcn_analysis.anticipatory.cohorts import Cohort, find_cohort
from pcn_analysis.anticipatory.cohorts.cohort_files import CohortReading
from pcn_analysis.contract.clauses import Clause, clause, resolved
from pcn_analysis.exceptions import nearest
from pcn_analysis.services.specification import (
    BETTER,
    COHORT,
    REGISTERED,
    Due,
    Gap,
    Measure,
    ServiceSpecification,
    Task,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.rules import Criterion
    from pcn_analysis.schema import Column

EXAMPLE = "cardiovascular.yaml"
ANTICIPATORY = "anticipatory"
"""Stands before the name of a cohort of :mod:`pcn_analysis.anticipatory.cohorts`, in place of steps."""
_NEEDED = ("service", "title", "whom", "source", "in_force", "cohort", "measures", "gaps", "tasks")
_ALLOWED = ("assumptions", "lacks", "clauses")
_COHORT, _COHORT_ALLOWED = ("steps",), ("first",)
_MEASURE, _MEASURE_ALLOWED = (
    ("measure", "met", "better", "source"),
    ("among", "of", "excluded", "target", "not_assessed"),
)
_GAP, _GAP_ALLOWED = ("gap", "when", "task", "source"), ("among", "due", "not_assessed")
IN_FORCE, NO = "in_force", "no"
"""What stands with an element, a measure, a gap or a criterion of a list that some contract years do not know: a clause
that says yes or no. Of a year that says no it is left out."""
_TASK = ("task", "role", "minutes")
_DUE = ("date", "months")


def specification_of(text: str, name: str, year: str, columns: Mapping[str, Column]) -> ServiceSpecification:
    """Make a service specification of the text of a file.

    Parameters
    ----------
    text
        YAML.
    name
        What the file is called in messages.
    year
        The contract year.
    columns
        The columns of the service table, by name.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong in it.
    """
    reading = _Reading(text, name, year, columns)
    specification = reading.specification()
    reading.check()
    return specification


class _Reading(CohortReading):
    """One reading of one file for one contract year."""

    def __init__(self, text: str, name: str, year: str, columns: Mapping[str, Column]):
        super().__init__(text, name, EXAMPLE, columns)
        self.year, self.used, self.left_out = year, dict[str, Clause](), set[str]()
        self.content = self._with_values(self._of_year(self.content))

    def specification(self) -> ServiceSpecification:
        written = self.content
        self.keys(written, _NEEDED, allowed=_ALLOWED)
        name, title, whom, source = (self.text(written, one) for one in ("service", "title", "whom", "source"))
        cohort = self._cohort(name, title, whom, source)
        tasks = tuple(self._task(one) for one in self.rows(written, "tasks"))
        measures = [self._measure(one) for one in self.rows(written, "measures")]
        gaps = [self._gap(one, [task.name for task in tasks if task]) for one in self.rows(written, "gaps")]
        for what, names in (("measure", measures), ("gap", gaps), ("task", tasks)):
            self.once([one.name for one in names if one], what)
        in_force = clause(self.text(written, IN_FORCE), self.year)
        for one in self.sentences(written, "clauses"):
            self.used[one] = clause(one, self.year)
        return ServiceSpecification(
            name,
            title,
            whom,
            source,
            self.year,
            in_force,
            cohort,
            tuple(one for one in measures if one),
            tuple(one for one in gaps if one),
            tuple(one for one in tasks if one),
            (in_force, *self.used.values()),
            self.sentences(written, "assumptions"),
            self.sentences(written, "lacks"),
            same_every_year=ANTICIPATORY in self.mapping(written, "cohort"),
        )

    def _cohort(self, name: str, title: str, whom: str, source: str) -> Cohort:
        """The cohort that is written out, or one of the anticipatory package."""
        steps, where = self.mapping(self.content, "cohort"), f"{self.name}, cohort"
        if list(steps) == [ANTICIPATORY]:
            return find_cohort(str(steps[ANTICIPATORY]))
        self.keys(steps, _COHORT, where, _COHORT_ALLOWED)
        if isinstance(steps.get("first"), list):
            steps["first"] = [one for one in steps["first"] if isinstance(one, dict) or one not in self.left_out]
        return self.cohort_in({**steps, "cohort": name, "title": title, "whom": whom, "source": source})

    def _of_year(self, written: Any) -> Any:
        """What stands in the file without what the contract year does not know."""
        if isinstance(written, list):
            return [self._of_year(one) for one in written if self._in_force(one)]
        if isinstance(written, dict):
            return {key: self._of_year(one) for key, one in written.items() if key != IN_FORCE or isinstance(one, str)}
        return written

    def _in_force(self, written: Any) -> bool:
        """Whether something of a list holds in the contract year; what says nothing of it does."""
        if not isinstance(written, dict) or IN_FORCE not in written:
            return True
        found = self._clause(written, IN_FORCE, self.name)
        holds = found is None or found.value != NO
        self.left_out |= set() if holds else {str(written.get("element", ""))}
        return holds

    def _with_values(self, written: dict[str, Any]) -> dict[str, Any]:
        """What stands in the file with the values of its clauses; a target and minutes keep their names."""
        kept = {
            (key, number): one.pop(part)
            for key, part in (("measures", "target"), ("tasks", "minutes"))
            for number, one in enumerate(self.rows(written, key))
            if part in one
        }
        found: dict[str, Any] = resolved(written, self.year, self.used)
        for (key, number), value in kept.items():
            found[key][number]["target" if key == "measures" else "minutes"] = value
        return found

    def _measure(self, written: dict[str, Any]) -> Measure | None:
        where = f"{self.name}, measure {written.get('measure', '?')}"
        self.keys(written, _MEASURE, where, _MEASURE_ALLOWED)
        of, excluded, met = (self._asked(written, key, where) for key in ("of", "excluded", "met"))
        better = self._one_of(written.get("better"), BETTER, where)
        if met is None:
            return None
        name, source, unknown = (self.text(written, key, where) for key in ("measure", "source", "not_assessed"))
        target = self._clause(written, "target", where)
        return Measure(name, self._among(written, where), of, excluded, met, better, target, source, unknown)

    def _gap(self, written: dict[str, Any], tasks: list[str]) -> Gap | None:
        where = f"{self.name}, gap {written.get('gap', '?')}"
        self.keys(written, _GAP, where, _GAP_ALLOWED)
        when, due = self._asked(written, "when", where), self._due(written, where)
        name, task, source, unknown = (
            self.text(written, key, where) for key in ("gap", "task", "source", "not_assessed")
        )
        if task and task not in tasks:
            self.wrong(where, f"{task} is no task of the file", nearest(task, tasks))
        return None if when is None else Gap(name, self._among(written, where), when, due, task, source, unknown)

    def _task(self, written: dict[str, Any]) -> Task | None:
        where = f"{self.name}, task {written.get('task', '?')}"
        self.keys(written, _TASK, where)
        minutes = self._clause(written, "minutes", where)
        if minutes is None:
            return None
        return Task(self.text(written, "task", where), self.text(written, "role", where), minutes)

    def _due(self, written: dict[str, Any], where: str) -> Due:
        asked = self.mapping(written, "due", where)
        if not asked:
            return Due()
        self.keys(asked, _DUE[:1], where, _DUE[1:])
        column = self.text(asked, "date", where)
        if column not in self.columns or self.columns[column].kind != "date":
            self.wrong(where, f"{column} is no date of the service table", nearest(column, self.columns))
        return Due(column, int(self.number(asked.get("months", "0"), where)))

    def _asked(self, written: dict[str, Any], key: str, where: str) -> Criterion | None:
        return self.criterion(written[key], f"{where}, {key}") if written.get(key) else None

    def _among(self, written: dict[str, Any], where: str) -> str:
        return self._one_of(written.get("among", COHORT), (COHORT, REGISTERED), where)

    def _one_of(self, word: Any, words: tuple[str, ...], where: str) -> str:
        if word not in words:
            self.wrong(where, f"{word} is none of its words", nearest(str(word), words))
            return words[0]
        return str(word)

    def _clause(self, written: dict[str, Any], key: str, where: str) -> Clause | None:
        asked = written.get(key)
        if not asked:
            return None
        if not isinstance(asked, dict) or list(asked) != ["clause"]:
            self.wrong(where, f"{key} names a clause", "Write it as {clause: its_name}.")
            return None
        self.used[asked["clause"]] = clause(asked["clause"], self.year)
        return self.used[asked["clause"]]
