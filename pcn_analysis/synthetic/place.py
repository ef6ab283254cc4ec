"""The embedded default: Marlhaven, an invented borough on an invented coast.

Nothing here is real: not the practices, the areas, their shapes or their numbers. It has the shape of the
published data of a real place, so that the whole chain runs, can be tested and can be taught with nothing to
download. Its codes lie outside those in use, its map lies in the open North Sea, and every table says that it
is synthetic. Ages and recorded conditions follow published national figures, cited where they stand; the
rest is invented (``docs/synthetic.md``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from pcn_analysis import codelists, codes, tables
from pcn_analysis.place import Place
from pcn_analysis.provenance import Provenance, Source, SourcedTable
from pcn_analysis.synthetic.coast import draw_areas
from pcn_analysis.synthetic.measures import invent_measures
from pcn_analysis.synthetic.workforce import invent_payments, invent_workforce

SLUG = "synthetic"
NAME = "Marlhaven"
NEIGHBOUR = "Oldmoor"
COUNTRY_BOARD = "Invented Integrated Care Board"
COUNTRY = "the invented country"
INDEX_DATE = dt.date(2026, 7, 1)
SEED = 20260701

NETWORKS: tuple[tuple[str, str, int, float, float], ...] = (
    ("U00001", "Harbour PCN", 7, 4.6, 5.4),
    ("U00002", "North Sands PCN", 5, 4.6, 9.6),
    ("U00003", "Lighthouse PCN", 4, 3.9, 2.0),
    ("U00004", "Marl Valley PCN", 5, 8.4, 6.6),
    ("U00005", "Old Priory PCN", 3, 7.6, 4.0),
    ("U00006", "Oldmoor East PCN", 4, 12.4, 8.2),
    ("U00007", "Oldmoor West PCN", 3, 11.6, 3.4),
)
"""Invented networks: code, name, practices, and where their practices gather (km east and north)."""

AGE_SHARES = {"0-19": 0.218, "20-39": 0.278, "40-64": 0.320, "65-74": 0.093, "75-84": 0.067, "85+": 0.024}
"""Share of registered patients by age, England, 1 July 2026 (NHS England, Patients Registered at a GP
Practice)."""
WITHIN_GROUP = {
    "0-19": (0.23, 0.25, 0.265, 0.255),
    "20-39": (0.235, 0.25, 0.26, 0.255),
    "40-64": (0.21, 0.19, 0.19, 0.205, 0.205),
    "65-74": (0.53, 0.47),
    "75-84": (0.61, 0.39),
    "85+": (0.62, 0.29, 0.09),
}
"""How each group is shared over its five-year bands; invented."""

EARLIER_MAPS = (dt.date(2022, 1, 1), dt.date(2024, 10, 1))
"""Dates of invented maps of practices and networks, before the index date."""
NEW_NETWORK = "U00005"
"""Network that is not on the first of them; there its practices are in those beside it."""
BEFORE_IT = ("U00004", "U00001", "U00004")
QUARTERS = ("North Quay", "Lantern Hill", "Old Town", "Saltings")
"""Neighbourhoods of Marlhaven: north west, north east, south west, south east."""
MIDDLE = (5.0, 5.0)
"""Where its quarters meet, km east and north."""
MOVED = ("X90011", "U00001")
"""Practice that was in another network until after the last earlier map."""
MERGED = ("X90099", "Ferry Lane Surgery", "X90014", 2_400)
"""Practice that was merged since: code, name, survivor and list of July 2023."""

LIST_FROM_AGE = {"TOTAL": 0, "06OV": 6, "16OV": 16, "17OV": 17, "18OV": 18, "50OV": 50}

_SOURCE = Source(
    title="Marlhaven, an invented place",
    publisher="pcn_analysis (invented)",
    period="1 July 2026",
    licence="MIT",
    attribution="Synthetic data: invented by pcn_analysis; no real place, practice or person.",
    kind="invented",
)
PROVENANCE = Provenance((_SOURCE,), people=False, synthetic=True)


@dataclass(frozen=True)
class _Draw:
    """Everything drawn so far."""

    areas: gpd.GeoDataFrame
    practices: pd.DataFrame
    registrations: pd.DataFrame


def invent_place(seed: int = SEED) -> Place:
    """Invent the default place; the same seed gives the same place.

    Parameters
    ----------
    seed
        Seed of the random numbers.

    Examples
    --------
    >>> marlhaven = invent_place()
    >>> len(marlhaven.networks()), marlhaven.provenance.synthetic
    (5, True)
    """
    rng = np.random.default_rng(seed)
    areas = draw_areas(rng)
    areas["local_authority_name"] = np.where(areas["east"] < 10.4, NAME, NEIGHBOUR)  # noqa: PLR2004 - the border
    practices = _practices(rng)
    registrations = _registrations(areas, practices, rng)
    practices["list_size"] = practices["practice_code"].map(registrations.groupby("practice_code")["patients"].sum())
    draw = _Draw(areas, practices, registrations)
    ages = _ages(draw, rng)
    registers = _registers(draw, ages, rng)
    networks = _networks(draw, ages)
    payments, lines = invent_payments(_paid(practices), np.random.default_rng([seed, 3]))
    frames = {
        tables.PRACTICES: practices,
        tables.AREAS: _area_table(areas),
        tables.REGISTRATIONS_BY_AREA: registrations,
        tables.REGISTRATIONS_BY_AGE: ages,
        tables.DISEASE_REGISTERS: registers,
        tables.EARLIER_MEMBERSHIPS: _earlier(practices),
        tables.PUBLISHED_MEASURES: _measures(practices, np.random.default_rng([seed, 1])),
        tables.COUNTRY_NETWORKS: networks,
        tables.NETWORK_WORKFORCE: invent_workforce(networks, np.random.default_rng([seed, 2])),
        tables.PRACTICE_PAYMENTS: payments,
        tables.NETWORK_PAYMENTS: lines,
    }
    return Place(
        slug=SLUG,
        name=NAME,
        vintage="synthetic",
        index_date=INDEX_DATE,
        comparator=COUNTRY,
        tables={table.name: SourcedTable(table.conform(frame), PROVENANCE) for table, frame in frames.items()},
        boundaries=areas[["area_code", "geometry"]],
        notes=("Everything on this page is invented. It shows what a report looks like; it is not a finding.",),
    )


def _practices(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for pcn_code, pcn_name, number, east, north in NETWORKS:
        for spot in rng.normal((east, north), 0.9, size=(number, 2)):
            rows.append((pcn_code, pcn_name, *spot))
    rows.append((None, None, 6.2, 7.9))
    practices = pd.DataFrame(rows, columns=["pcn_code", "pcn_name", "east", "north"])
    names = [
        "Quayside",
        "Rope Walk",
        "Marl Street",
        "Tide Row",
        "Net Loft",
        "Beacon",
        "Sandpiper",
        "Cutter Lane",
    ]
    kinds = ["Surgery", "Medical Centre", "Health Centre", "Practice"]
    practices["practice_name"] = [
        f"{names[i % len(names)]} {kinds[(i // len(names)) % len(kinds)]}" for i in range(len(practices))
    ]
    practices["practice_code"] = [f"X{90001 + i}" for i in range(len(practices))]
    practices["draw"] = rng.lognormal(0, 0.45, len(practices))
    home = practices["pcn_code"].isin([code for code, *_ in NETWORKS[:5]]) | practices["pcn_code"].isna()
    practices["in_place"] = home
    practices["local_authority_name"] = np.where(home, NAME, NEIGHBOUR)
    practices["neighbourhood"] = _neighbourhoods(practices).where(home)
    return practices.assign(sub_icb_code="99X", icb_code="QXX")


def _neighbourhoods(practices: pd.DataFrame) -> pd.Series:
    """Neighbourhood of each practice: the quarter of the town that it stands in."""
    east, north = (practices[way] > middle for way, middle in zip(("east", "north"), MIDDLE, strict=True))
    return pd.Series(np.select([north & ~east, north & east, ~north & ~east], QUARTERS[:3], QUARTERS[3]), dtype="str")


def _registrations(areas: pd.DataFrame, practices: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """People choose a practice that is near or popular."""
    spots = practices[["east", "north"]].to_numpy()
    distance = np.hypot(
        areas["east"].to_numpy()[:, None] - spots[:, 0], areas["north"].to_numpy()[:, None] - spots[:, 1]
    )
    pull = practices["draw"].to_numpy() * np.exp(-distance / 1.1)
    chosen = rng.multinomial(areas["residents"].to_numpy(), pull / pull.sum(axis=1, keepdims=True))
    area, practice = np.nonzero(chosen)
    located = pd.DataFrame(
        {
            "practice_code": practices["practice_code"].to_numpy()[practice],
            "area_code": areas["area_code"].to_numpy()[area],
            "patients": chosen[area, practice],
        }
    )
    elsewhere = pd.DataFrame(
        {
            "practice_code": practices["practice_code"],
            "area_code": codes.UNKNOWN_AREA,
            "patients": rng.integers(2, 30, len(practices)),
        }
    )
    return pd.concat([located, elsewhere], ignore_index=True)


def _earlier(practices: pd.DataFrame) -> pd.DataFrame:
    """Networks on earlier dates: since then one is new, one practice moved and one was merged into another."""
    names = {code: name for code, name, *_ in NETWORKS}
    rows = practices.loc[practices["in_place"], ["practice_code", "practice_name", "pcn_code", "list_size"]]
    code, name, survivor, size = MERGED
    taken = rows["practice_code"].eq(survivor) * size
    rows = rows.assign(earlier_list_size=rows["list_size"] * 97 // 100 - taken)
    network = rows.set_index("practice_code").loc[survivor, "pcn_code"]
    gone = {"practice_code": code, "practice_name": name, "pcn_code": network, "earlier_list_size": size}
    rows = pd.concat([rows, pd.DataFrame([gone | {"survivor": survivor}])], ignore_index=True)
    rows["pcn_code"] = rows["pcn_code"].mask(rows["practice_code"] == MOVED[0], MOVED[1])
    first = rows.copy()
    first.loc[first["pcn_code"] == NEW_NETWORK, "pcn_code"] = BEFORE_IT
    maps = [one.assign(as_at=pd.Timestamp(on)) for on, one in zip(EARLIER_MAPS, (first, rows), strict=True)]
    both = pd.concat(maps, ignore_index=True)
    return both.assign(pcn_name=both["pcn_code"].map(names))


def _measures(practices: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Measures of the Network Contract of the practices that are in a network, of one merged since and of networks."""
    members = practices.dropna(subset=["pcn_code"])
    code, name, survivor, size = MERGED
    lists = pd.concat([members.set_index("practice_code")["list_size"], pd.Series({code: size})])
    frame = invent_measures(lists, members.groupby("pcn_code")["list_size"].sum(), COUNTRY, rng)
    names = {**members.set_index("practice_code")["practice_name"], **{one: called for one, called, *_ in NETWORKS}}
    organisation = frame["organisation_code"]
    return frame.assign(
        organisation_name=organisation.map({**names, code: name, COUNTRY: COUNTRY}),
        survivor=organisation.map({code: survivor}),
    )


