"""Where a network's patients live, how far that is its own ground, and whom it shares people with.

Everything comes from one matrix of patients by area and network (:mod:`pcn_analysis.network.measures`); each
function returns a table with its provenance, ready for release.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from pcn_analysis.network import residence
from pcn_analysis.network.at_a_glance import at_a_glance  # noqa: F401 - a table of a page like the others
from pcn_analysis.network.england import (  # noqa: F401 - likewise
    england_coherence,
    england_networks,
    england_outside,
    england_sizes,
)
from pcn_analysis.network.england_changes import england_changes, england_networks_changed  # noqa: F401 - likewise
from pcn_analysis.network.england_ground import (  # noqa: F401 - likewise
    england_borders,
    england_deprivation,
    england_map,
    england_map_classes,
    england_rurality,
)
from pcn_analysis.network.england_standing import (  # noqa: F401 - likewise
    england_ends,
    england_marked,
    england_quartiles,
)
from pcn_analysis.network.grouped import grouping_facts, groupings  # noqa: F401 - likewise
from pcn_analysis.network.grouping_agreement import agreement, made_of, would_change  # noqa: F401 - likewise
from pcn_analysis.network.measures import coherence, overlap
from pcn_analysis.network.of_place import groups_of, names_of, patients_of, registered_of
from pcn_analysis.network.own_catchments import catchment_map, outside_networks, uncovered  # noqa: F401 - likewise
from pcn_analysis.network.own_ground import won_of
from pcn_analysis.network.place_changes import changed, memberships  # noqa: F401 - likewise
from pcn_analysis.network.place_groupings import (  # noqa: F401 - likewise
    group_areas,
    group_sharing,
    groups_measured,
)
from pcn_analysis.network.place_networks import area_map, sharing, side_by_side  # noqa: F401 - likewise
from pcn_analysis.network.place_null import against_random, random_drawn  # noqa: F401 - likewise
from pcn_analysis.network.place_options import plan_areas, plans  # noqa: F401 - likewise
from pcn_analysis.place import Network, Place
from pcn_analysis.provenance import Rate, SourcedTable, derive
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.thresholds import SERVED_SHARE

OUTSIDE = "no English area"


def network_footprints(place: Place) -> SourcedTable:
    """Measure the footprint of every network of a place.

    Returns
    -------
    SourcedTable
        One row a network, by name: pcn_code, pcn_name, practices, patients (all registered, also those
        without an English area), no_english_area, areas_any, areas_served (at least 5% of registered
        patients), areas_footprint (plurality), inside (its patients living in its footprint),
        footprint_registered (everyone registered who lives there), localisation (inside ÷ patients),
        commitment (inside ÷ footprint_registered), core20 (patients in deciles 1 and 2), located (patients
        with an English area), core20_share.
    """
    practices, registrations = place.tables["practices"], place.tables["registrations_by_area"]
    areas = place.tables["areas"]
    of = practices.frame.groupby("pcn_code").agg(practices=("practice_code", "size"), patients=("list_size", "sum"))
    rows = place.networks().join(of, on="pcn_code").join(coherence(patients_of(place), won_of(place)), on="pcn_code")
    rows = rows.join(_residual_and_core20(place), on="pcn_code")
    rates = (
        Rate("localisation", "inside", "patients"),
        Rate("commitment", "inside", "footprint_registered"),
        Rate("core20_share", "core20", "located"),
    )
    return derive(
        with_rates(rows, rates),
        practices,
        registrations,
        areas,
        counts=("patients", "no_english_area", "inside", "footprint_registered", "core20", "located"),
        rates=rates,
        numbers=("practices", "areas_any", "areas_served", "areas_footprint"),
        about=place.about(),
    )


def area_footprint(network: Network) -> SourcedTable:
    """Areas where a network serves at least 5% of registered patients, or more than any other.

    Returns
    -------
    SourcedTable
        One row an area, most of the network's patients first: area_code, area_name, local_authority_name,
        patients (of the network), registered (of every network), share, in_footprint, largest_network and
        runner_up (names of the networks with most patients there), lead (patients of the first over the
        second), margin (lead ÷ registered), tied (the first two have as many), uncertain (won with less than
        half, or by less than 5 points).
    """
    rows = _areas(network)
    rows = rows[(rows["share"] >= SERVED_SHARE) | rows["in_footprint"]]
    columns = [
        *("area_code", "area_name", "local_authority_name", "patients", "registered", "share"),
        *("in_footprint", "largest_network", "runner_up", "lead", "tied", "uncertain"),
    ]
    rows = rows.sort_values(["patients", "area_code"], ascending=[False, True])[columns]
    return _sourced(network, rows.reset_index(drop=True), Rate("margin", "lead", "registered"))


def local_authorities(network: Network) -> SourcedTable:
    """Local authorities where a network's patients live, with those that have no English area.

    Returns
    -------
    SourcedTable
        One row a local authority, most patients first: local_authority_name, patients, registered (all the
        network's), share.
    """
    registrations = network.table("registrations_by_area").frame
    practices = network.table("practices").frame
    own = practices.loc[practices["pcn_code"] == network.pcn_code, "practice_code"]
    authority = network.table("areas").frame.set_index("area_code")["local_authority_name"]
    mine = registrations[registrations["practice_code"].isin(own)]
    name = mine["area_code"].map(authority).fillna(OUTSIDE).rename("local_authority_name")
    rows = mine.groupby(name)["patients"].sum().reset_index()
    rows = rows.assign(registered=rows["patients"].sum())
    rows = rows.sort_values(["patients", "local_authority_name"], ascending=[False, True], ignore_index=True)
    return _sourced(network, rows)


def shared_networks(network: Network, most: int = 8) -> SourcedTable:
    """Networks that a network shares people with: who its patients' neighbours are registered with.

    Parameters
    ----------
    network
        The network.
    most
        How many other networks are named; the rest are one row.

    Returns
    -------
    SourcedTable
        The network itself first, then others by number: pcn_code, pcn_name, neighbours (expected number of
        the network's patients whose neighbour in the same area is registered there), located (the network's
        patients with an English area), share.
    """
    expected = overlap(patients_of(network.place), network.pcn_code).rename("neighbours")
    rows = expected[expected > 0].rename_axis("pcn_code").reset_index()
    rows["pcn_name"] = rows["pcn_code"].map(names_of(network.place))
    rows["own"] = rows["pcn_code"] == network.pcn_code
    rows = rows.sort_values(["own", "neighbours", "pcn_code"], ascending=[False, False, True], ignore_index=True)
    named, rest = rows[: most + 1], rows[most + 1 :]
    if len(rest):
        other = {"pcn_code": None, "neighbours": rest["neighbours"].sum()}
        other["pcn_name"] = f"{len(rest)} other networks"
        named = pd.concat([named, pd.DataFrame([other])], ignore_index=True)
    named = named.assign(located=expected.sum())
    rates = (Rate("share", "neighbours", "located"),)
    frame = with_rates(named[["pcn_code", "pcn_name", "neighbours", "located"]], rates)
    parents = (network.table("registrations_by_area"), network.table("practices"))
    return derive(frame, *parents, counts=("neighbours", "located"), rates=rates, about=network.about)


def footprint_map(network: Network) -> SourcedTable:
    """Every area around a network, with its shape and how much of it the network serves.

    Returns
    -------
    SourcedTable
        One row an area, a GeoDataFrame in EPSG:27700: area_code, patients, registered, share (null where
        nobody is registered), in_footprint, uncertain, local_authority_name, largest_network.
    """
    shapes = network.place.boundaries
    table = network.table("areas").frame[["area_code", "local_authority_name"]]
    columns = ["area_code", "patients", "registered", "share", "in_footprint", "uncertain", "largest_network"]
    rows = shapes.merge(table, on="area_code", how="left").merge(_areas(network)[columns], on="area_code", how="left")
    flags = ["in_footprint", "uncertain"]
    rows[flags] = rows[flags].astype("boolean").fillna(False).astype(bool)
    return _sourced(network, gpd.GeoDataFrame(rows, geometry="geometry", crs=shapes.crs))


# -- shared by the functions above -------------------------------------------------------------------------


def _areas(network: Network) -> pd.DataFrame:
    """Every area, from the network's point of view."""
    patients = patients_of(network.place)
    areas = network.table("areas").frame.set_index("area_code")
    rows = won_of(network.place)
    column = patients.matrix[:, [patients.networks.get_loc(network.pcn_code)]]
    rows["patients"] = column.toarray().ravel()
    rows["share"] = rows["patients"] / rows["registered"]
    rows["in_footprint"] = rows["winner"] == network.pcn_code
    names = names_of(network.place)
    rows["largest_network"], rows["runner_up"] = rows["winner"].map(names), rows["runner_up"].map(names)
    rows["lead"] = rows["margin"] * rows["registered"]
    rows = rows.rename_axis("area_code")
    return rows.join(areas[["area_name", "local_authority_name"]]).reset_index()


def _residual_and_core20(place: Place) -> pd.DataFrame:
    """Patients of each network without an English area, with one, and in the most deprived fifth of areas."""
    people, groups = registered_of(place), groups_of(place)
    sizes, patients = people.sizes(groups), people.grouped(groups)
    decile = place.tables["areas"].frame.set_index("area_code")["imd_decile"]
    deprived = residence.core20(decile).reindex(patients.areas).fillna(0).to_numpy(float)
    return pd.DataFrame(
        {
            "no_english_area": sizes["unknown"] + sizes["not_english"],
            "located": sizes["located"],
            "core20": patients.matrix.T @ deprived,
        }
    )


def _sourced(network: Network, rows: pd.DataFrame, *more: Rate) -> SourcedTable:
    rates = (Rate("share", "patients", "registered"), *more)
    counts = tuple(dict.fromkeys(name for rate in rates for name in (rate.numerator, rate.denominator)))
    parents = [network.table(name) for name in ("registrations_by_area", "practices", "areas")]
    filled = rows.assign(**{rate.name: with_rates(rows, (rate,))[rate.name] for rate in rates})
    return derive(filled, *parents, counts=counts, rates=rates, about=network.about)
