"""A place with a grouping of its practices and another that it is held against: what tables of both begin with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.exceptions import problem
from pcn_analysis.network.catchments import plurality
from pcn_analysis.network.groupings import find_grouping, known_groupings, own_practices
from pcn_analysis.network.of_place import OUTSIDE_NETWORKS, groups_of, names_of, registered_of
from pcn_analysis.network.points import POINT
from pcn_analysis.provenance import SourcedTable, derive
from pcn_analysis.settings import load_settings
from pcn_analysis.words import slug

if TYPE_CHECKING:
    from pcn_analysis.network.groupings import Grouping
    from pcn_analysis.network.registered import Patients
    from pcn_analysis.place import Place

ELSEWHERE = " "
"""Stands before the network of a practice elsewhere; no group begins with a space."""
IN_NONE = "In no group"
"""How practices of the place in no group are named, which compete as one."""


@dataclass(frozen=True)
class Grouped:
    """A place, a grouping of its practices, and another that it is held against.

    Parameters
    ----------
    place
        The place.
    grouping, other
        None where the place has no such grouping.
    """

    place: Place
    grouping: Grouping | None
    other: Grouping | None

    @cached_property
    def patients(self) -> Patients:
        """Patients by area and group, with those of practices elsewhere by their network."""
        return registered_of(self.place).grouped(self.groups)

    @cached_property
    def groups(self) -> pd.Series:
        """Group of every practice; null of those of the place that are in none."""
        elsewhere = ELSEWHERE + groups_of(self.place).fillna(codes.NO_NETWORK).astype("str")
        if self.grouping is None:
            return elsewhere
        return elsewhere.drop(self.grouping.of.index).reindex(elsewhere.index).fillna(self.grouping.of)

    @cached_property
    def won(self) -> pd.DataFrame:
        """Which group has most patients of each area."""
        return plurality(self.patients, self.place.tables["areas"].frame.set_index("area_code")[list(POINT)])

    @property
    def names(self) -> dict[str, str]:
        """Names of groups, of networks elsewhere, and of what is in none."""
        elsewhere = {ELSEWHERE + code: name for code, name in names_of(self.place).items()}
        elsewhere[ELSEWHERE + codes.NO_NETWORK] = OUTSIDE_NETWORKS
        return {**elsewhere, codes.NO_NETWORK: IN_NONE, **(self.grouping.names if self.grouping else {})}

    def sourced(self, frame: pd.DataFrame, *tables: str, counts=(), rates=(), numbers=()) -> SourcedTable:
        """A table made from some tables of the place and from the groupings."""
        used = [one.table() for one in (self.grouping, self.other) if one is not None]
        parents = [*used, *(self.place.tables[name] for name in tables)]
        return derive(frame, *parents, counts=counts, rates=rates, numbers=numbers, about=self.place.about())

    def empty(self, column: str, *tables: str) -> SourcedTable:
        """A table without rows, where there is no such grouping."""
        return self.sourced(pd.DataFrame({column: pd.Series(dtype="str")}), *tables)


def groupings(place: Place, grouping: str, against: str) -> Grouped:
    """Find a grouping of a place, and the one that it is held against, for a page.

    Parameters
    ----------
    place
        A place.
    grouping, against
        Names, as :func:`pcn_analysis.network.groupings.find_grouping` knows them.

    Raises
    ------
    PcnAnalysisError
        If a file is wrong, or does not say who publishes it and of when it is: a page is made of published things.
    """
    raw = load_settings().raw
    known = known_groupings(place, raw)
    found = [
        find_grouping(place, one, raw) if slug(one).replace("-", "_") in known else None for one in (grouping, against)
    ]
    for one in found:
        if one is not None and not one.is_stated:
            what = "the file does not say who publishes it and of when it is, and a page is made of published things"
            raise problem(one.source.file, what, "Put two lines above its header: “# publisher: …” and “# period: …”.")
    return Grouped(place, *found)


def grouping_facts(found: Grouped) -> SourcedTable:
    """Say what each of the two groupings is.

    Returns
    -------
    SourcedTable
        The grouping and the one that it is held against: grouping (name), title, source (publisher, period and file),
        groups, practices, patients (in a group), smallest, largest, size (what its groups are meant to have, in words),
        in_size (groups of that size, in words), notes. Both sizes are null where nobody says them; notes may be empty.
    """
    if found.grouping is None:
        return found.empty("grouping", "practices")
    lists = own_practices(found.place)["list_size"]
    frame = pd.DataFrame([_facts(one, lists) for one in (found.grouping, found.other) if one is not None])
    counts, numbers = ("patients", "smallest", "largest"), ("groups", "practices")
    return found.sourced(frame, "practices", counts=counts, numbers=numbers)


def _facts(grouping: Grouping, lists: pd.Series) -> dict[str, object]:
    of = grouping.of.dropna()
    sizes = lists[of.index].groupby(of).sum()
    low, high = grouping.size or (None, None)
    source = grouping.source
    parts_said = [one for one in (source.publisher, source.period, source.file) if one]
    return {
        "grouping": grouping.name,
        "title": grouping.title,
        "source": ", ".join(parts_said),
        "groups": len(sizes),
        "practices": len(of),
        "patients": int(sizes.sum()),
        "smallest": int(sizes.min()),
        "largest": int(sizes.max()),
        "size": f"{low:,} to {high:,}" if grouping.size else None,
        "in_size": f"{int(sizes.between(low, high).sum())} of {len(sizes)}" if grouping.size else None,
        "notes": " ".join(grouping.notes),
    }
