"""The score of each person, or the reasons why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis.engine import on_frames
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.scores.qrisk3.equations import EQUATIONS
from pcn_analysis.scores.qrisk3.inputs import cleaned, fits, missing

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy

VARIANTS = ("2017",)
"""Versions of the equations that are implemented."""


@on_frames
def qrisk3(inputs: Lazy, *, variant: str = "2017") -> Lazy:
    """Score each person by QRISK3.

    Show :data:`pcn_analysis.scores.qrisk3.DISCLAIMER` wherever a score is shown.

    Parameters
    ----------
    inputs
        One row a person: person_id and the columns of ``INPUTS``, as docs/scores.md describes them;
        :func:`qrisk3_inputs` makes it from records. Nothing is assumed here: whatever is missing leaves a person
        without a score. ``erectile_dysfunction`` is asked of men only.
    variant
        ``2017``, the only one.

    Returns
    -------
    LazyFrame
        One row a row of ``inputs``: person_id; qrisk3, the chance of a heart attack or stroke within ten years, from
        0 to 1 (ClinRisk shows it in per cent); qrisk3_missing, null for a person with a score, else every reason why
        there is none, never a value; and qrisk3_assumed, if ``inputs`` has it. People with cardiovascular disease or
        on a statin have no score, nor have those with a value out of bounds: it is never moved to the bound.

    Raises
    ------
    PcnAnalysisError
        If there is no such variant, or columns are missing or of another kind.

    Examples
    --------
    >>> import pandas as pd
    >>> from pcn_analysis.scores.qrisk3.inputs import INPUTS
    >>> no = {column: False for column, one in INPUTS.items() if one.kind in ("flag", "exclusion")}
    >>> man = no | {"age": 64, "sex": "male", "ethnicity_group": "Indian", "smoking": "non-smoker", "townsend": 0.0,
    ...     "bmi": 80 / 1.78**2, "systolic": 180.0, "systolic_sd": 20.0, "cholesterol_ratio": 4.0}
    >>> rows = pd.DataFrame([man | {"person_id": "p1"}, man | {"person_id": "p2", "age": 24, "cholesterol_ratio": 0.5}])
    >>> scored = qrisk3(rows).sort_values("person_id")
    >>> scored["qrisk3"].round(3).to_list()
    [0.271, <NA>]
    >>> scored["qrisk3_missing"].to_list()[1]
    'age out of range (25–84); cholesterol ratio out of range (1–11)'
    """
    if variant not in VARIANTS:
        raise problem("QRISK3", f"there is no variant called {variant}", nearest(variant, VARIANTS))
    known = cleaned(inputs)
    others = [name for name in ("qrisk3_assumed",) if name in known.collect_schema()]
    columns = {name: value for one in EQUATIONS.values() for name, value in one.columns().items()}
    judged = known.with_columns(_fits=fits(), **columns)
    female, male = (EQUATIONS[sex].probability() for sex in ("female", "male"))
    chance: Any = nw.when(nw.col("sex") == "female").then(female).otherwise(male)
    fit = nw.col("_fits")
    return judged.select(
        "person_id",
        nw.when(fit).then(chance).otherwise(None).cast(nw.Float64).alias("qrisk3"),
        nw.when(fit).then(None).otherwise(missing()).cast(nw.String).alias("qrisk3_missing"),
        *others,
    )
