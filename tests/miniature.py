"""The published open data in miniature: every file of both vintages, in its publisher's layout and under its name.

Two invented local authorities lie side by side, Northfield above Southmere, six areas of 2011 each::

    Northfield   101  102  103  104  105  106      103 was split in two for 2021 (301 and 302)
    Southmere    201  202  203  204  205  206      205 and 206 were merged for 2021 (303)

Seven practices of July 2023 stand for England. One belongs to no network (``U``), one network has a practice
in each authority, and one practice has closed by July 2026 and its patients are with a neighbour. A few
patients have no known area (``NO2011``) and a few live in Wales.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

if TYPE_CHECKING:
    from pathlib import Path

AREAS_2011 = {
    "E01000101": "Northfield 001A",
    "E01000102": "Northfield 001B",
    "E01000103": "Northfield 001C",
    "E01000104": "Northfield 002A",
    "E01000105": "Northfield 002B",
    "E01000106": "Northfield 002C",
    "E01000201": "Southmere 001A",
    "E01000202": "Southmere 001B",
    "E01000203": "Southmere 001C",
    "E01000204": "Southmere 002A",
    "E01000205": "Southmere 002B",
    "E01000206": "Southmere 002C",
}
AREAS_2021 = {
    "E01000101": "Northfield 001A",
    "E01000102": "Northfield 001B",
    "E01000301": "Northfield 001D",
    "E01000302": "Northfield 001E",
    "E01000104": "Northfield 002A",
    "E01000105": "Northfield 002B",
    "E01000106": "Northfield 002C",
    "E01000201": "Southmere 001A",
    "E01000202": "Southmere 001B",
    "E01000203": "Southmere 001C",
    "E01000204": "Southmere 002A",
    "E01000303": "Southmere 002D",
}
CHANGED = [
    ("E01000103", "E01000301", "S"),
    ("E01000103", "E01000302", "S"),
    ("E01000205", "E01000303", "M"),
    ("E01000206", "E01000303", "M"),
]
AUTHORITIES = {"Northfield": "E06000901", "Southmere": "E06000902"}

DECILES_2011 = dict(zip(AREAS_2011, (1, 2, 3, 5, 7, 9, 2, 4, 6, 8, 10, 10), strict=True))
DECILES_2021 = dict(zip(AREAS_2021, (1, 1, 3, 4, 5, 7, 9, 2, 4, 6, 8, 10), strict=True))
SCORES_2021 = dict(zip(AREAS_2021, (61.2, 55.0, 33.5, 25.4, 19.9, 12.1, 7.3, 44.8, 26.0, 15.7, 9.9, 3.2), strict=True))
RESIDENTS = dict(zip(AREAS_2021, (1500, 2600, 1200, 600, 1700, 1400, 1600, 1100, 900, 1000, 900, 1100), strict=True))

PRACTICES = {
    "A90001": "ALDER SURGERY",
    "A90002": "BIRCH PRACTICE",
    "A90003": "CEDAR MEDICAL CENTRE",
    "A90004": "DAMSON SURGERY",
    "A90005": "ELDER PRACTICE",
    "A90006": "FIR MEDICAL CENTRE",
    "A90007": "GORSE SURGERY",
}
NETWORKS = {
    "U90001": "NORTHFIELD CENTRAL PCN",
    "U90002": "COAST AND MERE PCN",
    "U90003": "SOUTHMERE PCN",
    "U": "Unallocated",
}
MEMBERS = {
    "A90001": "U90001",
    "A90002": "U90001",
    "A90003": "U90002",
    "A90004": "U",
    "A90005": "U90002",
    "A90006": "U90003",
    "A90007": "U90001",
}
COUNTS_2023 = {
    "A90001": {"E01000101": 1200, "E01000102": 900, "E01000103": 388, "NO2011": 12},
    "A90002": {"E01000102": 800, "E01000103": 700, "E01000104": 500},
    "A90003": {"E01000104": 600, "E01000105": 900, "E01000106": 700, "E01000201": 97, "W01000001": 3},
    "A90004": {"E01000101": 200, "E01000105": 400, "E01000106": 500},
    "A90005": {"E01000106": 300, "E01000201": 900, "E01000202": 800},
    "A90006": {"E01000203": 1000, "E01000204": 900, "E01000205": 500, "E01000206": 600},
    "A90007": {"E01000102": 900, "E01000103": 800, "E01000104": 500},
}
LISTS_2026 = {"A90001": 2600, "A90002": 4300, "A90003": 2400, "A90004": 1100, "A90005": 2100, "A90006": 3100}
"""Gorse Surgery, A90007, has closed; Birch Practice, A90002, has grown by its list."""

AGE_GROUPS = (*(f"{age}_{age + 4}" for age in range(0, 95, 5)), "95+")
OF_100_PATIENTS = {
    "FEMALE": (2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 1, 1, 1),
    "MALE": (3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1),
}
PERCENT_OF_LIST = {"TOTAL": 100, "06OV": 94, "16OV": 82, "17OV": 81, "18OV": 80, "50OV": 38}
REGISTERS = {
    "AF": ("TOTAL", 22),
    "AST": ("06OV", 65),
    "CAN": ("TOTAL", 37),
    "CHD": ("TOTAL", 31),
    "CKD": ("18OV", 45),
    "COPD": ("TOTAL", 19),
    "DEM": ("TOTAL", 8),
    "DEP": ("18OV", 130),
    "DM": ("17OV", 77),
    "EP": ("18OV", 8),
    "HF": ("TOTAL", 11),
    "HYP": ("TOTAL", 148),
    "LD": ("TOTAL", 6),
    "MH": ("TOTAL", 10),
    "NDH": ("18OV", 80),
    "OB": ("18OV", 115),
    "OST": ("50OV", 11),
    "PAD": ("TOTAL", 6),
    "PC": ("TOTAL", 5),
    "RA": ("16OV", 8),
    "STIA": ("TOTAL", 19),
}
"""Each QOF register: the ages it is counted among, and patients on it of 1,000 on the whole list."""

COUNTS = "gp-reg-pat-prac-lsoa-male-female-July-23.zip"
MAP = "gp-reg-pat-prac-map_2026-07.zip"
AGES = "gp-reg-pat-prac-quin-age_2026-07.zip"
PREVALENCE = "PREVALENCE_2425.csv"
STRUCTURES = "qof_structures_2022_2023.parquet"
CENSUS = "census2021-ts021-lsoa.csv"
IMD_2019 = "imd2019_england_lsoa11.parquet"
IMD_2025 = "imd2025_england_lsoa21.parquet"
LINKS = "lookup_lsoa11_lsoa21_ltla22.parquet"
WARDS = "lookup_lsoa21_ward24_ltla24.parquet"
CENTROIDS = "lsoa21_pwc.csv"
RURAL_URBAN = "ruc21_lsoa21.parquet"
SUB_ICBS = "lookup_lsoa21_icb24.parquet"
POINTS = "practice_info_and_coordinates_qof2324.parquet"
MAP_2022 = "gp-reg-pat-prac-map_2022-01.csv"
BOUNDARIES_2011 = "boundaries_lsoa11_england_simplified.parquet"
BOUNDARIES_2021 = "boundaries_lsoa21_england_simplified.parquet"


def write_open_data(folder: Path) -> Path:
    """Write every file that the vintages 2023-07 and 2026-07 need, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_zip(folder / COUNTS, "gp-reg-pat-prac-lsoa-all.csv", counts())
    write_zip(folder / MAP, "gp-reg-pat-prac-map.csv", membership_2026())
    write_zip(folder / AGES, "gp-reg-pat-prac-quin-age.csv", ages())
    prevalence().to_csv(folder / PREVALENCE, index=False)
    census().to_csv(folder / CENSUS, index=False)
    membership_2023().to_parquet(folder / STRUCTURES, index=False)
    deprivation_2019().to_parquet(folder / IMD_2019, index=False)
    deprivation_2025().to_parquet(folder / IMD_2025, index=False)
    links().to_parquet(folder / LINKS, index=False)
    wards().to_parquet(folder / WARDS, index=False)
    boundaries_2011().to_parquet(folder / BOUNDARIES_2011, index=False)
    boundaries_2021().to_parquet(folder / BOUNDARIES_2021, index=False)
    return folder


