"""Descriptions of figures on the ground of one network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.plots.described import described
from pcn_analysis.words import number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def catchments(table: ReleasedTable) -> str:
    """Describe the map of catchments."""
    frame = table.frame
    sizes = frame["catchment"].value_counts()
    core, main, wide = (int(sizes.get(name, 0)) for name in ("core", "main", "wide"))
    about = f"Map of where the patients of {table.about.title()} live"
    if not core:
        return f"{about}: no English area of them is known."
    first, both = frame.iloc[0], frame["in_footprint"] & frame["catchment"].isin(["core", "main"])
    beyond = int((frame["catchment"].notna() & ~frame["mapped"]).sum())
    outside = f" Beyond the map: {number(beyond, 'area')}." if beyond else ""
    own = number(int(frame["in_footprint"].sum()), "area")
    return (
        f"{about}: half of them in {number(core, 'area')} (core, darkest), 80% in {core + main} (main) and 95% in "
        f"{core + main + wide} (wide, palest); most in {first['area_name']} ({percent(first['share'])}). The "
        f"footprint, outlined, has {own}, {int(both.sum())} of them in the main "
        f"catchment.{outside}"
    )
