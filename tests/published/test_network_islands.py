"""Which English areas are cut off, in the published boundaries."""

import pytest

from pcn_analysis.network.borders import Borders
from pcn_analysis.network.contiguity import BRIDGES, parts
from pcn_analysis.sources.geography import clean_coverage, read_boundaries

pytestmark = pytest.mark.published

HAYLING_AND_LANGSTONE = (465_000, 97_000, 478_000, 108_000)
ISLAND = 11


@pytest.mark.parametrize("vintage", ["lsoa11", "lsoa21"])
def test_hayling_island_hangs_together_with_the_mainland_by_its_bridge_alone(open_data, vintage):
    england = read_boundaries(open_data / f"boundaries_{vintage}_england_simplified.parquet")
    west, south, east, north = HAYLING_AND_LANGSTONE
    near = clean_coverage(england.cx[west:east, south:north].reset_index(drop=True))
    near = near[near["area_code"].isin({code for pair in BRIDGES for code in pair}) | (near.centroid.x > 470_000)]
    borders = Borders.of(near)
    one = near.set_index("area_code").assign(group="all", people=1)
    apart = parts(one["group"], borders.shared(), one["people"]).by_area["part"]
    for island, mainland in BRIDGES:
        assert (apart == apart[island]).sum() == ISLAND
        assert apart[island] != apart[mainland]
        joined = parts(one["group"], borders.shared(), one["people"], [(island, mainland)]).by_area["part"]
        assert joined[island] == joined[mainland]
        assert one.geometry[island].distance(one.geometry[mainland]) < 400
