"""One place: its tables, boundaries and facts, stored together and loaded for a report.

A place is a local authority, an invented one, or whatever the people of an extract have in common, of which nothing
is published (:func:`place_of_records`). ``pcn-analysis prepare`` stores it under
``data/processed/<place>/``: one Parquet file a table, the boundaries, and ``place.json`` with everything a
page says of its data. A network is loaded as a :class:`Network`: a place and one of its networks.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import geopandas as gpd
import pandas as pd

from pcn_analysis import codes, engine, tables
from pcn_analysis.exceptions import PcnAnalysisError, nearest, problem
from pcn_analysis.provenance import About, Provenance, SourcedTable, file_sha256
from pcn_analysis.settings import load_settings
from pcn_analysis.stored import BEFORE, recover, replacing, seal
from pcn_analysis.validation import check_tables
from pcn_analysis.words import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

Made = TypeVar("Made")
FACTS = "place.json"
BOUNDARIES = "boundaries.parquet"
RECORDS_VINTAGE = "records"
"""Vintage of a place to which no published counts belong: there are only records of its people."""


def worked_out_once(measure: Callable[..., Made]) -> Callable[..., Made]:
    """Have what a function works out of a place, or of one of its networks, worked out once while it is in memory.

    A page asks for many of its measures several times. What is kept is of these very tables: where one has been put in
    place of another, it is worked out again.

    Examples
    --------
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> tables_of = worked_out_once(lambda place: [*place.tables])
    >>> place = invent_place()
    >>> tables_of(place) is tables_of(place)
    True
    """

    @wraps(measure)
    def made(of: Place | Network, *given: Any) -> Made:
        place, code = (of.place, of.pcn_code) if isinstance(of, Network) else (of, "")
        kept, key = vars(place).setdefault("_worked_out", {}), (measure, code, *given)
        tables_, found = kept.get(key, ([], None))
        if [id(table) for table in tables_] != [id(table) for table in place.tables.values()]:
            tables_, found = kept[key] = [*place.tables.values()], measure(of, *given)
        return cast("Made", _for_oneself(found))

    return made


def _for_oneself(found: object) -> object:
    """What was found, with a frame that whoever has it may change."""
    if isinstance(found, SourcedTable):
        return replace(found, frame=found.frame.copy(deep=False))
    return found.copy(deep=False) if isinstance(found, pd.DataFrame) else found


@dataclass(frozen=True)
class Place:
    """A place at one date.

    Parameters
    ----------
    slug
        Name of its folder, such as ``wirral-2026-07``.
    name
        Its name, such as ``Wirral``.
    vintage
        The set of published files that it was made from, or ``synthetic``.
    index_date
        The date that its lists describe.
    comparator
        What its figures are compared with, beside the place itself.
    tables
        The published tables of :mod:`pcn_analysis.tables`, each with its provenance.
    boundaries
        area_code and geometry (EPSG:27700), a valid coverage.
    missing
        Tables that this vintage does not have, each with the reason.
    notes
        What a reader must know of how the data were made, in sentences.
    stored_fingerprint
        Its fingerprint, where not all of its tables have been read; empty otherwise.
    made_from
        Hash of the files and the package that it was made from, by which it is known to be up to date; empty where it
        was not taken out of published files.
    """

    slug: str
    name: str
    vintage: str
    index_date: dt.date
    comparator: str
    tables: dict[str, SourcedTable]
    boundaries: gpd.GeoDataFrame
    missing: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    stored_fingerprint: str = ""
    made_from: str = ""

    @cached_property
    def provenance(self) -> Provenance:
        """Provenance of all its tables together."""
        first, *others = [table.provenance for table in self.tables.values()]
        for other in others:
            first = first.joined(other)
        return first

    @cached_property
    def fingerprint(self) -> str:
        """Hash of every value of every table, the same wherever and whenever they are written."""
        if self.stored_fingerprint:
            return self.stored_fingerprint
        digest = hashlib.sha256()
        for name, table in sorted(self.tables.items()):
            digest.update(name.encode())
            digest.update(pd.util.hash_pandas_object(table.frame, index=False).to_numpy().tobytes())
        return digest.hexdigest()[:16]

    @property
    def is_published(self) -> bool:
        """Whether published counts, or invented ones, belong to it; else it is a place of records alone."""
        return self.vintage != RECORDS_VINTAGE

    def about(self, network: str = "") -> About:
        """What a table of this place, or of one of its networks, is about."""
        return About(network, self.name, self.comparator, self.index_date, self.vintage)

    @worked_out_once
    def networks(self) -> pd.DataFrame:
        """Networks with a practice in the place: pcn_code and pcn_name, by name."""
        practices = self.tables["practices"].frame
        members = practices[practices["in_place"] & practices["pcn_code"].notna()]
        return (
            members[["pcn_code", "pcn_name"]]
            .drop_duplicates("pcn_code")
            .sort_values(["pcn_name", "pcn_code"], ignore_index=True)
        )


@dataclass(frozen=True)
class Network:
    """One Primary Care Network of a place, the group of those in none, or all networks of the place together.

    Parameters
    ----------
    place
        The place.
    pcn_code, name
        The network's ODS code and name; ``codes.UNALLOCATED`` is the code of the group, and ``codes.WHOLE_PLACE`` that
        of all networks, which have the name of the place.
    """

    place: Place
    pcn_code: str
    name: str

    def table(self, name: str) -> SourcedTable:
        """One table of the place."""
        return self.place.tables[name]

    @property
    def provenance(self) -> Provenance:
        """Provenance of all tables of the place."""
        return self.place.provenance

    @property
    def about(self) -> About:
        """What a table of this network is about."""
        return self.place.about(self.name)


def network_of(place: Place, pcn_code: str) -> Network:
    """Pick one network of a place, those whose practice is not known or in no network, or the whole place.

    Parameters
    ----------
    place
        The place.
    pcn_code
        ODS code of the network; ``codes.UNALLOCATED`` for those in none, whom any place may have;
        ``codes.WHOLE_PLACE`` for all networks.

    Raises
    ------
    PcnAnalysisError
        If the place has no such network; the nearest code or name is suggested.
    """
    if pcn_code == codes.UNALLOCATED:
        return Network(place, pcn_code, codes.NO_NETWORK_NAME)
    if pcn_code == codes.WHOLE_PLACE:
        return Network(place, pcn_code, place.name)
    networks = place.networks().set_index("pcn_code")["pcn_name"]
    if pcn_code not in networks.index:
        by_name = {f"{name} ({code})" for code, name in networks.items()}
        known = set(networks.index) if pcn_code.upper().startswith("U") else by_name
        raise problem("--pcn", f"{place.name} has no network with the code {pcn_code!r}", nearest(pcn_code, known))
    return Network(place, pcn_code, str(networks[pcn_code]))


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


def place_of_records(name: str, *, index_date: dt.date, provenance: Provenance, notes: Iterable[str] = ()) -> Place:
    """Make a place for records of people to which no published counts belong.

    Its people are in no network: they are stored and reported under ``codes.UNALLOCATED``.

    Parameters
    ----------
    name
        What it is called, such as the name of a research data set.
    index_date
        The day that results describe.
    provenance
        Where the records came from; it says that they are of people, and whether these are synthetic.
    notes
        What a reader must know of how the data were made, in sentences.

    Raises
    ------
    PcnAnalysisError
        If the name holds no letter or digit.

    Examples
    --------
    >>> origin = Provenance((), people=True)
    >>> place = place_of_records("Harbour study", index_date=dt.date(2026, 7, 1), provenance=origin)
    >>> place.slug, len(place.networks()), network_of(place, "U").name
    ('records-harbour-study', 0, 'No network')
    """
    folded = slug(name)
    if not folded:
        raise problem("--place", "the name holds no letter or digit", "Give the records a name, such as harbour-study.")
    if not provenance.people:
        message = "the provenance does not say that these are records of people"
        raise ValueError(message)
    return Place(
        slug=f"records-{folded}",
        name=name,
        vintage=RECORDS_VINTAGE,
        index_date=index_date,
        comparator="nothing published",
        tables={tables.PRACTICES.name: SourcedTable(tables.PRACTICES.empty(), provenance)},
        boundaries=gpd.GeoDataFrame({"area_code": []}, geometry=[], crs="EPSG:27700"),
        missing={"published_counts": "none belong to these records"},
        notes=tuple(notes),
    )


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
