"""What a design is made of: practices with their lists, the areas where their patients live, and who else is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from pcn_analysis.exceptions import problem
from pcn_analysis.network.design.constraints import Wanted, joined
from pcn_analysis.network.design.practice_graph import area_graph, grounds, touching
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcn_analysis.network.registered import Registered

MOST_DEGREES = 360
"""Coordinates that are all within it are degrees, not metres of the National Grid."""


@dataclass(frozen=True)
class Ground:
    """Practices of a design and their areas.

    Parameters
    ----------
    practices
        Their codes, in order.
    lists
        Published list of each.
    registered
        Patients of each in the counts, those without an English area included; localisation is a share of them.
    patients
        Areas × practices.
    everyone
        Everyone registered in each area, with any practice.
    rival
        Patients of the largest network elsewhere in each area, or of all practices elsewhere in none.
    borders
        Areas × areas: 1 where two have a common border.
    touch
        Practices × practices: whether they are neighbours.
    today
        Practices × networks of today: 1 where a practice is in it. A practice in none has a row of zeros.
    networks
        Codes of the networks of today.
    """

    practices: pd.Index
    lists: np.ndarray
    registered: np.ndarray
    patients: np.ndarray
    everyone: np.ndarray
    rival: np.ndarray
    borders: sparse.csr_array
    touch: np.ndarray
    today: np.ndarray
    networks: pd.Index


def ground_of(registered: Registered, lists: pd.Series, neighbours: pd.DataFrame, today: pd.Series) -> Ground:
    """Take the practices of a design out of everyone registered.

    Parameters
    ----------
    registered
        Patients by area and practice, complete in every area: practices that are not in ``lists`` are rivals.
    lists
        Registered patients by practice code: the practices to be designed.
    neighbours
        area_code and neighbour_code of areas with a common border.
    today
        Network by practice code, of rivals as well; null or absent for none.

    Raises
    ------
    PcnAnalysisError
        If a practice of the design is not in the counts.
    """
    practices = pd.Index(sorted(lists.index), name="practice_code")
    own = registered.practices.get_indexer(practices)
    if (own < 0).any():
        what = f"{number(int((own < 0).sum()), 'practice')} of the design are not in them"
        raise problem("counts", what, "Use counts of the same date as the lists.")
    columns = sparse.csc_array(registered.matrix)
    lived_in = np.flatnonzero(columns[:, own].sum(axis=1) > 0)
    patients = columns[:, own].toarray()[lived_in]
    areas, everyone = registered.areas[lived_in], np.asarray(columns.sum(axis=1)).ravel()[lived_in]
    other = np.setdiff1d(np.arange(len(registered.practices)), own)
    membership, networks = _membership(today.reindex(practices))
    return Ground(
        practices=practices,
        lists=lists[practices].to_numpy(dtype=float),
        registered=patients.sum(axis=0) + registered.elsewhere.reindex(practices).sum(axis=1).to_numpy(dtype=float),
        patients=patients,
        everyone=everyone,
        rival=_largest(columns[:, other][lived_in], today.reindex(registered.practices[other])),
        borders=area_graph(areas, neighbours),
        touch=touching(grounds(patients, everyone), areas, neighbours),
        today=membership,
        networks=networks,
    )


def _membership(groups: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Practices × groups as zeros and ones, and the names of the groups."""
    position, names = pd.factorize(groups, sort=True)
    return (position[:, None] == np.arange(len(names))).astype(float), pd.Index(names)


def _largest(patients: sparse.csc_array, groups: pd.Series) -> np.ndarray:
    """Patients of the largest group in each area; practices in no group are one."""
    if not len(groups):
        return np.zeros(patients.shape[0])
    position, names = pd.factorize(groups, use_na_sentinel=False)
    members = (np.ones(len(position)), (np.arange(len(position)), position))
    return (patients @ sparse.csr_array(members, shape=(len(position), len(names)))).max(axis=1).toarray().ravel()


@dataclass(frozen=True)
class Units:
    """Practices that stay together, moved as one; a practice that may leave every other is a unit alone.

    Parameters
    ----------
    of
        Position of each practice's unit.
    names
        Practices of each unit.
    lists, registered, patients, today
        As in :class:`Ground`, added up. Patients are units × areas.
    everyone, rival
        As in :class:`Ground`.
    touch
        Units × units: whether they are neighbours on the same side of a border that may not be crossed.
    apart
        Units × units: whether they may never be in one network.
    """

    of: np.ndarray
    names: tuple[tuple[str, ...], ...]
    lists: np.ndarray
    registered: np.ndarray
    patients: np.ndarray
    today: np.ndarray
    everyone: np.ndarray
    rival: np.ndarray
    touch: np.ndarray
    apart: np.ndarray

    def __len__(self) -> int:
        return len(self.lists)


def units_of(ground: Ground, wanted: Wanted, sites: Iterable[Iterable[str]] = ()) -> Units:
    """Join practices that stay together.

    Parameters
    ----------
    ground
        Practices and areas.
    wanted
        What is asked, free of contradictions.
    sites
        Groups of practices at one site, joined as well; a group that the wishes part is left as it is.
    """
    codes = [str(code) for code in ground.practices]
    parted = _parted(ground, wanted)
    head = joined(wanted.keep, codes)
    for site in sites:
        tried = joined([*_groups(head), tuple(site)], codes)
        together = np.array([tried[code] for code in codes])
        head = head if (parted & (together[:, None] == together)).any() else tried
    of, heads = pd.factorize(pd.Series([head[code] for code in codes]))
    member = (of == np.arange(len(heads))[:, None]).astype(float)
    side = wanted.within.reindex(ground.practices).to_numpy() if wanted.within is not None else np.zeros(len(codes))
    touch = (member @ (ground.touch & (side[:, None] == side)) @ member.T) > 0
    np.fill_diagonal(touch, False)
    return Units(
        of=of,
        names=tuple(tuple(np.array(codes)[of == unit]) for unit in range(len(heads))),
        lists=member @ ground.lists,
        registered=member @ ground.registered,
        patients=np.ascontiguousarray(member @ ground.patients.T),
        today=member @ ground.today,
        everyone=ground.everyone,
        rival=ground.rival,
        touch=touch,
        apart=(member @ parted @ member.T) > 0,
    )


def _parted(ground: Ground, wanted: Wanted) -> np.ndarray:
    """Practices × practices: whether the wishes part them."""
    parted = np.zeros((len(ground.practices),) * 2, dtype=bool)
    for group in wanted.separate:
        at = ground.practices.get_indexer(list(group))
        parted[np.ix_(at, at)] = True
    if wanted.within is not None:
        side = wanted.within.reindex(ground.practices).to_numpy()
        parted |= side[:, None] != side
    np.fill_diagonal(parted, False)
    return parted


def _groups(head: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, own) for code, own in head.items() if code != own]


def sites_of(points: pd.DataFrame, practices: pd.Index) -> list[tuple[str, ...]]:
    """Find practices at one site: those whose points are the same to the metre.

    Parameters
    ----------
    points
        easting and northing in metres by practice code; practices without a point share no site.
    practices
        Codes of the practices of the design.

    Raises
    ------
    PcnAnalysisError
        If the coordinates are degrees.
    """
    known = points.reindex(practices)[["easting", "northing"]].astype(float).dropna()
    if len(known) and (known.abs() <= MOST_DEGREES).to_numpy().all():
        raise problem("points of practices", "they are degrees, not metres", "Project them to EPSG:27700.")
    at = known.round().groupby(["easting", "northing"], sort=True).groups
    return [tuple(map(str, codes)) for codes in at.values() if len(codes) > 1]
