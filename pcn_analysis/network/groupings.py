"""Groupings of the practices of a place: its networks, neighbourhoods, larger areas, localities, several networks.

A grouping is published with the place, or a file that somebody put into ``data/raw/groupings/<place>/``
(:mod:`pcn_analysis.network.grouping_files`). Either way it becomes a :class:`Grouping`, and the same measures are
taken of it (:mod:`pcn_analysis.network.place_groupings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.network.grouping_files import NOUNS, around, read_grouping_file
from pcn_analysis.provenance import Provenance, Source, SourcedTable, file_sha256
from pcn_analysis.thresholds import NETWORK_SIZE
from pcn_analysis.words import listed, number, slug

if TYPE_CHECKING:
    from pcn_analysis.network.grouping_files import GroupingFile
    from pcn_analysis.place import Place

FOLDER = "groupings"
"""Folder within that of published files; it has a folder a place, named after it."""
COLUMNS = {
    "pcn": ("pcn_code", "pcn_name", "Primary Care Networks"),
    "sub_icb": ("sub_icb_code", "sub_icb_code", "Sub-ICB locations"),
    "icb": ("icb_code", "icb_code", "Integrated care boards"),
    "neighbourhood": ("neighbourhood", "neighbourhood", "Neighbourhoods"),
}
"""Groupings that a place can hold: columns of its practices with the code and the name, and what they are called."""
SIZES = {"pcn": NETWORK_SIZE, "neighbourhood": around(50_000), "multi_neighbourhood": around(250_000)}
"""Patients that a group is meant to have, fewest and most.

