"""The page of hazards, ``docs/hazard_log.md``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tests.hazards.matrix import LIKELIHOODS, MATRIX, RISKS, SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.hazards.log import Control, Hazard

HEAD = """# Hazard log

Generated from `docs/hazards.yaml` by `python -m tests.hazards > docs/hazard_log.md`; a test keeps the two the same.

What could go wrong with this product so that a patient comes to harm, and what is done about it, in the manner of
DCB0129. What the product is for is in [intended_purpose.md](intended_purpose.md).

**This log has been drawn up by engineers. No Clinical Safety Officer and no clinician has reviewed it.** Severities and
likelihoods are proposals, and no hazard is closed. It is a start for a clinical safety case and is none itself.

## How to read it

- **Initial risk**: with nothing done. **Residual risk**: with those controls of ours that a test guards, and no others.
  What the deployer does would lower it further, and is theirs to judge (DCB0160).
- A control is of the **design**, or **information** that goes with the product, or for the **deployer**. Each of the
  first two names its tests, or says why there are none yet.
- **Open**: a control has no test yet. **Tested**: every control of ours has. **Deployer to act**: there is something
  that only they can do.
- A test, `tests/unit/test_hazard_log.py`, refuses this log if a test that it names is gone or never run, if a risk
  falls without a control that is tested, if more than 3 is left, or if 3 is left without a reason. It cannot know
  whether a test is good enough for what it guards: whoever changes one that is named here reads the control first.

To add a hazard, add it to `docs/hazards.yaml` and write this page again. Never use a number twice.
"""
MATRIX_HEAD = """
### Risk

The matrix is the example of the guidance on DCB0129, as NHS Digital's UK Core hazard log prints it (repository
NHSDigital/IOPS-FHIR-Simplifier-Backup, UK-Core-Hazard-Log). The levels are in our words.
"""


def document(log: Sequence[Hazard]) -> str:
    """Text of ``docs/hazard_log.md``."""
    lines = [*HEAD.splitlines(), *MATRIX_HEAD.splitlines(), "", *_matrix(), "", "## All hazards", "", *_overview(log)]
    for area, own in groupby(log, key=lambda hazard: hazard.area):
        lines += ["", f"## {area}", *(line for hazard in own for line in _section(hazard))]
    lines += ["", "## Not yet tested", "", *_not_yet(log), "", "## What the deployer does", ""]
    lines += [f"- {hazard.id}: {it.what}." for hazard in log for it in hazard.controls if it.kind == "deployer"]
    return "\n".join([*lines, ""])


def _matrix() -> Iterator[str]:
    yield f"| likelihood | {' | '.join(SEVERITIES)} |"
    yield f"|---|{'---|' * len(SEVERITIES)}"
    for likelihood in reversed(MATRIX):
        yield f"| {likelihood} | {' | '.join(map(str, MATRIX[likelihood]))} |"
    yield ""
    yield from (f"- **{level.capitalize()}** severity: {words}." for level, words in SEVERITIES.items())
    yield from (f"- **{level.capitalize()}** likelihood: {words}." for level, words in LIKELIHOODS.items())
    yield from (f"- **{level}**: {words}." for level, words in RISKS.items())


def _overview(log: Iterable[Hazard]) -> Iterator[str]:
    yield "| | hazard | initial risk | residual risk | status |"
    yield "|---|---|---|---|---|"
    for it in log:
        yield f"| {it.id} | {it.hazard} | {it.initial} | {it.residual} | {it.status} |"


def _section(it: Hazard) -> Iterator[str]:
    yield from ("", f"### {it.id} {it.hazard}", "")
    yield "Causes:"
    yield from ("", *(f"- {cause}." for cause in it.causes), "")
    yield f"Effect on a patient: {it.effect}."
    yield ""
    yield "| | severity | likelihood | risk |"
    yield "|---|---|---|---|"
    yield f"| initial | {it.severity} | {it.likelihood_before} | **{it.initial}** |"
    yield f"| residual | {it.severity} | {it.likelihood_after} | **{it.residual}** |"
    yield ""
    if it.why:
        yield from (f"Why this is put up with: {it.why}.", "")
    yield f"Status: {it.status}. Controls:"
    yield ""
    for control in it.controls:
        yield from _control(control)


def _control(it: Control) -> Iterator[str]:
    yield f"- **{it.kind.capitalize()}**: {it.what}.{f' **Not yet tested.** {it.not_yet}.' if it.not_yet else ''}"
    yield from (f"  - `{test}`" for test in it.tests)


def _not_yet(log: Iterable[Hazard]) -> list[str]:
    lines = [f"- {hazard.id}: {it.what}. {it.not_yet}." for hazard in log for it in hazard.controls if it.not_yet]
    return lines or ["Nothing: every control of ours has a test."]
