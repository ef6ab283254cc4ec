"""``pcn-analysis network compare``: any grouping of a place's practices measured, and held against another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pcn_analysis.commands.project import settings_of_project
from pcn_analysis.exceptions import PcnAnalysisError, problem
from pcn_analysis.words import NOT_SHOWN, count, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcn_analysis.exceptions import Problem
    from pcn_analysis.network.groupings import Grouping
    from pcn_analysis.place import Place
    from pcn_analysis.release import ReleasedTable
    from pcn_analysis.settings import Settings

DRAFT = (
    "{file} does not say who publishes it and of when it is: a draft. Counts are rounded, and no page is made of it. "
    "Put two lines above its header: “# publisher: …” and “# period: …”."
)


def compare_groupings(
    *,
    place: Annotated[str, typer.Option(help="A prepared place, such as Wirral.")],
    grouping: Annotated[
        str,
        typer.Option(
            metavar="FILE|NAME", help="A CSV file; or the name of one in data/raw/groupings/PLACE/, pcn, sub_icb, icb."
        ),
    ],
    against: Annotated[str, typer.Option(metavar="FILE|NAME", help="The grouping that it is held against.")] = "pcn",
) -> None:
    """Measure neighbourhoods, localities or other groups of practices, and say how far two groupings agree.

    Nothing is stored. Notebook 10 shows the neighbourhoods in data/raw/groupings/PLACE/ on a page.
    """
    from pcn_analysis import readings
    from pcn_analysis.network import grouped, grouping_agreement, place_groupings
    from pcn_analysis.release import release

    settings = settings_of_project()
    one = latest_place(place, settings)
    if "registrations_by_area" not in one.tables:
        raise problem("--place", f"no counts of patients by area belong to {one.name}", "Name a published place.")
    both = _found(one, (grouping, against), settings)
    found = grouped.Grouped(one, *both)
    profile = "open_data" if all(each.is_stated for each in both) else "hes"
    facts, groups = (
        release(measure(found), profile=profile)
        for measure in (grouped.grouping_facts, place_groupings.groups_measured)
    )
    agreement = release(grouping_agreement.agreement(found), profile=profile)
    changes = release(grouping_agreement.would_change(found), profile=profile)
    typer.echo(f"{one.name}, {one.index_date.day} {one.index_date:%B %Y}")
    for text in (
        *(DRAFT.format(file=name) for name in dict.fromkeys(each.source.file for each in both if not each.is_stated)),
        readings.grouping_facts(facts, grouping),
        "",
        _groups(groups),
        "",
        *(readings.groups_measured(groups), readings.group_shapes(groups), readings.groupings_agree(agreement)),
        *([] if changes.frame.empty else ["", _changes(changes)]),
    ):
        typer.echo(text)


def latest_place(place: str, settings: Settings) -> Place:
    """The prepared place of a name, as at the latest date that there is."""
    from pcn_analysis.reports.planning import choose_places

    return max(choose_places(settings.processed, place), key=lambda one: one.index_date)


def laid_out(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Lay out a table in columns as wide as they need to be."""
    rows = [head, *lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in rows
    )


def _found(place: Place, asked: Sequence[str], settings: Settings) -> list[Grouping]:
    """Both groupings, or what is wrong with either, told together."""
    from pcn_analysis.network.groupings import find_grouping

    found: list[Grouping] = []
    problems: list[Problem] = []
    for one in asked:
        try:
            found.append(find_grouping(place, one, settings.raw))
        except PcnAnalysisError as error:
            problems += error.problems
    if problems:
        raise PcnAnalysisError(*dict.fromkeys(problems))
    return found


def _groups(table: ReleasedTable) -> str:
    """Every group as a line."""
    head = ("group", "practices", "patients", "size", "localisation", "commitment", "effective groups", "parts", "main")
    return laid_out(
        head,
        (
            (row.group_name, count(row.practices), count(row.patients), _name(row.band), percent(row.localisation),
             _share(row.commitment), row.effective_groups, count(row.parts), _share(row.main_part_share))
            for row in table.frame.itertuples()
        ),
    )  # fmt: skip


def _share(value: float) -> str:
    """A share; a group without ground has none."""
    return percent(value).replace(NOT_SHOWN, "–")


def _changes(table: ReleasedTable) -> str:
    """Every practice that would not be in the group matched with its own."""
    head = ("practice", "", "patients", "from", "to", "")
    rows = list(table.frame.itertuples())
    lines = [
        (row.practice_code, row.practice_name, count(row.patients), _name(row.other_name), _name(row.group_name),
         row.change)
        for row in rows
    ]  # fmt: skip
    return f"{number(len(rows), 'practice')} not in the group matched with theirs:\n{laid_out(head, lines)}"


def _name(value: object) -> str:
    return value if isinstance(value, str) else "–"
