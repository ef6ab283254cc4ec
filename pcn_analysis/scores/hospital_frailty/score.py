"""The score of each person, its band, the reasons for it, and why it could not be assessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import tables
from pcn_analysis.dates import age_on
from pcn_analysis.engine import lazy, on_frames
from pcn_analysis.exceptions import problem
from pcn_analysis.person.diagnoses import (
    elements_recorded,
    hospital_diagnoses,
    lacking,
    points_of_people,
    reasons_of_people,
)
from pcn_analysis.scores.hospital_frailty.variants import CODES, TENTHS, Variant, find_variant

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy

DEFAULT = "gilbert_2018"
"""The variant that is taken where none is named."""
NO_ENCOUNTERS = "no contacts are held that say which admissions were emergencies"
"""Why a variant of emergency admissions cannot be assessed of anybody."""


def score_column(variant: str) -> str:
    """Column of the score of a variant.

    Examples
    --------
    >>> score_column("obh_65")
    'hfrs_obh_65'
    """
    return f"hfrs_{variant}"


def band_column(variant: str) -> str:
    """Column of the band of a variant.

    Examples
    --------
    >>> band_column("obh_65")
    'hfrs_obh_65_band'
    """
    return f"{score_column(variant)}_band"


@on_frames
def hospital_frailty(
    conditions: Lazy, people: Lazy, *, on: dt.date, variant: str = DEFAULT, encounters: Any = None
) -> Lazy:
    """Give each person the Hospital Frailty Risk Score and its band.

    **The score follows the depth of coding**: see the package.

    Parameters
    ----------
    conditions
        ``tables.CONDITIONS``. Diagnoses in ICD-10 that hospitals recorded in the variant's window before the index date
        are read (:func:`pcn_analysis.person.diagnoses.hospital_diagnoses`). Each of the 109 codes counts once, by its
        first three characters; a missing code counts nothing.
    people
        One row a person: person_id, and birth_date where the variant is of certain ages.
    on
        The index date.
    variant
        Name of a variant.
    encounters
        ``tables.ENCOUNTERS``, on the same engine; read by a variant of emergency admissions only. A diagnosis is of an
        emergency admission if its visit_id is that of one; a diagnosis without a visit_id is of none.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id, ``hfrs_<variant>`` (points, to one decimal; 0 for someone without
        such a diagnosis) and ``hfrs_<variant>_band`` (low, intermediate, high). Both are null outside the variant's
        ages, and where the date of birth is not known. They are absent where the score cannot be assessed of anybody:
        see :func:`unassessable`.

    Raises
    ------
    PcnAnalysisError
        If there is no such variant, or people have no birth_date and the variant needs it.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> records = pd.DataFrame({
    ...     "person_id": ["a", "a", "b"], "code": ["F05.9", "F058", "F050"], "code_system": "icd10", "source": "apc",
    ...     "status": "active", "condition_start_date": pd.Timestamp("2025-03-01")})
    >>> people = pd.DataFrame({"person_id": ["a", "b"], "birth_date": pd.to_datetime(["1945-01-01", "1975-01-01"])})
    >>> found = hospital_frailty(records, people, on=dt.date(2026, 7, 1)).sort_values("person_id")
    >>> found["hfrs_gilbert_2018"].to_list(), found["hfrs_gilbert_2018_band"].to_list()
    ([3.2, <NA>], ['low', nan])
    """
    chosen = find_variant(variant)
    recorded = _recorded(conditions, encounters, chosen, on)
    if recorded is None:
        return people.select("person_id")
    tenths: Any = nw.col("points")
    scored = points_of_people(people, recorded, CODES)
    if chosen.youngest is not None:
        scored = scored.join(_of_age(people, chosen, on), on="person_id", how="left")
        tenths = nw.when(nw.col("of_age")).then(tenths)
    band = _band(tenths, chosen)
    return scored.select("person_id", **{score_column(variant): tenths / TENTHS, band_column(variant): band})


@on_frames
def hospital_frailty_reasons(
    conditions: Lazy, people: Lazy, *, on: dt.date, variant: str = DEFAULT, encounters: Any = None
) -> Lazy:
    """List the codes behind each person's score.

    Parameters
    ----------
    conditions, people, on, variant, encounters
        As for :func:`hospital_frailty`.

    Returns
    -------
    LazyFrame
        One row a person and code: the columns of ``tables.REASONS`` (element is what the code is called, with the code;
        date that of the latest diagnosis), then variant and points. The points of a person add up to the score. No rows
        of people who have no score.

    Raises
    ------
    PcnAnalysisError
        If there is no such variant, or people have no birth_date and the variant needs it.
    """
    chosen = find_variant(variant)
    recorded = _recorded(conditions, encounters, chosen, on)
    counted = people if chosen.youngest is None else _of_age(people, chosen, on).filter(nw.col("of_age"))
    source = f"{chosen.title}: a hospital diagnosis"
    found = reasons_of_people(counted, recorded, CODES, source=source)
    return found.select(*tables.REASONS.column_names(), variant=nw.lit(variant), points=nw.col("points") / TENTHS)


def unassessable(conditions: Lazy, *, on: dt.date, variant: str = DEFAULT, encounters: Any = None) -> list[str]:
    """Say why the score cannot be assessed; nothing where it can.

    Parameters
    ----------
    conditions, on, variant, encounters
        As for :func:`hospital_frailty`.

    Raises
    ------
    PcnAnalysisError
        If there is no such variant.
    """
    diagnoses = _diagnoses(lazy(conditions), encounters, find_variant(variant), on)
    return [NO_ENCOUNTERS] if diagnoses is None else lacking(diagnoses)


def _diagnoses(conditions: Lazy, encounters: Any, variant: Variant, on: dt.date) -> Lazy | None:
    """The diagnoses that a variant reads; None where it is not known which those are."""
    if variant.emergencies_only:
        if encounters is None:
            return None
        stays = lazy(encounters).filter(nw.col("visit_type") == "emergency_admission")
        conditions = conditions.join(stays.select("visit_id"), on="visit_id", how="semi")
    return hospital_diagnoses(conditions, on=on, since=variant.since(on))


def _recorded(conditions: Lazy, encounters: Any, variant: Variant, on: dt.date) -> Lazy | None:
    diagnoses = _diagnoses(conditions, encounters, variant, on)
    return None if diagnoses is None else elements_recorded(diagnoses, CODES)


def _of_age(people: Lazy, variant: Variant, on: dt.date) -> Lazy:
    """Say of each person whether the variant is for them; null where the date of birth is not known."""
    if "birth_date" not in people.collect_schema().names():
        what = f"people have no birth_date, and {variant.name} is for people from {variant.youngest}"
        raise problem("Hospital Frailty Risk Score", what, "Give birth_date, or choose a variant of all ages.")
    return people.select("person_id", of_age=age_on(nw.col("birth_date"), on) >= variant.youngest)


def _band(tenths: Any, variant: Variant) -> Any:
    lowest, *others = variant.bands
    band: Any = nw.lit(lowest.name)
    for one in others:
        reached = tenths >= one.lower if one.lower_is_in else tenths > one.lower
        band = nw.when(reached).then(nw.lit(one.name)).otherwise(band)
    return nw.when(~tenths.is_null()).then(band)
