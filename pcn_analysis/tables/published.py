"""Tables made from published files, of practices and areas."""

from __future__ import annotations

from pcn_analysis import codes
from pcn_analysis.schema import Column, Table
from pcn_analysis.tables.shared import AREA_CODE, ORGANISATION, PRACTICE_CODE, deciles

YEAR = Column("contract_year", "string", "Contract year.", pattern=r"^[0-9]{4}/[0-9]{2}$")

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
        YEAR,
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

STAFF, CONTRACTED = "staff", "contracted services"
"""Where a row of the workforce of networks comes from; of a contracted service nobody says how many people it is."""
PCN_CODE = Column("pcn_code", "string", "ODS code of the network.", pattern=codes.NETWORK)

COUNTRY_NETWORKS = Table(
    "country_networks",
    "one network of the country that the place is compared with, the place's own among them",
    ("pcn_code",),
    (
        PCN_CODE,
        Column("pcn_name", "string", "Name of the network."),
        Column("icb_code", "string", "ODS code of the integrated care board of most of its patients.", nullable=True),
        Column("icb_name", "string", "Name of that board, where it is published.", nullable=True),
        Column("in_place", "boolean", "Whether a practice of it lies in the place."),
        Column("patients", "integer", "Registered patients of its practices.", unit="patients", minimum=0),
        Column("practices", "integer", "Practices that are members of it.", unit="practices", minimum=0),
        Column(
            "aged_75_share",
            "number",
            "Share of its patients who are aged 75 and over.",
            nullable=True,
            minimum=0,
            maximum=1,
        ),
        Column(
            "deprivation_score",
            "number",
            "Mean IMD score of the areas where its patients live, weighted by patients; those without one left out.",
            nullable=True,
            minimum=0,
            maximum=100,
        ),
        Column(
            "rural_share",
            "number",
            "Share of its patients who live in rural areas (Rural Urban Classification of 2021), of those whose area "
            "has a class.",
            nullable=True,
            minimum=0,
            maximum=1,
        ),
    ),
)

NETWORK_WORKFORCE = Table(
    "network_workforce",
    "one network of the country and one role as published, of staff or of contracted services",
    ("pcn_code", "staff_group", "staff_role", "detailed_role", "source"),
    (
        PCN_CODE,
        Column("pcn_name", "string", "Name of the network when it was published."),
        Column("counted_on", "date", "Day that the count is of."),
        Column(
            "role",
            "string",
            "Role of the Additional Roles Reimbursement Scheme, as in codelists/workforce_roles.csv; null where it is "
            "none of them.",
            nullable=True,
        ),
        Column("staff_group", "string", "Group of staff as published."),
        Column("staff_role", "string", "Role as published."),
        Column("detailed_role", "string", "Detailed role as published."),
        Column(
            "source",
            "category",
            "Whether people who work for the network were counted, or services that it has contracted.",
            allowed=(STAFF, CONTRACTED),
        ),
        Column(
            "people",
            "integer",
            "People with that role in that network; null of contracted services, of which it is not known.",
            nullable=True,
            unit="people",
            minimum=0,
        ),
        Column(
            "fte",
            "number",
            "Whole-time equivalents, added up; null where the file leaves one blank.",
            nullable=True,
            unit="whole-time equivalents",
            minimum=0,
        ),
        Column(
            "largest_fte",
            "number",
            "Those of the one person with most of them; null of contracted services.",
            nullable=True,
            unit="whole-time equivalents",
            minimum=0,
        ),
    ),
)

PRACTICE_PAYMENTS = Table(
    "practice_payments",
    "one practice of the country that was paid in the contract year",
    ("practice_code",),
    (
        PRACTICE_CODE,
        Column("practice_name", "string", "Name of the practice."),
        Column(
            "pcn_code",
            "string",
            "ODS code of its network in that year; null where it was in none, or in one that is not known.",
            nullable=True,
            pattern=codes.NETWORK,
        ),
        Column("pcn_name", "string", "Name of that network.", nullable=True),
        YEAR,
        Column(
            "registered",
            "number",
            "Registered patients, the last figure known, which may be a fraction; null where none is.",
            nullable=True,
            unit="patients",
            minimum=0,
        ),
        Column(
            "weighted",
            "number",
            "Patients weighted by the Carr-Hill formula, the last figure known; null where none is.",
            nullable=True,
            unit="weighted patients",
            minimum=0,
        ),
        Column("closed", "boolean", "Whether the file says when it closed."),
        Column(
            "participation",
            "number",
            "Paid for taking part in the Network Contract; negative where it was taken back.",
            nullable=True,
            unit="GBP",
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

NETWORK_PAYMENTS = Table(
    "network_payments",
    "one network of the country and one line of the contract's money",
    ("pcn_code", "line"),
    (
        PCN_CODE,
        Column("pcn_name", "string", "Name of the network in that year."),
        YEAR,
        Column("line", "string", "Line of the contract's money."),
        Column("practices", "integer", "Practices in whose rows any of it stands.", unit="practices", minimum=0),
        Column(
            "amount",
            "number",
            "Sum over its practices; null where all have 0 or nothing, as none is shown then, which is not 0.",
            nullable=True,
            unit="GBP",
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
    COUNTRY_NETWORKS,
    NETWORK_WORKFORCE,
    PRACTICE_PAYMENTS,
    NETWORK_PAYMENTS,
)

# -- person tables -----------------------------------------------------------------------------------------
