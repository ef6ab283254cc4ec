"""Areas drawn as one collection: holes stay holes, and what lies in them is seen."""

import geopandas as gpd
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from pcn_analysis.plots.area_shapes import draw_areas

mpl.use("Agg")
pytestmark = pytest.mark.unit

RED, BLUE = (255, 0, 0), (0, 0, 255)
COLOURS = ListedColormap(["#ff0000", "#0000ff"])
HOLE = shapely.box(4000, 4000, 6000, 6000)
AROUND = shapely.box(0, 0, 10_000, 10_000).difference(HOLE)


def pixel(boundaries: gpd.GeoDataFrame, values: pd.Series, x: float, y: float, **look) -> tuple[int, ...]:
    """Colour at a point of a map."""
    figure = Figure(figsize=(2, 2), dpi=100)
    canvas = FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    draw_areas(ax, boundaries, values, cmap=COLOURS, clim=(0, 1), **look)
    ax.set_axis_off()
    canvas.draw()
    image = np.asarray(canvas.buffer_rgba())
    column, row = ax.transData.transform((x, y)).astype(int)
    return tuple(int(part) for part in image[image.shape[0] - 1 - row, column, :3])


def areas(**shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"area_code": list(shapes)}, geometry=list(shapes.values()), crs=27700)


def test_each_area_has_the_colour_of_its_value():
    both = areas(A=shapely.box(0, 0, 5000, 10_000), B=shapely.box(5000, 0, 10_000, 10_000))
    values = pd.Series({"B": 1, "A": 0})
    assert pixel(both, values, 2500, 5000) == RED
    assert pixel(both, values, 7500, 5000) == BLUE


@pytest.mark.parametrize("hole", [HOLE.exterior, shapely.reverse(HOLE.exterior)], ids=["one way", "the other way"])
def test_a_hole_with_nothing_in_it_stays_empty_whichever_way_it_is_drawn(hole):
    shape = shapely.Polygon(AROUND.exterior, [hole])
    assert pixel(areas(A=shape), pd.Series({"A": 0}), 5000, 5000) == (255, 255, 255)
    assert pixel(areas(A=shape), pd.Series({"A": 0}), 1000, 5000) == RED


@pytest.mark.parametrize("order", [["A", "B"], ["B", "A"]])
def test_an_area_in_a_hole_is_seen_in_whatever_order(order):
    both = areas(A=AROUND, B=HOLE).set_index("area_code").loc[order].reset_index()
    assert pixel(both, pd.Series({"A": 0, "B": 1}), 5000, 5000) == BLUE


def test_every_part_of_an_area_is_drawn():
    two = shapely.MultiPolygon([shapely.box(0, 0, 3000, 10_000), shapely.box(7000, 0, 10_000, 10_000)])
    assert pixel(areas(A=two), pd.Series({"A": 1}), 1500, 5000) == BLUE
    assert pixel(areas(A=two), pd.Series({"A": 1}), 8500, 5000) == BLUE
    assert pixel(areas(A=two), pd.Series({"A": 1}), 5000, 5000) == (255, 255, 255)


def test_an_area_without_a_value_has_a_colour_of_its_own():
    missing = pd.Series({"A": pd.NA}, dtype="Float64")
    assert pixel(areas(A=HOLE), missing, 5000, 5000, missing="#00ff00") == (0, 255, 0)


def test_the_colours_given_are_not_altered():
    before = mpl.colormaps["cividis"].get_bad().tolist()
    pixel(areas(A=HOLE), pd.Series({"A": 1}), 5000, 5000)
    assert mpl.colormaps["cividis"].get_bad().tolist() == before


def test_larger_areas_are_drawn_first_so_that_outlines_of_small_ones_are_whole():
    _, ax = plt.subplots()
    drawn = draw_areas(ax, areas(A=HOLE, B=AROUND), pd.Series({"A": 1.0, "B": 0.0}))
    plt.close(ax.figure)
    assert drawn.get_array().tolist() == [0.0, 1.0]
    assert [len(path.vertices) for path in drawn.get_paths()] == [10, 5]


def test_a_metre_is_as_long_both_ways():
    _, ax = plt.subplots(figsize=(9, 3))
    draw_areas(ax, areas(A=HOLE), pd.Series({"A": 1.0}))
    plt.close(ax.figure)
    assert ax.get_aspect() == 1
    assert (ax.get_xlim(), ax.get_ylim()) == ((4000, 6000), (4000, 6000))
