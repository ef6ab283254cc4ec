"""``pcn-analysis rules``: find the faults of models and cohorts, say what differs between two, write pages to sign.

Exit codes of ``lint``: 0 nothing to mend, 1 a cohort, or a model that is not a published one, has faults of
:data:`TO_MEND`, 2 a model or cohort cannot be read.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcn_analysis.commands.project import say, settings_of_project, shown
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem
from pcn_analysis.words import listed, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcn_analysis.commands.revisions import NamedModel
    from pcn_analysis.rules import Model
    from pcn_analysis.rules.difference import Difference
    from pcn_analysis.rules.lint import Fault

rules_app = typer.Typer(no_args_is_help=True, help="Models and cohorts: their faults, what differs, pages to sign.")

FAULTS = 1
TO_MEND = (
    "unreachable",
    "repeated",
    "unknown cluster",
    "gap",
    "overlap",
    "text",
    "takes nobody out",
    "leaves nobody",
    "never first",
)
"""Kinds of fault that are mistakes; the others are something to know of. A published model keeps its mistakes, and a
corrected one departs from the words of the publication where a note says so."""
PAGES = Path("docs/rules")
SOURCE = "source"
"""What of an element differs where another source is named for it."""

ModelName = typer.Argument(metavar="MODEL", help="Name of a published model, or a file that ends in .yaml.")
RulesName = typer.Argument(metavar="NAME", help="Name of a model or cohort of ours, or a file that ends in .yaml.")


@rules_app.command()
def lint(names: Annotated[list[str] | None, RulesName] = None) -> None:
    """List the faults of models and cohorts that can be seen without any patient; by default of every one of ours."""
    from pcn_analysis.anticipatory.cohorts import COHORTS
    from pcn_analysis.segmentation.models import MODELS

    asked = dict.fromkeys(names or (*MODELS, *COHORTS))
    to_mend = sum(_lint_cohort(name) if _is_cohort(name) else _lint_model(name) for name in asked)
    if to_mend:
        typer.echo(f"{number(to_mend, 'fault')} to mend, or to decide on: {listed(TO_MEND)}.", err=True)
        raise typer.Exit(FAULTS)


def _is_cohort(name: str) -> bool:
    """Whether a name or file is that of a cohort; a file that says neither is read as a model, and refused as one."""
    from pcn_analysis.anticipatory.cohorts import COHORTS
    from pcn_analysis.rules.model_files import EXAMPLE
    from pcn_analysis.segmentation.models import MODELS
    from pcn_analysis.settings import MODEL_FILES
    from pcn_analysis.yaml_text import read_text, read_texts

    if name.endswith(MODEL_FILES):
        written = read_texts(read_text(Path(name)), Path(name).name, example=EXAMPLE)
        return "cohort" in written and "model" not in written
    if name not in (*MODELS, *COHORTS) and "@" not in name:
        raise problem("model or cohort", f"there is none called {name}", nearest(name, [*MODELS, *COHORTS]))
    return name in COHORTS


def _lint_model(name: str) -> int:
    """Tell the faults of a model; return how many are to be mended."""
    from pcn_analysis.commands.revisions import model_named
    from pcn_analysis.rules.lint import KINDS
    from pcn_analysis.rules.lint import lint as faults_of
    from pcn_analysis.segmentation.models import MODELS

    model = model_named(name).model
    faults = faults_of(model)
    _tell_faults(f"{name}: {model.title} ({model.variant}).", faults, KINDS, ("segment", "element"))
    if f"{name}_published" in MODELS:
        typer.echo(f"Faults of the publication are mended here; `pcn-analysis rules lint {name}_published` has them.")
    return sum(_is_to_mend(one, model) for one in faults)


def _lint_cohort(name: str) -> int:
    """Tell the faults of a cohort; return how many are to be mended."""
    from pcn_analysis.anticipatory.cohorts import find_cohort
    from pcn_analysis.anticipatory.cohorts.faults import FAULTS as KINDS
    from pcn_analysis.anticipatory.cohorts.faults import faults as faults_of

    cohort = find_cohort(name)
    faults = faults_of(cohort)
    _tell_faults(f"{name}: {cohort.title} (cohort).", faults, KINDS, ("step", "reason"))
    return sum(one.kind in TO_MEND for one in faults)


def _tell_faults(what: str, faults: list[Fault], kinds: Iterable[str], places: tuple[str, str]) -> None:
    from pcn_analysis.rules.lint import summary

    typer.echo(f"{what} {summary(faults, kinds)}")
    rows = [(one.kind, one.segment, one.element, one.what) for kind in kinds for one in faults if one.kind == kind]
    _show(("kind", *places, "what"), rows)


def _is_to_mend(fault: Fault, model: Model) -> bool:
    noted = {element.name for _, element in model.elements() if element.note}
    departs = model.variant == "corrected" and fault.kind == "text" and fault.element in noted
    return model.variant != "published" and fault.kind in TO_MEND and not departs


@rules_app.command()
def document(
    models: Annotated[list[str] | None, ModelName] = None,
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder to write to; default: docs/rules.")] = None,
) -> None:
    """Write a page for each model, to be read and signed; by default for every published one, cohort and service."""
    from pcn_analysis.anticipatory.cohorts.document import write_pages
    from pcn_analysis.commands.revisions import model_named
    from pcn_analysis.rules.document import OVERVIEW, Page, check_pages, overview, sign_off
    from pcn_analysis.segmentation.models import MODELS, find_model
    from pcn_analysis.services.document import write_pages as write_services
    from pcn_analysis.settings import load_settings

    settings = load_settings()
    folder = to or settings.root / PAGES
    named = [model_named(name) for name in dict.fromkeys(models or MODELS)]
    asked = [Page(one.name, one.stem, one.model) for one in named]
    check_pages(asked, {name: find_model(name) for name in MODELS}, folder)
    pages = list({page.stem.casefold(): (page.stem, page.model) for page in asked}.values())
    folder.mkdir(parents=True, exist_ok=True)
    for stem, model in pages:
        (folder / f"{stem}.md").write_text(sign_off(model), encoding="utf-8", newline="\n")
    if not models:
        (folder / f"{OVERVIEW}.md").write_text(overview(pages), encoding="utf-8", newline="\n")
    typer.echo(f"Wrote {number(len(pages), 'page')} to {shown(folder, settings)}.")
    if not models:
        for name, write in (("cohorts", write_pages), ("services", write_services)):
            typer.echo(f"Wrote {number(write(folder / name), 'page')} to {shown(folder / name, settings)}.")


@rules_app.command()
def diff(
    one: Annotated[str, typer.Argument(metavar="A", help="A model, a file, or FILE@REVISION as git knows it.")],
    other: Annotated[str | None, typer.Argument(metavar="[B]", help="What it is held against; or --since.")] = None,
    *,
    since: Annotated[
        str | None, typer.Option(metavar="REVISION", help="Instead of B: A as it was in this revision of git.")
    ] = None,
    place: Annotated[str | None, typer.Option(help="A prepared place: count who moves in one of its networks.")] = None,
    pcn: Annotated[str | None, typer.Option(help="Code of the network.")] = None,
    people: Annotated[
        str | None, typer.Option(help="Whose records: records or synthetic; default: those that there are.")
    ] = None,
    cells: Annotated[
        bool, typer.Option(help="Execute the notebooks with both models, and list the cells that change.")
    ] = True,
) -> None:
    """Say what differs between two models; with people, who moves, why, and which cells of the notebooks change."""
    from pcn_analysis.commands.revisions import model_named
    from pcn_analysis.rules.difference import differences
    from pcn_analysis.segmentation.comparison import are_versions

    _check_options(other, since, place, {"--pcn": pcn, "--people": people})
    names = (one, str(other)) if since is None else (f"{one}@{since}", one)
    models = [model_named(name) for name in names]
    first, second = (named.model for named in models)
    if are_versions(first, second):
        _tell_differences(" → ".join(names), differences(first, second))
    else:
        for named in models:
            segments = listed([segment.name for segment in named.model.ordered()])
            typer.echo(f"{named.name}: {named.model.title}: {segments}; the others are {named.model.remainder}.")
    if place:
        _count(models, place, pcn, people, cells=cells)


def _check_options(other: str | None, since: str | None, place: str | None, of_people: dict[str, str | None]) -> None:
    problems = []
    if (other is None) == (since is None):
        problems.append(Problem("rules diff", "needs a second model or a revision", "Give either B or --since."))
    if not place:
        problems += [
            Problem(name, "has no effect without --place", "Give --place as well, or leave it out.")
            for name, given in of_people.items()
            if given
        ]
    if problems:
        raise PcnAnalysisError(*problems)


def _tell_differences(names: str, found: Sequence[Difference]) -> None:
    """Say what the rules ask differently, and where only words differ."""
    rules = [one for one in found if not one.is_wording]
    typer.echo(f"{names}: {number(len(rules), 'rule differs', 'rules differ')}.")
    for difference in rules:
        typer.echo(f"  {difference}")
    wording = [one for one in found if one.is_wording]
    told = [f"{one.where} ({one.what})" for one in wording if not (one.element and one.what == SOURCE)]
    if sources := len(wording) - len(told):
        told.append(f"what {number(sources, 'element')} {'names' if sources == 1 else 'name'} as {SOURCE}")
    if told:
        typer.echo(f"  Wording alone: {'; '.join(told)}.")


def _count(models: Sequence[NamedModel], place: str, pcn: str | None, people: str | None, *, cells: bool) -> None:
    """Say who moves between two models in a network, and which cells of the notebooks change."""
    from pcn_analysis.commands.movers import cells_that_change, population_asked_for, tell_movers
    from pcn_analysis.segmentation.comparison import are_versions

    settings = settings_of_project()
    population = population_asked_for(settings, place, pcn, people, say)
    tell_movers(population, *(named.model for named in models))
    if cells and are_versions(*(named.model for named in models)):
        cells_that_change(settings, population, models, say)


def _show(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Show rows as a table in a terminal, else one a line."""
    if not rows:
        return
    if not sys.stdout.isatty():
        for kind, *where, what in rows:
            typer.echo(f"  {kind}: {', '.join(where)}: {what}")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings)
    for row in rows:
        table.add_row(*row)
    Console().print(table, markup=False)
