"""What a hazard and a control are, how they are read, and what can be wrong with the log."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pcn_analysis.yaml_text import read_texts
from tests.hazards.matrix import LIKELIHOODS, SEVERITIES, risk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[2]
LOG = ROOT / "docs" / "hazards.yaml"
KINDS = ("design", "information", "deployer")
"""Of the program itself; told with it; and what only those who put it to use can do."""
BORNE, HIGHEST = 3, 3
"""Residual risk from which a reason is needed, and the highest that is put up with."""
NOT_RUN = ("skip", "xfail")


@dataclass(frozen=True)
class Control:
    """What is done about a hazard.

    Parameters
    ----------
    kind
        One of ``KINDS``.
    what
        What is done, in a sentence.
    tests
        Node ids of the tests that guard it; none of what the deployer does.
    not_yet
        Why no test guards it yet; empty where one does.
    """

    kind: str
    what: str
    tests: tuple[str, ...] = ()
    not_yet: str = ""


@dataclass(frozen=True)
class Hazard:
    """What could go wrong, what that would do to a patient, and what is done about it.

    Parameters
    ----------
    id, area, hazard, causes, effect
        What it is called, which part of the product it is of, and what it is in words.
    severity, likelihood_before, likelihood_after
        Of the harm; before anything is done, and with those controls of ours that are tested.
    controls
        What is done.
    why
        Why a residual risk of 3 is put up with.
    """

    id: str
    area: str
    hazard: str
    causes: tuple[str, ...]
    effect: str
    severity: str
    likelihood_before: str
    likelihood_after: str
    controls: tuple[Control, ...]
    why: str = ""

    @property
    def initial(self) -> int:
        """Risk before anything is done."""
        return risk(self.severity, self.likelihood_before)

    @property
    def residual(self) -> int:
        """Risk that is left."""
        return risk(self.severity, self.likelihood_after)

    @property
    def status(self) -> str:
        """Open while a control has no test; else tested, and whether the deployer has to do something as well."""
        if any(control.not_yet for control in self.controls):
            return "open"
        return "tested; deployer to act" if any(it.kind == "deployer" for it in self.controls) else "tested"


def hazards(text: str | None = None) -> list[Hazard]:
    """Hazards of a text, or of the log."""
    text = LOG.read_text(encoding="utf-8") if text is None else text
    return [_hazard(entry) for entry in read_texts(text, LOG.name, example=LOG.name)["hazards"]]


def _hazard(entry: dict) -> Hazard:
    controls = tuple(_control(dict(control)) for control in entry["controls"])
    return Hazard(**{**entry, "causes": tuple(entry["causes"]), "controls": controls})


def _control(entry: dict) -> Control:
    [kind] = entry.keys() - {"tests", "not_yet"}
    return Control(kind, entry[kind], tuple(entry.get("tests", ())), entry.get("not_yet", ""))


def ids_of_tests(root: Path = ROOT) -> set[str]:
    """Node ids of all tests below a folder, found without importing any.

    Tests that are always skipped, or expected to fail, are not among them.
    """
    return {
        f"{path.relative_to(root).as_posix()}::{node.name}"
        for path in sorted((root / "tests").rglob("test_*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not _is_not_run(node)
    }


def _is_not_run(test: ast.FunctionDef) -> bool:
    parts = (part for decorator in test.decorator_list for part in ast.walk(decorator))
    return any(isinstance(part, ast.Attribute) and part.attr in NOT_RUN for part in parts)


def faults(log: Iterable[Hazard], known: set[str]) -> list[str]:
    """Everything that is wrong with a log: one sentence each.

    Parameters
    ----------
    log
        The hazards.
    known
        Node ids of the tests that there are.
    """
    log = list(log)
    ids = [hazard.id for hazard in log]
    twice = [f"{id_} stands twice" for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1})]
    return [*twice, *(f"{hazard.id}: {fault}" for hazard in log for fault in _faults(hazard, known))]


def _faults(hazard: Hazard, known: set[str]) -> Iterator[str]:
    likelihoods = (hazard.likelihood_before, hazard.likelihood_after)
    unknown = [word for word in likelihoods if word not in LIKELIHOODS]
    unknown += [hazard.severity] if hazard.severity not in SEVERITIES else []
    yield from (f"{word} is no level" for word in unknown)
    yield from ("has an empty text" for text in (hazard.area, hazard.hazard, hazard.effect, *hazard.causes) if not text)
    if not hazard.causes:
        yield "has no cause"
    if not hazard.controls:
        yield "has no control"
    if not unknown:
        yield from _faults_of_risk(hazard)
    for control in hazard.controls:
        yield from (f"{fault}: {control.what}" for fault in _faults_of_control(control, known))


def _faults_of_risk(hazard: Hazard) -> Iterator[str]:
    order = list(LIKELIHOODS)
    fell = order.index(hazard.likelihood_after) - order.index(hazard.likelihood_before)
    if fell > 0:
        yield "is likelier with its controls than without"
    if fell < 0 and not any(control.tests for control in hazard.controls):
        yield "is less likely without a control that is tested"
    if hazard.residual > HIGHEST:
        yield f"leaves a risk of {hazard.residual}"
    if hazard.residual >= BORNE and not hazard.why:
        yield f"leaves a risk of {hazard.residual} without a reason"


def _faults_of_control(control: Control, known: set[str]) -> Iterator[str]:
    if control.kind not in KINDS:
        yield f"{control.kind} is no kind of control"
    if control.kind == "deployer" and (control.tests or control.not_yet):
        yield "what a deployer does is tested by the deployer"
    if control.kind != "deployer" and bool(control.tests) == bool(control.not_yet):
        yield "needs tests, or why there are none yet, and not both"
    yield from (f"there is no test {test}" for test in control.tests if test not in known)
