"""CHA2DS2-VASc: the risk of stroke in atrial fibrillation, in points, with the point for sex kept apart.

Points stand in ``codelists/cha2ds2_vasc.csv``.

References
----------
Lip and others 2010, Refining clinical risk stratification for predicting stroke and thromboembolism in atrial
fibrillation using a novel risk factor-based approach, Chest 137:263-272, doi:10.1378/chest.09-1584.
"""

from __future__ import annotations

from functools import reduce
from operator import add, or_
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import codelists
from pcn_analysis.engine import on_frames
from pcn_analysis.schema import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.engine import Lazy

POINTS = codelists.rows("cha2ds2_vasc")
SEX = "sex"
"""The item whose point is kept apart."""
NEEDED: tuple[str, ...] = ("age", SEX, *(column for row in POINTS for column in row["any_of"].split()))
"""Columns of the person table that the score rests on; without one of them there is none."""
SCORES = (
    Column("cha2ds2_va", "integer", "CHA2DS2-VASc without the point for sex; read in atrial fibrillation only.",
           minimum=0, maximum=8),
    Column("cha2ds2_vasc", "integer", "CHA2DS2-VASc; null where sex is not known to be female or male.", nullable=True,
           minimum=0, maximum=9),
)  # fmt: skip


@on_frames
def stroke_risk(people: Lazy) -> Lazy:
    """Count the points of CHA2DS2-VASc of each person.

    Heart failure, hypertension and diabetes count where they are current; stroke, TIA, heart attack and peripheral
    arterial disease where they were ever recorded. What is not recorded of a person is no point.

    Parameters
    ----------
    people
        Rows of the person table, with ``NEEDED``.

    Returns
    -------
    LazyFrame
        One row a row of ``people``: person_id and ``SCORES``. The points are counted of everyone, and mean something
        in atrial fibrillation only.

    Examples
    --------
    >>> import pandas as pd
    >>> nobody = {"has_heart_failure": False, "has_hypertension": True, "has_diabetes": False}
    >>> never = {f"{one}_ever_date": pd.NaT for one in ("stroke", "tia", "myocardial_infarction",
    ...     "peripheral_arterial_disease")}
    >>> woman = pd.DataFrame([{"person_id": "p1", "age": 70, "sex": "female"} | nobody | never])
    >>> stroke_risk(woman)[["cha2ds2_va", "cha2ds2_vasc"]].iloc[0].to_list()
    [2, 3]
    """
    sex = nw.col(SEX)
    of_sex = next(int(row["points"]) for row in POINTS if row["item"] == SEX)
    without = reduce(add, [_points(row) for row in POINTS if row["item"] != SEX])
    point = nw.when(sex == "female").then(nw.lit(of_sex)).when(sex == "male").then(nw.lit(0)).otherwise(None)
    counted = people.select("person_id", cha2ds2_va=without.cast(nw.Int64), _sex=point.cast(nw.Int64))
    return counted.select("person_id", "cha2ds2_va", cha2ds2_vasc=nw.col("cha2ds2_va") + nw.col("_sex"))


def _points(row: Mapping[str, str]) -> Any:
    """Points of one item that a person has."""
    if row["any_of"]:
        met = reduce(or_, [_has(column) for column in row["any_of"].split()])
    else:
        age = nw.col("age")
        met = age >= int(row["from_age"])
        met = met & (age <= int(row["to_age"])) if row["to_age"] else met
    return nw.when(met).then(nw.lit(int(row["points"]))).otherwise(nw.lit(0))


def _has(column: str) -> Any:
    """Whether a condition is current, or was ever recorded; not known is no."""
    said = ~nw.col(column).is_null() if column.endswith("_date") else nw.col(column)
    return nw.when(said).then(nw.lit(True)).otherwise(nw.lit(False))
