"""The 109 codes with their points, and the variants: ages, look-back, admissions, bands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from pcn_analysis import codelists
from pcn_analysis.dates import months_before
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.person.diagnoses import CodedElement

TENTHS = 10
"""Points are added as whole tenths, so that a score on the limit of a band is on it."""
EMERGENCY = "emergency"
"""Of variants that count the diagnoses of emergency admissions only."""


@dataclass(frozen=True)
class Band:
    """One band of the score.

    Parameters
    ----------
    name
        low, intermediate or high.
    lower
        Its lower limit in tenths; None of the lowest band.
    lower_is_in
        Whether a score of exactly the lower limit is in it.
    """

    name: str
    lower: int | None
    lower_is_in: bool


@dataclass(frozen=True)
class Variant:
    """One variant of the score.

    Parameters
    ----------
    name, title
        Its name, and what it is.
    youngest
        Completed years from which people have a score; None where all have.
    months, days
        How far before the index date it looks, in one of the two; None and None where it reads everything.
    emergencies_only
        Whether diagnoses count of emergency admissions only.
    bands
        From low to high.
    source, note
        Publication, and what to know of it.
    """

    name: str
    title: str
    youngest: int | None
    months: int | None
    days: int | None
    emergencies_only: bool
    bands: tuple[Band, ...]
    source: str
    note: str

    def since(self, on: dt.date) -> dt.date | None:
        """First day that it looks at before an index date.

        Examples
        --------
        >>> [find_variant(name).since(dt.date(2024, 2, 29)) for name in ("obh_65", "ohdsi_365_days", "any_age")]
        [datetime.date(2022, 2, 28), datetime.date(2023, 3, 1), None]
        """
        if self.months is not None:
            return months_before(on, self.months)
        return None if self.days is None else on - dt.timedelta(days=self.days)


CODES: tuple[CodedElement, ...] = tuple(
    CodedElement(
        f"{row['name']} ({row['icd10_prefix']})",
        (row["icd10_prefix"],),
        int(Decimal(row["points"]) * TENTHS),
        row["icd10_prefix"],
    )
    for row in codelists.rows("hospital_frailty_codes")
)
"""The 109 codes of three characters; their points in tenths."""


def _bands(name: str) -> tuple[Band, ...]:
    return tuple(
        Band(row["band"], int(Decimal(row["lower"]) * TENTHS) if row["lower"] else None, row["lower_is_in"] == "true")
        for row in codelists.rows("hospital_frailty_bands")
        if row["bands"] == name
    )


def _whole(text: str) -> int | None:
    return int(text) if text else None


VARIANTS: dict[str, Variant] = {
    row["variant"]: Variant(
        name=row["variant"],
        title=row["title"],
        youngest=_whole(row["youngest"]),
        months=_whole(row["months"]),
        days=_whole(row["days"]),
        emergencies_only=row["admissions"] == EMERGENCY,
        bands=_bands(row["bands"]),
        source=row["source"],
        note=row["note"],
    )
    for row in codelists.rows("hospital_frailty_variants")
}
"""The variants by name."""


def find_variant(name: str) -> Variant:
    """Find a variant by its name.

    Raises
    ------
    PcnAnalysisError
        If there is none of that name.

    Examples
    --------
    >>> find_variant("obh_65").youngest
    65
    >>> find_variant("obh_75")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: Hospital Frailty Risk Score: there is no variant called obh_75. Did ...
    """
    if name not in VARIANTS:
        raise problem("Hospital Frailty Risk Score", f"there is no variant called {name}", nearest(name, VARIANTS))
    return VARIANTS[name]
