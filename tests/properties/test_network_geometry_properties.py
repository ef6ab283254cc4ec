"""What holds for the borders, parts, holes and spread of any groups of areas, held against plainer ways."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

from pcn_analysis.network.borders import Borders
from pcn_analysis.network.contiguity import parts
from pcn_analysis.network.enclosure import holes_and_enclaves
from pcn_analysis.network.registered import Patients
from pcn_analysis.network.shape import dissolved, hulls, simplified
from pcn_analysis.network.spread import spread

pytestmark = pytest.mark.properties

few = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
KM = 1000
NOBODY = "none"


@st.composite
def grounds(draw: st.DrawFn, most: int = 5) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Draw a crooked grid of areas, some of them missing, and the group of each, some in none."""
    wide, high = draw(st.integers(1, most)), draw(st.integers(1, most))
    kinds = st.sampled_from(["X", "X", "Y", "Z", NOBODY, ""])
    cells = draw(st.lists(kinds, min_size=wide * high, max_size=wide * high).filter(any))
    generator = np.random.default_rng(draw(st.integers(0, 99)))
    corners = np.stack(np.meshgrid(np.arange(wide + 1), np.arange(high + 1), indexing="ij"), axis=-1) * KM
    corners = 300_000 + corners + generator.uniform(-250, 250, corners.shape)
    rows = {}
    for place, kind in enumerate(cells):
        x, y = place % wide, place // wide
        if kind:
            ring = [corners[x, y], corners[x + 1, y], corners[x + 1, y + 1], corners[x, y + 1]]
            rows[f"E01{x:03}{y:03}"] = (shapely.Polygon(ring), kind)
    boundaries = gpd.GeoDataFrame({"area_code": list(rows)}, geometry=[shape for shape, _ in rows.values()], crs=27700)
    groups = pd.Series({code: kind for code, (_, kind) in rows.items()}, dtype="str")
    return boundaries, groups.where(groups != NOBODY)


def filled(start: str, allowed: set[str]) -> set[str]:
    """Areas that are reached from one, north, south, east and west, through allowed ones."""
    reached, waiting = set(), [start]
    while waiting:
        code = waiting.pop()
        if code in allowed and code not in reached:
            reached.add(code)
            waiting.extend(around(code))
    return reached


def around(code: str) -> list[str]:
    x, y = int(code[3:6]), int(code[6:])
    return [f"E01{a:03}{b:03}" for a, b in ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)) if a >= 0 and b >= 0]


def pieces(allowed: set[str]) -> list[set[str]]:
    """The sets of areas into which some areas fall."""
    left, found = set(allowed), []
    while left:
        found.append(filled(min(left), allowed))
        left -= found[-1]
    return found


@few
@given(grounds())
def test_groups_are_measured_as_the_shapes_that_they_make(drawn):
    boundaries, groups = drawn
    found, joined = Borders.of(boundaries).measured(groups), dissolved(boundaries, groups)
    assert joined.is_valid.all()
    compactness = 4 * np.pi * joined.area / joined.length**2
    np.testing.assert_allclose(found["area_km2"], joined.area / KM**2, rtol=1e-9)
    np.testing.assert_allclose(found["perimeter_km"], joined.length / KM, rtol=1e-12)
    np.testing.assert_allclose(found["polsby_popper"], compactness, rtol=1e-9)


@few
@given(grounds())
def test_borders_with_others_with_nothing_and_with_areas_in_no_group_make_the_perimeter(drawn):
    boundaries, groups = drawn
    borders, everyone = Borders.of(boundaries), groups.fillna("nobody")
    found, between = borders.measured(everyone), borders.between(everyone)
    both = pd.concat([between, between.rename(columns={"group": "other_group", "other_group": "group"})])
    shared = both.groupby("group")["border_km"].sum().reindex(found.index, fill_value=0)
    np.testing.assert_allclose(found["perimeter_km"], found["coast_km"] + shared, rtol=1e-12)
    assert found["area_km2"].sum() == pytest.approx(boundaries.area.sum() / KM**2)
    assert found["coast_km"].sum() == pytest.approx(borders.outer().sum() / KM)


@few
@given(grounds(), st.randoms(use_true_random=False))
def test_neither_order_nor_names_of_groups_matter(drawn, random):
    boundaries, groups = drawn
    renamed = {"X": "b", "Y": "c", "Z": "a"}
    rows = random.sample(range(len(boundaries)), len(boundaries))
    one = Borders.of(boundaries).measured(groups).rename(index=renamed).sort_index()
    other = Borders.of(boundaries.iloc[rows]).measured(groups.iloc[rows].map(renamed))
    pd.testing.assert_frame_equal(one, other, check_index_type=False)


@few
@given(grounds())
def test_parts_are_those_that_one_can_walk(drawn):
    boundaries, groups = drawn
    found = parts(groups, Borders.of(boundaries).shared(), pd.Series(1.0, groups.index))
    for name, row in found.by_group.iterrows():
        expected = pieces(set(groups.index[groups == name]))
        of_part = found.by_area[found.by_area["group"] == name].groupby("part").groups.values()
        assert sorted(map(sorted, of_part)) == sorted(map(sorted, expected))
        assert row["main_part_share"] == pytest.approx(max(map(len, expected)) / row["areas"])


