"""Models tested on another year, and on practices that they have not seen."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.anticipatory.admission.features import CHARLSON
from pcn_analysis.anticipatory.admission.models import BASELINES, FULL, LOGISTIC, SEED, RiskModel, fit_model, present
from pcn_analysis.anticipatory.admission.samples import read
from pcn_analysis.exceptions import PcnAnalysisError, problem
from pcn_analysis.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.anticipatory.admission.samples import Sample
    from pcn_analysis.population import Population

PROGRESS = logging.getLogger(__name__)
"""Says what is being done while it is."""
CEILING = "The true risk (ceiling)"
"""What synthetic people were drawn with, as if it were a model: none can tell them apart better, but for chance."""
MOST_PRACTICES = 20
"""With more practices than this, only the quick model is fitted without each in turn."""
DAYS_A_YEAR = 365.25


def fit_all(learnt: Sample, columns: Sequence[str], *, seed: int = SEED) -> dict[str, RiskModel]:
    """Fit every model that can be, on all people of a sample.

    Parameters
    ----------
    learnt
        Whom they learn from.
    columns
        What may be read; the column of a baseline alone is read by it alone.
    seed
        For what is drawn.
    """
    made = {}
    for name in present([*FULL, *BASELINES], columns):
        PROGRESS.info("Fitting %s to %s people …", name, f"{len(learnt.people):,}")
        made[name] = _fitted(name, learnt, learnt.people.index, columns, seed)
    return made


def temporal(models: dict[str, RiskModel], tested: Sample, populations: Sequence[Population]) -> pd.DataFrame:
    """Predictions of models for people of a later origin, with the ceiling where it can be known.

    Returns
    -------
    DataFrame
        As :func:`pcn_analysis.anticipatory.evaluation.evaluate` takes it.
    """
    risks = {name: risk_of(model, tested) for name, model in models.items()}
    true = true_risks(populations, tested)
    return tested.predicted(risks | ({} if true is None else {CEILING: true}))


def left_out(one: Sample, columns: Sequence[str], *, seed: int = SEED) -> pd.DataFrame:
    """Predictions for the people of each practice, of models that learnt from all other practices.

    The models of ``FULL``; with more than ``MOST_PRACTICES`` practices only the quick one, as each is fitted as often
    as there are practices. People of no known practice are taken as one.

    Raises
    ------
    PcnAnalysisError
        If there are fewer than two practices, or the others of one have one kind of outcome only.
    """
    practices = one.people["practice_code"].fillna("")
    codes = sorted(practices.unique())
    if len(codes) < 2:  # noqa: PLR2004 - one is left out, one stays
        remedy = "Take the people of more practices."
        raise problem("practices", "there are fewer than two, so that none can be left out", remedy)
    names = FULL if len(codes) <= MOST_PRACTICES else (LOGISTIC,)
    risks = {name: pd.Series(float("nan"), index=one.people.index) for name in names}
    for number, code in enumerate(codes, start=1):
        PROGRESS.info("Leaving out practice %d of %d …", number, len(codes))
        others, own = practices.index[practices != code], practices.index[practices == code]
        for name in names:
            model = _fitted(name, one, others, columns, seed)
            risks[name].loc[own] = model.risk(read(one, model.columns).loc[own])
    return one.predicted(risks)


def true_risks(populations: Sequence[Population], tested: Sample) -> pd.Series | None:
    """The true risk of each synthetic person of a sample; None of others, or where it cannot be drawn again."""
    from pcn_analysis.synthetic.people import up_to_date
    from pcn_analysis.synthetic.truth import true_chance, true_rates

    try:
        processed = load_settings().processed
        if not all(one.people == "synthetic" and up_to_date(one.place, one.pcn_code, processed) for one in populations):
            return None
        rates = pd.concat([true_rates(one.place, one.pcn_code) for one in populations])
    except PcnAnalysisError:
        return None
    found = tested.people["person_id"].map(rates.set_index("person_id")["rate"]).astype(float)
    if found.isna().any():
        return None
    return pd.Series(true_chance(found, float(tested.people["days"].max()) / DAYS_A_YEAR), index=found.index)


def risk_of(model: RiskModel, one: Sample) -> pd.Series:
    """The risk of everyone in a sample."""
    return pd.Series(model.risk(read(one, model.columns)), index=one.people.index)


def _fitted(name: str, one: Sample, rows: pd.Index, columns: Sequence[str], seed: int) -> RiskModel:
    columns = [BASELINES[name]] if name in BASELINES else [column for column in columns if column != CHARLSON]
    people = one.people.loc[rows]
    values = read(one, columns).loc[rows]
    return fit_model(name, values, people["admitted"], people["weight"], people["practice_code"], seed=seed)
