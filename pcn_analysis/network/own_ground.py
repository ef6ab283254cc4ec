"""Each network's own ground: the areas that it wins, the parts that they fall into, and what they enclose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.network.borders import Borders
from pcn_analysis.network.catchments import plurality
from pcn_analysis.network.contiguity import BRIDGES, parts
from pcn_analysis.network.enclosure import holes_and_enclaves
from pcn_analysis.network.of_place import patients_of
from pcn_analysis.network.points import POINT

if TYPE_CHECKING:
    from pcn_analysis.place import Place


def area_points(place: Place) -> pd.DataFrame:
    """Points that stand for the people of each area of a place: easting and northing by area code."""
    return place.tables["areas"].frame.set_index("area_code")[list(POINT)]


def won_of(place: Place) -> pd.DataFrame:
    """The network with most patients of each area of a place (:func:`pcn_analysis.network.measures.footprints`).

    Ties go to the network whose patients live nearer, where points of areas are known.
    """
    return plurality(patients_of(place), area_points(place))


def grounds(place: Place) -> pd.DataFrame:
    """Shape of the ground of every network of a place.

    Returns
    -------
    DataFrame
        Indexed by pcn_code, networks by name: areas (won), areas_without_shape (won, but off the map of the place and
        in no part), parts, main_part_share (of its patients in areas with a shape), holes, areas_in_holes, enclaves
        (its parts that lie within one other network), compactness (rank by Polsby–Popper, 1 the most compact). Of a
        network that wins no area the numbers are 0, and share and rank null.
    """
    won, own = won_of(place), place.networks()["pcn_code"]
    groups = won["winner"].where(won["winner"].isin(own))
    borders = Borders.of(place.boundaries)
    shaped = groups[groups.index.isin(borders.areas)]
    neighbours, outer = borders.shared(), borders.outer().index
    pieces = parts(shaped, neighbours, won["winner_patients"], BRIDGES).by_group
    everyone = won["winner"].where(won["winner"].notna() & won.index.isin(borders.areas))
    enclosed = holes_and_enclaves(everyone, neighbours, outer, won["winner_patients"], BRIDGES).by_group
    measured = borders.measured(groups)
    rows = pd.DataFrame(index=pd.Index(own, name="pcn_code"))
    rows = rows.join(measured[["areas", "areas_without_shape"]]).join(pieces[["parts", "main_part_share"]])
    rows = rows.join(enclosed[["holes", "areas_in_holes", "enclaves"]])
    whole = ["areas", "areas_without_shape", "parts", "holes", "areas_in_holes", "enclaves"]
    rows[whole] = rows[whole].fillna(0).astype(int)
    compact = measured.loc[measured.index.isin(own), "polsby_popper"].rank(ascending=False, method="min")
    return rows.assign(compactness=compact.astype("Int64"))
