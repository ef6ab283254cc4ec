"""One place: its tables, boundaries and facts.

A place is a local authority, an invented one, or whatever the people of an extract have in common, of which nothing
is published (:func:`place_of_records`). A :class:`Network` is a place and one of its networks. How places are stored
and loaded is in :mod:`pcn_analysis.prepared`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import geopandas as gpd
import pandas as pd

from pcn_analysis import codes, tables
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.provenance import About, Provenance, SourcedTable
from pcn_analysis.words import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Given = ParamSpec("Given")
Made = TypeVar("Made")
WORKED_OUT = "_worked_out"
"""Where a place keeps what was worked out of it; it is no part of a place that is sent elsewhere."""
RECORDS_VINTAGE = "records"
"""Vintage of a place to which no published counts belong: there are only records of its people."""


def worked_out_once(measure: Callable[Given, Made]) -> Callable[Given, Made]:
    """Have what a function works out of a place, or of one of its networks, worked out once while it is in memory.

    A page asks for many of its measures several times. What is kept is of these very tables: where one has been put in
    place of another, it is worked out again. Nobody may change the frame of a table of a place, or its boundaries.

    Examples
    --------
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> tables_of = worked_out_once(lambda place: [*place.tables])
    >>> place = invent_place()
    >>> tables_of(place) is tables_of(place)
    True
    """

    @wraps(measure)
    def made(*given: Given.args, **named: Given.kwargs) -> Made:
        of, *rest = cast("tuple[Any, ...]", given)
        place, code = (of.place, of.pcn_code) if isinstance(of, Network) else (of, "")
        kept, key = vars(place).setdefault(WORKED_OUT, {}), (measure, code, *rest, *sorted(named.items()))
        tables_, found = kept.get(key, ([], None))
        if [id(table) for table in tables_] != [id(table) for table in place.tables.values()]:
            tables_, found = kept[key] = [*place.tables.values()], measure(*given, **named)
        return cast("Made", _for_oneself(found))

    return made


def _for_oneself(found: object) -> object:
    """What was found, with a frame that whoever has it may change; so of each thing that was found."""
    if isinstance(found, tuple):
        return tuple(map(_for_oneself, found))
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

    def __getstate__(self) -> dict[str, Any]:
        """What is sent elsewhere of it: all but what was worked out of it."""
        return {name: held for name, held in vars(self).items() if name != WORKED_OUT}

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
