"""The index of each person, the reasons for it, and why it could not be assessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis import tables
from pcn_analysis.dates import months_before
from pcn_analysis.engine import lazy, on_frames
from pcn_analysis.person.diagnoses import (
    elements_recorded,
    hospital_diagnoses,
    lacking,
    points_of_people,
    reasons_of_people,
)
from pcn_analysis.scores.charlson.variants import find_variant

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy

DEFAULT = "quan_2011"
"""The variant that is taken where none is named."""


def score_column(variant: str) -> str:
    """Column of the index of a variant.

    Examples
    --------
    >>> score_column("quan_2011"), score_column("charlson_1987")
    ('charlson_quan_2011', 'charlson_1987')
    """
    return f"charlson_{variant.removeprefix('charlson_')}"


@on_frames
def charlson(conditions: Lazy, people: Lazy, *, on: dt.date, variant: str = DEFAULT, months: int | None = None) -> Lazy:
    """Give each person the Charlson comorbidity index, **without points for age**.

    A category counts once, however often it was recorded. Where the severe form of an illness is recorded, its milder
    form does not count. One code may stand for several categories; each of them counts. A missing code stands for
    none.

    Parameters
    ----------
    conditions
        ``tables.CONDITIONS``. Diagnoses in ICD-10 that hospitals recorded before the index date are read
        (:func:`pcn_analysis.person.diagnoses.hospital_diagnoses`); records of general practice are not.
    people
        One row a person; only person_id is read.
    on
        The index date.
    variant
        Name of a variant.
    months
        Length of the window that ends on the index date; by default everything before it is read. No variant states
        a window of its own.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id and ``charlson_<variant>``, a whole number; 0 for a person without a
        diagnosis that counts. Who was never in a hospital whose records are held has 0 as well. Where there is no
        diagnosis of anybody in the window the column is absent: see :func:`unassessable`.

    Raises
    ------
    PcnAnalysisError
        If there is no such variant.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> records = pd.DataFrame({
    ...     "person_id": ["a", "a", "b"], "code": ["I50.0", "E11.2", "Z00"], "code_system": "icd10", "source": "apc",
    ...     "status": "active", "condition_start_date": pd.Timestamp("2025-03-01")})
    >>> people = pd.DataFrame({"person_id": ["a", "b"]})
    >>> found = charlson(records, people, on=dt.date(2026, 7, 1))
    >>> found.sort_values("person_id")["charlson_quan_2011"].to_list()
    [3, 0]
    """
    chosen = find_variant(variant)
    column = nw.col("points")
    recorded = elements_recorded(_diagnoses(conditions, on, months), chosen.elements())
    if recorded is None:
        return people.select("person_id")
    points = points_of_people(people, recorded, chosen.elements())
    score = column if chosen.lowest is None else nw.when(column < chosen.lowest).then(chosen.lowest).otherwise(column)
    return points.select("person_id", **{score_column(variant): score.cast(nw.Int64)})


@on_frames
def charlson_reasons(
    conditions: Lazy, people: Lazy, *, on: dt.date, variant: str = DEFAULT, months: int | None = None
) -> Lazy:
    """List the categories behind each person's index.

    Parameters
    ----------
    conditions, people, on, variant, months
        As for :func:`charlson`.

    Returns
    -------
    LazyFrame
        One row a person and category: the columns of ``tables.REASONS`` (element is the category as the variant calls
        it, date that of the latest diagnosis), then variant and points. A category whose severer form is recorded is
        not there; one to which the variant gives no points is, with 0. The points of a person add up to the index, or
        to less than the lowest that the variant knows. No rows where the index cannot be assessed.

    Raises
    ------
    PcnAnalysisError
        If there is no such variant.
    """
    chosen = find_variant(variant)
    recorded = elements_recorded(_diagnoses(conditions, on, months), chosen.elements())
    source = f"{chosen.title}: a hospital diagnosis"
    found = reasons_of_people(people, recorded, chosen.elements(), source=source)
    return found.select(*tables.REASONS.column_names(), variant=nw.lit(variant), points=nw.col("points"))


def unassessable(conditions: Lazy, *, on: dt.date, months: int | None = None) -> list[str]:
    """Say why the index cannot be assessed; nothing where it can.

    Parameters
    ----------
    conditions, on, months
        As for :func:`charlson`.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> of_a_practice = pd.DataFrame({
    ...     "person_id": ["a"], "code": "I50", "code_system": "icd10", "source": "gp", "status": "active",
    ...     "condition_start_date": pd.Timestamp("2025-03-01")})
    >>> unassessable(of_a_practice, on=dt.date(2026, 7, 1))
    ['no diagnosis in ICD-10 from a hospital is held for the time that is asked about']
    """
    return lacking(_diagnoses(lazy(conditions), on, months))


def _diagnoses(conditions: Lazy, on: dt.date, months: int | None) -> Lazy:
    return hospital_diagnoses(conditions, on=on, since=None if months is None else months_before(on, months))
