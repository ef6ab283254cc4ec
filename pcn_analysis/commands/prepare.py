"""Commands that bring data in: prepare a place or records, check records, suggest a mapping, make a key."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

from pcn_analysis.commands.project import settings_of_project, shown
from pcn_analysis.exceptions import problem
from pcn_analysis.words import number

mapping_app = typer.Typer(no_args_is_help=True, help="Mapping files for deliveries with one row a patient.")

_RECORDS = "Records of people"
Folder = Annotated[Path | None, typer.Option(metavar="DIR", rich_help_panel=_RECORDS)]
GpExtract = Annotated[
    Path | None,
    typer.Option("--gp-extract", metavar="DIR", help="Coded events of GP records.", rich_help_panel=_RECORDS),
]
Wide = Annotated[
    Path | None, typer.Option(metavar="FILE", help="One row a patient; with --mapping.", rich_help_panel=_RECORDS)
]
Omop = Annotated[
    Path | None,
    typer.Option(metavar="DIR_OR_DUCKDB", help="OMOP CDM 5.4: CSV, Parquet or DuckDB.", rich_help_panel=_RECORDS),
]
Hospital = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Admitted care, A&E and outpatient rows (HES, SUS, ECDS).",
                 rich_help_panel=_RECORDS),
]  # fmt: skip
Tables = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Tables as the data dictionary describes them.", rich_help_panel=_RECORDS),
]
MappingFile = Annotated[
    Path | None, typer.Option(metavar="YAML", help="Which column of a wide file is which.", rich_help_panel=_RECORDS)
]
Layout = Annotated[
    Path | None,
    typer.Option(metavar="YAML", help="Layout of a GP extract that is not known here.", rich_help_panel=_RECORDS),
]
Codelists = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Your codelists, with their manifest.", rich_help_panel=_RECORDS)
]
ExtractDate = Annotated[
    dt.datetime | None,
    typer.Option("--extract-date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD",
                 help="The last day that the records know of, where they do not say.", rich_help_panel=_RECORDS),
]  # fmt: skip
Pseudonymise = Annotated[
    Path | None,
    typer.Option(metavar="KEYFILE", help="Pseudonymise with the key in this file; else identifiers are refused.",
                 rich_help_panel=_RECORDS),
]  # fmt: skip
OptOuts = Annotated[
    Path | None,
    typer.Option("--opt-outs", metavar="FILE", help="Identifiers of people to leave out.", rich_help_panel=_RECORDS),
]
Name = Annotated[str | None, typer.Option(help="What records without a place are called.", rich_help_panel=_RECORDS)]


def asked_for(**options: Any) -> Any:
    """What was asked for, from the options of a command; one that was not given is left out."""
    from pcn_analysis.extracts.incoming import Asked

    kinds = ("tables", "gp_extract", "wide", "omop", "hospital")
    deliveries = {kind: options.pop(kind) for kind in kinds}
    given = {kind: path for kind, path in deliveries.items() if path}
    day = options.pop("extract_date")
    return Asked(given, extract_date=day.date() if day else None, **options)


def prepare(
    *,
    place: Annotated[
        str | None, typer.Option(help="Name of a local authority, such as Wirral; with records: a prepared place.")
    ] = None,
    open_data: Annotated[Path | None, typer.Option(help="Folder of published files.", metavar="DIR")] = None,
    vintage: Annotated[str, typer.Option(help="Which published files: 2023-07 or 2026-07.")] = "2026-07",
    synthetic: Annotated[
        bool,
        typer.Option("--synthetic", help="Prepare the invented place; with records: say that nobody in them exists."),
    ] = False,
    allow_unmapped: Annotated[
        bool, typer.Option("--allow-unmapped", help="Group practices missing from the map as 'no network'.")
    ] = False,
    gp_extract: GpExtract = None,
    wide: Wide = None,
    omop: Omop = None,
    hospital: Hospital = None,
    tables: Tables = None,
    mapping: MappingFile = None,
    layout: Layout = None,
    codelists: Codelists = None,
    extract_date: ExtractDate = None,
    index_date: Annotated[
        dt.datetime | None,
        typer.Option(
            "--index-date",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="The day that results describe.",
            rich_help_panel=_RECORDS,
        ),
    ] = None,
    pseudonymise: Pseudonymise = None,
    opt_outs: OptOuts = None,
    name: Name = None,
) -> None:
    """Make validated tables of one place, or store records of people, under data/processed/."""
    asked = asked_for(
        gp_extract=gp_extract, wide=wide, omop=omop, hospital=hospital, tables=tables, mapping=mapping, layout=layout,
        codelists=codelists, extract_date=extract_date, key=pseudonymise, opt_outs=opt_outs,
    )  # fmt: skip
    if not asked.deliveries:
        _prepare_place(place, open_data, vintage, synthetic=synthetic, allow_unmapped=allow_unmapped)
        return
    from pcn_analysis.reports.extracts import take_in

    if open_data:
        raise problem("--open-data", "records and published files come in one after the other", "Run prepare twice.")
    on = index_date.date() if index_date else None
    settings = settings_of_project()
    outcome = take_in(settings, asked, place=place, name=name, index_date=on, synthetic=synthetic, say=_progress)
    tell(outcome)
    if outcome.stored:
        people, where = outcome.stored.people, outcome.stored.place
        typer.echo(f"Prepared {sum(people.values()):,} people of {where.name}, in {number(len(people), 'network')}.")
        typer.echo(f"Next: pcn-analysis report --place {where.slug}")


def _prepare_place(
    place: str | None, open_data: Path | None, vintage: str, *, synthetic: bool, allow_unmapped: bool
) -> None:
    """Make validated tables of one place."""
    from pcn_analysis.place import save_place

    settings = settings_of_project()
    if synthetic:
        if place or open_data:
            raise problem("--synthetic", "it invents its own place", "Leave out --place and --open-data.")
        from pcn_analysis.synthetic.place import invent_place

        prepared = invent_place()
    else:
        if not place:
            kinds = "--place NAME with --open-data DIR, records of people (--gp-extract DIR and others), or --synthetic"
            raise problem("prepare", "no place is named", f"Give {kinds}.")
        from pcn_analysis.sources.local_authority import prepare_place

        folder = open_data or settings.raw
        prepared = prepare_place(
            place,
            folder,
            vintage,
            allow_unmapped=allow_unmapped,
            say=_progress,
        )
    folder = save_place(prepared, settings.processed)
    practices = prepared.tables["practices"].frame
    own = practices[practices["in_place"]]
    typer.echo(
        f"Prepared {prepared.name} ({prepared.vintage}): {len(prepared.networks())} networks, {len(own)} practices, "
        f"{own['list_size'].sum():,} patients, in {shown(folder, settings)}"
    )
    if prepared.provenance.synthetic:
        typer.echo("This place is invented: everything made from it is labelled synthetic.")


def check(
    *,
    gp_extract: GpExtract = None,
    wide: Wide = None,
    omop: Omop = None,
    hospital: Hospital = None,
    tables: Tables = None,
    mapping: MappingFile = None,
    layout: Layout = None,
    codelists: Codelists = None,
    extract_date: ExtractDate = None,
    pseudonymise: Pseudonymise = None,
    opt_outs: OptOuts = None,
    place: Annotated[str | None, typer.Option(help="A prepared place to hold practices against.")] = None,
    name: Name = None,
    synthetic: Annotated[bool, typer.Option("--synthetic", help="Say that nobody in these records exists.")] = False,
) -> None:
    """Report on the quality of records before anything is made of them; nothing is stored but the report."""
    from pcn_analysis.reports.extracts import take_in

    asked = asked_for(
        gp_extract=gp_extract, wide=wide, omop=omop, hospital=hospital, tables=tables, mapping=mapping, layout=layout,
        codelists=codelists, extract_date=extract_date, key=pseudonymise, opt_outs=opt_outs,
    )  # fmt: skip
    outcome = take_in(
        settings_of_project(), asked, place=place, name=name, synthetic=synthetic, keep=False, say=_progress
    )
    tell(outcome)


def tell(outcome: Any) -> None:
    """Say what was found, and where the report is."""
    for sentence in outcome.verdict:
        typer.echo(sentence)
    for link in outcome.links:
        typer.echo(f"{link}.")
    for one in outcome.findings:
        if one.action == "left out":
            typer.echo(f"Left out: {one.where}: {one.what}: {one.rows:,}")
        elif "opted out" in one.what or "two deliveries" in one.what:
            typer.echo(f"Note: {one.where}: {one.what}: {one.rows:,}")
    typer.echo(f"Open {outcome.page}; it holds exact counts of people and is not to be published.")


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
