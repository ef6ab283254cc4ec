"""Commands that bring data in: prepare a place or records, check records, suggest a mapping, make a key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pcn_analysis.commands import clock
from pcn_analysis.commands.places import Published, hold_against_random, prepare_every_place, store
from pcn_analysis.commands.project import settings_of_project
from pcn_analysis.commands.records import Records, option, tell, with_records
from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.words import listed, number

if TYPE_CHECKING:
    from pcn_analysis.settings import Settings

mapping_app = typer.Typer(no_args_is_help=True, help="Mapping files for deliveries with one row a patient.")

LATEST_VINTAGE = "2026-07"
_PUBLISHED = "A place from published files"


@with_records
def prepare(
    *,
    place: Annotated[
        str | None, typer.Option(help="Name of a local authority, such as Wirral; with records: a prepared place.")
    ] = None,
    synthetic: Annotated[
        bool,
        typer.Option("--synthetic", help="Prepare the invented place; with records: say that nobody in them exists."),
    ] = False,
    open_data: Annotated[
        Path | None, typer.Option(help="Folder of published files.", metavar="DIR", rich_help_panel=_PUBLISHED)
    ] = None,
    vintage: Annotated[
        str | None,
        typer.Option(metavar="V", help="2023-07 or 2026-07.", show_default=LATEST_VINTAGE, rich_help_panel=_PUBLISHED),
    ] = None,
    allow_unmapped: Annotated[
        bool,
        typer.Option(
            "--allow-unmapped",
            help="Group practices missing from the map as 'no network'.",
            rich_help_panel=_PUBLISHED,
        ),
    ] = False,
    every_place: Annotated[
        bool,
        typer.Option("--every-place", help="Every local authority of England.", rich_help_panel=_PUBLISHED),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Places prepared at once, with --every-place.", rich_help_panel=_PUBLISHED),
    ] = None,
    records: Records,
) -> None:
    """Make validated tables of a place, or of every place, or store records of people, under data/processed/."""
    of_place: dict[str, object] = {"open_data": open_data, "vintage": vintage, "allow_unmapped": allow_unmapped}
    of_place |= {"every_place": every_place, "jobs": jobs}
    given = [option(name) for name, one in of_place.items() if one]
    problems = records.problems(place=place, today=clock.today())
    if records.deliveries:
        remedy = "Leave it out. A place is prepared first, without records."
        problems += [Problem(one, "has no effect with records", remedy) for one in given]
    elif synthetic and (place or given):
        named = ["--place"] if place else []
        problems.append(Problem("--synthetic", "invents its own place", f"Leave out {listed([*named, *given])}."))
    elif every_place and place:
        problems.append(Problem("--place", "is one of every place", "Leave it out, or leave out --every-place."))
    elif jobs and not every_place:
        problems.append(Problem("--jobs", "has no effect on one place", "Leave it out, or give --every-place."))
    if problems:
        raise PcnAnalysisError(*problems)
    if not records.deliveries:
        settings = settings_of_project()
        published = Published(open_data or settings.raw, vintage or LATEST_VINTAGE, allow_unmapped)
        if every_place:
            prepare_every_place(published, settings, jobs or settings.jobs)
        else:
            _prepare_place(place, published, settings, synthetic=synthetic)
        return
    from pcn_analysis.reports.extracts import take_in

    outcome = take_in(
        settings_of_project(),
        records.asked(),
        place=place,
        name=records.name,
        index_date=records.index_date,
        synthetic=synthetic,
        say=_progress,
    )
    tell(outcome)
    if outcome.stored:
        people, where = outcome.stored.people, outcome.stored.place
        typer.echo(f"Prepared {sum(people.values()):,} people of {where.name}, in {number(len(people), 'network')}.")
        typer.echo(f"Next: pcn-analysis report --place {where.slug}")


def _prepare_place(place: str | None, published: Published, settings: Settings, *, synthetic: bool) -> None:
    """Make validated tables of one place."""
    if synthetic:
        from pcn_analysis.synthetic.place import invent_place

        prepared = invent_place()
    else:
        if not place:
            kinds = "--place NAME with --open-data DIR, records of people (--gp-extract DIR and others), or --synthetic"
            raise problem("prepare", "no place is named", f"Give {kinds}.")
        from pcn_analysis.sources.local_authority import prepare_place

        prepared = prepare_place(
            place, published.folder, published.vintage, allow_unmapped=published.allow_unmapped, say=_progress
        )
    typer.echo(f"Prepared {prepared.name} ({prepared.vintage}): {store(prepared, settings)}")
    if prepared.provenance.synthetic:
        typer.echo("This place is invented: everything made from it is labelled synthetic.")
    if held := hold_against_random(prepared, settings):
        typer.echo(held)


@with_records
def check(
    *,
    place: Annotated[str | None, typer.Option(help="A prepared place to hold practices against.")] = None,
    synthetic: Annotated[bool, typer.Option("--synthetic", help="Say that nobody in these records exists.")] = False,
    records: Records,
) -> None:
    """Report on the quality of records before anything is made of them; nothing is stored but the report."""
    from pcn_analysis.reports.extracts import take_in

    if problems := records.problems(place=place, today=clock.today()):
        raise PcnAnalysisError(*problems)
    outcome = take_in(
        settings_of_project(),
        records.asked(),
        place=place,
        name=records.name,
        index_date=records.index_date,
        synthetic=synthetic,
        keep=False,
        say=_progress,
    )
    tell(outcome)


@mapping_app.command()
def suggest(
    file: Annotated[Path, typer.Argument(help="A file with one row a patient.")],
    to: Annotated[Path | None, typer.Option(help="File to write; by default beside the other one.")] = None,
) -> None:
    """Write a first mapping file from the names and values of columns, with what could not be placed."""
    from pcn_analysis.extracts.delivery import open_delivery
    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.identifiers import Door
    from pcn_analysis.extracts.suggestion import suggest as suggested
    from pcn_analysis.extracts.workspace import workspace

    target = to or file.with_suffix(".mapping.yaml")
    if target.exists():
        raise problem(target.name, "is there already", "Name another with --to, or remove it.")
    findings = Findings()
    with workspace(settings_of_project().processed / "people") as space:
        text = suggested(open_delivery(file, space, findings, Door(None, findings)))
    with target.open("x", encoding="utf-8") as stream:
        stream.write(text)
    typer.echo(f"Wrote {target}. Read it, fill in every `?`, and give it with --mapping.")


def key(file: Annotated[Path, typer.Argument(help="File to write; it must not exist.")]) -> None:
    """Make a key for pseudonyms. Whoever has it can find people again: keep it apart from the data."""
    from pcn_analysis.extracts.pseudonyms import generate_key

    settings = settings_of_project()
    generate_key(file, (settings.reports, settings.notebooks))
    typer.echo(f"Wrote a key to {file}. Keep it apart from the data; without it nothing can be linked again.")


def _progress(step: str) -> None:
    typer.echo(f"{step} …")
