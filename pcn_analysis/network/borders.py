"""Borders of areas, measured once: who has which neighbour along how many metres.

Every segment of every border is found once with the area on each side, and added up by pair of areas. What any
grouping of the areas looks like then follows by counting: its perimeter, its compactness and its borders with
others need no polygon of its own. Boundaries are a valid coverage in EPSG:27700
(:mod:`pcn_analysis.sources.geography`); neighbours share edges, and a corner alone makes no neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.network.points import LARGEST_DEGREES
from pcn_analysis.sources.geography import BRITISH_NATIONAL_GRID, check_coverage
from pcn_analysis.words import number

if TYPE_CHECKING:
    import geopandas as gpd

KM = 1_000
NOTHING = -1
"""Position of what is not there: no area beyond a border, no group."""


@dataclass(frozen=True)
class Borders:
    """Areas and the borders between them; made by :meth:`of`.

    Parameters
    ----------
    areas
        Area codes, in order of code.
    square_metres
        Size of each area.
    one, other
        Positions of the areas on the two sides of each border, ``one`` before ``other``. Where there is nothing on
        the other side, ``other`` is -1.
    metres
        Length of each border.
    """

    areas: pd.Index
    square_metres: np.ndarray
    one: np.ndarray
    other: np.ndarray
    metres: np.ndarray

    @classmethod
    def of(cls, boundaries: gpd.GeoDataFrame) -> Borders:
        """Measure the borders of areas.

        Parameters
        ----------
        boundaries
            area_code and geometry, EPSG:27700.

        Raises
        ------
        PcnAnalysisError
            If coordinates are not metres of the National Grid, an area is named twice or has no shape, or shapes are
            invalid, overlap, or do not share their edges.

        Examples
        --------
        >>> import geopandas as gpd
        >>> squares = [shapely.box(west, 0, west + 1000, 1000) for west in (0, 1000)]
        >>> Borders.of(gpd.GeoDataFrame({"area_code": ["A", "B"]}, geometry=squares, crs=27700)).shared()
          area_code neighbour_code  metres
        0         A              B  1000.0
        """
        check_shapes(boundaries)
        check_coverage(boundaries)
        ordered = boundaries.sort_values("area_code")
        shapes = ordered.geometry.to_numpy()
        codes = pd.Index(ordered["area_code"].astype("str"), name="area_code")
        return cls(codes, shapely.area(shapes), *_borders(shapes))

    def shared(self) -> pd.DataFrame:
        """Neighbours and the length of the border between them.

        Returns
        -------
        DataFrame
            One row a pair of areas that share an edge, each pair once, in order of code: area_code, neighbour_code,
            metres.
        """
        both = self.other != NOTHING
        one, other = self.areas.take(self.one[both]), self.areas.take(self.other[both])
        return pd.DataFrame({"area_code": one, "neighbour_code": other, "metres": self.metres[both]})

    def outer(self) -> pd.Series:
        """Metres of border with nothing, by area_code, of the areas that have any.

        Beyond it is the sea, another country, or what was not loaded.
        """
        alone = self.other == NOTHING
        return pd.Series(self.metres[alone], self.areas.take(self.one[alone]), name="metres")

    def measured(self, groups: pd.Series) -> pd.DataFrame:
        """Measure groups of areas as if each were dissolved into one shape.

        Parameters
        ----------
        groups
            Group by area code; null where an area is in none.

        Returns
        -------
        DataFrame
            Indexed by group, in order: areas, areas_without_shape (not in what is measured here), area_km2,
            perimeter_km, coast_km (border with nothing, as in :meth:`outer`: of a national map the coast and the
            border with other countries), polsby_popper (4π × area ÷ perimeter², 1 for a circle). Measures of a group
            none of whose areas has a shape are null.

        Raises
        ------
        PcnAnalysisError
            If ``groups`` names an area twice.

        Notes
        -----
        Polsby–Popper falls with the length of coast and with the detail of the boundary file: rank networks by it
        within one file, and read nothing into its value.
        """
        of, names = positions(groups, self.areas)
        one, other = self._sides(of)
        edge = one != other
        sizes = _sums(of, self.square_metres, names)
        perimeter = _sums(one, self.metres * edge, names) + _sums(other, self.metres * edge, names)
        coast = _sums(one, self.metres * (self.other == NOTHING), names)
        everywhere = groups.dropna().value_counts().reindex(names).to_numpy()
        here = _sums(of, np.ones(len(of)), names).astype(int)
        known = np.where(here > 0, 1.0, np.nan)
        return pd.DataFrame(
            {
                "areas": everywhere,
                "areas_without_shape": everywhere - here,
                "area_km2": sizes * known / KM**2,
                "perimeter_km": perimeter * known / KM,
                "coast_km": coast * known / KM,
                "polsby_popper": np.divide(
                    4 * np.pi * sizes, perimeter**2, out=np.full(len(names), np.nan), where=here > 0
                ),
            },
            index=names,
        )

    def between(self, groups: pd.Series) -> pd.DataFrame:
        """Length of the border between each two groups.

        Returns
        -------
        DataFrame
            One row a pair of groups that share a border, each pair once, in order: group, other_group, border_km.

        Raises
        ------
        PcnAnalysisError
            If ``groups`` names an area twice.
        """
        of, names = positions(groups, self.areas)
        one, other = self._sides(of)
        kept = (one != other) & (one != NOTHING) & (other != NOTHING)
        first, second = np.minimum(one, other)[kept], np.maximum(one, other)[kept]
        pairs, which = np.unique(first * len(names) + second, return_inverse=True)
        metres = np.bincount(which, self.metres[kept], len(pairs))
        group, beside = np.divmod(pairs, max(len(names), 1))
        return pd.DataFrame({"group": names.take(group), "other_group": names.take(beside), "border_km": metres / KM})

    def coinciding(self, groups: pd.Series, labels: pd.Series) -> pd.DataFrame:
        """How much of the border between groups follows a border of something else, such as local authorities.

        Parameters
        ----------
        groups
            Group by area code; null where an area is in none.
        labels
            What else divides the areas, by area code; beside an area without a label there is no border of it.

        Returns
        -------
        DataFrame
            Indexed by group: border_km (with other groups), on_border_km (of it, between different labels),
            crossed_km (border between different labels that runs through the group).

        Raises
        ------
        PcnAnalysisError
            If ``groups`` or ``labels`` name an area twice.
        """
        of, names = positions(groups, self.areas)
        (one, other), (label, beside) = self._sides(of), self._sides(positions(labels, self.areas)[0])
        edge = (one != other) & (one != NOTHING) & (other != NOTHING)
        divided = (label != beside) & (label != NOTHING) & (beside != NOTHING)
        columns = {"border_km": edge, "on_border_km": edge & divided}
        sums = {
            name: (_sums(one, self.metres * kept, names) + _sums(other, self.metres * kept, names)) / KM
            for name, kept in columns.items()
        }
        sums["crossed_km"] = _sums(one, self.metres * (divided & (one == other)), names) / KM
        return pd.DataFrame(sums, index=names)

    def _sides(self, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positions of the groups on the two sides of each border."""
        return of[self.one], np.where(self.other == NOTHING, NOTHING, of[self.other])


