"""Assemble a real place, a local authority or all England, from one vintage of published files.

Its practices are those with more patients living in it than in any other local authority. Its networks are
those with a practice in it. Competing practices are kept wherever they share an area with those networks, so
that every area's total is complete. To England belong all practices, networks and areas.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codes, tables
from pcn_analysis.codes import COUNTRY
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.place import Place
from pcn_analysis.provenance import Provenance, SourcedTable, code_sha256, file_sha256
from pcn_analysis.sources import country_networks, geography, open_data, place_measures
from pcn_analysis.sources.england import READERS, RESIDUALS, England
from pcn_analysis.sources.mergers import MIN_GROWTH
from pcn_analysis.sources.practice_payments import network_lines
from pcn_analysis.sources.published_files import find_files
from pcn_analysis.thresholds import SERVED_SHARE
from pcn_analysis.words import number, slug

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geopandas import GeoDataFrame

COMPARATOR = "England"
MOST_NAMED = 12
"""Where a note is of more practices than these it says how many, and not which."""


def prepare_place(
    name: str,
    folder: Path,
    vintage: str = open_data.DEFAULT_VINTAGE,
    *,
    allow_unmapped: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Place:
    """Make a place from published files.

    Parameters
    ----------
    name
        Name of a local authority, or ``England``.
    folder
        Folder that holds the published files.
    vintage
        ``2023-07`` or ``2026-07``.
    allow_unmapped
        Whether practices without a row in the membership file may be grouped as "no network".
    say
        Called with one line as each step begins.

    Raises
    ------
    PcnAnalysisError
        If a file is missing, damaged or of another date or vintage, or the name is not known.
    """
    files = files_of(folder, vintage)
    england, boundaries = read_country(files, vintage, say)
    place = _local_authority(name, england.areas)
    say(f"Taking out {place}")
    return take_out(place, england, boundaries, files, vintage, allow_unmapped=allow_unmapped)


def files_of(folder: Path, vintage: str) -> dict[str, Path]:
    """Find the files of a vintage in a folder; all that are missing are told together."""
    if vintage not in open_data.FILES:
        raise problem("--vintage", f"there is no vintage {vintage!r}", nearest(vintage, open_data.FILES))
    return find_files(folder, open_data.FILES[vintage])


def read_country(
    files: dict[str, Path], vintage: str, say: Callable[[str], None] = lambda _: None
) -> tuple[England, GeoDataFrame]:
    """Read what a vintage says of all England, and the boundaries of its areas: all that any place is taken out of."""
    say("Reading published counts of England")
    england = READERS[vintage](files)
    say("Reading boundaries")
    return england, geography.read_boundaries(files["boundaries"])


def local_authorities(areas: pd.DataFrame) -> list[str]:
    """Names of every local authority of England, in order."""
    return sorted(areas.loc[areas["area_code"].str.startswith("E"), "local_authority_name"].dropna().unique())


def made_from(place: str, files: dict[str, Path], vintage: str, *, allow_unmapped: bool = False) -> str:
    """Hash of everything that a place depends on: its name, the files, the choices made, and this package."""
    read = [f"{key} {path.name} {file_sha256(path)}" for key, path in sorted(files.items())]
    parts = [place, vintage, str(allow_unmapped), *read, code_sha256((".",))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def take_out(
    place: str,
    england: England,
    boundaries: GeoDataFrame,
    files: dict[str, Path],
    vintage: str,
    *,
    allow_unmapped: bool = False,
) -> Place:
    """Take one place out of England.

    Parameters
    ----------
    place
        Name of the local authority, as England has it, or :data:`COUNTRY`.
    england
        What the vintage says of all England.
    boundaries
        Boundaries of every area of England, as read.
    files
        The files that both came from, by what each is.
    vintage
        Name of the vintage.
    allow_unmapped
        As in :func:`prepare_place`.
    """
    practices = _practices(england, place, allow_unmapped=allow_unmapped, file=files["membership"].name)
    members = _members(practices)
    shown = _areas_to_show(england.counts, members, england.areas, place)
    mapped = geography.around(boundaries, shown)
    geography.check_vintage(mapped, shown, england.areas["area_code"], files["boundaries"])
    frames = _frames(england, place, practices, members, set(mapped["area_code"]))
    return Place(
        slug=f"{slug(place)}-{vintage}",
        name=place,
        vintage=vintage,
        index_date=england.index_date,
        comparator=COMPARATOR,
        tables={
            name: _sourced(name, frame, vintage, files, england) for name, frame in frames.items() if frame is not None
        },
        boundaries=geography.clean_coverage(mapped, files["boundaries"].name),
        missing=_missing(frames, vintage),
        notes=(*_notes(england, practices, members), *geography.mended(mapped)),
        made_from=made_from(place, files, vintage, allow_unmapped=allow_unmapped),
    )


# -- one place out of England ------------------------------------------------------------------------------

MADE_FROM = {
    "practices": ("membership", "ages", "counts", "lsoa_lookup", "area_lookup", "residents", "practice_points"),
    "areas": (
        *("deprivation", "lsoa_lookup", "area_lookup", "residents", "boundaries"),
        *("centroids", "rural_urban", "sub_icbs"),
    ),
    "registrations_by_area": ("counts", "ages", "lsoa_lookup", "residents"),
    "registrations_by_age": ("ages",),
    "disease_registers": ("registers",),
    "published_measures": ("published_measures", "membership", "counts", "ages"),
    "country_networks": ("membership", "ages", "counts", "deprivation", "rural_urban", "lsoa_lookup", "residents"),
    "network_workforce": ("network_workforce",),
    "practice_payments": ("practice_payments", "counts", "ages"),
    "network_payments": ("practice_payments",),
    "earlier_memberships": (
        *(f"membership_{on:%Y_%m}" for on in open_data.EARLIER_MAPS),
        *("counts", "ages"),
    ),
}
"""Which files each table comes from; the first is the one that its values are of."""


def _frames(
    england: England, place: str, practices: pd.DataFrame, members: set[str], mapped: set[str]
) -> dict[str, pd.DataFrame | None]:
    """Rows of each table of the place; None for a table that the vintage does not have."""
    counts = _shared_areas(england.counts, members, mapped)
    areas = england.areas[england.areas["area_code"].isin(set(counts["area_code"]) | mapped)]
    by_practice = {"registrations_by_age": england.ages, "disease_registers": england.registers}
    networks = set(practices.loc[practices["in_place"], "pcn_code"].dropna())
    return {
        "practices": practices[practices["practice_code"].isin(set(counts["practice_code"]) | members)],
        "areas": areas.assign(in_place=_lies_in(areas, place)),
        "registrations_by_area": counts,
        **{name: None if frame is None else _with_comparator(frame, members) for name, frame in by_practice.items()},
        "earlier_memberships": _earlier_members(england.earlier, practices, members),
        "published_measures": place_measures.of_place(
            england.measures, practices[practices["practice_code"].isin(members)], england.mergers, COMPARATOR
        ),
        "country_networks": england.networks.assign(in_place=england.networks["pcn_code"].isin(networks)),
        "network_workforce": england.workforce,
        "practice_payments": country_networks.with_survivors(england.payments, england.mergers),
        "network_payments": None if england.payments is None else network_lines(england.payments),
    }


OPTIONAL = {
    "published_measures": "published_measures",
    "network_workforce": "network_workforce",
    "practice_payments": "practice_payments",
    "network_payments": "practice_payments",
}
"""Tables that a place can do without, and the file that each is made from."""


def _missing(frames: dict[str, pd.DataFrame | None], vintage: str) -> dict[str, str]:
    """Why each table that is not there is missing; of earlier memberships nothing is said."""
    files = open_data.FILES[vintage]
    why = {
        name: f"Not known: no file {files[key].patterns[0]} was given." if key in files else ""
        for name, key in OPTIONAL.items()
    }
    why["earlier_memberships"] = ""
    lacking = [name for name, frame in frames.items() if frame is None]
    said = {name: why.get(name, f"The {vintage} files hold none of the same date.") for name in lacking}
    return {name: words for name, words in said.items() if words}


def _earlier_members(earlier: pd.DataFrame | None, practices: pd.DataFrame, members: set[str]) -> pd.DataFrame | None:
    """Practices of the place and of its networks, of today or of then, on each earlier date."""
    if earlier is None:
        return None
    today = practices.loc[practices["practice_code"].isin(members), "pcn_code"]
    then = earlier.loc[earlier["practice_code"].isin(members), "pcn_code"]
    networks = {*today.dropna(), *then.dropna()}
    own = earlier["practice_code"].isin(members) | earlier["survivor"].isin(members)
    return earlier[own | earlier["pcn_code"].isin(networks)].reset_index(drop=True)


def _sourced(name: str, frame: pd.DataFrame, vintage: str, files: dict[str, Path], england: England) -> SourcedTable:
    table, wanted = tables.NAMED[name], open_data.FILES[vintage]
    sources = tuple(wanted[key].source(files[key]) for key in MADE_FROM[name] if key in files)
    modelled = england.modelled if name in ("registrations_by_area", "country_networks") else ""
    return SourcedTable(table.conform(frame), Provenance(sources, people=table.people, modelled=modelled))


def _local_authority(name: str, areas: pd.DataFrame) -> str:
    names = local_authorities(areas)
    folded = {known.casefold(): known for known in names}
    wanted = " ".join(name.split()).casefold()
    if wanted == COUNTRY.casefold():
        return COUNTRY
    if wanted not in folded:
        what = f"there is no local authority named {name!r}"
        raise problem("--place", what, f"{nearest(name, names)} All networks: {COUNTRY}.")
    return folded[wanted]


def _lies_in(rows: pd.DataFrame, place: str) -> pd.Series:
    """Whether areas or practices, each with a local authority, are of a place."""
    if place == COUNTRY:
        return pd.Series(True, index=rows.index)
    return rows["local_authority_name"].eq(place).fillna(False)


def _practices(england: England, place: str, *, allow_unmapped: bool, file: str) -> pd.DataFrame:
    practices = england.practices.assign(in_place=_lies_in(england.practices, place))
    in_place = practices.loc[practices["unmapped"] & practices["in_place"], "practice_code"].to_list()
    if in_place and not allow_unmapped:
        raise problem(
            file,
            f"no network is given for {number(len(in_place), 'practice')} of {place}, nor are they marked as "
            f"unallocated ({', '.join(in_place[:5])}{' …' if len(in_place) > 5 else ''})",  # noqa: PLR2004
            "Complete the file, or give --allow-unmapped to group them as 'no network'.",
        )
    return practices


def _members(practices: pd.DataFrame) -> set[str]:
    """Practices of the place, and practices elsewhere of the networks that the place shares."""
    networks = practices.loc[practices["in_place"], "pcn_code"].dropna().unique()
    return set(practices.loc[practices["in_place"] | practices["pcn_code"].isin(networks), "practice_code"])


def _shared_areas(counts: pd.DataFrame, members: set[str], mapped: set[str]) -> pd.DataFrame:
    """Every row of a member, and every practice's row in an area that a member touches or the maps show."""
    own = counts["practice_code"].isin(members)
    touched = (set(counts.loc[own, "area_code"]) | mapped) - set(RESIDUALS)
    return counts[own | counts["area_code"].isin(touched)].reset_index(drop=True)


