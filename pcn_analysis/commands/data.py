"""``pcn-analysis data``: list, fetch and verify the published files.

Exit codes: 0 all there, 1 some failed while others were fetched, 2 nothing could be done, or something has changed.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pcn_analysis.commands import clock
from pcn_analysis.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pcn_analysis.downloads.catalogue import Catalogue, Download
    from pcn_analysis.downloads.transfer import Seen

data_app = typer.Typer(no_args_is_help=True, help="List, fetch and verify the published files.")

SOME_FAILED, PUT_RIGHT = 1, 2
MEGABYTE = 1e6

Vintage = Annotated[str, typer.Option(help="Which published files: 2023-07 or 2026-07.")]


@data_app.command(name="list")
def list_files(vintage: Vintage = "2026-07") -> None:
    """List the files of a vintage, their publishers and licences, and which are here."""
    settings = load_settings()
    downloads = _catalogue(settings).of_vintage(vintage)
    rows = [(one.name, one.title, one.publisher, one.period, one.licence, _here(one, settings)) for one in downloads]
    if sys.stdout.isatty():
        _show_table(rows, f"Published files of {vintage}")
        return
    for name, title, publisher, period, licence, here in rows:
        typer.echo(f"{name}: {title} ({publisher}, {period}, {licence}): {here}")


@data_app.command()
def fetch(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Files; default: all that are needed.")
    ] = None,
    vintage: Vintage = "2026-07",
    origin: Annotated[
        str | None, typer.Option("--from", metavar="DIR_OR_URL", help="A folder or a mirror that stands in.")
    ] = None,
    accept_changed: Annotated[
        list[str] | None,
        typer.Option("--accept-changed", metavar="NAME", help="Fetch it again, even if it has changed."),
    ] = None,
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Never touch the network.")] = False,
) -> None:
    """Download what is missing, from its publishers, into the folder of published files."""
    from pcn_analysis.downloads import fetching
    from pcn_analysis.downloads.web import Web

    settings = load_settings()
    catalogue = _catalogue(settings)
    source = fetching.choose_origin(origin, offline=offline)
    accepted = catalogue.named(accept_changed or [])
    needed = [one for one in catalogue.of_vintage(vintage) if not one.optional]
    wanted = catalogue.named(names) if names else needed
    wanted += [one for one in accepted if one not in wanted]
    states: list[str] = []
    with _follow() as seen:
        for outcome in fetching.fetch(
            wanted,
            settings.raw,
            web=Web(catalogue.limits),
            retrieved=clock.now(),
            origin=source,
            accept=[one.name for one in accepted],
            seen=seen,
        ):
            states.append(outcome.state)
            if outcome.state == fetching.FETCHED and outcome.note:
                typer.echo(f"{outcome.note.file}: fetched, {_size(outcome.note.size)}, from {outcome.note.address}")
            for one in outcome.problems:
                typer.echo(f"Error: {one}", err=True)
    count = {state: states.count(state) for state in (fetching.FETCHED, fetching.HERE, fetching.FAILED)}
    typer.echo(f"{count['fetched']} fetched, {count['here']} here already, {count['failed']} failed, in {settings.raw}")
    if count["failed"]:
        raise typer.Exit(SOME_FAILED if count["fetched"] else PUT_RIGHT)


@data_app.command()
def verify() -> None:
    """Hash the files again and hold them against what was noted when they were fetched."""
    from pcn_analysis.downloads import notes
    from pcn_analysis.words import number

    verified = notes.verify(load_settings().raw)
    for one in verified:
        typer.echo(f"{one.file}: {one.state}{f' ({one.what})' if one.what else ''}", err=not one.well)
    well = sum(one.well for one in verified)
    typer.echo(f"{number(well, 'file')} well, {len(verified) - well} changed or missing.")
    if well < len(verified):
        raise typer.Exit(PUT_RIGHT)


def _catalogue(settings: Settings) -> Catalogue:
    from pcn_analysis.downloads.catalogue import OVERRIDES, load_catalogue

    return load_catalogue(settings.root / OVERRIDES)


def _here(download: Download, settings: Settings) -> str:
    """Say whether a file is here, since when, and how large it is."""
    from pcn_analysis.downloads.notes import read_note

    found = download.found(settings.raw) if settings.raw.is_dir() else []
    if not found:
        return "missing; a place can be made without it, with less known" if download.optional else "missing"
    note, size = read_note(found[0]), _size(found[0].stat().st_size)
    return f"fetched {note.retrieved[:10]}, {size}" if note else f"put there by hand, {size}"


def _show_table(rows: Sequence[tuple[str, ...]], title: str) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(Column("name", no_wrap=True), "title", "publisher", "period", "licence", "here", title=title)
    for row in rows:
        table.add_row(*row)
    Console().print(table, markup=False)


@contextmanager
def _follow() -> Iterator[Callable[[Download], Seen]]:
    """Show a bar for each file in a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: lambda _come, _size: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:

        def seen(download: Download) -> Seen:
            task = progress.add_task(download.name, total=None)
            return lambda come, size: progress.update(task, completed=come, total=size)

        yield seen


def _size(size: int) -> str:
    return f"{size / MEGABYTE:,.1f} MB" if size >= MEGABYTE / 10 else f"{size:,} bytes"