def _borders(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Areas on the two sides of each border, and its length; of a valid coverage."""
    parts, area_of_part = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    follows = ring[1:] == ring[:-1]
    area = area_of_part[part_of_ring[ring[:-1][follows]]]
    length = np.hypot(*(points[1:] - points[:-1])[follows].T)
    place, distinct = pd.factorize(points[:, 0] + 1j * points[:, 1])
    ends = np.sort(np.column_stack([place[:-1], place[1:]])[follows].astype(np.int64), axis=1)
    segment = ends[:, 0] * len(distinct) + ends[:, 1]
    order = np.lexsort((area, segment))
    segment, area, length = segment[order], area[order], length[order]
    first = np.flatnonzero(np.diff(segment, prepend=-1))
    twice = np.diff(first, append=len(segment)) > 1
    other = np.where(twice, area[np.minimum(first + 1, len(area) - 1)], NOTHING)
    pairs, which = np.unique(area[first] * (len(shapes) + 1) + other + 1, return_inverse=True)
    one, beside = np.divmod(pairs, len(shapes) + 1)
    return one, beside - 1, np.bincount(which, length[first], len(pairs))


def _sums(of: np.ndarray, values: np.ndarray, names: pd.Index) -> np.ndarray:
    """Sums by group; what is in no group is left out."""
    return np.bincount(of[of != NOTHING], values[of != NOTHING], len(names))


def positions(groups: pd.Series, areas: pd.Index) -> tuple[np.ndarray, pd.Index]:
    """Position of the group of each area, -1 where it has none, and the names of all groups, in order.

    Raises
    ------
    PcnAnalysisError
        If ``groups`` names an area twice.
    """
    twice = int(groups.index.duplicated().sum())
    if twice:
        raise problem("groups of areas", f"{number(twice, 'area')} named more than once", "Keep one row an area.")
    names = pd.Index(np.sort(groups.dropna().unique()), name="group")
    return names.get_indexer(groups.reindex(areas)), names


def check_shapes(boundaries: gpd.GeoDataFrame) -> None:
    """Raise unless boundaries name each area once, each with a polygon in metres of the National Grid."""
    found = []
    unit = _unit_fault(boundaries)
    if unit:
        found.append(Problem("boundaries", unit, f"Use to_crs({BRITISH_NATIONAL_GRID}) first."))
    bare = int((~boundaries.geom_type.isin(["Polygon", "MultiPolygon"]) | boundaries.is_empty).sum())
    if bare:
        found.append(Problem("boundaries", f"{number(bare, 'area')} without a shape", "Leave them out, or add it."))
    unnamed = int(boundaries["area_code"].isna().sum())
    if unnamed:
        found.append(Problem("boundaries.area_code", f"{number(unnamed, 'row')} without a code", "Fill the column."))
    twice = int(boundaries["area_code"].dropna().duplicated().sum())
    if twice:
        what = f"{number(twice, 'area')} named more than once"
        found.append(Problem("boundaries.area_code", what, "Keep one shape an area."))
    if found:
        raise PcnAnalysisError(*found)


def _unit_fault(boundaries: gpd.GeoDataFrame) -> str:
    """What is wrong with the coordinates; nothing where they are metres of the National Grid."""
    if boundaries.crs is None:
        return "they do not say which coordinate system they are in"
    if boundaries.crs.is_geographic:
        return "coordinates are degrees, where metres are needed"
    if boundaries.crs != BRITISH_NATIONAL_GRID:
        return f"coordinates are not of the British National Grid (EPSG:{BRITISH_NATIONAL_GRID})"
    in_degrees = np.abs(boundaries.total_bounds) <= np.tile(LARGEST_DEGREES, 2)
    return "coordinates look like degrees, and are said to be metres" if in_degrees.all() else ""
