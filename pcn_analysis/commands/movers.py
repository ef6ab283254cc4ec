"""What ``pcn-analysis rules diff`` says of people: who moves, the elements behind it, and the cells that change.

Every count passes :func:`pcn_analysis.release.release` under ``hes`` before it is said.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pcn_analysis.exceptions import problem
from pcn_analysis.population import Population, load_population
from pcn_analysis.release import release
from pcn_analysis.segmentation import comparison
from pcn_analysis.words import NOT_SHOWN, count, listed, number, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pcn_analysis.commands.revisions import NamedModel
    from pcn_analysis.place import Place
    from pcn_analysis.rules import Model
    from pcn_analysis.settings import Settings

_SMALL = f"1 to 7, {NOT_SHOWN}"


def population_asked_for(
    settings: Settings, place: str, pcn: str | None, people: str | None, say: Callable[[str], None]
) -> Population:
    """Load the people of one network; synthetic ones are drawn where they are not there.

    Parameters
    ----------
    settings
        Where things are.
    place, pcn
        A prepared place and one of its networks; a place that has one network needs no code.
    people
        ``records`` or ``synthetic``; by default records where there are any, else those of an invented place.
    say
        Called with a line where people are drawn.

    Raises
    ------
    PcnAnalysisError
        If the place, the network or its people are not there.
    """
    from pcn_analysis.place import network_of
    from pcn_analysis.reports.absence import people_of
    from pcn_analysis.reports.catalogue import find_report
    from pcn_analysis.reports.people import draw_missing
    from pcn_analysis.reports.planning import choose_places

    chosen = choose_places(settings.processed, place)[0]
    network = network_of(chosen, pcn or _only_network(settings, chosen))
    if people is None:
        report = find_report("02")
        people = people_of(settings.processed, chosen, network.pcn_code, report, synthetic_people=False)[0] or "records"
    if people == "synthetic":
        for error in draw_missing({(chosen.slug, network.pcn_code): network.name}, settings, say).values():
            raise problem(network.name, error, f"The traceback is in {(settings.restricted / 'failed').as_posix()}.")
    return load_population(chosen.slug, network.pcn_code, people)


def _only_network(settings: Settings, place: Place) -> str:
    from pcn_analysis.reports.planning import networks_of

    codes = [code for _, code, _ in networks_of([place], [], settings.processed)]
    if len(codes) > 1:
        raise problem("--pcn", f"{place.name} has {len(codes)} networks", f"Choose one: {', '.join(codes)}.")
    return codes[0]


def tell_movers(population: Population, one: Model, other: Model) -> None:
    """Say who moves between two versions of a model and why; of two different models, who is where and how they agree.

    Parameters
    ----------
    population
        The people.
    one, other
        The models.
    """
    label = population.provenance.label
    typer.echo(f"{f'{label}: ' if label else ''}{population.name}, {population.about.day()}:")
    if comparison.are_versions(one, other):
        _tell_moves(population, one, other)
    else:
        _tell_crossed(population, one, other)
    _tell_not_assessed(population, one, other)


def _tell_moves(population: Population, one: Model, other: Model) -> None:
    everyone = release(comparison.moved(population, one, other)).frame.iloc[0]
    typer.echo(
        f"  {_people(everyone['patients'])} of {count(everyone['registered'])} move ({percent(everyone['share'])})."
    )
    rows = release(comparison.movers(population, one, other)).frame
    for (before, after), move in rows.groupby(["segment", "next_segment"], sort=False):
        typer.echo(f"  {before} → {after}: {_people(move['movers'].iloc[0])}")
        for row in move.itertuples():
            what = f"{row.home}, {row.element}" if row.home else row.element
            typer.echo(f"    {f'{row.change}: ' if row.change else ''}{what}: {_people(row.patients)}")


def _tell_crossed(population: Population, one: Model, other: Model) -> None:
    found = release(comparison.agreement(population, [one, other])).frame.iloc[0]
    index = "not known" if found.isna()["adjusted_rand"] else f"{found['adjusted_rand']:.2f}"
    typer.echo(f"  Adjusted Rand index {index} (1: they divide people alike; 0: no more so than by chance).")
    rows = release(comparison.cross_table(population, one, other)).frame
    for row in rows[rows["patients"].ne(0).fillna(True)].itertuples():
        typer.echo(f"  {row.segment} | {row.other_segment}: {_people(row.patients)}")


def _tell_not_assessed(population: Population, one: Model, other: Model) -> None:
    """Name elements that differ and that these records cannot answer in full: nobody moves for want of data."""
    rows = release(comparison.not_assessed(population, one, other)).frame
    for row in rows.itertuples():
        typer.echo(f"  {row.segment}, {row.element} is {row.status} in these records: {row.missing}")


def cells_that_change(
    settings: Settings, population: Population, models: Sequence[NamedModel], say: Callable[[str], None]
) -> None:
    """Execute each notebook that takes a model under both, and say which of its cells change.

    Parameters
    ----------
    settings
        Where things are.
    population
        The people, by whom the notebooks are made.
    models
        The two versions.
    say
        Called with a line for each notebook that is executed.
    """
    from pcn_analysis.reports.changed_cells import changed_cells, reports_of_models

    parameters = {
        "place": population.place.slug,
        "pcn_code": population.pcn_code,
        "people": population.people,
        "monthly_capacity": settings.monthly_capacity,
    }
    with tempfile.TemporaryDirectory() as folder:
        named = [(one.for_notebooks(_folder(Path(folder), place)), one.model) for place, one in enumerate(models)]
        for report in reports_of_models(settings):
            say(f"Executing {report.name} with both models …")
            found = changed_cells(report, named, parameters, settings)
            typer.echo(f"{report.name}: {number(len(found), 'cell')} change{'s' if len(found) == 1 else ''}.")
            for cell in found:
                typer.echo(f"  cell {cell.number}, {cell.heading}: {listed(cell.what)}")
                for when, sentence in zip(("was", "is"), cell.said, strict=False):
                    typer.echo(f"    {when}: {sentence}")


def _folder(folder: Path, place: int) -> Path:
    """A folder for one of two models."""
    made = folder / str(place)
    made.mkdir()
    return made


def _people(patients: object) -> str:
    written = count(patients)
    return _SMALL if written == NOT_SHOWN else written
