"""Models of the chance of an admission: two that read everything declared, and baselines that read one column each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import logit
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import SplineTransformer
from threadpoolctl import threadpool_limits

from pcn_analysis.anticipatory.admission.features import CHARLSON, FEATURES
from pcn_analysis.exceptions import problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

LOGISTIC, BOOSTING = "Logistic regression with splines", "Gradient boosting, calibrated"
FULL = (LOGISTIC, BOOSTING)
"""Models that read every declared column that could be assessed."""
BASELINES = {
    "Age alone": "age",
    "Earlier emergency admissions alone": "nel_12m",
    "Frailty index alone": "efi_deficits",
    "Charlson index alone": CHARLSON,
}
"""Models that are always shown beside, and the one column of each."""
KNOTS, DEGREE = 4, 3
"""Knots of a spline, evenly from the least to the greatest value; beyond these it stays level."""
FOLDS = 5
"""Parts that practices are shared over for calibration."""
SEED = 20260701
NEAREST = 1e-6
"""Risks are held this far from 0 and 1, where a logit has no value."""
_TREES = {
    "max_iter": 100,
    "learning_rate": 0.08,
    "max_leaf_nodes": 15,
    "min_samples_leaf": 60,
    "l2_regularization": 1.0,
}


@dataclass(frozen=True)
class RiskModel:
    """A fitted model of the chance of an admission.

    Parameters
    ----------
    name
        What it is called.
    columns
        What it reads, in order.
    estimator
        A pipeline of scikit-learn.
    calibration
        A logistic regression on the logit of its risks; None where these stand as they are.
    """

    name: str
    columns: tuple[str, ...]
    estimator: Any
    calibration: Any = None

    def risk(self, values: pd.DataFrame) -> npt.NDArray[np.float64]:
        """The chance of each row of :func:`pcn_analysis.anticipatory.admission.features.matrix`."""
        with threadpool_limits(1):
            raw = self.estimator.predict_proba(values[list(self.columns)])[:, 1]
            if self.calibration is None:
                return raw
            return self.calibration.predict_proba(_logit(raw))[:, 1]


def fit_model(
    name: str, values: pd.DataFrame, admitted: pd.Series, weight: pd.Series, practices: pd.Series, *, seed: int = SEED
) -> RiskModel:
    """Fit a model, in one thread and the same each time.

    Parameters
    ----------
    name
        One of ``FULL`` or ``BASELINES``.
    values
        Columns as numbers (:func:`pcn_analysis.anticipatory.admission.features.matrix`); a baseline takes its own.
    admitted
        Whether each person was admitted.
    weight
        Of each person; those of weight 0 are not read.
    practices
        Practice of each person: calibration is learnt from risks of people whose practice took no part in them.
    seed
        For what is drawn.

    Raises
    ------
    PcnAnalysisError
        If all who count were admitted, or none.
    """
    counted = (weight > 0).to_numpy()
    columns = [BASELINES[name]] if name in BASELINES else list(values)
    x, y, w = values.loc[counted, columns], admitted[counted].to_numpy(dtype=int), weight[counted].to_numpy(dtype=float)
    if len(np.unique(y)) < 2:  # noqa: PLR2004 - both kinds of outcome
        found = f"{int(y.sum()):,} of {len(y):,} people with a known outcome were admitted"
        raise problem(name, f"it cannot be fitted: {found}", "Take people of whom some were admitted and some not.")
    with threadpool_limits(1):
        if name != BOOSTING:
            return RiskModel(name, tuple(columns), logistic(x).fit(x, y, model__sample_weight=w))
        trees = HistGradientBoostingClassifier(random_state=seed, early_stopping=False, **_TREES)
        folds = _folds(x, y, practices[counted].fillna("").to_numpy(dtype=str), seed)
        unseen = cross_val_predict(trees, x, y, cv=folds, params={"sample_weight": w}, method="predict_proba")[:, 1]
        calibration = LogisticRegression(C=np.inf).fit(_logit(unseen), y, sample_weight=w)
        return RiskModel(name, tuple(columns), trees.fit(x, y, sample_weight=w), calibration)


def logistic(values: pd.DataFrame) -> Pipeline:
    """A ridge logistic regression: splines of numbers and counts, flags, and whether a value is missing.

    A number of few different values enters as it is. A column without two different values does not enter. What is
    missing takes the median (of a flag: no), beside a column that says so.
    """
    different = values.nunique()
    wide = [name for name in values if FEATURES[name].enters in ("number", "count", "baseline")]
    curved = [name for name in wide if different[name] > KNOTS]
    straight = [name for name in wide if 1 < different[name] <= KNOTS]
    flags = [name for name in values if name not in wide and different[name] > 1]
    missing = [name for name in values if values[name].isna().any() and different[name] > 0]
    curves = SplineTransformer(n_knots=KNOTS, degree=DEGREE, knots="uniform", include_bias=False)
    parts = [
        ("curved", make_pipeline(SimpleImputer(strategy="median"), curves), curved),
        ("straight", SimpleImputer(strategy="median"), straight),
        ("flags", SimpleImputer(strategy="constant", fill_value=0.0), flags),
        ("missing", MissingIndicator(features="all"), missing),
    ]
    columns = ColumnTransformer([part for part in parts if part[2]])
    model = LogisticRegression(C=1.0, solver="newton-cholesky", max_iter=100)
    return Pipeline([("columns", columns), ("model", model)])


def _folds(x: pd.DataFrame, y: npt.NDArray, practices: npt.NDArray, seed: int) -> list[tuple]:
    """Parts of practices, or of people where there is one practice or a part would lack one kind of outcome."""
    parts = min(FOLDS, len(np.unique(practices)))
    if parts > 1:
        folds = list(GroupKFold(parts).split(x, y, practices))
        if all(0 < y[learnt].sum() < len(learnt) for learnt, _ in folds):
            return folds
    parts = max(2, min(FOLDS, np.bincount(y).min()))
    return list(StratifiedKFold(parts, shuffle=True, random_state=seed).split(x, y))


def _logit(risk: npt.NDArray) -> npt.NDArray:
    return logit(np.clip(risk, NEAREST, 1 - NEAREST)).reshape(-1, 1)


def present(names: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The models that can be fitted on some columns: those of everything, and the baselines whose column is there."""
    return [name for name in names if name not in BASELINES or BASELINES[name] in columns]
