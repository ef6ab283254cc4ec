"""Places of handmade networks and staff: tables written out, so that every figure can be worked out by hand."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd

from pcn_analysis import tables
from pcn_analysis.place import Network, Place, network_of
from pcn_analysis.provenance import Provenance, Source, SourcedTable

SOURCE = Source("Handmade staff", "tests", "30 June 2026", "MIT", "Handmade.", kind="published")
FACTS = {
    "U00011": ("North PCN", "Q01", True, 20_000, 0.10, 30.0, 0.0),
    "U00012": ("South PCN", "Q01", True, 40_000, 0.12, 20.0, 0.1),
    "U00013": ("West PCN", "Q01", True, 10_000, 0.08, 25.0, 0.0),
    "U00014": ("Absent PCN", "Q01", True, 30_000, 0.10, 30.0, 0.5),
    "U00015": ("Far PCN", "Q02", False, 50_000, 0.20, 10.0, 1.0),
}
"""Of each network: name, board, whether it is of the place, patients, share aged 75 and over, score, rural share."""
STAFF = [
    ("U00011", "paramedic", "staff", 1, 1.0, 1.0),
    ("U00012", "paramedic", "staff", 3, 2.0, 1.2),
    ("U00012", "paramedic", "contracted services", None, 2.0, None),
    ("U00015", "paramedic", "contracted services", None, 2.5, None),
    ("U00011", "gp", "staff", 2, 1.0, 0.8),
    ("U00012", "gp", "staff", None, 0.5, None),
    ("U00013", "gp", "staff", 1, None, None),
    ("U00013", None, "staff", 2, 1.5, 1.0),
]
"""Network, role, source, people, whole-time equivalents, and those of the one with most. U00014 is not in the file."""


def country(facts: dict | None = None) -> pd.DataFrame:
    """Networks of the country."""
    names = ["pcn_name", "icb_code", "in_place", "patients", "aged_75_share", "deprivation_score", "rural_share"]
    rows = pd.DataFrame.from_dict(FACTS if facts is None else facts, orient="index", columns=names)
    rows = rows.rename_axis("pcn_code").reset_index()
    return rows.assign(icb_name=rows["icb_code"] + " board", practices=3)


def workforce(staff: list[tuple] | None = None) -> pd.DataFrame:
    """Staff of networks; the published role is named after the role of the scheme."""
    names = ["pcn_code", "role", "source", "people", "fte", "largest_fte"]
    rows = pd.DataFrame(STAFF if staff is None else staff, columns=names)
    published = rows["role"].fillna("other")
    return rows.assign(
        pcn_name="named", counted_on=pd.Timestamp(2026, 6, 30), staff_group="group", staff_role=published,
        detailed_role=published,
    )  # fmt: skip


def place_of(facts: dict | None = None, staff: list[tuple] | None = None, *, file: bool = True) -> Place:
    """A place with these networks and staff, one practice each; without a file of staff where there is none."""
    networks = country(facts)
    practices = networks[["pcn_code", "pcn_name", "in_place"]].assign(
        practice_code=[f"A{number:05d}" for number in range(len(networks))],
        practice_name="Practice",
        list_size=networks["patients"],
    )
    counts = practices[["practice_code"]].assign(area_code="E01000001", patients=100.0)
    frames = {
        tables.PRACTICES: practices,
        tables.COUNTRY_NETWORKS: networks,
        tables.REGISTRATIONS_BY_AREA: counts,
        **({tables.NETWORK_WORKFORCE: workforce(staff)} if file else {}),
    }
    origin = Provenance((SOURCE,), people=False)
    return Place(
        slug="handmade",
        name="Handmade",
        vintage="2026-07",
        index_date=dt.date(2026, 7, 1),
        comparator="England",
        tables={table.name: SourcedTable(table.conform(frame), origin) for table, frame in frames.items()},
        boundaries=gpd.GeoDataFrame({"area_code": []}, geometry=[], crs="EPSG:27700"),
    )


def network(code: str = "U00011", facts: dict | None = None, staff: list[tuple] | None = None) -> Network:
    """One network of such a place."""
    return network_of(place_of(facts, staff), code)