def write_area_facts(folder: Path) -> Path:
    """Write the files beside them that a place can do without, and return the folder."""
    centroids().to_csv(folder / CENTROIDS, index=False)
    rural_urban().to_parquet(folder / RURAL_URBAN, index=False)
    sub_icbs().to_parquet(folder / SUB_ICBS, index=False)
    practice_points().to_parquet(folder / POINTS, index=False)
    membership_2022().to_csv(folder / MAP_2022, index=False)
    return folder


def write_zip(path: Path, member: str, frame: pd.DataFrame) -> None:
    """Write a frame as the one CSV file in a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, frame.to_csv(index=False))


# -- patients and practices --------------------------------------------------------------------------------


def counts() -> pd.DataFrame:
    """Patients by practice and area, 1 July 2023."""
    return pd.DataFrame(
        {
            "PUBLICATION": "GP_PRAC_PAT_LIST",
            "EXTRACT_DATE": "01Jul2023",
            "PRACTICE_CODE": practice,
            "PRACTICE_NAME": PRACTICES[practice],
            "LSOA_CODE": area,
            "SEX": "ALL",
            "NUMBER_OF_PATIENTS": patients,
        }
        for practice, areas in COUNTS_2023.items()
        for area, patients in areas.items()
    )


def membership_2023() -> pd.DataFrame:
    """Practices and their networks, QOF 2022-23."""
    return pd.DataFrame(
        {
            "NAT_CODE": "ENG",
            "ICB_ODS_CODE": "QZZ",
            "ICB_NAME": "NHS Invented Integrated Care Board",
            "SUB_ICB_ODS_CODE": "99Z",
            "SUB_ICB_NAME": "NHS Invented ICB - 99Z",
            "PCN_ODS_CODE": network,
            "PCN_NAME": NETWORKS[network],
            "PRACTICE_CODE": practice,
            "PRACTICE_NAME": PRACTICES[practice],
        }
        for practice, network in MEMBERS.items()
    )


def membership_2026() -> pd.DataFrame:
    """Practices and their networks, 1 July 2026."""
    return pd.DataFrame(
        {
            "PUBLICATION": "GP_PRAC_PAT_LIST",
            "EXTRACT_DATE": "01Jul2026",
            "PRACTICE_CODE": practice,
            "PRACTICE_NAME": PRACTICES[practice],
            "PRACTICE_POSTCODE": "ZZ99 3VZ",
            "PCN_CODE": MEMBERS[practice],
            "PCN_NAME": NETWORKS[MEMBERS[practice]],
            "ONS_SUB_ICB_LOCATION_CODE": "E38000999",
            "SUB_ICB_LOCATION_CODE": "99Z",
            "SUB_ICB_LOCATION_NAME": "NHS Invented ICB - 99Z",
            "ONS_ICB_CODE": "E54000999",
            "ICB_CODE": "QZZ",
            "ICB_NAME": "NHS Invented Integrated Care Board",
            "ONS_COMM_REGION_CODE": "E40000999",
            "COMM_REGION_CODE": "Y99",
            "COMM_REGION_NAME": "Invented",
            "SUPPLIER_NAME": "EMIS",
        }
        for practice in LISTS_2026
    )


def membership_2022() -> pd.DataFrame:
    """Practices and their networks, 1 January 2022, in the layout of that time; Birch Practice was with Southmere."""
    frame = membership_2023().rename(
        columns={"PCN_ODS_CODE": "PCN_CODE", "SUB_ICB_ODS_CODE": "CCG_CODE", "ICB_ODS_CODE": "STP_CODE"}
    )
    moved = frame["PRACTICE_CODE"] == "A90002"
    return frame.assign(
        EXTRACT_DATE="01Jan2022",
        PCN_CODE=frame["PCN_CODE"].mask(moved, "U90003"),
        PCN_NAME=frame["PCN_NAME"].mask(moved, NETWORKS["U90003"]),
    )


def ages() -> pd.DataFrame:
    """Patients by sex and five-year age group, 1 July 2026: networks and an ICB first, then practices."""
    networks: dict[str, int] = {}
    for practice, patients in LISTS_2026.items():
        networks[MEMBERS[practice]] = networks.get(MEMBERS[practice], 0) + patients
    kinds = {"ICB": {"QZZ": sum(LISTS_2026.values())}, "PCN": networks, "GP": LISTS_2026}
    rows = [
        (kind, code, sex, age, patients)
        for kind, lists in kinds.items()
        for code, size in lists.items()
        for sex, age, patients in _parts(size)
    ]
    frame = pd.DataFrame(rows, columns=["ORG_TYPE", "ORG_CODE", "SEX", "AGE_GROUP_5", "NUMBER_OF_PATIENTS"])
    frame.insert(0, "PUBLICATION", "GP_PRAC_PAT_LIST")
    frame.insert(1, "EXTRACT_DATE", "2026-07-01")
    frame.insert(4, "ONS_CODE", "")
    frame.insert(5, "POSTCODE", "")
    return frame


def _parts(size: int) -> list[tuple[str, str, int]]:
    """Total, totals of each sex, and parts of one list."""
    rows = [("ALL", "ALL", size)]
    for sex, of_100 in OF_100_PATIENTS.items():
        rows += [(sex, age, size * number // 100) for age, number in zip(AGE_GROUPS, of_100, strict=True)]
        rows += [(sex, "ALL", size * sum(of_100) // 100)]
    return rows


def prevalence() -> pd.DataFrame:
    """QOF disease registers, 2024-25."""
    return pd.DataFrame(
        {
            "PRACTICE_CODE": practice,
            "GROUP_CODE": register,
            "REGISTER": float(size * of_1000 // 1000),
            "PATIENT_LIST_TYPE": kind,
            "PRACTICE_LIST_SIZE": size * PERCENT_OF_LIST[kind] // 100,
        }
        for practice, size in LISTS_2026.items()
        for register, (kind, of_1000) in REGISTERS.items()
    )


# -- areas -------------------------------------------------------------------------------------------------


def deprivation_2019() -> pd.DataFrame:
    """Deciles by LSOA 2011."""
    return pd.DataFrame({"lsoa11_code": list(DECILES_2011), "IMD_decile": [float(n) for n in DECILES_2011.values()]})


def deprivation_2025() -> pd.DataFrame:
    """Deciles and scores by LSOA 2021."""
    return pd.DataFrame(
        {
            "lsoa21_code": list(DECILES_2021),
            "IMD_decile": [float(decile) for decile in DECILES_2021.values()],
            "IMD_score": list(SCORES_2021.values()),
        }
    )


def links() -> pd.DataFrame:
    """Best-fit lookup from LSOA 2011 to LSOA 2021, with the local authority of 2022."""
    unchanged = [(code, code, "U") for code in AREAS_2011 if code in AREAS_2021]
    return pd.DataFrame(
        {
            "lsoa11_name": AREAS_2011[old],
            "lsoa11_code": old,
            "change_code": change,
            "lsoa21_name": AREAS_2021[new],
            "lsoa21_code": new,
            "ltla22_name": _authority(AREAS_2011[old]),
            "ltla22_code": AUTHORITIES[_authority(AREAS_2011[old])],
        }
        for old, new, change in unchanged + CHANGED
    )


def wards() -> pd.DataFrame:
    """Best-fit lookup from LSOA 2021 to ward and local authority of 2024."""
    return pd.DataFrame(
        {
            "lsoa21_name": name,
            "lsoa21_code": code,
            "ward24_name": f"{_authority(name)} Ward",
            "ward24_code": f"E05000{AUTHORITIES[_authority(name)][-3:]}",
            "ltla24_name": _authority(name),
            "ltla24_code": AUTHORITIES[_authority(name)],
        }
        for code, name in AREAS_2021.items()
    )


def census() -> pd.DataFrame:
    """Usual residents by LSOA 2021: the total, then two of the ethnic groups."""
    return pd.DataFrame(
        {
            "date": 2021,
            "geography": AREAS_2021[code],
            "geography code": code,
            "Ethnic group: Total: All usual residents": residents,
            "Ethnic group: Asian, Asian British or Asian Welsh": residents // 10,
            "Ethnic group: White": residents - residents // 10,
        }
        for code, residents in RESIDENTS.items()
    )


CENTRES = {code: (400_000.0 + 1_300 * int(code[-1]), 430_000.0 - 2_200 * int(code[-3])) for code in AREAS_2021}
"""Where people live in each area, in metres of the National Grid."""


def centroids() -> pd.DataFrame:
    """Population-weighted centroids of LSOAs of 2021."""
    rows = [(code, f"{code}-id", east, north) for code, (east, north) in CENTRES.items()]
    return pd.DataFrame(rows, columns=["LSOA21CD", "GlobalID", "x", "y"])


def rural_urban() -> pd.DataFrame:
    """Northfield is urban and Southmere rural."""
    kinds = {"Northfield": "UN1", "Southmere": "RLF1"}
    return pd.DataFrame(
        {"lsoa21_code": code, "ruc21_code": kinds[_authority(name)], "ruc": "of no use"}
        for code, name in AREAS_2021.items()
    )


def sub_icbs() -> pd.DataFrame:
    """One sub-ICB location; the board that it was in has merged since."""
    return pd.DataFrame(
        {
            "lsoa21_code": list(AREAS_2021),
            "sicbl24_code": "E38000999",
            "sicbl24_code_nhs": "99Z",
            "icb24_code_nhs": "QYY",
        }
    )


def practice_points() -> pd.DataFrame:
    """Where practices are, with more than that; Birch Practice was put into Connecticut by a geocoder."""
    points = dict.fromkeys(PRACTICES, (53.97, -1.97)) | {"A90002": (41.7, -72.7)}
    return pd.DataFrame(
        {"PRACTICE_CODE": code, "telephone_no": "01632 960000", "lat": latitude, "lon": longitude}
        for code, (latitude, longitude) in points.items()
    )


def boundaries_2011() -> gpd.GeoDataFrame:
    """Twelve squares."""
    return _boundaries("lsoa11", AREAS_2011, {code: _square(code) for code in AREAS_2011})


def boundaries_2021() -> gpd.GeoDataFrame:
    """Squares; one cut from corner to corner, so that neighbours still share whole edges, and two put together."""
    west, south, east, north = _square("E01000103").bounds
    shapes = {code: _square(code) for code in AREAS_2021 if code in AREAS_2011}
    shapes["E01000301"] = shapely.Polygon([(west, south), (east, north), (west, north)])
    shapes["E01000302"] = shapely.Polygon([(west, south), (east, south), (east, north)])
    west, south, middle, north = _square("E01000205").bounds
    east = _square("E01000206").bounds[2]
    shapes["E01000303"] = shapely.Polygon(
        [(west, south), (middle, south), (east, south), (east, north), (middle, north), (west, north)]
    )
    return _boundaries("lsoa21", AREAS_2021, {code: shapes[code] for code in AREAS_2021})


def _boundaries(kind: str, names: dict[str, str], shapes: dict[str, shapely.Polygon]) -> gpd.GeoDataFrame:
    columns = {f"{kind}_name": list(names.values()), f"{kind}_code": list(shapes)}
    return gpd.GeoDataFrame(columns, geometry=list(shapes.values()), crs="EPSG:4326")


def _square(code: str) -> shapely.Polygon:
    """A square of a fiftieth of a degree; the code says which: E01000203 is the third of the second row."""
    row, column = int(code[-3]), int(code[-1])
    west, south = -2 + column * 0.02, 54 - row * 0.02
    return shapely.box(round(west, 2), round(south, 2), round(west + 0.02, 2), round(south + 0.02, 2))


def _authority(area_name: str) -> str:
    return area_name.split(maxsplit=1)[0]