@few
@given(grounds(most=6))
def test_holes_are_what_one_cannot_walk_out_of(drawn):
    boundaries, groups = drawn
    outer = set(Borders.of(boundaries).outer().index)
    found = holes_and_enclaves(groups, Borders.of(boundaries).shared(), outer, pd.Series(1.0, groups.index))
    for name in found.by_group.index:
        expected = [piece for piece in pieces(set(groups.index[groups != name])) if not piece & outer]
        holes = found.holes[found.holes["group"] == name].groupby("hole")["area_code"].apply(sorted)
        assert sorted(holes) == sorted(map(sorted, expected))
        assert found.by_group.loc[name, "holes"] == len(expected)
        assert found.by_group.loc[name, "areas_in_holes"] == sum(map(len, expected))


@few
@given(grounds(most=6))
def test_enclaves_have_neighbours_of_one_other_group_only(drawn):
    boundaries, groups = drawn
    outer = set(Borders.of(boundaries).outer().index)
    weights = pd.Series(1.0, groups.index)
    found = holes_and_enclaves(groups, Borders.of(boundaries).shared(), outer, weights).enclaves
    expected = []
    for name in groups.dropna().unique():
        for piece in pieces(set(groups.index[groups == name])):
            beside = {groups[code] for area in piece for code in around(area) if code in groups.index} - {name}
            if not piece & outer and len(beside) == 1 and not pd.isna(next(iter(beside))):
                expected.append((name, *beside, len(piece)))
    assert sorted(found[["group", "within", "areas"]].itertuples(index=False, name=None)) == sorted(expected)


@few
@given(grounds())
def test_no_group_is_more_compact_than_its_hull_and_circle(drawn):
    boundaries, groups = drawn
    points = boundaries.set_index("area_code").representative_point()
    points = pd.DataFrame({"easting": points.x, "northing": points.y})
    people = pd.Series(np.arange(len(groups)) + 1.0, groups.index)
    found, joined = hulls(boundaries, groups, people, points), dissolved(boundaries, groups)
    np.testing.assert_allclose(found["hull_ratio"], joined.area / joined.convex_hull.area, rtol=1e-9)
    for name, hull in joined.convex_hull.items():
        own = (groups == name).to_numpy()
        inside = own | shapely.intersects(hull, shapely.points(points.to_numpy()))
        assert found.loc[name, "people_ratio"] == pytest.approx(people[own].sum() / people[inside].sum())
    ratios = found[["hull_ratio", "reock", "people_ratio"]]
    assert ((ratios > 0) & (ratios <= 1 + 1e-9)).all(axis=None)


@few
@given(grounds(), st.floats(0, 2_000))
def test_what_is_simplified_still_fits_together(drawn, tolerance):
    boundaries, groups = drawn
    after = simplified(boundaries, tolerance)
    assert after["area_code"].to_list() == boundaries["area_code"].to_list()
    before, later = Borders.of(boundaries).shared(), Borders.of(after).shared()
    pd.testing.assert_frame_equal(before.drop(columns="metres"), later.drop(columns="metres"))
    assert dissolved(after, groups).is_valid.all()


@few
@given(
    st.lists(
        st.tuples(st.integers(0, 500_000), st.integers(0, 500_000), st.integers(1, 900)),
        min_size=1, max_size=8, unique_by=lambda row: row[:2],
    ),
    st.integers(1, 9), st.integers(-9_000, 9_000),
)  # fmt: skip
def test_spread_follows_scale_of_people_and_shifts_with_points(rows, times, shift):
    east, north, people = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    areas = pd.Index([f"E0100000{place}" for place in range(len(rows))])
    points = pd.DataFrame({"easting": 100_000 + east, "northing": 100_000 + north}, index=areas)

    def measured(weights: np.ndarray, moved: float) -> pd.Series:
        one = Patients(sparse.csr_array(weights[:, None]), areas, pd.Index(["U1"]))
        return spread(one, points + moved).loc["U1"]

    first, other = measured(people, 0), measured(people * times, shift)
    assert other["easting"] == pytest.approx(first["easting"] + shift)
    assert other["gyration_m"] == pytest.approx(first["gyration_m"], abs=1e-3)
    assert other["far_m"] == pytest.approx(first["far_m"], abs=1e-3)
    away = np.hypot(points["easting"] - first["easting"], points["northing"] - first["northing"])
    assert people[away <= first["far_m"] + 1e-6].sum() >= 0.9 * people.sum() - 1e-6
    assert people[away < first["far_m"] - 1e-6].sum() < 0.9 * people.sum() + 1e-6
    expanded = np.repeat(np.column_stack([east, north]), people.astype(int), axis=0)
    assert first["gyration_m"] == pytest.approx(np.sqrt(expanded.var(axis=0).sum()), abs=1e-3)
