"""Tables made from published files, of practices and areas."""

from __future__ import annotations

from pcn_analysis import codes
from pcn_analysis.schema import Column, Table
from pcn_analysis.tables.shared import AREA_CODE, ORGANISATION, PRACTICE_CODE, deciles

PRACTICES = Table(
    "practices",
    "one practice of the place, or one elsewhere that shares an area with it",
    ("practice_code",),
    (
        PRACTICE_CODE,
        Column("practice_name", "string", "Name of the practice."),
        Column(
            "pcn_code",
            "string",
            "ODS code of its Primary Care Network; null where it is in none.",
            nullable=True,
            pattern=codes.NETWORK,
        ),
        Column("pcn_name", "string", "Name of its Primary Care Network.", nullable=True),
        Column("sub_icb_code", "string", "ODS code of its sub-ICB location.", nullable=True),
        Column("icb_code", "string", "ODS code of its integrated care board.", nullable=True),
        Column("list_size", "integer", "Registered patients, of all ages and areas.", unit="patients", minimum=0),
        Column(
            "local_authority_name",
            "string",
            "Local authority where more of its patients live than in any other.",
            nullable=True,
        ),
        Column("in_place", "boolean", "Whether that local authority is the place."),
        Column("latitude", "number", "Latitude of the main site (WGS 84).", nullable=True, unit="degrees"),
        Column("longitude", "number", "Longitude of the main site (WGS 84).", nullable=True, unit="degrees"),
        Column("neighbourhood", "string", "Local neighbourhood team, where one is named.", nullable=True),
    ),
)

AREAS = Table(
    "areas",
    "one English LSOA where patients of the place live, or that its maps show",
    ("area_code",),
    (
        Column("area_code", "string", "LSOA code, of the vintage of the place.", pattern=codes.ENGLISH_LSOA),
        Column("area_name", "string", "LSOA name.", nullable=True),
        Column("local_authority_code", "string", "Local authority that holds it.", nullable=True),
        Column("local_authority_name", "string", "Name of that local authority.", nullable=True),
        deciles(),
        Column("imd_score", "number", "IMD score, where published.", nullable=True, minimum=0, maximum=100),
        Column("residents", "integer", "Usual residents at Census 2021.", nullable=True, unit="residents", minimum=0),
        Column(
            "easting",
            "number",
            "Easting of its population-weighted centroid (British National Grid).",
            nullable=True,
            unit="metres",
        ),
        Column(
            "northing",
            "number",
            "Northing of its population-weighted centroid (British National Grid).",
            nullable=True,
            unit="metres",
        ),
        Column("rural_urban", "string", "Rural Urban Classification of 2021; UN1 and UF1 are urban.", nullable=True),
        Column("sub_icb_code", "string", "ODS code of the sub-ICB location that it lies in, best fit.", nullable=True),
        Column(
            "icb_code",
            "string",
            "ODS code of the integrated care board which that location belongs to on the date of the place.",
            nullable=True,
        ),
        Column("in_place", "boolean", "Whether it lies in the place."),
    ),
)

REGISTRATIONS_BY_AREA = Table(
    "registrations_by_area",
    "one practice and one area where patients of it live",
    ("practice_code", "area_code"),
    (
        PRACTICE_CODE,
        AREA_CODE,
        Column(
            "patients",
            "number",
            "Registered patients; whole numbers where published, fractions where modelled.",
            unit="patients",
            minimum=0,
        ),
    ),
)

REGISTRATIONS_BY_AGE = Table(
    "registrations_by_age",
    "one organisation, sex and five-year age band",
    ("organisation_type", "organisation_code", "sex", "age_band"),
    (
        *ORGANISATION,
        Column("sex", "category", "Sex on the registration.", allowed=("female", "male")),
        Column("age_band", "category", "Age in years.", allowed=codes.AGE_BANDS, unit="years"),
        Column("patients", "integer", "Registered patients.", unit="patients", minimum=0),
    ),
)

DISEASE_REGISTERS = Table(
    "disease_registers",
    "one organisation and one QOF disease register",
    ("organisation_type", "organisation_code", "register"),
    (
        *ORGANISATION,
        Column("register", "string", "QOF code of the register, as in codelists/qof_registers.csv."),
        Column("register_size", "integer", "Patients on the register.", nullable=True, unit="patients", minimum=0),
        Column("list_type", "string", "Ages that the register is counted among, as QOF names them."),
        Column(
            "list_size",
            "integer",
            "Registered patients of those ages at the practice.",
            nullable=True,
            unit="patients",
            minimum=0,
        ),
    ),
)

EARLIER_MEMBERSHIPS = Table(
    "earlier_memberships",
    "one practice on one earlier date, of a network that has to do with the place",
    ("as_at", "practice_code"),
    (
        Column("as_at", "date", "Date of the map of practices and networks."),
        PRACTICE_CODE,
        Column("practice_name", "string", "Name of the practice on that date."),
        Column(
            "pcn_code",
            "string",
            "ODS code of the network that it belonged to on that date; null where it was in none.",
            nullable=True,
            pattern=codes.NETWORK,
        ),
        Column("pcn_name", "string", "Name of that network on that date.", nullable=True),
        Column(
            "earlier_list_size",
            "integer",
            "Registered patients on 1 July 2023; null where it had none then.",
            nullable=True,
            unit="patients",
            minimum=0,
        ),
        Column(
            "survivor",
            "string",
            "Practice that absorbed it since July 2023, inferred; null where none did.",
            nullable=True,
            pattern=codes.PRACTICE,
        ),
    ),
)

PUBLISHED_MEASURES = Table(
    "published_measures",
    "one network, practice or the country, and one measure of the Network Contract that is published of it",
    ("organisation_type", "organisation_code", "measure"),
    (
        Column(
            "organisation_type",
            "category",
            "Whether the row is of one network, of one practice or of the country that the place is compared with.",
            allowed=("network", "practice", "comparator"),
        ),
        Column("organisation_code", "string", "Code of the network or practice, or the name of the comparator."),
        Column("organisation_name", "string", "Its name when it was published.", nullable=True),
        Column(
            "survivor",
            "string",
            "Practice that absorbed it since, inferred: the row is not of a practice of today; null where none did.",
            nullable=True,
            pattern=codes.PRACTICE,
        ),
        Column("measure", "string", "Short name of the measure, as in codelists/published_measures.csv."),
        Column("contract_year", "string", "Contract year.", pattern=r"^[0-9]{4}/[0-9]{2}$"),
        Column(
            "numerator",
            "number",
            "As published; of the comparator, the sum of what is published. Null where it is withheld or blank.",
            nullable=True,
            minimum=0,
        ),
        Column(
            "denominator",
            "number",
            "As published; of the comparator, the sum of what is published. Null where it is withheld, or where the "
            "measure has none.",
            nullable=True,
            minimum=0,
        ),
    ),
)

PUBLISHED: tuple[Table, ...] = (
    PRACTICES,
    AREAS,
    REGISTRATIONS_BY_AREA,
    REGISTRATIONS_BY_AGE,
    DISEASE_REGISTERS,
    EARLIER_MEMBERSHIPS,
    PUBLISHED_MEASURES,
)

# -- person tables -----------------------------------------------------------------------------------------
