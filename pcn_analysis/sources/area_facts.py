"""What else is published of areas and practices: where they lie, whether that is rural, and whose health board it is.

A place can be made without any of these files. What rests on one of them is then not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.exceptions import problem
from pcn_analysis.sources.published_files import PublishedFile, check_once, read_table
from pcn_analysis.words import number

if TYPE_CHECKING:
    from pathlib import Path

_ONS = "Source: Office for National Statistics licensed under the Open Government Licence v.3.0."

AREA_CODE = {
    2011: ("lsoa11_code", "LSOA11CD", "F_LSOA11CD", "LSOA code (2011)"),
    2021: ("lsoa21_code", "LSOA21CD", "LSOA code (2021)"),
}
"""What publishers call the codes of areas of each LSOA vintage; one edition of a lookup has the stray ``F_``."""


def _ons(title: str, period: str, *patterns: str) -> PublishedFile:
    return PublishedFile(patterns, title, "Office for National Statistics", period, _ONS, optional=True)


AREA_FACTS: dict[str, PublishedFile] = {
    "centroids": _ons("LSOA (2021) population-weighted centroids", "December 2021", "lsoa21_pwc*", "LLSOA_*2021_PWC*"),
    "rural_urban": _ons(
        "Rural Urban Classification (2021) of LSOA (2021)", "2021", "ruc21_lsoa21*", "LSOA21_RUC21_EW_LU*"
    ),
    "sub_icbs": _ons(
        "LSOA (2021) to sub-ICB location and integrated care board best-fit lookup",
        "2024",
        "lookup_lsoa21_icb24*",
        "LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU*",
    ),
    "practice_points": PublishedFile(
        ("practice_points*", "practice_info_and_coordinates*"),
        "Main sites of practices, geocoded from their postcodes",
        "QOF-visualisation (wylie102), from NHS England",
        "2023-24",
        "Contains information from NHS England, licensed under the current version of the Open Government Licence. "
        "Contains Royal Mail data © Royal Mail copyright and database right.",
        optional=True,
    ),
}
"""Files of areas of 2021, and of practices, that a vintage can use."""

URBAN = ("UN1", "UF1")
"""Codes of the Rural Urban Classification of 2021 that are urban; the others are rural."""
GREAT_BRITAIN = {"latitude": (49.0, 61.0), "longitude": (-9.0, 2.5)}
"""Degrees between which a practice lies."""
METRES = {"easting": (1_000, 800_000), "northing": (1_000, 1_400_000)}
"""Metres of the National Grid between which people live; degrees never reach them."""


def with_area_facts(areas: pd.DataFrame, files: dict[str, Path], membership: pd.DataFrame) -> pd.DataFrame:
    """Add what is known of areas of 2021: easting, northing, rural_urban, sub_icb_code and icb_code.

    Parameters
    ----------
    areas
        One row an area, area_code.
    files
        The files that were found; a column whose file is not among them is left out.
    membership
        Practices with sub_icb_code and icb_code. Boards merge, sub-ICB locations hardly change: an area is of the
        board that its sub-ICB location belongs to in this table.
    """
    if "centroids" in files:
        areas = areas.merge(read_centroids(files["centroids"]), on="area_code", how="left")
    if "rural_urban" in files:
        areas = areas.merge(read_rural_urban(files["rural_urban"]), on="area_code", how="left")
    if "sub_icbs" in files:
        areas = areas.merge(read_sub_icbs(files["sub_icbs"]), on="area_code", how="left")
        boards = membership.dropna(subset=["sub_icb_code", "icb_code"]).groupby("sub_icb_code")["icb_code"]
        areas["icb_code"] = areas["sub_icb_code"].map(boards.agg(lambda codes_of: codes_of.mode().iloc[0]))
    return areas


def read_centroids(path: Path) -> pd.DataFrame:
    """Read population-weighted centroids of LSOAs of 2021 in metres of the National Grid.

    Returns
    -------
    DataFrame
        area_code, easting, northing.

    Raises
    ------
    PcnAnalysisError
        As :func:`read_table`, or if any is not in metres.
    """
    frame = read_table(path, {"area_code": AREA_CODE[2021], "easting": ("x", "easting"), "northing": ("y", "northing")})
    check_once(frame, ["area_code"], path)
    numbers = {name: pd.to_numeric(frame[name], errors="coerce") for name in ("easting", "northing")}
    astray = sum(numbers[name].notna() & ~numbers[name].between(*limits) for name, limits in METRES.items()) > 0
    if astray.any():
        what = f"centroids of {number(int(astray.sum()), 'area')} are not in metres of the National Grid"
        raise problem(path.name, what, "Use those on the British National Grid.")
    return frame.assign(**numbers)


def read_rural_urban(path: Path) -> pd.DataFrame:
    """Read the Rural Urban Classification of 2021: area_code and rural_urban, such as ``UN1``."""
    frame = read_table(path, {"area_code": AREA_CODE[2021], "rural_urban": ("ruc21_code", "RUC21CD")})
    check_once(frame, ["area_code"], path)
    return frame


def read_sub_icbs(path: Path) -> pd.DataFrame:
    """Read the sub-ICB location of each LSOA of 2021: area_code and sub_icb_code, the code of ODS such as ``12F``."""
    columns = {"area_code": AREA_CODE[2021], "sub_icb_code": ("sicbl24_code_nhs", "SICBL24CDH")}
    frame = read_table(path, columns)
    check_once(frame, ["area_code"], path)
    return frame


def read_practice_points(path: Path) -> pd.DataFrame:
    """Read where the main sites of practices are: practice_code, latitude and longitude; nothing else of the file.

    A point outside Great Britain is no point: geocoders place some postcodes on other continents. Its practice is left
    out, as one without a point is.
    """
    columns = {"practice_code": ("practice_code",), "latitude": ("lat", "latitude"), "longitude": ("lon", "longitude")}
    frame = read_table(path, columns)
    check_once(frame, ["practice_code"], path)
    points = frame.assign(**{name: pd.to_numeric(frame[name], errors="coerce") for name in GREAT_BRITAIN})
    inside = points["practice_code"].str.match(codes.PRACTICE)
    for name, limits in GREAT_BRITAIN.items():
        inside &= points[name].between(*limits)
    return points[inside].reset_index(drop=True)
