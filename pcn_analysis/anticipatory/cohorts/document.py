"""A cohort as a page to read and sign: its steps, who goes elsewhere, the reasons to be in it, and its faults.

The page is Markdown and follows from the cohort alone, as those of models do (:mod:`pcn_analysis.rules.document`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.anticipatory.cohorts import COHORTS, find_cohort
from pcn_analysis.anticipatory.cohorts.faults import FAULTS, faults
from pcn_analysis.rules.document import GENERATED, OVERVIEW, bullet, signatures, table
from pcn_analysis.rules.in_words import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pcn_analysis.anticipatory.cohorts.cohort import Cohort


def sign_off(cohort: Cohort) -> str:
    """Write the page of one cohort.

    Parameters
    ----------
    cohort
        The cohort.

    Returns
    -------
    str
        Markdown: what the cohort is; its steps in order; the reasons for being in it; who goes first; assumptions;
        faults; lines to sign on.
    """
    facts = [("Name", f"`{cohort.name}`"), ("For whom", cohort.whom), ("Source", cohort.source)]
    parts = [
        f"# {cohort.title}\n\n{GENERATED.replace('model', 'cohort')}\n",
        "".join(bullet(what, said) for what, said in facts),
        "Who meets every step is in the cohort. What is not recorded is not met, and so meets a “not”. A step that "
        "cannot be assessed takes nobody out; where one that the cohort rests on cannot be assessed there is no "
        "cohort. Windows end on the index date, which is not in them.\n",
        _steps(cohort),
        _reasons(cohort),
        _first(cohort),
        "## What is taken for granted\n\n" + ("\n".join(f"- {one}" for one in cohort.assumptions) or "None is stated."),
        "",
        faults_of(cohort),
    ]
    body = "\n".join(parts)
    return f"{body}\n{signatures(body)}"


def write_pages(folder: Path) -> int:
    """Write the page of every cohort of this package, and the list of them.

    Parameters
    ----------
    folder
        Where the pages go; it is made where it is not there.

    Returns
    -------
    int
        How many cohorts have a page.
    """
    cohorts = [find_cohort(name) for name in COHORTS]
    write_texts(folder, {one.name: sign_off(one) for one in cohorts} | {OVERVIEW: overview(cohorts)})
    return len(cohorts)


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Write pages by their stems into a folder, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, text in texts.items():
        (folder / f"{stem}.md").write_text(text, encoding="utf-8", newline="\n")


def overview(cohorts: Iterable[Cohort]) -> str:
    """Write the list of the pages of some cohorts; each page is named by its cohort."""
    rows = [
        (f"[{one.title}]({one.name}.md)", one.whom, str(len(one.steps)), str(len(faults(one)) or "none"))
        for one in cohorts
    ]
    return (
        f"# Cohorts to sign\n\n{GENERATED.replace('model', 'cohort')}\n\nOne page for each cohort, to be read, printed "
        f"and signed by those who answer for its rules.\n\n{table(('cohort', 'for whom', 'steps', 'faults'), rows)}"
    )


def _steps(cohort: Cohort) -> str:
    rows = [
        (
            f"{number}",
            step.name,
            in_words(step.criterion) if step.criterion else "everyone in the person table",
            "yes" if step.defines else "",
            step.goes_to,
            step.source,
        )
        for number, step in enumerate(cohort.steps, start=1)
    ]
    headings = ("step", "who remains", "asks", "the cohort rests on it", "who is taken out is offered", "source")
    return f"## Steps\n\n{table(headings, rows)}"


def _reasons(cohort: Cohort) -> str:
    rows = [(step.name, one.name, in_words(one.when), one.note, one.source) for step, one in cohort.elements()]
    return f"## Reasons for being in it\n\n{table(('step', 'reason', 'asks', 'note', 'source'), rows)}"


def _first(cohort: Cohort) -> str:
    if not cohort.first:
        return "## Who goes first\n\nNobody goes before another.\n"
    rows = [(f"{number}", one.name, in_words(one.when), one.source) for number, one in enumerate(cohort.first, start=1)]
    rows.append((f"{len(rows) + 1}", "Everyone else", "", ""))
    return f"## Who goes first\n\n{table(('priority', 'who', 'asks', 'source'), rows)}"


def faults_of(cohort: Cohort, heading: str = "Faults") -> str:
    """The section that tells what the linter finds in a cohort."""
    found = faults(cohort)
    if not found:
        return f"## {heading}\n\nThe linter finds none.\n"
    rows = [(one.kind, one.segment, one.element, one.what) for one in found]
    meanings = "\n".join(f"- *{kind}*: {FAULTS[kind]}." for kind in dict.fromkeys(row[0] for row in rows))
    said = "Each is to be decided on, not always to be mended."
    return f"## {heading}\n\n{said}\n\n{table(('kind', 'step', 'reason', 'what'), rows)}\n{meanings}\n"
