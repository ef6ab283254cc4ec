"""``pcn-analysis network``: other networks that a place could have, held against today's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from pcn_analysis.commands.network_compare import compare_groupings, laid_out, latest_place
from pcn_analysis.commands.project import settings_of_project, shown
from pcn_analysis.exceptions import problem
from pcn_analysis.thresholds import NETWORK_SIZE
from pcn_analysis.words import count, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.network.design import Design
    from pcn_analysis.place import Place

network_app = typer.Typer(no_args_is_help=True, help="Networks of a place, other groupings and options.")
network_app.command(name="compare")(compare_groupings)

STATUS = {
    "optimal": "The exact assignment is proven best for its aim",
    "time limit": "The exact assignment was stopped by the time limit",
}


@network_app.command(name="design")
def design_networks(
    *,
    place: Annotated[str, typer.Option(help="A prepared place, such as Wirral.")],
    networks: Annotated[int, typer.Option(help="How many networks.")],
    band: Annotated[
        str, typer.Option(metavar="FROM-TO", help="Fewest and most patients of a network.")
    ] = f"{NETWORK_SIZE[0]}-{NETWORK_SIZE[1]}",
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE,CODE", help="Practices that stay together; may be repeated."),
    ] = None,
    separate: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE,CODE", help="Practices that may not be together; may be repeated."),
    ] = None,
    max_moves: Annotated[int | None, typer.Option(help="Most practices that may leave their network.")] = None,
    within_la: Annotated[
        bool, typer.Option("--within-la", help="No network crosses from one local authority into another.")
    ] = False,
    time_limit: Annotated[float, typer.Option(help="Seconds for the exact assignment, and again for searching.")] = 60,
    seed: Annotated[
        int,
        typer.Option(
            help="Where random numbers start; the same seed gives the same plans, where time does not run out."
        ),
    ] = 0,
) -> None:
    """Put whole practices into contiguous networks within a band of sizes: three to five plans, and today's.

    They are options to talk about, not an answer. The plans are kept for the page on the networks of the place.
    """
    from pcn_analysis.network.design import Wanted
    from pcn_analysis.network.place_plans import design_place, keep_design, own_practices

    settings = settings_of_project()
    limits = _band(band)
    one = latest_place(place, settings)
    authorities = own_practices(one)["local_authority_name"]
    wanted = Wanted(
        networks,
        limits,
        keep=_groups(keep),
        separate=_groups(separate),
        max_moves=max_moves,
        within=authorities if within_la else None,
        time_limit=time_limit,
        seed=seed,
    )
    made = design_place(one, wanted)
    path = keep_design(one, wanted, made, settings.processed)
    _tell(one, made)
    if within_la and len(set(authorities)) == 1:
        typer.echo(f"Every practice of {one.name} is of one local authority: --within-la asks for nothing more.")
    typer.echo(f"Kept in {shown(path, settings)}; `pcn-analysis report --place {one.slug} --notebook 08` shows it.")


@network_app.command(name="map")
def map_networks(place: Annotated[str, typer.Option(help="A prepared place, such as Wirral.")]) -> None:
    """Write a map of a place's networks to point at and to search in, with its areas as CSV and GeoPackage.

    It goes under reports/, loads nothing from outside and stands on the index.
    """
    from pcn_analysis.reports.network_map import write_network_map
    from pcn_analysis.reports.site import write_index

    settings = settings_of_project()
    one = latest_place(place, settings)
    typer.echo(f"Wrote {shown(write_network_map(settings, one), settings)}")
    write_index(settings, [], {one.slug})


def _band(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"\s*([0-9]{1,7})\s*-\s*([0-9]{1,7})\s*", text)
    if not found:
        raise problem("--band", f"“{text}” is no pair of whole numbers", "Write it as 30000-50000.")
    return int(found[1]), int(found[2])


def _groups(given: list[str] | None) -> list[list[str]]:
    return [[code.strip() for code in one.split(",") if code.strip()] for one in given or []]


def _tell(place: Place, made: Design) -> None:
    """Say what the plans cost and gain; a table of published counts."""
    from pcn_analysis.network.place_plans import plans_table
    from pcn_analysis.release import release

    typer.echo(f"{place.name}, {place.index_date.day} {place.index_date:%B %Y}")
    rows = release(plans_table(place, made), profile="open_data").frame
    typer.echo(_table(rows))
    gap = "" if made.gap != made.gap or made.gap == 0 else f", within {percent(made.gap)} of the best possible"
    typer.echo(f"{STATUS.get(made.status, f'Exact assignment: {made.status}')}{gap} ({made.seconds:.0f} s).")
    for note in made.notes:
        typer.echo(note)
    typer.echo("Options for discussion: nothing here says how care would be better or worse.")


def _table(rows: pd.DataFrame) -> str:
    """Lay out a table of plans in columns as wide as they need to be."""
    head = ("plan", "networks", "practices moved", "patients moved", "localisation", "worst-off", "sizes", "in band")
    lines = [
        (
            str(row.plan),
            count(row.networks),
            count(row.moves),
            count(row.patients_moved),
            percent(row.localisation),
            percent(row.worst),
            f"{count(row.smallest)} to {count(row.largest)}",
            f"{count(row.in_band)} of {number(row.networks, 'network')}",
        )
        for row in rows.itertuples()
    ]
    return laid_out(head, lines)
