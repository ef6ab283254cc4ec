"""The electronic frailty index: 36 deficits, counted from a person's records.

The index was made and validated for people aged 65 and over. It is computed here for everyone; who reads it says
which ages it is read for.

References
----------
Clegg et al. 2016, Development and validation of an electronic frailty index using routine primary care electronic
health record data, Age and Ageing 45:353-360, doi:10.1093/ageing/afw039. The rules for values are as implemented by
the University of Manchester (gm-sde): codelists/frailty_value_rules.csv. Bands: codelists/frailty_bands.csv.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis import codelists
from pcn_analysis.engine import distinct, like, to_pandas
from pcn_analysis.exceptions import nearest, problem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from pcn_analysis.engine import Lazy

DEFICITS: dict[str, str] = codelists.names("frailty_deficits", "deficit")
"""Names of the 36 deficits."""
POLYPHARMACY, MANY_MEDICINES = "polypharmacy", 5
"""The deficit of taking many medicines: at least so many different ones in 12 months (gm-sde, after Clegg)."""
DEFAULT_BANDS = "efi_36"
"""Bands by the score: above 0.12, 0.24 and 0.36, so from 5, 9 and 13 of 36 deficits."""
FIT, MILD, SEVERE_FROM = 0.12, 0.24, 0.36
"""Limits of the bands of a score whose deficits are not known. From 0.36 it is severe: 13 of 36 is 0.36 once rounded,
and no other number of deficits is."""
REASONS_NOT_KNOWN = "reasons not known: the source gives a score only"
BY_RECORD, BY_VALUE, BY_MEDICINES = (
    f"Electronic frailty index: {what}" for what in ("a record", "a measured value", "number of medicines")
)


def frailty_deficits(
    conditions: Lazy | None,
    measurements: Lazy | None,
    people: Lazy,
    *,
    on: dt.date,
    covered: Collection[str] | None = None,
) -> Lazy:
    """List the deficits that each person has.

    A deficit is there from the first record of it and for good: as published, a condition that was resolved and a
    value that has since become normal still count. Number of medicines alone is of the last 12 months.

    Parameters
    ----------
    conditions
        Rows of :func:`pcn_analysis.person.conditions.recorded_conditions` on the same date; None if none are held.
    measurements
        ``tables.MEASUREMENTS``; None if none are held. A value is read in the unit that its rule names, never
        converted; one in another unit, or without a unit, meets no rule, as in
        :func:`pcn_analysis.person.measurements.latest_measurements`. Scores, counts and ratios, which have no unit,
        need none. A missing value or operator meets no rule, nor does a bound on the wrong side of the limit
        ("below 5" where the rule asks for more than 3); a bound beyond the limit does, as it settles the question.
    people
        One row a person: person_id, sex (a rule for one sex is met by that sex only), and n_medications_12m where
        medicines are held. People who are not here are left out.
    on
        The index date; readings from it on are not read.
    covered
        Conditions that have a codelist; others are not read. By default all are.

    Returns
    -------
    LazyFrame
        One row a person and deficit, as ``tables.REASONS``: person_id, element (the name of the deficit), date (the
        latest record or reading behind it; null for number of medicines), source.

    Examples
    --------
    >>> import datetime as dt
    >>> from pcn_analysis.engine import lazy, to_pandas
    >>> people = lazy(pd.DataFrame({"person_id": ["a", "b"], "sex": "female", "n_medications_12m": [4, 5]}))
    >>> to_pandas(frailty_deficits(None, None, people, on=dt.date(2026, 7, 1)))["person_id"].to_list()
    ['b']
    """
    parts = [_by_medicines(people)]
    if conditions is not None:
        parts.append(_by_record(conditions, covered))
    if measurements is not None:
        parts.append(_by_value(measurements, people, on))
    every = nw.concat(parts).join(people.select("person_id"), on="person_id", how="semi")
    return every.unique(subset=["person_id", "element"], keep="last", order_by=["date", "source"])


def frailty_index(people: Lazy, deficits: Lazy, *, variant: str = DEFAULT_BANDS) -> Lazy:
    """Add the index to each person: efi_deficits, efi_score and efi_category.

    Parameters
    ----------
    people
        One row a person.
    deficits
        Rows of :func:`frailty_deficits`; someone without any has 0. Where only some deficits can be assessed
        (:func:`assessable_deficits`) the index is too low, and never too high.
    variant
        A set of bands of codelists/frailty_bands.csv.

    Returns
    -------
    LazyFrame
        The rows of ``people`` with efi_deficits (0 to 36), efi_score (that number divided by 36) and efi_category
        (fit, mild, moderate or severe).

    Raises
    ------
    PcnAnalysisError
        If there is no such set of bands.
    """
    counts = deficits.group_by("person_id").agg(nw.col("element").n_unique().alias("efi_deficits"))
    number: Any = nw.col("efi_deficits")
    counted = people.join(counts, on="person_id", how="left").with_columns(
        efi_deficits=nw.when(number.is_null()).then(nw.lit(0)).otherwise(number).cast(nw.Int64)
    )
    return counted.with_columns(efi_score=number / len(DEFICITS), efi_category=_band(number, variant))


def completed_index(people: Lazy) -> Lazy:
    """Add what of the index follows from what a source gives of it: the score from deficits, the band from either.

    Parameters
    ----------
    people
        One row a person with any of efi_deficits, efi_score and efi_category.

    Returns
    -------
    LazyFrame
        The rows of ``people`` with efi_score (deficits divided by 36), where it or deficits are given, and
        efi_category. What is given stays; who has none of them stays without: missing is not fit. A score is in the
        bands up to ``FIT``, up to ``MILD`` and below ``SEVERE_FROM``.

    Examples
    --------
    >>> from pcn_analysis.engine import lazy, to_pandas
    >>> given = pd.DataFrame({"person_id": ["a", "b", "c"], "efi_score": [0.12, 0.36, None]})
    >>> to_pandas(completed_index(lazy(given)))["efi_category"].to_list()
    ['fit', 'severe', nan]
    """
    given = people.collect_schema().names()
    if "efi_deficits" in given:
        of_36: Any = nw.col("efi_deficits") / len(DEFICITS)
        score = nw.when(nw.col("efi_score").is_null()).then(of_36).otherwise(nw.col("efi_score"))
        people = people.with_columns(efi_score=score if "efi_score" in given else of_36)
    if "efi_score" not in people.collect_schema().names():
        return people
    band: Any = _band_of_score(nw.col("efi_score"))
    if "efi_deficits" in given:
        number: Any = nw.col("efi_deficits")
        band = nw.when(number.is_null()).then(band).otherwise(_band(number, DEFAULT_BANDS))
    if "efi_category" in given:
        band = nw.when(nw.col("efi_category").is_null()).then(band).otherwise(nw.col("efi_category"))
    return people.with_columns(efi_category=band)


def _band_of_score(score: Any) -> Any:
    return (
        nw.when(score.is_null())
        .then(None)
        .when(score <= FIT)
        .then(nw.lit("fit"))
        .when(score <= MILD)
        .then(nw.lit("mild"))
        .when(score < SEVERE_FROM)
        .then(nw.lit("moderate"))
        .otherwise(nw.lit("severe"))
    )


def readable_values(measurements: Lazy) -> bool:
    """Whether any value that is held could show a deficit: measured as a rule names it, in its unit."""
    pairs = to_pandas(distinct(measurements.filter(~nw.col("value_as_number").is_null()).select("measurement", "unit")))
    found = pairs.merge(_limits()[["measurement", "of_unit", "unit_needed"]], on="measurement")
    return bool(((found["unit"] == found["of_unit"]) | (found["unit"].isna() & ~found["unit_needed"])).any())


def assessable_deficits(covered: Collection[str], has_measurements: bool, has_medicines: bool) -> int:
    """Count the deficits of 36 that the records held could show.

    Parameters
    ----------
    covered
        Conditions that have a codelist.
    has_measurements, has_medicines
        Whether measurements and medicines are held. A deficit that only a measured value could show counts.

    Examples
    --------
    >>> assessable_deficits(["angina", "stroke", "tia"], has_measurements=False, has_medicines=True)
    3
    """
    return len(DEFICITS) - len(unassessable_deficits(covered, has_measurements, has_medicines))


def unassessable_deficits(covered: Collection[str], has_measurements: bool, has_medicines: bool) -> list[str]:
    """Name the deficits of 36 that the records held could never show; see :func:`assessable_deficits`.

    Examples
    --------
    >>> everything = [row["condition"] for row in codelists.rows("conditions") if row["condition"] != "tremor"]
    >>> unassessable_deficits([one for one in everything if one != "fall"], has_measurements=False, has_medicines=True)
    ['Falls']
    """
    shown = {deficit for condition, deficit in _deficit_of_condition().items() if condition in covered}
    if has_measurements:
        shown |= {row["deficit"] for row in codelists.rows("frailty_value_rules")}
    shown |= {POLYPHARMACY} if has_medicines else set()
    return [name for deficit, name in DEFICITS.items() if deficit not in shown]


def _deficit_of_condition() -> dict[str, str]:
    rows = codelists.rows("conditions")
    return {row["condition"]: row["frailty_deficit"] for row in rows if row["frailty_deficit"]}


def _by_record(conditions: Lazy, covered: Collection[str] | None) -> Lazy:
    known = {slug: name for slug, name in _deficit_of_condition().items() if covered is None or slug in covered}
    names = pd.DataFrame({"condition": list(known), "element": [DEFICITS[deficit] for deficit in known.values()]})
    found = conditions.join(like(names.astype("str"), conditions), on="condition", how="inner")
    return found.select("person_id", "element", date=nw.col("date").cast(nw.Date), source=nw.lit(BY_RECORD))


def _limits() -> pd.DataFrame:
    """The rules for values.

    ``no_use`` is the first sign of a bound that says nothing of the limit. ``unit_needed`` is false where the unit is
    only a word in braces, which in UCUM is the number 1.
    """
    rules = pd.DataFrame(codelists.rows("frailty_value_rules"))
    above, below = (pd.to_numeric(rules[side]).astype("Float64") for side in ("above", "below"))
    return pd.DataFrame(
        {
            "measurement": rules["measurement"],
            "element": rules["deficit"].map(DEFICITS),
            "of_sex": rules["sex"],
            "of_unit": rules["unit"],
            "unit_needed": ~rules["unit"].str.fullmatch(r"\{.*\}"),
            "above": above,
            "below": below,
            "no_use": above.notna().map({True: "<", False: ""}).mask(below.notna(), ">"),
        }
    )


def _by_value(measurements: Lazy, people: Lazy, on: dt.date) -> Lazy:
    """Readings beyond the published limits, in the units of those; every inequality is strict."""
    value, above, below = nw.col("value_as_number"), nw.col("above"), nw.col("below")
    sign, of_sex, unit = nw.col("operator").str.slice(0, 1), nw.col("of_sex"), nw.col("unit")
    found = (
        measurements.filter(nw.col("measurement_date") < on, ~value.is_null())
        .join(like(_limits(), measurements), on="measurement", how="inner")
        .filter(above.is_null() | (value > above), below.is_null() | (value < below))
        .filter((unit == nw.col("of_unit")) | (unit.is_null() & ~nw.col("unit_needed")), sign != nw.col("no_use"))
        .join(people.select("person_id", "sex"), on="person_id", how="inner")
        .filter((of_sex == "") | (of_sex == nw.col("sex")))
    )
    date = nw.col("measurement_date").cast(nw.Date)
    return found.select("person_id", "element", date=date, source=nw.lit(BY_VALUE))


def _by_medicines(people: Lazy) -> Lazy:
    held = "n_medications_12m" in people.collect_schema().names()
    many = people.filter(nw.col("n_medications_12m") >= MANY_MEDICINES) if held else people.head(0)
    return many.select(
        "person_id",
        element=nw.lit(DEFICITS[POLYPHARMACY]),
        date=nw.lit(None).cast(nw.Date),
        source=nw.lit(BY_MEDICINES),
    )


def _band(deficits: Any, variant: str) -> Any:
    rows = [row for row in codelists.rows("frailty_bands") if row["variant"] == variant]
    if not rows:
        known = {row["variant"] for row in codelists.rows("frailty_bands")}
        raise problem("frailty bands", f"there is no set called {variant}", nearest(variant, known))
    band: Any = nw.lit(rows[-1]["band"])
    for row in reversed(rows[:-1]):
        band = nw.when(deficits <= int(row["highest"])).then(nw.lit(row["band"])).otherwise(band)
    return band
