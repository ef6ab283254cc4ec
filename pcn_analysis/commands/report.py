"""The command that makes reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcn_analysis.commands.project import SOME_FAILED, WithSyntheticPeople, say, settings_of_project, shown
from pcn_analysis.settings import MODEL_FILES

if TYPE_CHECKING:
    from pcn_analysis.reports.ledger import Entry


def report(
    *,
    place: Annotated[str | None, typer.Option(help="A prepared place; default: every real one.")] = None,
    pcn: Annotated[list[str] | None, typer.Option(help="Network code; may be repeated. Default: all.")] = None,
    notebook: Annotated[list[str] | None, typer.Option(help="Notebook; may be repeated. Default: all.")] = None,
    model: Annotated[
        str | None, typer.Option(help="Segments: a published model, or a .yaml file. Default: the settings'.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A notebook's parameter, for this run; may be repeated."),
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Notebooks executed at once.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Make pages that are up to date as well.")] = False,
    with_synthetic_people: WithSyntheticPeople = False,
) -> None:
    """Execute the notebooks for each network; write pages and the index under reports/."""
    from pcn_analysis.reports import planning, runner
    from pcn_analysis.reports.progress import follow
    from pcn_analysis.reports.site import write_index

    settings = settings_of_project()
    settings = replace(settings, jobs=jobs or settings.jobs, model=_from_here(model) if model else settings.model)
    places = planning.choose_places(settings.processed, place)
    planned = planning.plan(
        settings, places, pcn or [], notebook or [], synthetic_people=with_synthetic_people, sets=set_ or []
    )
    for absent in planned.absent:
        typer.echo(absent.line())
    entries: list[Entry] = []
    try:
        with follow(len(planned.jobs)) as done:
            entries = runner.run(planned.jobs, settings, force=force, done=done, say=say)
    finally:
        asked = {one.slug for one in places}
        index = write_index(settings, entries, asked, synthetic_people=with_synthetic_people)
    failed = [entry for entry in entries if entry.status == "failed"]
    made = sum(entry.status == "ok" for entry in entries)
    typer.echo(f"{made} pages made, {len(entries) - made - len(failed)} up to date, {len(failed)} failed.")
    typer.echo(f"Open {index}")
    if failed:
        typer.echo(f"What failed is in {shown(settings.restricted / 'failed', settings)}", err=True)
        raise typer.Exit(SOME_FAILED)


def _from_here(model: str) -> str:
    """A model as the settings name it: a file by its whole path, as it is looked for from where the user is."""
    return str(Path(model).resolve()) if model.endswith(MODEL_FILES) else model
