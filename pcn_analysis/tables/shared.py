"""Columns that several tables share."""

from __future__ import annotations

from pcn_analysis import codes
from pcn_analysis.schema import Column

PRACTICE_CODE = Column("practice_code", "string", "ODS code of the practice.", pattern=codes.PRACTICE)
AREA_CODE = Column(
    "area_code",
    "string",
    "English LSOA, or the residual that the patients belong to.",
    pattern=rf"{codes.ENGLISH_LSOA}|^{codes.OUTSIDE_ENGLAND}$|^{codes.UNKNOWN_AREA}$",
)
ORGANISATION = (
    Column(
        "organisation_type",
        "category",
        "Whether the row is of one practice or of the country that the place is compared with.",
        allowed=("practice", "comparator"),
    ),
    Column("organisation_code", "string", "Practice code, or the name of the comparator."),
)
PERSON_ID = Column("person_id", "string", "Pseudonym of the person.")
CODE = Column("code", "string", "Code as recorded.")


def deciles(nullable: bool = True) -> Column:
    """Column of the deprivation of where somebody lives."""
    return Column(
        "imd_decile",
        "integer",
        "Decile of the Index of Multiple Deprivation among England's LSOAs; 1 is the most deprived.",
        nullable=nullable,
        minimum=1,
        maximum=10,
    )


# -- published tables --------------------------------------------------------------------------------------
