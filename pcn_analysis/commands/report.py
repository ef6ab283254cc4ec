"""The command that makes reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcn_analysis.commands import clock
from pcn_analysis.commands.project import SOME_FAILED, WithSyntheticPeople, say, settings_of_project, shown
from pcn_analysis.exceptions import problem
from pcn_analysis.settings import MODEL_FILES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pcn_analysis.reports.jobs import Job
    from pcn_analysis.reports.ledger import Entry
    from pcn_analysis.settings import Settings

_WHICH, _HOW = "Which pages", "How they are made"


def report(
    *,
    all_: Annotated[
        bool, typer.Option("--all", help="Every network of every real place that is prepared.", rich_help_panel=_WHICH)
    ] = False,
    place: Annotated[
        str | None, typer.Option(help="A prepared place; default: every real one.", rich_help_panel=_WHICH)
    ] = None,
    pcn: Annotated[
        list[str] | None,
        typer.Option(help="Network code; may be repeated. Default: all.", rich_help_panel=_WHICH),
    ] = None,
    notebook: Annotated[
        list[str] | None, typer.Option(help="Notebook; may be repeated. Default: all.", rich_help_panel=_WHICH)
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=PATTERN",
            help="Only pages that fit, by place, icb, pcn, network, notebook or status; may be repeated.",
            rich_help_panel=_WHICH,
        ),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Only pages that failed when last tried.", rich_help_panel=_WHICH)
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Make so many pages at most.", rich_help_panel=_WHICH)
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Make pages that are up to date as well.", rich_help_panel=_WHICH)
    ] = False,
    model: Annotated[
        str | None,
        typer.Option(
            help="Segments: a published model, or a .yaml file. Default: the settings'.", rich_help_panel=_HOW
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A notebook's parameter, for this run; may be repeated.",
            rich_help_panel=_HOW,
        ),
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Notebooks executed at once.", rich_help_panel=_HOW)] = None,
    deadline: Annotated[
        str | None,
        typer.Option(metavar="HH:MM", help="Begin no page after this time of day.", rich_help_panel=_HOW),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say which pages would be made, and make none.", rich_help_panel=_HOW)
    ] = False,
    with_synthetic_people: WithSyntheticPeople = False,
) -> None:
    """Execute the notebooks for each network; write pages and the index under reports/."""
    from pcn_analysis.reports import ledger, planning
    from pcn_analysis.reports.runner import to_make
    from pcn_analysis.reports.selection import failed_last, selected

    if all_ and (place or pcn):
        raise problem("--all", "is every network of every place", "Leave it out, or --place and --pcn.")
    settings = settings_of_project()
    settings = replace(settings, jobs=jobs or settings.jobs, model=_from_here(model) if model else settings.model)
    until = clock.next_at(deadline) if deadline else None
    places = planning.choose_places(settings.processed, place, planning.TO_CHOOSE_FROM)
    planned = planning.plan(
        settings, places, pcn or [], notebook or [], synthetic_people=with_synthetic_people, sets=set_ or []
    )
    lines = ledger.read(settings.reports)
    chosen = selected(planned.jobs, places, select or [], lines)
    if retry_failed:
        chosen = failed_last(chosen, lines)
    for absent in planned.absent:
        typer.echo(absent.line())
    if unread := ledger.damaged(settings.reports):
        say(f"{ledger.FILE}: {unread} of its lines cannot be read; their pages are made again.")
    if dry_run:
        _say_due(to_make(chosen, settings, force=force, limit=limit), len(chosen))
        return
    asked: dict[str, Any] = {
        "all": all_,
        "place": place,
        "pcn": pcn,
        "notebook": notebook,
        "select": select,
        "retry_failed": retry_failed,
    }
    asked |= {"limit": limit, "force": force, "jobs": settings.jobs, "deadline": deadline}
    asked |= {"with_synthetic_people": with_synthetic_people, "set": [_nowhere(one) for one in set_ or []]}
    slugs = {one.slug for one in places if not select or one.slug in {job.place for job in chosen}}
    outcome = _run(chosen, settings, {name: one for name, one in asked.items() if one}, slugs, until, limit=limit)
    _tell(outcome, settings)


def _say_due(due: Sequence[Job], chosen: int) -> None:
    """Say which pages would be made."""
    for job in due:
        typer.echo(" ".join(job.page))
    typer.echo(f"{len(due)} of {chosen} pages would be made.")


@dataclass(frozen=True)
class _Outcome:
    """What became of a run."""

    entries: list[Entry]
    left: int
    index: Path
    deadline: dt.datetime | None
    """Of the run, if it is what has left some."""

    def rest(self) -> str:
        """What is said of pages that were not begun: beyond the limit, or at the deadline."""
        if not self.left:
            return ""
        why = f"not begun before {self.deadline:%H:%M}" if self.deadline else "left for the next run"
        return f" {self.left} {why}."


def _run(
    jobs: Sequence[Job],
    settings: Settings,
    asked: dict[str, Any],
    slugs: set[str],
    deadline: dt.datetime | None,
    *,
    limit: int | None,
) -> _Outcome:
    """Make the pages, and write index and manifest whatever happens."""
    from pcn_analysis.reports import ledger, runner
    from pcn_analysis.reports.manifest import Manifest
    from pcn_analysis.reports.progress import follow
    from pcn_analysis.reports.run_lock import only_run
    from pcn_analysis.reports.site import write_index

    entries: list[Entry] = []
    with only_run(settings.restricted, f"{clock.now():%Y-%m-%d %H:%M} UTC"):
        manifest, ended = Manifest(settings, asked, slugs), False
        try:
            with follow(len(jobs)) as done:

                def finished(entry: Entry) -> None:
                    entries.append(entry)
                    done(entry)

                runner.run(
                    jobs,
                    settings,
                    run_id=manifest.run_id,
                    force=asked.get("force", False),
                    limit=limit,
                    until=deadline,
                    done=finished,
                    say=say,
                )
            ended = True
        finally:
            left = len(jobs) - len(entries)
            manifest.end(entries, left, stopped=not ended)
            with_people = asked.get("with_synthetic_people", False)
            index = write_index(settings, entries, slugs, synthetic_people=with_people)
    tried = sum(entry.status != ledger.UP_TO_DATE for entry in entries)
    is_late = left and deadline is not None and clock.now() >= deadline and (limit is None or tried < limit)
    return _Outcome(entries, left, index, deadline if is_late else None)


def _tell(outcome: _Outcome, settings: Settings) -> None:
    """Say what became of a run; with failures, or pages that a deadline left, it ends with an exit code."""
    failed = sum(entry.status == "failed" for entry in outcome.entries)
    made = sum(entry.status == "ok" for entry in outcome.entries)
    kept = len(outcome.entries) - made - failed
    typer.echo(f"{made} pages made, {kept} up to date, {failed} failed.{outcome.rest()}")
    typer.echo(f"Open {outcome.index}")
    if failed:
        typer.echo(f"What failed is in {shown(settings.restricted / 'failed', settings)}", err=True)
    if failed or outcome.deadline:
        raise typer.Exit(SOME_FAILED)


def _nowhere(set_: str) -> str:
    """A parameter as a manifest holds it: of a path from the root of a drive, its last part alone."""
    name, _, value = set_.partition("=")
    return f"{name}={Path(value).name}" if Path(value).is_absolute() else set_


def _from_here(model: str) -> str:
    """A model as the settings name it: a file by its whole path, as it is looked for from where the user is."""
    return str(Path(model).resolve()) if model.endswith(MODEL_FILES) else model