def _ages(draw: _Draw, rng: np.random.Generator) -> pd.DataFrame:
    """Ages follow the national shares, older or younger by practice."""
    shares = np.concatenate([AGE_SHARES[group] * np.array(parts) for group, parts in WITHIN_GROUP.items()])
    midpoints = np.arange(20) * 5 + 2.5
    rows = []
    for practice in draw.practices.itertuples():
        tilt = np.exp(rng.normal(0, 0.006) * (midpoints - 40))
        weights = np.outer([0.5, 0.5], shares * tilt).ravel()
        drawn = rng.multinomial(practice.list_size, weights / weights.sum())
        rows.append(drawn)
    frame = _age_rows(np.array(rows), draw.practices["practice_code"].to_numpy(), "practice")
    country = np.rint(np.outer([0.5, 0.5], shares / shares.sum()).ravel() * 1_000_000)
    comparator = _age_rows(country[None, :].astype(int), np.array([COUNTRY]), "comparator")
    return pd.concat([frame, comparator], ignore_index=True)


def _age_rows(drawn: np.ndarray, organisations: np.ndarray, kind: str) -> pd.DataFrame:
    index = pd.MultiIndex.from_product(
        [organisations, ["female", "male"], codes.AGE_BANDS], names=["organisation_code", "sex", "age_band"]
    )
    return pd.Series(drawn.ravel(), index=index, name="patients").reset_index().assign(organisation_type=kind)


