"""Places that have been prepared: stored whole, and read back as they were stored.

``pcn-analysis prepare`` stores a place under ``data/processed/<place>/``: one Parquet file a table, the boundaries, and
``place.json`` with everything that a page says of its data.
"""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from pcn_analysis import codes, engine, tables
from pcn_analysis.exceptions import PcnAnalysisError, nearest, problem
from pcn_analysis.place import Place, network_of
from pcn_analysis.provenance import Provenance, SourcedTable, file_sha256
from pcn_analysis.settings import load_settings
from pcn_analysis.stored import BEFORE, recover, replacing, seal
from pcn_analysis.validation import check_tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    import pandas as pd

    from pcn_analysis.place import Network

FACTS = "place.json"
BOUNDARIES = "boundaries.parquet"


def load_network(place: str, pcn_code: str) -> Network:
    """Load one network of a prepared place; the first line of every report.

    Parameters
    ----------
    place
        Name of the place's folder under ``data/processed/``, such as ``wirral-2026-07``.
    pcn_code
        ODS code of the network; ``codes.WHOLE_PLACE`` for all of them.

    Raises
    ------
    PcnAnalysisError
        If the place has not been prepared or has no such network, or if it is the group of those in none: nothing is
        published of them.
    """
    if pcn_code == codes.UNALLOCATED:
        what = "nothing is published of people whose practice is not known or in no network"
        raise problem("pcn_code", what, "Use load_population() for their records.")
    return network_of(load_place(load_settings().processed / place), pcn_code)


def prepared_places(processed: Path) -> list[str]:
    """Names of the places that have been prepared, in order."""
    for before in processed.glob(f".*{BEFORE}"):
        recover(processed / before.name.removeprefix(".").removesuffix(BEFORE))
    return sorted(path.parent.name for path in processed.glob(f"[!.]*/{FACTS}"))


def prepared_facts(folder: Path) -> dict[str, Any]:
    """What is written of a prepared place, without loading it: name, synthetic and more; empty if damaged."""
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def load_place(folder: Path, only: Collection[str] | None = None) -> Place:
    """Read a prepared place.

    Parameters
    ----------
    folder
        Where it was stored.
    only
        Names of the tables to read: of the others, and of the boundaries, there are no rows, and their files are held
        against their hashes; where one has changed, everything is read. Ten times as fast, for a list of places.
        Default: everything.

    Raises
    ------
    PcnAnalysisError
        If it has not been prepared, or what was prepared is damaged.
    """
    recover(folder)
    if not (folder / FACTS).exists():
        known = prepared_places(folder.parent)
        hint = nearest(folder.name, known) if known else "Nothing has been prepared yet."
        raise problem(folder.name, "has not been prepared", f"{hint} Run `pcn-analysis prepare`.")
    with _sound(f"{folder.name}/{FACTS}"):
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        provenance = {name: Provenance.from_dict(values) for name, values in facts["tables"].items()}
        described: dict[str, Any] = {
            "name": str(facts["name"]),
            "vintage": str(facts["vintage"]),
            "index_date": dt.date.fromisoformat(facts["index_date"]),
            "comparator": str(facts["comparator"]),
            "missing": dict(facts["missing"]),
            "notes": tuple(facts["notes"]),
            "made_from": str(facts.get("made_from", "")),
        }
    if only is not None and _as_stored(folder, facts):  # else it is read whole, which names what is wrong with a file
        return _outline(folder, facts, provenance, described, only)
    loaded = {name: SourcedTable(_table(folder, name), origin) for name, origin in provenance.items()}
    with _sound(f"{folder.name}/{BOUNDARIES}"):
        boundaries = gpd.read_parquet(folder / BOUNDARIES)[["area_code", "geometry"]]
    place = Place(slug=folder.name, tables=loaded, boundaries=boundaries, **described)
    stored = (facts.get("fingerprint"), facts.get("boundaries"), facts.get("seal"))
    if (place.fingerprint, file_sha256(folder / BOUNDARIES), seal(facts)) != stored:
        raise _changed(folder)
    return place


