"""Where a table came from, carried with it to the page.

A :class:`SourcedTable` is a frame with its :class:`Provenance`. Frames made from it are wrapped again by
:func:`derive`, which joins the provenance of every parent, so that a table touched by one person's record
can never be called open data.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcn_analysis.counted import EVERYONE, Conditions, Counted  # noqa: F401 - read with a table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


SYNTHETIC, SYNTHETIC_PEOPLE = "SYNTHETIC", "SYNTHETIC PEOPLE"
"""What everything shown is labelled with that was made from invented data, or from invented people."""


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, by which a page says what it was made from."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def code_sha256(parts: tuple[str, ...]) -> str:
    """SHA-256 of some folders and modules of this package, by which what they made is known to be theirs.

    Parameters
    ----------
    parts
        Names of folders, and of modules at the top.
    """
    package, digest = Path(__file__).parent, hashlib.sha256()
    for part in parts:
        for path in sorted((package / part).rglob("*")) if (package / part).is_dir() else [package / part]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, order=True)
class Source:
    """One published file or one set of records.

    Parameters
    ----------
    title
        What the publisher calls it.
    publisher
        Who publishes it.
    period
        The date or period that it describes, in words.
    licence
        Its licence.
    attribution
        The sentence that its licence asks to be shown.
    file
        Name of the file that was read.
    sha256
        SHA-256 of the bytes that were read.
    kind
        ``published``, ``invented``, ``records`` (of people), ``rates`` (published, and put to other people) or
        ``grouping`` (somebody's grouping of practices, in which there are no people).
    """

    title: str
    publisher: str
    period: str
    licence: str
    attribution: str
    file: str = ""
    sha256: str = ""
    kind: str = "records"


@dataclass(frozen=True)
class Provenance:
    """What a table was made from.

    Parameters
    ----------
    sources
        The published files or record sets.
    people
        Whether any value derives from a person's record, synthetic people included.
    synthetic
        Whether any value was invented.
    modelled
        What was estimated rather than published, in one sentence; empty when nothing was.
    """

    sources: tuple[Source, ...]
    people: bool
    synthetic: bool = False
    modelled: str = ""

    @property
    def label(self) -> str:
        """How everything shown of it is labelled; empty where nothing was invented.

        Examples
        --------
        >>> Provenance((), people=True, synthetic=True).label, Provenance((), people=False, synthetic=True).label
        ('SYNTHETIC PEOPLE', 'SYNTHETIC')
        >>> Provenance((), people=True).label
        ''
        """
        if not self.synthetic:
            return ""
        return SYNTHETIC_PEOPLE if self.people else SYNTHETIC

    def joined(self, other: Provenance) -> Provenance:
        """Provenance of something made from both.

        Examples
        --------
        >>> published, records = Provenance((), people=False), Provenance((), people=True)
        >>> published.joined(records).people
        True
        """
        modelled = dict.fromkeys(text for text in (self.modelled, other.modelled) if text)
        return Provenance(
            sources=tuple(dict.fromkeys(self.sources + other.sources)),
            people=self.people or other.people,
            synthetic=self.synthetic or other.synthetic,
            modelled=" ".join(modelled),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        return {
            "sources": [vars(source) for source in self.sources],
            "people": self.people,
            "synthetic": self.synthetic,
            "modelled": self.modelled,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Provenance:
        """Read what :meth:`to_dict` wrote."""
        sources = tuple(Source(**source) for source in values["sources"])
        return cls(sources, bool(values["people"]), bool(values["synthetic"]), str(values["modelled"]))


@dataclass(frozen=True)
class Rate:
    """How a rate column follows from two count columns; release recomputes it from released counts.

    Parameters
    ----------
    name
        The column of the rate, a proportion from 0 to 1.
    numerator, denominator
        The two count columns.
    interval
        Whether the table also has ``{name}_lower`` and ``{name}_upper``, a 95% Wilson interval.
    against
        Another rate column, named before this one, that the interval is held against in
        ``{name}_compared``: ``higher``, ``lower`` or ``similar``.
    asked
        A column with the share that is asked for, which is written as this one is.
    """

    name: str
    numerator: str
    denominator: str
    interval: bool = False
    against: str = ""
    asked: str = ""

    def columns(self) -> list[str]:
        """Names of the columns that this rate fills.

        Examples
        --------
        >>> Rate("prevalence", "register_size", "list_size", interval=True).columns()
        ['prevalence', 'prevalence_lower', 'prevalence_upper']
        """
        limits = [f"{self.name}_lower", f"{self.name}_upper"] if self.interval else []
        compared = [f"{self.name}_compared"] if self.against else []
        return [self.name, *limits, *compared]


@dataclass(frozen=True)
class About:
    """What a table is about, in the words that a title or sentence needs.

    Parameters
    ----------
    network
        Name of the network; empty when the table is of the whole place.
    place
        Name of the place.
    comparator
        Name of what it is compared with.
    date
        The date that the lists describe.
    vintage
        The set of published files.
    """

    network: str
    place: str
    comparator: str
    date: dt.date
    vintage: str

    def title(self) -> str:
        """Name and date for a figure's title.

        Examples
        --------
        >>> About("Harbour PCN", "Marlhaven", "England", dt.date(2026, 7, 1), "synthetic").title()
        'Harbour PCN, 1 July 2026'
        """
        return f"{self.network or self.place}, {self.day()}"

    def day(self) -> str:
        """The date, as written in a sentence."""
        return f"{self.date.day} {self.date:%B %Y}"


@dataclass(frozen=True)
class SourcedTable:
    """A frame, where it came from, and what its number columns are.

    Parameters
    ----------
    frame
        The values.
    provenance
        Where they came from.
    about
        What it is about; None for a table that is shown nowhere.
    counts
        Columns that count people.
    rates
        Columns that follow from counts.
    numbers
        Number columns that concern no person: of practices, areas, deciles.
    ranked_by
        A count that rows are ranked by, largest first, once released, so that the order of rows says nothing of
        counts that are not shown; before it, a column within whose values they are ranked. Empty: as they are.
    counted
        Whom each count column counts.
    """

    frame: pd.DataFrame
    provenance: Provenance
    counts: tuple[str, ...] = ()
    rates: tuple[Rate, ...] = field(default=())
    numbers: tuple[str, ...] = ()
    about: About | None = None
    ranked_by: tuple[str, ...] = ()
    counted: Mapping[str, Counted] = field(default_factory=dict)


def derive(
    frame: pd.DataFrame,
    *parents: SourcedTable,
    counts: tuple[str, ...] = (),
    rates: tuple[Rate, ...] = (),
    numbers: tuple[str, ...] = (),
    about: About | None = None,
    counted: Mapping[str, Counted] | None = None,
) -> SourcedTable:
    """Wrap a frame computed from other tables; it inherits the provenance of all of them.

    Parameters
    ----------
    frame
        The computed values.
    *parents
        Every table that a value came from; at least one.
    counts, rates, numbers
        What its number columns are.
    about
        What it is about.
    counted
        Whom each count column counts.
    """
    if not parents:
        message = "a derived table needs the tables that it was derived from"
        raise ValueError(message)
    provenance = parents[0].provenance
    for parent in parents[1:]:
        provenance = provenance.joined(parent.provenance)
    return SourcedTable(frame, provenance, counts, rates, numbers, about, counted=counted or {})
