"""Draw the land of the invented place: a coast, and areas that fill it without gaps.

Kilometres east and north of a corner in the open North Sea; shapes in EPSG:27700.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

CORNER = (600_000, 500_000)
"""Where the invented map lies, in metres: far from any coast."""

TOWNS = (
    (4.4, 5.6, 1.2, 46),
    (4.3, 9.6, 1.0, 24),
    (3.8, 1.9, 0.9, 20),
    (8.4, 6.2, 1.4, 28),
    (12.2, 6.0, 2.0, 30),
)
"""Where people live closely: km east and north, spread in km, number of areas."""
COUNTRYSIDE = 22
DEPRIVED = ((4.0, 5.2, 1.6, 34.0), (3.8, 1.6, 1.3, 22.0), (8.6, 6.4, 1.0, 16.0))
"""Where deprivation gathers: km east and north, reach in km, IMD points above the rest."""
DECILE_LIMITS = (6.0, 8.5, 11.0, 14.0, 17.5, 21.5, 26.5, 33.0, 43.0)
"""Invented scores between deciles, least deprived first."""
AREA_CODES_FROM = 1_999_001


def coastline() -> shapely.Polygon:
    """Land east of a shore with two bays and a point.

    Examples
    --------
    >>> coastline().is_valid
    True
    """
    north = np.linspace(0, 12, 241)
    shore = (
        2.6
        + 0.55 * np.sin(north * 1.15)
        + 0.9 * np.exp(-((north - 7.4) ** 2) / 0.35)
        - 1.0 * np.exp(-((north - 2.2) ** 2) / 0.5)
        + 0.10 * np.sin(north * 7.3)
    )
    edge = list(zip(shore, north, strict=True))
    return shapely.Polygon([*edge, (15, 12), (15, 0)])


def draw_areas(rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Draw areas of about 1,600 people each.

    Returns
    -------
    GeoDataFrame
        area_code, east and north (km), residents, imd_score, imd_decile, geometry (EPSG:27700); a valid
        coverage of the land.
    """
    land = coastline()
    cells = _cells(_spots(land, rng), land)
    centres = shapely.get_coordinates(shapely.centroid(cells))
    score = 9 + rng.normal(0, 4.0, len(cells))
    for east, north, reach, points in DEPRIVED:
        near = np.exp(-((centres[:, 0] - east) ** 2 + (centres[:, 1] - north) ** 2) / (2 * reach**2))
        score = score + points * near
    score = np.clip(score, 1.5, 80).round(3)
    shapes = shapely.transform(cells, lambda xy: xy * 1_000 + CORNER)
    return gpd.GeoDataFrame(
        {
            "area_code": [f"E0{AREA_CODES_FROM + i}" for i in range(len(cells))],
            "east": centres[:, 0],
            "north": centres[:, 1],
            "residents": np.rint(rng.normal(1_640, 230, len(cells))).astype(int),
            "imd_score": score,
            "imd_decile": 10 - np.searchsorted(DECILE_LIMITS, score),
        },
        geometry=shapely.coverage_clean(shapes),
        crs=27700,
    )


def _spots(land: shapely.Polygon, rng: np.random.Generator) -> np.ndarray:
    clusters = [rng.normal((east, north), spread, size=(n, 2)) for east, north, spread, n in TOWNS]
    spread_out = rng.uniform((2, 0), (15, 12), size=(COUNTRYSIDE, 2))
    spots = np.concatenate([*clusters, spread_out])
    return spots[shapely.contains_xy(land, spots[:, 0], spots[:, 1])]


def _cells(spots: np.ndarray, land: shapely.Polygon, smoothings: int = 3) -> np.ndarray:
    """Divide the land among the spots, moving each to the middle of its cell a few times."""
    for _ in range(smoothings):
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=land))
        cells = shapely.intersection(cells, land)
        cells = shapely.get_parts(cells)
        cells = cells[shapely.area(cells) > 0.02]  # noqa: PLR2004 - slivers off the shore, km2
        spots = shapely.get_coordinates(shapely.centroid(cells))
    west_to_east = np.lexsort((spots[:, 1].round(6), spots[:, 0].round(6)))
    return cells[west_to_east]