def _as_stored(folder: Path, facts: dict[str, Any]) -> bool:
    """Whether its files are those that were stored; not known of a place that an earlier version prepared."""
    try:
        files = {name: file_sha256(folder / f"{name}.parquet") for name in facts["tables"]}
        boundaries = file_sha256(folder / BOUNDARIES)
    except OSError:
        return False
    return (files, boundaries, seal(facts)) == (facts.get("files"), facts.get("boundaries"), facts.get("seal"))


def _outline(
    folder: Path,
    facts: dict[str, Any],
    provenance: dict[str, Provenance],
    described: dict[str, Any],
    only: Collection[str],
) -> Place:
    """A place of which only some tables are read."""
    loaded = {
        name: SourcedTable(_table(folder, name) if name in only else _no_rows(name), origin)
        for name, origin in provenance.items()
    }
    nowhere = gpd.GeoDataFrame({"area_code": []}, geometry=[], crs="EPSG:27700")
    described |= {"stored_fingerprint": str(facts["fingerprint"])}
    return Place(slug=folder.name, tables=loaded, boundaries=nowhere, **described)


@cache
def _no_rows(name: str) -> pd.DataFrame:
    return tables.NAMED[name].empty()


def _changed(folder: Path) -> PcnAnalysisError:
    what = "has been changed since it was prepared, or by another version of the package"
    return problem(folder.name, what, "Run `pcn-analysis prepare` again.")


def networks_elsewhere(places: Collection[Place], processed: Path) -> dict[str, Place]:
    """The networks of the other places that are prepared and sound, by their codes."""
    found: dict[str, Place] = {}
    for other in set(prepared_places(processed)) - {place.slug for place in places}:
        with suppress(PcnAnalysisError):
            place = load_place(processed / other, only=("practices",))
            found |= dict.fromkeys(place.networks()["pcn_code"].astype("str"), place)
    return found


@contextmanager
def _sound(where: str) -> Iterator[None]:
    """Say in one line that something stored is damaged."""
    try:
        yield
    except (PcnAnalysisError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise problem(where, "is missing or damaged", "Run `pcn-analysis prepare` again.") from error


def _table(folder: Path, name: str) -> pd.DataFrame:
    """One stored table, with every column that it should have."""
    with _sound(f"{folder.name}/{name}.parquet"):
        stored = engine.read(folder / f"{name}.parquet")
        return tables.NAMED[name].conform(stored[tables.NAMED[name].column_names()])


def save_place(place: Place, processed: Path) -> Path:
    """Check every table of a place and store it: whole, or not at all.

    Everything is written to a folder beside the target, which is then renamed; until then, and if anything
    fails, what was prepared before stays as it was.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with its tables.
    """
    check_tables({name: table.frame for name, table in place.tables.items()})
    target = processed / place.slug
    with replacing(target, close="Close the notebooks that use this place.") as aside:
        for name, table in place.tables.items():
            engine.write_stage(table.frame, aside / f"{name}.parquet")
        place.boundaries.to_parquet(aside / BOUNDARIES)
        facts = _facts(place) | {"boundaries": file_sha256(aside / BOUNDARIES)}
        facts["files"] = {name: file_sha256(aside / f"{name}.parquet") for name in place.tables}
        facts["seal"] = seal(facts)
        (aside / FACTS).write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")
    return target


def _facts(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "vintage": place.vintage,
        "index_date": place.index_date.isoformat(),
        "comparator": place.comparator,
        "synthetic": place.provenance.synthetic,
        "made_from": place.made_from,
        "fingerprint": place.fingerprint,
        "missing": place.missing,
        "notes": list(place.notes),
        "tables": {name: table.provenance.to_dict() for name, table in place.tables.items()},
    }
