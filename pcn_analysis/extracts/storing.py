"""Store records that have come in: the people of each network, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pcn_analysis import codes, tables
from pcn_analysis.extracts.typed import SQL_KINDS
from pcn_analysis.extracts.workspace import name, text
from pcn_analysis.person_table import stages
from pcn_analysis.place import network_of, place_of_records
from pcn_analysis.population import check_index_date, population_folder, store_population
from pcn_analysis.prepared import save_place
from pcn_analysis.provenance import Provenance, Source

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from pcn_analysis.extracts.incoming import Incoming
    from pcn_analysis.place import Place


@dataclass(frozen=True)
class Stored:
    """What was stored.

    Parameters
    ----------
    place
        The place.
    people
        People by code of their network; ``codes.UNALLOCATED`` for those in none.
    """

    place: Place
    people: dict[str, int]


def store(
    incoming: Incoming,
    place: Place | None,
    processed: Path,
    *,
    name_of_records: str,
    on: dt.date,
    synthetic: bool,
    say: Callable[[str], None],
) -> Stored:
    """Store everyone who has come in, network by network.

    Parameters
    ----------
    incoming
        Records that have come in.
    place
        The prepared place that they belong to; without one a place of records alone is made.
    processed
        The folder of prepared data.
    name_of_records
        What the place of records alone is called.
    on
        The day that results describe (:func:`index_day`).
    synthetic
        Whether the records are known to be of nobody.
    say
        Called with a line for each network.

    Raises
    ------
    PcnAnalysisError
        If the records do not reach the index date, or break the description of their tables.
    """
    provenance = _provenance(incoming, synthetic=synthetic)
    if place is None:
        place = place_of_records(name_of_records, index_date=on, provenance=provenance, notes=_notes(incoming))
    groups = dict(incoming.space.rows(f"SELECT pcn_code, count(*) FROM {incoming.persons} GROUP BY 1 ORDER BY 1"))
    parts = _by_network(incoming)
    made_from = hashlib.sha256(json.dumps(incoming.findings.to_list()).encode()).hexdigest()
    for code, people in groups.items():
        say(f"Storing {people:,} people of {place.name}: {network_of(place, code).name}")
        store_population(
            processed,
            place,
            "records",
            code,
            covered=incoming.covered,
            provenance=provenance,
            extract_date=incoming.extract_date,
            made_from=made_from,
            write=partial(_write, incoming, parts, code),
            stages=stages,
            index_date=on,
        )
    _remove_others(processed, place, set(groups))
    if not place.is_published:
        save_place(place, processed)
    return Stored(place, groups)


def index_day(incoming: Incoming, place: Place | None, asked: dt.date | None) -> dt.date:
    """The day that results describe.

    Parameters
    ----------
    incoming
        Records that have come in.
    place
        The prepared place that they belong to.
    asked
        What the user asked for; by default the day of the place or, without one, the day that the records were
        taken. Where a delivery says things as at one date, that date.

    Raises
    ------
    PcnAnalysisError
        If the records do not reach it.
    """
    of_place = place.index_date if place and "attributes" not in incoming.records else None
    on = asked or of_place or incoming.extract_date
    check_index_date(on, incoming.extract_date)
    return on


def _by_network(incoming: Incoming) -> dict[str, Path]:
    """Part the rows of each table by network: folders with a folder for each network."""
    space, parts = incoming.space, {}
    members = space.write(f"SELECT person_id, pcn_code FROM {incoming.persons}", "members")
    for table, relation in {"persons": incoming.persons, **incoming.records}.items():
        if not tables.NAMED[table].people:
            continue
        columns = ", ".join(name(one) for one in tables.NAMED[table].column_names())
        belonging = f"SELECT {columns}, pcn_code FROM {relation} AS rows"
        if table != "persons":
            belonging += f" JOIN {members} AS members USING (person_id)"
        folder = space.path(f"{table}_by_network")
        space.run(
            f"COPY ({belonging}) TO {text(str(folder))} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (pcn_code))"
        )
        parts[table] = folder
    return parts


def _write_homes(incoming: Incoming, code: str, folder: Path) -> None:
    """Write the care homes that are aligned to a network or to none, and those in which its people have stayed."""
    if "care_homes" not in incoming.records:
        return
    stayed = "false"
    if "care_home_stays" in incoming.records:
        members = f"SELECT person_id FROM {incoming.persons} WHERE pcn_code = {text(code)}"
        stays = f"SELECT care_home_code FROM {incoming.records['care_home_stays']} WHERE person_id IN ({members})"
        stayed = f"care_home_code IN ({stays})"
    columns = ", ".join(name(one) for one in tables.CARE_HOMES.column_names())
    chosen = f"pcn_code IS NULL OR pcn_code = {text(code)} OR {stayed}"
    select = f"SELECT {columns} FROM {incoming.records['care_homes']} WHERE {chosen} ORDER BY care_home_code"
    incoming.space.copy(select, folder / "care_homes.parquet")


def _write(incoming: Incoming, parts: dict[str, Path], code: str, folder: Path) -> None:
    """Write the tables of one network in a fixed order of rows, so that the same records make the same files."""
    for table, parted in parts.items():
        declared = tables.NAMED[table]
        found = sorted(parted.glob(f"pcn_code={code}/*.parquet"))
        columns = ", ".join(name(one) for one in declared.column_names())
        source = f"read_parquet([{', '.join(text(str(one)) for one in found)}], hive_partitioning = false)"
        if not found:
            source = f"({_nothing(table)})"
        order = ", ".join(name(one) for one in declared.column_names()[:4])
        incoming.space.copy(f"SELECT {columns} FROM {source} ORDER BY {order}", folder / f"{table}.parquet")
        for one in found:
            one.unlink()
    _write_homes(incoming, code, folder)


def _nothing(table: str) -> str:
    cells = ", ".join(f"CAST(NULL AS {SQL_KINDS[one.kind]}) AS {name(one.name)}" for one in tables.NAMED[table].columns)
    return f"SELECT {cells} WHERE false"


def _remove_others(processed: Path, place: Place, kept: set[str]) -> None:
    """Remove records of networks that the delivery no longer holds: they would be shown beside newer ones."""
    folder = population_folder(processed, place.slug, "records", codes.UNALLOCATED).parent
    for one in folder.glob("pcn_code=*"):
        if one.name.removeprefix("pcn_code=") not in kept:
            shutil.rmtree(one)


def _notes(incoming: Incoming) -> tuple[str, ...]:
    if incoming.extracts[0].lists_everyone:
        return ()
    return (
        f"People are those whom {incoming.extracts[0].title[0].lower()}{incoming.extracts[0].title[1:]} name, and not "
        "everyone registered: shares of them are not shares of a population.",
    )


def _provenance(incoming: Incoming, *, synthetic: bool) -> Provenance:
    day = incoming.extract_date
    sources = tuple(
        Source(
            title=one.title,
            publisher="not published; held by whoever prepared it",
            period=f"to {day.day} {day:%B %Y}",
            licence="not published",
            attribution="Synthetic records: nobody in them exists." if synthetic else "Records of patients.",
            kind="records",
        )
        for one in incoming.extracts
    )
    return Provenance(sources, people=True, synthetic=synthetic)
