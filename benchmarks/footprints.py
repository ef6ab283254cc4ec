"""What the geometry of every network of England takes: part of ``make bench``, where England is prepared.

python benchmarks/footprints.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import shapely

from pcn_analysis.network.borders import Borders
from pcn_analysis.network.contiguity import BRIDGES, parts
from pcn_analysis.network.enclosure import holes_and_enclaves
from pcn_analysis.network.footprint import patients_of
from pcn_analysis.network.measures import footprints
from pcn_analysis.network.points import practice_points
from pcn_analysis.network.registered import registered
from pcn_analysis.network.shape import dissolved, hulls
from pcn_analysis.network.spread import distances, spread
from pcn_analysis.place import Place
from pcn_analysis.plots.area_shapes import draw_areas
from pcn_analysis.prepared import load_place, prepared_places
from pcn_analysis.settings import load_settings

PERIMETERS = 1e-12
"""By how much, of its length, the perimeter of a dissolved network may differ from that of the table of borders."""


def drawn(draw: Callable[[Any], Any]) -> None:
    """Draw a map of England as for a page, at 150 dots an inch."""
    figure, ax = plt.subplots(figsize=(8.6, 10), dpi=150)
    draw(ax)
    figure.canvas.draw()
    plt.close(figure)


def one_run(name: str, action: Callable[[], Any]) -> Any:
    """Print what something took once, and return what came of it."""
    start = time.perf_counter()
    result = action()
    print(f"{name:<34} {time.perf_counter() - start:8.3f} s")
    return result


def with_shapes(boundaries: gpd.GeoDataFrame, won: pd.DataFrame, compare: Callable[..., None]) -> Borders:
    """Dissolve, measure the borders, and hold one against the other."""
    winner = won["winner"]
    compare(
        f"dissolve {winner.nunique():,} networks (checked)",
        lambda: dissolved(boundaries, winner),
        "GeoDataFrame.dissolve (unary)",
        lambda: gpd.GeoDataFrame(boundaries).dissolve(winner.reindex(boundaries["area_code"]).to_numpy()),
    )
    compare(
        "table of borders (checked)",
        lambda: Borders.of(boundaries),
        "shapely.coverage_is_valid alone",
        lambda: shapely.coverage_is_valid(boundaries.geometry.to_numpy()),
    )
    borders = Borders.of(boundaries)

    def by_shape() -> gpd.GeoSeries:
        joined = dissolved(boundaries, winner).geometry
        return 4 * np.pi * joined.area / joined.length**2

    compare(
        "compactness from the table",
        lambda: borders.measured(winner),
        "from dissolved shapes",
        by_shape,
    )
    joined = dissolved(boundaries, winner)
    differs = np.abs(borders.measured(winner)["perimeter_km"] * 1000 / joined.length - 1).max()
    assert differs <= PERIMETERS
    print(f"  (perimeters differ from those of the dissolved shapes by a share of at most {differs:.0e})")
    return borders


def with_measures(place: Place, won: pd.DataFrame, borders: Borders) -> None:
    """Everything that is said of the geometry of every network, once."""
    areas = place.tables["areas"].frame.set_index("area_code")
    practices = place.tables["practices"].frame
    winner, here, neighbours = won["winner"], won["winner_patients"], borders.shared()
    counts = registered(place.tables["registrations_by_area"].frame)
    groups = practices.set_index("practice_code")["pcn_code"]
    outer = borders.outer().index

    def everything() -> None:
        one_run("  borders of networks", lambda: (borders.measured(winner), borders.between(winner)))
        authorities = areas["local_authority_name"]
        one_run("  borders along local authorities", lambda: borders.coinciding(winner, authorities))
        one_run("  parts", lambda: parts(winner, neighbours, here, BRIDGES))
        one_run("  holes and enclaves", lambda: holes_and_enclaves(winner, neighbours, outer, here, BRIDGES))
        one_run("  hulls and people in them", lambda: hulls(place.boundaries, winner, areas["residents"], areas))
        one_run("  spread of patients", lambda: spread(counts.grouped(groups), areas))
        points = one_run("  practices on the National Grid", lambda: practice_points(practices))
        one_run("  distances to practices", lambda: distances(counts, groups, areas, points))

    one_run(f"geometry of {winner.nunique():,} networks, all", everything)


def with_england(compare: Callable[..., None]) -> None:
    """Measure the prepared England; say so where there is none."""
    processed = load_settings().processed
    names = [name for name in prepared_places(processed) if name.startswith("england-")]
    if not names:
        print(f"(no England in {processed}: footprints are not measured; pcn-analysis prepare makes it)")
        return
    mpl.use("agg")
    place = load_place(processed / names[-1])
    won = footprints(patients_of(place))
    with_measures(place, won, with_shapes(place.boundaries, won, compare))
    score = place.tables["areas"].frame.set_index("area_code")["imd_score"]
    whole = place.boundaries.assign(score=score.reindex(place.boundaries["area_code"]).to_numpy())
    compare(
        f"draw {len(whole):,} areas, 150 dpi",
        lambda: drawn(lambda ax: draw_areas(ax, whole, score)),
        "GeoDataFrame.plot",
        lambda: drawn(lambda ax: whole.plot("score", ax=ax, cmap="cividis")),
    )


if __name__ == "__main__":
    from run import compare

    with_england(compare)