Neighbourhoods of about 50,000 people and several together with about 250,000 are the scales of the contracts that the
10 Year Health Plan for England (2025) announces. How near "about" is nobody says: within a quarter is our choice.
"""
KIND = "grouping"
"""Kind of the source that a file is."""


@dataclass(frozen=True)
class Grouping:
    """A grouping of the practices of a place.

    Parameters
    ----------
    name
        By which it is asked for.
    title
        What it is called in sentences.
    of
        Group by practice code, of every practice of the place; null where it is in none.
    names
        Name of each group that has a practice of the place.
    size
        Fewest and most patients that a group is meant to have; None where nobody says.
    provenance
        Who says so; of a file its publisher and period, as it states them.
    notes
        What was left out and what is missing, in sentences.
    """

    name: str
    title: str
    of: pd.Series
    names: dict[str, str]
    size: tuple[int, int] | None
    provenance: Provenance
    notes: tuple[str, ...] = ()

    @property
    def source(self) -> Source:
        """The file that says which practice is in which group."""
        return self.provenance.sources[0]

    @property
    def is_stated(self) -> bool:
        """Whether it is known who publishes it and of when it is: else it is a draft, and is on no page."""
        return self.source.kind != KIND or bool(self.source.publisher and self.source.period)

    def table(self) -> SourcedTable:
        """The grouping as a table, for what derives from it."""
        return SourcedTable(self.of.rename("group").reset_index(), self.provenance)


def own_practices(place: Place) -> pd.DataFrame:
    """Practices that a grouping of a place is of: those in it and the others of its networks; by practice code."""
    practices = place.tables["practices"].frame
    networks = place.networks()["pcn_code"]
    own = practices["in_place"] | practices["pcn_code"].isin(networks)
    return practices[own].set_index("practice_code").sort_index()


def known_groupings(place: Place, raw: Path) -> dict[str, Path | None]:
    """Groupings of a place by name: those it holds (None), then files in its folder.

    Parameters
    ----------
    place
        A prepared place.
    raw
        Folder of published files.
    """
    practices = own_practices(place)
    held = {name: None for name, (column, _, _) in COLUMNS.items() if practices[column].notna().any()}
    files = {_folded(path.stem): path for path in sorted(grouping_folder(place, raw).glob("*.csv"))}
    return {**held, **files}


def grouping_folder(place: Place, raw: Path) -> Path:
    """Where files of groupings of a place are put."""
    return raw / FOLDER / slug(place.name)


def find_grouping(place: Place, asked: str, raw: Path) -> Grouping:
    """Find a grouping of a place: one that it holds, a file in its folder, or a file anywhere.

    Parameters
    ----------
    place
        A prepared place with published counts.
    asked
        Its name (``pcn``, ``neighbourhood``, that of a file without ending), or the path of a CSV file.
    raw
        Folder of published files.

    Raises
    ------
    PcnAnalysisError
        If there is none of that name, or with everything that is wrong with its file.
    """
    if asked.lower().endswith(".csv"):
        return read_grouping(Path(asked), place)
    known, name = known_groupings(place, raw), _folded(asked)
    if name not in known:
        folder = f"{raw.parent.name}/{raw.name}/{FOLDER}/{slug(place.name)}"
        remedy = f"{nearest(name, known)} Or put it into {folder}/{name or 'NAME'}.csv, or give the path of a file."
        raise problem("--grouping", f"{place.name} has no grouping “{asked}”", remedy)
    path = known[name]
    if path is None:
        return _held(place, name)
    if name in ("pcn", "sub_icb", "icb"):
        raise problem(path.name, f"“{name}” is the name of a published grouping", "Give the file another name.")
    return read_grouping(path, place)


def read_grouping(path: Path, place: Place) -> Grouping:
    """Read the file of a grouping and hold it against the practices of a place.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file, or if none of its practices, or networks, is of the place.
    """
    file = read_grouping_file(path)
    practices = own_practices(place)
    units = pd.Series(practices.index, practices.index) if file.unit == "practice_code" else practices["pcn_code"]
    of = units.map(file.of).astype("str").rename("group")
    noun = NOUNS[file.unit]
    if of.isna().all():
        what = f"none of its {number(len(file.of), noun)} is of {place.name} on {place.about().day()}"
        raise problem(path.name, what, f"Give a file with codes of {noun}s of {place.name}.")
    name = _folded(path.stem)
    source = Source(
        title=file.facts.get("title", path.stem),
        publisher=file.facts.get("publisher", ""),
        period=file.facts.get("period", ""),
        licence=file.facts.get("licence", "licence not stated"),
        attribution=f"Grouping of practices: {file.facts.get('publisher', 'source not stated')}.",
        file=path.name,
        sha256=file_sha256(path),
        kind=KIND,
    )
    there = set(of.dropna())
    return Grouping(
        name=name,
        title=source.title,
        of=of,
        names={group: label for group, label in file.names.items() if group in there},
        size=file.size or SIZES.get(name),
        provenance=Provenance((source,), people=False),
        notes=tuple(_notes(file, units, of, place)),
    )


def _held(place: Place, name: str) -> Grouping:
    """A grouping that stands in the table of practices."""
    column, label, title = COLUMNS[name]
    practices = own_practices(place)
    of = practices[column].astype("str").rename("group")
    known = practices.dropna(subset=[column])
    names = dict(zip(known[column].astype("str"), known[label].fillna(known[column]).astype("str"), strict=True))
    without = [f"In no group: {number(int(of.isna().sum()), 'practice')} of {place.name}."] if of.isna().any() else []
    return Grouping(name, title, of, names, SIZES.get(name), place.tables["practices"].provenance, tuple(without))


def _notes(file: GroupingFile, units: pd.Series, of: pd.Series, place: Place) -> list[str]:
    """What of a file is not of the place, and what of the place is not in the file, counted."""
    noun, known = NOUNS[file.unit], file.of.index.isin(units.dropna())
    elsewhere = file.of[~known]
    gone = sorted(set(elsewhere) - set(of.dropna()))
    parted = sorted(set(elsewhere) & set(of.dropna()))
    names = {group: f"“{label}”" for group, label in file.names.items()}
    said = []
    if file.repeated:
        said.append(f"Counted once: {number(file.repeated, 'row')} that say again what another says.")
    if len(elsewhere):
        lost = f", and with them {number(len(gone), 'group')}" if gone else ""
        said.append(f"Left out: {number(len(elsewhere), noun)} of the file that {place.name} does not have{lost}.")
    if parted:
        which = listed([names[group] for group in parted])
        said.append(f"Of {which} only practices of {place.name} are measured.")
    if of.isna().any():
        said.append(f"In no group: {number(int(of.isna().sum()), 'practice')} of {place.name} not in the file.")
    return said


def _folded(name: str) -> str:
    """Name of a grouping, whatever its case, spaces and dashes."""
    return slug(name).replace("-", "_")
