"""People as QRISK3 sees them: someone unremarkable, and what matters to a test."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pcn_analysis.scores.qrisk3 import INPUTS, qrisk3
from tests.unit.vignettes import by_person

NO = {column: False for column, one in INPUTS.items() if one.kind in ("flag", "exclusion")}
WOMAN = NO | {
    "age": 64,
    "sex": "female",
    "ethnicity_group": "White or not stated",
    "smoking": "non-smoker",
    "townsend": 0.0,
    "bmi": 25.0,
    "systolic": 130.0,
    "systolic_sd": 8.0,
    "cholesterol_ratio": 4.0,
}
"""A woman of 64 who can be scored."""
DTYPES = {"number": "Float64", "word": "str", "flag": "boolean", "exclusion": "boolean"}


def inputs(*people: dict[str, Any]) -> pd.DataFrame:
    """A table of inputs: each person is ``WOMAN`` but for what is given; ``p0`` is the first."""
    rows = [{"person_id": f"p{number}"} | WOMAN | one for number, one in enumerate(people)]
    return pd.DataFrame(rows).astype({column: DTYPES[one.kind] for column, one in INPUTS.items()})


def chance(**given: Any) -> float:
    """The score of one person."""
    return by_person(qrisk3(inputs(given)), "qrisk3")["p0"]


def reasons(**given: Any) -> str | None:
    """Why one person has no score."""
    return by_person(qrisk3(inputs(given)), "qrisk3_missing")["p0"]
