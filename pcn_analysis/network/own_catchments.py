"""Where a network's own people live: its core, main and wide catchment, and what no network covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from pcn_analysis.network import bands, catchments
from pcn_analysis.network.of_place import groups_of, names_of, patients_of, registered_of
from pcn_analysis.network.own_ground import won_of
from pcn_analysis.provenance import Rate, SourcedTable, derive
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from pcn_analysis.place import Network

CORE, MAIN, WIDE = "core", "main", "wide"
LIMITS = {CORE: catchments.CORE, MAIN: catchments.MAIN, WIDE: catchments.WIDE}
"""Share of a network's located patients that each catchment holds; the larger hold the smaller."""
SOMEBODY = 0.5
"""Least estimated number of patients that is somebody."""
NEEDED = ("registrations_by_area", "practices", "areas")


def catchment_map(network: Network) -> SourcedTable:
    """Every area of a network's catchments and its footprint, and every other area around it.

    Returns
    -------
    SourcedTable
        One row an area, most of the network's patients first, a GeoDataFrame in EPSG:27700: area_code, area_name,
        local_authority_name, patients (of the network), so_far (its patients in this and all earlier rows), located
        (all its patients with an English area), share (patients ÷ located), reached (so_far ÷ located), catchment (the
        smallest that the area is in: ``core``, ``main`` or ``wide``; null beyond them), in_footprint, largest_network,
        mapped (whether the area has a shape; a wide catchment may reach beyond the map).
    """
    place, patients = network.place, patients_of(network.place)
    column = patients.matrix[:, [patients.networks.get_loc(network.pcn_code)]]
    rows = pd.DataFrame({"patients": column.toarray().ravel()}, index=patients.areas.rename("area_code"))
    winner = won_of(place)["winner"]
    rows["in_footprint"] = (winner == network.pcn_code).fillna(False)
    rows["largest_network"] = winner.map(names_of(place))
    rows = rows.join(place.tables["areas"].frame.set_index("area_code")[["area_name", "local_authority_name"]])
    shapes = place.boundaries.set_index("area_code").geometry
    rows = rows.reindex(rows.index.union(shapes.index))
    rows = rows.fillna({"patients": 0.0}).assign(in_footprint=rows["in_footprint"].eq(True).fillna(False).astype(bool))
    rows = rows.reset_index().sort_values(["patients", "area_code"], ascending=[False, True], ignore_index=True)
    rows["so_far"], rows["located"] = rows["patients"].cumsum(), rows["patients"].sum()
    rows["catchment"] = _catchment(rows)
    rows["mapped"] = rows["area_code"].isin(shapes.index)
    rows = rows[rows["mapped"] | rows["catchment"].notna() | rows["in_footprint"]].reset_index(drop=True)
    frame = gpd.GeoDataFrame(rows, geometry=shapes.reindex(rows["area_code"]).to_numpy(), crs=place.boundaries.crs)
    return _sourced(network, frame, Rate("share", "patients", "located"), Rate("reached", "so_far", "located"))


def _catchment(rows: pd.DataFrame) -> pd.Series:
    """The smallest catchment of each row, in order; the area in which a share is reached is in."""
    before = (rows["so_far"] - rows["patients"]) / rows["located"]
    found = pd.Series(None, rows.index, dtype="str")
    for name, limit in reversed(LIMITS.items()):
        found = found.mask((before < limit) & (rows["patients"] > 0), name)
    return found


def uncovered(network: Network) -> SourcedTable:
    """Areas of the network's place where no network has 5% of registered patients, or where nobody is registered.

    Returns
    -------
    SourcedTable
        One row an area, most registered patients first: area_code, area_name, registered (of every practice), largest
        (patients of the largest network there), share (largest ÷ registered). None where every area is served.
    """
    place = network.place
    areas = place.tables["areas"].frame.set_index("area_code")
    own = areas.index[areas["in_place"]]
    rows = catchments.gaps(patients_of(place), every_area=own)
    rows = rows[rows.index.isin(own)].rename_axis("area_code").join(areas["area_name"])
    rows["largest"] = (rows["largest_share"] * rows["registered"]).fillna(0.0)
    rows = rows.drop(columns="largest_share").reset_index()
    rows = rows.sort_values(["registered", "area_code"], ascending=[False, True], ignore_index=True)
    return _sourced(network, rows, Rate("share", "largest", "registered"))


def outside_networks(network: Network) -> SourcedTable:
    """Practices in no network that have patients on this network's ground.

    Networks alone compete for the ground here, so that an area where practices in none have most patients counts for
    the largest network.

    Returns
    -------
    SourcedTable
        One row a practice, most patients on this ground first: practice_code, practice_name, patients (there),
        registered (its whole list), share. An estimate of less than half a patient is nobody.
    """
    place = network.place
    found = bands.covered(registered_of(place), groups_of(place))
    here = (found["network"] == network.pcn_code).fillna(False) & (found["patients"] >= SOMEBODY)
    rows = found[here].drop(columns=["network", "share"])
    known = place.tables["practices"].frame.set_index("practice_code")[["practice_name", "list_size"]]
    rows = rows.join(known.rename(columns={"list_size": "registered"}), on="practice_code")
    rows = rows.sort_values(["patients", "practice_code"], ascending=[False, True], ignore_index=True)
    return _sourced(network, rows, Rate("share", "patients", "registered"))


def _sourced(network: Network, rows: pd.DataFrame, *rates: Rate) -> SourcedTable:
    counts = tuple(dict.fromkeys(name for rate in rates for name in (rate.numerator, rate.denominator)))
    parents = [network.table(name) for name in NEEDED]
    return derive(with_rates(rows, rates), *parents, counts=counts, rates=rates, about=network.about)