def _registers(draw: _Draw, ages: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Recorded conditions follow published prevalence, from most to least deprived practice."""
    rates = pd.DataFrame(codelists.rows("synthetic_register_rates")).set_index("register").astype({"england": float})
    registers = pd.DataFrame(codelists.rows("qof_registers")).set_index("register")
    place = _deprivation_position(draw)
    rows = []
    for code, register in registers.iterrows():
        rate = rates.loc[str(code)]
        lists = _list_from(ages, LIST_FROM_AGE[register["list_type"]])
        least, most = float(rate["least_deprived"]), float(rate["most_deprived"])
        expected = (least + (most - least) * place) * rng.lognormal(0, 0.12, len(place)) / 100
        sizes = pd.Series(rng.binomial(lists[place.index], expected), index=place.index)
        sizes[COUNTRY] = round(lists[COUNTRY] * rate["england"] / 100)
        rows.append(
            pd.DataFrame({"register_size": sizes, "list_size": lists[sizes.index]}).assign(
                register=code, list_type=register["list_type"]
            )
        )
    frame = pd.concat(rows).rename_axis("organisation_code").reset_index()
    kind = np.where(frame["organisation_code"] == COUNTRY, "comparator", "practice")
    return frame.assign(organisation_type=kind)


def _list_from(ages: pd.DataFrame, youngest: int) -> pd.Series:
    """Patients of an age and over; a five-year band that the age divides is shared evenly over its years."""
    first = ages["age_band"].str.extract(r"^(\d+)", expand=False).astype(int)
    part = ((first + 5 - youngest) / 5).clip(0, 1)
    return (ages["patients"] * part).groupby(ages["organisation_code"]).sum().round().astype(int)


def _deprivation_position(draw: _Draw) -> pd.Series:
    """From 0 (least) to 1 (most deprived) practice, by the mean decile of its patients' areas."""
    decile = draw.registrations["area_code"].map(draw.areas.set_index("area_code")["imd_decile"])
    located = draw.registrations.assign(imd_decile=decile).dropna(subset=["imd_decile"])
    weighted = (located["imd_decile"] * located["patients"]).groupby(located["practice_code"]).sum()
    mean = weighted / located.groupby("practice_code")["patients"].sum()
    return 1 - (mean - 1) / 9


def _paid(practices: pd.DataFrame) -> pd.DataFrame:
    """Practices that were paid: those of today, and one merged since."""
    code, name, survivor, size = MERGED
    network = practices.set_index("practice_code").loc[survivor, ["pcn_code", "pcn_name"]].to_dict()
    gone = network | {"practice_code": code, "practice_name": name, "list_size": size, "survivor": survivor}
    rows = pd.concat([practices, pd.DataFrame([gone])], ignore_index=True)
    return rows.assign(closed=False)


def _networks(draw: _Draw, ages: pd.DataFrame) -> pd.DataFrame:
    """Every network of the invented country, which are those of the place and of its neighbour."""
    members = draw.practices.dropna(subset=["pcn_code"])
    network = members.set_index("practice_code")["pcn_code"]
    groups = members.groupby("pcn_code")
    rows = groups.agg(
        pcn_name=("pcn_name", "first"),
        icb_code=("icb_code", "first"),
        in_place=("in_place", "any"),
        patients=("list_size", "sum"),
        practices=("practice_code", "size"),
    )
    older = ages.assign(pcn_code=ages["organisation_code"].map(network)).dropna(subset=["pcn_code"])
    old = older[older["age_band"].isin(codes.AGE_BANDS[15:])].groupby("pcn_code")["patients"].sum()
    rows["aged_75_share"] = old / older.groupby("pcn_code")["patients"].sum()
    located = draw.registrations.assign(pcn_code=draw.registrations["practice_code"].map(network))
    located = located.merge(draw.areas[["area_code", "imd_score"]], on="area_code").dropna(subset=["imd_score"])
    weighted = (located["imd_score"] * located["patients"]).groupby(located["pcn_code"]).sum()
    rows["deprivation_score"] = weighted / located.groupby("pcn_code")["patients"].sum()
    return rows.assign(icb_name=COUNTRY_BOARD).reset_index()


def _area_table(areas: pd.DataFrame) -> pd.DataFrame:
    authority = {NAME: "E99999998", NEIGHBOUR: "E99999999"}
    return areas.assign(
        area_name=[f"{row.local_authority_name} {int(row.area_code[-3:]):03d}A" for row in areas.itertuples()],
        local_authority_code=areas["local_authority_name"].map(authority),
        in_place=areas["local_authority_name"] == NAME,
    )
