"""What is known of people on a day, in the columns that a model may read.

The columns are declared in ``codelists/admission_features.csv``, each with how it enters and why; some are declared
with the reason why they are not used. All come from the person table of that day, whose windows end on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from pcn_analysis import codelists, engine, tables
from pcn_analysis.anticipatory.admission.origins import ADULT
from pcn_analysis.codes import age_group
from pcn_analysis.deprivation import deprivation_fifth
from pcn_analysis.person.attributes import recorded_outside_hospital, said_columns
from pcn_analysis.person_table import person_table, table_of
from pcn_analysis.scores.charlson import charlson, score_column

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pcn_analysis.population import Population

ENTERS = ("number", "count", "flag", "sex", "baseline", "not_used")
CHARLSON = score_column("quan_2011")
GROUPS = ("sex", "age_group", "deprivation_fifth", "ethnicity", "practice_name")
"""What people are told apart by when a model is evaluated."""
_FEMALE = {"female": 1.0, "male": 0.0}
_DESCRIBING = ("sex", "ethnicity", "practice_code")


@dataclass(frozen=True)
class Feature:
    """One column of the person table and what a model does with it.

    Parameters
    ----------
    column
        Its name.
    enters
        ``number`` (as it is), ``count`` (the logarithm of one more), ``flag``, ``sex`` (female or not),
        ``baseline`` (alone, in a baseline), ``not_used``.
    name
        What it is called.
    why
        Why it is used, or not.
    """

    column: str
    enters: str
    name: str
    why: str


def _declared() -> dict[str, Feature]:
    found: dict[str, Feature] = {}
    for row in codelists.rows("admission_features"):
        each = tables.CONDITION_NAMES if row["column"] == "has_*" else {}
        rows = [row | {"column": f"has_{slug}", "name": name} for slug, name in each.items()] or [row]
        found |= {one["column"]: Feature(**one) for one in rows}
    return found


FEATURES: dict[str, Feature] = _declared()
"""What is declared, by column."""
PREDICTORS = tuple(name for name, one in FEATURES.items() if one.enters not in ("baseline", "not_used"))
"""Columns that the models read, as far as they could be assessed."""


def people_at(population: Population, *, on: dt.date) -> pd.DataFrame:
    """Describe the adults of a population on a day by what was recorded before it.

    What a source says of people as at one date only (``attributes``) is not read: how they were on other days is not
    known.

    Parameters
    ----------
    population
        People with their records.
    on
        The day; nothing recorded on or after it is read.

    Returns
    -------
    DataFrame
        One row an adult, in order of person_id: person_id, what is declared and could be assessed, and practice_code,
        sex and ethnicity where they are told. A column that could not be assessed is not there; what is missing of a
        person is null.
    """
    dated = of_records(population)
    stored = on == population.index_date and dated is population
    table = table_of(population) if stored else person_table(dated, on=on)
    present = set(table.collect_schema().names())
    columns = dict.fromkeys(name for name in (*PREDICTORS, *_DESCRIBING) if name in present)
    people = table.filter(nw.col("age") >= ADULT).select("person_id", *columns)
    if "conditions" in dated.tables:
        score = charlson(dated.tables["conditions"], people.select("person_id"), on=on)
        if CHARLSON in score.collect_schema().names():
            people = people.join(score, on="person_id", how="left")
    return engine.to_pandas(people).sort_values("person_id", ignore_index=True)


def of_records(population: Population) -> Population:
    """The population without what its source says as at one date; itself where it says nothing so."""
    held = population.tables
    if "attributes" not in held:
        return population
    said = {name.removeprefix("has_") for name in said_columns(held["attributes"])}
    recorded = recorded_outside_hospital(held["conditions"]) if "conditions" in held else frozenset()
    kept = {name: table for name, table in held.items() if name not in ("attributes", "person_table")}
    return replace(population, tables=kept, covered=population.covered - (said - recorded))


def matrix(people: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Columns as a model reads them: numbers, missing as NaN.

    Parameters
    ----------
    people
        As :func:`people_at` gives them.
    columns
        Declared columns; all are there.

    Examples
    --------
    >>> people = pd.DataFrame({"sex": ["female", "male", "unknown"], "ae_12m": pd.array([0, 1, None], dtype="Int64")})
    >>> matrix(people, ["sex", "ae_12m"]).round(2).to_numpy().tolist()
    [[1.0, 0.0], [0.0, 0.69], [nan, nan]]
    """
    made = {}
    for name in columns:
        if FEATURES[name].enters == "sex":
            made[name] = people[name].map(_FEMALE).astype(float)
            continue
        values = people[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        made[name] = np.log1p(values) if FEATURES[name].enters == "count" else values
    return pd.DataFrame(made, index=people.index)


def groups(population: Population, people: pd.DataFrame) -> pd.DataFrame:
    """What people are told apart by in an evaluation, in words.

    Returns
    -------
    DataFrame
        Columns of ``GROUPS`` in order of the rows; a value that is not known is null or said to be so. Ethnicity is
        null throughout where it is told of nobody.
    """
    nothing = pd.Series(pd.NA, index=people.index)
    known = people["sex"].isin(list(_FEMALE))
    return pd.DataFrame(
        {
            "sex": people["sex"].where(known, "indeterminate or not known"),
            "age_group": age_group(people["age"]).replace("0-19", "18-19"),
            "deprivation_fifth": deprivation_fifth(people.get("imd_decile", nothing)),
            "ethnicity": people.get("ethnicity", nothing).astype("str"),
            "practice_name": population.practice_names(people.get("practice_code", nothing)),
        }
    )
