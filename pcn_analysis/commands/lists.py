"""``pcn-analysis list``: lists of people for clinicians, in ``data/restricted/``."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pcn_analysis.commands.project import SOME_FAILED, WithSyntheticPeople, say, settings_of_project, shown
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.words import listed, number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pcn_analysis.reports.listing import Written
    from pcn_analysis.settings import Settings


class ListOf(StrEnum):
    """What lists are of."""

    PROACTIVE_CARE = "proactive-care"
    SEGMENTS = "segments"
    COHORT = "cohort"
    CASELOAD = "caseload"
    SERVICE = "service"


USED_WITH = {
    "--model": (ListOf.SEGMENTS,),
    "--what-would-move": (ListOf.SEGMENTS,),
    "--cohort": (ListOf.COHORT, ListOf.CASELOAD),
    "--slots": (ListOf.CASELOAD,),
    "--months": (ListOf.CASELOAD,),
    "--objective": (ListOf.CASELOAD,),
    "--fair": (ListOf.CASELOAD,),
    "--service": (ListOf.SERVICE,),
    "--contract-year": (ListOf.SERVICE,),
}
"""What is listed where an option has an effect."""
SLOTS = r"(?P<who>[^=]*[^=\s])\s*=\s*(?P<slots>[0-9]{1,6})"
Given = dict[str, Any]


def list_people(
    *,
    of: Annotated[
        ListOf | None, typer.Option(help="What is listed; default: proactive-care, or with --cohort: cohort.")
    ] = None,
    place: Annotated[str | None, typer.Option(help="A prepared place; default: every real one.")] = None,
    pcn: Annotated[list[str] | None, typer.Option(help="Network code; may be repeated. Default: all.")] = None,
    model: Annotated[
        str | None, typer.Option(help="With --of segments: a published model, or a .yaml file. Default: the settings'.")
    ] = None,
    what_would_move: Annotated[
        Path | None,
        typer.Option(help="With --of segments: a CSV file with a column person_id, of at most 200 to say it of."),
    ] = None,
    cohort: Annotated[
        str | None,
        typer.Option(
            help="With --of cohort or caseload: a cohort, or a .yaml file. A caseload's default: proactive_care."
        ),
    ] = None,
    slots: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHO=NUMBER",
            help='With --of caseload: slots a month of each network, as "GP=10"; may be repeated. Default: settings.',
        ),
    ] = None,
    months: Annotated[int | None, typer.Option(min=1, help="With --of caseload: months; default: 1.")] = None,
    objective: Annotated[
        str | None, typer.Option(help="With --of caseload: what ranks people, a .yaml file. Default: our own.")
    ] = None,
    fair: Annotated[
        bool, typer.Option("--fair", help="With --of caseload: at least 0.8 of its share to each fifth of deprivation.")
    ] = False,
    service: Annotated[
        str | None, typer.Option(help="With --of service: a service, as structured_medication_reviews.")
    ] = None,
    contract_year: Annotated[
        str | None,
        typer.Option(metavar="YEAR", help='With --of service: as "2026/27"; default: that of the index date.'),
    ] = None,
    with_synthetic_people: WithSyntheticPeople = False,
) -> None:
    """Write lists for clinicians, one file a practice, under data/restricted/; not to be published."""
    kind = of or (ListOf.COHORT if cohort else ListOf.PROACTIVE_CARE)
    given: Given = {
        "--model": model,
        "--what-would-move": what_would_move,
        "--cohort": cohort,
        "--slots": slots,
        "--months": months,
        "--objective": objective,
        "--fair": fair,
        "--service": service,
        "--contract-year": contract_year,
    }
    settings = settings_of_project()
    write = _writer(kind, {name: value for name, value in given.items() if value}, settings)
    _tell(write(settings, place, pcn or [], synthetic_people=with_synthetic_people, say=say), settings)


def _writer(kind: ListOf, given: Given, settings: Settings) -> Callable[..., Written]:
    """What writes lists of a kind with the options that were given, having refused all that are a mistake."""
    from pcn_analysis.reports.care_lists import write_care_lists
    from pcn_analysis.reports.cohort_lists import write_cohort_lists
    from pcn_analysis.reports.segment_lists import read_asked, write_segment_lists
    from pcn_analysis.reports.service_lists import write_service_lists
    from pcn_analysis.services.catalogue import SERVICES

    problems = [_without_effect(name, kind) for name in given if kind not in USED_WITH[name]]
    if kind is ListOf.CASELOAD:
        return _caseload(given, settings, problems)
    if kind is ListOf.COHORT and "--cohort" not in given:
        problems.append(Problem("--cohort", "nothing says which cohort", "Give its name, or a .yaml file."))
    if kind is ListOf.SERVICE and "--service" not in given:
        problems.append(Problem("--service", "nothing says which service", f"Give one of {', '.join(SERVICES)}."))
    if problems:
        raise PcnAnalysisError(*problems)
    if kind is ListOf.SEGMENTS:
        asked = read_asked(given["--what-would-move"]) if "--what-would-move" in given else ()
        return partial(write_segment_lists, model=given.get("--model", settings.model), asked=asked)
    if kind is ListOf.SERVICE:
        return partial(write_service_lists, service=given["--service"], year=given.get("--contract-year", ""))
    return partial(write_cohort_lists, cohort=given["--cohort"]) if kind is ListOf.COHORT else write_care_lists


def _without_effect(name: str, kind: ListOf) -> Problem:
    others = listed([f"`--of {one.value}`" for one in USED_WITH[name]]).replace(" and ", " or ")
    return Problem(name, f"has no effect on lists of {kind.value}", f"Add {others}, or leave it out.")


def _caseload(given: Given, settings: Settings, problems: list[Problem]) -> Callable[..., Written]:
    from pcn_analysis.anticipatory.caseload.objective import DEFAULT
    from pcn_analysis.anticipatory.cohorts import PROACTIVE_CARE
    from pcn_analysis.reports.caseload_lists import plan_of, write_caseload_lists

    slots: Mapping[str, int] | None = settings.slots
    if "--slots" in given:
        slots, wrong = read_slots(given["--slots"])
        slots, problems = None if wrong else slots, [*problems, *wrong]
    asked = {"cohort": given.get("--cohort", PROACTIVE_CARE), "objective": given.get("--objective", DEFAULT)}
    try:
        plan = plan_of(slots, **asked, months=given.get("--months", 1), fair="--fair" in given)
    except PcnAnalysisError as error:
        raise PcnAnalysisError(*problems, *error.problems) from None
    if problems:
        raise PcnAnalysisError(*problems)
    stated = listed([f"{name} {number(slots_of, 'slot')}" for name, slots_of in plan.slots.items()])
    typer.echo(f"A month of each network has: {stated}. Change them by --slots, or in config/pcn_analysis.toml.")
    return partial(write_caseload_lists, plan=plan)


def read_slots(written: Sequence[str]) -> tuple[dict[str, int], list[Problem]]:
    """Read slots by professional as they stand on the command line, and say what is wrong with them.

    Examples
    --------
    >>> read_slots(["GP=10", "clinical pharmacist = 20"])
    ({'GP': 10, 'clinical pharmacist': 20}, [])
    >>> for one in read_slots(["GP=ten", "nurse=1", "nurse=2"])[1]:
    ...     print(one)
    --slots: “GP=ten” is no professional with a whole number. Write it as "GP=10".
    --slots: nurse stands more than once. Give all of a professional's slots at once.
    """
    slots, problems = dict[str, int](), list[Problem]()
    for one in written:
        found = re.fullmatch(SLOTS, one.strip())
        if not found:
            what = f"“{one}” is no professional with a whole number"
            problems.append(Problem("--slots", what, 'Write it as "GP=10".'))
        elif found["who"] in slots:
            what = f"{found['who']} stands more than once"
            problems.append(Problem("--slots", what, "Give all of a professional's slots at once."))
        else:
            slots[found["who"]] = int(found["slots"])
    return slots, problems


def _tell(made: Written, settings: Settings) -> None:
    """Say what became of the lists; of people in counts alone."""
    from pcn_analysis.release.lists import said

    for absent in made.absent:
        typer.echo(absent.line())
    for network, error in made.failed.items():
        typer.echo(f"{' '.join(network)}: {error}", err=True)
    typer.echo(f"{made.files} lists written, in {shown(settings.restricted / 'lists', settings)}")
    if made.without_practice:
        typer.echo(said(made.without_practice))
    if made.not_found:
        typer.echo(f"In none of these networks: {number(made.not_found, 'person', 'people')} asked for.")
    typer.echo("For review by a clinician. A list is not a diagnosis, and not to be published.")
    if made.failed:
        typer.echo(f"What failed is in {shown(settings.restricted / 'failed', settings)}", err=True)
        raise typer.Exit(SOME_FAILED)
