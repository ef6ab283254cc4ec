"""The published files behind a vintage, and one reader for each.

A *vintage* is a set of files that belong together and whose codes agree. ``2023-07``: practice × area counts of
July 2023, the network membership of that spring, deprivation of 2019 and boundaries of 2011, all on LSOA 2011.
``2026-07``: the lists and the membership of July 2026, on LSOA 2021; no practice × area counts of that date are
at hand, so they are modelled (:mod:`pcn_analysis.sources.nowcast`).

Each file is read in its publisher's layout, and in that of the R packages ``geographr`` and ``IMD``, which call
the columns of areas otherwise.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.exceptions import problem
from pcn_analysis.sources.area_facts import AREA_CODE, AREA_FACTS
from pcn_analysis.sources.published_files import PublishedFile, check_once, read_table, whole_numbers
from pcn_analysis.words import number

if TYPE_CHECKING:
    from pathlib import Path

_NHS = "Contains information from NHS England, licensed under the current version of the Open Government Licence."
_ONS = "Source: Office for National Statistics licensed under the Open Government Licence v.3.0."
_MHCLG = "Contains public sector information licensed under the Open Government Licence v3.0 (MHCLG)."


def _nhs(title: str, period: str, *patterns: str, optional: bool = False) -> PublishedFile:
    return PublishedFile(patterns, title, "NHS England", period, _NHS, optional=optional)


def _ons(title: str, period: str, *patterns: str, os_year: str = "") -> PublishedFile:
    os_line = f" Contains OS data © Crown copyright and database right {os_year}." if os_year else ""
    return PublishedFile(patterns, title, "Office for National Statistics", period, _ONS + os_line)


COUNTS_2023_07 = _nhs(
    "Patients Registered at a GP Practice: patients by practice and LSOA",
    "1 July 2023",
    "gp-reg-pat-prac-lsoa*[Jj]uly-23*",
    "gp-reg-pat-prac-lsoa*[Jj]ul-23*",
)
LSOA_LOOKUP = _ons(
    "LSOA (2011) to LSOA (2021) to local authority district (2022) exact-fit lookup",
    "2011 to 2021",
    "lookup_lsoa11_lsoa21*",
    "LSOA11_LSOA21_LAD22_EW_LU*",
    "LSOA_(2011)_to_LSOA_(2021)_to_Local_Authority_District_(2022)*",
)

EARLIER_MAPS = (dt.date(2022, 1, 1), dt.date(2024, 10, 1), dt.date(2025, 10, 1))
"""Dates of earlier maps of practices and networks, which tell what has changed since."""

WORKFORCE_ON = dt.date(2026, 6, 30)
"""Day that the workforce of networks was counted on."""

FILES: dict[str, dict[str, PublishedFile]] = {
    "2023-07": {
        "counts": COUNTS_2023_07,
        "membership": _nhs(
            "Quality and Outcomes Framework 2022-23: practices and networks",
            "March 2023",
            "qof_structures_2022_2023*",
            "MAPPING_NHS_GEOGRAPHIES_2223*",
            "QOF*2022-23*.zip",
        ),
        "deprivation": PublishedFile(
            ("imd2019_england_lsoa11*", "File_7*IoD2019*"),
            "English Indices of Deprivation 2019, File 7",
            "Ministry of Housing, Communities and Local Government",
            "2019",
            _MHCLG,
        ),
        "lsoa_lookup": LSOA_LOOKUP,
        "boundaries": _ons(
            "LSOA (2011) boundaries, generalised",
            "December 2011",
            "boundaries_lsoa11_england*",
            "Lower_[Ll]ayer_Super_Output_Areas_*2011*",
            "LSOA_*2011_*Boundaries*",
            os_year="2011",
        ),
    },
    "2026-07": {
        "counts": COUNTS_2023_07,
        "membership": _nhs(
            "Patients Registered at a GP Practice: practices and networks",
            "1 July 2026",
            "gp-reg-pat-prac-map_2026-07*",
        ),
        "ages": _nhs(
            "Patients Registered at a GP Practice: patients by sex and five-year age band",
            "1 July 2026",
            "gp-reg-pat-prac-quin-age_2026-07*",
        ),
        "registers": _nhs(
            "Quality and Outcomes Framework: recorded prevalence", "2024-25", "PREVALENCE_2425*", "QOF*2425*.zip"
        ),
        "deprivation": PublishedFile(
            ("imd2025_england_lsoa21*", "File_7*IoD2025*"),
            "English Indices of Deprivation 2025, File 7",
            "Ministry of Housing, Communities and Local Government",
            "2025",
            _MHCLG,
        ),
        "lsoa_lookup": LSOA_LOOKUP,
        "area_lookup": _ons(
            "LSOA (2021) to ward and local authority district best-fit lookup",
            "2024",
            "lookup_lsoa21_ward24_ltla24*",
            "LSOA21_WD24_LAD24_EW_LU*",
            "LSOA_(2021)_to_*Ward_(2024)*",
        ),
        "residents": _ons(
            "Census 2021, table TS021 (usual residents)", "March 2021", "census2021-ts021-lsoa*", "census2021-ts021.zip"
        ),
        "boundaries": _ons(
            "LSOA (2021) boundaries, generalised",
            "December 2021",
            "boundaries_lsoa21_england*",
            "Lower_[Ll]ayer_Super_Output_Areas_*2021*",
            "LSOA_*2021_*EW_B*",
            os_year="2021",
        ),
        "published_measures": _nhs(
            "Network Contract Directed Enhanced Service, management information: Investment and Impact Fund",
            "2023/24",
            "IIF_indicators_annual_pub_2023_24*",
            optional=True,
        ),
        "network_workforce": _nhs(
            "Primary Care Network Workforce: individual level",
            f"{WORKFORCE_ON.day} {WORKFORCE_ON:%B %Y}",
            "PCNWFIndividualCSV*062026*",
            "*Primary Care Networks - June 2026 Individual Level*",
            optional=True,
        ),
        "practice_payments": _nhs(
            "NHS Payments to General Practice", "2022/23", "nhs_payments_gp_2022-23*", optional=True
        ),
        **AREA_FACTS,
        **{
            f"membership_{on:%Y_%m}": _nhs(
                "Patients Registered at a GP Practice: practices and networks",
                f"{on.day} {on:%B %Y}",
                f"gp-reg-pat-prac-map_{on:%Y-%m}*",
                optional=True,
            )
            for on in EARLIER_MAPS
        },
    },
}
"""The files that each vintage needs, and those that it can use."""

DEFAULT_VINTAGE = "2026-07"


@dataclass(frozen=True)
class Membership:
    """Practices and the networks that they belong to on one date.

    Parameters
    ----------
    practices
        One row a practice: practice_code, practice_name, pcn_code (null where unallocated), pcn_name,
        sub_icb_code, icb_code, icb_name (null where it is not published).
    faulty
        Practice codes whose network is neither given nor declared unallocated.
    """

    practices: pd.DataFrame
    faulty: list[str]


def read_counts(path: Path, expected: dt.date) -> pd.DataFrame:
    """Read registered patients by practice and area.

    Returns
    -------
    DataFrame
        practice_code, area_code (as published), patients.

    Raises
    ------
    PcnAnalysisError
        If the file is damaged, is of another date, or counts a practice and area twice.
    """
    names = ["extract_date", "practice_code", "lsoa_code", "sex", "number_of_patients"]
    frame = read_table(path, names, member="*-all.csv")
    frame = frame[frame["sex"].str.upper() == "ALL"]
    check_date(frame["extract_date"], expected, path)
    counts = pd.DataFrame(
        {
            "practice_code": frame["practice_code"].str.strip(),
            "area_code": frame["lsoa_code"].str.strip(),
            "patients": whole_numbers(frame["number_of_patients"], path),
        }
    )
    check_once(counts, ["practice_code", "area_code"], path)
    return counts


def check_date(values: pd.Series, expected: dt.date, path: Path) -> None:
    """Hold the date inside a file against the date that the vintage needs."""
    dates = {_parsed_date(text) for text in values.unique()}
    if dates != {expected}:
        shown = ", ".join(sorted(f"{date:%d %B %Y}" if date else "an unreadable date" for date in dates))
        raise problem(
            path.name,
            f"is dated {shown} inside, not {expected:%d %B %Y}",
            "Use the file of that date, or choose the other vintage.",
        )


def _parsed_date(text: str) -> dt.date | None:
    for layout in ("%d%b%Y", "%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text.strip(), layout).date()
        except ValueError:
            continue
    return None


QOF_MEMBERSHIP = {
    "practice_code": ("practice_code",),
    "practice_name": ("practice_name",),
    "pcn_code": ("pcn_ods_code",),
    "pcn_name": ("pcn_name",),
    "sub_icb_code": ("sub_icb_ods_code", "SUB_ICB_LOC_ODS_CODE"),
    "icb_code": ("icb_ods_code",),
    "icb_name": ("icb_name",),
}
REGISTERED_MEMBERSHIP = {
    "practice_code": ("practice_code",),
    "practice_name": ("practice_name",),
    "pcn_code": ("pcn_code",),
    "pcn_name": ("pcn_name",),
    "sub_icb_code": ("sub_icb_location_code", "ccg_code"),
    "icb_code": ("icb_code", "stp_code"),
    "icb_name": ("icb_name", "stp_name"),
    "extract_date": ("extract_date",),
}


def read_membership(path: Path, expected: dt.date | None = None) -> Membership:
    """Read which network each practice belongs to, in either published layout.

    The layout of Patients Registered at a GP Practice holds its date, which must be the expected one; that of
    the Quality and Outcomes Framework holds none.

    Practices coded ``U`` are unallocated: their network is null. A practice whose network is blank or no
    code at all is returned as faulty.
    """
    if expected is None:
        frame = read_table(path, QOF_MEMBERSHIP, optional=["icb_name"], member="mapping_nhs_geographies*.csv")
    else:
        frame = read_table(path, REGISTERED_MEMBERSHIP, optional=["icb_name"], member="*-map*.csv")
        check_date(frame.pop("extract_date"), expected, path)
    frame = frame.astype("str").apply(lambda column: column.fillna("").str.strip())
    check_once(frame, ["practice_code"], path)
    in_network = frame["pcn_code"].str.match(codes.NETWORK)
    faulty = frame.loc[~in_network & (frame["pcn_code"] != codes.UNALLOCATED), "practice_code"].to_list()
    frame["practice_name"] = frame["practice_name"].map(codes.tidy_name)
    frame["pcn_name"] = frame["pcn_name"].map(codes.tidy_name).where(in_network)
    frame["pcn_code"] = frame["pcn_code"].where(in_network)
    frame["icb_name"] = frame["icb_name"].where(frame["icb_name"] != "")
    return Membership(frame, faulty)


@dataclass(frozen=True)
class Lists:
    """Registered patients of each practice, in total and by age.

    Parameters
    ----------
    sizes
        Published total list by practice code, patients of every sex and age.
    ages
        practice_code, sex, age_band, patients; female and male only.
    """

    sizes: pd.Series
    ages: pd.DataFrame


def read_lists(path: Path, expected: dt.date) -> Lists:
    """Read list sizes and ages from the quinary age file, which mixes totals with parts.

    Only rows of practices are kept: totals where sex and age are both ``ALL``, parts where neither is.
    """
    names = ["extract_date", "org_type", "org_code", "sex", "age_group_5", "number_of_patients"]
    frame = read_table(path, names, member="*quin-age*.csv")
    check_date(frame["extract_date"], expected, path)
    frame = frame[frame["org_type"] == "GP"]
    if frame.empty:
        raise problem(path.name, "no row is of a practice", "Check that this is the quinary age file, unchanged.")
    check_once(frame, ["org_code", "sex", "age_group_5"], path)
    patients = whole_numbers(frame["number_of_patients"], path)
    every_sex, every_age = frame["sex"] == "ALL", frame["age_group_5"] == "ALL"
    total = every_sex & every_age
    sizes = pd.Series(patients[total].to_numpy(), index=frame.loc[total, "org_code"].str.strip(), name="list_size")
    parts = frame["sex"].isin(["FEMALE", "MALE"]) & ~every_age
    ages = pd.DataFrame(
        {
            "practice_code": frame["org_code"].str.strip(),
            "sex": frame["sex"].str.lower(),
            "age_band": frame["age_group_5"].str.replace("_", "-"),
            "patients": patients,
        }
    )[parts].reset_index(drop=True)
    unknown = int((~ages["age_band"].isin(codes.AGE_BANDS)).sum())
    if unknown:
        raise problem(path.name, f"{unknown:,} rows have an unknown age band", "Use the publisher's file unchanged.")
    return Lists(sizes, ages)


def read_registers(path: Path) -> pd.DataFrame:
    """Read QOF disease registers by practice.

    Returns
    -------
    DataFrame
        practice_code, register, register_size, list_type, list_size.
    """
    names = ["practice_code", "group_code", "register", "patient_list_type", "practice_list_size"]
    frame = read_table(path, names, member="prevalence*.csv")
    check_once(frame, ["practice_code", "group_code"], path)
    return pd.DataFrame(
        {
            "practice_code": frame["practice_code"].str.strip(),
            "register": frame["group_code"].str.strip(),
            "register_size": whole_numbers(frame["register"], path, blank=True),
            "list_type": frame["patient_list_type"].str.strip(),
            "list_size": whole_numbers(frame["practice_list_size"], path, blank=True),
        }
    )


DEPRIVATION = {
    "imd_decile": (
        "imd_decile",
        "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
        "Index of Multiple Deprivation (IMD) Decile",
    ),
    "imd_score": ("imd_score", "Index of Multiple Deprivation (IMD) Score"),
}


def read_deprivation(path: Path, vintage: int) -> pd.DataFrame:
    """Read area_code, imd_decile and imd_score; a file of 2011 areas may hold no scores, which are null then."""
    optional = ("imd_score",) if vintage == 2011 else ()  # noqa: PLR2004 - the LSOA vintage
    frame = read_table(path, {"area_code": AREA_CODE[vintage], **DEPRIVATION}, optional=optional)
    check_once(frame, ["area_code"], path)
    numbers = {name: pd.to_numeric(frame[name], errors="coerce").astype(float) for name in DEPRIVATION}
    return frame.assign(**numbers)


def read_area_lookup(path: Path, vintage: int) -> pd.DataFrame:
    """Read which local authority holds each area: area_code, area_name, local_authority_code and _name."""
    area, authority = {2011: ("11", "22"), 2021: ("21", "24")}[vintage]
    columns = {
        "area_code": AREA_CODE[vintage],
        "area_name": (f"lsoa{area}_name", f"LSOA{area}NM"),
        "local_authority_code": (f"ltla{authority}_code", f"LAD{authority}CD"),
        "local_authority_name": (f"ltla{authority}_name", f"LAD{authority}NM"),
    }
    return read_table(path, columns).drop_duplicates("area_code").reset_index(drop=True)


def read_lsoa_links(path: Path) -> pd.DataFrame:
    """Read the links from LSOA 2011 to LSOA 2021: lsoa11_code and lsoa21_code.

    The kind of change must be in the file, though it is not returned: the best-fit lookup of the same name has
    none, and links an area that was split to one of its parts alone.
    """
    columns = {
        "lsoa11_code": AREA_CODE[2011],
        "lsoa21_code": AREA_CODE[2021],
        "change_code": ("change_code", "CHGIND"),
    }
    return read_table(path, columns).drop(columns="change_code")


def read_residents(path: Path) -> pd.Series:
    """Read usual residents of each LSOA 2021 at Census 2021, by area code.

    Raises
    ------
    PcnAnalysisError
        As :func:`read_table`, or if a row is of anything but an LSOA: the table is published for other areas too.
    """
    total = "ethnic_group:_total:_all_usual_residents"
    frame = read_table(path, ["geography_code", total], member="*-lsoa.csv")
    other = int((~frame["geography_code"].str.match(codes.LSOA)).sum())
    if other:
        raise problem(path.name, f"{number(other, 'row')} of no LSOA", "Use the table by LSOA, census2021-ts021-lsoa.")
    check_once(frame, ["geography_code"], path)
    return pd.Series(whole_numbers(frame[total], path).to_numpy(), index=frame["geography_code"], name="residents")
