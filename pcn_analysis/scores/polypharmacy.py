"""How many different medicines a person has, of those that count towards polypharmacy; in named variants.

A medicine is a chemical substance: the first nine characters of a BNF code. Two strengths or brands of one are one. The
scope leaves out what is not a lasting medicine (vaccines, dressings, most anti-infectives, what is rubbed in …). Which
prefixes of the BNF are in is in codelists/polypharmacy_scope.csv, the variants in polypharmacy_variants.csv, the bands
in polypharmacy_bands.csv.

References
----------
NHSBSA Polypharmacy Prescribing Comparators (nhsbsa.nhs.uk): medicines of a patient, from 8, 10, 15 and 20.
North Central London ICB, dbt-ncl-analytics: scope, flags from 5 and 10, bands.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import codelists
from pcn_analysis.dates import months_before
from pcn_analysis.engine import distinct, on_frames, to_pandas
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.person.medicine_lists import SUBSTANCE, issues_on_lists
from pcn_analysis.person.medicines import has_bnf_codes
from pcn_analysis.person.wide import beside

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy

MANY, VERY_MANY = 5, 10
"""Flags: at least so many medicines (NCL, policy of structured medication reviews)."""
NO_CODES, NO_REPEATS = "BNF codes of medicines", "which issues are repeats"
"""What can be missing, in words."""


@dataclass(frozen=True)
class Variant:
    """One way to count.

    Parameters
    ----------
    name, title
        Its name, in the names of its columns, and what it counts.
    days, months
        The window before the index date: one of them, the other is 0.
    repeats_only
        Whether only issues that are known to be repeats count.
    scope
        Which list of codelists/polypharmacy_scope.csv decides what counts.
    source, note
        Where it comes from, and where ours departs from it.
    """

    name: str
    title: str
    days: int
    months: int
    repeats_only: bool
    scope: str
    source: str
    note: str

    def first_day(self, on: dt.date) -> dt.date:
        """First day of the window."""
        return on - dt.timedelta(days=self.days) if self.days else months_before(on, self.months)


VARIANTS: dict[str, Variant] = {
    row["variant"]: Variant(
        row["variant"],
        row["title"],
        int(row["days"] or 0),
        int(row["months"] or 0),
        row["repeats_only"] == "TRUE",
        row["scope"],
        row["source"],
        row["note"],
    )
    for row in codelists.rows("polypharmacy_variants")
}
"""The variants by name."""
DEFAULT = "repeats_84d"
BANDS = tuple((row["band"], int(row["at_least"])) for row in codelists.rows("polypharmacy_bands"))
"""Bands and their lowest number, lowest first."""


def find_variant(name: str) -> Variant:
    """Find a variant by its name.

    Raises
    ------
    PcnAnalysisError
        If there is none of that name.

    Examples
    --------
    >>> find_variant("issues_12m").title
    'Medicines issued in 12 months'
    """
    if name not in VARIANTS:
        raise problem("polypharmacy", f"there is no variant called {name}", nearest(name, VARIANTS))
    return VARIANTS[name]


def count_column(variant: str) -> str:
    """Column of the number of medicines by a variant.

    Examples
    --------
    >>> count_column("issues_84d")
    'n_medicines_issues_84d'
    """
    return f"n_medicines_{variant}"


def polypharmacy_columns(variant: str) -> tuple[str, ...]:
    """Columns that :func:`polypharmacy` fills: number, those without a code, band, five or more, ten or more."""
    flags = (f"polypharmacy_{least}_{variant}" for least in (MANY, VERY_MANY))
    return (count_column(variant), f"n_uncoded_{variant}", f"polypharmacy_{variant}", *flags)


@on_frames
def polypharmacy(medications: Lazy, people: Lazy, *, on: dt.date, variant: str = DEFAULT) -> Lazy:
    """Count the medicines of each person that count towards polypharmacy.

    Parameters
    ----------
    medications
        ``tables.MEDICATIONS``. Issues from the index date on are not read. An issue without a BNF code cannot be said
        to be in scope: it counts beside the others. Where a variant counts repeats, an issue of which it is not known
        is none.
    people
        One row a person, with person_id; issues of others are not read.
    on
        The index date.
    variant
        One of :data:`VARIANTS`.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id; ``n_medicines_<variant>``; ``n_uncoded_<variant>`` (different names
        among the issues of the window that have no code); ``polypharmacy_<variant>`` (band);
        ``polypharmacy_5_<variant>`` and ``polypharmacy_10_<variant>`` (so many or more). A number is the least that it
        can be where some issues have no code, and null, with band and flags, where it would be 0 beside such issues:
        0 is a true 0. All are null for everyone where :func:`unassessable` names anything.

    Raises
    ------
    PcnAnalysisError
        If there is no such variant.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1", "p2"]})
    >>> issues = pd.DataFrame({
    ...     "person_id": "p1", "drug_exposure_start_date": pd.Timestamp("2026-06-01"), "repeat": True,
    ...     "bnf_code": ["0212000B0AAABAB", "0212000B0AAACAC", "1304000C0"], "drug_name": "as prescribed"})
    >>> counted = polypharmacy(issues, people, on=dt.date(2026, 7, 1)).sort_values("person_id")
    >>> counted.iloc[:, [1, 3, 4]].to_numpy().tolist()
    [[1, '1-4', False], [0, 'none', False]]
    """
    chosen = find_variant(variant)
    number, uncoded, band, many, very_many = polypharmacy_columns(variant)
    found = beside(people, _counted(medications, chosen, on, number, uncoded), counts=[number, uncoded])
    if unassessable(medications, on=on, variant=variant):
        found = found.with_columns(**{name: nw.lit(None).cast(nw.Int64) for name in (number, uncoded)})
    else:
        not_sure = (nw.col(number) == 0) & (nw.col(uncoded) > 0)
        found = found.with_columns(**{number: nw.when(not_sure).then(None).otherwise(nw.col(number))})
    count = nw.col(number)
    return found.with_columns(**{band: _band(count), many: count >= MANY, very_many: count >= VERY_MANY})


def unassessable(medications: Lazy, *, on: dt.date, variant: str = DEFAULT) -> list[str]:
    """Say what the medicines that are held lack for a variant; nothing where it can be counted.

    Parameters
    ----------
    medications
        ``tables.MEDICATIONS``, lazy.
    on
        The index date.
    variant
        One of :data:`VARIANTS`.

    Raises
    ------
    PcnAnalysisError
        If there is no such variant.
    """
    chosen = find_variant(variant)
    if not has_bnf_codes(medications, on=on):
        return [NO_CODES]
    date = nw.col("drug_exposure_start_date").cast(nw.Date)
    told = medications.filter(~nw.col("repeat").is_null(), date < on).select("person_id")
    return [NO_REPEATS] if chosen.repeats_only and to_pandas(told.head(1)).empty else []


def _counted(medications: Lazy, variant: Variant, on: dt.date, number: str, uncoded: str) -> Lazy:
    """Count the different medicines of each person who has any: those in scope, and those without a code."""
    date, code = nw.col("drug_exposure_start_date").cast(nw.Date), nw.col("bnf_code")
    within = medications.filter(date >= variant.first_day(on), date < on)
    if variant.repeats_only:
        within = within.filter(nw.col("repeat"))
    scope = [row for row in codelists.rows("polypharmacy_scope") if row["scope"] == variant.scope]
    with_code = issues_on_lists(within, scope, name="scope").select(
        "person_id", medicine=code.str.slice(0, SUBSTANCE), is_coded=nw.lit(1)
    )
    without = within.filter(code.is_null()).select("person_id", medicine=nw.col("drug_name"), is_coded=nw.lit(0))
    different = distinct(nw.concat([with_code, without]))
    return (
        different.select("person_id", **{number: nw.col("is_coded"), uncoded: 1 - nw.col("is_coded")})
        .group_by("person_id")
        .agg(nw.col(number, uncoded).sum())
    )


def _band(number: Any) -> Any:
    band: Any = nw.lit(BANDS[0][0])
    for name, least in BANDS[1:]:
        band = nw.when(number >= least).then(nw.lit(name)).otherwise(band)
    return nw.when(number.is_null()).then(None).otherwise(band)