def _areas_to_show(counts: pd.DataFrame, members: set[str], areas: pd.DataFrame, place: str) -> set[str]:
    """Areas of the place, and areas where its networks serve at least 5% of registered patients."""
    english = areas["area_code"].str.match(codes.ENGLISH_LSOA)
    home = set(areas.loc[english & _lies_in(areas, place), "area_code"])
    located = counts[~counts["area_code"].isin(RESIDUALS)]
    total = located.groupby("area_code")["patients"].sum()
    own = located[located["practice_code"].isin(members)].groupby("area_code")["patients"].sum()
    return home | set(own.index[own >= SERVED_SHARE * total[own.index]])


def _with_comparator(frame: pd.DataFrame, members: set[str]) -> pd.DataFrame:
    """Rows of the members, and one set of rows that sums all England."""
    measures = [column for column in ("patients", "register_size", "list_size") if column in frame]
    kinds = [column for column in frame if column not in ("practice_code", *measures)]
    country = frame.groupby(kinds, as_index=False)[measures].sum()
    country = country.assign(organisation_type="comparator", organisation_code=COMPARATOR)
    own = frame[frame["practice_code"].isin(members)].rename(columns={"practice_code": "organisation_code"})
    return pd.concat([own.assign(organisation_type="practice"), country], ignore_index=True)


def _notes(england: England, practices: pd.DataFrame, members: set[str]) -> tuple[str, ...]:
    """Say what a reader must know of this place's practices; each only where it applies."""
    own = practices[practices["practice_code"].isin(members)].set_index("practice_code")
    merged = england.mergers[england.mergers["survivor"].isin(members)]
    notes = list(england.notes)
    if len(merged):
        pairs = [f"{row.closed_practice} in {row.survivor}" for row in merged.itertuples()]
        notes.append(
            f"{number(len(merged), 'practice')} closed since July 2023 and counted in the one that absorbed its "
            f"patients{_named(pairs, ' ({})')}; who absorbed whom is inferred from list growth of more than "
            f"{MIN_GROWTH:.0%} and shared areas, not published."
        )
    kinds = {
        "whose list grew by more than a fifth since July 2023 without a known merger; where their new patients "
        "live is least certain": england.grown,
        "new since July 2023, whose patients' areas are not known": england.new,
        "without a patient": set(own.index[own["list_size"] == 0]),
        "without recorded prevalence": _absent(england.registers, members),
        "without a row in the membership file, grouped as in no network": set(own.index[own["unmapped"]]),
        "of which no file says where in Great Britain its main site is": (
            set() if england.points is None else set(own.index) - set(england.points["practice_code"])
        ),
    }
    for what, those in kinds.items():
        if found := sorted(those & members):
            patients = own["list_size"].reindex(found).sum()
            named = _named(found, ": {}")
            notes.append(f"{number(len(found), 'practice')} {what}{named} ({patients:,} patients).")
    return (
        *notes,
        *place_measures.notes(england.measures, own.reset_index(), england.mergers, MOST_NAMED),
        *country_networks.notes(england.workforce, england.payments, own.reset_index(), MOST_NAMED),
    )


def _named(those: list[str], words: str) -> str:
    """Name a few, and say nothing of many."""
    return words.format(", ".join(those)) if len(those) <= MOST_NAMED else ""


def _absent(frame: pd.DataFrame | None, members: set[str]) -> set[str]:
    return set() if frame is None else members - set(frame["practice_code"])
